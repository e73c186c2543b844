/* conf_sample.h - for the tests and the fuzz target of the configuration language: a schema that uses all of
 * it, and a world of files and variables for its loader. */
#ifndef INOX_BASE_TESTS_CONF_SAMPLE_H
#define INOX_BASE_TESTS_CONF_SAMPLE_H

#include <inox/conf.h>

/* ---- the world ---- */

typedef struct sample_file {
	const char *path, *text;
} sample_file;

static const sample_file *sample_files; /* ends with a NULL path */

static int sample_read(void *context, ix_str path, ix_arena *arena, ix_str *ret_text, ix_error *err) {
	(void)context, (void)arena;
	for (const sample_file *f = sample_files; f && f->path; f++) {
		if (!ix_str_equal(path, ix_str_from(f->path))) continue;
		*ret_text = ix_str_from(f->text);
		return 0;
	}
	return ix_fail(err, IX_ERR_NOT_FOUND, "there is no such file");
}

/* Knows one pattern: all that ends in .conf, in the order of the world. */
static int sample_list(void *context, ix_str pattern, ix_arena *arena, ix_str **ret_paths, size_t *ret_count,
	ix_error *err) {
	(void)context;
	size_t count = 0;
	if (!ix_str_ends_with(pattern, IX_STR("/*.conf")))
		return ix_fail(err, IX_ERR_UNSUPPORTED, "no such pattern");
	ix_str *paths = ix_arena_array(arena, ix_str, 16);
	if (!paths) return ix_fail(err, IX_ERR_MEMORY, "out of memory");
	ix_str folder = ix_str_slice(pattern, 0, pattern.size - 6);
	for (const sample_file *f = sample_files; f && f->path; f++) {
		ix_str path = ix_str_from(f->path);
		if (ix_str_starts_with(path, folder) && ix_str_ends_with(path, IX_STR(".conf")))
			paths[count++] = path;
	}
	*ret_paths = paths;
	*ret_count = count;
	return 0;
}

static bool sample_variable(void *context, ix_str name, ix_str *ret_value) {
	static const char *const variables[][2] = {{"PORT", "8080"}, {"NAME", "shop"}, {"EMPTY", ""},
		{"EVIL", "a; b { weight=9"}, {"NAMED", "weight=9"}, {"LATIN", "caf\xe9"},
		{"BELL", "ding\adong"}, {"HOME", "/home/x"}};
	(void)context;
	for (size_t i = 0; i < IX_COUNT(variables); i++) {
		if (!ix_str_equal(name, ix_str_from(variables[i][0]))) continue;
		*ret_value = ix_str_from(variables[i][1]);
		return true;
	}
	return false;
}

static const ix_conf_loader sample_loader = {sample_read, sample_list, sample_variable, NULL};

/* ---- the schema ---- */

typedef struct sample_endpoint {
	ix_conf_address address;
	int32_t weight;
	bool backup;
} sample_endpoint;

typedef struct sample_upstream {
	ix_str name;
	ix_conf_list endpoints; /* of sample_endpoint */
	int64_t idle_ns;
} sample_upstream;

typedef struct sample_server {
	ix_conf_list names;  /* of ix_str */
	ix_conf_list listen; /* of ix_conf_address */
	uint16_t workers;
	bool gzip;
	enum { SAMPLE_JSON, SAMPLE_TEXT, SAMPLE_NONE } log;
	ix_conf_rate limit;
	ix_str root;
	bool has_root;
} sample_server;

typedef struct sample_timeouts {
	int64_t total_ns, connect_ns;
} sample_timeouts;

typedef struct sample_limits {
	ix_str name;
	int64_t notional_e4;
	ix_conf_list groups; /* of sample_limits: a hierarchy */
} sample_limits;

typedef struct sample_header {
	ix_str name, value;
} sample_header;

typedef struct sample {
	ix_conf_list upstreams, servers, groups, headers;
	sample_timeouts timeouts;
	uint64_t memory;
	int32_t sample_millionths;
	bool daemon;
	ix_conf_list compress; /* of int64_t: index of the choice */
	ix_conf_list balance;  /* of ix_conf_value */
	uint32_t colour;
	int8_t nice;
	ix_str title;
	bool exact;
	ix_str route;
} sample;

static const ix_conf_entry sample_endpoint_arguments[] = {
	{"ADDRESS", IX_CONF_ADDRESS, IX_CONF_FIELD(sample_endpoint, address), .help = "where it listens"},
	{"weight", IX_CONF_INTEGER, IX_CONF_FIELD(sample_endpoint, weight), .named = true, .fallback = "1",
		.minimum = 1, .maximum = 1000, .help = "its share"},
	{"backup", IX_CONF_BOOLEAN, IX_CONF_FIELD(sample_endpoint, backup), .named = true, .fallback = "off"},
	{0},
};

static const ix_conf_entry sample_upstream_block[] = {
	{"endpoint", IX_CONF_ITEMS(sample_upstream, endpoints, sample_endpoint),
		.arguments = sample_endpoint_arguments, .required = true, .count_max = 3,
		.help = "a server behind"},
	{"idle", IX_CONF_DURATION, IX_CONF_FIELD(sample_upstream, idle_ns), .fallback = "90s",
		.help = "how long an unused connection is kept"},
	{0},
};

static const ix_conf_entry sample_upstream_arguments[] = {
	{"NAME", IX_CONF_NAME, IX_CONF_FIELD(sample_upstream, name)},
	{0},
};

static const ix_conf_entry sample_server_arguments[] = {
	{"HOST", IX_CONF_TEXT, IX_CONF_FIELD(sample_server, names), .many = true, .minimum = 1, .maximum = 30,
		.count_max = 4},
	{0},
};

static const ix_conf_entry sample_server_block[] = {
	{"listen", IX_CONF_ADDRESS, IX_CONF_FIELD(sample_server, listen), .required = true,
		.repeatable = true, .help = "where it takes connections"},
	{"workers", IX_CONF_INTEGER, IX_CONF_FIELD(sample_server, workers), .fallback = "4", .minimum = 1,
		.maximum = 256},
	{"gzip", IX_CONF_BOOLEAN, IX_CONF_FIELD(sample_server, gzip), .fallback = "off"},
	{"log", IX_CONF_CHOICE, IX_CONF_FIELD(sample_server, log), .choices = "json|text|none",
		.fallback = "text"},
	{"limit", IX_CONF_RATE, IX_CONF_FIELD(sample_server, limit)},
	{"root", IX_CONF_PATH, IX_CONF_FIELD(sample_server, root), IX_CONF_GIVEN(sample_server, has_root)},
	{0},
};

static const ix_conf_entry sample_timeouts_block[] = {
	{"total", IX_CONF_DURATION, IX_CONF_FIELD(sample_timeouts, total_ns), .fallback = "30s",
		.minimum = 1000000, .maximum = 3600000000000},
	{"connect", IX_CONF_DURATION, IX_CONF_FIELD(sample_timeouts, connect_ns), .fallback = "2s"},
	{0},
};

static const ix_conf_entry sample_group_arguments[] = {
	{"NAME", IX_CONF_NAME, IX_CONF_FIELD(sample_limits, name)},
	{0},
};

/* A group may hold groups. */
static const ix_conf_entry sample_group_block[3] = {
	{"notional", IX_CONF_DECIMAL, IX_CONF_FIELD(sample_limits, notional_e4), .decimals = 4},
	{"group", IX_CONF_ITEMS(sample_limits, groups, sample_limits), .arguments = sample_group_arguments,
		.block = sample_group_block, .block_optional = true, .unique = true},
	{0},
};

static const ix_conf_entry sample_header_arguments[] = {
	{"VALUE", IX_CONF_TEXT, IX_CONF_FIELD(sample_header, value)},
	{0},
};

static const ix_conf_entry sample_headers_block[] = {
	{"*", IX_CONF_ITEMS(sample, headers, sample_header), .arguments = sample_header_arguments,
		IX_CONF_KEY(sample_header, name)},
	{0},
};

/* #rrggbb */
static int sample_colour(
	const ix_conf_entry *entry, ix_str text, void *field, ix_arena *arena, ix_error *err) {
	(void)entry, (void)arena;
	char number[16];
	int64_t value;
	size_t size =
		ix_format(number, sizeof number, "0x%.*s", IX_STR_ARG(ix_str_slice(text, 1, text.size)));
	if (text.size != 7 || text.data[0] != '#' ||
		ix_conf_read_integer((ix_str){number, size}, &value, NULL) != 0)
		return ix_fail(err, IX_ERR_INVALID, "is not a colour like #ff8800");
	memcpy(field, &(uint32_t){(uint32_t)value}, sizeof(uint32_t));
	return 0;
}

/* Two rules that no table can say. */
static void sample_judge_timeouts(ix_conf_check *check, const ix_conf_node *node, const void *item) {
	const sample_timeouts *t = item;
	const ix_conf_node *connect = ix_conf_find(node, IX_STR("connect"));
	if (t->connect_ns > t->total_ns)
		ix_conf_complain(check, connect ? connect : node, connect ? 0 : IX_CONF_AT_NAME,
			"connecting may not take longer than the whole");
}

static void sample_judge(ix_conf_check *check, const ix_conf_node *root, const void *item) {
	const sample *s = item;
	const ix_conf_node *daemon = ix_conf_find(root, IX_STR("daemon"));
	if (s->daemon && s->servers.count == 0)
		ix_conf_warn(check, daemon, IX_CONF_AT_NAME, "a daemon without a server");
}

static const ix_conf_entry sample_route_arguments[] = {
	{"MATCH", IX_CONF_CHOICE, IX_CONF_FIELD(sample, exact), .choices = "=", .optional = true},
	{"PATH", IX_CONF_TEXT, IX_CONF_FIELD(sample, route)},
	{0},
};

static const ix_conf_entry sample_directives[] = {
	{"upstream", IX_CONF_ITEMS(sample, upstreams, sample_upstream),
		.arguments = sample_upstream_arguments, .block = sample_upstream_block, .unique = true,
		.help = "servers that share the work"},
	{"server", IX_CONF_ITEMS(sample, servers, sample_server), .arguments = sample_server_arguments,
		.block = sample_server_block, .unique = true, .help = "a site"},
	{"group", IX_CONF_ITEMS(sample, groups, sample_limits), .arguments = sample_group_arguments,
		.block = sample_group_block, .block_optional = true, .unique = true,
		.help = "limits of a group"},
	{"headers", .block = sample_headers_block},
	{"timeout", IX_CONF_SECTION(sample, timeouts), .block = sample_timeouts_block,
		.judge = sample_judge_timeouts},
	{"memory", IX_CONF_SIZE, IX_CONF_FIELD(sample, memory), .fallback = "256m", .minimum = 1 << 20,
		.maximum = INT64_MAX},
	{"sample", IX_CONF_PERCENT, IX_CONF_FIELD(sample, sample_millionths), .fallback = "100%"},
	{"daemon", IX_CONF_NONE, IX_CONF_FIELD(sample, daemon)},
	{"compress", IX_CONF_CHOICE, IX_CONF_FIELD(sample, compress), .choices = "gzip|br|zstd", .many = true,
		.fallback = "gzip br"},
	{"balance", IX_CONF_VALUES, IX_CONF_FIELD(sample, balance)},
	{"colour", IX_CONF_CUSTOM, IX_CONF_FIELD(sample, colour), .convert = sample_colour,
		.fallback = "#000000"},
	{"nice", IX_CONF_INTEGER, IX_CONF_FIELD(sample, nice)},
	{"title", IX_CONF_TEXT, IX_CONF_FIELD(sample, title)},
	{"route", .arguments = sample_route_arguments},
	{0},
};

static const ix_conf_schema sample_schema = {
	.name = "sample",
	.summary = "sites and the servers behind them",
	.description = "Everything that the language can do.\n\nA second paragraph.",
	.example = "server shop.example {\n\tlisten :443;\n}\n",
	.directives = sample_directives,
	.size = sizeof(sample),
	.judge = sample_judge,
};

#endif
