/* soup_session.c - the two ends of a SoupBinTCP session: login, sequenced and unsequenced messages,
 * heartbeats, the end. */
#include "feed_time.h"
#include "soup_decode.h"

struct ix_soup {
	const ix_allocator *allocator;
	ix_soup_options options; /* without zeros */
	ix_soup_state state;
	bool is_login_asked; /* client: the request is sent; server: it came and waits for an answer */
	uint64_t offset;     /* bytes of the stream before the packet that is being received */
	feed_time time;
	int64_t login_ns;      /* when the login began */
	int64_t in_ns, out_ns; /* when something last came, went */
	uint8_t *input;        /* a packet that has not come as a whole */
	size_t held;
	uint8_t *output;
	size_t output_from, output_to;
	ix_soup_stats stats;
};

/* ---- creation ---- */

static int64_t or_default(int64_t value, int64_t fallback) { return value ? value : fallback; }

static int check_options(const ix_soup_options *given, ix_soup_options *o, ix_error *err) {
	*o = *given;
	o->payload_max = o->payload_max ? o->payload_max : IX_SOUP_PAYLOAD_MAX;
	o->output_size = o->output_size ? o->output_size : IX_SOUP_OUTPUT_SIZE;
	o->heartbeat_ns = or_default(o->heartbeat_ns, IX_SOUP_HEARTBEAT_NS);
	o->timeout_ns = or_default(o->timeout_ns, IX_SOUP_TIMEOUT_NS);
	o->login_timeout_ns = or_default(o->login_timeout_ns, IX_SOUP_LOGIN_TIMEOUT_NS);
	bool has_store = o->store.message && o->store.next;
	if (o->role == IX_SOUP_SERVER && !has_store)
		return ix_fail(err, IX_ERR_USAGE, "a server needs a store to send from");
	if (o->payload_max < IX_SOUP_PAYLOAD_MIN || o->payload_max > IX_SOUP_PAYLOAD_MAX)
		return ix_fail(err, IX_ERR_LIMIT,
			"packets of at most %zu bytes of payload, not from %d to %d", o->payload_max,
			(int)IX_SOUP_PAYLOAD_MIN, (int)IX_SOUP_PAYLOAD_MAX);
	if (o->output_size < o->payload_max + IX_SOUP_HEADER_SIZE || o->output_size > IX_SOUP_OUTPUT_SIZE_MAX)
		return ix_fail(err, IX_ERR_LIMIT, "an output of %zu bytes, not from a packet's %zu to %d",
			o->output_size, o->payload_max + IX_SOUP_HEADER_SIZE, (int)IX_SOUP_OUTPUT_SIZE_MAX);
	if (o->heartbeat_ns < 0 || o->timeout_ns < 0 || o->login_timeout_ns < 0)
		return ix_fail(err, IX_ERR_LIMIT, "a negative time to wait");
	return 0;
}

static size_t input_size(const ix_soup_options *o) { return o->payload_max + IX_SOUP_HEADER_SIZE; }

int ix_soup_new(const ix_allocator *allocator, const ix_soup_options *options, int64_t now_ns,
	ix_soup **ret_soup, ix_error *err) {
	ix_soup_options chosen = {0};
	int code = check_options(options, &chosen, err);
	if (code) return code;
	ix_soup *soup = ix_allocate(allocator, sizeof *soup, _Alignof(ix_soup));
	uint8_t *input = ix_allocate(allocator, input_size(&chosen), 1);
	uint8_t *output = ix_allocate(allocator, chosen.output_size, 1);
	if (!soup || !input || !output) {
		ix_release(allocator, soup, sizeof *soup, _Alignof(ix_soup));
		ix_release(allocator, input, input_size(&chosen), 1);
		ix_release(allocator, output, chosen.output_size, 1);
		return ix_fail(err, IX_ERR_MEMORY, "no memory for a session with an output of %zu bytes",
			chosen.output_size);
	}
	*soup = (ix_soup){.allocator = allocator, .options = chosen, .input = input, .output = output};
	feed_time_tell(&soup->time, now_ns);
	*ret_soup = soup;
	return 0;
}

void ix_soup_free(ix_soup *soup) {
	if (!soup) return;
	const ix_allocator *allocator = soup->allocator;
	ix_release(allocator, soup->input, input_size(&soup->options), 1);
	ix_release(allocator, soup->output, soup->options.output_size, 1);
	ix_release(allocator, soup, sizeof *soup, _Alignof(ix_soup));
}

ix_soup_state ix_soup_state_of(const ix_soup *soup) { return soup->state; }
const ix_soup_stats *ix_soup_stats_of(const ix_soup *soup) { return &soup->stats; }

/* ---- output ---- */

ix_bytes ix_soup_output(const ix_soup *soup) {
	return (ix_bytes){soup->output + soup->output_from, soup->output_to - soup->output_from};
}

void ix_soup_sent(ix_soup *soup, size_t size) {
	IX_ASSERT(size <= soup->output_to - soup->output_from);
	soup->output_from += size;
	if (soup->output_from == soup->output_to) soup->output_from = soup->output_to = 0;
}

static bool has_room(const ix_soup *s, size_t payload_size) {
	return IX_SOUP_HEADER_SIZE + payload_size <= s->options.output_size - (s->output_to - s->output_from);
}

static int put_packet(ix_soup *s, uint8_t type, ix_bytes payload, ix_error *err) {
	if (payload.size > s->options.payload_max)
		return ix_fail(err, IX_ERR_LIMIT, "a packet with %zu bytes of payload, over the limit of %zu",
			payload.size, s->options.payload_max);
	if (!has_room(s, payload.size))
		return ix_fail(err, IX_ERR_BUSY, "no room for %zu bytes until more of the output was sent",
			IX_SOUP_HEADER_SIZE + payload.size);
	size_t size = IX_SOUP_HEADER_SIZE + payload.size;
	if (size > s->options.output_size - s->output_to) {
		memmove(s->output, s->output + s->output_from, s->output_to - s->output_from);
		s->output_to -= s->output_from;
		s->output_from = 0;
	}
	ix_writer writer = ix_writer_of(s->output + s->output_to, size);
	ix_soup_encode(&writer, &(ix_soup_packet){.type = type, .payload = payload});
	s->output_to += size;
	s->out_ns = s->time.now_ns;
	s->stats.packets_out++;
	s->stats.bytes_out += size;
	return 0;
}

/* For a call that is right only in one role and state. */
static int check_turn(const ix_soup *s, ix_soup_role role, ix_soup_state state, ix_error *err) {
	static const char *const states[] = {
		"before the login is through", "while it is open", "when it is closed"};
	if (s->options.role != role)
		return ix_fail(err, IX_ERR_CONFLICT, "only a %s does this",
			role == IX_SOUP_CLIENT ? "client" : "server");
	if (s->state != state) return ix_fail(err, IX_ERR_CONFLICT, "not in a session %s", states[s->state]);
	return 0;
}

int ix_soup_login_request(ix_soup *soup, int64_t now_ns, const ix_soup_login *login, ix_error *err) {
	feed_time_tell(&soup->time, now_ns);
	int code = check_turn(soup, IX_SOUP_CLIENT, IX_SOUP_STATE_LOGIN, err);
	if (code) return code;
	if (soup->is_login_asked) return ix_fail(err, IX_ERR_CONFLICT, "the login was asked for already");
	uint8_t payload[IX_SOUP_PAYLOAD_MIN];
	char number[24];
	memcpy(payload, login->username, IX_SOUP_USERNAME_SIZE);
	memcpy(payload + 6, login->password, IX_SOUP_PASSWORD_SIZE);
	memcpy(payload + 16, login->session, IX_SOUP_SESSION_SIZE);
	size_t size = ix_format(number, sizeof number, "%llu", (unsigned long long)login->sequence);
	ix_soup_set_text(payload + 26, IX_SOUP_SEQUENCE_SIZE, (ix_str){number, size}, true);
	if (login->has_heartbeat) {
		if (login->heartbeat_ms > 99999)
			return ix_fail(err, IX_ERR_RANGE,
				"a heartbeat time-out of %u ms, which has more than five digits",
				(unsigned)login->heartbeat_ms);
		size = ix_format(number, sizeof number, "%u", (unsigned)login->heartbeat_ms);
		ix_soup_set_text(payload + 46, IX_SOUP_HEARTBEAT_SIZE, (ix_str){number, size}, true);
	}
	code = put_packet(
		soup, IX_SOUP_LOGIN_REQUEST, (ix_bytes){payload, login->has_heartbeat ? 51 : 46}, err);
	if (code) return code;
	soup->is_login_asked = true;
	soup->login_ns = soup->time.now_ns;
	return 0;
}

int ix_soup_logout(ix_soup *soup, int64_t now_ns, ix_error *err) {
	feed_time_tell(&soup->time, now_ns);
	int code = check_turn(soup, IX_SOUP_CLIENT, IX_SOUP_STATE_OPEN, err);
	if (code == 0) code = put_packet(soup, IX_SOUP_LOGOUT_REQUEST, (ix_bytes){0}, err);
	if (code == 0) soup->state = IX_SOUP_STATE_CLOSED;
	return code;
}

int ix_soup_send_unsequenced(ix_soup *soup, int64_t now_ns, ix_bytes message, ix_error *err) {
	feed_time_tell(&soup->time, now_ns);
	int code = check_turn(soup, soup->options.role, IX_SOUP_STATE_OPEN, err);
	return code ? code : put_packet(soup, IX_SOUP_UNSEQUENCED, message, err);
}

int ix_soup_send_debug(ix_soup *soup, int64_t now_ns, ix_str text, ix_error *err) {
	feed_time_tell(&soup->time, now_ns);
	if (soup->state == IX_SOUP_STATE_CLOSED)
		return check_turn(soup, soup->options.role, IX_SOUP_STATE_OPEN, err);
	return put_packet(soup, IX_SOUP_DEBUG, ix_str_bytes(text), err);
}

static int check_answer(ix_soup *s, int64_t now_ns, ix_error *err) {
	feed_time_tell(&s->time, now_ns);
	int code = check_turn(s, IX_SOUP_SERVER, IX_SOUP_STATE_LOGIN, err);
	if (code) return code;
	return s->is_login_asked ? 0 : ix_fail(err, IX_ERR_CONFLICT, "no login was asked for yet");
}

int ix_soup_accept(ix_soup *soup, int64_t now_ns, const uint8_t session[IX_SOUP_SESSION_SIZE],
	uint64_t sequence, ix_error *err) {
	int code = check_answer(soup, now_ns, err);
	if (code) return code;
	if (sequence == 0) sequence = soup->options.store.next(soup->options.store.context);
	uint8_t payload[IX_SOUP_SESSION_SIZE + IX_SOUP_SEQUENCE_SIZE];
	char number[24];
	size_t size = ix_format(number, sizeof number, "%llu", (unsigned long long)sequence);
	memcpy(payload, session, IX_SOUP_SESSION_SIZE);
	ix_soup_set_text(payload + IX_SOUP_SESSION_SIZE, IX_SOUP_SEQUENCE_SIZE, (ix_str){number, size}, true);
	code = put_packet(soup, IX_SOUP_LOGIN_ACCEPTED, (ix_bytes){payload, sizeof payload}, err);
	if (code) return code;
	soup->stats.sequence = sequence;
	soup->state = IX_SOUP_STATE_OPEN;
	return 0;
}

int ix_soup_reject(ix_soup *soup, int64_t now_ns, uint8_t reason, ix_error *err) {
	int code = check_answer(soup, now_ns, err);
	if (code == 0) code = put_packet(soup, IX_SOUP_LOGIN_REJECTED, (ix_bytes){&reason, 1}, err);
	if (code == 0) soup->state = IX_SOUP_STATE_CLOSED;
	return code;
}

int ix_soup_pump(ix_soup *soup, int64_t now_ns, size_t *ret_count, ix_error *err) {
	feed_time_tell(&soup->time, now_ns);
	int code = check_turn(soup, IX_SOUP_SERVER, IX_SOUP_STATE_OPEN, err);
	const ix_feed_store *store = &soup->options.store;
	size_t count = 0;
	ix_bytes message;
	while (code == 0 && store->message(store->context, soup->stats.sequence, &message)) {
		if (message.size <= soup->options.payload_max && !has_room(soup, message.size)) break;
		code = put_packet(soup, IX_SOUP_SEQUENCED, message, err);
		if (code) {
			soup->state = IX_SOUP_STATE_CLOSED;
			return ix_wrap(err, code, "message %llu", (unsigned long long)soup->stats.sequence);
		}
		soup->stats.sequence++;
		count++;
	}
	if (code) return code;
	bool is_behind = soup->stats.sequence < store->next(store->context);
	if (is_behind && !store->message(store->context, soup->stats.sequence, &message)) {
		soup->state = IX_SOUP_STATE_CLOSED;
		return ix_fail(err, IX_ERR_NOT_FOUND, "message %llu is not in the store any more",
			(unsigned long long)soup->stats.sequence);
	}
	*ret_count = count;
	return 0;
}

int ix_soup_end(ix_soup *soup, int64_t now_ns, ix_error *err) {
	feed_time_tell(&soup->time, now_ns);
	int code = check_turn(soup, IX_SOUP_SERVER, IX_SOUP_STATE_OPEN, err);
	if (code) return code;
	if (soup->stats.sequence < soup->options.store.next(soup->options.store.context))
		return ix_fail(err, IX_ERR_CONFLICT, "the client does not have message %llu yet",
			(unsigned long long)soup->stats.sequence);
	code = put_packet(soup, IX_SOUP_END_OF_SESSION, (ix_bytes){0}, err);
	if (code == 0) soup->state = IX_SOUP_STATE_CLOSED;
	return code;
}

/* ---- input ---- */

static int out_of_turn(const ix_soup *s, const ix_soup_packet *packet, ix_error *err) {
	return ix_fail(err, IX_ERR_CONFLICT, "offset %llu: packet type '%c' out of turn",
		(unsigned long long)s->offset, packet->type);
}

static int from_client(ix_soup *s, const ix_soup_packet *packet, ix_soup_event *event, ix_error *err) {
	bool is_open = s->state == IX_SOUP_STATE_OPEN;
	if (packet->type == IX_SOUP_LOGOUT_REQUEST) {
		event->kind = IX_SOUP_EVENT_LOGOUT;
		s->state = IX_SOUP_STATE_CLOSED;
	} else if (packet->type == IX_SOUP_LOGIN_REQUEST && !is_open && !s->is_login_asked) {
		int code = soup_decode_login(
			packet->payload, s->offset + IX_SOUP_HEADER_SIZE, &event->login, err);
		if (code) return code;
		event->kind = IX_SOUP_EVENT_LOGIN;
		s->is_login_asked = true;
	} else if (packet->type == IX_SOUP_UNSEQUENCED && is_open) {
		event->kind = IX_SOUP_EVENT_UNSEQUENCED;
		event->message = packet->payload;
	} else if (packet->type == IX_SOUP_CLIENT_HEARTBEAT) {
		s->stats.heartbeats_in++;
	} else {
		return out_of_turn(s, packet, err);
	}
	return 0;
}

static int from_server(ix_soup *s, const ix_soup_packet *packet, ix_soup_event *event, ix_error *err) {
	bool is_open = s->state == IX_SOUP_STATE_OPEN, is_waiting = !is_open && s->is_login_asked;
	if (packet->type == IX_SOUP_SEQUENCED && is_open) {
		event->kind = IX_SOUP_EVENT_SEQUENCED;
		event->message = packet->payload;
		event->sequence = s->stats.sequence++;
	} else if (packet->type == IX_SOUP_UNSEQUENCED && is_open) {
		event->kind = IX_SOUP_EVENT_UNSEQUENCED;
		event->message = packet->payload;
	} else if (packet->type == IX_SOUP_SERVER_HEARTBEAT) {
		s->stats.heartbeats_in++;
	} else if (packet->type == IX_SOUP_END_OF_SESSION && is_open) {
		event->kind = IX_SOUP_EVENT_END;
		event->sequence = s->stats.sequence;
		s->state = IX_SOUP_STATE_CLOSED;
	} else if (packet->type == IX_SOUP_LOGIN_ACCEPTED && is_waiting) {
		int code = soup_decode_accepted(packet->payload, s->offset + IX_SOUP_HEADER_SIZE,
			event->session, &event->sequence, err);
		if (code) return code;
		event->kind = IX_SOUP_EVENT_ACCEPTED;
		s->stats.sequence = event->sequence;
		s->state = IX_SOUP_STATE_OPEN;
	} else if (packet->type == IX_SOUP_LOGIN_REJECTED && is_waiting) {
		event->kind = IX_SOUP_EVENT_REJECTED;
		event->reason = packet->payload.data[0];
		s->state = IX_SOUP_STATE_CLOSED;
	} else {
		return out_of_turn(s, packet, err);
	}
	return 0;
}

static int take_packet(ix_soup *s, ix_bytes whole, ix_soup_event *event, ix_error *err) {
	ix_soup_role other = s->options.role == IX_SOUP_CLIENT ? IX_SOUP_SERVER : IX_SOUP_CLIENT;
	ix_soup_packet packet = {0};
	size_t used = 0;
	int code = soup_decode(whole, other, s->offset, &packet, &used, err);
	if (code) return code;
	s->stats.packets_in++;
	s->in_ns = s->time.now_ns;
	if (packet.type == IX_SOUP_DEBUG) {
		event->kind = IX_SOUP_EVENT_DEBUG;
		event->message = packet.payload;
	} else {
		code = other == IX_SOUP_CLIENT ? from_client(s, &packet, event, err)
					       : from_server(s, &packet, event, err);
	}
	s->offset += used;
	return code;
}

/* The size of the packet that starts here, as far as it can be known: 2 while its length is not there. */
static int packet_size(const ix_soup *s, ix_bytes start, size_t *ret_size, ix_error *err) {
	*ret_size = 2;
	if (start.size < 2) return 0;
	size_t length = ix_load_u16_be(start.data);
	if (length == 0)
		return ix_fail(err, IX_ERR_SYNTAX, "offset %llu: a packet of length 0 has no type",
			(unsigned long long)s->offset);
	if (length > s->options.payload_max + 1)
		return ix_fail(err, IX_ERR_LIMIT,
			"offset %llu: a packet with %zu bytes of payload, over the limit of %zu",
			(unsigned long long)s->offset, length - 1, s->options.payload_max);
	*ret_size = 2 + length;
	return 0;
}

/* Moves bytes into the buffer until it holds `size` of them; false: there are not enough. */
static bool collect(ix_soup *s, ix_bytes *input, size_t size) {
	size_t take = ix_size_min(size - s->held, input->size);
	if (take) memcpy(s->input + s->held, input->data, take);
	s->held += take;
	*input = (ix_bytes){input->data + take, input->size - take};
	return s->held == size;
}

/* The next whole packet: in the input itself, or, where it came in pieces, in the buffer. NULL data: not all
 * there yet. */
static int next_packet(ix_soup *s, ix_bytes *input, ix_bytes *ret_whole, ix_error *err) {
	*ret_whole = (ix_bytes){NULL, 0};
	size_t size = 0;
	if (s->held == 0) {
		int code = packet_size(s, *input, &size, err);
		if (code) return code;
		if (size > 2 && size <= input->size) {
			*ret_whole = (ix_bytes){input->data, size};
			*input = (ix_bytes){input->data + size, input->size - size};
			return 0;
		}
	}
	if (s->held < 2 && !collect(s, input, 2)) return 0;
	int code = packet_size(s, (ix_bytes){s->input, s->held}, &size, err);
	if (code) return code;
	if (!collect(s, input, size)) return 0;
	*ret_whole = (ix_bytes){s->input, size};
	s->held = 0;
	return 0;
}

int ix_soup_receive(ix_soup *soup, int64_t now_ns, ix_bytes *input, ix_soup_event *ret_event, ix_error *err) {
	feed_time_tell(&soup->time, now_ns);
	ix_soup_event event = {.kind = IX_SOUP_EVENT_NONE};
	size_t before = input->size;
	int code = 0;
	while (code == 0 && event.kind == IX_SOUP_EVENT_NONE && input->size > 0) {
		if (soup->state == IX_SOUP_STATE_CLOSED) {
			*input = (ix_bytes){input->data + input->size, 0};
			break;
		}
		ix_bytes whole;
		code = next_packet(soup, input, &whole, err);
		if (code == 0 && whole.data) code = take_packet(soup, whole, &event, err);
	}
	soup->stats.bytes_in += before - input->size;
	if (code) {
		soup->state = IX_SOUP_STATE_CLOSED;
		return code;
	}
	*ret_event = event;
	return 0;
}

/* ---- time ---- */

static int64_t after(int64_t since_ns, int64_t wait_ns) {
	int64_t due_ns;
	return ix_add_overflow(since_ns, wait_ns, &due_ns) ? INT64_MAX : due_ns;
}

/* When the other side's silence ends the session: that of the login, as long as it is not through. */
static int64_t silence_due(const ix_soup *s) {
	if (s->state == IX_SOUP_STATE_OPEN) return after(s->in_ns, s->options.timeout_ns);
	bool is_timed = s->options.role == IX_SOUP_SERVER || s->is_login_asked;
	return is_timed ? after(s->login_ns, s->options.login_timeout_ns) : INT64_MAX;
}

static int64_t heartbeat_due(const ix_soup *s) {
	bool is_due = s->state == IX_SOUP_STATE_OPEN && has_room(s, 0);
	return is_due ? after(s->out_ns, s->options.heartbeat_ns) : INT64_MAX;
}

int ix_soup_advance(ix_soup *soup, int64_t now_ns, ix_error *err) {
	feed_time_tell(&soup->time, now_ns);
	if (soup->state == IX_SOUP_STATE_CLOSED) return 0;
	if (soup->time.now_ns >= silence_due(soup)) {
		bool is_open = soup->state == IX_SOUP_STATE_OPEN;
		soup->state = IX_SOUP_STATE_CLOSED;
		return ix_fail(err, IX_ERR_TIMEOUT, "%s for %lld ms",
			is_open ? "nothing was heard" : "the login is not through",
			(long long)((is_open ? soup->options.timeout_ns : soup->options.login_timeout_ns) /
				    1000000));
	}
	if (soup->time.now_ns < heartbeat_due(soup)) return 0;
	soup->stats.heartbeats_out++;
	bool is_client = soup->options.role == IX_SOUP_CLIENT;
	return put_packet(
		soup, is_client ? IX_SOUP_CLIENT_HEARTBEAT : IX_SOUP_SERVER_HEARTBEAT, (ix_bytes){0}, err);
}

int64_t ix_soup_deadline(const ix_soup *soup) {
	if (soup->state == IX_SOUP_STATE_CLOSED) return INT64_MAX;
	int64_t silence_ns = silence_due(soup), heartbeat_ns = heartbeat_due(soup);
	return feed_time_deadline(&soup->time, silence_ns < heartbeat_ns ? silence_ns : heartbeat_ns);
}
