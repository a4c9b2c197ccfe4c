"""Pieces, sets of pieces and proofs, written from the specifications and not from the contracts."""

import copy
import hashlib
import struct

IV = (0x6A09E667, 0xBB67AE85, 0x3C6EF372, 0xA54FF53A, 0x510E527F, 0x9B05688C, 0x1F83D9AB, 0x5BE0CD19)
PERMUTATION = (2, 6, 3, 10, 7, 0, 4, 13, 1, 11, 12, 5, 9, 14, 15, 8)
MASK = 0xFFFFFFFF
START, END, PARENT, ROOT = 1, 2, 4, 8
CHUNK = 1024


def compress(value, block, counter, length, flags):
    """The first eight words of BLAKE3's compression."""
    state = list(value) + [*IV[:4], counter & MASK, counter >> 32, length, flags]
    words = list(struct.unpack("<16I", block))

    def mix(a, b, c, d, x, y):
        state[a] = (state[a] + state[b] + x) & MASK
        state[d] = turned(state[d] ^ state[a], 16)
        state[c] = (state[c] + state[d]) & MASK
        state[b] = turned(state[b] ^ state[c], 12)
        state[a] = (state[a] + state[b] + y) & MASK
        state[d] = turned(state[d] ^ state[a], 8)
        state[c] = (state[c] + state[d]) & MASK
        state[b] = turned(state[b] ^ state[c], 7)

    for _ in range(7):
        for column in range(4):
            mix(column, 4 + column, 8 + column, 12 + column, words[2 * column], words[2 * column + 1])
        for column in range(4):
            mix(column, 4 + (column + 1) % 4, 8 + (column + 2) % 4, 12 + (column + 3) % 4, words[8 + 2 * column],
                words[9 + 2 * column])
        words = [words[index] for index in PERMUTATION]
    return [state[index] ^ state[index + 8] for index in range(8)]


def turned(word, count):
    return (word >> count | word << (32 - count)) & MASK


def chunk_value(data, index, root=False):
    """The chaining value of a chunk, as 32 bytes."""
    value = IV
    blocks = range(0, max(1, len(data)), 64)
    for start in blocks:
        block = data[start:start + 64]
        flags = (START if start == 0 else 0) | ((END | (ROOT if root else 0)) if start == blocks[-1] else 0)
        value = compress(value, block.ljust(64, b"\0"), index, len(block), flags)
    return struct.pack("<8I", *value)


def parent_value(left, right, root=False):
    return struct.pack("<8I", *compress(IV, left + right, 0, 64, PARENT | (ROOT if root else 0)))


class Piece:
    """A piece with the tree over its chunks."""

    def __init__(self, identity, content):
        self.identity = identity
        self.content = content
        self.count = max(1, -(-len(content) // CHUNK))
        chunks = [content[start:start + CHUNK] for start in range(0, max(1, len(content)), CHUNK)]
        self.levels = [[chunk_value(chunk, index, self.count == 1) for index, chunk in enumerate(chunks)]]
        while len(self.levels[-1]) > 1:
            level = self.levels[-1]
            self.levels.append([
                parent_value(level[index], level[index + 1], len(level) == 2) if index + 1 < len(level) else level[index]
                for index in range(0, len(level), 2)])
        self.hash = self.levels[-1][0]

    @property
    def size(self):
        return len(self.content)

    @property
    def leaf(self):
        return hashlib.sha256(self.identity + self.size.to_bytes(32, "big") + self.hash).digest(), self.count

    def path(self, index):
        """A chunk with its siblings."""
        siblings = []
        for level in self.levels[:-1]:
            if index ^ 1 < len(level):
                siblings.append(level[index ^ 1])
            index //= 2
        return siblings

    def chunk(self, index):
        return self.content[index * CHUNK:(index + 1) * CHUNK]

    def named(self, identity):
        """The same content under another id."""
        other = copy.copy(self)
        other.identity = identity
        return other


class LargePiece:
    """A piece of which only one chunk is there; its siblings are made up, as nobody could tell."""

    def __init__(self, identity, size, index, chunk, random):
        self.identity, self.size, self.index, self.content = identity, size, index, chunk
        self.count = max(1, -(-size // CHUNK))
        assert len(chunk) == min(CHUNK, size - index * CHUNK)
        node, place, count = chunk_value(chunk, index, self.count == 1), index, self.count
        self.siblings = []
        while count > 1:
            if place ^ 1 < count:
                sibling = random.randbytes(32)
                self.siblings.append(sibling)
                pair = (sibling, node) if place & 1 else (node, sibling)
                node = parent_value(*pair, count == 2)
            place, count = place // 2, (count + 1) // 2
        self.hash = node

    leaf = Piece.leaf

    def path(self, index):
        assert index == self.index
        return self.siblings

    def chunk(self, index):
        assert index == self.index
        return self.content


def node_above(left, right):
    data = left[0] + left[1].to_bytes(32, "big") + right[0] + right[1].to_bytes(32, "big")
    return hashlib.sha256(data).digest(), left[1] + right[1]


class PieceSet:
    """The Merkle-sum tree over pieces, sorted by id."""

    def __init__(self, pieces, more=()):
        """A set; `more` are nodes that stand to the right of it, one on each level above."""
        self.more = more
        self.pieces = sorted(pieces, key=lambda piece: piece.identity)
        self.levels = [[piece.leaf for piece in self.pieces]]
        while len(self.levels[-1]) > 1:
            level = self.levels[-1]
            self.levels.append([
                node_above(level[index], level[index + 1]) if index + 1 < len(level) else level[index]
                for index in range(0, len(level), 2)])
        top = self.levels[-1][0]
        for node in more:
            top = node_above(top, node)
        self.root, self.total = top

    def proof(self, target):
        """The proof of a chunk of the set, as the contract takes it."""
        place = 0
        while target >= self.pieces[place].count:
            target -= self.pieces[place].count
            place += 1
        piece = self.pieces[place]
        hashes, sums = [], []
        for level in self.levels[:-1]:
            if place ^ 1 < len(level):
                sibling = level[place ^ 1]
                hashes.append(sibling[0])
                sums.append(sibling[1] * 2 + (1 if place & 1 else 0))
            place //= 2
        hashes += [node[0] for node in self.more]
        sums += [node[1] * 2 for node in self.more]
        return {
            "pieceId": piece.identity, "pieceSize": piece.size, "chunkIndex": target, "chunk": piece.chunk(target),
            "chunkPath": piece.path(target), "setHashes": hashes, "setSums": sums}
