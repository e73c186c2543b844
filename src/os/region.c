/* Whole pages from mmap: huge, touched and locked where the machine allows it. */
#include <inox/os_error.h>
#include <inox/region.h>

#include <errno.h>
#include <sys/mman.h>
#include <unistd.h>

enum { HUGE_PAGE = 2 * 1024 * 1024 };

/* MADV_POPULATE_WRITE (Linux 5.14) tells when there is not enough memory instead of killing; before it, a
 * write to every page. */
static bool prefault(void *data, size_t size) {
#ifdef MADV_POPULATE_WRITE
	if (madvise(data, size, MADV_POPULATE_WRITE) == 0) return true;
	if (errno != EINVAL) return false;
#endif
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	for (size_t at = 0; at < size; at += page) ((volatile uint8_t *)data)[at] = 0;
	return true;
}

int ix_region_open(size_t size, unsigned flags, ix_region *ret_region, ix_error *err) {
	size_t unit = flags & IX_REGION_HUGE ? HUGE_PAGE : (size_t)sysconf(_SC_PAGESIZE);
	size_t rounded, reserved;
	if (size == 0 || ix_add_overflow(size, unit - 1, &rounded))
		return ix_fail(err, IX_ERR_RANGE, "region of %zu bytes: not a size that can be mapped", size);
	rounded -= rounded % unit;
	/* A huge page must start at a multiple of its size: map one more, and use the aligned middle. */
	if (ix_add_overflow(rounded, flags & IX_REGION_HUGE ? unit : 0, &reserved))
		return ix_fail(err, IX_ERR_RANGE, "region of %zu bytes: not a size that can be mapped", size);
	void *mapping = mmap(NULL, reserved, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (mapping == MAP_FAILED) return ix_fail_os(err, errno, "region of %zu bytes", size);
	size_t past = flags & IX_REGION_HUGE ? (uintptr_t)mapping % unit : 0;
	ix_region region = {.data = (uint8_t *)mapping + (past ? unit - past : 0),
		.size = rounded,
		.mapping = mapping,
		.mapping_size = reserved};
	if ((flags & IX_REGION_HUGE) && madvise(region.data, rounded, MADV_HUGEPAGE) == 0)
		region.granted |= IX_REGION_HUGE;
	if ((flags & IX_REGION_PREFAULT) && prefault(region.data, rounded))
		region.granted |= IX_REGION_PREFAULT;
	if ((flags & IX_REGION_LOCK) && mlock(region.data, rounded) == 0) region.granted |= IX_REGION_LOCK;
	*ret_region = region;
	return 0;
}

void ix_region_close(ix_region *region) {
	if (region->mapping) munmap(region->mapping, region->mapping_size);
	*region = (ix_region){0};
}
