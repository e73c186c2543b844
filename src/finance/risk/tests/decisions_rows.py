"""The situations of decisions.py, which runs this file."""
BUY = 'S1 buy 1 {} {}'

row('nothing forbids it')
for side in ('buy', 'sell', 'short'):
    row(f'a {side} of nothing', order=f'S1 {side} 1 0 10.00')
    row(f'a {side} of less than nothing', order=f'S1 {side} 1 -5 10.00')
    row(f'a {side} for nothing', order=f'S1 {side} 1 100 0.00')
    row(f'a market {side}', order=f'S1 {side} 1 100 market')
    row(f'a market {side} without a market', order=f'S1 {side} 1 100 market', market='none')

# ---- the order ----
around('shares', 'order-shares 500', BUY.format(500, '10.00'), BUY.format(501, '10.00'))
around('value', 'order-notional 5000.00', BUY.format(500, '10.00'), BUY.format(500, '10.01'))
around('collar last', 'collar-last 0.05', BUY.format(1, '10.05'), BUY.format(1, '10.06'))
around('collar last percent', 'collar-last-percent 1%', BUY.format(1, '10.10'), BUY.format(1, '10.11'))
around('collar nbbo', 'collar-nbbo 0.05', BUY.format(1, '10.06'), BUY.format(1, '10.07'))
around('collar nbbo percent', 'collar-nbbo-percent 2%', 'S1 sell 1 1 9.80', 'S1 sell 1 1 9.79')
around('collar reference', 'collar-reference 1.00', 'S1 sell 1 1 9.00', 'S1 sell 1 1 8.99')
around('collar reference percent', 'collar-reference-percent 5.5%', BUY.format(1, '10.55'), BUY.format(1, '10.56'))
around('lowest price', 'price-min 5.00', BUY.format(1, '5.00'), BUY.format(1, '4.99'))
for side, price in (('buy', '1.00'), ('sell', '99.00')):
    row(f'a passive {side} is in every collar', 'F collar-last 0.01|F collar-nbbo 0.01|F collar-reference-percent 0.01%',
        order=f'S1 {side} 1 1 {price}')
for which in ('last', 'nbbo', 'reference'):
    row(f'no {which} to hold it against', f'F collar-{which} 0.05', market='none')
    row(f'no {which} and a percentage', f'S1 collar-{which}-percent 5%', market='none')
    row(f'no {which} for a market order', f'F collar-{which} 0.05', order='S1 buy 1 100 market', market='bid=9.99 ask=10.01 last=10.00 ref=10.00')
row('no ask for a buy', 'F collar-nbbo 0.05', market='bid=9.99 last=10.00')
row('no bid matters not to a buy', 'F collar-nbbo 0.05', market='ask=10.01 last=10.00')
row('an old reference from the instrument', 'F collar-reference 0.05', instrument='reference=9.00', market='last=10.00')
for age in ('999ms', '1s', '1001ms', '10s'):
    row(f'a quote {age} old', 'D quote-age 1s', market=MARKET + f' age={age}')
    row(f'a quote {age} old, soft', 'D quote-age soft=1s', market=MARKET + f' age={age}')
row('no quote at all is too old', 'F quote-age 1h', market='none')
row('a quote grows old', 'F quote-age 1s', before='wait 2s')
row('a quote is renewed', 'F quote-age 1s', before='wait 2s|market ' + MARKET)
for side, price in (('buy', '11.00'), ('buy', '11.01'), ('sell', '9.00'), ('sell', '8.99'), ('buy', '8.99'), ('sell', '11.01'),
                    ('short', '9.00'), ('short', '8.99')):
    row(f'band: {side} at {price}', order=f'S1 {side} 1 100 {price}', market=MARKET + ' low=9.00 high=11.00')
for lot in (1, 10, 100, 7):
    for quantity in (lot * 3, lot * 3 + 1, 2 * lot - 1):
        row(f'{quantity} in lots of {lot}', order=BUY.format(quantity, '10.00'), instrument=f'lot={lot}')
for tick in ('0.01', '0.05', '0.0001', '0.03'):
    for price in ('10.00', '10.01', '10.05', '10.0001', '9.99', '0.0001', '0.9999', '1.0000', '1.0001'):
        row(f'{price} in ticks of {tick}', order=BUY.format(1, price), instrument=f'tick={tick}')
row('ticks below one', order=BUY.format(1, '0.5001'), instrument='tick-below-one=0.01')
row('ticks below one are theirs', order=BUY.format(1, '0.51'), instrument='tick=0.05 tick-below-one=0.01')
row('halted', market=MARKET + ' halted')
row('halted, and a cancel before', before='S1 buy 9 10 10.00|market ' + MARKET + ' halted|cancel S1 9', market=MARKET)
for level in LEVELS + ('B', 'S2', 'S3'):
    row(f'restricted at {level}', f'{level} restricted ABC')
    row(f'restricted in the symbol at {level}', f'{level}/ABC restricted')
    row(f'market orders at {level}', f'{level} no-market-orders', order='S1 buy 1 100 market')
    row(f'located at {level}', f'{level} locate-required', order='S1 short 1 100 10.00 located')
    row(f'not located at {level}', f'{level} locate-required', order='S1 short 1 100 10.00')
    row(f'long only at {level}', f'{level} long-only', order='S1 short 1 100 10.00')
row('another symbol is restricted', 'F restricted XYZ')
row('easy to borrow', 'F locate-required', order='S1 short 1 100 10.00', instrument='easy-to-borrow')
row('a long sale needs no locate', 'F locate-required', order='S1 sell 1 100 10.00')
row('a priced order where market orders are not', 'F no-market-orders')
for price in ('9.98', '9.99', '10.00', 'market'):
    row(f'short at {price} when restricted', order=f'S1 short 1 100 {price}', market=MARKET + ' ssr')
    row(f'short at {price} when always restricted', order=f'S1 short 1 100 {price}', instrument='short-sale-restricted')
row('short without a bid when restricted', order='S1 short 1 100 10.00', market='last=10.00 ssr')
row('a long sale when restricted', order='S1 sell 1 100 9.00', market=MARKET + ' ssr')
for hours in ('12:00 13:00', '11:00 12:00', '12:00:01 13:00', '00:00 24:00', '11:59:59 12:00:01'):
    row(f'at noon in {hours}', f'T hours {hours}')
row('two levels leave a shorter day', 'F hours 08:00 16:00|S1 hours 13:00 20:00')
row('the day has ended', 'F hours 08:00 16:00', before='wait 4h')

# ---- positions ----
around('long', 'position-long 1000', BUY.format(1000, '10.00'), BUY.format(1001, '10.00'))
around('long with open orders', 'position-long 1000', BUY.format(400, '10.00'), BUY.format(401, '10.00'), before='S2 buy 9 600 9.00'.replace('S2', 'S1'))
around('short', 'position-short 1000', 'S1 short 1 1000 10.00', 'S1 short 1 1001 10.00')
around('gross', 'position-gross 1000', BUY.format(300, '10.00'), BUY.format(301, '10.00'), before='adjust S1 -400 10.00|S1 sell 9 300 11.00')
around('volume', 'volume-share 10%', BUY.format(1000, '10.00'), BUY.format(1001, '10.00'), instrument='average-volume=10000')
around('concentration', 'concentration 10%', BUY.format(1000, '10.00'), BUY.format(1001, '10.00'), limits='F capital 100000.00|{}')
row('own capital before that above', 'F capital 100000.00|A capital 50000.00|A concentration 10%', order=BUY.format(501, '10.00'))
row('capital above', 'F capital 100000.00|A capital 50000.00|D concentration 10%', order=BUY.format(501, '10.00'))
row('a low price does not hide a position', 'F capital 100000.00|F concentration 10%', order=BUY.format(900, '1.00'), before='adjust S1 101 10.00')
row('volume that is not known', 'F volume-share 10%')
row('selling what is held needs no volume', 'F volume-share 10%', order='S1 sell 1 50 10.00', before='adjust S1 100 10.00')
for session, what in (('S1', 'its own'), ('S2', "its trader's other session"), ('S3', 'another account')):
    for level in ('S1', 'T', 'A', 'D', 'F'):
        row(f'what {what} holds counts at {level}', f'{level} position-long 1000', order=BUY.format(500, '10.00'), before=f'adjust {session} 600 10.00')
        row(f'what {what} has open counts at {level}', f'{level} open-orders 1', before=f'{session} buy 9 600 10.00')
row('selling reduces', 'A position-long 1000', order='S1 sell 1 2000 10.00', before='adjust S1 1000 10.00')
row('a sale does not make room before it is filled', 'A position-long 1000', order=BUY.format(1, '10.00'), before='adjust S1 1000 10.00|S1 sell 9 500 10.50')
row('a filled sale makes room', 'A position-long 1000', order=BUY.format(500, '10.00'), before='adjust S1 1000 10.00|S1 sell 9 500 10.50|fill S1 9 500 10.50')
row('a cancel makes room', 'A position-long 1000', order=BUY.format(1000, '10.00'), before='S1 buy 9 1000 10.00|cancel S1 9')
row('half a cancel makes half the room', 'A position-long 1000', order=BUY.format(501, '10.00'), before='S1 buy 9 1000 10.00|cancel S1 9 500')
row('a reject makes room', 'A position-long 1000', order=BUY.format(1000, '10.00'), before='S1 buy 9 1000 10.00|reject S1 9')
row('a fill makes none', 'A position-long 1000', order=BUY.format(1, '10.00'), before='S1 buy 9 1000 10.00|fill S1 9 400 9.00|fill S1 9 600 10.00')
row('long only, and it is held', 'A long-only', order='S1 sell 1 100 10.00', before='adjust S1 100 10.00')
row('long only, and one more', 'A long-only', order='S1 sell 1 101 10.00', before='adjust S1 100 10.00')
row('long only of a session', 'S1 long-only', order='S1 sell 1 100 10.00', before='adjust S2 100 10.00')
row('strictest wins', 'F position-long 900|D position-long 1000|A position-long 1100', order=BUY.format(901, '10.00'))
row('strictest wins below', 'F position-long 900|S1 position-long 100', order=BUY.format(101, '10.00'))
row('the symbol is stricter', 'F position-long 900|F/ABC position-long 100', order=BUY.format(101, '10.00'))
row('everything is stricter', 'F position-long 90|F/ABC position-long 100', order=BUY.format(91, '10.00'))
row('another symbol does not matter', 'F/XYZ position-long 10', order=BUY.format(91, '10.00'))

# ---- totals ----
around('open orders', 'open-orders 2', 'S1 buy 1 1 10.00', 'S1 buy 2 1 10.00', before='S1 buy 8 1 9.00')
row('two are two too many', 'A open-orders 2', before='S1 buy 8 1 9.00|S2 buy 8 1 9.00')
around('open value', 'open-notional 5000.00', BUY.format(400, '10.00'), BUY.format(401, '10.00'), before='S1 sell 9 100 10.00')
around('gross value', 'gross-notional 5000.00', BUY.format(300, '10.00'), BUY.format(301, '10.00'), before='adjust S1 -100 10.00|S1 sell 9 100 10.00')
around('buying power', 'buying-power 5000.00', BUY.format(400, '10.00'), BUY.format(401, '10.00'), before='adjust S1 100 10.00|S1 sell 9 100 10.00')
row('a short sale takes buying power', 'A buying-power 999.99', order='S1 short 1 100 10.00')
row('a long sale takes none', 'A buying-power 999.99', order='S1 sell 1 100 10.00')
row('a mark moves what is left', 'A buying-power 5000.00', order=BUY.format(100, '10.00'), before='adjust S1 200 10.00|market last=20.01')
row('a market order is worth its upper band', 'A buying-power 1099.99', order='S1 buy 1 100 market', market=MARKET + ' low=9.00 high=11.00')
row('a market order is worth the highest price', 'A buying-power 1000.99', order='S1 buy 1 100 market')
for level in LEVELS:
    for last, what in (('5.00', 'at'), ('4.99', 'over')):
        row(f'loss {what} the limit of {level}', f'{level} daily-loss 500.00', order=BUY.format(1, '5.00'), before=f'adjust S1 100 10.00|market last={last}')
        row(f'soft loss {what} the limit of {level}', f'{level} daily-loss soft=500.00', order=BUY.format(1, '5.00'), before=f'adjust S1 100 10.00|market last={last}')
        row(f'fall {what} the limit of {level}', f'{level} drawdown 600.00', order=BUY.format(1, '5.00'),
            before=f'adjust S1 100 10.00|market last=11.00|market last={last}')
row('a loss that is sold', 'A daily-loss 500.00', order=BUY.format(1, '4.00'), before='adjust S1 100 10.00|S1 sell 9 100 4.00|fill S1 9 100 4.00|market last=4.00')
row('a short position loses when prices rise', 'A daily-loss 500.00', order=BUY.format(1, '15.00'), before='adjust S1 -100 10.00|market last=15.01')
row('another account has lost', 'B daily-loss 500.00', before='adjust S3 100 10.00|market last=1.00')
row('another account has lost for all', 'D daily-loss 500.00', before='adjust S3 100 10.00|market last=1.00')
row('a loss that came back is still blocked', 'A daily-loss 500.00', before='adjust S1 100 10.00|market last=1.00|market last=10.00')

# ---- moments ----
for level in LEVELS:
    row(f'the last message of {level}', f'{level} message-rate 3/s', before='S1 buy 7 1 9.00|S1 buy 8 1 9.00')
    row(f'one message too many for {level}', f'{level} message-rate 3/s', before='S1 buy 7 1 9.00|S1 buy 8 1 9.00|S1 buy 9 1 9.00')
    row(f'one message too many for {level}, soft', f'{level} message-rate soft=3/s', before='S1 buy 7 1 9.00|S1 buy 8 1 9.00|S1 buy 9 1 9.00')
    row(f'order to trade of {level}', f'{level} order-to-trade 2', before='S1 buy 7 1 9.00')
    row(f'order to trade of {level}, over', f'{level} order-to-trade 2', before='S1 buy 7 1 9.00|S1 buy 8 1 9.00')
    row(f'order to trade of {level}, traded', f'{level} order-to-trade 2',
        before='S1 buy 7 2 9.00|S1 buy 8 1 9.00|fill S1 7 1 9.00|fill S1 7 1 9.00')
    row(f'repeats of {level}', f'{level} repeat-rate 2/s', before='S1 buy 7 9 9.00|fill S1 7 1 9.00|fill S1 7 1 9.00')
    row(f'repeats of {level}, over', f'{level} repeat-rate 2/s', before='S1 buy 7 9 9.00|fill S1 7 1 9.00|fill S1 7 1 9.00|fill S1 7 1 9.00')
    row(f'killed {level}', before=f'kill {dict(F="firm", D="desk", A="account", T="trader", S1="session")[level]} {level}')
    row(f'duplicate for {level}', f'{level} duplicate-window 10ms', before='S1 buy 9 100 10.00|wait 9ms')
    row(f'no duplicate for {level}', f'{level} duplicate-window 10ms', before='S1 buy 9 100 10.00|wait 10ms')
    row(f'duplicate in the symbol for {level}', f'{level}/ABC duplicate-window 10ms', before='S1 buy 9 100 10.00|wait 9ms')
THREE = 'S1 buy 7 1 9.00|S1 buy 8 1 9.00|S1 buy 9 1 9.00'
row('the bucket fills again', 'A message-rate 3/s', before=THREE + '|wait 333ms')
row('a third of a second later', 'A message-rate 3/s', before=THREE + '|wait 334ms')
row('the bucket does not overflow', 'A message-rate 3/s', before='wait 1h|' + THREE)
row('a step back opens nothing', 'A message-rate 3/s', before=THREE + '|back 10s')
row('a step back and forth opens nothing', 'A message-rate 3/s', before=THREE + '|back 10s|wait 10s')
row('a rejected message counts', 'A message-rate 3/s|A order-shares 100', before='try S1 buy 7 101 9.00|try S1 buy 8 101 9.00|try S1 buy 9 101 9.00')
row('two sessions, one bucket', 'T message-rate 3/s', before='S1 buy 7 1 9.00|S2 buy 8 1 9.00|S2 buy 9 1 9.00')
row('two sessions, two buckets', 'S1 message-rate 3/s', before='S2 buy 7 1 9.00|S2 buy 8 1 9.00|S2 buy 9 1 9.00')
row('repeats are forgiven', 'A repeat-rate 2/s', before='S1 buy 7 9 9.00|fill S1 7 1 9.00|fill S1 7 1 9.00|fill S1 7 1 9.00|wait 500ms')
row('repeats are not forgiven yet', 'A repeat-rate 2/s', before='S1 buy 7 9 9.00|fill S1 7 1 9.00|fill S1 7 1 9.00|fill S1 7 1 9.00|wait 499ms')
row('repeats of another session', 'A repeat-rate 2/s', before='S2 buy 7 9 9.00|fill S2 7 1 9.00|fill S2 7 1 9.00|fill S2 7 1 9.00')
row('soft repeats', 'A repeat-rate soft=2/s', before='S1 buy 7 9 9.00|fill S1 7 1 9.00|fill S1 7 1 9.00|fill S1 7 1 9.00')
row('a symbol is killed', before='kill symbol ABC')
row('another symbol is killed', before='kill symbol XYZ', limits='F restricted XYZ')
row('another account is killed', before='kill account B')
for other, why in (('S1 buy 9 101 10.00', 'another quantity'), ('S1 buy 9 100 10.01', 'another price'), ('S1 sell 9 100 10.00', 'another side'),
                   ('S2 buy 9 100 10.00', 'another session'), ('S1 buy 9 100 10.00 ioc', 'another kind')):
    row(f'no duplicate: {why}', 'A duplicate-window 10s', before=other)
row('a soft duplicate', 'A duplicate-window soft=10ms', before='S1 buy 9 100 10.00|wait 9ms')
row('a rejected order has no duplicate', 'A duplicate-window 10ms|A open-orders 1', before='S1 buy 9 1 1.00|try S1 buy 8 100 10.00|cancel S1 9')
row('a step back leaves it a duplicate', 'A duplicate-window 10ms', before='S1 buy 9 100 10.00|back 1h')
for n in (3, 4):
    row(f'a duplicate of {n} before', 'A duplicate-window 10s', before='S1 buy 90 100 10.00|' + '|'.join(f'S1 buy {i} {i} 9.00' for i in range(11, 11 + n)))
row('an id that is open', before='S1 buy 1 1 9.00')
row("another session's id", before='S2 buy 1 1 9.00')
row('an id that was open', before='S1 buy 1 1 9.00|cancel S1 1')

# ---- self-match ----
for level, scope in (('F', 'firm'), ('F', 'desk'), ('F', 'account'), ('A', 'trader'), ('S1', 'session'), ('S1', 'account'), ('B', 'firm')):
    for session in ('S1', 'S2', 'S3'):
        row(f'{scope} scope at {level}, {session} offers', f'{level} self-match {scope}', before=f'{session} sell 9 10 10.00')
        row(f'{scope} scope at {level}, {session} bids', f'{level} self-match {scope}', order='S1 short 1 100 10.00', before=f'{session} buy 9 10 10.00')
for price in ('10.00', '10.01'):
    row(f'against an offer at 10.01 with {price}', 'F self-match firm', order=BUY.format(1, price), before='S1 sell 9 10 10.01')
row('a market order meets any offer', 'F self-match firm', order='S1 buy 1 1 market', before='S2 sell 9 10 99.00')
row('the best one is gone', 'F self-match firm', before='S2 sell 9 10 10.00|S2 sell 8 10 10.05|cancel S2 9')
row('the best one is gone, the next is as good', 'F self-match firm', before='S2 sell 9 10 10.00|S2 sell 8 10 10.00|cancel S2 9')
row('half of it is left', 'F self-match firm', before='S2 sell 9 10 10.00|fill S2 9 5 10.00')
row('all of it is filled', 'F self-match firm', before='S2 sell 9 10 10.00|fill S2 9 10 10.00')

# ---- extremes ----
HUGE = 1 << 40
row('the most shares', order=BUY.format(HUGE, '0.0001'))
row('one more than the most shares', order=BUY.format(HUGE + 1, '0.0001'))
row('as many as a word holds', 'F order-shares 1000', order=BUY.format((1 << 63) - 1, '0.0001'))
row('the highest price', order=BUY.format(1, '439804651.1104'), instrument='tick=0.0001')
row('beyond the highest price', order=BUY.format(1, '439804651.1105'), instrument='tick=0.0001')
row('a value that no word holds', 'F order-notional 1000.00', order=BUY.format(HUGE, '439804651.1104'), instrument='tick=0.0001')
row('the most value', order=BUY.format(1 << 36, '104.8576'), instrument='tick=0.0001')
row('more than the most value', order=BUY.format((1 << 36) + 1, '104.8576'), instrument='tick=0.0001')
row('percentages of the highest price', 'F collar-last-percent 0.0001%', order=BUY.format(1, '439804651.1104'), instrument='tick=0.0001',
    market='last=439804211.3061')
row('just within a percentage of the highest price', 'F collar-last-percent 0.0001%', order=BUY.format(1, '439804651.1104'), instrument='tick=0.0001',
    market='last=439804211.3062')
row('a share of the largest volume', 'F volume-share 100%', order=BUY.format(HUGE, '0.0001'), instrument=f'average-volume={HUGE}')
row('more than the largest volume', 'F volume-share 100%', order=BUY.format(HUGE, '0.0001'), instrument=f'average-volume={HUGE}', before='adjust S1 1 0.01')
row('everything at once', 'F order-shares 10|D order-notional 50.00|A collar-last 0.01|T position-long 5|S1 open-orders 1|F restricted ABC|F no-market-orders',
    order=BUY.format(13, '11.015'), before='adjust S1 5 10.00', instrument='lot=10')
