/* soup.c - SoupBinTCP packets and their fields. The sessions: soup_session.c. */
#include "soup_decode.h"

static const struct {
	uint8_t type;
	bool is_from[2]; /* by ix_soup_role */
	uint32_t min, max;
	const char *title;
} packets[] = {
#define ROW(byte, CONSTANT, client, server, min, max, title) {byte, {client, server}, min, max, title},
	IX_SOUP_PACKETS(ROW)
#undef ROW
};

static const char *const role_names[] = {"client", "server"};

static int fail_type(uint8_t type, ix_soup_role from, uint64_t at, ix_error *err) {
	char text[8];
	bool is_printable = type > ' ' && type < 0x7F;
	(void)ix_format(text, sizeof text, is_printable ? "'%c'" : "0x%02x", type);
	return ix_fail(err, IX_ERR_UNSUPPORTED, "offset %llu: packet type %s is none that a %s sends",
		(unsigned long long)at + 2, text, role_names[from]);
}

int soup_decode(ix_bytes bytes, ix_soup_role from, uint64_t at, ix_soup_packet *ret_packet, size_t *ret_used,
	ix_error *err) {
	unsigned long long offset = at;
	if (bytes.size < 2)
		return ix_fail(err, IX_ERR_TRUNCATED,
			"offset %llu: a packet starts with 2 bytes of length, there are %zu", offset,
			bytes.size);
	size_t length = ix_load_u16_be(bytes.data);
	if (length == 0)
		return ix_fail(err, IX_ERR_SYNTAX, "offset %llu: a packet of length 0 has no type", offset);
	if (length > bytes.size - 2)
		return ix_fail(err, IX_ERR_TRUNCATED,
			"offset %llu: a packet of %zu bytes, where there are %zu", offset, 2 + length,
			bytes.size);
	uint8_t type = bytes.data[2];
	size_t row = 0, size = length - 1;
	while (row < IX_COUNT(packets) && packets[row].type != type) row++;
	if (row == IX_COUNT(packets) || !packets[row].is_from[from]) return fail_type(type, from, at, err);
	if (size < packets[row].min || size > packets[row].max)
		return ix_fail(err, IX_ERR_SYNTAX, "offset %llu: %s with %zu bytes of payload, %s %u", offset,
			packets[row].title, size, size < packets[row].min ? "less than" : "more than",
			(unsigned)(size < packets[row].min ? packets[row].min : packets[row].max));
	*ret_packet = (ix_soup_packet){.type = type, .payload = {bytes.data + 3, size}};
	*ret_used = 2 + length;
	return 0;
}

int ix_soup_decode(
	ix_bytes bytes, ix_soup_role from, ix_soup_packet *ret_packet, size_t *ret_used, ix_error *err) {
	return soup_decode(bytes, from, 0, ret_packet, ret_used, err);
}

void ix_soup_encode(ix_writer *writer, const ix_soup_packet *packet) {
	if (packet->payload.size > IX_SOUP_PAYLOAD_MAX) {
		writer->failed = true;
		return;
	}
	ix_write_u16_be(writer, (uint16_t)(packet->payload.size + 1));
	ix_write_u8(writer, packet->type);
	ix_write_bytes(writer, packet->payload.data, packet->payload.size);
}

/* ---- fields ---- */

/* Decimal digits with spaces in front, and, as some write it, behind; all blank is 0. */
static int decode_number(ix_bytes field, uint64_t at, const char *what, uint64_t *ret_number, ix_error *err) {
	ix_str text = ix_bytes_str(field);
	while (text.size && text.data[0] == ' ') text.data++, text.size--;
	while (text.size && text.data[text.size - 1] == ' ') text.size--;
	uint64_t number = 0;
	if (text.size && !ix_str_to_u64(text, &number))
		return ix_fail(err, IX_ERR_SYNTAX, "offset %llu: %s is not a number that fits 64 bits",
			(unsigned long long)at, what);
	*ret_number = number;
	return 0;
}

int soup_decode_login(ix_bytes payload, uint64_t at, ix_soup_login *ret_login, ix_error *err) {
	enum { PASSWORD = 6, SESSION = 16, SEQUENCE = 26, HEARTBEAT = 46, END = 51 };
	if (payload.size != HEARTBEAT && payload.size != END)
		return ix_fail(err, IX_ERR_SYNTAX,
			"offset %llu: the fields of a login request have %d or %d bytes, not %zu",
			(unsigned long long)at, (int)HEARTBEAT, (int)END, payload.size);
	ix_soup_login login = {.has_heartbeat = payload.size == END};
	memcpy(login.username, payload.data, IX_SOUP_USERNAME_SIZE);
	memcpy(login.password, payload.data + PASSWORD, IX_SOUP_PASSWORD_SIZE);
	memcpy(login.session, payload.data + SESSION, IX_SOUP_SESSION_SIZE);
	uint64_t heartbeat_ms = 0;
	int code = decode_number((ix_bytes){payload.data + SEQUENCE, IX_SOUP_SEQUENCE_SIZE}, at + SEQUENCE,
		"the requested sequence number", &login.sequence, err);
	if (code == 0 && login.has_heartbeat)
		code = decode_number((ix_bytes){payload.data + HEARTBEAT, IX_SOUP_HEARTBEAT_SIZE},
			at + HEARTBEAT, "the heartbeat time-out", &heartbeat_ms, err);
	if (code) return code;
	login.heartbeat_ms = (uint32_t)heartbeat_ms; /* five digits */
	*ret_login = login;
	return 0;
}

int ix_soup_decode_login(ix_bytes payload, ix_soup_login *ret_login, ix_error *err) {
	return soup_decode_login(payload, 0, ret_login, err);
}

int soup_decode_accepted(ix_bytes payload, uint64_t at, uint8_t ret_session[IX_SOUP_SESSION_SIZE],
	uint64_t *ret_sequence, ix_error *err) {
	if (payload.size != IX_SOUP_SESSION_SIZE + IX_SOUP_SEQUENCE_SIZE)
		return ix_fail(err, IX_ERR_SYNTAX,
			"offset %llu: the fields of a login accepted have %d bytes, not %zu",
			(unsigned long long)at, (int)(IX_SOUP_SESSION_SIZE + IX_SOUP_SEQUENCE_SIZE),
			payload.size);
	ix_bytes field = {payload.data + IX_SOUP_SESSION_SIZE, IX_SOUP_SEQUENCE_SIZE};
	uint64_t sequence = 0;
	int code = decode_number(field, at + IX_SOUP_SESSION_SIZE, "the sequence number", &sequence, err);
	if (code) return code;
	memcpy(ret_session, payload.data, IX_SOUP_SESSION_SIZE);
	*ret_sequence = sequence;
	return 0;
}

int ix_soup_decode_accepted(
	ix_bytes payload, uint8_t ret_session[IX_SOUP_SESSION_SIZE], uint64_t *ret_sequence, ix_error *err) {
	return soup_decode_accepted(payload, 0, ret_session, ret_sequence, err);
}

void ix_soup_set_text(uint8_t *field, size_t size, ix_str text, bool pad_left) {
	size_t used = ix_size_min(size, text.size), before = pad_left ? size - used : 0;
	memset(field, ' ', size);
	if (used) memcpy(field + before, text.data, used);
}
