/* run.c - a stream of messages into the books, as fast as memory allows. Messages pass through stages, a
 * stride of them at a time: cut off the stream, looked up, approached, entered, applied. Each stage asks the
 * caches for what the next one reads: the slot of the order and the symbol's book; the level that the slot
 * leads to, or the side that an add goes to; the entry in the level's queue. So the waits for memory overlap
 * with each other and with the work on messages further on. Only the last stage changes anything: a guess
 * that has become wrong by the time its message is applied costs only time.
 *
 * The order of types in a feed is unpredictable, and so is a branch on the type. The stages in front avoid
 * it: a stride has a list for what adds, and one for what takes. */
#include "faults.h"
#include "messages.h"
#include "watch.h"

enum { STRIDE = 16, STAGES = 5, LOOKED_AT = 64 };

/* What a type does to an order. */
enum { DOES_UNKNOWN, DOES_OTHER, DOES_ADD, DOES_TAKE, DOES_REPLACE };
static const uint8_t does[256] = {
	[IX_ITCH_SYSTEM_EVENT] = DOES_OTHER,
	[IX_ITCH_STOCK_DIRECTORY] = DOES_OTHER,
	[IX_ITCH_TRADING_ACTION] = DOES_OTHER,
	[IX_ITCH_REG_SHO] = DOES_OTHER,
	[IX_ITCH_PARTICIPANT_POSITION] = DOES_OTHER,
	[IX_ITCH_MWCB_LEVELS] = DOES_OTHER,
	[IX_ITCH_MWCB_STATUS] = DOES_OTHER,
	[IX_ITCH_IPO_QUOTING] = DOES_OTHER,
	[IX_ITCH_LULD_COLLAR] = DOES_OTHER,
	[IX_ITCH_OPERATIONAL_HALT] = DOES_OTHER,
	[IX_ITCH_TRADE] = DOES_OTHER,
	[IX_ITCH_CROSS_TRADE] = DOES_OTHER,
	[IX_ITCH_BROKEN_TRADE] = DOES_OTHER,
	[IX_ITCH_NOII] = DOES_OTHER,
	[IX_ITCH_RPII] = DOES_OTHER,
	[IX_ITCH_DIRECT_LISTING] = DOES_OTHER,
	[IX_ITCH_ADD_ORDER] = DOES_ADD,
	[IX_ITCH_ADD_ORDER_ATTRIBUTED] = DOES_ADD,
	[IX_ITCH_ORDER_EXECUTED] = DOES_TAKE,
	[IX_ITCH_ORDER_EXECUTED_PRICE] = DOES_TAKE,
	[IX_ITCH_ORDER_CANCEL] = DOES_TAKE,
	[IX_ITCH_ORDER_DELETE] = DOES_TAKE,
	[IX_ITCH_ORDER_REPLACE] = DOES_REPLACE,
};

/* Messages that go through the stages together. */
typedef struct stride {
	const uint8_t *messages[STRIDE];
	uint64_t where[STRIDE]; /* of what takes: where its order waited when it was looked up; 0: nowhere */
	uint32_t guesses[STRIDE]; /* of what adds and replaces: the level of the price, or any */
	uint8_t adds[STRIDE], takes[STRIDE], replaces[STRIDE]; /* indices */
	uint32_t count, add_count, take_count, replace_count;
} stride;

/* What is left to cut. */
typedef struct cutter {
	const uint8_t *at, *end;
	uint64_t left;
	bool is_ended; /* the end-of-session mark is at `at` */
	int code;      /* the message at `at` is malformed */
} cutter;

/* What a pointer into the bytes at hand is in the stream. */
typedef struct origin {
	const uint8_t *data;
	uint64_t offset;
} origin;

static inline uint64_t offset_of(const origin *from, const uint8_t *at) {
	return from->offset + (uint64_t)(at - from->data);
}

static inline void fetch(const void *address) { __builtin_prefetch(address, 1); }

static inline void fetch_order(const ix_books *books, uint64_t reference) {
	/* The window will have moved on a little when it matters. */
	bool is_recent = reference - books->recent_base <= books->recent_mask + 1024;
	fetch(is_recent ? (const void *)orders_recent(books, reference)
			: &books->slots[orders_home(books, reference)]);
}

static inline const book *book_or_none(const ix_books *books, uint16_t locate) {
	return &books->books[locate < books->book_reserved ? locate : 0];
}

/* Fetches what a message's fields lead to. Fields that the type does not have are fetched too, in vain; near
 * the end of the stream they are read from elsewhere. */
static inline void fetch_first(const ix_books *books, const uint8_t *m, const uint8_t *end) {
	static const uint8_t nothing[LOOKED_AT];
	const uint8_t *fields = end - m >= LOOKED_AT ? m : nothing;
	fetch_order(books, ix_load_u64_be(fields + IX_ITCH_HEADER_SIZE));
	const book *b = book_or_none(books, ix_itch_view_locate(fields));
	fetch(b);
	fetch(&b->add_count);
}

/* Whether a whole message of a good size is at `at`; if one of a bad size is, or the mark, the cutter says
 * so. */
static inline bool cut_one(cutter *c, const uint8_t *at) {
	if (IX_UNLIKELY(c->end - at < 2)) return false;
	size_t size = ix_load_u16_be(at);
	if (IX_UNLIKELY(size == 0)) c->is_ended = true;
	if (IX_UNLIKELY(size == 0 || size > (size_t)(c->end - at) - 2)) return false;
	size_t whole = ix_itch_size(at[2]);
	if (IX_LIKELY(size == whole || whole == 0)) return true;
	c->code = size < whole ? IX_ERR_TRUNCATED : IX_ERR_SYNTAX;
	return false;
}

/* Cuts a stride off the stream, and lists what its messages do. */
static void cut(const ix_books *books, cutter *c, stride *s) {
	const uint8_t *at = c->at;
	uint32_t count = 0, add_count = 0, take_count = 0, replace_count = 0;
	uint32_t most = c->left < STRIDE ? (uint32_t)c->left : STRIDE;
	if (c->code || c->is_ended) most = 0;
	while (count < most && cut_one(c, at)) {
		const uint8_t *m = at + 2;
		unsigned doing = does[m[0]];
		fetch_first(books, m, c->end);
		s->messages[count] = m;
		s->adds[add_count] = s->takes[take_count] = s->replaces[replace_count] = (uint8_t)count;
		add_count += doing == DOES_ADD;
		take_count += doing >= DOES_TAKE;
		replace_count += doing == DOES_REPLACE;
		count++;
		at = m + ix_load_u16_be(at);
	}
	s->count = count;
	s->add_count = add_count;
	s->take_count = take_count;
	s->replace_count = replace_count;
	c->left -= count;
	c->at = at;
}

/* The end of a side's keys and of its levels. */
static inline void fetch_side(const ix_books *books, const side *s) {
	fetch(side_keys(books, s) + s->count);
	fetch(side_levels(books, s) + s->count);
}

/* Fetches the levels of orders that are taken from, and the sides that are added to. */
static void look_up(const ix_books *books, stride *s) {
	for (uint32_t k = 0; k < s->take_count; k++) {
		uint32_t i = s->takes[k];
		s->where[i] = orders_find(books, ix_load_u64_be(s->messages[i] + IX_ITCH_HEADER_SIZE));
		fetch(&books->levels[where_level(s->where[i])]);
	}
	for (uint32_t k = 0; k < s->add_count; k++) {
		const uint8_t *m = s->messages[s->adds[k]];
		unsigned which = ix_itch_add_order_side(m) == IX_ITCH_SIDE_SELL;
		fetch_side(books, &book_or_none(books, ix_itch_view_locate(m))->sides[which]);
	}
	for (uint32_t k = 0; k < s->replace_count; k++)
		fetch_order(books, ix_itch_order_replace_new_reference(s->messages[s->replaces[k]]));
}

/* The level of a price, and its memory; any other if there is none. */
static inline uint32_t fetch_level(const ix_books *books, const side *s, unsigned which, uint32_t price_e4) {
	if (IX_UNLIKELY(s->count == 0)) return 0;
	uint32_t place = side_place(side_keys(books, s), s->count, side_key(which, price_e4));
	uint32_t number = side_levels(books, s)[place < s->count ? place : 0];
	fetch(&books->levels[number]);
	fetch(books->levels[number].near_references);
	return number;
}

static inline void fetch_entry(const ix_books *books, uint64_t where) {
	const level *l = &books->levels[where_level(where)];
	fetch(&queue_shares(books, l)[where_sequence(where) & queue_mask(l)]);
}

/* Fetches the entries of orders that are taken from, and the levels that are added to. */
static void approach(const ix_books *books, stride *s) {
	for (uint32_t k = 0; k < s->take_count; k++) fetch_entry(books, s->where[s->takes[k]]);
	for (uint32_t k = 0; k < s->add_count; k++) {
		uint32_t i = s->adds[k];
		const uint8_t *m = s->messages[i];
		unsigned which = ix_itch_add_order_side(m) == IX_ITCH_SIDE_SELL;
		const side *to = &book_or_none(books, ix_itch_view_locate(m))->sides[which];
		s->guesses[i] = fetch_level(books, to, which, ix_itch_add_order_price_e4(m));
	}
}

static inline void fetch_tail(const ix_books *books, uint32_t number) {
	const level *l = &books->levels[number];
	fetch(&queue_shares(books, l)[l->tail & queue_mask(l)]);
	fetch(&queue_references(books, l)[l->tail & queue_mask(l)]);
}

/* Fetches the entries that adds will fill, and the levels that replaces go to. */
static void enter(const ix_books *books, stride *s) {
	for (uint32_t k = 0; k < s->add_count; k++) fetch_tail(books, s->guesses[s->adds[k]]);
	for (uint32_t k = 0; k < s->replace_count; k++) {
		uint32_t i = s->replaces[k];
		const level *l = &books->levels[where_level(s->where[i])];
		const side *to = &books->books[l->locate].sides[l->side];
		s->guesses[i] =
			fetch_level(books, to, l->side, ix_itch_order_replace_price_e4(s->messages[i]));
	}
}

static inline __attribute__((always_inline)) verdict apply_bytes(
	ix_books *books, const uint8_t *m, uint32_t guess) {
	uint16_t locate = ix_itch_view_locate(m);
	switch (m[0]) {
	case IX_ITCH_ADD_ORDER: {
		ix_itch_add_order o = ix_itch_load_add_order(m);
		return messages_add(
			books, locate, o.side, o.reference, o.shares, o.stock, o.price_e4, 0, guess);
	}
	case IX_ITCH_ADD_ORDER_ATTRIBUTED: {
		ix_itch_add_order_attributed o = ix_itch_load_add_order_attributed(m);
		return messages_add_attributed(books, locate, &o, guess);
	}
	case IX_ITCH_ORDER_EXECUTED: {
		ix_itch_order_executed o = ix_itch_load_order_executed(m);
		return messages_execute(
			books, locate, ix_itch_view_timestamp_ns(m), o.reference, o.shares, o.match);
	}
	case IX_ITCH_ORDER_EXECUTED_PRICE: {
		ix_itch_order_executed_price o = ix_itch_load_order_executed_price(m);
		return messages_execute_at(books, locate, ix_itch_view_timestamp_ns(m), &o);
	}
	case IX_ITCH_ORDER_CANCEL: {
		ix_itch_order_cancel o = ix_itch_load_order_cancel(m);
		return core_cancel(books, locate, o.reference, o.shares);
	}
	case IX_ITCH_ORDER_DELETE: return core_delete(books, locate, ix_itch_order_delete_reference(m));
	case IX_ITCH_ORDER_REPLACE: {
		ix_itch_order_replace o = ix_itch_load_order_replace(m);
		return core_replace(books, locate, o.reference, o.new_reference, o.shares, o.price_e4, guess);
	}
	default: {
		ix_itch_message other;
		if (ix_itch_decode_inline(m, ix_itch_size(m[0]), &other) != 0) return 0;
		return messages_apply_other(books, &other);
	}
	}
}

static int report(ix_books *books, verdict bad, const uint8_t *m, uint64_t offset, ix_error *err) {
	site where = {.locate = ix_itch_view_locate(m), .type = m[0], .has_offset = true, .offset = offset};
	if (does[m[0]] >= DOES_ADD) where.reference = ix_load_u64_be(m + IX_ITCH_HEADER_SIZE);
	if (does[m[0]] == DOES_REPLACE && bad == FAULT(DUPLICATE_REFERENCE))
		where.reference = ix_itch_order_replace_new_reference(m);
	return fault_in_message(books, bad, &where, err);
}

/* With a listener: it may ask for the time and the sequence. */
static __attribute__((noinline)) verdict apply_heard(
	ix_books *books, const uint8_t *m, uint32_t guess, uint64_t sequence) {
	books->day.sequence = sequence;
	books->day.now_ns = ix_itch_view_timestamp_ns(m);
	watch w = watch_start(books, ix_itch_view_locate(m));
	verdict bad = apply_bytes(books, m, guess);
	watch_end(books, &w);
	if (books->listener.on_message)
		books->listener.on_message(books->listener.context, m, ix_load_u16_be(m - 2));
	return bad;
}

/* Takes note of what was applied. An unknown type may be too short for a time. */
static void note_place(
	ix_books *books, const stride *s, uint32_t count, const origin *from, ix_itch_run *run) {
	books->day.message_count += count;
	run->message_count += count;
	const uint8_t *last = s->messages[count - 1];
	run->offset = offset_of(from, last) + ix_load_u16_be(last - 2);
	while (count > 0 && does[s->messages[count - 1][0]] == DOES_UNKNOWN) count--;
	if (count > 0) books->day.now_ns = ix_itch_view_timestamp_ns(s->messages[count - 1]);
}

/* Applies messages; stops behind one that returns an error. */
static int apply_stride(
	ix_books *books, const stride *s, const origin *from, ix_itch_run *run, ix_error *err) {
	uint64_t sequence = books->day.sequence;
	bool is_heard = books->has_listener;
	int code = 0;
	uint32_t i = 0;
	while (i < s->count && code == 0) {
		const uint8_t *m = s->messages[i];
		uint32_t guess = s->guesses[i++];
		if (IX_UNLIKELY(does[m[0]] == DOES_UNKNOWN)) {
			run->unknown_count++;
			continue;
		}
		verdict bad = IX_LIKELY(!is_heard) ? apply_bytes(books, m, guess)
						   : apply_heard(books, m, guess, sequence + i - 1);
		if (IX_UNLIKELY(bad)) {
			books->day.sequence = sequence + i - 1;
			code = report(books, bad, m, offset_of(from, m) - 2, err);
		}
	}
	books->day.sequence = sequence + i;
	if (i > 0) note_place(books, s, i, from, run);
	return code;
}

/* Behind the last message applied. */
static int finish(const cutter *c, ix_itch_run *run, ix_error *err) {
	if (c->code) {
		ix_bytes bad = {c->at + 2, ix_load_u16_be(c->at)};
		int code = ix_itch_decode(bad, &(ix_itch_message){0}, err);
		return ix_wrap(err, code, "offset %llu", (unsigned long long)run->offset);
	}
	if (c->is_ended) {
		run->is_ended = true;
		run->offset += 2;
	}
	return 0;
}

int ix_books_run(ix_books *books, ix_bytes framed, ix_itch_run *run, uint64_t message_max, ix_error *err) {
	if (run->is_ended) return 0;
	const origin from = {framed.data, run->offset};
	cutter c = {.at = framed.data, .end = framed.data + framed.size, .left = message_max};
	stride strides[STAGES];
	memset(strides, 0, sizeof strides);
	/* Round and round: strides[t % STAGES] is cut at time t, looked up at t + 1, … */
	uint32_t empty = 0;
	for (uint32_t t = 0; empty < STAGES; t++) {
		cut(books, &c, &strides[t % STAGES]);
		look_up(books, &strides[(t + 4) % STAGES]);
		approach(books, &strides[(t + 3) % STAGES]);
		enter(books, &strides[(t + 2) % STAGES]);
		int code = apply_stride(books, &strides[(t + 1) % STAGES], &from, run, err);
		if (code) return code;
		empty = strides[t % STAGES].count ? 0 : empty + 1;
	}
	return finish(&c, run, err);
}
