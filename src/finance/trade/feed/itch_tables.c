/* itch_tables.c - the tables of <inox/itch_fields.h> and <inox/itch_codes.h> as data, for who walks over
 * messages without knowing their types: CSV, validation, documentation. */
#include <inox/itch.h>

/* ---- code lists ---- */

#define CODE_ROW(list, name, byte, meaning) {{(byte) == ' ' ? '\0' : (byte)}, meaning},
#define CODE_LIST(list)                                                             \
	static const ix_itch_code rows_##list[] = {IX_ITCH_CODES_##list(CODE_ROW)}; \
	static const ix_itch_codes codes_##list = {#list, rows_##list, IX_COUNT(rows_##list)};
IX_ITCH_CODE_LISTS(CODE_LIST)

static const ix_itch_codes codes_ANY = {"ANY", NULL, 0};

static const ix_itch_code rows_ISSUE_SUBTYPE[] = {
	{"A", "preferred trust securities"},
	{"AI", "alpha index ETN"},
	{"B", "index-based derivative"},
	{"C", "common shares"},
	{"CB", "commodity-based trust shares"},
	{"CF", "commodity futures trust shares"},
	{"CL", "commodity-linked securities"},
	{"CM", "commodity index trust shares"},
	{"CO", "collateralized mortgage obligation"},
	{"CT", "currency trust shares"},
	{"CU", "commodity-currency-linked securities"},
	{"CW", "currency warrants"},
	{"D", "global depositary shares"},
	{"E", "ETF: portfolio depositary receipt"},
	{"EG", "equity gold shares"},
	{"EI", "ETN: equity index-linked securities"},
	{"EM", "exchange-traded managed fund"},
	{"EN", "exchange-traded notes"},
	{"EU", "equity units"},
	{"F", "HOLDRS"},
	{"FI", "ETN: fixed income-linked securities"},
	{"FL", "ETN: futures-linked securities"},
	{"G", "global shares"},
	{"I", "ETF: index fund shares"},
	{"IR", "interest rate"},
	{"IW", "index warrant"},
	{"IX", "index-linked exchangeable notes"},
	{"J", "corporate-backed trust security"},
	{"L", "contingent litigation right"},
	{"LL", "limited liability company"},
	{"M", "equity-based derivative"},
	{"MF", "managed fund shares"},
	{"ML", "ETN: multi-factor index-linked securities"},
	{"MT", "managed trust securities"},
	{"N", "New York registry shares"},
	{"O", "open-ended mutual fund"},
	{"P", "privately held security"},
	{"PP", "poison pill"},
	{"PU", "partnership units"},
	{"Q", "closed-end fund"},
	{"R", "Reg-S"},
	{"RC", "commodity-redeemable commodity-linked securities"},
	{"RF", "ETN: redeemable futures-linked securities"},
	{"RT", "real estate investment trust"},
	{"RU", "commodity-redeemable currency-linked securities"},
	{"S", "SEED"},
	{"SC", "spot rate closing"},
	{"SI", "spot rate intraday"},
	{"T", "tracking stock"},
	{"TC", "trust certificates"},
	{"TU", "trust units"},
	{"U", "portal"},
	{"V", "contingent value right"},
	{"W", "trust issued receipts"},
	{"WC", "world currency option"},
	{"X", "trust"},
	{"Y", "other"},
	{"Z", "not applicable"},
};
static const ix_itch_codes codes_ISSUE_SUBTYPE = {
	"ISSUE_SUBTYPE", rows_ISSUE_SUBTYPE, IX_COUNT(rows_ISSUE_SUBTYPE)};

/* Why a stock was halted or resumed. */
static const ix_itch_code rows_REASON[] = {
	{"T1", "halt: news pending"},
	{"T2", "halt: news disseminated"},
	{"T5", "single security trading pause in effect"},
	{"T6", "regulatory halt: extraordinary market activity"},
	{"T8", "halt: ETF"},
	{"T12", "trading halted: information requested by the listing market"},
	{"H4", "halt: non-compliance"},
	{"H9", "halt: filings not current"},
	{"H10", "halt: SEC trading suspension"},
	{"H11", "halt: regulatory concern"},
	{"O1", "operations halt: contact market operations"},
	{"LUDP", "volatility trading pause"},
	{"LUDS", "volatility trading pause: straddle condition"},
	{"MWC0", "market-wide circuit breaker halt: carried over from the previous day"},
	{"MWC1", "market-wide circuit breaker halt: level 1"},
	{"MWC2", "market-wide circuit breaker halt: level 2"},
	{"MWC3", "market-wide circuit breaker halt: level 3"},
	{"MWCQ", "market-wide circuit breaker resumption"},
	{"IPO1", "IPO issue not yet trading"},
	{"IPOQ", "IPO security released for quotation"},
	{"IPOE", "IPO security: positioning window extended"},
	{"M1", "corporate action"},
	{"M2", "quotation not available"},
	{"T3", "news and resumption times"},
	{"T7", "single security trading pause: quotation only period"},
	{"R4", "qualifications issues reviewed or resolved: quotations and trading resume"},
	{"R9", "filing requirements satisfied or resolved: quotations and trading resume"},
	{"C3", "issuer news not forthcoming: quotations and trading resume"},
	{"C4", "qualifications halt ended, maintenance requirements met: resume"},
	{"C9", "qualifications halt concluded, filings met: quotations and trading resume"},
	{"C11", "trade halt concluded by another regulatory authority: quotations and trading resume"},
	{"R1", "new issue available"},
	{"R2", "issue available"},
	{"", "reason not available"},
};
static const ix_itch_codes codes_REASON = {"REASON", rows_REASON, IX_COUNT(rows_REASON)};

/* ---- fields and messages ---- */

enum {
	WIDTH_CODE = 1,
	WIDTH_U32 = 4,
	WIDTH_U64 = 8,
	WIDTH_E4 = 4,
	WIDTH_E8 = 8,
	WIDTH_SEC = 4,
	WIDTH_NS = 8,
	WIDTH_A2 = 2,
	WIDTH_A4 = 4,
	WIDTH_A8 = 8,
};

const ix_itch_field ix_itch_header_fields[IX_ITCH_HEADER_FIELD_COUNT] = {
	{"type", "Message Type", IX_ITCH_KIND_CODE, 0, 1, &codes_ANY},
	{"locate", "Stock Locate", IX_ITCH_KIND_U16, 1, 2, &codes_ANY},
	{"tracking", "Tracking Number", IX_ITCH_KIND_U16, 3, 2, &codes_ANY},
	{"timestamp_ns", "Timestamp", IX_ITCH_KIND_NS, 5, 6, &codes_ANY},
};

#define FIELD_ROW(m, kind, name, offset, list, title) \
	{#name, title, IX_ITCH_KIND_##kind, offset, WIDTH_##kind, &codes_##list},
#define FIELD_ROWS(byte, CONSTANT, member, size, title) \
	static const ix_itch_field fields_##member[] = {IX_ITCH_FIELDS_##CONSTANT(FIELD_ROW, member)};
IX_ITCH_MESSAGES(FIELD_ROWS)

#define TYPE_ROW(byte, CONSTANT, member, size, title) \
	{byte, size, IX_COUNT(fields_##member), #member, title, fields_##member},
const ix_itch_type ix_itch_types[IX_ITCH_TYPE_COUNT] = {IX_ITCH_MESSAGES(TYPE_ROW)};

#define SIZE_ROW(byte, CONSTANT, member, size, title) [byte] = (size),
const uint8_t ix_itch_sizes[256] = {IX_ITCH_MESSAGES(SIZE_ROW)};

#define INDEX(byte, CONSTANT, member, size, title) INDEX_##CONSTANT,
enum { IX_ITCH_MESSAGES(INDEX) INDEX_END };
_Static_assert(INDEX_END == (int)IX_ITCH_TYPE_COUNT, "one row a type");

const ix_itch_type *ix_itch_type_find(uint8_t type) {
	switch (type) {
#define FIND(byte, CONSTANT, member, size, title) \
	case (byte): return &ix_itch_types[INDEX_##CONSTANT];
		IX_ITCH_MESSAGES(FIND)
	default: return NULL;
	}
}
