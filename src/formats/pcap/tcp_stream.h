/* tcp_stream.h - what the table of connections needs to know of a stream beyond its public face. */
#ifndef TCP_STREAM_H
#define TCP_STREAM_H

#include <inox/tcp.h>

/* Whether the segment cannot belong to the stream's connection, but starts another on the same addresses and
 * ports. */
bool tcp_stream_is_other(const ix_tcp_stream *stream, const ix_packet *segment);
/* Gives out what waits, then an end by reset. */
void tcp_stream_abort(ix_tcp_stream *stream);
bool tcp_stream_has_ended(const ix_tcp_stream *stream);

#endif
