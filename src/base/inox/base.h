/* base.h - the words every room speaks: slices, errors, checked arithmetic, assertions, and the three things
 * a pure room is handed instead of reaching for them: memory, time and chance.
 *
 * Everything in src/base is freestanding: no malloc, no stdio, no libc but mem*. It builds for the host, for
 * ARMv7-M and for WebAssembly. */
#ifndef INOX_BASE_H
#define INOX_BASE_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#if __STDC_HOSTED__
#include <string.h>
#else
/* The target's own mem*; spelled as built-ins so that a copy of two bytes is a load and a store even there.
 */
void *memcpy(void *restrict to, const void *restrict from, size_t size);
void *memmove(void *to, const void *from, size_t size);
void *memset(void *to, int value, size_t size);
int memcmp(const void *a, const void *b, size_t size);
#define memcpy(to, from, size)  __builtin_memcpy(to, from, size)
#define memmove(to, from, size) __builtin_memmove(to, from, size)
#define memset(to, value, size) __builtin_memset(to, value, size)
#define memcmp(a, b, size)      __builtin_memcmp(a, b, size)
#endif

/* Marks a declaration as part of a library's face; everything else is hidden. */
#define IX_API                               __attribute__((visibility("default")))
#define IX_PRINTF(format_index, first_index) __attribute__((format(printf, format_index, first_index)))
#define IX_MUST_USE                          __attribute__((warn_unused_result))
/* For the functions that a container macro writes into a file which may not call them all. */
#define IX_INLINE              static inline __attribute__((unused))
#define IX_COUNT(array)        (sizeof(array) / sizeof((array)[0]))
#define IX_LIKELY(condition)   __builtin_expect(!!(condition), 1)
#define IX_UNLIKELY(condition) __builtin_expect(!!(condition), 0)

/* Runs `free_function(&local)` when the local goes out of scope; the function takes a pointer to the
 * variable. */
#define IX_CLEANUP(free_function) __attribute__((cleanup(free_function)))

/* ---- assertions: what must be true of our own code. Input is checked with `if`, never with these. ---- */

/* Called when an assertion fails, before the trap. A hosted program sets it to say where; NULL: trap at once.
 */
typedef void ix_panic_hook(const char *expression, const char *file, int line);
IX_API void ix_panic_set_hook(ix_panic_hook *hook);
IX_API _Noreturn void ix_panic(const char *expression, const char *file, int line);

#define IX_ASSERT(expression) \
	((void)(IX_LIKELY(expression) ? 0 : (ix_panic(#expression, __FILE__, __LINE__), 0)))
#ifdef IX_DEBUG
#define IX_ASSERT_HOT(expression) IX_ASSERT(expression)
#else
#define IX_ASSERT_HOT(expression) ((void)sizeof(!(expression)))
#endif

/* ---- checked arithmetic: true when the result did not fit; *result is then unspecified ---- */

#define ix_add_overflow(a, b, result) __builtin_add_overflow(a, b, result)
#define ix_sub_overflow(a, b, result) __builtin_sub_overflow(a, b, result)
#define ix_mul_overflow(a, b, result) __builtin_mul_overflow(a, b, result)

/* The full 128-bit product; returns the low half. Where the machine has no 64-bit multiplier, four products
 * of halves: the compiler's own helper is not there on a bare machine. */
static inline uint64_t ix_mul_wide(uint64_t a, uint64_t b, uint64_t *ret_high) {
#if defined __SIZEOF_INT128__ && __SIZEOF_POINTER__ == 8
	__extension__ typedef unsigned __int128 wide;
	wide product = (wide)a * b;
	*ret_high = (uint64_t)(product >> 64);
	return (uint64_t)product;
#else
	uint64_t a0 = (uint32_t)a, a1 = a >> 32, b0 = (uint32_t)b, b1 = b >> 32;
	uint64_t low = a0 * b0, middle = a1 * b0 + (low >> 32), cross = a0 * b1 + (uint32_t)middle;
	*ret_high = a1 * b1 + (middle >> 32) + (cross >> 32);
	return (cross << 32) | (uint32_t)low;
#endif
}

static inline bool ix_is_power_of_two(size_t n) { return n && !(n & (n - 1)); }
static inline size_t ix_size_min(size_t a, size_t b) { return a < b ? a : b; }
static inline size_t ix_size_max(size_t a, size_t b) { return a > b ? a : b; }

/* ---- slices: a borrowed range of bytes or of text; never owned, never NUL-terminated ---- */

typedef struct ix_bytes {
	const uint8_t *data;
	size_t size;
} ix_bytes;

typedef struct ix_str {
	const char *data;
	size_t size;
} ix_str;

#define IX_STR(literal) ((ix_str){"" literal, sizeof(literal) - 1})
/* For "%.*s" in ix_fail, ix_format and printf alike. */
#define IX_STR_ARG(string) (int)((string).size < 0x7fffffff ? (string).size : 0x7fffffff), (string).data

IX_API ix_str ix_str_from(const char *terminated); /* NULL gives the empty string */
static inline ix_bytes ix_str_bytes(ix_str s) { return (ix_bytes){(const uint8_t *)s.data, s.size}; }
static inline ix_str ix_bytes_str(ix_bytes b) { return (ix_str){(const char *)b.data, b.size}; }
IX_API bool ix_str_equal(ix_str a, ix_str b);
IX_API int ix_str_compare(ix_str a, ix_str b); /* byte order; a prefix sorts first */
IX_API bool ix_str_starts_with(ix_str s, ix_str prefix);
IX_API bool ix_str_ends_with(ix_str s, ix_str suffix);
IX_API size_t ix_str_find(ix_str s, char byte);               /* s.size when it is not there */
IX_API ix_str ix_str_slice(ix_str s, size_t from, size_t to); /* clamped to s */
IX_API ix_str ix_str_trim(ix_str s);                          /* ASCII white space, both ends */
/* Cuts the part before the next separator off *rest and returns it; the last part leaves *rest empty with a
 * NULL data. */
IX_API ix_str ix_str_cut(ix_str *rest, char separator);
/* Whole-string decimal integers: no sign but '-', no spaces. False, *ret_value untouched, when it is not one
 * or overflows. */
IX_API bool ix_str_to_u64(ix_str s, uint64_t *ret_value);
IX_API bool ix_str_to_i64(ix_str s, int64_t *ret_value);
/* Edit distance with transpositions (Damerau, optimal string alignment), for "did you mean"; strings over 64
 * bytes count as far (SIZE_MAX). */
IX_API size_t ix_str_distance(ix_str a, ix_str b);

/* ---- text formatting without stdio ----
 * %d %i %u %x %X %c %s %p %% with 0, -, + and width, precision, and the lengths hh h l ll z j t; no floating
 * point. Returns the length the whole text would have; what is written is cut at `capacity` and always
 * NUL-terminated (capacity > 0). */
IX_API size_t ix_format(char *out, size_t capacity, const char *format, ...) IX_PRINTF(3, 4);
IX_API size_t ix_format_list(char *out, size_t capacity, const char *format, va_list arguments)
	IX_PRINTF(3, 0);

/* ---- errors ----
 * Fallible functions return 0 or one of these, and fill `err` (may be NULL) with one finished sentence. Each
 * code has one exit code (error.c) and one HTTP status. A room's own distinctions go in err->detail. */
typedef enum ix_code {
	IX_OK = 0,
	IX_ERR_USAGE = -1,         /* the call itself is wrong: an option, an argument */
	IX_ERR_SYNTAX = -2,        /* outside bytes do not follow their grammar */
	IX_ERR_INVALID = -3,       /* they follow it, but the value may not be */
	IX_ERR_TRUNCATED = -4,     /* they end too early */
	IX_ERR_CHECKSUM = -5,      /* they were changed on the way or at rest */
	IX_ERR_VERSION = -6,       /* a format or protocol version we do not read */
	IX_ERR_LIMIT = -7,         /* a documented limit is exceeded */
	IX_ERR_RANGE = -8,         /* a number does not fit */
	IX_ERR_UNSUPPORTED = -9,   /* well-formed, and not something we do */
	IX_ERR_NOT_FOUND = -10,    /* the named thing is not there */
	IX_ERR_EXISTS = -11,       /* the named thing is there already */
	IX_ERR_CONFLICT = -12,     /* the state does not allow it now */
	IX_ERR_DENIED = -13,       /* not permitted */
	IX_ERR_UNKNOWN_PEER = -14, /* not authenticated */
	IX_ERR_BUSY = -15,         /* a bounded queue or resource is full: try again */
	IX_ERR_TIMEOUT = -16,
	IX_ERR_CANCELLED = -17,
	IX_ERR_CLOSED = -18,      /* the other side or the object is gone */
	IX_ERR_IO = -19,          /* the device or the kernel said no */
	IX_ERR_NO_SPACE = -20,    /* the disk or quota is full */
	IX_ERR_MEMORY = -21,      /* out of memory */
	IX_ERR_ENVIRONMENT = -22, /* something this machine lacks */
	IX_ERR_INTERNAL = -23,    /* our own fault */
} ix_code;

enum { IX_ERROR_TEXT_MAX = 496 };

typedef struct ix_error {
	int code;                     /* an ix_code; 0: none yet */
	int detail;                   /* errno, or the room's own number; 0: none */
	char text[IX_ERROR_TEXT_MAX]; /* one sentence, NUL-terminated, no trailing full stop or newline */
} ix_error;

/* Sets the error and returns `code`, so that `return ix_fail(err, IX_ERR_LIMIT, "…")` reads well. err may be
 * NULL. */
IX_API int ix_fail(ix_error *err, int code, const char *format, ...) IX_PRINTF(3, 4);
/* Puts "context: " in front of what err says and returns err's code (`code` where err is NULL): used on the
 * way up. */
IX_API int ix_wrap(ix_error *err, int code, const char *format, ...) IX_PRINTF(3, 4);
IX_API const char *ix_code_name(int code); /* "limit", "not found", … */
IX_API int ix_code_exit(int code);         /* 0 done, 2 usage, 3 bad input, 4 environment, 5 internal */
IX_API int ix_code_http(int code);         /* 200, 400, 404, … */

/* ---- memory, time and chance are handed in ---- */

/* One function does all: old_size 0 allocates, new_size 0 frees, else it resizes. Alignment is a power of
 * two. Returns NULL when there is no memory (the old block then stands) and after a free. */
typedef struct ix_allocator {
	void *(*resize)(void *context, void *block, size_t old_size, size_t new_size, size_t alignment);
	void *context;
} ix_allocator;

static inline void *ix_allocate(const ix_allocator *a, size_t size, size_t alignment) {
	return size ? a->resize(a->context, NULL, 0, size, alignment) : NULL;
}
static inline void ix_release(const ix_allocator *a, void *block, size_t size, size_t alignment) {
	if (block) (void)a->resize(a->context, block, size, 0, alignment);
}

typedef struct ix_clock {
	int64_t (*now_ns)(void *context); /* nanoseconds since the clock's own epoch */
	void *context;
} ix_clock;

static inline int64_t ix_clock_now(const ix_clock *clock) { return clock->now_ns(clock->context); }

/* ---- what the processor can do: found once by the program (cpu_features.h), handed to those who choose a
 * faster twin. Zero-initialised is the baseline, which is always right. ---- */

typedef struct ix_cpu_features {
	bool sse42;
	bool pclmul;
	bool avx2;
	bool bmi2;
	bool avx512; /* F, BW, DQ, VL */
	bool sha_ni;
} ix_cpu_features;

#endif
