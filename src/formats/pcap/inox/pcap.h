/* pcap.h - capture files: pcap (both byte orders, micro- and nanosecond time stamps) and pcapng, in and out.
 *
 * The reader is handed bytes and gives back records that borrow from them: a whole file in memory, or pieces
 * as they come. It opens nothing, allocates nothing and keeps no more than its own struct. What is inside a
 * record (Ethernet, IP, UDP, TCP): <inox/packet.h>; TCP streams: <inox/tcp.h>. */
#ifndef INOX_PCAP_H
#define INOX_PCAP_H

#include <inox/base.h>
#include <inox/writer.h>

/* ---- reading ---- */

enum {
	IX_PCAP_PACKET_SIZE_MAX = 262144,  /* default of packet_size_max: the most that tcpdump captures */
	IX_PCAP_BLOCK_SIZE_MAX = 16 << 20, /* default of block_size_max */
	IX_PCAP_INTERFACE_MAX = 256,       /* interfaces of one pcapng section */
	IX_PCAP_MAGIC_SIZE = 4,            /* enough to tell a capture by, see ix_pcap_is_capture */
};

/* Zero means the default. */
typedef struct ix_pcap_options {
	uint32_t packet_size_max; /* captured bytes of one packet; a longer one is IX_ERR_LIMIT */
	uint32_t block_size_max;  /* bytes of one pcapng block that has to be read as a whole; others are
				     skipped */
} ix_pcap_options;

typedef enum ix_pcap_format {
	IX_PCAP_UNKNOWN, /* nothing read yet */
	IX_PCAP_MICROSECONDS,
	IX_PCAP_NANOSECONDS,
	IX_PCAP_NG,
} ix_pcap_format;

typedef struct ix_pcap_packet {
	ix_bytes data;          /* as captured; borrowed from the input */
	uint32_t original_size; /* on the wire; larger than data.size when the capture cut it short */
	int64_t time_ns;        /* since 1970-01-01T00:00Z; 0 where has_time is false */
	bool has_time;          /* false for pcapng's Simple Packet Block */
	uint16_t link_type;     /* LINKTYPE_: IX_PACKET_LINK_ETHERNET … in <inox/packet.h> */
	uint32_t interface;     /* pcapng: its number in the section; else 0 */
	uint64_t offset;        /* of the record in the file */
	uint64_t number;        /* 1 for the first packet of the file */
} ix_pcap_packet;

/* The state of reading one capture, in the caller's storage. Fields without a comment are the reader's own.
 */
typedef struct ix_pcap_interface {
	uint32_t snap_size; /* 0: no limit */
	uint16_t link_type;
	uint8_t resolution; /* if_tsresol as in the file: a power of ten, or of two with the high bit */
	int64_t offset_s;   /* if_tsoffset */
} ix_pcap_interface;

typedef struct ix_pcap_reader {
	ix_pcap_options options;
	ix_pcap_format format; /* what it turned out to be */
	bool is_big_endian;    /* of the file, or the current section */
	uint64_t offset;       /* bytes of the capture used so far */
	size_t wanted;         /* after IX_PCAP_MORE: bytes that the next input needs to have at least */
	uint64_t packet_count;
	uint64_t section_count;       /* pcapng */
	uint64_t skipped_block_count; /* pcapng: blocks that are not packets or not known */
	uint32_t interface_count;     /* of the current section */
	uint64_t skip_left;           /* of a block that is being skipped, without its last four bytes */
	uint32_t skip_size;           /* that block's size; 0: none */
	int failed;                   /* the code of the error that ended the reading */
	ix_pcap_interface interfaces[IX_PCAP_INTERFACE_MAX];
} ix_pcap_reader;

/* options may be NULL. */
IX_API void ix_pcap_reader_init(ix_pcap_reader *reader, const ix_pcap_options *options);

typedef enum ix_pcap_step {
	IX_PCAP_PACKET, /* item.packet is one */
	IX_PCAP_MORE,   /* all that can be used is used; call again with what is left and more behind it */
	IX_PCAP_END,    /* the capture ends here, as it should */
} ix_pcap_step;

typedef struct ix_pcap_item {
	ix_pcap_step step;
	size_t used;           /* bytes of the input that are done with: the next input starts behind them */
	ix_pcap_packet packet; /* IX_PCAP_PACKET: valid as long as the input's bytes are */
} ix_pcap_item;

/* Reads on. `input` is the part of the capture that was not used yet, `is_last` says that nothing follows it.
 * Errors name the offset in the capture and are final: IX_ERR_SYNTAX, IX_ERR_TRUNCATED (the capture ends
 * inside a record), IX_ERR_VERSION, IX_ERR_LIMIT, IX_ERR_RANGE (a time stamp beyond the years 1678 to 2262),
 * IX_ERR_UNSUPPORTED (a relative of pcap that is not read). */
IX_API int ix_pcap_next(
	ix_pcap_reader *reader, ix_bytes input, bool is_last, ix_pcap_item *ret_item, ix_error *err);

/* The same over a whole capture in memory: gives IX_PCAP_PACKET until IX_PCAP_END. */
IX_API int ix_pcap_next_of(ix_pcap_reader *reader, ix_bytes whole, ix_pcap_item *ret_item, ix_error *err);

/* Whether a file that starts with these bytes (IX_PCAP_MAGIC_SIZE are enough) is pcap or pcapng. */
IX_API bool ix_pcap_is_capture(ix_bytes start);

/* ---- writing: little-endian, nanoseconds (also in pcapng) ---- */

/* The start of a capture with one link type. format: IX_PCAP_MICROSECONDS, IX_PCAP_NANOSECONDS or
 * IX_PCAP_NG. */
IX_API void ix_pcap_write_start(ix_writer *writer, ix_pcap_format format, uint16_t link_type);
/* One packet. original_size 0: as long as `frame`. time_ns from 0 on; pcap holds up to the year 2106, a later
 * (or negative) time fails the writer. */
IX_API void ix_pcap_write_packet(
	ix_writer *writer, ix_pcap_format format, int64_t time_ns, ix_bytes frame, uint32_t original_size);

enum { IX_PCAP_START_SIZE_MAX = 60, IX_PCAP_RECORD_EXTRA_MAX = 35 }; /* bytes beyond the frame's own */

#endif
