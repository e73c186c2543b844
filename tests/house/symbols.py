#!/usr/bin/env python3
"""No two rooms define the same global symbol: they are linked into one program, and into other people's, where the linker would take the
first and say nothing, or stop. Arguments: the libraries."""
import collections
import os
import subprocess
import sys


def defined(library):
    text = subprocess.run(['nm', '-g', '--defined-only', '-f', 'posix', library], check=True, stdout=subprocess.PIPE,
                          stderr=subprocess.DEVNULL, text=True).stdout
    names = set()
    for line in text.splitlines():
        parts = line.split()
        # Sanitizers and weak definitions of the compiler's own are not ours.
        if len(parts) >= 2 and parts[1] in 'TDBRGSC' and not parts[0].startswith(('__', '_')):
            names.add(parts[0])
    return names


def main():
    rooms = collections.defaultdict(list)
    libraries = [a for a in sys.argv[1:] if a.endswith('.a')]
    for library in libraries:
        for name in defined(library):
            rooms[name].append(os.path.basename(library))
    twice = {name: places for name, places in rooms.items() if len(places) > 1}
    for name, places in sorted(twice.items()):
        print(f'{name}: defined in {" and ".join(sorted(places))}')
    if not libraries or not rooms:
        print('nothing was looked at')
        sys.exit(1)
    print(f'{len(libraries)} libraries, {len(rooms)} global symbols, {len(twice)} defined twice')
    sys.exit(1 if twice else 0)


if __name__ == '__main__':
    main()
