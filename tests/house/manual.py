#!/usr/bin/env python3
"""Every system has a manual page that mandoc reads without a complaint, a help page for each verb, a README, and tests; completion scripts
parse. Argument: the binary."""
import os
import shutil
import subprocess
import sys

BINARY = os.environ.get('INOX_BINARY', sys.argv[1] if len(sys.argv) > 1 else 'inox')
ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


def run(*command, **options):
    return subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, **options)


def systems():
    text = run(BINARY, '--version').stdout
    line = next((l for l in text.splitlines() if l.startswith('systems:')), 'systems:')
    return [w for w in line.split()[1:] if w != 'none']


def main():
    complaints = []
    if not shutil.which('mandoc'):
        print('SKIPPED: mandoc is not installed')
        sys.exit(77)
    for page in [[], *([s] for s in systems())]:
        source = run(BINARY, 'man', *page)
        lint = run('mandoc', '-T', 'lint', '-W', 'warning', input=source.stdout)
        if source.returncode or lint.stdout.strip():
            complaints.append(f'inox man {" ".join(page)}: {lint.stdout.strip() or "exit code " + str(source.returncode)}')
        if page and run(BINARY, 'help', *page).returncode:
            complaints.append(f'inox help {page[0]} fails')
    for shell in ('bash', 'zsh', 'fish'):
        script = run(BINARY, 'completion', shell)
        if script.returncode:
            complaints.append(f'inox completion {shell} fails')
        elif shutil.which(shell):
            check = run(shell, '-n', input=script.stdout)
            if check.returncode:
                complaints.append(f'completion {shell}: {check.stdout}')
    for folder, below, files in os.walk(os.path.join(ROOT, 'src')):
        if 'meson.build' in files and 'inox' in below and 'README.md' not in files:
            complaints.append(f'{os.path.relpath(folder, ROOT)} has no README.md')
        if 'meson.build' in files and 'inox' in below and not os.path.isdir(os.path.join(folder, 'tests')):
            complaints.append(f'{os.path.relpath(folder, ROOT)} has no tests')
    for line in complaints:
        print(line)
    sys.exit(1 if complaints else 0)


if __name__ == '__main__':
    main()
