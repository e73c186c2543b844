/* elf.h - is a file a whole ELF shared object for this machine? The loader trusts the headers: a file that is
 * cut short would end the program with SIGBUS, so it is judged before. */
#ifndef INOX_STRATEGY_ELF_H
#define INOX_STRATEGY_ELF_H

#include <inox/base.h>

/* Errors, without the file's name: IX_ERR_SYNTAX, IX_ERR_UNSUPPORTED another machine, IX_ERR_TRUNCATED. */
int ix_strategy_elf_check(ix_bytes file, ix_error *err);

#endif
