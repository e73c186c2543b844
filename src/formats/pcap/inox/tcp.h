/* tcp.h - the bytes of TCP connections out of captured segments: in order, each byte once.
 *
 * A stream is one direction of one connection. Segments that came early wait in a bounded window;
 * retransmissions and overlaps are cut away (the first copy of a byte counts); bytes that the capture does
 * not hold are reported as a gap, and the stream goes on behind it. A table (ix_tcp_table) does this for all
 * the connections of a capture. Memory comes from the allocator at creation (the table: when a connection
 * first appears), never later. */
#ifndef INOX_TCP_H
#define INOX_TCP_H

#include <inox/base.h>
#include <inox/packet.h>

typedef struct ix_tcp_stream ix_tcp_stream;

enum {
	IX_TCP_WINDOW_BYTES = 1 << 18, /* default of window_bytes */
	IX_TCP_WINDOW_BYTES_MAX = 1 << 30,
	IX_TCP_RANGE_MAX = 256, /* separate ranges that wait in the window */
	IX_TCP_OUTSIDE_MAX = 3, /* segments in a row from beyond the window, after which it moves to them */
	IX_TCP_BEHIND_MAX = 1 << 24, /* bytes that a retransmission may lie behind */
	IX_TCP_CONNECTION_MAX = 64,  /* default of connection_max */
	IX_TCP_CONNECTION_LIMIT = 1 << 20,
};

typedef struct ix_tcp_options {
	size_t window_bytes;   /* that a segment may come early by; 0: IX_TCP_WINDOW_BYTES */
	size_t connection_max; /* of a table; 0: IX_TCP_CONNECTION_MAX. One that is closed, else the one idle
				  longest, makes room */
	uint64_t seed;         /* of a table's hash: hard to guess where captures come from strangers */
} ix_tcp_options;

typedef enum ix_tcp_kind {
	IX_TCP_NONE,  /* nothing until the next segment */
	IX_TCP_START, /* the stream starts: with a SYN, or in the middle (is_middle) */
	IX_TCP_DATA,
	IX_TCP_GAP, /* `size` bytes are not in the capture */
	IX_TCP_END, /* FIN or RST (is_reset); in a table also another connection on the same ports */
} ix_tcp_kind;

typedef struct ix_tcp_event {
	ix_tcp_kind kind;
	ix_bytes data;   /* IX_TCP_DATA: valid until the next call with the stream */
	uint64_t offset; /* in the stream: bytes since its start, gaps included */
	uint64_t size;   /* of the data or the gap */
	bool is_middle;
	bool is_reset;
} ix_tcp_event;

typedef struct ix_tcp_stats {
	uint64_t segment_count;
	uint64_t data_bytes; /* delivered */
	uint64_t gap_count;
	uint64_t gap_bytes;
	uint64_t duplicate_bytes; /* retransmitted or overlapping, dropped */
	uint64_t early_count;     /* segments that came out of order and waited */
	uint64_t outside_count;   /* segments dropped for being far from the stream */
	uint64_t cut_bytes;       /* that segments had and the capture cut off */
} ix_tcp_stats;

/* options may be NULL. IX_ERR_LIMIT, IX_ERR_MEMORY. */
IX_API int ix_tcp_stream_new(const ix_allocator *allocator, const ix_tcp_options *options,
	ix_tcp_stream **ret_stream, ix_error *err);
IX_API void ix_tcp_stream_free(ix_tcp_stream *stream);

/* Hands over a segment; its payload is borrowed until ix_tcp_stream_next gives IX_TCP_NONE. Take all events
 * before the next segment. A stream is one connection's: behind its IX_TCP_END nothing comes any more. */
IX_API void ix_tcp_stream_push(ix_tcp_stream *stream, const ix_packet *segment);
/* The other direction acknowledged up to here: the receiver has what the capture lacks, so waiting is over.
 */
IX_API void ix_tcp_stream_acknowledge(ix_tcp_stream *stream, uint32_t acknowledgement);
/* Nothing follows: what still waits is given out, gaps before it. */
IX_API void ix_tcp_stream_finish(ix_tcp_stream *stream);
IX_API ix_tcp_kind ix_tcp_stream_next(ix_tcp_stream *stream, ix_tcp_event *ret_event);
IX_API const ix_tcp_stats *ix_tcp_stream_stats(const ix_tcp_stream *stream);

/* ---- all the connections of a capture ---- */

typedef struct ix_tcp_table ix_tcp_table;

typedef struct ix_tcp_side {
	uint32_t connection; /* 1 for the first that was seen; never used twice */
	/* Whether the side that opened the connection sent it; where the capture does not show which, the one
	 * with the higher port. */
	bool is_client;
	uint8_t ip_version;
	uint8_t source[16], destination[16];
	uint16_t source_port, destination_port;
} ix_tcp_side;

IX_API int ix_tcp_table_new(const ix_allocator *allocator, const ix_tcp_options *options,
	ix_tcp_table **ret_table, ix_error *err);
IX_API void ix_tcp_table_free(ix_tcp_table *table);
/* A packet of kind IX_PACKET_TCP. Errors: IX_ERR_MEMORY. */
IX_API int ix_tcp_table_push(ix_tcp_table *table, const ix_packet *segment, ix_error *err);
IX_API void ix_tcp_table_finish(ix_tcp_table *table);
/* The next event and whose it is, until IX_TCP_NONE. */
IX_API ix_tcp_kind ix_tcp_table_next(ix_tcp_table *table, ix_tcp_side *ret_side, ix_tcp_event *ret_event);
/* The sum over all streams that there were; evicted_count: connections that made room for newer ones. */
IX_API ix_tcp_stats ix_tcp_table_stats(
	const ix_tcp_table *table, uint64_t *ret_connection_count, uint64_t *ret_evicted_count);

#endif
