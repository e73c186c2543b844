/* packet_transport.c - UDP and TCP headers, and the Internet checksum with which they are verified and made.
 */
#include "packet_walk.h"

uint32_t ix_packet_checksum(uint32_t sum, ix_bytes bytes) {
	size_t i = 0;
	for (; i + 2 <= bytes.size; i += 2) {
		sum += ix_load_u16_be(bytes.data + i);
		sum = (sum & 0xFFFF) + (sum >> 16);
	}
	if (i < bytes.size) sum += (uint32_t)bytes.data[i] << 8;
	return (sum & 0xFFFF) + (sum >> 16);
}

uint16_t ix_packet_checksum_end(uint32_t sum) {
	while (sum >> 16) sum = (sum & 0xFFFF) + (sum >> 16);
	return (uint16_t)~sum;
}

/* The whole datagram or segment from the walk's place, under its pseudo header. */
static ix_packet_check check(const packet_walk *w, size_t size) {
	if (!w->verify || w->at + size > w->captured) return IX_PACKET_CHECK_NONE;
	const ix_packet *p = w->packet;
	size_t address_size = p->ip_version == 4 ? 4 : 16;
	uint8_t tail[8];
	ix_store_u32_be(tail, (uint32_t)size);
	ix_store_u32_be(tail + 4, p->protocol);
	uint32_t sum = ix_packet_checksum(0, (ix_bytes){p->source, address_size});
	sum = ix_packet_checksum(sum, (ix_bytes){p->destination, address_size});
	sum = ix_packet_checksum(sum, (ix_bytes){tail, sizeof tail});
	sum = ix_packet_checksum(sum, (ix_bytes){packet_here(w), size});
	return ix_packet_checksum_end(sum) == 0 ? IX_PACKET_CHECK_GOOD : IX_PACKET_CHECK_BAD;
}

static int udp(packet_walk *w) {
	int code = packet_want(w, 8, "a UDP header");
	if (code) return code;
	const uint8_t *header = packet_here(w);
	size_t length = ix_load_u16_be(header + 4), left = w->end - w->at;
	if (length == 0) length = left; /* more than 16 bits hold: the IP layer knows */
	if (length < 8 || length > left) {
		return ix_fail(w->err, IX_ERR_SYNTAX,
			"offset %zu: UDP says %zu bytes, where the IP packet has %zu", w->at, length, left);
	}
	ix_packet *p = w->packet;
	p->kind = IX_PACKET_UDP;
	p->source_port = ix_load_u16_be(header);
	p->destination_port = ix_load_u16_be(header + 2);
	p->transport_check = ix_load_u16_be(header + 6) ? check(w, length) : IX_PACKET_CHECK_NONE;
	w->at += 8;
	packet_set_payload(w, length - 8);
	return 0;
}

static int tcp(packet_walk *w) {
	int code = packet_want(w, 20, "a TCP header");
	if (code) return code;
	const uint8_t *header = packet_here(w);
	size_t header_size = (size_t)(header[12] >> 4) * 4;
	if (header_size < 20)
		return ix_fail(
			w->err, IX_ERR_SYNTAX, "offset %zu: a TCP header of %zu bytes", w->at, header_size);
	code = packet_want(w, header_size, "a TCP header with options");
	if (code) return code;
	ix_packet *p = w->packet;
	p->kind = IX_PACKET_TCP;
	p->source_port = ix_load_u16_be(header);
	p->destination_port = ix_load_u16_be(header + 2);
	p->tcp_sequence = ix_load_u32_be(header + 4);
	p->tcp_acknowledgement = ix_load_u32_be(header + 8);
	p->tcp_flags = header[13];
	p->tcp_window = ix_load_u16_be(header + 14);
	p->tcp_options = (ix_bytes){header + 20, header_size - 20};
	p->transport_check = check(w, w->end - w->at);
	w->at += header_size;
	packet_set_payload(w, w->end - w->at);
	return 0;
}

int packet_transport(packet_walk *w, uint8_t protocol) {
	if (protocol == IX_PACKET_PROTOCOL_UDP) return udp(w);
	if (protocol == IX_PACKET_PROTOCOL_TCP) return tcp(w);
	w->packet->kind = IX_PACKET_OTHER;
	packet_set_payload(w, w->end - w->at);
	return 0;
}
