/* What this process uses, from /proc/self and getrusage. */
#include <inox/os_error.h>
#include <inox/process.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

/* "VmRSS:\t  1234 kB" gives 1234; 0 when the line is not there. */
static uint64_t number_after(ix_str text, ix_str name) {
	while (text.data) {
		ix_str line = ix_str_cut(&text, '\n');
		if (!ix_str_starts_with(line, name)) continue;
		ix_str value = ix_str_trim(ix_str_slice(line, name.size, line.size));
		uint64_t number = 0;
		(void)ix_str_to_u64(ix_str_cut(&value, ' '), &number);
		return number;
	}
	return 0;
}

static uint64_t count_descriptors(void) {
	DIR *directory = opendir("/proc/self/fd");
	if (!directory) return 0;
	uint64_t count = 0;
	for (struct dirent *entry; (entry = readdir(directory)) != NULL;) count += entry->d_name[0] != '.';
	closedir(directory);
	return count - 1; /* the one that read the directory */
}

static int64_t ns_of(struct timeval time) {
	return (int64_t)time.tv_sec * 1000000000 + (int64_t)time.tv_usec * 1000;
}

/* The 22nd field of /proc/self/stat, in clock ticks since boot; the second field, the name, may hold
 * anything. */
static int64_t started_ns(void) {
	char text[1024];
	int file = open("/proc/self/stat", O_RDONLY | O_CLOEXEC);
	ssize_t got = file >= 0 ? read(file, text, sizeof text) : -1;
	if (file >= 0) close(file);
	size_t at = got > 0 ? (size_t)got : 0;
	while (at > 0 && text[at - 1] != ')') at--;
	ix_str rest = {text + at, got > 0 ? (size_t)got - at : 0};
	for (int field = 3; field < 23; field++) (void)ix_str_cut(&rest, ' ');
	uint64_t ticks = 0;
	(void)ix_str_to_u64(ix_str_cut(&rest, ' '), &ticks);
	struct timespec real, boot;
	clock_gettime(CLOCK_REALTIME, &real);
	clock_gettime(CLOCK_BOOTTIME, &boot);
	int64_t booted_ns = (real.tv_sec - boot.tv_sec) * 1000000000 + real.tv_nsec - boot.tv_nsec;
	return booted_ns + (int64_t)ticks * (1000000000 / sysconf(_SC_CLK_TCK));
}

int ix_process_usage_read(ix_process_usage *ret_usage, ix_error *err) {
	char buffer[8192];
	int file = open("/proc/self/status", O_RDONLY | O_CLOEXEC);
	if (file < 0) return ix_fail_os(err, errno, "/proc/self/status");
	ssize_t got = read(file, buffer, sizeof buffer);
	int number = errno;
	close(file);
	struct rusage usage;
	if (got < 0) return ix_fail_os(err, number, "/proc/self/status");
	if (getrusage(RUSAGE_SELF, &usage) < 0) return ix_fail_os(err, errno, "getrusage");
	ix_str text = {buffer, (size_t)got};
	*ret_usage = (ix_process_usage){
		.resident_bytes = number_after(text, IX_STR("VmRSS:")) * 1024,
		.anonymous_bytes = number_after(text, IX_STR("RssAnon:")) * 1024,
		.file_bytes = number_after(text, IX_STR("RssFile:")) * 1024,
		.resident_max_bytes = number_after(text, IX_STR("VmHWM:")) * 1024,
		.cpu_user_ns = ns_of(usage.ru_utime),
		.cpu_system_ns = ns_of(usage.ru_stime),
		.faults_minor = (uint64_t)usage.ru_minflt,
		.faults_major = (uint64_t)usage.ru_majflt,
		.switches_voluntary = (uint64_t)usage.ru_nvcsw,
		.switches_forced = (uint64_t)usage.ru_nivcsw,
		.threads = number_after(text, IX_STR("Threads:")),
		.descriptors = count_descriptors(),
		.started_ns = started_ns(),
	};
	return 0;
}
