/* State on the disk: kill -9 at random instants, snapshots, switches and limits over restarts; and every
 * damage to a snapshot is an error, never a crash. */
#include <inox/alloc.h>
#include <inox/file.h>
#include <inox/journal.h>
#include <inox/risk.h>
#include <inox/rng.h>
#include <inox/testing.h>

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

enum { LIVES = 12, LIVES_LONG = 200, MUTATIONS = 2000, MUTATIONS_LONG = 100000 };

static const char limits[] =
	"instrument ABC { tick 0.01; reference 10.00; }\ninstrument XYZ { tick 0.01; reference 20.00; }\n"
	"firm F { desk D { account A { position-long 5000; trader T { session S1; session S2; } } account B "
	"{ trader "
	"U { session S3; } } } }\n";

static ix_risk *open_with(const char *path, const char *text, ix_error *err) {
	ix_risk *risk = NULL;
	ix_risk_options options = {.allocator = ix_os_allocator(),
		.limits = ix_str_from(text),
		.state_dir = path,
		.symbol_max = 16,
		.orders_max = 256,
		.cell_max = 64,
		.queue_max = 64,
		.who = IX_STR("ann"),
		.why = IX_STR("a test")};
	return ix_risk_open(&options, &risk, err) == 0 ? risk : NULL;
}

static ix_risk *open_engine(const char *path) {
	ix_error err = {0};
	ix_risk *risk = open_with(path, limits, &err);
	if (!risk) fail_msg("%s", err.text);
	return risk;
}

static const char *new_path(void) {
	static char path[512];
	ix_format(path, sizeof path, "%s/state", ix_testing_directory());
	return path;
}

/* One order of each kind of life: open, half filled, cancelled, replaced and not yet acknowledged. */
static void live_a_little(ix_risk *risk) {
	ix_risk_order o = {
		.id = 1, .time_ns = 1000, .quantity = 100, .price_e4 = 100000, .side = IX_RISK_BUY};
	assert_true(ix_risk_check(risk, &o, NULL));
	o.id = 2;
	assert_true(ix_risk_check(risk, &o, NULL));
	ix_risk_on_fill(risk, 0, 2, 40, 99000, 2000);
	o.id = 3;
	o.side = IX_RISK_SELL;
	o.session = 1;
	o.price_e4 = 110000;
	assert_true(ix_risk_check(risk, &o, NULL));
	ix_risk_on_cancel(risk, 1, 3, 30, 3000);
	o.id = 4;
	o.quantity = 500;
	o.price_e4 = 120000;
	assert_true(ix_risk_check_replace(risk, 1, 3, &o, NULL));
	ix_risk_order far = {.id = 5,
		.time_ns = 5000,
		.quantity = 7,
		.price_e4 = 200000,
		.side = IX_RISK_SELL_SHORT,
		.session = 2,
		.symbol = 1,
		.flags = IX_RISK_IOC};
	assert_true(ix_risk_check(risk, &far, NULL));
	ix_risk_mark(risk, 0, &(ix_risk_mark_price){.last_e4 = 105000, .time_ns = 6000});
}

/* The bytes of all that is held. */
static ix_bytes snapshot_of(ix_risk *risk, uint8_t *bytes, size_t capacity) {
	ix_writer w = ix_writer_of(bytes, capacity);
	ix_error err = {0};
	if (ix_risk_snapshot(risk, &w, &err) != 0) fail_msg("%s", err.text);
	return (ix_bytes){bytes, w.size};
}

static void assert_same_state(ix_risk *a, ix_risk *b) {
	static uint8_t one[65536], two[65536];
	ix_bytes x = snapshot_of(a, one, sizeof one), y = snapshot_of(b, two, sizeof two);
	assert_int_equal(x.size, y.size);
	assert_memory_equal(x.data, y.data, x.size);
}

static void a_restart_holds_what_was_held(void **state) {
	(void)state;
	const char *path = new_path();
	static uint8_t before[65536], after[65536];
	ix_risk *risk = open_engine(path);
	live_a_little(risk);
	ix_bytes x = snapshot_of(risk, before, sizeof before);
	ix_risk_close(risk);
	risk = open_engine(path);
	ix_bytes y = snapshot_of(risk, after, sizeof after);
	assert_int_equal(x.size, y.size);
	assert_memory_equal(x.data, y.data, x.size);
	/* 60 at 10.00, 100 at 10.00; 500 at 12.00 for a replacement; 7 at 20.00 */
	ix_risk_exposure e;
	assert_int_equal(ix_risk_get_exposure(risk, IX_RISK_FIRM, IX_STR("F"), &e, NULL), 0);
	assert_int_equal(e.open_notional_e4, 16000000 + 60000000 + 1400000);
	assert_int_equal(e.open_orders, 4);
	assert_int_equal(e.pnl_e4, 40 * (105000 - 99000));
	/* and goes on: the replacement is refused, 70 of the old order at 11.00 stand */
	ix_risk_on_reject(risk, 1, 4, 7000);
	assert_int_equal(ix_risk_get_exposure(risk, IX_RISK_FIRM, IX_STR("F"), &e, NULL), 0);
	assert_int_equal(e.open_notional_e4, 16000000 + 7700000 + 1400000);
	ix_risk_close(risk);
}

static void a_checkpoint_is_the_same_state(void **state) {
	(void)state;
	const char *path = new_path();
	static uint8_t before[65536], after[65536];
	ix_risk *risk = open_engine(path);
	live_a_little(risk);
	assert_int_equal(ix_risk_checkpoint(risk, NULL), 0);
	ix_risk_on_fill(risk, 0, 1, 10, 100000, 8000);
	ix_bytes x = snapshot_of(risk, before, sizeof before);
	ix_risk_close(risk);
	risk = open_engine(path);
	ix_bytes y = snapshot_of(risk, after, sizeof after);
	assert_int_equal(x.size, y.size);
	assert_memory_equal(x.data, y.data, x.size);
	ix_risk_close(risk);
}

static void a_snapshot_restores_into_a_new_engine(void **state) {
	(void)state;
	static uint8_t bytes[65536];
	ix_error err = {0};
	ix_risk *risk = open_with(NULL, limits, &err), *other = open_with(NULL, limits, &err);
	live_a_little(risk);
	assert_int_equal(
		ix_risk_kill(risk, IX_RISK_DESK, IX_STR("D"), IX_STR("test"), IX_STR("ann"), NULL), 0);
	ix_bytes snapshot = snapshot_of(risk, bytes, sizeof bytes);
	if (ix_risk_restore(other, snapshot, &err) != 0) fail_msg("%s", err.text);
	assert_same_state(risk, other);
	ix_risk_close(risk);
	ix_risk_close(other);
}

static void switches_and_limits_outlive_a_restart(void **state) {
	(void)state;
	const char *path = new_path();
	ix_risk *risk = open_engine(path);
	ix_risk_order o = {.id = 9, .time_ns = 1, .quantity = 600, .price_e4 = 100000, .side = IX_RISK_BUY};
	ix_risk_verdict v;
	bool pending;
	char stricter[1024];
	ix_format(stricter, sizeof stricter, "%s", limits);
	memcpy(strstr(stricter, "5000"), " 500", 4);
	assert_int_equal(
		ix_risk_limits_swap(risk, ix_str_from(stricter), IX_STR("bob"), IX_STR("less"), NULL), 0);
	assert_int_equal(
		ix_risk_kill(risk, IX_RISK_SESSION, IX_STR("S1"), IX_STR("test"), IX_STR("ann"), NULL), 0);
	assert_int_equal(
		ix_risk_kill(risk, IX_RISK_SYMBOL, IX_STR("XYZ"), IX_STR("test"), IX_STR("ann"), NULL), 0);
	assert_int_equal(
		ix_risk_unkill(risk, IX_RISK_SESSION, IX_STR("S1"), IX_STR("ann"), &pending, NULL), 0);
	assert_true(pending);
	ix_risk_close(risk);

	ix_error err = {0};
	risk = open_with(path, "", &err); /* the limits that it knows */
	if (!risk) fail_msg("%s", err.text);
	assert_int_equal(ix_risk_limits_version(risk), 2);
	assert_false(ix_risk_check(risk, &o, &v));
	assert_int_equal(v.rejects, IX_RISK_KILLED | IX_RISK_POSITION_LIMIT_EXCEEDED);
	assert_int_equal(ix_risk_unkill(risk, IX_RISK_SESSION, IX_STR("S1"), IX_STR("ann"), &pending, &err),
		IX_ERR_DENIED);
	assert_int_equal(
		ix_risk_unkill(risk, IX_RISK_SESSION, IX_STR("S1"), IX_STR("bob"), &pending, &err), 0);
	assert_false(pending);
	assert_false(ix_risk_check(risk, &o, &v));
	assert_int_equal(v.rejects, IX_RISK_POSITION_LIMIT_EXCEEDED);
	o.symbol = 1;
	o.price_e4 = 200000;
	assert_false(ix_risk_check(risk, &o, &v));
	assert_int_equal(v.rejects & IX_RISK_KILLED, IX_RISK_KILLED);
	ix_risk_change changes[16];
	assert_int_equal(ix_risk_get_history(risk, changes, IX_COUNT(changes)), 6);
	assert_string_equal(changes[1].who, "bob");
	assert_string_equal(changes[1].why, "less");
	ix_risk_close(risk);

	risk = open_with(path, limits, &err); /* another file at the start is another version, on record */
	assert_non_null(risk);
	assert_int_equal(ix_risk_limits_version(risk), 3);
	ix_risk_close(risk);
}

static void a_state_with_a_session_that_the_limits_have_not_is_refused(void **state) {
	(void)state;
	const char *path = new_path();
	ix_risk *risk = open_engine(path);
	ix_risk_close(risk);
	ix_error err = {0};
	assert_null(open_with(
		path, "firm F { desk D { account A { trader T { session S1; session S2; } } } }", &err));
	assert_int_equal(err.code, IX_ERR_CONFLICT);
	assert_non_null(strstr(err.text, "session 'S3'"));
}

static void sessions_may_be_arranged_anew_with_a_restart(void **state) {
	(void)state;
	const char *path = new_path();
	ix_risk *risk = open_engine(path);
	live_a_little(risk);
	ix_risk_close(risk);
	ix_error err = {0};
	risk = open_with(path,
		"firm F { desk E { account C { trader V { session S3; session S1; session S4; } } } desk D { "
		"account A { trader T { "
		"session S2; } } } }",
		&err);
	if (!risk) fail_msg("%s", err.text);
	ix_risk_exposure e;
	assert_int_equal(ix_risk_get_exposure(risk, IX_RISK_DESK, IX_STR("E"), &e, NULL), 0);
	assert_int_equal(e.open_notional_e4, 16000000 + 1400000);
	assert_int_equal(e.pnl_e4, 40 * (105000 - 99000));
	assert_int_equal(ix_risk_get_exposure(risk, IX_RISK_TRADER, IX_STR("T"), &e, NULL), 0);
	assert_int_equal(e.open_notional_e4, 60000000);
	ix_risk_close(risk);
}

/* ---- kill -9 ---- */

/* Lives until it is killed: every order is told through the pipe once it is durable. */
static void be_the_child(const char *path, int pipe, uint64_t first_id, uint64_t seed) {
	ix_error err = {0};
	ix_risk *risk = open_with(path, limits, &err);
	ix_rng rng;
	ix_rng_seed(&rng, seed);
	if (!risk) _exit(3);
	for (uint64_t id = first_id;; id++) {
		ix_risk_order o = {.id = id,
			.time_ns = id,
			.quantity = 1,
			.price_e4 = 100000,
			.side = IX_RISK_BUY,
			.session = 2};
		if (!ix_risk_check(risk, &o, NULL)) _exit(4);
		ix_risk_on_fill(risk, 2, id, 1, 100000, id);
		if (ix_rng_chance(&rng, 1, 50) && ix_risk_checkpoint(risk, NULL)) _exit(5);
		if (ix_risk_commit(risk, NULL)) _exit(6);
		if (write(pipe, &id, sizeof id) != (ssize_t)sizeof id) _exit(7);
	}
}

static uint64_t live_and_die(const char *path, uint64_t first_id, uint64_t seed, ix_rng *rng) {
	int ends[2];
	uint64_t told = first_id - 1, id;
	int status;
	assert_int_equal(pipe(ends), 0);
	pid_t child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		(void)close(ends[0]);
		be_the_child(path, ends[1], first_id, seed);
	}
	(void)close(ends[1]);
	uint64_t stop = first_id + ix_rng_below(rng, 60);
	while (read(ends[0], &id, sizeof id) == (ssize_t)sizeof id) {
		told = id;
		if (id == stop) {
			usleep((useconds_t)ix_rng_below(rng, 2000));
			(void)kill(child, SIGKILL);
		}
	}
	(void)close(ends[0]);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFSIGNALED(status));
	return told;
}

static void nothing_that_was_committed_is_lost_to_a_kill(void **state) {
	(void)state;
	const char *path = new_path();
	ix_rng rng;
	ix_rng_seed(&rng, ix_testing_seed());
	uint64_t told = 0, next = 1;
	for (int life = 0; life < (ix_testing_long() ? LIVES_LONG : LIVES); life++) {
		told = live_and_die(path, next, ix_rng_u64(&rng), &rng);
		ix_risk *risk = open_engine(path);
		ix_risk_position p;
		ix_risk_exposure e;
		assert_int_equal(ix_risk_get_position(risk, IX_RISK_FIRM, IX_STR("F"), 0, &p, NULL), 0);
		assert_int_equal(ix_risk_get_exposure(risk, IX_RISK_FIRM, IX_STR("F"), &e, NULL), 0);
		/* Each order is one share, held or, in the last batch, perhaps still open. */
		assert_true((uint64_t)(p.shares + p.open_buy) >= told);
		assert_true((uint64_t)(p.shares + p.open_buy) <= told + 1);
		assert_int_equal(e.open_notional_e4, p.open_buy * 100000);
		next = (uint64_t)(p.shares + p.open_buy) + 1;
		if (p.open_buy) ix_risk_on_fill(risk, 2, next - 1, 1, 100000, next);
		ix_risk_close(risk);
	}
}

/* ---- damage ---- */

/* Whatever it is made of: restored or refused with a sentence. */
static void restore_anything(const uint8_t *bytes, size_t size) {
	ix_error err = {0};
	ix_risk *risk = open_with(NULL, limits, &err);
	assert_non_null(risk);
	int code = ix_risk_restore(risk, (ix_bytes){bytes, size}, &err);
	if (code) {
		assert_int_equal(code, err.code);
		assert_true(err.text[0]);
	}
	ix_risk_close(risk);
}

static void a_damaged_snapshot_is_an_error_and_never_a_crash(void **state) {
	(void)state;
	static uint8_t whole[65536], bytes[65536];
	ix_error err = {0};
	ix_rng rng;
	ix_rng_seed(&rng, ix_testing_seed());
	ix_risk *risk = open_with(NULL, limits, &err);
	live_a_little(risk);
	ix_bytes snapshot = snapshot_of(risk, whole, sizeof whole);
	ix_risk_close(risk);
	for (size_t size = 0; size < snapshot.size; size++) {
		risk = open_with(NULL, limits, &err);
		memcpy(bytes, whole, size);
		assert_int_not_equal(ix_risk_restore(risk, (ix_bytes){bytes, size}, &err), 0);
		ix_risk_close(risk);
	}
	for (int i = 0; i < (ix_testing_long() ? MUTATIONS_LONG : MUTATIONS); i++) {
		memcpy(bytes, whole, snapshot.size);
		for (uint64_t n = 1 + ix_rng_below(&rng, 3); n > 0; n--)
			bytes[ix_rng_below(&rng, snapshot.size)] = (uint8_t)ix_rng_u64(&rng);
		restore_anything(bytes, snapshot.size);
	}
}

static void a_snapshot_of_another_version_is_refused(void **state) {
	(void)state;
	static const uint8_t bytes[] = {'I', 'X', 'R', 'K', 2, 0, 1, 0, 0, 0, 0, 0, 0, 0};
	ix_error err = {0};
	ix_risk *risk = open_with(NULL, limits, &err);
	assert_int_equal(ix_risk_restore(risk, (ix_bytes){bytes, sizeof bytes}, &err), IX_ERR_VERSION);
	ix_risk_close(risk);
}

static void a_full_queue_stops_orders_and_loses_no_fill(void **state) {
	(void)state;
	const char *path = new_path();
	ix_risk *risk = open_engine(path); /* 64 events wait at most */
	ix_risk_verdict v = {0};
	uint64_t id = 1;
	for (; id < 100; id++) {
		ix_risk_order o = {
			.id = id, .time_ns = id, .quantity = 1, .price_e4 = 100000, .side = IX_RISK_BUY};
		if (!ix_risk_check(risk, &o, &v)) break;
	}
	assert_int_equal(id, 65);
	assert_int_equal(v.rejects, IX_RISK_JOURNAL_FULL);
	ix_risk_exposure e;
	assert_int_equal(ix_risk_get_exposure(risk, IX_RISK_FIRM, IX_STR("F"), &e, NULL), 0);
	assert_int_equal(e.open_orders, 64);
	ix_risk_on_fill(risk, 0, 1, 1, 100000, 1); /* writes what waits, by itself */
	assert_int_equal(ix_risk_commit(risk, NULL), 0);
	ix_risk_close(risk);
	risk = open_engine(path);
	ix_risk_position p;
	assert_int_equal(ix_risk_get_position(risk, IX_RISK_FIRM, IX_STR("F"), 0, &p, NULL), 0);
	assert_int_equal(p.shares, 1);
	assert_int_equal(p.open_buy, 63);
	ix_risk_close(risk);
}

static void rejected_orders_do_not_fill_the_queue(void **state) {
	(void)state;
	ix_risk *risk = open_engine(new_path()); /* 64 events wait at most */
	ix_risk_order o = {.id = 1, .time_ns = 1, .quantity = 6000, .price_e4 = 100000, .side = IX_RISK_BUY};
	for (int i = 0; i < 1000; i++) assert_false(ix_risk_check(risk, &o, NULL));
	o.quantity = 1;
	assert_true(ix_risk_check(risk, &o, NULL));
	ix_risk_close(risk);
}

IX_TESTS(test_risk_state, cmocka_unit_test(a_restart_holds_what_was_held),
	cmocka_unit_test(a_checkpoint_is_the_same_state),
	cmocka_unit_test(a_snapshot_restores_into_a_new_engine),
	cmocka_unit_test(switches_and_limits_outlive_a_restart),
	cmocka_unit_test(a_state_with_a_session_that_the_limits_have_not_is_refused),
	cmocka_unit_test(sessions_may_be_arranged_anew_with_a_restart),
	cmocka_unit_test(nothing_that_was_committed_is_lost_to_a_kill),
	cmocka_unit_test(a_damaged_snapshot_is_an_error_and_never_a_crash),
	cmocka_unit_test(a_snapshot_of_another_version_is_refused),
	cmocka_unit_test(a_full_queue_stops_orders_and_loses_no_fill),
	cmocka_unit_test(rejected_orders_do_not_fill_the_queue));
