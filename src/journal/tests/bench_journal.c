/* Measures the journal on this machine's disk, and SQLite's WAL doing the same in the same run: one JSON line
 * a case. INOX_BENCH_DIR says where (default: /tmp; a tmpfs measures no disk). */
#include <inox/alloc.h>
#include <inox/blake3.h>
#include <inox/clock.h>
#include <inox/cpu_features.h>
#include <inox/crc32c.h>
#include <inox/file.h>
#include <inox/hist.h>
#include <inox/journal.h>
#include <inox/merkle.h>
#include <inox/sha256.h>
#include <inox/thread.h>

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
	RECORD = 64,
	APPENDS = 4000000,
	COMMITS = 1500,
	BATCHES = 300,
	BATCH = 100,
	PRODUCERS = 4,
	WAITS = 400
};

static const uint8_t record[RECORD] = "sixty-four bytes, as an order and what was decided about it is..";
static char directory[600];

static void must(int code, const ix_error *err) {
	if (code == 0) return;
	fprintf(stderr, "bench-journal: %s\n", err->text);
	exit(4);
}

static int64_t wall(void) { return ix_clock_now(ix_clock_monotonic()); }
static double cpu_seconds(void) {
	struct timespec now;
	(void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

typedef struct timer {
	int64_t wall_ns;
	double cpu_s;
} timer;

static timer start(void) { return (timer){wall(), cpu_seconds()}; }
static void row(const char *name, const char *unit, double count, timer from) {
	double seconds = (double)(wall() - from.wall_ns) * 1e-9;
	printf("{\"case\": \"%s\", \"unit\": \"%s\", \"value\": %.6g, \"cpu_s\": %.4f, \"wall_s\": %.4f}\n",
		name, unit, count / seconds, cpu_seconds() - from.cpu_s, seconds);
	fflush(stdout);
}

static ix_journal *open_at(const char *name, bool chained, uint64_t segment_size) {
	char path[700];
	ix_journal *j;
	ix_error err = {0};
	snprintf(path, sizeof path, "%s/%s", directory, name);
	ix_journal_options options = {.chained = chained, .segment_size = segment_size};
	must(ix_journal_open(path, &options, &j, NULL, &err), &err);
	return j;
}

/* In one large segment: a full one is synced before the next begins. */
static void append_without_sync(
	const char *name, const char *title, bool chained, size_t count, uint64_t segment_size) {
	ix_error err = {0};
	ix_journal *j = open_at(name, chained, segment_size);
	timer from = start();
	for (size_t i = 0; i < count; i++)
		must(ix_journal_append(j, 1, (ix_bytes){record, RECORD}, NULL, &err), &err);
	must(ix_journal_flush(j, &err), &err);
	row(title, "records/s", (double)count, from);
	must(ix_journal_close(j, &err), &err);
}

static void commit_each(void) {
	ix_error err = {0};
	ix_journal *j = open_at("each", false, 0);
	timer from = start();
	for (int i = 0; i < COMMITS; i++) {
		must(ix_journal_append(j, 1, (ix_bytes){record, RECORD}, NULL, &err), &err);
		must(ix_journal_commit(j, &err), &err);
	}
	row("commit each record", "records/s", COMMITS, from);
	from = start();
	for (int i = 0; i < BATCHES; i++) {
		for (int k = 0; k < BATCH; k++)
			must(ix_journal_append(j, 1, (ix_bytes){record, RECORD}, NULL, &err), &err);
		must(ix_journal_commit(j, &err), &err);
	}
	row("commit every 100 records", "records/s", BATCHES * BATCH, from);
	must(ix_journal_close(j, &err), &err);
}

/* ---- group commit ---- */

static void produce(void *argument) {
	ix_journal_writer *w = argument;
	ix_error err = {0};
	for (int i = 0; i < WAITS; i++) {
		uint64_t sequence;
		must(ix_journal_writer_append(w, 1, (ix_bytes){record, RECORD}, true, &sequence, &err), &err);
		must(ix_journal_writer_wait(w, sequence, &err), &err);
	}
}

static void group_commit(int producers) {
	ix_thread *threads[64];
	ix_journal_writer *w;
	ix_error err = {0};
	char name[64];
	snprintf(name, sizeof name, "group%d", producers);
	ix_journal *j = open_at(name, false, 0);
	must(ix_journal_writer_start(j, NULL, &w, &err), &err);
	timer from = start();
	for (int i = 0; i < producers; i++) must(ix_thread_start(NULL, produce, w, &threads[i], &err), &err);
	for (int i = 0; i < producers; i++) ix_thread_join(threads[i]);
	snprintf(name, sizeof name, "group commit, %d producers wait for each", producers);
	row(name, "records/s", producers * WAITS, from);
	must(ix_journal_writer_stop(w, &err), &err);
	must(ix_journal_close(j, &err), &err);
}

/* What a hot thread pays to hand a record over. */
static void hand_over(void) {
	ix_journal_writer *w;
	ix_error err = {0};
	ix_journal *j = open_at("handed", false, 0);
	ix_hist hist;
	ix_journal_writer_options options = {.queue_size = 16 << 20, .sync_interval_ns = 100 * IX_NS_PER_MS};
	must(ix_hist_init(&hist, NULL, ix_os_allocator(), &err), &err);
	must(ix_journal_writer_start(j, &options, &w, &err), &err);
	timer from = start();
	for (int i = 0; i < 1000000; i++) {
		uint64_t before = ix_cycles();
		must(ix_journal_writer_append(w, 1, (ix_bytes){record, RECORD}, true, NULL, &err), &err);
		ix_hist_record(&hist, (uint64_t)ix_cycles_to_ns(ix_cycles() - before));
	}
	row("hand over to the writer thread", "records/s", 1000000, from);
	printf("{\"case\": \"hand over, median\", \"unit\": \"ns\", \"value\": %llu}\n",
		(unsigned long long)ix_hist_percentile(&hist, 50));
	printf("{\"case\": \"hand over, p99\", \"unit\": \"ns\", \"value\": %llu}\n",
		(unsigned long long)ix_hist_percentile(&hist, 99));
	must(ix_journal_writer_stop(w, &err), &err);
	must(ix_journal_close(j, &err), &err);
	ix_hist_fini(&hist);
}

/* ---- reading ---- */

static void read_back(const char *name) {
	char path[700];
	const ix_journal_record *got;
	ix_journal_reader *reader;
	ix_journal_report report;
	ix_error err = {0};
	size_t count = 0;
	snprintf(path, sizeof path, "%s/%s", directory, name);
	timer from = start();
	must(ix_journal_reader_open(path, NULL, &reader, &err), &err);
	for (;; count++) {
		must(ix_journal_reader_next(reader, &got, &err), &err);
		if (!got) break;
	}
	row("read, checked", "records/s", (double)count, from);
	from = start();
	enum { SEEKS = 200 };
	for (uint64_t i = 0; i < SEEKS; i++)
		must(ix_journal_reader_seek(reader, 1 + i * 104729 % (count - 1), &err), &err);
	row("seek to a sequence", "seeks/s", SEEKS, from);
	ix_journal_reader_close(reader);
	from = start();
	must(ix_journal_verify(path, NULL, &report, &err), &err);
	if (report.finding_count) exit(5);
	row("verify", "records/s", (double)report.record_count, from);
	from = start();
	ix_journal *j = open_at(name, false, 0);
	row("open a closed journal", "opens/s", 1, from);
	must(ix_journal_close(j, &err), &err);
}

static void merkle(void) {
	enum { LEAVES = 500000, PROOFS = 20000 };
	ix_merkle_tree tree;
	ix_error err = {0};
	ix_merkle_tree_init(&tree, ix_os_allocator(), 0);
	timer from = start();
	for (int i = 0; i < LEAVES; i++) {
		ix_merkle_hash leaf;
		ix_merkle_leaf((ix_bytes){record, RECORD}, &leaf);
		must(ix_merkle_tree_add(&tree, &leaf, &err), &err);
	}
	row("merkle: add a 64 B leaf", "leaves/s", LEAVES, from);
	ix_merkle_source source = ix_merkle_tree_source(&tree);
	from = start();
	for (uint64_t i = 0; i < PROOFS; i++) {
		ix_merkle_proof proof;
		must(ix_merkle_source_inclusion(&source, i * 7919 % LEAVES, LEAVES, &proof, &err), &err);
	}
	row("merkle: prove inclusion in 500,000", "proofs/s", PROOFS, from);
	ix_merkle_tree_fini(&tree);
}

/* ---- SQLite, when its library is here (packages/bench.apt); its interface is stable, so no headers are
 * needed ---- */

typedef struct sqlite {
	int (*open)(const char *, void **);
	int (*exec)(void *, const char *, void *, void *, char **);
	int (*prepare)(void *, const char *, int, void **, const char **);
	int (*bind_blob)(void *, int, const void *, int, void (*)(void *));
	int (*step)(void *), (*reset)(void *), (*finalize)(void *), (*close)(void *);
} sqlite;

static void *symbol(void *library, const char *name) {
	void *found = dlsym(library, name);
	if (!found) exit(4);
	return found;
}

static void peer_sqlite(void) {
	void *library = dlopen("libsqlite3.so.0", RTLD_NOW), *db, *insert;
	if (!library) {
		printf("{\"case\": \"SQLite WAL, synchronous=FULL, commit each insert\", \"not_measured\": "
		       "true}\n");
		return;
	}
	sqlite s;
	*(void **)&s.open = symbol(library, "sqlite3_open");
	*(void **)&s.exec = symbol(library, "sqlite3_exec");
	*(void **)&s.prepare = symbol(library, "sqlite3_prepare_v2");
	*(void **)&s.bind_blob = symbol(library, "sqlite3_bind_blob");
	*(void **)&s.step = symbol(library, "sqlite3_step");
	*(void **)&s.reset = symbol(library, "sqlite3_reset");
	*(void **)&s.finalize = symbol(library, "sqlite3_finalize");
	*(void **)&s.close = symbol(library, "sqlite3_close");
	char path[700];
	snprintf(path, sizeof path, "%s/peer.db", directory);
	if (s.open(path, &db)) exit(4);
	(void)s.exec(db, "PRAGMA journal_mode=WAL", NULL, NULL, NULL);
	(void)s.exec(db, "PRAGMA synchronous=FULL", NULL, NULL, NULL);
	(void)s.exec(db, "CREATE TABLE log (sequence INTEGER PRIMARY KEY, record BLOB)", NULL, NULL, NULL);
	if (s.prepare(db, "INSERT INTO log (record) VALUES (?)", -1, &insert, NULL)) exit(4);
	(void)s.bind_blob(insert, 1, record, RECORD, NULL);
	timer from = start();
	for (int i = 0; i < COMMITS; i++) (void)s.step(insert), (void)s.reset(insert);
	row("SQLite WAL, synchronous=FULL, commit each insert", "records/s", COMMITS, from);
	from = start();
	for (int i = 0; i < BATCHES; i++) {
		(void)s.exec(db, "BEGIN", NULL, NULL, NULL);
		for (int k = 0; k < BATCH; k++) (void)s.step(insert), (void)s.reset(insert);
		(void)s.exec(db, "COMMIT", NULL, NULL, NULL);
	}
	row("SQLite WAL, synchronous=FULL, commit every 100 inserts", "records/s", BATCHES * BATCH, from);
	from = start();
	(void)s.exec(db, "BEGIN", NULL, NULL, NULL);
	enum { INSERTS = 300000 };
	for (int i = 0; i < INSERTS; i++) (void)s.step(insert), (void)s.reset(insert);
	(void)s.exec(db, "COMMIT", NULL, NULL, NULL);
	row("SQLite WAL, one transaction", "records/s", INSERTS, from);
	(void)s.finalize(insert);
	(void)s.close(db);
	(void)dlclose(library);
}

int main(void) {
	ix_cpu_features cpu = ix_cpu_features_detect();
	ix_error err = {0};
	ix_crc32c_choose(&cpu);
	ix_blake3_choose(&cpu);
	ix_sha256_choose(&cpu);
	const char *where = getenv("INOX_BENCH_DIR");
	if (where) snprintf(directory, sizeof directory, "%s/inox-bench-journal", where);
	if (where)
		must(ix_directory_make(directory, 0700, &err), &err);
	else
		must(ix_directory_temporary("inox-bench-journal", directory, sizeof directory, &err), &err);
	append_without_sync("large", "append 64 B, no sync", false, APPENDS, IX_JOURNAL_SEGMENT_SIZE_MAX);
	append_without_sync(
		"chained", "append 64 B, chained, no sync", true, APPENDS / 4, IX_JOURNAL_SEGMENT_SIZE_MAX);
	append_without_sync("plain", "append 64 B, segments of 64 MiB synced when full", false, APPENDS, 0);
	commit_each();
	group_commit(1);
	group_commit(PRODUCERS);
	group_commit(4 * PRODUCERS);
	hand_over();
	read_back("plain");
	merkle();
	peer_sqlite();
	must(ix_directory_remove(directory, &err), &err);
	return 0;
}
