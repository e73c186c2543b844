/* The tour's job of `inox trade`: a strategy through a day, the public one where it is, else a generated one.
 */
#include "cmd.h"
#include "cmd_report.h"

#include <inox/alloc.h>
#include <inox/binaryfile.h>
#include <inox/file.h>
#include <inox/gen.h>

#include <unistd.h>

static int write_out(void *context, ix_bytes bytes, ix_error *err) {
	return ix_file_out_write(context, bytes.data, bytes.size, err);
}

static int generate(const char *path, ix_error *err) {
	ix_gen *gen = NULL;
	ix_file_out *out = NULL;
	ix_binaryfile_writer *writer = NULL;
	int code = ix_gen_new(
		&(ix_gen_options){.seed = 1, .message_count = 200000}, ix_os_allocator(), &gen, err);
	if (!code) code = ix_file_out_open(path, &out, err);
	ix_binaryfile_writer_options to = {
		.compress = {.compression = IX_COMPRESSION_NONE}, .sink = write_out, .context = out};
	if (!code) code = ix_binaryfile_writer_new(ix_os_allocator(), &to, &writer, err);
	uint8_t bytes[IX_ITCH_SIZE_MAX];
	for (ix_itch_message message; !code && ix_gen_next(gen, &message);)
		code = ix_binaryfile_write(writer, (ix_bytes){bytes, ix_itch_encode(&message, bytes)}, err);
	if (!code) code = ix_binaryfile_finish(writer, false, err);
	ix_binaryfile_writer_free(writer);
	ix_gen_free(gen);
	if (code)
		ix_file_out_abort(out);
	else
		code = ix_file_out_commit(out, err);
	return code;
}

/* The public day where it is, else one that is made here. */
static int find_day(
	const ix_tour_context *context, char *path, size_t size, ix_tour_report *ret_report, ix_error *err) {
	if (context->suites_dir) {
		ix_format(path, size, "%s/itch/synth100k.itch.xz", context->suites_dir);
		ix_format(ret_report->input, sizeof ret_report->input,
			"the public synthetic day, synth100k.itch.xz");
		if (access(path, R_OK) == 0) return 0;
	}
	ix_format(path, size, "%s/day.itch", context->work_dir);
	ix_format(ret_report->input, sizeof ret_report->input, "a generated day");
	return generate(path, err);
}

/* The market maker through the day, with a trail that is replayed. */
int ix_trade_tour(const ix_tour_context *context, ix_tour_report *ret_report, ix_error *err) {
	char path[1024] = "", trail[1024];
	int code = find_day(context, path, sizeof path, ret_report, err);
	if (code) return code;
	ix_format(trail, sizeof trail, "%s/trail", context->work_dir);
	ix_plan plan = {.strategy = IX_STR("maker"),
		.limits = ix_str_from(ix_trade_default_limits),
		.limits_name = IX_STR("the built-in limits"),
		.session = IX_STR("auto")};
	const ix_run_options options = {.plan = &plan,
		.source = {.allocator = ix_os_allocator(), .paths = {path}},
		.trail_path = trail};
	ix_run *run = NULL;
	ix_replay_result result = {0};
	code = ix_run_day(&options, &run, err);
	if (!code) {
		const ix_pipeline_counts *n = ix_pipeline_get_counts(ix_run_pipeline(run));
		char money[TRADE_MONEY_TEXT_MAX];
		const ix_pipeline_profit profit = ix_pipeline_get_profit(ix_run_pipeline(run));
		ix_format(ret_report->result, sizeof ret_report->result,
			"%llu messages, %llu orders sent, %llu fills, profit %s; replayed to the byte",
			(unsigned long long)n->message_count, (unsigned long long)n->sent_count,
			(unsigned long long)n->fill_count,
			ix_trade_money_text(profit.realised_e4 + profit.unrealised_e4, money));
		ix_run_free(run);
		run = NULL;
		code = ix_replay(
			&(ix_replay_options){.trail_path = trail, .verify = true}, &run, &result, err);
	}
	ix_run_free(run);
	if (!code && result.mismatch_sequence) code = ix_fail(err, IX_ERR_INTERNAL, "%s", result.mismatch);
	return code;
}
