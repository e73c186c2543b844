/* packet.c - frames taken apart: the link layers, and what is common to all layers. IP: packet_ip.c; UDP and
 * TCP: packet_transport.c. */
#include "packet_walk.h"

enum {
	ETHER_IPV4 = 0x0800,
	ETHER_IPV6 = 0x86DD,
	ETHER_LENGTH_MAX = 1535, /* up to here the field is an 802.3 length, not a type */
};

int packet_want(packet_walk *w, size_t size, const char *what) {
	IX_ASSERT_HOT(w->at <= w->end);
	if (size > w->end - w->at) {
		return ix_fail(w->err, IX_ERR_TRUNCATED,
			"offset %zu: %s of %zu bytes, where the packet has %zu left", w->at, what, size,
			w->end - w->at);
	}
	if (w->at + size <= w->captured) return 0;
	w->packet->kind = IX_PACKET_CUT;
	return 1;
}

void packet_set_payload(packet_walk *w, size_t size) {
	size_t there = w->captured > w->at ? w->captured - w->at : 0;
	w->packet->payload = (ix_bytes){w->data + ix_size_min(w->at, w->captured), ix_size_min(size, there)};
	w->packet->payload_size = (uint32_t)size;
	w->packet->payload_offset = w->at;
}

static int network(packet_walk *w, uint16_t ether_type) {
	w->packet->ether_type = ether_type;
	if (ether_type == ETHER_IPV4) return packet_ipv4(w);
	if (ether_type == ETHER_IPV6) return packet_ipv6(w);
	w->packet->kind = IX_PACKET_OTHER;
	packet_set_payload(w, w->end - w->at);
	return 0;
}

static bool is_vlan(uint16_t ether_type) {
	return ether_type == 0x8100 || ether_type == 0x88A8 || ether_type == 0x9100 || ether_type == 0x9200;
}

/* Behind a type field: VLAN tags, each followed by the next type. */
static int tagged(packet_walk *w, uint16_t ether_type) {
	while (is_vlan(ether_type)) {
		int code = packet_want(w, 4, "a VLAN tag");
		if (code) return code;
		if (w->packet->vlan_count == IX_PACKET_VLAN_MAX)
			return ix_fail(w->err, IX_ERR_LIMIT, "offset %zu: more than %d VLAN tags", w->at,
				(int)IX_PACKET_VLAN_MAX);
		w->packet->vlans[w->packet->vlan_count++] = ix_load_u16_be(packet_here(w)) & 0x0FFF;
		ether_type = ix_load_u16_be(packet_here(w) + 2);
		w->at += 4;
	}
	return network(w, ether_type <= ETHER_LENGTH_MAX ? 0 : ether_type);
}

/* A link header of fixed size with a type field in it. */
static int typed(packet_walk *w, size_t header_size, size_t type_at, const char *what) {
	int code = packet_want(w, header_size, what);
	if (code) return code;
	uint16_t ether_type = ix_load_u16_be(packet_here(w) + type_at);
	w->at += header_size;
	return tagged(w, ether_type);
}

/* Loopback: an address family in front, in the order of the machine that captured or of the network. The
 * numbers for IPv6 differ between systems. */
static int loopback(packet_walk *w) {
	int code = packet_want(w, 4, "a loopback header");
	if (code) return code;
	uint32_t family = ix_load_u32_le(packet_here(w));
	if (family > UINT16_MAX) family = __builtin_bswap32(family);
	w->at += 4;
	bool is_ipv6 = family == 10 || family == 24 || family == 28 || family == 30;
	return network(w, family == 2 ? ETHER_IPV4 : is_ipv6 ? ETHER_IPV6 : 0);
}

static int raw(packet_walk *w) {
	int code = packet_want(w, 1, "an IP header");
	if (code) return code;
	unsigned version = packet_here(w)[0] >> 4;
	return network(w, version == 4 ? ETHER_IPV4 : version == 6 ? ETHER_IPV6 : 0);
}

static int link(packet_walk *w, uint16_t link_type) {
	switch (link_type) {
	case IX_PACKET_LINK_ETHERNET: return typed(w, 14, 12, "an Ethernet header");
	case IX_PACKET_LINK_SLL: return typed(w, 16, 14, "a cooked Linux header");
	case IX_PACKET_LINK_SLL2: return typed(w, 20, 0, "a cooked Linux header");
	case IX_PACKET_LINK_NULL:
	case IX_PACKET_LINK_LOOP: return loopback(w);
	case IX_PACKET_LINK_RAW_BSD:
	case IX_PACKET_LINK_RAW_OPENBSD:
	case IX_PACKET_LINK_RAW: return raw(w);
	case IX_PACKET_LINK_IPV4: return network(w, ETHER_IPV4);
	case IX_PACKET_LINK_IPV6: return network(w, ETHER_IPV6);
	default:
		return ix_fail(w->err, IX_ERR_UNSUPPORTED, "offset 0: link type %u is not read",
			(unsigned)link_type);
	}
}

int ix_packet_decode(uint16_t link_type, ix_bytes frame, uint32_t original_size, bool verify,
	ix_packet *ret_packet, ix_error *err) {
	ix_packet packet = {.kind = IX_PACKET_OTHER};
	packet_walk walk = {.data = frame.data ? frame.data : (const uint8_t *)"",
		.captured = frame.size,
		.end = ix_size_max(original_size, frame.size),
		.verify = verify,
		.packet = &packet,
		.err = err};
	int code = link(&walk, link_type);
	if (code < 0) return code;
	*ret_packet = packet;
	return 0;
}

void ix_packet_count(ix_packet_counts *counts, const ix_packet *packet) {
	counts->kinds[packet->kind]++;
	counts->bad_ip_check_count += packet->ip_check == IX_PACKET_CHECK_BAD;
	counts->bad_transport_check_count += packet->transport_check == IX_PACKET_CHECK_BAD;
	bool has_payload = packet->kind == IX_PACKET_UDP || packet->kind == IX_PACKET_TCP;
	counts->payload_cut_count += has_payload && packet->payload.size < packet->payload_size;
}

/* RFC 5952: the longest run of at least two zero groups, the first of several, becomes "::". */
static size_t ipv6_text(const uint8_t address[16], char *out, size_t capacity) {
	int best = -1, best_size = 1;
	for (int i = 0; i < 8; i++) {
		int size = 0;
		while (i + size < 8 && ix_load_u16_be(address + 2 * (i + size)) == 0) size++;
		if (size > best_size) best = i, best_size = size;
		if (size) i += size - 1;
	}
	size_t length = 0;
	for (int i = 0; i < 8; i++) {
		if (i == best) {
			length += ix_format(out + length, capacity - length, "::");
			i += best_size - 1;
			continue;
		}
		bool needs_colon = i > 0 && i != best + best_size;
		length += ix_format(out + length, capacity - length,
			needs_colon || (i > 0 && best < 0) ? ":%x" : "%x",
			(unsigned)ix_load_u16_be(address + 2 * i));
	}
	return length;
}

size_t ix_packet_address_text(
	uint8_t ip_version, const uint8_t address[16], uint16_t port, char *out, size_t capacity) {
	if (ip_version != 6) {
		return ix_format(out, capacity, "%u.%u.%u.%u:%u", (unsigned)address[0], (unsigned)address[1],
			(unsigned)address[2], (unsigned)address[3], (unsigned)port);
	}
	char text[IX_PACKET_ADDRESS_TEXT_MAX];
	(void)ipv6_text(address, text, sizeof text);
	return ix_format(out, capacity, "[%s]:%u", text, (unsigned)port);
}
