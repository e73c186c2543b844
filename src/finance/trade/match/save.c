/* save.c - the state of an engine as bytes. See snapshot.h. */
#include "snapshot.h"

enum { CHUNK = 4096 };

typedef struct saver {
	int (*write)(void *context, ix_bytes bytes, ix_error *err);
	void *context;
	ix_error *err;
	int code; /* the first that went wrong; nothing more is written then */
	uint32_t crc;
	ix_writer chunk;
	uint8_t bytes[CHUNK];
} saver;

static void flush(saver *s) {
	if (s->code == 0 && s->chunk.size > 0) {
		s->crc = ix_crc32c(s->crc, s->bytes, s->chunk.size);
		s->code = s->write(s->context, (ix_bytes){s->bytes, s->chunk.size}, s->err);
	}
	s->chunk = ix_writer_of(s->bytes, CHUNK);
}

static ix_writer *space(saver *s, size_t size) {
	if (size > CHUNK - s->chunk.size) flush(s);
	return &s->chunk;
}

static void save_head(saver *s, const ix_match *e) {
	ix_writer *w = space(s, SNAPSHOT_HEAD);
	ix_write_bytes(w, SNAPSHOT_MAGIC, 8);
	ix_write_u16_le(w, SNAPSHOT_MAJOR);
	ix_write_u16_le(w, SNAPSHOT_MINOR);
	ix_write_u32_le(w, e->symbol_count);
	ix_write_u64_le(w, e->command_count);
	ix_write_u64_le(w, e->event_count);
	ix_write_u64_le(w, e->trade_count);
	ix_write_u64_le(w, e->traded_quantity);
}

static void save_order(saver *s, const order *o) {
	ix_writer *w = space(s, SNAPSHOT_ORDER);
	ix_write_u64_le(w, o->number);
	ix_write_u32_le(w, o->owner);
	ix_write_u32_le(w, o->session);
	ix_write_u32_le(w, o->price_e4);
	ix_write_u32_le(w, o->stop_e4);
	ix_write_u32_le(w, o->left);
	ix_write_u32_le(w, o->shown);
	ix_write_u32_le(w, o->display);
	ix_write_u32_le(w, o->minimum);
	ix_write_u8(w, o->type);
	ix_write_u8(w, o->tif);
	ix_write_u8(w, o->stp);
	ix_write_u8(w, o->flags);
}

static void save_symbol(saver *s, const ix_match *e, const symbol *of) {
	ix_writer *w = space(s, SNAPSHOT_SYMBOL);
	ix_write_u16_le(w, (uint16_t)(of - e->symbols));
	ix_write_u8(w, of->state);
	ix_write_u8(w, 0);
	ix_write_u32_le(w, of->tick_e4);
	ix_write_u32_le(w, of->lot_size);
	ix_write_u32_le(w, of->reference_e4);
	for (unsigned place = 0; place < PLACE_COUNT; place++) {
		const side *from = &of->sides[place];
		uint32_t count = 0;
		for (uint32_t i = 0; i < from->count; i++) count += e->levels[side_numbers(from)[i]].count;
		ix_write_u32_le(w, count);
	}
	for (unsigned place = 0; place < PLACE_COUNT; place++) {
		const side *from = &of->sides[place];
		for (uint32_t i = 0; i < from->count; i++) {
			uint32_t at = e->levels[side_numbers(from)[i]].head;
			for (; at; at = e->orders[at].next) save_order(s, &e->orders[at]);
		}
	}
}

int ix_match_save(const ix_match *e, int (*write)(void *context, ix_bytes bytes, ix_error *err),
	void *context, ix_error *err) {
	saver s = {.write = write, .context = context, .err = err};
	s.chunk = ix_writer_of(s.bytes, CHUNK);
	save_head(&s, e);
	for (uint32_t i = 1; i <= e->options.symbols_max && s.code == 0; i++) {
		if (e->symbols[i].exists) save_symbol(&s, e, &e->symbols[i]);
	}
	flush(&s);
	if (s.code) return s.code;
	uint8_t end[4];
	ix_store_u32_le(end, s.crc);
	return write(context, (ix_bytes){end, sizeof end}, err);
}
