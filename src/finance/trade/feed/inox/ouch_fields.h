/* ouch_fields.h - the tables of Nasdaq OUCH 5.0: every message, field and tag. They are the one truth:
 * structs, decoder, encoder and printing are made from them. Readers want <inox/ouch.h>; this page is for
 * looking an offset up.
 *
 * Inbound is from the client to the exchange, outbound the other way. Every message starts with its type (1
 * byte at 0); outbound ones go on with a timestamp (8 at 1, nanoseconds since midnight). Behind the fields
 * listed here a message may have an appendage: two bytes of length, then tags. Older revisions leave the
 * length away where there are no tags. */
#ifndef INOX_OUCH_FIELDS_H
#define INOX_OUCH_FIELDS_H

/* M(type byte, CONSTANT, member, size in bytes without the appendage, title in the specification) */
#define IX_OUCH_INBOUND(M)                                                         \
	M('O', ENTER_ORDER, enter_order, 45, "Enter Order")                        \
	M('U', REPLACE_ORDER, replace_order, 38, "Replace Order")                  \
	M('X', CANCEL_ORDER, cancel_order, 9, "Cancel Order")                      \
	M('M', MODIFY_ORDER, modify_order, 10, "Modify Order")                     \
	M('C', MASS_CANCEL, mass_cancel, 17, "Mass Cancel")                        \
	M('D', DISABLE_ORDER_ENTRY, disable_order_entry, 9, "Disable Order Entry") \
	M('E', ENABLE_ORDER_ENTRY, enable_order_entry, 9, "Enable Order Entry")    \
	M('Q', ACCOUNT_QUERY, account_query, 1, "Account Query")

#define IX_OUCH_OUTBOUND(M)                                                            \
	M('S', SYSTEM_EVENT, system_event, 10, "System Event")                         \
	M('A', ACCEPTED, accepted, 62, "Order Accepted")                               \
	M('U', REPLACED, replaced, 66, "Order Replaced")                               \
	M('C', CANCELED, canceled, 18, "Order Canceled")                               \
	M('D', AIQ_CANCELED, aiq_canceled, 32, "AIQ Canceled")                         \
	M('E', EXECUTED, executed, 34, "Order Executed")                               \
	M('B', BROKEN_TRADE, broken_trade, 36, "Broken Trade")                         \
	M('J', REJECTED, rejected, 29, "Rejected")                                     \
	M('P', CANCEL_PENDING, cancel_pending, 13, "Cancel Pending")                   \
	M('I', CANCEL_REJECT, cancel_reject, 13, "Cancel Reject")                      \
	M('T', PRIORITY_UPDATE, priority_update, 30, "Order Priority Update")          \
	M('M', MODIFIED, modified, 18, "Order Modified")                               \
	M('R', RESTATED, restated, 14, "Order Restated")                               \
	M('X', MASS_CANCEL_RESPONSE, mass_cancel_response, 25, "Mass Cancel Response") \
	M('G', DISABLE_RESPONSE, disable_response, 17, "Disable Order Entry Response") \
	M('K', ENABLE_RESPONSE, enable_response, 17, "Enable Order Entry Response")    \
	M('Q', ACCOUNT_QUERY_RESPONSE, account_query_response, 13, "Account Query Response")

/* F(m, kind, member, offset, code list, title), where m is the message's member name, handed through for
 * those who paste names. Kinds, with what the struct holds: CODE uint8_t    U16 uint16_t    U32 uint32_t U64
 * uint64_t    E4 uint64_t, 1/10000 dollar A4, A8, A14 char[]: left-justified, padded with spaces, not
 * NUL-terminated */
#define IX_OUCH_FIELDS_ENTER_ORDER(F, m)                                           \
	F(m, U32, user_ref_num, 1, ANY, "UserRefNum")                              \
	F(m, CODE, side, 5, SIDE, "Side")                                          \
	F(m, U32, quantity, 6, ANY, "Quantity")                                    \
	F(m, A8, symbol, 10, ANY, "Symbol")                                        \
	F(m, E4, price_e4, 18, ANY, "Price")                                       \
	F(m, CODE, time_in_force, 26, TIME_IN_FORCE, "Time In Force")              \
	F(m, CODE, display, 27, DISPLAY, "Display")                                \
	F(m, CODE, capacity, 28, CAPACITY, "Capacity")                             \
	F(m, CODE, intermarket_sweep, 29, YES_NO, "InterMarket Sweep Eligibility") \
	F(m, CODE, cross_type, 30, CROSS_TYPE, "CrossType")                        \
	F(m, A14, client_order_id, 31, ANY, "ClOrdID")

#define IX_OUCH_FIELDS_REPLACE_ORDER(F, m)                                         \
	F(m, U32, original_user_ref_num, 1, ANY, "OrigUserRefNum")                 \
	F(m, U32, user_ref_num, 5, ANY, "UserRefNum")                              \
	F(m, U32, quantity, 9, ANY, "Quantity")                                    \
	F(m, E4, price_e4, 13, ANY, "Price")                                       \
	F(m, CODE, time_in_force, 21, TIME_IN_FORCE, "Time In Force")              \
	F(m, CODE, display, 22, DISPLAY, "Display")                                \
	F(m, CODE, intermarket_sweep, 23, YES_NO, "InterMarket Sweep Eligibility") \
	F(m, A14, client_order_id, 24, ANY, "ClOrdID")

#define IX_OUCH_FIELDS_CANCEL_ORDER(F, m)             \
	F(m, U32, user_ref_num, 1, ANY, "UserRefNum") \
	F(m, U32, quantity, 5, ANY, "Quantity")

#define IX_OUCH_FIELDS_MODIFY_ORDER(F, m)             \
	F(m, U32, user_ref_num, 1, ANY, "UserRefNum") \
	F(m, CODE, side, 5, SIDE, "Side")             \
	F(m, U32, quantity, 6, ANY, "Quantity")

#define IX_OUCH_FIELDS_MASS_CANCEL(F, m)              \
	F(m, U32, user_ref_num, 1, ANY, "UserRefNum") \
	F(m, A4, firm, 5, ANY, "Firm")                \
	F(m, A8, symbol, 9, ANY, "Symbol")

#define IX_OUCH_FIELDS_DISABLE_ORDER_ENTRY(F, m)      \
	F(m, U32, user_ref_num, 1, ANY, "UserRefNum") \
	F(m, A4, firm, 5, ANY, "Firm")

#define IX_OUCH_FIELDS_ENABLE_ORDER_ENTRY(F, m) IX_OUCH_FIELDS_DISABLE_ORDER_ENTRY(F, m)

#define IX_OUCH_FIELDS_ACCOUNT_QUERY(F, m) /* the type alone */

#define IX_OUCH_FIELDS_SYSTEM_EVENT(F, m) F(m, CODE, event_code, 9, EVENT, "Event Code")

#define IX_OUCH_FIELDS_ACCEPTED(F, m)                                              \
	F(m, U32, user_ref_num, 9, ANY, "UserRefNum")                              \
	F(m, CODE, side, 13, SIDE, "Side")                                         \
	F(m, U32, quantity, 14, ANY, "Quantity")                                   \
	F(m, A8, symbol, 18, ANY, "Symbol")                                        \
	F(m, E4, price_e4, 26, ANY, "Price")                                       \
	F(m, CODE, time_in_force, 34, TIME_IN_FORCE, "Time In Force")              \
	F(m, CODE, display, 35, DISPLAY, "Display")                                \
	F(m, U64, reference, 36, ANY, "Order Reference Number")                    \
	F(m, CODE, capacity, 44, CAPACITY, "Capacity")                             \
	F(m, CODE, intermarket_sweep, 45, YES_NO, "InterMarket Sweep Eligibility") \
	F(m, CODE, cross_type, 46, CROSS_TYPE, "CrossType")                        \
	F(m, CODE, order_state, 47, ORDER_STATE, "Order State")                    \
	F(m, A14, client_order_id, 48, ANY, "ClOrdID")

#define IX_OUCH_FIELDS_REPLACED(F, m)                                              \
	F(m, U32, original_user_ref_num, 9, ANY, "OrigUserRefNum")                 \
	F(m, U32, user_ref_num, 13, ANY, "UserRefNum")                             \
	F(m, CODE, side, 17, SIDE, "Side")                                         \
	F(m, U32, quantity, 18, ANY, "Quantity")                                   \
	F(m, A8, symbol, 22, ANY, "Symbol")                                        \
	F(m, E4, price_e4, 30, ANY, "Price")                                       \
	F(m, CODE, time_in_force, 38, TIME_IN_FORCE, "Time In Force")              \
	F(m, CODE, display, 39, DISPLAY, "Display")                                \
	F(m, U64, reference, 40, ANY, "Order Reference Number")                    \
	F(m, CODE, capacity, 48, CAPACITY, "Capacity")                             \
	F(m, CODE, intermarket_sweep, 49, YES_NO, "InterMarket Sweep Eligibility") \
	F(m, CODE, cross_type, 50, CROSS_TYPE, "CrossType")                        \
	F(m, CODE, order_state, 51, ORDER_STATE, "Order State")                    \
	F(m, A14, client_order_id, 52, ANY, "ClOrdID")

#define IX_OUCH_FIELDS_CANCELED(F, m)                 \
	F(m, U32, user_ref_num, 9, ANY, "UserRefNum") \
	F(m, U32, quantity, 13, ANY, "Quantity")      \
	F(m, CODE, reason, 17, CANCEL_REASON, "Reason")

#define IX_OUCH_FIELDS_AIQ_CANCELED(F, m)                                         \
	F(m, U32, user_ref_num, 9, ANY, "UserRefNum")                             \
	F(m, U32, decrement_shares, 13, ANY, "Decrement Shares")                  \
	F(m, CODE, reason, 17, CANCEL_REASON, "Reason")                           \
	F(m, U32, quantity_prevented, 18, ANY, "Quantity Prevented from Trading") \
	F(m, E4, price_e4, 22, ANY, "Execution Price")                            \
	F(m, CODE, liquidity_flag, 30, ANY, "Liquidity Flag")                     \
	F(m, CODE, aiq_strategy, 31, ANY, "AIQ Strategy")

#define IX_OUCH_FIELDS_EXECUTED(F, m)                         \
	F(m, U32, user_ref_num, 9, ANY, "UserRefNum")         \
	F(m, U32, quantity, 13, ANY, "Quantity")              \
	F(m, E4, price_e4, 17, ANY, "Price")                  \
	F(m, CODE, liquidity_flag, 25, ANY, "Liquidity Flag") \
	F(m, U64, match, 26, ANY, "Match Number")

#define IX_OUCH_FIELDS_BROKEN_TRADE(F, m)               \
	F(m, U32, user_ref_num, 9, ANY, "UserRefNum")   \
	F(m, U64, match, 13, ANY, "Match Number")       \
	F(m, CODE, reason, 21, BROKEN_REASON, "Reason") \
	F(m, A14, client_order_id, 22, ANY, "ClOrdID")

#define IX_OUCH_FIELDS_REJECTED(F, m)                 \
	F(m, U32, user_ref_num, 9, ANY, "UserRefNum") \
	F(m, U16, reason, 13, ANY, "Reason")          \
	F(m, A14, client_order_id, 15, ANY, "ClOrdID")

#define IX_OUCH_FIELDS_CANCEL_PENDING(F, m) F(m, U32, user_ref_num, 9, ANY, "UserRefNum")

#define IX_OUCH_FIELDS_CANCEL_REJECT(F, m) F(m, U32, user_ref_num, 9, ANY, "UserRefNum")

#define IX_OUCH_FIELDS_PRIORITY_UPDATE(F, m)          \
	F(m, U32, user_ref_num, 9, ANY, "UserRefNum") \
	F(m, E4, price_e4, 13, ANY, "Price")          \
	F(m, CODE, display, 21, DISPLAY, "Display")   \
	F(m, U64, reference, 22, ANY, "Order Reference Number")

#define IX_OUCH_FIELDS_MODIFIED(F, m)                 \
	F(m, U32, user_ref_num, 9, ANY, "UserRefNum") \
	F(m, CODE, side, 13, SIDE, "Side")            \
	F(m, U32, quantity, 14, ANY, "Quantity")

#define IX_OUCH_FIELDS_RESTATED(F, m)                 \
	F(m, U32, user_ref_num, 9, ANY, "UserRefNum") \
	F(m, CODE, reason, 13, RESTATED_REASON, "Reason")

#define IX_OUCH_FIELDS_MASS_CANCEL_RESPONSE(F, m)     \
	F(m, U32, user_ref_num, 9, ANY, "UserRefNum") \
	F(m, A4, firm, 13, ANY, "Firm")               \
	F(m, A8, symbol, 17, ANY, "Symbol")

#define IX_OUCH_FIELDS_DISABLE_RESPONSE(F, m)         \
	F(m, U32, user_ref_num, 9, ANY, "UserRefNum") \
	F(m, A4, firm, 13, ANY, "Firm")

#define IX_OUCH_FIELDS_ENABLE_RESPONSE(F, m) IX_OUCH_FIELDS_DISABLE_RESPONSE(F, m)

#define IX_OUCH_FIELDS_ACCOUNT_QUERY_RESPONSE(F, m) F(m, U32, next_user_ref_num, 9, ANY, "NextUserRefNum")

/* T(number, CONSTANT, kind, code list, title): the optional fields of an appendage. Kinds as above, and S4E4:
 * int32_t, 1/10000 dollar, signed; U8: uint8_t; A2. */
#define IX_OUCH_TAGS(T)                                                       \
	T(1, SECONDARY_ORDER_REFERENCE, U64, ANY, "SecondaryOrdRefNum")       \
	T(2, FIRM, A4, ANY, "Firm")                                           \
	T(3, MINIMUM_QUANTITY, U32, ANY, "MinQty")                            \
	T(4, CUSTOMER_TYPE, CODE, CUSTOMER_TYPE, "CustomerType")              \
	T(5, MAX_FLOOR, U32, ANY, "MaxFloor")                                 \
	T(6, PRICE_TYPE, CODE, PRICE_TYPE, "PriceType")                       \
	T(7, PEG_OFFSET, S4E4, ANY, "PegOffset")                              \
	T(9, DISCRETION_PRICE, E4, ANY, "DiscretionPrice")                    \
	T(10, DISCRETION_PRICE_TYPE, CODE, PRICE_TYPE, "DiscretionPriceType") \
	T(11, DISCRETION_PEG_OFFSET, S4E4, ANY, "DiscretionPegOffset")        \
	T(12, POST_ONLY, CODE, POST_ONLY, "PostOnly")                         \
	T(13, RANDOM_RESERVES, U32, ANY, "RandomReserves")                    \
	T(14, ROUTE, A4, ANY, "Route")                                        \
	T(15, EXPIRE_TIME, U32, ANY, "ExpireTime")                            \
	T(16, TRADE_NOW, CODE, ANY, "TradeNow")                               \
	T(17, HANDLING_INSTRUCTION, CODE, ANY, "HandleInst")                  \
	T(18, BBO_WEIGHT, CODE, ANY, "BBOWeightIndicator")                    \
	T(22, DISPLAY_QUANTITY, U32, ANY, "DisplayQuantity")                  \
	T(23, DISPLAY_PRICE, E4, ANY, "DisplayPrice")                         \
	T(24, GROUP_ID, U16, ANY, "GroupID")                                  \
	T(25, SHARES_LOCATED, CODE, ANY, "SharesLocated")                     \
	T(26, LOCATE_BROKER, A4, ANY, "LocateBroker")                         \
	T(27, SIDE, CODE, SIDE, "Side")                                       \
	T(28, USER_REF_INDEX, U8, ANY, "UserRefIdx")                          \
	T(29, AIQ_STRATEGY, CODE, ANY, "AIQStrategy")                         \
	T(30, AIQ_GROUP_ID, A2, ANY, "AIQGroupID")

/* ---- code lists: C(list, NAME, byte, meaning) ---- */

#define IX_OUCH_CODES_SIDE(C)                  \
	C(SIDE, BUY, 'B', "buy")               \
	C(SIDE, SELL, 'S', "sell")             \
	C(SIDE, SELL_SHORT, 'T', "sell short") \
	C(SIDE, SELL_SHORT_EXEMPT, 'E', "sell short, exempt")
#define IX_OUCH_CODES_TIME_IN_FORCE(C)                      \
	C(TIME_IN_FORCE, DAY, '0', "day (market hours)")    \
	C(TIME_IN_FORCE, IOC, '3', "immediate or cancel")   \
	C(TIME_IN_FORCE, GTX, '5', "extended hours")        \
	C(TIME_IN_FORCE, GTT, '6', "until the expire time") \
	C(TIME_IN_FORCE, AFTER_HOURS, 'E', "after hours")
#define IX_OUCH_CODES_DISPLAY(C)                      \
	C(DISPLAY, VISIBLE, 'Y', "visible")           \
	C(DISPLAY, HIDDEN, 'N', "hidden")             \
	C(DISPLAY, ATTRIBUTABLE, 'A', "attributable") \
	C(DISPLAY, CONFORMANT, 'Z', "conformant")
#define IX_OUCH_CODES_CAPACITY(C)                        \
	C(CAPACITY, AGENCY, 'A', "agency")               \
	C(CAPACITY, PRINCIPAL, 'P', "principal")         \
	C(CAPACITY, RISKLESS, 'R', "riskless principal") \
	C(CAPACITY, OTHER, 'O', "other")
#define IX_OUCH_CODES_YES_NO(C)    \
	C(YES_NO, YES, 'Y', "yes") \
	C(YES_NO, NO, 'N', "no")
#define IX_OUCH_CODES_CROSS_TYPE(C)                         \
	C(CROSS_TYPE, CONTINUOUS, 'N', "continuous market") \
	C(CROSS_TYPE, OPENING, 'O', "opening cross")        \
	C(CROSS_TYPE, CLOSING, 'C', "closing cross")        \
	C(CROSS_TYPE, HALT_IPO, 'H', "halt or IPO cross")   \
	C(CROSS_TYPE, SUPPLEMENTAL, 'S', "supplemental")    \
	C(CROSS_TYPE, RETAIL, 'R', "retail")                \
	C(CROSS_TYPE, EXTENDED_LIFE, 'E', "extended life")  \
	C(CROSS_TYPE, AFTER_HOURS_CLOSE, 'A', "after-hours close")
#define IX_OUCH_CODES_EVENT(C)                      \
	C(EVENT, START_OF_DAY, 'S', "start of day") \
	C(EVENT, END_OF_DAY, 'E', "end of day")
#define IX_OUCH_CODES_ORDER_STATE(C)      \
	C(ORDER_STATE, LIVE, 'L', "live") \
	C(ORDER_STATE, DEAD, 'D', "dead")
#define IX_OUCH_CODES_CANCEL_REASON(C)                              \
	C(CANCEL_REASON, REGULATORY, 'D', "regulatory restriction") \
	C(CANCEL_REASON, CLOSED, 'E', "the market closed")          \
	C(CANCEL_REASON, HALTED, 'H', "halted")                     \
	C(CANCEL_REASON, IMMEDIATE, 'I', "immediate or cancel")     \
	C(CANCEL_REASON, COLLAR, 'K', "market collar")              \
	C(CANCEL_REASON, SELF_MATCH, 'Q', "self-match prevention")  \
	C(CANCEL_REASON, SUPERVISORY, 'S', "supervisory")           \
	C(CANCEL_REASON, TIMEOUT, 'T', "timed out")                 \
	C(CANCEL_REASON, USER, 'U', "asked for by the user")        \
	C(CANCEL_REASON, OPEN_PROTECTION, 'X', "open protection")   \
	C(CANCEL_REASON, SYSTEM, 'Z', "cancelled by the system")
#define IX_OUCH_CODES_BROKEN_REASON(C)                    \
	C(BROKEN_REASON, ERRONEOUS, 'E', "erroneous")     \
	C(BROKEN_REASON, CONSENT, 'C', "by consent")      \
	C(BROKEN_REASON, SUPERVISORY, 'S', "supervisory") \
	C(BROKEN_REASON, EXTERNAL, 'X', "external")
#define IX_OUCH_CODES_RESTATED_REASON(C)                              \
	C(RESTATED_REASON, REFRESH, 'R', "the display was refreshed") \
	C(RESTATED_REASON, PRICE, 'P', "the displayed price changed")
#define IX_OUCH_CODES_CUSTOMER_TYPE(C)                     \
	C(CUSTOMER_TYPE, RETAIL, 'R', "retail designated") \
	C(CUSTOMER_TYPE, NOT_RETAIL, 'N', "not retail designated")
#define IX_OUCH_CODES_PRICE_TYPE(C)                      \
	C(PRICE_TYPE, LIMIT, 'L', "limit")               \
	C(PRICE_TYPE, MARKET_PEG, 'P', "market peg")     \
	C(PRICE_TYPE, PRIMARY_PEG, 'R', "primary peg")   \
	C(PRICE_TYPE, MIDPOINT_PEG, 'M', "midpoint peg") \
	C(PRICE_TYPE, MARKET_MAKER_PEG, 'Q', "market maker peg")
#define IX_OUCH_CODES_POST_ONLY(C)          \
	C(POST_ONLY, YES, 'P', "post only") \
	C(POST_ONLY, NO, 'N', "no")

/* L(list): those above. A field of the list ANY may have any value. */
#define IX_OUCH_CODE_LISTS(L)                                                                         \
	L(SIDE)                                                                                       \
	L(TIME_IN_FORCE)                                                                              \
	L(DISPLAY)                                                                                    \
	L(CAPACITY) L(YES_NO) L(CROSS_TYPE) L(EVENT) L(ORDER_STATE) L(CANCEL_REASON) L(BROKEN_REASON) \
		L(RESTATED_REASON) L(CUSTOMER_TYPE) L(PRICE_TYPE) L(POST_ONLY)

#define IX_OUCH_ENUM_CODE(list, name, byte, meaning) IX_OUCH_##list##_##name = (byte),
#define IX_OUCH_ENUM_LIST(list)                      IX_OUCH_CODES_##list(IX_OUCH_ENUM_CODE)
enum ix_ouch_code_value { IX_OUCH_CODE_LISTS(IX_OUCH_ENUM_LIST) };
#undef IX_OUCH_ENUM_CODE
#undef IX_OUCH_ENUM_LIST

#endif
