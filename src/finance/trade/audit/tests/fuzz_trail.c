/* Any bytes as each kind of record. */
#include <inox/trail.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
	const ix_bytes bytes = {data, size};
	ix_trail_decision d;
	ix_trail_answer a;
	ix_trail_parameter p;
	ix_trail_end e;
	uint64_t first;
	ix_bytes framed;
	if (ix_trail_decode_decision(bytes, &d, NULL) == 0) {
		uint8_t again[IX_TRAIL_DECISION_HEAD];
		ix_trail_encode_decision(&d, again);
		if (memcmp(again, data, sizeof again) != 0) __builtin_trap();
	}
	(void)ix_trail_decode_answer(bytes, &a, NULL);
	(void)ix_trail_decode_parameter(bytes, &p, NULL);
	(void)ix_trail_decode_end(bytes, &e, NULL);
	(void)ix_trail_decode_input(bytes, &first, &framed, NULL);
	return 0;
}
