/* soup_decode.h - the SoupBinTCP decoders with a place to count offsets from, for the sessions, which know
 * where in the stream a packet lies. */
#ifndef SOUP_DECODE_H
#define SOUP_DECODE_H

#include <inox/soup.h>

int soup_decode(ix_bytes bytes, ix_soup_role from, uint64_t at, ix_soup_packet *ret_packet, size_t *ret_used,
	ix_error *err);
int soup_decode_login(ix_bytes payload, uint64_t at, ix_soup_login *ret_login, ix_error *err);
int soup_decode_accepted(ix_bytes payload, uint64_t at, uint8_t ret_session[IX_SOUP_SESSION_SIZE],
	uint64_t *ret_sequence, ix_error *err);

#endif
