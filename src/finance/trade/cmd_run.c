/* `inox trade run` and `inox trade replay`: a day through the trading engine, and an audit trail once more.
 */
#include "cmd.h"
#include "cmd_report.h"

#include <inox/alloc.h>
#include <inox/file.h>
#include <inox/signals.h>
#include <inox/strategy_load.h>
#include <inox/thread.h>

#include <linux/limits.h>
#include <pthread.h>
#include <stdlib.h>

/* What every order must pass when no limits file is named: a desk of one trader with round numbers. */
const char ix_trade_default_limits[] =
	"# The limits of `inox trade run` without --risk.\n"
	"firm inox {\n"
	"	capital 50000000.00;\n"
	"	order-shares 10000;\n"
	"	order-notional 5000000.00;\n"
	"	position-long 5000;\n"
	"	position-short 5000;\n"
	"	open-orders 4000;\n"
	"	gross-notional 50000000.00;\n"
	"	daily-loss 250000.00;\n"
	"	desk paper { account paper { trader auto { session auto; } } }\n"
	"}\n";

enum { SIGNAL_LOOK_MS = 20 };

typedef struct door {
	ix_call *call;
	ix_plan plan;
	ix_bytes limits;
	ix_run_options options;
	char feed_a[1024], feed_b[1024], strategy_path[PATH_MAX];
	bool shows_line; /* a live line on the terminal */
	bool has_line;
	uint64_t alerts_told;
	atomic_bool must_stop, is_over;
	pthread_t waiter;
	ix_signals signals;
} door;

/* ---- the live line ---- */

static void hide_line(door *d) {
	if (d->has_line) fputs("\r\033[K", d->call->err);
	d->has_line = false;
}

static void on_progress(void *context, const ix_pipeline *p, int64_t elapsed_ns) {
	door *d = context;
	const ix_pipeline_counts *n = ix_pipeline_get_counts(p);
	ix_pipeline_profit profit = ix_pipeline_get_profit(p);
	const ix_hist *h = ix_pipeline_latency(p, IX_PIPELINE_TICK_TO_TRADE);
	if (!d->shows_line || elapsed_ns < 1000000000) return;
	char rate[IX_AMOUNT_TEXT_MAX], time[TRADE_TIME_TEXT_MAX], money[TRADE_MONEY_TEXT_MAX];
	char p50[IX_AMOUNT_TEXT_MAX], p99[IX_AMOUNT_TEXT_MAX], max[IX_AMOUNT_TEXT_MAX];
	ix_books_info books;
	ix_books_get_info(ix_pipeline_books(p), &books);
	ix_amount_count((uint64_t)((double)n->message_count * 1e9 / (double)elapsed_ns), rate);
	ix_amount_duration(h ? (int64_t)ix_hist_percentile(h, 50) : 0, p50);
	ix_amount_duration(h ? (int64_t)ix_hist_percentile(h, 99) : 0, p99);
	ix_amount_duration(h ? (int64_t)h->maximum : 0, max);
	ix_trade_time_text(ix_pipeline_now_ns(p), time);
	fprintf(d->call->err,
		"\r\033[K%.8s  %s msg/s  %u books  %llu orders  %llu fills  %s  t2t %s / %s / %s", time, rate,
		books.symbol_count, (unsigned long long)n->sent_count, (unsigned long long)n->fill_count,
		ix_trade_money_text(profit.realised_e4 + profit.unrealised_e4, money), p50, p99, max);
	fflush(d->call->err);
	d->has_line = true;
}

/* What an alert's numbers are. */
static void alert_text(const ix_pipeline_alert *a, char *out, size_t size) {
	char value[TRADE_MONEY_TEXT_MAX], threshold[TRADE_MONEY_TEXT_MAX];
	switch (a->kind) {
	case IX_PIPELINE_ALERT_LATENCY:
	case IX_PIPELINE_ALERT_STALE:
		ix_amount_duration(a->value, value);
		ix_amount_duration(a->threshold, threshold);
		ix_format(out, size, "%s, more than %s", value, threshold);
		break;
	case IX_PIPELINE_ALERT_LOSS:
		ix_format(out, size, "%s, below %s", ix_trade_money_text(a->value, value),
			ix_trade_money_text(a->threshold, threshold));
		break;
	case IX_PIPELINE_ALERT_GAP:
		ix_format(out, size, "%lld messages are missing", (long long)a->value);
		break;
	case IX_PIPELINE_ALERT_REJECTS:
		ix_format(out, size, "%lld of the last 100 decisions, more than %lld", (long long)a->value,
			(long long)a->threshold);
		break;
	case IX_PIPELINE_ALERT_KILL: ix_format(out, size, "all orders are cancelled"); break;
	default:
		ix_format(out, size, "%lld, at most %lld", (long long)a->value, (long long)a->threshold);
		break;
	}
}

static void on_alert(void *context, const ix_pipeline_alert *a) {
	door *d = context;
	char time[TRADE_TIME_TEXT_MAX], text[128];
	hide_line(d);
	alert_text(a, text, sizeof text);
	fprintf(d->call->err, "inox trade: %s alert: %s: %s", ix_trade_time_text(a->time_ns, time),
		ix_pipeline_alert_name(a->kind), text);
	if (a->count > 1) fprintf(d->call->err, "; %llu times", (unsigned long long)a->count);
	fputc('\n', d->call->err);
}

static void on_log(void *context, ix_str text) {
	door *d = context;
	hide_line(d);
	fputs("inox trade: ", d->call->err);
	ix_display_write(d->call->err, text, 0);
	fputc('\n', d->call->err);
}

/* ---- what was asked for ---- */

/* "itch-file:F", "pcap:F[,F2]", or just a file. */
static int feed_of(door *d) {
	ix_str text = ix_str_from(ix_call_text(d->call, "feed"));
	bool is_capture = ix_str_starts_with(text, IX_STR("pcap:"));
	if (is_capture || ix_str_starts_with(text, IX_STR("itch-file:")))
		text = ix_str_slice(text, ix_str_find(text, ':') + 1, text.size);
	ix_str second = is_capture ? text : (ix_str){0};
	ix_str first = is_capture ? ix_str_cut(&second, ',') : text;
	if (first.size == 0 || first.size >= sizeof d->feed_a || second.size >= sizeof d->feed_b)
		return ix_call_usage(d->call, "--feed takes itch-file:FILE, pcap:FILE[,FILE-B] or a file");
	ix_format(d->feed_a, sizeof d->feed_a, "%.*s", IX_STR_ARG(first));
	ix_format(d->feed_b, sizeof d->feed_b, "%.*s", IX_STR_ARG(second));
	d->options.source.allocator = ix_os_allocator();
	d->options.source.paths[0] = d->feed_a;
	if (second.size) d->options.source.paths[1] = d->feed_b;
	return 0;
}

static int limits_of(door *d) {
	const char *path = ix_call_text(d->call, "risk");
	d->plan.session = ix_str_from(ix_call_text(d->call, "session"));
	if (!path) {
		d->plan.limits = ix_str_from(ix_trade_default_limits);
		d->plan.limits_name = IX_STR("the built-in limits");
		return 0;
	}
	int code = ix_file_read(path, IX_PLAN_LIMITS_MAX, ix_os_allocator(), &d->limits, &d->call->error);
	if (code) return ix_call_fail(d->call);
	d->plan.limits = ix_bytes_str(d->limits);
	if (ix_str_trim(d->plan.limits).size == 0) {
		(void)ix_fail(&d->call->error, IX_ERR_INVALID, "%s: there are no limits in it", path);
		return ix_call_fail(d->call);
	}
	d->plan.limits_name = ix_str_from(path);
	return 0;
}

/* --set name=value, of a built-in strategy or one in a file, which is opened to ask for its names. */
static int parameters_of(door *d) {
	size_t count = ix_call_option_count(d->call, "set");
	if (count == 0) return 0;
	ix_strategy_file file = {0};
	const ix_strategy_vtable *strategy = ix_strategy_find_builtin(d->plan.strategy);
	int code = strategy ? 0 : ix_strategy_open_file(d->plan.strategy.data, &file, &d->call->error);
	if (code) return ix_call_fail(d->call);
	if (!strategy) strategy = file.vtable;
	ix_strategy_parameter_fallbacks(strategy, d->plan.parameters);
	d->plan.has_parameters = true;
	for (size_t i = 0; !code && i < count; i++) {
		uint32_t index;
		int64_t value;
		code = ix_strategy_parameter_parse(strategy, ix_str_from(ix_call_text_at(d->call, "set", i)),
			&index, &value, &d->call->error);
		if (!code) d->plan.parameters[index] = value;
	}
	ix_strategy_close_file(&file);
	return code ? ix_call_usage(d->call, "%s", d->call->error.text) : 0;
}

/* "1,2": cores of the trading thread and the trail's; a third is the reader's. */
static int cores_of(door *d) {
	const char *text = ix_call_text(d->call, "pin");
	if (!text) return 0;
	ix_str rest = ix_str_from(text);
	static const int order[] = {IX_RUN_CORE_TRADE, IX_RUN_CORE_TRAIL, IX_RUN_CORE_READ};
	uint64_t core = 0;
	for (size_t i = 0; i < IX_COUNT(order); i++) {
		if (rest.size > 0 && (!ix_str_to_u64(ix_str_cut(&rest, ','), &core) || core > 4095))
			return ix_call_usage(
				d->call, "--pin takes up to three core numbers: trading,trail,reader");
		d->options.cores[order[i]] = (int)core;
	}
	if (rest.size > 0)
		return ix_call_usage(d->call, "--pin takes up to three core numbers: trading,trail,reader");
	d->options.is_pinned = true;
	return 0;
}

static int options_of(door *d) {
	const ix_call *call = d->call;
	const char *strategy = ix_call_text(call, "strategy");
	/* A trail that is replayed elsewhere finds a shared object by its whole path. */
	bool is_file =
		!ix_strategy_find_builtin(ix_str_from(strategy)) && realpath(strategy, d->strategy_path);
	d->plan.strategy = ix_str_from(is_file ? d->strategy_path : strategy);
	d->plan.venue_latency_ns = (uint64_t)ix_call_integer(call, "latency");
	d->plan.symbols_max = (uint32_t)ix_call_integer(call, "symbols");
	d->options.plan = &d->plan;
	d->options.mode = ix_call_flag(call, "staged") ? IX_RUN_STAGED : IX_RUN_ONE_CORE;
	d->options.trail_path = ix_call_text(call, "audit");
	d->options.is_durable = ix_call_flag(call, "durable");
	d->options.drop_copy_path = ix_call_text(call, "drop-copy");
	d->options.rate_per_s = (uint64_t)ix_call_integer(call, "rate");
	d->options.message_max = (uint64_t)ix_call_integer(call, "messages");
	d->options.busy_poll = ix_call_flag(call, "busy-poll");
	d->options.measures = true;
	d->options.latency_alert_ns = (uint64_t)ix_call_integer(call, "latency-alert");
	d->options.loss_alert_e4 = ix_call_integer(call, "loss-alert") * 10000;
	d->options.must_stop = &d->must_stop;
	d->options.on_progress = on_progress;
	d->options.on_alert = on_alert;
	d->options.on_log = on_log;
	d->options.context = d;
	d->shows_line = call->progress;
	if (d->options.is_durable && !d->options.trail_path)
		return ix_call_usage(d->call, "--durable is about the audit trail: name one with --audit");
	const char *html = ix_call_text(call, "html"), *drop = d->options.drop_copy_path;
	if (html && drop && strcmp(html, drop) == 0)
		return ix_call_usage(d->call, "--html and --drop-copy name the same file");
	int code = feed_of(d);
	if (!code) code = limits_of(d);
	if (!code) code = parameters_of(d);
	return code ? code : cores_of(d);
}

/* ---- an orderly end on SIGINT and SIGTERM ---- */

static void *wait_for_signal(void *argument) {
	door *d = argument;
	while (!atomic_load_explicit(&d->is_over, memory_order_relaxed)) {
		if (ix_signals_wait(&d->signals, SIGNAL_LOOK_MS) != 0)
			atomic_store_explicit(&d->must_stop, true, memory_order_relaxed);
	}
	return NULL;
}

static int run_with_signals(door *d, ix_run **ret_run) {
	static const int numbers[] = {SIGINT, SIGTERM, 0};
	int code = ix_signals_open(numbers, &d->signals, &d->call->error);
	if (code) return code;
	bool waits = pthread_create(&d->waiter, NULL, wait_for_signal, d) == 0;
	code = ix_run_day(&d->options, ret_run, &d->call->error);
	atomic_store_explicit(&d->is_over, true, memory_order_relaxed);
	if (waits) (void)pthread_join(d->waiter, NULL);
	ix_signals_close(&d->signals);
	return code;
}

/* The page, then the text; 1 when messages were lost. */
static int tell(ix_call *call, const ix_run *run, const ix_trade_told *told) {
	if (told->html_path && ix_trade_html(call, run, told) != 0) return ix_call_fail(call);
	int exit_code = ix_trade_tell_run(call, run, told);
	return exit_code ? exit_code : ix_pipeline_get_counts(ix_run_pipeline(run))->lost_count > 0;
}

int ix_trade_cmd_run(ix_call *call) {
	door d = {.call = call};
	ix_run *run = NULL;
	int exit_code = options_of(&d);
	if (exit_code) {
		ix_file_read_free(d.limits, ix_os_allocator());
		return exit_code;
	}
	int code = run_with_signals(&d, &run);
	hide_line(&d);
	ix_error trouble = call->error;
	ix_trade_told told = {.feed = d.feed_a,
		.trail_path = d.options.trail_path,
		.html_path = ix_call_text(call, "html"),
		.plan = &d.plan,
		.mode = d.options.mode == IX_RUN_STAGED ? IX_STR("staged") : IX_STR("one core"),
		.rate_per_s = d.options.rate_per_s,
		.is_durable = d.options.is_durable,
		.trouble = code ? trouble.text : NULL};
	if (run && !code && ix_pipeline_get_counts(ix_run_pipeline(run))->message_count == 0)
		code = ix_fail(&trouble, IX_ERR_INVALID, "%s: there are no messages in it", d.feed_a);
	else if (run)
		exit_code = tell(call, run, &told); /* what was done up to the trouble, too */
	if (code) {
		call->error = trouble;
		exit_code = ix_call_fail(call);
	}
	ix_run_free(run);
	ix_file_read_free(d.limits, ix_os_allocator());
	return exit_code;
}

int ix_trade_cmd_replay(ix_call *call) {
	const ix_replay_options options = {.trail_path = ix_call_text(call, "audit"),
		.verify = ix_call_flag(call, "verify"),
		.strategy = ix_call_text(call, "strategy")};
	ix_replay_result result;
	ix_run *run = NULL;
	if (ix_replay(&options, &run, &result, &call->error) != 0) return ix_call_fail(call);
	const ix_trade_told told = {.trail_path = options.trail_path, .replay = &result};
	int exit_code = ix_trade_tell_run(call, run, &told);
	ix_run_free(run);
	return exit_code ? exit_code : result.mismatch_sequence != 0;
}
