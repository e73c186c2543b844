/* region.h - whole pages for hot paths: mapped once, touched before the first message comes, on huge pages
 * where the kernel has them, locked where the limit allows. What was asked for and could not be had is
 * reported, not fatal. */
#ifndef INOX_REGION_H
#define INOX_REGION_H

#include <inox/base.h>

enum {
	IX_REGION_PREFAULT = 1, /* every page is there before this returns */
	IX_REGION_HUGE = 2,     /* ask for transparent huge pages; aligns the start to 2 MiB */
	IX_REGION_LOCK = 4,     /* mlock: never swapped */
};

typedef struct ix_region {
	void *data;
	size_t size;      /* what was asked for, rounded up to whole pages */
	unsigned granted; /* the IX_REGION_… that were had; HUGE: the kernel accepted the advice */
	void *mapping;    /* the region's own */
	size_t mapping_size;
} ix_region;

/* Errors: IX_ERR_MEMORY, IX_ERR_RANGE (size 0 or too large). A flag that is refused only stays out of
 * `granted`. */
IX_API int ix_region_open(size_t size, unsigned flags, ix_region *ret_region, ix_error *err);
IX_API void ix_region_close(ix_region *region);

#endif
