/* The descriptor of `inox trade`: its verbs as tables. What they do is in cmd_*.c, how in the rooms below
 * this folder. */
#include "cmd.h"

#define FILES                                                                                            \
	"ITCH 5.0 as BinaryFILE (plain, gzip, zstd or xz), or a capture (pcap, pcapng) of MoldUDP64 or " \
	"SoupBinTCP; - is stdin"

static const ix_operand file_operands[] = {
	{.name = "FILE", .is_file = true, .help = FILES},
	{.name = "FILE-B",
		.is_file = true,
		.optional = true,
		.help = "the capture of line B: what A lost, B fills in"},
	{0},
};

#define REREQUEST_OPTION                                                                              \
	{.name = "rerequest",                                                                         \
		.kind = IX_OPTION_FILE,                                                               \
		.value = "FILE",                                                                      \
		.help = "captures: answer re-requests for what the lines lost from this file, as an " \
			"exchange's "                                                                 \
			"server would"}
#define STRICT_OPTION                   \
	{.name = "strict",              \
		.kind = IX_OPTION_FLAG, \
		.help = "stop at the first fault of the feed: unknown type or order, over-execution"}

static const ix_option stat_options[] = {
	{.name = "deepest",
		.letter = 'n',
		.kind = IX_OPTION_INTEGER,
		.value = "N",
		.fallback = "5",
		.minimum = 0,
		.maximum = 65535,
		.help = "show the N deepest books at the end of the day"},
	{.name = "no-books",
		.kind = IX_OPTION_FLAG,
		.help = "count messages only, build no books; not with --deepest"},
	REREQUEST_OPTION,
	STRICT_OPTION,
	{0},
};
static const ix_example stat_examples[] = {
	{"inox trade stat day.itch.xz", "what the day held, its deepest books, the speed"},
	{"inox trade stat lineA.pcap lineB.pcap",
		"the same from a capture of both lines, with the gaps of each"},
	{"inox trade gen --day | inox trade stat - --json", "as JSON, from a pipe"},
	{0},
};

static const ix_option book_options[] = {
	{.name = "symbol",
		.letter = 's',
		.kind = IX_OPTION_TEXT,
		.value = "S",
		.help = "the stock; without it, every stock of the day"},
	{.name = "at",
		.kind = IX_OPTION_TEXT,
		.value = "TIME",
		.help = "as of this time of day, HH:MM[:SS[.fraction]]; without it, at the end"},
	{.name = "after",
		.kind = IX_OPTION_INTEGER,
		.value = "N",
		.minimum = 1,
		.maximum = INT64_MAX,
		.help = "as of after N messages"},
	{.name = "depth",
		.letter = 'd',
		.kind = IX_OPTION_INTEGER,
		.value = "N",
		.fallback = "10",
		.minimum = 1,
		.maximum = 10000,
		.help = "levels a side; with --symbol, --json or --csv"},
	REREQUEST_OPTION,
	STRICT_OPTION,
	{0},
};
static const ix_example book_examples[] = {
	{"inox trade book day.itch --symbol ABC", "the ladder of ABC at the end of the day"},
	{"inox trade book day.itch -s ABC --at 09:30 -d 5", "five levels a side at the opening bell"},
	{"inox trade book day.itch --after 20000 --csv", "every book after 20,000 messages"},
	{0},
};

static const ix_option convert_options[] = {
	{.name = "to",
		.kind = IX_OPTION_CHOICE,
		.value = "FORMAT",
		.choices = "csv|itch|pcap",
		.required = true,
		.help = "what to write"},
	{.name = "out",
		.letter = 'o',
		.kind = IX_OPTION_FILE,
		.value = "FILE",
		.fallback = "-",
		.help = "where to; compressed if the name ends in .gz, .zst or .xz"},
	{.name = "mold",
		.kind = IX_OPTION_FLAG,
		.help = "pcap: as MoldUDP64 packets of many messages, not a datagram a message"},
	{.name = "type",
		.kind = IX_OPTION_TEXT,
		.value = "T",
		.help = "csv: only messages of this type, with its own columns"},
	{.name = "session",
		.kind = IX_OPTION_TEXT,
		.value = "NAME",
		.fallback = "INOX",
		.help = "pcap --mold: the session, at most 10 characters"},
	{.name = "date",
		.kind = IX_OPTION_TEXT,
		.value = "DATE",
		.fallback = "1970-01-01",
		.help = "pcap: the day whose midnight time stamps count from, YYYY-MM-DD"},
	REREQUEST_OPTION,
	{0},
};
static const ix_example convert_examples[] = {
	{"inox trade convert day.itch.gz --to csv --type P -o trades.csv", "all non-cross trades"},
	{"inox trade convert lineA.pcap lineB.pcap --to itch -o day.itch.zst",
		"one gapless day out of two lossy lines"},
	{"inox trade convert day.itch --to pcap --mold -o day.pcap",
		"a capture, for tools that read packets"},
	{0},
};

static const ix_option gen_options[] = {
	{.name = "day",
		.kind = IX_OPTION_FLAG,
		.help = "a whole trading day, from start to end of messages (the default)"},
	{.name = "rate",
		.letter = 'r',
		.kind = IX_OPTION_INTEGER,
		.value = "R",
		.minimum = 1,
		.maximum = 50000000,
		.help = "an open-loop stream instead: Poisson arrivals at R messages a second"},
	{.name = "live",
		.kind = IX_OPTION_FLAG,
		.help = "with --rate: write in real time; a slow reader does not slow the arrivals down, it "
			"finds them waiting"},
	{.name = "protocol",
		.kind = IX_OPTION_CHOICE,
		.value = "P",
		.choices = "itch|ouch",
		.fallback = "itch",
		.help = "itch: the feed; ouch: orders for it, as a SoupBinTCP client sends them"},
	{.name = "symbols",
		.kind = IX_OPTION_INTEGER,
		.value = "N",
		.fallback = "64",
		.minimum = 1,
		.maximum = 20000,
		.help = "stocks"},
	{.name = "messages",
		.kind = IX_OPTION_INTEGER,
		.value = "N",
		.fallback = "1000000",
		.minimum = 1,
		.maximum = INT64_C(1000000000000),
		.help = "messages, met exactly; at least 24 a stock and 100"},
	{.name = "seed",
		.kind = IX_OPTION_INTEGER,
		.value = "S",
		.fallback = "1",
		.minimum = 0,
		.maximum = INT64_MAX,
		.help = "the same seed gives the same bytes on every machine"},
	{.name = "out",
		.letter = 'o',
		.kind = IX_OPTION_FILE,
		.value = "FILE",
		.fallback = "-",
		.help = "where to; compressed if the name ends in .gz, .zst or .xz"},
	{0},
};
static const ix_example gen_examples[] = {
	{"inox trade gen --day --seed 7 --symbols 500 -o day.itch.zst", "a day of 500 stocks"},
	{"inox trade gen --rate 200000 --live | inox trade stat -", "a live stream, read as it comes"},
	{0},
};

static const ix_option run_options[] = {
	{.name = "feed",
		.letter = 'f',
		.kind = IX_OPTION_FILE,
		.value = "FEED",
		.required = true,
		.help = "itch-file:FILE, pcap:FILE[,FILE-B], or just a file: what is in it decides; - is "
			"stdin"},
	{.name = "strategy",
		.letter = 's',
		.kind = IX_OPTION_TEXT,
		.value = "NAME|LIB.so",
		.fallback = "maker",
		.help = "maker, ofi, or the path of a shared object"},
	{.name = "set",
		.kind = IX_OPTION_TEXT,
		.value = "NAME=VALUE",
		.many = true,
		.help = "a parameter of the strategy"},
	{.name = "risk",
		.kind = IX_OPTION_FILE,
		.value = "FILE",
		.help = "the limits that every order must pass; without it, a small desk's"},
	{.name = "session",
		.kind = IX_OPTION_TEXT,
		.value = "NAME",
		.fallback = "auto",
		.help = "the session of the limits that the orders come from"},
	{.name = "exec",
		.kind = IX_OPTION_CHOICE,
		.value = "VENUE",
		.choices = "paper",
		.fallback = "paper",
		.help = "where orders go: on paper, matched against the feed's orders"},
	{.name = "latency",
		.kind = IX_OPTION_DURATION,
		.value = "TIME",
		.fallback = "20us",
		.minimum = 1,
		.maximum = INT64_C(60000000000),
		.help = "market time from an order being sent to the venue taking it"},
	{.name = "audit",
		.letter = 'a',
		.kind = IX_OPTION_DIRECTORY,
		.value = "DIR",
		.help = "keep an audit trail in this new directory"},
	{.name = "durable",
		.kind = IX_OPTION_FLAG,
		.help = "sync an order's record to the disk before the venue takes it"},
	{.name = "drop-copy",
		.kind = IX_OPTION_FILE,
		.value = "FILE",
		.help = "write what the venue answers into this new file, as it answers, in SoupBinTCP "
			"packets"},
	{.name = "html", .kind = IX_OPTION_FILE, .value = "FILE", .help = "write a report for a browser"},
	{.name = "rate",
		.letter = 'r',
		.kind = IX_OPTION_INTEGER,
		.value = "R",
		.minimum = 1,
		.maximum = 50000000,
		.help = "open loop: R messages a second arrive, whether or not the engine keeps up"},
	{.name = "messages",
		.kind = IX_OPTION_INTEGER,
		.value = "N",
		.minimum = 1,
		.maximum = INT64_MAX,
		.help = "stop after N messages"},
	{.name = "symbols",
		.kind = IX_OPTION_INTEGER,
		.value = "N",
		.fallback = "4096",
		.minimum = 1,
		.maximum = 16384,
		.help = "the highest symbol number that can be traded"},
	{.name = "staged",
		.kind = IX_OPTION_FLAG,
		.help = "read the feed on a thread of its own, ahead of trading"},
	{.name = "pin",
		.kind = IX_OPTION_TEXT,
		.value = "CORES",
		.help = "pin the threads to cores: trading[,trail[,reader]]"},
	{.name = "busy-poll", .kind = IX_OPTION_FLAG, .help = "threads that wait never sleep"},
	{.name = "latency-alert",
		.kind = IX_OPTION_DURATION,
		.value = "TIME",
		.fallback = "100us",
		.minimum = 1,
		.maximum = INT64_C(60000000000),
		.help = "tell when a tick to trade took longer"},
	{.name = "loss-alert",
		.kind = IX_OPTION_INTEGER,
		.value = "MONEY",
		.minimum = 1,
		.maximum = INT64_C(100000000000),
		.help = "tell when more than this has been lost"},
	{0},
};
static const ix_example run_examples[] = {
	{"inox trade run --feed day.itch.xz", "the market maker through a day, on paper"},
	{"inox trade run -f day.itch -s ofi --set threshold_e3=2000 --html report.html",
		"another strategy, tuned, with a report"},
	{"inox trade run -f pcap:lineA.pcap,lineB.pcap --audit trail --durable",
		"from two captured lines, every decision on the disk first"},
	{0},
};

static const ix_option replay_options[] = {
	{.name = "audit",
		.letter = 'a',
		.kind = IX_OPTION_DIRECTORY,
		.value = "DIR",
		.required = true,
		.help = "the trail of a run"},
	{.name = "verify", .kind = IX_OPTION_FLAG, .help = "first check the whole trail's hash chain"},
	{.name = "strategy",
		.letter = 's',
		.kind = IX_OPTION_FILE,
		.value = "LIB.so",
		.help = "the shared object that ran, where one did: a trail alone never makes code run"},
	{0},
};
static const ix_example replay_examples[] = {
	{"inox trade replay --audit trail --verify", "every decision once more, compared byte for byte"},
	{0}};

static const ix_operand bench_operands[] = {
	{.name = "WHAT",
		.choices = "parse|book|match|tick2trade",
		.help = "parse: read every field of every message; book: build all books; match: the day's "
			"orders through the matching engine; tick2trade: the market maker through the day"},
	{.name = "FILE",
		.is_file = true,
		.help = "BinaryFILE, plain or compressed; it is unpacked into memory first"},
	{0},
};
static const ix_option bench_options[] = {
	{.name = "runs",
		.kind = IX_OPTION_INTEGER,
		.value = "N",
		.fallback = "7",
		.minimum = 1,
		.maximum = 1000,
		.help = "how often; median and best are shown"},
	{0},
};
static const ix_example bench_examples[] = {
	{"inox trade bench book day.itch", "messages a second into full order books"}, {0}};

static const ix_verb verbs[] = {
	{.name = "stat",
		.summary = "Count what a day of market data held and rebuild its books",
		.options = stat_options,
		.operands = file_operands,
		.examples = stat_examples,
		.has_json = true,
		.run = ix_trade_cmd_stat,
		.description = "Reads a day of messages, counts them by type, rebuilds the order books of "
			       "all stocks, and reports the market's events, the deepest books, "
			       "the faults of the feed, the gaps of each line of a capture, and the speed. "
			       "Exits with 1 when messages were lost or the feed had faults."},
	{.name = "book",
		.summary = "Show the order books at any moment of a day",
		.options = book_options,
		.operands = file_operands,
		.examples = book_examples,
		.has_json = true,
		.has_csv = true,
		.run = ix_trade_cmd_book,
		.description = "Rebuilds the books up to a moment, and shows one stock's levels (price, "
			       "shares, number of orders), or every stock's. When messages were lost up to "
			       "there or the feed had faults, says so in a line on stderr and exits with 1: "
			       "the books may be wrong."},
	{.name = "convert",
		.summary = "Turn market data into CSV, BinaryFILE or a capture",
		.options = convert_options,
		.operands = file_operands,
		.examples = convert_examples,
		.run = ix_trade_cmd_convert,
		.description = "Writes the messages in sequence, each once. A gap that no line fills is an "
			       "error: nothing is written."},
	{.name = "gen",
		.summary = "Generate a valid trading day, or a stream at a rate, from a seed",
		.options = gen_options,
		.examples = gen_examples,
		.run = ix_trade_cmd_gen,
		.description =
			"Writes ITCH 5.0 in BinaryFILE framing (or OUCH 5.0 in SoupBinTCP packets). Every "
			"reference lives, executions respect price and time priority, no book is "
			"crossed, and all 23 message types occur in a day of some length."},
	{.name = "run",
		.summary = "Run a trading strategy through a day, on paper",
		.options = run_options,
		.examples = run_examples,
		.has_json = true,
		.run = ix_trade_cmd_run,
		.description =
			"Feed, books, strategy, risk checks, order bytes, a venue on paper and back: each "
			"message to its end before the next, on one core, or with the feed's reading "
			"and the trail's writing on threads of their own. On a terminal a line shows "
			"rate, books, orders, fills, profit and the latency from tick to trade (p50 / "
			"p99 / max); a report follows. The same feed and settings give the same "
			"orders, fills and profit to the bit. SIGINT and SIGTERM end a run in order. "
			"Exits with 1 when messages of the feed were lost."},
	{.name = "replay",
		.summary = "Replay an audit trail and compare every decision",
		.options = replay_options,
		.examples = replay_examples,
		.has_json = true,
		.run = ix_trade_cmd_replay,
		.description =
			"Builds the engine from the trail's plan, feeds it what the run was fed, and holds "
			"each decision, answer and sum against the record, byte for byte. Exits with 1 "
			"at the first difference. A trail that a crash cut off is replayed as far as it "
			"goes."},
	{.name = "bench",
		.summary = "Measure parsing, books, matching and trading on a file",
		.options = bench_options,
		.operands = bench_operands,
		.examples = bench_examples,
		.has_json = true,
		.run = ix_trade_cmd_bench},
	{0},
};

const ix_room ix_room_trade = {
	.name = "trade",
	.sector = "Finance",
	.title = "Market data and trading",
	.summary = "Read market data, rebuild order books, replay and generate trading days",
	.description = "Nasdaq TotalView-ITCH 5.0 from files and captures, through MoldUDP64 line "
		       "arbitration or SoupBinTCP, into the order books of every stock of the day.",
	.verbs = verbs,
	.tour = ix_trade_tour,
};
