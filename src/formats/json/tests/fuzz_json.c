/* fuzz_json.c - any bytes as a document: refused with an offset inside, or read, written, and read again the
 * same. */
#include <inox/json.h>
#include <inox/text.h>

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static size_t write(ix_json *json, char *out, size_t capacity) {
	ix_writer to = ix_writer_of(out, capacity);
	ix_json_writer writer;
	ix_json_cursor root = ix_json_root(json);
	ix_json_writer_init(&writer, &to, (ix_json_style){0});
	ix_json_write(&root, &writer);
	if (ix_json_writer_finish(&writer, NULL)) abort();
	return to.size;
}

/* Every getter on every value. */
static void visit(const ix_json_cursor *at) {
	bool flag;
	int64_t number;
	double real;
	int index;
	ix_str text;
	ix_error error = {0};
	(void)ix_json_get_bool(at, &flag, &error);
	(void)ix_json_get_i64(at, -5, 5, &number, &error);
	(void)ix_json_get_real(at, &real, &error);
	(void)ix_json_get_decimal(at, 9, IX_ROUND_HALF_EVEN, &number, &error);
	(void)ix_json_get_choice(at, "csv|pcap", &index, &error);
	(void)ix_json_only(at, "a|name|b", &error);
	if (ix_json_get_string(at, &text, &error) == 0 && !ix_utf8_is_valid(text)) abort();
	for (ix_json_cursor each = {0}; ix_json_next(at, &each);) visit(&each);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
	ix_json *json, *again;
	ix_error error = {0};
	if (ix_json_parse((ix_bytes){data, size}, NULL, &json, &error)) {
		if (!error.code || !error.text[0]) abort();
		return 0;
	}
	ix_json_cursor root = ix_json_root(json);
	visit(&root);
	/* a double of three letters is written with at most 24, a control character of a byte with six */
	size_t capacity = 32 * size + 64;
	char *first = malloc(capacity), *second = malloc(capacity);
	if (!first || !second) abort();
	size_t first_size = write(json, first, capacity);
	if (ix_json_parse((ix_bytes){(uint8_t *)first, first_size}, NULL, &again, &error)) abort();
	size_t second_size = write(again, second, capacity);
	if (first_size != second_size || memcmp(first, second, first_size) != 0) abort();
	free(first);
	free(second);
	ix_json_free(again);
	ix_json_free(json);
	return 0;
}
