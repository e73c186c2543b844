/* How fast captured packets become messages in sequence: a capture in memory, through pcap, Ethernet, IPv4,
 * UDP and MoldUDP64, from one line, from two, and with losses that are asked for again. It makes its own: a
 * million messages of 32 bytes. */
#include <inox/alloc.h>
#include <inox/bench.h>
#include <inox/mold.h>
#include <inox/packet.h>
#include <inox/pcap.h>

#include <stdlib.h>
#include <string.h>

enum { MESSAGES = 1000000, MESSAGE_SIZE = 32, PACKET_SIZE = 500 };

static uint8_t message[MESSAGE_SIZE];

static bool store_message(void *context, uint64_t sequence, ix_bytes *ret_message) {
	(void)context;
	*ret_message = (ix_bytes){message, sizeof message};
	return sequence > 0 && sequence <= MESSAGES;
}
static uint64_t store_next(void *context) {
	(void)context;
	return MESSAGES + 1;
}

static ix_bytes make_capture(void) {
	size_t capacity = (size_t)MESSAGES * 64;
	uint8_t *bytes = malloc(capacity);
	ix_mold_sender *sender = calloc(1, sizeof *sender);
	if (!bytes || !sender) exit(4);
	ix_writer w = ix_writer_of(bytes, capacity);
	ix_packet_udp header = {.source_port = 26477,
		.destination_port = 26400,
		.source = {10, 0, 0, 1},
		.destination = {233, 54, 12, 111}};
	memcpy(sender->session, "BENCHMARK1", IX_MOLD_SESSION_SIZE);
	sender->packet_size = PACKET_SIZE;
	ix_pcap_write_start(&w, IX_PCAP_NANOSECONDS, IX_PACKET_LINK_ETHERNET);
	int64_t now_ns = INT64_C(1700000000000000000);
	for (int i = 0; i <= MESSAGES; i++) {
		ix_bytes packet;
		bool is_full = i == MESSAGES ||
			       ix_mold_sender_add(sender, (ix_bytes){message, sizeof message}, NULL) != 0;
		if (!is_full || !ix_mold_sender_take(sender, now_ns += 20000, &packet)) continue;
		uint8_t frame[PACKET_SIZE + IX_PACKET_UDP_EXTRA_MAX];
		ix_writer f = ix_writer_of(frame, sizeof frame);
		ix_packet_write_udp(&f, &header, packet);
		ix_pcap_write_packet(&w, IX_PCAP_NANOSECONDS, now_ns, (ix_bytes){frame, f.size}, 0);
		if (i < MESSAGES) (void)ix_mold_sender_add(sender, (ix_bytes){message, sizeof message}, NULL);
	}
	free(sender);
	return (ix_bytes){bytes, w.size};
}

static uint64_t take_events(ix_mold_receiver *receiver) {
	uint64_t sum = 0;
	ix_mold_event e;
	while (ix_mold_receiver_next(receiver, &e) != IX_MOLD_NONE)
		if (e.kind == IX_MOLD_MESSAGE) sum += e.message.size + (e.sequence & 1);
	return sum;
}

static void ask(ix_mold_receiver *receiver, ix_mold_server *server, int64_t now_ns, uint64_t *sum) {
	uint8_t request[IX_MOLD_HEADER_SIZE], answer[IX_MOLD_PACKET_SIZE];
	while (ix_mold_receiver_request(receiver, request)) {
		size_t size = 0;
		if (ix_mold_server_answer(server, (ix_bytes){request, sizeof request}, answer, sizeof answer,
			    &size, NULL) != 0 ||
			!size)
			continue;
		(void)ix_mold_receiver_push(
			receiver, IX_MOLD_LINE_REREQUEST, now_ns, (ix_bytes){answer, size}, NULL);
		*sum += take_events(receiver);
	}
}

/* `lose`: each n-th packet is missing; 0: none. */
static void measure(const char *name, ix_bytes capture, unsigned lines, unsigned lose) {
	for (size_t i = 0; i < ix_bench_runs(7); i++) {
		static ix_pcap_reader reader;
		ix_pcap_reader_init(&reader, NULL);
		ix_mold_receiver *receiver;
		ix_mold_server server = {.store = {store_message, store_next, NULL}};
		memcpy(server.session, "BENCHMARK1", IX_MOLD_SESSION_SIZE);
		ix_mold_options options = {.rerequest = lose > 0, .request_interval_ns = 1};
		if (ix_mold_receiver_new(ix_os_allocator(), &options, &receiver, NULL) != 0) exit(4);
		uint64_t sum = 0;
		ix_pcap_item item;
		ix_packet packet;
		ix_bench_start();
		while (ix_pcap_next_of(&reader, capture, &item, NULL) == 0 && item.step == IX_PCAP_PACKET) {
			if (lose && item.packet.number % lose == 0) continue;
			for (unsigned line = 0; line < lines; line++) {
				if (ix_packet_decode(item.packet.link_type, item.packet.data,
					    item.packet.original_size, false, &packet, NULL) != 0)
					continue;
				(void)ix_mold_receiver_push(
					receiver, line, item.packet.time_ns, packet.payload, NULL);
				sum += take_events(receiver);
			}
			if (lose) ask(receiver, &server, item.packet.time_ns, &sum);
		}
		ix_mold_receiver_finish(receiver);
		sum += take_events(receiver);
		while (ix_mold_receiver_deadline(receiver) != INT64_MAX) {
			int64_t now_ns = ix_mold_receiver_deadline(receiver);
			ix_mold_receiver_advance(receiver, now_ns);
			sum += take_events(receiver);
			ask(receiver, &server, now_ns, &sum);
		}
		ix_bench_stop(name, "msg/s", MESSAGES, "\"delivered\":%llu,\"recovered\":%llu,\"sum\":%llu",
			(unsigned long long)ix_mold_receiver_stats(receiver)->message_count,
			(unsigned long long)ix_mold_receiver_stats(receiver)->recovered_messages,
			(unsigned long long)sum);
		ix_mold_receiver_free(receiver);
	}
}

int main(void) {
	memset(message, 'x', sizeof message);
	ix_bytes capture = make_capture();
	measure("capture: one line", capture, 1, 0);
	measure("capture: two lines", capture, 2, 0);
	measure("capture: one line, each 100th packet asked for again", capture, 1, 100);
	free((void *)(uintptr_t)capture.data);
	return 0;
}
