/* A day read from every container that there is gives the same books; what is missing, cut or wrong is named
 * with its place. */
#include <inox/alloc.h>
#include <inox/convert.h>
#include <inox/day.h>
#include <inox/file.h>
#include <inox/gen.h>
#include <inox/itch.h>
#include <inox/mold.h>
#include <inox/packet.h>
#include <inox/pcap.h>
#include <inox/rng.h>
#include <inox/testing.h>

#include <stdlib.h>
#include <string.h>

enum { DAY_MESSAGES = 20000, DAY_SYMBOLS = 12 };

static int write_out(void *context, ix_bytes bytes, ix_error *err) {
	return ix_file_out_write(context, bytes.data, bytes.size, err);
}

/* The generated day, in the given shape. */
static const char *make_day(const char *name, ix_convert_options to) {
	static char path[256];
	snprintf(path, sizeof path, "%s/%s", ix_testing_directory(), name);
	ix_file_out *out;
	ix_converter *converter;
	ix_gen *gen;
	assert_int_equal(ix_file_out_open(path, &out, NULL), 0);
	to.allocator = ix_os_allocator();
	to.sink = write_out;
	to.context = out;
	to.compression = ix_compression_of_name(ix_str_from(name));
	assert_int_equal(ix_converter_new(&to, &converter, NULL), 0);
	ix_gen_options options = {.seed = 11, .symbol_count = DAY_SYMBOLS, .message_count = DAY_MESSAGES};
	assert_int_equal(ix_gen_new(&options, ix_os_allocator(), &gen, NULL), 0);
	uint8_t bytes[IX_ITCH_SIZE_MAX];
	uint64_t sequence = 1;
	for (ix_itch_message m; ix_gen_next(gen, &m); sequence++) {
		size_t size = ix_itch_encode(&m, bytes);
		assert_int_equal(ix_converter_put(converter, sequence, (ix_bytes){bytes, size}, NULL), 0);
	}
	ix_gen_free(gen);
	assert_int_equal(ix_converter_end(converter, false, NULL), 0);
	ix_converter_free(converter);
	assert_int_equal(ix_file_out_commit(out, NULL), 0);
	return path;
}

static ix_day *read_day(const char *path, const char *path_b, const char *rerequest) {
	ix_day_options options = {.source = {.allocator = ix_os_allocator(),
					  .paths = {path, path_b},
					  .rerequest_path = rerequest},
		.is_strict = true};
	ix_day *day;
	ix_error err;
	if (ix_day_read(&options, &day, &err) != 0) fail_msg("%s", err.text);
	return day;
}

/* All that the books say, folded into one number. */
static uint64_t fold(const ix_books *books) {
	uint64_t sum = 0;
	assert_int_equal(ix_books_check(books, NULL), 0);
	for (int symbol = 1; symbol <= DAY_SYMBOLS; symbol++) {
		uint16_t locate = (uint16_t)symbol;
		for (int side = 0; side < 2; side++) {
			ix_book_level levels[200];
			size_t count =
				ix_book_depth(books, locate, (ix_book_side)side, levels, IX_COUNT(levels));
			for (size_t i = 0; i < count; i++)
				sum = sum * 31 + levels[i].price_e4 * 7 + levels[i].shares * 3 +
				      levels[i].order_count;
		}
		ix_book_stats stats;
		ix_book_get_stats(books, locate, &stats);
		sum = sum * 31 + stats.volume + stats.vwap_e4;
	}
	return sum;
}

static void every_container_gives_the_same_books(void **state) {
	(void)state;
	static const struct {
		const char *name;
		ix_convert_options to;
	} shapes[] = {
		{"day.itch", {.format = IX_CONVERT_ITCH}},
		{"day.itch.gz", {.format = IX_CONVERT_ITCH}},
		{"day.itch.zst", {.format = IX_CONVERT_ITCH}},
		{"day.itch.xz", {.format = IX_CONVERT_ITCH}},
		{"bare.pcap", {.format = IX_CONVERT_PCAP}},
		{"mold.pcap", {.format = IX_CONVERT_PCAP, .is_mold = true, .session = {"TEST", 4}}},
	};
	uint64_t expected = 0;
	for (size_t i = 0; i < IX_COUNT(shapes); i++) {
		if (!ix_compression_is_built(ix_compression_of_name(ix_str_from(shapes[i].name)))) continue;
		ix_day *day = read_day(make_day(shapes[i].name, shapes[i].to), NULL, NULL);
		const ix_day_counts *counts = ix_day_get_counts(day);
		assert_int_equal(counts->message_count, DAY_MESSAGES);
		assert_int_equal(counts->by_type['R'], DAY_SYMBOLS);
		assert_int_equal(counts->event_count, 6);
		uint64_t sum = fold(ix_day_books(day));
		if (i == 0) expected = sum;
		if (sum != expected) fail_msg("%s gives other books", shapes[i].name);
		ix_day_free(day);
	}
	assert_true(expected != 0);
}

/* A line that lost the packets for which `loses` is set; doubles some others and swaps some neighbours. */
static void make_line(const char *from, const char *to, const bool *loses, ix_rng *rng) {
	size_t size;
	uint8_t *bytes = ix_testing_read(from, &size), *out = malloc(2 * size), *late = malloc(70000);
	ix_writer w = ix_writer_of(out, 2 * size);
	ix_pcap_reader reader;
	ix_pcap_item item;
	size_t at = 0, late_size = 0;
	int64_t late_ns = 0;
	ix_pcap_reader_init(&reader, NULL);
	ix_pcap_write_start(&w, IX_PCAP_NANOSECONDS, 1);
	for (size_t i = 0; ix_pcap_next_of(&reader, (ix_bytes){bytes, size}, &item, NULL) == 0 &&
			   item.step == IX_PCAP_PACKET;
		i++) {
		at = item.packet.data.size;
		if (loses[i]) continue;
		if (late_size == 0 && ix_rng_below(rng, 50) == 0) {
			memcpy(late, item.packet.data.data, at);
			late_size = at, late_ns = item.packet.time_ns;
			continue;
		}
		for (size_t copies = 1 + (ix_rng_below(rng, 50) == 0); copies > 0; copies--)
			ix_pcap_write_packet(
				&w, IX_PCAP_NANOSECONDS, item.packet.time_ns, item.packet.data, 0);
		if (late_size)
			ix_pcap_write_packet(
				&w, IX_PCAP_NANOSECONDS, late_ns, (ix_bytes){late, late_size}, 0);
		late_size = 0;
	}
	assert_false(w.failed);
	FILE *file = fopen(to, "wb");
	assert_non_null(file);
	assert_int_equal(fwrite(out, 1, w.size, file), w.size);
	assert_int_equal(fclose(file), 0);
	free(bytes), free(out), free(late);
}

typedef struct lines {
	char a[310], b[310], whole[300];
	bool lost_on_a[40000];
} lines;

static void make_lines(lines *l, uint64_t seed) {
	static bool lost_on_b[40000];
	ix_rng rng;
	ix_rng_seed(&rng, seed);
	snprintf(l->whole, sizeof l->whole, "%s",
		make_day("mold.pcap", (ix_convert_options){.format = IX_CONVERT_PCAP, .is_mold = true}));
	snprintf(l->a, sizeof l->a, "%s.a", l->whole);
	snprintf(l->b, sizeof l->b, "%s.b", l->whole);
	for (size_t i = 0; i < IX_COUNT(l->lost_on_a); i++) {
		l->lost_on_a[i] = i > 0 && ix_rng_below(&rng, 40) == 0;
		lost_on_b[i] = i > 0 && !l->lost_on_a[i] && ix_rng_below(&rng, 40) == 0;
	}
	make_line(l->whole, l->a, l->lost_on_a, &rng);
	make_line(l->whole, l->b, lost_on_b, &rng);
}

static void two_lossy_lines_make_one_whole_day(void **state) {
	(void)state;
	static lines l;
	make_lines(&l, ix_testing_seed());
	ix_day *whole = read_day(l.whole, NULL, NULL), *both = read_day(l.a, l.b, NULL);
	assert_int_equal(ix_day_get_counts(both)->message_count, DAY_MESSAGES);
	assert_true(fold(ix_day_books(both)) == fold(ix_day_books(whole)));
	assert_int_equal(ix_day_get_source(both)->lost_messages, 0);
	assert_int_equal(ix_day_get_source(both)->line_count, 2);
	assert_true(ix_day_get_source(both)->lines[0].lost_count > 0);
	ix_day_free(whole), ix_day_free(both);
}

static void what_one_line_lost_is_asked_for_again(void **state) {
	(void)state;
	static lines l;
	make_lines(&l, ix_testing_seed() + 1);
	ix_day *whole = read_day(l.whole, NULL, NULL), *alone = read_day(l.a, NULL, l.whole);
	const ix_source_info *info = ix_day_get_source(alone);
	assert_int_equal(ix_day_get_counts(alone)->message_count, DAY_MESSAGES);
	assert_true(fold(ix_day_books(alone)) == fold(ix_day_books(whole)));
	assert_true(info->gap_messages > 0);
	assert_int_equal(info->recovered_messages, info->gap_messages);
	assert_int_equal(info->lost_messages, 0);
	ix_day_free(whole), ix_day_free(alone);
}

static void what_nobody_has_is_counted_and_named(void **state) {
	(void)state;
	static lines l;
	make_lines(&l, ix_testing_seed() + 2);
	ix_day_options options = {.source = {.allocator = ix_os_allocator(), .paths = {l.a}}};
	ix_day *day;
	assert_int_equal(ix_day_read(&options, &day, NULL), 0);
	const ix_day_counts *counts = ix_day_get_counts(day);
	const ix_source_info *info = ix_day_get_source(day);
	assert_true(info->lost_messages > 0);
	assert_int_equal(counts->message_count + info->lost_messages, DAY_MESSAGES);
	uint64_t named = 0;
	for (size_t i = 0; i < counts->missing_count; i++)
		named += counts->missing[i].is_lost ? counts->missing[i].count : 0;
	assert_int_equal(named, info->lost_messages);
	assert_int_equal(ix_books_check(ix_day_books(day), NULL), 0);
	ix_day_free(day);
}

/* A MoldUDP64 packet of one system event: session, sequence, one message of 12 bytes. */
static void put_packet(ix_writer *w, int64_t time_ns, const char *session, uint64_t sequence) {
	static const ix_packet_udp header = {.ip_version = 4,
		.hop_limit = 1,
		.destination = {233, 54, 12, 111},
		.destination_port = 26400};
	static const uint8_t event[12] = {'S', [11] = 'O'};
	uint8_t payload[IX_MOLD_HEADER_SIZE + 2 + sizeof event], frame[256];
	memset(payload, ' ', IX_MOLD_SESSION_SIZE);
	memcpy(payload, session, 2);
	ix_store_u64_be(payload + 10, sequence);
	ix_store_u16_be(payload + 18, 1);
	ix_store_u16_be(payload + 20, sizeof event);
	memcpy(payload + 22, event, sizeof event);
	ix_writer f = ix_writer_of(frame, sizeof frame);
	ix_packet_write_udp(&f, &header, (ix_bytes){payload, sizeof payload});
	ix_pcap_write_packet(w, IX_PCAP_NANOSECONDS, time_ns, (ix_bytes){frame, f.size}, 0);
}

/* Each session's packets from 1 to 20 without those from `gap` up to `gap_end`. */
static const char *make_sessions(
	const char *name, const char *const *sessions, size_t count, uint64_t gap, uint64_t gap_end) {
	static char paths[2][256];
	static size_t which;
	char *path = paths[which++ % 2];
	static uint8_t bytes[65536];
	ix_writer w = ix_writer_of(bytes, sizeof bytes);
	ix_pcap_write_start(&w, IX_PCAP_NANOSECONDS, IX_PACKET_LINK_ETHERNET);
	int64_t time_ns = 0; /* a packet every 20 ms: longer than a gap is waited for */
	for (size_t i = 0; i < count; i++)
		for (uint64_t sequence = 1; sequence <= 20; sequence++, time_ns += 20000000)
			if (sequence < gap || sequence >= gap_end)
				put_packet(&w, time_ns, sessions[i], sequence);
	assert_false(w.failed);
	snprintf(path, 256, "%s/%s", ix_testing_directory(), name);
	FILE *file = fopen(path, "wb");
	assert_non_null(file);
	assert_int_equal(fwrite(bytes, 1, w.size, file), w.size);
	assert_int_equal(fclose(file), 0);
	return path;
}

static ix_day *read_recovered(const char *path, const char *rerequest) {
	ix_day *day;
	ix_error err;
	ix_day_options options = {
		.source = {.allocator = ix_os_allocator(), .paths = {path}, .rerequest_path = rerequest}};
	if (ix_day_read(&options, &day, &err) != 0) fail_msg("%s", err.text);
	return day;
}

/* Both lack their message 10, and only the first one's is to be had. */
static void a_gap_is_lost_in_its_own_session_only(void **state) {
	(void)state;
	static const char *const both[] = {"S1", "S2"};
	const char *holed = make_sessions("holed.pcap", both, 2, 10, 11);
	ix_day *day = read_recovered(holed, make_sessions("first.pcap", both, 1, 0, 0));
	const ix_day_counts *counts = ix_day_get_counts(day);
	assert_int_equal(counts->message_count, 39);
	assert_int_equal(counts->missing_count, 2);
	assert_int_equal(counts->missing[0].sequence, 10);
	assert_false(counts->missing[0].is_lost);
	assert_int_equal(counts->missing[1].sequence, 10);
	assert_true(counts->missing[1].is_lost);
	ix_day_free(day);
}

/* Of 10 to 14, the re-request server has 10 to 12. */
static void a_gap_that_came_in_part_is_lost_in_part(void **state) {
	(void)state;
	static const char *const one[] = {"S1"};
	const char *holed = make_sessions("holed.pcap", one, 1, 10, 15);
	ix_day *day = read_recovered(holed, make_sessions("part.pcap", one, 1, 13, 21));
	const ix_day_counts *counts = ix_day_get_counts(day);
	assert_int_equal(counts->message_count, 18);
	assert_int_equal(counts->missing_count, 1);
	assert_int_equal(counts->missing[0].count, 5);
	assert_true(counts->missing[0].is_lost);
	assert_int_equal(counts->missing[0].lost_count, 2);
	assert_int_equal(ix_day_get_source(day)->lost_messages, 2);
	ix_day_free(day);
}

static void stops_where_it_is_told_to(void **state) {
	(void)state;
	const char *path = make_day("day.itch", (ix_convert_options){.format = IX_CONVERT_ITCH});
	ix_day *day;
	ix_day_options options = {
		.source = {.allocator = ix_os_allocator(), .paths = {path}}, .message_max = 777};
	assert_int_equal(ix_day_read(&options, &day, NULL), 0);
	assert_int_equal(ix_day_get_counts(day)->message_count, 777);
	ix_day_free(day);
	options.message_max = 0;
	options.has_until = true; /* midnight is a moment too: nothing is later but everything */
	assert_int_equal(ix_day_read(&options, &day, NULL), 0);
	assert_int_equal(ix_day_get_counts(day)->message_count, 0);
	ix_day_free(day);
	options.until_ns = INT64_C(34200000000000);
	assert_int_equal(ix_day_read(&options, &day, NULL), 0);
	assert_true(ix_day_get_counts(day)->last_ns <= UINT64_C(34200000000000));
	assert_true(ix_day_get_counts(day)->message_count > 100);
	assert_true(ix_day_get_counts(day)->message_count < DAY_MESSAGES);
	ix_day_free(day);
}

/* 65,535 books, each deeper than the one before: when each was moved to the front past all, this took a
 * minute. */
static void a_market_of_all_locates_is_no_trouble(void **state) {
	(void)state;
	enum { ORDERS = 2 * 65535 };
	char path[256];
	snprintf(path, sizeof path, "%s/all.itch", ix_testing_directory());
	FILE *file = fopen(path, "wb");
	assert_non_null(file);
	for (uint32_t i = 0; i < ORDERS; i++) {
		uint32_t locate = i < 65535 ? i + 1 : 32768 + i % 32768;
		uint8_t bytes[2 + 36] = {0, 36, 'A'};
		ix_store_u16_be(bytes + 3, (uint16_t)locate);
		ix_store_u64_be(bytes + 13, i + 1);
		bytes[21] = 'B';
		ix_store_u32_be(bytes + 22, 100);
		snprintf((char *)bytes + 26, 9, "S%07u", locate);
		ix_store_u32_be(bytes + 34, 10000);
		if (i < 65535) { /* the directory first */
			uint8_t entry[2 + 39] = {0, 39, 'R'};
			ix_store_u16_be(entry + 3, (uint16_t)locate);
			memcpy(entry + 13, bytes + 26, 8);
			assert_int_equal(fwrite(entry, 1, sizeof entry, file), sizeof entry);
		} else {
			assert_int_equal(fwrite(bytes, 1, sizeof bytes, file), sizeof bytes);
		}
	}
	assert_int_equal(fclose(file), 0);
	ix_day *day = read_day(path, NULL, NULL);
	uint16_t *locates = calloc(65535, sizeof *locates);
	assert_non_null(locates);
	assert_int_equal(ix_day_deepest(day, locates, 65535), 65535);
	/* Two orders each have the locates from 32768 on but one, which has one; the rest has none. */
	assert_int_equal(locates[0], 32768);
	assert_int_equal(locates[65534], 32767);
	free(locates);
	ix_day_free(day);
}

static void the_deepest_books_come_in_order(void **state) {
	(void)state;
	ix_day *day =
		read_day(make_day("day.itch", (ix_convert_options){.format = IX_CONVERT_ITCH}), NULL, NULL);
	uint16_t locates[DAY_SYMBOLS + 1];
	assert_int_equal(ix_day_deepest(day, locates, IX_COUNT(locates)), DAY_SYMBOLS);
	uint32_t previous = UINT32_MAX;
	for (size_t i = 0; i < DAY_SYMBOLS; i++) {
		ix_book_stats stats;
		ix_book_get_stats(ix_day_books(day), locates[i], &stats);
		assert_true(stats.order_count <= previous);
		previous = stats.order_count;
	}
	uint16_t first[3];
	assert_int_equal(ix_day_deepest(day, first, 3), 3);
	assert_memory_equal(first, locates, sizeof first);
	ix_day_free(day);
}

/* ---- what is wrong is named ---- */

static const char *write_bytes(const void *bytes, size_t size) {
	static char path[256];
	snprintf(path, sizeof path, "%s/bad.itch", ix_testing_directory());
	FILE *file = fopen(path, "wb");
	assert_non_null(file);
	assert_int_equal(fwrite(bytes, 1, size, file), size);
	assert_int_equal(fclose(file), 0);
	return path;
}

static void assert_refused(
	const char *path, const char *path_b, bool is_strict, int expected, const char *text) {
	ix_day_options options = {
		.source = {.allocator = ix_os_allocator(), .paths = {path, path_b}}, .is_strict = is_strict};
	ix_day *day = NULL;
	ix_error err = {0};
	assert_int_equal(ix_day_read(&options, &day, &err), expected);
	assert_null(day);
	if (!strstr(err.text, text)) fail_msg("'%s' does not say '%s'", err.text, text);
	if (!strstr(err.text, path_b ? path_b : path)) fail_msg("'%s' does not name the file", err.text);
}

/* A system event of 12 bytes at offset 0, then one that is cut to 11. */
static const uint8_t wrong_size[] = {
	0, 12, 'S', 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 'O', 0, 11, 'S', 0, 0, 0, 0, 0, 0, 0, 0, 0, 2};
static const uint8_t unknown_type[] = {0, 12, 'S', 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 'O', 0, 3, 'z', 1, 2};
/* A delete of an order that never was. */
static const uint8_t unknown_order[] = {0, 19, 'D', 0, 1, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 99};

static void names_the_place_of_what_is_wrong(void **state) {
	(void)state;
	assert_refused(
		write_bytes(wrong_size, sizeof wrong_size), NULL, false, IX_ERR_TRUNCATED, "offset 14");
	assert_refused(write_bytes(wrong_size, 20), NULL, false, IX_ERR_TRUNCATED, "offset 14");
	assert_refused(
		write_bytes(unknown_type, sizeof unknown_type), NULL, true, IX_ERR_UNSUPPORTED, "offset 14");
	assert_refused(
		write_bytes(unknown_order, sizeof unknown_order), NULL, true, IX_ERR_NOT_FOUND, "offset 0");
	assert_refused(write_bytes("hello, world, this is prose", 27), NULL, false, IX_ERR_SYNTAX,
		"neither BinaryFILE nor a capture");
}

/* The third message is a delete of an order that never was. */
static void counts_the_messages_up_to_the_bad_one(void **state) {
	(void)state;
	uint8_t bytes[2 * 14 + sizeof unknown_order];
	for (size_t i = 0; i < 2; i++) memcpy(bytes + 14 * i, unknown_type, 14); /* two system events */
	memcpy(bytes + 28, unknown_order, sizeof unknown_order);
	assert_refused(write_bytes(bytes, sizeof bytes), NULL, true, IX_ERR_NOT_FOUND,
		"bad.itch: offset 28: message 3: Order Delete: order 99");
	assert_refused(write_bytes(unknown_order, sizeof unknown_order), NULL, true, IX_ERR_NOT_FOUND,
		"bad.itch: offset 0: message 1: Order Delete: order 99");
}

static void counts_unknown_types_and_faults_when_not_strict(void **state) {
	(void)state;
	ix_day *day;
	ix_day_options options = {.source = {.allocator = ix_os_allocator(),
					  .paths = {write_bytes(unknown_type, sizeof unknown_type)}}};
	assert_int_equal(ix_day_read(&options, &day, NULL), 0);
	assert_int_equal(ix_day_get_counts(day)->unknown_count, 1);
	assert_int_equal(ix_day_get_counts(day)->by_type['z'], 1);
	assert_int_equal(ix_day_get_counts(day)->message_count, 2);
	ix_day_free(day);
	options.source.paths[0] = write_bytes(unknown_order, sizeof unknown_order);
	assert_int_equal(ix_day_read(&options, &day, NULL), 0);
	ix_books_info info;
	ix_books_get_info(ix_day_books(day), &info);
	assert_int_equal(info.fault_count, 1);
	ix_day_free(day);
}

static void two_files_must_be_captures(void **state) {
	(void)state;
	char first[256];
	snprintf(first, sizeof first, "%s",
		make_day("mold.pcap", (ix_convert_options){.format = IX_CONVERT_PCAP, .is_mold = true}));
	assert_refused(first, write_bytes(unknown_type, sizeof unknown_type), false, IX_ERR_USAGE,
		"both be captures");
}

static void an_empty_file_is_an_empty_day(void **state) {
	(void)state;
	ix_day *day = read_day(write_bytes("", 0), NULL, NULL);
	assert_int_equal(ix_day_get_counts(day)->message_count, 0);
	ix_day_free(day);
}

static void every_failing_allocation_is_reported_and_leaks_nothing(void **state) {
	(void)state;
	const char *path = write_bytes(unknown_order, sizeof unknown_order);
	for (uint64_t n = 1; n < 1000; n++) {
		ix_alloc_probe probe;
		ix_alloc_probe_init(&probe, NULL);
		probe.fail_at = n;
		ix_day_options options = {.source = {.allocator = &probe.allocator, .paths = {path}}};
		ix_day *day = NULL;
		int code = ix_day_read(&options, &day, NULL);
		ix_day_free(code ? NULL : day);
		assert_int_equal(probe.live_blocks, 0);
		if (code == 0) {
			assert_true(n > 4);
			return;
		}
		assert_int_equal(code, IX_ERR_MEMORY);
	}
	fail_msg("it never worked");
}

IX_TESTS(test_day, cmocka_unit_test(every_container_gives_the_same_books),
	cmocka_unit_test(two_lossy_lines_make_one_whole_day),
	cmocka_unit_test(what_one_line_lost_is_asked_for_again),
	cmocka_unit_test(what_nobody_has_is_counted_and_named),
	cmocka_unit_test(a_gap_is_lost_in_its_own_session_only),
	cmocka_unit_test(a_gap_that_came_in_part_is_lost_in_part),
	cmocka_unit_test(stops_where_it_is_told_to), cmocka_unit_test(a_market_of_all_locates_is_no_trouble),
	cmocka_unit_test(the_deepest_books_come_in_order), cmocka_unit_test(names_the_place_of_what_is_wrong),
	cmocka_unit_test(counts_the_messages_up_to_the_bad_one),
	cmocka_unit_test(counts_unknown_types_and_faults_when_not_strict),
	cmocka_unit_test(two_files_must_be_captures), cmocka_unit_test(an_empty_file_is_an_empty_day),
	cmocka_unit_test(every_failing_allocation_is_reported_and_leaks_nothing));
