/* The conformance suite of market data, on whatever folder is given:
 *   *.itch, *.itch.xz             every message decodes and re-encodes to the same bytes
 *   **.pcap below a folder whose name has "Itch" or "Ouch": the payload of every packet, framing included,
 * likewise NAME.itch.xz with NAME.json.xz and NAME.truth.csv.xz (compressed or not): counts by type, and the
 * top of every book at every moment that the truth has, read from the file, from NAME.lineA.pcap with lineB,
 * and from line A alone with re-requests; the gaps that line A reports are those that it has */
#include <inox/alloc.h>
#include <inox/book.h>
#include <inox/itch.h>
#include <inox/json.h>
#include <inox/mold.h>
#include <inox/ouch.h>
#include <inox/packet.h>
#include <inox/pcap.h>
#include <inox/soup.h>
#include <inox/source.h>
#include <inox/suite.h>

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* ---- re-encoding ---- */

static bool message_is_same(ix_bytes message) {
	ix_itch_message decoded;
	uint8_t again[IX_ITCH_SIZE_MAX];
	return ix_itch_decode(message, &decoded, NULL) == 0 &&
	       ix_itch_encode(&decoded, again) == message.size &&
	       memcmp(again, message.data, message.size) == 0;
}

static void check_file(const char *path, const char *name, void *context) {
	(void)context;
	ix_source *source = NULL;
	ix_error err;
	uint64_t count = 0, different = 0;
	int code = ix_source_open(
		&(ix_source_options){.allocator = ix_os_allocator(), .paths = {path}}, &source, &err);
	for (ix_source_part part = {0}; !code && part.kind != IX_SOURCE_END;) {
		code = ix_source_next(source, &part, &err);
		if (code || part.kind != IX_SOURCE_MESSAGES) continue;
		size_t used = 0;
		while (part.framed.size - used >= 2) {
			size_t size = ix_load_u16_be(part.framed.data + used);
			if (size == 0 || size > part.framed.size - used - 2) break;
			different += !message_is_same((ix_bytes){part.framed.data + used + 2, size});
			used += 2 + size;
			count++;
		}
		ix_source_advance(source, used);
	}
	ix_source_close(source);
	if (code)
		ix_suite_fail(name, "%s", err.text);
	else
		ix_suite_check(different == 0 && count > 0, name, "%llu of %llu messages do not re-encode",
			(unsigned long long)different, (unsigned long long)count);
}

static bool mold_is_same(ix_bytes payload) {
	ix_mold_packet packet;
	static uint8_t again[65536];
	ix_writer w = ix_writer_of(again, sizeof again);
	if (ix_mold_decode(payload, &packet, NULL) != 0) return false;
	ix_mold_encode(&w, &packet);
	if (w.failed || w.size != payload.size || memcmp(again, payload.data, w.size) != 0) return false;
	for (ix_bytes message; ix_mold_next(&packet.blocks, &message);) {
		if (!message_is_same(message)) return false;
	}
	return true;
}

static bool order_is_same(ix_ouch_direction direction, ix_bytes payload) {
	ix_ouch_message order;
	uint8_t again[4096];
	ix_writer w = ix_writer_of(again, sizeof again);
	if (ix_ouch_decode(direction, payload, &order, NULL) != 0) return false;
	ix_ouch_encode(&w, &order);
	return !w.failed && w.size == payload.size && memcmp(again, payload.data, w.size) == 0;
}

static bool soup_is_same(ix_bytes payload) {
	while (payload.size > 0) {
		ix_soup_packet packet;
		size_t size;
		if (ix_soup_decode(payload, IX_SOUP_SERVER, &packet, &size, NULL) != 0 &&
			ix_soup_decode(payload, IX_SOUP_CLIENT, &packet, &size, NULL) != 0)
			return false;
		static uint8_t again[65538];
		ix_writer w = ix_writer_of(again, sizeof again);
		ix_soup_encode(&w, &packet);
		if (w.failed || w.size != size || memcmp(again, payload.data, size) != 0) return false;
		/* Sequenced data is the exchange's, unsequenced data the client's, though the exchange may
		 * send some too. */
		if (packet.type == IX_SOUP_SEQUENCED && !order_is_same(IX_OUCH_OUT, packet.payload))
			return false;
		if (packet.type == IX_SOUP_UNSEQUENCED && !order_is_same(IX_OUCH_IN, packet.payload) &&
			!order_is_same(IX_OUCH_OUT, packet.payload))
			return false;
		payload = (ix_bytes){payload.data + size, payload.size - size};
	}
	return true;
}

static void check_capture(const char *path, const char *name, void *context) {
	(void)context;
	if (!strstr(name, "Itch") && !strstr(name, "Ouch")) return;
	size_t size;
	uint8_t *bytes = ix_suite_read(path, &size);
	ix_pcap_reader reader;
	ix_pcap_reader_init(&reader, NULL);
	for (int number = 1;; number++) {
		char packet_name[600];
		ix_pcap_item item;
		ix_packet packet;
		ix_error err;
		snprintf(packet_name, sizeof packet_name, "%s packet %d", name, number);
		if (!bytes || ix_pcap_next_of(&reader, (ix_bytes){bytes, size}, &item, &err) != 0) {
			ix_suite_fail(packet_name, "%s", bytes ? err.text : "cannot be read");
			break;
		}
		if (item.step == IX_PCAP_END) break;
		if (ix_packet_decode(item.packet.link_type, item.packet.data, item.packet.original_size, true,
			    &packet, &err) != 0)
			ix_suite_fail(packet_name, "%s", err.text);
		else if (packet.payload_size == 0)
			ix_suite_skip(packet_name, "no payload");
		else
			ix_suite_check(packet.kind == IX_PACKET_UDP ? mold_is_same(packet.payload)
								    : soup_is_same(packet.payload),
				packet_name, "does not re-encode");
	}
	free(bytes);
}

/* ---- days with their truth ---- */

typedef struct day {
	const char *name;
	char itch[4096], line_a[4096], line_b[4096];
	char *truth;             /* its text */
	uint64_t gaps[65536][2]; /* lost_on_A, sorted by sequence, neighbours joined */
	size_t gap_count;
} day;

/* NAME + suffix, or that with .xz; false when neither is there. */
static bool find_beside(const char *stem, const char *suffix, char out[4096]) {
	snprintf(out, 4096, "%s%s", stem, suffix);
	if (access(out, R_OK) == 0) return true;
	snprintf(out, 4096, "%s%s.xz", stem, suffix);
	return access(out, R_OK) == 0;
}

static char *read_text(const char *path) {
	size_t size;
	uint8_t *bytes = ix_suite_read(path, &size);
	char *text = bytes ? realloc(bytes, size + 1) : NULL;
	if (text) text[size] = '\0';
	return text;
}

/* One row of the truth: after_message,symbol,side,level,price_1e4,shares,orders. */
typedef struct row {
	uint64_t after, level, price_e4, shares, orders;
	ix_str symbol, side;
} row;

static bool parse_row(ix_str line, row *ret_row) {
	ix_str after = ix_str_cut(&line, ',');
	ret_row->symbol = ix_str_cut(&line, ',');
	ret_row->side = ix_str_cut(&line, ',');
	ix_str level = ix_str_cut(&line, ','), price = ix_str_cut(&line, ','),
	       shares = ix_str_cut(&line, ',');
	return ix_str_to_u64(after, &ret_row->after) && ix_str_to_u64(level, &ret_row->level) &&
	       ix_str_to_u64(price, &ret_row->price_e4) && ix_str_to_u64(shares, &ret_row->shares) &&
	       ix_str_to_u64(ix_str_trim(line), &ret_row->orders);
}

/* Compares every book with the truth's rows of one moment, which *rest starts with; moves *rest behind them.
 * Counts each level that one has and the other has not, or that differs. */
static uint64_t compare_moment(const ix_books *books, ix_str *rest, uint64_t after, uint64_t *ret_states) {
	uint64_t different = 0, told = 0;
	while (rest->size > 0) {
		ix_str before = *rest;
		row r;
		if (!parse_row(ix_str_cut(rest, '\n'), &r)) continue;
		if (r.after != after) {
			*rest = before;
			break;
		}
		ix_book_level levels[10];
		uint16_t locate = ix_books_find_symbol(books, r.symbol);
		size_t count = ix_book_depth(books, locate, r.side.data[0] == 'B' ? IX_BOOK_BID : IX_BOOK_ASK,
			levels, IX_COUNT(levels));
		bool is_same = r.level < count && levels[r.level].price_e4 == r.price_e4 &&
			       levels[r.level].shares == r.shares && levels[r.level].order_count == r.orders;
		different += !is_same;
		told++;
	}
	uint64_t ours = 0;
	for (uint32_t locate = 1; locate <= ix_books_locate_last(books); locate++) {
		for (int side = 0; side < 2; side++) {
			uint32_t count = ix_book_level_count(books, (uint16_t)locate, (ix_book_side)side);
			ours += count < 10 ? count : 10;
		}
	}
	*ret_states += told;
	return different + (ours > told ? ours - told : told - ours);
}

typedef struct reading {
	ix_source *source;
	ix_books *books;
	uint64_t applied, by_type[256];
	uint64_t gaps[65536][2];
	size_t gap_count;
} reading;

static int apply_until(reading *r, uint64_t target, bool *ret_ended, ix_error *err) {
	while (r->applied < target) {
		ix_source_part part;
		int code = ix_source_next(r->source, &part, err);
		if (code) return code;
		if (part.kind == IX_SOURCE_END) {
			*ret_ended = true;
			return 0;
		}
		if (part.kind == IX_SOURCE_GAP && r->gap_count < IX_COUNT(r->gaps)) {
			r->gaps[r->gap_count][0] = part.sequence;
			r->gaps[r->gap_count++][1] = part.count;
		}
		if (part.kind != IX_SOURCE_MESSAGES) continue;
		ix_itch_run run = {0};
		code = ix_books_run(r->books, part.framed, &run, target - r->applied, err);
		if (code) return code;
		for (size_t at = 0; at < run.offset; at += 2 + (size_t)ix_load_u16_be(part.framed.data + at))
			r->by_type[part.framed.data[at + 2]]++;
		r->applied += run.message_count;
		ix_source_advance(r->source, (size_t)run.offset);
	}
	return 0;
}

/* Reads the day from the given files and compares it with the truth at each of its moments. */
static void check_states(const day *d, const char *how, const ix_source_options *options, reading *r) {
	char name[5000];
	snprintf(name, sizeof name, "%s from %s", d->name, how);
	ix_error err;
	ix_books_options books = {.allocator = ix_os_allocator(), .is_strict = true};
	int code = ix_source_open(options, &r->source, &err);
	if (!code) code = ix_books_new(&books, &r->books, &err);
	ix_str rest = ix_str_from(d->truth);
	uint64_t different = 0, states = 0;
	bool has_ended = false;
	(void)ix_str_cut(&rest, '\n');
	while (!code && rest.size > 0) {
		row next;
		ix_str line = rest;
		if (!parse_row(ix_str_cut(&line, '\n'), &next)) break;
		code = apply_until(r, next.after, &has_ended, &err);
		if (!code) different += compare_moment(r->books, &rest, next.after, &states);
	}
	if (!code && !has_ended) code = apply_until(r, UINT64_MAX, &has_ended, &err);
	if (code)
		ix_suite_fail(name, "%s", err.text);
	else
		ix_suite_check(different == 0 && states > 0, name, "%llu of %llu states differ",
			(unsigned long long)different, (unsigned long long)states);
	ix_books_free(r->books);
	ix_source_close(r->source);
}

static int by_sequence(const void *a, const void *b) {
	const uint64_t *x = a, *y = b;
	return (x[0] > y[0]) - (x[0] < y[0]);
}

/* Runs of missing messages, sorted, neighbours joined: two packets lost in a row are one gap, and a lost
 * heartbeat, with a count of 0, is none. */
static size_t join(uint64_t gaps[][2], size_t count) {
	size_t kept = 0;
	qsort(gaps, count, sizeof gaps[0], by_sequence);
	for (size_t i = 0; i < count; i++) {
		if (gaps[i][1] == 0) continue;
		if (kept > 0 && gaps[kept - 1][0] + gaps[kept - 1][1] == gaps[i][0]) {
			gaps[kept - 1][1] += gaps[i][1];
		} else {
			gaps[kept][0] = gaps[i][0];
			gaps[kept++][1] = gaps[i][1];
		}
	}
	return kept;
}

static bool number_at(const ix_json_cursor *array, size_t index, uint64_t *ret_value) {
	ix_json_cursor at;
	int64_t value;
	if (ix_json_element(array, index, &at, NULL) != 0 ||
		ix_json_get_i64(&at, 0, INT64_MAX, &value, NULL) != 0)
		return false;
	*ret_value = (uint64_t)value;
	return true;
}

/* One of the two documents of NAME.json: counts, or what the captures lost. */
static bool read_document(day *d, ix_str line, uint64_t by_type[256]) {
	ix_json *json;
	ix_error err;
	if (ix_json_parse(ix_str_bytes(line), NULL, &json, &err) != 0) {
		ix_suite_fail(d->name, "%s", err.text);
		return false;
	}
	bool is_good = true;
	ix_json_cursor root = ix_json_root(json), counts, lost;
	if (ix_json_find(&root, "by_type", &counts)) {
		for (ix_json_cursor each = {0}; ix_json_next(&counts, &each);) {
			int64_t count = 0;
			ix_str type = ix_json_name(&each);
			is_good = is_good && type.size == 1 &&
				  ix_json_get_i64(&each, 0, INT64_MAX, &count, NULL) == 0;
			if (is_good) by_type[(uint8_t)type.data[0]] = (uint64_t)count;
		}
	}
	if (ix_json_find(&root, "lost_on_A", &lost)) {
		for (ix_json_cursor each = {0};
			d->gap_count < IX_COUNT(d->gaps) && ix_json_next(&lost, &each); d->gap_count++)
			is_good = is_good && number_at(&each, 0, &d->gaps[d->gap_count][0]) &&
				  number_at(&each, 1, &d->gaps[d->gap_count][1]);
	}
	ix_json_free(json);
	return is_good;
}

static bool read_json(day *d, const char *text, uint64_t by_type[256]) {
	bool is_good = true;
	for (ix_str rest = ix_str_from(text); rest.size > 0;) {
		ix_str line = ix_str_trim(ix_str_cut(&rest, '\n'));
		if (line.size > 0) is_good = read_document(d, line, by_type) && is_good;
	}
	return is_good;
}

static void check_day(day *d, const char *json) {
	static reading from_file, both, alone;
	char name[5000];
	uint64_t by_type[256] = {0};
	memset(&from_file, 0, sizeof from_file), memset(&both, 0, sizeof both),
		memset(&alone, 0, sizeof alone);
	bool is_good = read_json(d, json, by_type);
	d->gap_count = join(d->gaps, d->gap_count);
	check_states(d, "the file", &(ix_source_options){.allocator = ix_os_allocator(), .paths = {d->itch}},
		&from_file);
	snprintf(name, sizeof name, "%s counts by type", d->name);
	ix_suite_check(is_good && memcmp(by_type, from_file.by_type, sizeof by_type) == 0, name,
		"differ from the .json");
	if (!d->line_a[0] || !d->line_b[0]) {
		ix_suite_skip(d->name, "no captures of line A and B");
		return;
	}
	check_states(d, "lines A and B",
		&(ix_source_options){.allocator = ix_os_allocator(), .paths = {d->line_a, d->line_b}}, &both);
	check_states(d, "line A with re-requests",
		&(ix_source_options){
			.allocator = ix_os_allocator(), .paths = {d->line_a}, .rerequest_path = d->itch},
		&alone);
	alone.gap_count = join(alone.gaps, alone.gap_count);
	snprintf(name, sizeof name, "%s gaps of line A", d->name);
	ix_suite_check(alone.gap_count == d->gap_count &&
			       memcmp(alone.gaps, d->gaps, d->gap_count * sizeof d->gaps[0]) == 0,
		name, "%zu were reported, lost_on_A has %zu", alone.gap_count, d->gap_count);
}

static void check_truth(const char *path, const char *name, void *context) {
	(void)context;
	static day d;
	memset(&d, 0, sizeof d);
	char stem[4096], json_path[4096], truth_path[4096];
	const char *end = strstr(path, ".itch");
	snprintf(stem, sizeof stem, "%.*s", (int)(end - path), path);
	snprintf(d.itch, sizeof d.itch, "%s", path);
	d.name = name;
	if (!find_beside(stem, ".json", json_path) || !find_beside(stem, ".truth.csv", truth_path)) return;
	if (!find_beside(stem, ".lineA.pcap", d.line_a)) d.line_a[0] = '\0';
	if (!find_beside(stem, ".lineB.pcap", d.line_b)) d.line_b[0] = '\0';
	char *json = read_text(json_path);
	d.truth = read_text(truth_path);
	if (json && d.truth)
		check_day(&d, json);
	else
		ix_suite_fail(name, "%s or %s cannot be read", json_path, truth_path);
	free(json);
	free(d.truth);
}

void ix_suite_run(const char *directory) {
	ix_suite_each(directory, ".itch", check_file, NULL);
	ix_suite_each(directory, ".itch.xz", check_file, NULL);
	ix_suite_each(directory, ".pcap", check_capture, NULL);
	ix_suite_each(directory, ".itch", check_truth, NULL);
	ix_suite_each(directory, ".itch.xz", check_truth, NULL);
}
