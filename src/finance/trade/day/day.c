/* A day of market data into counts and books. */
#include <inox/day.h>

#include <inox/itch.h>

#include <stdlib.h>

enum { DAY_SLICE_MAX = 1 << 17 }; /* messages between two looks at progress */

struct ix_day {
	const ix_allocator *allocator;
	ix_day_options options;
	ix_source *source;
	ix_books *books;
	ix_day_counts counts;
	ix_day_missing *missing;
	size_t missing_open; /* of those that may still be lost, the first: none of an earlier session */
	ix_source_info info;
	uint8_t sizes[256]; /* by type; 0: unknown */
	bool has_time;      /* first_ns is known */
	bool is_full;       /* what was asked for has been read */
};

static void note_event(ix_day *day, const uint8_t *message) {
	ix_day_counts *counts = &day->counts;
	if (counts->event_count == IX_DAY_EVENT_MAX) return;
	counts->events[counts->event_count++] =
		(ix_day_event){ix_itch_system_event_event_code(message), ix_itch_view_timestamp_ns(message)};
}

/* The first bad message of a part: says what is wrong with it and where. `place` is its offset or its
 * sequence number. */
static int explain(ix_day *day, const ix_source_part *part, size_t at, uint64_t nth, ix_error *err) {
	const uint8_t *frame = part->framed.data + at;
	ix_itch_message decoded;
	int code = ix_itch_decode((ix_bytes){frame + 2, ix_load_u16_be(frame)}, &decoded, err);
	if (!code && day->books) {
		/* The books have counted it already. */
		ix_books_set_sequence(day->books, ix_books_sequence(day->books) - 1);
		code = ix_books_apply(day->books, &decoded, err);
	}
	IX_ASSERT(code != 0);
	if (part->sequence)
		return ix_wrap(err, code, "%s: sequence %llu", day->options.source.paths[0],
			(unsigned long long)(part->sequence + nth));
	return ix_wrap(err, code, "%s: offset %llu", day->options.source.paths[0],
		(unsigned long long)(part->offset + at));
}

typedef struct day_slice {
	size_t bytes;
	uint64_t count;
	size_t bad_at; /* of a message that must not be applied; SIZE_MAX: all are good */
} day_slice;

/* Walks the frames of a part as far as the day wants them, and counts. */
static day_slice walk(ix_day *day, ix_bytes framed) {
	day_slice slice = {.bad_at = SIZE_MAX};
	ix_day_counts *counts = &day->counts;
	uint64_t most =
		day->options.message_max ? day->options.message_max - counts->message_count : UINT64_MAX;
	uint64_t until_ns = day->options.has_until ? (uint64_t)day->options.until_ns : UINT64_MAX;
	if (most > DAY_SLICE_MAX) most = DAY_SLICE_MAX;
	while (slice.count < most && framed.size - slice.bytes >= 2) {
		const uint8_t *message = framed.data + slice.bytes + 2;
		size_t size = ix_load_u16_be(message - 2);
		if (size == 0 || size > framed.size - slice.bytes - 2) break;
		uint8_t type = message[0], wanted = day->sizes[type];
		if (wanted ? wanted != size : day->options.is_strict) {
			slice.bad_at = slice.bytes;
			break;
		}
		if (wanted) {
			uint64_t now_ns = ix_itch_view_timestamp_ns(message);
			if (now_ns > until_ns) {
				day->is_full = true;
				break;
			}
			if (!day->has_time) counts->first_ns = now_ns;
			day->has_time = true;
			counts->last_ns = now_ns;
			if (type == IX_ITCH_SYSTEM_EVENT) note_event(day, message);
		} else {
			counts->unknown_count++;
		}
		counts->by_type[type]++;
		counts->message_bytes += size;
		slice.bytes += 2 + size;
		slice.count++;
	}
	return slice;
}

/* Where the last of the messages begins that end at `end`. */
static size_t last_before(ix_bytes framed, size_t end) {
	size_t last = 0;
	for (size_t at = 0; at < end; at += 2 + (size_t)ix_load_u16_be(framed.data + at)) last = at;
	return last;
}

static int take_messages(ix_day *day, ix_source_part part, ix_error *err) {
	day_slice slice = walk(day, part.framed);
	ix_itch_run run = {0};
	ix_bytes good = {part.framed.data, slice.bytes};
	if (day->books && slice.count > 0 && ix_books_run(day->books, good, &run, slice.count, err) != 0)
		return explain(day, &part, last_before(good, (size_t)run.offset), run.message_count - 1, err);
	if (slice.bad_at != SIZE_MAX) return explain(day, &part, slice.bad_at, slice.count, err);
	day->counts.message_count += slice.count;
	if (day->options.message_max && day->counts.message_count == day->options.message_max)
		day->is_full = true;
	ix_source_advance(day->source, slice.bytes);
	return 0;
}

/* Gaps and losses come in order within a session, so what lies in front of a loss is done with: all of it
 * came. */
static void note_lost(ix_day *day, uint64_t first, uint64_t count) {
	size_t all = day->counts.missing_count, i = day->missing_open;
	uint64_t end = first + count;
	while (i < all && day->missing[i].sequence + day->missing[i].count <= first) i++;
	day->missing_open = i;
	for (; i < all && day->missing[i].sequence < end; i++) {
		ix_day_missing *missing = &day->missing[i];
		uint64_t from = missing->sequence > first ? missing->sequence : first;
		uint64_t to = missing->sequence + missing->count;
		missing->lost_count += (to < end ? to : end) - from;
		missing->is_lost = true;
	}
}

static void note_missing(ix_day *day, const ix_source_part *part) {
	ix_day_counts *counts = &day->counts;
	if (part->kind == IX_SOURCE_LOST)
		note_lost(day, part->sequence, part->count);
	else if (counts->missing_count < IX_DAY_MISSING_MAX)
		day->missing[counts->missing_count++] =
			(ix_day_missing){.sequence = part->sequence, .count = part->count};
}

static int read_all(ix_day *day, ix_error *err) {
	while (!day->is_full) {
		ix_source_part part;
		int code = ix_source_next(day->source, &part, err);
		if (code) return code;
		switch (part.kind) {
		case IX_SOURCE_END: return ix_source_check(day->source, err);
		case IX_SOURCE_MESSAGES: code = take_messages(day, part, err); break;
		case IX_SOURCE_GAP:
		case IX_SOURCE_LOST: note_missing(day, &part); break;
		case IX_SOURCE_SESSION: day->missing_open = day->counts.missing_count; break;
		}
		if (code) {
			int shrunk = ix_source_check(day->source, err); /* then it is no fault of the feed */
			return shrunk ? shrunk : code;
		}
		if (day->options.on_progress) {
			const ix_source_info *info = ix_source_get_info(day->source);
			uint64_t done =
				info->is_capture || !info->bytes_total || info->bytes_read < info->bytes_total
					? info->bytes_read
					: part.offset;
			day->options.on_progress(day->options.context, done, info->bytes_total);
		}
	}
	return ix_source_check(day->source, err);
}

/* A small file needs no whole market's reserves, and touching them would take longer than reading it. Pools
 * that turn out too small double. */
static void reserve_for(ix_books_options *books, const ix_source_info *info) {
	enum { SMALL = 64 << 20 };
	if (info->bytes_total == 0 || info->bytes_total >= SMALL) return;
	uint32_t scale = (uint32_t)(SMALL / (info->bytes_total + SMALL / 64));
	books->orders_reserve = (1u << 19) / scale;
	books->levels_reserve = (1u << 17) / scale;
	books->symbols_reserve = 12288 / scale;
	books->trades_max = (1u << 18) / scale;
}

static int new_inside(ix_day *day, ix_error *err) {
	for (size_t i = 0; i < IX_ITCH_TYPE_COUNT; i++)
		day->sizes[ix_itch_types[i].type] = ix_itch_types[i].size;
	day->missing = ix_allocate(day->allocator, IX_DAY_MISSING_MAX * sizeof *day->missing, 8);
	if (!day->missing) return ix_fail(err, IX_ERR_MEMORY, "no memory for a day's gaps");
	day->counts.missing = day->missing;
	int code = ix_source_open(&day->options.source, &day->source, err);
	if (!code && !day->options.without_books) {
		const ix_source_info *info = ix_source_get_info(day->source);
		/* Two lossy lines may lose a directory entry: its stock still gets a book. */
		ix_books_options books = {.allocator = day->allocator,
			.is_strict = day->options.is_strict,
			.admits_unlisted = info->is_capture};
		reserve_for(&books, info);
		code = ix_books_new(&books, &day->books, err);
	}
	return code ? code : read_all(day, err);
}

int ix_day_read(const ix_day_options *options, ix_day **ret_day, ix_error *err) {
	const ix_allocator *allocator = options->source.allocator;
	ix_day *day = ix_allocate(allocator, sizeof *day, 64);
	if (!day) return ix_fail(err, IX_ERR_MEMORY, "no memory for a day");
	memset(day, 0, sizeof *day);
	day->allocator = allocator;
	day->options = *options;
	int code = new_inside(day, err);
	if (code) {
		ix_day_free(day);
		return code;
	}
	day->info = *ix_source_get_info(day->source);
	*ret_day = day;
	return 0;
}

void ix_day_free(ix_day *day) {
	if (!day) return;
	const ix_allocator *allocator = day->allocator;
	ix_books_free(day->books);
	ix_source_close(day->source);
	ix_release(allocator, day->missing, IX_DAY_MISSING_MAX * sizeof *day->missing, 8);
	ix_release(allocator, day, sizeof *day, 64);
}

const ix_day_counts *ix_day_get_counts(const ix_day *day) { return &day->counts; }
const ix_source_info *ix_day_get_source(const ix_day *day) { return &day->info; }
ix_books *ix_day_books(const ix_day *day) { return day->books; }

/* More orders first, then the lower locate: packed so that a larger number is deeper. */
static int by_depth(const void *a, const void *b) {
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
	return (x < y) - (x > y);
}

size_t ix_day_deepest(const ix_day *day, uint16_t *out, size_t capacity) {
	size_t count = 0, room = day->books ? (size_t)ix_books_locate_last(day->books) + 1 : 0;
	uint64_t *depths = room ? ix_allocate(day->allocator, room * sizeof *depths, 8) : NULL;
	if (!depths) return 0;
	for (uint32_t locate = 1; locate < room; locate++) {
		ix_book_stats stats;
		if (!ix_books_has_symbol(day->books, (uint16_t)locate)) continue;
		ix_book_get_stats(day->books, (uint16_t)locate, &stats);
		depths[count++] = (uint64_t)stats.order_count << 16 | (UINT16_MAX - locate);
	}
	qsort(depths, count, sizeof *depths, by_depth);
	if (count > capacity) count = capacity;
	for (size_t i = 0; i < count; i++) out[i] = (uint16_t)(UINT16_MAX - (depths[i] & UINT16_MAX));
	ix_release(day->allocator, depths, room * sizeof *depths, 8);
	return count;
}
