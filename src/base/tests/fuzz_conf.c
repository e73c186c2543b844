/* The configuration language on any bytes: up to the first NUL a file, behind it what its includes read. With
 * the schema of the tests, and without. */
#include "conf_same.h"
#include "conf_sample.h"

#include <stdio.h>
#include <stdlib.h>

enum { MEMORY_SIZE = 32 << 20 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
	static uint8_t memory[MEMORY_SIZE];
	static char included[1 << 16];
	static sample filled;
	ix_str rest = {(const char *)data, size}, text = ix_str_cut(&rest, '\0');
	sample_file files[] = {{"b.conf", included}, {"d/c.conf", included}, {0}};
	ix_arena arena;
	size_t length = ix_size_min(rest.size, sizeof included - 1);
	if (length) memcpy(included, rest.data, length);
	included[length] = '\0';
	sample_files = files;
	ix_arena_init_fixed(&arena, memory, sizeof memory);
	/* Small limits, so that they are reached. */
	ix_conf_options options = {.schema = &sample_schema,
		.loader = &sample_loader,
		.into = &filled,
		.limits = {.size_max = 100000,
			.token_count_max = 20000,
			.depth_max = 8,
			.string_size_max = 100,
			.file_count_max = 20}};
	const char *wrong = conf_wrong_with(&arena, text, &options);
	if (wrong) {
		fprintf(stderr, "%s\n", wrong);
		abort();
	}
	return 0;
}
