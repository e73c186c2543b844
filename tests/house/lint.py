#!/usr/bin/env python3
"""Format, static analysis and the rules of the house. `./dev lint` looks at the C files changed since the merge base with main,
`./dev lint --all` at everything. Prints file:line: what; exit 0 only if clean.

The rules that no other tool knows: banned calls, files over 600 lines, functions over 70 (but for a comment `length: reason` in the
lines above), and texts that name a machine's paths."""
import concurrent.futures
import json
import os
import re
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BANNED = re.compile(r'(?<![\w.>])(strcpy|strcat|sprintf|vsprintf|gets|strtok|atoi|atol|atoll|alloca|system|popen)\s*\(')
SCANF = re.compile(r'scanf\s*\([^"]*"[^"]*%s')
HOME = re.compile(r'(?<![\w.])/(work|root|home/\w+)/')
FILE_LINES_MAX, FUNCTION_LINES_MAX = 600, 70


def run(*command, **options):
    return subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, **options)


def tracked():
    listed = run('git', 'ls-files', '-co', '--exclude-standard')
    if listed.returncode == 0:
        return [f for f in listed.stdout.split('\n') if f and os.path.isfile(os.path.join(ROOT, f))]
    found = []  # a checkout that was copied without its history
    for folder, below, files in os.walk(ROOT):
        below[:] = [b for b in below if b not in ('build', '.git')]
        found += [os.path.relpath(os.path.join(folder, f), ROOT) for f in files]
    return found


def changed(files):
    for base in ('origin/main', 'main'):
        merge = run('git', 'merge-base', 'HEAD', base)
        if merge.returncode == 0:
            names = set(run('git', 'diff', '--name-only', merge.stdout.strip()).stdout.split('\n'))
            names |= set(run('git', 'ls-files', '-o', '--exclude-standard').stdout.split('\n'))
            return [f for f in files if f in names]
    return files


def without_text(source):
    """The code alone: comments and strings blanked, lines kept."""
    blank = lambda m: re.sub(r'[^\n]', ' ', m.group(0))
    return re.sub(r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', blank, source, flags=re.S)


def functions(code):
    """(first line, lines) of every function, by counting braces outside of comments, strings and preprocessor lines."""
    depth, start, head = 0, 0, ''
    for number, line in enumerate(re.sub(r'^[ \t]*#(?:[^\n]*\\\n)*[^\n]*', lambda m: re.sub(r'[^\n]', ' ', m.group(0)), code, flags=re.M).split('\n'), 1):
        if depth == 0:
            head = head + line if head.strip() and not re.search(r'[;}]\s*$', head) else line
        for brace in re.findall(r'[{}]', line):
            depth += 1 if brace == '{' else -1
            if depth == 1 and brace == '{':
                start = number if re.search(r'\)\s*\{', head) and '=' not in head.split('{')[0] else 0
            elif depth == 0:
                if start:
                    yield start, number - start
                head = ''


def house_rules(file):
    with open(os.path.join(ROOT, file), encoding='utf-8') as opened:
        source = opened.read()
    lines, code = source.split('\n'), without_text(source)
    said = []
    for number, line in enumerate(code.split('\n'), 1):
        for match in BANNED.finditer(line):
            said.append(f'{file}:{number}: {match.group(1)} is banned (docs/style.md)')
    for number, line in enumerate(lines, 1):
        if SCANF.search(line):
            said.append(f'{file}:{number}: scanf with an unbounded %s is banned')
    generated = any('generated' in line.lower() for line in lines[:6])
    if len(lines) - 1 > FILE_LINES_MAX and not generated:
        said.append(f'{file}:1: {len(lines) - 1} lines, over {FILE_LINES_MAX}: is it two concepts?')
    for start, length in functions(code):
        if length > FUNCTION_LINES_MAX and not any('length:' in l for l in lines[max(0, start - 8):start + 2]):
            said.append(f'{file}:{start}: a function of {length} lines, over {FUNCTION_LINES_MAX}')
    if not lines[0].startswith('/*') and not generated:
        said.append(f'{file}:1: a file starts with what is here and for whom')
    return said


def texts(files):
    said = []
    for file in files:
        if file.endswith(('.c', '.h', '.md', '.py', '.build', '.ini', '.apt', '.txt', '.json')) or file in ('dev', '.ci/run'):
            with open(os.path.join(ROOT, file), encoding='utf-8', errors='replace') as opened:
                for number, line in enumerate(opened, 1):
                    if HOME.search(line) and 'tests/house/lint.py' not in file:
                        said.append(f'{file}:{number}: names a path of one machine')
    return said


def format_of(files):
    if not files:
        return []
    result = run('clang-format-19', '--dry-run', '-Werror', *files)
    return [l for l in result.stdout.split('\n') if 'error:' in l]


def tidy(file):
    # The analyzer does not know that a failed assertion of cmocka ends the test.
    tests = ['--checks=-clang-analyzer-*'] if '/tests/' in file else []
    result = run('clang-tidy-19', '-p', 'build/asan', '--quiet', '--extra-arg=-Wno-unknown-warning-option', *tests, file)
    wanted = [l for l in result.stdout.split('\n') if re.search(r': (warning|error):', l)]
    return wanted or ([f'{file}: clang-tidy: {result.stdout.strip()}'] if result.returncode else [])


def cppcheck(files):
    if not files:
        return []
    includes = sorted({f'-Isrc/{os.path.relpath(folder, os.path.join(ROOT, "src"))}'
                       for folder, below, _ in os.walk(os.path.join(ROOT, 'src')) if 'inox' in below})
    result = run('cppcheck', '--quiet', '-j2', '--enable=warning,performance,portability', '--inline-suppr', '--std=c11', '--error-exitcode=1',
                 '--library=gnu', '--library=posix', '--suppress=missingInclude', '--suppress=missingIncludeSystem',
                 '--suppress=unknownMacro', '--suppress=readdirCalled', '--suppress=invalidFunctionArg', '--suppress=normalCheckLevelMaxBranches', '--max-configs=4', '-D_GNU_SOURCE', '-D__x86_64__', '-D__STDC_HOSTED__=1',
                 '-D__BYTE_ORDER__=1234', '-D__ORDER_LITTLE_ENDIAN__=1234', '--template={file}:{line}: {id}: {message}',
                 *includes, '-Itests/support', *files)
    # Its tables are wrong about these: anonymous memory has the descriptor -1, and glibc's readdir is safe on a stream of one's own.
    known = re.compile(r'Invalid mmap\(\) argument nr 5|readdirCalled')
    return [l for l in result.stdout.split('\n') if l.strip() and not known.search(l)] if result.returncode else []


def shell(files):
    scripts = [f for f in files if f in ('dev', '.ci/run') or f.endswith('.sh')]
    result = run('shellcheck', '--format=gcc', *scripts) if scripts else None
    return [l for l in result.stdout.split('\n') if l.strip()] if result else []


def main():
    files = tracked()
    if '--all' not in sys.argv:
        files = changed(files)
    c_files = sorted(f for f in files if f.endswith(('.c', '.h')))
    if not os.path.exists(os.path.join(ROOT, 'build/asan/compile_commands.json')):
        sys.exit('lint: build/asan is not configured: run ./dev lint')
    with open(os.path.join(ROOT, 'build/asan/compile_commands.json')) as opened:
        compiled = {os.path.relpath(os.path.join(e['directory'], e['file']), ROOT) for e in json.load(opened)}
    said = []
    with concurrent.futures.ThreadPoolExecutor(max_workers=os.cpu_count() or 2) as pool:
        jobs = [pool.submit(house_rules, f) for f in c_files] + [pool.submit(tidy, f) for f in c_files if f in compiled]
        jobs += [pool.submit(job, f) for job, f in
                 ((format_of, c_files), (cppcheck, [f for f in c_files if f.endswith('.c')]), (shell, files), (texts, files))]
        for job in jobs:
            said += job.result()
    for line in sorted(set(said)):
        print(line)
    unformatted = sorted({re.sub(r':\d+:\d+: error:.*', '', line) for line in said if 'clang-format' in line})
    if unformatted:
        print('lint: this puts their format right: clang-format-19 -i ' + ' '.join(unformatted))
    print(f'lint: {len(c_files)} C files, {len(set(said))} complaints')
    sys.exit(1 if said else 0)


if __name__ == '__main__':
    main()
