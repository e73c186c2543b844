/* ouch_samples.h - one message of each type of OUCH 5.0, written down field by field from the specification's
 * tables, and what its fields say. Sizes and offsets here do not come from the code under test. */
#ifndef FEED_TESTS_OUCH_SAMPLES_H
#define FEED_TESTS_OUCH_SAMPLES_H

#include <inox/ouch.h>

typedef struct ouch_sample {
	ix_ouch_direction direction;
	const char *bytes; /* without an appendage */
	size_t size;
	const char *says; /* name=value of the fields, in order */
} ouch_sample;

/* 09:30:00.000000123 in nanoseconds since midnight: 34200000000123 = 0x1F1ACED9F07B. */
#define SAMPLE_TIME "\x00\x00\x1f\x1a\xce\xd9\xf0\x7b"
#define SAMPLE_ID   "ID-0123456789A"

static const ouch_sample ouch_samples[] = {
	{IX_OUCH_IN,
		"O"
		"\x01\x02\x03\x04"
		"B"
		"\0\0\0\x64"
		"AAPL    "
		"\0\0\0\0\0\x16\xf0\xa8"
		"0"
		"Y"
		"A"
		"N"
		"C" SAMPLE_ID,
		45,
		"user_ref_num=16909060 side=B quantity=100 symbol=AAPL price_e4=150.3400 time_in_force=0 "
		"display=Y capacity=A "
		"intermarket_sweep=N cross_type=C client_order_id=ID-0123456789A"},
	{IX_OUCH_IN,
		"U"
		"\0\0\0\x01"
		"\0\0\0\x02"
		"\0\0\x01\xf4"
		"\0\0\0\0\0\x16\xf1\x0c"
		"6"
		"A"
		"Y" SAMPLE_ID,
		38,
		"original_user_ref_num=1 user_ref_num=2 quantity=500 price_e4=150.3500 time_in_force=6 "
		"display=A "
		"intermarket_sweep=Y client_order_id=ID-0123456789A"},
	{IX_OUCH_IN,
		"X"
		"\0\0\0\x4d"
		"\0\0\0\x19",
		9, "user_ref_num=77 quantity=25"},
	{IX_OUCH_IN,
		"M"
		"\0\0\0\x03"
		"T"
		"\0\0\0\x32",
		10, "user_ref_num=3 side=T quantity=50"},
	{IX_OUCH_IN,
		"C"
		"\0\0\0\x0a"
		"FIRM"
		"MSFT    ",
		17, "user_ref_num=10 firm=FIRM symbol=MSFT"},
	{IX_OUCH_IN,
		"D"
		"\0\0\0\x0b"
		"FRMA",
		9, "user_ref_num=11 firm=FRMA"},
	{IX_OUCH_IN,
		"E"
		"\0\0\0\x0c"
		"FRMB",
		9, "user_ref_num=12 firm=FRMB"},
	{IX_OUCH_IN, "Q", 1, ""},

	{IX_OUCH_OUT, "S" SAMPLE_TIME "E", 10, "event_code=E"},
	{IX_OUCH_OUT,
		"A" SAMPLE_TIME "\0\0\0\x01"
		"E"
		"\0\0\0\x64"
		"BRK A   "
		"\0\0\0\0\x7f\xff\xff\xff"
		"3"
		"Z"
		"\0\0\0\0\x07\x5b\xcd\x15"
		"P"
		"Y"
		"O"
		"L" SAMPLE_ID,
		62,
		"user_ref_num=1 side=E quantity=100 symbol=BRK A price_e4=214748.3647 time_in_force=3 "
		"display=Z "
		"reference=123456789 capacity=P intermarket_sweep=Y cross_type=O order_state=L "
		"client_order_id=ID-0123456789A"},
	{IX_OUCH_OUT,
		"U" SAMPLE_TIME "\0\0\0\x01"
		"\0\0\0\x02"
		"S"
		"\0\0\x01\x90"
		"MSFT    "
		"\0\0\0\0\0\x3d\x09\x00"
		"5"
		"N"
		"\0\0\0\0\x07\x5b\xcd\x16"
		"R"
		"N"
		"H"
		"D" SAMPLE_ID,
		66,
		"original_user_ref_num=1 user_ref_num=2 side=S quantity=400 symbol=MSFT price_e4=400.0000 "
		"time_in_force=5 display=N "
		"reference=123456790 capacity=R intermarket_sweep=N cross_type=H order_state=D "
		"client_order_id=ID-0123456789A"},
	{IX_OUCH_OUT,
		"C" SAMPLE_TIME "\0\0\0\x02"
		"\0\0\0\x64"
		"U",
		18, "user_ref_num=2 quantity=100 reason=U"},
	{IX_OUCH_OUT,
		"D" SAMPLE_TIME "\0\0\0\x04"
		"\0\0\0\x64"
		"Q"
		"\0\0\0\x3c"
		"\0\0\0\0\0\x16\xf0\xa8"
		"R"
		"O",
		32,
		"user_ref_num=4 decrement_shares=100 reason=Q quantity_prevented=60 price_e4=150.3400 "
		"liquidity_flag=R aiq_strategy=O"},
	{IX_OUCH_OUT,
		"E" SAMPLE_TIME "\0\0\0\x01"
		"\0\0\0\x64"
		"\0\0\0\0\0\x16\xf0\xa8"
		"A"
		"\0\0\0\0\x3a\xde\x68\xb1",
		34, "user_ref_num=1 quantity=100 price_e4=150.3400 liquidity_flag=A match=987654321"},
	{IX_OUCH_OUT,
		"B" SAMPLE_TIME "\0\0\0\x01"
		"\0\0\0\0\x3a\xde\x68\xb1"
		"E" SAMPLE_ID,
		36, "user_ref_num=1 match=987654321 reason=E client_order_id=ID-0123456789A"},
	{IX_OUCH_OUT,
		"F" SAMPLE_TIME "\0\0\0\x01"
		"\0\0\0\x64"
		"\0\0\0\0\0\x16\xf1\x0c"
		"A"
		"\0\0\0\0\x3a\xde\x68\xb1"
		"N" SAMPLE_ID,
		49,
		"user_ref_num=1 quantity=100 price_e4=150.3500 liquidity_flag=A match=987654321 reason=N "
		"client_order_id=ID-0123456789A"},
	{IX_OUCH_OUT,
		"J" SAMPLE_TIME "\0\0\0\x09"
		"\0\x1d" SAMPLE_ID,
		29, "user_ref_num=9 reason=29 client_order_id=ID-0123456789A"},
	{IX_OUCH_OUT, "P" SAMPLE_TIME "\0\0\0\x05", 13, "user_ref_num=5"},
	{IX_OUCH_OUT, "I" SAMPLE_TIME "\0\0\0\x06", 13, "user_ref_num=6"},
	{IX_OUCH_OUT,
		"T" SAMPLE_TIME "\0\0\0\x07"
		"\0\0\0\0\0\x16\xf0\x44"
		"Y"
		"\0\0\0\0\0\0\x02\x2b",
		30, "user_ref_num=7 price_e4=150.3300 display=Y reference=555"},
	{IX_OUCH_OUT,
		"M" SAMPLE_TIME "\0\0\0\x03"
		"E"
		"\0\0\0\x32",
		18, "user_ref_num=3 side=E quantity=50"},
	{IX_OUCH_OUT,
		"R" SAMPLE_TIME "\0\0\0\x08"
		"P",
		14, "user_ref_num=8 reason=P"},
	{IX_OUCH_OUT,
		"X" SAMPLE_TIME "\0\0\0\x0a"
		"FIRM"
		"MSFT    ",
		25, "user_ref_num=10 firm=FIRM symbol=MSFT"},
	{IX_OUCH_OUT,
		"G" SAMPLE_TIME "\0\0\0\x0b"
		"FRMA",
		17, "user_ref_num=11 firm=FRMA"},
	{IX_OUCH_OUT,
		"K" SAMPLE_TIME "\0\0\0\x0c"
		"FRMB",
		17, "user_ref_num=12 firm=FRMB"},
	{IX_OUCH_OUT, "Q" SAMPLE_TIME "\0\0\0\x0d", 13, "next_user_ref_num=13"},
};

/* One tag of each number: length, number, value; and what it says. */
static const struct {
	const char *bytes;
	size_t size;
	const char *says;
} ouch_tag_samples[] = {
	{"\x09\x01\x01\x02\x03\x04\x05\x06\x07\x08", 10, "SecondaryOrdRefNum=72623859790382856"},
	{"\x05\x02"
	 "LIME",
		6, "Firm=LIME"},
	{"\x05\x03\0\0\0\xc8", 6, "MinQty=200"},
	{"\x02\x04R", 3, "CustomerType=R"},
	{"\x05\x05\0\0\0\x64", 6, "MaxFloor=100"},
	{"\x02\x06M", 3, "PriceType=M"},
	{"\x05\x07\xff\xff\xff\x9c", 6, "PegOffset=-0.0100"},
	{"\x09\x09\0\0\0\0\0\x16\xe3\x60", 10, "DiscretionPrice=150.0000"},
	{"\x02\x0aP", 3, "DiscretionPriceType=P"},
	{"\x05\x0b\x80\0\0\0", 6, "DiscretionPegOffset=-214748.3648"},
	{"\x02\x0cP", 3, "PostOnly=P"},
	{"\x05\x0d\0\0\x01\x2c", 6, "RandomReserves=300"},
	{"\x05\x0e"
	 "RTE1",
		6, "Route=RTE1"},
	{"\x05\x0f\0\0\x0e\x10", 6, "ExpireTime=3600"},
	{"\x02\x10Y", 3, "TradeNow=Y"},
	{"\x02\x11I", 3, "HandleInst=I"},
	{"\x02\x12"
	 "2",
		3, "BBOWeightIndicator=2"},
	{"\x09\x13\0\0\0\0\0\x0f\x42\x40", 10, "ReferencePrice=100.0000"},
	{"\x02\x14I", 3, "ReferencePriceType=I"},
	{"\x05\x16\0\0\0\x64", 6, "DisplayQuantity=100"},
	{"\x09\x17\0\0\0\0\0\x16\xf0\xa8", 10, "DisplayPrice=150.3400"},
	{"\x03\x18\x02\x01", 4, "GroupID=513"},
	{"\x02\x19Y", 3, "SharesLocated=Y"},
	{"\x05\x1aLCTB", 6, "LocateBroker=LCTB"},
	{"\x02\x1bT", 3, "Side=T"},
	{"\x02\x1c\x05", 3, "UserRefIdx=5"},
	{"\x02\x1dO", 3, "AIQStrategy=O"},
	{"\x03\x1e"
	 "AB",
		4, "AIQGroupID=AB"},
};

#endif
