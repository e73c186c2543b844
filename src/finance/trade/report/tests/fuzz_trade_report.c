/* Any facts give a well-formed page: the bytes fill the numbers, lists and texts of a report. */
#include "markup_check.h"

#include <inox/reader.h>
#include <inox/trade_report.h>

enum { LIST_MAX = 24, PAGE_MAX = 4 << 20, BUCKETS = 7424 };

typedef struct source {
	ix_bytes rest;
} source;

static uint64_t take(source *s, size_t size) {
	uint64_t value = 0;
	size = ix_size_min(size, s->rest.size);
	for (size_t i = 0; i < size; i++) value = value << 8 | s->rest.data[i];
	s->rest = (ix_bytes){s->rest.data + size, s->rest.size - size};
	return value;
}

/* A number of up to 64 bits whose first byte says how wide it is; every eighth is an extreme. */
static uint64_t number_of(source *s) {
	static const uint64_t extremes[] = {
		0, UINT64_MAX, INT64_MAX, (uint64_t)INT64_MIN, 1000000000000000000, 99, 10000, 1};
	unsigned kind = (unsigned)take(s, 1);
	return kind % 8 == 0 ? extremes[kind / 8 % 8] : take(s, kind % 8 + 1);
}

static ix_str text_of(source *s) {
	size_t size = ix_size_min((size_t)take(s, 1) % 40, s->rest.size);
	ix_str text = {(const char *)s->rest.data, size};
	s->rest = (ix_bytes){s->rest.data + size, s->rest.size - size};
	return text;
}

static struct {
	ix_trade_report_parameter parameters[LIST_MAX];
	ix_trade_report_point curve[LIST_MAX];
	ix_trade_report_stage stages[2];
	ix_hist hists[2];
	uint64_t buckets[2][BUCKETS];
	ix_trade_report_position positions[LIST_MAX];
	ix_trade_report_count counts[LIST_MAX];
	ix_trade_report_gap gaps[LIST_MAX];
} lists;

static size_t count_of(source *s) { return (size_t)take(s, 1) % (LIST_MAX + 1); }

static void fill_stages(ix_trade_report *f, source *s) {
	f->stages = lists.stages, f->stage_count = (size_t)take(s, 1) % 3;
	for (size_t i = 0; i < f->stage_count; i++) {
		ix_hist_options options = {.value_max = take(s, 1) % 2 ? number_of(s) : 0};
		lists.stages[i] = (ix_trade_report_stage){text_of(s), &lists.hists[i]};
		if (ix_hist_init_fixed(&lists.hists[i], &options, lists.buckets[i], BUCKETS, NULL)) return;
		for (size_t k = count_of(s); k > 0; k--) {
			uint64_t value = number_of(s);
			/* A histogram counts at most 2^64 - 1 samples. */
			ix_hist_record_many(&lists.hists[i], value, take(s, 1) % 2 ? 1 : number_of(s) >> 6);
		}
	}
}

static void fill_lists(ix_trade_report *f, source *s) {
	f->parameters = lists.parameters, f->parameter_count = count_of(s);
	for (size_t i = 0; i < f->parameter_count; i++)
		lists.parameters[i] =
			(ix_trade_report_parameter){text_of(s), text_of(s), (int64_t)number_of(s)};
	f->curve = lists.curve, f->curve_count = count_of(s);
	for (size_t i = 0; i < f->curve_count; i++)
		lists.curve[i] =
			(ix_trade_report_point){number_of(s), (int64_t)number_of(s), (int64_t)number_of(s)};
	f->positions = lists.positions, f->position_count = count_of(s);
	for (size_t i = 0; i < f->position_count; i++)
		lists.positions[i] = (ix_trade_report_position){text_of(s), (int64_t)number_of(s),
			(int64_t)number_of(s), (int64_t)number_of(s), number_of(s), number_of(s)};
	f->reject_reasons = f->alerts = lists.counts;
	f->reject_reason_count = f->alert_count = count_of(s);
	for (size_t i = 0; i < f->alert_count; i++)
		lists.counts[i] = (ix_trade_report_count){text_of(s), text_of(s), number_of(s)};
	f->gaps = lists.gaps, f->gap_count = count_of(s);
	for (size_t i = 0; i < f->gap_count; i++)
		lists.gaps[i] =
			(ix_trade_report_gap){number_of(s), number_of(s), number_of(s), take(s, 1) & 1};
	fill_stages(f, s);
}

static void fill_values(ix_trade_report *f, source *s) {
	ix_str *const texts[] = {&f->title, &f->date, &f->program, &f->command, &f->feed, &f->feed_format,
		&f->strategy, &f->strategy_summary, &f->limits, &f->session, &f->mode, &f->trouble,
		&f->trail_path, &f->trail_hash, &f->trail_verify};
	uint64_t *const counts[] = {&f->feed_bytes, &f->seed, &f->begin_ns, &f->end_ns, &f->rate_per_s,
		&f->venue_latency_ns, &f->message_count, &f->decision_count, &f->enter_count,
		&f->replace_count, &f->cancel_count, &f->rejected_count, &f->warned_count, &f->order_count,
		&f->fill_count, &f->bought_shares, &f->sold_shares, &f->traded_notional_e4,
		&f->venue_reject_count, &f->live_count, &f->drawdown_time_ns, &f->lost_gap_count,
		&f->lost_message_count, &f->recovered_message_count, &f->trail_record_count,
		&f->trail_byte_count};
	int64_t *const amounts[] = {&f->wall_ns, &f->cpu_ns, &f->late_ns_max, &f->realised_e4,
		&f->unrealised_e4, &f->drawdown_e4};
	for (size_t i = 0; i < IX_COUNT(texts); i++) *texts[i] = text_of(s);
	for (size_t i = 0; i < IX_COUNT(counts); i++) *counts[i] = number_of(s);
	for (size_t i = 0; i < IX_COUNT(amounts); i++) *amounts[i] = (int64_t)number_of(s);
	f->has_seed = f->trail_is_durable = take(s, 1) & 1;
}

static char page[PAGE_MAX];
static size_t page_size;

static bool keep(void *context, const char *data, size_t size) {
	IX_ASSERT(context == page && size > 0 && size <= PAGE_MAX - page_size);
	memcpy(page + page_size, data, size);
	page_size += size;
	return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
	source s = {{data, size}};
	ix_trade_report facts = {0};
	/* The lists first, half of the time: short inputs then reach them. */
	bool lists_first = take(&s, 1) & 1;
	if (lists_first) fill_lists(&facts, &s);
	fill_values(&facts, &s);
	if (!lists_first) fill_lists(&facts, &s);
	page_size = 0;
	IX_ASSERT(ix_trade_report_write_html(&facts, keep, page, NULL) == 0);
	size_t offset;
	const char *why = markup_check((ix_str){page, page_size}, &offset);
	if (why) fprintf(stderr, "%s at %zu: %.80s\n", why, offset, page + (offset > 40 ? offset - 40 : 0));
	IX_ASSERT(!why);
	return 0;
}
