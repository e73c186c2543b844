/* cmd_report.h - what a run came to, as text and JSON: for `inox trade run` and `inox trade replay`. */
#ifndef INOX_TRADE_CMD_REPORT_H
#define INOX_TRADE_CMD_REPORT_H

#include <inox/pipeline_run.h>
#include <inox/room.h>

/* What the door knows and the run does not. */
typedef struct ix_trade_told {
	const char *feed;       /* the file's name; NULL: a replay */
	const char *trail_path; /* NULL: none */
	const char *html_path;  /* NULL: none */
	const ix_plan *plan;    /* NULL: a replay */
	ix_str mode;
	uint64_t rate_per_s;
	bool is_durable;
	const char *trouble;            /* why the run ended before its feed did; NULL: it did not */
	const ix_replay_result *replay; /* NULL: a run */
} ix_trade_told;

/* The limits where no file is named (cmd_run.c). */
extern const char ix_trade_default_limits[];

int ix_trade_tell_run(ix_call *call, const ix_run *run, const ix_trade_told *told);
/* The page for a browser, into told->html_path, whole or not at all. 0, or an error in call->error. */
int ix_trade_html(ix_call *call, const ix_run *run, const ix_trade_told *told);
/* "-1,234.56", to the cent; room for 40 bytes. Returns `out`. */
enum { TRADE_MONEY_TEXT_MAX = 40 };
const char *ix_trade_money_text(int64_t e4, char out[TRADE_MONEY_TEXT_MAX]);

#endif
