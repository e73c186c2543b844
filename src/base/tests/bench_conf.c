/* How fast a large configuration is read, checked and formatted: 10,000 sites with 10 routes each, as one
 * file. Prints one JSON line a case; "memory_mb" is what the arena held. Usage: bench-conf [RUNS] */
#include <inox/bench.h>
#include <inox/conf.h>
#include <inox/writer.h>

enum { SITE_COUNT = 10000, ROUTE_COUNT = 10, TEXT_MAX = 16 << 20 };

typedef struct route {
	ix_str path, to;
	int64_t timeout_ns, cache_ns;
} route;

typedef struct site {
	ix_conf_list names, routes;
	ix_conf_address listen;
} site;

typedef struct sites {
	ix_conf_list items;
} sites;

static const ix_conf_entry route_arguments[] = {
	{"PATH", IX_CONF_TEXT, IX_CONF_FIELD(route, path)},
	{0},
};
static const ix_conf_entry route_block[] = {
	{"to", IX_CONF_NAME, IX_CONF_FIELD(route, to), .required = true},
	{"timeout", IX_CONF_DURATION, IX_CONF_FIELD(route, timeout_ns)},
	{"cache", IX_CONF_DURATION, IX_CONF_FIELD(route, cache_ns), .fallback = "0"},
	{0},
};
static const ix_conf_entry site_arguments[] = {
	{"HOST", IX_CONF_TEXT, IX_CONF_FIELD(site, names), .many = true},
	{0},
};
static const ix_conf_entry site_block[] = {
	{"listen", IX_CONF_ADDRESS, IX_CONF_FIELD(site, listen), .required = true},
	{"route", IX_CONF_ITEMS(site, routes, route), .arguments = route_arguments, .block = route_block,
		.unique = true},
	{0},
};
static const ix_conf_entry directives[] = {
	{"site", IX_CONF_ITEMS(sites, items, site), .arguments = site_arguments, .block = site_block,
		.unique = true},
	{0},
};
static const ix_conf_schema schema = {.name = "sites",
	.summary = "sites and their routes",
	.directives = directives,
	.size = sizeof(sites)};

static void *heap_resize(void *context, void *block, size_t old_size, size_t new_size, size_t alignment) {
	(void)context, (void)old_size, (void)alignment;
	if (new_size) return realloc(block, new_size);
	free(block);
	return NULL;
}
static const ix_allocator heap = {heap_resize, NULL};

static void print(ix_writer *w, const char *format, int a, int b) {
	char line[128];
	int size = snprintf(line, sizeof line, format, a, b);
	ix_write_bytes(w, line, (size_t)size);
}

static ix_str make_text(char *out) {
	ix_writer w = ix_writer_of(out, TEXT_MAX);
	for (int i = 0; i < SITE_COUNT; i++) {
		print(&w, "site host%d.example, www.host%d.example {\n\tlisten 127.0.0.1:8080;\n", i, i);
		for (int j = 0; j < ROUTE_COUNT; j++)
			print(&w, "\troute /path/%d/ {\n\t\tto api%d;\n\t\ttimeout 2s;\n\t\tcache 1h;\n\t}\n",
				j, j);
		ix_write_str(&w, IX_STR("}\n"));
	}
	return (ix_str){out, w.size};
}

static int run_once(ix_str text) {
	ix_error err = {0};
	sites filled;
	ix_str out;
	ix_conf_options tree = {0}, table = {.schema = &schema, .into = &filled};
	for (int kind = 0; kind < 3; kind++) {
		static const char *const names[] = {"read", "read, check and fill", "format"};
		ix_arena arena;
		ix_arena_init(&arena, &heap, 1 << 20, 0);
		ix_bench_start();
		int code = kind < 2 ? ix_conf_parse(&arena, IX_STR("sites.conf"), text, kind ? &table : &tree,
					      NULL, &err)
				    : ix_conf_format(&arena, IX_STR("sites.conf"), text, &out, &err);
		ix_bench_stop(names[kind], "MB/s", (double)text.size * 1e-6,
			"\"sites\":%d,\"memory_mb\":%.1f", SITE_COUNT, (double)arena.reserved * 1e-6);
		ix_arena_fini(&arena);
		if (code) {
			fprintf(stderr, "bench-conf: %s\n", err.text);
			return 5;
		}
	}
	return 0;
}

int main(int argc, char **argv) {
	size_t runs = argc > 1 ? strtoul(argv[1], NULL, 10) : ix_bench_runs(5);
	char *memory = malloc(TEXT_MAX);
	if (!memory) return 4;
	ix_str text = make_text(memory);
	int code = 0;
	for (size_t i = 0; i < runs && code == 0; i++) code = run_once(text);
	free(memory);
	return code;
}
