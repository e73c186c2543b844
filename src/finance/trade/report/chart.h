/* chart.h - the few words of SVG that both charts are drawn with. Places are in points from the top left. */
#ifndef INOX_TRADE_REPORT_CHART_H
#define INOX_TRADE_REPORT_CHART_H

#include "page.h"

/* Opens the <svg> and its <title>; then comes the text of the description, and chart_described. */
void chart_begin(page *p, const chart_size *size, const char *id, double height, const char *title);
void chart_described(page *p);
void chart_place(page *p, double place); /* with one decimal */
void chart_line(page *p, const char *class_name, double x1, double y1, double x2, double y2);
/* The label is our own words and numbers. */
void chart_label(page *p, const char *class_name, double x, double y, const char *label);
/* Leaves the element open, for a title: the caller closes it. */
void chart_rectangle(page *p, const char *class_name, double x, double y, double width, double height);
/* The middle of a label so that all of it lies between low and high. */
double chart_inside(double x, const char *label, double low, double high);
/* A label under its tick on an axis; none where it would have to move away from there to stay on the paper.
 */
void chart_tick_label(page *p, const chart_size *size, double x, double y, const char *label);
/* The width of the widest label, at least `least`. */
double chart_axis_width(const axis *a, double least);

#endif
