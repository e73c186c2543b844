/* chart.c - the few words of SVG that both charts are drawn with. */
#include "chart.h"

void chart_place(page *p, double place) {
	int64_t tenths = place > 0 ? (int64_t)(place * 10 + 0.5) : 0;
	page_format(
		p, tenths % 10 ? "%lld.%lld" : "%lld", (long long)(tenths / 10), (long long)(tenths % 10));
}

void chart_begin(page *p, const chart_size *size, const char *id, double height, const char *title) {
	page_format(p, "<svg class=\"%s\" viewBox=\"0 0 %d %d\" role=\"img\"", size->name, (int)size->width,
		(int)(height + 0.5));
	page_format(p, " aria-labelledby=\"%s-title-%s %s-text-%s\">", id, size->name, id, size->name);
	page_format(p, "<title id=\"%s-title-%s\">%s</title>", id, size->name, title);
	page_format(p, "<desc id=\"%s-text-%s\">", id, size->name);
}

void chart_described(page *p) { page_put(p, "</desc>\n"); }

static void place_named(page *p, const char *name, double place) {
	page_format(p, " %s=\"", name);
	chart_place(p, place);
	page_put(p, "\"");
}

void chart_line(page *p, const char *class_name, double x1, double y1, double x2, double y2) {
	page_format(p, "<line class=\"%s\"", class_name);
	place_named(p, "x1", x1);
	place_named(p, "y1", y1);
	place_named(p, "x2", x2);
	place_named(p, "y2", y2);
	page_put(p, "/>");
}

void chart_label(page *p, const char *class_name, double x, double y, const char *label) {
	page_format(p, "<text class=\"%s\"", class_name);
	place_named(p, "x", x);
	place_named(p, "y", y);
	page_put(p, ">");
	page_put(p, label);
	page_put(p, "</text>");
}

void chart_rectangle(page *p, const char *class_name, double x, double y, double width, double height) {
	page_put(p, "<rect");
	if (class_name) page_format(p, " class=\"%s\"", class_name);
	place_named(p, "x", x);
	place_named(p, "y", y);
	place_named(p, "width", width);
	place_named(p, "height", height);
	page_put(p, ">");
}

double chart_inside(double x, const char *label, double low, double high) {
	double half = chart_label_width(label) / 2;
	if (x - half < low) return low + half;
	return x + half > high ? high - half : x;
}

void chart_tick_label(page *p, const chart_size *size, double x, double y, const char *label) {
	double middle = chart_inside(x, label, 0, size->width);
	if (middle - x < 12 && x - middle < 12) chart_label(p, "middle", middle, y, label);
}

double chart_axis_width(const axis *a, double least) {
	for (size_t i = 0; i < a->count; i++) {
		double width = chart_label_width(a->ticks[i].label.text);
		if (width > least) least = width;
	}
	return least;
}
