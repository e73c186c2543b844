/* tcp_table.c - all TCP connections of a capture: finds the two streams of a segment, and makes room for new
 * connections by giving out what an old one still holds. */
#include "tcp_stream.h"

#include <inox/map.h>

/* Addresses and ports of both ends, the lesser one first, so that both directions have the same key. */
typedef struct flow_key {
	uint8_t address[2][16];
	uint16_t port[2];
	uint8_t ip_version;
	uint8_t unused[3];
} flow_key;
_Static_assert(sizeof(flow_key) == 40, "no padding: keys are hashed as bytes");

static inline uint64_t flow_hash(ix_hash_key key, flow_key flow) {
	return ix_hash_bytes(key, &flow, sizeof flow);
}
static inline bool flow_equal(flow_key a, flow_key b) { return memcmp(&a, &b, sizeof a) == 0; }
IX_MAP(flow_map, flow_key, uint32_t, flow_hash, flow_equal);

enum { CLIENT, SERVER };

typedef struct connection {
	ix_tcp_stream *streams[2]; /* what the client sends, what the server sends */
	ix_tcp_side side;          /* as the client sends */
	flow_key key;
	uint64_t used; /* at this segment of the capture */
} connection;

struct ix_tcp_table {
	const ix_allocator *allocator;
	ix_tcp_options options;
	uint64_t segment_count, connection_count, evicted_count;
	flow_map map; /* to the index in slots */
	connection *slots;
	size_t slot_count;
	ix_tcp_stats gone; /* of connections that there are no more */
	/* Whose events are due, in this order: the connection that left, the last segment's, and, at the end,
	 * all. */
	connection leaving;
	bool is_leaving;
	connection *current;
	int current_side;
	bool is_finishing;
	size_t finish_at;
};

static int check_options(const ix_tcp_options *options, ix_tcp_options *ret_chosen, ix_error *err) {
	ix_tcp_options chosen = options ? *options : (ix_tcp_options){0};
	if (!chosen.connection_max) chosen.connection_max = IX_TCP_CONNECTION_MAX;
	if (!chosen.window_bytes) chosen.window_bytes = IX_TCP_WINDOW_BYTES;
	if (chosen.connection_max > IX_TCP_CONNECTION_LIMIT || chosen.window_bytes > IX_TCP_WINDOW_BYTES_MAX)
		return ix_fail(err, IX_ERR_LIMIT,
			"%zu TCP connections with windows of %zu bytes, over the limits of %d and %d",
			chosen.connection_max, chosen.window_bytes, (int)IX_TCP_CONNECTION_LIMIT,
			(int)IX_TCP_WINDOW_BYTES_MAX);
	*ret_chosen = chosen;
	return 0;
}

int ix_tcp_table_new(const ix_allocator *allocator, const ix_tcp_options *options, ix_tcp_table **ret_table,
	ix_error *err) {
	ix_tcp_options chosen = {0};
	int code = check_options(options, &chosen, err);
	if (code) return code;
	ix_tcp_table *table = ix_allocate(allocator, sizeof *table, _Alignof(ix_tcp_table));
	if (!table) return ix_fail(err, IX_ERR_MEMORY, "no memory for a table of TCP connections");
	*table = (ix_tcp_table){.allocator = allocator, .options = chosen};
	flow_map_init(&table->map, allocator, chosen.connection_max, chosen.seed);
	table->slots =
		ix_allocate(allocator, chosen.connection_max * sizeof(connection), _Alignof(connection));
	code = table->slots ? flow_map_reserve(&table->map, chosen.connection_max, err)
			    : ix_fail(err, IX_ERR_MEMORY, "no memory for %zu TCP connections",
				      chosen.connection_max);
	if (code) {
		ix_tcp_table_free(table);
		return code;
	}
	*ret_table = table;
	return 0;
}

static void free_streams(connection *c) {
	ix_tcp_stream_free(c->streams[CLIENT]);
	ix_tcp_stream_free(c->streams[SERVER]);
}

void ix_tcp_table_free(ix_tcp_table *table) {
	if (!table) return;
	for (size_t i = 0; table->slots && i < table->slot_count; i++) free_streams(&table->slots[i]);
	if (table->is_leaving) free_streams(&table->leaving);
	ix_release(table->allocator, table->slots, table->options.connection_max * sizeof(connection),
		_Alignof(connection));
	flow_map_fini(&table->map);
	ix_release(table->allocator, table, sizeof *table, _Alignof(ix_tcp_table));
}

/* ---- connections ---- */

static flow_key key_of(const ix_packet *segment) {
	flow_key key = {.ip_version = segment->ip_version};
	int order = memcmp(segment->source, segment->destination, 16);
	if (order == 0) order = segment->source_port < segment->destination_port ? -1 : 1;
	int from = order < 0 ? 0 : 1;
	memcpy(key.address[from], segment->source, 16);
	memcpy(key.address[!from], segment->destination, 16);
	key.port[from] = segment->source_port;
	key.port[!from] = segment->destination_port;
	return key;
}

/* Who opened the connection: the sender of the SYN; where the capture starts later, the one with the higher
 * port. */
static bool is_from_client(const ix_packet *segment) {
	if (segment->tcp_flags & IX_PACKET_TCP_SYN) return !(segment->tcp_flags & IX_PACKET_TCP_ACK);
	return segment->source_port > segment->destination_port;
}

static ix_tcp_side side_of(const ix_packet *segment, bool is_client, uint32_t number) {
	ix_tcp_side side = {.connection = number, .is_client = true, .ip_version = segment->ip_version};
	memcpy(side.source, is_client ? segment->source : segment->destination, 16);
	memcpy(side.destination, is_client ? segment->destination : segment->source, 16);
	side.source_port = is_client ? segment->source_port : segment->destination_port;
	side.destination_port = is_client ? segment->destination_port : segment->source_port;
	return side;
}

static int sender(const connection *c, const ix_packet *segment) {
	bool is_client = segment->source_port == c->side.source_port &&
			 memcmp(segment->source, c->side.source, 16) == 0;
	return is_client ? CLIENT : SERVER;
}

static void add_stats(ix_tcp_stats *sum, const ix_tcp_stats *more) {
	sum->segment_count += more->segment_count;
	sum->data_bytes += more->data_bytes;
	sum->gap_count += more->gap_count;
	sum->gap_bytes += more->gap_bytes;
	sum->duplicate_bytes += more->duplicate_bytes;
	sum->early_count += more->early_count;
	sum->outside_count += more->outside_count;
	sum->cut_bytes += more->cut_bytes;
}

/* The connection's memory, once its last events are taken. */
static void drop_leaving(ix_tcp_table *t) {
	if (!t->is_leaving) return;
	add_stats(&t->gone, ix_tcp_stream_stats(t->leaving.streams[CLIENT]));
	add_stats(&t->gone, ix_tcp_stream_stats(t->leaving.streams[SERVER]));
	free_streams(&t->leaving);
	t->is_leaving = false;
}

static void retire(ix_tcp_table *t, connection *c) {
	drop_leaving(t);
	tcp_stream_abort(c->streams[CLIENT]);
	tcp_stream_abort(c->streams[SERVER]);
	(void)flow_map_remove(&t->map, c->key, NULL);
	t->leaving = *c;
	t->is_leaving = true;
}

static bool is_closed(const connection *c) {
	return tcp_stream_has_ended(c->streams[CLIENT]) && tcp_stream_has_ended(c->streams[SERVER]);
}

static connection *victim(ix_tcp_table *t) {
	connection *oldest = &t->slots[0];
	for (size_t i = 0; i < t->slot_count; i++) {
		if (is_closed(&t->slots[i])) return &t->slots[i];
		if (t->slots[i].used < oldest->used) oldest = &t->slots[i];
	}
	t->evicted_count++;
	return oldest;
}

/* A new connection, in the place of `old` if there is one; else in a free slot, or in that of one that makes
 * room. */
static int open_connection(ix_tcp_table *t, const ix_packet *segment, connection *old,
	connection **ret_connection, ix_error *err) {
	connection *slots = t->slots;
	IX_ASSERT(slots);
	connection new = {.key = key_of(segment)};
	int code = ix_tcp_stream_new(t->allocator, &t->options, &new.streams[CLIENT], err);
	if (code == 0) code = ix_tcp_stream_new(t->allocator, &t->options, &new.streams[SERVER], err);
	if (code) {
		free_streams(&new);
		return code;
	}
	new.side = side_of(segment, is_from_client(segment), (uint32_t)++t->connection_count);
	connection *slot = old;
	if (!slot && t->slot_count == t->options.connection_max) slot = victim(t);
	if (slot)
		retire(t, slot);
	else
		slot = &slots[t->slot_count++];
	*slot = new;
	code = flow_map_put(&t->map, new.key, (uint32_t)(slot - t->slots), NULL);
	IX_ASSERT(code == 0); /* reserved at the start */
	*ret_connection = slot;
	return 0;
}

int ix_tcp_table_push(ix_tcp_table *table, const ix_packet *segment, ix_error *err) {
	IX_ASSERT(segment->kind == IX_PACKET_TCP);
	table->current = NULL;
	uint32_t *found = flow_map_find(&table->map, key_of(segment));
	connection *c = found ? &table->slots[*found] : NULL;
	bool is_other = c && tcp_stream_is_other(c->streams[sender(c, segment)], segment);
	bool says_something = segment->payload_size > 0 ||
			      (segment->tcp_flags & (IX_PACKET_TCP_SYN | IX_PACKET_TCP_FIN)) != 0;
	if (is_other || (!c && says_something)) {
		int code = open_connection(table, segment, c, &c, err);
		if (code) return code;
	}
	if (!c) return 0;
	c->used = ++table->segment_count;
	table->current = c;
	table->current_side = sender(c, segment);
	ix_tcp_stream_push(c->streams[table->current_side], segment);
	if (segment->tcp_flags & IX_PACKET_TCP_ACK)
		ix_tcp_stream_acknowledge(c->streams[!table->current_side], segment->tcp_acknowledgement);
	return 0;
}

void ix_tcp_table_finish(ix_tcp_table *table) {
	for (size_t i = 0; i < table->slot_count; i++) {
		ix_tcp_stream_finish(table->slots[i].streams[CLIENT]);
		ix_tcp_stream_finish(table->slots[i].streams[SERVER]);
	}
	table->current = NULL; /* its turn comes with the others */
	table->is_finishing = true;
	table->finish_at = 0;
}

/* ---- events ---- */

static ix_tcp_kind next_of(connection *c, int first, ix_tcp_side *ret_side, ix_tcp_event *ret_event) {
	for (int i = 0; i < 2; i++) {
		int which = i == 0 ? first : !first;
		ix_tcp_kind kind = ix_tcp_stream_next(c->streams[which], ret_event);
		if (kind == IX_TCP_NONE) continue;
		*ret_side = c->side;
		if (which == SERVER) {
			ix_tcp_side *s = ret_side;
			s->is_client = false;
			memcpy(s->source, c->side.destination, 16);
			memcpy(s->destination, c->side.source, 16);
			s->source_port = c->side.destination_port;
			s->destination_port = c->side.source_port;
		}
		return kind;
	}
	return IX_TCP_NONE;
}

ix_tcp_kind ix_tcp_table_next(ix_tcp_table *table, ix_tcp_side *ret_side, ix_tcp_event *ret_event) {
	if (table->is_leaving) {
		ix_tcp_kind kind = next_of(&table->leaving, CLIENT, ret_side, ret_event);
		if (kind != IX_TCP_NONE) return kind;
		drop_leaving(table);
	}
	if (table->current) {
		/* What the peer had sent before comes before what this segment says. */
		ix_tcp_kind kind = next_of(table->current, !table->current_side, ret_side, ret_event);
		if (kind != IX_TCP_NONE) return kind;
	}
	while (table->is_finishing && table->finish_at < table->slot_count) {
		ix_tcp_kind kind = next_of(&table->slots[table->finish_at], CLIENT, ret_side, ret_event);
		if (kind != IX_TCP_NONE) return kind;
		table->finish_at++;
	}
	return IX_TCP_NONE;
}

ix_tcp_stats ix_tcp_table_stats(
	const ix_tcp_table *table, uint64_t *ret_connection_count, uint64_t *ret_evicted_count) {
	ix_tcp_stats sum = table->gone;
	for (size_t i = 0; i < table->slot_count; i++) {
		add_stats(&sum, ix_tcp_stream_stats(table->slots[i].streams[CLIENT]));
		add_stats(&sum, ix_tcp_stream_stats(table->slots[i].streams[SERVER]));
	}
	if (table->is_leaving) {
		add_stats(&sum, ix_tcp_stream_stats(table->leaving.streams[CLIENT]));
		add_stats(&sum, ix_tcp_stream_stats(table->leaving.streams[SERVER]));
	}
	*ret_connection_count = table->connection_count;
	*ret_evicted_count = table->evicted_count;
	return sum;
}
