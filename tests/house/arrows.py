#!/usr/bin/env python3
"""The arrows of the house: every #include of <inox/…> runs down to a room that the includer declares, there is no circle, every public
header belongs to one room, and no two rooms share a prefix. The graph, by floors, is printed first.

Facts come from the build (src/meson.build): --room name|path|deps|command_deps|test_deps|prefixes."""
import os
import re
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
FLOORS = {'base': 1, 'os': 2, 'term': 2, 'formats': 2, 'net': 3, 'journal': 3, 'sql': 3, 'bus': 3, 'platform': 5}  # others: 4
INCLUDE = re.compile(r'^\s*#\s*include\s+(?:<(inox/[^>]+)>|"([^"]+)")', re.M)


def rooms_of(arguments):
    rooms = {}
    for fact in arguments:
        if fact == '--room':
            continue
        name, path, *lists = fact.split('|')
        deps, command_deps, test_deps, prefixes = ([x for x in text.split(',') if x] for text in lists)
        rooms[name] = {'path': path, 'deps': deps, 'command_deps': command_deps, 'test_deps': test_deps, 'prefixes': prefixes,
                       'floor': FLOORS.get(path.split('/')[0], 4)}
    return rooms


def owner_of_headers(rooms, complaints):
    owner = {}
    for name, room in rooms.items():
        folder = os.path.join(ROOT, 'src', room['path'], 'inox')
        for header in sorted(os.listdir(folder)) if os.path.isdir(folder) else []:
            key = 'inox/' + header
            if key in owner:
                complaints.append(f'src/{room["path"]}/{key}: room {owner[key]} has a public header of that name too')
            owner[key] = name
    return owner


def sources_of(room, rooms):
    """The room's own files: not those of rooms below its folder."""
    top = os.path.join(ROOT, 'src', room['path'])
    others = {os.path.join(ROOT, 'src', r['path']) for r in rooms.values()} - {top}
    for folder, below, files in os.walk(top):
        below[:] = [b for b in sorted(below) if os.path.join(folder, b) not in others]
        for file in sorted(files):
            if file.endswith(('.c', '.h')):
                yield os.path.join(folder, file)


def reach(rooms, name):
    """All rooms below a room: its declared ones and, since headers include headers, theirs."""
    seen, todo = set(), list(rooms[name]['deps'])
    while todo:
        dep = todo.pop()
        if dep not in seen:
            seen.add(dep)
            todo += rooms[dep]['deps']
    return seen


def check_includes(rooms, owner, complaints):
    for name, room in rooms.items():
        for file in sources_of(room, rooms):
            with open(file, encoding='utf-8') as source:
                text = source.read()
            relative = os.path.relpath(file, ROOT)
            allowed = {name, *room['deps']}
            if '/tests/' in relative:
                allowed |= {*room['command_deps'], *room['test_deps'], *(r for d in room['test_deps'] for r in reach(rooms, d))}
            elif re.match(r'(room|serve|tour|cmd(_\w+)?)\.[ch]$', os.path.basename(file)):
                allowed |= set(room['command_deps'])
            for public, private in INCLUDE.findall(text):
                if public in ('inox/testing.h', 'inox/suite.h', 'inox/bench.h'):
                    if '/tests/' not in relative:
                        complaints.append(f'{relative}: includes the tests\' <{public}>')
                elif public and public not in owner:
                    complaints.append(f'{relative}: <{public}> belongs to no room')
                elif public and owner[public] not in allowed:
                    complaints.append(f'{relative}: includes <{public}> of room {owner[public]}, which src/{room["path"]}/meson.build does not declare')
                elif private and '..' in private.split('/') and '/tests/' not in relative:
                    complaints.append(f'{relative}: "{private}" reaches into another folder')


def check_floors(rooms, complaints):
    for name, room in rooms.items():
        for dep in room['deps'] + room['command_deps']:
            if rooms[dep]['floor'] > room['floor']:
                complaints.append(f'src/{room["path"]}: floor {room["floor"]} leans on {dep} of floor {rooms[dep]["floor"]}')
        if name in reach(rooms, name):
            complaints.append(f'src/{room["path"]}: stands in a circle')


def check_prefixes(rooms, complaints):
    owner = {}
    for name, room in rooms.items():
        for prefix in room['prefixes']:
            if prefix in owner:
                complaints.append(f'src/{room["path"]}: prefix {prefix} belongs to room {owner[prefix]} already')
            owner[prefix] = name


def draw(rooms):
    for floor in sorted({r['floor'] for r in rooms.values()}, reverse=True):
        print(f'floor {floor}')
        for name, room in rooms.items():
            if room['floor'] == floor:
                print(f'  {room["path"]:28} -> {", ".join(room["deps"] + room["command_deps"]) or "-"}')


def main():
    rooms, complaints = rooms_of(sys.argv[1:]), []
    draw(rooms)
    check_floors(rooms, complaints)
    check_prefixes(rooms, complaints)
    check_includes(rooms, owner_of_headers(rooms, complaints), complaints)
    for line in complaints:
        print(line)
    sys.exit(1 if complaints or len(rooms) < 2 else 0)


if __name__ == '__main__':
    main()
