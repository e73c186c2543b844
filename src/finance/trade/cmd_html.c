/* cmd_html.c - a run's values gathered for <inox/trade_report.h>, and the page put into its file. */
#include "cmd.h"
#include "cmd_report.h"

#include <inox/alloc.h>
#include <inox/clock.h>
#include <inox/file.h>
#include <inox/trade_report.h>

enum { POSITION_MAX = IX_PIPELINE_SYMBOL_MAX };

typedef struct page {
	ix_trade_report facts;
	ix_trade_report_parameter parameters[IX_STRATEGY_PARAMETER_MAX];
	ix_trade_report_point curve[IX_PIPELINE_CURVE_MAX];
	ix_trade_report_stage stages[IX_PIPELINE_STAGE_COUNT];
	ix_trade_report_count reasons[IX_RISK_REASON_COUNT], alerts[IX_PIPELINE_ALERT_COUNT];
	ix_trade_report_position positions[POSITION_MAX];
	char date[IX_TIME_TEXT_MAX], hash[2 * 32 + 1], verify[1200];
} page;

static void gather_sums(page *p, const ix_run *run) {
	const ix_pipeline *pipeline = ix_run_pipeline(run);
	const ix_pipeline_counts *n = ix_pipeline_get_counts(pipeline);
	const ix_pipeline_profit profit = ix_pipeline_get_profit(pipeline);
	ix_trade_report *f = &p->facts;
	f->message_count = n->message_count;
	f->decision_count = n->decision_count;
	f->enter_count = n->enter_count;
	f->replace_count = n->replace_count;
	f->cancel_count = n->cancel_count;
	f->rejected_count = n->rejected_count;
	f->warned_count = n->warned_count;
	f->order_count = n->sent_count;
	f->fill_count = n->fill_count;
	f->bought_shares = n->bought_shares;
	f->sold_shares = n->sold_shares;
	f->traded_notional_e4 = n->traded_notional_e4;
	f->venue_reject_count = n->venue_reject_count;
	f->live_count = n->live_count;
	f->lost_gap_count = n->gap_count;
	f->lost_message_count = n->lost_count;
	f->realised_e4 = profit.realised_e4;
	f->unrealised_e4 = profit.unrealised_e4;
	f->drawdown_e4 = profit.drawdown_e4;
	f->drawdown_time_ns = profit.drawdown_time_ns;
	for (unsigned bit = 0; bit < IX_RISK_REASON_COUNT; bit++)
		p->reasons[bit] = (ix_trade_report_count){ix_str_from(ix_risk_reason_name(bit)),
			ix_str_from(ix_risk_reason_text(bit)), n->reject_reasons[bit]};
	f->reject_reasons = p->reasons;
	f->reject_reason_count = IX_COUNT(p->reasons);
	for (int i = 0; i < IX_PIPELINE_ALERT_COUNT; i++)
		p->alerts[i] = (ix_trade_report_count){
			.name = ix_str_from(ix_pipeline_alert_name((ix_pipeline_alert_kind)i)),
			.count = n->alert_count[i]};
	f->alerts = p->alerts;
	f->alert_count = IX_COUNT(p->alerts);
}

static void gather_lists(page *p, const ix_run *run) {
	const ix_pipeline *pipeline = ix_run_pipeline(run);
	ix_trade_report *f = &p->facts;
	const ix_pipeline_point *curve = ix_pipeline_curve(pipeline, &f->curve_count);
	for (size_t i = 0; i < f->curve_count; i++)
		p->curve[i] =
			(ix_trade_report_point){curve[i].time_ns, curve[i].profit_e4, curve[i].gross_e4};
	f->curve = p->curve;
	if (f->curve_count > 0) f->begin_ns = curve[0].time_ns;
	f->end_ns = ix_pipeline_now_ns(pipeline);
	for (int i = 0; i < IX_PIPELINE_STAGE_COUNT; i++)
		p->stages[i] =
			(ix_trade_report_stage){ix_str_from(ix_pipeline_stage_name((ix_pipeline_stage)i)),
				ix_pipeline_latency(pipeline, (ix_pipeline_stage)i)};
	f->stages = p->stages;
	f->stage_count = IX_COUNT(p->stages);
	const ix_books *books = ix_pipeline_books(pipeline);
	for (uint32_t i = 1; i <= ix_books_locate_last(books) && f->position_count < POSITION_MAX; i++) {
		const ix_strategy_position *at = ix_pipeline_position(pipeline, (uint16_t)i);
		const ix_pipeline_traded traded = ix_pipeline_traded_of(pipeline, (uint16_t)i);
		if (traded.bought_shares + traded.sold_shares == 0) continue;
		p->positions[f->position_count++] =
			(ix_trade_report_position){.symbol = ix_books_symbol_name(books, (uint16_t)i),
				.shares = at->shares,
				.realised_e4 = at->realised_e4,
				.unrealised_e4 = traded.unrealised_e4,
				.bought_shares = traded.bought_shares,
				.sold_shares = traded.sold_shares};
	}
	f->positions = p->positions;
}

static void gather_plan(page *p, const ix_run *run, const ix_trade_told *told) {
	const ix_strategy_vtable *s = ix_run_strategy(run);
	ix_trade_report *f = &p->facts;
	f->title = IX_STR("Trading run");
	f->date = (ix_str){p->date, ix_time_format(ix_clock_now(ix_clock_real()), 0, p->date)};
	f->program = IX_STR("inox trade run");
	f->feed = ix_str_from(told->feed);
	f->trouble = ix_str_from(told->trouble);
	if (ix_run_source(run)) {
		f->feed_format = ix_str_from(ix_run_source(run)->format);
		f->feed_bytes = ix_run_source(run)->bytes_read;
		f->recovered_message_count = ix_run_source(run)->recovered_messages;
	}
	f->strategy = ix_str_from(s->name);
	f->strategy_summary = ix_str_from(s->summary);
	for (uint32_t i = 0; i < s->parameter_count; i++)
		p->parameters[i] = (ix_trade_report_parameter){ix_str_from(s->parameters[i].name),
			ix_str_from(s->parameters[i].help), told->plan->parameters[i]};
	f->parameters = p->parameters;
	f->parameter_count = s->parameter_count;
	f->limits = told->plan->limits_name;
	f->session = told->plan->session;
	f->mode = told->mode;
	f->rate_per_s = told->rate_per_s;
	f->venue_latency_ns = told->plan->venue_latency_ns;
	f->wall_ns = ix_run_get_times(run).wall_ns;
	f->cpu_ns = ix_run_get_times(run).cpu_ns;
	f->late_ns_max = ix_run_get_times(run).late_ns_max;
}

static void gather_trail(page *p, const ix_run *run, const ix_trade_told *told) {
	const ix_trail_stats trail = ix_run_get_trail(run);
	ix_trade_report *f = &p->facts;
	if (!told->trail_path) return;
	f->trail_path = ix_str_from(told->trail_path);
	f->trail_record_count = trail.record_count;
	f->trail_byte_count = trail.byte_count;
	f->trail_is_durable = told->is_durable;
	uint8_t hash[32];
	ix_pipeline_positions_hash(ix_run_pipeline(run), hash);
	for (size_t i = 0; i < sizeof hash; i++) ix_format(p->hash + 2 * i, 3, "%02x", hash[i]);
	f->trail_hash = (ix_str){p->hash, 2 * sizeof hash};
	size_t size = ix_format(
		p->verify, sizeof p->verify, "inox trade replay --audit %s --verify", told->trail_path);
	f->trail_verify = (ix_str){p->verify, ix_size_min(size, sizeof p->verify - 1)};
}

typedef struct into {
	ix_file_out *out;
	ix_error *err;
	int code;
} into;

static bool to_file(void *context, const char *data, size_t size) {
	into *to = context;
	to->code = ix_file_out_write(to->out, data, size, to->err);
	return to->code == 0;
}

int ix_trade_html(ix_call *call, const ix_run *run, const ix_trade_told *told) {
	page *p = ix_allocate_zeroed(ix_os_allocator(), 1, sizeof *p, _Alignof(page));
	if (!p) return ix_fail(&call->error, IX_ERR_MEMORY, "no memory for the report");
	gather_sums(p, run);
	gather_lists(p, run);
	gather_plan(p, run, told);
	gather_trail(p, run, told);
	into to = {.err = &call->error};
	int code = ix_file_out_open(told->html_path, &to.out, &call->error);
	if (!code) {
		code = ix_trade_report_write_html(&p->facts, to_file, &to, &call->error);
		if (to.code) code = to.code; /* the file's own words */
		if (code)
			ix_file_out_abort(to.out);
		else
			code = ix_file_out_commit(to.out, &call->error);
	}
	ix_release(ix_os_allocator(), p, sizeof *p, _Alignof(page));
	return code;
}
