/* packet_write.c - UDP datagrams framed for Ethernet, with right lengths and checksums. */
#include <inox/packet.h>

enum { ETHERNET_SIZE = 14, UDP_SIZE = 8, HOP_LIMIT = 16 };

/* RFC 1112 section 6.4 and RFC 2464 section 7: a multicast group's address becomes a multicast MAC. */
static void set_multicast_mac(const ix_packet_udp *header, bool is_ipv6, uint8_t mac[6]) {
	static const uint8_t unset[6];
	if (memcmp(mac, unset, sizeof unset) != 0) return;
	const uint8_t *to = header->destination;
	if (is_ipv6 && to[0] == 0xFF) {
		mac[0] = mac[1] = 0x33;
		memcpy(mac + 2, to + 12, 4);
	} else if (!is_ipv6 && to[0] >> 4 == 0xE) {
		mac[0] = 0x01, mac[1] = 0x00, mac[2] = 0x5E;
		mac[3] = to[1] & 0x7F;
		memcpy(mac + 4, to + 2, 2);
	}
}

static void write_ipv4(uint8_t *ip, const ix_packet_udp *header, size_t udp_size) {
	ip[0] = 0x45;
	ip[1] = 0;
	ix_store_u16_be(ip + 2, (uint16_t)(20 + udp_size));
	ix_store_u16_be(ip + 4, header->identification);
	ix_store_u16_be(ip + 6, 0x4000); /* do not fragment */
	ip[8] = header->hop_limit ? header->hop_limit : HOP_LIMIT;
	ip[9] = IX_PACKET_PROTOCOL_UDP;
	ix_store_u16_be(ip + 10, 0);
	memcpy(ip + 12, header->source, 4);
	memcpy(ip + 16, header->destination, 4);
	ix_store_u16_be(ip + 10, ix_packet_checksum_end(ix_packet_checksum(0, (ix_bytes){ip, 20})));
}

static void write_ipv6(uint8_t *ip, const ix_packet_udp *header, size_t udp_size) {
	ix_store_u32_be(ip, 0x60000000);
	ix_store_u16_be(ip + 4, (uint16_t)udp_size);
	ip[6] = IX_PACKET_PROTOCOL_UDP;
	ip[7] = header->hop_limit ? header->hop_limit : HOP_LIMIT;
	memcpy(ip + 8, header->source, 16);
	memcpy(ip + 24, header->destination, 16);
}

void ix_packet_write_udp(ix_writer *writer, const ix_packet_udp *header, ix_bytes payload) {
	bool is_ipv6 = header->ip_version == 6;
	size_t ip_size = is_ipv6 ? 40 : 20, udp_size = UDP_SIZE + payload.size;
	if (payload.size > IX_PACKET_UDP_PAYLOAD_MAX) {
		writer->failed = true;
		return;
	}
	uint8_t *frame = ix_write_space(writer, ETHERNET_SIZE + ip_size + udp_size);
	if (!frame) return;
	memcpy(frame, header->destination_mac, 6);
	set_multicast_mac(header, is_ipv6, frame);
	memcpy(frame + 6, header->source_mac, 6);
	ix_store_u16_be(frame + 12, is_ipv6 ? 0x86DD : 0x0800);

	uint8_t *ip = frame + ETHERNET_SIZE, *udp = ip + ip_size;
	if (is_ipv6)
		write_ipv6(ip, header, udp_size);
	else
		write_ipv4(ip, header, udp_size);
	ix_store_u16_be(udp, header->source_port);
	ix_store_u16_be(udp + 2, header->destination_port);
	ix_store_u16_be(udp + 4, (uint16_t)udp_size);
	ix_store_u16_be(udp + 6, 0);
	if (payload.size) memcpy(udp + UDP_SIZE, payload.data, payload.size);

	size_t address_size = is_ipv6 ? 16 : 4;
	uint8_t tail[8];
	ix_store_u32_be(tail, (uint32_t)udp_size);
	ix_store_u32_be(tail + 4, IX_PACKET_PROTOCOL_UDP);
	uint32_t sum = ix_packet_checksum(0, (ix_bytes){header->source, address_size});
	sum = ix_packet_checksum(sum, (ix_bytes){header->destination, address_size});
	sum = ix_packet_checksum(sum, (ix_bytes){tail, sizeof tail});
	uint16_t check = ix_packet_checksum_end(ix_packet_checksum(sum, (ix_bytes){udp, udp_size}));
	ix_store_u16_be(udp + 6, check ? check : 0xFFFF); /* 0 would say that there is none */
}
