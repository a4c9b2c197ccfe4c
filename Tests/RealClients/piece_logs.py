"""Stored pieces, found and changed behind a node's back: rot, which the node notices, and lies, which it serves as the truth.

The layout is docs/piece-store.md's. A liar's node is one whose trailers fit the changed bytes, so the group values and
the authenticator are made anew.
"""
import base64
import glob
import hashlib
import hmac
import os
import struct
import zlib

import blake3

UNIT, FOOTER, GROUP = 64, 256, 16 << 10
_HEADER, _INDEX_HEADER, _RECORD = 64, 64, 64
_MAGIC = b"STORJTR1"


def aligned(size):
    """The next boundary of a log at or after a size."""
    return (size + UNIT - 1) // UNIT * UNIT


def text_of(identity):
    """A piece's id, given in hexadecimal, as our programs write it."""
    return base64.b32encode(bytes.fromhex(identity)).decode().rstrip("=")


class StoredPiece:
    """One entry of a log."""

    def __init__(self, path, key, trailer_start, trailer):
        self.path, self.key, self.trailer_start, self.trailer = path, key, trailer_start, trailer
        footer = trailer[-FOOTER:]
        self.size, = struct.unpack_from("<q", footer, 16)
        self.identity = footer[64:96].hex()
        self.created, = struct.unpack_from("<q", footer, 160)
        self.start = trailer_start - aligned(self.size)

    @property
    def end(self):
        """Where the entry ends in its log."""
        return self.trailer_start + len(self.trailer)

    @property
    def is_last(self):
        """Whether nothing follows in the log."""
        return os.path.getsize(self.path) == self.end

    @property
    def groups(self):
        """How many groups the content has."""
        return (self.size + GROUP - 1) // GROUP

    def content(self):
        """The bytes that were uploaded."""
        return self.bytes(self.start, self.size)

    def bytes(self, start, count):
        """Bytes of the log."""
        with open(self.path, "rb") as file:
            file.seek(start)
            return file.read(count)

    def overwrite(self, start, data):
        """Changes bytes of the log."""
        with open(self.path, "r+b") as file:
            file.seek(start)
            file.write(data)

    def corrupt(self, groups, lies):
        """Changes a byte in the middle of each of these 16 KiB groups; a liar's trailer fits afterwards."""
        content = bytearray(self.content())
        for group in groups:
            data = content[group * GROUP:(group + 1) * GROUP]
            if self._value(data, group) != self._stored_value(group):
                raise AssertionError(f"group {group} of piece {self.identity} is not what its trailer says")
            content[group * GROUP + len(data) // 2] ^= 0x55
        self.overwrite(self.start, content)
        if lies:
            self.forge(content, groups)

    def forge(self, content, groups=None):
        """Makes the trailer fit these bytes, which differ from what was stored in these groups, or in all."""
        for group in range(self.groups) if groups is None else groups:
            value, place = self._value(content[group * GROUP:(group + 1) * GROUP], group), self._value_place(group)
            self.trailer = self.trailer[:place] + value + self.trailer[place + 32:]
        self.seal()

    def forge_like(self, other):
        """Makes the trailer fit another piece of the same size: hashes that are known need not be computed."""
        count = 0 if self.groups <= 1 else self.groups * 32
        root = len(self.trailer) - FOOTER + 128
        self.trailer = other.trailer[:count] + self.trailer[count:root] + other.root + self.trailer[root + 32:]
        self.seal()

    @property
    def root(self):
        """The BLAKE3 root in the trailer."""
        return self.trailer[-FOOTER + 128:-FOOTER + 160]

    def seal(self):
        """Writes the trailer, with an authenticator as only the key's owner can make it."""
        self.trailer = self.trailer[:-32] + hmac.digest(self.key, self.trailer[:-32], hashlib.sha256)
        self.overwrite(self.trailer_start, self.trailer)

    def set_size(self, size):
        """Changes the size that the trailer tells, without sealing it."""
        place = len(self.trailer) - FOOTER + 16
        self.trailer = self.trailer[:place] + struct.pack("<q", size) + self.trailer[place + 8:]

    def append_index_record(self, size):
        """Tells the index of a stopped node that the piece has another size; its latest record of a piece holds."""
        path = os.path.join(os.path.dirname(self.path), "index")
        with open(path, "r+b") as index:
            data = index.read()
            records = [data[at:at + _RECORD] for at in range(_INDEX_HEADER, len(data), _RECORD)]
            last = [record for record in records if record[:32].hex() == self.identity and record[46] == 1][-1]
            record = last[:36] + struct.pack("<II", (self.trailer_start - aligned(size)) // UNIT, size) + last[44:60]
            index.seek(_INDEX_HEADER + len(records) * _RECORD)
            index.write(record + struct.pack("<I", zlib.crc32(record)))

    def _value(self, data, group):
        return blake3.hash_of(data) if self.groups == 1 else blake3.value_of(data, group * 16)

    def _value_place(self, group):
        # A piece of one group has its root in the footer and no group values.
        return len(self.trailer) - FOOTER + 128 if self.groups == 1 else group * 32

    def _stored_value(self, group):
        place = self._value_place(group)
        return self.trailer[place:place + 32]


def stored_pieces(node, since=0):
    """The pieces in a node's logs that came after a time; `node` is an entry of network.json."""
    pieces = []
    for path in glob.glob(os.path.join(glob.escape(node["dir"]), "**", "log-*"), recursive=True):
        if os.path.getmtime(path) >= since:
            with open(path, "rb") as file:
                pieces += [piece for piece in _entries(path, file.read()) if piece.created >= int(since)]
    return pieces


def _entries(path, data):
    key, at = data[24:56], data.find(_MAGIC, _HEADER)
    while at >= 0:
        size, = struct.unpack_from("<I", data, at + 12) if at + 16 <= len(data) else (0,)
        end = at + FOOTER
        trailer = data[end - size:end] if FOOTER <= size <= end <= len(data) else b""
        # Content may hold the magic by chance; only the key's owner writes the authenticator.
        if at % UNIT == 0 and trailer and hmac.digest(key, trailer[:-32], hashlib.sha256) == trailer[-32:]:
            yield StoredPiece(path, key, end - size, trailer)
        at = data.find(_MAGIC, at + 1)


def corrupt(nodes, since, lies, most_groups=4):
    """Corrupts all pieces on these nodes that came after a time, in some places each; how many pieces there were."""
    count = 0
    for node in nodes:
        for piece in stored_pieces(node, since):
            if piece.size > 0:
                piece.corrupt(range(0, piece.groups, max(1, piece.groups // most_groups)), lies)
                count += 1
    return count
