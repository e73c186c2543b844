/* packet_ip.c - IPv4 with options and fragments, IPv6 with extension headers. */
#include "packet_walk.h"

enum {
	IPV6_HOP_BY_HOP = 0,
	IPV6_ROUTING = 43,
	IPV6_FRAGMENT = 44,
	IPV6_AUTHENTICATION = 51,
	IPV6_DESTINATION = 60,
	IPV6_MOBILITY = 135,
	IPV6_HOST_IDENTITY = 139,
	IPV6_SHIM6 = 140,
};

static int fragment(packet_walk *w, uint32_t id, uint32_t offset, bool has_more) {
	w->packet->kind = IX_PACKET_FRAGMENT;
	w->packet->fragment_id = id;
	w->packet->fragment_offset = offset;
	w->packet->has_more_fragments = has_more;
	packet_set_payload(w, w->end - w->at);
	return 0;
}

/* Narrows the walk to the `size` bytes that the IP header claims from `at` on. 0 is what a sender's own
 * capture shows of packets that the network card will still cut up: then it is all that the frame has. */
static int narrow(packet_walk *w, size_t at, size_t size, const char *what) {
	if (size == 0) return 0;
	if (size > w->end - at) {
		return ix_fail(w->err, IX_ERR_SYNTAX,
			"offset %zu: %s says %zu bytes, where the frame has %zu", w->at, what, size,
			w->end - at);
	}
	w->end = at + size;
	return 0;
}

int packet_ipv4(packet_walk *w) {
	int code = packet_want(w, 20, "an IPv4 header");
	if (code) return code;
	const uint8_t *ip = packet_here(w);
	size_t header_size = (ip[0] & 0x0Fu) * 4u, total = ix_load_u16_be(ip + 2);
	if (ip[0] >> 4 != 4 || header_size < 20 || (total && total < header_size)) {
		return ix_fail(w->err, IX_ERR_SYNTAX,
			"offset %zu: not an IPv4 header: version %u, header %zu, total %zu bytes", w->at,
			(unsigned)ip[0] >> 4, header_size, total);
	}
	code = narrow(w, w->at, total, "IPv4's total length");
	if (code == 0) code = packet_want(w, header_size, "an IPv4 header with options");
	if (code) return code;
	ix_packet *p = w->packet;
	p->ip_version = 4;
	p->hop_limit = ip[8];
	p->protocol = ip[9];
	memcpy(p->source, ip + 12, 4);
	memcpy(p->destination, ip + 16, 4);
	if (w->verify) {
		bool is_good =
			ix_packet_checksum_end(ix_packet_checksum(0, (ix_bytes){ip, header_size})) == 0;
		p->ip_check = is_good ? IX_PACKET_CHECK_GOOD : IX_PACKET_CHECK_BAD;
	}
	uint16_t bits = ix_load_u16_be(ip + 6);
	w->at += header_size;
	if (bits & 0x3FFF)
		return fragment(w, ix_load_u16_be(ip + 4), (bits & 0x1FFFu) * 8u, (bits & 0x2000) != 0);
	return packet_transport(w, p->protocol);
}

/* Steps over one extension header. Returns 1 when `*next` is none, or the packet is done with (a fragment,
 * cut), or an error. */
static int extension(packet_walk *w, uint8_t *next, bool *ret_is_done) {
	switch (*next) {
	case IPV6_HOP_BY_HOP:
	case IPV6_ROUTING:
	case IPV6_DESTINATION:
	case IPV6_AUTHENTICATION:
	case IPV6_MOBILITY:
	case IPV6_HOST_IDENTITY:
	case IPV6_SHIM6:
	case IPV6_FRAGMENT: break;
	default: return 1;
	}
	int code = packet_want(w, 8, "an IPv6 extension header");
	*ret_is_done = code == 1;
	if (code) return code;
	const uint8_t *header = packet_here(w);
	size_t size = *next == IPV6_FRAGMENT         ? 8u
		      : *next == IPV6_AUTHENTICATION ? (header[1] + 2u) * 4u
						     : (header[1] + 1u) * 8u;
	bool is_fragment = *next == IPV6_FRAGMENT;
	code = packet_want(w, size, "an IPv6 extension header");
	*ret_is_done = code == 1;
	if (code) return code;
	*next = header[0];
	w->at += size;
	if (!is_fragment) return 0;
	uint16_t bits = ix_load_u16_be(header + 2);
	if ((bits & 0xFFF9) == 0) return 0; /* an atomic fragment is the whole packet */
	w->packet->protocol = *next;
	*ret_is_done = true;
	code = fragment(w, ix_load_u32_be(header + 4), bits & 0xFFF8u, bits & 1);
	return code ? code : 1;
}

int packet_ipv6(packet_walk *w) {
	int code = packet_want(w, 40, "an IPv6 header");
	if (code) return code;
	const uint8_t *ip = packet_here(w);
	if (ip[0] >> 4 != 6)
		return ix_fail(w->err, IX_ERR_SYNTAX, "offset %zu: not an IPv6 header: version %u", w->at,
			(unsigned)ip[0] >> 4);
	code = narrow(w, w->at + 40, ix_load_u16_be(ip + 4), "IPv6's payload length");
	if (code) return code;
	ix_packet *p = w->packet;
	p->ip_version = 6;
	p->hop_limit = ip[7];
	memcpy(p->source, ip + 8, 16);
	memcpy(p->destination, ip + 24, 16);
	w->at += 40;
	uint8_t next = ip[6];
	bool is_done = false;
	for (int i = 0; code == 0; i++) {
		if (i > IX_PACKET_EXTENSION_MAX)
			return ix_fail(w->err, IX_ERR_LIMIT,
				"offset %zu: more than %d IPv6 extension headers", w->at,
				(int)IX_PACKET_EXTENSION_MAX);
		code = extension(w, &next, &is_done);
	}
	p->protocol = next;
	if (code < 0 || is_done) return code < 0 ? code : 0;
	return packet_transport(w, next);
}
