/* Any bytes into both ends of a SoupBinTCP session, whole and a byte at a time, with the same outcome; and
 * through the decoders. */
#include <inox/soup.h>

#include <stdlib.h>
#include <string.h>

static void require(int is_true) {
	if (!is_true) abort();
}

static void *resize(void *context, void *block, size_t old_size, size_t new_size, size_t alignment) {
	(void)context, (void)old_size, (void)alignment;
	if (new_size) return realloc(block, new_size);
	free(block);
	return NULL;
}
static const ix_allocator allocator = {resize, NULL};

static bool store_message(void *context, uint64_t sequence, ix_bytes *ret_message) {
	(void)context;
	*ret_message = (ix_bytes){(const uint8_t *)"0123456789", sequence % 11};
	return sequence > 0 && sequence < 20;
}
static uint64_t store_next(void *context) {
	(void)context;
	return 20;
}

static void decode(ix_bytes bytes, ix_soup_role from) {
	static uint8_t out[65537];
	ix_soup_packet p;
	size_t used = 0;
	ix_error err = {0};
	while (ix_soup_decode(bytes, from, &p, &used, &err) == 0) {
		ix_writer w = ix_writer_of(out, sizeof out);
		ix_soup_encode(&w, &p);
		require(w.size == used && memcmp(out, bytes.data, used) == 0);
		ix_soup_login login;
		uint8_t session[IX_SOUP_SESSION_SIZE];
		uint64_t sequence;
		if (p.type == IX_SOUP_LOGIN_REQUEST) (void)ix_soup_decode_login(p.payload, &login, NULL);
		if (p.type == IX_SOUP_LOGIN_ACCEPTED)
			(void)ix_soup_decode_accepted(p.payload, session, &sequence, NULL);
		bytes = (ix_bytes){bytes.data + used, bytes.size - used};
	}
	require(strncmp(err.text, "offset ", 7) == 0);
}

typedef struct outcome {
	uint64_t events, hash;
	int code;
	ix_soup_state state;
} outcome;

static void note(outcome *o, const ix_soup_event *e) {
	o->events++;
	o->hash = o->hash * 31 + e->kind * 7 + e->sequence + e->reason + e->login.sequence;
	for (size_t i = 0; i < e->message.size; i++) o->hash = o->hash * 31 + e->message.data[i];
}

static outcome run(ix_bytes bytes, ix_soup_role role, size_t piece, bool is_logged_in) {
	ix_soup_options options = {.role = role,
		.payload_max = 100,
		.output_size = 4096,
		.store = {store_message, store_next, NULL}};
	ix_soup *s;
	require(ix_soup_new(&allocator, &options, 0, &s, NULL) == 0);
	ix_soup_login login = {.sequence = 3};
	if (role == IX_SOUP_CLIENT && is_logged_in) require(ix_soup_login_request(s, 0, &login, NULL) == 0);
	outcome o = {0};
	for (size_t at = 0; at < bytes.size && o.code == 0; at += piece) {
		ix_bytes input = {bytes.data + at, ix_size_min(piece, bytes.size - at)};
		ix_soup_event e = {.kind = IX_SOUP_EVENT_DEBUG};
		ix_error err = {0};
		while (o.code == 0 && e.kind != IX_SOUP_EVENT_NONE) {
			o.code = ix_soup_receive(s, (int64_t)at, &input, &e, &err);
			if (o.code) break;
			if (e.kind != IX_SOUP_EVENT_NONE) note(&o, &e);
			size_t count;
			if (e.kind == IX_SOUP_EVENT_LOGIN &&
				ix_soup_accept(s, (int64_t)at, e.login.session, e.login.sequence, NULL) == 0)
				(void)ix_soup_pump(s, (int64_t)at, &count, NULL);
			ix_soup_sent(s, ix_soup_output(s).size / 2);
		}
		require(o.code || input.size == 0);
		require(o.code == 0 || strncmp(err.text, "offset ", 7) == 0);
	}
	o.state = ix_soup_state_of(s);
	require(o.code == 0 || o.state == IX_SOUP_STATE_CLOSED);
	ix_soup_free(s);
	return o;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
	ix_bytes bytes = {data, size};
	for (int role = 0; role < 2; role++) {
		decode(bytes, (ix_soup_role)role);
		bool is_logged_in = size % 4 != 0;
		outcome a = run(bytes, (ix_soup_role)role, size ? size : 1, is_logged_in);
		outcome b = run(bytes, (ix_soup_role)role, 1, is_logged_in);
		require(a.events == b.events && a.hash == b.hash && a.code == b.code && a.state == b.state);
	}
	return 0;
}
