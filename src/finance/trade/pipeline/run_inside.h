/* run_inside.h - what run.c, feed.c, plan.c and replay.c share. */
#ifndef PIPELINE_RUN_INSIDE_H
#define PIPELINE_RUN_INSIDE_H

#include <inox/alloc.h>
#include <inox/clock.h>
#include <inox/file_system.h>
#include <inox/os_error.h>
#include <inox/pipeline_run.h>
#include <inox/ring.h>
#include <inox/strategy_load.h>
#include <inox/thread.h>

enum {
	BATCH_SIZE = 16 << 10, /* bytes of messages that go from the reader to the engine at once */
	BATCH_COUNT = 64,      /* of them in the ring: a megabyte */
};
_Static_assert(BATCH_SIZE <= IX_TRAIL_PAYLOAD_MAX - IX_TRAIL_INPUT_HEAD, "a batch is one record");

typedef enum batch_kind { BATCH_MESSAGES, BATCH_LOST, BATCH_END, BATCH_FAILED } batch_kind;

typedef struct batch {
	batch_kind kind;
	uint32_t size;  /* whole messages */
	uint64_t count; /* messages; of LOST: how many are */
	uint8_t bytes[BATCH_SIZE];
} batch;

IX_RING(batch_ring, batch *);

/* Reads the source into batches: in turn with the engine, or on a thread of its own. */
typedef struct reader {
	ix_source *source;
	const char *path;
	batch *batches;
	batch *free_items[BATCH_COUNT], *full_items[BATCH_COUNT];
	batch_ring free, full;
	ix_thread *thread;
	atomic_bool must_stop;
	bool busy_poll;
	ix_source_part part; /* the one at hand, and how much of it has been taken */
	size_t part_used;
	uint64_t message_max, message_count;
	int code; /* with BATCH_FAILED */
	ix_error err;
} reader;

int reader_open(reader *r, const ix_run_options *options, ix_error *err);
int reader_start(reader *r, const ix_run_options *options, ix_error *err); /* the thread */
batch *reader_next(reader *r); /* the next batch, sooner or later */
void reader_give_back(reader *r, batch *b);
void reader_close(reader *r);

struct ix_run {
	ix_run_options options;
	ix_pipeline *pipeline;
	ix_risk *risk;
	ix_strategy_file strategy_file; /* of a shared object */
	const ix_strategy_vtable *strategy;
	ix_trail *trail;
	int drop_copy;        /* a descriptor; -1: none */
	int drop_copy_failed; /* errno */
	reader reader;
	ix_source_info source_info;
	bool has_source;
	ix_run_times times;
	ix_trail_stats trail_stats;
};

/* The engine that a plan describes, with its records going to `sink`. Fills in what the plan left open. */
int plan_build(ix_plan *plan, const ix_pipeline_sink *sink, const ix_run_options *options, ix_run *run,
	ix_error *err);
ix_run *run_new(ix_error *err);

#endif
