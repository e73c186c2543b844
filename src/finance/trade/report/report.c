/* report.c - the page from top to bottom: what ran, the figures of a glance, then part after part. */
#include "page.h"

#define SEPARATOR " · "

void page_entry(page *p, const char *term, ix_str text) {
	if (text.size == 0) return;
	page_format(p, "<dt>%s</dt><dd><bdi>", term);
	page_text(p, text);
	page_put(p, "</bdi></dd>\n");
}

void page_entry_number(page *p, const char *term, number value) {
	page_format(p, "<dt>%s</dt><dd>%s</dd>\n", term, value.text);
}

static void entry_code(page *p, const char *term, ix_str text) {
	if (text.size == 0) return;
	page_format(p, "<dt>%s</dt><dd><code><bdi>", term);
	page_text(p, text);
	page_put(p, "</bdi></code></dd>\n");
}

/* ---- what ran ---- */

static void put_lead(page *p, const ix_trade_report *facts) {
	const ix_str parts[] = {facts->strategy, facts->feed, facts->date};
	bool begun = false;
	page_put(p, "<p class=\"lead\">");
	for (size_t i = 0; i < IX_COUNT(parts); i++) {
		if (parts[i].size == 0) continue;
		if (begun) page_put(p, SEPARATOR);
		page_put(p, "<bdi>");
		page_text(p, parts[i]);
		page_put(p, "</bdi>");
		begun = true;
	}
	page_put(p, begun ? "</p>\n" : "An empty run</p>\n");
}

static void put_feed_entry(page *p, const ix_trade_report *facts) {
	if (facts->feed.size == 0) return;
	page_put(p, "<dt>Feed</dt><dd><bdi>");
	page_text(p, facts->feed);
	page_put(p, "</bdi>");
	if (facts->feed_format.size > 0) {
		page_put(p, SEPARATOR "<bdi>");
		page_text(p, facts->feed_format);
		page_put(p, "</bdi>");
	}
	if (facts->feed_bytes > 0) page_format(p, SEPARATOR "%s", number_bytes(facts->feed_bytes).text);
	page_put(p, "</dd>\n");
}

static void put_limits_entry(page *p, const ix_trade_report *facts) {
	page_put(p, "<dt>Limits</dt><dd>");
	if (facts->limits.size == 0 && facts->session.size == 0) {
		page_put(p, "none: every order passed</dd>\n");
		return;
	}
	page_put(p, "<bdi>");
	page_text(p, facts->limits);
	page_put(p, "</bdi>");
	if (facts->session.size > 0) {
		page_put(p, facts->limits.size > 0 ? ", session <bdi>" : "session <bdi>");
		page_text(p, facts->session);
		page_put(p, "</bdi>");
	}
	page_put(p, "</dd>\n");
}

static void put_strategy_entry(page *p, const ix_trade_report *facts) {
	enum { SHOWN = 8 };
	if (facts->strategy.size == 0) return;
	page_put(p, "<dt>Strategy</dt><dd><bdi>");
	page_text(p, facts->strategy);
	page_put(p, "</bdi>");
	if (facts->strategy_summary.size > 0) {
		page_put(p, ": <bdi>");
		page_text(p, facts->strategy_summary);
		page_put(p, "</bdi>");
	}
	page_put(p, "</dd>\n");
	if (facts->parameter_count == 0) return;
	page_put(p, "<dt>Parameters</dt><dd>");
	for (size_t i = 0; i < ix_size_min(facts->parameter_count, SHOWN); i++) {
		if (i > 0) page_put(p, ", ");
		page_put(p, "<bdi>");
		page_text(p, facts->parameters[i].name);
		page_format(p, "</bdi> %s", number_signed(facts->parameters[i].value).text);
	}
	page_put(p, facts->parameter_count > SHOWN ? " and <a href=\"#parameters\">more</a>"
						   : " (<a href=\"#parameters\">what they mean</a>)");
	page_put(p, "</dd>\n");
}

static void put_pace_entries(page *p, const ix_trade_report *facts) {
	if (facts->begin_ns > 0 || facts->end_ns > 0)
		page_format(p, "<dt>Market time</dt><dd>%s to %s</dd>\n",
			number_time(facts->begin_ns, 3).text, number_time(facts->end_ns, 3).text);
	if (facts->wall_ns > 0) {
		page_format(p, "<dt>Took</dt><dd>%s", number_duration((uint64_t)facts->wall_ns).text);
		if (facts->cpu_ns > 0)
			page_format(p, ", of which %s on the processor",
				number_duration((uint64_t)facts->cpu_ns).text);
		page_put(p, "</dd>\n");
	}
	if (facts->rate_per_s > 0) {
		page_format(
			p, "<dt>Fed at</dt><dd>%s messages a second", number_count(facts->rate_per_s).text);
		if (facts->late_ns_max > 0)
			page_format(
				p, ", at most %s late", number_duration((uint64_t)facts->late_ns_max).text);
		page_put(p, "</dd>\n");
	}
	if (facts->venue_latency_ns > 0)
		page_entry_number(p, "Venue latency", number_duration(facts->venue_latency_ns));
}

static void put_header(page *p, const ix_trade_report *facts) {
	page_put(p, "<header>\n<h1><bdi>");
	page_text(p, facts->title.size > 0 ? facts->title : IX_STR("Trading run"));
	page_put(p, "</bdi></h1>\n");
	put_lead(p, facts);
	if (facts->trouble.size > 0) {
		page_put(p,
			"<p class=\"trouble\" role=\"note\"><strong>The run is not complete.</strong> <bdi>");
		page_text(p, facts->trouble);
		page_put(p, "</bdi></p>\n");
	}
	page_put(p, "<dl class=\"facts\">\n");
	put_feed_entry(p, facts);
	put_strategy_entry(p, facts);
	put_limits_entry(p, facts);
	page_entry(p, "Mode", facts->mode);
	put_pace_entries(p, facts);
	if (facts->has_seed) page_format(p, "<dt>Seed</dt><dd>%llu</dd>\n", (unsigned long long)facts->seed);
	page_entry(p, "Program", facts->program);
	entry_code(p, "Command", facts->command);
	page_put(p, "</dl>\n</header>\n");
}

/* ---- the figures of a glance ---- */

static void tile_begin(page *p, const char *name, const char *sign_class, const char *figure) {
	page_format(p, "<div><dt>%s</dt><dd class=\"figure%s\">%s</dd><dd class=\"note\">", name, sign_class,
		figure);
}
static void tile_end(page *p) { page_put(p, "</dd></div>\n"); }

static void put_money_tiles(page *p, const ix_trade_report *facts) {
	int64_t all_e4;
	bool is_lost = ix_add_overflow(facts->realised_e4, facts->unrealised_e4, &all_e4);
	const char *sign = is_lost || all_e4 == 0 ? "" : all_e4 > 0 ? " gain" : " loss";
	tile_begin(p, "Profit and loss", sign, is_lost ? "–" : number_money(all_e4, false).text);
	page_format(p, "realised %s<br/>", number_money(facts->realised_e4, false).text);
	page_format(p, "unrealised %s", number_money(facts->unrealised_e4, false).text);
	tile_end(p);
	tile_begin(p, "Max drawdown", facts->drawdown_e4 > 0 ? " loss" : "",
		number_money(facts->drawdown_e4, false).text);
	page_put(p, facts->drawdown_e4 > 0 ? "lowest at " : "the profit never fell");
	if (facts->drawdown_e4 > 0) page_put(p, number_time(facts->drawdown_time_ns, 0).text);
	tile_end(p);
	tile_begin(p, "Traded notional", "", number_money_unsigned(facts->traded_notional_e4, false).text);
	page_format(p, "bought %s<br/>sold %s shares", number_count(facts->bought_shares).text,
		number_count(facts->sold_shares).text);
	tile_end(p);
}

static void put_latency_tile(page *p, const ix_trade_report *facts) {
	const ix_hist *hist = facts->stage_count > 0 ? facts->stages[0].latency_ns : NULL;
	bool is_measured = hist && hist->count > 0;
	tile_begin(p, "Tick to trade, median", "",
		is_measured ? number_duration(ix_hist_percentile(hist, 50)).text : "–");
	if (is_measured)
		page_format(p, "p99 %s<br/>max %s", number_duration(ix_hist_percentile(hist, 99)).text,
			number_duration(hist->maximum).text);
	else
		page_put(p, "not measured");
	tile_end(p);
}

static void put_tiles(page *p, const ix_trade_report *facts) {
	page_put(p, "<dl class=\"tiles\" aria-label=\"The run at a glance\">\n");
	put_money_tiles(p, facts);
	put_latency_tile(p, facts);
	tile_begin(p, "Messages", "", number_count(facts->message_count).text);
	if (facts->wall_ns > 0)
		page_format(p, "%s a second",
			number_large((double)facts->message_count * 1e9 / (double)facts->wall_ns).text);
	tile_end(p);
	tile_begin(p, "Orders sent", "", number_count(facts->order_count).text);
	page_format(p, "wanted: %s new<br/>", number_count(facts->enter_count).text);
	page_format(p, "%s replaced<br/>%s cancelled", number_count(facts->replace_count).text,
		number_count(facts->cancel_count).text);
	if (facts->live_count > 0) page_format(p, ", %s still live", number_count(facts->live_count).text);
	tile_end(p);
	tile_begin(p, "Fills", "", number_count(facts->fill_count).text);
	page_format(p, "fill ratio %s<br/>fills to orders sent",
		number_percent(facts->fill_count, facts->order_count).text);
	tile_end(p);
	tile_begin(p, "Rejected by risk", "", number_count(facts->rejected_count).text);
	page_format(p, "%s of decisions", number_percent(facts->rejected_count, facts->decision_count).text);
	if (facts->warned_count > 0) page_format(p, "<br/>%s warned", number_count(facts->warned_count).text);
	page_format(p, "<br/>%s more by the venue", number_count(facts->venue_reject_count).text);
	tile_end(p);
	page_put(p, "</dl>\n");
}

/* ---- the parts ---- */

static void section(page *p, const char *id, const char *name) {
	page_format(p, "<section aria-labelledby=\"%s\">\n<h2 id=\"%s\">%s</h2>\n", id, id, name);
}
static void section_end(page *p) { page_put(p, "</section>\n"); }

static const chart_size sizes[] = {{"wide", 894, true}, {"narrow", 380, false}};

static void put_profit(page *p, const ix_trade_report *facts) {
	section(p, "profit", "Profit and exposure");
	if (facts->curve_count == 0) {
		page_put(p, "<p class=\"none\">No profit was recorded over time.</p>\n");
	} else {
		page_put(p, "<figure>\n");
		for (size_t i = 0; i < IX_COUNT(sizes); i++) page_curve(p, facts, &sizes[i]);
		page_put(p, "<figcaption>Realised and unrealised profit, and the absolute value of all "
			    "positions, over "
			    "market time.</figcaption>\n</figure>\n");
	}
	section_end(p);
}

static void put_latencies(page *p, const ix_trade_report *facts) {
	section(p, "latency", "Latency");
	const ix_hist *first = facts->stage_count > 0 ? facts->stages[0].latency_ns : NULL;
	if (first && first->count > 0) {
		page_put(p, "<figure>\n");
		for (size_t i = 0; i < IX_COUNT(sizes); i++) page_latency(p, &facts->stages[0], &sizes[i]);
		page_put(p, "<figcaption>From a message's arrival to the first order bytes that it led to; "
			    "both axes are "
			    "logarithmic.</figcaption>\n</figure>\n");
	}
	if (facts->stage_count > 0)
		page_stages(p, facts);
	else
		page_put(p, "<p class=\"none\">Latencies were not measured.</p>\n");
	section_end(p);
}

static bool has_any(const ix_trade_report_count *counts, size_t count) {
	for (size_t i = 0; i < count; i++) {
		if (counts[i].count > 0) return true;
	}
	return false;
}

static void put_checks(page *p, const ix_trade_report *facts) {
	section(p, "positions", "Positions");
	page_positions(p, facts);
	section_end(p);
	section(p, "rejects", "Rejects");
	if (has_any(facts->reject_reasons, facts->reject_reason_count))
		page_counts(p, "Decisions that risk rejected, by reason; one may have several", "Reason",
			facts->reject_reasons, facts->reject_reason_count, false);
	else
		page_put(p, "<p class=\"none\">Risk rejected nothing.</p>\n");
	section_end(p);
	section(p, "alerts", "Alerts");
	if (facts->alert_count > 0)
		page_counts(p, "Alerts by kind", "Kind", facts->alerts, facts->alert_count, true);
	else
		page_put(p, "<p class=\"none\">No alert was raised.</p>\n");
	section_end(p);
}

static void put_counted(page *p, uint64_t count, const char *what) {
	page_format(p, "%s %s%s", number_count(count).text, what, count == 1 ? "" : "s");
}

static void put_feed(page *p, const ix_trade_report *facts) {
	section(p, "feed", "Feed");
	if (facts->gap_count == 0 && facts->lost_gap_count == 0 && facts->lost_message_count == 0 &&
		facts->recovered_message_count == 0) {
		page_put(p, "<p class=\"none\">No message was missing.</p>\n");
	} else {
		page_put(p, "<p>Lost: ");
		put_counted(p, facts->lost_message_count, "message");
		page_put(p, " in ");
		put_counted(p, facts->lost_gap_count, "gap");
		page_put(p, ". Recovered: ");
		put_counted(p, facts->recovered_message_count, "message");
		page_put(p, ".</p>\n");
	}
	page_gaps(p, facts);
	section_end(p);
}

static void put_trail(page *p, const ix_trade_report *facts) {
	section(p, "trail", "Audit trail");
	if (facts->trail_path.size == 0) {
		page_put(p, "<p class=\"none\">This run kept no audit trail.</p>\n");
		section_end(p);
		return;
	}
	page_put(p, "<dl class=\"facts\">\n");
	entry_code(p, "Folder", facts->trail_path);
	page_entry_number(p, "Records", number_count(facts->trail_record_count));
	page_entry_number(p, "Size", number_bytes(facts->trail_byte_count));
	page_format(p, "<dt>Durable</dt><dd>%s</dd>\n",
		facts->trail_is_durable ? "yes: every order was on the disk before the venue took it"
					: "no: the last moments before a power cut may be missing");
	entry_code(p, "Hash", facts->trail_hash);
	entry_code(p, "To verify", facts->trail_verify);
	page_put(p, "</dl>\n");
	section_end(p);
}

static void put_parameters(page *p, const ix_trade_report *facts) {
	if (facts->parameter_count == 0) return;
	section(p, "parameters", "Parameters");
	page_setup(p, facts);
	section_end(p);
}

static void put_head(page *p, const ix_trade_report *facts) {
	page_put(p, "<!DOCTYPE html>\n<html lang=\"en\" xmlns=\"http://www.w3.org/1999/xhtml\">\n<head>\n"
		    "<meta charset=\"utf-8\"/>\n"
		    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
		    "style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'\"/>\n"
		    "<meta name=\"referrer\" content=\"no-referrer\"/>\n"
		    "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n"
		    "<meta name=\"color-scheme\" content=\"light dark\"/>\n<title>");
	page_text(p, facts->title.size > 0 ? facts->title : IX_STR("Trading run"));
	if (facts->strategy.size > 0) page_put(p, ": ");
	page_text(p, facts->strategy);
	page_put(p, "</title>\n<style>\n");
	page_put(p, page_style);
	page_put(p, "</style>\n</head>\n<body>\n");
}

static bool lists_are_there(const ix_trade_report *facts) {
	return (facts->curve || !facts->curve_count) && (facts->stages || !facts->stage_count) &&
	       (facts->positions || !facts->position_count) && (facts->alerts || !facts->alert_count) &&
	       (facts->reject_reasons || !facts->reject_reason_count) && (facts->gaps || !facts->gap_count) &&
	       (facts->parameters || !facts->parameter_count);
}

int ix_trade_report_write_html(
	const ix_trade_report *facts, ix_trade_report_sink *sink, void *context, ix_error *err) {
	if (!lists_are_there(facts))
		return ix_fail(err, IX_ERR_USAGE, "a list of the report has a count, and no items");
	page p = {.sink = sink, .context = context};
	put_head(&p, facts);
	put_header(&p, facts);
	page_put(&p, "<main>\n");
	put_tiles(&p, facts);
	put_profit(&p, facts);
	put_latencies(&p, facts);
	put_checks(&p, facts);
	put_feed(&p, facts);
	put_trail(&p, facts);
	put_parameters(&p, facts);
	page_put(&p, "</main>\n<footer>Amounts are in the account's currency and exact; times are the "
		     "market's. Charts and "
		     "percentiles are rounded.</footer>\n</body>\n</html>\n");
	page_flush(&p);
	return p.failed ? ix_fail(err, IX_ERR_IO, "the report could not be written") : 0;
}
