/* `inox trade gen`: a trading day or a stream at a rate, written as a feed or as orders. */
#include "cmd.h"

#include <inox/alloc.h>
#include <inox/binaryfile.h>
#include <inox/clock.h>
#include <inox/file.h>
#include <inox/gen.h>
#include <inox/soup.h>

enum { LIVE_BATCH_NS = 1000000 }; /* live: what falls due within a millisecond goes out together */

typedef struct job {
	ix_call *call;
	ix_file_out *out;
	ix_binaryfile_writer *writer; /* SoupBinTCP's packets have the same length in front */
	bool is_orders;
	bool is_live;
	int64_t start_ns, first_ns; /* live: on the clock, in the stream */
	uint64_t done;
} job;

static int write_out(void *context, ix_bytes bytes, ix_error *err) {
	job *j = context;
	return ix_file_out_write(j->out, bytes.data, bytes.size, err);
}

static int put_soup(job *j, uint8_t type, ix_bytes payload) {
	uint8_t bytes[256];
	ix_writer w = ix_writer_of(bytes, sizeof bytes);
	ix_soup_encode(&w, &(ix_soup_packet){.type = type, .payload = payload});
	IX_ASSERT(!w.failed);
	return ix_binaryfile_write_framed(j->writer, (ix_bytes){bytes, w.size}, &j->call->error);
}

static int put_login(job *j) {
	uint8_t login[IX_SOUP_USERNAME_SIZE + IX_SOUP_PASSWORD_SIZE + IX_SOUP_SESSION_SIZE +
		      IX_SOUP_SEQUENCE_SIZE];
	memset(login, ' ', sizeof login);
	memcpy(login, "INOX", 4);
	login[sizeof login - 1] = '1'; /* from the first message on */
	return put_soup(j, IX_SOUP_LOGIN_REQUEST, (ix_bytes){login, sizeof login});
}

static int put_message(job *j, const ix_itch_message *message) {
	uint8_t bytes[128];
	if (!j->is_orders) {
		size_t size = ix_itch_encode(message, bytes);
		return ix_binaryfile_write(j->writer, (ix_bytes){bytes, size}, &j->call->error);
	}
	ix_ouch_message order;
	if (!ix_gen_order_of(message, &order)) return 0;
	ix_writer w = ix_writer_of(bytes, sizeof bytes);
	ix_ouch_encode(&w, &order);
	IX_ASSERT(!w.failed);
	return put_soup(j, IX_SOUP_UNSEQUENCED, (ix_bytes){bytes, w.size});
}

/* Waits until a message is due. The schedule is the stream's own: a reader that was slow for a while finds
 * what came meanwhile. */
static int wait_for(job *j, int64_t timestamp_ns) {
	if (!j->first_ns) {
		j->first_ns = timestamp_ns;
		j->start_ns = ix_clock_now(j->call->clock);
	}
	int64_t due_ns = j->start_ns + timestamp_ns - j->first_ns;
	if (due_ns - ix_clock_now(j->call->clock) < LIVE_BATCH_NS) return 0;
	int code = ix_binaryfile_writer_flush(j->writer, &j->call->error);
	if (!code) code = ix_file_out_flush(j->out, &j->call->error);
	if (!code) ix_clock_sleep_until(j->call->clock, due_ns);
	return code;
}

static int put_all(job *j, ix_gen *gen, uint64_t total) {
	ix_progress progress;
	ix_call_progress(j->call, &progress, ix_call_text(j->call, "out"), IX_PROGRESS_ITEMS, total);
	int code = j->is_orders ? put_login(j) : 0;
	for (ix_itch_message message; !code && ix_gen_next(gen, &message);) {
		if (j->is_live && message.timestamp_ns >= UINT64_C(34200) * 1000000000)
			code = wait_for(j, (int64_t)message.timestamp_ns);
		if (!code) code = put_message(j, &message);
		ix_progress_update(&progress, ++j->done);
	}
	ix_progress_end(&progress);
	if (!code && j->is_orders) code = put_soup(j, IX_SOUP_LOGOUT_REQUEST, (ix_bytes){NULL, 0});
	return code ? code : ix_binaryfile_finish(j->writer, false, &j->call->error);
}

static int run(job *j, ix_gen *gen, uint64_t message_count) {
	const char *path = ix_call_text(j->call, "out");
	int code = ix_file_out_open(path, &j->out, &j->call->error);
	ix_binaryfile_writer_options to = {
		.compress = {.compression = ix_compression_of_name(ix_str_from(path))},
		.sink = write_out,
		.context = j};
	if (!code) code = ix_binaryfile_writer_new(ix_os_allocator(), &to, &j->writer, &j->call->error);
	if (!code) code = put_all(j, gen, message_count);
	ix_binaryfile_writer_free(j->writer);
	if (code)
		ix_file_out_abort(j->out);
	else
		code = ix_file_out_commit(j->out, &j->call->error);
	return code;
}

int ix_trade_cmd_gen(ix_call *call) {
	job j = {.call = call, .is_live = ix_call_flag(call, "live")};
	j.is_orders = ix_str_equal(ix_str_from(ix_call_text(call, "protocol")), IX_STR("ouch"));
	bool is_stream = ix_call_has(call, "rate");
	if (is_stream && ix_call_flag(call, "day"))
		return ix_call_usage(call, "--day and --rate exclude each other");
	if (ix_trade_is_terminal(call))
		return ix_call_usage(
			call, "this is binary data, and stdout a terminal: name a file with --out");
	if (j.is_live && !is_stream) return ix_call_usage(call, "--live goes with --rate");
	ix_gen_options options = {
		.seed = (uint64_t)ix_call_integer(call, "seed"),
		.symbol_count = (uint32_t)ix_call_integer(call, "symbols"),
		.message_count = (uint64_t)ix_call_integer(call, "messages"),
		.rate_per_s = is_stream ? (uint64_t)ix_call_integer(call, "rate") : 0,
	};
	ix_gen *gen = NULL;
	int code = ix_gen_new(&options, ix_os_allocator(), &gen, &call->error);
	if (code == IX_ERR_RANGE) return ix_call_usage(call, "%s", call->error.text); /* of options only */
	if (!code) code = run(&j, gen, options.message_count);
	ix_gen_free(gen);
	return code ? ix_call_fail(call) : 0;
}
