/* test_parse.c - command lines: every way to write an option, every kind of value, and the sentence for every
 * mistake. */
#include "sample.h"

/* What `demo pack` prints when nothing is given but the file: 64m is 67108864, csv is the first choice. */
#define DEFAULTS " out=- format=csv depth=10 memory=67108864 choice=0"
#define MORE     " ('inox demo pack --help' says more)\n"

static void takes_defaults_where_nothing_is_given(void **state) {
	(void)state;
	sample_expect_output("inox demo pack a.txt", "pack" DEFAULTS " [a.txt]\n");
}

static void takes_a_value_after_a_space_or_an_equals_sign(void **state) {
	(void)state;
	sample_expect_output("inox demo pack --name joe a", "pack name=joe" DEFAULTS " [a]\n");
	sample_expect_output("inox demo pack --name=joe a", "pack name=joe" DEFAULTS " [a]\n");
	sample_expect_output("inox demo pack --name= a", "pack name=" DEFAULTS " [a]\n");
	sample_expect_output("inox demo pack --name=a=b a", "pack name=a=b" DEFAULTS " [a]\n");
	sample_expect_output("inox demo pack --name=--quiet a", "pack name=--quiet" DEFAULTS " [a]\n");
}

static void takes_a_letters_value_after_a_space_or_at_once(void **state) {
	(void)state;
	sample_expect_output("inox demo pack -n joe a", "pack name=joe" DEFAULTS " [a]\n");
	sample_expect_output("inox demo pack -njoe a", "pack name=joe" DEFAULTS " [a]\n");
	sample_expect_output(
		"inox demo pack -d5 a", "pack out=- format=csv depth=5 memory=67108864 choice=0 [a]\n");
	sample_expect_output(
		"inox demo pack -d=5 a", "pack out=- format=csv depth=5 memory=67108864 choice=0 [a]\n");
}

static void takes_flags_in_a_group_the_last_with_its_value(void **state) {
	(void)state;
	sample_expect_output("inox demo pack -vq a", "pack verbose quiet" DEFAULTS " [a]\n");
	sample_expect_output("inox demo pack -vqn joe a", "pack verbose quiet name=joe" DEFAULTS " [a]\n");
	sample_expect_output("inox demo pack -vnq a", "pack verbose name=q" DEFAULTS " [a]\n");
}

static void takes_options_after_operands(void **state) {
	(void)state;
	sample_expect_output("inox demo pack a -v b -q", "pack verbose quiet" DEFAULTS " [a] [b]\n");
}

static void takes_a_lone_minus_as_an_operand_and_as_a_value(void **state) {
	(void)state;
	sample_expect_output("inox demo pack -", "pack" DEFAULTS " [-]\n");
	sample_expect_output("inox demo pack -n - a", "pack name=-" DEFAULTS " [a]\n");
}

static void takes_all_that_follows_two_minuses_as_operands(void **state) {
	(void)state;
	sample_expect_output(
		"inox demo pack -v -- -q --help --", "pack verbose" DEFAULTS " [-q] [--help] [--]\n");
}

static void takes_negative_numbers_as_values_and_as_operands(void **state) {
	(void)state;
	sample_expect_output("inox demo pack --offset -5 a",
		"pack out=- format=csv depth=10 offset=-5 memory=67108864 choice=0 [a]\n");
	sample_expect_output("inox demo pack -5 -.5", "pack" DEFAULTS " [-5] [-.5]\n");
}

static void a_flag_may_be_said_twice(void **state) {
	(void)state;
	sample_expect_output("inox demo pack -vv --verbose a", "pack verbose" DEFAULTS " [a]\n");
}

static void a_repeatable_option_keeps_all_its_values_in_order(void **state) {
	(void)state;
	sample_expect_output("inox demo pack -t x --tag=y a --tag z",
		"pack out=- format=csv tag=x tag=y tag=z depth=10 memory=67108864 choice=0 [a]\n");
}

static void arguments_of_another_program_are_left_alone(void **state) {
	(void)state;
	sample_expect_output("inox demo exec --env A=1 ls --env B=2 -- --help -x",
		"exec env=A=1 [ls] [--env] [B=2] [--] [--help] [-x]\n");
}

static void reads_whole_numbers_in_their_range(void **state) {
	(void)state;
	sample_expect_output(
		"inox demo pack -d 1 a", "pack out=- format=csv depth=1 memory=67108864 choice=0 [a]\n");
	sample_expect_output(
		"inox demo pack -d +100 a", "pack out=- format=csv depth=100 memory=67108864 choice=0 [a]\n");
	sample_expect_output("inox demo pack --offset -9223372036854775808 a",
		"pack out=- format=csv depth=10 offset=-9223372036854775808 memory=67108864 choice=0 [a]\n");
	sample_expect_error("inox demo pack -d 0 a", 2,
		"inox demo pack: option --depth: 0 is out of range (1 to 100)" MORE);
	sample_expect_error("inox demo pack -d 101 a", 2,
		"inox demo pack: option --depth: 101 is out of range (1 to 100)" MORE);
	sample_expect_error("inox demo pack -d 99999999999999999999 a", 2,
		"inox demo pack: option --depth: 99999999999999999999 is out of range (1 to 100)" MORE);
	sample_expect_error("inox demo pack --offset 9223372036854775808 a", 2,
		"inox demo pack: option --offset: 9223372036854775808 is too large a number" MORE);
	static const char *const wrong[] = {"x", "5x", "0x10", "1.5", "--5", "+", "_", "1~"};
	static const char *const shown[] = {"x", "5x", "0x10", "1.5", "--5", "+", "", "1 "};
	for (size_t i = 0; i < IX_COUNT(wrong); i++) {
		char line[128], text[256];
		snprintf(
			line, sizeof line, "inox demo pack --depth=%s a", wrong[i][0] == '_' ? "" : wrong[i]);
		snprintf(text, sizeof text, "inox demo pack: option --depth: '%s' is not a whole number%s",
			shown[i], MORE);
		sample_expect_error(line, 2, text);
	}
}

static void expect_size(const char *text, long long bytes) {
	char line[128], expected[256];
	snprintf(line, sizeof line, "inox demo pack --memory %s a", text);
	snprintf(expected, sizeof expected, "pack out=- format=csv depth=10 memory=%lld choice=0 [a]\n",
		bytes);
	sample_expect_output(line, expected);
}

static void reads_sizes_in_units_of_1024(void **state) {
	(void)state;
	expect_size("4096", 4096);
	expect_size("4k", 4096);
	expect_size("4K", 4096);
	expect_size("10m", 10485760);  /* 10 * 1024 * 1024 */
	expect_size("1.5m", 1572864);  /* 1.5 * 1048576 */
	expect_size("1g", 1073741824); /* the maximum itself */
	sample_expect_error("inox demo pack -m 4095 a", 2,
		"inox demo pack: option --memory: 4095 is out of range (4k to 1g)" MORE);
	sample_expect_error("inox demo pack -m 1025m a", 2,
		"inox demo pack: option --memory: 1025m is out of range (4k to 1g)" MORE);
	sample_expect_error("inox demo pack -m 9999999t a", 2,
		"inox demo pack: option --memory: 9999999t is out of range (4k to 1g)" MORE);
	static const char *const wrong[] = {"4q", "k", "1.k", ".5k", "4kb", "-4k", "1k1m", "0.3", "4 k"};
	for (size_t i = 0; i < IX_COUNT(wrong); i++) {
		char line[128], text[256];
		snprintf(line, sizeof line, "inox demo pack --memory=%s a", wrong[i]);
		for (char *at = line + 24; *at; at++)
			if (*at == ' ' && at[1] == 'k') *at = '~';
		snprintf(text, sizeof text,
			"inox demo pack: option --memory: '%s' is not a size (512, 64k, 10m, 1.5g)%s",
			wrong[i], MORE);
		sample_expect_error(line, 2, text);
	}
}

static void expect_duration(const char *text, long long ns) {
	char line[128], expected[256];
	snprintf(line, sizeof line, "inox demo pack --timeout %s a", text);
	snprintf(expected, sizeof expected,
		"pack out=- format=csv depth=10 memory=67108864 timeout=%lld choice=0 [a]\n", ns);
	sample_expect_output(line, expected);
}

static void reads_durations_in_nanoseconds(void **state) {
	(void)state;
	expect_duration("1000000ns", 1000000);
	expect_duration("1000us", 1000000);
	expect_duration("250ms", 250000000);
	expect_duration("1.5s", 1500000000);
	expect_duration("2m", 120000000000);
	expect_duration("1h30m", 5400000000000); /* 5400 s */
	expect_duration("1d", 86400000000000);
	sample_expect_error("inox demo pack --timeout 999us a", 2,
		"inox demo pack: option --timeout: 999us is out of range (at least 1ms)" MORE);
	sample_expect_error("inox demo pack --timeout 0 a", 2,
		"inox demo pack: option --timeout: 0 is out of range (at least 1ms)" MORE);
	sample_expect_error("inox demo pack --timeout 200000d a", 2,
		"inox demo pack: option --timeout: 200000d is out of range (1ms to "
		"9223372036854775807ns)" MORE);
	static const char *const wrong[] = {
		"5", "5M", "5min", "30m1h", "1h1h", "1.5ns", "s", "1h30", "1.0000000000s"};
	for (size_t i = 0; i < IX_COUNT(wrong); i++) {
		char line[128], text[256];
		snprintf(line, sizeof line, "inox demo pack --timeout=%s a", wrong[i]);
		snprintf(text, sizeof text,
			"inox demo pack: option --timeout: '%s' is not a duration (250ms, 5s, 1h30m)%s",
			wrong[i], MORE);
		sample_expect_error(line, 2, text);
	}
}

static void reads_choices_and_gives_their_index(void **state) {
	(void)state;
	sample_expect_output(
		"inox demo pack -f itch a", "pack out=- format=itch depth=10 memory=67108864 choice=2 [a]\n");
	sample_expect_error("inox demo pack -f cvs a", 2,
		"inox demo pack: option --format: 'cvs' is not one of csv, pcap, itch; did you mean "
		"'csv'?" MORE);
	sample_expect_error("inox demo pack -f parquet a", 2,
		"inox demo pack: option --format: 'parquet' is not one of csv, pcap, itch" MORE);
	sample_expect_error("inox demo pack -f CSV a", 2,
		"inox demo pack: option --format: 'CSV' is not one of csv, pcap, itch" MORE);
	sample_expect_error("inox demo pack --format= a", 2,
		"inox demo pack: option --format: '' is not one of csv, pcap, itch" MORE);
}

static void refuses_empty_names_of_files_and_directories(void **state) {
	(void)state;
	sample_expect_error(
		"inox demo pack --out= a", 2, "inox demo pack: option --out: the file's name is empty" MORE);
	sample_expect_error("inox demo pack --into= a", 2,
		"inox demo pack: option --into: the directory's name is empty" MORE);
	sample_expect_error("inox demo pack _", 2, "inox demo pack: FILE: the file's name is empty" MORE);
}

static void says_which_option_lacks_its_value(void **state) {
	(void)state;
	sample_expect_error("inox demo pack a --depth", 2,
		"inox demo pack: option --depth needs a value: --depth N" MORE);
	sample_expect_error(
		"inox demo pack a -d", 2, "inox demo pack: option --depth needs a value: --depth N" MORE);
	sample_expect_error("inox demo pack --name --verbose a", 2,
		"inox demo pack: option --name needs a value: --name NAME (or --name=--verbose, if that is "
		"the value)" MORE);
}

static void refuses_a_value_for_a_flag(void **state) {
	(void)state;
	sample_expect_error(
		"inox demo pack --quiet=yes a", 2, "inox demo pack: option --quiet takes no value" MORE);
}

static void refuses_the_same_option_twice(void **state) {
	(void)state;
	sample_expect_error(
		"inox demo pack -d 5 --depth=5 a", 2, "inox demo pack: option --depth is given twice" MORE);
}

static void suggests_the_option_that_was_meant(void **state) {
	(void)state;
	sample_expect_error("inox demo pack --dept 5 a", 2,
		"inox demo pack: there is no option --dept; did you mean --depth?" MORE);
	sample_expect_error("inox demo pack --fromat=csv a", 2,
		"inox demo pack: there is no option --fromat; did you mean --format?" MORE);
	sample_expect_error("inox demo pack --time 5s a", 2,
		"inox demo pack: there is no option --time; did you mean --timeout?" MORE);
	sample_expect_error(
		"inox demo pack --frobnicate a", 2, "inox demo pack: there is no option --frobnicate" MORE);
	sample_expect_error("inox demo pack -x a", 2, "inox demo pack: there is no option -x" MORE);
	sample_expect_error("inox demo pack -vx a", 2, "inox demo pack: there is no option -x (in -vx)" MORE);
	sample_expect_error("inox demo pack -json a", 2,
		"inox demo pack: there is no option -json; did you mean --json?" MORE);
	sample_expect_error("inox demo pack -\xC3\xA9 a", 2,
		"inox demo pack: there is no option -\xC3\xA9 (in -\xC3\xA9)" MORE);
	/* -- with an equals sign is an option without a name */
	sample_expect_error("inox demo pack --=5 a", 2, "inox demo pack: there is no option --" MORE);
}

static void offers_json_and_csv_only_where_the_verb_has_them(void **state) {
	(void)state;
	sample_expect_output("inox demo pack --json a", "pack json" DEFAULTS " [a]\n");
	sample_expect_error("inox demo send --json --to x mail", 2,
		"inox demo send: there is no option --json ('inox demo send --help' says more)\n");
	sample_expect_error("inox demo pack --csv a", 2, "inox demo pack: there is no option --csv" MORE);
	sample_expect_output("inox sum --csv", "sum 0\n");
}

static void says_which_option_is_required(void **state) {
	(void)state;
	sample_expect_error("inox demo send mail", 2,
		"inox demo send: option --to is required: --to ADDRESS ('inox demo send --help' says "
		"more)\n");
}

static void says_which_operand_is_missing_or_too_many(void **state) {
	(void)state;
	sample_expect_error("inox demo pack", 2,
		"inox demo pack: FILE is missing; usage: inox demo pack [options] FILE..." MORE);
	sample_expect_error("inox demo send --to x", 2,
		"inox demo send: HOW is missing; usage: inox demo send [options] --to ADDRESS HOW [SUBJECT] "
		"('inox demo send "
		"--help' says more)\n");
	sample_expect_error("inox demo send --to x mail a b", 2,
		"inox demo send: 'b' is one operand too many; usage: inox demo send [options] --to ADDRESS "
		"HOW [SUBJECT] ('inox "
		"demo send --help' says more)\n");
}

static void checks_operands_with_choices(void **state) {
	(void)state;
	sample_expect_output("inox demo send --to x pigeon hello", "send pigeon hello\n");
	sample_expect_error("inox demo send --to x pigoen", 2,
		"inox demo send: HOW: 'pigoen' is not one of mail, pigeon; did you mean 'pigeon'? ('inox "
		"demo send --help' says more)\n");
}

static void tells_only_the_first_mistake(void **state) {
	(void)state;
	sample_expect_error("inox demo pack --depth x --dept y", 2,
		"inox demo pack: option --depth: 'x' is not a whole number" MORE);
}

static void shows_hostile_bytes_of_the_command_line_escaped_and_cut(void **state) {
	(void)state;
	sample_expect_error("inox demo pack --format \x1b[31mred a", 2,
		"inox demo pack: option --format: '\\e[31mred' is not one of csv, pcap, itch" MORE);
	/* 70 letters: the first 64 are shown */
	sample_expect_error(
		"inox demo pack -d aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffffffffffgggggggggg a",
		2,
		"inox demo pack: option --depth: "
		"'aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffffffffffgggg' is not a whole "
		"number" MORE);
}

IX_TESTS(test_parse, cmocka_unit_test(takes_defaults_where_nothing_is_given),
	cmocka_unit_test(takes_a_value_after_a_space_or_an_equals_sign),
	cmocka_unit_test(takes_a_letters_value_after_a_space_or_at_once),
	cmocka_unit_test(takes_flags_in_a_group_the_last_with_its_value),
	cmocka_unit_test(takes_options_after_operands),
	cmocka_unit_test(takes_a_lone_minus_as_an_operand_and_as_a_value),
	cmocka_unit_test(takes_all_that_follows_two_minuses_as_operands),
	cmocka_unit_test(takes_negative_numbers_as_values_and_as_operands),
	cmocka_unit_test(a_flag_may_be_said_twice),
	cmocka_unit_test(a_repeatable_option_keeps_all_its_values_in_order),
	cmocka_unit_test(arguments_of_another_program_are_left_alone),
	cmocka_unit_test(reads_whole_numbers_in_their_range), cmocka_unit_test(reads_sizes_in_units_of_1024),
	cmocka_unit_test(reads_durations_in_nanoseconds),
	cmocka_unit_test(reads_choices_and_gives_their_index),
	cmocka_unit_test(refuses_empty_names_of_files_and_directories),
	cmocka_unit_test(says_which_option_lacks_its_value), cmocka_unit_test(refuses_a_value_for_a_flag),
	cmocka_unit_test(refuses_the_same_option_twice), cmocka_unit_test(suggests_the_option_that_was_meant),
	cmocka_unit_test(offers_json_and_csv_only_where_the_verb_has_them),
	cmocka_unit_test(says_which_option_is_required),
	cmocka_unit_test(says_which_operand_is_missing_or_too_many),
	cmocka_unit_test(checks_operands_with_choices), cmocka_unit_test(tells_only_the_first_mistake),
	cmocka_unit_test(shows_hostile_bytes_of_the_command_line_escaped_and_cut));
