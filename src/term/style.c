/* style.c - whether colour is wanted, and the sequences for each meaning. */
#include <inox/style.h>

#include <stdlib.h>
#include <unistd.h>

static bool is_set(const char *text) { return text && *text; }
static bool is(const char *text, const char *word) {
	return text && ix_str_equal(ix_str_from(text), ix_str_from(word));
}

bool ix_style_decide(const ix_style_facts *facts) {
	if (is_set(facts->no_color)) return false;
	if (is_set(facts->clicolor_force) && !is(facts->clicolor_force, "0")) return true;
	if (!facts->is_terminal || is(facts->clicolor, "0")) return false;
	return is_set(facts->term) && !is(facts->term, "dumb");
}

bool ix_style_wanted(FILE *stream) {
	return ix_style_decide(&(ix_style_facts){
		.is_terminal = isatty(fileno(stream)) == 1,
		.no_color = getenv("NO_COLOR"),
		.clicolor_force = getenv("CLICOLOR_FORCE"),
		.clicolor = getenv("CLICOLOR"),
		.term = getenv("TERM"),
	});
}

/* The terminal's own palette, so that themes of light and dark backgrounds hold. */
const char *ix_style_on(bool colour, ix_style style) {
	if (!colour) return "";
	switch (style) {
	case IX_STYLE_GOOD: return "\x1b[32m";
	case IX_STYLE_BAD: return "\x1b[31m";
	case IX_STYLE_WARNING: return "\x1b[33m";
	case IX_STYLE_DIM: return "\x1b[2m";
	case IX_STYLE_STRONG: return "\x1b[1m";
	case IX_STYLE_PLAIN: break;
	}
	return "";
}

const char *ix_style_off(bool colour, ix_style style) {
	return colour && style != IX_STYLE_PLAIN ? "\x1b[0m" : "";
}
