/* snapshot.h - the bytes of a snapshot, for save.c and load.c. Little-endian:
 *
 *     head     8 "IXMATCH\0"  u16 major  u16 minor  u32 symbols
 *              u64 commands  u64 events  u64 trades  u64 traded shares
 *     symbol   u16 number  u8 state  u8 0  u32 tick  u32 lot  u32 reference  u32 orders in each of 8 places
 *     order    u64 number  u32 owner session price stop left shown display minimum  u8 type tif stp flags
 *     end      u32 CRC-32C of all before it
 *
 * Symbols ascend. A symbol's orders follow it, place by place, worst level first, first in the queue first:
 * so two engines in the same state have the same bytes. */
#ifndef MATCH_SNAPSHOT_H
#define MATCH_SNAPSHOT_H

#include "core.h"

#include <inox/crc32c.h>
#include <inox/writer.h>

enum {
	SNAPSHOT_MAJOR = 1,
	SNAPSHOT_MINOR = 0,
	SNAPSHOT_HEAD = 8 + 2 + 2 + 4 + 4 * 8,
	SNAPSHOT_SYMBOL = 2 + 1 + 1 + 3 * 4 + PLACE_COUNT * 4,
	SNAPSHOT_ORDER = 8 + 8 * 4 + 4,
};

#define SNAPSHOT_MAGIC "IXMATCH"

#endif
