/* ELF as the System V ABI has it (gABI 4.1, chapters 4 and 5): the file header, the program headers and the
 * section headers' place, enough to know that nothing that will be mapped is missing. 64 bits, little-endian.
 */
#include "elf.h"

#include <inox/reader.h>

enum {
	ELF_HEADER_SIZE = 64,
	ELF_PROGRAM_SIZE = 56,
	ELF_SECTION_SIZE = 64,
	ELF_PROGRAMS_MAX = 1024,
	ELF_TYPE_SHARED = 3,
	ELF_LOAD = 1,
	ELF_DYNAMIC = 2,
#if defined __x86_64__
	ELF_MACHINE = 62,
#elif defined __aarch64__
	ELF_MACHINE = 183,
#elif defined __riscv
	ELF_MACHINE = 243,
#else
	ELF_MACHINE = 0,
#endif
};

/* The `count` entries of `size` bytes at `offset`, and whatever the file has from there, are in it. */
static bool is_inside(ix_bytes file, uint64_t offset, uint64_t size) {
	return offset <= file.size && size <= file.size - offset;
}

static int cut_short(ix_error *err, ix_bytes file, const char *what, uint64_t offset, uint64_t size) {
	return ix_fail(err, IX_ERR_TRUNCATED,
		"it is cut short: %s, %llu bytes at offset %llu, are not within its %zu", what,
		(unsigned long long)size, (unsigned long long)offset, file.size);
}

static int check_programs(ix_bytes file, uint64_t offset, uint32_t count, ix_error *err) {
	bool is_dynamic = false, is_loaded = false;
	for (uint32_t i = 0; i < count; i++) {
		const uint8_t *p = file.data + offset + (uint64_t)i * ELF_PROGRAM_SIZE;
		uint32_t type = ix_load_u32_le(p);
		uint64_t at = ix_load_u64_le(p + 8), in_file = ix_load_u64_le(p + 32),
			 in_memory = ix_load_u64_le(p + 40);
		if (type != ELF_LOAD && type != ELF_DYNAMIC) continue;
		is_dynamic |= type == ELF_DYNAMIC;
		is_loaded |= type == ELF_LOAD;
		if (!is_inside(file, at, in_file)) return cut_short(err, file, "a segment", at, in_file);
		if (in_file > in_memory)
			return ix_fail(err, IX_ERR_SYNTAX,
				"it is not a shared object: segment %u is larger than its memory", i);
	}
	if (!is_dynamic || !is_loaded)
		return ix_fail(err, IX_ERR_SYNTAX, "it is not a shared object: it has nothing to load");
	return 0;
}

int ix_strategy_elf_check(ix_bytes file, ix_error *err) {
	static const uint8_t magic[4] = {0x7f, 'E', 'L', 'F'};
	if (file.size < sizeof magic || memcmp(file.data, magic, sizeof magic) != 0)
		return ix_fail(err, IX_ERR_SYNTAX, "it is not an ELF file");
	if (file.size < ELF_HEADER_SIZE) return cut_short(err, file, "the header", 0, ELF_HEADER_SIZE);
	const uint8_t *h = file.data;
	uint32_t type = ix_load_u16_le(h + 16), machine = ix_load_u16_le(h + 18);
	if (h[4] != 2 || h[5] != 1 || machine != ELF_MACHINE)
		return ix_fail(err, IX_ERR_UNSUPPORTED,
			"it is for another kind of machine (ELF class %u, machine %u)", h[4], machine);
	if (type != ELF_TYPE_SHARED)
		return ix_fail(
			err, IX_ERR_SYNTAX, "it is not a shared object but an ELF file of type %u", type);
	uint64_t programs = ix_load_u64_le(h + 32), sections = ix_load_u64_le(h + 40);
	uint32_t program_size = ix_load_u16_le(h + 54), program_count = ix_load_u16_le(h + 56);
	uint32_t section_size = ix_load_u16_le(h + 58), section_count = ix_load_u16_le(h + 60);
	if (program_count == 0 || program_count > ELF_PROGRAMS_MAX || program_size != ELF_PROGRAM_SIZE)
		return ix_fail(err, IX_ERR_SYNTAX,
			"it is not a shared object: %u program headers of %u bytes", program_count,
			program_size);
	uint64_t size = (uint64_t)program_count * ELF_PROGRAM_SIZE;
	if (!is_inside(file, programs, size))
		return cut_short(err, file, "the program headers", programs, size);
	int code = check_programs(file, programs, program_count, err);
	if (code) return code;
	/* Nobody loads the section headers, but they come last: where they end, the file was whole. */
	size = (uint64_t)section_count * ELF_SECTION_SIZE;
	if (section_count > 0 && section_size == ELF_SECTION_SIZE && !is_inside(file, sections, size))
		return cut_short(err, file, "the section headers", sections, size);
	return 0;
}
