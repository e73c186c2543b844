/* The public captures: every packet of the single-packet ones decodes and encodes to the same bytes, layer by
 * layer; and the synthetic days come out whole and in order from both lines, from one line with a re-request
 * server, and from one line alone with exactly the gaps that were made. */
#include <inox/alloc.h>
#include <inox/itch.h>
#include <inox/mold.h>
#include <inox/ouch.h>
#include <inox/packet.h>
#include <inox/pcap.h>
#include <inox/soup.h>

#include "wire_build.h"

#include <glob.h>
#include <stdlib.h>

/* ---- captures ---- */

typedef void datagram_function(void *context, int64_t time_ns, const ix_packet *packet);

static size_t each_packet(const char *path, datagram_function *function, void *context) {
	size_t size, count = 0;
	uint8_t *whole = ix_testing_read(path, &size);
	static ix_pcap_reader reader;
	ix_pcap_reader_init(&reader, NULL);
	ix_pcap_item item = {0};
	ix_error err = {0};
	for (;;) {
		if (ix_pcap_next_of(&reader, (ix_bytes){whole, size}, &item, &err))
			fail_msg("%s: %s", path, err.text);
		if (item.step == IX_PCAP_END) break;
		ix_packet p;
		if (ix_packet_decode(item.packet.link_type, item.packet.data, item.packet.original_size, true,
			    &p, &err))
			fail_msg("%s: packet %zu: %s", path, count + 1, err.text);
		assert_int_equal(p.ip_check, IX_PACKET_CHECK_GOOD);
		function(context, item.packet.time_ns, &p);
		count++;
	}
	free(whole);
	return count;
}

static void expect_same(const ix_writer *w, ix_bytes bytes) {
	assert_false(w->failed);
	assert_int_equal(w->size, bytes.size);
	assert_memory_equal(w->data, bytes.data, bytes.size);
}

static void itch_packet_comes_back(void *context, int64_t time_ns, const ix_packet *packet) {
	(void)time_ns;
	static uint8_t out[65536];
	assert_int_equal(packet->kind, IX_PACKET_UDP);
	ix_mold_packet mold;
	ix_error err = {0};
	if (ix_mold_decode(packet->payload, &mold, &err)) fail_msg("%s", err.text);
	/* Every message is decoded, encoded, and framed anew. */
	static uint8_t blocks[65536];
	ix_writer body = ix_writer_of(blocks, sizeof blocks);
	ix_bytes left = mold.blocks;
	for (ix_bytes m; ix_mold_next(&left, &m); ++*(size_t *)context) {
		ix_itch_message itch;
		if (ix_itch_decode(m, &itch, &err)) fail_msg("%s", err.text);
		uint8_t framed[2 + IX_ITCH_SIZE_MAX];
		ix_write_bytes(&body, framed, ix_itch_encode_framed(&itch, framed));
	}
	mold.blocks = (ix_bytes){blocks, body.size};
	ix_writer w = ix_writer_of(out, sizeof out);
	ix_mold_encode(&w, &mold);
	expect_same(&w, packet->payload);
}

static void ouch_packet_comes_back(void *context, int64_t time_ns, const ix_packet *packet) {
	(void)time_ns;
	static uint8_t out[65536], message[65536];
	assert_int_equal(packet->kind, IX_PACKET_TCP);
	bool is_client = packet->destination_port < packet->source_port;
	ix_writer w = ix_writer_of(out, sizeof out);
	for (ix_bytes left = packet->payload; left.size > 0;) {
		ix_soup_packet soup;
		size_t used;
		ix_error err = {0};
		if (ix_soup_decode(left, is_client ? IX_SOUP_CLIENT : IX_SOUP_SERVER, &soup, &used, &err))
			fail_msg("%s", err.text);
		left = (ix_bytes){left.data + used, left.size - used};
		if (soup.type == IX_SOUP_SEQUENCED || soup.type == IX_SOUP_UNSEQUENCED) {
			ix_ouch_message m;
			if (ix_ouch_decode(is_client ? IX_OUCH_IN : IX_OUCH_OUT, soup.payload, &m, &err))
				fail_msg("%s", err.text);
			ix_writer body = ix_writer_of(message, sizeof message);
			ix_ouch_encode(&body, &m);
			expect_same(&body, soup.payload);
			soup.payload = (ix_bytes){message, body.size};
		}
		ix_soup_encode(&w, &soup);
		++*(size_t *)context;
	}
	expect_same(&w, packet->payload);
}

static void captures_come_back(const char *pattern, datagram_function *function, size_t files_min) {
	char path[1024];
	snprintf(path, sizeof path, "%s/omi/%s/*.pcap", ix_testing_suite("itch"), pattern);
	glob_t found;
	assert_int_equal(glob(path, 0, NULL, &found), 0);
	size_t packets = 0, messages = 0;
	for (size_t i = 0; i < found.gl_pathc; i++)
		packets += each_packet(found.gl_pathv[i], function, &messages);
	assert_true(found.gl_pathc >= files_min && packets >= found.gl_pathc && messages >= packets);
	globfree(&found);
}

static void every_itch_capture_comes_back_byte_for_byte(void **state) {
	(void)state;
	captures_come_back("*Itch*", itch_packet_comes_back, 8);
}
static void every_ouch_capture_comes_back_byte_for_byte(void **state) {
	(void)state;
	captures_come_back("*Ouch*", ouch_packet_comes_back, 6);
}

/* ---- days ---- */

static void *grown(void *block, size_t size) {
	void *larger = realloc(block, size);
	assert_non_null(larger);
	return larger;
}

typedef struct datagram {
	int64_t time_ns;
	unsigned line;
	ix_bytes bytes;
} datagram;

typedef struct gap {
	uint64_t first, count;
} gap;

typedef struct day {
	uint8_t *itch; /* BinaryFILE */
	size_t itch_size;
	size_t *offsets; /* of message 1 … count, at its length */
	uint64_t count;
	datagram *datagrams;
	size_t datagram_count;
	gap *lost; /* on line A, as the generator says, but those that touch are one */
	size_t lost_count;
	unsigned loading;
	size_t session_extra; /* the generator writes its session's name as it is, also beyond the ten bytes
				 that there are */
	/* what came out of the receiver */
	uint64_t next, lost_messages;
	gap *gaps;
	size_t gap_count;
	bool has_ended;
} day;

static void add_datagram(void *context, int64_t time_ns, const ix_packet *packet) {
	day *d = context;
	assert_int_equal(packet->kind, IX_PACKET_UDP);
	const uint8_t *data = packet->payload.data;
	size_t size = packet->payload.size - d->session_extra, rest = IX_MOLD_SESSION_SIZE + d->session_extra;
	uint8_t *copy = malloc(size);
	memcpy(copy, data, IX_MOLD_SESSION_SIZE);
	memcpy(copy + IX_MOLD_SESSION_SIZE, data + rest, size - IX_MOLD_SESSION_SIZE);
	if ((d->datagram_count & (d->datagram_count - 1)) == 0) { /* a power of two: full */
		d->datagrams = grown(
			d->datagrams, (d->datagram_count ? 2 * d->datagram_count : 1) * sizeof(datagram));
	}
	d->datagrams[d->datagram_count++] = (datagram){time_ns, d->loading, {copy, size}};
}

static int by_time(const void *a, const void *b) {
	const datagram *x = a, *y = b;
	if (x->time_ns != y->time_ns) return x->time_ns < y->time_ns ? -1 : 1;
	return (int)x->line - (int)y->line;
}

static bool message_of(void *context, uint64_t sequence, ix_bytes *ret_message) {
	const day *d = context;
	if (sequence < 1 || sequence > d->count) return false;
	const uint8_t *at = d->itch + d->offsets[sequence - 1];
	*ret_message = (ix_bytes){at + 2, ix_load_u16_be(at)};
	return true;
}
static uint64_t next_of(void *context) { return ((const day *)context)->count + 1; }

/* The pairs behind "lost_on_A": [[first, count], …]. Heartbeats were lost too (count 0), and neighbours look
 * like one. */
static void load_lost(day *d, const char *json) {
	const char *session = strstr(json, "\"session\": \""), *at = strstr(json, "\"lost_on_A\"");
	assert_non_null(session);
	assert_non_null(at);
	session += strlen("\"session\": \"");
	d->session_extra = strcspn(session, "\"") - IX_MOLD_SESSION_SIZE;
	at = strchr(at, '[');
	assert_non_null(at);
	at++;
	while ((at = strpbrk(at, "[]")) && *at == '[') {
		char *end;
		uint64_t first = strtoull(at + 1, &end, 10), count = strtoull(end + 1, &end, 10);
		at = strchr(end, ']');
		assert_non_null(at);
		at++;
		if (count == 0) continue;
		gap *last = d->lost_count ? &d->lost[d->lost_count - 1] : NULL;
		if (last && last->first + last->count == first) {
			last->count += count;
			continue;
		}
		d->lost = grown(d->lost, (d->lost_count + 1) * sizeof(gap));
		d->lost[d->lost_count++] = (gap){first, count};
	}
}

static void load_day(day *d, const char *stem, bool with_b) {
	char path[1100];
	snprintf(path, sizeof path, "%s.itch.xz", stem);
	d->itch = ix_testing_read(path, &d->itch_size);
	d->offsets = calloc(d->itch_size / 3 + 1, sizeof(size_t));
	assert_non_null(d->offsets);
	for (size_t at = 0; at < d->itch_size; at += 2 + (size_t)ix_load_u16_be(d->itch + at))
		d->offsets[d->count++] = at;
	snprintf(path, sizeof path, "%s.json.xz", stem);
	size_t size;
	uint8_t *json = ix_testing_read(path, &size);
	char *text = malloc(size + 1);
	memcpy(text, json, size);
	text[size] = '\0';
	load_lost(d, text);
	free(text);
	free(json);
	for (d->loading = 0; d->loading < (with_b ? 2u : 1u); d->loading++) {
		snprintf(path, sizeof path, "%s.line%c.pcap.xz", stem, "AB"[d->loading]);
		(void)each_packet(path, add_datagram, d);
	}
	qsort(d->datagrams, d->datagram_count, sizeof(datagram), by_time);
	d->next = 1;
}

static void free_day(day *d) {
	for (size_t i = 0; i < d->datagram_count; i++) free((void *)(uintptr_t)d->datagrams[i].bytes.data);
	free(d->datagrams);
	free(d->itch);
	free(d->offsets);
	free(d->lost);
	free(d->gaps);
}

static void take_events(day *d, ix_mold_receiver *receiver) {
	ix_mold_event e;
	while (ix_mold_receiver_next(receiver, &e) != IX_MOLD_NONE) {
		if (e.kind == IX_MOLD_MESSAGE) {
			ix_bytes truth = {0};
			assert_int_equal(e.sequence, d->next);
			assert_true(message_of(d, d->next++, &truth));
			assert_int_equal(e.message.size, truth.size);
			assert_memory_equal(e.message.data, truth.data, truth.size);
		} else if (e.kind == IX_MOLD_GAP) {
			d->gaps = grown(d->gaps, (d->gap_count + 1) * sizeof(gap));
			d->gaps[d->gap_count++] = (gap){e.sequence, e.count};
		} else if (e.kind == IX_MOLD_LOST) {
			assert_int_equal(e.sequence, d->next);
			d->next += e.count;
			d->lost_messages += e.count;
		} else if (e.kind == IX_MOLD_END) {
			assert_int_equal(e.sequence, d->count + 1);
			d->has_ended = true;
		}
	}
}

/* Answers come in the next moment. */
static void ask_and_answer(day *d, ix_mold_receiver *receiver, ix_mold_server *server, int64_t now_ns) {
	uint8_t request[IX_MOLD_HEADER_SIZE], answer[IX_MOLD_PACKET_SIZE];
	while (ix_mold_receiver_request(receiver, request)) {
		size_t size = 0;
		assert_int_equal(ix_mold_server_answer(server, (ix_bytes){request, sizeof request}, answer,
					 sizeof answer, &size, NULL),
			0);
		assert_true(size > 0);
		ix_bytes answered = {answer, size};
		assert_int_equal(
			ix_mold_receiver_push(receiver, IX_MOLD_LINE_REREQUEST, now_ns, answered, NULL), 0);
		take_events(d, receiver);
	}
}

static void replay(day *d, bool with_server) {
	ix_mold_options options = {.first_sequence = 1,
		.rerequest = with_server,
		.request_interval_ns = 1,
		.gap_wait_ns = 1000000000}; /* the two lines' clocks differ by what line A has lost */
	ix_mold_receiver *receiver;
	assert_int_equal(ix_mold_receiver_new(ix_os_allocator(), &options, &receiver, NULL), 0);
	ix_mold_server server = {.store = {message_of, next_of, d}};
	memcpy(server.session, d->datagrams[0].bytes.data, IX_MOLD_SESSION_SIZE);
	int64_t now_ns = 0;
	for (size_t i = 0; i < d->datagram_count; i++) {
		const datagram *g = &d->datagrams[i];
		now_ns = g->time_ns;
		assert_int_equal(ix_mold_receiver_push(receiver, g->line, now_ns, g->bytes, NULL), 0);
		take_events(d, receiver);
		ask_and_answer(d, receiver, &server, now_ns);
	}
	ix_mold_receiver_finish(receiver);
	take_events(d, receiver);
	for (int i = 0; i < 1000 && ix_mold_receiver_deadline(receiver) != INT64_MAX; i++) {
		now_ns = ix_mold_receiver_deadline(receiver);
		ix_mold_receiver_advance(receiver, now_ns);
		take_events(d, receiver);
		ask_and_answer(d, receiver, &server, now_ns);
	}
	assert_true(d->has_ended);
	assert_int_equal(d->next, d->count + 1);
	const ix_mold_stats *stats = ix_mold_receiver_stats(receiver);
	assert_int_equal(stats->message_count + d->lost_messages, d->count);
	assert_int_equal(stats->lost_messages, d->lost_messages);
	ix_mold_receiver_free(receiver);
}

static void each_day(bool with_b, bool with_server, void (*check)(const day *d)) {
	char pattern[1100];
	snprintf(pattern, sizeof pattern, "%s/*.lineA.pcap.xz", ix_testing_suite("itch"));
	glob_t found;
	assert_int_equal(glob(pattern, 0, NULL, &found), 0);
	for (size_t i = 0; i < found.gl_pathc; i++) {
		char stem[1024];
		snprintf(stem, sizeof stem, "%.*s",
			(int)(strlen(found.gl_pathv[i]) - strlen(".lineA.pcap.xz")), found.gl_pathv[i]);
		day d = {0};
		load_day(&d, stem, with_b);
		replay(&d, with_server);
		check(&d);
		free_day(&d);
	}
	globfree(&found);
}

static void nothing_is_missing(const day *d) {
	assert_int_equal(d->gap_count, 0);
	assert_int_equal(d->lost_messages, 0);
}
static void the_gaps_are_those_that_were_made(const day *d) {
	assert_true(d->lost_count > 0);
	assert_int_equal(d->gap_count, d->lost_count);
	assert_memory_equal(d->gaps, d->lost, d->lost_count * sizeof(gap));
}
static void the_gaps_were_filled(const day *d) {
	the_gaps_are_those_that_were_made(d);
	assert_int_equal(d->lost_messages, 0);
}
static void only_the_gaps_were_lost(const day *d) {
	the_gaps_are_those_that_were_made(d);
	uint64_t sum = 0;
	for (size_t i = 0; i < d->lost_count; i++) sum += d->lost[i].count;
	assert_int_equal(d->lost_messages, sum);
}

static void both_lines_give_a_whole_day_in_order(void **state) {
	(void)state;
	each_day(true, false, nothing_is_missing);
}
static void one_line_with_a_server_gives_a_whole_day_and_the_exact_gaps(void **state) {
	(void)state;
	each_day(false, true, the_gaps_were_filled);
}
static void one_line_alone_goes_on_over_the_exact_gaps(void **state) {
	(void)state;
	each_day(false, false, only_the_gaps_were_lost);
}

IX_TESTS(test_wire_suite, cmocka_unit_test(every_itch_capture_comes_back_byte_for_byte),
	cmocka_unit_test(every_ouch_capture_comes_back_byte_for_byte),
	cmocka_unit_test(both_lines_give_a_whole_day_in_order),
	cmocka_unit_test(one_line_with_a_server_gives_a_whole_day_and_the_exact_gaps),
	cmocka_unit_test(one_line_alone_goes_on_over_the_exact_gaps));
