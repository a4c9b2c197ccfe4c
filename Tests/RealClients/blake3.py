"""BLAKE3 in a page of Python, for what no library offers: chaining values inside the tree. Slow; for a few groups."""
import struct

_IV = (0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19)
_ORDER = (2, 6, 3, 10, 7, 0, 4, 13, 1, 11, 12, 5, 9, 14, 15, 8)
_COLUMNS = ((0, 4, 8, 12), (1, 5, 9, 13), (2, 6, 10, 14), (3, 7, 11, 15),
            (0, 5, 10, 15), (1, 6, 11, 12), (2, 7, 8, 13), (3, 4, 9, 14))
_CHUNK_START, _CHUNK_END, _PARENT, _ROOT = 1, 2, 4, 8
_CHUNK, _MASK = 1024, 0xffffffff


def _compress(value, block, counter, size, flags):
    state = [*value, *_IV[:4], counter & _MASK, counter >> 32, size, flags]
    for _ in range(7):
        for index, (a, b, c, d) in enumerate(_COLUMNS):
            for word, first, second in ((block[2 * index], 16, 12), (block[2 * index + 1], 8, 7)):
                state[a] = state[a] + state[b] + word & _MASK
                turned = state[d] ^ state[a]
                state[d] = (turned >> first | turned << 32 - first) & _MASK
                state[c] = state[c] + state[d] & _MASK
                turned = state[b] ^ state[c]
                state[b] = (turned >> second | turned << 32 - second) & _MASK
        block = [block[index] for index in _ORDER]
    return [state[index] ^ state[index + 8] for index in range(8)]


def _chunk(data, counter, flags):
    value, blocks = _IV, [data[start:start + 64] for start in range(0, len(data), 64)] or [b""]
    for index, block in enumerate(blocks):
        marks = (_CHUNK_START if index == 0 else 0) | (_CHUNK_END | flags if index == len(blocks) - 1 else 0)
        value = _compress(value, struct.unpack("<16I", block.ljust(64, b"\0")), counter, len(block), marks)
    return value


def _subtree(data, counter, flags):
    if len(data) <= _CHUNK:
        return _chunk(data, counter, flags)
    # The left side is the largest power of two of chunks that leaves something for the right.
    left = 1 << ((len(data) - 1) // _CHUNK).bit_length() - 1
    block = _subtree(data[:left * _CHUNK], counter, 0) + _subtree(data[left * _CHUNK:], counter + left, 0)
    return _compress(_IV, block, 0, 64, _PARENT | flags)


def hash_of(data):
    """The 32 bytes of the hash."""
    return struct.pack("<8I", *_subtree(data, 0, _ROOT))


def value_of(data, first_chunk):
    """The chaining value of a subtree that is not the root and starts with that chunk."""
    return struct.pack("<8I", *_subtree(data, first_chunk, 0))
