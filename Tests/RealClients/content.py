"""Content that tells at once when a byte is wrong, missing or in another place."""
import random

KIB, MIB = 1 << 10, 1 << 20
_MOST = 128 * MIB  # A generator makes less than 256 MiB at once.

# What the library keeps inline, one segment, several: each with the values around its bound.
SIZES = [0, 1, 4096, 4097, 64 * MIB - 1, 64 * MIB, 64 * MIB + 1, 200 * MIB]


def content(size, seed=0):
    """`size` bytes that depend on nothing but the two arguments."""
    source, whole, rest = random.Random(f"{size}/{seed}"), size // _MOST, size % _MOST
    return b"".join(source.randbytes(count) for count in [_MOST] * whole + [rest])


def difference(actual, expected):
    """Where two byte strings first differ, as a sentence; empty when they do not."""
    if actual == expected:
        return ""
    for index in range(0, max(len(actual), len(expected)), 4096):
        if actual[index:index + 4096] != expected[index:index + 4096]:
            break
    return f"{len(actual)} bytes instead of {len(expected)}, differing from about byte {index}"
