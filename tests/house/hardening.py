#!/usr/bin/env python3
"""Reads the shipped binary and checks each hardening property that docs/architecture.md promises. Argument: the binary."""
import os
import re
import subprocess
import sys


def read(*command):
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout


def main():
    if os.environ.get('INOX_PRESET') != 'release':
        print('only the release build ships')
        sys.exit(77)
    binary = os.environ.get('INOX_BINARY', sys.argv[1])
    header, program = read('readelf', '-hW', binary), read('readelf', '-lW', binary)
    dynamic, symbols, code = read('readelf', '-dW', binary), read('readelf', '--dyn-syms', '-W', binary), read('objdump', '-d', binary)
    properties = {
        'position-independent executable': re.search(r'Type:\s+DYN', header) and 'PIE' in dynamic,
        'relocations read-only (RELRO)': 'GNU_RELRO' in program,
        'all symbols bound at start (BIND_NOW)': 'BIND_NOW' in dynamic or re.search(r'FLAGS_1.*NOW', dynamic),
        'stack not executable': re.search(r'GNU_STACK.* RW ', program),
        'no writable and executable segment': not re.search(r'LOAD.* RWE ', program),
        'stack protector': '__stack_chk_fail' in symbols,
        'fortified libc calls': re.search(r'__\w+_chk\b(?<!__stack_chk_fail)', symbols.replace('__stack_chk_fail', '')),
        # The linker's note needs every object of libc's start-up code to have it too; the landing pads are ours.
        'control-flow protection (landing pads)': code.count('endbr64') > 500,
        'no library search path': 'RPATH' not in dynamic and 'RUNPATH' not in dynamic,
    }
    missing = [name for name, holds in properties.items() if not holds]
    for name in missing:
        print(f'{binary}: missing: {name}')
    sys.exit(1 if missing else 0)


if __name__ == '__main__':
    main()
