/* fuzz_command.c - any words on the command line: no crash, a documented exit code, and on stderr only what a
 * terminal can be shown. A word ends with a newline. */
#include "sample_rooms.h"

#include <inox/text.h>

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_shown(const char *text, size_t size) {
	if (!ix_utf8_is_valid((ix_str){text, size})) abort();
	for (size_t i = 0; i < size; i++)
		if (((unsigned char)text[i] < 0x20 && text[i] != '\n') || text[i] == 0x7F) abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
	enum { WORDS_MAX = 64 };
	static ix_room demo;
	char *words[WORDS_MAX + 2] = {(char[]){"inox"}}, *text = malloc(size + 1), *out = NULL, *err = NULL;
	size_t out_size = 0, err_size = 0;
	int count = 1;
	if (!text) return 0;
	if (size) memcpy(text, data, size);
	text[size] = '\0';
	for (char *at = text; at < text + size && count < WORDS_MAX; at++) {
		words[count++] = at;
		while (at < text + size && *at != '\n') at++;
		*at = '\0';
	}
	demo = sample_demo;
	demo.tour = NULL; /* a job would be a process */
	const ix_room *const rooms[] = {&demo, &sample_sum, NULL};
	ix_program program = sample_program();
	program.rooms = rooms;
	program.out = open_memstream(&out, &out_size);
	program.err = open_memstream(&err, &err_size);
	if (!program.out || !program.err) abort();
	int code = ix_program_run(&program, count, words);
	fclose(program.out);
	fclose(program.err);
	if (code < 0 || code > 5) abort();
	if (code && code != 1 && !err_size) abort();
	check_shown(err, err_size);
	free(out);
	free(err);
	free(text);
	return 0;
}
