/* pipeline_run.h - a whole trading run around the engine of <inox/pipeline.h>: a plan that says how it is set
 * up, files and captures as the feed, pacing, threads, the audit trail; and the replay of a trail.
 *
 *     ix_plan plan = {.strategy = IX_STR("maker"), .limits = text, .session = IX_STR("desk1")};
 *     ix_run_options options = {.plan = &plan, .source = {.paths = {"day.itch.xz"}}, .trail_path = "audit"};
 *     ix_run *run;
 *     if (ix_run_day(&options, &run, &err) == 0) … ix_run_pipeline(run) …
 *     ix_run_free(run);
 */
#ifndef INOX_PIPELINE_RUN_H
#define INOX_PIPELINE_RUN_H

#include <inox/pipeline.h>
#include <inox/source.h>

#include <stdatomic.h>

/* ---- the plan: all that a run's decisions depend on, besides the feed. It is the trail's first record. ----
 */

enum { IX_PLAN_TEXT_MAX = IX_TRAIL_PAYLOAD_MAX, IX_PLAN_LIMITS_MAX = 32 << 10 };

typedef struct ix_plan {
	ix_str strategy;           /* "maker", "ofi", or the path of a shared object */
	uint8_t strategy_hash[32]; /* BLAKE3 of the shared object; zeroes for a built-in. Filled in by
				      ix_plan_build */
	int64_t parameters[IX_STRATEGY_PARAMETER_MAX];
	bool has_parameters; /* else the strategy's fallbacks, filled in by ix_plan_build */
	ix_str limits;       /* the text of a limits file; empty: no risk checks */
	ix_str limits_name;  /* what errors call it */
	ix_str session;      /* of the limits */
	uint64_t venue_latency_ns;
	uint32_t symbols_max, orders_max, book_orders_reserve;
} ix_plan;

/* As a JSON document and back. The text of a read plan points into `json`. Errors: IX_ERR_LIMIT too large;
 * those of <inox/json.h>, IX_ERR_VERSION. */
IX_API int ix_plan_write(
	const ix_plan *plan, const ix_strategy_vtable *strategy, ix_writer *writer, ix_error *err);
struct ix_json;
IX_API int ix_plan_read(struct ix_json *json, ix_plan *ret_plan, ix_error *err);

/* ---- running ---- */

typedef enum ix_run_mode {
	IX_RUN_ONE_CORE, /* reading and trading in turn, run to completion */
	IX_RUN_STAGED,   /* reading, trading and the trail's writing on a thread each, rings between them */
} ix_run_mode;

enum { IX_RUN_CORE_READ, IX_RUN_CORE_TRADE, IX_RUN_CORE_TRAIL, IX_RUN_CORE_COUNT };

typedef struct ix_run_options {
	ix_plan *plan;            /* required; what it leaves open is filled in */
	ix_source_options source; /* allocator NULL: the operating system's */
	ix_run_mode mode;
	const char *trail_path;     /* a directory to be made; NULL: no trail */
	bool is_durable;            /* an order is synced to the disk before the venue takes it */
	const char *drop_copy_path; /* what the venue sends, in SoupBinTCP packets, written at once; NULL:
				       nowhere */
	uint64_t rate_per_s;  /* open loop: message n arrives n/rate seconds after the start; 0: when it is
				 read */
	uint64_t message_max; /* 0: all */
	bool busy_poll;
	bool is_pinned; /* threads to `cores` (in ONE_CORE: the caller's to cores[IX_RUN_CORE_TRADE]) */
	int cores[IX_RUN_CORE_COUNT];
	bool measures;
	uint64_t latency_alert_ns;
	int64_t loss_alert_e4;
	const atomic_bool *must_stop; /* set by whoever wants an orderly end; NULL: nobody */
	/* Now and then (about ten times a second), on the trading thread. */
	void (*on_progress)(void *context, const ix_pipeline *pipeline, int64_t elapsed_ns);
	void (*on_alert)(void *context, const ix_pipeline_alert *alert);
	void (*on_log)(void *context, ix_str text);
	void *context;
} ix_run_options;

typedef struct ix_run ix_run;

/* Runs the feed to its end (or message_max, or must_stop), stops in order, closes the trail. The result is
 * there also after an error of the trail or of the feed, up to which it counts: *ret_run is NULL only when
 * the run could not start. Errors name file and place. */
IX_API int ix_run_day(const ix_run_options *options, ix_run **ret_run, ix_error *err);
IX_API void ix_run_free(ix_run *run); /* NULL is fine */

typedef struct ix_run_times {
	int64_t wall_ns, cpu_ns; /* of the trading thread */
	int64_t late_ns_max;     /* open loop: how far behind its schedule a message was taken */
} ix_run_times;

IX_API const ix_pipeline *ix_run_pipeline(const ix_run *run);
IX_API ix_risk *ix_run_risk(const ix_run *run);                /* NULL: without limits */
IX_API const ix_source_info *ix_run_source(const ix_run *run); /* NULL: a replay */
IX_API const ix_strategy_vtable *ix_run_strategy(const ix_run *run);
IX_API ix_run_times ix_run_get_times(const ix_run *run);
IX_API ix_trail_stats ix_run_get_trail(const ix_run *run); /* zeroes without a trail */

/* ---- replaying ---- */

typedef struct ix_replay_result {
	uint64_t record_count;      /* read */
	uint64_t recovered_count;   /* of them, from the ring that a crash left */
	uint64_t compared_count;    /* decisions, answers and the end that were made again */
	bool is_complete;           /* the trail has its end record; else it was cut off, by a crash say */
	uint64_t mismatch_sequence; /* of the first record that came out differently; 0: none */
	char mismatch[IX_ERROR_TEXT_MAX]; /* one sentence about it */
} ix_replay_result;

typedef struct ix_replay_options {
	const char *trail_path;
	bool verify;          /* check the hash chain of the whole journal first */
	const char *strategy; /* the shared object that ran, where one did: its code is run; NULL: none is */
	/* Each record, before it is replayed; NULL: nobody. */
	void (*on_record)(void *context, const ix_journal_record *record);
	void *context;
} ix_replay_options;

/* Builds the engine from the trail's plan, feeds it the trail's inputs and compares all that comes out with
 * the records. Returns 0 also when they differ: the result says so. Errors: the journal's (damage names file,
 * offset, sequence), a record that is none of ours, a plan that cannot be built here, IX_ERR_CONFLICT a
 * shared object that is not the one that ran. */
IX_API int ix_replay(
	const ix_replay_options *options, ix_run **ret_run, ix_replay_result *ret_result, ix_error *err);

#endif
