/* pcap_write.c - writing captures: pcap in micro- or nanoseconds, and pcapng with one interface in
 * nanoseconds. */
#include <inox/pcap.h>

enum { SNAP_SIZE = IX_PCAP_PACKET_SIZE_MAX, NANOSECONDS = 9 };

static void write_ng_start(ix_writer *w, uint16_t link_type) {
	ix_write_u32_le(w, 0x0A0D0D0A);
	ix_write_u32_le(w, 28);
	ix_write_u32_le(w, 0x1A2B3C4D);
	ix_write_u16_le(w, 1);
	ix_write_u16_le(w, 0);
	ix_write_u64_le(w, UINT64_MAX); /* the section's length is not told */
	ix_write_u32_le(w, 28);

	ix_write_u32_le(w, 1);
	ix_write_u32_le(w, 32);
	ix_write_u16_le(w, link_type);
	ix_write_u16_le(w, 0);
	ix_write_u32_le(w, SNAP_SIZE);
	ix_write_u16_le(w, 9); /* if_tsresol */
	ix_write_u16_le(w, 1);
	ix_write_u32_le(w, NANOSECONDS);
	ix_write_u32_le(w, 0); /* end of options */
	ix_write_u32_le(w, 32);
}

void ix_pcap_write_start(ix_writer *writer, ix_pcap_format format, uint16_t link_type) {
	IX_ASSERT(format != IX_PCAP_UNKNOWN);
	if (format == IX_PCAP_NG) {
		write_ng_start(writer, link_type);
		return;
	}
	ix_write_u32_le(writer, format == IX_PCAP_MICROSECONDS ? 0xa1b2c3d4 : 0xa1b23c4d);
	ix_write_u16_le(writer, 2);
	ix_write_u16_le(writer, 4);
	ix_write_u64_le(writer, 0); /* time zone and accuracy, by custom zero */
	ix_write_u32_le(writer, SNAP_SIZE);
	ix_write_u32_le(writer, link_type);
}

void ix_pcap_write_packet(
	ix_writer *writer, ix_pcap_format format, int64_t time_ns, ix_bytes frame, uint32_t original_size) {
	IX_ASSERT(format != IX_PCAP_UNKNOWN);
	uint64_t time = (uint64_t)time_ns;
	bool is_early_enough = format == IX_PCAP_NG || time / 1000000000 <= UINT32_MAX;
	if (time_ns < 0 || !is_early_enough || frame.size > SNAP_SIZE) {
		writer->failed = true;
		return;
	}
	uint32_t captured = (uint32_t)frame.size;
	uint32_t original = original_size > captured ? original_size : captured;
	uint32_t padding = (4 - captured % 4) % 4, size = 32 + captured + padding;
	if (format == IX_PCAP_NG) {
		ix_write_u32_le(writer, 6);
		ix_write_u32_le(writer, size);
		ix_write_u32_le(writer, 0);
		ix_write_u32_le(writer, (uint32_t)(time >> 32));
		ix_write_u32_le(writer, (uint32_t)time);
	} else {
		uint32_t fraction = (uint32_t)(time % 1000000000);
		ix_write_u32_le(writer, (uint32_t)(time / 1000000000));
		ix_write_u32_le(writer, format == IX_PCAP_MICROSECONDS ? fraction / 1000 : fraction);
	}
	ix_write_u32_le(writer, captured);
	ix_write_u32_le(writer, original);
	ix_write_bytes(writer, frame.data, frame.size);
	if (format == IX_PCAP_NG) {
		ix_write_bytes(writer, "\0\0\0", padding);
		ix_write_u32_le(writer, size);
	}
}
