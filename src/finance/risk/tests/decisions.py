#!/usr/bin/env python3
"""Writes decisions.csv: situations, an order, and what a risk engine has to say to it.

The verdicts come from the model below, which knows the rules as docs/risk.md states them and nothing of the engine: lists of limits that
are gone through one after the other, whole numbers, no tables, no shortcuts. Run it in this folder; the file must not change.

A row: name; limits (LEVEL[/SYMBOL] DIRECTIVE, parted by |); instrument; market; what happened before (parted by |); the order; rejects; warnings.
Money in ten-thousandths inside, as decimals in the file. Sessions S1, S2 are trader T's of account A, S3 is trader U's of account B."""
import csv
import sys

E4 = 10000
DAY = 86400 * 10**9
NOON = 1_798_588_800 * 10**9 + 12 * 3600 * 10**9  # some day at 12:00:00 UTC
assert (NOON % DAY) == 12 * 3600 * 10**9
PRICE_MAX, QUANTITY_MAX, VALUE_MAX = 1 << 42, 1 << 40, 1 << 56
PATHS = {'S1': ['F', 'D', 'A', 'T', 'S1'], 'S2': ['F', 'D', 'A', 'T', 'S2'], 'S3': ['F', 'D', 'B', 'U', 'S3']}
UNITS = {'ns': 1, 'us': 10**3, 'ms': 10**6, 's': 10**9, 'm': 60 * 10**9, 'h': 3600 * 10**9, 'd': DAY}


def money(text):
    whole, _, part = text.partition('.')
    sign = -1 if whole.startswith('-') else 1
    return sign * (abs(int(whole)) * E4 + int((part + '0000')[:4]))


def duration(text):
    unit = text.lstrip('0123456789')
    return int(text[:len(text) - len(unit)]) * UNITS[unit]


def percent(text):
    whole, _, part = text.rstrip('%').partition('.')
    return int(whole) * 10000 + int((part + '0000')[:4])


def rate(text):
    count, _, period = text.partition('/')
    return int(count), duration(period if period[0].isdigit() else '1' + period)


def time_of_day(text):
    parts = [int(p) for p in text.split(':')] + [0]
    return (parts[0] * 3600 + parts[1] * 60 + parts[2]) * 10**9


READ = {'order-shares': int, 'order-notional': money, 'collar-last': money, 'collar-last-percent': percent, 'collar-nbbo': money,
        'collar-nbbo-percent': percent, 'collar-reference': money, 'collar-reference-percent': percent, 'quote-age': duration,
        'price-min': money, 'duplicate-window': duration, 'position-long': int, 'position-short': int, 'position-gross': int,
        'concentration': percent, 'volume-share': percent, 'open-orders': int, 'open-notional': money, 'gross-notional': money,
        'buying-power': money, 'daily-loss': money, 'drawdown': money, 'order-to-trade': int, 'message-rate': rate, 'repeat-rate': rate}


class Bucket:
    """As many tokens as the rate says, which come back evenly; a token that is not there is not taken."""

    def __init__(self, limit):
        self.count, self.period = limit
        self.taken = []  # for each token in use, when it is back: one after the other, a step apart
        self.step = -(-self.period // self.count)

    def in_use(self, now):
        self.taken = [t for t in self.taken if t > now]
        return len(self.taken)

    def put(self, now):
        last = self.taken[-1] if self.taken else now
        self.taken.append(max(last, now) + self.step)


class World:
    def __init__(self, limits, instrument, market):
        self.limits = []  # (level, of the symbol alone, name, hard, soft)
        self.capital, self.flags, self.self_match = {}, [], []
        self.now = self.latest = NOON
        self.buckets, self.repeats = {}, {}
        for item in filter(None, limits.split('|')):
            self.take_limit(item.strip())
        self.lot, self.tick, self.tick_low, self.adv, self.etb = 1, 100, 1, 0, False
        self.reference, self.ssr_always = 0, False
        for item in instrument.split():
            name, _, value = item.partition('=')
            if name == 'lot': self.lot = int(value)
            elif name == 'tick': self.tick = money(value)
            elif name == 'tick-below-one': self.tick_low = money(value)
            elif name == 'average-volume': self.adv = int(value)
            elif name == 'reference': self.reference = money(value)
            elif name == 'easy-to-borrow': self.etb = True
            elif name == 'short-sale-restricted': self.ssr_always = True
        self.market, self.market_time, self.mark = {}, None, None
        self.orders, self.position, self.pnl, self.best = {}, {}, {}, {}
        self.order_count, self.trades, self.killed, self.recent = {}, {}, set(), {}
        self.take_market(market)

    def take_limit(self, item):
        where, name, *values = item.split()
        level, _, symbol = where.partition('/')
        if symbol not in ('', 'ABC'):
            return
        if name == 'capital':
            self.capital[level] = money(values[0])
        elif name == 'self-match':
            self.self_match.append((level, values[0]))
        elif name in ('no-market-orders', 'locate-required', 'long-only', 'restricted'):
            if name == 'restricted' and values and 'ABC' not in values:
                return
            self.flags.append((level, name))
        elif name == 'hours':
            self.flags.append((level, name, time_of_day(values[0]), time_of_day(values[1])))
        else:
            hard = soft = None
            for value in values:
                if value.startswith('soft='):
                    soft = READ[name](value[5:])
                else:
                    hard = READ[name](value)
            self.limits.append((level, name, hard, soft))
            for kind, value in (('hard', hard), ('soft', soft)):
                if value and name == 'message-rate':
                    self.buckets[level, kind] = Bucket(value)

    def take_market(self, text):
        if text == 'none':
            return
        values = dict(item.partition('=')[::2] for item in text.split())
        age = duration(values.pop('age', '0s'))
        self.market = {k: money(v) if v else True for k, v in values.items()}
        self.market_time = self.now - age
        if self.market.get('ref'):
            self.reference = self.market['ref']
        mark = self.market.get('last') or (
            (self.market['bid'] + self.market['ask']) // 2 if self.market.get('bid') and self.market.get('ask') else self.reference)
        if mark:
            self.revalue(mark)

    def revalue(self, mark):
        if self.mark is not None:
            for session, shares in self.position.items():
                for level in PATHS[session]:
                    self.pnl[level] = self.pnl.get(level, 0) + shares * (mark - self.mark)
        self.mark = mark
        self.settle()

    def settle(self):
        for level, pnl in self.pnl.items():
            self.best[level] = max(self.best.get(level, 0), pnl)
        for level, name, hard, _ in self.limits:
            pnl = self.pnl.get(level, 0)
            if hard is None: continue
            if name == 'daily-loss' and -pnl > hard or name == 'drawdown' and self.best.get(level, 0) - pnl > hard:
                self.killed.add(level)

    # what a level holds: sums over the sessions below it
    def sessions_of(self, level):
        return [s for s in PATHS if level in PATHS[s]]

    def held(self, level):
        return sum(self.position.get(s, 0) for s in self.sessions_of(level))

    def open_of(self, level):
        return [o for (s, _), o in self.orders.items() if s in self.sessions_of(level)]

    def value_of(self, o):
        return o['quantity'] * o['reserve']

    def pass_time(self, at):
        self.now = at
        self.latest = max(self.latest, at)

    def happen(self, text):
        word, *rest = text.split()
        if word in PATHS:
            rejects, _ = self.check(text)
            assert not rejects, (text, rejects)
        elif word == 'try':
            self.check(' '.join(rest))
        elif word == 'wait': self.pass_time(self.now + duration(rest[0]))
        elif word == 'back': self.pass_time(self.now - duration(rest[0]))
        elif word == 'market': self.take_market(' '.join(rest))
        elif word == 'kill': self.killed.add(rest[1])
        elif word == 'fill': self.fill(rest[0], int(rest[1]), int(rest[2]), money(rest[3]))
        elif word == 'cancel':
            key = rest[0], int(rest[1])
            self.orders[key]['quantity'] -= int(rest[2]) if len(rest) > 2 else self.orders[key]['quantity']
            if self.orders[key]['quantity'] <= 0: del self.orders[key]
        elif word == 'reject': del self.orders[rest[0], int(rest[1])]
        elif word == 'adjust': self.come(rest[0], int(rest[1]), money(rest[2]))
        else: raise ValueError(text)

    def come(self, session, shares, price):
        if self.mark is None: self.mark = price
        self.position[session] = self.position.get(session, 0) + shares
        for level in PATHS[session]:
            self.pnl[level] = self.pnl.get(level, 0) + shares * (self.mark - price)
        self.settle()

    def fill(self, session, number, quantity, price):
        order = self.orders[session, number]
        self.come(session, quantity if order['side'] == 'buy' else -quantity, price)
        order['quantity'] -= quantity
        if order['quantity'] <= 0: del self.orders[session, number]
        for level in PATHS[session]:
            self.trades[level] = self.trades.get(level, 0) + 1
        for level, name, hard, soft in self.limits:
            for kind, value in (('hard', hard), ('soft', soft)):
                if name == 'repeat-rate' and value and level in PATHS[session]:
                    bucket = self.repeats.setdefault((session, level, kind), Bucket(value))
                    if bucket.in_use(self.latest) <= bucket.count: bucket.put(self.latest)

    def check(self, text):
        """`S1 buy 7 100 10.00 [ioc] [located]`, a price of `market` for none."""
        session, side, number, quantity, price, *flags = text.split()
        number, quantity = int(number), int(quantity)
        rejects, warnings = set(), set()
        path = PATHS[session]
        buy, is_market = side == 'buy', price == 'market'
        price = 0 if is_market else money(price)
        if quantity <= 0 or not is_market and price <= 0:
            return {'InvalidOrder'}, set()
        m = self.market
        value_price = price
        if is_market:
            value_price = m.get('high') or max(m.get('ask', 0), m.get('last', 0), self.reference)
            if not value_price: rejects.add('StaleReference')
        value = value_price * quantity
        mine = [l for l in self.limits if l[0] in path]

        def hold(name, what, reason):
            for _, limit, hard, soft in mine:
                if limit != name: continue
                if hard is not None and what > hard: rejects.add(reason)
                if soft is not None and what > soft: warnings.add(reason)

        hold('order-shares', quantity, 'OrderTooLarge')
        hold('order-notional', value, 'OrderValueTooLarge')
        if quantity > QUANTITY_MAX or value_price > PRICE_MAX or value > VALUE_MAX:
            return {'ValueOutOfRange'} | (rejects & {'OrderTooLarge', 'OrderValueTooLarge'}), warnings
        # the symbol
        if quantity % self.lot: rejects.add('NotALot')
        if not is_market:
            if price % (self.tick if price >= E4 else self.tick_low): rejects.add('NotATick')
            if buy and m.get('high') and price > m['high'] or not buy and m.get('low') and price < m['low']: rejects.add('OutsideLuldBand')
        if 'halted' in m: rejects.add('SymbolHalted')
        if side == 'short' and ('ssr' in m or self.ssr_always) and (is_market or not m.get('bid') or price <= m['bid']):
            rejects.add('ShortSaleRestricted')
        if 'ABC' in self.killed or self.killed & set(path): rejects.add('Killed')
        # prices
        for _, name, hard, soft in mine:
            if name.startswith('collar-') and not is_market:
                which = name.split('-')[1]
                against = {'last': m.get('last'), 'nbbo': m.get('ask' if buy else 'bid'), 'reference': self.reference}[which]
                if not against:
                    rejects.add('StaleReference')
                    continue
                through = price - against if buy else against - price
                reason = {'last': 'CollarLast', 'nbbo': 'CollarNbbo', 'reference': 'CollarReference'}[which]
                for limit, into in ((hard, rejects), (soft, warnings)):
                    if limit is not None and (through * 10**6 > limit * against if name.endswith('percent') else through > limit):
                        into.add(reason)
            if name == 'price-min' and not is_market:
                if hard is not None and price < hard: rejects.add('PriceTooLow')
                if soft is not None and price < soft: warnings.add('PriceTooLow')
            if name == 'quote-age':
                age = max(0, self.now - self.market_time) if self.market_time is not None else 1 << 80
                if hard is not None and age > hard: rejects.add('StaleReference')
                if soft is not None and age > soft: warnings.add('StaleReference')
        for level, flag, *hours in self.flags:
            if level not in path: continue
            if flag == 'no-market-orders' and is_market: rejects.add('MarketOrderBlocked')
            if flag == 'restricted': rejects.add('RestrictedSymbol')
            if flag == 'locate-required' and side == 'short' and 'located' not in flags and not self.etb: rejects.add('LocateRequired')
            if flag == 'hours' and not hours[0] <= self.now % DAY < hours[1]: rejects.add('OutsideHours')
        # what came before
        sign = side, quantity, price, is_market, tuple(sorted(flags))
        for _, name, hard, soft in mine:
            if name == 'duplicate-window':
                for other, at in self.recent.get(session, [])[-4:]:
                    if other != sign: continue
                    if hard is not None and self.latest - at < hard: rejects.add('DuplicateOrder')
                    if soft is not None and self.latest - at < soft: warnings.add('DuplicateOrder')
        for (level, kind), bucket in self.buckets.items():
            if level not in path: continue
            if bucket.in_use(self.latest) < bucket.count: bucket.put(self.latest)
            else: (rejects if kind == 'hard' else warnings).add('MessageRateExceeded')
        for (of, _, kind), bucket in self.repeats.items():
            if of == session and bucket.in_use(self.latest) > bucket.count:
                (rejects if kind == 'hard' else warnings).add('RepeatedExecution')
        if (session, number) in self.orders: rejects.add('DuplicateId')
        limit_price = (PRICE_MAX if buy else 1) if is_market else price
        for level, scope in self.self_match:
            if level not in path: continue
            top = path[['firm', 'desk', 'account', 'trader', 'session'].index(scope)]
            for o in self.open_of(top):
                if buy and o['side'] != 'buy' and o['limit'] <= limit_price or not buy and o['side'] == 'buy' and o['limit'] >= limit_price:
                    rejects.add('SelfMatch')
        # levels
        adds_power = side != 'sell'
        for level in path:
            opened, shares = self.open_of(level), self.held(level)
            buys = sum(o['quantity'] for o in opened if o['side'] == 'buy') + (quantity if buy else 0)
            sells = sum(o['quantity'] for o in opened if o['side'] != 'buy') + (0 if buy else quantity)
            worst = shares + buys if buy else sells - shares
            notional = sum(map(self.value_of, opened)) + value
            power = sum(self.value_of(o) for o in opened if o['side'] != 'sell') + (value if adds_power else 0)
            per_session = [abs(self.held(level))]
            gross = sum(per_session) * (self.mark or 0)
            pnl = self.pnl.get(level, 0)
            orders = sum(self.order_count.get(s, 0) for s in self.sessions_of(level)) + 1
            trades = max(1, self.trades.get(level, 0))
            facts = [('position-long', worst if buy else None, 'PositionLimitExceeded'),
                     ('position-short', None if buy else worst, 'PositionLimitExceeded'),
                     ('position-gross', abs(shares) + buys + sells, 'PositionLimitExceeded'),
                     ('open-orders', len(opened) + 1, 'TooManyOpenOrders'), ('open-notional', notional, 'OpenNotionalExceeded'),
                     ('gross-notional', gross + notional, 'GrossNotionalExceeded'),
                     ('buying-power', gross + power if adds_power else None, 'BuyingPowerExceeded'),
                     ('daily-loss', -pnl, 'DailyLossLimitExceeded'), ('drawdown', self.best.get(level, 0) - pnl, 'DrawdownLimitExceeded'),
                     ('order-to-trade', -(-orders // trades), 'OrderToTradeRatioExceeded')]
            for of, name, hard, soft in mine:
                if of != level: continue
                for fact, what, reason in facts:
                    if fact != name or what is None: continue
                    if hard is not None and what > hard: rejects.add(reason)
                    if soft is not None and what > soft: warnings.add(reason)
                if name == 'concentration':
                    capital = next(self.capital[l] for l in reversed(path[:path.index(level) + 1]) if l in self.capital)
                    held_value = max(0, worst) * max(self.mark or 0, value_price)
                    for limit, into in ((hard, rejects), (soft, warnings)):
                        if limit is not None and held_value > capital * limit // 10**6: into.add('ConcentrationTooHigh')
                if name == 'volume-share' and worst > 0:
                    for limit, into in ((hard, rejects), (soft, warnings)):
                        if limit is not None and worst * 10**6 > limit * self.adv: into.add('ConcentrationTooHigh')
            if not buy and worst > 0 and (level, 'long-only') in self.flags: rejects.add('PositionLimitExceeded')
        if not rejects:
            self.orders[session, number] = {'side': side, 'quantity': quantity, 'reserve': value_price, 'limit': limit_price}
            self.order_count[session] = self.order_count.get(session, 0) + 1
            self.recent.setdefault(session, []).append((sign, self.latest))
        return rejects, warnings


MARKET = 'bid=9.99 ask=10.01 last=10.00 ref=10.00'
LEVELS = ('F', 'D', 'A', 'T', 'S1')
rows = []


def row(name, limits='', order='S1 buy 1 100 10.00', before='', instrument='', market=MARKET):
    world = World(limits, instrument, market)
    for event in filter(None, before.split('|')):
        world.happen(event.strip())
    rejects, warnings = world.check(order)
    rows.append([name.replace(',', ';'), limits, instrument, market, before, order, ' '.join(sorted(rejects)), ' '.join(sorted(warnings))])


def around(name, limit, under, over, limits='{}', **rest):
    """At every level, for everything and for the symbol alone where that goes: just within, just beyond, and with a soft limit."""
    totals = ('open-', 'gross-notional', 'buying-', 'daily-', 'drawdown', 'message-', 'order-to-', 'repeat-')
    for level in LEVELS:
        for where in (level, level + '/ABC'):
            if '/' in where and limit.startswith(totals): continue
            first, _, value = limit.partition(' ')
            row(f'{name} at {where}', limits.format(f'{where} {limit}'), order=under, **rest)
            row(f'{name} over {where}', limits.format(f'{where} {limit}'), order=over, **rest)
            if level in ('A', 'S1'):
                row(f'{name} soft {where}', limits.format(f'{where} {first} soft={value}'), order=over, **rest)


exec(compile(open('decisions_rows.py').read(), 'decisions_rows.py', 'exec'))

with open('decisions.csv', 'w', newline='') as out:
    writer = csv.writer(out, lineterminator='\n')
    writer.writerow(['name', 'limits', 'instrument', 'market', 'before', 'order', 'rejects', 'warnings'])
    writer.writerows(rows)
print(len(rows), 'rows', file=sys.stderr)
