/* mold.c - MoldUDP64 packets in and out, the sender that fills them, and the re-request server. The receiver:
 * mold_receiver.c. */
#include <inox/mold.h>

/* ---- packets ---- */

static int decode_header(ix_bytes datagram, ix_mold_packet *packet, ix_error *err) {
	if (datagram.size < IX_MOLD_HEADER_SIZE)
		return ix_fail(err, IX_ERR_TRUNCATED,
			"offset 0: a MoldUDP64 header needs %d bytes, there are %zu",
			(int)IX_MOLD_HEADER_SIZE, datagram.size);
	memcpy(packet->session, datagram.data, IX_MOLD_SESSION_SIZE);
	packet->sequence = ix_load_u64_be(datagram.data + 10);
	packet->count = ix_load_u16_be(datagram.data + 18);
	packet->blocks = (ix_bytes){datagram.data + IX_MOLD_HEADER_SIZE, datagram.size - IX_MOLD_HEADER_SIZE};
	uint64_t end;
	if (packet->count != IX_MOLD_COUNT_END && ix_add_overflow(packet->sequence, packet->count, &end))
		return ix_fail(err, IX_ERR_RANGE,
			"offset 10: %u messages from sequence number %llu run past 2^64",
			(unsigned)packet->count, (unsigned long long)packet->sequence);
	return 0;
}

int ix_mold_decode(ix_bytes datagram, ix_mold_packet *ret_packet, ix_error *err) {
	ix_mold_packet packet = {0};
	int code = decode_header(datagram, &packet, err);
	if (code) return code;
	unsigned count = packet.count == IX_MOLD_COUNT_END ? 0 : packet.count;
	size_t at = 0;
	for (unsigned i = 0; i < count; i++) {
		size_t left = packet.blocks.size - at;
		size_t size = left < 2 ? 0 : ix_load_u16_be(packet.blocks.data + at);
		if (left < 2 || size > left - 2)
			return ix_fail(err, IX_ERR_TRUNCATED,
				"offset %zu: message %u of %u does not fit: %zu bytes are left of the "
				"datagram",
				IX_MOLD_HEADER_SIZE + at, i + 1, count, left);
		at += 2 + size;
	}
	if (at != packet.blocks.size)
		return ix_fail(err, IX_ERR_SYNTAX, "offset %zu: %zu bytes behind the last of %u messages",
			IX_MOLD_HEADER_SIZE + at, packet.blocks.size - at, count);
	*ret_packet = packet;
	return 0;
}

int ix_mold_decode_request(ix_bytes datagram, ix_mold_packet *ret_request, ix_error *err) {
	ix_mold_packet request = {0};
	int code = decode_header(datagram, &request, err);
	if (code) return code;
	if (request.blocks.size > 0)
		return ix_fail(err, IX_ERR_SYNTAX, "offset %d: %zu bytes behind the request",
			(int)IX_MOLD_HEADER_SIZE, request.blocks.size);
	*ret_request = request;
	return 0;
}

void ix_mold_encode(ix_writer *writer, const ix_mold_packet *packet) {
	ix_write_bytes(writer, packet->session, IX_MOLD_SESSION_SIZE);
	ix_write_u64_be(writer, packet->sequence);
	ix_write_u16_be(writer, packet->count);
	ix_write_bytes(writer, packet->blocks.data, packet->blocks.size);
}

/* ---- the re-request server ---- */

int ix_mold_server_answer(ix_mold_server *server, ix_bytes request, uint8_t *out, size_t capacity,
	size_t *ret_size, ix_error *err) {
	ix_mold_packet wanted = {0};
	int code = ix_mold_decode_request(request, &wanted, err);
	if (code) {
		server->malformed_count++;
		return code;
	}
	server->request_count++;
	*ret_size = 0;
	if (memcmp(wanted.session, server->session, IX_MOLD_SESSION_SIZE) != 0) {
		server->foreign_count++;
		return 0;
	}
	size_t size_max =
		ix_size_min(server->packet_size ? server->packet_size : IX_MOLD_PACKET_SIZE, capacity);
	size_t size = IX_MOLD_HEADER_SIZE;
	uint16_t count = 0;
	ix_bytes message;
	while (count < wanted.count && count < IX_MOLD_COUNT_MAX &&
		server->store.message(server->store.context, wanted.sequence + count, &message) &&
		size + 2 <= size_max && message.size <= size_max - size - 2 &&
		message.size <= IX_MOLD_MESSAGE_SIZE_MAX) {
		ix_store_u16_be(out + size, (uint16_t)message.size);
		if (message.size) memcpy(out + size + 2, message.data, message.size);
		size += 2 + message.size;
		count++;
	}
	if (count == 0) {
		server->absent_count++;
		return 0;
	}
	ix_writer header = ix_writer_of(out, IX_MOLD_HEADER_SIZE);
	wanted.count = count;
	wanted.blocks = (ix_bytes){NULL, 0};
	ix_mold_encode(&header, &wanted);
	server->answer_count++;
	server->message_count += count;
	*ret_size = size;
	return 0;
}

/* ---- the sender ---- */

static size_t sender_size_max(const ix_mold_sender *s) {
	return s->packet_size ? ix_size_min(s->packet_size, IX_MOLD_PACKET_SIZE_MAX) : IX_MOLD_PACKET_SIZE;
}
static int64_t sender_interval(const ix_mold_sender *s) {
	return s->heartbeat_ns ? s->heartbeat_ns : IX_MOLD_HEARTBEAT_NS;
}

/* The header's place is at the packet's start; `used` counts what is behind it. */
int ix_mold_sender_add(ix_mold_sender *sender, ix_bytes message, ix_error *err) {
	if (sender->is_ended) return ix_fail(err, IX_ERR_CLOSED, "the session has ended");
	size_t room = sender_size_max(sender) - IX_MOLD_HEADER_SIZE;
	if (message.size + 2 > room || message.size > IX_MOLD_MESSAGE_SIZE_MAX)
		return ix_fail(err, IX_ERR_LIMIT, "a message of %zu bytes, where a packet has room for %zu",
			message.size, room - 2);
	if (message.size + 2 > room - sender->used || sender->count == IX_MOLD_COUNT_MAX)
		return ix_fail(err, IX_ERR_BUSY, "the packet is full");
	if (sender->sequence == 0) sender->sequence = 1;
	uint8_t *to = sender->packet + IX_MOLD_HEADER_SIZE + sender->used;
	ix_store_u16_be(to, (uint16_t)message.size);
	if (message.size) memcpy(to + 2, message.data, message.size);
	sender->used += 2 + message.size;
	sender->count++;
	sender->sequence++;
	return 0;
}

/* Sequence number and count in front of what was added. */
static ix_bytes finish_packet(ix_mold_sender *s, int64_t now_ns, uint64_t sequence, uint16_t count) {
	ix_writer header = ix_writer_of(s->packet, IX_MOLD_HEADER_SIZE);
	ix_mold_packet packet = {.count = count, .sequence = sequence};
	memcpy(packet.session, s->session, IX_MOLD_SESSION_SIZE);
	ix_mold_encode(&header, &packet);
	ix_bytes out = {s->packet, IX_MOLD_HEADER_SIZE + s->used};
	s->packet_count++;
	s->used = 0;
	s->count = 0;
	s->last_ns = now_ns;
	s->has_sent = true;
	return out;
}

bool ix_mold_sender_take(ix_mold_sender *sender, int64_t now_ns, ix_bytes *ret_packet) {
	if (sender->count == 0) return false;
	uint16_t count = sender->count;
	sender->message_count += count;
	*ret_packet = finish_packet(sender, now_ns, sender->sequence - count, count);
	return true;
}

void ix_mold_sender_end(ix_mold_sender *sender) {
	sender->is_ended = true;
	sender->has_sent = false; /* the first end of session is due at once */
}

int64_t ix_mold_sender_deadline(const ix_mold_sender *sender) {
	int64_t deadline;
	if (!sender->has_sent || ix_add_overflow(sender->last_ns, sender_interval(sender), &deadline))
		return INT64_MIN;
	return deadline;
}

bool ix_mold_sender_heartbeat(ix_mold_sender *sender, int64_t now_ns, ix_bytes *ret_packet) {
	if (sender->count > 0 || now_ns < ix_mold_sender_deadline(sender)) return false;
	if (sender->sequence == 0) sender->sequence = 1;
	sender->heartbeat_count++;
	*ret_packet =
		finish_packet(sender, now_ns, sender->sequence, sender->is_ended ? IX_MOLD_COUNT_END : 0);
	return true;
}
