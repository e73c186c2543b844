/* How fast BLAKE3 is on each path, and beside b3sum on the same files, both as processes of their own that
 * read the file. Prints one JSON line a case: the best of the runs. Usage: bench-blake3 [RUNS]; bench-blake3
 * --hash THREADS FILE prints the hash of a file, as the measured process. */
#include "blake3_paths.h"

#include <inox/bench.h>
#include <inox/rng.h>
#include <inox/text.h>

#include <fcntl.h>
#include <pthread.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { BUFFER_SIZE = 64 << 20, READ_SIZE = 256 << 10, PART_SIZE = 1 << 20, PART_MAX = 4096, THREAD_MAX = 16 };

static uint8_t *buffer;
static volatile uint8_t sink; /* so that no work can be left out */

/* ---- in memory ---- */

static void measure_memory(ix_blake3_path path, size_t size, const char *label, size_t runs) {
	size_t turns = size < (4 << 20) ? (4 << 20) / size : 1;
	double best = 1e9, best_cpu = 0;
	for (size_t run = 0; run < runs; run++) {
		double wall = ix_bench_seconds(CLOCK_MONOTONIC),
		       cpu = ix_bench_seconds(CLOCK_PROCESS_CPUTIME_ID);
		for (size_t turn = 0; turn < turns; turn++) {
			uint8_t hash[32];
			ix_blake3(hash, buffer, size);
			sink = hash[0];
		}
		wall = ix_bench_seconds(CLOCK_MONOTONIC) - wall;
		cpu = ix_bench_seconds(CLOCK_PROCESS_CPUTIME_ID) - cpu;
		if (wall < best) {
			best = wall;
			best_cpu = cpu;
		}
	}
	printf("{\"case\": \"%s, %s\", \"unit\": \"GB/s\", \"value\": %.3f, \"cpu_s\": %.6f, \"wall_s\": "
	       "%.6f}\n",
		ix_blake3_path_name(path), label, (double)(size * turns) / best * 1e-9, best_cpu, best);
}

static void measure_paths(size_t runs) {
	static const struct {
		size_t size;
		const char *label;
	} sizes[] = {{64, "64 B"}, {1 << 10, "1 KiB"}, {16 << 10, "16 KiB"}, {1 << 20, "1 MiB"},
		{16 << 20, "16 MiB"}, {BUFFER_SIZE, "64 MiB"}};
	for (size_t path = 0; path < blake3_path_count(); path++) {
		ix_cpu_features features = blake3_features((ix_blake3_path)path);
		ix_blake3_choose(&features);
		for (size_t i = 0; i < IX_COUNT(sizes); i++)
			measure_memory((ix_blake3_path)path, sizes[i].size, sizes[i].label, runs);
	}
}

/* ---- the measured process ---- */

typedef struct job {
	const ix_blake3_hasher *hasher;
	const uint8_t *data;
	uint8_t (*nodes)[IX_BLAKE3_NODE_SIZE];
	size_t part_count, *next;
} job;

static void *hash_parts(void *context) {
	job *j = context;
	for (;;) {
		size_t i = __atomic_fetch_add(
			j->next, 1, __ATOMIC_RELAXED); /* each number once; the join orders the rest */
		if (i >= j->part_count) return NULL;
		ix_blake3_subtree(j->hasher, i * PART_SIZE, j->data + i * PART_SIZE, PART_SIZE, j->nodes[i]);
	}
}

static int hash_mapped(int file, size_t size, size_t thread_count, ix_blake3_hasher *hasher) {
	static uint8_t nodes[PART_MAX][IX_BLAKE3_NODE_SIZE];
	pthread_t threads[THREAD_MAX];
	size_t next = 0;
	uint8_t *data = size ? mmap(NULL, size, PROT_READ, MAP_PRIVATE, file, 0) : NULL;
	if (data == MAP_FAILED || size / PART_SIZE > PART_MAX) return -1;
	job j = {hasher, data, nodes, size / PART_SIZE, &next};
	for (size_t i = 1; i < thread_count; i++) pthread_create(&threads[i], NULL, hash_parts, &j);
	hash_parts(&j);
	for (size_t i = 1; i < thread_count; i++) pthread_join(threads[i], NULL);
	for (size_t i = 0; i < j.part_count; i++) ix_blake3_add_subtree(hasher, nodes[i], PART_SIZE);
	ix_blake3_update(hasher, data + j.part_count * PART_SIZE, size % PART_SIZE);
	return 0;
}

static int hash_read(int file, ix_blake3_hasher *hasher) {
	static _Alignas(4096) uint8_t piece[READ_SIZE];
	for (;;) {
		ssize_t size = read(file, piece, sizeof piece);
		if (size <= 0) return (int)size;
		ix_blake3_update(hasher, piece, (size_t)size);
	}
}

static int hash_file(size_t thread_count, const char *path) {
	ix_cpu_features features = ix_cpu_features_detect();
	ix_blake3_hasher hasher;
	uint8_t hash[32];
	char text[65] = {0};
	struct stat info;
	int file = open(path, O_RDONLY | O_CLOEXEC);
	if (file < 0 || fstat(file, &info) != 0 || thread_count > THREAD_MAX) return 4;
	ix_blake3_choose(&features);
	ix_blake3_init(&hasher);
	int code = thread_count > 1 ? hash_mapped(file, (size_t)info.st_size, thread_count, &hasher)
				    : hash_read(file, &hasher);
	if (code != 0) return 4;
	ix_blake3_finish(&hasher, hash, 32);
	ix_hex_encode(text, (ix_bytes){hash, 32});
	puts(text);
	return 0;
}

/* ---- side by side ---- */

typedef struct figures {
	double wall_s, cpu_s;
	char hash[65];
} figures;

/* Runs a program whose output begins with a hash. False: it could not be run. */
static bool run_process(char *const argv[], figures *ret_figures) {
	int ends[2], status;
	pid_t pid;
	struct rusage usage;
	posix_spawn_file_actions_t actions;
	if (pipe(ends) != 0) return false;
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, ends[1], 1);
	posix_spawn_file_actions_addclose(&actions, ends[0]);
	double wall = ix_bench_seconds(CLOCK_MONOTONIC);
	bool started = posix_spawnp(&pid, argv[0], &actions, NULL, argv, environ) == 0;
	close(ends[1]);
	posix_spawn_file_actions_destroy(&actions);
	ssize_t size = started ? read(ends[0], ret_figures->hash, 64) : 0;
	close(ends[0]);
	if (!started || wait4(pid, &status, 0, &usage) != pid || status != 0 || size != 64) return false;
	ret_figures->wall_s = ix_bench_seconds(CLOCK_MONOTONIC) - wall;
	ret_figures->cpu_s = (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
			     (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) * 1e-6;
	return true;
}

static void print_figures(
	const char *who, const char *label, size_t size, const figures *f, const figures *peer) {
	printf("{\"case\": \"%s, %s\", \"unit\": \"GB/s\", \"value\": %.3f, \"cpu_s\": %.6f, \"wall_s\": "
	       "%.6f",
		who, label, (double)size / f->wall_s * 1e-9, f->cpu_s, f->wall_s);
	if (peer)
		printf(", \"ratio\": %.2f, \"cpu_ratio\": %.2f", peer->wall_s / f->wall_s,
			f->cpu_s / peer->cpu_s);
	puts("}");
}

static void measure_pair(
	char *const ours[], char *const theirs[], const char *label, size_t size, size_t runs) {
	figures best = {.wall_s = 1e9}, best_peer = {.wall_s = 1e9};
	for (size_t run = 0; run < runs; run++) {
		figures f = {0}, peer = {0};
		if (!run_process(ours, &f)) {
			fprintf(stderr, "bench-blake3: %s failed\n", ours[0]);
			return;
		}
		if (f.wall_s < best.wall_s) best = f;
		if (!run_process(theirs, &peer)) continue;
		if (strcmp(f.hash, peer.hash) != 0) {
			fprintf(stderr, "bench-blake3: %s and %s give other hashes\n", f.hash, peer.hash);
			exit(1);
		}
		if (peer.wall_s < best_peer.wall_s) best_peer = peer;
	}
	bool has_peer = best_peer.wall_s < 1e9;
	print_figures("ours", label, size, &best, has_peer ? &best_peer : NULL);
	if (has_peer)
		print_figures("b3sum", label, size, &best_peer, NULL);
	else
		printf("{\"case\": \"b3sum, %s\", \"not_measured\": true}\n", label);
}

static void measure_files(size_t runs) {
	static const struct {
		size_t size;
		const char *one, *all;
	} sizes[] = {{1 << 20, "file of 1 MiB, 1 thread", "file of 1 MiB, 2 threads"},
		{16 << 20, "file of 16 MiB, 1 thread", "file of 16 MiB, 2 threads"},
		{BUFFER_SIZE, "file of 64 MiB, 1 thread", "file of 64 MiB, 2 threads"}};
	char path[] = "/tmp/bench-blake3-XXXXXX";
	int file = mkstemp(path);
	if (file < 0 || write(file, buffer, BUFFER_SIZE) != BUFFER_SIZE) exit(4);
	for (size_t i = IX_COUNT(sizes); i-- > 0;) {
		if (ftruncate(file, (off_t)sizes[i].size) != 0) exit(4);
		char *ours_one[] = {"/proc/self/exe", "--hash", "1", path, NULL};
		char *ours_two[] = {"/proc/self/exe", "--hash", "2", path, NULL};
		char *b3sum_one[] = {"b3sum", "--num-threads", "1", "--no-mmap", path, NULL};
		char *b3sum_two[] = {"b3sum", "--num-threads", "2", path, NULL};
		measure_pair(ours_one, b3sum_one, sizes[i].one, sizes[i].size, runs);
		measure_pair(ours_two, b3sum_two, sizes[i].all, sizes[i].size, runs);
	}
	close(file);
	unlink(path);
}

int main(int argc, char **argv) {
	if (argc == 4 && strcmp(argv[1], "--hash") == 0)
		return hash_file((size_t)strtoul(argv[2], NULL, 10), argv[3]);
	size_t runs = argc > 1 ? strtoul(argv[1], NULL, 10) : ix_bench_runs(7);
	ix_rng rng;
	ix_rng_seed(&rng, 1);
	buffer = aligned_alloc(4096, BUFFER_SIZE);
	if (!buffer) return 4;
	ix_rng_fill(&rng, buffer, BUFFER_SIZE);
	measure_paths(runs);
	measure_files(runs);
	free(buffer);
	return 0;
}
