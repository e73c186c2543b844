/* Plug-ins that must be refused: what is wrong is chosen when this is compiled (-DBROKEN=n). The tests know
 * the numbers by the list below. */
#include <inox/strategy.h>

enum broken {
	NOTHING,
	ABI,
	SIZE,
	NO_ENTRY,
	NULL_TABLE,
	NO_NAME,
	BAD_NAME,
	NO_SUMMARY,
	NO_OPEN,
	NO_CLOSE,
	TOO_MANY,
	NO_PARAMETERS,
	PARAMETER_NO_NAME,
	PARAMETER_BAD_NAME,
	PARAMETER_TWICE,
	PARAMETER_NO_HELP,
	PARAMETER_RANGE,
	PARAMETER_FALLBACK,
	LARGER,
	HOST_SYMBOL,
};

#define IS(what) (BROKEN == (what))

static const ix_strategy_parameter parameters[] = {
	{"size", "shares", 100, 1, 1000},
	{IS(PARAMETER_NO_NAME)           ? 0
		: IS(PARAMETER_BAD_NAME) ? "Spread"
		: IS(PARAMETER_TWICE)    ? "size"
					 : "spread",
		IS(PARAMETER_NO_HELP) ? 0 : "help", IS(PARAMETER_FALLBACK) ? 11 : 5,
		IS(PARAMETER_RANGE) ? 20 : 1, 10},
};

static int open_it(const ix_strategy_host *host, uint16_t symbols_max, void **ret_self) {
	(void)host, (void)symbols_max, (void)ret_self;
	return 0;
}

#if BROKEN == 19
extern int ix_fail(void *err, int code, const char *format, ...);
#endif

static void close_it(void *self) {
	(void)self;
#if BROKEN == 19
	(void)ix_fail(0, 0, "");
#endif
}

#if BROKEN == 3
#define ENTRY ix_strategy_other
#else
#define ENTRY ix_strategy_entry
#endif

const ix_strategy_vtable *ENTRY(void);
const ix_strategy_vtable *ENTRY(void) {
	static const ix_strategy_vtable vtable = {
		.size = IS(SIZE)     ? sizeof vtable - 8
			: IS(LARGER) ? sizeof vtable + 8
				     : sizeof vtable,
		.abi = IS(ABI) ? IX_STRATEGY_ABI + 1 : IX_STRATEGY_ABI,
		.name = IS(NO_NAME)    ? 0
			: IS(BAD_NAME) ? "two words"
				       : "sample",
		.summary = IS(NO_SUMMARY) ? 0 : "a sample",
		.parameters = IS(NO_PARAMETERS) ? 0 : parameters,
		.parameter_count = IS(TOO_MANY) ? IX_STRATEGY_PARAMETER_MAX + 1 : 2,
		.open = IS(NO_OPEN) ? 0 : open_it,
		.close = IS(NO_CLOSE) ? 0 : close_it,
	};
	return IS(NULL_TABLE) ? 0 : &vtable;
}
