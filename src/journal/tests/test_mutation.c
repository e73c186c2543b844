/* Hostile bytes: every truncation and a population of mutated journals go through opening, reading and
 * verifying. Never a crash, never a record that was not written, and an error that says where. */
#include "helpers.h"

enum { FILE_COUNT = 5, MUTATIONS = 2400, MUTATIONS_LONG = 100000, RECORDS = 40, MUTANT_MAX = 16384 };

static const char *const names[FILE_COUNT] = {SEGMENT_1, SEGMENT_2, MARK_FILE_NAME,
	"snapshot-00000000000000000020.ixs", "segment-000000000001.ixi"};

typedef struct sample {
	bench b;
	test_file files[FILE_COUNT];
	uint8_t mutant[MUTANT_MAX];
} sample;

static void sample_init(sample *s, bool chained) {
	ix_journal_snapshot_out *out;
	bench_init(&s->b);
	s->b.options.segment_size = 4096;
	s->b.options.payload_max = 1000;
	s->b.options.chained = chained;
	bench_open(&s->b);
	while (ix_journal_last_sequence(s->b.journal) < (chained ? 25 : RECORDS))
		append_many(s->b.journal, 1);
	commit(s->b.journal);
	assert_int_equal(ix_journal_snapshot_begin(s->b.journal, 20, &out, NULL), 0);
	assert_int_equal(ix_journal_snapshot_write(out, "twenty records", 14, NULL), 0);
	assert_int_equal(ix_journal_snapshot_commit(out, NULL), 0);
	bench_close(&s->b);
	for (size_t i = 0; i < FILE_COUNT; i++) s->files[i] = load_file(s->b.system, BENCH_PATH, names[i]);
}

static void sample_fini(sample *s) {
	for (size_t i = 0; i < FILE_COUNT; i++) free(s->files[i].data);
	bench_fini(&s->b);
}

/* As it was; what opening went on with is gone. */
static void restore(sample *s) {
	(void)ix_file_remove(s->b.system, "j/" SEGMENT_3, NULL);
	(void)ix_file_remove(s->b.system, "j/segment-000000000002.ixi", NULL);
	for (size_t i = 0; i < FILE_COUNT; i++)
		store_file(s->b.system, BENCH_PATH, names[i], s->files[i].data, s->files[i].size);
}

static void must_say_where(const ix_error *err) {
	if (!strstr(err->text, "offset") && !strstr(err->text, "ixs") && !strstr(err->text, "segments"))
		fail_msg("an error without a place: %s", err->text);
	assert_null(strchr(err->text, '\n'));
}

/* Whatever the bytes are: records before damage are the right ones, and then there is an error or an early
 * end. */
static void read_all(sample *s) {
	ix_journal_reader *reader;
	const ix_journal_record *record;
	ix_error err = {0};
	ix_journal_reader_options options = {.system = s->b.system};
	int code = ix_journal_reader_open(BENCH_PATH, &options, &reader, &err);
	if (code == 0) {
		uint64_t due = 0;
		while ((code = ix_journal_reader_next(reader, &record, &err)) == 0 && record) {
			if (due && record->sequence != due)
				fail_msg("sequence %llu", (unsigned long long)record->sequence);
			check_record(record, record->sequence);
			due = record->sequence + 1;
		}
		(void)ix_journal_reader_seek(reader, 17, NULL);
		if (ix_journal_reader_next(reader, &record, NULL) == 0 && record && record->sequence == 17)
			check_record(record, 17);
		ix_journal_reader_close(reader);
	}
	if (code) must_say_where(&err);
}

static void open_and_append(sample *s) {
	ix_error err = {0};
	ix_journal *j;
	ix_journal_recovery found;
	int code = ix_journal_open(BENCH_PATH, &s->b.options, &j, &found, &err);
	if (code) {
		must_say_where(&err);
		return;
	}
	append_many(j, 3);
	code = ix_journal_close(j, &err);
	if (code) fail_msg("%s", err.text);
}

static void put_through(sample *s, size_t which, size_t size) {
	store_file(s->b.system, BENCH_PATH, names[which], s->mutant, size);
	ix_journal_report report;
	ix_error err = {0};
	ix_journal_verify_options options = {.system = s->b.system};
	if (ix_journal_verify(BENCH_PATH, &options, &report, &err)) must_say_where(&err);
	read_all(s);
	ix_journal_snapshot *snapshot;
	if (ix_journal_snapshot_open(BENCH_PATH, s->b.system, 0, &snapshot, &err) == 0)
		ix_journal_snapshot_close(snapshot);
	open_and_append(s);
	restore(s);
}

static void every_truncation_is_survived(void **state) {
	(void)state;
	static sample s;
	for (int chained = 0; chained < 2; chained++) {
		sample_init(&s, chained);
		for (size_t which = 0; which < FILE_COUNT; which++) {
			size_t step = ix_testing_long() ? 1 : 5;
			for (size_t size = 0; size < s.files[which].size; size += step) {
				memcpy(s.mutant, s.files[which].data, size);
				put_through(&s, which, size);
			}
		}
		sample_fini(&s);
	}
}

/* One edit: a bit, a byte, a run of one value, a word from elsewhere, a piece moved, cut out or put in. */
static size_t mutate(sample *s, ix_rng *rng, size_t size) {
	if (size < 8) return size;
	size_t at = (size_t)ix_rng_below(rng, size), run = 1 + (size_t)ix_rng_below(rng, 64);
	if (run > size - at) run = size - at;
	size_t from = (size_t)ix_rng_below(rng, size - run + 1);
	switch (ix_rng_below(rng, 8)) {
	case 0: s->mutant[at] ^= (uint8_t)(1 << ix_rng_below(rng, 8)); break;
	case 1: s->mutant[at] = (uint8_t)ix_rng_u64(rng); break;
	case 2: memset(s->mutant + at, ix_rng_chance(rng, 1, 2) ? 0 : 0xFF, run); break;
	case 3: memmove(s->mutant + at, s->mutant + from, run); break;
	case 4: /* cut out */
		memmove(s->mutant + at, s->mutant + at + run, size - at - run);
		return size - run;
	case 5: /* put in */
		if (size + run > MUTANT_MAX) return size;
		memmove(s->mutant + at + run, s->mutant + at, size - at);
		return size + run;
	case 6: return at;
	default: { /* an interesting number where a field may be */
		static const uint64_t numbers[] = {0, 1, 7, 127, 128, 255, 4096, 65535, 0x7FFFFFFF,
			0xFFFFFFFF, INT64_MAX, UINT64_MAX, (uint64_t)INT64_MAX + 1};
		uint64_t number = numbers[ix_rng_below(rng, IX_COUNT(numbers))];
		size_t place = (at & ~(size_t)3) > size - 8 ? size - 8 : at & ~(size_t)3;
		memcpy(s->mutant + place, &number, ix_rng_chance(rng, 1, 2) ? 4 : 8);
	}
	}
	return size;
}

static void mutations_are_survived(void **state) {
	(void)state;
	static sample s;
	ix_rng rng;
	ix_rng_seed(&rng, ix_testing_seed());
	for (int chained = 0; chained < 2; chained++) {
		sample_init(&s, chained);
		int count = (ix_testing_long() ? MUTATIONS_LONG : MUTATIONS) / 2;
		for (int i = 0; i < count; i++) {
			size_t which = (size_t)ix_rng_below(&rng, FILE_COUNT), size = s.files[which].size;
			memcpy(s.mutant, s.files[which].data, size);
			for (uint64_t edits = 1 + ix_rng_below(&rng, 4); edits > 0; edits--)
				size = mutate(&s, &rng, size);
			put_through(&s, which, size);
			if (i % 100 == 0)
				verify_whole(s.b.system, BENCH_PATH); /* each starts from a whole one */
		}
		sample_fini(&s);
	}
}

IX_TESTS(test_mutation, cmocka_unit_test(every_truncation_is_survived),
	cmocka_unit_test(mutations_are_survived));
