/* Messages out of captures of one or two lines. */
#include "capture.h"

#include <inox/itch.h>

int capture_init(source_capture *capture, const ix_allocator *allocator, ix_source_info *info,
	size_t file_count, ix_mold_server *server, uint64_t server_start, ix_error *err) {
	*capture = (source_capture){.allocator = allocator, .info = info, .server = server};
	capture->framed = ix_allocate(allocator, CAPTURE_FRAMED_SIZE, 64);
	capture->framed_capacity = CAPTURE_FRAMED_SIZE;
	capture->datagram = ix_allocate(allocator, CAPTURE_DATAGRAM_MAX, 64);
	if (!capture->framed || !capture->datagram)
		return ix_fail(err, IX_ERR_MEMORY, "no memory for reading captures");
	ix_mold_options options = {.rerequest = server != NULL,
		.start_sequence = server ? server_start : 1,
		.start_max = server ? UINT64_MAX : CAPTURE_START_MAX};
	if (file_count > 1) {
		options.gap_wait_ns = CAPTURE_SKEW_NS;
		options.window_messages = CAPTURE_SKEW_MESSAGES;
		options.window_bytes = CAPTURE_SKEW_BYTES;
	}
	int code = ix_mold_receiver_new(allocator, &options, &capture->receiver, err);
	if (!code) code = ix_tcp_table_new(allocator, NULL, &capture->tcp, err);
	return code;
}

void capture_fini(source_capture *capture) {
	ix_mold_receiver_free(capture->receiver);
	ix_tcp_table_free(capture->tcp);
	for (size_t i = 0; i < capture->stream_count; i++)
		ix_release(capture->allocator, capture->streams[i].bytes, CAPTURE_STREAM_BYTES, 1);
	if (capture->allocator) {
		ix_release(capture->allocator, capture->framed, capture->framed_capacity, 64);
		ix_release(capture->allocator, capture->datagram, CAPTURE_DATAGRAM_MAX, 64);
	}
	*capture = (source_capture){0};
}

void capture_add(source_capture *capture, source_input *input) {
	capture_file *file = &capture->files[capture->file_count++];
	*file = (capture_file){.input = input};
	ix_pcap_reader_init(&file->reader, NULL);
}

static bool make_room(source_capture *capture, size_t size) {
	size_t capacity = capture->framed_capacity;
	while (capacity - capture->framed_size < size) capacity *= 2;
	if (capacity == capture->framed_capacity) return true;
	const ix_allocator *a = capture->allocator;
	uint8_t *larger = a->resize(a->context, capture->framed, capture->framed_capacity, capacity, 64);
	if (!larger) return false;
	capture->framed = larger;
	capture->framed_capacity = capacity;
	return true;
}

void capture_put(source_capture *capture, uint64_t sequence, ix_bytes message) {
	if (capture->has_empty) return;
	if (message.size == 0) {
		capture->empty_sequence = sequence;
		capture->has_empty = true;
		return;
	}
	if (!make_room(capture, message.size + 2)) {
		capture->is_out_of_memory = true;
		return;
	}
	if (capture->framed_size == 0) capture->framed_sequence = sequence;
	uint8_t *to = capture->framed + capture->framed_size;
	ix_store_u16_be(to, (uint16_t)message.size);
	memcpy(to + 2, message.data, message.size);
	capture->framed_size += message.size + 2;
	capture->next_sequence = sequence + 1;
}

/* ---- packets ---- */

/* Brings the next packet of a file into file->packet. */
static int read_packet(capture_file *file, ix_error *err) {
	while (!file->has_packet && !file->is_ended) {
		ix_pcap_item item;
		int code = ix_pcap_next(
			&file->reader, input_view(file->input), file->input->is_last, &item, err);
		if (code) return ix_wrap(err, code, "%s", file->input->path);
		if (item.step == IX_PCAP_PACKET) {
			file->packet = item.packet;
			file->packet_used = item.used;
			file->has_packet = true;
			return 0;
		}
		input_use(file->input, item.used);
		if (item.step == IX_PCAP_END)
			file->is_ended = true;
		else if ((code = input_more(file->input, err)) != 0)
			return code;
	}
	return 0;
}

/* Of the files' next packets the earlier one; the first file's when they came at the same time. */
static int earliest_packet(source_capture *capture, capture_file **ret_file, ix_error *err) {
	capture_file *first = NULL;
	for (size_t i = 0; i < capture->file_count; i++) {
		capture_file *file = &capture->files[i];
		int code = read_packet(file, err);
		if (code) return code;
		if (file->has_packet && (!first || file->packet.time_ns < first->packet.time_ns))
			first = file;
	}
	*ret_file = first;
	return 0;
}

static bool is_on_line(const ix_source_line *line, size_t file, const ix_packet *packet) {
	return line->file == file && line->port == packet->destination_port &&
	       line->ip_version == packet->ip_version &&
	       memcmp(line->address, packet->destination, sizeof line->address) == 0;
}

/* Whether MoldUDP64 came to this address before. */
static bool mold_line_known(
	const source_capture *capture, const capture_file *file, const ix_packet *packet) {
	const ix_source_info *info = capture->info;
	for (size_t i = 0; i < info->line_count; i++)
		if (is_on_line(&info->lines[i], (size_t)(file - capture->files), packet)) return true;
	return false;
}

/* The number of the line that a datagram came on; the last one takes what is too many. */
static unsigned line_of(source_capture *capture, const capture_file *file, const ix_packet *packet) {
	ix_source_info *info = capture->info;
	uint8_t index = (uint8_t)(file - capture->files);
	for (size_t i = 0; i < info->line_count; i++) {
		if (is_on_line(&info->lines[i], index, packet)) return (unsigned)i;
	}
	if (info->line_count == IX_SOURCE_LINE_MAX) return IX_SOURCE_LINE_MAX - 1;
	ix_source_line *line = &info->lines[info->line_count];
	*line = (ix_source_line){
		.file = index, .ip_version = packet->ip_version, .port = packet->destination_port};
	memcpy(line->address, packet->destination, sizeof line->address);
	return (unsigned)info->line_count++;
}

/* The datagram without `extra` bytes behind its session's first ten. */
static ix_bytes without_extra(source_capture *capture, ix_bytes payload, size_t extra) {
	size_t rest = IX_MOLD_SESSION_SIZE + extra;
	if (extra == 0 || payload.size < rest || payload.size - extra > CAPTURE_DATAGRAM_MAX) return payload;
	memcpy(capture->datagram, payload.data, IX_MOLD_SESSION_SIZE);
	memcpy(capture->datagram + IX_MOLD_SESSION_SIZE, payload.data + rest, payload.size - rest);
	return (ix_bytes){capture->datagram, payload.size - extra};
}

/* Some generators of captures write session names of more than the ten bytes that MoldUDP64 has (a date,
 * say). Such a header is told by what it would be otherwise: a sequence number beyond all reason. The first
 * datagram that makes sense decides for all. */
static ix_bytes in_shape(source_capture *capture, ix_bytes payload) {
	for (size_t extra = 0; !capture->is_shaped && extra <= CAPTURE_SESSION_EXTRA_MAX; extra++) {
		size_t session_size = IX_MOLD_SESSION_SIZE + extra;
		if (payload.size < session_size || payload.data[session_size - 1] < ' ' ||
			payload.data[session_size - 1] > '~')
			break;
		ix_mold_packet mold;
		if (ix_mold_decode(without_extra(capture, payload, extra), &mold, NULL) != 0 ||
			mold.sequence >> 48 != 0)
			continue;
		capture->is_shaped = true;
		capture->session_extra = extra;
	}
	return without_extra(capture, payload, capture->session_extra);
}

static int take_datagram(
	source_capture *capture, const capture_file *file, const ix_packet *packet, ix_error *err) {
	ix_bytes payload = packet->payload;
	bool is_whole = payload.size == packet->payload_size;
	ix_mold_packet mold;
	ix_bytes shaped = is_whole ? in_shape(capture, payload) : payload;
	if (is_whole && ix_mold_decode(shaped, &mold, NULL) == 0) {
		capture->has_mold = true;
		return ix_mold_receiver_push(
			capture->receiver, line_of(capture, file, packet), capture->now_ns, shaped, err);
	}
	if (mold_line_known(capture, file, packet)) {
		/* What does not decode, or is cut, is told to the receiver for the line's statistics. */
		(void)ix_mold_receiver_push(
			capture->receiver, line_of(capture, file, packet), capture->now_ns, shaped, NULL);
		return 0;
	}
	/* A bare message needs no sequence number: it comes where it came. */
	if (is_whole && payload.size > 0 && ix_itch_size(payload.data[0]) == payload.size) {
		capture->has_raw = true;
		capture_put(capture, capture->next_sequence, payload);
		return 0;
	}
	capture->info->other_packet_count++;
	capture->info->cut_packet_count += !is_whole;
	return 0;
}

static int take_packet(source_capture *capture, capture_file *file, ix_error *err) {
	ix_packet packet;
	capture->info->packet_count++;
	if (file->packet.time_ns > capture->now_ns) capture->now_ns = file->packet.time_ns;
	int code = 0;
	if (ix_packet_decode(file->packet.link_type, file->packet.data, file->packet.original_size, false,
		    &packet, NULL) != 0) {
		capture->info->other_packet_count++;
	} else if (packet.kind == IX_PACKET_UDP) {
		code = take_datagram(capture, file, &packet, err);
	} else if (packet.kind == IX_PACKET_TCP) {
		code = orders_push(capture, &packet, err);
	} else {
		capture->info->other_packet_count++;
		capture->info->cut_packet_count += packet.kind == IX_PACKET_CUT;
	}
	return code;
}

/* ---- what the receiver has to say ---- */

static void ask_again(source_capture *capture) {
	uint8_t request[IX_MOLD_HEADER_SIZE];
	size_t size = 0;
	if (!capture->server || !ix_mold_receiver_request(capture->receiver, request)) return;
	if (ix_mold_server_answer(capture->server, (ix_bytes){request, sizeof request}, capture->answer,
		    sizeof capture->answer, &size, NULL) != 0 ||
		!size)
		return;
	/* What does not fit the window is asked for again by the receiver itself. */
	(void)ix_mold_receiver_push(capture->receiver, IX_MOLD_LINE_REREQUEST, capture->now_ns,
		(ix_bytes){capture->answer, size}, NULL);
}

/* One event of the receiver, into `framed` or `waiting`; false when there is none. */
static bool take_event(source_capture *capture) {
	ix_mold_event event;
	static const ix_source_kind kinds[] = {[IX_MOLD_GAP] = IX_SOURCE_GAP,
		[IX_MOLD_LOST] = IX_SOURCE_LOST,
		[IX_MOLD_SESSION] = IX_SOURCE_SESSION};
	switch (ix_mold_receiver_next(capture->receiver, &event)) {
	case IX_MOLD_NONE: return false;
	case IX_MOLD_MESSAGE: capture_put(capture, event.sequence, event.message); return true;
	case IX_MOLD_END: capture->info->has_end_mark = true; return true;
	case IX_MOLD_GAP:
	case IX_MOLD_LOST:
	case IX_MOLD_SESSION:
		capture->waiting = (ix_source_part){
			.kind = kinds[event.kind], .sequence = event.sequence, .count = event.count};
		memcpy(capture->waiting.session, event.session, sizeof capture->waiting.session);
		capture->has_waiting = true;
		return true;
	}
	return false;
}

/* Moves on by one packet, one tick of the receiver's clock, or one answer. */
static int move(source_capture *capture, ix_error *err) {
	capture_file *file = NULL;
	int code = capture->stage == CAPTURE_READING ? earliest_packet(capture, &file, err) : 0;
	if (code) return code;
	int64_t deadline_ns = ix_mold_receiver_deadline(capture->receiver);
	if (file && deadline_ns > file->packet.time_ns) {
		code = take_packet(capture, file, err);
		input_use(file->input, file->packet_used);
		file->has_packet = false;
	} else if (capture->stage == CAPTURE_READING && !file) {
		capture->stage = CAPTURE_FINISHING;
		ix_mold_receiver_finish(capture->receiver);
		orders_finish(capture);
	} else if (deadline_ns != INT64_MAX) {
		if (deadline_ns > capture->now_ns) capture->now_ns = deadline_ns;
		ix_mold_receiver_advance(capture->receiver, capture->now_ns);
	} else {
		ix_mold_receiver_give_up(capture->receiver);
		capture->stage = CAPTURE_ENDED;
	}
	return code;
}

int capture_next(source_capture *capture, ix_source_part *ret_part, ix_error *err) {
	int code = 0;
	if (capture->framed_used == capture->framed_size) capture->framed_used = capture->framed_size = 0;
	while (!code && !capture->has_waiting && !capture->has_empty &&
		capture->framed_size < CAPTURE_FRAMED_SIZE / 2 && capture->framed_used == 0) {
		if (take_event(capture)) continue;
		if (capture->stage == CAPTURE_ENDED) break;
		ask_again(capture);
		if (take_event(capture)) continue;
		code = move(capture, err);
	}
	if (!code && capture->is_out_of_memory)
		code = ix_fail(err, IX_ERR_MEMORY, "no memory for the messages of one packet");
	if (!code && capture->has_empty && capture->framed_size == capture->framed_used)
		code = ix_fail(err, IX_ERR_SYNTAX, "%s: sequence %llu: a message of 0 bytes",
			capture->files[0].input->path, (unsigned long long)capture->empty_sequence);
	if (code) return code;
	if (capture->framed_size > capture->framed_used) {
		*ret_part = (ix_source_part){.kind = IX_SOURCE_MESSAGES,
			.framed = {capture->framed + capture->framed_used,
				capture->framed_size - capture->framed_used},
			.sequence = capture->framed_sequence};
	} else if (capture->has_waiting) {
		*ret_part = capture->waiting;
		capture->has_waiting = false;
	} else {
		*ret_part = (ix_source_part){.kind = IX_SOURCE_END};
	}
	return 0;
}

void capture_advance(source_capture *capture, size_t size) {
	IX_ASSERT(size <= capture->framed_size - capture->framed_used);
	for (size_t end = capture->framed_used + size; capture->framed_used < end; capture->framed_sequence++)
		capture->framed_used += 2 + (size_t)ix_load_u16_be(capture->framed + capture->framed_used);
}

void capture_tell(source_capture *capture) {
	ix_source_info *info = capture->info;
	const ix_mold_stats *stats = ix_mold_receiver_stats(capture->receiver);
	info->gap_count = stats->gap_count;
	info->gap_messages = stats->gap_messages;
	info->recovered_messages = stats->recovered_messages;
	info->lost_count = stats->lost_count;
	info->lost_messages = stats->lost_messages;
	info->request_count = stats->request_count;
	for (size_t i = 0; i < info->line_count; i++) {
		const ix_mold_line_stats *from = ix_mold_receiver_line_stats(capture->receiver, (unsigned)i);
		ix_source_line *to = &info->lines[i];
		to->packet_count = from->packet_count;
		to->message_count = from->message_count;
		to->first_count = from->first_count;
		to->duplicate_count = from->duplicate_count;
		to->lost_count = from->lost_count;
		to->reordered_count = from->reordered_count;
		to->malformed_count = from->malformed_count;
		to->foreign_count = from->foreign_count;
		to->ignored_count = from->ignored_count;
	}
	uint64_t evicted;
	(void)ix_tcp_table_stats(capture->tcp, &info->connection_count, &evicted);
	const ix_pcap_reader *reader = &capture->files[0].reader;
	const char *container = reader->format == IX_PCAP_NG            ? "pcapng"
				: reader->format == IX_PCAP_NANOSECONDS ? "pcap (ns)"
									: "pcap";
	const char *carried = capture->has_mold   ? "MoldUDP64"
			      : capture->has_soup ? "SoupBinTCP"
			      : capture->has_raw  ? "bare messages"
						  : "nothing that we read";
	ix_format(info->format, sizeof info->format, "%s of %s", container, carried);
}
