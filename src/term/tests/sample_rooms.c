/* sample_rooms.c - the command that the tests of this room run: `demo` with a verb for every kind of option,
 * `sum` without verbs. */
#include "sample_rooms.h"

static const ix_option pack_options[] = {
	{.name = "verbose", .letter = 'v', .kind = IX_OPTION_FLAG, .help = "say more"},
	{.name = "quiet", .letter = 'q', .kind = IX_OPTION_FLAG, .help = "say less"},
	{.name = "name", .letter = 'n', .kind = IX_OPTION_TEXT, .value = "NAME", .help = "what to call it"},
	{.name = "out",
		.letter = 'o',
		.kind = IX_OPTION_FILE,
		.value = "FILE",
		.fallback = "-",
		.help = "where to"},
	{.name = "into", .kind = IX_OPTION_DIRECTORY, .value = "DIR", .help = "unpack into this directory"},
	{.name = "depth",
		.letter = 'd',
		.kind = IX_OPTION_INTEGER,
		.value = "N",
		.fallback = "10",
		.minimum = 1,
		.maximum = 100,
		.help = "levels a side"},
	{.name = "offset",
		.kind = IX_OPTION_INTEGER,
		.value = "N",
		.help = "start here; negative counts from the end"},
	{.name = "memory",
		.letter = 'm',
		.kind = IX_OPTION_SIZE,
		.value = "SIZE",
		.fallback = "64m",
		.minimum = 4096,
		.maximum = INT64_C(1) << 30,
		.help = "use so much"},
	{.name = "timeout",
		.kind = IX_OPTION_DURATION,
		.value = "TIME",
		.minimum = 1000000,
		.maximum = INT64_MAX,
		.help = "give up after this"},
	{.name = "format",
		.letter = 'f',
		.kind = IX_OPTION_CHOICE,
		.value = "FORMAT",
		.choices = "csv|pcap|itch",
		.fallback = "csv",
		.help = "what to write"},
	{.name = "tag",
		.letter = 't',
		.kind = IX_OPTION_TEXT,
		.value = "TAG",
		.many = true,
		.help = "put this tag on it"},
	{0},
};
static const ix_operand pack_operands[] = {
	{.name = "FILE", .is_file = true, .many = true, .help = "what to pack; - is stdin"},
	{0},
};
static const ix_example pack_examples[] = {
	{"inox demo pack a.txt b.txt", "pack two files"},
	{"inox demo pack -f itch -d 5 - --out day.itch", "pack what comes in as ITCH, five levels deep"},
	{0},
};

static void show_texts(ix_call *call, const char *name) {
	for (size_t i = 0; i < ix_call_option_count(call, name); i++)
		fprintf(call->out, " %s=%s", name, ix_call_text_at(call, name, i));
}

static int run_pack(ix_call *call) {
	static const char *const texts[] = {"name", "out", "into", "format", "tag"};
	static const char *const numbers[] = {"depth", "offset", "memory", "timeout"};
	fputs("pack", call->out);
	if (call->json) fputs(" json", call->out);
	if (ix_call_flag(call, "verbose")) fputs(" verbose", call->out);
	if (ix_call_flag(call, "quiet")) fputs(" quiet", call->out);
	for (size_t i = 0; i < IX_COUNT(texts); i++) show_texts(call, texts[i]);
	for (size_t i = 0; i < IX_COUNT(numbers); i++)
		if (ix_call_has(call, numbers[i]))
			fprintf(call->out, " %s=%lld", numbers[i],
				(long long)ix_call_integer(call, numbers[i]));
	fprintf(call->out, " choice=%d", ix_call_choice(call, "format"));
	for (size_t i = 0; i < ix_call_operand_count(call); i++)
		fprintf(call->out, " [%s]", ix_call_operand(call, i));
	fputc('\n', call->out);
	return 0;
}

static const ix_option send_options[] = {
	{.name = "to", .kind = IX_OPTION_TEXT, .value = "ADDRESS", .required = true, .help = "who gets it"},
	{.name = "human", .letter = 'h', .kind = IX_OPTION_FLAG, .help = "in words"},
	{0},
};
static const ix_operand send_operands[] = {
	{.name = "HOW", .choices = "mail|pigeon", .help = "the way it goes"},
	{.name = "SUBJECT", .optional = true, .help = "its title"},
	{0},
};

/* Ends as its subject says. */
static int run_send(ix_call *call) {
	const char *subject = ix_call_operand(call, 1);
	ix_str s = ix_str_from(subject);
	if (ix_str_equal(s, IX_STR("no"))) return 1;
	if (ix_str_equal(s, IX_STR("usage")))
		return ix_call_usage(call, "options --a and --b exclude each other");
	if (ix_str_equal(s, IX_STR("syntax"))) {
		fputs("so far\n", call->out);
		ix_fail(&call->error, IX_ERR_SYNTAX, "a.txt:\noffset 4711: bad\x1b[31m byte");
		return ix_call_fail(call);
	}
	if (ix_str_equal(s, IX_STR("silent"))) return ix_call_fail(call);
	fprintf(call->out, "send %s%s %s\n", ix_call_operand(call, 0),
		ix_call_flag(call, "human") ? " human" : "", subject ? subject : "(none)");
	return 0;
}

static const ix_operand exec_operands[] = {
	{.name = "PROGRAM", .help = "what to run"},
	{.name = "ARG", .optional = true, .many = true, .verbatim = true, .help = "handed on as they are"},
	{0},
};
static const ix_option exec_options[] = {
	{.name = "env", .kind = IX_OPTION_TEXT, .value = "K=V", .many = true, .help = "set this"}, {0}};

static int run_exec(ix_call *call) {
	fputs("exec", call->out);
	show_texts(call, "env");
	for (size_t i = 0; i < ix_call_operand_count(call); i++)
		fprintf(call->out, " [%s]", ix_call_operand(call, i));
	fputc('\n', call->out);
	return 0;
}

static const ix_verb demo_verbs[] = {
	{.name = "pack",
		.summary = "Pack files into one",
		.options = pack_options,
		.operands = pack_operands,
		.examples = pack_examples,
		.has_json = true,
		.run = run_pack,
		.description = "Puts the files one after the other, in the order of the command line, and "
			       "writes them as one file of the format that was asked for.\n\n"
			       "The formats are:\n  csv   a line a record\n  itch  binary\n\nNothing is "
			       "overwritten."},
	{.name = "send",
		.summary = "Send what was packed",
		.options = send_options,
		.operands = send_operands,
		.run = run_send,
		.exit_codes = "0    sent\n125  nobody was there"},
	{.name = "exec",
		.summary = "Run a program",
		.options = exec_options,
		.operands = exec_operands,
		.run = run_exec},
	{0},
};

static int tour_demo(const ix_tour_context *context, ix_tour_report *ret_report, ix_error *err) {
	(void)err;
	ix_format(ret_report->input, sizeof ret_report->input, "three files");
	ix_format(ret_report->result, sizeof ret_report->result, "1 archive in %s",
		ix_str_starts_with(ix_str_from(context->work_dir), IX_STR("/")) ? "its own directory" : "?");
	return 0;
}

const ix_room sample_demo = {.name = "demo",
	.title = "Demonstration",
	.summary = "Pack and send files",
	.verbs = demo_verbs,
	.tour = tour_demo,
	.description = "Packs files, sends them, and runs programs on them. It exists so that tests have "
		       "something to hold on to.",
	.sector = "Samples"};

static const ix_option sum_options[] = {
	{.name = "check", .letter = 'c', .kind = IX_OPTION_FLAG, .help = "compare"}, {0}};
static const ix_operand sum_operands[] = {
	{.name = "FILE", .is_file = true, .optional = true, .many = true, .help = "what to add up"}, {0}};
static int run_sum(ix_call *call) {
	fprintf(call->out, "sum%s %zu\n", ix_call_flag(call, "check") ? " check" : "",
		ix_call_operand_count(call));
	return 0;
}
static const ix_verb sum_verbs[] = {
	{.name = "",
		.summary = "Add up files",
		.options = sum_options,
		.operands = sum_operands,
		.run = run_sum,
		.has_csv = true},
	{0},
};
const ix_room sample_sum = {.name = "sum",
	.title = "Sums",
	.summary = "Add up files",
	.verbs = sum_verbs,
	.sector = "Other samples"};

const ix_room *const sample_rooms[] = {&sample_demo, &sample_sum, NULL};

static int64_t no_time(void *context) { return (void)context, 0; }

ix_program sample_program(void) {
	static const ix_clock clock = {no_time, NULL};
	return (ix_program){.name = "inox",
		.version = "1.2.3",
		.date = "2026-03-04",
		.summary = "Runs samples, for tests.",
		.features = "zlib zstd",
		.rooms = sample_rooms,
		.clock = &clock};
}
