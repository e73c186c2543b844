/* records.c - the records of a trail, from values to bytes and back. */
#include <inox/reader.h>
#include <inox/trail.h>
#include <inox/writer.h>

const char *ix_trail_kind_name(uint16_t kind) {
	static const char *const names[] = {
		"unknown", "start", "input", "decision", "answer", "parameter", "end"};
	return names[kind <= IX_TRAIL_END ? kind : 0];
}

/* 8 + 8 + 8 + 8 + 8 + 4 + 4 + 4 + 2 + 1 + 1 + 1, and seven zeroes. */
void ix_trail_encode_decision(const ix_trail_decision *d, uint8_t out[IX_TRAIL_DECISION_HEAD]) {
	ix_store_u64_le(out, d->message);
	ix_store_u64_le(out + 8, d->time_ns);
	ix_store_u64_le(out + 16, d->order);
	ix_store_u64_le(out + 24, d->rejects);
	ix_store_u64_le(out + 32, d->warnings);
	ix_store_u32_le(out + 40, d->quantity);
	ix_store_u32_le(out + 44, d->price_e4);
	ix_store_u32_le(out + 48, d->user_reference);
	ix_store_u16_le(out + 52, d->symbol);
	out[54] = d->wish;
	out[55] = d->side;
	ix_store_u64_le(out + 56, d->tif);
}

void ix_trail_encode_answer(const ix_trail_answer *a, uint8_t out[IX_TRAIL_ANSWER_HEAD]) {
	ix_store_u64_le(out, a->message);
	ix_store_u64_le(out + 8, a->time_ns);
}

void ix_trail_encode_parameter(const ix_trail_parameter *p, uint8_t out[IX_TRAIL_PARAMETER_SIZE]) {
	ix_store_u32_le(out, p->index);
	ix_store_u64_le(out + 4, (uint64_t)p->value);
}

void ix_trail_encode_end(const ix_trail_end *e, uint8_t out[IX_TRAIL_END_SIZE]) {
	const uint64_t numbers[] = {e->message_count, e->decision_count, e->answer_count, e->fill_count,
		(uint64_t)e->realised_e4, (uint64_t)e->unrealised_e4};
	for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
		ix_store_u64_le(out + 8 * i, numbers[i]);
	memcpy(out + 48, e->positions_hash, sizeof e->positions_hash);
}

int ix_trail_decode_input(ix_bytes payload, uint64_t *ret_first, ix_bytes *ret_framed, ix_error *err) {
	ix_reader r = ix_reader_of(payload);
	uint64_t first = ix_read_u64_le(&r);
	ix_bytes framed = ix_read_bytes(&r, ix_reader_left(&r));
	int code = ix_reader_finish(&r, "input record", err);
	if (code) return code;
	for (size_t at = 0; framed.data && at < framed.size;) {
		size_t left = framed.size - at, size = left < 2 ? 0 : ix_load_u16_be(framed.data + at);
		if (left < 2 || size > left - 2)
			return ix_fail(err, IX_ERR_TRUNCATED,
				"input record: offset %zu: a message is cut off",
				(size_t)IX_TRAIL_INPUT_HEAD + at);
		if (size == 0)
			return ix_fail(err, IX_ERR_SYNTAX, "input record: offset %zu: a message of no bytes",
				(size_t)IX_TRAIL_INPUT_HEAD + at);
		at += 2 + size;
	}
	*ret_first = first;
	*ret_framed = framed;
	return 0;
}

int ix_trail_decode_decision(ix_bytes payload, ix_trail_decision *ret_decision, ix_error *err) {
	ix_reader r = ix_reader_of(payload);
	ix_trail_decision d = {.message = ix_read_u64_le(&r), .time_ns = ix_read_u64_le(&r)};
	d.order = ix_read_u64_le(&r);
	d.rejects = ix_read_u64_le(&r);
	d.warnings = ix_read_u64_le(&r);
	d.quantity = ix_read_u32_le(&r);
	d.price_e4 = ix_read_u32_le(&r);
	d.user_reference = ix_read_u32_le(&r);
	d.symbol = ix_read_u16_le(&r);
	d.wish = ix_read_u8(&r);
	d.side = ix_read_u8(&r);
	uint64_t tif = ix_read_u64_le(&r);
	d.ouch = ix_read_bytes(&r, ix_reader_left(&r));
	int code = ix_reader_finish(&r, "decision record", err);
	if (code) return code;
	if (d.wish < IX_TRAIL_ENTER || d.wish > IX_TRAIL_CANCEL)
		return ix_fail(err, IX_ERR_SYNTAX, "decision record: offset 54: there is no wish %u", d.wish);
	if (d.side > 1)
		return ix_fail(err, IX_ERR_SYNTAX, "decision record: offset 55: there is no side %u", d.side);
	if (tif > UINT8_MAX) return ix_fail(err, IX_ERR_SYNTAX, "decision record: offset 57: not zero");
	d.tif = (uint8_t)tif;
	*ret_decision = d;
	return 0;
}

int ix_trail_decode_answer(ix_bytes payload, ix_trail_answer *ret_answer, ix_error *err) {
	ix_reader r = ix_reader_of(payload);
	ix_trail_answer a = {.message = ix_read_u64_le(&r), .time_ns = ix_read_u64_le(&r)};
	a.ouch = ix_read_bytes(&r, ix_reader_left(&r));
	int code = ix_reader_finish(&r, "answer record", err);
	if (code) return code;
	*ret_answer = a;
	return 0;
}

int ix_trail_decode_parameter(ix_bytes payload, ix_trail_parameter *ret_parameter, ix_error *err) {
	ix_reader r = ix_reader_of(payload);
	ix_trail_parameter p = {.index = ix_read_u32_le(&r)};
	p.value = (int64_t)ix_read_u64_le(&r);
	int code = ix_reader_finish(&r, "parameter record", err);
	if (code) return code;
	*ret_parameter = p;
	return 0;
}

int ix_trail_decode_end(ix_bytes payload, ix_trail_end *ret_end, ix_error *err) {
	ix_reader r = ix_reader_of(payload);
	ix_trail_end e = {.message_count = ix_read_u64_le(&r), .decision_count = ix_read_u64_le(&r)};
	e.answer_count = ix_read_u64_le(&r);
	e.fill_count = ix_read_u64_le(&r);
	e.realised_e4 = (int64_t)ix_read_u64_le(&r);
	e.unrealised_e4 = (int64_t)ix_read_u64_le(&r);
	ix_bytes hash = ix_read_bytes(&r, sizeof e.positions_hash);
	int code = ix_reader_finish(&r, "end record", err);
	if (code) return code;
	if (hash.data) memcpy(e.positions_hash, hash.data, sizeof e.positions_hash);
	*ret_end = e;
	return 0;
}
