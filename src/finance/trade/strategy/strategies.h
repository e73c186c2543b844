/* strategies.h - what the built-in strategies share. They are users of <inox/strategy.h> and see nothing else
 * of Inox. */
#ifndef INOX_STRATEGIES_H
#define INOX_STRATEGIES_H

#include <inox/strategy.h>

#define NS_PER_MS UINT64_C(1000000)
#define NS_PER_S  UINT64_C(1000000000)

/* The tables that strategy_load.h shows. */
#define STRATEGY_API __attribute__((visibility("default")))
STRATEGY_API extern const ix_strategy_vtable ix_strategy_maker, ix_strategy_ofi;

#endif
