/* tables.c - the report's tables: stages, positions, counts by name, gaps, the strategy's parameters. */
#include "page.h"

/* A table on a narrow screen scrolls by itself, by keyboard too; the caption names it. */
static void table_begin(page *p, const char *caption) {
	page_put(p, "<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"");
	page_put(p, caption);
	page_put(p, "\"><table><caption>");
	page_put(p, caption);
	page_put(p, "</caption><thead><tr>");
}
static void table_column(page *p, const char *name) { page_format(p, "<th scope=\"col\">%s</th>", name); }
static void table_text_column(page *p, const char *name) {
	page_format(p, "<th scope=\"col\" class=\"text\">%s</th>", name);
}
static void table_rows(page *p) { page_put(p, "</tr></thead><tbody>\n"); }
static void table_end(page *p) { page_put(p, "</tbody></table></div>\n"); }

static void row_begin(page *p, ix_str name) {
	page_put(p, "<tr><th scope=\"row\"><bdi>");
	page_text(p, name);
	page_put(p, "</bdi></th>");
}
static void row_end(page *p) { page_put(p, "</tr>\n"); }

static void cell(page *p, number value) { page_format(p, "<td>%s</td>", value.text); }
static void cell_text(page *p, ix_str text) {
	page_put(p, "<td class=\"text\"><bdi>");
	page_text(p, text);
	page_put(p, "</bdi></td>");
}
static void cell_money(page *p, int64_t value_e4, bool is_fine) {
	const char *class_name = value_e4 > 0 ? " class=\"gain\"" : value_e4 < 0 ? " class=\"loss\"" : "";
	page_format(p, "<td%s>%s</td>", class_name, number_money(value_e4, is_fine).text);
}
/* A sum; nothing when it left the numbers. */
static void cell_sum(page *p, int64_t value_e4, bool is_fine, bool is_lost) {
	if (is_lost)
		page_put(p, "<td>–</td>");
	else
		cell_money(p, value_e4, is_fine);
}

static void rows_left(page *p, size_t count, unsigned columns) {
	if (count <= IX_TRADE_REPORT_ROW_MAX) return;
	page_format(p, "<tr><th scope=\"row\">and %s more</th><td colspan=\"%u\"></td></tr>\n",
		number_count(count - IX_TRADE_REPORT_ROW_MAX).text, columns - 1);
}

/* ---- stages ---- */

void page_stages(page *p, const ix_trade_report *facts) {
	static const char *const names[] = {"p50", "p90", "p99", "p99.9", "p99.99"};
	static const double percents[] = {50, 90, 99, 99.9, 99.99};
	table_begin(p, "Latency of every stage, in nanoseconds");
	table_column(p, "Stage");
	table_column(p, "Samples");
	table_column(p, "Mean");
	for (size_t i = 0; i < IX_COUNT(names); i++) table_column(p, names[i]);
	table_column(p, "Max");
	table_rows(p);
	for (size_t i = 0; i < ix_size_min(facts->stage_count, IX_TRADE_REPORT_ROW_MAX); i++) {
		const ix_hist *hist = facts->stages[i].latency_ns;
		bool is_measured = hist && hist->count > 0;
		row_begin(p, facts->stages[i].name);
		cell(p, number_count(is_measured ? hist->count : 0));
		if (is_measured) {
			cell(p, number_tenths(ix_hist_mean(hist)));
			for (size_t k = 0; k < IX_COUNT(percents); k++)
				cell(p, number_count(ix_hist_percentile(hist, percents[k])));
			cell(p, number_count(hist->maximum));
		} else {
			page_put(p, "<td>–</td><td>–</td><td>–</td><td>–</td><td>–</td><td>–</td><td>–</td>");
		}
		row_end(p);
	}
	rows_left(p, facts->stage_count, 9);
	table_end(p);
}

/* ---- positions ---- */

typedef struct totals {
	int64_t realised_e4, unrealised_e4, all_e4;
	uint64_t bought, sold;
	bool lost_realised, lost_unrealised, lost_all, lost_bought, lost_sold, is_fine;
} totals;

static totals add_up(const ix_trade_report *facts) {
	totals t = {0};
	for (size_t i = 0; i < facts->position_count; i++) {
		const ix_trade_report_position *at = &facts->positions[i];
		t.lost_realised |= ix_add_overflow(t.realised_e4, at->realised_e4, &t.realised_e4);
		t.lost_unrealised |= ix_add_overflow(t.unrealised_e4, at->unrealised_e4, &t.unrealised_e4);
		t.lost_bought |= ix_add_overflow(t.bought, at->bought_shares, &t.bought);
		t.lost_sold |= ix_add_overflow(t.sold, at->sold_shares, &t.sold);
		t.is_fine |= money_is_fine(at->realised_e4) || money_is_fine(at->unrealised_e4);
	}
	t.lost_all = t.lost_realised || t.lost_unrealised;
	t.lost_all |= ix_add_overflow(t.realised_e4, t.unrealised_e4, &t.all_e4);
	return t;
}

static void position_totals(page *p, const totals *t) {
	page_put(p, "</tbody><tfoot><tr><th scope=\"row\">All</th><td></td>");
	cell_sum(p, t->realised_e4, t->is_fine, t->lost_realised);
	cell_sum(p, t->unrealised_e4, t->is_fine, t->lost_unrealised);
	cell_sum(p, t->all_e4, t->is_fine, t->lost_all);
	page_format(p, "<td>%s</td>", t->lost_bought ? "–" : number_count(t->bought).text);
	page_format(p, "<td>%s</td>", t->lost_sold ? "–" : number_count(t->sold).text);
	page_put(p, "</tr></tfoot></table></div>\n");
}

void page_positions(page *p, const ix_trade_report *facts) {
	static const char *const columns[] = {
		"Symbol", "Shares", "Realised", "Unrealised", "Total", "Bought", "Sold"};
	if (facts->position_count == 0) {
		page_put(p, "<p class=\"none\">Nothing was bought or sold.</p>\n");
		return;
	}
	totals t = add_up(facts);
	table_begin(p, "Positions at the end, and what each earned");
	for (size_t i = 0; i < IX_COUNT(columns); i++) table_column(p, columns[i]);
	table_rows(p);
	for (size_t i = 0; i < ix_size_min(facts->position_count, IX_TRADE_REPORT_ROW_MAX); i++) {
		const ix_trade_report_position *at = &facts->positions[i];
		int64_t all_e4;
		bool is_lost = ix_add_overflow(at->realised_e4, at->unrealised_e4, &all_e4);
		row_begin(p, at->symbol);
		cell(p, number_signed(at->shares));
		cell_money(p, at->realised_e4, t.is_fine);
		cell_money(p, at->unrealised_e4, t.is_fine);
		cell_sum(p, all_e4, t.is_fine, is_lost);
		cell(p, number_count(at->bought_shares));
		cell(p, number_count(at->sold_shares));
		row_end(p);
	}
	rows_left(p, facts->position_count, IX_COUNT(columns));
	position_totals(p, &t);
}

/* ---- counts by name ---- */

void page_counts(page *p, const char *caption, const char *what, const ix_trade_report_count *counts,
	size_t count, bool keeps_zero) {
	bool has_help = false;
	size_t shown = 0;
	for (size_t i = 0; i < count; i++) has_help |= counts[i].help.size > 0;
	table_begin(p, caption);
	table_column(p, what);
	table_column(p, "Count");
	if (has_help) table_text_column(p, "Meaning");
	table_rows(p);
	for (size_t i = 0; i < count; i++) {
		if (counts[i].count == 0 && !keeps_zero) continue;
		if (++shown > IX_TRADE_REPORT_ROW_MAX) continue;
		row_begin(p, counts[i].name);
		cell(p, number_count(counts[i].count));
		if (has_help) cell_text(p, counts[i].help);
		row_end(p);
	}
	rows_left(p, shown, has_help ? 3 : 2);
	table_end(p);
}

/* ---- gaps ---- */

void page_gaps(page *p, const ix_trade_report *facts) {
	if (facts->gap_count == 0) return;
	table_begin(p, "Gaps in the feed, in order");
	table_column(p, "Market time");
	table_column(p, "First missing");
	table_column(p, "Messages");
	table_text_column(p, "What became of it");
	table_rows(p);
	for (size_t i = 0; i < ix_size_min(facts->gap_count, IX_TRADE_REPORT_ROW_MAX); i++) {
		const ix_trade_report_gap *gap = &facts->gaps[i];
		page_format(p, "<tr><th scope=\"row\">%s</th>",
			gap->time_ns == UINT64_MAX ? "–" : number_time(gap->time_ns, 6).text);
		page_format(p, "<td>%s</td>", gap->sequence ? number_count(gap->sequence).text : "–");
		cell(p, number_count(gap->message_count));
		page_format(p, "<td class=\"text\">%s</td>", gap->is_recovered ? "recovered" : "lost");
		row_end(p);
	}
	rows_left(p, facts->gap_count, 4);
	table_end(p);
}

/* ---- parameters ---- */

static void parameter_meaning(page *p, const ix_trade_report_parameter *parameter) {
	if (ix_str_ends_with(parameter->name, IX_STR("_e4")))
		cell(p, number_money(parameter->value, false));
	else if (ix_str_ends_with(parameter->name, IX_STR("_ns")) && parameter->value >= 0)
		cell(p, number_duration((uint64_t)parameter->value));
	else
		page_put(p, "<td></td>");
}

void page_setup(page *p, const ix_trade_report *facts) {
	table_begin(p, "What the strategy was set to");
	table_column(p, "Parameter");
	table_column(p, "Value");
	table_column(p, "In units");
	table_text_column(p, "Meaning");
	table_rows(p);
	for (size_t i = 0; i < ix_size_min(facts->parameter_count, IX_TRADE_REPORT_ROW_MAX); i++) {
		const ix_trade_report_parameter *parameter = &facts->parameters[i];
		row_begin(p, parameter->name);
		cell(p, number_signed(parameter->value));
		parameter_meaning(p, parameter);
		cell_text(p, parameter->help);
		row_end(p);
	}
	rows_left(p, facts->parameter_count, 4);
	table_end(p);
}
