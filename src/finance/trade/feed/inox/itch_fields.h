/* itch_fields.h - the tables of Nasdaq TotalView-ITCH 5.0: every message, every field, every code. They are
 * the one truth: structs, decoder, encoder, views, validation, CSV headings and docs are all made from them.
 * Readers want <inox/itch.h>; this page is for looking an offset up.
 *
 * Every message starts with type (1 byte at 0), stock locate (2 at 1), tracking number (2 at 3) and timestamp
 * (6 at 5, nanoseconds since midnight, New York time); the tables list what follows, from offset 11. */
#ifndef INOX_ITCH_FIELDS_H
#define INOX_ITCH_FIELDS_H

/* M(type byte, CONSTANT, member, size in bytes, title in the specification) */
#define IX_ITCH_MESSAGES(M)                                                                       \
	M('S', SYSTEM_EVENT, system_event, 12, "System Event")                                    \
	M('R', STOCK_DIRECTORY, stock_directory, 39, "Stock Directory")                           \
	M('H', TRADING_ACTION, trading_action, 25, "Stock Trading Action")                        \
	M('Y', REG_SHO, reg_sho, 20, "Reg SHO Restriction")                                       \
	M('L', PARTICIPANT_POSITION, participant_position, 26, "Market Participant Position")     \
	M('V', MWCB_LEVELS, mwcb_levels, 35, "MWCB Decline Level")                                \
	M('W', MWCB_STATUS, mwcb_status, 12, "MWCB Status")                                       \
	M('K', IPO_QUOTING, ipo_quoting, 28, "IPO Quoting Period Update")                         \
	M('J', LULD_COLLAR, luld_collar, 35, "LULD Auction Collar")                               \
	M('h', OPERATIONAL_HALT, operational_halt, 21, "Operational Halt")                        \
	M('A', ADD_ORDER, add_order, 36, "Add Order")                                             \
	M('F', ADD_ORDER_ATTRIBUTED, add_order_attributed, 40, "Add Order with MPID Attribution") \
	M('E', ORDER_EXECUTED, order_executed, 31, "Order Executed")                              \
	M('C', ORDER_EXECUTED_PRICE, order_executed_price, 36, "Order Executed with Price")       \
	M('X', ORDER_CANCEL, order_cancel, 23, "Order Cancel")                                    \
	M('D', ORDER_DELETE, order_delete, 19, "Order Delete")                                    \
	M('U', ORDER_REPLACE, order_replace, 35, "Order Replace")                                 \
	M('P', TRADE, trade, 44, "Trade (Non-Cross)")                                             \
	M('Q', CROSS_TRADE, cross_trade, 40, "Cross Trade")                                       \
	M('B', BROKEN_TRADE, broken_trade, 19, "Broken Trade")                                    \
	M('I', NOII, noii, 50, "Net Order Imbalance Indicator")                                   \
	M('N', RPII, rpii, 20, "Retail Price Improvement Indicator")                              \
	M('O', DIRECT_LISTING, direct_listing, 48, "Direct Listing with Capital Raise")

/* F(m, kind, member, offset, code list, title), where m is the message's member name, handed through for
 * those who paste names. Kinds, with what the struct holds: CODE uint8_t    U32 uint32_t    U64 uint64_t E4
 * uint32_t, 1/10000 dollar    E8 uint64_t, 1/100000000 SEC uint32_t, seconds since midnight    NS uint64_t,
 * nanoseconds since midnight A2, A4, A8 char[2], [4], [8]: left-justified, padded with spaces, not
 * NUL-terminated */
#define IX_ITCH_FIELDS_SYSTEM_EVENT(F, m) F(m, CODE, event_code, 11, EVENT, "Event Code")

#define IX_ITCH_FIELDS_STOCK_DIRECTORY(F, m)                                                 \
	F(m, A8, stock, 11, ANY, "Stock")                                                    \
	F(m, CODE, market_category, 19, MARKET_CATEGORY, "Market Category")                  \
	F(m, CODE, financial_status, 20, FINANCIAL_STATUS, "Financial Status Indicator")     \
	F(m, U32, round_lot_size, 21, ANY, "Round Lot Size")                                 \
	F(m, CODE, round_lots_only, 25, YES_NO, "Round Lots Only")                           \
	F(m, CODE, issue_classification, 26, ISSUE_CLASSIFICATION, "Issue Classification")   \
	F(m, A2, issue_subtype, 27, ISSUE_SUBTYPE, "Issue Sub-Type")                         \
	F(m, CODE, authenticity, 29, AUTHENTICITY, "Authenticity")                           \
	F(m, CODE, short_sale_threshold, 30, YES_NO_BLANK, "Short Sale Threshold Indicator") \
	F(m, CODE, ipo_flag, 31, YES_NO_BLANK, "IPO Flag")                                   \
	F(m, CODE, luld_tier, 32, LULD_TIER, "LULD Reference Price Tier")                    \
	F(m, CODE, etp_flag, 33, YES_NO_BLANK, "ETP Flag")                                   \
	F(m, U32, etp_leverage, 34, ANY, "ETP Leverage Factor")                              \
	F(m, CODE, inverse, 38, YES_NO, "Inverse Indicator")

#define IX_ITCH_FIELDS_TRADING_ACTION(F, m)                           \
	F(m, A8, stock, 11, ANY, "Stock")                             \
	F(m, CODE, trading_state, 19, TRADING_STATE, "Trading State") \
	F(m, CODE, reserved, 20, ANY, "Reserved")                     \
	F(m, A4, reason, 21, REASON, "Reason")

#define IX_ITCH_FIELDS_REG_SHO(F, m)      \
	F(m, A8, stock, 11, ANY, "Stock") \
	F(m, CODE, action, 19, REG_SHO_ACTION, "Reg SHO Action")

#define IX_ITCH_FIELDS_PARTICIPANT_POSITION(F, m)                                 \
	F(m, A4, mpid, 11, ANY, "MPID")                                           \
	F(m, A8, stock, 15, ANY, "Stock")                                         \
	F(m, CODE, primary_market_maker, 23, YES_NO, "Primary Market Maker")      \
	F(m, CODE, market_maker_mode, 24, MARKET_MAKER_MODE, "Market Maker Mode") \
	F(m, CODE, state, 25, PARTICIPANT_STATE, "Market Participant State")

#define IX_ITCH_FIELDS_MWCB_LEVELS(F, m)        \
	F(m, E8, level1_e8, 11, ANY, "Level 1") \
	F(m, E8, level2_e8, 19, ANY, "Level 2") \
	F(m, E8, level3_e8, 27, ANY, "Level 3")

#define IX_ITCH_FIELDS_MWCB_STATUS(F, m) F(m, CODE, breached_level, 11, MWCB_LEVEL, "Breached Level")

#define IX_ITCH_FIELDS_IPO_QUOTING(F, m)                                            \
	F(m, A8, stock, 11, ANY, "Stock")                                           \
	F(m, SEC, release_time_s, 19, ANY, "IPO Quotation Release Time")            \
	F(m, CODE, qualifier, 23, IPO_QUALIFIER, "IPO Quotation Release Qualifier") \
	F(m, E4, price_e4, 24, ANY, "IPO Price")

#define IX_ITCH_FIELDS_LULD_COLLAR(F, m)                                  \
	F(m, A8, stock, 11, ANY, "Stock")                                 \
	F(m, E4, reference_e4, 19, ANY, "Auction Collar Reference Price") \
	F(m, E4, upper_e4, 23, ANY, "Upper Auction Collar Price")         \
	F(m, E4, lower_e4, 27, ANY, "Lower Auction Collar Price")         \
	F(m, U32, extension, 31, ANY, "Auction Collar Extension")

#define IX_ITCH_FIELDS_OPERATIONAL_HALT(F, m)              \
	F(m, A8, stock, 11, ANY, "Stock")                  \
	F(m, CODE, market, 19, HALT_MARKET, "Market Code") \
	F(m, CODE, action, 20, HALT_ACTION, "Operational Halt Action")

#define IX_ITCH_FIELDS_ADD_ORDER(F, m)                          \
	F(m, U64, reference, 11, ANY, "Order Reference Number") \
	F(m, CODE, side, 19, SIDE, "Buy/Sell Indicator")        \
	F(m, U32, shares, 20, ANY, "Shares")                    \
	F(m, A8, stock, 24, ANY, "Stock")                       \
	F(m, E4, price_e4, 32, ANY, "Price")

#define IX_ITCH_FIELDS_ADD_ORDER_ATTRIBUTED(F, m) \
	IX_ITCH_FIELDS_ADD_ORDER(F, m)            \
	F(m, A4, attribution, 36, ANY, "Attribution")

#define IX_ITCH_FIELDS_ORDER_EXECUTED(F, m)                     \
	F(m, U64, reference, 11, ANY, "Order Reference Number") \
	F(m, U32, shares, 19, ANY, "Executed Shares")           \
	F(m, U64, match, 23, ANY, "Match Number")

#define IX_ITCH_FIELDS_ORDER_EXECUTED_PRICE(F, m)      \
	IX_ITCH_FIELDS_ORDER_EXECUTED(F, m)            \
	F(m, CODE, printable, 31, YES_NO, "Printable") \
	F(m, E4, price_e4, 32, ANY, "Execution Price")

#define IX_ITCH_FIELDS_ORDER_CANCEL(F, m)                       \
	F(m, U64, reference, 11, ANY, "Order Reference Number") \
	F(m, U32, shares, 19, ANY, "Cancelled Shares")

#define IX_ITCH_FIELDS_ORDER_DELETE(F, m) F(m, U64, reference, 11, ANY, "Order Reference Number")

#define IX_ITCH_FIELDS_ORDER_REPLACE(F, m)                               \
	F(m, U64, reference, 11, ANY, "Original Order Reference Number") \
	F(m, U64, new_reference, 19, ANY, "New Order Reference Number")  \
	F(m, U32, shares, 27, ANY, "Shares")                             \
	F(m, E4, price_e4, 31, ANY, "Price")

#define IX_ITCH_FIELDS_TRADE(F, m)     \
	IX_ITCH_FIELDS_ADD_ORDER(F, m) \
	F(m, U64, match, 36, ANY, "Match Number")

#define IX_ITCH_FIELDS_CROSS_TRADE(F, m)           \
	F(m, U64, shares, 11, ANY, "Shares")       \
	F(m, A8, stock, 19, ANY, "Stock")          \
	F(m, E4, price_e4, 27, ANY, "Cross Price") \
	F(m, U64, match, 31, ANY, "Match Number")  \
	F(m, CODE, cross_type, 39, TRADE_CROSS_TYPE, "Cross Type")

#define IX_ITCH_FIELDS_BROKEN_TRADE(F, m) F(m, U64, match, 11, ANY, "Match Number")

#define IX_ITCH_FIELDS_NOII(F, m)                                             \
	F(m, U64, paired_shares, 11, ANY, "Paired Shares")                    \
	F(m, U64, imbalance_shares, 19, ANY, "Imbalance Shares")              \
	F(m, CODE, direction, 27, IMBALANCE_DIRECTION, "Imbalance Direction") \
	F(m, A8, stock, 28, ANY, "Stock")                                     \
	F(m, E4, far_e4, 36, ANY, "Far Price")                                \
	F(m, E4, near_e4, 40, ANY, "Near Price")                              \
	F(m, E4, reference_e4, 44, ANY, "Current Reference Price")            \
	F(m, CODE, cross_type, 48, NOII_CROSS_TYPE, "Cross Type")             \
	F(m, CODE, price_variation, 49, PRICE_VARIATION, "Price Variation Indicator")

#define IX_ITCH_FIELDS_RPII(F, m)         \
	F(m, A8, stock, 11, ANY, "Stock") \
	F(m, CODE, interest, 19, RPII_INTEREST, "Interest Flag")

#define IX_ITCH_FIELDS_DIRECT_LISTING(F, m)                                 \
	F(m, A8, stock, 11, ANY, "Stock")                                   \
	F(m, CODE, open_eligibility, 19, YES_NO, "Open Eligibility Status") \
	F(m, E4, minimum_e4, 20, ANY, "Minimum Allowable Price")            \
	F(m, E4, maximum_e4, 24, ANY, "Maximum Allowable Price")            \
	F(m, E4, near_e4, 28, ANY, "Near Execution Price")                  \
	F(m, NS, near_time_ns, 32, ANY, "Near Execution Time")              \
	F(m, E4, lower_collar_e4, 40, ANY, "Lower Price Range Collar")      \
	F(m, E4, upper_collar_e4, 44, ANY, "Upper Price Range Collar")

#endif
