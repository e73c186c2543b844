/* plan.c - a run's plan: to JSON and back, and from it the engine. */
#include "run_inside.h"

#include <inox/blake3.h>
#include <inox/file.h>
#include <inox/json.h>
#include <inox/json_writer.h>
#include <inox/text.h>

enum { PLAN_VERSION = 1, PATH_SIZE = IX_STRATEGY_PATH_MAX + 1 };

/* ---- as a document ---- */

int ix_plan_write(const ix_plan *plan, const ix_strategy_vtable *strategy, ix_writer *writer, ix_error *err) {
	ix_json_writer json;
	ix_json_writer_init(&json, writer, (ix_json_style){0});
	ix_json_object_begin(&json);
	ix_json_key(&json, IX_STR("version"));
	ix_json_i64(&json, PLAN_VERSION);
	ix_json_key(&json, IX_STR("program"));
	ix_json_string(&json, IX_STR("inox " INOX_VERSION));
	ix_json_key(&json, IX_STR("strategy"));
	ix_json_string(&json, plan->strategy);
	ix_json_key(&json, IX_STR("strategy_hash"));
	ix_json_hex(&json, (ix_bytes){plan->strategy_hash, sizeof plan->strategy_hash});
	ix_json_key(&json, IX_STR("parameters"));
	ix_json_object_begin(&json);
	for (uint32_t i = 0; i < strategy->parameter_count; i++) {
		ix_json_key(&json, ix_str_from(strategy->parameters[i].name));
		ix_json_i64(&json, plan->parameters[i]);
	}
	ix_json_object_end(&json);
	const struct {
		ix_str key;
		ix_str text;
	} texts[] = {{IX_STR("session"), plan->session}, {IX_STR("limits_name"), plan->limits_name},
		{IX_STR("limits"), plan->limits}};
	for (size_t i = 0; i < IX_COUNT(texts); i++) {
		ix_json_key(&json, texts[i].key);
		ix_json_string(&json, texts[i].text);
	}
	const struct {
		ix_str key;
		uint64_t number;
	} numbers[] = {{IX_STR("venue_latency_ns"), plan->venue_latency_ns},
		{IX_STR("symbols_max"), plan->symbols_max}, {IX_STR("orders_max"), plan->orders_max},
		{IX_STR("book_orders_reserve"), plan->book_orders_reserve}};
	for (size_t i = 0; i < IX_COUNT(numbers); i++) {
		ix_json_key(&json, numbers[i].key);
		ix_json_u64(&json, numbers[i].number);
	}
	ix_json_object_end(&json);
	return ix_json_writer_finish(&json, err);
}

static int read_hash(const ix_json_cursor *root, uint8_t ret_hash[32], ix_error *err) {
	ix_str text;
	int code = ix_json_member_string(root, "strategy_hash", &text, err);
	if (code) return code;
	size_t size;
	if (text.size != 64 || ix_hex_decode(text, ret_hash, 32, &size, NULL) != 0)
		return ix_fail(err, IX_ERR_INVALID, "strategy_hash: it is 64 hexadecimal digits");
	return 0;
}

static int read_numbers(const ix_json_cursor *root, ix_plan *plan, ix_error *err) {
	int64_t latency, symbols, orders, book_orders;
	int code = ix_json_member_i64(root, "venue_latency_ns", 1, INT64_MAX, &latency, err);
	if (!code) code = ix_json_member_i64(root, "symbols_max", 1, IX_PIPELINE_SYMBOL_MAX, &symbols, err);
	if (!code) code = ix_json_member_i64(root, "orders_max", 1, IX_PIPELINE_ORDER_MAX, &orders, err);
	if (!code) code = ix_json_member_i64(root, "book_orders_reserve", 1, 1 << 23, &book_orders, err);
	if (code) return code;
	plan->venue_latency_ns = (uint64_t)latency;
	plan->symbols_max = (uint32_t)symbols;
	plan->orders_max = (uint32_t)orders;
	plan->book_orders_reserve = (uint32_t)book_orders;
	return 0;
}

/* By their place: the names are the strategy's, which is not loaded yet. */
static int read_parameters(const ix_json_cursor *root, ix_plan *plan, ix_error *err) {
	ix_json_cursor list;
	int code = ix_json_member(root, "parameters", &list, err);
	uint32_t count = 0;
	for (ix_json_cursor each = {0}; !code && ix_json_next(&list, &each); count++) {
		if (count == IX_STRATEGY_PARAMETER_MAX)
			return ix_fail(
				err, IX_ERR_LIMIT, "parameters: more than %d", IX_STRATEGY_PARAMETER_MAX);
		code = ix_json_get_i64(&each, INT64_MIN, INT64_MAX, &plan->parameters[count], err);
	}
	plan->has_parameters = true;
	return code;
}

int ix_plan_read(ix_json *json, ix_plan *ret_plan, ix_error *err) {
	ix_json_cursor root = ix_json_root(json);
	ix_plan plan = {0};
	int64_t version;
	int code = ix_json_member_i64(&root, "version", 1, INT64_MAX, &version, err);
	if (!code && version > PLAN_VERSION)
		return ix_fail(err, IX_ERR_VERSION,
			"the plan is of version %lld, newer than this program's, %d", (long long)version,
			PLAN_VERSION);
	if (!code) code = ix_json_member_string(&root, "strategy", &plan.strategy, err);
	if (!code) code = read_hash(&root, plan.strategy_hash, err);
	if (!code) code = read_parameters(&root, &plan, err);
	if (!code) code = ix_json_member_string(&root, "session", &plan.session, err);
	if (!code) code = ix_json_member_string(&root, "limits_name", &plan.limits_name, err);
	if (!code) code = ix_json_member_string(&root, "limits", &plan.limits, err);
	if (!code) code = read_numbers(&root, &plan, err);
	if (!code) *ret_plan = plan;
	return code;
}

/* ---- as an engine ---- */

static int hash_file(const char *path, uint8_t ret_hash[32], ix_error *err) {
	ix_file_map map;
	int code = ix_file_map_open(path, &map, err);
	if (code) return code;
	ix_blake3(ret_hash, map.bytes.data, map.bytes.size);
	code = ix_file_map_check(&map, err);
	ix_file_unmap(&map);
	return code;
}

static bool is_zero(const uint8_t hash[32]) {
	for (int i = 0; i < 32; i++) {
		if (hash[i]) return false;
	}
	return true;
}

/* A shared object is what it was when the plan was made. */
static int load_strategy(ix_plan *plan, ix_run *run, ix_error *err) {
	run->strategy = ix_strategy_find_builtin(plan->strategy);
	if (run->strategy) return 0;
	char path[PATH_SIZE];
	if (!plan->strategy.size || plan->strategy.size >= sizeof path ||
		ix_str_find(plan->strategy, '\0') < plan->strategy.size)
		return ix_fail(err, IX_ERR_INVALID, "'%.*s' is neither a strategy nor a path",
			IX_STR_ARG(plan->strategy));
	if (ix_utf8_check(plan->strategy) < plan->strategy.size)
		return ix_fail(
			err, IX_ERR_INVALID, "the strategy's path is not UTF-8, which a trail must hold");
	memcpy(path, plan->strategy.data, plan->strategy.size);
	path[plan->strategy.size] = 0;
	uint8_t hash[32];
	int code = hash_file(path, hash, err);
	if (code == IX_ERR_NOT_FOUND && ix_str_find(plan->strategy, '/') == plan->strategy.size)
		return ix_fail(err, code,
			"there is no strategy '%s', and no file of that name; built in are maker and ofi",
			path);
	if (!code && !is_zero(plan->strategy_hash) && memcmp(hash, plan->strategy_hash, sizeof hash) != 0)
		return ix_fail(err, IX_ERR_CONFLICT,
			"%s: not the shared object that ran: it has changed since", path);
	if (!code) code = ix_strategy_open_file(path, &run->strategy_file, err);
	if (code) return code;
	memcpy(plan->strategy_hash, hash, sizeof hash);
	run->strategy = run->strategy_file.vtable;
	return 0;
}

static int fill_parameters(ix_plan *plan, const ix_strategy_vtable *strategy, ix_error *err) {
	int code = 0;
	if (!plan->has_parameters) ix_strategy_parameter_fallbacks(strategy, plan->parameters);
	plan->has_parameters = true;
	for (uint32_t i = 0; !code && i < strategy->parameter_count; i++)
		code = ix_strategy_parameter_check(strategy, i, plan->parameters[i], err);
	return code;
}

static void on_mass_cancel(void *context, ix_risk_level level, ix_str name, ix_str reason) {
	ix_run *run = context;
	(void)level;
	(void)name;
	(void)reason;
	if (run->pipeline) ix_pipeline_cancel_all(run->pipeline);
}

static int open_risk(const ix_plan *plan, ix_run *run, ix_error *err) {
	if (plan->limits.size == 0) return 0;
	const ix_risk_options options = {.allocator = ix_os_allocator(),
		.limits = plan->limits,
		.limits_name = plan->limits_name,
		.symbol_max = plan->symbols_max + 1024, /* those of the limits file, too */
		.orders_max = 2 * plan->orders_max,
		.cell_max = 6 * (plan->symbols_max + 64), /* each level of each symbol */
		.single_thread = true,
		.mass_cancel = on_mass_cancel,
		.context = run};
	return ix_risk_open(&options, &run->risk, err);
}

int plan_build(
	ix_plan *plan, const ix_pipeline_sink *sink, const ix_run_options *o, ix_run *run, ix_error *err) {
	if (!plan->venue_latency_ns) plan->venue_latency_ns = 20000;
	if (!plan->symbols_max) plan->symbols_max = 1024;
	if (!plan->orders_max) plan->orders_max = 4096;
	if (!plan->book_orders_reserve) plan->book_orders_reserve = 65536;
	int code = load_strategy(plan, run, err);
	if (!code) code = fill_parameters(plan, run->strategy, err);
	if (!code) code = open_risk(plan, run, err);
	if (code) return code;
	const ix_pipeline_options options = {.allocator = ix_os_allocator(),
		.strategy = run->strategy,
		.parameters = plan->parameters,
		.risk = run->risk,
		.risk_session = plan->session,
		.venue_latency_ns = plan->venue_latency_ns,
		.symbols_max = plan->symbols_max,
		.orders_max = plan->orders_max,
		.book_orders_reserve = plan->book_orders_reserve,
		.measures = o->measures,
		.latency_alert_ns = o->latency_alert_ns,
		.loss_alert_e4 = o->loss_alert_e4,
		.sink = *sink};
	return ix_pipeline_new(&options, &run->pipeline, err);
}
