"""Changes stored pieces behind a node's back: rot, which the node notices, and lies, which it serves as the truth.

The layout is docs/piece-store.md's. A liar's node is one whose trailers fit the changed bytes, so the group values and
the authenticator are made anew.
"""
import glob
import hashlib
import hmac
import os
import struct

import blake3

_UNIT, _HEADER, _FOOTER, _GROUP = 64, 64, 256, 16 << 10
_MAGIC = b"STORJTR1"


class StoredPiece:
    """One entry of a log."""

    def __init__(self, path, key, trailer_start, trailer):
        self.path, self.key, self.trailer_start, self.trailer = path, key, trailer_start, trailer
        footer = trailer[-_FOOTER:]
        self.size, = struct.unpack_from("<q", footer, 16)
        self.identity = footer[64:96].hex()
        self.created, = struct.unpack_from("<q", footer, 160)
        self.start = trailer_start - (self.size + _UNIT - 1) // _UNIT * _UNIT

    def corrupt(self, groups, lies):
        """Changes a byte in the middle of each of these 16 KiB groups; a liar's trailer fits afterwards."""
        with open(self.path, "r+b") as file:
            for group in groups:
                file.seek(self.start + group * _GROUP)
                data = bytearray(file.read(min(_GROUP, self.size - group * _GROUP)))
                if self._value(data, group) != self._stored_value(group):
                    raise AssertionError(f"group {group} of piece {self.identity} is not what its trailer says")
                data[len(data) // 2] ^= 0x55
                file.seek(self.start + group * _GROUP)
                file.write(data)
                if lies:
                    self._store_value(self._value(data, group), group)
            file.seek(self.trailer_start)
            file.write(self.trailer)

    @property
    def groups(self):
        """How many groups the content has."""
        return (self.size + _GROUP - 1) // _GROUP

    def _value(self, data, group):
        return blake3.hash_of(data) if self.groups == 1 else blake3.value_of(data, group * 16)

    def _value_place(self, group):
        # A piece of one group has its root in the footer and no group values.
        return len(self.trailer) - _FOOTER + 128 if self.groups == 1 else group * 32

    def _stored_value(self, group):
        place = self._value_place(group)
        return self.trailer[place:place + 32]

    def _store_value(self, value, group):
        trailer, place = bytearray(self.trailer), self._value_place(group)
        trailer[place:place + 32] = value
        trailer[-32:] = hmac.digest(self.key, bytes(trailer[:-32]), hashlib.sha256)
        self.trailer = bytes(trailer)


def stored_pieces(node, since):
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
        end = at + _FOOTER
        trailer = data[end - size:end] if _FOOTER <= size <= end <= len(data) else b""
        # Content may hold the magic by chance; only the key's owner writes the authenticator.
        if at % _UNIT == 0 and trailer and hmac.digest(key, trailer[:-32], hashlib.sha256) == trailer[-32:]:
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
