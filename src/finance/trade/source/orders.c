/* SoupBinTCP out of captured TCP: ITCH where it is a feed, OUCH where it is orders. The type of a packet says
 * who sent it, so a capture that begins in mid-connection is no trouble. */
#include "capture.h"

#include <inox/itch.h>
#include <inox/ouch.h>
#include <inox/soup.h>

static capture_stream *stream_of(source_capture *capture, const ix_tcp_side *side) {
	for (size_t i = 0; i < capture->stream_count; i++) {
		capture_stream *stream = &capture->streams[i];
		if (stream->connection == side->connection && stream->is_client == side->is_client)
			return stream;
	}
	uint8_t *bytes = capture->stream_count < CAPTURE_STREAM_MAX
				 ? ix_allocate(capture->allocator, CAPTURE_STREAM_BYTES, 1)
				 : NULL;
	if (!bytes) {
		capture->is_out_of_memory = true;
		return NULL;
	}
	capture_stream *stream = &capture->streams[capture->stream_count++];
	*stream = (capture_stream){
		.connection = side->connection, .is_client = side->is_client, .bytes = bytes};
	return stream;
}

static void end_stream(source_capture *capture, const ix_tcp_side *side) {
	for (size_t i = 0; i < capture->stream_count; i++) {
		capture_stream *stream = &capture->streams[i];
		if (stream->connection != side->connection || stream->is_client != side->is_client) continue;
		ix_release(capture->allocator, stream->bytes, CAPTURE_STREAM_BYTES, 1);
		*stream = capture->streams[--capture->stream_count];
		return;
	}
}

static bool is_itch(ix_bytes message) {
	return message.size > 0 && ix_itch_size(message.data[0]) == message.size;
}

static bool count_order(source_capture *capture, ix_ouch_direction direction, ix_bytes payload) {
	ix_ouch_message order;
	if (ix_ouch_decode(direction, payload, &order, NULL) != 0) return false;
	ix_source_info *info = capture->info;
	(direction == IX_OUCH_IN ? info->ouch_in : info->ouch_out)[order.type]++;
	return true;
}

/* Sequenced data is the exchange's: a feed's, or the answers to orders. Unsequenced data is the client's,
 * though the exchange may send some too. */
static void take_soup(source_capture *capture, const ix_soup_packet *packet) {
	capture->has_soup = true;
	capture->info->soup_packet_count++;
	bool is_good = true;
	if (packet->type == IX_SOUP_SEQUENCED) {
		if (is_itch(packet->payload))
			capture_put(capture, capture->next_sequence, packet->payload);
		else
			is_good = count_order(capture, IX_OUCH_OUT, packet->payload);
	} else if (packet->type == IX_SOUP_UNSEQUENCED) {
		is_good = count_order(capture, IX_OUCH_IN, packet->payload) ||
			  count_order(capture, IX_OUCH_OUT, packet->payload);
	}
	capture->info->ouch_malformed_count += !is_good;
}

/* Takes whole packets off the front of `bytes`; returns how many bytes, or SIZE_MAX when they are not
 * SoupBinTCP. */
static size_t take_packets(source_capture *capture, capture_stream *stream, ix_bytes bytes) {
	size_t used = 0;
	while (bytes.size - used >= 3) {
		ix_bytes rest = {bytes.data + used, bytes.size - used};
		ix_soup_packet packet;
		size_t size;
		int code = ix_soup_decode(rest, IX_SOUP_SERVER, &packet, &size, NULL);
		if (code == IX_ERR_UNSUPPORTED)
			code = ix_soup_decode(rest, IX_SOUP_CLIENT, &packet, &size, NULL);
		if (code == IX_ERR_TRUNCATED) break;
		if (code) return SIZE_MAX;
		stream->is_soup = true;
		take_soup(capture, &packet);
		used += size;
	}
	return used;
}

static void take_data(source_capture *capture, capture_stream *stream, ix_bytes data) {
	while (data.size > 0 && !stream->is_broken) {
		size_t room = ix_size_min(CAPTURE_STREAM_BYTES - stream->size, data.size);
		memcpy(stream->bytes + stream->size, data.data, room);
		stream->size += room;
		data = (ix_bytes){data.data + room, data.size - room};
		size_t used = take_packets(capture, stream, (ix_bytes){stream->bytes, stream->size});
		if (used == SIZE_MAX || (used == 0 && stream->size == CAPTURE_STREAM_BYTES)) {
			stream->is_broken = true;
			capture->info->soup_malformed_count += stream->is_soup; /* else it never was */
			return;
		}
		memmove(stream->bytes, stream->bytes + used, stream->size - used);
		stream->size -= used;
	}
}

static void take_events(source_capture *capture) {
	ix_tcp_side side;
	ix_tcp_event event;
	for (ix_tcp_kind kind; (kind = ix_tcp_table_next(capture->tcp, &side, &event)) != IX_TCP_NONE;) {
		if (kind == IX_TCP_END) {
			end_stream(capture, &side);
			continue;
		}
		capture_stream *stream = kind == IX_TCP_START ? NULL : stream_of(capture, &side);
		if (!stream) continue;
		if (kind == IX_TCP_GAP) {
			capture->info->soup_broken_count += stream->is_soup && !stream->is_broken;
			stream->is_broken = true;
		} else {
			take_data(capture, stream, event.data);
		}
	}
}

int orders_push(source_capture *capture, const ix_packet *segment, ix_error *err) {
	int code = ix_tcp_table_push(capture->tcp, segment, err);
	if (!code) take_events(capture);
	return code;
}

void orders_finish(source_capture *capture) {
	ix_tcp_table_finish(capture->tcp);
	take_events(capture);
}
