/* test_help.c - the pages of --help, whole and word for word, as they are meant to look. */
#include "sample.h"

static sample_result result;

static void the_page_of_a_verb(void **state) {
	(void)state;
	sample_expect_output("inox demo pack --help",
		"usage: inox demo pack [options] FILE...\n"
		"\n"
		"Pack files into one.\n"
		"\n"
		/* 80 columns at most: "writes" would be the 81st to 86th */
		"Puts the files one after the other, in the order of the command line, and writes\n"
		"them as one file of the format that was asked for.\n"
		"\n"
		"The formats are:\n"
		"  csv   a line a record\n"
		"  itch  binary\n"
		"\n"
		"Nothing is overwritten.\n"
		"\n"
		"Operands:\n"
		"  FILE...  what to pack; - is stdin\n"
		"\n"
		"Options:\n"
		"  -v, --verbose        say more\n"
		"  -q, --quiet          say less\n"
		"  -n, --name NAME      what to call it\n"
		"  -o, --out FILE       where to (default -)\n"
		"      --into DIR       unpack into this directory\n"
		"  -d, --depth N        levels a side (1 to 100; default 10)\n"
		"      --offset N       start here; negative counts from the end\n"
		"  -m, --memory SIZE    use so much (4k to 1g; default 64m)\n"
		"      --timeout TIME   give up after this (at least 1ms)\n"
		"  -f, --format FORMAT  what to write (csv, pcap or itch; default csv)\n"
		"  -t, --tag TAG        put this tag on it (may be repeated)\n"
		"      --json           print the result as JSON\n"
		"  -h, --help           show this help\n"
		"\n"
		"Examples:\n"
		"  inox demo pack a.txt b.txt\n"
		"      pack two files\n"
		"  inox demo pack -f itch -d 5 - --out day.itch\n"
		"      pack what comes in as ITCH, five levels deep\n"
		"\n"
		"Exit codes:\n"
		"  0  done\n"
		"  1  done, and the answer is no: findings, a mismatch, a limit breached\n"
		"  2  usage: the command line is wrong\n"
		"  3  bad input: a file that is not there, or not what it should be\n"
		"  4  the environment: a permission, a full disk, a device; or a partial result\n"
		"  5  a fault of our own\n");
}

static void the_page_of_a_verb_with_exit_codes_of_its_own(void **state) {
	(void)state;
	sample_expect_output("inox demo send --help",
		"usage: inox demo send [options] --to ADDRESS HOW [SUBJECT]\n"
		"\n"
		"Send what was packed.\n"
		"\n"
		"Operands:\n"
		"  HOW        the way it goes (mail or pigeon)\n"
		"  [SUBJECT]  its title\n"
		"\n"
		"Options:\n"
		"      --to ADDRESS  who gets it (required)\n"
		"  -h, --human       in words\n"
		"      --help        show this help\n"
		"\n"
		"Exit codes:\n"
		"  0    sent\n"
		"  125  nobody was there\n");
}

static void the_page_of_a_system(void **state) {
	(void)state;
	sample_expect_output("inox demo --help",
		"usage: inox demo VERB [options] [operands]\n"
		"\n"
		"Demonstration: Pack and send files.\n"
		"\n"
		"Packs files, sends them, and runs programs on them. It exists so that tests have\n"
		"something to hold on to.\n"
		"\n"
		"Verbs:\n"
		"  pack  Pack files into one\n"
		"  send  Send what was packed\n"
		"  exec  Run a program\n"
		"\n"
		"'inox demo VERB --help' shows a verb's options, with examples.\n");
}

static void the_page_of_the_command(void **state) {
	(void)state;
	sample_expect_output("inox --help",
		"usage: inox SYSTEM VERB [options] [operands]\n"
		"\n"
		"Runs samples, for tests.\n"
		"\n"
		"Samples:\n"
		"  demo        Pack and send files\n"
		"\n"
		"Other samples:\n"
		"  sum         Add up files\n"
		"\n"
		"The command itself:\n"
		"  help        Explain the command, a system or a verb\n"
		"  tour        Let every system do one real job\n"
		"  completion  Print a script that completes the command line\n"
		"  man         Print a manual page in mdoc\n"
		"\n"
		"'inox SYSTEM --help' lists a system's verbs, 'inox SYSTEM VERB --help' a verb's options.\n"
		"'inox --version' tells the version and what is compiled in.\n");
}

static void systems_of_one_sector_stand_together(void **state) {
	(void)state;
	static ix_room first, second, third;
	first = sample_demo, first.name = "first";
	second = sample_sum, second.name = "second", second.sector = NULL;
	third = sample_demo, third.name = "third";
	const ix_room *const rooms[] = {&first, &second, &third, NULL};
	ix_program program = sample_program();
	program.rooms = rooms;
	sample_run_program(&result, program, "inox --help");
	assert_non_null(strstr(result.out, "Samples:\n"
					   "  first       Pack and send files\n"
					   "  third       Pack and send files\n"
					   "\n"
					   "Systems:\n"
					   "  second      Add up files\n"));
}

static void fills_the_width_of_the_terminal_between_40_and_100(void **state) {
	(void)state;
	ix_program program = sample_program();
	program.columns = 50;
	sample_run_program(&result, program, "inox demo pack --help");
	/* "usage: inox demo pack [options] FILE..." is 39 wide; the option's help starts in column 23 */
	assert_non_null(strstr(result.out, "Puts the files one after the other, in the order\nof the command "
					   "line, and writes them as one file\n"));
	assert_non_null(strstr(result.out, "  -f, --format FORMAT  what to write (csv, pcap or\n             "
					   "          itch; default csv)\n"));
	program.columns = 10;
	sample_run_program(&result, program, "inox demo --help");
	assert_non_null(strstr(result.out, "Packs files, sends them, and runs\nprograms on them."));
	program.columns = 300;
	sample_run_program(&result, program, "inox demo --help");
	assert_non_null(
		strstr(result.out, "on them. It exists so that tests have something to hold\non to.\n"));
}

static void headings_are_strong_where_colour_is_wanted(void **state) {
	(void)state;
	ix_program program = sample_program();
	program.colour_out = true;
	sample_run_program(&result, program, "inox demo --help");
	assert_non_null(strstr(result.out, "\n\x1b[1mVerbs:\x1b[0m\n"));
	/* the page on stderr is plain: what is known of stdout says nothing of it */
	sample_run_program(&result, program, "inox demo");
	assert_null(strchr(result.err, '\x1b'));
}

IX_TESTS(test_help, cmocka_unit_test(the_page_of_a_verb),
	cmocka_unit_test(the_page_of_a_verb_with_exit_codes_of_its_own),
	cmocka_unit_test(the_page_of_a_system), cmocka_unit_test(the_page_of_the_command),
	cmocka_unit_test(systems_of_one_sector_stand_together),
	cmocka_unit_test(fills_the_width_of_the_terminal_between_40_and_100),
	cmocka_unit_test(headings_are_strong_where_colour_is_wanted));
