"""Which pieces a satellite counts on, and which ones its nodes have: read from their files while they run."""
import hashlib
import hmac
import os
import sqlite3
import struct

_ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
# piece, log, offset, content size, trailer units, kind, revision, created, expires, trashed, checksum: docs/piece-store.md
_RECORD = struct.Struct("<32sIIIHBBIIII")
_HEADER = 64
_PIECE, _REMOVED = 1, 2


class Held:
    """What one node's index says of a piece."""

    def __init__(self, size, created, trashed):
        self.size, self.created, self.trashed = size, created, trashed


def node_id(text):
    """The 32 bytes behind a node id's text."""
    number = 0
    for character in text:
        number = number * 58 + _ALPHABET.index(character)
    body = number.to_bytes(37, "big")[:-4]  # version, payload, and a checksum that nobody here doubts
    return body[1:32] + body[:1]


def live_pieces(database):
    """(node, piece id) of every piece of every segment in the satellite's database, as of one moment."""
    connection = sqlite3.connect(f"file:{database}?mode=ro", uri=True, timeout=30)
    try:
        connection.execute("BEGIN")
        nodes = dict(connection.execute("SELECT alias, node FROM node_aliases"))
        found = set()
        for root, pieces in connection.execute("SELECT root_piece, pieces FROM segments WHERE pieces IS NOT NULL"):
            for number, alias in _decode(pieces):
                node = nodes[alias]
                code = hmac.digest(root, node + struct.pack(">I", number), hashlib.sha512)
                found.add((node, code[:32]))
        return found
    finally:
        connection.close()


def _decode(data):
    """Piece numbers and aliases: a version byte, then groups of absent and present pieces."""
    if data[0] != 1:
        raise ValueError("pieces of an unknown version")
    at, number, found = 1, 0, []
    while at < len(data):
        number += data[at] & 7
        count = data[at] >> 3
        at += 1
        for _ in range(count):
            alias, shift = 0, 0
            while True:
                byte = data[at]
                at += 1
                alias |= (byte & 0x7f) << shift
                shift += 7
                if byte < 0x80:
                    break
            found.append((number, alias))
            number += 1
    return found


def held_pieces(folder):
    """Piece id to what the node in `folder` has of it, trash included."""
    held = {}
    pieces = os.path.join(folder, "pieces")
    for satellite in os.listdir(pieces):
        index = os.path.join(pieces, satellite, "index")
        if not os.path.exists(index):
            continue
        with open(index, "rb") as file:
            data = file.read()
        end = _HEADER + (len(data) - _HEADER) // _RECORD.size * _RECORD.size
        for record in _RECORD.iter_unpack(data[_HEADER:end]):
            piece, _, _, size, _, kind, _, created, _, trashed, _ = record
            if kind == _PIECE:
                held[piece] = Held(size, created, trashed)
            elif kind == _REMOVED:
                held.pop(piece, None)
    return held


def disk_bytes(folder):
    """Bytes on the disk under a folder."""
    total = 0
    for path, _, names in os.walk(folder):
        for name in names:
            try:
                total += os.lstat(os.path.join(path, name)).st_blocks * 512
            except FileNotFoundError:
                continue  # logs come and go
    return total
