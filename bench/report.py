#!/usr/bin/env python3
"""Writes docs/benchmarks.md from bench/results/*.json, so that no figure in the docs is typed by hand. `--check` only says whether the page
is what the data gives (exit 1 if not); a test calls it so."""
import json
import os
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
RESULTS = os.path.join(ROOT, 'bench', 'results')
PAGE = os.path.join(ROOT, 'docs', 'benchmarks.md')
HEAD = """# Benchmarks

Written by `bench/report.py` from the data in [bench/results/](../bench/results/), which `./dev bench` makes. Medians of interleaved runs; wall time on a shared machine is noisy, so CPU time
stands beside it. A peer that was not at hand in the same session is "not measured"; no ratio is ever taken from another one.
"""


def amount(value, unit):
    if unit.endswith('/s'):
        for factor, letter in ((1e9, 'G'), (1e6, 'M'), (1e3, 'k')):
            if value >= factor:
                return f'{value / factor:.3g} {letter} {unit}'
    return f'{value:.3g} {unit}'


def notes(case):
    known = {'case', 'unit', 'median', 'best', 'runs', 'cpu_s', 'wall_s', 'sum', 'checksum', 'peer', 'ratio'}
    parts = [f'{key.replace("_", " ")} {value:,}' if isinstance(value, int) else f'{key.replace("_", " ")} {value}'
             for key, value in case.items() if key not in known]
    if 'ratio' in case:
        parts.insert(0, f'{case["ratio"]:.2f} x {case.get("peer", "the peer")}')
    return ', '.join(parts)


def page():
    text = HEAD
    for name in sorted(os.listdir(RESULTS)) if os.path.isdir(RESULTS) else []:
        with open(os.path.join(RESULTS, name)) as file:
            data = json.load(file)
        machine = data['machine']
        text += f'\n## {name[:-5]}\n\n`{data["command"]}` on {data["date"]}, {data["rounds"]} rounds: {machine["cpu"]}, {machine["cores"]} cores, Linux {machine["kernel"].split("-")[0]}, {machine["compiler"]}.\n'
        for result in data['results']:
            text += f'\n### {result["program"]}\n\n| case | median | best | CPU of a run | notes |\n| --- | --- | --- | --- | --- |\n'
            for case in result['cases']:
                if case.get('not_measured') or 'median' not in case:
                    text += f'| {case["case"]} | not measured | | | |\n'
                else:
                    text += f'| {case["case"]} | {amount(case["median"], case["unit"])} | {amount(case["best"], case["unit"])} | {case.get("cpu_s", 0):.3f} s | {notes(case)} |\n'
    return text


def main():
    text = page()
    if '--check' in sys.argv:
        with open(PAGE) as file:
            same = file.read() == text
        if not same:
            print('docs/benchmarks.md is not what bench/results gives: run bench/report.py')
        sys.exit(0 if same else 1)
    with open(PAGE, 'w') as file:
        file.write(text)


if __name__ == '__main__':
    main()
