"""The satellite's own record of segments, read from its database beside it, so that nothing it tells us is believed."""
import hashlib
import hmac
import os
import sqlite3
import struct

_BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"


class Segment:
    """A remote segment: where its pieces are, by piece number."""

    def __init__(self, row, nodes):
        (self.stream, self.position, self.root, self.required, self.repair, self.optimal, self.total, self.share_size,
         self.size, pieces, self.created_at, self.repaired_at) = row
        self.pieces = {number: nodes[alias] for number, alias in _pieces(pieces)}

    @property
    def holders(self):
        """The ids of the nodes that hold a piece."""
        return set(self.pieces.values())

    def piece_id(self, number):
        """Under which id the node of that number keeps its piece, in hexadecimal."""
        text = bytes.fromhex(self.pieces[number]) + struct.pack(">I", number)
        return hmac.digest(self.root, text, hashlib.sha512)[:32].hex()

    def piece_ids(self):
        """All pieces' ids, with the number and the node of each."""
        return {self.piece_id(number): (number, node) for number, node in self.pieces.items()}


def segments(network, bucket=None):
    """The remote segments of a bucket, or of all."""
    where = """WHERE root_piece IS NOT NULL AND stream IN (
        SELECT stream FROM objects WHERE bucket = (SELECT id FROM buckets WHERE name = ?))""" if bucket else \
        "WHERE root_piece IS NOT NULL"
    with _open(network) as database:
        nodes = dict(database.execute("SELECT alias, lower(hex(node)) FROM node_aliases"))
        rows = database.execute(f"""SELECT stream, position, root_piece, k, m, o, n, share_size, encrypted_size, pieces,
            created_at, repaired_at FROM segments {where}""", [bucket.encode()] if bucket else []).fetchall()
    return [Segment(row, nodes) for row in rows]


def query(network, text, *arguments):
    """Rows of the satellite's database."""
    with _open(network) as database:
        return database.execute(text, arguments).fetchall()


def node_id(text):
    """The 32 bytes, in hexadecimal, behind a node id's text form."""
    number = 0
    for letter in text:
        number = number * 58 + _BASE58.index(letter)
    # A version byte, the id, and four bytes of checksum.
    return number.to_bytes(37, "big")[1:33].hex()


def by_id(nodes):
    """Entries of network.json by the id that segments name."""
    return {node_id(node["id"]): node for node in nodes}


class _open:
    """The database, read only; closed at the end, which a connection of sqlite3 does not do by itself."""

    def __init__(self, network):
        path = os.path.join(network.satellite["dir"], "satellite.db")
        self.database = sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=30, isolation_level=None)

    def __enter__(self):
        # All that is read is of one moment: what a segment names is there, however fast the satellite writes meanwhile.
        self.database.execute("BEGIN")
        return self.database

    def __exit__(self, *_):
        self.database.close()


def _pieces(data):
    """Numbers and aliases: a version byte, then groups of absent numbers and present ones."""
    at, number = 1, 0
    while at < len(data):
        header, at = data[at], at + 1
        number += header & 7
        for _ in range(header >> 3):
            alias = shift = 0
            while True:
                byte, at = data[at], at + 1
                alias |= (byte & 127) << shift
                shift += 7
                if byte < 128:
                    break
            yield number, alias
            number += 1
