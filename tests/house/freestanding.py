#!/usr/bin/env python3
"""Compiles every pure source freestanding, for WebAssembly and for ARMv7-M, and fails on any undefined symbol but mem* and the
compiler's own arithmetic helpers. Arguments: the pure sources, from the build."""
import os
import re
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
TARGETS = {'wasm32': ['--target=wasm32-unknown-unknown'], 'thumbv7m': ['--target=thumbv7m-none-eabi', '-mthumb']}
FLAGS = ['-std=gnu17', '-Os', '-ffreestanding', '-nostdlibinc', '-ffp-contract=off', '-Wall', '-Wextra', '-Werror', '-fvisibility=hidden']
# What the compiler may call by itself: the four of C, and its run-time library's integer arithmetic (no floating point on ARMv7-M).
ALLOWED = re.compile(r'^(mem(cpy|move|set|cmp)|__aeabi_mem(cpy|move|set|clr)[48]?|__aeabi_(u?l?divmod|u?idiv(mod)?|lmul|l(ls|ls|as)[lr]'
                     r'|llsl|llsr|lasr)|__(u?div|u?mod|mul|mulo)[sdt]i[34]|__(ashl|lshr|ashr)[dt]i3'
                     r'|__aeabi_(d|f|u?l|u?i)2?[a-z0-9]+|__stack_pointer|__linear_memory|__indirect_function_table)$')


def symbols(objects):
    defined, undefined = set(), {}
    for name in objects:
        text = subprocess.run(['llvm-nm-19', name], check=True, stdout=subprocess.PIPE, text=True).stdout
        for line in text.splitlines():
            kind, symbol = line.split()[-2:]
            if kind in 'Uw':
                undefined.setdefault(symbol, os.path.basename(name))
            else:
                defined.add(symbol)
    return {s: n for s, n in undefined.items() if s not in defined}


def main():
    sources, failed = sys.argv[1:], False
    if not sources:
        sys.exit('no pure sources')
    includes = sorted({f'-I{folder}' for folder, below, _ in os.walk(os.path.join(ROOT, 'src')) if 'inox' in below})
    for target, flags in TARGETS.items():
        with tempfile.TemporaryDirectory() as folder:
            objects = []
            for index, source in enumerate(sources):
                name = os.path.join(folder, f'{index:03}-{os.path.basename(source)}.o')
                run = subprocess.run(['clang-19', *flags, *FLAGS, *includes, '-c', source, '-o', name], stderr=subprocess.PIPE, text=True)
                if run.returncode != 0:
                    print(f'{target}: {run.stderr}')
                    failed = True
                else:
                    objects.append(name)
            for symbol, name in sorted(symbols(objects).items()):
                if not ALLOWED.match(symbol):
                    print(f'{target}: {name} needs {symbol}')
                    failed = True
    sys.exit(1 if failed else 0)


if __name__ == '__main__':
    main()
