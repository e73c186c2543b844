/* convert.h - ITCH 5.0 messages into other shapes: CSV, BinaryFILE, captures. Messages in, bytes out through
 * a sink; no files. */
#ifndef INOX_CONVERT_H
#define INOX_CONVERT_H

#include <inox/base.h>
#include <inox/compress.h>

typedef enum ix_convert_format { IX_CONVERT_CSV, IX_CONVERT_ITCH, IX_CONVERT_PCAP } ix_convert_format;

/* Takes the bytes of the result, in order. Its errors come back unchanged. */
typedef int ix_convert_sink(void *context, ix_bytes bytes, ix_error *err);

typedef struct ix_convert_options {
	const ix_allocator *allocator; /* required */
	ix_convert_format format;
	ix_convert_sink *sink;
	void *context;
	/* CSV, after RFC 4180: a header line; sequence, type, locate, tracking, timestamp_ns, and then every
	 * field of every type that has it (prices with their point, under the field's
	 * name without its unit; text without padding, bytes that are not
	 * printable as \xNN). */
	uint8_t type;               /* only messages of this type, with its own columns; 0: all */
	ix_compression compression; /* of the whole result; zero: none */
	/* pcap, nanoseconds: IPv4 UDP datagrams to 233.54.12.111:26400 */
	bool is_mold;   /* MoldUDP64 packets of many messages and an end of session; else a message a datagram
			 */
	ix_str session; /* at most 10 bytes, padded on the right */
	int64_t midnight_ns; /* what the messages' times count from, since 1970 */
} ix_convert_options;

typedef struct ix_converter ix_converter;

/* Errors: IX_ERR_USAGE for a type that ITCH does not have, or a session that is too long; IX_ERR_UNSUPPORTED
 * for a compression that is not built in; IX_ERR_MEMORY; the sink's. */
IX_API int ix_converter_new(const ix_convert_options *options, ix_converter **ret_converter, ix_error *err);
IX_API void ix_converter_free(ix_converter *converter); /* NULL is fine; what was not ended is incomplete */
/* One message. Of a type that ITCH 5.0 does not have, CSV shows type and size only (in the columns type and
 * unknown_size); the others pass it on. Errors: IX_ERR_TRUNCATED, IX_ERR_SYNTAX for a wrong size (CSV),
 * IX_ERR_RANGE for an empty one, and the sink's. */
IX_API int ix_converter_put(ix_converter *converter, uint64_t sequence, ix_bytes message, ix_error *err);
/* The rest; for BinaryFILE an end-of-session mark behind it, if the original had one. Nothing may be put
 * after it. */
IX_API int ix_converter_end(ix_converter *converter, bool with_end_mark, ix_error *err);

#endif
