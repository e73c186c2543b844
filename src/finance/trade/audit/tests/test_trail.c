/* A trail, from the thread that trades to the disk: order, waiting, a ring that is full, a disk that is full,
 * a process that is killed. */
#include <inox/clock.h>
#include <inox/journal.h>
#include <inox/rng.h>
#include <inox/testing.h>
#include <inox/trail.h>

#include <signal.h>
#include <stdatomic.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

static const char *new_path(void) {
	static char paths[16][512];
	static unsigned next;
	char *path = paths[next++ % 16];
	ix_format(path, sizeof paths[0], "%s/trail", ix_testing_directory());
	return path;
}

static ix_trail *open_trail(const ix_trail_options *options) {
	ix_trail *trail = NULL;
	ix_error err = {0};
	if (ix_trail_open(options, &trail, &err) != 0) fail_msg("%s", err.text);
	return trail;
}

/* A record whose content follows from its number. */
static size_t content_of(uint64_t number, uint8_t *out) {
	size_t size = 1 + (size_t)(number * 37 % 900);
	for (size_t i = 0; i < size; i++) out[i] = (uint8_t)(number * 13 + i);
	return size;
}

static uint16_t kind_of(uint64_t number) { return (uint16_t)(1 + number % 6); }

static uint64_t append(ix_trail *trail, uint64_t number) {
	uint8_t bytes[1000];
	size_t size = content_of(number, bytes), head = size / 3;
	return ix_trail_append(
		trail, kind_of(number), (ix_bytes){bytes, head}, (ix_bytes){bytes + head, size - head});
}

/* Reads the journal behind a trail; every record must be the one of its number. Returns how many there are.
 */
static uint64_t check_records(const char *path) {
	const ix_journal_reader_options options = {.application = IX_TRAIL_APPLICATION};
	ix_journal_reader *reader = NULL;
	ix_error err = {0};
	if (ix_journal_reader_open(path, &options, &reader, &err) != 0) fail_msg("%s", err.text);
	uint64_t count = 0;
	for (;;) {
		const ix_journal_record *record = NULL;
		if (ix_journal_reader_next(reader, &record, &err) != 0) fail_msg("%s", err.text);
		if (!record) break;
		uint8_t bytes[1000];
		size_t size = content_of(++count, bytes);
		assert_int_equal(record->sequence, count);
		assert_int_equal(record->kind, kind_of(count));
		assert_int_equal(record->payload.size, size);
		assert_memory_equal(record->payload.data, bytes, size);
	}
	ix_journal_reader_close(reader);
	return count;
}

static void check_chain(const char *path) {
	const ix_journal_verify_options options = {.application = IX_TRAIL_APPLICATION};
	ix_journal_report report = {0};
	ix_error err = {0};
	if (ix_journal_verify(path, &options, &report, &err) != 0) fail_msg("%s", err.text);
	if (report.finding_count) fail_msg("%s", report.first_text);
	assert_true(report.chained);
}

static void records_are_on_file_in_the_order_in_which_they_were_appended(void **state) {
	(void)state;
	const char *path = new_path();
	/* The smallest ring, several times around. */
	ix_trail *trail = open_trail(&(ix_trail_options){.path = path, .ring_size = IX_TRAIL_RING_SIZE_MIN});
	for (uint64_t i = 1; i <= 3000; i++) assert_int_equal(append(trail, i), i);
	assert_int_equal(ix_trail_close(trail, NULL), 0);
	assert_int_equal(check_records(path), 3000);
	check_chain(path);
}

static void a_durable_trail_waits_for_the_disk(void **state) {
	(void)state;
	const char *path = new_path();
	ix_trail *trail = open_trail(&(ix_trail_options){.path = path, .is_durable = true});
	for (uint64_t i = 1; i <= 5; i++) assert_true(ix_trail_wait(trail, append(trail, i)));
	/* A reader of what is durable only sees them all. */
	const ix_journal_reader_options options = {.durable_only = true};
	ix_journal_reader *reader = NULL;
	assert_int_equal(ix_journal_reader_open(path, &options, &reader, NULL), 0);
	const ix_journal_record *record = NULL;
	for (int i = 0; i < 5; i++) {
		assert_int_equal(ix_journal_reader_next(reader, &record, NULL), 0);
		assert_non_null(record);
	}
	ix_journal_reader_close(reader);
	assert_int_equal(ix_trail_close(trail, NULL), 0);
}

static void a_directory_with_a_trail_is_not_written_over(void **state) {
	(void)state;
	const char *path = new_path();
	ix_trail *trail = open_trail(&(ix_trail_options){.path = path});
	append(trail, 1);
	assert_int_equal(ix_trail_close(trail, NULL), 0);
	ix_error err = {0};
	assert_int_equal(ix_trail_open(&(ix_trail_options){.path = path}, &trail, &err), IX_ERR_EXISTS);
	assert_non_null(strstr(err.text, "there is a trail already; name a new directory"));
	assert_int_equal(check_records(path), 1);
}

static void a_ring_must_be_a_power_of_two_within_its_limits(void **state) {
	(void)state;
	static const size_t sizes[] = {1, IX_TRAIL_RING_SIZE_MIN - 1, IX_TRAIL_RING_SIZE_MIN + 8,
		IX_TRAIL_RING_SIZE_MIN / 2, 2 * (size_t)IX_TRAIL_RING_SIZE_MAX};
	for (size_t i = 0; i < IX_COUNT(sizes); i++) {
		ix_trail *trail = NULL;
		assert_int_equal(ix_trail_open(&(ix_trail_options){.path = new_path(), .ring_size = sizes[i]},
					 &trail, NULL),
			IX_ERR_LIMIT);
		assert_null(trail);
	}
}

static void the_largest_record_fits_the_smallest_ring(void **state) {
	(void)state;
	const char *path = new_path();
	ix_trail *trail = open_trail(&(ix_trail_options){.path = path, .ring_size = IX_TRAIL_RING_SIZE_MIN});
	static uint8_t bytes[IX_TRAIL_PAYLOAD_MAX];
	for (int i = 0; i < 20; i++)
		assert_int_equal(ix_trail_append(trail, IX_TRAIL_INPUT, (ix_bytes){bytes, sizeof bytes},
					 (ix_bytes){0}),
			i + 1);
	assert_int_equal(ix_trail_close(trail, NULL), 0);
	check_chain(path);
}

static void a_full_disk_is_told_to_who_appends_and_who_waits_and_what_is_there_verifies(void **state) {
	(void)state;
	const char *path = new_path();
	/* The file system is real; only its space is a number. */
	ix_file_faults faults;
	ix_file_faults_init(&faults, ix_file_system_os());
	faults.space_is_limited = true;
	faults.space_left = 3 << 20;
	ix_trail *trail = open_trail(&(ix_trail_options){.path = path, .system = &faults.system});
	uint64_t number = 1, last = 0;
	while (number < 100000 && (last = append(trail, number)) != 0) number++;
	assert_int_equal(last, 0); /* it was told */
	assert_false(ix_trail_wait(trail, number - 1));
	ix_error err = {0};
	assert_int_equal(ix_trail_check(trail, &err), IX_ERR_NO_SPACE);
	uint64_t on_file = ix_trail_on_file(trail);
	err = (ix_error){0};
	assert_int_equal(ix_trail_close(trail, &err), IX_ERR_NO_SPACE);
	assert_non_null(strstr(err.text, "full"));
	check_chain(path);
	/* What the journal had no room for is in the ring, and goes where it belongs when there is room
	 * again. */
	uint64_t before = check_records(path), recovered = 0;
	assert_int_equal(ix_trail_settle(path, &recovered, NULL), 0);
	assert_int_equal(check_records(path), before + recovered);
	assert_true(before + recovered >= on_file);
	check_chain(path);
}

/* ---- kill -9 ---- */

typedef struct shared {
	_Atomic uint64_t waited; /* the child has seen this record on file */
} shared;

static void be_the_child(const char *path, shared *s, uint64_t seed) {
	ix_rng rng;
	ix_rng_seed(&rng, seed);
	ix_trail *trail = NULL;
	if (ix_trail_open(
		    &(ix_trail_options){.path = path, .ring_size = IX_TRAIL_RING_SIZE_MIN}, &trail, NULL))
		_exit(3);
	for (uint64_t i = 1;; i++) {
		uint64_t number = append(trail, i);
		if (number != i) _exit(4);
		if (ix_rng_chance(&rng, 1, 8)) {
			if (!ix_trail_wait(trail, number)) _exit(5);
			atomic_store(&s->waited, number);
		}
	}
}

static void after_a_kill_the_trail_verifies_and_has_all_that_was_waited_for(void **state) {
	(void)state;
	shared *s = mmap(NULL, sizeof *s, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	assert_true(s != MAP_FAILED);
	ix_rng rng;
	ix_rng_seed(&rng, ix_testing_seed());
	uint64_t recovered_in_all = 0;
	for (int death = 0; death < (ix_testing_long() ? 200 : 10); death++) {
		const char *path = new_path();
		atomic_store(&s->waited, 0);
		fflush(NULL);
		pid_t child = fork();
		assert_true(child >= 0);
		if (child == 0) be_the_child(path, s, ix_rng_u64(&rng) + (uint64_t)death);
		while (atomic_load(&s->waited) == 0) usleep(200);
		usleep((useconds_t)ix_rng_below(&rng, 5000));
		kill(child, SIGKILL);
		int status;
		assert_int_equal(waitpid(child, &status, 0), child);
		assert_true(WIFSIGNALED(status));
		uint64_t waited = atomic_load(&s->waited), recovered = 0;
		ix_error err = {0};
		if (ix_trail_settle(path, &recovered, &err) != 0) fail_msg("%s", err.text);
		assert_true(check_records(path) >= waited);
		check_chain(path);
		recovered_in_all += recovered;
		assert_int_equal(ix_trail_settle(path, &recovered, NULL), 0); /* once is enough */
		assert_int_equal(recovered, 0);
	}
	assert_true(recovered_in_all > 0); /* or the ring was not tried */
	munmap(s, sizeof *s);
}

static void a_ring_that_is_no_ring_or_of_another_boot_is_not_believed(void **state) {
	(void)state;
	for (int damage = 0; damage < 4; damage++) {
		const char *path = new_path();
		char ring[600];
		ix_format(ring, sizeof ring, "%s/ring", path);
		fflush(NULL);
		pid_t child = fork();
		assert_true(child >= 0);
		if (child == 0) {
			ix_trail *trail = NULL;
			if (ix_trail_open(
				    &(ix_trail_options){.path = path, .ring_size = IX_TRAIL_RING_SIZE_MIN},
				    &trail, NULL))
				_exit(3);
			append(trail, 1);
			_exit(0);
		}
		int status;
		assert_int_equal(waitpid(child, &status, 0), child);
		assert_int_equal(status, 0);
		FILE *file = fopen(ring, "r+b");
		assert_non_null(file);
		/* nothing; the magic; the boot; the first record's number */
		static const long places[] = {-1, 0, 9, 4096};
		if (places[damage] >= 0) {
			assert_int_equal(fseek(file, places[damage], SEEK_SET), 0);
			fputc(0x7f, file);
		}
		fclose(file);
		uint64_t recovered = 99;
		ix_error err = {0};
		if (ix_trail_settle(path, &recovered, &err) != 0) fail_msg("%s", err.text);
		assert_true(recovered <= (damage == 0));
		assert_int_not_equal(access(ring, F_OK), 0);
		check_chain(path);
	}
}

static void a_trail_that_is_being_written_is_left_alone(void **state) {
	(void)state;
	const char *path = new_path();
	ix_trail *trail = open_trail(&(ix_trail_options){.path = path});
	append(trail, 1);
	uint64_t recovered;
	assert_int_equal(ix_trail_settle(path, &recovered, NULL), IX_ERR_BUSY);
	assert_int_equal(ix_trail_close(trail, NULL), 0);
	assert_int_equal(ix_trail_settle(path, &recovered, NULL), 0);
	assert_int_equal(check_records(path), 1);
}

IX_TESTS(test_trail, cmocka_unit_test(records_are_on_file_in_the_order_in_which_they_were_appended),
	cmocka_unit_test(a_durable_trail_waits_for_the_disk),
	cmocka_unit_test(a_directory_with_a_trail_is_not_written_over),
	cmocka_unit_test(a_ring_must_be_a_power_of_two_within_its_limits),
	cmocka_unit_test(the_largest_record_fits_the_smallest_ring),
	cmocka_unit_test(a_full_disk_is_told_to_who_appends_and_who_waits_and_what_is_there_verifies),
	cmocka_unit_test(after_a_kill_the_trail_verifies_and_has_all_that_was_waited_for),
	cmocka_unit_test(a_ring_that_is_no_ring_or_of_another_boot_is_not_believed),
	cmocka_unit_test(a_trail_that_is_being_written_is_left_alone));
