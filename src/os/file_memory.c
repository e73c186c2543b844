/* A file system in memory that can lose power.
 *
 * Every file has two contents: what a reader sees now, and what a sync has put on the disk. Names are the
 * same: what they mean now, and a log for each directory of changes that its sync has not yet carried out.
 * When the power goes, each sector that differs is taken from one content or the other, and of each
 * directory's log a first part has happened. Handles and lengths are small in tests, so lists are enough. */
#include <inox/alloc.h>
#include <inox/file_memory.h>
#include <inox/rng.h>

#include <errno.h>

enum { HANDLE_MAX = 1024, PATH_MAX_HERE = 256 };

typedef struct content {
	uint8_t *data;
	size_t size, capacity;
} content;

typedef struct node {
	struct node *next;
	content now, synced;
	uint32_t mode, user, group;
	uint64_t inode;
	bool is_directory;
	int locked_by; /* a handle, or -1 */
} node;

typedef struct entry {
	struct entry *next;
	node *now, *synced; /* NULL: no such name */
	char path[PATH_MAX_HERE];
} entry;

/* One change of a directory that waits for its sync: `added` gets the node, `removed` loses its. */
typedef struct change {
	struct change *next;
	node *node;
	char added[PATH_MAX_HERE], removed[PATH_MAX_HERE];
} change;

typedef struct open_file {
	node *node;
	bool readable, writable;
} open_file;

struct ix_file_memory {
	const ix_allocator *allocator;
	ix_file_system system;
	uint64_t size_max, inode_count;
	node *nodes;
	entry *entries;
	change *changes; /* oldest first, of all directories */
	open_file handles[HANDLE_MAX];
};

/* ---- memory ---- */

static bool content_resize(ix_file_memory *m, content *c, size_t size) {
	if (size > c->capacity) {
		size_t capacity = ix_size_max(size, c->capacity * 2);
		uint8_t *data =
			m->allocator->resize(m->allocator->context, c->data, c->capacity, capacity, 1);
		if (!data) return false;
		c->data = data;
		c->capacity = capacity;
	}
	if (size > c->size) memset(c->data + c->size, 0, size - c->size);
	c->size = size;
	return true;
}

static bool content_copy(ix_file_memory *m, content *to, const content *from) {
	if (!content_resize(m, to, from->size)) return false;
	if (from->size) memcpy(to->data, from->data, from->size);
	return true;
}

static uint64_t space_used(const ix_file_memory *m) {
	uint64_t used = 0;
	for (const node *n = m->nodes; n; n = n->next) used += n->now.size;
	return used;
}

static uint64_t space_left(const ix_file_memory *m) {
	if (m->size_max == 0) return UINT64_MAX;
	uint64_t used = space_used(m);
	return used < m->size_max ? m->size_max - used : 0;
}

/* ---- names ---- */

/* One spelling for each path: no "./" in front, no doubled or trailing '/'. The top directory, of absolute
 * paths and of relative ones, is the empty string. */
static bool spell(const char *path, char out[PATH_MAX_HERE]) {
	size_t length = 0;
	while (path[0] == '.' && (path[1] == '/' || path[1] == '\0')) path += path[1] == '/' ? 2 : 1;
	for (; *path; path++) {
		if (*path == '/' && (path[1] == '/' || path[1] == '\0')) continue;
		if (length == PATH_MAX_HERE - 1) return false;
		out[length++] = *path;
	}
	out[length] = '\0';
	return true;
}

static size_t directory_length(const char *path) {
	const char *slash = strrchr(path, '/');
	return slash ? (size_t)(slash - path) : 0;
}

static bool is_below(const char *path, const char *directory) {
	size_t length = directory_length(path);
	return strlen(directory) == length && memcmp(path, directory, length) == 0 && path[0];
}

static entry *find(ix_file_memory *m, const char *path) {
	entry *e = m->entries;
	while (e && strcmp(e->path, path) != 0) e = e->next;
	return e;
}

static node *lookup(ix_file_memory *m, const char *path) {
	const entry *e = find(m, path);
	return e ? e->now : NULL;
}

static bool has_directory(ix_file_memory *m, const char *path) {
	const node *n = lookup(m, path);
	return n && n->is_directory;
}

static bool has_parent(ix_file_memory *m, const char *path) {
	char parent[PATH_MAX_HERE];
	size_t length = directory_length(path);
	memcpy(parent, path, length);
	parent[length] = '\0';
	return has_directory(m, parent);
}

static entry *find_or_add(ix_file_memory *m, const char *path) {
	entry *e = find(m, path);
	if (e) return e;
	e = ix_allocate_zeroed(m->allocator, 1, sizeof *e, _Alignof(entry));
	if (!e) return NULL;
	memcpy(e->path, path, strlen(path) + 1);
	e->next = m->entries;
	m->entries = e;
	return e;
}

static node *add_node(ix_file_memory *m, uint32_t mode) {
	node *n = ix_allocate_zeroed(m->allocator, 1, sizeof *n, _Alignof(node));
	if (!n) return NULL;
	*n = (node){.next = m->nodes, .mode = mode, .inode = ++m->inode_count, .locked_by = -1};
	m->nodes = n;
	return n;
}

/* Notes a change for the sync of its directory; either name may be "". */
static bool note(ix_file_memory *m, node *n, const char *added, const char *removed) {
	change *c = ix_allocate_zeroed(m->allocator, 1, sizeof *c, _Alignof(change));
	if (!c) return false;
	c->node = n;
	memcpy(c->added, added, strlen(added) + 1);
	memcpy(c->removed, removed, strlen(removed) + 1);
	change **end = &m->changes;
	while (*end) end = &(*end)->next;
	*end = c;
	return true;
}

/* Gives a node a name: now, and after the sync of the directory. */
static int link_node(ix_file_memory *m, node *n, const char *path) {
	if (!has_parent(m, path)) return -ENOENT;
	entry *e = find_or_add(m, path);
	if (!e || !note(m, n, path, "")) return -ENOMEM;
	e->now = n;
	return 0;
}

static void carry_out(ix_file_memory *m, const change *c) {
	entry *removed = *c->removed ? find(m, c->removed) : NULL;
	entry *added = *c->added ? find(m, c->added) : NULL;
	if (removed) removed->synced = NULL;
	if (added) added->synced = c->node;
}

static bool belongs_to(const change *c, const char *directory) {
	return is_below(*c->added ? c->added : c->removed, directory);
}

/* Carries out the first `count` changes of a directory, and forgets the rest when `forget`. */
static void settle(ix_file_memory *m, const char *directory, size_t count, bool forget) {
	for (change **at = &m->changes; *at;) {
		change *c = *at;
		bool is_due = belongs_to(c, directory) && (count > 0 || forget);
		if (!is_due) {
			at = &c->next;
			continue;
		}
		if (count > 0) {
			carry_out(m, c);
			count--;
		}
		*at = c->next;
		ix_release(m->allocator, c, sizeof *c, _Alignof(change));
	}
}

/* ---- the calls ---- */

static open_file *handle_of(ix_file_memory *m, int handle) {
	if (handle < 0 || handle >= HANDLE_MAX || !m->handles[handle].node) return NULL;
	return &m->handles[handle];
}

static int open_node(ix_file_memory *m, node *n, unsigned flags) {
	for (int i = 0; i < HANDLE_MAX; i++) {
		if (m->handles[i].node) continue;
		bool writes = flags & IX_FILE_WRITE;
		m->handles[i] = (open_file){n, !writes || (flags & IX_FILE_READ), writes};
		return i;
	}
	return -EMFILE;
}

static int memory_open(void *context, const char *path, unsigned flags, uint32_t mode) {
	ix_file_memory *m = context;
	char name[PATH_MAX_HERE];
	if (!spell(path, name)) return -ENAMETOOLONG;
	node *n = lookup(m, name);
	if (n && n->is_directory) return flags & IX_FILE_DIRECTORY ? open_node(m, n, 0) : -EISDIR;
	if (n && (flags & IX_FILE_DIRECTORY)) return -ENOTDIR;
	if (n && (flags & IX_FILE_CREATE) && (flags & IX_FILE_EXCLUSIVE)) return -EEXIST;
	if (!n && !(flags & IX_FILE_CREATE)) return -ENOENT;
	if (!n) {
		n = add_node(m, mode & 0777);
		int result = n ? link_node(m, n, name) : -ENOMEM;
		if (result < 0) return result;
	}
	if (flags & IX_FILE_TRUNCATE) n->now.size = 0;
	return open_node(m, n, flags);
}

static int memory_close(void *context, int handle) {
	ix_file_memory *m = context;
	open_file *file = handle_of(m, handle);
	if (!file) return -EBADF;
	if (file->node->locked_by == handle) file->node->locked_by = -1;
	file->node = NULL;
	return 0;
}

static int64_t memory_read_at(void *context, int handle, void *data, size_t size, uint64_t offset) {
	open_file *file = handle_of(context, handle);
	if (!file || !file->readable) return -EBADF;
	const content *now = &file->node->now;
	if (offset >= now->size) return 0;
	size_t got = ix_size_min(size, now->size - (size_t)offset);
	memcpy(data, now->data + offset, got);
	return (int64_t)got;
}

static int64_t memory_write_at(
	void *context, int handle, const ix_bytes *parts, size_t part_count, uint64_t offset) {
	ix_file_memory *m = context;
	open_file *file = handle_of(m, handle);
	if (!file || !file->writable) return -EBADF;
	content *now = &file->node->now;
	int64_t put = 0;
	for (size_t i = 0; i < part_count; i++) {
		uint64_t at = offset + (uint64_t)put, end = at + parts[i].size, left = space_left(m);
		if (end > now->size && end - now->size > left)
			end = now->size + left; /* a full disk takes what fits */
		if (end <= at) {
			if (parts[i].size == 0) continue;
			return put ? put : -ENOSPC;
		}
		if (end > now->size && !content_resize(m, now, (size_t)end)) return put ? put : -ENOMEM;
		memcpy(now->data + at, parts[i].data, (size_t)(end - at));
		put += (int64_t)(end - at);
		if (end - at < parts[i].size) break;
	}
	return put;
}

static int memory_sync(void *context, int handle, bool data_only) {
	(void)data_only;
	open_file *file = handle_of(context, handle);
	if (!file) return -EBADF;
	return content_copy(context, &file->node->synced, &file->node->now) ? 0 : -ENOMEM;
}

static int set_size(ix_file_memory *m, content *now, uint64_t size) {
	if (size > now->size && size - now->size > space_left(m)) return -ENOSPC;
	return content_resize(m, now, (size_t)size) ? 0 : -ENOMEM;
}

static int memory_allocate(void *context, int handle, uint64_t offset, uint64_t size) {
	open_file *file = handle_of(context, handle);
	if (!file || !file->writable) return -EBADF;
	uint64_t end = offset + size;
	return end > file->node->now.size ? set_size(context, &file->node->now, end) : 0;
}

static int memory_truncate(void *context, int handle, uint64_t size) {
	open_file *file = handle_of(context, handle);
	if (!file || !file->writable) return -EBADF;
	return set_size(context, &file->node->now, size);
}

static ix_file_info info_of(const node *n) {
	return (ix_file_info){.type = n->is_directory ? IX_FILE_TYPE_DIRECTORY : IX_FILE_TYPE_REGULAR,
		.mode = n->mode,
		.user = n->user,
		.group = n->group,
		.size = n->now.size,
		.inode = n->inode};
}

static int memory_info(void *context, int handle, ix_file_info *ret_info) {
	open_file *file = handle_of(context, handle);
	if (!file) return -EBADF;
	*ret_info = info_of(file->node);
	return 0;
}

static int memory_path_info(void *context, const char *path, bool follow, ix_file_info *ret_info) {
	(void)follow;
	ix_file_memory *m = context;
	char name[PATH_MAX_HERE];
	if (!spell(path, name)) return -ENAMETOOLONG;
	const node *n = lookup(m, name);
	if (!n) return -ENOENT;
	*ret_info = info_of(n);
	return 0;
}

static int memory_lock(void *context, int handle, bool shared) {
	(void)shared;
	open_file *file = handle_of(context, handle);
	if (!file) return -EBADF;
	if (file->node->locked_by >= 0 && file->node->locked_by != handle) return -EWOULDBLOCK;
	file->node->locked_by = handle;
	return 0;
}

static int memory_set_mode(void *context, int handle, uint32_t mode) {
	open_file *file = handle_of(context, handle);
	if (!file) return -EBADF;
	file->node->mode = mode;
	return 0;
}

static int memory_set_owner(void *context, int handle, uint32_t user, uint32_t group) {
	open_file *file = handle_of(context, handle);
	if (!file) return -EBADF;
	file->node->user = user;
	file->node->group = group;
	return 0;
}

/* Within one directory it is one change, as every journaling file system has it; between two it is two, of
 * which either may be lost. */
static int memory_rename(void *context, const char *from, const char *to) {
	ix_file_memory *m = context;
	char old_name[PATH_MAX_HERE], new_name[PATH_MAX_HERE];
	if (!spell(from, old_name) || !spell(to, new_name)) return -ENAMETOOLONG;
	node *n = lookup(m, old_name);
	if (!n || !has_parent(m, new_name)) return -ENOENT;
	if (n->is_directory) return -EXDEV;
	if (has_directory(m, new_name)) return -EISDIR;
	if (strcmp(old_name, new_name) == 0) return 0;
	entry *e = find_or_add(m, new_name);
	size_t length = directory_length(old_name);
	bool is_one = length == directory_length(new_name) && memcmp(old_name, new_name, length) == 0;
	bool is_noted = e && (is_one ? note(m, n, new_name, old_name)
				     : note(m, n, new_name, "") && note(m, NULL, "", old_name));
	if (!is_noted) return -ENOMEM;
	find(m, old_name)->now = NULL;
	e->now = n;
	return 0;
}

static bool is_empty(const ix_file_memory *m, const char *directory) {
	for (const entry *e = m->entries; e; e = e->next)
		if (e->now && is_below(e->path, directory)) return false;
	return true;
}

static int memory_remove(void *context, const char *path, bool directory) {
	ix_file_memory *m = context;
	char name[PATH_MAX_HERE];
	if (!spell(path, name)) return -ENAMETOOLONG;
	node *n = lookup(m, name);
	if (!n) return -ENOENT;
	if (!*name) return -EBUSY;
	if (n->is_directory != directory) return directory ? -ENOTDIR : -EISDIR;
	if (directory && !is_empty(m, name)) return -ENOTEMPTY;
	entry *e = find(m, name);
	if (directory)
		e->synced = NULL; /* directories come and go at once */
	else if (!note(m, NULL, "", name))
		return -ENOMEM;
	e->now = NULL;
	return 0;
}

static int add_directory(ix_file_memory *m, const char *name, uint32_t mode) {
	entry *e = find_or_add(m, name);
	node *n = e ? add_node(m, mode) : NULL;
	if (!n) return -ENOMEM;
	n->is_directory = true;
	e->now = e->synced = n;
	return 0;
}

static int memory_make_directory(void *context, const char *path, uint32_t mode) {
	ix_file_memory *m = context;
	char name[PATH_MAX_HERE];
	if (!spell(path, name)) return -ENAMETOOLONG;
	if (lookup(m, name)) return -EEXIST;
	return has_parent(m, name) ? add_directory(m, name, mode) : -ENOENT;
}

static int memory_sync_directory(void *context, const char *path) {
	ix_file_memory *m = context;
	char name[PATH_MAX_HERE];
	if (!spell(path, name)) return -ENAMETOOLONG;
	if (!has_directory(m, name)) return -ENOENT;
	settle(m, name, SIZE_MAX, false);
	return 0;
}

static int memory_resolve(void *context, const char *path, char *ret_path, size_t capacity) {
	(void)context;
	size_t length = strlen(path);
	if (length >= capacity) return -ENAMETOOLONG;
	memcpy(ret_path, path, length + 1);
	return 0;
}

static int memory_list(void *context, const char *path, ix_file_visit *visit, void *visitor) {
	ix_file_memory *m = context;
	char name[PATH_MAX_HERE];
	if (!spell(path, name)) return -ENAMETOOLONG;
	if (!has_directory(m, name)) return -ENOENT;
	int result = 0;
	for (const entry *e = m->entries, *next; e && result == 0; e = next) {
		next = e->next; /* the visitor may remove the name */
		size_t length = directory_length(e->path);
		if (e->now && is_below(e->path, name))
			result = visit(visitor, e->path + length + (e->path[length] == '/'));
	}
	return result;
}

static int memory_open_unnamed(void *context, const char *directory, uint32_t mode) {
	ix_file_memory *m = context;
	char name[PATH_MAX_HERE];
	if (!spell(directory, name)) return -ENAMETOOLONG;
	if (!has_directory(m, name)) return -ENOENT;
	node *n = add_node(m, mode & 0777);
	return n ? open_node(m, n, IX_FILE_READ | IX_FILE_WRITE) : -ENOMEM;
}

static int memory_name(void *context, int handle, const char *path) {
	ix_file_memory *m = context;
	char name[PATH_MAX_HERE];
	open_file *file = handle_of(m, handle);
	if (!file) return -EBADF;
	if (!spell(path, name)) return -ENAMETOOLONG;
	return lookup(m, name) ? -EEXIST : link_node(m, file->node, name);
}

/* ---- the power goes ---- */

/* Sector by sector what was synced or what was written, and either size; zeroes where a size came through and
 * its data did not. */
static void lose_content(ix_file_memory *m, node *n, ix_rng *rng) {
	const content *synced = &n->synced;
	size_t size = ix_rng_below(rng, 2) ? n->now.size : synced->size;
	if (!content_resize(m, &n->now, ix_size_max(n->now.size, synced->size))) return;
	for (size_t at = 0; at < n->now.size; at += IX_FILE_MEMORY_SECTOR) {
		size_t sector = ix_size_min(IX_FILE_MEMORY_SECTOR, n->now.size - at);
		if (ix_rng_below(rng, 2)) continue;
		size_t there = at < synced->size ? ix_size_min(sector, synced->size - at) : 0;
		if (there) memcpy(n->now.data + at, synced->data + at, there);
		memset(n->now.data + at + there, 0, sector - there);
	}
	n->now.size = size;
}

static void lose_names(ix_file_memory *m, ix_rng *rng) {
	while (m->changes) {
		const change *first = m->changes;
		const char *path = *first->added ? first->added : first->removed;
		char directory[PATH_MAX_HERE];
		size_t length = directory_length(path), count = 0;
		memcpy(directory, path, length);
		directory[length] = '\0';
		for (const change *c = first; c; c = c->next) count += belongs_to(c, directory);
		settle(m, directory, (size_t)ix_rng_below(rng, count + 1), true);
	}
	for (entry *e = m->entries; e; e = e->next) e->now = e->synced;
}

void ix_file_memory_power_cut(ix_file_memory *m, uint64_t seed) {
	ix_rng rng;
	ix_rng_seed(&rng, seed);
	for (int i = 0; i < HANDLE_MAX; i++) m->handles[i].node = NULL;
	lose_names(m, &rng);
	for (node *n = m->nodes; n; n = n->next) {
		n->locked_by = -1;
		lose_content(m, n, &rng);
		(void)content_copy(m, &n->synced, &n->now);
	}
}

/* ---- making it ---- */

int ix_file_memory_new(uint64_t size_max, ix_file_memory **ret_memory, ix_error *err) {
	const ix_allocator *allocator = ix_allocator_current();
	ix_file_memory *m = ix_allocate_zeroed(allocator, 1, sizeof *m, _Alignof(ix_file_memory));
	if (!m) return ix_fail(err, IX_ERR_MEMORY, "file system in memory: out of memory");
	m->allocator = allocator;
	m->size_max = size_max;
	m->system = (ix_file_system){
		.open = memory_open,
		.close = memory_close,
		.read_at = memory_read_at,
		.write_at = memory_write_at,
		.sync = memory_sync,
		.allocate = memory_allocate,
		.truncate = memory_truncate,
		.info = memory_info,
		.path_info = memory_path_info,
		.lock = memory_lock,
		.set_mode = memory_set_mode,
		.set_owner = memory_set_owner,
		.rename = memory_rename,
		.remove = memory_remove,
		.make_directory = memory_make_directory,
		.sync_directory = memory_sync_directory,
		.resolve = memory_resolve,
		.list = memory_list,
		.open_unnamed = memory_open_unnamed,
		.name = memory_name,
		.context = m,
	};
	if (add_directory(m, "", 0755) < 0) {
		ix_file_memory_free(m);
		return ix_fail(err, IX_ERR_MEMORY, "file system in memory: out of memory");
	}
	*ret_memory = m;
	return 0;
}

void ix_file_memory_free(ix_file_memory *m) {
	if (!m) return;
	for (node *n = m->nodes, *next; n; n = next) {
		next = n->next;
		ix_release(m->allocator, n->now.data, n->now.capacity, 1);
		ix_release(m->allocator, n->synced.data, n->synced.capacity, 1);
		ix_release(m->allocator, n, sizeof *n, _Alignof(node));
	}
	for (entry *e = m->entries, *next; e; e = next) {
		next = e->next;
		ix_release(m->allocator, e, sizeof *e, _Alignof(entry));
	}
	for (change *c = m->changes, *next; c; c = next) {
		next = c->next;
		ix_release(m->allocator, c, sizeof *c, _Alignof(change));
	}
	ix_release(m->allocator, m, sizeof *m, _Alignof(ix_file_memory));
}

const ix_file_system *ix_file_memory_system(ix_file_memory *memory) { return &memory->system; }
