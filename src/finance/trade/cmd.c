/* What the doors of `inox trade` share: reading a day with the verb's files, times of day. */
#include "cmd.h"

#include <inox/alloc.h>
#include <inox/decimal.h>

ix_source_options ix_trade_source_of(const ix_call *call) {
	return (ix_source_options){
		.allocator = ix_os_allocator(),
		.paths = {ix_call_operand(call, 0), ix_call_operand(call, 1)},
		.rerequest_path = ix_call_text(call, "rerequest"),
	};
}

bool ix_trade_is_terminal(const ix_call *call) {
	return call->columns > 0 && ix_str_equal(ix_str_from(ix_call_text(call, "out")), IX_STR("-"));
}

typedef struct bar {
	ix_progress progress;
	uint64_t total;
} bar;

static void on_progress(void *context, uint64_t done, uint64_t total) {
	bar *b = context;
	if (total != b->total) ix_progress_total(&b->progress, b->total = total);
	ix_progress_update(&b->progress, done);
}

int ix_trade_read_day(ix_call *call, ix_day_options options, ix_day **ret_day, int64_t *ret_wall_ns) {
	bar b = {.total = 0};
	ix_call_progress(call, &b.progress, ix_call_operand(call, 0), IX_PROGRESS_BYTES, 0);
	options.source = ix_trade_source_of(call);
	options.is_strict = ix_call_flag(call, "strict");
	options.on_progress = on_progress;
	options.context = &b;
	int64_t start_ns = ix_clock_now(call->clock);
	int code = ix_day_read(&options, ret_day, &call->error);
	if (ret_wall_ns) *ret_wall_ns = ix_clock_now(call->clock) - start_ns;
	ix_progress_end(&b.progress);
	return code;
}

typedef struct flaws {
	char *text;
	size_t size;
} flaws;

static void flaws_add(flaws *f, uint64_t count, const char *one, const char *many) {
	if (count == 0) return;
	f->size += ix_format(f->text + f->size, TRADE_FLAWS_TEXT_MAX - f->size, "%s%llu %s",
		f->size ? ", " : "", (unsigned long long)count, count == 1 ? one : many);
}

size_t ix_trade_flaws(const ix_day *day, char out[TRADE_FLAWS_TEXT_MAX]) {
	const ix_source_info *s = ix_day_get_source(day);
	ix_books_info info = {0};
	if (ix_day_books(day)) ix_books_get_info(ix_day_books(day), &info);
	uint64_t malformed = 0, ignored = 0;
	for (size_t i = 0; i < s->line_count; i++) {
		malformed += s->lines[i].malformed_count;
		ignored += s->lines[i].ignored_count;
	}
	bool is_all_cut = s->line_count == 0 && s->soup_packet_count == 0;
	flaws f = {.text = out};
	flaws_add(&f, s->lost_messages, "message was lost", "messages were lost");
	flaws_add(&f, info.fault_count, "fault", "faults");
	flaws_add(&f, s->soup_malformed_count + s->soup_broken_count, "stream was not read to its end",
		"streams were not read to their end");
	flaws_add(&f, malformed, "packet was malformed", "packets were malformed");
	flaws_add(&f, ignored, "message was of another session", "messages were of another session");
	flaws_add(&f, is_all_cut ? s->cut_packet_count : 0, "packet was cut short", "packets were cut short");
	return f.size;
}

const char *ix_trade_time_text(uint64_t since_midnight_ns, char out[TRADE_TIME_TEXT_MAX]) {
	uint64_t s = since_midnight_ns / 1000000000;
	ix_format(out, TRADE_TIME_TEXT_MAX, "%02u:%02u:%02u.%09u", (unsigned)(s / 3600),
		(unsigned)(s / 60 % 60), (unsigned)(s % 60), (unsigned)(since_midnight_ns % 1000000000));
	return out;
}

/* Two digits below `limit`. */
static bool take_part(ix_str *text, uint64_t limit, uint64_t *ret_value) {
	ix_str part = ix_str_cut(text, ':');
	return part.size == 2 && ix_str_to_u64(part, ret_value) && *ret_value < limit;
}

bool ix_trade_time_parse(const char *text, int64_t *ret_ns) {
	uint64_t hours, minutes;
	int64_t seconds_e9 = 0;
	ix_str rest = ix_str_from(text);
	if (!take_part(&rest, 25, &hours) || !rest.data || !take_part(&rest, 60, &minutes)) return false;
	if (rest.data) {
		bool is_two = rest.size >= 2 && rest.data[0] >= '0' && rest.data[0] <= '9' &&
			      (rest.size == 2 || rest.data[2] == '.') && rest.size != 3;
		if (!is_two || ix_decimal_parse(rest, 9, IX_ROUND_EXACT, &seconds_e9, NULL) != 0 ||
			seconds_e9 < 0 || seconds_e9 >= INT64_C(60000000000))
			return false;
	}
	*ret_ns = (int64_t)(hours * 3600 + minutes * 60) * 1000000000 + seconds_e9;
	return *ret_ns <= INT64_C(86400000000000);
}
