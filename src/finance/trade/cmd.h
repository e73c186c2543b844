/* cmd.h - the doors of `inox trade`, one a verb, and what they share. */
#ifndef INOX_TRADE_CMD_H
#define INOX_TRADE_CMD_H

#include <inox/day.h>
#include <inox/room.h>

int ix_trade_cmd_stat(ix_call *call);
int ix_trade_cmd_book(ix_call *call);
int ix_trade_cmd_convert(ix_call *call);
int ix_trade_cmd_gen(ix_call *call);
int ix_trade_cmd_bench(ix_call *call);
int ix_trade_tour(const ix_tour_context *context, ix_tour_report *ret_report, ix_error *err);

/* The files that the verb was given, as a source. */
ix_source_options ix_trade_source_of(const ix_call *call);
/* Reads a day with the verb's files and options, a progress bar, and a stop at `options`' own limits. */
int ix_trade_read_day(ix_call *call, ix_day_options options, ix_day **ret_day, int64_t *ret_wall_ns);
/* Whether --out would put binary data on a terminal. */
bool ix_trade_is_terminal(const ix_call *call);
/* What the day lacks or has wrong, so that books built from it may be wrong: "7 messages were lost, 1 fault".
 * Returns the length of the text; 0: nothing. */
enum { TRADE_FLAWS_TEXT_MAX = 320 };
size_t ix_trade_flaws(const ix_day *day, char out[TRADE_FLAWS_TEXT_MAX]);
/* "09:30:00.000000001"; room for 32 bytes. Returns `out`. */
enum { TRADE_TIME_TEXT_MAX = 32 };
const char *ix_trade_time_text(uint64_t since_midnight_ns, char out[TRADE_TIME_TEXT_MAX]);
/* HH:MM[:SS[.fraction]] up to 24:00; false when it is none. */
bool ix_trade_time_parse(const char *text, int64_t *ret_ns);

#endif
