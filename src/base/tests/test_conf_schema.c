/* A schema at work: what goes into the struct, and every sentence that is said of a file that follows the
 * grammar but not the table. */
#include "conf_expect.h"

static sample filled;
static const ix_conf_options options = {.schema = &sample_schema, .loader = &sample_loader, .into = &filled};

static const sample *fill(const char *text) {
	memset(&filled, 0xee, sizeof filled);
	sample_accepts(text, &options);
	return &filled;
}

static void refuses(const char *text, const char *expected) {
	memset(&filled, 0xee, sizeof filled);
	sample_refuses(text, &options, expected);
	for (size_t i = 0; i < sizeof filled; i++)
		assert_int_equal(((uint8_t *)&filled)[i], 0xee); /* untouched */
}

static void expect_text(ix_str text, const char *expected) {
	assert_true(ix_str_equal(text, ix_str_from(expected)));
}

/* ---- into the struct ---- */

static void defaults_are_filled_in_where_nothing_is_said(void **state) {
	(void)state;
	const sample *s = fill("");
	assert_int_equal(s->memory, 268435456);
	assert_int_equal(s->sample_millionths, 1000000);
	assert_int_equal(s->timeouts.total_ns, 30000000000);
	assert_int_equal(s->timeouts.connect_ns, 2000000000);
	assert_int_equal(s->compress.count, 2);
	assert_int_equal(((const int64_t *)s->compress.items)[1], 1);
	assert_false(s->daemon);
	assert_int_equal(s->servers.count, 0);
	assert_int_equal(s->nice, 0);
	assert_int_equal(s->title.size, 0);
}

static void values_go_into_fields_of_their_size(void **state) {
	(void)state;
	const sample *s = fill("memory 1.5g; sample 12.5%; daemon; nice -20; title \"a b\"; colour "
			       "'#ff8800'; server a { listen 1; }");
	assert_int_equal(s->memory, 1610612736);
	assert_int_equal(s->sample_millionths, 125000);
	assert_true(s->daemon);
	assert_int_equal(s->nice, -20);
	assert_int_equal(s->colour, 0xff8800);
	expect_text(s->title, "a b");
}

static void a_section_keeps_the_defaults_of_what_it_leaves_out(void **state) {
	(void)state;
	const sample *s = fill("timeout { total 5s; }");
	assert_int_equal(s->timeouts.total_ns, 5000000000);
	assert_int_equal(s->timeouts.connect_ns, 2000000000);
}

static void repeated_directives_become_items(void **state) {
	(void)state;
	const sample *s = fill("server a.example, b.example {\n"
			       "  listen 80; listen [::1]:443;\n"
			       "  workers 256; gzip; log json; limit 100/s; root www;\n"
			       "}\n"
			       "server c.example { listen unix:run/c.sock; gzip off; }\n");
	const sample_server *server = s->servers.items;
	assert_int_equal(s->servers.count, 2);
	assert_int_equal(server[0].names.count, 2);
	expect_text(((const ix_str *)server[0].names.items)[1], "b.example");
	assert_int_equal(server[0].listen.count, 2);
	const ix_conf_address *listen = server[0].listen.items;
	assert_int_equal(listen[0].port, 80);
	expect_text(listen[1].host, "::1");
	assert_int_equal(server[0].workers, 256);
	assert_true(server[0].gzip);
	assert_int_equal(server[0].log, SAMPLE_JSON);
	assert_int_equal(server[0].limit.count, 100);
	assert_true(server[0].has_root);
	assert_int_equal(server[1].workers, 4);
	assert_false(server[1].gzip);
	assert_int_equal(server[1].log, SAMPLE_TEXT);
	assert_false(server[1].has_root);
}

static void named_arguments_come_in_any_order_and_two_forms(void **state) {
	(void)state;
	const sample *s = fill("upstream api {\n"
			       "  endpoint 10.0.0.1:80;\n"
			       "  endpoint 10.0.0.2:80 weight=3 backup on;\n"
			       "  endpoint 10.0.0.3:80 backup=yes weight 5;\n"
			       "}");
	const sample_upstream *upstream = s->upstreams.items;
	const sample_endpoint *endpoint = upstream->endpoints.items;
	expect_text(upstream->name, "api");
	assert_int_equal(upstream->idle_ns, 90000000000);
	assert_int_equal(upstream->endpoints.count, 3);
	assert_int_equal(endpoint[0].weight, 1);
	assert_false(endpoint[0].backup);
	assert_int_equal(endpoint[1].weight, 3);
	assert_true(endpoint[1].backup);
	assert_int_equal(endpoint[2].weight, 5);
	assert_int_equal(endpoint[2].address.port, 80);
}

static void a_hierarchy_is_a_block_that_holds_itself(void **state) {
	(void)state;
	const sample *s = fill("group firm { notional 1000000.5; group desk { notional 0.0001; group trader; "
			       "} group other; }");
	const sample_limits *firm = s->groups.items, *desk = firm->groups.items, *trader = desk->groups.items;
	assert_int_equal(firm->notional_e4, 10000005000);
	assert_int_equal(firm->groups.count, 2);
	assert_int_equal(desk[0].notional_e4, 1);
	expect_text(desk[1].name, "other");
	expect_text(trader->name, "trader");
}

static void a_star_takes_any_name_and_keeps_it(void **state) {
	(void)state;
	const sample *s = fill("headers { X-Frame-Options DENY; server none; }");
	const sample_header *h = s->headers.items;
	assert_int_equal(s->headers.count, 2);
	expect_text(h[0].name, "X-Frame-Options");
	expect_text(h[0].value, "DENY");
	expect_text(h[1].name, "server");
}

static void a_little_language_gets_its_values_unread(void **state) {
	(void)state;
	const sample *s = fill("balance hash on header X-User, cookie 'c d';");
	const ix_conf_value *v = s->balance.items;
	assert_int_equal(s->balance.count, 6);
	expect_text(v[3].text, "X-User");
	assert_true(v[4].after_comma);
	assert_true(v[5].quoted);
	assert_int_equal(fill("balance;")->balance.count, 0);
}

static void an_optional_word_in_front_is_recognised(void **state) {
	(void)state;
	const sample *s = fill("route = /ws;");
	expect_text(s->route, "/ws");
	assert_true(s->exact);
	s = fill("route /ws;");
	assert_false(s->exact);
	expect_text(s->route, "/ws");
}

static void paths_start_at_the_folder_of_the_file_that_says_them(void **state) {
	(void)state;
	static const sample_file files[] = {
		{"/etc/inox/a.conf", "server a { listen unix:run/./x; root www//a; }\ninclude sub/b.conf;"},
		{"/etc/inox/sub/b.conf",
			"server b { listen 1; root ./www; }\nserver c { listen 1; root /srv/../c; }"},
		{0}};
	sample_files = files;
	const ix_conf *conf;
	assert_int_equal(ix_conf_load(&sample_arena, IX_STR("/etc/inox/a.conf"), &options, &conf, NULL), 0);
	const sample_server *server = filled.servers.items;
	expect_text(server[0].root, "/etc/inox/www/a");
	expect_text(((const ix_conf_address *)server[0].listen.items)->host, "/etc/inox/run/x");
	expect_text(server[1].root, "/etc/inox/sub/www");
	expect_text(server[2].root, "/srv/../c"); /* ".." means what the file system says */
}

static void without_a_struct_the_file_is_checked_all_the_same(void **state) {
	(void)state;
	ix_conf_options only = {.schema = &sample_schema};
	int code;
	sample_accepts("memory 1m;", &only);
	sample_says("memory 1;", &only, &code);
	assert_int_equal(code, IX_ERR_RANGE);
}

static void nodes_know_their_row(void **state) {
	(void)state;
	const ix_conf *conf = sample_accepts("memory 1m;", &options);
	assert_string_equal(ix_conf_root(conf)->child->entry->name, "memory");
}

/* ---- names ---- */

static void unknown_directives_get_a_hint(void **state) {
	(void)state;
	refuses("server a {\n\tlisten 80;\n        lisen 8080;\n}\n",
		"a.conf:3:9: unknown directive 'lisen' in 'server'; did you mean 'listen'?\n"
		"  3 |         lisen 8080;\n"
		"    |         ^~~~~\n");
	refuses("memroy 1m;\nworkers 5;\ntimeout { memory 1m; }\nincldue x;\nquux;\n",
		"a.conf:1:1: unknown directive 'memroy'; did you mean 'memory'?\n"
		"  1 | memroy 1m;\n"
		"    | ^~~~~~\n"
		"a.conf:2:1: unknown directive 'workers'; it belongs in 'server'\n"
		"  2 | workers 5;\n"
		"    | ^~~~~~~\n"
		"a.conf:3:11: unknown directive 'memory' in 'timeout'; it belongs outside of all blocks\n"
		"  3 | timeout { memory 1m; }\n"
		"    |           ^~~~~~\n"
		"a.conf:4:1: unknown directive 'incldue'; did you mean 'include'?\n"
		"  4 | incldue x;\n"
		"    | ^~~~~~~\n"
		"a.conf:5:1: unknown directive 'quux'\n"
		"  5 | quux;\n"
		"    | ^~~~\n");
}

static void a_directive_that_stands_once_is_refused_twice(void **state) {
	(void)state;
	static const sample_file files[] = {{"b.conf", "\n  memory 2m;\n"}, {0}};
	sample_files = files;
	refuses("memory 1m;\ninclude b.conf;\n", "b.conf:2:3: memory is given twice; first at a.conf:1:1\n"
						 "  2 |   memory 2m;\n"
						 "    |   ^~~~~~\n");
}

static void first_values_are_unique_where_the_table_says_so(void **state) {
	(void)state;
	refuses("server a, b { listen 1; }\nserver c, b { listen 1; }\ngroup x { group x; group y; group y; "
		"}\n",
		"a.conf:2:11: server 'b' is given twice; first at a.conf:1:1\n"
		"  2 | server c, b { listen 1; }\n"
		"    |           ^\n"
		"a.conf:3:35: group 'y' is given twice; first at a.conf:3:20\n"
		"  3 | group x { group x; group y; group y; }\n"
		"    |                                   ^\n");
}

static void required_directives_are_missed(void **state) {
	(void)state;
	refuses("server a { }\nupstream b { idle 1s; }\n",
		"a.conf:1:1: 'server' needs the directive 'listen'\n"
		"  1 | server a { }\n"
		"    | ^~~~~~\n"
		"a.conf:2:1: 'upstream' needs the directive 'endpoint'\n"
		"  2 | upstream b { idle 1s; }\n"
		"    | ^~~~~~~~\n");
	static const ix_conf_entry rows[] = {{"name", IX_CONF_NAME, .required = true}, {0}};
	static const ix_conf_schema strict = {.name = "strict", .summary = "strict", .directives = rows};
	sample_refuses(
		"", &(ix_conf_options){.schema = &strict}, "a.conf: the directive 'name' is missing\n");
}

static void what_may_be_lost_to_a_syntax_error_is_not_missed(void **state) {
	(void)state;
	refuses("server a { \"listen\" 80; }\n",
		"a.conf:1:12: a directive begins with a name, not with a quoted text\n"
		"  1 | server a { \"listen\" 80; }\n"
		"    |            ^~~~~~~~\n");
}

static void more_than_the_maximum_are_refused_once(void **state) {
	(void)state;
	refuses("upstream a {\n endpoint :1;\n endpoint :2;\n endpoint :3;\n endpoint :4;\n endpoint "
		":5;\n}\nserver a b c d e f { listen 1; }",
		"a.conf:5:2: there are more than 3 'endpoint'\n"
		"  5 |  endpoint :4;\n"
		"    |  ^~~~~~~~\n"
		"a.conf:8:16: server: there are more than 4 values\n"
		"  8 | server a b c d e f { listen 1; }\n"
		"    |                ^\n");
}

static void blocks_are_where_the_table_has_them(void **state) {
	(void)state;
	refuses("memory 1m { }\nserver a;\ntimeout;\n",
		"a.conf:1:1: memory has no block; it is written: memory SIZE;\n"
		"  1 | memory 1m { }\n"
		"    | ^~~~~~\n"
		"a.conf:2:1: server needs a block; it is written: server HOST... { ... }\n"
		"  2 | server a;\n"
		"    | ^~~~~~\n"
		"a.conf:3:1: timeout needs a block; it is written: timeout { ... }\n"
		"  3 | timeout;\n"
		"    | ^~~~~~~\n");
}

/* ---- values ---- */

static void values_of_the_wrong_kind_are_named(void **state) {
	(void)state;
	refuses("memory lots;\nsample 20;\nnice 128;\nnice2;\ncolour red;\ncompress zstd, lz, bro;\n"
		"server a { listen ::1; workers 0; gzip perhaps; log jsn; limit 1; }\ngroup 'a b' { notional "
		"1.00001; }\n"
		"timeout { total 1us; connect 5; }\n",
		"a.conf:1:8: memory: 'lots' is not a size like 512, 10k or 1.5g\n"
		"  1 | memory lots;\n"
		"    |        ^~~~\n"
		"a.conf:2:8: sample: '20' has no percent sign; did you mean '20%'?\n"
		"  2 | sample 20;\n"
		"    |        ^~\n"
		"a.conf:3:6: nice: '128' is over the maximum of 127\n"
		"  3 | nice 128;\n"
		"    |      ^~~\n"
		"a.conf:4:1: unknown directive 'nice2'; did you mean 'nice'?\n"
		"  4 | nice2;\n"
		"    | ^~~~~\n"
		"a.conf:5:8: colour: 'red' is not a colour like #ff8800\n"
		"  5 | colour red;\n"
		"    |        ^~~\n"
		"a.conf:6:16: compress: 'lz' is not one of gzip, br, zstd\n"
		"  6 | compress zstd, lz, bro;\n"
		"    |                ^~\n"
		"a.conf:6:20: compress: 'bro' is not one of gzip, br, zstd; did you mean 'br'?\n"
		"  6 | compress zstd, lz, bro;\n"
		"    |                    ^~~\n"
		"a.conf:7:19: listen: '::1': an IPv6 address stands in brackets, as in [::1]:8080\n"
		"  7 | server a { listen ::1; workers 0; gzip perhaps; log jsn; limit 1; }\n"
		"    |                   ^~~\n"
		"a.conf:7:32: workers: '0' is below the minimum of 1\n"
		"  7 | server a { listen ::1; workers 0; gzip perhaps; log jsn; limit 1; }\n"
		"    |                                ^\n"
		"a.conf:7:40: gzip: 'perhaps' is neither on nor off\n"
		"  7 | server a { listen ::1; workers 0; gzip perhaps; log jsn; limit 1; }\n"
		"    |                                        ^~~~~~~\n"
		"a.conf:7:53: log: 'jsn' is not one of json, text, none; did you mean 'json'?\n"
		"  7 | server a { listen ::1; workers 0; gzip perhaps; log jsn; limit 1; }\n"
		"    |                                                     ^~~\n"
		"a.conf:7:64: limit: '1' is not a rate like 100/s or 5/10m\n"
		"  7 | server a { listen ::1; workers 0; gzip perhaps; log jsn; limit 1; }\n"
		"    |                                                                ^\n"
		"a.conf:8:7: group NAME: 'a b' is not a name of letters, digits, '_', '-' and '.'\n"
		"  8 | group 'a b' { notional 1.00001; }\n"
		"    |       ^~~~~\n"
		"a.conf:8:24: notional: '1.00001' has more than 4 decimals\n"
		"  8 | group 'a b' { notional 1.00001; }\n"
		"    |                        ^~~~~~~\n"
		"a.conf:9:17: total: '1us' is below the minimum of 1ms\n"
		"  9 | timeout { total 1us; connect 5; }\n"
		"    |                 ^~~\n"
		"a.conf:9:30: connect: '5' has no unit; the units are ns, us, ms, s, m, h, d and w\n"
		"  9 | timeout { total 1us; connect 5; }\n"
		"    |                              ^\n");
}

static void bounds_are_inclusive_and_shown_in_the_kinds_own_units(void **state) {
	(void)state;
	assert_int_equal(fill("timeout { total 1h; }")->timeouts.total_ns, 3600000000000);
	assert_int_equal(fill("timeout { total 1ms; connect 0; }")->timeouts.total_ns, 1000000);
	assert_int_equal(fill("sample 100%;")->sample_millionths, 1000000);
	refuses("timeout { total 60m1ns; }\nmemory 1023k;\nsample 100.0001%;\n",
		"a.conf:1:17: total: '60m1ns' is over the maximum of 1h\n"
		"  1 | timeout { total 60m1ns; }\n"
		"    |                 ^~~~~~\n"
		"a.conf:2:8: memory: '1023k' is below the minimum of 1m\n"
		"  2 | memory 1023k;\n"
		"    |        ^~~~~\n"
		"a.conf:3:8: sample: '100.0001%' is over the maximum of 100%\n"
		"  3 | sample 100.0001%;\n"
		"    |        ^~~~~~~~~\n");
}

static void texts_have_bounds_in_bytes(void **state) {
	(void)state;
	assert_int_equal(fill("server 123456789012345678901234567890 { listen 1; }")->servers.count, 1);
	refuses("server 1234567890123456789012345678901 '' { listen 1; }\nserver b { listen 1; root ''; }\n",
		"a.conf:1:8: server HOST: '1234567890123456789012345678901' has 31 bytes; the maximum is 30\n"
		"  1 | server 1234567890123456789012345678901 '' { listen 1; }\n"
		"    |        ^~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~\n"
		"a.conf:1:40: server HOST: '' has 0 bytes; the minimum is 1\n"
		"  1 | server 1234567890123456789012345678901 '' { listen 1; }\n"
		"    |                                        ^~\n"
		"a.conf:2:27: root: a path cannot be empty\n"
		"  2 | server b { listen 1; root ''; }\n"
		"    |                           ^~\n");
}

static void values_are_shown_harmless_and_short(void **state) {
	(void)state;
	refuses("memory ${BELL};\nmemory "
		"9999999999999999999999999999999999999999999999999999999999999999x;\n",
		"a.conf:1:8: memory: 'ding?dong' is not a size like 512, 10k or 1.5g\n"
		"  1 | memory ${BELL};\n"
		"    |        ^~~~~~~\n"
		"a.conf:2:1: memory is given twice; first at a.conf:1:1\n"
		"  2 | memory 9999999999999999999999999999999999999999999999999999999999999999x;\n"
		"    | ^~~~~~\n");
	refuses("nice 9999999999999999999999999999999999999999999999999999999999999999x;\n",
		"a.conf:1:6: nice: '999999999999999999999999999999999999999999999999999999999999...' is not "
		"a whole number\n"
		"  1 | nice 9999999999999999999999999999999999999999999999999999999999999999x;\n"
		"    |      ^~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~\n");
}

static void too_many_or_too_few_values_get_the_usage(void **state) {
	(void)state;
	refuses("memory;\nnice 1 2;\ndaemon yes;\nserver { listen 1; }\nroute;\ntitle x, y;\n",
		"a.conf:1:1: memory: the value is missing; it is written: memory SIZE;\n"
		"  1 | memory;\n"
		"    | ^~~~~~\n"
		"a.conf:2:8: nice: unexpected '2'; it is written: nice NUMBER;\n"
		"  2 | nice 1 2;\n"
		"    |        ^\n"
		"a.conf:3:8: daemon takes no value; it is written: daemon;\n"
		"  3 | daemon yes;\n"
		"    |        ^~~\n"
		"a.conf:4:1: server: HOST is missing; it is written: server HOST... { ... }\n"
		"  4 | server { listen 1; }\n"
		"    | ^~~~~~\n"
		"a.conf:5:1: route: PATH is missing; it is written: route [=] PATH;\n"
		"  5 | route;\n"
		"    | ^~~~~\n"
		"a.conf:6:10: title: unexpected 'y'; it is written: title TEXT;\n"
		"  6 | title x, y;\n"
		"    |          ^\n");
}

static void named_arguments_are_checked(void **state) {
	(void)state;
	refuses("upstream a {\n"
		" endpoint;\n"
		" endpoint :1 wieght=2;\n"
		" endpoint :1 weight;\n"
		"}\n"
		"upstream b {\n"
		" endpoint :1 weight=0 backup;\n"
		" endpoint :1 weight 2 weight=3;\n"
		" endpoint weight=2 :1;\n"
		"}\n",
		"a.conf:2:2: endpoint: ADDRESS is missing; it is written: endpoint ADDRESS [weight NUMBER] "
		"[backup [on|off]];\n"
		"  2 |  endpoint;\n"
		"    |  ^~~~~~~~\n"
		"a.conf:3:14: endpoint: unexpected 'wieght'; did you mean 'weight'?\n"
		"  3 |  endpoint :1 wieght=2;\n"
		"    |              ^~~~~~~~\n"
		"a.conf:4:14: endpoint: the value of weight is missing; it is written: endpoint ADDRESS "
		"[weight NUMBER] [backup [on|off]];\n"
		"  4 |  endpoint :1 weight;\n"
		"    |              ^~~~~~\n"
		"a.conf:7:21: endpoint weight: '0' is below the minimum of 1\n"
		"  7 |  endpoint :1 weight=0 backup;\n"
		"    |                     ^\n"
		"a.conf:8:23: endpoint: weight is given twice\n"
		"  8 |  endpoint :1 weight 2 weight=3;\n"
		"    |                       ^~~~~~~~\n"
		"a.conf:9:2: endpoint: ADDRESS is missing; it is written: endpoint ADDRESS [weight NUMBER] "
		"[backup [on|off]];\n"
		"  9 |  endpoint weight=2 :1;\n"
		"    |  ^~~~~~~~\n");
}

static void a_variable_cannot_name_an_argument(void **state) {
	(void)state;
	refuses("upstream a { endpoint :1 ${NAMED}; }\n",
		"a.conf:1:26: endpoint: unexpected 'weight=9'; it is written: endpoint ADDRESS "
		"[weight NUMBER] [backup [on|off]];\n"
		"  1 | upstream a { endpoint :1 ${NAMED}; }\n"
		"    |                          ^~~~~~~~\n");
	assert_int_equal(((const sample_endpoint *)((const sample_upstream *)fill(
							    "upstream a { endpoint :1 weight=${MISSING:7}; }")
							    ->upstreams.items)
					 ->endpoints.items)
				 ->weight,
		7);
}

static void commas_stand_in_lists_only(void **state) {
	(void)state;
	refuses("upstream a { endpoint :1, weight, 3; }\nroute =, /x;\n",
		"a.conf:1:35: there is no list here that a ',' could part\n"
		"  1 | upstream a { endpoint :1, weight, 3; }\n"
		"    |                                   ^\n"
		"a.conf:2:10: there is no list here that a ',' could part\n"
		"  2 | route =, /x;\n"
		"    |          ^~\n");
}

static void a_semicolon_missing_at_a_lines_end_is_found(void **state) {
	(void)state;
	refuses("server a {\n\tlisten 80\n\tworkers 5;\n}\ndaemon\nmemory 1m;\ncompress gzip\ntitle "
		"x;\nnice\nsample 1%;",
		"a.conf:2:11: ';' is missing here (if not, put 'workers' in quotes)\n"
		"  2 | \tlisten 80\n"
		"    | \t         ^\n"
		"a.conf:5:7: ';' is missing here (if not, put 'memory' in quotes)\n"
		"  5 | daemon\n"
		"    |       ^\n"
		"a.conf:7:14: ';' is missing here (if not, put 'title' in quotes)\n"
		"  7 | compress gzip\n"
		"    |              ^\n"
		"a.conf:9:5: ';' is missing here (if not, put 'sample' in quotes)\n"
		"  9 | nice\n"
		"    |     ^\n");
	expect_text(fill("title\n\t'memory';")->title, "memory");
}

/* ---- what only the room can judge ---- */

static void a_judge_complains_at_the_place(void **state) {
	(void)state;
	refuses("timeout {\n  total 1s;\n  connect 2s;\n}\n",
		"a.conf:3:11: connecting may not take longer than the whole\n"
		"  3 |   connect 2s;\n"
		"    |           ^~\n");
	refuses("timeout { total 1s; }\n", "a.conf:1:1: connecting may not take longer than the whole\n"
					   "  1 | timeout { total 1s; }\n"
					   "    | ^~~~~~~\n");
}

static void warnings_do_not_refuse(void **state) {
	(void)state;
	int code;
	const char *printed = sample_says("daemon;\n", &options, &code);
	assert_int_equal(code, 0);
	assert_string_equal(printed, "a.conf:1:1: warning: a daemon without a server\n"
				     "  1 | daemon;\n"
				     "    | ^~~~~~\n");
}

static void warn_of_a(ix_conf_check *check, const ix_conf_node *node, const void *item) {
	(void)item;
	ix_conf_warn(check, node, IX_CONF_AT_NAME, "a again");
}

static void warnings_give_way_to_errors(void **state) {
	(void)state;
	static const ix_conf_entry rows[] = {{"a", .repeatable = true, .judge = warn_of_a}, {"b"}, {0}};
	static const ix_conf_schema schema = {.name = "s", .summary = "s", .directives = rows};
	ix_conf_problems problems = {0};
	ix_conf_options narrow = {.schema = &schema, .problems = &problems, .limits.problem_count_max = 2};
	assert_int_equal(
		ix_conf_parse(&sample_arena, IX_STR("a.conf"), IX_STR("a; a; a;"), &narrow, NULL, NULL), 0);
	assert_int_equal(problems.count, 2);
	assert_int_equal(problems.warning_count, 3);
	/* two warnings stand there when b is found wrong; the later one goes */
	assert_int_equal(
		ix_conf_parse(&sample_arena, IX_STR("a.conf"), IX_STR("b 1; a; a;"), &narrow, NULL, NULL),
		IX_ERR_INVALID);
	assert_int_equal(problems.count, 2);
	assert_int_equal(problems.items[0].code, IX_ERR_INVALID);
	assert_int_equal(problems.items[1].code, 0);
	assert_int_equal(problems.items[1].column, 6);
}

IX_TESTS(test_conf_schema, SAMPLE_TEST(defaults_are_filled_in_where_nothing_is_said),
	SAMPLE_TEST(values_go_into_fields_of_their_size),
	SAMPLE_TEST(a_section_keeps_the_defaults_of_what_it_leaves_out),
	SAMPLE_TEST(repeated_directives_become_items),
	SAMPLE_TEST(named_arguments_come_in_any_order_and_two_forms),
	SAMPLE_TEST(a_hierarchy_is_a_block_that_holds_itself),
	SAMPLE_TEST(a_star_takes_any_name_and_keeps_it),
	SAMPLE_TEST(a_little_language_gets_its_values_unread),
	SAMPLE_TEST(an_optional_word_in_front_is_recognised),
	SAMPLE_TEST(paths_start_at_the_folder_of_the_file_that_says_them),
	SAMPLE_TEST(without_a_struct_the_file_is_checked_all_the_same), SAMPLE_TEST(nodes_know_their_row),
	SAMPLE_TEST(unknown_directives_get_a_hint),
	SAMPLE_TEST(a_directive_that_stands_once_is_refused_twice),
	SAMPLE_TEST(first_values_are_unique_where_the_table_says_so),
	SAMPLE_TEST(required_directives_are_missed),
	SAMPLE_TEST(what_may_be_lost_to_a_syntax_error_is_not_missed),
	SAMPLE_TEST(more_than_the_maximum_are_refused_once), SAMPLE_TEST(blocks_are_where_the_table_has_them),
	SAMPLE_TEST(values_of_the_wrong_kind_are_named),
	SAMPLE_TEST(bounds_are_inclusive_and_shown_in_the_kinds_own_units),
	SAMPLE_TEST(texts_have_bounds_in_bytes), SAMPLE_TEST(values_are_shown_harmless_and_short),
	SAMPLE_TEST(too_many_or_too_few_values_get_the_usage), SAMPLE_TEST(named_arguments_are_checked),
	SAMPLE_TEST(a_variable_cannot_name_an_argument), SAMPLE_TEST(commas_stand_in_lists_only),
	SAMPLE_TEST(a_semicolon_missing_at_a_lines_end_is_found), SAMPLE_TEST(a_judge_complains_at_the_place),
	SAMPLE_TEST(warnings_do_not_refuse), SAMPLE_TEST(warnings_give_way_to_errors));
