/* pcap_ng.c - the blocks of pcapng (draft-ietf-opsawg-pcapng): sections, interfaces, the three kinds of
 * packets. Other blocks are skipped by their length without being held in memory. */
#include "pcap_reader.h"

enum {
	BLOCK_SECTION = PCAP_NG_MAGIC,
	BLOCK_INTERFACE = 1,
	BLOCK_PACKET_OLD = 2,
	BLOCK_PACKET_SIMPLE = 3,
	BLOCK_PACKET = 6,
	OPTION_END = 0,
	OPTION_RESOLUTION = 9,
	OPTION_TIME_OFFSET = 14,
	RESOLUTION_MICROSECONDS = 6,
};
#define BYTE_ORDER_MAGIC 0x1A2B3C4Du

static const struct {
	uint32_t type, size_min;
	const char *name;
} blocks[] = {
	{BLOCK_SECTION, 28, "a section header block"},
	{BLOCK_INTERFACE, 20, "an interface description block"},
	{BLOCK_PACKET_OLD, 32, "a packet block"},
	{BLOCK_PACKET_SIMPLE, 16, "a simple packet block"},
	{BLOCK_PACKET, 32, "an enhanced packet block"},
};

static int check_trailer(
	const ix_pcap_reader *r, uint64_t block, uint32_t size, const uint8_t *trailer, ix_error *err) {
	uint32_t again = pcap_u32(r, trailer);
	if (again == size) return 0;
	return ix_fail(err, IX_ERR_SYNTAX,
		"offset %llu: the block's length is %u at its start and %u at its end",
		(unsigned long long)block, (unsigned)size, (unsigned)again);
}

/* Goes on skipping a block, by what there is. */
static int skip(ix_pcap_reader *r, ix_bytes input, bool is_last, ix_pcap_item *item, ix_error *err) {
	if (r->skip_left > 0) {
		size_t now = input.size < r->skip_left ? input.size : (size_t)r->skip_left;
		r->skip_left -= now;
		r->offset += now;
		if (now > 0) return 0;
		return pcap_want(r, input, 1, is_last, "a block", item, err);
	}
	int code = pcap_want(r, input, 4, is_last, "a block's end", item, err);
	if (code) return code;
	code = check_trailer(r, r->offset + 4 - r->skip_size, r->skip_size, input.data, err);
	if (code) return code;
	r->skip_size = 0;
	r->offset += 4;
	r->skipped_block_count++;
	return 0;
}

static int section(ix_pcap_reader *r, const uint8_t *block, ix_error *err) {
	uint16_t major = pcap_u16(r, block + 12), minor = pcap_u16(r, block + 14);
	if (major != 1) {
		return ix_fail(err, IX_ERR_VERSION, "offset %llu: pcapng version %u.%u is not read, only 1.x",
			pcap_at(r) + 12, (unsigned)major, (unsigned)minor);
	}
	r->interface_count = 0;
	r->section_count++;
	return 0;
}

static int option(ix_pcap_reader *r, ix_pcap_interface *interface, unsigned code, ix_bytes value, uint64_t at,
	ix_error *err) {
	size_t wanted = code == OPTION_RESOLUTION ? 1 : code == OPTION_TIME_OFFSET ? 8 : value.size;
	if (value.size != wanted) {
		return ix_fail(err, IX_ERR_SYNTAX, "offset %llu: interface option %u has %zu bytes, not %zu",
			(unsigned long long)at, code, value.size, wanted);
	}
	if (code == OPTION_RESOLUTION) {
		unsigned power = value.data[0] & 0x7fu;
		if (power > (value.data[0] & 0x80 ? 63u : 19u)) {
			return ix_fail(err, IX_ERR_RANGE,
				"offset %llu: a time resolution of %s to the power of -%u",
				(unsigned long long)at, value.data[0] & 0x80 ? "2" : "10", power);
		}
		interface->resolution = value.data[0];
	} else if (code == OPTION_TIME_OFFSET) {
		interface->offset_s = (int64_t)pcap_u64(r, value.data);
	}
	return 0;
}

static int interface(ix_pcap_reader *r, const uint8_t *block, uint32_t size, ix_error *err) {
	if (r->interface_count == IX_PCAP_INTERFACE_MAX) {
		return ix_fail(err, IX_ERR_LIMIT, "offset %llu: more than %d interfaces in one section",
			pcap_at(r), (int)IX_PCAP_INTERFACE_MAX);
	}
	ix_pcap_interface new = {.snap_size = pcap_u32(r, block + 12),
		.link_type = pcap_u16(r, block + 8),
		.resolution = RESOLUTION_MICROSECONDS};
	for (uint32_t at = 16; at + 4 <= size - 4;) {
		unsigned code = pcap_u16(r, block + at), length = pcap_u16(r, block + at + 2);
		if (code == OPTION_END) break;
		uint32_t padded = (length + 3u) & ~3u;
		if (padded > size - 4 - at - 4) {
			return ix_fail(err, IX_ERR_SYNTAX,
				"offset %llu: interface option %u runs past its block", pcap_at(r) + at,
				code);
		}
		int failed = option(r, &new, code, (ix_bytes){block + at + 4, length}, r->offset + at, err);
		if (failed) return failed;
		at += 4 + padded;
	}
	r->interfaces[r->interface_count++] = new;
	return 0;
}

static uint64_t power_of_ten(unsigned exponent) {
	uint64_t power = 1;
	while (exponent--) power *= 10;
	return power;
}

/* Units of the interface's resolution to nanoseconds, rounded down; false when that does not fit. */
static bool to_nanoseconds(const ix_pcap_interface *interface, uint64_t units, int64_t *ret_ns) {
	unsigned power = interface->resolution & 0x7fu;
	uint64_t seconds, fraction_ns;
	if (interface->resolution & 0x80) {
		uint64_t fraction = power ? units & ((UINT64_C(1) << power) - 1) : 0;
		seconds = units >> power;
		/* fraction * 10^9 / 2^power in two halves, as the product needs 94 bits. */
		uint64_t high = (fraction >> 32) * 1000000000, low = (fraction & UINT32_MAX) * 1000000000;
		fraction_ns = power < 32 ? low >> power : (high + (low >> 32)) >> (power - 32);
	} else {
		uint64_t resolution = power_of_ten(power), fraction = units % resolution;
		seconds = units / resolution;
		fraction_ns =
			power <= 9 ? fraction * power_of_ten(9 - power) : fraction / power_of_ten(power - 9);
	}
	int64_t total;
	return !ix_add_overflow(seconds, interface->offset_s, &total) &&
	       !ix_mul_overflow(total, INT64_C(1000000000), &total) &&
	       !ix_add_overflow(total, (int64_t)fraction_ns, ret_ns);
}

/* The facts of a packet block, from whichever of the three kinds. */
typedef struct packet_facts {
	uint32_t interface, captured, original, data_at;
	uint64_t units;
	bool has_time;
} packet_facts;

static int packet(ix_pcap_reader *r, const uint8_t *block, uint32_t size, const packet_facts *facts,
	ix_pcap_item *item, ix_error *err) {
	if (facts->interface >= r->interface_count) {
		return ix_fail(err, IX_ERR_SYNTAX,
			"offset %llu: a packet of interface %u, where the section has described %u",
			pcap_at(r), (unsigned)facts->interface, (unsigned)r->interface_count);
	}
	const ix_pcap_interface *interface = &r->interfaces[facts->interface];
	uint32_t captured = facts->captured;
	if (!facts->has_time && interface->snap_size && captured > interface->snap_size)
		captured = interface->snap_size;
	int code = pcap_check_size(r, captured, err);
	if (code) return code;
	if (captured > size - 4 - facts->data_at) {
		return ix_fail(err, IX_ERR_SYNTAX, "offset %llu: %u captured bytes in a block of %u",
			pcap_at(r), (unsigned)captured, (unsigned)size);
	}
	int64_t time_ns = 0;
	if (facts->has_time && !to_nanoseconds(interface, facts->units, &time_ns)) {
		return ix_fail(err, IX_ERR_RANGE,
			"offset %llu: the packet's time stamp lies beyond the years 1678 to 2262",
			pcap_at(r));
	}
	item->step = IX_PCAP_PACKET;
	item->packet = (ix_pcap_packet){
		.data = {block + facts->data_at, captured},
		.original_size = facts->original > captured ? facts->original : captured,
		.time_ns = time_ns,
		.has_time = facts->has_time,
		.link_type = interface->link_type,
		.interface = facts->interface,
		.offset = r->offset,
		.number = ++r->packet_count,
	};
	return 1;
}

static int packet_block(ix_pcap_reader *r, uint32_t type, const uint8_t *block, uint32_t size,
	ix_pcap_item *item, ix_error *err) {
	packet_facts facts = {0};
	if (type == BLOCK_PACKET_SIMPLE) {
		facts.captured = facts.original = pcap_u32(r, block + 8);
		facts.data_at = 12;
	} else {
		facts = (packet_facts){
			.interface = type == BLOCK_PACKET ? pcap_u32(r, block + 8) : pcap_u16(r, block + 8),
			.units = (uint64_t)pcap_u32(r, block + 12) << 32 | pcap_u32(r, block + 16),
			.captured = pcap_u32(r, block + 20),
			.original = pcap_u32(r, block + 24),
			.data_at = 28,
			.has_time = true,
		};
	}
	return packet(r, block, size, &facts, item, err);
}

/* Type and length of the block that starts here; a section header sets the byte order first. */
static int block_head(
	ix_pcap_reader *r, const uint8_t *at, uint32_t *ret_type, uint32_t *ret_size, ix_error *err) {
	if (ix_load_u32_le(at) == BLOCK_SECTION) {
		uint32_t magic = ix_load_u32_le(at + 8);
		if (magic != BYTE_ORDER_MAGIC && magic != __builtin_bswap32(BYTE_ORDER_MAGIC)) {
			return ix_fail(err, IX_ERR_SYNTAX,
				"offset %llu: a section header without a byte-order mark", pcap_at(r));
		}
		r->is_big_endian = magic != BYTE_ORDER_MAGIC;
	}
	uint32_t type = pcap_u32(r, at), size = pcap_u32(r, at + 4);
	if (size < 12 || size % 4 != 0) {
		return ix_fail(err, IX_ERR_SYNTAX,
			"offset %llu: a block of %u bytes, not a multiple of 4 from 12 on", pcap_at(r),
			(unsigned)size);
	}
	*ret_type = type;
	*ret_size = size;
	return 0;
}

int pcap_ng_move(ix_pcap_reader *r, ix_bytes input, bool is_last, ix_pcap_item *item, ix_error *err) {
	if (r->skip_size) return skip(r, input, is_last, item, err);
	if (input.size == 0 && is_last) {
		item->step = IX_PCAP_END;
		return 1;
	}
	int code = pcap_want(r, input, 12, is_last, "a block's header", item, err);
	if (code) return code;
	uint32_t type = 0, size = 0;
	code = block_head(r, input.data, &type, &size, err);
	if (code) return code;
	size_t known = 0;
	while (known < IX_COUNT(blocks) && blocks[known].type != type) known++;
	if (known == IX_COUNT(blocks)) {
		r->skip_size = size;
		r->skip_left = size - 4;
		return 0;
	}
	if (size < blocks[known].size_min || size > r->options.block_size_max) {
		return ix_fail(err, size < blocks[known].size_min ? IX_ERR_SYNTAX : IX_ERR_LIMIT,
			"offset %llu: %s of %u bytes, %s %u", pcap_at(r), blocks[known].name, (unsigned)size,
			size < blocks[known].size_min ? "less than its least of" : "over the limit of",
			(unsigned)(size < blocks[known].size_min ? blocks[known].size_min
								 : r->options.block_size_max));
	}
	code = pcap_want(r, input, size, is_last, blocks[known].name, item, err);
	if (code) return code;
	code = check_trailer(r, r->offset, size, input.data + size - 4, err);
	if (code) return code;
	if (type == BLOCK_SECTION)
		code = section(r, input.data, err);
	else if (type == BLOCK_INTERFACE)
		code = interface(r, input.data, size, err);
	else
		code = packet_block(r, type, input.data, size, item, err);
	if (code < 0) return code;
	r->offset += size;
	return code;
}
