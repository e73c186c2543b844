/* pcap.c - reading captures: telling the formats apart, and the classic pcap records. pcapng: pcap_ng.c. */
#include "pcap_reader.h"

enum { FILE_HEADER_SIZE = 24, RECORD_HEADER_SIZE = 16 };

void ix_pcap_reader_init(ix_pcap_reader *reader, const ix_pcap_options *options) {
	*reader = (ix_pcap_reader){0};
	if (options) reader->options = *options;
	if (!reader->options.packet_size_max) reader->options.packet_size_max = IX_PCAP_PACKET_SIZE_MAX;
	if (!reader->options.block_size_max) reader->options.block_size_max = IX_PCAP_BLOCK_SIZE_MAX;
}

int pcap_want(ix_pcap_reader *r, ix_bytes input, size_t size, bool is_last, const char *what,
	ix_pcap_item *item, ix_error *err) {
	if (input.size >= size) return 0;
	if (is_last) {
		return ix_fail(err, IX_ERR_TRUNCATED,
			"offset %llu: the capture ends inside %s: %zu of its %zu bytes are there", pcap_at(r),
			what, input.size, size);
	}
	r->wanted = size;
	item->step = IX_PCAP_MORE;
	return 1;
}

int pcap_check_size(const ix_pcap_reader *r, uint32_t captured, ix_error *err) {
	if (captured <= r->options.packet_size_max) return 0;
	return ix_fail(err, IX_ERR_LIMIT, "offset %llu: a packet of %u captured bytes, over the limit of %u",
		pcap_at(r), (unsigned)captured, (unsigned)r->options.packet_size_max);
}

/* What the first four bytes say, read as little-endian. */
static ix_pcap_format format_of(uint32_t magic, bool *ret_is_big_endian) {
	*ret_is_big_endian = magic == 0xd4c3b2a1 || magic == 0x4d3cb2a1;
	switch (magic) {
	case 0xa1b2c3d4:
	case 0xd4c3b2a1: return IX_PCAP_MICROSECONDS;
	case 0xa1b23c4d:
	case 0x4d3cb2a1: return IX_PCAP_NANOSECONDS;
	case PCAP_NG_MAGIC: return IX_PCAP_NG;
	default: return IX_PCAP_UNKNOWN;
	}
}

bool ix_pcap_is_capture(ix_bytes start) {
	bool is_big_endian;
	return start.size >= IX_PCAP_MAGIC_SIZE &&
	       format_of(ix_load_u32_le(start.data), &is_big_endian) != IX_PCAP_UNKNOWN;
}

/* Known by their magic, and different enough in their records that guessing would be wrong. */
static const char *relative_of(uint32_t magic) {
	switch (magic) {
	case 0xa1b2cd34:
	case 0x34cdb2a1: return "the modified pcap of old Linux systems";
	case 0x1c0001ac:
	case 0xac01001c:
	case 0x1c0001ab:
	case 0xab01001c: return "IXIA's pcap";
	default: return NULL;
	}
}

static int start(ix_pcap_reader *r, ix_bytes input, bool is_last, ix_pcap_item *item, ix_error *err) {
	int code = pcap_want(r, input, IX_PCAP_MAGIC_SIZE, is_last, "its file header", item, err);
	if (code) return code;
	uint32_t magic = ix_load_u32_le(input.data);
	ix_pcap_format format = format_of(magic, &r->is_big_endian);
	const char *relative = relative_of(magic);
	if (relative) return ix_fail(err, IX_ERR_UNSUPPORTED, "offset 0: %s is not read", relative);
	if (format == IX_PCAP_UNKNOWN) {
		return ix_fail(err, IX_ERR_SYNTAX,
			"offset 0: neither pcap nor pcapng: it starts with %02x %02x %02x %02x",
			input.data[0], input.data[1], input.data[2], input.data[3]);
	}
	if (format == IX_PCAP_NG) {
		r->format = format;
		return 0;
	}
	code = pcap_want(r, input, FILE_HEADER_SIZE, is_last, "its file header", item, err);
	if (code) return code;
	uint16_t major = pcap_u16(r, input.data + 4), minor = pcap_u16(r, input.data + 6);
	if (major != 2) {
		return ix_fail(err, IX_ERR_VERSION, "offset 4: pcap version %u.%u is not read, only 2.x",
			(unsigned)major, (unsigned)minor);
	}
	/* The upper half of the last field speaks of frame check sequences, which are cut off by the lengths
	 * in the packets anyway. */
	r->interfaces[0] = (ix_pcap_interface){.snap_size = pcap_u32(r, input.data + 16),
		.link_type = (uint16_t)pcap_u32(r, input.data + 20)};
	r->format = format;
	r->interface_count = 1;
	r->offset += FILE_HEADER_SIZE;
	return 0;
}

static int record(ix_pcap_reader *r, ix_bytes input, bool is_last, ix_pcap_item *item, ix_error *err) {
	if (input.size == 0 && is_last) {
		item->step = IX_PCAP_END;
		return 1;
	}
	int code = pcap_want(r, input, RECORD_HEADER_SIZE, is_last, "a record's header", item, err);
	if (code) return code;
	uint32_t captured = pcap_u32(r, input.data + 8), original = pcap_u32(r, input.data + 12);
	code = pcap_check_size(r, captured, err);
	if (code) return code;
	code = pcap_want(r, input, RECORD_HEADER_SIZE + (size_t)captured, is_last, "a record", item, err);
	if (code) return code;
	int64_t fraction = pcap_u32(r, input.data + 4);
	item->step = IX_PCAP_PACKET;
	item->packet = (ix_pcap_packet){
		.data = {input.data + RECORD_HEADER_SIZE, captured},
		.original_size = original > captured ? original : captured,
		.time_ns = (int64_t)pcap_u32(r, input.data) * 1000000000 +
			   (r->format == IX_PCAP_MICROSECONDS ? fraction * 1000 : fraction),
		.has_time = true,
		.link_type = r->interfaces[0].link_type,
		.offset = r->offset,
		.number = ++r->packet_count,
	};
	r->offset += RECORD_HEADER_SIZE + (uint64_t)captured;
	return 1;
}

int ix_pcap_next(
	ix_pcap_reader *reader, ix_bytes input, bool is_last, ix_pcap_item *ret_item, ix_error *err) {
	if (reader->failed)
		return ix_fail(err, reader->failed, "offset %llu: the capture cannot be read on from here",
			pcap_at(reader));
	uint64_t before = reader->offset;
	const uint8_t *bytes = input.data ? input.data : (const uint8_t *)"";
	ix_pcap_item item = {0};
	int code = 0;
	while (code == 0) {
		size_t used = (size_t)(reader->offset - before);
		ix_bytes rest = {bytes + used, input.size - used};
		if (reader->format == IX_PCAP_UNKNOWN)
			code = start(reader, rest, is_last, &item, err);
		else if (reader->format == IX_PCAP_NG)
			code = pcap_ng_move(reader, rest, is_last, &item, err);
		else
			code = record(reader, rest, is_last, &item, err);
	}
	if (code < 0) return reader->failed = code;
	item.used = (size_t)(reader->offset - before);
	*ret_item = item;
	return 0;
}

int ix_pcap_next_of(ix_pcap_reader *reader, ix_bytes whole, ix_pcap_item *ret_item, ix_error *err) {
	IX_ASSERT(reader->offset <= whole.size);
	size_t at = (size_t)reader->offset;
	const uint8_t *bytes = whole.data ? whole.data : (const uint8_t *)"";
	return ix_pcap_next(reader, (ix_bytes){bytes + at, whole.size - at}, true, ret_item, err);
}
