/* alerts.c - what an operator must hear of: at most once a second and kind, with how often it was. */
#include "inside.h"

const char *ix_pipeline_alert_name(ix_pipeline_alert_kind kind) {
	static const char *const names[IX_PIPELINE_ALERT_COUNT] = {
		"latency", "gap", "stale feed", "rejects", "loss", "kill switch", "limit"};
	return (unsigned)kind < IX_PIPELINE_ALERT_COUNT ? names[kind] : "unknown";
}

void alert_raise(ix_pipeline *p, ix_pipeline_alert_kind kind, int64_t value, int64_t threshold) {
	p->counts.alert_count[kind]++;
	p->alerts[kind].held_count++;
	if (p->now_ns < p->alerts[kind].next_ns) return;
	const ix_pipeline_alert alert = {kind, p->now_ns, value, threshold, p->alerts[kind].held_count};
	p->alerts[kind].held_count = 0;
	p->alerts[kind].next_ns = p->now_ns + NS_PER_SECOND;
	if (p->sink.alert) p->sink.alert(p->sink.context, &alert);
}

void alert_decision(ix_pipeline *p, bool is_rejected) {
	uint8_t *place = &p->decision_window[p->window_at];
	p->window_rejects += is_rejected;
	p->window_rejects -= *place;
	*place = is_rejected;
	p->window_at = (p->window_at + 1) % DECISION_WINDOW;
	if (is_rejected && p->counts.decision_count >= DECISION_WINDOW &&
		p->window_rejects > p->options.reject_alert_percent)
		alert_raise(p, IX_PIPELINE_ALERT_REJECTS, p->window_rejects, p->options.reject_alert_percent);
}
