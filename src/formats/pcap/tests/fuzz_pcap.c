/* Any bytes as a capture: the reader ends with END or an error, reads the same in pieces as from the whole,
 * and what it reads can be written and read again. */
#include <inox/packet.h>
#include <inox/pcap.h>

#include <stdlib.h>

static void require(int is_true) {
	if (!is_true) abort();
}

typedef struct summary {
	uint64_t packets, bytes, times;
	int code;
} summary;

static void add(summary *sum, const ix_pcap_packet *p) {
	sum->packets++;
	sum->times = sum->times * 31 + (uint64_t)p->time_ns;
	for (size_t i = 0; i < p->data.size; i++) sum->bytes = sum->bytes * 31 + p->data.data[i];
	require(p->original_size >= p->data.size);
	ix_packet packet;
	ix_error err = {0};
	int code = ix_packet_decode(p->link_type, p->data, p->original_size, p->number & 1, &packet, &err);
	require(code == 0 || err.text[0] != '\0');
}

static summary read_whole(ix_bytes whole) {
	summary sum = {0};
	static ix_pcap_reader reader;
	ix_pcap_reader_init(&reader, NULL);
	for (;;) {
		ix_pcap_item item;
		ix_error err = {0};
		sum.code = ix_pcap_next_of(&reader, whole, &item, &err);
		require(sum.code == 0 || err.text[0] != '\0');
		if (sum.code || item.step != IX_PCAP_PACKET) break;
		add(&sum, &item.packet);
	}
	return sum;
}

static summary read_in_pieces(ix_bytes whole, size_t piece) {
	summary sum = {0};
	static ix_pcap_reader reader;
	ix_pcap_reader_init(&reader, NULL);
	size_t from = 0, to = 0;
	for (;;) {
		ix_pcap_item item;
		bool is_last = to == whole.size;
		sum.code =
			ix_pcap_next(&reader, (ix_bytes){whole.data + from, to - from}, is_last, &item, NULL);
		if (sum.code) return sum;
		require(item.used <= to - from);
		from += item.used;
		if (item.step == IX_PCAP_END) return sum;
		if (item.step == IX_PCAP_PACKET) {
			add(&sum, &item.packet);
			continue;
		}
		require(!is_last && reader.wanted > to - from);
		to = ix_size_min(whole.size, to + piece);
	}
}

static void write_again(ix_bytes whole) {
	static uint8_t out[1 << 17];
	static ix_pcap_reader reader, again;
	ix_pcap_reader_init(&reader, NULL);
	ix_pcap_reader_init(&again, NULL);
	ix_pcap_item item, copy;
	for (int i = 0; i < 4; i++) {
		if (ix_pcap_next_of(&reader, whole, &item, NULL) || item.step != IX_PCAP_PACKET) return;
		ix_writer w = ix_writer_of(out, sizeof out);
		ix_pcap_write_start(&w, IX_PCAP_NG, item.packet.link_type);
		ix_pcap_write_packet(
			&w, IX_PCAP_NG, item.packet.time_ns, item.packet.data, item.packet.original_size);
		if (w.failed) continue; /* before 1970 */
		ix_pcap_reader_init(&again, NULL);
		require(ix_pcap_next_of(&again, (ix_bytes){out, w.size}, &copy, NULL) == 0);
		require(copy.step == IX_PCAP_PACKET && copy.packet.time_ns == item.packet.time_ns);
		require(copy.packet.data.size == item.packet.data.size);
		require(copy.packet.original_size == item.packet.original_size);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
	ix_bytes whole = {data, size};
	summary a = read_whole(whole);
	summary b = read_in_pieces(whole, 1 + size / 7);
	require(a.packets == b.packets && a.bytes == b.bytes && a.times == b.times);
	require(a.code == b.code);
	write_again(whole);
	return 0;
}
