/* ouch_fields.h - the tables of Nasdaq OUCH 5.0: every message, field and tag. They are the one truth:
 * structs, decoder, encoder and printing are made from them. Readers want <inox/ouch.h>; this page is for
 * looking an offset up.
 *
 * Inbound is from the client to the exchange, outbound the other way. Every message starts with its type (1
 * byte at 0); outbound ones go on with a timestamp (8 at 1, nanoseconds since midnight). Behind the fields
 * listed here a message may have an appendage: two bytes of length, then tags. Older revisions, and the
 * current one in many messages, leave the length away where there are no tags.
 *
 * The layouts are those of revision 1.05 (October 2025), and what older ones had more: Trade Correction, and
 * the tags of a reference price (both of April 2023). What they had less: see AIQ Canceled. */
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
	M('F', TRADE_CORRECTION, trade_correction, 49, "Trade Correction")             \
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
 * those who paste names. Kinds, with what the struct holds:
 *
 * - CODE: uint8_t. U16, U32, U64: uint16_t, uint32_t, uint64_t.
 * - E4: uint64_t, 1/10000 dollar.
 * - A4, A8, A14: char[]: left-justified, padded with spaces, not NUL-terminated. */
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

/* Until 2023 it ended in front of the strategy, and had no appendage. */
#define IX_OUCH_FIELDS_AIQ_CANCELED(F, m)                                         \
	F(m, U32, user_ref_num, 9, ANY, "UserRefNum")                             \
	F(m, U32, decrement_shares, 13, ANY, "Decrement Shares")                  \
	F(m, CODE, reason, 17, CANCEL_REASON, "Reason")                           \
	F(m, U32, quantity_prevented, 18, ANY, "Quantity Prevented from Trading") \
	F(m, E4, price_e4, 22, ANY, "Execution Price")                            \
	F(m, CODE, liquidity_flag, 30, LIQUIDITY, "Liquidity Flag")               \
	F(m, CODE, aiq_strategy, 31, ANY, "AIQ Strategy")

#define IX_OUCH_FIELDS_EXECUTED(F, m)                               \
	F(m, U32, user_ref_num, 9, ANY, "UserRefNum")               \
	F(m, U32, quantity, 13, ANY, "Quantity")                    \
	F(m, E4, price_e4, 17, ANY, "Price")                        \
	F(m, CODE, liquidity_flag, 25, LIQUIDITY, "Liquidity Flag") \
	F(m, U64, match, 26, ANY, "Match Number")

#define IX_OUCH_FIELDS_BROKEN_TRADE(F, m)               \
	F(m, U32, user_ref_num, 9, ANY, "UserRefNum")   \
	F(m, U64, match, 13, ANY, "Match Number")       \
	F(m, CODE, reason, 21, BROKEN_REASON, "Reason") \
	F(m, A14, client_order_id, 22, ANY, "ClOrdID")

#define IX_OUCH_FIELDS_TRADE_CORRECTION(F, m)                       \
	F(m, U32, user_ref_num, 9, ANY, "UserRefNum")               \
	F(m, U32, quantity, 13, ANY, "Quantity")                    \
	F(m, E4, price_e4, 17, ANY, "Price")                        \
	F(m, CODE, liquidity_flag, 25, LIQUIDITY, "Liquidity Flag") \
	F(m, U64, match, 26, ANY, "Match Number")                   \
	F(m, CODE, reason, 34, CORRECTION_REASON, "Reason")         \
	F(m, A14, client_order_id, 35, ANY, "ClOrdID")

#define IX_OUCH_FIELDS_REJECTED(F, m)                  \
	F(m, U32, user_ref_num, 9, ANY, "UserRefNum")  \
	F(m, U16, reason, 13, REJECT_REASON, "Reason") \
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
#define IX_OUCH_TAGS(T)                                                               \
	T(1, SECONDARY_ORDER_REFERENCE, U64, ANY, "SecondaryOrdRefNum")               \
	T(2, FIRM, A4, ANY, "Firm")                                                   \
	T(3, MINIMUM_QUANTITY, U32, ANY, "MinQty")                                    \
	T(4, CUSTOMER_TYPE, CODE, CUSTOMER_TYPE, "CustomerType")                      \
	T(5, MAX_FLOOR, U32, ANY, "MaxFloor")                                         \
	T(6, PRICE_TYPE, CODE, PRICE_TYPE, "PriceType")                               \
	T(7, PEG_OFFSET, S4E4, ANY, "PegOffset")                                      \
	T(9, DISCRETION_PRICE, E4, ANY, "DiscretionPrice")                            \
	T(10, DISCRETION_PRICE_TYPE, CODE, PRICE_TYPE, "DiscretionPriceType")         \
	T(11, DISCRETION_PEG_OFFSET, S4E4, ANY, "DiscretionPegOffset")                \
	T(12, POST_ONLY, CODE, POST_ONLY, "PostOnly")                                 \
	T(13, RANDOM_RESERVES, U32, ANY, "RandomReserves")                            \
	T(14, ROUTE, A4, ANY, "Route")                                                \
	T(15, EXPIRE_TIME, U32, ANY, "ExpireTime")                                    \
	T(16, TRADE_NOW, CODE, YES_NO, "TradeNow")                                    \
	T(17, HANDLING_INSTRUCTION, CODE, HANDLING, "HandleInst")                     \
	T(18, BBO_WEIGHT, CODE, BBO_WEIGHT, "BBOWeightIndicator")                     \
	T(19, REFERENCE_PRICE, E4, ANY, "ReferencePrice")                             \
	T(20, REFERENCE_PRICE_TYPE, CODE, REFERENCE_PRICE_TYPE, "ReferencePriceType") \
	T(22, DISPLAY_QUANTITY, U32, ANY, "DisplayQuantity")                          \
	T(23, DISPLAY_PRICE, E4, ANY, "DisplayPrice")                                 \
	T(24, GROUP_ID, U16, ANY, "GroupID")                                          \
	T(25, SHARES_LOCATED, CODE, YES_NO, "SharesLocated")                          \
	T(26, LOCATE_BROKER, A4, ANY, "LocateBroker")                                 \
	T(27, SIDE, CODE, SIDE, "Side")                                               \
	T(28, USER_REF_INDEX, U8, ANY, "UserRefIdx")                                  \
	T(29, AIQ_STRATEGY, CODE, ANY, "AIQStrategy")                                 \
	T(30, AIQ_GROUP_ID, A2, ANY, "AIQGroupID")

/* ---- code lists: C(list, NAME, code, meaning) ---- */

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
#define IX_OUCH_CODES_CANCEL_REASON(C)                                                                 \
	C(CANCEL_REASON, CROSS, 'C', "no execution in the cross")                                      \
	C(CANCEL_REASON, REGULATORY, 'D', "regulatory restriction")                                    \
	C(CANCEL_REASON, CLOSED, 'E', "the market closed")                                             \
	C(CANCEL_REASON, POST_ONLY_NMS, 'F', "post only, and its price would slide for NMS")           \
	C(CANCEL_REASON, POST_ONLY, 'G', "post only, and its price would slide for a displayed order") \
	C(CANCEL_REASON, HALTED, 'H', "halted")                                                        \
	C(CANCEL_REASON, IMMEDIATE, 'I', "immediate or cancel")                                        \
	C(CANCEL_REASON, COLLAR, 'K', "market collar")                                                 \
	C(CANCEL_REASON, SELF_MATCH, 'Q', "self-match prevention")                                     \
	C(CANCEL_REASON, SUPERVISORY, 'S', "supervisory")                                              \
	C(CANCEL_REASON, TIMEOUT, 'T', "timed out")                                                    \
	C(CANCEL_REASON, USER, 'U', "asked for by the user")                                           \
	C(CANCEL_REASON, OPEN_PROTECTION, 'X', "open protection")                                      \
	C(CANCEL_REASON, SYSTEM, 'Z', "cancelled by the system")                                       \
	C(CANCEL_REASON, EXCEEDS_OFFER, 'e', "more shares than the direct listing offers")
#define IX_OUCH_CODES_BROKEN_REASON(C)                    \
	C(BROKEN_REASON, ERRONEOUS, 'E', "erroneous")     \
	C(BROKEN_REASON, CONSENT, 'C', "by consent")      \
	C(BROKEN_REASON, SUPERVISORY, 'S', "supervisory") \
	C(BROKEN_REASON, EXTERNAL, 'X', "external")
#define IX_OUCH_CODES_CORRECTION_REASON(C) C(CORRECTION_REASON, NAV, 'N', "adjusted to the net asset value")
#define IX_OUCH_CODES_RESTATED_REASON(C)                              \
	C(RESTATED_REASON, REFRESH, 'R', "the display was refreshed") \
	C(RESTATED_REASON, PRICE, 'P', "the displayed price changed")
#define IX_OUCH_CODES_CUSTOMER_TYPE(C)                     \
	C(CUSTOMER_TYPE, RETAIL, 'R', "retail designated") \
	C(CUSTOMER_TYPE, NOT_RETAIL, 'N', "not retail designated")
#define IX_OUCH_CODES_PRICE_TYPE(C)                              \
	C(PRICE_TYPE, LIMIT, 'L', "limit")                       \
	C(PRICE_TYPE, MARKET_PEG, 'P', "market peg")             \
	C(PRICE_TYPE, PRIMARY_PEG, 'R', "primary peg")           \
	C(PRICE_TYPE, MIDPOINT_PEG, 'M', "midpoint peg")         \
	C(PRICE_TYPE, MARKET_MAKER_PEG, 'Q', "market maker peg") \
	C(PRICE_TYPE, MIDPOINT, 'm', "midpoint at entry")
#define IX_OUCH_CODES_POST_ONLY(C)          \
	C(POST_ONLY, YES, 'P', "post only") \
	C(POST_ONLY, NO, 'N', "no")

#define IX_OUCH_CODES_REFERENCE_PRICE_TYPE(C) \
	C(REFERENCE_PRICE_TYPE, INTRADAY, 'I', "intraday indicative value")
#define IX_OUCH_CODES_HANDLING(C)                                                      \
	C(HANDLING, NONE, ' ', "none")                                                 \
	C(HANDLING, EXTENDED_CONTINUOUS, 'B', "extended life and the continuous book") \
	C(HANDLING, DIRECT_LISTING, 'D', "direct listing capital raise")               \
	C(HANDLING, IMBALANCE_ONLY, 'I', "imbalance only")                             \
	C(HANDLING, RETAIL_1, 'O', "retail order type 1")                              \
	C(HANDLING, RPI, 'Q', "retail price improvement")                              \
	C(HANDLING, HIDDEN_RPI, 'R', "hidden price improvement")                       \
	C(HANDLING, RETAIL_2, 'T', "retail order type 2")
#define IX_OUCH_CODES_BBO_WEIGHT(C)                                     \
	C(BBO_WEIGHT, UNSPECIFIED, ' ', "unspecified")                  \
	C(BBO_WEIGHT, UP_TO_0_2, '0', "0 to 0.2 %")                     \
	C(BBO_WEIGHT, UP_TO_1, '1', "0.2 to 1 %")                       \
	C(BBO_WEIGHT, UP_TO_2, '2', "1 to 2 %")                         \
	C(BBO_WEIGHT, OVER_2, '3', "over 2 %")                          \
	C(BBO_WEIGHT, IMPROVES_NBBO, 'N', "improves the NBBO on entry") \
	C(BBO_WEIGHT, SETS_QBBO, 'S', "sets the QBBO and joins the NBBO")
#define IX_OUCH_CODES_LIQUIDITY(C)                                                                         \
	C(LIQUIDITY, ADDED, 'A', "added")                                                                  \
	C(LIQUIDITY, CLOSING_CROSS, 'C', "closing cross")                                                  \
	C(LIQUIDITY, HALT_IPO_CROSS, 'H', "halt or IPO cross")                                             \
	C(LIQUIDITY, ADDED_HIDDEN, 'J', "added, not displayed")                                            \
	C(LIQUIDITY, HALT_CROSS, 'K', "halt cross")                                                        \
	C(LIQUIDITY, CLOSING_IMBALANCE, 'L', "closing cross, imbalance only")                              \
	C(LIQUIDITY, OPENING_IMBALANCE, 'M', "opening cross, imbalance only")                              \
	C(LIQUIDITY, PASSIVE_MIDPOINT, 'N', "passive midpoint execution")                                  \
	C(LIQUIDITY, OPENING_CROSS, 'O', "opening cross")                                                  \
	C(LIQUIDITY, REMOVED, 'R', "removed")                                                              \
	C(LIQUIDITY, SUPPLEMENTAL, '0', "supplemental order")                                              \
	C(LIQUIDITY, RPI_NO_RPII, '1', "added by a retail price improving order, without its indicator")   \
	C(LIQUIDITY, ADDED_IMPROVES_NBBO, '7', "added and displayed, improving the NBBO")                  \
	C(LIQUIDITY, ADDED_SETS_QBBO, '8', "added and displayed, setting the QBBO and joining the NBBO")   \
	C(LIQUIDITY, ADDED_RETAIL, 'e', "added and displayed, retail designated")                          \
	C(LIQUIDITY, AFTER_HOURS_CLOSE, 'i', "after-hours closing cross")                                  \
	C(LIQUIDITY, RPI, 'j', "added by a retail price improving order")                                  \
	C(LIQUIDITY, ADDED_MIDPOINT, 'k', "added by a midpoint order")                                     \
	C(LIQUIDITY, REMOVED_MIDPOINT, 'm', "removed at a midpoint")                                       \
	C(LIQUIDITY, EXTENDED_LIFE, 'n', "midpoint extended life order")                                   \
	C(LIQUIDITY, REMOVED_HIDDEN, 'p', "removed, hidden and price improving")                           \
	C(LIQUIDITY, RETAIL_MIDPOINT, 'q', "removed by a retail order: midpoint, not RPI")                 \
	C(LIQUIDITY, RETAIL_RPI, 'r', "removed by a retail order: RPI")                                    \
	C(LIQUIDITY, RETAIL_HIDDEN, 't', "removed by a retail order: hidden and price improving, not RPI") \
	C(LIQUIDITY, ADDED_RESERVE, 'u', "added, not displayed, by a reserve order")
#define IX_OUCH_CODES_REJECT_REASON(C)                                                           \
	C(REJECT_REASON, QUOTE_UNAVAILABLE, 0x01, "quote unavailable")                           \
	C(REJECT_REASON, DESTINATION_CLOSED, 0x02, "destination closed")                         \
	C(REJECT_REASON, DISPLAY, 0x03, "invalid display")                                       \
	C(REJECT_REASON, MAX_FLOOR, 0x04, "invalid max floor")                                   \
	C(REJECT_REASON, PEG_TYPE, 0x05, "invalid peg type")                                     \
	C(REJECT_REASON, FAT_FINGER, 0x06, "fat finger")                                         \
	C(REJECT_REASON, HALTED, 0x07, "halted")                                                 \
	C(REJECT_REASON, ISO, 0x08, "ISO not allowed")                                           \
	C(REJECT_REASON, SIDE, 0x09, "invalid side")                                             \
	C(REJECT_REASON, PROCESSING, 0x0a, "processing error")                                   \
	C(REJECT_REASON, CANCEL_PENDING, 0x0b, "cancel pending")                                 \
	C(REJECT_REASON, FIRM, 0x0c, "firm not authorized")                                      \
	C(REJECT_REASON, MINIMUM_QUANTITY, 0x0d, "invalid minimum quantity")                     \
	C(REJECT_REASON, CLOSING_REFERENCE, 0x0e, "no closing reference price")                  \
	C(REJECT_REASON, OTHER, 0x0f, "other")                                                   \
	C(REJECT_REASON, CANCEL, 0x10, "cancel not allowed")                                     \
	C(REJECT_REASON, PEGGING, 0x11, "pegging not allowed")                                   \
	C(REJECT_REASON, CROSSED, 0x12, "crossed market")                                        \
	C(REJECT_REASON, QUANTITY, 0x13, "invalid quantity")                                     \
	C(REJECT_REASON, CROSS_ORDER, 0x14, "invalid cross order")                               \
	C(REJECT_REASON, REPLACE, 0x15, "replace not allowed")                                   \
	C(REJECT_REASON, ROUTING, 0x16, "routing not allowed")                                   \
	C(REJECT_REASON, SYMBOL, 0x17, "invalid symbol")                                         \
	C(REJECT_REASON, TEST, 0x18, "test")                                                     \
	C(REJECT_REASON, LATE_LOC, 0x19, "late limit-on-close order too aggressive")             \
	C(REJECT_REASON, RETAIL, 0x1a, "retail not allowed")                                     \
	C(REJECT_REASON, MIDPOINT_POST_ONLY, 0x1b, "invalid midpoint post-only price")           \
	C(REJECT_REASON, DESTINATION, 0x1c, "invalid destination")                               \
	C(REJECT_REASON, PRICE, 0x1d, "invalid price")                                           \
	C(REJECT_REASON, SHARES, 0x1e, "shares exceed the threshold")                            \
	C(REJECT_REASON, NOTIONAL, 0x1f, "exceeds the maximum notional value")                   \
	C(REJECT_REASON, RISK_EXPOSURE, 0x20, "risk: aggregate exposure exceeded")               \
	C(REJECT_REASON, RISK_IMPACT, 0x21, "risk: market impact")                               \
	C(REJECT_REASON, RISK_RESTRICTED, 0x22, "risk: restricted stock")                        \
	C(REJECT_REASON, RISK_SHORT_RESTRICTED, 0x23, "risk: short sale restricted")             \
	C(REJECT_REASON, RISK_ISO, 0x24, "risk: ISO not allowed")                                \
	C(REJECT_REASON, RISK_ADV, 0x25, "risk: exceeds the average daily volume limit")         \
	C(REJECT_REASON, RISK_FAT_FINGER, 0x26, "risk: fat finger")                              \
	C(REJECT_REASON, RISK_LOCATE, 0x27, "risk: locate required")                             \
	C(REJECT_REASON, RISK_SYMBOL_RATE, 0x28, "risk: message rate of the symbol")             \
	C(REJECT_REASON, RISK_PORT_RATE, 0x29, "risk: message rate of the port")                 \
	C(REJECT_REASON, RISK_DUPLICATE_RATE, 0x2a, "risk: rate of duplicate messages")          \
	C(REJECT_REASON, RISK_SHORT, 0x2b, "risk: short sale not allowed")                       \
	C(REJECT_REASON, RISK_MARKET_ORDER, 0x2c, "risk: market order not allowed")              \
	C(REJECT_REASON, RISK_PRE_MARKET, 0x2d, "risk: pre-market not allowed")                  \
	C(REJECT_REASON, RISK_POST_MARKET, 0x2e, "risk: post-market not allowed")                \
	C(REJECT_REASON, RISK_SHORT_EXEMPT, 0x2f, "risk: short sale exempt not allowed")         \
	C(REJECT_REASON, RISK_NOTIONAL, 0x30, "risk: notional value of a single order exceeded") \
	C(REJECT_REASON, RISK_QUANTITY, 0x31, "risk: maximum quantity exceeded")                 \
	C(REJECT_REASON, REG_SHO, 0x32, "Reg SHO state not available")                           \
	C(REJECT_REASON, RISK_IPO_BUY, 0x33, "risk: market order to buy in an IPO not allowed")  \
	C(REJECT_REASON, AIQ, 0x40, "invalid AIQ")

/* L(list): those above. A field of the list ANY may have any value. */
#define IX_OUCH_CODE_LISTS(L)   \
	L(SIDE)                 \
	L(TIME_IN_FORCE)        \
	L(DISPLAY)              \
	L(CAPACITY)             \
	L(YES_NO)               \
	L(CROSS_TYPE)           \
	L(EVENT)                \
	L(ORDER_STATE)          \
	L(CANCEL_REASON)        \
	L(BROKEN_REASON)        \
	L(CORRECTION_REASON)    \
	L(RESTATED_REASON)      \
	L(CUSTOMER_TYPE)        \
	L(PRICE_TYPE)           \
	L(POST_ONLY)            \
	L(REFERENCE_PRICE_TYPE) \
	L(HANDLING)             \
	L(BBO_WEIGHT)           \
	L(LIQUIDITY)            \
	L(REJECT_REASON)

#define IX_OUCH_ENUM_CODE(list, name, code, meaning) IX_OUCH_##list##_##name = (code),
#define IX_OUCH_ENUM_LIST(list)                      IX_OUCH_CODES_##list(IX_OUCH_ENUM_CODE)
enum ix_ouch_code_value { IX_OUCH_CODE_LISTS(IX_OUCH_ENUM_LIST) };
#undef IX_OUCH_ENUM_CODE
#undef IX_OUCH_ENUM_LIST

#endif
