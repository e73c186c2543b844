/* The hash chain: whatever is altered, dropped, inserted or moved is found, and located as closely as the
 * known heads allow. */
#include "helpers.h"

#include <inox/reader.h>

enum { COUNT = 60, HEAD_COUNT = 5 };

typedef struct chained {
	bench b;
	ix_journal_head heads[HEAD_COUNT]; /* after 10, 20, 30, 40, 50 */
	uint64_t segment[COUNT + 1], offset[COUNT + 1];
} chained;

/* A journal of 60 records whose record number `different` (0: none) says something else. */
static void chained_init(chained *c, uint64_t different) {
	memset(c, 0, sizeof *c);
	bench_init(&c->b);
	c->b.options.segment_size = 4096;
	c->b.options.payload_max = 1000;
	c->b.options.chained = true;
	bench_open(&c->b);
	for (uint64_t i = 1; i <= COUNT; i++) {
		if (i == different)
			assert_int_equal(ix_journal_append(c->b.journal, kind_of(i),
						 ix_str_bytes(IX_STR("another")), NULL, NULL),
				0);
		else
			append_one(c->b.journal);
		if (i % 10 == 0 && i <= 10 * HEAD_COUNT)
			assert_int_equal(ix_journal_get_head(c->b.journal, &c->heads[i / 10 - 1], NULL), 0);
	}
	bench_close(&c->b);
	ix_journal_reader *reader;
	const ix_journal_record *record;
	ix_error err = {0};
	ix_journal_reader_options options = {.system = c->b.system};
	must(ix_journal_reader_open(BENCH_PATH, &options, &reader, &err), &err);
	for (uint64_t i = 1; i <= COUNT; i++) {
		must(ix_journal_reader_next(reader, &record, &err), &err);
		c->segment[i] = record->segment;
		c->offset[i] = record->offset;
		if (i % 10 == 0 && i <= 10 * HEAD_COUNT)
			assert_memory_equal(record->hash, c->heads[i / 10 - 1].hash, IX_JOURNAL_HASH_SIZE);
	}
	ix_journal_reader_close(reader);
}

typedef struct found {
	size_t count;
	ix_journal_finding first;
	char text[IX_ERROR_TEXT_MAX];
} found;

static void note(void *context, const ix_journal_finding *finding) {
	found *f = context;
	if (f->count++ > 0) return;
	f->first = *finding;
	snprintf(f->text, sizeof f->text, "%s", finding->text);
}

static found check(const chained *c, const ix_journal_head *heads, size_t count, uint64_t *ret_checked) {
	found f = {0};
	ix_journal_report report = {0};
	ix_error err = {0};
	ix_journal_verify_options options = {
		.heads = heads, .head_count = count, .found = note, .context = &f, .system = c->b.system};
	must(ix_journal_verify(BENCH_PATH, &options, &report, &err), &err);
	assert_int_equal(report.finding_count, f.count);
	assert_true(report.chained);
	if (ret_checked) *ret_checked = report.heads_checked;
	return f;
}

static void known_heads_are_confirmed_in_any_order(void **state) {
	(void)state;
	chained c;
	chained_init(&c, 0);
	ix_journal_head shuffled[HEAD_COUNT] = {c.heads[3], c.heads[0], c.heads[4], c.heads[1], c.heads[2]};
	uint64_t checked;
	assert_int_equal(check(&c, shuffled, HEAD_COUNT, &checked).count, 0);
	assert_int_equal(checked, HEAD_COUNT);
	bench_fini(&c.b);
}

static void the_head_of_an_empty_journal_is_its_beginning(void **state) {
	(void)state;
	chained c;
	bench_init(&c.b);
	c.b.options.chained = true;
	bench_open(&c.b);
	ix_journal_head head;
	assert_int_equal(ix_journal_get_head(c.b.journal, &head, NULL), 0);
	assert_int_equal(head.sequence, 0);
	append_many(c.b.journal, 3);
	bench_close(&c.b);
	uint64_t checked;
	assert_int_equal(check(&c, &head, 1, &checked).count, 0);
	assert_int_equal(checked, 1);
	head.hash[5] ^= 1;
	assert_int_equal(check(&c, &head, 1, NULL).first.damage, IX_JOURNAL_DAMAGE_HEAD);
	bench_fini(&c.b);
}

static void an_unchained_journal_has_no_head(void **state) {
	(void)state;
	bench b;
	bench_init(&b);
	bench_open(&b);
	ix_journal_head head;
	assert_int_equal(ix_journal_get_head(b.journal, &head, NULL), IX_ERR_UNSUPPORTED);
	bench_fini(&b);
}

/* Somebody rewrote the whole journal from record 25 on, hashes, checksums and mark: only the heads know. */
static void a_rewritten_history_is_located_between_two_heads(void **state) {
	(void)state;
	chained c, forged;
	chained_init(&c, 0);
	chained_init(&forged, 25);
	found f = check(&forged, c.heads, HEAD_COUNT, NULL);
	assert_int_equal(f.count, 3); /* after 30, 40 and 50 */
	assert_int_equal(f.first.damage, IX_JOURNAL_DAMAGE_HEAD);
	assert_int_equal(f.first.sequence, 30);
	assert_non_null(strstr(f.text, "changed after sequence 20"));
	assert_int_equal(check(&forged, NULL, 0, NULL).count, 0);
	bench_fini(&forged.b);
	bench_fini(&c.b);
}

static void a_truncated_history_is_shorter_than_a_known_head(void **state) {
	(void)state;
	chained c;
	chained_init(&c, 0);
	assert_int_equal(ix_journal_cut_after(BENCH_PATH, c.b.system, 35, NULL), 0);
	assert_int_equal(check(&c, NULL, 0, NULL).count, 0);
	found f = check(&c, c.heads, HEAD_COUNT, NULL);
	assert_int_equal(f.count, 2); /* 40 and 50 */
	assert_int_equal(f.first.damage, IX_JOURNAL_DAMAGE_LOST);
	assert_int_equal(f.first.sequence, 36);
	assert_non_null(strstr(f.text, "known head is of sequence 40"));
	bench_fini(&c.b);
}

/* A record with another payload of the same size and a right checksum; its stored hash as told. */
static void reseal(chained *c, uint64_t at, const uint8_t *payload, const uint8_t *hash) {
	char name[IX_JOURNAL_FILE_NAME_MAX];
	segment_header header;
	uint8_t copy[PAYLOAD_MAX], chain[IX_JOURNAL_HASH_SIZE];
	segment_name(c->segment[at], name);
	test_file file = load_file(c->b.system, BENCH_PATH, name);
	assert_int_equal(
		segment_header_decode((ix_bytes){file.data, file.size}, &header, NULL), HEADER_WHOLE);
	uint8_t *to = file.data + c->offset[at];
	record_view old;
	assert_null(record_parse(&header, c->offset[at], (ix_bytes){to, file.size - c->offset[at]}, &old));
	record_fields fields = {.sequence = at,
		.time_ns = old.time_ns,
		.offset = c->offset[at],
		.back = old.back,
		.salt = header.salt,
		.payload_size = (uint32_t)old.payload.size,
		.kind = old.kind};
	memcpy(copy, payload, old.payload.size);
	memcpy(chain, hash, sizeof chain); /* becomes the former hash of what record_seal writes */
	memcpy(to + RECORD_HEADER_SIZE + IX_JOURNAL_HASH_SIZE, copy, old.payload.size);
	record_seal(to, &fields, chain);
	store_file(c->b.system, BENCH_PATH, name, file.data, file.size);
	free(file.data);
}

static uint64_t record_with_payload(uint64_t from) {
	uint8_t bytes[PAYLOAD_MAX];
	while (payload_of(from, bytes).size < 20) from++;
	return from;
}

static void stored_hash(chained *c, uint64_t sequence, uint8_t out[IX_JOURNAL_HASH_SIZE]) {
	char name[IX_JOURNAL_FILE_NAME_MAX];
	segment_name(c->segment[sequence], name);
	test_file file = load_file(c->b.system, BENCH_PATH, name);
	memcpy(out, file.data + c->offset[sequence] + RECORD_HEADER_SIZE, IX_JOURNAL_HASH_SIZE);
	free(file.data);
}

/* With the hash that follows from its predecessor: then it is the next record that does not follow. */
static void an_altered_record_is_located_to_the_record(void **state) {
	(void)state;
	chained c;
	chained_init(&c, 0);
	uint64_t altered = record_with_payload(33);
	uint8_t payload[PAYLOAD_MAX], former[IX_JOURNAL_HASH_SIZE];
	payload_of(altered, payload);
	payload[7] ^= 1;
	stored_hash(&c, altered - 1, former);
	reseal(&c, altered, payload, former);
	found f = check(&c, NULL, 0, NULL);
	assert_true(f.count >= 1);
	assert_int_equal(f.first.damage, IX_JOURNAL_DAMAGE_CHAIN);
	assert_int_equal(f.first.sequence, altered + 1);
	assert_int_equal(
		f.first.offset, c.segment[altered + 1] == c.segment[altered] ? c.offset[altered + 1] : 80);
	bench_fini(&c.b);

	/* With a hash that follows from nothing: it is this one. */
	chained_init(&c, 0);
	memset(former, 1, sizeof former);
	reseal(&c, altered, payload, former);
	f = check(&c, NULL, 0, NULL);
	assert_int_equal(f.first.damage, IX_JOURNAL_DAMAGE_CHAIN);
	assert_int_equal(f.first.sequence, altered);
	bench_fini(&c.b);
}

static void a_writer_does_not_open_a_broken_chain(void **state) {
	(void)state;
	chained c;
	chained_init(&c, 0);
	uint64_t altered = COUNT;
	uint8_t payload[PAYLOAD_MAX], former[IX_JOURNAL_HASH_SIZE];
	while (record_with_payload(altered) != altered) altered--;
	payload_of(altered, payload);
	payload[0] ^= 1;
	stored_hash(&c, altered - 1, former);
	reseal(&c, altered, payload, former);
	/* The last record, well made: only the mark remembers another. */
	bench_refuses(
		&c.b, IX_ERR_CHECKSUM, "sequence", altered == COUNT ? "was durable" : "does not follow");
	bench_fini(&c.b);
}

/* The second segment of a journal of the same identity whose first says something else. */
static void a_segment_of_another_history_does_not_follow(void **state) {
	(void)state;
	chained c, forged;
	chained_init(&c, 0);
	chained_init(&forged, 5);
	assert_int_equal(c.segment[5], 1);
	for (uint64_t number = 2; number <= c.segment[COUNT]; number++) {
		char name[IX_JOURNAL_FILE_NAME_MAX];
		segment_name(number, name);
		test_file file = load_file(forged.b.system, BENCH_PATH, name);
		store_file(c.b.system, BENCH_PATH, name, file.data, file.size);
		free(file.data);
	}
	remove_file(c.b.system, BENCH_PATH, MARK_FILE_NAME);
	c.b.options.check_all = true;
	/* The forged one has a shorter record, so that its second segment may begin with another sequence. */
	ix_journal *j;
	ix_error err = {0};
	int code = ix_journal_open(BENCH_PATH, &c.b.options, &j, NULL, &err);
	assert_true(code == IX_ERR_CHECKSUM || code == IX_ERR_TRUNCATED || code == IX_ERR_INVALID);
	assert_int_not_equal(verify(c.b.system, BENCH_PATH).finding_count, 0);
	bench_fini(&forged.b);
	bench_fini(&c.b);
}

/* Two segments of five records; the last of the first says something. */
static void write_two_segments(bench *b, ix_str something) {
	bench_init(b);
	b->options.chained = true;
	bench_open(b);
	append_many(b->journal, 4);
	assert_int_equal(ix_journal_append(b->journal, 5, ix_str_bytes(something), NULL, NULL), 0);
	assert_int_equal(ix_journal_rotate(b->journal, NULL), 0);
	append_many(b->journal, 5);
	bench_close(b);
}

/* The same, where only the chain can tell: both first segments end with the same sequence. */
static void segments_are_chained_to_each_other(void **state) {
	(void)state;
	bench b, other;
	ix_error err = {0};
	write_two_segments(&b, IX_STR("us"));
	write_two_segments(&other, IX_STR("them"));
	test_file file = load_file(other.system, BENCH_PATH, SEGMENT_2);
	store_file(b.system, BENCH_PATH, SEGMENT_2, file.data, file.size);
	free(file.data);
	remove_file(b.system, BENCH_PATH, MARK_FILE_NAME);
	b.options.check_all = true;
	bench_refuses(&b, IX_ERR_CHECKSUM, SEGMENT_2, "does not follow");
	ix_journal_reader *reader;
	const ix_journal_record *record;
	ix_journal_reader_options options = {.system = b.system};
	must(ix_journal_reader_open(BENCH_PATH, &options, &reader, &err), &err);
	for (uint64_t i = 1; i <= 5; i++) must(ix_journal_reader_next(reader, &record, &err), &err);
	assert_int_equal(ix_journal_reader_next(reader, &record, &err), IX_ERR_CHECKSUM);
	assert_non_null(strstr(err.text, SEGMENT_2));
	ix_journal_reader_close(reader);
	ix_journal_report report = verify(b.system, BENCH_PATH);
	assert_int_equal(report.finding_count, 2); /* the mark, and this */
	bench_fini(&other);
	bench_fini(&b);
}

static void heads_from_before_what_is_kept_are_not_checked(void **state) {
	(void)state;
	chained c;
	chained_init(&c, 0);
	bench_open(&c.b);
	assert_int_equal(ix_journal_drop_before(c.b.journal, c.segment[35] ? 35 : 0, NULL), 0);
	uint64_t first = ix_journal_first_sequence(c.b.journal);
	bench_close(&c.b);
	assert_true(first > 1 && first <= 35);
	uint64_t checked, expected = 0;
	for (size_t i = 0; i < HEAD_COUNT; i++) expected += c.heads[i].sequence >= first - 1;
	assert_int_equal(check(&c, c.heads, HEAD_COUNT, &checked).count, 0);
	assert_int_equal(checked, expected);
	bench_fini(&c.b);
}

static void too_many_heads_are_refused(void **state) {
	(void)state;
	static ix_journal_head heads[IX_JOURNAL_HEAD_MAX + 1];
	chained c;
	chained_init(&c, 0);
	ix_journal_report report;
	ix_journal_verify_options options = {
		.heads = heads, .head_count = IX_JOURNAL_HEAD_MAX + 1, .system = c.b.system};
	assert_int_equal(ix_journal_verify(BENCH_PATH, &options, &report, NULL), IX_ERR_LIMIT);
	bench_fini(&c.b);
}

IX_TESTS(test_chain, cmocka_unit_test(known_heads_are_confirmed_in_any_order),
	cmocka_unit_test(the_head_of_an_empty_journal_is_its_beginning),
	cmocka_unit_test(an_unchained_journal_has_no_head),
	cmocka_unit_test(a_rewritten_history_is_located_between_two_heads),
	cmocka_unit_test(a_truncated_history_is_shorter_than_a_known_head),
	cmocka_unit_test(an_altered_record_is_located_to_the_record),
	cmocka_unit_test(a_writer_does_not_open_a_broken_chain),
	cmocka_unit_test(a_segment_of_another_history_does_not_follow),
	cmocka_unit_test(segments_are_chained_to_each_other),
	cmocka_unit_test(heads_from_before_what_is_kept_are_not_checked),
	cmocka_unit_test(too_many_heads_are_refused));
