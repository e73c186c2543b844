/* blake3.c - the tree of BLAKE3: chunks in, chaining values merged on the way up, output at the root. What
 * happens to a block is the kernels' (blake3_portable.c and the vector paths).
 *
 * The stack holds the finished subtrees to the left, largest first, with at most one of each size, but that
 * the last two may be halves of one that is not merged yet: a node is not made before it is known not to be
 * the root. */
#include "blake3_inside.h"

#if defined __has_attribute
#if __has_attribute(uninitialized)
#define UNINITIALIZED __attribute__((uninitialized)) /* kilobytes, written before they are read */
#endif
#endif
#ifndef UNINITIALIZED
#define UNINITIALIZED
#endif

/* Values that are carried up side by side, as many as the widest vector has lanes, and chunks that are hashed
 * before their values are first merged: powers of two. They take 32 bytes of stack each. */
#if defined __x86_64__
enum { WIDTH = 16, GROUP_CHUNKS = 64 };
#else
enum { WIDTH = 2, GROUP_CHUNKS = 2 };
#endif
enum { GROUP_SIZE = GROUP_CHUNKS * IX_BLAKE3_CHUNK_SIZE };

static const uint32_t iv[8] = BLAKE3_IV;
static ix_blake3_path chosen_path = IX_BLAKE3_PORTABLE;

/* ---- paths ---- */

static const ix_blake3_kernel *kernel_of(unsigned path) {
#if defined __x86_64__
	static const ix_blake3_kernel *const kernels[IX_BLAKE3_PATH_COUNT] = {
		&ix_blake3_portable, &ix_blake3_sse41, &ix_blake3_avx2, &ix_blake3_avx512};
	return kernels[path];
#else
	(void)path;
	return &ix_blake3_portable;
#endif
}

ix_blake3_path ix_blake3_path_for(const ix_cpu_features *cpu) {
#if defined __x86_64__
	if (cpu->avx512) return IX_BLAKE3_AVX512;
	if (cpu->avx2) return IX_BLAKE3_AVX2;
	if (cpu->sse42) return IX_BLAKE3_SSE41;
#else
	(void)cpu;
#endif
	return IX_BLAKE3_PORTABLE;
}

const char *ix_blake3_path_name(ix_blake3_path path) {
	static const char *const names[IX_BLAKE3_PATH_COUNT] = {"portable", "sse41", "avx2", "avx512"};
	return names[path];
}

void ix_blake3_choose(const ix_cpu_features *cpu) { chosen_path = ix_blake3_path_for(cpu); }

void ix_blake3_set_path(ix_blake3_hasher *h, ix_blake3_path path) {
	IX_ASSERT(path < IX_BLAKE3_PATH_COUNT);
	h->path = (uint8_t)path;
}

/* ---- nodes ---- */

/* What the functions below need of a hasher; also where there is none. */
typedef struct tree {
	const ix_blake3_kernel *kernel;
	const uint32_t *key;
	unsigned flags;
} tree;

static tree tree_of(const ix_blake3_hasher *h) { return (tree){kernel_of(h->path), h->key, h->flags}; }

static void parent_output(const tree *t, const void *node, ix_blake3_output *ret_output) {
	*ret_output = (ix_blake3_output){.size = IX_BLAKE3_BLOCK_SIZE, .flags = t->flags | BLAKE3_PARENT};
	memcpy(ret_output->value, t->key, 32);
	memcpy(ret_output->block, node, IX_BLAKE3_NODE_SIZE);
}

static void parent_value(const tree *t, const void *node, uint32_t ret_value[8]) {
	ix_blake3_run run = {.data = node, .block_count = 1, .flags = t->flags | BLAKE3_PARENT};
	uint32_t value[8];
	memcpy(value, t->key, 32);
	t->kernel->run(value, &run);
	memcpy(ret_value, value, 32);
}

/* Output bytes of the root from a position on. */
static void expand(const ix_blake3_kernel *kernel, ix_blake3_output *root, uint64_t position, uint8_t *out,
	size_t size) {
	root->flags |= BLAKE3_ROOT;
	root->counter = position / IX_BLAKE3_BLOCK_SIZE;
	size_t skip = position % IX_BLAKE3_BLOCK_SIZE;
	if (position == 0 && size == IX_BLAKE3_OUT_SIZE) {
		uint32_t value[8];
		kernel->last(value, root);
		memcpy(out, value, sizeof value);
		return;
	}
	while (size > 0) {
		size_t blocks = skip ? 0 : size / IX_BLAKE3_BLOCK_SIZE, taken = blocks * IX_BLAKE3_BLOCK_SIZE;
		if (blocks > 0) {
			kernel->expand(root, out, blocks);
			root->counter += blocks;
		} else {
			uint8_t block[IX_BLAKE3_BLOCK_SIZE];
			kernel->expand(root, block, 1);
			taken = ix_size_min(size, IX_BLAKE3_BLOCK_SIZE - skip);
			memcpy(out, block + skip, taken);
			root->counter++;
			skip = 0;
		}
		out += taken;
		size -= taken;
	}
}

/* A chunk of 0 to 1024 bytes up to its last block, which is left in ret_output. */
static void chunk_output(
	const tree *t, uint64_t chunk, const uint8_t *data, size_t size, ix_blake3_output *ret_output) {
	size_t before = size ? (size - 1) / IX_BLAKE3_BLOCK_SIZE : 0, done = before * IX_BLAKE3_BLOCK_SIZE;
	ix_blake3_output *o = ret_output;
	memcpy(o->value, t->key, 32);
	o->counter = chunk;
	o->size = (unsigned)(size - done);
	o->flags = t->flags | BLAKE3_CHUNK_END | (before ? 0 : BLAKE3_CHUNK_START);
	if (size > done) memcpy(o->block, data + done, size - done);
	memset(o->block + o->size, 0, sizeof o->block - o->size);
	if (before) {
		ix_blake3_run run = {data, before, chunk, t->flags, BLAKE3_CHUNK_START, 0};
		t->kernel->run(o->value, &run);
	}
}

/* The values of all chunks of up to GROUP_SIZE bytes, the last of which may be short. Returns their count. */
static size_t chunk_values(
	const tree *t, uint64_t chunk, const uint8_t *data, size_t size, uint32_t (*values)[8]) {
	size_t whole = size / IX_BLAKE3_CHUNK_SIZE, rest = size % IX_BLAKE3_CHUNK_SIZE;
	ix_blake3_batch batch = {
		.run = {data, IX_BLAKE3_CHUNK_SIZE / IX_BLAKE3_BLOCK_SIZE, chunk, t->flags,
			BLAKE3_CHUNK_START, BLAKE3_CHUNK_END},
		.stride = IX_BLAKE3_CHUNK_SIZE,
		.counter_step = 1,
		.key = t->key,
	};
	if (whole) t->kernel->many(&batch, whole, values);
	if (!rest) return whole;
	ix_blake3_output last;
	chunk_output(t, chunk + whole, data + whole * IX_BLAKE3_CHUNK_SIZE, rest, &last);
	t->kernel->last(values[whole], &last);
	return whole + 1;
}

/* Merges neighbours, in place, until no more than `keep` are left, and returns how many are. Pairing level by
 * level, where an odd one goes up as it is, gives the left-balanced tree of section 2.1. */
static size_t merge_values(const tree *t, uint32_t (*values)[8], size_t count, size_t keep) {
	ix_blake3_batch batch = {
		.run = {(const uint8_t *)values, 1, 0, t->flags | BLAKE3_PARENT, 0, 0},
		.stride = IX_BLAKE3_NODE_SIZE,
		.key = t->key,
	};
	while (count > keep) {
		size_t pairs = count / 2;
		t->kernel->many(&batch, pairs, values);
		if (count % 2) memcpy(values[pairs], values[count - 1], 32);
		count = pairs + count % 2;
	}
	return count;
}

/* The size of the left child of a node over `size` bytes: the largest power of two of chunks that leaves
 * some. */
static size_t left_size(size_t size) {
	size_t chunks = (size - 1) / IX_BLAKE3_CHUNK_SIZE;
	return ((size_t)1 << (63 - (unsigned)__builtin_clzll(chunks))) * IX_BLAKE3_CHUNK_SIZE;
}

/* The values of at most WIDTH subtrees that make up `size` bytes. The left half, a power of two, gives WIDTH
 * of them, so that pairing goes on to be right; the tree is merged in whole vectors. Goes down at most 48
 * levels. */
static size_t wide_values(
	const tree *t, uint64_t chunk, const uint8_t *data, size_t size, uint32_t (*ret_values)[8]) {
	uint32_t values[GROUP_CHUNKS > 2 * WIDTH ? GROUP_CHUNKS : 2 * WIDTH][8] UNINITIALIZED;
	size_t count;
	if (size <= GROUP_SIZE) {
		count = chunk_values(t, chunk, data, size, values);
	} else {
		size_t left = left_size(size);
		count = wide_values(t, chunk, data, left, values);
		count += wide_values(
			t, chunk + left / IX_BLAKE3_CHUNK_SIZE, data + left, size - left, values + count);
	}
	count = merge_values(t, values, count, WIDTH);
	memcpy(ret_values, values, count * 32);
	return count;
}

/* The two values under the node over more than one chunk; or, with node_size 32, its own value, also of one
 * chunk. */
static void node_of(
	const tree *t, uint64_t chunk, const uint8_t *data, size_t size, void *ret_node, size_t node_size) {
	uint32_t values[WIDTH][8] UNINITIALIZED;
	size_t count = wide_values(t, chunk, data, size, values);
	merge_values(t, values, count, node_size / 32);
	memcpy(ret_node, values, node_size);
}

/* ---- the hasher ---- */

static void init(ix_blake3_hasher *h, const uint32_t key[8], unsigned flags) {
	memcpy(h->key, key, 32);
	memcpy(h->value, key, 32);
	h->chunk = 0;
	h->block_size = h->block_count = h->depth = 0;
	h->flags = (uint8_t)flags;
	h->path = (uint8_t)chosen_path;
}

void ix_blake3_init(ix_blake3_hasher *h) { init(h, iv, 0); }

void ix_blake3_init_keyed(ix_blake3_hasher *h, const uint8_t key[IX_BLAKE3_KEY_SIZE]) {
	uint32_t words[8];
	memcpy(words, key, sizeof words);
	init(h, words, BLAKE3_KEYED_HASH);
}

void ix_blake3_init_derive_key(ix_blake3_hasher *h, ix_str context) {
	uint32_t key[8];
	init(h, iv, BLAKE3_DERIVE_KEY_CONTEXT);
	ix_blake3_update(h, context.data, context.size);
	ix_blake3_finish(h, key, sizeof key);
	init(h, key, BLAKE3_DERIVE_KEY_MATERIAL);
}

static size_t chunk_size(const ix_blake3_hasher *h) {
	return (size_t)h->block_count * IX_BLAKE3_BLOCK_SIZE + h->block_size;
}

/* Finished subtrees are as many as there are ones in the number of chunks: merges until that is so. */
static void merge_stack(ix_blake3_hasher *h) {
	tree t = tree_of(h);
	while (h->depth > __builtin_popcountll(h->chunk)) {
		parent_value(&t, h->stack[h->depth - 2], h->stack[h->depth - 2]);
		h->depth--;
	}
}

static void push(ix_blake3_hasher *h, const void *value, uint64_t chunks) {
	merge_stack(h);
	IX_ASSERT_HOT(h->depth < IX_COUNT(h->stack));
	memcpy(h->stack[h->depth++], value, 32);
	h->chunk += chunks;
}

static void push_node(ix_blake3_hasher *h, const uint32_t node[2][8], uint64_t chunks) {
	push(h, node[0], chunks / 2);
	push(h, node[1], chunks / 2);
}

static void unfinished_output(const ix_blake3_hasher *h, ix_blake3_output *o) {
	memcpy(o->value, h->value, 32);
	memcpy(o->block, h->block, h->block_size);
	memset(o->block + h->block_size, 0, sizeof o->block - h->block_size);
	o->size = h->block_size;
	o->flags = h->flags | BLAKE3_CHUNK_END | (h->block_count ? 0u : BLAKE3_CHUNK_START);
	o->counter = h->chunk;
}

/* Called when there is more to come: a chunk that is full cannot be the root. */
static void push_full_chunk(ix_blake3_hasher *h) {
	if (chunk_size(h) < IX_BLAKE3_CHUNK_SIZE) return;
	ix_blake3_output o;
	uint32_t value[8];
	unfinished_output(h, &o);
	kernel_of(h->path)->last(value, &o);
	push(h, value, 1);
	memcpy(h->value, h->key, 32);
	h->block_size = h->block_count = 0;
}

/* Adds to the chunk what fits in it; its last block is kept back, full or not. Returns the bytes taken. */
static size_t fill_chunk(ix_blake3_hasher *h, const uint8_t *data, size_t size) {
	size_t taken = size = ix_size_min(size, IX_BLAKE3_CHUNK_SIZE - chunk_size(h));
	const ix_blake3_kernel *kernel = kernel_of(h->path);
	while (size > 0) {
		if (h->block_size == 0 && size > IX_BLAKE3_BLOCK_SIZE) {
			ix_blake3_run run = {data, (size - 1) / IX_BLAKE3_BLOCK_SIZE, h->chunk, h->flags,
				h->block_count ? 0u : BLAKE3_CHUNK_START, 0};
			kernel->run(h->value, &run);
			h->block_count = (uint8_t)(h->block_count + run.block_count);
			data += run.block_count * IX_BLAKE3_BLOCK_SIZE;
			size -= run.block_count * IX_BLAKE3_BLOCK_SIZE;
		}
		size_t part = ix_size_min(size, IX_BLAKE3_BLOCK_SIZE - (size_t)h->block_size);
		memcpy(h->block + h->block_size, data, part);
		h->block_size = (uint8_t)(h->block_size + part);
		data += part;
		size -= part;
		if (size > 0) {
			ix_blake3_run run = {
				h->block, 1, h->chunk, h->flags, h->block_count ? 0u : BLAKE3_CHUNK_START, 0};
			kernel->run(h->value, &run);
			h->block_count++;
			h->block_size = 0;
		}
	}
	return taken;
}

/* The largest subtree of whole chunks that can begin at chunk `chunk` and fits in `size` bytes; 0: not even
 * one. */
static size_t aligned_size(uint64_t chunk, size_t size) {
	uint64_t chunks = size / IX_BLAKE3_CHUNK_SIZE;
	if (chunks == 0) return 0;
	uint64_t largest = (uint64_t)1 << (63 - __builtin_clzll(chunks)), alignment = chunk & (0 - chunk);
	if (alignment && alignment < largest) largest = alignment;
	return (size_t)largest * IX_BLAKE3_CHUNK_SIZE;
}

void ix_blake3_update(ix_blake3_hasher *h, const void *data, size_t size) {
	const uint8_t *at = data;
	if (size == 0) return;
	push_full_chunk(h);
	if (chunk_size(h) > 0) {
		size_t taken = fill_chunk(h, at, size);
		at += taken;
		size -= taken;
		if (size == 0) return;
		push_full_chunk(h);
	}
	tree t = tree_of(h);
	while (size > IX_BLAKE3_CHUNK_SIZE) {
		uint32_t node[2][8];
		size_t part = aligned_size(h->chunk, size);
		uint64_t chunks = part / IX_BLAKE3_CHUNK_SIZE;
		node_of(&t, h->chunk, at, part, node, chunks == 1 ? 32 : 64);
		if (chunks == 1)
			push(h, node[0], 1);
		else
			push_node(h, (const uint32_t(*)[8])node, chunks);
		at += part;
		size -= part;
	}
	if (size > 0) {
		merge_stack(h);
		fill_chunk(h, at, size);
	}
}

static void root_output(const ix_blake3_hasher *h, ix_blake3_output *o) {
	tree t = tree_of(h);
	size_t depth = h->depth;
	if (chunk_size(h) > 0 || depth == 0) {
		unfinished_output(h, o);
	} else {
		depth -= 2;
		parent_output(&t, h->stack[depth], o);
	}
	while (depth > 0) {
		uint32_t node[2][8];
		memcpy(node[0], h->stack[--depth], 32);
		t.kernel->last(node[1], o);
		parent_output(&t, node, o);
	}
}

void ix_blake3_finish_at(const ix_blake3_hasher *h, uint64_t position, void *ret_out, size_t size) {
	ix_blake3_output root;
	if (size == 0) return;
	root_output(h, &root);
	expand(kernel_of(h->path), &root, position, ret_out, size);
}

void ix_blake3_finish(const ix_blake3_hasher *h, void *ret_out, size_t size) {
	ix_blake3_finish_at(h, 0, ret_out, size);
}

void ix_blake3(uint8_t ret_out[IX_BLAKE3_OUT_SIZE], const void *data, size_t size) {
	tree t = {kernel_of(chosen_path), iv, 0};
	ix_blake3_output root;
	if (size <= IX_BLAKE3_CHUNK_SIZE) {
		chunk_output(&t, 0, data, size, &root);
	} else {
		uint32_t node[2][8];
		node_of(&t, 0, data, size, node, sizeof node);
		parent_output(&t, node, &root);
	}
	expand(t.kernel, &root, 0, ret_out, IX_BLAKE3_OUT_SIZE);
}

/* ---- parts ---- */

void ix_blake3_subtree(const ix_blake3_hasher *h, uint64_t offset, const void *data, size_t size,
	uint8_t ret_node[IX_BLAKE3_NODE_SIZE]) {
	IX_ASSERT(size >= 2 * IX_BLAKE3_CHUNK_SIZE && (size & (size - 1)) == 0);
	IX_ASSERT(offset % size == 0);
	tree t = tree_of(h);
	node_of(&t, offset / IX_BLAKE3_CHUNK_SIZE, data, size, ret_node, IX_BLAKE3_NODE_SIZE);
}

void ix_blake3_add_subtree(ix_blake3_hasher *h, const uint8_t node[IX_BLAKE3_NODE_SIZE], size_t size) {
	uint32_t values[2][8];
	uint64_t chunks = size / IX_BLAKE3_CHUNK_SIZE;
	push_full_chunk(h);
	IX_ASSERT(size >= 2 * IX_BLAKE3_CHUNK_SIZE && (size & (size - 1)) == 0);
	IX_ASSERT(chunk_size(h) == 0 && h->chunk % chunks == 0);
	memcpy(values, node, sizeof values);
	push_node(h, (const uint32_t(*)[8])values, chunks);
}

void ix_blake3_part(const ix_blake3_hasher *h, uint64_t offset, const void *data, size_t size,
	uint8_t ret_value[IX_BLAKE3_OUT_SIZE]) {
	IX_ASSERT(size > 0 && offset % IX_BLAKE3_CHUNK_SIZE == 0);
	tree t = tree_of(h);
	node_of(&t, offset / IX_BLAKE3_CHUNK_SIZE, data, size, ret_value, IX_BLAKE3_OUT_SIZE);
}

void ix_blake3_parent(const ix_blake3_hasher *h, const uint8_t node[IX_BLAKE3_NODE_SIZE],
	uint8_t ret_value[IX_BLAKE3_OUT_SIZE]) {
	tree t = tree_of(h);
	uint32_t value[8];
	parent_value(&t, node, value);
	memcpy(ret_value, value, sizeof value);
}

void ix_blake3_root(
	const ix_blake3_hasher *h, const uint8_t node[IX_BLAKE3_NODE_SIZE], void *ret_out, size_t size) {
	tree t = tree_of(h);
	ix_blake3_output root;
	if (size == 0) return;
	parent_output(&t, node, &root);
	expand(t.kernel, &root, 0, ret_out, size);
}
