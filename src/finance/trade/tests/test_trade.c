/* `inox trade` as a user calls it: what it prints, what it exits with, what it leaves behind. */
#include <inox/testing.h>

#include <string.h>

static ix_testing_run run;

/* Runs a line in a directory of its own, with $I for the command. */
static const char *in_directory(void) {
	static const char *directory;
	if (!directory) directory = ix_testing_directory();
	return directory;
}

static int sh(const char *line) {
	ix_testing_shell(&run, "cd '%s' && I='%s' && %s", in_directory(), ix_testing_inox(), line);
	return run.exit_code;
}

static void assert_sh(const char *line) {
	if (sh(line) != 0) fail_msg("%s\nexit %d\n%s\n%s", line, run.exit_code, run.out, run.err);
}

static void assert_says(const char *text) {
	if (!strstr(run.out, text)) fail_msg("output does not say '%s':\n%s", text, run.out);
}

/* One line on stderr, this one. */
static void assert_refused(const char *line, int code, const char *text) {
	sh(line);
	if (run.exit_code != code) fail_msg("%s\nexit %d, not %d: %s", line, run.exit_code, code, run.err);
	if (strcmp(run.err, text) != 0) fail_msg("%s\nsays '%s'\nand not '%s'", line, run.err, text);
	assert_string_equal(run.out, "");
}

static void the_same_seed_generates_the_same_file(void **state) {
	(void)state;
	assert_sh("$I trade gen --day --seed 5 --symbols 9 --messages 30000 -o a.itch && $I trade gen --seed "
		  "5 --symbols 9 --messages 30000 >b.itch && cmp a.itch b.itch");
	assert_sh("$I trade gen --seed 6 --symbols 9 --messages 30000 >c.itch && ! cmp -s a.itch c.itch");
}

static void stat_counts_what_gen_made(void **state) {
	(void)state;
	assert_sh("$I trade gen --seed 5 --symbols 9 --messages 30000 -o day.itch.zst && $I trade stat "
		  "day.itch.zst");
	assert_says("BinaryFILE, zstd");
	assert_says("30,000 messages of 9 stocks");
	assert_says("start of market hours");
	assert_says("the deepest books at the end");
	assert_string_equal(run.err, "");
}

static void stat_tells_programs_the_same(void **state) {
	(void)state;
	assert_sh("$I trade gen --seed 5 --symbols 9 --messages 30000 | $I trade stat - --json | python3 -c '"
		  "import json, sys; d = json.load(sys.stdin); "
		  "assert d[\"messages\"] == 30000 == sum(t[\"messages\"] for t in d[\"by_type\"]), d; "
		  "assert d[\"stocks\"] == 9 and len(d[\"deepest\"]) == 5 and len(d[\"events\"]) == 6, d; "
		  "assert d[\"unknown_messages\"] == 0 and \"faults\" not in d, d; "
		  "assert all(b[\"bid\"] < b[\"ask\"] for b in d[\"deepest\"] if b[\"bid\"] and b[\"ask\"]), "
		  "d'");
}

static void stat_says_that_a_day_has_no_end(void **state) {
	(void)state;
	static const char no_end[] = "\nthe day has no end-of-messages event\n";
	assert_sh(": >empty.itch && $I trade stat empty.itch");
	assert_says("0 messages");
	assert_says(no_end);
	assert_refused("$I trade bench book empty.itch", 3, "inox trade: empty.itch: no messages\n");
	assert_sh("$I trade gen --rate 1000 --symbols 2 --messages 100 | $I trade stat -");
	assert_says(no_end);
	assert_sh("$I trade gen --symbols 2 --messages 3000 -o day.itch && $I trade stat day.itch");
	assert_null(strstr(run.out, no_end));
	assert_sh("$I trade stat day.itch --json && $I trade stat empty.itch --json");
	assert_says("\"has_end_of_messages\": true");
	assert_says("\"has_end_of_messages\": false");
}

static void stdin_may_be_a_file_and_stand_anywhere_in_it(void **state) {
	(void)state;
	assert_sh("$I trade gen --seed 5 --symbols 9 --messages 30000 -o day.itch && $I trade stat - "
		  "<day.itch");
	assert_says("30,000 messages of 9 stocks");
	/* The reader before us took a line; what follows it is the day. */
	assert_sh(
		"{ echo not ours; cat day.itch; } >behind && { head -c 9 >/dev/null; $I trade stat - --json; "
		"} "
		"<behind | python3 -c 'import json, os, sys; d = json.load(sys.stdin); "
		"assert d[\"messages\"] == 30000 and d[\"file_bytes\"] == os.path.getsize(\"day.itch\"), d'");
	assert_sh("$I trade convert day.itch --to pcap --mold -o day.pcap && $I trade stat - <day.pcap");
	assert_says("30,000 messages of 9 stocks");
	assert_sh("$I trade gen --seed 5 --symbols 2 --messages 300 -o small.itch && $I trade stat - "
		  "<small.itch");
	assert_says("300 messages of 2 stocks");
	assert_sh("$I trade bench parse - --runs 1 <day.itch");
	assert_says("30,000");
	assert_refused(
		"$I trade stat - - <day.pcap", 2, "inox trade: stdin can be one of the files, not two\n");
}

static void book_shows_a_ladder_and_all_its_shapes(void **state) {
	(void)state;
	assert_sh("$I trade gen --seed 5 --symbols 3 --messages 9000 -o day.itch && $I trade book day.itch "
		  "--after 5000 --csv >books.csv && "
		  "$I trade book day.itch --after 5000 --json >books.json && python3 -c '"
		  "import csv, json; rows = list(csv.DictReader(open(\"books.csv\", newline=\"\"))); books = "
		  "json.load(open(\"books.json\")); "
		  "assert len(books) == 3 and all(b[\"messages\"] == 5000 for b in books), books; "
		  "flat = [(b[\"symbol\"], s, i, l[\"price\"], l[\"shares\"], l[\"orders\"]) for b in books "
		  "for s, k in ((\"B\", \"bids\"), (\"S\", \"asks\")) for i, l in enumerate(b[k])]; "
		  "assert flat == [(r[\"symbol\"], r[\"side\"], int(r[\"level\"]), float(r[\"price\"]), "
		  "int(r[\"shares\"]), int(r[\"orders\"])) for r in rows], flat; "
		  "assert len(flat) > 20'");
	assert_sh("s=$($I trade book day.itch --csv --depth 1 | sed -n '2s/,.*//p') && $I trade book "
		  "day.itch -s \"$s\" --at 10:00 -d 3 && echo \"$s\"");
	assert_says(" at 09:59:"); /* the last message before the moment */
	assert_says("bid");
	assert_sh("test \"$($I trade book day.itch --at 00:00 --json)\" = '[]'");
}

static void convert_goes_round_in_circles(void **state) {
	(void)state;
	assert_sh("$I trade gen --seed 8 --symbols 4 --messages 9000 -o day.itch && "
		  "$I trade convert day.itch --to pcap --mold -o day.pcap && $I trade convert day.pcap --to "
		  "itch -o again.itch && cmp day.itch again.itch && "
		  "$I trade convert day.itch --to pcap >bare.pcap && $I trade convert bare.pcap --to itch | "
		  "cmp day.itch - && "
		  "$I trade convert day.itch --to itch -o day.itch.xz && xz -dc day.itch.xz | cmp day.itch - "
		  "&& "
		  "$I trade convert day.itch.xz --to itch -o day.itch.gz && gzip -dc day.itch.gz | cmp "
		  "day.itch -");
}

static void convert_writes_csv_that_others_read(void **state) {
	(void)state;
	assert_sh("$I trade gen --seed 8 --symbols 4 --messages 9000 -o day.itch && $I trade convert "
		  "day.itch --to csv -o day.csv && "
		  "$I trade stat day.itch --json >stat.json && python3 -c '"
		  "import csv, json, collections; rows = list(csv.DictReader(open(\"day.csv\", "
		  "newline=\"\"))); "
		  "counts = collections.Counter(r[\"type\"] for r in rows); "
		  "assert counts == {t[\"type\"]: t[\"messages\"] for t in "
		  "json.load(open(\"stat.json\"))[\"by_type\"]}, counts; "
		  "assert [int(r[\"sequence\"]) for r in rows] == list(range(1, 9001))'");
}

static void convert_compresses_whatever_it_writes(void **state) {
	(void)state;
	assert_sh("$I trade gen --seed 8 --symbols 4 --messages 9000 -o day.itch && "
		  "$I trade convert day.itch --to csv -o day.csv && $I trade convert day.itch --to csv -o "
		  "day.csv.gz && "
		  "gzip -dc day.csv.gz | cmp day.csv - && "
		  "$I trade convert day.itch --to pcap --mold -o day.pcap && "
		  "$I trade convert day.itch --to pcap --mold -o day.pcap.xz && xz -dc day.pcap.xz | cmp "
		  "day.pcap - && "
		  "$I trade convert day.itch --to pcap -o day.pcap.zst && $I trade convert day.pcap.zst --to "
		  "itch | cmp "
		  "day.itch -");
}

static void an_order_stream_is_soup_and_ouch(void **state) {
	(void)state;
	/* Independent of our decoders: walk the packets by their lengths and count enter orders, 47 bytes
	 * with the empty appendage. */
	assert_sh("$I trade gen --rate 100000 --protocol ouch --symbols 4 --messages 5000 -o orders.soup && "
		  "python3 -c '"
		  "import struct; b = open(\"orders.soup\", \"rb\").read(); at = 0; kinds = []\n"
		  "while at < len(b):\n"
		  "    n, = struct.unpack_from(\">H\", b, at); kinds.append(b[at + 2:at + 4] if b[at + 2:at "
		  "+ 3] == b\"U\" else b[at + 2:at + 3]); "
		  "assert kinds[-1] != b\"UO\" or n == 48, n; at += 2 + n\n"
		  "assert at == len(b) and kinds[0] == b\"L\" and kinds[-1] == b\"O\" and "
		  "kinds.count(b\"UO\") > 1000, kinds[:9]'");
	assert_refused("$I trade stat orders.soup", 3,
		"inox trade: orders.soup: offset 0: this looks like the bytes of a SoupBinTCP connection; "
		"they are read from "
		"captures (pcap, pcapng) only\n");
	assert_sh("$I trade gen --rate 100000 --protocol ouch --symbols 4 --messages 5000 -o orders.soup.gz "
		  "&& gzip -dc "
		  "orders.soup.gz | cmp orders.soup -");
}

/* At a message a second, thousands of them: whoever waits for all of them, or for a full buffer, waits for an
 * hour. The reader gives up after a minute, so that the test ends. */
static void assert_live(const char *options, const char *head_bytes) {
	char line[600];
	snprintf(line, sizeof line,
		"rm -f live && mkfifo live && { $I trade gen --rate 1 --live --symbols 1 --messages 5000 %s "
		">live & "
		"writer=$!; timeout 60 head -c %s <live >first; got=$?; kill -0 $writer && kill $writer; "
		"alive=$?; "
		"wait $writer; test $got = 0 && test $alive = 0; } && $I trade gen --rate 1 --symbols 1 "
		"--messages "
		"5000 %s | head -c %s | cmp - first",
		options, head_bytes, options, head_bytes);
	assert_sh(line);
}

static void a_live_stream_arrives_while_it_is_written(void **state) {
	(void)state;
	/* The event that starts the day, 12 bytes and their length; then the stock's directory entry, 39. */
	assert_live("", "14");
	assert_live("", "55");
	/* The packet that logs in: 46 bytes in its payload, with type and length. */
	assert_live("--protocol ouch", "49");
}

static void refuses_bad_calls_in_one_line(void **state) {
	(void)state;
	assert_refused(
		"$I trade stat nosuch.itch", 3, "inox trade: nosuch.itch: no such file or directory\n");
	assert_refused("$I trade gen --day --rate 5", 2,
		"inox trade gen: --day and --rate exclude each other ('inox trade gen --help' says more)\n");
	assert_refused("$I trade gen --symbols 20000 --messages 10", 2,
		"inox trade gen: 10 messages are too few for 20000 symbols: at least 480100 ('inox trade gen "
		"--help' "
		"says more)\n");
	assert_refused("$I trade book day.itch --after 0", 2,
		"inox trade book: option --after: 0 is out of range (at least 1) ('inox trade book --help' "
		"says more)\n");
	sh("$I trade book day.itch --at 25:99");
	assert_int_equal(run.exit_code, 2);
	assert_refused("$I trade book day.itch --at 09:30:00.1234567891", 2,
		"inox trade book: --at: '09:30:00.1234567891' is not a time of day; write it as 09:30, "
		"09:30:00 or "
		"09:30:00.5, to the nanosecond ('inox trade book --help' says more)\n");
	sh("$I trade book day.itch --at 09:30:+1");
	assert_int_equal(run.exit_code, 2);
	sh("$I trade stta day.itch");
	assert_int_equal(run.exit_code, 2);
	assert_non_null(strstr(run.err, "stat"));
}

/* What would change nothing is refused: whoever wrote it meant something. */
static void no_option_is_ignored(void **state) {
	(void)state;
	assert_sh("$I trade gen --seed 8 --symbols 4 --messages 900 -o day.itch");
	assert_refused("$I trade stat day.itch --rerequest day.itch", 2,
		"inox trade: day.itch: is no capture, and what is no capture lost nothing that could be "
		"re-requested\n");
	assert_refused("$I trade book day.itch -d 3", 2,
		"inox trade book: --depth goes with --symbol, --json or --csv ('inox trade book --help' says "
		"more)\n");
	assert_refused("$I trade stat day.itch --no-books -n 3", 2,
		"inox trade stat: --deepest and --no-books exclude each other ('inox trade stat --help' says "
		"more)\n");
	assert_refused("$I trade convert day.itch --to csv --date 2026-01-31", 2,
		"inox trade convert: --date goes with --to pcap ('inox trade convert --help' says more)\n");
	assert_refused("$I trade convert day.itch --to pcap --session A", 2,
		"inox trade convert: --session goes with --to pcap --mold ('inox trade convert --help' says "
		"more)\n");
}

static void a_stock_that_is_not_there_is_not_there_yet_or_not_at_all(void **state) {
	(void)state;
	assert_sh("$I trade gen --seed 8 --symbols 4 --messages 900 -o day.itch");
	assert_refused("$I trade book day.itch -s NOSUCH", 3,
		"inox trade: day.itch: no stock 'NOSUCH' in this day\n");
	assert_refused("$I trade book day.itch -s NOSUCH --after 9", 3,
		"inox trade: day.itch: no stock 'NOSUCH' up to there\n");
	assert_refused("$I trade book day.itch -s NOSUCH --at 12:00", 3,
		"inox trade: day.itch: no stock 'NOSUCH' up to there\n");
}

/* script(1) of util-linux gives the command a terminal. */
static void no_binary_data_goes_to_a_terminal(void **state) {
	(void)state;
	if (sh("script -qec true /dev/null </dev/null >/dev/null 2>&1") != 0) {
		print_message("SKIPPED: script(1) is not here, or there are no pseudo-terminals\n");
		skip();
	}
	assert_sh("$I trade gen --messages 2000 --symbols 2 -o day.itch");
	sh("script -qec \"$I trade gen --messages 2000 --symbols 2\" /dev/null </dev/null");
	assert_int_equal(run.exit_code, 2);
	assert_says("this is binary data, and stdout a terminal: name a file with --out");
	sh("script -qec \"$I trade convert day.itch --to itch\" /dev/null </dev/null");
	assert_int_equal(run.exit_code, 2);
	assert_says("--to itch is binary data");
	assert_sh("script -qec \"$I trade convert day.itch --to csv\" /dev/null </dev/null | head -n 3");
	assert_says("sequence,type");
}

static void names_the_offset_of_what_is_wrong_and_leaves_no_file(void **state) {
	(void)state;
	assert_sh("$I trade gen --seed 8 --symbols 4 --messages 9000 -o day.itch && head -c 4711 day.itch "
		  ">cut.itch && rm -f cut.csv");
	sh("$I trade convert cut.itch --to csv -o cut.csv; code=$?; ls cut.csv* 2>/dev/null; exit $code");
	assert_int_equal(run.exit_code, 3);
	assert_string_equal(run.out, "");
	assert_non_null(strstr(run.err, "inox trade: cut.itch: offset 46")); /* the last whole message ends
										within 50 bytes of the cut */
	assert_null(strchr(run.err, '\n')[1] ? "more than one line" : NULL);
}

static void says_that_the_disk_is_full(void **state) {
	(void)state;
	sh("$I trade gen --messages 20000 -o /dev/full");
	assert_int_equal(run.exit_code, 4);
	assert_non_null(strstr(run.err, "/dev/full: "));
	sh("$I trade gen --messages 20000 >/dev/full");
	assert_int_equal(run.exit_code, 4);
}

static void a_reader_that_goes_away_is_no_drama(void **state) {
	(void)state;
	sh("$I trade gen --messages 2000000 2>err | head -c 100 >head; test $(stat -c %s head) = 100 && cat "
	   "err");
	assert_int_equal(run.exit_code, 0);
}

/* a.pcap: a line without the packets that python drops, every 40th; lost: how many messages were in them
 * (their count is at byte 60 of an Ethernet frame: headers of 14, 20 and 8 bytes, then 18 of MoldUDP64). */
static void make_lossy_line(void) {
	assert_sh("$I trade gen --seed 8 --symbols 4 --messages 9000 -o day.itch && $I trade convert "
		  "day.itch --to pcap --mold -o whole.pcap && python3 -c '"
		  "import struct; b = open(\"whole.pcap\", \"rb\").read(); out = b[:24]; at = 24; i = lost = "
		  "0\n"
		  "while at < len(b):\n"
		  "    n = 16 + struct.unpack_from(\"<I\", b, at + 8)[0]; i += 1\n"
		  "    if i % 40: out += b[at:at + n]\n"
		  "    else: lost += struct.unpack_from(\">H\", b, at + 16 + 60)[0]\n"
		  "    at += n\n"
		  "open(\"a.pcap\", \"wb\").write(out); open(\"lost\", \"w\").write(str(lost))'");
}

static void book_says_that_the_books_may_be_wrong(void **state) {
	(void)state;
	make_lossy_line();
	sh("$I trade book a.pcap; code=$?; cat lost >&2; exit $code");
	assert_int_equal(run.exit_code, 1);
	assert_says("bid");
	/* The number that python counted stands behind the line. */
	char expected[160], *counted = strchr(run.err, '\n');
	assert_non_null(counted);
	unsigned long long lost = strtoull(counted + 1, NULL, 10);
	assert_true(lost > 0);
	size_t size = (size_t)snprintf(
		expected, sizeof expected, "inox trade: a.pcap: %llu messages were lost, ", lost);
	assert_int_equal(strncmp(run.err, expected, size), 0);
	assert_non_null(strstr(run.err, " faults: the books may be wrong\n"));
	/* Nothing was lost in front of the first message. */
	assert_sh("$I trade book a.pcap --after 1");
	assert_string_equal(run.err, "");
	/* Whole, but the order that is deleted never was. */
	assert_sh("printf '\\0\\23D\\0\\1\\0\\0\\0\\0\\0\\0\\0\\1\\0\\0\\0\\0\\0\\0\\0\\143' >odd.itch");
	sh("$I trade book odd.itch --json");
	assert_int_equal(run.exit_code, 1);
	assert_string_equal(run.out, "[]\n");
	assert_string_equal(run.err, "inox trade: odd.itch: 1 fault: the books may be wrong\n");
}

static void recovers_what_a_line_lost_and_says_what_it_could_not(void **state) {
	(void)state;
	make_lossy_line();
	sh("$I trade stat a.pcap");
	assert_int_equal(run.exit_code, 1);
	assert_says("lost");
	assert_sh("$I trade stat a.pcap whole.pcap");
	assert_sh("$I trade stat whole.pcap - <a.pcap && $I trade stat a.pcap --rerequest - <day.itch");
	assert_says("recovered");
	assert_refused("$I trade stat - --rerequest - <a.pcap", 2,
		"inox trade: stdin can be one of the files, not two\n");
	assert_sh("$I trade stat a.pcap --rerequest day.itch");
	assert_says("recovered");
	assert_sh("$I trade convert a.pcap --rerequest day.itch --to itch | cmp day.itch -");
	sh("$I trade convert a.pcap --to itch -o gap.itch; code=$?; ls gap.itch* 2>/dev/null; exit $code");
	assert_int_equal(run.exit_code, 3);
	assert_string_equal(run.out, "");
	assert_non_null(strstr(run.err, "are on no line"));
}

static void bench_measures(void **state) {
	(void)state;
	assert_refused("$I trade bench books day.itch", 2,
		"inox trade bench: WHAT: 'books' is not one of parse, book; did you mean 'book'? ('inox "
		"trade bench --help' "
		"says more)\n");
	assert_sh("$I completion bash | grep -q \"word:parse book\"");
	assert_sh("$I trade gen --messages 20000 -o day.itch.xz && $I trade bench parse day.itch.xz --runs 2 "
		  "--json && $I trade bench book day.itch.xz --runs 2");
	assert_says("20,000");
}

IX_TESTS(test_trade, cmocka_unit_test(the_same_seed_generates_the_same_file),
	cmocka_unit_test(stat_counts_what_gen_made), cmocka_unit_test(stat_tells_programs_the_same),
	cmocka_unit_test(stat_says_that_a_day_has_no_end),
	cmocka_unit_test(stdin_may_be_a_file_and_stand_anywhere_in_it),
	cmocka_unit_test(book_shows_a_ladder_and_all_its_shapes),
	cmocka_unit_test(convert_goes_round_in_circles),
	cmocka_unit_test(convert_writes_csv_that_others_read),
	cmocka_unit_test(convert_compresses_whatever_it_writes),
	cmocka_unit_test(an_order_stream_is_soup_and_ouch),
	cmocka_unit_test(a_live_stream_arrives_while_it_is_written),
	cmocka_unit_test(refuses_bad_calls_in_one_line), cmocka_unit_test(no_option_is_ignored),
	cmocka_unit_test(a_stock_that_is_not_there_is_not_there_yet_or_not_at_all),
	cmocka_unit_test(no_binary_data_goes_to_a_terminal),
	cmocka_unit_test(names_the_offset_of_what_is_wrong_and_leaves_no_file),
	cmocka_unit_test(says_that_the_disk_is_full), cmocka_unit_test(a_reader_that_goes_away_is_no_drama),
	cmocka_unit_test(book_says_that_the_books_may_be_wrong),
	cmocka_unit_test(recovers_what_a_line_lost_and_says_what_it_could_not),
	cmocka_unit_test(bench_measures));
