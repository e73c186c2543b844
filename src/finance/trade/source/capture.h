/* capture.h - messages out of captures: packets of all files in order of time, MoldUDP64 lines arbitrated,
 * SoupBinTCP unpacked. */
#ifndef INOX_SOURCE_CAPTURE_H
#define INOX_SOURCE_CAPTURE_H

#include "input.h"

#include <inox/mold.h>
#include <inox/pcap.h>
#include <inox/source.h>
#include <inox/tcp.h>

enum {
	CAPTURE_FRAMED_SIZE =
		1 << 17, /* one part's bytes, but for what a single packet sets free beyond it */
	CAPTURE_SESSION_EXTRA_MAX = 22,
	CAPTURE_START_MAX = 1024, /* see start_max of ix_mold_options */
	/* Two captures' clocks may differ: so much of one may wait for the other. */
	CAPTURE_SKEW_MESSAGES = 1 << 18,
	CAPTURE_SKEW_BYTES = 32 << 20,
	CAPTURE_DATAGRAM_MAX = 65535,
	CAPTURE_STREAM_MAX = 2 * IX_TCP_CONNECTION_MAX, /* TCP directions followed at a time: all */
	CAPTURE_STREAM_BYTES = 2 + 65535,               /* the longest SoupBinTCP packet */
};

typedef struct capture_file {
	source_input *input;
	ix_pcap_reader reader;
	ix_pcap_packet packet;
	size_t packet_used; /* bytes of the view that the packet takes */
	bool has_packet, is_ended;
} capture_file;

/* The unfinished SoupBinTCP packet of one direction of one connection. */
typedef struct capture_stream {
	uint32_t connection;
	bool is_client, is_soup;
	bool is_broken; /* not SoupBinTCP (any more), or bytes are missing */
	size_t size;
	uint8_t *bytes;
} capture_stream;

typedef struct source_capture {
	const ix_allocator *allocator;
	ix_source_info *info;
	capture_file files[IX_SOURCE_FILE_MAX];
	size_t file_count;
	ix_mold_receiver *receiver;
	uint8_t answer[IX_MOLD_PACKET_SIZE]; /* borrowed by the receiver until its events are taken */
	ix_mold_server *server;              /* answers re-requests; NULL: nobody does */
	ix_tcp_table *tcp;
	capture_stream streams[CAPTURE_STREAM_MAX];
	size_t stream_count;
	bool has_mold, has_raw, has_soup;
	bool is_shaped;       /* it is known how long the session names in the packets are */
	size_t session_extra; /* bytes beyond the standard's ten */
	uint8_t *datagram;    /* one that was brought into the standard's shape */
	int64_t now_ns;
	enum { CAPTURE_READING, CAPTURE_FINISHING, CAPTURE_ENDED } stage;

	uint8_t *framed; /* messages that wait to be handed out, length-prefixed */
	size_t framed_size, framed_used, framed_capacity;
	bool is_out_of_memory;
	bool has_empty; /* a message of no bytes came, which nothing can carry on: an error, in its turn */
	uint64_t empty_sequence;
	uint64_t framed_sequence, next_sequence;
	ix_source_part waiting; /* a part that comes behind them */
	bool has_waiting;
} source_capture;

#define CAPTURE_SKEW_NS INT64_C(1000000000)

/* `server_start`: the first sequence number that the server, where there is one, has. */
int capture_init(source_capture *capture, const ix_allocator *allocator, ix_source_info *info,
	size_t file_count, ix_mold_server *server, uint64_t server_start, ix_error *err);
void capture_fini(source_capture *capture);
/* The input must look like a capture (ix_pcap_is_capture). */
void capture_add(source_capture *capture, source_input *input);
int capture_next(source_capture *capture, ix_source_part *ret_part, ix_error *err);
void capture_advance(source_capture *capture, size_t size);
void capture_tell(source_capture *capture); /* brings info up to date */

/* One message for whoever reads the source. Where there is no memory for it, capture_next fails. */
void capture_put(source_capture *capture, uint64_t sequence, ix_bytes message);

/* orders.c: SoupBinTCP in TCP. */
int orders_push(source_capture *capture, const ix_packet *segment, ix_error *err);
void orders_finish(source_capture *capture);

#endif
