/* packet.h - what a captured frame carries: link layer, IPv4 or IPv6, UDP or TCP; and framing for UDP out.
 *
 * Pure: no memory, no state. Frames that are well-formed but something else (ARP, ICMP, a fragment) are
 * reported as what they are, not as errors. TCP streams: <inox/tcp.h>. */
#ifndef INOX_PACKET_H
#define INOX_PACKET_H

#include <inox/base.h>
#include <inox/writer.h>

/* Link types (https://www.tcpdump.org/linktypes.html) that ix_packet_decode knows. */
enum {
	IX_PACKET_LINK_NULL = 0, /* BSD loopback: address family in the capturing machine's order */
	IX_PACKET_LINK_ETHERNET = 1,
	IX_PACKET_LINK_RAW_BSD = 12, /* raw IP, as some systems number it */
	IX_PACKET_LINK_RAW_OPENBSD = 14,
	IX_PACKET_LINK_RAW = 101,
	IX_PACKET_LINK_LOOP = 108, /* OpenBSD loopback: address family in network order */
	IX_PACKET_LINK_SLL = 113,  /* Linux cooked capture */
	IX_PACKET_LINK_IPV4 = 228,
	IX_PACKET_LINK_IPV6 = 229,
	IX_PACKET_LINK_SLL2 = 276,
};

enum {
	IX_PACKET_VLAN_MAX = 8,       /* stacked VLAN tags */
	IX_PACKET_EXTENSION_MAX = 16, /* IPv6 extension headers of one packet */
	IX_PACKET_PROTOCOL_TCP = 6,
	IX_PACKET_PROTOCOL_UDP = 17,
};

typedef enum ix_packet_kind {
	IX_PACKET_UDP,
	IX_PACKET_TCP,
	IX_PACKET_FRAGMENT, /* a piece of a larger IP packet; nothing behind the IP header is decoded */
	IX_PACKET_CUT,      /* the capture cut it off in front of its payload */
	IX_PACKET_OTHER,    /* something else: ether_type, and protocol behind IP, say what */
	IX_PACKET_KIND_COUNT,
} ix_packet_kind;

typedef enum ix_packet_check {
	IX_PACKET_CHECK_NONE, /* not there (IPv6, UDP's 0), not asked for, or not checkable (cut short) */
	IX_PACKET_CHECK_GOOD,
	IX_PACKET_CHECK_BAD, /* in captures at the sender, often only left to the network card */
} ix_packet_check;

/* TCP flags. */
enum {
	IX_PACKET_TCP_FIN = 0x01,
	IX_PACKET_TCP_SYN = 0x02,
	IX_PACKET_TCP_RST = 0x04,
	IX_PACKET_TCP_PSH = 0x08,
	IX_PACKET_TCP_ACK = 0x10,
	IX_PACKET_TCP_URG = 0x20,
};

typedef struct ix_packet {
	ix_packet_kind kind;
	uint8_t ip_version; /* 4, 6, or 0: not IP */
	uint8_t protocol;   /* behind IP: IX_PACKET_PROTOCOL_… */
	uint8_t hop_limit;  /* IPv4: time to live */
	uint8_t vlan_count;
	uint16_t vlans[IX_PACKET_VLAN_MAX]; /* identifiers, outermost first */
	uint16_t ether_type; /* behind the tags; for raw IP as if there had been one; 0: unknown */
	uint8_t source[16];  /* IPv4: the first four bytes, the rest zero */
	uint8_t destination[16];
	uint16_t source_port;
	uint16_t destination_port;
	ix_packet_check ip_check;        /* IPv4 header */
	ix_packet_check transport_check; /* UDP or TCP with the pseudo header */
	/* IX_PACKET_FRAGMENT */
	uint32_t fragment_id;
	uint32_t fragment_offset; /* in bytes */
	bool has_more_fragments;
	/* IX_PACKET_TCP */
	uint32_t tcp_sequence;
	uint32_t tcp_acknowledgement;
	uint16_t tcp_window;
	uint8_t tcp_flags;
	ix_bytes tcp_options;
	/* UDP and TCP */
	ix_bytes payload; /* borrowed from the frame; without Ethernet padding and trailers */
	uint32_t
		payload_size; /* as the headers say; larger than payload.size when the capture cut it short */
	size_t payload_offset; /* in the frame */
} ix_packet;

/* Takes a frame apart. `original_size` is its size on the wire (ix_pcap_packet.original_size).
 * `verify` has the checksums computed (a bad one is reported in the packet, not an error). Errors, with the
 * offset in the frame: IX_ERR_SYNTAX and IX_ERR_TRUNCATED for headers that contradict themselves or the
 * frame's size, IX_ERR_LIMIT, IX_ERR_UNSUPPORTED for a link type that is not known. */
IX_API int ix_packet_decode(uint16_t link_type, ix_bytes frame, uint32_t original_size, bool verify,
	ix_packet *ret_packet, ix_error *err);

/* What a capture held, for reports. */
typedef struct ix_packet_counts {
	uint64_t kinds[IX_PACKET_KIND_COUNT];
	uint64_t malformed_count; /* added by the caller when ix_packet_decode fails */
	uint64_t bad_ip_check_count;
	uint64_t bad_transport_check_count;
	uint64_t payload_cut_count; /* UDP or TCP whose payload is not all there */
} ix_packet_counts;
IX_API void ix_packet_count(ix_packet_counts *counts, const ix_packet *packet);

/* "10.0.0.1:26400", "[ff05::1]:26400"; returns the length, NUL-terminated. IX_PACKET_ADDRESS_TEXT_MAX bytes
 * are enough. */
enum { IX_PACKET_ADDRESS_TEXT_MAX = 56 };
IX_API size_t ix_packet_address_text(
	uint8_t ip_version, const uint8_t address[16], uint16_t port, char *out, size_t capacity);

/* ---- out ---- */

typedef struct ix_packet_udp {
	uint8_t ip_version;      /* 4 or 6; 0 means 4 */
	uint8_t hop_limit;       /* 0 means 16 */
	uint16_t identification; /* IPv4 */
	uint16_t source_port, destination_port;
	uint8_t source[16], destination[16]; /* IPv4: the first four bytes */
	uint8_t source_mac[6];
	uint8_t destination_mac[6]; /* all zero: made from the destination when that is a multicast group */
} ix_packet_udp;

enum { IX_PACKET_UDP_EXTRA_MAX = 62, IX_PACKET_UDP_PAYLOAD_MAX = 65507 };

/* Writes an Ethernet frame with an IP packet with a UDP datagram, checksums right. Fails the writer where the
 * payload is longer than IX_PACKET_UDP_PAYLOAD_MAX. */
IX_API void ix_packet_write_udp(ix_writer *writer, const ix_packet_udp *header, ix_bytes payload);

/* The Internet checksum (RFC 1071) of bytes, on top of `sum` (start with 0); fold with
 * ix_packet_checksum_end. Only the last piece may have an odd size. */
IX_API uint32_t ix_packet_checksum(uint32_t sum, ix_bytes bytes);
IX_API uint16_t ix_packet_checksum_end(uint32_t sum);

#endif
