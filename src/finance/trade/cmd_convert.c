/* `inox trade convert`: market data into CSV, BinaryFILE or a capture. */
#include "cmd.h"

#include <inox/clock.h>
#include <inox/convert.h>
#include <inox/file.h>
#include <inox/reader.h>

static int write_out(void *context, ix_bytes bytes, ix_error *err) {
	return ix_file_out_write(context, bytes.data, bytes.size, err);
}

static int options_of(ix_call *call, ix_convert_options *options) {
	const char *to = ix_call_text(call, "to"), *type = ix_call_text(call, "type"),
		   *date = ix_call_text(call, "date");
	ix_str format = ix_str_from(to);
	options->format = ix_str_equal(format, IX_STR("csv"))    ? IX_CONVERT_CSV
			  : ix_str_equal(format, IX_STR("itch")) ? IX_CONVERT_ITCH
								 : IX_CONVERT_PCAP;
	if (type && (ix_str_from(type).size != 1 || options->format != IX_CONVERT_CSV))
		return ix_call_usage(call, "--type takes one letter, and goes with --to csv");
	if (options->format != IX_CONVERT_CSV && ix_trade_is_terminal(call))
		return ix_call_usage(
			call, "--to %s is binary data, and stdout a terminal: name a file with --out", to);
	options->type = type ? (uint8_t)type[0] : 0;
	options->is_mold = ix_call_flag(call, "mold");
	if (options->is_mold && options->format != IX_CONVERT_PCAP)
		return ix_call_usage(call, "--mold goes with --to pcap");
	if (ix_call_given(call, "session") && !options->is_mold)
		return ix_call_usage(call, "--session goes with --to pcap --mold");
	if (ix_call_given(call, "date") && options->format != IX_CONVERT_PCAP)
		return ix_call_usage(call, "--date goes with --to pcap");
	options->session = ix_str_from(ix_call_text(call, "session"));
	char midnight[48];
	ix_format(midnight, sizeof midnight, "%sT00:00:00Z", date);
	if (ix_time_parse(ix_str_from(midnight), &options->midnight_ns, NULL) != 0 ||
		options->midnight_ns < 0)
		return ix_call_usage(
			call, "--date: '%s' is not a day from 1970 on; write it as 2026-01-31", date);
	options->compression = ix_compression_of_name(ix_str_from(ix_call_text(call, "out")));
	return 0;
}

typedef struct job {
	ix_call *call;
	ix_source *source;
	ix_converter *converter;
	uint64_t sequence; /* of the next message; a capture's own once it has told */
} job;

static int put_part(job *j, const ix_source_part *part) {
	size_t used = 0;
	int code = 0;
	if (part->sequence) j->sequence = part->sequence;
	while (!code && part->framed.size - used >= 2) {
		size_t size = ix_load_u16_be(part->framed.data + used);
		if (size == 0 || size > part->framed.size - used - 2) break;
		ix_bytes message = {part->framed.data + used + 2, size};
		code = ix_converter_put(j->converter, j->sequence, message, &j->call->error);
		if (code && j->call->error.code != IX_ERR_CLOSED && j->call->error.code != IX_ERR_NO_SPACE &&
			j->call->error.code != IX_ERR_IO)
			(void)ix_wrap(&j->call->error, code, "%s: message %llu", ix_call_operand(j->call, 0),
				(unsigned long long)j->sequence);
		j->sequence++;
		used += 2 + size;
	}
	ix_source_advance(j->source, used);
	return code;
}

/* What a capture had but nobody could read, or would have: then the messages are not all. */
static int check_whole(job *j) {
	const ix_source_info *info = ix_source_get_info(j->source);
	uint64_t streams = info->soup_broken_count + info->soup_malformed_count, ignored = 0;
	for (size_t i = 0; i < info->line_count; i++) ignored += info->lines[i].ignored_count;
	if (streams)
		return ix_fail(&j->call->error, IX_ERR_INVALID,
			"%s: %llu streams of SoupBinTCP are damaged, or have bytes missing",
			ix_call_operand(j->call, 0), (unsigned long long)streams);
	if (ignored)
		return ix_fail(&j->call->error, IX_ERR_INVALID,
			"%s: %llu messages are of a session that was over, or of another one",
			ix_call_operand(j->call, 0), (unsigned long long)ignored);
	return 0;
}

static int convert_all(job *j) {
	ix_progress progress;
	ix_call_progress(j->call, &progress, ix_call_operand(j->call, 0), IX_PROGRESS_BYTES, 0);
	int code = 0;
	for (ix_source_part part = {0}; !code && part.kind != IX_SOURCE_END;) {
		code = ix_source_next(j->source, &part, &j->call->error);
		if (code) break;
		if (part.kind == IX_SOURCE_MESSAGES) code = put_part(j, &part);
		if (part.kind == IX_SOURCE_LOST) {
			code = ix_fail(&j->call->error, IX_ERR_INVALID,
				"%s: sequence %llu: %llu messages are on no line",
				ix_call_operand(j->call, 0), (unsigned long long)part.sequence,
				(unsigned long long)part.count);
		}
		ix_progress_update(&progress, ix_source_get_info(j->source)->bytes_read);
	}
	ix_progress_end(&progress);
	if (!code) code = ix_source_check(j->source, &j->call->error);
	if (!code) code = check_whole(j);
	/* A capture's end of session is not BinaryFILE's: a file converted there and back is the same file.
	 */
	const ix_source_info *info = ix_source_get_info(j->source);
	return code ? code
		    : ix_converter_end(
			      j->converter, info->has_end_mark && !info->is_capture, &j->call->error);
}

int ix_trade_cmd_convert(ix_call *call) {
	ix_source_options from = ix_trade_source_of(call);
	ix_convert_options to = {.allocator = from.allocator, .sink = write_out};
	int exit_code = options_of(call, &to);
	if (exit_code) return exit_code;
	job j = {.call = call, .sequence = 1};
	ix_file_out *out = NULL;
	int code = ix_source_open(&from, &j.source, &call->error);
	if (!code) code = ix_file_out_open(ix_call_text(call, "out"), &out, &call->error);
	to.context = out;
	if (!code) code = ix_converter_new(&to, &j.converter, &call->error);
	if (!code) code = convert_all(&j);
	ix_converter_free(j.converter);
	ix_source_close(j.source);
	if (code)
		ix_file_out_abort(out);
	else
		code = ix_file_out_commit(out, &call->error);
	return code ? ix_call_fail(call) : 0;
}
