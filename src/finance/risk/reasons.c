/* reasons.c - the names of reasons. */
#include <inox/risk.h>

static const struct {
	const char *name, *text;
} reasons[IX_RISK_REASON_COUNT] = {
	{"OrderTooLarge", "the order has more shares than an order may have"},
	{"PositionLimitExceeded", "with all open orders filled, the position would be over its limit"},
	{"ConcentrationTooHigh", "too much of the capital, or of a day's volume, would be in one symbol"},
	{"DailyLossLimitExceeded", "the day's loss is over its limit"},
	{"DrawdownLimitExceeded", "the fall from the day's best is over its limit"},
	{"OrderValueTooLarge", "the order's value is over that of an order"},
	{"BuyingPowerExceeded", "the order takes more than there is to buy with"},
	{"OpenNotionalExceeded", "the value of all open orders would be over its limit"},
	{"GrossNotionalExceeded", "the value of positions and open orders would be over its limit"},
	{"TooManyOpenOrders", "there are as many open orders as there may be"},
	{"CollarLast", "the price is too far through the last one"},
	{"CollarNbbo", "the price is too far through the best one of the other side"},
	{"CollarReference", "the price is too far through the reference"},
	{"OutsideLuldBand", "the price is outside of the limit-up limit-down band"},
	{"NotALot", "the quantity is no multiple of the lot"},
	{"NotATick", "the price is no multiple of the tick"},
	{"PriceTooLow", "the price is below the least that is allowed"},
	{"MarketOrderBlocked", "orders without a price are not allowed"},
	{"StaleReference", "there is no price to hold the order against, or it is too old"},
	{"DuplicateOrder", "the same order was sent a moment ago"},
	{"MessageRateExceeded", "too many messages in this time"},
	{"OrderToTradeRatioExceeded", "too many orders for the trades of the day"},
	{"RepeatedExecution", "the session was filled in this symbol too often in this time"},
	{"RestrictedSymbol", "the symbol is on a restricted list"},
	{"LocateRequired", "a short sale needs shares that were located"},
	{"ShortSaleRestricted", "short sales are allowed above the best bid only"},
	{"SymbolHalted", "the symbol is halted"},
	{"OutsideHours", "orders are not sent at this time"},
	{"SelfMatch", "the order could trade with a resting one of ours"},
	{"Killed", "a kill switch is thrown"},
	{"InvalidOrder", "side, quantity, price, session or symbol are not those of an order"},
	{"ValueOutOfRange", "quantity, price or value are beyond what is computed with"},
	{"DuplicateId", "an order of this id is open"},
	{"UnknownOrder", "there is no order of this id to replace"},
	{"EngineFull", "there is no room for another order or position"},
	{"JournalFull", "events wait for the disk, and there is no room for more"},
};

const char *ix_risk_reason_name(unsigned bit) {
	return bit < IX_RISK_REASON_COUNT ? reasons[bit].name : NULL;
}
const char *ix_risk_reason_text(unsigned bit) {
	return bit < IX_RISK_REASON_COUNT ? reasons[bit].text : NULL;
}

int ix_risk_reason_find(ix_str name) {
	for (int i = 0; i < IX_RISK_REASON_COUNT; i++) {
		if (ix_str_equal(name, ix_str_from(reasons[i].name))) return i;
	}
	return -1;
}
