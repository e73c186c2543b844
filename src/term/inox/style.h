/* style.h - colour by meaning, for whoever prints to a person, and how wide text is on a terminal: wide and
 * combining characters counted as terminals do, hostile bytes made visible. */
#ifndef INOX_STYLE_H
#define INOX_STYLE_H

#include <inox/base.h>
#include <stdio.h>

/* ---- colour ---- */

typedef enum ix_style {
	IX_STYLE_PLAIN = 0,
	IX_STYLE_GOOD,    /* green: passed, up, bid */
	IX_STYLE_BAD,     /* red: failed, down, ask */
	IX_STYLE_WARNING, /* yellow */
	IX_STYLE_DIM,     /* grey: what can be overlooked */
	IX_STYLE_STRONG,  /* bold: headings, totals */
} ix_style;

/* What decides; pure, so that each rule can be tested. */
typedef struct ix_style_facts {
	bool is_terminal;
	const char *no_color;       /* $NO_COLOR: not empty forbids (no-color.org), whatever the others say */
	const char *clicolor_force; /* $CLICOLOR_FORCE: not empty and not "0" forces, even into a pipe */
	const char *clicolor;       /* $CLICOLOR: "0" forbids on a terminal */
	const char *term;           /* $TERM: unset, empty or "dumb" forbids on a terminal */
} ix_style_facts;

IX_API bool ix_style_decide(const ix_style_facts *facts);
/* The same for a stream and this process's environment. */
IX_API bool ix_style_wanted(FILE *stream);

/* The sequences around styled text; "" when `colour` is false or the style is plain:
 *     fprintf(out, "%sok%s\n", ix_style_on(call->colour_out, IX_STYLE_GOOD), ix_style_off(call->colour_out,
 * IX_STYLE_GOOD)); */
IX_API const char *ix_style_on(bool colour, ix_style style);
IX_API const char *ix_style_off(bool colour, ix_style style);

/* ---- width ---- */

/* Columns that a code point takes on a terminal: 0 (combining, zero-width, control), 1 or 2 (Unicode 15 East
 * Asian Width W and F). Ambiguous ones are narrow. */
IX_API unsigned ix_display_width_of(uint32_t code_point);
/* Of text as ix_display_write prints it. */
IX_API size_t ix_display_width(ix_str text);
/* Writes text so that it cannot harm a terminal or break a line: control characters, bidirectional controls
 * and ill-formed bytes come out as \n, \t, \e, \x1b, \u{202e}. Cut with … when it is wider than `width_max`
 * (0: never cut). Returns the columns written. */
IX_API size_t ix_display_write(FILE *out, ix_str text, size_t width_max);
/* The same into a buffer, NUL-terminated, as far as whole characters fit; returns the bytes. */
IX_API size_t ix_display_format(char *out, size_t capacity, ix_str text, size_t width_max);
/* The columns of the terminal behind a stream ($COLUMNS wins, 80 when it does not say); 0 when it is none. */
IX_API unsigned ix_display_columns(FILE *stream);

#endif
