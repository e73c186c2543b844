/* venue_fixture.h - what the venue's tests share: a stream of commands that is the same from the same number
 * on, and states compared by their bytes. */
#ifndef VENUE_FIXTURE_H
#define VENUE_FIXTURE_H

#include "../../match/tests/match_mix.h"
#include "../../match/tests/match_store.h"

#include <inox/alloc.h>
#include <inox/file_memory.h>
#include <inox/journal.h>
#include <inox/testing.h>
#include <inox/venue.h>

/* The mix of everything. */
static inline mixer venue_mixer(uint64_t seed) { return mixer_of(&mixes[6], seed); }

static inline ix_venue_options venue_options(const ix_file_system *system) {
	return (ix_venue_options){.match = {.allocator = ix_os_allocator(),
					  .symbols_max = 8,
					  .orders_reserve = 128,
					  .levels_reserve = 64},
		.segment_size = 16 << 10,
		.system = system};
}

static inline ix_venue *venue_at(
	const char *path, const ix_venue_options *options, ix_venue_recovery *ret_found) {
	ix_venue *v = NULL;
	ix_error err = {0};
	if (ix_venue_open(path, options, &v, ret_found, &err) != 0) fail_msg("%s", err.text);
	ix_error wrong = {0};
	if (ix_match_check(ix_venue_engine(v), &wrong) != 0) fail_msg("%s", wrong.text);
	return v;
}

/* The next `count` of the stream, at once. */
static inline int venue_feed(ix_venue *v, mixer *m, size_t count, ix_error *err) {
	ix_match_command commands[64];
	IX_ASSERT(count <= IX_COUNT(commands));
	for (size_t i = 0; i < count; i++) commands[i] = mixer_next(m);
	return ix_venue_apply(v, commands, count, err);
}

/* An engine without a journal that was given the first `count` commands of the stream. */
static inline ix_match *engine_after(uint64_t seed, uint64_t count) {
	ix_venue_options options = venue_options(NULL);
	ix_match *e = NULL;
	assert_int_equal(ix_match_new(&options.match, &e, NULL), 0);
	mixer m = venue_mixer(seed);
	for (uint64_t i = 0; i < count; i++) {
		ix_match_command c = mixer_next(&m);
		(void)ix_match_apply(e, &c);
	}
	return e;
}

static inline void assert_same_engine(const ix_match *a, const ix_match *b) {
	store x = store_of(a), y = store_of(b);
	assert_int_equal(x.size, y.size);
	assert_memory_equal(x.data, y.data, x.size);
	free(x.data);
	free(y.data);
}

/* The venue's state is that after the first commands of the stream, as many as it says. */
static inline void assert_state_of_stream(const ix_venue *v, uint64_t seed) {
	ix_match *e = engine_after(seed, ix_venue_command_count(v));
	assert_same_engine(ix_venue_engine(v), e);
	ix_match_free(e);
}

#endif
