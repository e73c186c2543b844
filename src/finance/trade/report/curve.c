/* curve.c - profit over the market's day, and beneath it, on the same axis, what was at stake. */
#include "chart.h"

enum { HOVER_BANDS = 96 };
static const double above_profit = 30, between_panels = 44, below_axis = 26; /* points */

typedef struct panel {
	double top, height;
	int64_t low, high;
	bool is_gross;
} panel;

typedef struct curve {
	page *p;
	const ix_trade_report *facts;
	const chart_size *size;
	double left, right;
	uint64_t begin_ns, end_ns;
	panel profit, gross;
} curve;

static int64_t value_of(const panel *part, const ix_trade_report_point *point) {
	return part->is_gross ? point->gross_e4 : point->profit_e4;
}
static double x_of(const curve *c, uint64_t time_ns) {
	return c->left + axis_place_unsigned(time_ns, c->begin_ns, c->end_ns) * (c->right - c->left);
}
static double y_of(const panel *part, int64_t value) {
	return part->top + (1 - axis_place_signed(value, part->low, part->high)) * part->height;
}

/* From zero or below to zero or above, and a little air on the sides that have something; never empty. */
static void fit(panel *part, const ix_trade_report *facts) {
	for (size_t i = 0; i < facts->curve_count; i++) {
		int64_t value = value_of(part, &facts->curve[i]);
		if (value < part->low) part->low = value;
		if (value > part->high) part->high = value;
	}
	int64_t air = part->high / 16 - part->low / 16;
	if (part->high > 0 && ix_add_overflow(part->high, air, &part->high)) part->high = INT64_MAX;
	if (part->low < 0 && ix_sub_overflow(part->low, air, &part->low)) part->low = INT64_MIN;
	if (part->low == part->high) {
		part->high = 10000;
		part->low = part->is_gross ? 0 : -10000;
	}
}

static void fit_time(curve *c) {
	c->begin_ns = UINT64_MAX;
	for (size_t i = 0; i < c->facts->curve_count; i++) {
		uint64_t time_ns = c->facts->curve[i].time_ns;
		if (time_ns < c->begin_ns) c->begin_ns = time_ns;
		if (time_ns > c->end_ns) c->end_ns = time_ns;
	}
	if (c->begin_ns < c->end_ns) return;
	const uint64_t half_minute = 30000000000;
	c->begin_ns = c->begin_ns > half_minute ? c->begin_ns - half_minute : 0;
	if (ix_add_overflow(c->end_ns, half_minute, &c->end_ns)) c->end_ns = UINT64_MAX;
}

static void draw_scale(const curve *c, const panel *part, const axis *scale, const char *name) {
	for (size_t i = 0; i < scale->count; i++) {
		double y = part->top + (1 - scale->ticks[i].place) * part->height;
		chart_line(c->p, "grid", c->left, y, c->right, y);
		chart_label(c->p, "end", c->left - 8, y + 4, scale->ticks[i].label.text);
	}
	chart_line(c->p, "zero", c->left, y_of(part, 0), c->right, y_of(part, 0));
	page_put(c->p, "<text class=\"name\" x=\"0\" y=\"");
	chart_place(c->p, part->top - 10);
	page_put(c->p, "\">");
	page_put(c->p, name);
	page_put(c->p, "</text>");
}

static void draw_times(const curve *c) {
	axis times;
	axis_time(&times, c->begin_ns, c->end_ns, c->right - c->left);
	double bottom = c->gross.top + c->gross.height;
	for (size_t i = 0; i < times.count; i++) {
		double x = c->left + times.ticks[i].place * (c->right - c->left);
		chart_line(c->p, "grid", x, c->profit.top, x, c->profit.top + c->profit.height);
		chart_line(c->p, "grid", x, c->gross.top, x, bottom + 5);
		const char *label = times.ticks[i].label.text;
		chart_tick_label(c->p, c->size, x, bottom + 19, label);
	}
}

static void go_to(const curve *c, const panel *part, size_t index, bool *begun) {
	const ix_trade_report_point *point = &c->facts->curve[index];
	page_put(c->p, *begun ? "L" : "M");
	*begun = true;
	chart_place(c->p, x_of(c, point->time_ns));
	page_put(c->p, " ");
	chart_place(c->p, y_of(part, value_of(part, point)));
}

/* The points of one column of the picture: first, lowest, highest, last, in the order of time. */
typedef struct column {
	size_t first, low, high, last;
} column;

static void draw_column(const curve *c, const panel *part, const column *k, bool *begun) {
	size_t inner[] = {k->low < k->high ? k->low : k->high, k->low < k->high ? k->high : k->low};
	go_to(c, part, k->first, begun);
	if (inner[0] != k->first && inner[0] != k->last) go_to(c, part, inner[0], begun);
	if (inner[1] != inner[0] && inner[1] != k->first && inner[1] != k->last)
		go_to(c, part, inner[1], begun);
	if (k->last != k->first) go_to(c, part, k->last, begun);
}

static void draw_steps(const curve *c, const panel *part) {
	const ix_trade_report_point *points = c->facts->curve;
	bool begun = false;
	column k = {0};
	int64_t at = (int64_t)x_of(c, points[0].time_ns);
	for (size_t i = 1; i < c->facts->curve_count; i++) {
		int64_t next = (int64_t)x_of(c, points[i].time_ns);
		if (next != at) {
			draw_column(c, part, &k, &begun);
			k = (column){i, i, i, i};
			at = next;
			continue;
		}
		int64_t value = value_of(part, &points[i]);
		if (value < value_of(part, &points[k.low])) k.low = i;
		if (value > value_of(part, &points[k.high])) k.high = i;
		k.last = i;
	}
	draw_column(c, part, &k, &begun);
}

static void draw_area(const curve *c, const panel *part) {
	const ix_trade_report *facts = c->facts;
	draw_steps(c, part);
	page_put(c->p, "L");
	chart_place(c->p, x_of(c, facts->curve[facts->curve_count - 1].time_ns));
	page_put(c->p, " ");
	chart_place(c->p, y_of(part, 0));
	page_put(c->p, "L");
	chart_place(c->p, x_of(c, facts->curve[0].time_ns));
	page_put(c->p, " ");
	chart_place(c->p, y_of(part, 0));
	page_put(c->p, "Z");
}

static void draw_clip(const curve *c, const char *id, double from, double to) {
	page_format(c->p, "<clipPath id=\"%s-%s\">", id, c->size->name);
	chart_rectangle(c->p, NULL, c->left, from, c->right - c->left, to - from);
	page_put(c->p, "</rect></clipPath>");
}

static void draw_profit(const curve *c) {
	const panel *part = &c->profit;
	const char *name = c->size->name;
	double zero = y_of(part, 0);
	page_put(c->p, "<defs>");
	draw_clip(c, "above", part->top - 2, zero);
	draw_clip(c, "below", zero, part->top + part->height + 2);
	page_format(c->p, "<path id=\"area-%s\" d=\"", name);
	draw_area(c, part);
	page_put(c->p, "\"/></defs>");
	page_format(c->p, "<use class=\"gain\" href=\"#area-%s\" clip-path=\"url(#above-%s)\"/>", name, name);
	page_format(c->p, "<use class=\"loss\" href=\"#area-%s\" clip-path=\"url(#below-%s)\"/>", name, name);
	page_put(c->p, "<path class=\"curve\" d=\"");
	draw_steps(c, part);
	page_put(c->p, "\"/>");
	const ix_trade_report_point *last = &c->facts->curve[c->facts->curve_count - 1];
	page_put(c->p, "<circle class=\"dot\" r=\"3.5\" cx=\"");
	chart_place(c->p, x_of(c, last->time_ns));
	page_put(c->p, "\" cy=\"");
	chart_place(c->p, y_of(part, last->profit_e4));
	page_put(c->p, "\"/>");
}

static void draw_drawdown(const curve *c) {
	const ix_trade_report *facts = c->facts;
	if (facts->drawdown_e4 <= 0) return;
	if (facts->drawdown_time_ns < c->begin_ns || facts->drawdown_time_ns > c->end_ns) return;
	double x = x_of(c, facts->drawdown_time_ns);
	chart_line(c->p, "mark", x, c->profit.top - 4, x, c->profit.top + c->profit.height);
	char label[128];
	size_t words = ix_format(label, sizeof label, "max drawdown ");
	(void)ix_format(label + words, sizeof label - words, "%s at %s",
		number_money(facts->drawdown_e4, false).text, number_time(facts->drawdown_time_ns, 0).text);
	/* Beside the chart's name, which is at the left of the same strip; without words where they do not
	 * fit. */
	const double name = 64;
	const char *shown = label + (chart_label_width(label) > c->size->width - name ? words : 0);
	chart_label(c->p, "middle", chart_inside(x, shown, name, c->size->width), c->profit.top - 10, shown);
}

static void draw_hover(const curve *c) {
	const ix_trade_report *facts = c->facts;
	double band = (c->right - c->left) / (double)HOVER_BANDS;
	for (size_t i = 0; i < facts->curve_count; i++) {
		size_t at = (size_t)((x_of(c, facts->curve[i].time_ns) - c->left) / band);
		size_t next = i + 1 < facts->curve_count
				      ? (size_t)((x_of(c, facts->curve[i + 1].time_ns) - c->left) / band)
				      : SIZE_MAX;
		if (next == at) continue;
		const ix_trade_report_point *point = &facts->curve[i];
		chart_rectangle(c->p, "hover",
			c->left + band * (double)(at < HOVER_BANDS ? at : HOVER_BANDS - 1), c->profit.top,
			band, c->gross.top + c->gross.height - c->profit.top);
		page_format(c->p, "<title>%s · profit %s · gross %s</title></rect>",
			number_time(point->time_ns, 0).text, number_money(point->profit_e4, false).text,
			number_money(point->gross_e4, false).text);
	}
}

static void describe(page *p, const ix_trade_report *facts, const curve *c) {
	const ix_trade_report_point *last = &facts->curve[facts->curve_count - 1];
	page_format(p, "From %s to %s the profit ends at %s;", number_time(c->begin_ns, 0).text,
		number_time(c->end_ns, 0).text, number_money(last->profit_e4, false).text);
	page_format(p, " the max drawdown is %s.", number_money(facts->drawdown_e4, false).text);
}

void page_curve(page *p, const ix_trade_report *facts, const chart_size *size) {
	bool is_wide = size->width > 600;
	curve c = {.p = p, .facts = facts, .size = size, .right = size->width - 18};
	c.profit = (panel){.top = above_profit, .height = is_wide ? 220 : 180};
	c.gross = (panel){.top = above_profit + c.profit.height + between_panels,
		.height = is_wide ? 80 : 70,
		.is_gross = true};
	fit(&c.profit, facts);
	fit(&c.gross, facts);
	fit_time(&c);
	axis profits, grosses;
	axis_money(&profits, c.profit.low, c.profit.high, 6);
	axis_money(&grosses, c.gross.low, c.gross.high, 3);
	c.left = 8 + chart_axis_width(&profits, chart_axis_width(&grosses, 24));
	chart_begin(p, size, "curve", c.gross.top + c.gross.height + below_axis,
		"Profit and gross exposure over market time");
	describe(p, facts, &c);
	chart_described(p);
	draw_times(&c);
	draw_scale(&c, &c.profit, &profits, "Profit");
	draw_scale(&c, &c.gross, &grosses, "Gross exposure");
	page_put(p, "<path class=\"gross\" d=\"");
	draw_area(&c, &c.gross);
	page_put(p, "\"/>");
	draw_profit(&c);
	draw_drawdown(&c);
	if (size->has_hover) draw_hover(&c);
	page_put(p, "</svg>\n");
}
