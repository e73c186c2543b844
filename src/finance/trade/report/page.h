/* page.h - what the parts of the report share: a buffered page with escaping, numbers as text, nice axes, and
 * the parts themselves. */
#ifndef INOX_TRADE_REPORT_PAGE_H
#define INOX_TRADE_REPORT_PAGE_H

#include <inox/trade_report.h>

enum { PAGE_BUFFER = 4096, NUMBER_MAX = 48, TICK_MAX = 24 };

/* ---- page.c ---- */

typedef struct page {
	ix_trade_report_sink *sink;
	void *context;
	size_t size;
	bool failed;
	char buffer[PAGE_BUFFER];
} page;

void page_flush(page *p);
void page_bytes(page *p, const char *data, size_t size);
void page_put(page *p, const char *markup); /* as it is */
/* As it is, for numbers and our own words, at most 511 bytes; never a text of the caller's. */
void page_format(page *p, const char *format, ...) IX_PRINTF(2, 3);
void page_text(page *p, ix_str text); /* escaped, for contents and for quoted attributes */

/* ---- numbers.c: text of at most NUMBER_MAX bytes with its NUL; digits in groups of three, a true minus ----
 */

typedef struct number {
	char text[NUMBER_MAX];
} number;

/* As ix_format: numbers and our own words, at most NUMBER_MAX - 1 bytes. */
number number_format(const char *format, ...) IX_PRINTF(1, 2);
number number_count(uint64_t value); /* "1,234" */
number number_signed(int64_t value); /* "−1,234" */
/* Exact: two decimals when all that stands in line with it has no more, else four. */
number number_money(int64_t value_e4, bool is_fine);
number number_money_unsigned(uint64_t value_e4, bool is_fine);
static inline bool money_is_fine(int64_t value_e4) { return value_e4 % 100 != 0; }
number number_duration(uint64_t value_ns);            /* three digits: "842 ns", "1.23 µs" */
number number_large(double value);                    /* three digits: "2.41 million" */
number number_tenths(double value);                   /* "1,234.5"; what does not fit is cut to UINT64_MAX */
number number_percent(uint64_t part, uint64_t whole); /* "12.3 %"; "–" of nothing */
number number_bytes(uint64_t value);                  /* "1.5 GiB" */
number number_time(uint64_t time_ns, unsigned decimals); /* "09:30:00.123" */
size_t number_width(const char *text);                   /* in code points, for laying out */

/* ---- axis.c ---- */

typedef struct tick {
	double place; /* 0 at the low end of the axis, 1 at the high end; never outside */
	number label;
} tick;

typedef struct axis {
	size_t count;
	tick ticks[TICK_MAX];
} axis;

double chart_label_width(const char *text); /* in points, of the charts' 12-point letters */
double axis_logarithm(uint64_t value);      /* of 1 and more; 0 counts as 1 */
/* Where `value` lies between low and high (low < high), 0 to 1. */
double axis_place_signed(int64_t value, int64_t low, int64_t high);
double axis_place_unsigned(uint64_t value, uint64_t low, uint64_t high);
/* Round amounts from low to high, zero among them when it lies between; about `wanted` of them. */
void axis_money(axis *a, int64_t low_e4, int64_t high_e4, size_t wanted);
/* Round times of day whose labels fit side by side on `width` points. */
void axis_time(axis *a, uint64_t low_ns, uint64_t high_ns, double width);
/* Durations from 10^-digit steps of 1, 2, 5; low and high are binary logarithms. */
void axis_duration(axis *a, double low_log, double high_log, double width);
/* Powers of ten up to high (a binary logarithm), from low. */
void axis_count(axis *a, double low_log, double high_log, size_t wanted);
/* The round duration (1, 2 or 5 times a power of ten nanoseconds) at or below, at or above; as logarithms. */
double axis_round_below(uint64_t value);
double axis_round_above(uint64_t value);

/* ---- the parts ---- */

typedef struct chart_size {
	const char *name; /* "wide", "narrow": the class, and the end of every id */
	double width;
	bool has_hover;
} chart_size;

extern const char page_style[];
void page_curve(page *p, const ix_trade_report *facts, const chart_size *size);
void page_latency(page *p, const ix_trade_report_stage *stage, const chart_size *size);
void page_stages(page *p, const ix_trade_report *facts);
void page_positions(page *p, const ix_trade_report *facts);
void page_counts(page *p, const char *caption, const char *what, const ix_trade_report_count *counts,
	size_t count, bool keeps_zero);
void page_gaps(page *p, const ix_trade_report *facts);
void page_setup(page *p, const ix_trade_report *facts);
/* A row of a description list; nothing when the text is empty. */
void page_entry(page *p, const char *term, ix_str text);
void page_entry_number(page *p, const char *term, number value);

#endif
