/* mold.h - MoldUDP64 1.0, Nasdaq's sequenced messages over UDP: packets in and out, the receiver that turns
 * several lossy lines into one exact sequence, the sender, and the re-request server.
 *
 * All are state machines without sockets or clocks: datagrams in, events and datagrams out, time as a number
 * of nanoseconds that the caller passes in. Memory is allocated when one is created and never later. A
 * machine belongs to one thread. */
#ifndef INOX_MOLD_H
#define INOX_MOLD_H

#include <inox/base.h>
#include <inox/feed_store.h>
#include <inox/writer.h>

enum {
	IX_MOLD_SESSION_SIZE = 10,
	IX_MOLD_HEADER_SIZE = 20,   /* also the size of a request */
	IX_MOLD_COUNT_END = 0xFFFF, /* the message count that says: end of session */
	IX_MOLD_COUNT_MAX = 0xFFFE, /* of messages in one packet */
	IX_MOLD_MESSAGE_SIZE_MAX = 0xFFFF,
	/* Of packets we make, by default: one Ethernet frame, with room for tunnels. */
	IX_MOLD_PACKET_SIZE = 1400,
	IX_MOLD_PACKET_SIZE_MAX = 65507, /* a UDP payload */
};

/* ---- packets ---- */

/* One downstream packet, or a request: both have this header. */
typedef struct ix_mold_packet {
	uint8_t session[IX_MOLD_SESSION_SIZE];
	/* Messages. 0: heartbeat; IX_MOLD_COUNT_END: end of session; of a request: how many are wanted. */
	uint16_t count;
	/* Of the first message; of a heartbeat or end of session: of the next one there will be. */
	uint64_t sequence;
	ix_bytes blocks; /* the message blocks, borrowed: see ix_mold_next */
} ix_mold_packet;

/* Takes a datagram apart. All message blocks are checked: those of a packet that decodes can be walked
 * without errors. Errors with the offset: IX_ERR_TRUNCATED, IX_ERR_SYNTAX (bytes behind the last message),
 * IX_ERR_RANGE (sequence numbers past 2^64). */
IX_API int ix_mold_decode(ix_bytes datagram, ix_mold_packet *ret_packet, ix_error *err);
/* The same for a request: exactly a header. */
IX_API int ix_mold_decode_request(ix_bytes datagram, ix_mold_packet *ret_request, ix_error *err);

/* Cuts the next message off a decoded packet's blocks; false when there is none left. */
static inline bool ix_mold_next(ix_bytes *blocks, ix_bytes *ret_message) {
	if (blocks->size < 2) return false;
	size_t size = ix_load_u16_be(blocks->data);
	if (IX_UNLIKELY(size > blocks->size - 2)) return false; /* not one that was decoded */
	*ret_message = (ix_bytes){blocks->data + 2, size};
	*blocks = (ix_bytes){blocks->data + 2 + size, blocks->size - 2 - size};
	return true;
}

/* The exact inverse of ix_mold_decode: header and blocks as they are. */
IX_API void ix_mold_encode(ix_writer *writer, const ix_mold_packet *packet);

/* ---- the receiver ---- */

typedef struct ix_mold_receiver ix_mold_receiver;

enum {
	IX_MOLD_LINE_MAX = 16,
	IX_MOLD_LINE_REREQUEST = 255, /* the `line` of datagrams that the re-request server sent */
	IX_MOLD_WINDOW_MESSAGES = 1 << 16,
	IX_MOLD_WINDOW_MESSAGES_MAX = 1 << 24,
	IX_MOLD_WINDOW_BYTES = 4 << 20,
	IX_MOLD_WINDOW_BYTES_MIN = 1 << 18,
	IX_MOLD_WINDOW_BYTES_MAX = 1 << 30,
	IX_MOLD_HOLE_MAX = 1024, /* separate runs of missing messages */
	IX_MOLD_REQUEST_MESSAGES = 1000,
	IX_MOLD_REQUESTS_OPEN = 8,
	IX_MOLD_TRIES = 5,
};
#define IX_MOLD_GAP_WAIT_NS         INT64_C(10000000)  /* 10 ms */
#define IX_MOLD_RETRY_WAIT_NS       INT64_C(100000000) /* 100 ms */
#define IX_MOLD_RETRY_WAIT_MAX_NS   INT64_C(2000000000)
#define IX_MOLD_REQUEST_INTERVAL_NS INT64_C(1000000)

/* Zero means the default (the constant of the same name) unless a field says otherwise. */
typedef struct ix_mold_options {
	/* IX_MOLD_SESSION_SIZE bytes: the only session to follow. NULL: that of the first packet, and then
	 * every new one that comes. */
	const uint8_t *session;
	/* Where to start in the first session; 0: with the first packet that comes. Later sessions start
	 * with 1. */
	uint64_t first_sequence;
	/* With first_sequence 0: a first packet up to start_max behind start_sequence is a late one, and what
	 * is before it is missing. start_max 0: no packet is. */
	uint64_t start_sequence, start_max;
	/* That may wait behind a hole: messages, rounded up to a power of two, at most
	 * IX_MOLD_WINDOW_MESSAGES_MAX; and bytes, from IX_MOLD_WINDOW_BYTES_MIN to _MAX. */
	size_t window_messages;
	size_t window_bytes;
	/* How long a hole may be reordering, or the other line's business, before it is a gap. With a
	 * re-request server a window that is half full ends the wait early; without one a full window does.
	 */
	int64_t gap_wait_ns;
	bool rerequest;            /* ask a re-request server for gaps */
	uint16_t request_messages; /* most that one request asks for */
	uint16_t requests_open;    /* most that wait for an answer at a time */
	uint16_t tries;            /* requests in a row without an answer, after which a gap is given up */
	/* For an answer; doubles with each try, up to the maximum. */
	int64_t retry_wait_ns;
	int64_t retry_wait_max_ns;
	int64_t request_interval_ns; /* at least between two requests */
} ix_mold_options;

typedef enum ix_mold_event_kind {
	IX_MOLD_NONE,
	/* The next message: in sequence, once. */
	IX_MOLD_MESSAGE,
	/* `count` messages from `sequence` on are missing on all lines. Not in sequence: said when it is
	 * known. With a re-request server they may still come. */
	IX_MOLD_GAP,
	/* `count` messages from `sequence` on were given up. In sequence: the next message is behind them. */
	IX_MOLD_LOST,
	/* A session begins; `sequence` is the first that is expected. */
	IX_MOLD_SESSION,
	/* The session ended, and everything before `sequence` was delivered or is lost. */
	IX_MOLD_END,
} ix_mold_event_kind;

typedef struct ix_mold_event {
	ix_mold_event_kind kind;
	uint64_t sequence;
	uint64_t count;
	ix_bytes message; /* IX_MOLD_MESSAGE, whose count is 1; valid until the next call with the receiver */
	uint8_t session[IX_MOLD_SESSION_SIZE];
} ix_mold_event;

/* options may be NULL. Errors: IX_ERR_LIMIT, IX_ERR_MEMORY. */
IX_API int ix_mold_receiver_new(const ix_allocator *allocator, const ix_mold_options *options,
	ix_mold_receiver **ret_receiver, ix_error *err);
IX_API void ix_mold_receiver_free(ix_mold_receiver *receiver);

/* Hands over a datagram of line 0 … IX_MOLD_LINE_MAX-1, or IX_MOLD_LINE_REREQUEST. It is borrowed until
 * ix_mold_receiver_next gives IX_MOLD_NONE. Errors: IX_ERR_BUSY, nothing changed, as long as there are events
 * to take; IX_ERR_USAGE for a line that there is not; a datagram that does not decode is counted and changes
 * nothing else (the codes of ix_mold_decode). */
IX_API int ix_mold_receiver_push(
	ix_mold_receiver *receiver, unsigned line, int64_t now_ns, ix_bytes datagram, ix_error *err);
/* Time passes. Call it at ix_mold_receiver_deadline or later, and take the events. A clock that goes back
 * counts as standing still. */
IX_API void ix_mold_receiver_advance(ix_mold_receiver *receiver, int64_t now_ns);
/* When to call ix_mold_receiver_advance next, in the clock of the times passed in; INT64_MAX: no need. */
IX_API int64_t ix_mold_receiver_deadline(const ix_mold_receiver *receiver);
/* No line will bring anything more (the capture ends): everything that is missing is a gap now, and without a
 * re-request server lost. */
IX_API void ix_mold_receiver_finish(ix_mold_receiver *receiver);
/* Gives up on what is missing, re-requests under way included. */
IX_API void ix_mold_receiver_give_up(ix_mold_receiver *receiver);

/* The next event; IX_MOLD_NONE: nothing until the next push or advance. */
IX_API ix_mold_event_kind ix_mold_receiver_next(ix_mold_receiver *receiver, ix_mold_event *ret_event);
/* Writes the next request to send to the re-request server now, as of the time that was last told; false:
 * none. Call it when the events were taken, until it gives false. */
IX_API bool ix_mold_receiver_request(ix_mold_receiver *receiver, uint8_t ret_request[IX_MOLD_HEADER_SIZE]);

typedef struct ix_mold_line_stats {
	uint64_t packet_count; /* that decoded, heartbeats included */
	uint64_t byte_count;
	uint64_t heartbeat_count;
	uint64_t message_count;   /* in its packets */
	uint64_t first_count;     /* messages that it brought before any other line */
	uint64_t duplicate_count; /* messages that it brought twice itself */
	uint64_t lost_count;      /* messages that it skipped and did not bring later */
	uint64_t reordered_count; /* messages that it skipped and did bring later */
	uint64_t malformed_count; /* datagrams that did not decode */
	uint64_t foreign_count;   /* packets of another session */
	uint64_t ignored_count;   /* messages never delivered, because their session was over or another */
	int64_t last_ns;          /* when its last packet came */
} ix_mold_line_stats;

typedef struct ix_mold_stats {
	uint64_t message_count;   /* delivered */
	uint64_t redundant_count; /* messages dropped because they were there already, from whatever line */
	uint64_t gap_count;       /* IX_MOLD_GAP events and their messages */
	uint64_t gap_messages;
	uint64_t recovered_messages; /* of those, came after all */
	uint64_t lost_count;         /* IX_MOLD_LOST events and their messages */
	uint64_t lost_messages;
	uint64_t request_count;
	uint64_t request_messages; /* asked for */
	uint64_t overrun_count;    /* messages that did not fit the window and have to be asked for again */
	uint64_t session_count;
	uint64_t window_messages_peak; /* most that ever waited */
	uint64_t window_bytes_peak;
} ix_mold_stats;

IX_API const ix_mold_stats *ix_mold_receiver_stats(const ix_mold_receiver *receiver);
IX_API const ix_mold_line_stats *ix_mold_receiver_line_stats(const ix_mold_receiver *receiver, unsigned line);
/* The sequence number that is delivered next; 0 before the first packet. */
IX_API uint64_t ix_mold_receiver_expected(const ix_mold_receiver *receiver);

/* ---- the re-request server ---- */

typedef struct ix_mold_server {
	uint8_t session[IX_MOLD_SESSION_SIZE];
	ix_feed_store store;
	size_t packet_size; /* of an answer at most; 0: IX_MOLD_PACKET_SIZE */
	uint64_t request_count, answer_count, message_count;
	uint64_t malformed_count; /* requests that did not decode */
	uint64_t foreign_count;   /* for another session: not answered */
	uint64_t absent_count;    /* for messages that the store does not have: not answered */
} ix_mold_server;

/* Answers a request with one packet of as many messages from the requested one on as were asked for, are
 * there and fit (whoever wants more asks again). *ret_size 0: no answer. Errors: those of
 * ix_mold_decode_request. */
IX_API int ix_mold_server_answer(ix_mold_server *server, ix_bytes request, uint8_t *out, size_t capacity,
	size_t *ret_size, ix_error *err);

/* ---- the sender: messages into packets ---- */

#define IX_MOLD_HEARTBEAT_NS INT64_C(1000000000)

/* In the caller's storage; zero-initialise, set the first four, leave the rest. */
typedef struct ix_mold_sender {
	uint8_t session[IX_MOLD_SESSION_SIZE];
	uint64_t sequence;    /* of the next message to be added; 0 means 1 */
	size_t packet_size;   /* 0: IX_MOLD_PACKET_SIZE */
	int64_t heartbeat_ns; /* 0: IX_MOLD_HEARTBEAT_NS */
	uint64_t packet_count, message_count, heartbeat_count;
	size_t used;
	uint16_t count;
	bool is_ended, has_sent;
	int64_t last_ns;
	uint8_t packet[IX_MOLD_PACKET_SIZE_MAX];
} ix_mold_sender;

/* Adds a message to the packet being filled. IX_ERR_BUSY: it is full, take it first (ix_mold_sender_take).
 * IX_ERR_LIMIT: the message alone is larger than a packet. IX_ERR_CLOSED: after ix_mold_sender_end. */
IX_API int ix_mold_sender_add(ix_mold_sender *sender, ix_bytes message, ix_error *err);
/* The packet that was filled, if it holds a message; else false. Valid until the next call. */
IX_API bool ix_mold_sender_take(ix_mold_sender *sender, int64_t now_ns, ix_bytes *ret_packet);
/* From now on the heartbeats say end of session. */
IX_API void ix_mold_sender_end(ix_mold_sender *sender);
/* A heartbeat (or end of session) when nothing was sent for heartbeat_ns; else false. The first end of
 * session is due at once. Take the filled packet first. */
IX_API bool ix_mold_sender_heartbeat(ix_mold_sender *sender, int64_t now_ns, ix_bytes *ret_packet);
IX_API int64_t ix_mold_sender_deadline(const ix_mold_sender *sender);

#endif
