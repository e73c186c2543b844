/* Writing a line: which call sites may, where it goes, one at a time. How it looks is log_line.c's. */
#include "log_line.h"

#include <inox/clock.h>

#include <errno.h>
#include <poll.h>
#include <unistd.h>

enum { SITE_BURST_DEFAULT = 100, WAIT_MS = 20 };

static int threshold(ix_log_level level) { return (int)(level == IX_LOG_DEFAULT ? IX_LOG_INFO : level); }

void ix_log_init(ix_log *log, const ix_log_options *options) {
	memset(log, 0, sizeof *log);
	log->options = *options;
	if (!log->options.clock) log->options.clock = ix_clock_real();
	if (log->options.site_burst == 0) log->options.site_burst = SITE_BURST_DEFAULT;
	atomic_init(&log->level, threshold(options->level));
	atomic_init(&log->dropped, 0);
	pthread_mutex_init(&log->lock, NULL);
}

void ix_log_fini(ix_log *log) { pthread_mutex_destroy(&log->lock); }

void ix_log_set_level(ix_log *log, ix_log_level level) {
	atomic_store_explicit(&log->level, threshold(level), memory_order_relaxed);
}

bool ix_log_level_parse(ix_str text, ix_log_level *ret_level) {
	for (ix_log_level level = IX_LOG_DEBUG; level <= IX_LOG_OFF; level++) {
		if (!ix_str_equal(text, ix_str_from(ix_log_level_name(level)))) continue;
		*ret_level = level;
		return true;
	}
	return false;
}

/* Lines a second and call site. The counts are relaxed and a second may begin on two threads at once: a line
 * more or less is no harm, a lock here would be. Returns false to hold the line back; else how many were
 * held back before it. */
static bool may_write(ix_log *log, ix_log_site *site, int64_t now_ns, uint64_t *ret_suppressed) {
	*ret_suppressed = 0;
	if (!site) return true;
	int64_t second = now_ns / IX_NS_PER_SECOND;
	if (atomic_load_explicit(&site->second, memory_order_relaxed) != second) {
		atomic_store_explicit(&site->second, second, memory_order_relaxed);
		atomic_store_explicit(&site->written, 0, memory_order_relaxed);
	}
	if (atomic_fetch_add_explicit(&site->written, 1, memory_order_relaxed) >= log->options.site_burst) {
		atomic_fetch_add_explicit(&site->suppressed, 1, memory_order_relaxed);
		return false;
	}
	*ret_suppressed = atomic_exchange_explicit(&site->suppressed, 0, memory_order_relaxed);
	return true;
}

/* Returns how much was taken: less than all when nobody reads. */
static size_t write_some(int descriptor, const char *data, size_t size) {
	size_t done = 0;
	while (done < size) {
		ssize_t put = write(descriptor, data + done, size - done);
		if (put > 0) {
			done += (size_t)put;
			continue;
		}
		if (put < 0 && errno == EINTR) continue;
		struct pollfd wait = {.fd = descriptor, .events = POLLOUT};
		if (put < 0 && errno == EAGAIN && poll(&wait, 1, WAIT_MS) == 1) continue;
		break;
	}
	return done;
}

/* A log must not stop the program it tells about: what nobody takes is given up and counted. A line that was
 * taken in part is ended before the next. */
static void write_line(ix_log *log, const char *data, size_t size) {
	int descriptor = log->options.descriptor;
	if (log->is_torn && write_some(descriptor, "\n", 1) == 1) log->is_torn = false;
	size_t done = log->is_torn ? 0 : write_some(descriptor, data, size);
	if (done == size) return;
	if (done) log->is_torn = true;
	atomic_fetch_add_explicit(&log->dropped, 1, memory_order_relaxed);
}

void ix_log_write(ix_log *log, ix_log_site *site, ix_log_level level, const char *message,
	const ix_log_field *fields, size_t field_count) {
	int kept_errno = errno; /* logging an error must not change it */
	if (!ix_log_wants(log, level)) return;
	ix_log_event event = {.time_ns = ix_clock_now(log->options.clock),
		.level = level,
		.message = ix_str_from(message),
		.fields = fields,
		.field_count = field_count};
	if (!may_write(log, site, event.time_ns, &event.suppressed)) return;
	char line[IX_LOG_LINE_MAX];
	size_t size = ix_log_line(&log->options, &event, line);
	pthread_mutex_lock(&log->lock);
	if (log->options.sink)
		log->options.sink(log->options.sink_context, level, (ix_str){line, size});
	else
		write_line(log, line, size);
	pthread_mutex_unlock(&log->lock);
	errno = kept_errno;
}
