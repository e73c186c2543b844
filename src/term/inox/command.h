/* command.h - a command is a table. The table drives parsing, --help, the man page and shell completion, so
 * they cannot disagree. Every verb also has --help and --json (where it prints results) without naming them.
 */
#ifndef INOX_COMMAND_H
#define INOX_COMMAND_H

#include <inox/progress.h>
#include <inox/table.h>

typedef struct ix_call ix_call;

typedef enum ix_option_kind {
	IX_OPTION_FLAG, /* --busy-poll */
	IX_OPTION_TEXT, /* --symbol ABC */
	IX_OPTION_FILE, /* --out FILE; '-' is stdin or stdout; completed as a path */
	IX_OPTION_DIRECTORY,
	IX_OPTION_INTEGER,  /* --depth 10, within minimum..maximum */
	IX_OPTION_SIZE,     /* --memory 400m: bytes, units k m g (1024) */
	IX_OPTION_DURATION, /* --timeout 250ms: nanoseconds, units ns us ms s m h d */
	IX_OPTION_CHOICE,   /* one of `choices`, separated by '|' */
} ix_option_kind;

typedef struct ix_option {
	const char *name; /* "depth" for --depth; a table ends with a NULL name */
	char letter;      /* 'd' for -d, or 0 */
	ix_option_kind kind;
	const char *value;        /* the value's name in help: "N", "FILE"; not for flags */
	const char *choices;      /* "csv|pcap|itch" */
	const char *fallback;     /* the default as a user would type it; NULL: absent */
	int64_t minimum, maximum; /* both 0: the whole range of the kind */
	bool required;
	const char *help; /* one line, no full stop */
	bool many;        /* may be given again and again: ix_call_option_count, ix_call_text_at */
} ix_option;

typedef struct ix_operand {
	const char *name; /* "FILE"; a table ends with a NULL name */
	bool is_file;     /* completed as a path */
	bool optional;
	bool many; /* the last one only */
	const char *help;
	const char *choices; /* "parse|book": one of these; NULL: anything */
	bool verbatim; /* from this operand on, what looks like an option is an operand: the arguments of
			  another program */
} ix_operand;

typedef struct ix_example {
	const char *line; /* "inox trade stat day.itch"; a table ends with a NULL line */
	const char *says;
} ix_example;

typedef struct ix_verb {
	const char *name; /* a table ends with a NULL name; "" is the system's own verb (`inox b3sum FILE`) */
	const char *summary;     /* one line, imperative, no full stop */
	const char *description; /* paragraphs for --help and the man page; may be NULL */
	const ix_option *options;
	const ix_operand *operands;
	const ix_example *examples;
	bool has_json;
	/* Returns an exit code. Prints results on call->out; on failure fills call->error and returns
	 * ix_call_fail(). */
	int (*run)(ix_call *call);
	bool has_csv; /* --csv: the rows as RFC 4180 */
	/* Where the field fixes other exit codes than ours: a line for each, "125  the guest could not be
	 * started", separated by newlines; NULL: ours. */
	const char *exit_codes;
} ix_verb;

/* What a verb's run function is handed. Option and operand look-ups assert that the table has the name. */
struct ix_call {
	const struct ix_room *room;
	const ix_verb *verb;
	FILE *out; /* results: stdout */
	FILE *err; /* progress and the one line of an error: stderr */
	bool json;
	bool colour_out; /* colour is wanted on `out`: a terminal, and NO_COLOR is not set */
	bool progress;   /* `err` is a terminal */
	ix_error error;
	void *parsed; /* command.c's own */
	bool csv;
	unsigned columns;      /* of the terminal that `out` is; 0: it is none */
	const ix_clock *clock; /* monotonic: for progress and times */
	ix_cpu_features cpu;   /* what may be used: the machine, narrowed by $INOX_CPU */
};

IX_API bool ix_call_flag(const ix_call *call, const char *option);
IX_API bool ix_call_has(const ix_call *call, const char *option);         /* given, or has a default */
IX_API bool ix_call_given(const ix_call *call, const char *option);       /* by the user, not by default */
IX_API const char *ix_call_text(const ix_call *call, const char *option); /* NULL when absent */
IX_API int64_t ix_call_integer(
	const ix_call *call, const char *option); /* integer, size (bytes), duration (ns); 0 when absent */
/* The index of the chosen one in the option's `choices`; -1 when absent. */
IX_API int ix_call_choice(const ix_call *call, const char *option);
IX_API size_t ix_call_operand_count(const ix_call *call);
IX_API const char *ix_call_operand(const ix_call *call, size_t index); /* NULL past the end */

/* Of an option that may be given again: how often it was, and each of its values. A default counts as one. */
IX_API size_t ix_call_option_count(const ix_call *call, const char *option);
IX_API const char *ix_call_text_at(
	const ix_call *call, const char *option, size_t index); /* NULL past the end */
IX_API int64_t ix_call_integer_at(const ix_call *call, const char *option, size_t index);

/* Options for ix_table_new: people, JSON or CSV as the user asked, colour and width as the terminal is. */
IX_API ix_table_options ix_call_table(const ix_call *call);
/* A progress bar on `err`; `total` 0: not known. End it before an error is printed. */
IX_API void ix_call_progress(
	ix_call *call, ix_progress *progress, const char *what, ix_progress_unit unit, uint64_t total);
/* A sink for ix_json_writer_init_sink (<inox/json_writer.h>): `context` is a FILE. */
IX_API bool ix_call_sink(void *context, const char *data, size_t size);

/* Fills call->error with IX_ERR_USAGE, prints it with a pointer to --help, and returns 2: for what the tables
 * cannot say ("--at and --after exclude each other"). */
IX_API int ix_call_usage(ix_call *call, const char *format, ...) IX_PRINTF(2, 3);
/* Prints "inox <room>: <sentence>" and returns the exit code of call->error. */
IX_API int ix_call_fail(ix_call *call);

#endif
