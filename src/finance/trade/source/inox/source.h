/* source.h - market data out of files, whatever they are: BinaryFILE (plain, gzip, zstd, xz), or captures
 * (pcap, pcapng, compressed too) of one or two lossy lines of MoldUDP64, of datagrams with a bare ITCH
 * message, or of SoupBinTCP. What comes out is the same for all: ITCH 5.0 messages in sequence, each once,
 * length-prefixed, in pieces; and what is missing.
 *
 * Reads files; the protocols are the rooms' below. One thread at a time. */
#ifndef INOX_SOURCE_H
#define INOX_SOURCE_H

#include <inox/base.h>

#include <stdatomic.h>

typedef struct ix_source ix_source;

enum {
	IX_SOURCE_FILE_MAX = 2,
	IX_SOURCE_LINE_MAX = 16, /* of all files together; a line is a file's destination address and port */
	IX_SOURCE_REREQUEST_MAX = 1 << 30, /* messages that a re-request file may hold, in bytes */
};

typedef struct ix_source_options {
	const atomic_bool *must_stop;  /* set by another thread: a read that waits ends with IX_ERR_CANCELLED.
					  NULL: nobody does */
	const ix_allocator *allocator; /* required */
	const char *paths[IX_SOURCE_FILE_MAX]; /* the second may be NULL; both must be captures then. "-":
						  stdin */
	const char *rerequest_path; /* NULL, or what answers re-requests: BinaryFILE or a capture of the same
				       session */
} ix_source_options;

typedef enum ix_source_kind {
	IX_SOURCE_MESSAGES, /* `framed`: whole messages, and perhaps the first part of one more */
	IX_SOURCE_GAP,  /* `count` messages from `sequence` on are on no line; they may still be re-requested
			 */
	IX_SOURCE_LOST, /* they did not come; the next message is behind them */
	IX_SOURCE_SESSION, /* a MoldUDP64 session begins */
	IX_SOURCE_END,
} ix_source_kind;

typedef struct ix_source_part {
	ix_source_kind kind;
	ix_bytes framed;   /* good until the next call */
	uint64_t offset;   /* of `framed` in the unpacked BinaryFILE; 0 for captures */
	uint64_t sequence; /* captures: of the first message, as MoldUDP64 counts */
	uint64_t count;
	uint8_t session[10];
} ix_source_part;

typedef struct ix_source_line {
	uint8_t file;       /* index in options.paths */
	uint8_t ip_version; /* 4 or 6 */
	uint8_t address[16];
	uint16_t port;
	uint64_t packet_count, message_count, first_count, duplicate_count, lost_count, reordered_count,
		malformed_count, foreign_count, ignored_count; /* as ix_mold_line_stats has them */
} ix_source_line;

typedef struct ix_source_info {
	bool is_capture;
	char format[48];                  /* "BinaryFILE, xz", "pcap (ns) of MoldUDP64" */
	uint64_t bytes_read, bytes_total; /* of the files as they lie on disk; total 0: not known (a pipe) */
	uint64_t unpacked_bytes;
	bool has_end_mark; /* BinaryFILE's, or MoldUDP64's end of session */
	uint64_t packet_count,
		other_packet_count, /* of captures; other: neither of these protocols, or cut short */
		cut_packet_count;   /* of those: cut short by the capture's snapshot length */
	uint64_t gap_count, gap_messages, recovered_messages, lost_count, lost_messages, request_count;
	size_t line_count;
	ix_source_line lines[IX_SOURCE_LINE_MAX];
	uint64_t connection_count, soup_packet_count; /* SoupBinTCP in TCP */
	/* Directions of connections that were not read to their end: what came was no SoupBinTCP any more,
	 * bytes are missing in the capture. */
	uint64_t soup_malformed_count, soup_broken_count;
	uint64_t ouch_in[256], ouch_out[256]; /* OUCH messages by type: to the exchange, from it */
	uint64_t ouch_malformed_count;
} ix_source_info;

/* Opens the files and finds out what they are. Errors, naming the file: those of reading it, IX_ERR_SYNTAX
 * when it is nothing that we read, IX_ERR_USAGE for a second file that is not a capture, a
 * re-request file beside one that is none, or stdin named twice. */
IX_API int ix_source_open(const ix_source_options *options, ix_source **ret_source, ix_error *err);
IX_API void ix_source_close(ix_source *source); /* NULL is fine */

/* The next part; IX_SOURCE_END again and again at the end. After IX_SOURCE_MESSAGES say how far you came with
 * ix_source_advance: what you leave comes again. Errors name file and offset. */
IX_API int ix_source_next(ix_source *source, ix_source_part *ret_part, ix_error *err);
IX_API void ix_source_advance(ix_source *source, size_t size);
/* Complete after IX_SOURCE_END, true so far before it. */
IX_API const ix_source_info *ix_source_get_info(ix_source *source);
/* 0, or IX_ERR_TRUNCATED when a file shrank while it was read: then nothing that came out can be believed. */
IX_API int ix_source_check(const ix_source *source, ix_error *err);

#endif
