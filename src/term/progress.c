/* progress.c - the one line that says how far a long job is. It is drawn with one write, padded over what
 * stood there before, so nothing flickers and no terminal needs escape sequences for it. */
#include <inox/progress.h>
#include <inox/style.h>
#include <inox/table.h>

enum { BAR_MIN = 10, BAR_MAX = 40, WHAT_COLUMNS = 28 };

static bool is_live(const ix_progress *progress) { return progress->options.shown; }

void ix_progress_start(ix_progress *progress, const ix_progress_options *options) {
	*progress = (ix_progress){.options = *options, .step = 1, .next = UINT64_MAX};
	if (!options->shown || !options->clock || !options->out) {
		progress->options.shown = false;
		return;
	}
	if (!options->delay_ns) progress->options.delay_ns = 1000000000;
	if (!options->interval_ns) progress->options.interval_ns = 100000000;
	ix_display_format(progress->what, sizeof progress->what, ix_str_from(options->what), WHAT_COLUMNS);
	int64_t now = ix_clock_now(options->clock);
	progress->start_ns = progress->checked_ns = progress->sample_ns = now;
	progress->drawn_ns = now - progress->options.interval_ns;
	progress->next = 0;
}

/* ---- the line ---- */

typedef struct line {
	char text[IX_PROGRESS_LINE_MAX];
	size_t size, columns;
} line;

static void add(line *l, const char *text) {
	ix_str s = ix_str_from(text);
	if (s.size >= sizeof l->text - l->size) return;
	memcpy(l->text + l->size, s.data, s.size + 1);
	l->size += s.size;
	l->columns += ix_display_width(s);
}

static void format_amount(const ix_progress *progress, uint64_t amount, char *out) {
	if (progress->options.unit == IX_PROGRESS_BYTES)
		ix_amount_size(amount, out);
	else
		ix_amount_count(amount, out);
}

/* "1.2 GiB of 2.9 GiB  412.0 MiB/s  0:04 left" */
static void add_numbers(const ix_progress *progress, line *l) {
	char amount[IX_AMOUNT_TEXT_MAX], text[64];
	uint64_t total = progress->options.total, done = progress->done;
	format_amount(progress, done, amount);
	add(l, amount);
	if (total) {
		format_amount(progress, total, amount);
		add(l, " of ");
		add(l, amount);
	}
	if (progress->options.unit == IX_PROGRESS_ITEMS && progress->options.noun) {
		add(l, " ");
		add(l, progress->options.noun);
	}
	if (!(progress->rate > 0)) return;
	format_amount(
		progress, progress->rate < 1e19 ? (uint64_t)(progress->rate + 0.5) : UINT64_MAX, amount);
	add(l, "  ");
	add(l, amount);
	add(l, "/s");
	if (total <= done) return;
	double left = (double)(total - done) / progress->rate;
	if (left >= 360000) return; /* a hundred hours: a guess no longer */
	unsigned seconds = (unsigned)(left + 0.999);
	if (seconds >= 3600)
		ix_format(text, sizeof text, "  %u:%02u:%02u left", seconds / 3600, seconds / 60 % 60,
			seconds % 60);
	else
		ix_format(text, sizeof text, "  %u:%02u left", seconds / 60, seconds % 60);
	add(l, text);
}

/* In halves of a column: ━━━━╸····· */
static void add_bar(line *l, unsigned columns, unsigned per_mille) {
	unsigned halves = columns * 2 * per_mille / 1000;
	for (unsigned i = 0; i < columns; i++) add(l, 2 * i + 1 < halves ? "━" : 2 * i < halves ? "╸" : "·");
}

static unsigned share_of(uint64_t done, uint64_t total) {
	if (done >= total) return 1000;
	return (unsigned)((double)done / (double)total * 1000);
}

/* Put together within `room` columns: numbers first, the bar in what is left, the name cut last. */
static void compose(const ix_progress *progress, size_t room, line *ret_line) {
	line numbers = {.size = 0};
	char text[32], what[IX_PROGRESS_WHAT_MAX];
	add_numbers(progress, &numbers);
	*ret_line = (line){.size = 0};
	uint64_t total = progress->options.total;
	size_t percent = total ? 6 : 0; /* " 100%" and a space */
	size_t wanted = numbers.columns + percent + 2;
	size_t name_room = room > wanted ? room - wanted : 0;
	if (name_room >= 4 && progress->what[0]) {
		ix_display_format(what, sizeof what, ix_str_from(progress->what), name_room);
		add(ret_line, what);
		add(ret_line, "  ");
	}
	if (total && room >= ret_line->columns + 5) {
		unsigned share = share_of(progress->done, total);
		ix_format(text, sizeof text, "%3u%% ", share / 10);
		add(ret_line, text);
		size_t used = ret_line->columns + numbers.columns + 2;
		if (room >= used + BAR_MIN) {
			add_bar(ret_line, (unsigned)ix_size_min(room - used, BAR_MAX), share);
			add(ret_line, "  ");
		}
	}
	if (ret_line->columns + numbers.columns <= room) add(ret_line, numbers.text);
}

static void draw(ix_progress *progress) {
	FILE *out = progress->options.out;
	unsigned columns = progress->options.columns;
	if (!columns) columns = ix_display_columns(out);
	if (!columns) columns = 80;
	line l;
	compose(progress, columns - 1, &l); /* the last column would wrap on some terminals */
	char whole[2 * IX_PROGRESS_LINE_MAX];
	size_t pad = progress->drawn_columns > l.columns ? progress->drawn_columns - l.columns : 0;
	size_t size = ix_format(whole, sizeof whole, "\r%s%*s", l.text, (int)ix_size_min(pad, 400), "");
	fwrite(whole, 1, ix_size_min(size, sizeof whole - 1), out);
	fflush(out);
	progress->drawn_columns = l.columns;
}

/* ---- when ---- */

/* The rate of the last few seconds counts: each sample with the weight of its time against three seconds. */
static void sample_rate(ix_progress *progress, int64_t now) {
	double seconds = (double)(now - progress->sample_ns) / 1e9;
	if (!(seconds > 0) || progress->done < progress->sample_done) return;
	double rate = (double)(progress->done - progress->sample_done) / seconds;
	double weight = progress->sample_ns == progress->start_ns ? 1 : seconds / (seconds + 3);
	progress->rate += (rate - progress->rate) * weight;
	progress->sample_ns = now;
	progress->sample_done = progress->done;
}

void ix_progress_check(ix_progress *progress) {
	if (!is_live(progress)) return;
	int64_t now = ix_clock_now(progress->options.clock), interval = progress->options.interval_ns;
	int64_t since = now - progress->checked_ns;
	/* Steps grow while they are far shorter than a drawing, so that the clock is asked some ten times a
	 * drawing however fast the job is. */
	if (since < interval / 16)
		progress->step = progress->step < UINT64_MAX / 4 ? progress->step * 2 : progress->step;
	else if (since > interval / 4)
		progress->step = progress->step / 4 + 1;
	progress->checked_ns = now;
	if (ix_add_overflow(progress->done, progress->step, &progress->next)) progress->next = UINT64_MAX;
	if (now - progress->start_ns < progress->options.delay_ns || now - progress->drawn_ns < interval)
		return;
	sample_rate(progress, now);
	draw(progress);
	progress->drawn_ns = now;
}

void ix_progress_total(ix_progress *progress, uint64_t total) { progress->options.total = total; }

void ix_progress_hide(ix_progress *progress) {
	if (!is_live(progress) || !progress->drawn_columns) return;
	fprintf(progress->options.out, "\r%*s\r", (int)progress->drawn_columns, "");
	fflush(progress->options.out);
	progress->drawn_columns = 0;
}

void ix_progress_end(ix_progress *progress) {
	ix_progress_hide(progress);
	progress->options.shown = false;
	progress->next = UINT64_MAX;
}
