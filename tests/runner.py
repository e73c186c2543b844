#!/usr/bin/env python3
"""Runs the tests that the build declares and adds them up: a unit is one cmocka test, one fuzz corpus, one conformance suite or one
check of the house. Called by ./dev, which has installed what this needs.

    runner.py [--long] [--raise] [NAME]   build release, asan and tsan, run everything (or what contains NAME)
    runner.py --suite NAME DIR            one suite on the cases in DIR, its own lines shown
    runner.py --fuzz TARGET SECONDS       fuzz one target, or every one

Ends with 'N passed, N failed, N skipped'; exit 0 only if none failed, something ran, and no test program ran fewer units than
tests/floors.txt records for it (--raise writes today's counts there)."""
import concurrent.futures
import json
import os
import re
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ElementTree

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
PRESETS = ('release', 'asan', 'tsan')
FLOORS = os.path.join(ROOT, 'tests', 'floors.txt')
TIME_LIMIT_S = 1200  # a hung test is a failed one; nothing passes or fails by speed
FUZZ_RUNS = 4000     # inputs a target makes up in every run, from a fixed seed


class Result:
    def __init__(self, name):
        self.name, self.passed, self.failed, self.skipped = name, 0, 0, 0
        self.complaints, self.skips, self.note, self.floored = [], [], '', False

    def fail(self, text):
        self.failed += 1
        self.complaints.append(text)


def suites_dir():
    chosen = os.environ.get('INOX_SUITES')
    if chosen:
        return os.path.abspath(chosen)
    for place in ('../shared/suites', 'tests/suites'):
        path = os.path.normpath(os.path.join(ROOT, place))
        if os.path.isdir(path):
            return path
    return os.path.join(ROOT, 'tests', 'suites')


def build(preset):
    started = time.monotonic()
    if subprocess.run([os.path.join(ROOT, 'dev'), 'built', preset]).returncode != 0:
        sys.exit(5)
    print(f'built {preset} in {time.monotonic() - started:.0f} s', flush=True)


def declared(preset):
    """What the build of a preset declares: [{name, cmd, suite, env}]."""
    text = subprocess.run(['meson', 'introspect', '--tests', os.path.join(ROOT, 'build', preset)],
                          check=True, stdout=subprocess.PIPE).stdout
    tests = json.loads(text)
    for test in tests:
        test['kinds'] = [s.split(':')[-1] for s in test['suite']]
        test['preset'] = preset
    return tests


def environment(test, long_run):
    env = dict(os.environ, **test.get('env', {}))
    env.update(INOX_ROOT=ROOT, INOX_BINARY=os.path.join(ROOT, 'build', test['preset'], 'src', 'inox'), LC_ALL='C.UTF-8',
               INOX_PRESET=test['preset'])
    # The suites' folder is for the tests to find: an unset variable is a case of its own.
    env['UBSAN_OPTIONS'] = 'print_stacktrace=1:halt_on_error=1'
    env['ASAN_OPTIONS'] = 'detect_stack_use_after_return=1:allocator_may_return_null=1'
    env['TSAN_OPTIONS'] = 'halt_on_error=1'
    env['ASAN_SYMBOLIZER_PATH'] = env['TSAN_SYMBOLIZER_PATH'] = '/usr/bin/llvm-symbolizer-19'
    if long_run:
        env['INOX_TEST_LONG'] = '1'
    return env


def execute(command, env):
    """Exit code and output of a command."""
    with tempfile.TemporaryFile() as out:
        try:
            code = subprocess.run(command, env=env, stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT,
                                  cwd=ROOT, timeout=TIME_LIMIT_S * (10 if 'INOX_TEST_LONG' in env else 1)).returncode
        except subprocess.TimeoutExpired:
            code = -1
        out.seek(0)
        return code, out.read().decode('utf-8', 'replace')


def run_unit(test, env, result):
    with tempfile.TemporaryDirectory() as folder:
        env = dict(env, CMOCKA_MESSAGE_OUTPUT='XML', CMOCKA_XML_FILE=os.path.join(folder, '%g.xml'))
        code, text = execute(test['cmd'], env)
        for name in sorted(os.listdir(folder)):
            with open(os.path.join(folder, name), 'rb') as file:
                # A message may hold bytes that XML forbids.
                clean = re.sub(rb'[\x00-\x08\x0b\x0c\x0e-\x1f\x80-\xff]', b'?', file.read())
            try:
                cases = ElementTree.fromstring(clean).iter('testcase')
            except ElementTree.ParseError as error:
                result.fail(f'{name}: unreadable result: {error}')
                continue
            for case in cases:
                if case.find('failure') is not None or case.find('error') is not None:
                    found = case.find('failure') if case.find('failure') is not None else case.find('error')
                    result.fail(f'{case.get("name")}: {(found.text or "").strip()}')
                elif case.find('skipped') is not None:
                    result.skipped += 1
                    result.skips.append(case.get('name'))
                else:
                    result.passed += 1
    reasons = sorted(set(re.findall(r'SKIPPED: .*', text)))
    result.skips += reasons
    if code != 0 and result.failed == 0:
        result.fail(f'exit code {code}')
    if result.failed:
        result.complaints.append(text[-6000:])
    result.floored = True


def run_fuzz(test, env, result):
    with tempfile.TemporaryDirectory() as fresh:
        command = test['cmd'][:1] + ['-seed=1', f'-runs={FUZZ_RUNS}', '-timeout=60', '-rss_limit_mb=2048', '-max_len=65536',
                                     f'-artifact_prefix={fresh}/', fresh] + test['cmd'][1:]
        code, text = execute(command, env)
    if code == 0:
        result.passed = 1
    else:
        result.fail(f'exit code {code}\n{text[-6000:]}')


def run_suite(test, env, result):
    folder = os.path.join(suites_dir(), test['name'].replace('suite-', '', 1))
    if not os.path.isdir(folder):
        result.skipped = 1
        result.skips = [f'SKIPPED: the public suite {folder} is not here: set INOX_SUITES (docs/tests.md says where each comes from)']
        return
    floor = read_floors().get(test['name'], 1)
    code, text = execute(test['cmd'] + ['--floor', str(floor), folder], env)
    if code == 0:
        result.passed = 1
        result.note = text.strip().splitlines()[-1]
    else:
        result.fail(f'exit code {code}\n{text[-6000:]}')


def run_house(test, env, result):
    code, text = execute(test['cmd'], env)
    if code == 77:
        result.skipped, result.skips = 1, [text.strip()]
    elif code == 0:
        result.passed = 1
    else:
        result.fail(text[-6000:])


RUN = {'unit': run_unit, 'fuzz': run_fuzz, 'suite': run_suite, 'house': run_house}


def run(test, long_run):
    result = Result(f'{test["preset"]}/{test["name"]}')
    kind = next(k for k in RUN if k in test['kinds'])
    started = time.monotonic()
    try:
        RUN[kind](test, environment(test, long_run), result)
    except OSError as error:
        result.fail(f'could not run: {error}')
    result.wall_s = time.monotonic() - started
    return result


def read_floors():
    floors = {}
    if os.path.exists(FLOORS):
        with open(FLOORS) as file:
            for line in file:
                if line.strip() and not line.startswith('#'):
                    name, count = line.split()
                    floors[name] = int(count)
    return floors


def check_floors(results, raising):
    floors = read_floors()
    for result in results:
        if not result.floored:
            continue
        count = result.passed + result.skipped + result.failed
        if raising:
            floors[result.name] = count
        elif count < floors.get(result.name, 1):
            result.fail(f'{count} tests, fewer than the {floors[result.name]} that tests/floors.txt records')
    if raising:
        with open(FLOORS, 'w') as file:
            file.write('# The fewest tests (or passed cases of a suite) that each program may run; ./dev test --raise writes this.\n')
            for name in sorted(floors):
                file.write(f'{name} {floors[name]}\n')


def wanted(test):
    """Every test runs in release and asan; under TSan only what has threads. Suites and house checks run once."""
    if test['preset'] == 'tsan':
        return 'threads' in test['kinds']
    if 'fuzz' in test['kinds']:
        return test['preset'] == 'asan'
    return 'unit' in test['kinds'] or test['preset'] == 'release'


def main_test(arguments):
    long_run, raising = '--long' in arguments, '--raise' in arguments
    names = [a for a in arguments if not a.startswith('--')]
    started = time.monotonic()
    tests = []
    for preset in PRESETS:
        if preset == 'tsan' and names and not any('threads' in t['kinds'] for t in tests):
            continue
        build(preset)
        tests += [t for t in declared(preset) if wanted(t) and all(n in t['name'] for n in names)]
    results = []
    # Long programs first, so that the two cores end together.
    with concurrent.futures.ThreadPoolExecutor(max_workers=int(os.environ.get('INOX_JOBS', os.cpu_count() or 2))) as pool:
        for done in concurrent.futures.as_completed([pool.submit(run, t, long_run) for t in tests]):
            result = done.result()
            results.append(result)
            word = 'FAIL' if result.failed else 'ok'
            print(f'{word:4} {result.name}: {result.passed} passed, {result.failed} failed, {result.skipped} skipped'
                  f' ({result.wall_s:.1f} s){" " + result.note if result.note else ""}', flush=True)
            for text in result.complaints:
                print('     ' + text.replace('\n', '\n     '))
    if not names:
        check_floors(results, raising)
    finish(results, started)


def finish(results, started):
    skips = [f'  {r.name}: {s}' for r in results for s in r.skips]
    if skips:
        print('skipped:\n' + '\n'.join(skips))
    print('slowest:')
    for result in sorted(results, key=lambda r: -r.wall_s)[:10]:
        print(f'  {result.wall_s:7.1f} s  {result.name}')
    print(f'all of it took {time.monotonic() - started:.0f} s')
    passed, failed, skipped = (sum(getattr(r, k) for r in results) for k in ('passed', 'failed', 'skipped'))
    if passed == 0:
        print('nothing ran: that is a failure')
        failed += 1
    print(f'{passed} passed, {failed} failed, {skipped} skipped', flush=True)
    sys.exit(1 if failed else 0)


def main_suite(name, folder):
    program = [t for t in declared('release') if t['name'] == f'suite-{name}']
    if not program:
        known = sorted(t['name'][6:] for t in declared('release') if 'suite' in t['kinds'])
        print(f"dev: there is no suite '{name}'; there are: {' '.join(known)}", file=sys.stderr)
        sys.exit(2)
    if not os.path.isdir(folder):
        print(f"dev: the suite '{name}' is not at {folder}: set INOX_SUITES to the folder of the public suites, or give the suite's own;"
              ' docs/tests.md says where each comes from', file=sys.stderr)
        sys.exit(4)
    env = environment(program[0], False)
    sys.exit(subprocess.run(program[0]['cmd'] + [os.path.abspath(folder)], env=env).returncode)


def main_fuzz(target, seconds):
    failed = 0
    chosen = [t for t in declared('asan') if 'fuzz' in t['kinds'] and target in t['name']]
    if not chosen:
        sys.exit(f"dev: no fuzz target's name contains '{target}'")
    for test in chosen:
        grown = os.path.join(ROOT, 'build', 'fuzz', test['name'])
        os.makedirs(grown, exist_ok=True)
        print(f'fuzzing {test["name"]} for {seconds} s; what it finds goes to {os.path.relpath(grown, ROOT)}', flush=True)
        code, text = execute(test['cmd'][:1] + [f'-max_total_time={seconds}', f'-artifact_prefix={grown}/', '-rss_limit_mb=2048',
                                                   '-max_len=65536', grown] + test['cmd'][1:], environment(test, False))
        print(text.strip().splitlines()[-1] if code == 0 else text[-6000:], flush=True)
        failed += code != 0
    print(f'{len(chosen) - failed} passed, {failed} failed, 0 skipped')
    sys.exit(1 if failed else 0)


if __name__ == '__main__':
    if sys.argv[1:2] == ['--suite']:
        main_suite(*sys.argv[2:4])
    elif sys.argv[1:2] == ['--fuzz']:
        main_fuzz(*sys.argv[2:4])
    else:
        main_test(sys.argv[1:])
