/* room.h - the descriptor a room hands to the composition root. Help, completion, man pages, `inox tour`, and
 * later the platform and the console, read this and nothing else, so adding a room is adding a descriptor to
 * one list. */
#ifndef INOX_ROOM_H
#define INOX_ROOM_H

#include <inox/command.h>

/* What a tour job reports: one real job, one line. */
typedef struct ix_tour_report {
	char input[96];   /* what it ran on: "synthetic day, 64 symbols" */
	char result[160]; /* what came out: "100,003 messages, 64 books, 0 gaps" */
} ix_tour_report;

typedef struct ix_tour_context {
	const char *suites_dir; /* public data, or NULL */
	const char *work_dir;   /* an empty directory, removed afterwards */
} ix_tour_context;

typedef struct ix_room {
	const char *name;        /* the command: "trade" */
	const char *title;       /* "Market data and trading" */
	const char *summary;     /* one line for `inox --help` */
	const char *description; /* paragraphs for `inox help trade` and the man page */
	const ix_verb *verbs;
	const struct ix_conf_schema *conf; /* configuration file this room reads, or NULL (inox/conf.h) */
	/* One real job on real or generated input, a few seconds at most. NULL: none. IX_ERR_ENVIRONMENT,
	 * UNSUPPORTED, DENIED, NO_SPACE and MEMORY mean that the machine lacks something: skipped, not
	 * failed. */
	int (*tour)(const ix_tour_context *context, ix_tour_report *ret_report, ix_error *err);
	const char *sector; /* the heading it stands under in `inox --help`: "Finance"; NULL: "Systems" */
} ix_room;

/* The list, in the order of src/meson.build; made by the build, ends with NULL. */
extern const ix_room *const ix_rooms[];

#endif
