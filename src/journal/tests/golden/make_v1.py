#!/usr/bin/env python3
"""Writes a journal of format 1.0 from docs/journal.md alone, with its own CRC-32C and b3sum's BLAKE3: what the tests hold the C code to.
Kept as written, so that later versions stay able to read it. Usage: make_v1.py DIRECTORY"""
import os
import struct
import subprocess
import sys

IDENTITY = bytes(range(16))
APPLICATION = b'golden'.ljust(16, b'\0')
HEADER = 128


def crc32c(data, crc=0):
    crc ^= 0xFFFFFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0x82F63B78 if crc & 1 else 0)
    return crc ^ 0xFFFFFFFF


def blake3(data):
    return bytes.fromhex(subprocess.run(['b3sum', '--no-names'], input=data, stdout=subprocess.PIPE, check=True).stdout.decode().strip())


def sealed(data):
    return data + struct.pack('<I', crc32c(data))


def header(number, first, chain):
    return sealed((b'IXJOURNL' + struct.pack('<HHHHII', 1, 0, HEADER, 1, 1000, 0) + IDENTITY + APPLICATION +
                   struct.pack('<QQq', number, first, 1700000000000000000 + number) + chain).ljust(HEADER - 4, b'\0'))


def record(salt, offset, durable, kind, sequence, time, chain, payload):
    fields = struct.pack('<IHHQq', len(payload), kind, 0, sequence, time)
    chain = blake3(fields + chain + payload)
    rest = struct.pack('<I', offset - durable) + fields + chain + payload
    rest += bytes(-(len(rest) + 4) % 8)
    return struct.pack('<I', crc32c(rest, (salt + offset) % 2**32)) + rest, chain


def payload(sequence):
    return bytes((sequence * 7 + i) % 256 for i in range(sequence * 5))


def main():
    out = sys.argv[1]
    chain = blake3(b'inox journal 1 chain\0' + IDENTITY + APPLICATION)
    sequence = 1
    for number, count in ((1, 4), (2, 3)):
        data = header(number, sequence, chain)
        salt, durable = struct.unpack('<I', data[-4:])[0], 0 if number == 2 else HEADER
        for _ in range(count):
            piece, chain = record(salt, len(data), durable, sequence % 3, sequence, -1000 * sequence, chain, payload(sequence))
            data += piece
            if sequence % 2 == 0:
                durable = len(data)
            sequence += 1
        with open(os.path.join(out, f'segment-{number:012}.ixj'), 'wb') as file:
            file.write(data)
    slots = [sealed((b'IXJMARK1' + struct.pack('<HHHH', 1, 0, 128, 1) + IDENTITY + struct.pack('<QQQQQ', counter, 1, 2, len(data), 7) +
                     chain).ljust(124, b'\0')).ljust(512, b'\0') for counter in (8, 9)]
    with open(os.path.join(out, 'mark'), 'wb') as file:
        file.write(b''.join(slots))
    head = sealed((b'IXJSNAPS' + struct.pack('<HHHH', 1, 0, 128, 0) + IDENTITY + APPLICATION + struct.pack('<Qq', 5, 1700000000)).ljust(124, b'\0'))
    state = b'state as of five'
    tail = sealed((b'IXJSNEND' + struct.pack('<Q', len(state)) + blake3(head + state)).ljust(60, b'\0'))
    with open(os.path.join(out, 'snapshot-00000000000000000005.ixs'), 'wb') as file:
        file.write(head + state + tail)
    print(chain.hex())


if __name__ == '__main__':
    main()
