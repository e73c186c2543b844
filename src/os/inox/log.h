/* log.h - one line an event, as text for people or JSON for machines, with typed fields. A line costs no
 * allocation and has a longest size; hostile bytes in values cannot forge lines or move a terminal's cursor;
 * a call site that repeats itself too fast is held back and says how many lines it swallowed.
 *
 *     ix_log_info(log, "order refused", IX_LOG_STR("reason", reason), IX_LOG_INT("quantity", 300));
 *
 * Where there is no log to hand down, pass NULL: nothing is written. */
#ifndef INOX_LOG_H
#define INOX_LOG_H

#include <inox/base.h>

#include <pthread.h>
#include <stdatomic.h>

typedef enum ix_log_level {
	IX_LOG_DEFAULT, /* in options: info */
	IX_LOG_DEBUG,
	IX_LOG_INFO,
	IX_LOG_WARN,
	IX_LOG_ERROR,
	IX_LOG_OFF,
} ix_log_level;

typedef enum ix_log_format { IX_LOG_TEXT, IX_LOG_JSON } ix_log_format;

enum {
	IX_LOG_LINE_MAX = 4096,   /* bytes of a line with its newline */
	IX_LOG_MESSAGE_MAX = 512, /* bytes of the message that are kept */
	IX_LOG_VALUE_MAX = 1024,  /* bytes of one value that are kept */
	IX_LOG_KEY_MAX = 64,
	IX_LOG_TRACE_SIZE = 16,
};

typedef struct ix_log_field {
	const char *key; /* the programmer's: lower case and '_' */
	enum {
		IX_LOG_KIND_STR,
		IX_LOG_KIND_INT,
		IX_LOG_KIND_UINT,
		IX_LOG_KIND_BOOL,
		IX_LOG_KIND_DOUBLE,
		IX_LOG_KIND_DURATION,
		IX_LOG_KIND_HEX,
		IX_LOG_KIND_TRACE,
		IX_LOG_KIND_SECRET,
	} kind;
	union {
		ix_str text;
		int64_t integer;
		uint64_t unsigned_integer;
		double number;
		bool truth;
		ix_bytes bytes;
	} value;
} ix_log_field;

#define IX_LOG_STR(name, slice) \
	((ix_log_field){.key = (name), .kind = IX_LOG_KIND_STR, .value.text = (slice)})
#define IX_LOG_TEXT_OF(name, terminated) IX_LOG_STR(name, ix_str_from(terminated))
#define IX_LOG_INT(name, number) \
	((ix_log_field){.key = (name), .kind = IX_LOG_KIND_INT, .value.integer = (number)})
#define IX_LOG_UINT(name, number) \
	((ix_log_field){.key = (name), .kind = IX_LOG_KIND_UINT, .value.unsigned_integer = (number)})
#define IX_LOG_BOOL(name, is) ((ix_log_field){.key = (name), .kind = IX_LOG_KIND_BOOL, .value.truth = (is)})
#define IX_LOG_DOUBLE(name, real) \
	((ix_log_field){.key = (name), .kind = IX_LOG_KIND_DOUBLE, .value.number = (real)})
/* Nanoseconds; text shows 1.5ms, JSON seconds as a number, to the nanosecond. */
#define IX_LOG_DURATION(name, ns) \
	((ix_log_field){.key = (name), .kind = IX_LOG_KIND_DURATION, .value.integer = (ns)})
#define IX_LOG_HEX(name, slice) \
	((ix_log_field){.key = (name), .kind = IX_LOG_KIND_HEX, .value.bytes = (slice)})
/* 16 bytes, as trace_id (W3C Trace Context); all zero: left out. */
#define IX_LOG_TRACE(id16) \
	((ix_log_field){   \
		.key = "trace_id", .kind = IX_LOG_KIND_TRACE, .value.bytes = {(id16), IX_LOG_TRACE_SIZE}})
/* Says that there is a value, and prints *** for it. */
#define IX_LOG_SECRET(name) ((ix_log_field){.key = (name), .kind = IX_LOG_KIND_SECRET})

/* Is given whole lines, one at a time, from any thread that logs. */
typedef void ix_log_sink(void *context, ix_log_level level, ix_str line);

typedef struct ix_log_options {
	ix_log_level level; /* the least that is written */
	ix_log_format format;
	bool colour;    /* text only */
	int descriptor; /* where lines go when `sink` is NULL: 2 for stderr */
	ix_log_sink *sink;
	void *sink_context;
	const ix_clock *clock; /* NULL: ix_clock_real() */
	const char *name;      /* the program's or service's, in every line; NULL: none */
	uint32_t site_burst;   /* lines a call site may write a second; 0: 100 */
} ix_log_options;

/* The caller's storage; stands until the last thread that logs is done. */
typedef struct ix_log {
	ix_log_options options;
	_Atomic int level;
	pthread_mutex_t lock;     /* one line at a time */
	bool is_torn;             /* the last line was taken in part only; under the lock */
	_Atomic uint64_t dropped; /* lines that the descriptor did not take */
} ix_log;

IX_API void ix_log_init(ix_log *log, const ix_log_options *options);
IX_API void ix_log_fini(ix_log *log);
IX_API void ix_log_set_level(ix_log *log, ix_log_level level);        /* any thread */
IX_API bool ix_log_level_parse(ix_str text, ix_log_level *ret_level); /* debug info warn error off */

/* One a place that logs; the macros below make it. */
typedef struct ix_log_site {
	_Atomic int64_t second;      /* the one being counted */
	_Atomic uint32_t written;    /* in it */
	_Atomic uint64_t suppressed; /* since the last line that was written */
} ix_log_site;

IX_API void ix_log_write(ix_log *log, ix_log_site *site, ix_log_level level, const char *message,
	const ix_log_field *fields, size_t field_count);

static inline bool ix_log_wants(const ix_log *log, ix_log_level level) {
	return log && (int)level >= atomic_load_explicit(&log->level, memory_order_relaxed);
}

#define IX_LOG_AT(log, wanted_level, message, ...)                                                     \
	do {                                                                                           \
		static ix_log_site ix_log_site_here;                                                   \
		if (ix_log_wants(log, wanted_level)) {                                                 \
			const ix_log_field ix_log_fields[] = {{.key = NULL}, ##__VA_ARGS__};           \
			ix_log_write(log, &ix_log_site_here, wanted_level, message, ix_log_fields + 1, \
				IX_COUNT(ix_log_fields) - 1);                                          \
		}                                                                                      \
	} while (0)
#define ix_log_debug(log, ...) IX_LOG_AT(log, IX_LOG_DEBUG, __VA_ARGS__)
#define ix_log_info(log, ...)  IX_LOG_AT(log, IX_LOG_INFO, __VA_ARGS__)
#define ix_log_warn(log, ...)  IX_LOG_AT(log, IX_LOG_WARN, __VA_ARGS__)
#define ix_log_error(log, ...) IX_LOG_AT(log, IX_LOG_ERROR, __VA_ARGS__)

#endif
