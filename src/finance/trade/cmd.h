/* cmd.h - the doors of `inox trade`, one a verb, and what they share. */
#ifndef INOX_TRADE_CMD_H
#define INOX_TRADE_CMD_H

#include <inox/room.h>

int ix_trade_cmd_stat(ix_call *call);
int ix_trade_cmd_book(ix_call *call);
int ix_trade_cmd_convert(ix_call *call);
int ix_trade_cmd_gen(ix_call *call);
int ix_trade_cmd_bench(ix_call *call);
int ix_trade_tour(const ix_tour_context *context, ix_tour_report *ret_report, ix_error *err);

#endif
