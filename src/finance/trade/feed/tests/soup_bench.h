/* soup_bench.h - SoupBinTCP sessions on the bench: a store of messages, and sessions that are logged in. */
#ifndef FEED_TESTS_SOUP_BENCH_H
#define FEED_TESTS_SOUP_BENCH_H

#include <inox/alloc.h>
#include <inox/soup.h>

#include "wire_build.h"

static const int64_t second = 1000000000;

typedef struct shelf {        /* the server's store */
	uint64_t count, gone; /* messages 1 … count; those up to gone are not kept any more */
	char text[16];
} shelf;

static inline bool shelf_message(void *context, uint64_t sequence, ix_bytes *ret_message) {
	shelf *s = context;
	if (sequence <= s->gone || sequence > s->count) return false;
	int size = snprintf(s->text, sizeof s->text, "m%llu", (unsigned long long)sequence);
	*ret_message = (ix_bytes){(const uint8_t *)s->text, (size_t)size};
	return true;
}
static inline uint64_t shelf_next(void *context) { return ((const shelf *)context)->count + 1; }

static inline ix_soup *new_session(ix_soup_role role, shelf *store, ix_soup_options options) {
	options.role = role;
	if (store) options.store = (ix_feed_store){shelf_message, shelf_next, store};
	ix_soup *s;
	ix_error err = {0};
	if (ix_soup_new(ix_os_allocator(), &options, 0, &s, &err)) fail_msg("%s", err.text);
	return s;
}

static inline ix_soup_login login_of(uint64_t sequence) {
	ix_soup_login login = {.sequence = sequence};
	ix_soup_set_text(login.username, sizeof login.username, IX_STR("trader"), false);
	ix_soup_set_text(login.password, sizeof login.password, IX_STR("secret"), false);
	ix_soup_set_text(login.session, sizeof login.session, IX_STR(""), true);
	return login;
}

/* One event from bytes in front of which nothing waits. */
static inline ix_soup_event_kind receive(ix_soup *s, int64_t now_ns, ix_bytes bytes, ix_soup_event *event) {
	ix_error err = {0};
	ix_bytes input = bytes;
	if (ix_soup_receive(s, now_ns, &input, event, &err)) fail_msg("%s", err.text);
	assert_int_equal(input.size, 0);
	return event->kind;
}

static inline void expect_output(ix_soup *s, const char *bytes, size_t size) {
	ix_bytes output = ix_soup_output(s);
	assert_int_equal(output.size, size);
	assert_memory_equal(output.data, bytes, size);
	ix_soup_sent(s, size);
}

static inline ix_soup *logged_in_client(uint64_t sequence) {
	ix_soup *s = new_session(IX_SOUP_CLIENT, NULL, (ix_soup_options){0});
	ix_soup_login login = login_of(sequence);
	assert_int_equal(ix_soup_login_request(s, 0, &login, NULL), 0);
	ix_soup_sent(s, ix_soup_output(s).size);
	wire_build b;
	char payload[31];
	snprintf(payload, sizeof payload, "     INOX1%20llu", (unsigned long long)sequence);
	ix_soup_event e;
	assert_int_equal(receive(s, 0, soup_packet(&b, 'A', payload), &e), IX_SOUP_EVENT_ACCEPTED);
	return s;
}

static inline ix_soup *logged_in_server(shelf *store, uint64_t sequence) {
	ix_soup *s = new_session(IX_SOUP_SERVER, store, (ix_soup_options){0});
	wire_build b;
	char payload[64];
	snprintf(payload, sizeof payload, "tradersecret              %20llu", (unsigned long long)sequence);
	ix_soup_event e;
	assert_int_equal(receive(s, 0, soup_packet(&b, 'L', payload), &e), IX_SOUP_EVENT_LOGIN);
	assert_int_equal(e.login.sequence, sequence);
	assert_int_equal(ix_soup_accept(s, 0, (const uint8_t *)"     INOX1", sequence, NULL), 0);
	ix_soup_sent(s, ix_soup_output(s).size);
	return s;
}

#endif
