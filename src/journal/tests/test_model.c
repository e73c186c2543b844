/* Random lives against a model that is a list: whatever is done to a journal, it says what the list says. */
#include "helpers.h"

typedef struct model {
	bench b;
	ix_rng rng;
	uint64_t last, durable;
	uint64_t segments[512]; /* first sequence of each that was begun, in the model's eyes */
	uint64_t first;
	uint64_t snapshot;
	ix_journal_head heads[64];
	size_t head_count;
	ix_journal_reader *reader; /* one that lives beside the writer */
	uint64_t reader_due;
} model;

static void check_state(model *m) {
	assert_int_equal(ix_journal_last_sequence(m->b.journal), m->last);
	assert_int_equal(ix_journal_durable_sequence(m->b.journal), m->durable);
	assert_true(ix_journal_first_sequence(m->b.journal) <= m->last + 1);
}

static void reopen(model *m, bool crash) {
	if (crash) {
		bench_crash(&m->b);
	} else {
		bench_close(&m->b);
		m->durable = m->last;
	}
	m->b.options.check_all = ix_rng_chance(&m->rng, 1, 3);
	bench_open(&m->b);
	uint64_t last = m->b.recovery.last_sequence;
	assert_in_range(last, m->durable, m->last);
	assert_false(m->b.recovery.torn); /* the memory that was written is all there */
	assert_int_equal(m->b.recovery.snapshot_sequence, m->snapshot);
	assert_true(m->b.recovery.first_sequence >= m->first);
	m->first = m->b.recovery.first_sequence;
	m->last = m->durable = last;
	while (m->head_count > 0 && m->heads[m->head_count - 1].sequence > last) m->head_count--;
	if (m->reader_due > last + 1) { /* it had read what was never committed, and what came back differs */
		ix_journal_reader_close(m->reader);
		m->reader = NULL;
	}
}

static void snapshot(model *m) {
	ix_journal_snapshot_out *out;
	ix_error err = {0};
	if (m->durable == 0) return;
	must(ix_journal_snapshot_begin(m->b.journal, m->durable, &out, &err), &err);
	must(ix_journal_snapshot_write(out, &m->durable, sizeof m->durable, &err), &err);
	if (ix_rng_chance(&m->rng, 1, 4)) {
		ix_journal_snapshot_abort(out);
		return;
	}
	must(ix_journal_snapshot_commit(out, &err), &err);
	m->snapshot = m->durable;
}

static void retain(model *m) {
	ix_error err = {0};
	uint64_t from = ix_journal_first_sequence(m->b.journal);
	if (ix_rng_chance(&m->rng, 1, 2)) {
		must(ix_journal_retain(m->b.journal, 1, &err), &err);
		assert_true(ix_journal_first_sequence(m->b.journal) <= m->snapshot + 1 || m->snapshot < from);
	} else {
		uint64_t to = ix_rng_below(&m->rng, m->last + 2);
		must(ix_journal_drop_before(m->b.journal, to, &err), &err);
		assert_true(ix_journal_first_sequence(m->b.journal) <= to || to < from);
	}
	assert_true(ix_journal_first_sequence(m->b.journal) >= from);
	m->first = ix_journal_first_sequence(m->b.journal);
	if (m->durable < ix_journal_durable_sequence(m->b.journal))
		m->durable = ix_journal_durable_sequence(m->b.journal);
}

/* A reader of its own reads what it should, from anywhere. */
static void read_somewhere(model *m) {
	ix_journal_reader *reader;
	ix_error err = {0};
	ix_journal_reader_options options = {.system = m->b.system, .application = "test"};
	must(ix_journal_flush(m->b.journal, &err), &err);
	must(ix_journal_reader_open(BENCH_PATH, &options, &reader, &err), &err);
	uint64_t from = m->first + ix_rng_below(&m->rng, m->last + 2 - m->first);
	must(ix_journal_reader_seek(reader, from, &err), &err);
	for (int i = 0; i < 20; i++, from++) {
		const ix_journal_record *record;
		must(ix_journal_reader_next(reader, &record, &err), &err);
		assert_int_equal(record != NULL, from <= m->last);
		if (!record) break;
		check_record(record, from);
	}
	ix_journal_reader_close(reader);
}

static void follow(model *m) {
	ix_error err = {0};
	ix_journal_reader_options options = {.system = m->b.system, .durable_only = true};
	if (!m->reader) {
		must(ix_journal_reader_open(BENCH_PATH, &options, &m->reader, &err), &err);
		m->reader_due = m->first;
	}
	for (;;) {
		const ix_journal_record *record;
		int code = ix_journal_reader_next(m->reader, &record, &err);
		if (code == IX_ERR_NOT_FOUND && m->reader_due < m->first) {
			must(ix_journal_reader_seek(m->reader, m->first, &err), &err);
			m->reader_due = m->first;
			continue;
		}
		must(code, &err);
		if (!record) break;
		check_record(record, m->reader_due++);
		assert_true(record->sequence <= m->durable);
	}
	assert_int_equal(m->reader_due, m->durable + 1);
}

static void check_whole(model *m) {
	ix_journal_report report;
	ix_error err = {0};
	ix_journal_verify_options options = {
		.system = m->b.system, .heads = m->heads, .head_count = m->head_count};
	commit(m->b.journal);
	m->durable = m->last;
	must(ix_journal_verify(BENCH_PATH, &options, &report, &err), &err);
	if (report.finding_count) fail_msg("%s", report.first_text);
	if (report.record_count > 0) {
		assert_int_equal(report.last_sequence, m->last);
		assert_int_equal(report.first_sequence, m->first);
	}
}

static void step(model *m) {
	uint64_t what = ix_rng_below(&m->rng, 1000);
	if (what < 700) {
		append_one(m->b.journal);
		m->last++;
		/* A full segment is made durable before the next begins. */
		m->durable = ix_journal_durable_sequence(m->b.journal);
	} else if (what < 800) {
		commit(m->b.journal);
		m->durable = m->last;
	} else if (what < 830) {
		assert_int_equal(ix_journal_rotate(m->b.journal, NULL), 0);
		m->durable = m->last;
	} else if (what < 850) {
		snapshot(m);
	} else if (what < 865) {
		retain(m);
	} else if (what < 885) {
		reopen(m, ix_rng_chance(&m->rng, 1, 2));
	} else if (what < 930) {
		read_somewhere(m);
	} else if (what < 970) {
		follow(m);
	} else if (what < 980) {
		check_whole(m);
	} else if (m->b.options.chained && m->head_count < IX_COUNT(m->heads) && m->last > 0) {
		assert_int_equal(ix_journal_get_head(m->b.journal, &m->heads[m->head_count++], NULL), 0);
	}
	check_state(m);
}

static void a_journal_says_what_a_list_says(void **state) {
	(void)state;
	uint64_t runs = ix_testing_long() ? 1000 : 30;
	for (uint64_t run = 0; run < runs; run++) {
		model m = {0};
		bench_init(&m.b);
		ix_rng_seed(&m.rng, ix_testing_seed() * 7919 + run);
		m.b.options.chained = run % 2;
		m.b.options.segment_size = run % 3 ? 6000 : 30000;
		m.b.options.payload_max = 1000;
		m.b.options.buffer_size = run % 5 ? 0 : 1200;
		m.first = 1;
		bench_open(&m.b);
		for (int i = 0; i < 600; i++) step(&m);
		ix_journal_reader_close(m.reader);
		bench_fini(&m.b);
	}
}

IX_TESTS(test_model, cmocka_unit_test(a_journal_says_what_a_list_says));
