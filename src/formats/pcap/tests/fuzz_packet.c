/* Any bytes as a frame of any link type, whole or cut short; and as segments of TCP connections. */
#include <inox/packet.h>
#include <inox/tcp.h>

#include <stdlib.h>
#include <string.h>

static void require(int is_true) {
	if (!is_true) abort();
}

static void *resize(void *context, void *block, size_t old_size, size_t new_size, size_t alignment) {
	(void)context, (void)old_size, (void)alignment;
	if (new_size) return realloc(block, new_size);
	free(block);
	return NULL;
}
static const ix_allocator allocator = {resize, NULL};

static void decode_all(ix_bytes frame) {
	static const uint16_t links[] = {0, 1, 12, 14, 101, 108, 113, 228, 229, 276, 300};
	for (size_t i = 0; i < IX_COUNT(links); i++) {
		for (uint32_t cut = 0; cut < 3; cut++) {
			ix_packet p;
			ix_error err = {0};
			uint32_t original = (uint32_t)frame.size + cut * 700;
			int code = ix_packet_decode(links[i], frame, original, cut == 0, &p, &err);
			require(code == 0 || strncmp(err.text, "offset ", 7) == 0);
			if (code) continue;
			require(p.payload.size <= p.payload_size && p.payload_size <= original);
			require(p.payload.size == 0 ||
				(p.payload.data >= frame.data &&
					p.payload.data + p.payload.size <= frame.data + frame.size));
			require(p.tcp_options.size <= 40);
			char text[IX_PACKET_ADDRESS_TEXT_MAX];
			require(ix_packet_address_text(p.ip_version, p.source, p.source_port, text,
					sizeof text) < sizeof text);
		}
	}
}

/* Eight bytes a segment: place, flags, size, acknowledgement, ports. */
static void reassemble(const uint8_t *data, size_t size) {
	static const uint8_t payload[256];
	ix_tcp_options options = {.window_bytes = 64, .connection_max = 2};
	ix_tcp_table *table;
	require(ix_tcp_table_new(&allocator, &options, &table, NULL) == 0);
	uint64_t places[512][2] = {0};
	for (size_t i = 0; i + 8 <= size || i == size / 8 * 8; i += 8) {
		ix_packet p = {.kind = IX_PACKET_TCP, .ip_version = 4};
		bool is_segment = i + 8 <= size && i < 400 * 8;
		if (is_segment) {
			uint32_t place = data[i + 1] & 0x80 ? 0x01000000u * data[i] : data[i];
			p.tcp_sequence = (data[i + 6] & 1 ? 0u : 0xFFFFFFF0u) + place;
			p.tcp_flags = data[i + 1] & 0x17;
			p.payload = (ix_bytes){payload, data[i + 2]};
			p.payload_size = data[i + 2] + (data[i + 3] > 250 ? data[i + 4] : 0u);
			p.tcp_acknowledgement = data[i + 4];
			p.source_port = data[i + 5] & 3;
			p.destination_port = data[i + 5] >> 2 & 3;
			require(ix_tcp_table_push(table, &p, NULL) == 0);
		} else {
			ix_tcp_table_finish(table);
		}
		ix_tcp_side side;
		ix_tcp_event event;
		while (ix_tcp_table_next(table, &side, &event) != IX_TCP_NONE) {
			uint64_t *place = &places[side.connection % 512][side.is_client];
			if (event.kind == IX_TCP_START) *place = 0;
			require(event.offset == *place);
			*place += event.size;
		}
		if (!is_segment) break;
	}
	ix_tcp_table_free(table);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
	decode_all((ix_bytes){data, size});
	reassemble(data, size);
	return 0;
}
