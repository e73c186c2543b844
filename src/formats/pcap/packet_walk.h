/* packet_walk.h - how the layers of a frame are walked: link (packet.c), IP (packet_ip.c), UDP and TCP
 * (packet_transport.c). Each takes the walk behind its own headers and calls the next. */
#ifndef PACKET_WALK_H
#define PACKET_WALK_H

#include <inox/packet.h>
#include <inox/reader.h>

typedef struct packet_walk {
	const uint8_t *data;
	size_t captured; /* bytes of the frame that are there */
	size_t end;      /* where the current layer says it ends; at most the frame's size on the wire */
	size_t at;
	bool verify;
	ix_packet *packet;
	ix_error *err;
} packet_walk;

static inline const uint8_t *packet_here(const packet_walk *w) { return w->data + w->at; }

/* Asks for `size` bytes of header: 0 when they are there. 1 when the capture cut them off (the packet is then
 * IX_PACKET_CUT), or an error when the layer below ends before. */
int packet_want(packet_walk *w, size_t size, const char *what);

/* Sets the payload to what follows, `size` bytes by the headers, as far as it was captured. */
void packet_set_payload(packet_walk *w, size_t size);

int packet_ipv4(packet_walk *w);
int packet_ipv6(packet_walk *w);
int packet_transport(packet_walk *w, uint8_t protocol);

#endif
