/* Several producers, one thread that writes: order, group commit, a bounded queue, a full disk, a broken
 * disk. */
#include "helpers.h"

#include <inox/reader.h>
#include <inox/thread.h>

#include <errno.h>
#include <stdatomic.h>

typedef struct shared {
	bench b;
	ix_file_faults faults;
	ix_journal_writer *writer;
} shared;

static void shared_init(shared *s, const ix_journal_writer_options *options) {
	ix_error err = {0};
	bench_init(&s->b);
	s->writer = NULL;
	ix_file_faults_init(&s->faults, s->b.system);
	s->b.options.system = &s->faults.system;
	s->b.options.segment_size = 64 << 10;
	bench_open(&s->b);
	must(ix_journal_writer_start(s->b.journal, options, &s->writer, &err), &err);
}

static void shared_fini(shared *s) {
	if (s->writer) assert_int_equal(ix_journal_writer_stop(s->writer, NULL), 0);
	bench_fini(&s->b);
}

/* ---- several producers ---- */

enum { PRODUCERS = 4, RECORDS = 400 };

typedef struct producer {
	ix_journal_writer *writer;
	uint32_t id;
	atomic_bool failed;
} producer;

/* Waits for every seventh; the payload tells who wrote it, and how many before. */
static void produce(void *argument) {
	producer *p = argument;
	for (uint32_t i = 0; i < RECORDS; i++) {
		uint32_t payload[10] = {p->id, i};
		uint64_t sequence;
		if (ix_journal_writer_append(p->writer, (uint16_t)p->id,
			    (ix_bytes){(const uint8_t *)payload, 8 + i % 32}, true, &sequence, NULL))
			atomic_store(&p->failed, true);
		else if (i % 7 == 0 && (ix_journal_writer_wait(p->writer, sequence, NULL) ||
					       ix_journal_writer_durable_sequence(p->writer) < sequence))
			atomic_store(&p->failed, true);
	}
}

static void run_producers(ix_journal_writer *writer) {
	producer producers[PRODUCERS];
	ix_thread *threads[PRODUCERS];
	for (uint32_t i = 0; i < PRODUCERS; i++) {
		producers[i] = (producer){.writer = writer, .id = i};
		assert_int_equal(ix_thread_start(NULL, produce, &producers[i], &threads[i], NULL), 0);
	}
	for (uint32_t i = 0; i < PRODUCERS; i++) {
		ix_thread_join(threads[i]);
		assert_false(atomic_load(&producers[i].failed));
	}
}

static void check_producers(const ix_file_system *system, const char *path) {
	uint32_t due[PRODUCERS] = {0};
	ix_journal_reader *reader;
	const ix_journal_record *record;
	ix_error err = {0};
	ix_journal_reader_options options = {.system = system};
	must(ix_journal_reader_open(path, &options, &reader, &err), &err);
	for (uint64_t sequence = 1; sequence <= PRODUCERS * RECORDS; sequence++) {
		must(ix_journal_reader_next(reader, &record, &err), &err);
		assert_non_null(record);
		assert_int_equal(record->sequence, sequence);
		uint32_t id = ix_load_u32_le(record->payload.data);
		assert_in_range(id, 0, PRODUCERS - 1);
		assert_int_equal(ix_load_u32_le(record->payload.data + 4), due[id]);
		assert_int_equal(record->payload.size, 8 + due[id]++ % 32);
	}
	must(ix_journal_reader_next(reader, &record, &err), &err);
	assert_null(record);
	ix_journal_reader_close(reader);
}

static void producers_keep_their_order_and_share_syncs(void **state) {
	(void)state;
	shared s;
	shared_init(&s, NULL);
	s.faults.calls = IX_FILE_CALL_SYNC;
	run_producers(s.writer);
	assert_int_equal(ix_journal_writer_stop(s.writer, NULL), 0);
	s.writer = NULL;
	assert_int_equal(ix_journal_durable_sequence(s.b.journal), PRODUCERS * RECORDS);
	/* Each producer waits for 58 of its 400; never is a record synced alone that nobody waits for. */
	assert_true(s.faults.count < PRODUCERS * RECORDS);
	bench_close(&s.b);
	check_producers(s.b.system, BENCH_PATH);
	verify_whole(s.b.system, BENCH_PATH);
	shared_fini(&s);
}

static void producers_share_a_real_disk(void **state) {
	(void)state;
	char path[256];
	snprintf(path, sizeof path, "%s/shared", ix_testing_directory());
	ix_journal_options options = {.chained = true, .segment_size = 64 << 10, .payload_max = 1000};
	ix_journal *j = open_journal(path, &options, NULL);
	ix_journal_writer *writer;
	ix_error err = {0};
	must(ix_journal_writer_start(j, &(ix_journal_writer_options){.queue_size = 4096}, &writer, &err),
		&err);
	run_producers(writer);
	must(ix_journal_writer_stop(writer, &err), &err);
	close_journal(j);
	check_producers(NULL, path);
	verify_whole(NULL, path);
}

/* ---- the queue ---- */

static int put(shared *s, bool wait, uint64_t *ret_sequence) {
	static const uint8_t bytes[100];
	return ix_journal_writer_append(
		s->writer, 1, (ix_bytes){bytes, sizeof bytes}, wait, ret_sequence, NULL);
}

static void a_full_queue_says_so_and_loses_nothing(void **state) {
	(void)state;
	shared s;
	uint64_t sequence = 0;
	shared_init(&s, &(ix_journal_writer_options){.queue_size = 4096});
	(void)ix_journal_writer_hold(s.writer);
	uint64_t queued = 0;
	while (put(&s, false, &sequence) == 0) assert_int_equal(sequence, ++queued);
	assert_int_equal(queued, 4096 / 136); /* a record of 100 bytes takes 136 */
	assert_int_equal(put(&s, false, NULL), IX_ERR_BUSY);
	assert_int_equal(ix_journal_writer_durable_sequence(s.writer), 0);
	ix_journal_writer_release(s.writer);
	assert_int_equal(ix_journal_writer_wait(s.writer, sequence, NULL), 0);
	assert_int_equal(put(&s, false, &sequence), 0);
	assert_int_equal(sequence, queued + 1);
	assert_int_equal(ix_journal_writer_wait(s.writer, sequence + 1, NULL), IX_ERR_RANGE);
	shared_fini(&s);
}

static void the_largest_payload_fits_and_a_larger_is_refused(void **state) {
	(void)state;
	static const uint8_t bytes[2001];
	shared s;
	uint64_t sequence;
	shared_init(&s, &(ix_journal_writer_options){.queue_size = 2048});
	for (int i = 0; i < 100; i++)
		assert_int_equal(
			ix_journal_writer_append(s.writer, 1, (ix_bytes){bytes, 2000}, true, &sequence, NULL),
			0);
	assert_int_equal(ix_journal_writer_append(s.writer, 1, (ix_bytes){bytes, 2001}, true, NULL, NULL),
		IX_ERR_LIMIT);
	assert_int_equal(ix_journal_writer_wait(s.writer, sequence, NULL), 0);
	shared_fini(&s);
}

static void queues_out_of_range_are_refused(void **state) {
	(void)state;
	bench b;
	ix_journal_writer *writer;
	bench_init(&b);
	bench_open(&b);
	const ix_journal_writer_options bad[] = {
		{.queue_size = 2024}, /* the largest record takes 2032 */
		{.queue_size = 4104}, /* a quarter of 16384 is 4096 */
		{.sync_interval_ns = -1},
	};
	for (size_t i = 0; i < IX_COUNT(bad); i++)
		assert_int_not_equal(ix_journal_writer_start(b.journal, &bad[i], &writer, NULL), 0);
	assert_int_equal(ix_journal_writer_start(
				 b.journal, &(ix_journal_writer_options){.queue_size = 2032}, &writer, NULL),
		0);
	assert_int_equal(ix_journal_writer_stop(writer, NULL), 0);
	append_one(b.journal); /* it is its owner's again */
	bench_close(&b);
	bench_fini(&b);
}

static void stopping_commits_what_is_queued(void **state) {
	(void)state;
	shared s;
	shared_init(&s, &(ix_journal_writer_options){.sync_interval_ns = INT64_C(3600) * IX_NS_PER_SECOND});
	for (int i = 0; i < 50; i++) assert_int_equal(put(&s, true, NULL), 0);
	assert_int_equal(ix_journal_writer_stop(s.writer, NULL), 0);
	s.writer = NULL;
	assert_int_equal(ix_journal_durable_sequence(s.b.journal), 50);
	shared_fini(&s);
}

/* ---- when to sync ---- */

static void an_interval_delays_syncs_until_somebody_waits(void **state) {
	(void)state;
	shared s;
	uint64_t sequence;
	shared_init(&s, &(ix_journal_writer_options){.sync_interval_ns = INT64_C(3600) * IX_NS_PER_SECOND});
	for (int i = 0; i < 20; i++) assert_int_equal(put(&s, true, &sequence), 0);
	assert_int_equal(ix_journal_writer_durable_sequence(s.writer), 0);
	assert_int_equal(ix_journal_writer_wait(s.writer, 5, NULL), 0);
	assert_true(ix_journal_writer_durable_sequence(s.writer) >= 5);
	shared_fini(&s);
}

static void a_short_interval_syncs_by_itself(void **state) {
	(void)state;
	shared s;
	uint64_t sequence;
	shared_init(&s, &(ix_journal_writer_options){.sync_interval_ns = 1000000});
	assert_int_equal(put(&s, true, &sequence), 0);
	while (ix_journal_writer_durable_sequence(s.writer) < sequence) /* ends, or the test hangs */
		ix_clock_sleep_until(ix_clock_monotonic(), ix_clock_now(ix_clock_monotonic()) + 100000);
	shared_fini(&s);
}

typedef struct notes {
	atomic_uint_fast64_t durable;
	atomic_int code;
	atomic_bool went_back;
} notes;

static void note_durable(void *context, uint64_t sequence, int code) {
	notes *n = context;
	if (sequence < atomic_load(&n->durable)) atomic_store(&n->went_back, true);
	atomic_store(&n->durable, sequence);
	if (code) atomic_store(&n->code, code);
}

static void tells_what_became_durable(void **state) {
	(void)state;
	shared s;
	notes n = {0};
	shared_init(&s, &(ix_journal_writer_options){.durable = note_durable, .context = &n});
	for (int i = 0; i < 100; i++) assert_int_equal(put(&s, true, NULL), 0);
	assert_int_equal(ix_journal_writer_stop(s.writer, NULL), 0);
	s.writer = NULL;
	assert_int_equal(atomic_load(&n.durable), 100);
	assert_int_equal(atomic_load(&n.code), 0);
	assert_false(atomic_load(&n.went_back));
	shared_fini(&s);
}

/* ---- trouble ---- */

static void a_full_disk_is_told_before_anything_is_queued(void **state) {
	(void)state;
	static uint8_t filler[100000];
	shared s;
	uint64_t sequence = 0, accepted = 0;
	bench_init(&s.b);
	ix_file_memory_free(s.b.memory);
	assert_int_equal(ix_file_memory_new(160000, &s.b.memory, NULL), 0);
	s.b.system = ix_file_memory_system(s.b.memory);
	s.b.options.system = s.b.system;
	store_file(s.b.system, ".", "filler", filler, sizeof filler);
	bench_open(&s.b);
	assert_int_equal(ix_journal_writer_start(s.b.journal,
				 &(ix_journal_writer_options){.queue_size = 4096}, &s.writer, NULL),
		0);
	int code;
	while ((code = put(&s, true, &sequence)) == 0) assert_int_equal(sequence, ++accepted);
	assert_int_equal(code, IX_ERR_NO_SPACE);
	/* 60,000 bytes less two headers, the mark and the indexes; twice the queue is kept in reserve. */
	assert_in_range(accepted, (60000 - 12000) / 136, 60000 / 136);
	assert_int_equal(ix_journal_writer_wait(s.writer, accepted, NULL), 0); /* all that was accepted */
	assert_int_equal(put(&s, false, NULL), IX_ERR_NO_SPACE);
	assert_int_equal(put(&s, true, NULL), IX_ERR_NO_SPACE);
	(void)ix_journal_writer_hold(s.writer);
	store_file(s.b.system, ".", "filler", "", 0); /* somebody made room */
	ix_journal_writer_release(s.writer);
	assert_int_equal(put(&s, true, &sequence), 0);
	assert_int_equal(sequence, accepted + 1);
	assert_int_equal(ix_journal_writer_wait(s.writer, sequence, NULL), 0);
	assert_int_equal(ix_journal_writer_stop(s.writer, NULL), 0);
	s.writer = NULL;
	bench_close(&s.b);
	verify_whole(s.b.system, BENCH_PATH);
	assert_int_equal(verify(s.b.system, BENCH_PATH).record_count, accepted + 1);
	shared_fini(&s);
}

static void a_failed_sync_fails_everybody_for_good(void **state) {
	(void)state;
	shared s;
	notes n = {0};
	uint64_t sequence, first;
	ix_error err = {0};
	shared_init(&s, &(ix_journal_writer_options){.durable = note_durable, .context = &n});
	assert_int_equal(put(&s, true, &first), 0);
	assert_int_equal(ix_journal_writer_wait(s.writer, first, NULL), 0);
	(void)ix_journal_writer_hold(s.writer);
	s.faults.calls = IX_FILE_CALL_SYNC;
	s.faults.count = 0;
	s.faults.fail_at = 1; /* once: the next would succeed, and mean nothing */
	ix_journal_writer_release(s.writer);
	assert_int_equal(put(&s, true, &sequence), 0);
	assert_int_equal(ix_journal_writer_wait(s.writer, sequence, &err), IX_ERR_IO);
	assert_non_null(strstr(err.text, "since sequence 1 is unknown"));
	assert_int_equal(ix_journal_writer_wait(s.writer, first, NULL), 0);
	assert_int_equal(put(&s, true, NULL), IX_ERR_IO);
	assert_int_equal(ix_journal_writer_stop(s.writer, &err), IX_ERR_IO);
	s.writer = NULL;
	assert_int_equal(atomic_load(&n.code), IX_ERR_IO);
	assert_true(ix_journal_is_poisoned(s.b.journal));
	assert_int_equal(s.faults.failures, 1);
	assert_int_equal(ix_journal_close(s.b.journal, NULL), IX_ERR_IO);
	s.b.journal = NULL;
	bench_open(&s.b);
	assert_true(s.b.recovery.last_sequence >= 1);
	shared_fini(&s);
}

/* ---- the journal behind it ---- */

static void snapshots_and_retention_go_on_beside_producers(void **state) {
	(void)state;
	char path[256];
	snprintf(path, sizeof path, "%s/held", ix_testing_directory());
	ix_journal_options options = {.segment_size = 64 << 10, .payload_max = 1000};
	shared s = {.b.journal = open_journal(path, &options, NULL)};
	uint64_t sequence;
	assert_int_equal(ix_journal_writer_start(s.b.journal, NULL, &s.writer, NULL), 0);
	for (uint64_t round = 1; round <= 10; round++) {
		for (int i = 0; i < 100; i++) assert_int_equal(put(&s, true, &sequence), 0);
		assert_int_equal(ix_journal_writer_wait(s.writer, sequence, NULL), 0);
		ix_journal *j = ix_journal_writer_hold(s.writer);
		ix_journal_snapshot_out *out;
		assert_int_equal(ix_journal_snapshot_begin(j, sequence, &out, NULL), 0);
		assert_int_equal(ix_journal_rotate(j, NULL), 0);
		ix_journal_writer_release(s.writer);
		assert_int_equal(ix_journal_snapshot_write(out, "state", 5, NULL), 0);
		assert_int_equal(put(&s, true, &sequence), 0);
		assert_int_equal(ix_journal_snapshot_commit(out, NULL), 0);
		j = ix_journal_writer_hold(s.writer);
		assert_int_equal(ix_journal_retain(j, 1, NULL), 0);
		ix_journal_writer_release(s.writer);
	}
	assert_int_equal(ix_journal_writer_stop(s.writer, NULL), 0);
	assert_true(ix_journal_first_sequence(s.b.journal) > 900);
	close_journal(s.b.journal);
	verify_whole(NULL, path);
	assert_int_equal(verify(NULL, path).last_sequence, 1010);
}

IX_TESTS(test_writer, cmocka_unit_test(producers_keep_their_order_and_share_syncs),
	cmocka_unit_test(producers_share_a_real_disk),
	cmocka_unit_test(a_full_queue_says_so_and_loses_nothing),
	cmocka_unit_test(the_largest_payload_fits_and_a_larger_is_refused),
	cmocka_unit_test(queues_out_of_range_are_refused), cmocka_unit_test(stopping_commits_what_is_queued),
	cmocka_unit_test(an_interval_delays_syncs_until_somebody_waits),
	cmocka_unit_test(a_short_interval_syncs_by_itself), cmocka_unit_test(tells_what_became_durable),
	cmocka_unit_test(a_full_disk_is_told_before_anything_is_queued),
	cmocka_unit_test(a_failed_sync_fails_everybody_for_good),
	cmocka_unit_test(snapshots_and_retention_go_on_beside_producers));
