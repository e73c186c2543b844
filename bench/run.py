#!/usr/bin/env python3
"""Runs the benchmarks of a room (or all), interleaved with their peers, and keeps the results as data in bench/results/<room>.json with
the machine, the versions and the command. Called by `./dev bench [ROOM]`.

A bench program is `bench-…` of the release build. It prints one JSON object a case on a line of its own:
    {"case": "parse", "unit": "msg/s", "value": 1.0e8, "cpu_s": 0.05, "wall_s": 0.05, …}
Every round runs each program once with INOX_BENCH_RUNS=1, so that ours and the peers' runs alternate; the medians and the best of the
rounds are kept. A peer is a program of packages/bench.apt or a binary named by INOX_PEER_<NAME>; where it is missing the row says
"not measured"."""
import json
import os
import platform
import statistics
import subprocess
import sys
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
ROUNDS = int(os.environ.get('INOX_BENCH_ROUNDS', '7'))
RESULTS = os.path.join(ROOT, 'bench', 'results')


def itch_day():
    """Five million messages of 2,000 symbols: the public generator's where the suite is, else our own."""
    path = os.path.join(ROOT, 'build', 'bench', 'itch5m.itch')
    if not os.path.exists(path):
        os.makedirs(os.path.dirname(path), exist_ok=True)
        suites = os.environ.get('INOX_SUITES', os.path.join(ROOT, '..', 'shared', 'suites'))
        generator = os.path.join(suites, 'itch', 'gen_itch.py')
        if os.path.exists(generator):
            command = ['python3', generator, '--seed', '99', '--symbols', '2000', '--messages', '5000000', '--out', path + '.part']
        else:
            command = [os.path.join(ROOT, 'build/release/src/inox'), 'trade', 'gen', '--day', '--seed', '99', '--symbols', '2000',
                       '--messages', '5000000', '--out', path + '.part']
        print('making', os.path.relpath(path, ROOT), flush=True)
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        os.rename(path + '.part', path)
    return path


# What a program reads, where it is not content with what it makes itself.
INPUTS = {'bench-itch-parse': itch_day, 'bench-book': itch_day, 'bench-match': itch_day}
# The order of rows within a room follows the programs' names.
PEERS = {'bench-itch-parse': [('CPPTRADER_PARSE', 'CppTrader itch_handler')], 'bench-book': [('CPPTRADER_BOOK', 'CppTrader market_manager_optimized')],
         'bench-match': [('CPPTRADER_MATCH', 'CppTrader matching_engine')]}


def programs(room):
    text = subprocess.run(['meson', 'introspect', '--targets', os.path.join(ROOT, 'build/release')], check=True, stdout=subprocess.PIPE).stdout
    found = {}
    for target in json.loads(text):
        if target['name'].startswith('bench-'):
            place = os.path.relpath(target['target_sources'][0]['sources'][0], os.path.join(ROOT, 'src')).split('/tests/')[0]
            if not room or room in place.split('/'):
                found[target['name']] = (place, target['filename'][0])
    return dict(sorted(found.items()))


def lines_of(command):
    env = dict(os.environ, INOX_BENCH_RUNS='1')
    text = subprocess.run(command, check=True, stdout=subprocess.PIPE, env=env, text=True).stdout
    return [json.loads(line) for line in text.splitlines() if line.startswith('{')]


def peer_line(binary, label, file):
    """A peer that reports nothing itself is timed as a whole; CppTrader's programs read the file from stdin."""
    before = os.times()
    started = time.monotonic()
    with open(file, 'rb') as stream:
        out = subprocess.run([binary], check=True, stdin=stream, stdout=subprocess.PIPE, text=True).stdout
    wall, after = time.monotonic() - started, os.times()
    row = {'case': label, 'wall_s': wall, 'cpu_s': after.children_user + after.children_system - before.children_user - before.children_system}
    for line in out.splitlines():  # "ITCH message throughput: 42600000 msg/s"
        if 'throughput' in line and 'msg/s' in line:
            row.update(unit='msg/s', value=float(line.split(':')[1].split()[0]))
    return row


def machine():
    with open('/proc/cpuinfo') as file:
        model = next((line.split(':')[1].strip() for line in file if line.startswith('model name')), 'unknown')
    compiler = subprocess.run(['gcc', '--version'], stdout=subprocess.PIPE, text=True).stdout.splitlines()[0]
    return {'cpu': model, 'cores': os.cpu_count(), 'kernel': platform.release(), 'compiler': compiler}


def summary(rows):
    first = dict(rows[0])
    values = [r['value'] for r in rows if 'value' in r]
    if values:
        first.update(median=statistics.median(values), best=max(values) if '/s' in first.get('unit', '') else min(values), runs=len(values))
        first.pop('value')
    for key in ('cpu_s', 'wall_s', 'ratio', 'cpu_ratio'):
        if key in first:
            first[key] = statistics.median(r[key] for r in rows)
    return first


def measure(name, place, binary):
    file = INPUTS[name]() if name in INPUTS else None
    ours, peers, rows = [binary] + ([file] if file else []), {}, {}
    for variable, label in PEERS.get(name, []):
        path = os.environ.get('INOX_PEER_' + variable)
        peers[label] = path if path and os.access(path, os.X_OK) else None
    for _ in range(ROUNDS):
        for row in lines_of(ours) + [peer_line(path, label, file) for label, path in peers.items() if path]:
            rows.setdefault(row['case'], []).append(row)
    cases = [summary(r) for r in rows.values()] + [{'case': label, 'not_measured': True} for label, path in peers.items() if not path]
    return {'program': name, 'room': place, 'cases': cases}


def show(result):
    print(result['program'])
    for case in result['cases']:
        if case.get('not_measured'):
            print(f'  {case["case"]:44} not measured')
        elif 'median' in case:
            extra = f'  ratio to peer {case["ratio"]:.2f}' if 'ratio' in case else ''
            print(f'  {case["case"]:44} median {case["median"]:.4g}  best {case["best"]:.4g} {case["unit"]}  cpu {case.get("cpu_s", 0):.3f} s{extra}')


def main():
    room = sys.argv[1] if len(sys.argv) > 1 else ''
    found = programs(room)
    if not found:
        sys.exit(f'dev: room {room!r} has no benchmarks')
    by_room = {}
    for name, (place, binary) in found.items():
        result = measure(name, place, binary)
        show(result)
        by_room.setdefault(place.split('/')[1] if '/' in place and place.split('/')[0] not in ('formats',) else place.replace('/', '-'), []).append(result)
    os.makedirs(RESULTS, exist_ok=True)
    for name, results in by_room.items():
        path = os.path.join(RESULTS, name + '.json')
        with open(path, 'w') as file:
            json.dump({'command': f'./dev bench {name}', 'date': time.strftime('%Y-%m-%d'), 'rounds': ROUNDS, 'machine': machine(),
                       'results': results}, file, indent=1)
            file.write('\n')
        print('kept in', os.path.relpath(path, ROOT))
    subprocess.run([sys.executable, os.path.join(ROOT, 'bench', 'report.py')], check=True)


if __name__ == '__main__':
    main()
