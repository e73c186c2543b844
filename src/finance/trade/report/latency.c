/* latency.c - how often a tick took how long, both on logarithmic axes, with the percentiles that matter
 * marked. */
#include "chart.h"

enum { BAR_COUNT = 120, MARK_COUNT = 6 };
static const double bar_count = BAR_COUNT, mark_row = 17, below_axis = 26; /* points, the last two */

typedef struct mark {
	const char *name;
	double percent;
	uint64_t value_ns;
} mark;

typedef struct label_row {
	char text[96];
	double x, start;
	unsigned row;
} label_row;

typedef struct latency {
	page *p;
	const chart_size *size;
	const ix_hist *hist;
	double left, right, top, height;
	double low_log, high_log;   /* of the nanoseconds */
	double least_log, most_log; /* of the counts */
	uint64_t bars[BAR_COUNT];
	label_row labels[MARK_COUNT];
	size_t label_count;
} latency;

static double x_of(const latency *l, uint64_t value_ns) {
	double place = (axis_logarithm(value_ns) - l->low_log) / (l->high_log - l->low_log);
	if (place < 0) place = 0;
	return l->left + (place < 1 ? place : 1) * (l->right - l->left);
}

static double y_of(const latency *l, double log) {
	double place = (log - l->least_log) / (l->most_log - l->least_log);
	return l->top + (1 - (place > 0 ? place : 0)) * l->height;
}

/* From the round duration below the least to that above the greatest, a decade at least. */
static void fit(latency *l) {
	const double decade = 3.321928094887362;
	l->low_log = axis_round_below(l->hist->minimum > 0 ? l->hist->minimum : 1);
	l->high_log = axis_round_above(l->hist->maximum > 0 ? l->hist->maximum : 1);
	if (l->high_log < l->low_log + decade) l->high_log = l->low_log + decade;
}

static void fill_bars(latency *l) {
	size_t cursor = 0;
	ix_hist_bucket bucket;
	uint64_t most = 1;
	while (ix_hist_next(l->hist, &cursor, &bucket)) {
		/* A bucket's middle, within what was seen: clipped values lie in the last bucket. */
		uint64_t middle = bucket.from + (bucket.to - bucket.from) / 2;
		if (middle > l->hist->maximum) middle = l->hist->maximum;
		double place = (axis_logarithm(middle) - l->low_log) / (l->high_log - l->low_log) * bar_count;
		size_t bar = place > 0 ? (size_t)place : 0;
		if (bar >= BAR_COUNT) bar = BAR_COUNT - 1;
		if (ix_add_overflow(l->bars[bar], bucket.count, &l->bars[bar])) l->bars[bar] = UINT64_MAX;
		if (l->bars[bar] > most) most = l->bars[bar];
	}
	l->least_log = -1; /* half a sample: one is to be seen */
	l->most_log = axis_logarithm(most) + 0.4;
}

static void add_label(latency *l, const char *first, const char *last, uint64_t value_ns) {
	label_row *label = &l->labels[l->label_count++];
	bool is_range = first != last;
	(void)ix_format(label->text, sizeof label->text, "%s%s%s %s", first, is_range ? "–" : "",
		is_range ? last : "", number_duration(value_ns).text);
	label->x = x_of(l, value_ns);
	double rightmost = l->size->width - chart_label_width(label->text);
	label->start = label->x + 4 < rightmost ? label->x + 4 : rightmost;
}

/* Labels are flags to the right of their lines; one goes above those that begin beneath it, so that neither
 * the flags nor the lines of others cross it. Returns the number of rows. */
static unsigned stack_labels(latency *l) {
	unsigned rows = 0;
	for (size_t i = l->label_count; i-- > 0;) {
		label_row *label = &l->labels[i];
		double end = label->start + chart_label_width(label->text) + 8;
		for (size_t k = i + 1; k < l->label_count; k++) {
			const label_row *other = &l->labels[k];
			if (other->x - 4 < end && other->row >= label->row) label->row = other->row + 1;
			if (other->start < end && other->row >= label->row) label->row = other->row + 1;
		}
		if (label->row + 1 > rows) rows = label->row + 1;
	}
	return rows;
}

/* Percentiles that fall on the same value share a label. */
static unsigned place_labels(latency *l) {
	mark marks[MARK_COUNT] = {{"p50", 50, 0}, {"p90", 90, 0}, {"p99", 99, 0}, {"p99.9", 99.9, 0},
		{"p99.99", 99.99, 0}, {"max", 100, 0}};
	for (size_t i = 0; i < MARK_COUNT; i++)
		marks[i].value_ns = ix_hist_percentile(l->hist, marks[i].percent);
	for (size_t i = 0, last; i < MARK_COUNT; i = last + 1) {
		for (last = i; last + 1 < MARK_COUNT && marks[last + 1].value_ns == marks[i].value_ns;)
			last++;
		add_label(l, marks[i].name, marks[last].name, marks[i].value_ns);
	}
	return stack_labels(l);
}

static void draw_axes(const latency *l, const axis *counts) {
	double bottom = l->top + l->height;
	for (size_t i = 0; i < counts->count; i++) {
		double y = l->top + (1 - counts->ticks[i].place) * l->height;
		chart_line(l->p, "grid", l->left, y, l->right, y);
		chart_label(l->p, "end", l->left - 8, y + 4, counts->ticks[i].label.text);
	}
	axis durations;
	axis_duration(&durations, l->low_log, l->high_log, l->right - l->left);
	for (size_t i = 0; i < durations.count; i++) {
		double x = l->left + durations.ticks[i].place * (l->right - l->left);
		const char *label = durations.ticks[i].label.text;
		chart_line(l->p, "grid", x, l->top, x, bottom + 5);
		chart_tick_label(l->p, l->size, x, bottom + 19, label);
	}
	chart_line(l->p, "zero", l->left, bottom, l->right, bottom);
}

/* Nanoseconds at the edge of a bar, for its title: two to the power of a logarithm. */
static uint64_t value_at(const latency *l, size_t edge) {
	double log = l->low_log + (l->high_log - l->low_log) * (double)edge / bar_count;
	uint64_t low = 1, high = UINT64_MAX;
	while (low < high) {
		uint64_t middle = low + (high - low) / 2;
		if (axis_logarithm(middle) < log - 1e-9)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static void draw_bars(const latency *l) {
	double width = (l->right - l->left) / bar_count;
	for (size_t i = 0; i < BAR_COUNT; i++) {
		if (l->bars[i] == 0) continue;
		double y = y_of(l, axis_logarithm(l->bars[i])), x = l->left + width * (double)i;
		chart_rectangle(l->p, "bar", x, y, width > 4 ? width - 1 : width, l->top + l->height - y);
		if (l->size->has_hover)
			page_format(l->p, "<title>%s to %s: %s</title>", number_duration(value_at(l, i)).text,
				number_duration(value_at(l, i + 1)).text, number_count(l->bars[i]).text);
		page_put(l->p, "</rect>");
	}
}

static void draw_marks(const latency *l, unsigned rows) {
	for (size_t i = 0; i < l->label_count; i++) {
		const label_row *label = &l->labels[i];
		double y = 4 + (rows - 1 - label->row) * mark_row;
		chart_line(l->p, "mark", label->x, y, label->x, l->top + l->height);
	}
	for (size_t i = 0; i < l->label_count; i++) {
		const label_row *label = &l->labels[i];
		chart_label(l->p, "halo", label->start, 14 + (rows - 1 - label->row) * mark_row, label->text);
	}
}

void page_latency(page *p, const ix_trade_report_stage *stage, const chart_size *size) {
	latency l = {.p = p, .size = size, .hist = stage->latency_ns, .right = size->width - 12};
	fit(&l);
	fill_bars(&l);
	axis counts;
	axis_count(&counts, l.least_log, l.most_log, 5);
	l.left = 8 + chart_axis_width(&counts, 24);
	unsigned rows = place_labels(&l);
	l.top = 14 + rows * mark_row;
	l.height = size->width > 600 ? 230 : 190;
	chart_begin(
		p, size, "latency", l.top + l.height + below_axis, "Latency from tick to trade, logarithmic");
	page_format(p, "%s samples.", number_count(l.hist->count).text);
	for (size_t i = 0; i < l.label_count; i++) page_format(p, " %s.", l.labels[i].text);
	chart_described(p);
	draw_axes(&l, &counts);
	draw_bars(&l);
	draw_marks(&l, rows);
	page_put(p, "</svg>\n");
}
