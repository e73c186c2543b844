/* soup.h - SoupBinTCP 3.00 and 4.x, Nasdaq's sequenced messages over TCP: packets, and the two ends of a
 * session.
 *
 * The sessions are state machines without sockets or clocks: received bytes in (split anywhere), events out,
 * bytes to send out, time as a number of nanoseconds that the caller passes in. Memory is allocated when a
 * session is created and never later. A session belongs to one thread. */
#ifndef INOX_SOUP_H
#define INOX_SOUP_H

#include <inox/base.h>
#include <inox/feed_store.h>
#include <inox/writer.h>

/* ---- packets ---- */

/* P(byte, CONSTANT, from client, from server, smallest payload, largest payload, title) */
#define IX_SOUP_PACKETS(P)                                       \
	P('+', DEBUG, 1, 1, 0, 65534, "Debug")                   \
	P('A', LOGIN_ACCEPTED, 0, 1, 30, 30, "Login Accepted")   \
	P('J', LOGIN_REJECTED, 0, 1, 1, 1, "Login Rejected")     \
	P('S', SEQUENCED, 0, 1, 0, 65534, "Sequenced Data")      \
	P('H', SERVER_HEARTBEAT, 0, 1, 0, 0, "Server Heartbeat") \
	P('Z', END_OF_SESSION, 0, 1, 0, 0, "End of Session")     \
	P('L', LOGIN_REQUEST, 1, 0, 46, 51, "Login Request")     \
	P('U', UNSEQUENCED, 1, 1, 0, 65534, "Unsequenced Data")  \
	P('R', CLIENT_HEARTBEAT, 1, 0, 0, 0, "Client Heartbeat") \
	P('O', LOGOUT_REQUEST, 1, 0, 0, 0, "Logout Request")

#define IX_SOUP_CONSTANT(byte, CONSTANT, client, server, min, max, title) IX_SOUP_##CONSTANT = (byte),
enum ix_soup_type { IX_SOUP_PACKETS(IX_SOUP_CONSTANT) };

enum {
	IX_SOUP_HEADER_SIZE = 3, /* two bytes of length, counting from the type, and the type */
	IX_SOUP_PAYLOAD_MAX = 65534,
	IX_SOUP_PAYLOAD_MIN = 51, /* of payload_max: a login request */
	IX_SOUP_SESSION_SIZE = 10,
	IX_SOUP_SEQUENCE_SIZE = 20,
	IX_SOUP_USERNAME_SIZE = 6,
	IX_SOUP_PASSWORD_SIZE = 10,
	IX_SOUP_HEARTBEAT_SIZE = 5, /* of a version 4 login request: the client's time-out in ms */
	IX_SOUP_REJECT_NOT_AUTHORIZED = 'A',
	IX_SOUP_REJECT_NO_SESSION = 'S',
};

typedef enum ix_soup_role {
	IX_SOUP_CLIENT,
	IX_SOUP_SERVER,
} ix_soup_role;

typedef struct ix_soup_packet {
	uint8_t type; /* IX_SOUP_… */
	ix_bytes payload;
} ix_soup_packet;

/* Takes the packet at the front of `bytes` apart; `from` is who sent them. *ret_used is its size. Errors with
 * the offset: IX_ERR_TRUNCATED (not all there: wait for more), IX_ERR_SYNTAX (length 0, or wrong for its
 * type), IX_ERR_UNSUPPORTED (a type that this side does not send; *ret_used is not set: the length is at
 * bytes 0 and 1). */
IX_API int ix_soup_decode(
	ix_bytes bytes, ix_soup_role from, ix_soup_packet *ret_packet, size_t *ret_used, ix_error *err);
/* The exact inverse. Fails the writer for a payload over IX_SOUP_PAYLOAD_MAX. */
IX_API void ix_soup_encode(ix_writer *writer, const ix_soup_packet *packet);

typedef struct ix_soup_login {
	uint8_t username[IX_SOUP_USERNAME_SIZE]; /* padded with spaces on the right */
	uint8_t password[IX_SOUP_PASSWORD_SIZE];
	uint8_t session[IX_SOUP_SESSION_SIZE]; /* padded on the left; blank: the current one */
	uint64_t sequence;                     /* the next that the client wants; 0: the newest */
	bool has_heartbeat;                    /* version 4 */
	uint32_t heartbeat_ms;
} ix_soup_login;

/* The fields of a login request's payload. IX_ERR_SYNTAX with the offset in the payload. */
IX_API int ix_soup_decode_login(ix_bytes payload, ix_soup_login *ret_login, ix_error *err);
/* Session and sequence number of a login accepted's payload. */
IX_API int ix_soup_decode_accepted(
	ix_bytes payload, uint8_t ret_session[IX_SOUP_SESSION_SIZE], uint64_t *ret_sequence, ix_error *err);
/* Copies text into a fixed field, cut or padded with spaces; numbers and sessions are padded on the left. */
IX_API void ix_soup_set_text(uint8_t *field, size_t size, ix_str text, bool pad_left);

/* ---- sessions ---- */

typedef struct ix_soup ix_soup;

enum {
	IX_SOUP_OUTPUT_SIZE = 1 << 18, /* default of output_size */
	IX_SOUP_OUTPUT_SIZE_MAX = 1 << 30,
};
#define IX_SOUP_HEARTBEAT_NS     INT64_C(1000000000)
#define IX_SOUP_TIMEOUT_NS       INT64_C(15000000000)
#define IX_SOUP_LOGIN_TIMEOUT_NS INT64_C(30000000000)

/* Zero means the default. */
typedef struct ix_soup_options {
	ix_soup_role role;
	size_t payload_max;       /* of a packet that is accepted and sent; 0: IX_SOUP_PAYLOAD_MAX */
	size_t output_size;       /* bytes that may wait to be sent; at least a packet */
	int64_t heartbeat_ns;     /* of silence, after which we send a heartbeat */
	int64_t timeout_ns;       /* of the other side's silence, after which the session is over */
	int64_t login_timeout_ns; /* for the login to be asked for or answered */
	ix_feed_store store;      /* server: where sequenced messages come from */
} ix_soup_options;

typedef enum ix_soup_state {
	/* Client: not logged in yet, or waiting for the answer; server: waiting for the request, or for
	 * whoever decides on it. */
	IX_SOUP_STATE_LOGIN,
	IX_SOUP_STATE_OPEN,
	/* Rejected, logged out, ended, timed out or broken: send what is left and hang up. */
	IX_SOUP_STATE_CLOSED,
} ix_soup_state;

typedef enum ix_soup_event_kind {
	IX_SOUP_EVENT_NONE,        /* nothing until more bytes come */
	IX_SOUP_EVENT_LOGIN,       /* server: `login`; answer with ix_soup_accept or ix_soup_reject */
	IX_SOUP_EVENT_ACCEPTED,    /* client: `session`, and `sequence` of the next message */
	IX_SOUP_EVENT_REJECTED,    /* client: `reason` */
	IX_SOUP_EVENT_SEQUENCED,   /* client: `message` with `sequence` */
	IX_SOUP_EVENT_UNSEQUENCED, /* `message` */
	IX_SOUP_EVENT_DEBUG,       /* `message` is text */
	IX_SOUP_EVENT_LOGOUT,      /* server: the client left */
	IX_SOUP_EVENT_END,         /* client: the session ended; `sequence` is one past its last message */
} ix_soup_event_kind;

typedef struct ix_soup_event {
	ix_soup_event_kind kind;
	ix_bytes message; /* valid until the next call with the session */
	uint64_t sequence;
	uint8_t reason;
	uint8_t session[IX_SOUP_SESSION_SIZE];
	ix_soup_login login;
} ix_soup_event;

/* Errors: IX_ERR_USAGE (a server without a store), IX_ERR_LIMIT, IX_ERR_MEMORY. The session's time starts at
 * now_ns. */
IX_API int ix_soup_new(const ix_allocator *allocator, const ix_soup_options *options, int64_t now_ns,
	ix_soup **ret_soup, ix_error *err);
IX_API void ix_soup_free(ix_soup *soup);
IX_API ix_soup_state ix_soup_state_of(const ix_soup *soup);

/* Received bytes: takes from the front of *input up to the end of one packet that means something to the
 * caller, and says what; call until IX_SOUP_EVENT_NONE, which has taken all that is left. A closed session
 * takes all and says nothing. Errors close the session and name the offset in the stream of received bytes:
 * IX_ERR_SYNTAX, IX_ERR_UNSUPPORTED (a packet that the other side does not send), IX_ERR_LIMIT,
 * IX_ERR_CONFLICT (a packet out of turn). */
IX_API int ix_soup_receive(
	ix_soup *soup, int64_t now_ns, ix_bytes *input, ix_soup_event *ret_event, ix_error *err);

/* Time passes: sends heartbeats. IX_ERR_TIMEOUT closes the session: the other side was silent, or the login
 * took too long. */
IX_API int ix_soup_advance(ix_soup *soup, int64_t now_ns, ix_error *err);
IX_API int64_t ix_soup_deadline(const ix_soup *soup);

/* What is to be sent; say how much of it was. */
IX_API ix_bytes ix_soup_output(const ix_soup *soup);
IX_API void ix_soup_sent(ix_soup *soup, size_t size);

/* Each of these puts a packet into the output, or fails: IX_ERR_BUSY (no room until more was sent),
 * IX_ERR_LIMIT (too long), IX_ERR_CONFLICT (not in this state or role). */
IX_API int ix_soup_login_request(ix_soup *soup, int64_t now_ns, const ix_soup_login *login, ix_error *err);
IX_API int ix_soup_logout(ix_soup *soup, int64_t now_ns, ix_error *err);
IX_API int ix_soup_send_unsequenced(ix_soup *soup, int64_t now_ns, ix_bytes message, ix_error *err);
IX_API int ix_soup_send_debug(ix_soup *soup, int64_t now_ns, ix_str text, ix_error *err);
/* Server: lets the client in. It gets the store's messages from `sequence` on (0: from the next new one). */
IX_API int ix_soup_accept(ix_soup *soup, int64_t now_ns, const uint8_t session[IX_SOUP_SESSION_SIZE],
	uint64_t sequence, ix_error *err);
IX_API int ix_soup_reject(ix_soup *soup, int64_t now_ns, uint8_t reason, ix_error *err);
/* Server: moves messages from the store into the output as far as both go; call when the store grew and when
 * output was sent. *ret_count of them. Errors: IX_ERR_LIMIT (a message too long), IX_ERR_NOT_FOUND (the store
 * lost one): both close. */
IX_API int ix_soup_pump(ix_soup *soup, int64_t now_ns, size_t *ret_count, ix_error *err);
/* Server: everything was pumped and nothing more will come. */
IX_API int ix_soup_end(ix_soup *soup, int64_t now_ns, ix_error *err);

typedef struct ix_soup_stats {
	uint64_t bytes_in, bytes_out; /* bytes_out: put into the output */
	uint64_t packets_in, packets_out;
	uint64_t heartbeats_in, heartbeats_out;
	uint64_t sequence; /* client: of the next message to come; server: of the next to be sent */
} ix_soup_stats;
IX_API const ix_soup_stats *ix_soup_stats_of(const ix_soup *soup);

#endif
