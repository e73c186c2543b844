#!/usr/bin/env python3
"""RFC 9162 section 2.1, word by word and recursively, with hashlib: roots of all trees up to N leaves, every inclusion proof and every
consistency proof, for the tests to compare with. A line each:
    root SIZE HASH
    inclusion INDEX SIZE HASH…
    consistency FIRST SECOND HASH…
The first eight leaves are those of the Certificate Transparency test vectors, the others are their index as text. Usage: merkle_reference.py N"""
import hashlib
import sys

CT = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f']


def leaf(index):
    return bytes.fromhex(CT[index]) if index < len(CT) else f'leaf {index}'.encode()


def sha256(*parts):
    return hashlib.sha256(b''.join(parts)).digest()


def split(n):
    k = 1
    while 2 * k < n:
        k *= 2
    return k


cache = {}


def mth(start, end):
    """MTH(D[start:end])"""
    if (start, end) not in cache:
        n = end - start
        if n == 0:
            cache[start, end] = sha256()
        elif n == 1:
            cache[start, end] = sha256(b'\x00', leaf(start))
        else:
            k = split(n)
            cache[start, end] = sha256(b'\x01', mth(start, start + k), mth(start + k, end))
    return cache[start, end]


def path(m, start, end):
    """PATH(m, D[start:end])"""
    n = end - start
    if n == 1:
        return []
    k = split(n)
    if m < k:
        return path(m, start, start + k) + [mth(start + k, end)]
    return path(m - k, start + k, end) + [mth(start, start + k)]


def subproof(m, start, end, complete):
    """SUBPROOF(m, D[start:end], complete)"""
    n = end - start
    if m == n:
        return [] if complete else [mth(start, end)]
    k = split(n)
    if m <= k:
        return subproof(m, start, start + k, complete) + [mth(start + k, end)]
    return subproof(m - k, start + k, end, False) + [mth(start, start + k)]


def main():
    most = int(sys.argv[1])
    for size in range(most + 1):
        print('root', size, mth(0, size).hex())
        for index in range(size):
            print('inclusion', index, size, *(h.hex() for h in path(index, 0, size)))
        for first in range(1, size):
            print('consistency', first, size, *(h.hex() for h in subproof(first, 0, size, True)))


if __name__ == '__main__':
    main()
