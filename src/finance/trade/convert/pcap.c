/* Messages as captured datagrams: bare, or as a MoldUDP64 line. */
#include "inside.h"

int pcap_begin(ix_converter *converter, ix_error *err) {
	const ix_convert_options *o = &converter->options;
	if (o->session.size > IX_MOLD_SESSION_SIZE)
		return ix_fail(err, IX_ERR_USAGE, "the session '%.*s' is longer than %d characters",
			IX_STR_ARG(o->session), IX_MOLD_SESSION_SIZE);
	converter->sender = ix_allocate(o->allocator, sizeof *converter->sender, 64);
	if (!converter->sender) return ix_fail(err, IX_ERR_MEMORY, "no memory for packets");
	memset(converter->sender, 0, sizeof *converter->sender);
	memset(converter->sender->session, ' ', IX_MOLD_SESSION_SIZE);
	if (o->session.size) memcpy(converter->sender->session, o->session.data, o->session.size);
	ix_pcap_write_start(&converter->writer, IX_PCAP_NANOSECONDS, IX_PACKET_LINK_ETHERNET);
	return 0;
}

static int put_datagram(ix_converter *converter, ix_bytes payload, int64_t time_ns, ix_error *err) {
	static const ix_packet_udp header = {.ip_version = 4,
		.hop_limit = 16,
		.source = {10, 0, 0, 1},
		.destination = {233, 54, 12, 111},
		.source_port = 26477,
		.destination_port = 26400,
		.source_mac = {2, 0, 0, 0, 0, 1}};
	uint8_t frame[IX_PACKET_UDP_EXTRA_MAX + IX_PACKET_UDP_PAYLOAD_MAX];
	ix_writer w = ix_writer_of(frame, sizeof frame);
	ix_packet_write_udp(&w, &header, payload);
	if (!w.failed)
		ix_pcap_write_packet(&converter->writer, IX_PCAP_NANOSECONDS,
			converter->options.midnight_ns + time_ns, (ix_bytes){frame, w.size}, 0);
	if (w.failed || converter->writer.failed)
		return ix_fail(err, IX_ERR_RANGE,
			"a message of %zu bytes, or a time beyond the year 2106, does not fit a capture",
			payload.size);
	return convert_flush(converter, false, err);
}

static int send_packet(ix_converter *converter, ix_error *err) {
	ix_bytes packet;
	if (!ix_mold_sender_take(converter->sender, converter->last_ns, &packet)) return 0;
	return put_datagram(converter, packet, converter->last_ns, err);
}

int pcap_put(ix_converter *converter, ix_bytes message, ix_error *err) {
	int64_t now_ns = ix_itch_size(message.data[0]) == message.size
				 ? (int64_t)ix_itch_view_timestamp_ns(message.data)
				 : converter->last_ns;
	if (!converter->options.is_mold) {
		converter->last_ns = now_ns;
		return put_datagram(converter, message, now_ns, err);
	}
	int code = now_ns - converter->first_ns > CONVERT_MOLD_WAIT_NS ? send_packet(converter, err) : 0;
	if (code) return code;
	code = ix_mold_sender_add(converter->sender, message, NULL);
	if (code == IX_ERR_BUSY) {
		code = send_packet(converter, err);
		if (!code) code = ix_mold_sender_add(converter->sender, message, err);
	} else if (code) {
		return ix_fail(
			err, IX_ERR_RANGE, "a message of %zu bytes does not fit a packet", message.size);
	}
	if (converter->sender->count == 1) converter->first_ns = now_ns;
	converter->last_ns = now_ns;
	return code;
}

int pcap_end(ix_converter *converter, ix_error *err) {
	if (!converter->options.is_mold) return 0;
	int code = send_packet(converter, err);
	ix_bytes packet;
	ix_mold_sender_end(converter->sender);
	if (!code && ix_mold_sender_heartbeat(converter->sender, converter->last_ns, &packet))
		code = put_datagram(converter, packet, converter->last_ns, err);
	return code;
}
