/* samples.h - a closed journal with the place of each of its records, and what verifying and reading say of
 * it when it was damaged. */
#ifndef JOURNAL_TESTS_SAMPLES_H
#define JOURNAL_TESTS_SAMPLES_H

#include "helpers.h"

enum { RECORD_MAX = 80 };

/* A closed journal of three segments; where each record is. */
typedef struct sample {
	bench b;
	size_t count;
	uint64_t segment[RECORD_MAX + 1], offset[RECORD_MAX + 1]; /* by sequence */
	uint64_t last_segment;
} sample;

HELPER void locate(sample *s) {
	ix_journal_reader *reader;
	const ix_journal_record *record;
	ix_error err = {0};
	ix_journal_reader_options options = {.system = s->b.system};
	must(ix_journal_reader_open(BENCH_PATH, &options, &reader, &err), &err);
	s->count = 0;
	for (;;) {
		must(ix_journal_reader_next(reader, &record, &err), &err);
		if (!record) break;
		s->count++;
		s->segment[record->sequence] = record->segment;
		s->offset[record->sequence] = record->offset;
		s->last_segment = record->segment;
	}
	ix_journal_reader_close(reader);
}

HELPER void sample_init(sample *s, size_t count, bool chained) {
	bench_init(&s->b);
	s->b.options.segment_size = 4096;
	s->b.options.payload_max = 1000;
	s->b.options.chained = chained;
	s->b.options.check_all = true;
	bench_open(&s->b);
	for (size_t i = 0; i < count; i++) {
		append_one(s->b.journal);
		if (i % 3 == 0) commit(s->b.journal);
	}
	bench_close(&s->b);
	locate(s);
	assert_int_equal(s->count, count);
}

HELPER uint64_t record_at(const sample *s, uint64_t segment, uint64_t offset) {
	uint64_t found = 0;
	for (uint64_t i = 1; i <= s->count; i++)
		if (s->segment[i] == segment && s->offset[i] <= offset) found = i;
	return found;
}

typedef struct first_finding {
	ix_journal_finding finding;
	char text[IX_ERROR_TEXT_MAX];
	size_t count;
} first_finding;

HELPER void note_finding(void *context, const ix_journal_finding *finding) {
	first_finding *first = context;
	if (first->count++ > 0) return;
	first->finding = *finding;
	snprintf(first->text, sizeof first->text, "%s", finding->text);
}

HELPER first_finding findings(const sample *s) {
	first_finding first = {0};
	ix_journal_report report;
	ix_error err = {0};
	ix_journal_verify_options options = {.system = s->b.system, .found = note_finding, .context = &first};
	must(ix_journal_verify(BENCH_PATH, &options, &report, &err), &err);
	assert_int_equal(report.finding_count, first.count);
	return first;
}

/* The reader gives all that is before the damage, then an error with the place, again and again. */
HELPER void reader_stops_before(const sample *s, uint64_t sequence, const char *name) {
	ix_journal_reader *reader;
	const ix_journal_record *record = NULL;
	ix_error err = {0};
	ix_journal_reader_options options = {.system = s->b.system};
	uint64_t due = 1;
	int code = ix_journal_reader_open(BENCH_PATH, &options, &reader, &err);
	if (code == 0) {
		while ((code = ix_journal_reader_next(reader, &record, &err)) == 0 && record)
			check_record(record, due++);
		assert_int_not_equal(ix_journal_reader_next(reader, &record, NULL), 0);
		ix_journal_reader_close(reader);
	}
	assert_int_not_equal(code, 0);
	assert_int_equal(due, sequence);
	if (!strstr(err.text, name)) fail_msg("'%s' does not name %s", err.text, name);
}

#endif
