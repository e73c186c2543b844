/* Metrics and their text, which an independent small parser takes apart again. */
#include <inox/metrics.h>
#include <inox/thread.h>

#include "helpers.h"

#include <math.h>
#include <time.h>

/* ---- the parser: the grammar of the exposition format 0.0.4, and nothing of ours ---- */

typedef struct sample {
	char name[160];
	char labels[600]; /* unescaped, as key=value; in order */
	double value;
	char le[40];
} sample;

typedef struct family {
	char name[160], type[16], help[600];
} family;

static sample samples[4000];
static family families[300];
static size_t sample_count, family_count;

static bool is_name_byte(char c, bool first) {
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == ':' ||
	       (!first && c >= '0' && c <= '9');
}

static void keep_text(char *to, size_t capacity, const char *text) {
	size_t size = strlen(text) + 1;
	assert_true(size <= capacity);
	memcpy(to, text, size);
}

static const char *take_name(const char *p, char *out, size_t capacity) {
	size_t length = 0;
	while (is_name_byte(*p, length == 0) && length + 1 < capacity) out[length++] = *p++;
	out[length] = '\0';
	assert_true(length > 0);
	return p;
}

static const char *take_label(const char *p, sample *s) {
	char name[160], value[600];
	p = take_name(p, name, sizeof name);
	assert_true(*p++ == '=');
	assert_true(*p++ == '"');
	size_t length = 0;
	for (; *p != '"'; p++) {
		assert_true(*p != '\0' && *p != '\n');
		if (*p != '\\') {
			value[length++] = *p;
			continue;
		}
		p++;
		assert_true(*p == '\\' || *p == '"' || *p == 'n');
		value[length++] = *p == 'n' ? '\n' : *p;
	}
	value[length] = '\0';
	if (strcmp(name, "le") == 0) {
		keep_text(s->le, sizeof s->le, value);
		return p + 1;
	}
	size_t end = strlen(s->labels);
	snprintf(s->labels + end, sizeof s->labels - end, "%s=%s;", name, value);
	return p + 1;
}

static void take_sample(const char *p, const char *end) {
	sample *s = &samples[sample_count++];
	assert_true(sample_count < IX_COUNT(samples));
	*s = (sample){.name = ""};
	p = take_name(p, s->name, sizeof s->name);
	if (*p == '{') {
		do p = take_label(p + 1, s);
		while (*p == ',');
		assert_true(*p++ == '}');
	}
	assert_true(*p++ == ' ');
	char *after;
	s->value = strtod(p, &after); /* reads NaN, +Inf and -Inf too */
	assert_ptr_equal(after, end);
}

static void take_comment(const char *p, const char *end) {
	bool is_type = strncmp(p, "# TYPE ", 7) == 0;
	assert_true(is_type || strncmp(p, "# HELP ", 7) == 0);
	char name[160], rest[1200];
	p = take_name(p + 7, name, sizeof name);
	assert_true(*p++ == ' ');
	snprintf(rest, sizeof rest, "%.*s", (int)(end - p), p);
	family *f = family_count ? &families[family_count - 1] : NULL;
	if (!f || strcmp(f->name, name) != 0) {
		/* Each name once, and before its samples. */
		for (size_t i = 0; i < family_count; i++) assert_string_not_equal(families[i].name, name);
		f = &families[family_count++];
		*f = (family){.name = ""};
		keep_text(f->name, sizeof f->name, name);
	}
	char *to = is_type ? f->type : f->help;
	assert_int_equal(*to, '\0');
	keep_text(to, is_type ? sizeof f->type : sizeof f->help, rest);
}

static void parse(const char *text, size_t size) {
	sample_count = family_count = 0;
	assert_true(size == 0 || text[size - 1] == '\n');
	for (const char *p = text, *end; p < text + size; p = end + 1) {
		end = memchr(p, '\n', (size_t)(text + size - p));
		assert_non_null(end);
		assert_true(end > p); /* no empty lines */
		size_t before = sample_count;
		if (*p == '#')
			take_comment(p, end);
		else
			take_sample(p, end);
		/* A sample belongs to the family whose TYPE came last. */
		if (sample_count > before) {
			const family *f = &families[family_count - 1];
			size_t length = strlen(f->name);
			assert_true(strncmp(samples[before].name, f->name, length) == 0);
			const char *suffix = samples[before].name + length;
			bool is_histogram = strcmp(f->type, "histogram") == 0;
			assert_true(is_histogram
					    ? strcmp(suffix, "_bucket") == 0 || strcmp(suffix, "_sum") == 0 ||
						      strcmp(suffix, "_count") == 0
					    : *suffix == '\0');
		}
	}
}

static char text_buffer[1 << 20];

static size_t write_and_parse(ix_metrics *metrics) {
	ix_writer writer = ix_writer_of(text_buffer, sizeof text_buffer - 1);
	ix_metrics_write(metrics, &writer);
	assert_false(writer.failed);
	text_buffer[writer.size] = '\0';
	parse(text_buffer, writer.size);
	return writer.size;
}

static const sample *find(const char *name, const char *labels, const char *le) {
	for (size_t i = 0; i < sample_count; i++)
		if (strcmp(samples[i].name, name) == 0 && strcmp(samples[i].labels, labels) == 0 &&
			strcmp(samples[i].le, le) == 0)
			return &samples[i];
	fail_msg("no sample %s{%s le=%s} in:\n%s", name, labels, le, text_buffer);
	return NULL;
}

#define assert_sample(name, labels, le, expected) assert_true(find(name, labels, le)->value == (expected))

/* ---- */

static ix_metrics *metrics;

static int open_metrics(void **state) {
	(void)state;
	return ix_metrics_new(NULL, &metrics, NULL);
}

static int close_metrics(void **state) {
	(void)state;
	ix_metrics_free(metrics);
	return 0;
}

static ix_counter *counter_of(const char *name) {
	ix_metric_family *f;
	ix_counter *counter;
	assert_int_equal(ix_metrics_counters(metrics, &(ix_metric_about){.name = name}, &f, NULL), 0);
	assert_int_equal(ix_metric_counter(f, NULL, &counter, NULL), 0);
	return counter;
}

static void the_text_is_exactly_this(void **state) {
	(void)state;
	ix_metric_family *requests, *level, *seconds;
	const double bounds[] = {0.1, 2.5};
	ix_counter *counter;
	ix_gauge *gauge;
	ix_histogram *histogram;
	ix_metric_about about = {
		.name = "http_requests_total", .help = "Requests.", .labels = {"method", "code"}};
	assert_int_equal(ix_metrics_counters(metrics, &about, &requests, NULL), 0);
	about = (ix_metric_about){.name = "level"};
	assert_int_equal(ix_metrics_gauges(metrics, &about, &level, NULL), 0);
	about = (ix_metric_about){.name = "wait_seconds",
		.help = "Waiting.",
		.labels = {"q"},
		.buckets = bounds,
		.bucket_count = 2};
	assert_int_equal(ix_metrics_histograms(metrics, &about, &seconds, NULL), 0);
	assert_int_equal(
		ix_metric_counter(requests, (ix_str[]){IX_STR("get"), IX_STR("200")}, &counter, NULL), 0);
	ix_counter_add(counter, 1027);
	assert_int_equal(ix_metric_gauge(level, NULL, &gauge, NULL), 0);
	ix_gauge_set(gauge, -1.5);
	assert_int_equal(ix_metric_histogram(seconds, (ix_str[]){IX_STR("a")}, &histogram, NULL), 0);
	ix_histogram_observe(histogram, 0.1); /* on a bound: counts below it */
	ix_histogram_observe(histogram, 0.125);
	ix_histogram_observe(histogram, 4);
	write_and_parse(metrics);
	assert_string_equal(text_buffer, "# HELP http_requests_total Requests.\n"
					 "# TYPE http_requests_total counter\n"
					 "http_requests_total{method=\"get\",code=\"200\"} 1027\n"
					 "# TYPE level gauge\n"
					 "level -1.5\n"
					 "# HELP wait_seconds Waiting.\n"
					 "# TYPE wait_seconds histogram\n"
					 "wait_seconds_bucket{q=\"a\",le=\"0.1\"} 1\n"
					 "wait_seconds_bucket{q=\"a\",le=\"2.5\"} 2\n"
					 "wait_seconds_bucket{q=\"a\",le=\"+Inf\"} 3\n"
					 "wait_seconds_sum{q=\"a\"} 4.225\n"
					 "wait_seconds_count{q=\"a\"} 3\n");
}

static void hostile_texts_are_escaped_and_come_back_whole(void **state) {
	(void)state;
	ix_metric_family *f;
	ix_gauge *gauge;
	ix_metric_about about = {.name = "g", .help = "back\\slash\nline \"quoted\"", .labels = {"path"}};
	assert_int_equal(ix_metrics_gauges(metrics, &about, &f, NULL), 0);
	assert_int_equal(ix_metric_gauge(f, (ix_str[]){IX_STR("C:\\n\n\"x\"} 1\ng 5")}, &gauge, NULL), 0);
	write_and_parse(metrics);
	assert_int_equal(sample_count, 1);
	assert_string_equal(samples[0].labels, "path=C:\\n\n\"x\"} 1\ng 5;");
	assert_string_equal(families[0].help, "back\\\\slash\\nline \"quoted\"");
}

static void gauges_hold_every_double(void **state) {
	(void)state;
	ix_metric_family *f;
	ix_gauge *gauge;
	assert_int_equal(ix_metrics_gauges(metrics, &(ix_metric_about){.name = "g"}, &f, NULL), 0);
	assert_int_equal(ix_metric_gauge(f, NULL, &gauge, NULL), 0);
	static const double values[] = {0, 0.1, 1.0 / 3, 1e-320, 1.7976931348623157e308, 9007199254740993.0,
		-0.25, INFINITY, -INFINITY};
	for (size_t i = 0; i < IX_COUNT(values); i++) {
		ix_gauge_set(gauge, values[i]);
		write_and_parse(metrics);
		assert_true(samples[0].value == values[i]);
		assert_true(ix_gauge_value(gauge) == values[i]);
	}
	ix_gauge_set(gauge, NAN);
	write_and_parse(metrics);
	assert_true(isnan(samples[0].value));
	ix_gauge_set(gauge, 1);
	ix_gauge_add(gauge, -3.5);
	assert_true(ix_gauge_value(gauge) == -2.5);
}

static void histograms_put_every_value_into_its_bucket(void **state) {
	(void)state;
	ix_metric_family *f;
	ix_histogram *h;
	ix_metric_about about = {.name = "h", .buckets = ix_metric_buckets_seconds, .bucket_count = 19};
	assert_int_equal(ix_metrics_histograms(metrics, &about, &f, NULL), 0);
	assert_int_equal(ix_metric_histogram(f, NULL, &h, NULL), 0);
	ix_histogram_observe(h, -1);
	ix_histogram_observe(h, 0.00001);
	ix_histogram_observe(h, 0.0011);
	ix_histogram_observe(h, 10);
	ix_histogram_observe(h, 10.1);
	ix_histogram_observe(h, 1e9);
	write_and_parse(metrics);
	assert_int_equal(sample_count, 22);
	assert_sample("h_bucket", "", "1e-05", 2);
	assert_sample("h_bucket", "", "0.001", 2);
	assert_sample("h_bucket", "", "0.0025", 3);
	assert_sample("h_bucket", "", "5", 3);
	assert_sample("h_bucket", "", "10", 4);
	assert_sample("h_bucket", "", "+Inf", 6);
	assert_sample("h_count", "", "", 6);
	assert_true(fabs(find("h_sum", "", "")->value - 1000000019.10111) < 1e-6);
	for (size_t i = 1; i < 20; i++) assert_true(samples[i].value >= samples[i - 1].value);
}

static void asking_again_gives_the_same(void **state) {
	(void)state;
	ix_metric_family *first, *second;
	ix_metric_about about = {.name = "a_total", .labels = {"x"}};
	assert_int_equal(ix_metrics_counters(metrics, &about, &first, NULL), 0);
	assert_int_equal(ix_metrics_counters(metrics, &about, &second, NULL), 0);
	assert_ptr_equal(first, second);
	ix_counter *one, *two, *three;
	assert_int_equal(ix_metric_counter(first, (ix_str[]){IX_STR("1")}, &one, NULL), 0);
	assert_int_equal(ix_metric_counter(first, (ix_str[]){IX_STR("2")}, &two, NULL), 0);
	assert_int_equal(ix_metric_counter(second, (ix_str[]){IX_STR("1")}, &three, NULL), 0);
	assert_ptr_equal(one, three);
	assert_ptr_not_equal(one, two);
	ix_counter_inc(one);
	assert_int_equal(ix_counter_value(three), 1);
}

static void another_shape_of_the_same_name_is_a_conflict(void **state) {
	(void)state;
	const double bounds[] = {1, 2}, others[] = {1, 3};
	ix_metric_family *f;
	ix_error err;
	ix_metric_about about = {.name = "h", .buckets = bounds, .bucket_count = 2};
	assert_int_equal(ix_metrics_histograms(metrics, &about, &f, NULL), 0);
	assert_int_equal(ix_metrics_gauges(metrics, &about, &f, &err), IX_ERR_CONFLICT);
	ix_metric_about other = {.name = "h", .buckets = others, .bucket_count = 2};
	assert_int_equal(ix_metrics_histograms(metrics, &other, &f, &err), IX_ERR_CONFLICT);
	ix_metric_about labelled = {.name = "h", .buckets = bounds, .bucket_count = 2, .labels = {"l"}};
	assert_int_equal(ix_metrics_histograms(metrics, &labelled, &f, &err), IX_ERR_CONFLICT);
	/* Its samples' names are taken too, and the other way round. */
	assert_int_equal(
		ix_metrics_gauges(metrics, &(ix_metric_about){.name = "h_sum"}, &f, &err), IX_ERR_CONFLICT);
	assert_int_equal(ix_metrics_gauges(metrics, &(ix_metric_about){.name = "k_count"}, &f, NULL), 0);
	ix_metric_about k = {.name = "k", .buckets = bounds, .bucket_count = 2};
	assert_int_equal(ix_metrics_histograms(metrics, &k, &f, &err), IX_ERR_CONFLICT);
}

static void names_that_prometheus_would_refuse_are_refused(void **state) {
	(void)state;
	ix_metric_family *f;
	ix_error err;
	static const char *const names[] = {"", "1a", "a-b", "a b", "a\n", "\xC3\xA4", "a.b"};
	for (size_t i = 0; i < IX_COUNT(names); i++)
		assert_int_equal(ix_metrics_gauges(metrics, &(ix_metric_about){.name = names[i]}, &f, &err),
			IX_ERR_INVALID);
	static const char *const labels[] = {"", "1a", "a:b", "__a", "a-b"};
	for (size_t i = 0; i < IX_COUNT(labels); i++) {
		ix_metric_about about = {.name = "g", .labels = {labels[i]}};
		assert_int_equal(ix_metrics_gauges(metrics, &about, &f, &err), IX_ERR_INVALID);
	}
	ix_metric_about twice = {.name = "g", .labels = {"a", "b", "a"}};
	assert_int_equal(ix_metrics_gauges(metrics, &twice, &f, &err), IX_ERR_INVALID);
	assert_string_equal(err.text, "metric g: 'a' cannot be a label's name");
	const double bounds[] = {1}, falling[] = {2, 1}, same[] = {1, 1}, endless[] = {1, INFINITY};
	ix_metric_about le = {.name = "h", .labels = {"le"}, .buckets = bounds, .bucket_count = 1};
	assert_int_equal(ix_metrics_histograms(metrics, &le, &f, &err), IX_ERR_INVALID);
	const double *const wrong[] = {falling, same, endless};
	for (size_t i = 0; i < 3; i++) {
		ix_metric_about about = {.name = "h", .buckets = wrong[i], .bucket_count = 2};
		assert_int_equal(ix_metrics_histograms(metrics, &about, &f, &err), IX_ERR_INVALID);
	}
	assert_int_equal(
		ix_metrics_histograms(metrics, &(ix_metric_about){.name = "h"}, &f, &err), IX_ERR_INVALID);
	assert_int_equal(
		ix_metrics_counters(metrics, &(ix_metric_about){.name = "c"}, &f, &err), IX_ERR_INVALID);
	assert_string_equal(err.text, "metric c: a counter's name ends in _total");
	assert_int_equal(write_and_parse(metrics), 0);
}

static void limits_hold(void **state) {
	(void)state;
	ix_metrics *small;
	ix_error err;
	assert_int_equal(
		ix_metrics_new(&(ix_metrics_options){.family_max = 2, .series_max = 3}, &small, NULL), 0);
	ix_metric_family *a, *b, *c;
	ix_gauge *gauge;
	ix_metric_about labelled = {.name = "a", .labels = {"l"}};
	assert_int_equal(ix_metrics_gauges(small, &labelled, &a, NULL), 0);
	assert_int_equal(ix_metrics_gauges(small, &(ix_metric_about){.name = "b"}, &b, NULL), 0);
	assert_int_equal(ix_metrics_gauges(small, &(ix_metric_about){.name = "c"}, &c, &err), IX_ERR_LIMIT);
	assert_int_equal(ix_metric_gauge(b, NULL, &gauge, NULL), 0);
	assert_int_equal(ix_metric_gauge(a, (ix_str[]){IX_STR("1")}, &gauge, NULL), 0);
	assert_int_equal(ix_metric_gauge(a, (ix_str[]){IX_STR("2")}, &gauge, NULL), 0);
	assert_int_equal(ix_metric_gauge(a, (ix_str[]){IX_STR("3")}, &gauge, &err), IX_ERR_LIMIT);
	assert_string_equal(err.text, "metric a: there are 3 series, the limit");
	assert_int_equal(ix_metric_gauge(a, (ix_str[]){IX_STR("1")}, &gauge, NULL), 0); /* there already */
	char longest[IX_METRIC_VALUE_MAX + 1];
	memset(longest, 'v', sizeof longest);
	assert_int_equal(ix_metric_gauge(a, (ix_str[]){{longest, IX_METRIC_VALUE_MAX + 1}}, &gauge, &err),
		IX_ERR_LIMIT);
	ix_metrics_free(small);
}

static void a_text_that_does_not_fit_says_how_much_there_is(void **state) {
	(void)state;
	ix_counter_add(counter_of("a_total"), 5);
	size_t size = write_and_parse(metrics);
	char tiny[10];
	ix_writer writer = ix_writer_of(tiny, sizeof tiny);
	ix_metrics_write(metrics, &writer);
	assert_true(writer.failed);
	assert_int_equal(writer.needed, size);
}

static void set_from_callback(void *context) { ix_gauge_add(context, 1); }

static void collectors_run_at_every_text(void **state) {
	(void)state;
	ix_metric_family *f;
	ix_gauge *gauge;
	assert_int_equal(ix_metrics_gauges(metrics, &(ix_metric_about){.name = "g"}, &f, NULL), 0);
	assert_int_equal(ix_metric_gauge(f, NULL, &gauge, NULL), 0);
	assert_int_equal(ix_metrics_collect(metrics, set_from_callback, gauge, NULL), 0);
	write_and_parse(metrics);
	write_and_parse(metrics);
	assert_sample("g", "", "", 2);
	int code = 0;
	for (int i = 0; i < 20 && code == 0; i++)
		code = ix_metrics_collect(metrics, set_from_callback, gauge, NULL);
	assert_int_equal(code, IX_ERR_LIMIT);
}

static void the_process_shows_itself(void **state) {
	(void)state;
	time_t now = time(NULL);
	assert_int_equal(ix_metrics_process(metrics, NULL), 0);
	write_and_parse(metrics);
	assert_int_equal(sample_count, 8);
	assert_true(find("process_resident_memory_bytes", "", "")->value > 1e6);
	assert_true(find("process_cpu_seconds_total", "", "")->value > 0);
	assert_true(find("process_threads", "", "")->value >= 1);
	assert_true(find("process_open_fds", "", "")->value == (double)count_descriptors() - 1);
	double started = find("process_start_time_seconds", "", "")->value;
	assert_true(started <= (double)now + 1 && started > (double)now - 3600);
	for (size_t i = 0; i < family_count; i++) {
		bool is_total = strstr(families[i].name, "_total") != NULL;
		assert_string_equal(families[i].type, is_total ? "counter" : "gauge");
		assert_true(families[i].help[0] != '\0');
	}
}

/* ---- threads ---- */

static ix_counter *shared_counter;
static ix_gauge *shared_gauge;
static ix_histogram *shared_histogram;
static ix_metric_family *shared_family;

static void change_all(void *context) {
	int id = *(int *)context;
	for (int i = 0; i < 5000; i++) {
		ix_counter_inc(shared_counter);
		ix_gauge_add(shared_gauge, 0.5);
		ix_histogram_observe(shared_histogram, i % 3);
		if (i % 500) continue;
		char value[16];
		snprintf(value, sizeof value, "%d", (i / 500 + id) % 10);
		ix_gauge *gauge;
		assert_int_equal(
			ix_metric_gauge(shared_family, (ix_str[]){ix_str_from(value)}, &gauge, NULL), 0);
		ix_gauge_add(gauge, 1);
	}
}

static void threads_change_what_is_being_read(void **state) {
	(void)state;
	const double bounds[] = {0, 1};
	ix_metric_family *f;
	shared_counter = counter_of("c_total");
	assert_int_equal(ix_metrics_gauges(metrics, &(ix_metric_about){.name = "g"}, &f, NULL), 0);
	assert_int_equal(ix_metric_gauge(f, NULL, &shared_gauge, NULL), 0);
	ix_metric_about about = {.name = "h", .buckets = bounds, .bucket_count = 2};
	assert_int_equal(ix_metrics_histograms(metrics, &about, &f, NULL), 0);
	assert_int_equal(ix_metric_histogram(f, NULL, &shared_histogram, NULL), 0);
	about = (ix_metric_about){.name = "s", .labels = {"l"}};
	assert_int_equal(ix_metrics_gauges(metrics, &about, &shared_family, NULL), 0);
	static int ids[4] = {0, 1, 2, 3};
	ix_thread *threads[4];
	for (int i = 0; i < 4; i++)
		assert_int_equal(ix_thread_start(NULL, change_all, &ids[i], &threads[i], NULL), 0);
	for (int i = 0; i < 50; i++) {
		write_and_parse(metrics);
		/* However many came in between: the count is the last bucket, and buckets never fall. */
		double first = find("h_bucket", "", "0")->value, last = find("h_bucket", "", "+Inf")->value;
		assert_true(first <= find("h_bucket", "", "1")->value && first <= last);
		assert_true(find("h_count", "", "")->value == last);
	}
	for (int i = 0; i < 4; i++) ix_thread_join(threads[i]);
	write_and_parse(metrics);
	assert_sample("c_total", "", "", 20000);
	assert_sample("g", "", "", 10000);
	/* i % 3 for i in 0 .. 4999: 1667 zeroes, 1667 ones, 1666 twos; four times */
	assert_sample("h_bucket", "", "0", 4 * 1667);
	assert_sample("h_bucket", "", "1", 4 * 3334);
	assert_sample("h_count", "", "", 20000);
	assert_sample("h_sum", "", "", 4 * (1667 + 2 * 1666));
	for (int i = 0; i < 10; i++) {
		char labels[16];
		snprintf(labels, sizeof labels, "l=%d;", i);
		assert_sample("s", labels, "", 4);
	}
}

static int make_some(void *context) {
	(void)context;
	ix_metrics *m;
	int code = ix_metrics_new(NULL, &m, NULL);
	if (code) return code;
	ix_metric_family *f;
	ix_gauge *gauge;
	ix_metric_about about = {.name = "g", .labels = {"l"}};
	code = ix_metrics_gauges(m, &about, &f, NULL);
	if (code == 0) code = ix_metric_gauge(f, (ix_str[]){IX_STR("v")}, &gauge, NULL);
	if (code == 0) code = ix_metrics_process(m, NULL);
	ix_metrics_free(m);
	return code;
}

static void survives_failing_allocations(void **state) {
	(void)state;
	assert_survives_failing_allocations(make_some, NULL);
}

#define WITH_METRICS(test) cmocka_unit_test_setup_teardown(test, open_metrics, close_metrics)
IX_TESTS(test_metrics, WITH_METRICS(the_text_is_exactly_this),
	WITH_METRICS(hostile_texts_are_escaped_and_come_back_whole), WITH_METRICS(gauges_hold_every_double),
	WITH_METRICS(histograms_put_every_value_into_its_bucket), WITH_METRICS(asking_again_gives_the_same),
	WITH_METRICS(another_shape_of_the_same_name_is_a_conflict),
	WITH_METRICS(names_that_prometheus_would_refuse_are_refused), WITH_METRICS(limits_hold),
	WITH_METRICS(a_text_that_does_not_fit_says_how_much_there_is),
	WITH_METRICS(collectors_run_at_every_text), WITH_METRICS(the_process_shows_itself),
	WITH_METRICS(threads_change_what_is_being_read), cmocka_unit_test(survives_failing_allocations));
