/* inside.h - what the converter's three formats share: the state, and a buffer in front of the sink. */
#ifndef INOX_CONVERT_INSIDE_H
#define INOX_CONVERT_INSIDE_H

#include <inox/binaryfile.h>
#include <inox/convert.h>
#include <inox/itch.h>
#include <inox/mold.h>
#include <inox/packet.h>
#include <inox/pcap.h>

enum {
	CONVERT_BUFFER = 1 << 18,
	CONVERT_PACKED = 1 << 16,
	CONVERT_ITEM_MAX =
		68 * 1024, /* bytes that one message can become at most: its own 65,535 in a frame */
	CONVERT_COLUMN_MAX = 96,
	CONVERT_MOLD_WAIT_NS = 50000, /* a packet waits so long for more messages */
};

struct ix_converter {
	ix_convert_options options;
	uint8_t *buffer;
	ix_writer writer;
	ix_compressor *compressor; /* NULL: none, or BinaryFILE's own writer has it */
	uint8_t *packed;
	/* CSV */
	size_t column_count;
	ix_str columns[CONVERT_COLUMN_MAX];
	const ix_itch_field *fields[256][CONVERT_COLUMN_MAX]; /* by type; NULL: the type lacks the column */
	/* BinaryFILE */
	ix_binaryfile_writer *binary;
	/* pcap */
	ix_mold_sender *sender;
	int64_t first_ns, last_ns; /* of the messages in the packet; of the latest message */
};

/* Hands the buffer to the sink when less than CONVERT_ITEM_MAX bytes are left in it; `all`: nothing follows.
 */
int convert_flush(ix_converter *converter, bool all, ix_error *err);

int csv_begin(ix_converter *converter, ix_error *err);
int csv_put(ix_converter *converter, uint64_t sequence, ix_bytes message, ix_error *err);
int pcap_begin(ix_converter *converter, ix_error *err);
int pcap_put(ix_converter *converter, ix_bytes message, ix_error *err);
int pcap_end(ix_converter *converter, ix_error *err);

#endif
