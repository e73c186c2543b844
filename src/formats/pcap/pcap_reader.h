/* pcap_reader.h - what the two halves of the capture reader share: pcap (pcap.c) and pcapng (pcap_ng.c). */
#ifndef PCAP_READER_H
#define PCAP_READER_H

#include <inox/pcap.h>

enum { PCAP_NG_MAGIC = 0x0A0D0D0A }; /* a section header's type, the same in both byte orders */

static inline uint16_t pcap_u16(const ix_pcap_reader *r, const uint8_t *p) {
	return r->is_big_endian ? ix_load_u16_be(p) : ix_load_u16_le(p);
}
static inline uint32_t pcap_u32(const ix_pcap_reader *r, const uint8_t *p) {
	return r->is_big_endian ? ix_load_u32_be(p) : ix_load_u32_le(p);
}
static inline uint64_t pcap_u64(const ix_pcap_reader *r, const uint8_t *p) {
	return r->is_big_endian ? ix_load_u64_be(p) : ix_load_u64_le(p);
}

/* The reader's place, for "%llu". */
static inline unsigned long long pcap_at(const ix_pcap_reader *r) { return r->offset; }

/* Asks for `size` bytes at the reader's place: 0 when the input has them. Else 1 with the step set to
 * IX_PCAP_MORE, or, where nothing more comes, the error. */
int pcap_want(ix_pcap_reader *r, ix_bytes input, size_t size, bool is_last, const char *what,
	ix_pcap_item *item, ix_error *err);

/* One move at the reader's place, where `input` starts: uses some bytes, and maybe sets the item's step.
 * Returns 0: call again behind what was used (reader->offset tells); 1: the item is ready; or an error. */
int pcap_ng_move(ix_pcap_reader *r, ix_bytes input, bool is_last, ix_pcap_item *item, ix_error *err);

int pcap_check_size(const ix_pcap_reader *r, uint32_t captured, ix_error *err);

#endif
