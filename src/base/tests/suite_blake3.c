/* The official test vectors: input lengths, three modes, 32 and 131 bytes of output; each on every path, in
 * one piece and in pieces of odd sizes. */
#include "blake3_paths.h"

#include <inox/suite.h>
#include <inox/text.h>

#include <stdlib.h>

enum { OUT_MAX = 4096, INPUT_MAX = 64 << 20 };

/* The text after `"name":` in `json`, without its quotes; up to the comma where it has none. NULL data: not
 * there. */
static ix_str member(ix_str json, const char *name) {
	size_t length = strlen(name);
	for (size_t i = 0; i + length + 2 < json.size; i++) {
		if (json.data[i] != '"' || memcmp(json.data + i + 1, name, length) != 0 ||
			json.data[i + 1 + length] != '"')
			continue;
		ix_str rest = ix_str_trim(ix_str_slice(json, i + length + 2, json.size));
		if (!ix_str_starts_with(rest, IX_STR(":"))) continue;
		rest = ix_str_trim(ix_str_slice(rest, 1, rest.size));
		if (ix_str_starts_with(rest, IX_STR("\"")))
			return ix_str_slice(rest, 1, 1 + ix_str_find(ix_str_slice(rest, 1, rest.size), '"'));
		return ix_str_trim(ix_str_slice(rest, 0, ix_str_find(rest, ',')));
	}
	return (ix_str){NULL, 0};
}

typedef struct vector {
	const char *mode; /* "hash", "keyed_hash", "derive_key" */
	ix_str key, context;
	const uint8_t *input;
	size_t size;
	uint8_t expected[OUT_MAX];
	size_t expected_size;
} vector;

static bool same_in_pieces(const vector *v, ix_blake3_path path, size_t piece, size_t out_size) {
	static uint8_t out[OUT_MAX];
	ix_blake3_hasher h;
	if (strcmp(v->mode, "hash") == 0)
		ix_blake3_init(&h);
	else if (strcmp(v->mode, "keyed_hash") == 0)
		ix_blake3_init_keyed(&h, (const uint8_t *)v->key.data);
	else
		ix_blake3_init_derive_key(&h, v->context);
	ix_blake3_set_path(&h, path);
	for (size_t at = 0; at < v->size; at += piece)
		ix_blake3_update(&h, v->input + at, ix_size_min(piece, v->size - at));
	ix_blake3_finish(&h, out, out_size);
	return memcmp(out, v->expected, out_size) == 0;
}

static void run_vector(const vector *v, size_t out_size) {
	static const size_t pieces[] = {SIZE_MAX / 2, 1, 63, 64, 65, 1000, 1023, 1024, 1025, 4097, 16384};
	char name[64], wrong[64] = "";
	snprintf(name, sizeof name, "%zu bytes, %s, first %zu", v->size, v->mode, out_size);
	for (size_t path = 0; path < blake3_path_count(); path++) {
		const char *path_name = ix_blake3_path_name((ix_blake3_path)path);
		for (size_t i = 0; i < IX_COUNT(pieces); i++) {
			if (!same_in_pieces(v, (ix_blake3_path)path, pieces[i], out_size))
				snprintf(wrong, sizeof wrong, "%s, pieces of %zu", path_name, pieces[i]);
		}
		ix_cpu_features features = blake3_features((ix_blake3_path)path);
		uint8_t hash[32];
		ix_blake3_choose(&features);
		ix_blake3(hash, v->input, v->size);
		if (strcmp(v->mode, "hash") == 0 && memcmp(hash, v->expected, 32) != 0)
			snprintf(wrong, sizeof wrong, "%s, in one call", path_name);
	}
	ix_suite_check(wrong[0] == '\0', name, "wrong output: %s", wrong);
}

static void run_case(ix_str json, vector *v) {
	static const char *const modes[] = {"hash", "keyed_hash", "derive_key"};
	uint64_t size;
	ix_str text = member(json, "input_len");
	ix_str digits = ix_str_slice(text, 0, ix_size_min(ix_str_find(text, '\n'), ix_str_find(text, '}')));
	if (!ix_str_to_u64(ix_str_trim(digits), &size) || size > INPUT_MAX) {
		ix_suite_fail("input_len", "'%.*s' is not a length up to %d", IX_STR_ARG(digits), INPUT_MAX);
		return;
	}
	v->size = (size_t)size;
	for (size_t i = 0; i < IX_COUNT(modes); i++) {
		ix_error err = {0};
		ix_str hex = member(json, modes[i]);
		v->mode = modes[i];
		if (!hex.data ||
			ix_hex_decode(hex, v->expected, sizeof v->expected, &v->expected_size, &err) != 0 ||
			v->expected_size < 32) {
			ix_suite_fail(modes[i], "at input_len %zu: no output of at least 32 bytes: %s",
				v->size, err.text);
			continue;
		}
		run_vector(v, 32);
		if (v->expected_size > 32) run_vector(v, v->expected_size);
	}
}

static void run_file(const char *path, const char *relative, void *context) {
	static vector v;
	size_t size;
	char *text = (char *)ix_suite_read(path, &size);
	ix_str rest = {text, size};
	v.input = context;
	v.key = member(rest, "key");
	v.context = member(rest, "context_string");
	if (!text || v.key.size != IX_BLAKE3_KEY_SIZE || !v.context.data) {
		ix_suite_fail(relative, "no key of 32 bytes and context string in its head");
		free(text);
		return;
	}
	/* A case is an object of the list: from one '{' to the next '}'. */
	ix_str_cut(&rest, '[');
	while (rest.data) {
		ix_str_cut(&rest, '{');
		if (rest.data) run_case(ix_str_cut(&rest, '}'), &v);
	}
	free(text);
}

void ix_suite_run(const char *directory) {
	uint8_t *input = malloc(INPUT_MAX);
	if (!input) return;
	for (size_t i = 0; i < INPUT_MAX; i++) input[i] = (uint8_t)(i % 251);
	ix_suite_each(directory, ".json", run_file, input);
	free(input);
}
