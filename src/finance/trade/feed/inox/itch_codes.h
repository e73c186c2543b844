/* itch_codes.h - the code lists of Nasdaq TotalView-ITCH 5.0: what each one-byte field may say, as constants
 * (IX_ITCH_ + list + _ + name) and with the words of the field. itch_codes.c makes its tables from the same
 * lists. */
#ifndef INOX_ITCH_CODES_H
#define INOX_ITCH_CODES_H

/* C(list, NAME, byte, meaning) */

/* System events: the milestones of a trading day, in this order. */
#define IX_ITCH_CODES_EVENT(C)                                        \
	C(EVENT, START_OF_MESSAGES, 'O', "start of messages")         \
	C(EVENT, START_OF_SYSTEM_HOURS, 'S', "start of system hours") \
	C(EVENT, START_OF_MARKET_HOURS, 'Q', "start of market hours") \
	C(EVENT, END_OF_MARKET_HOURS, 'M', "end of market hours")     \
	C(EVENT, END_OF_SYSTEM_HOURS, 'E', "end of system hours")     \
	C(EVENT, END_OF_MESSAGES, 'C', "end of messages")

/* Where the issue is listed. */
#define IX_ITCH_CODES_MARKET_CATEGORY(C)                                             \
	C(MARKET_CATEGORY, NASDAQ_GLOBAL_SELECT, 'Q', "Nasdaq Global Select Market") \
	C(MARKET_CATEGORY, NASDAQ_GLOBAL, 'G', "Nasdaq Global Market")               \
	C(MARKET_CATEGORY, NASDAQ_CAPITAL, 'S', "Nasdaq Capital Market")             \
	C(MARKET_CATEGORY, NYSE, 'N', "New York Stock Exchange")                     \
	C(MARKET_CATEGORY, NYSE_AMERICAN, 'A', "NYSE American")                      \
	C(MARKET_CATEGORY, NYSE_ARCA, 'P', "NYSE Arca")                              \
	C(MARKET_CATEGORY, BATS_Z, 'Z', "BATS Z Exchange")                           \
	C(MARKET_CATEGORY, IEX, 'V', "Investors' Exchange")                          \
	C(MARKET_CATEGORY, NOT_AVAILABLE, ' ', "not available")

/* Whether a Nasdaq issuer meets the listing rules. */
#define IX_ITCH_CODES_FINANCIAL_STATUS(C)                                                              \
	C(FINANCIAL_STATUS, NORMAL, 'N', "normal")                                                     \
	C(FINANCIAL_STATUS, DEFICIENT, 'D', "deficient")                                               \
	C(FINANCIAL_STATUS, DELINQUENT, 'E', "delinquent")                                             \
	C(FINANCIAL_STATUS, BANKRUPT, 'Q', "bankrupt")                                                 \
	C(FINANCIAL_STATUS, SUSPENDED, 'S', "suspended")                                               \
	C(FINANCIAL_STATUS, DEFICIENT_BANKRUPT, 'G', "deficient and bankrupt")                         \
	C(FINANCIAL_STATUS, DEFICIENT_DELINQUENT, 'H', "deficient and delinquent")                     \
	C(FINANCIAL_STATUS, DELINQUENT_BANKRUPT, 'J', "delinquent and bankrupt")                       \
	C(FINANCIAL_STATUS, DEFICIENT_DELINQUENT_BANKRUPT, 'K', "deficient, delinquent and bankrupt")  \
	C(FINANCIAL_STATUS, CREATIONS_SUSPENDED, 'C', "creations or redemptions of the ETP suspended") \
	C(FINANCIAL_STATUS, NOT_AVAILABLE, ' ', "not available")

#define IX_ITCH_CODES_YES_NO(C)    \
	C(YES_NO, YES, 'Y', "yes") \
	C(YES_NO, NO, 'N', "no")

#define IX_ITCH_CODES_YES_NO_BLANK(C)    \
	C(YES_NO_BLANK, YES, 'Y', "yes") \
	C(YES_NO_BLANK, NO, 'N', "no")   \
	C(YES_NO_BLANK, NOT_AVAILABLE, ' ', "not available")

/* The security class of the issue. */
#define IX_ITCH_CODES_ISSUE_CLASSIFICATION(C)                                                   \
	C(ISSUE_CLASSIFICATION, AMERICAN_DEPOSITARY_SHARE, 'A', "American depositary share")    \
	C(ISSUE_CLASSIFICATION, BOND, 'B', "bond")                                              \
	C(ISSUE_CLASSIFICATION, COMMON_STOCK, 'C', "common stock")                              \
	C(ISSUE_CLASSIFICATION, DEPOSITORY_RECEIPT, 'F', "depository receipt")                  \
	C(ISSUE_CLASSIFICATION, RULE_144A, 'I', "144A security")                                \
	C(ISSUE_CLASSIFICATION, LIMITED_PARTNERSHIP, 'L', "limited partnership")                \
	C(ISSUE_CLASSIFICATION, NOTES, 'N', "notes")                                            \
	C(ISSUE_CLASSIFICATION, ORDINARY_SHARE, 'O', "ordinary share")                          \
	C(ISSUE_CLASSIFICATION, PREFERRED_STOCK, 'P', "preferred stock")                        \
	C(ISSUE_CLASSIFICATION, OTHER, 'Q', "other securities")                                 \
	C(ISSUE_CLASSIFICATION, RIGHT, 'R', "right")                                            \
	C(ISSUE_CLASSIFICATION, BENEFICIAL_INTEREST, 'S', "shares of beneficial interest")      \
	C(ISSUE_CLASSIFICATION, CONVERTIBLE_DEBENTURE, 'T', "convertible debenture")            \
	C(ISSUE_CLASSIFICATION, UNIT, 'U', "unit")                                              \
	C(ISSUE_CLASSIFICATION, UNITS_BENEFICIAL_INTEREST, 'V', "units of beneficial interest") \
	C(ISSUE_CLASSIFICATION, WARRANT, 'W', "warrant")

/* Whether the issue is real or one of the exchange's own for testing. */
#define IX_ITCH_CODES_AUTHENTICITY(C)                          \
	C(AUTHENTICITY, PRODUCTION, 'P', "live in production") \
	C(AUTHENTICITY, TEST, 'T', "test")

/* Limit up-limit down: which percentage band applies. */
#define IX_ITCH_CODES_LULD_TIER(C)     \
	C(LULD_TIER, 1, '1', "tier 1") \
	C(LULD_TIER, 2, '2', "tier 2") \
	C(LULD_TIER, NOT_APPLICABLE, ' ', "not applicable")

/* What may be done with the stock now. */
#define IX_ITCH_CODES_TRADING_STATE(C)                                         \
	C(TRADING_STATE, HALTED, 'H', "halted across all U.S. equity markets") \
	C(TRADING_STATE, PAUSED, 'P', "paused across all U.S. equity markets") \
	C(TRADING_STATE, QUOTATION_ONLY, 'Q', "quotation only period")         \
	C(TRADING_STATE, TRADING, 'T', "trading on Nasdaq")

/* The short sale price test (SEC rule 201). */
#define IX_ITCH_CODES_REG_SHO_ACTION(C)                                                        \
	C(REG_SHO_ACTION, NONE, '0', "no price test in place")                                 \
	C(REG_SHO_ACTION, INTRADAY, '1', "restriction in effect after an intraday price drop") \
	C(REG_SHO_ACTION, REMAINS, '2', "restriction remains in effect")

#define IX_ITCH_CODES_MARKET_MAKER_MODE(C)                        \
	C(MARKET_MAKER_MODE, NORMAL, 'N', "normal")               \
	C(MARKET_MAKER_MODE, PASSIVE, 'P', "passive")             \
	C(MARKET_MAKER_MODE, SYNDICATE, 'S', "syndicate")         \
	C(MARKET_MAKER_MODE, PRE_SYNDICATE, 'R', "pre-syndicate") \
	C(MARKET_MAKER_MODE, PENALTY, 'L', "penalty")

#define IX_ITCH_CODES_PARTICIPANT_STATE(C)                         \
	C(PARTICIPANT_STATE, ACTIVE, 'A', "active")                \
	C(PARTICIPANT_STATE, EXCUSED, 'E', "excused or withdrawn") \
	C(PARTICIPANT_STATE, WITHDRAWN, 'W', "withdrawn")          \
	C(PARTICIPANT_STATE, SUSPENDED, 'S', "suspended")          \
	C(PARTICIPANT_STATE, DELETED, 'D', "deleted")

/* Market-wide circuit breaker. */
#define IX_ITCH_CODES_MWCB_LEVEL(C)               \
	C(MWCB_LEVEL, 1, '1', "level 1 breached") \
	C(MWCB_LEVEL, 2, '2', "level 2 breached") \
	C(MWCB_LEVEL, 3, '3', "level 3 breached")

#define IX_ITCH_CODES_IPO_QUALIFIER(C)                                           \
	C(IPO_QUALIFIER, ANTICIPATED, 'A', "anticipated quotation release time") \
	C(IPO_QUALIFIER, CANCELLED, 'C', "release cancelled or postponed")

/* An interruption of service on one market. */
#define IX_ITCH_CODES_HALT_MARKET(C)          \
	C(HALT_MARKET, NASDAQ, 'Q', "Nasdaq") \
	C(HALT_MARKET, BX, 'B', "Nasdaq BX")  \
	C(HALT_MARKET, PSX, 'X', "Nasdaq PSX")

#define IX_ITCH_CODES_HALT_ACTION(C)                                      \
	C(HALT_ACTION, HALTED, 'H', "operationally halted on the market") \
	C(HALT_ACTION, LIFTED, 'T', "halt lifted, trading resumed")

#define IX_ITCH_CODES_SIDE(C)    \
	C(SIDE, BUY, 'B', "buy") \
	C(SIDE, SELL, 'S', "sell")

/* Which auction a cross belongs to. 'I' left the specification with the crossing network, and is in older
 * days. */
#define IX_ITCH_CODES_TRADE_CROSS_TYPE(C)                                                  \
	C(TRADE_CROSS_TYPE, OPENING, 'O', "opening cross")                                 \
	C(TRADE_CROSS_TYPE, CLOSING, 'C', "closing cross")                                 \
	C(TRADE_CROSS_TYPE, HALTED, 'H', "cross of an IPO or a halted or paused security") \
	C(TRADE_CROSS_TYPE, INTRADAY, 'I', "intraday or post-close cross")

#define IX_ITCH_CODES_NOII_CROSS_TYPE(C)                                                  \
	C(NOII_CROSS_TYPE, OPENING, 'O', "opening cross")                                 \
	C(NOII_CROSS_TYPE, CLOSING, 'C', "closing cross")                                 \
	C(NOII_CROSS_TYPE, HALTED, 'H', "cross of an IPO or a halted or paused security") \
	C(NOII_CROSS_TYPE, EXTENDED_CLOSE, 'A', "extended trading close")

/* The market side of the imbalance. */
#define IX_ITCH_CODES_IMBALANCE_DIRECTION(C)                                          \
	C(IMBALANCE_DIRECTION, BUY, 'B', "buy imbalance")                             \
	C(IMBALANCE_DIRECTION, SELL, 'S', "sell imbalance")                           \
	C(IMBALANCE_DIRECTION, NONE, 'N', "no imbalance")                             \
	C(IMBALANCE_DIRECTION, INSUFFICIENT, 'O', "insufficient orders to calculate") \
	C(IMBALANCE_DIRECTION, PAUSED, 'P', "paused")

/* How far the near indicative clearing price is from the current reference price. */
#define IX_ITCH_CODES_PRICE_VARIATION(C)                  \
	C(PRICE_VARIATION, BELOW_1, 'L', "less than 1 %") \
	C(PRICE_VARIATION, 1, '1', "1 to 1.99 %")         \
	C(PRICE_VARIATION, 2, '2', "2 to 2.99 %")         \
	C(PRICE_VARIATION, 3, '3', "3 to 3.99 %")         \
	C(PRICE_VARIATION, 4, '4', "4 to 4.99 %")         \
	C(PRICE_VARIATION, 5, '5', "5 to 5.99 %")         \
	C(PRICE_VARIATION, 6, '6', "6 to 6.99 %")         \
	C(PRICE_VARIATION, 7, '7', "7 to 7.99 %")         \
	C(PRICE_VARIATION, 8, '8', "8 to 8.99 %")         \
	C(PRICE_VARIATION, 9, '9', "9 to 9.99 %")         \
	C(PRICE_VARIATION, FROM_10, 'A', "10 to 19.99 %") \
	C(PRICE_VARIATION, FROM_20, 'B', "20 to 29.99 %") \
	C(PRICE_VARIATION, FROM_30, 'C', "30 % or more")  \
	C(PRICE_VARIATION, NOT_CALCULABLE, ' ', "cannot be calculated")

/* Retail interest resting at or better than the quote. */
#define IX_ITCH_CODES_RPII_INTEREST(C)                                \
	C(RPII_INTEREST, BUY, 'B', "retail orders on the buy side")   \
	C(RPII_INTEREST, SELL, 'S', "retail orders on the sell side") \
	C(RPII_INTEREST, BOTH, 'A', "retail orders on both sides")    \
	C(RPII_INTEREST, NONE, 'N', "no retail orders")

/* L(list): every list of one-byte codes. ISSUE_SUBTYPE and REASON, of two and four bytes, are in
 * itch_codes.c. */
#define IX_ITCH_CODE_LISTS(L)   \
	L(EVENT)                \
	L(MARKET_CATEGORY)      \
	L(FINANCIAL_STATUS)     \
	L(YES_NO)               \
	L(YES_NO_BLANK)         \
	L(ISSUE_CLASSIFICATION) \
	L(AUTHENTICITY)         \
	L(LULD_TIER)            \
	L(TRADING_STATE)        \
	L(REG_SHO_ACTION)       \
	L(MARKET_MAKER_MODE)    \
	L(PARTICIPANT_STATE)    \
	L(MWCB_LEVEL)           \
	L(IPO_QUALIFIER)        \
	L(HALT_MARKET)          \
	L(HALT_ACTION)          \
	L(SIDE)                 \
	L(TRADE_CROSS_TYPE)     \
	L(NOII_CROSS_TYPE)      \
	L(IMBALANCE_DIRECTION)  \
	L(PRICE_VARIATION)      \
	L(RPII_INTEREST)

#define IX_ITCH_ENUM_CODE(list, name, byte, meaning) IX_ITCH_##list##_##name = (byte),
#define IX_ITCH_ENUM_LIST(list)                      IX_ITCH_CODES_##list(IX_ITCH_ENUM_CODE)
enum ix_itch_code_value { IX_ITCH_CODE_LISTS(IX_ITCH_ENUM_LIST) };
#undef IX_ITCH_ENUM_CODE
#undef IX_ITCH_ENUM_LIST

#endif
