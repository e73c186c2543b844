/* sample.c - runs the sample command on a line and compares what came out. */
#include "sample.h"

static void read_stream(FILE *file, char *text, size_t capacity) {
	assert_int_equal(fseek(file, 0, SEEK_SET), 0);
	size_t got = fread(text, 1, capacity - 1, file);
	text[got] = '\0';
	fclose(file);
}

void sample_run_words(sample_result *ret_result, ix_program program, int argc, char **argv) {
	program.out = tmpfile();
	program.err = tmpfile();
	assert_non_null(program.out);
	assert_non_null(program.err);
	ret_result->code = ix_program_run(&program, argc, argv);
	read_stream(program.out, ret_result->out, sizeof ret_result->out);
	read_stream(program.err, ret_result->err, sizeof ret_result->err);
}

void sample_run_program(sample_result *ret_result, ix_program program, const char *line) {
	char text[1024], *argv[64] = {text};
	int argc = 0;
	size_t size = ix_str_from(line).size;
	assert_true(size < sizeof text);
	memcpy(text, line, size + 1);
	for (char *at = text; *at;) {
		while (*at == ' ') *at++ = '\0';
		if (!*at) break;
		argv[argc++] = at;
		assert_true(argc < 63);
		while (*at && *at != ' ') at++;
	}
	for (int i = 0; i < argc; i++) {
		if (argv[i][0] == '_' && (argv[i][1] == '\0' || argv[i][1] == ' ')) argv[i][0] = '\0';
		for (char *at = argv[i]; *at; at++) *at = *at == '~' ? ' ' : *at;
	}
	argv[argc] = NULL;
	sample_run_words(ret_result, program, argc, argv);
}

void sample_run(sample_result *ret_result, const char *line) {
	sample_run_program(ret_result, sample_program(), line);
}

void sample_expect_error(const char *line, int code, const char *text) {
	static sample_result result;
	sample_run(&result, line);
	assert_string_equal(result.err, text);
	assert_string_equal(result.out, "");
	assert_int_equal(result.code, code);
}

void sample_expect_output(const char *line, const char *text) {
	static sample_result result;
	sample_run(&result, line);
	assert_string_equal(result.err, "");
	assert_string_equal(result.out, text);
	assert_int_equal(result.code, 0);
}
