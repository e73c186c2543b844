/* faulty_room.c - a room with a mistake in it, linked to main.c: what users see of our own faults, and of
 * what crashes. */
#include <inox/room.h>

#include <stdlib.h>

static int ask_for_nothing(ix_call *call) { return ix_call_flag(call, "nothing"); }

static int fail_inside(ix_call *call) {
	fputs("half a result\n", call->out);
	ix_fail(&call->error, IX_ERR_INTERNAL, "the books do not add up");
	return ix_call_fail(call);
}

static int say_no(ix_call *call) { return fputs("no\n", call->out) >= 0; }

static int crash(const ix_tour_context *context, ix_tour_report *ret_report, ix_error *err) {
	(void)context, (void)ret_report, (void)err;
	abort();
}

static const ix_verb verbs[] = {
	{.name = "panic", .summary = "Ask for an option that is not there", .run = ask_for_nothing},
	{.name = "fail", .summary = "Fail", .run = fail_inside},
	{.name = "no", .summary = "Answer no", .run = say_no},
	{0},
};
static const ix_room room = {
	.name = "faulty", .title = "Faulty", .summary = "Go wrong", .verbs = verbs, .tour = crash};

const ix_room *const ix_rooms[] = {&room, NULL};
