/* The tour's job of `inox trade`: the books of a day, from the public one where it is, else from a generated
 * one. */
#include "cmd.h"

#include <inox/alloc.h>
#include <inox/binaryfile.h>
#include <inox/file.h>
#include <inox/gen.h>

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

int ix_trade_tour(const ix_tour_context *context, ix_tour_report *ret_report, ix_error *err) {
	char path[1024] = "";
	ix_day *day = NULL;
	int code = IX_ERR_NOT_FOUND;
	if (context->suites_dir) {
		ix_format(path, sizeof path, "%s/itch/synth100k.itch.xz", context->suites_dir);
		ix_format(ret_report->input, sizeof ret_report->input,
			"the public synthetic day, synth100k.itch.xz");
		code = ix_day_read(
			&(ix_day_options){.source = {.allocator = ix_os_allocator(), .paths = {path}}}, &day,
			err);
	}
	if (code == IX_ERR_NOT_FOUND) {
		ix_format(path, sizeof path, "%s/day.itch", context->work_dir);
		ix_format(ret_report->input, sizeof ret_report->input, "a generated day");
		code = generate(path, err);
		if (!code)
			code = ix_day_read(&(ix_day_options){.source = {.allocator = ix_os_allocator(),
								     .paths = {path}}},
				&day, err);
	}
	if (code) return code;
	ix_books_info info;
	ix_books_get_info(ix_day_books(day), &info);
	uint16_t deepest = 0;
	(void)ix_day_deepest(day, &deepest, 1);
	ix_str name = ix_books_symbol_name(ix_day_books(day), deepest);
	ix_format(ret_report->result, sizeof ret_report->result,
		"%llu messages into %u books, %u orders live, %llu faults; the deepest is %.*s",
		(unsigned long long)info.message_count, info.symbol_count, info.order_count,
		(unsigned long long)info.fault_count, IX_STR_ARG(name));
	code = ix_books_check(ix_day_books(day), err);
	ix_day_free(day);
	return code;
}
