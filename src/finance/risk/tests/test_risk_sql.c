/* Random days, written to the journal, and worked out again from it in SQL: positions, open shares and
 * values, counts, profit and loss of every level and symbol. Then the same of an engine that was started from
 * the journal. The statements below know what an order's events mean, and nothing of the engine. */
#include <inox/alloc.h>
#include <inox/file.h>
#include <inox/journal.h>
#include <inox/risk.h>
#include <inox/rng.h>
#include <inox/testing.h>

#include "state.h"

#include <sqlite3.h>

enum { SEEDS = 20, SYMBOLS = 5, SESSIONS = 6, OPEN_MAX = 40, RECORD_OF_EVENTS = 1 };

static const char limits[] = "firm F { desk D { account A { trader T { session S0; session S1; } trader U { "
			     "session S2; } } account B { trader V { session S3; } } }\n"
			     " desk E { account C { open-notional 30000.00; position-long 4000; trader W { "
			     "session S4; session S5; } } } }\n";

static const struct {
	ix_risk_level level;
	const char *name, *sessions; /* those below, by number */
} levels[] = {{IX_RISK_FIRM, "F", "0,1,2,3,4,5"}, {IX_RISK_DESK, "D", "0,1,2,3"}, {IX_RISK_DESK, "E", "4,5"},
	{IX_RISK_ACCOUNT, "A", "0,1,2"}, {IX_RISK_ACCOUNT, "B", "3"}, {IX_RISK_ACCOUNT, "C", "4,5"},
	{IX_RISK_TRADER, "T", "0,1"}, {IX_RISK_TRADER, "U", "2"}, {IX_RISK_TRADER, "W", "4,5"},
	{IX_RISK_SESSION, "S0", "0"}, {IX_RISK_SESSION, "S3", "3"}, {IX_RISK_SESSION, "S5", "5"}};

static ix_risk *open_engine(const char *state_dir) {
	ix_risk *risk = NULL;
	ix_error err = {0};
	ix_risk_options options = {.allocator = ix_os_allocator(),
		.limits = ix_str_from(limits),
		.state_dir = state_dir,
		.symbol_max = 16,
		.orders_max = 1024,
		.cell_max = 256,
		.queue_max = 512};
	if (ix_risk_open(&options, &risk, &err) != 0) fail_msg("%s", err.text);
	return risk;
}

/* ---- a random day ---- */

typedef struct day {
	ix_risk *risk;
	ix_rng rng;
	uint64_t next_id, now_ns;
	ix_risk_order open[OPEN_MAX];
	size_t open_count;
} day;

static ix_risk_order draw_order(day *d) {
	bool is_market = ix_rng_chance(&d->rng, 1, 10);
	return (ix_risk_order){.id = d->next_id++,
		.time_ns = d->now_ns,
		.quantity = ix_rng_between(&d->rng, 1, 500),
		.price_e4 = is_market ? 0 : ix_rng_between(&d->rng, 80000, 120000),
		.session = (uint32_t)ix_rng_below(&d->rng, SESSIONS),
		.symbol = (uint32_t)ix_rng_below(&d->rng, SYMBOLS),
		.side = (uint8_t)ix_rng_between(&d->rng, IX_RISK_BUY, IX_RISK_SELL_SHORT),
		.flags = is_market ? IX_RISK_MARKET : 0};
}

static void send_order(day *d) {
	ix_risk_order o = draw_order(d);
	if (ix_risk_check(d->risk, &o, NULL) && d->open_count < OPEN_MAX) d->open[d->open_count++] = o;
}

/* A replacement that passes is another order to talk about; the old one is still talked about too. */
static void send_replacement(day *d, const ix_risk_order *old) {
	ix_risk_order o = draw_order(d);
	if ((o.flags | old->flags) & IX_RISK_MARKET) return;
	o.side = old->side;
	o.symbol = old->symbol;
	o.session = old->session;
	if (ix_risk_check_replace(d->risk, old->session, old->id, &o, NULL) && d->open_count < OPEN_MAX)
		d->open[d->open_count++] = o;
}

static void happen(day *d) {
	d->now_ns += ix_rng_below(&d->rng, 1000000);
	uint64_t what = ix_rng_below(&d->rng, 100);
	if (what < 35 || d->open_count == 0) {
		send_order(d);
		return;
	}
	if (what < 40) {
		ix_risk_mark(d->risk, (uint32_t)ix_rng_below(&d->rng, SYMBOLS),
			&(ix_risk_mark_price){
				.last_e4 = ix_rng_between(&d->rng, 80000, 120000), .time_ns = d->now_ns});
		return;
	}
	if (what < 42) {
		(void)ix_risk_adjust(d->risk, (uint32_t)ix_rng_below(&d->rng, SESSIONS),
			(uint32_t)ix_rng_below(&d->rng, SYMBOLS), ix_rng_between(&d->rng, -300, 300),
			ix_rng_between(&d->rng, 80000, 120000), d->now_ns);
		return;
	}
	size_t which = (size_t)ix_rng_below(&d->rng, d->open_count);
	ix_risk_order o = d->open[which];
	if (what < 50)
		ix_risk_on_ack(d->risk, o.session, o.id, d->now_ns);
	else if (what < 70)
		ix_risk_on_fill(d->risk, o.session, o.id, ix_rng_between(&d->rng, 1, 300),
			ix_rng_between(&d->rng, 80000, 120000), d->now_ns);
	else if (what < 78)
		ix_risk_on_cancel(d->risk, o.session, o.id, ix_rng_between(&d->rng, 1, 200), d->now_ns);
	else if (what < 86)
		send_replacement(d, &o);
	else if (what < 88)
		ix_risk_on_fill(
			d->risk, o.session, d->next_id + 1000000, 10, 100000, d->now_ns); /* nobody's */
	else {
		if (what < 92)
			ix_risk_on_reject(d->risk, o.session, o.id, d->now_ns);
		else
			ix_risk_on_cancel(d->risk, o.session, o.id, 0, d->now_ns);
		d->open[which] = d->open[--d->open_count];
	}
}

static void live(day *d, const char *state_dir, uint64_t events, uint64_t seed) {
	*d = (day){.risk = open_engine(state_dir), .next_id = 1, .now_ns = 1000};
	ix_rng_seed(&d->rng, seed);
	for (uint32_t i = 0; i < SYMBOLS; i++) {
		char name[8];
		uint32_t index;
		assert_int_equal(
			ix_risk_add_symbol(d->risk, (ix_str){name, ix_format(name, sizeof name, "Y%u", i)},
				NULL, &index, NULL),
			0);
		assert_int_equal(index, i);
		ix_risk_mark(d->risk, i, &(ix_risk_mark_price){.last_e4 = 100000, .time_ns = 1});
	}
	for (uint64_t i = 0; i < events; i++) {
		happen(d);
		if (i % 997 == 0) assert_int_equal(ix_risk_commit(d->risk, NULL), 0);
	}
	assert_int_equal(ix_risk_commit(d->risk, NULL), 0);
}

/* ---- the journal in SQL ---- */

static const char schema[] = "CREATE TABLE e(n INTEGER PRIMARY KEY, kind INT, session INT, symbol INT, id "
			     "INT, q INT, price INT, value INT, side INT, "
			     "replaced INT)";

/* What is open of every order. A replacement is settled by its acknowledgement or anything that happens to
 * it, or refused; until then the larger of both is open, in shares and in price. */
static const char open_orders[] =
	"CREATE TEMP TABLE open AS WITH"
	" f AS (SELECT session, id, SUM(q) q, MIN(n) n FROM e WHERE kind = 6 GROUP BY session, id),"
	" c AS (SELECT session, id, SUM(q) q, MAX(q = 0) whole, MIN(n) n FROM e WHERE kind = 5 GROUP BY "
	"session, id),"
	" a AS (SELECT session, id, MIN(n) n FROM e WHERE kind = 3 GROUP BY session, id),"
	" r AS (SELECT session, id, MIN(n) n FROM e WHERE kind = 4 GROUP BY session, id),"
	" o AS (SELECT e.session, e.symbol, e.id, e.side, e.value, e.kind, e.replaced,"
	"  CASE WHEN c.whole OR r.n IS NOT NULL THEN 0 ELSE MAX(0, e.q - IFNULL(f.q, 0) - IFNULL(c.q, 0)) "
	"END leaves,"
	"  MIN(IFNULL(a.n, 1 << 60), IFNULL(f.n, 1 << 60), IFNULL(c.n, 1 << 60)) settled, IFNULL(r.n, 1 << "
	"60) rejected"
	"  FROM e LEFT JOIN f USING(session, id) LEFT JOIN c USING(session, id) LEFT JOIN a USING(session, "
	"id)"
	"  LEFT JOIN r USING(session, id) WHERE e.kind IN (1, 2)),"
	" n AS (SELECT *, CASE WHEN kind = 1 THEN 'order' WHEN rejected < settled THEN 'refused' WHEN "
	"settled < 1 << 60 THEN 'order'"
	"  ELSE 'waiting' END state FROM o),"
	" by AS (SELECT session, replaced id, MAX(state = 'order') gone, MAX(state = 'waiting') waits FROM n"
	"  WHERE kind = 2 AND state <> 'refused' GROUP BY session, replaced)"
	" SELECT n.session, n.symbol, n.side,"
	"  CASE WHEN n.state = 'waiting' THEN MAX(n.leaves, old.leaves) ELSE n.leaves END shares,"
	"  CASE WHEN n.state = 'waiting' THEN MAX(n.value, old.value) ELSE n.value END value"
	" FROM n LEFT JOIN by ON by.session = n.session AND by.id = n.id"
	" LEFT JOIN n old ON n.state = 'waiting' AND old.session = n.session AND old.id = n.replaced"
	" WHERE n.state <> 'refused' AND NOT IFNULL(by.gone, 0) AND NOT IFNULL(by.waits, 0)";

static const char trades[] =
	"CREATE TEMP TABLE trade AS"
	" SELECT x.session, o.symbol, x.price, CASE WHEN o.side = 1 THEN x.q ELSE -x.q END q FROM e x"
	" JOIN e o ON o.session = x.session AND o.id = x.id AND o.kind IN (1, 2) WHERE x.kind = 6"
	" UNION ALL SELECT session, id, price, q FROM e WHERE kind = 7";
/* EVENT_MARK has the symbol where others have the session. */
static const char marks[] = "CREATE TEMP TABLE mark AS SELECT session symbol, price, MAX(n) FROM e WHERE "
			    "kind = 8 GROUP BY session";

static void execute(sqlite3 *db, const char *sql) {
	char *message = NULL;
	if (sqlite3_exec(db, sql, NULL, NULL, &message) != SQLITE_OK) fail_msg("%s: %s", message, sql);
}

static void insert(sqlite3_stmt *into, const event *e, int64_t n) {
	const int64_t values[] = {n, e->kind, e->session, e->symbol, (int64_t)e->id, e->quantity, e->price,
		(int64_t)e->other, e->side, (int64_t)e->replaced};
	for (int i = 0; i < (int)IX_COUNT(values); i++)
		assert_int_equal(sqlite3_bind_int64(into, i + 1, values[i]), SQLITE_OK);
	assert_int_equal(sqlite3_step(into), SQLITE_DONE);
	assert_int_equal(sqlite3_reset(into), SQLITE_OK);
}

static sqlite3 *load_journal(const char *path, int64_t *ret_count) {
	sqlite3 *db;
	sqlite3_stmt *into;
	ix_journal_reader *reader;
	const ix_journal_record *record;
	*ret_count = 0;
	assert_int_equal(sqlite3_open(":memory:", &db), SQLITE_OK);
	execute(db, schema);
	execute(db, "BEGIN");
	assert_int_equal(sqlite3_prepare_v2(db, "INSERT INTO e VALUES(?,?,?,?,?,?,?,?,?,?)", -1, &into, NULL),
		SQLITE_OK);
	assert_int_equal(ix_journal_reader_open(path, NULL, &reader, NULL), 0);
	while (ix_journal_reader_next(reader, &record, NULL) == 0 && record) {
		for (size_t at = 0; record->kind == RECORD_OF_EVENTS && at < record->payload.size;
			at += sizeof(event)) {
			event e;
			memcpy(&e, record->payload.data + at, sizeof e);
			insert(into, &e, ++*ret_count);
		}
	}
	ix_journal_reader_close(reader);
	assert_int_equal(sqlite3_finalize(into), SQLITE_OK);
	execute(db, "COMMIT; CREATE INDEX by_order ON e(session, id, kind)");
	execute(db, open_orders);
	execute(db, trades);
	execute(db, marks);
	return db;
}

static int64_t ask(sqlite3 *db, const char *format, const char *sessions, uint32_t symbol_index) {
	char sql[1024];
	sqlite3_stmt *query;
	ix_format(sql, sizeof sql, format, sessions, symbol_index);
	if (sqlite3_prepare_v2(db, sql, -1, &query, NULL) != SQLITE_OK)
		fail_msg("%s: %s", sqlite3_errmsg(db), sql);
	assert_int_equal(sqlite3_step(query), SQLITE_ROW);
	int64_t value = sqlite3_column_int64(query, 0);
	assert_int_equal(sqlite3_finalize(query), SQLITE_OK);
	return value;
}

/* ---- comparing ---- */

static void same(int64_t ours, int64_t theirs, const char *what, const char *level) {
	if (ours != theirs)
		fail_msg(
			"%s of %s: %lld, and SQL says %lld", what, level, (long long)ours, (long long)theirs);
}

static void compare(const ix_risk *risk, sqlite3 *db) {
	for (size_t i = 0; i < IX_COUNT(levels); i++) {
		const char *who = levels[i].sessions, *name = levels[i].name;
		ix_risk_exposure x;
		assert_int_equal(ix_risk_get_exposure(risk, levels[i].level, ix_str_from(name), &x, NULL), 0);
		same(x.open_notional_e4,
			ask(db, "SELECT IFNULL(SUM(shares * value), 0) FROM open WHERE session IN (%s)", who,
				0),
			"open value", name);
		same(x.open_long_sales_e4,
			ask(db,
				"SELECT IFNULL(SUM(shares * value), 0) FROM open WHERE session IN (%s) AND "
				"side = 2",
				who, 0),
			"open sales", name);
		same(x.open_orders,
			ask(db, "SELECT COUNT(*) FROM open WHERE session IN (%s) AND shares > 0", who, 0),
			"open orders", name);
		same(x.pnl_e4,
			ask(db,
				"SELECT IFNULL(SUM(q * (mark.price - trade.price)), 0) FROM trade JOIN mark "
				"USING(symbol) WHERE session IN (%s)",
				who, 0),
			"profit", name);
		same(x.gross_notional_e4,
			ask(db,
				"SELECT IFNULL(SUM(ABS(held) * price), 0) FROM (SELECT symbol, SUM(q) held "
				"FROM trade WHERE session "
				"IN (%s) GROUP BY symbol) JOIN mark USING(symbol)",
				who, 0),
			"gross value", name);
		for (uint32_t y = 0; y < SYMBOLS; y++) {
			ix_risk_position p;
			assert_int_equal(
				ix_risk_get_position(risk, levels[i].level, ix_str_from(name), y, &p, NULL),
				0);
			same(p.shares,
				ask(db,
					"SELECT IFNULL(SUM(q), 0) FROM trade WHERE session IN (%s) AND "
					"symbol = %u",
					who, y),
				"position", name);
			same(p.open_buy,
				ask(db,
					"SELECT IFNULL(SUM(shares), 0) FROM open WHERE session IN (%s) AND "
					"symbol = %u AND side = 1",
					who, y),
				"open buys", name);
			same(p.open_sell,
				ask(db,
					"SELECT IFNULL(SUM(shares), 0) FROM open WHERE session IN (%s) AND "
					"symbol = %u AND side > 1",
					who, y),
				"open sales of the symbol", name);
		}
	}
}

static void what_is_held_is_what_sql_makes_of_the_journal(void **state) {
	(void)state;
	uint64_t events = ix_testing_long() ? 1000000 / SEEDS : 50000 / SEEDS;
	for (uint64_t seed = 0; seed < SEEDS; seed++) {
		char path[512];
		day d;
		int64_t count;
		ix_format(path, sizeof path, "%s/journal", ix_testing_directory());
		live(&d, path, events, ix_testing_seed() + seed);
		sqlite3 *db = load_journal(path, &count);
		assert_true((uint64_t)count > events / 2);
		compare(d.risk, db);
		if (seed % 3 == 0) assert_int_equal(ix_risk_checkpoint(d.risk, NULL), 0);
		ix_risk_close(d.risk);
		d.risk = open_engine(path); /* from the journal, or from the snapshot */
		compare(d.risk, db);
		ix_risk_close(d.risk);
		assert_int_equal(sqlite3_close(db), SQLITE_OK);
		assert_int_equal(ix_directory_remove(path, NULL), 0);
	}
}

IX_TESTS(test_risk_sql, cmocka_unit_test(what_is_held_is_what_sql_makes_of_the_journal));
