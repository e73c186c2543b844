/* report_page FILE [URL] - writes the page of a sample run, for the browser's tests and for docs/images.
 * With "hostile" every name in it tries to be markup. */
#include "report_sample.h"

#include <stdio.h>
#include <string.h>

static bool to_file(void *context, const char *data, size_t size) {
	return fwrite(data, 1, size, (FILE *)context) == size;
}

static void make_hostile(report_sample *sample, const char *url) {
	static char text[1024];
	size_t size = ix_format(text, sizeof text,
		"<script>document.title='owned'</script>\"><img src=%s "
		"onerror=\"document.title='owned'\">'&lt;\x01\xff"
		"</style></title><svg onload=\"document.title='owned'\"><style>@import url(%s);</style>",
		url, url);
	ix_str evil = {text, ix_size_min(size, sizeof text - 1)};
	ix_trade_report *facts = &sample->facts;
	facts->title = facts->date = facts->program = facts->command = facts->feed = facts->feed_format =
		evil;
	facts->strategy = facts->strategy_summary = facts->limits = facts->session = facts->mode = evil;
	facts->trouble = facts->trail_path = facts->trail_hash = facts->trail_verify = evil;
	for (size_t i = 0; i < SAMPLE_POSITIONS; i++) sample->positions[i].symbol = evil;
	for (size_t i = 0; i < SAMPLE_STAGES; i++) sample->stages[i].name = evil;
}

static void make_extreme(report_sample *sample) {
	static const ix_trade_report_point curve[] = {{34200123456789, INT64_MIN, INT64_MAX},
		{34200123456800, INT64_MAX, 0}, {34200123457000, -1000000000000000000, 1000000000000000000}};
	ix_trade_report *facts = &sample->facts;
	facts->curve = curve, facts->curve_count = IX_COUNT(curve);
	facts->drawdown_e4 = INT64_MAX, facts->drawdown_time_ns = curve[2].time_ns;
	facts->realised_e4 = INT64_MIN, facts->unrealised_e4 = INT64_MAX;
	facts->traded_notional_e4 = facts->message_count = facts->order_count = facts->fill_count =
		UINT64_MAX;
	facts->bought_shares = facts->sold_shares = facts->enter_count = facts->live_count = UINT64_MAX;
	facts->wall_ns = facts->cpu_ns = INT64_MAX;
	ix_hist_record(&sample->hists[0], 0);
	ix_hist_record_many(&sample->hists[0], 1000000000000000000, 100000);
	ix_hist_record(&sample->hists[0], UINT64_MAX);
	for (size_t i = 0; i < SAMPLE_POSITIONS; i++) {
		sample->positions[i].realised_e4 = i % 2 ? INT64_MIN : INT64_MAX;
		sample->positions[i].shares = INT64_MIN;
		sample->positions[i].bought_shares = UINT64_MAX;
	}
}

int main(int argc, char **argv) {
	static report_sample sample;
	if (argc < 2) return fprintf(stderr, "usage: report_page FILE [URL | extremes]\n"), 2;
	report_sample_init(&sample, 1);
	if (argc > 2 && strcmp(argv[2], "extremes") == 0)
		make_extreme(&sample);
	else if (argc > 2)
		make_hostile(&sample, argv[2]);
	FILE *file = fopen(argv[1], "wb");
	ix_error err = {0};
	if (!file) return fprintf(stderr, "report_page: %s: cannot be written\n", argv[1]), 4;
	int code = ix_trade_report_write_html(&sample.facts, to_file, file, &err);
	if (fclose(file) != 0) code = IX_ERR_IO;
	if (code) fprintf(stderr, "report_page: %s: %s\n", argv[1], err.text);
	return ix_code_exit(code);
}
