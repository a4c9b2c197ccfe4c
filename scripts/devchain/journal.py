"""What happened on a chain, a line a block, so that it can happen again: same blocks, same hashes.

A line is the block's seconds, its mix hash and its transactions, the last two in hexadecimal. The first line is the
genesis. A line cut off by a crash was promised to nobody. Snapshots and what is reverted to them are not kept.
"""
import collections
import os

Block = collections.namedtuple("Block", "moment mix transactions")


class Journal:
    """A file of blocks."""

    def __init__(self, path):
        self.path = path
        self.file = None

    def read(self):
        """All blocks so far; what a crash left behind is cut off."""
        blocks, whole = [], 0
        if os.path.exists(self.path):
            with open(self.path, "rb") as file:
                for line in file:
                    if not line.endswith(b"\n"):
                        break
                    moment, mix, *transactions = line.decode().split()
                    blocks.append(Block(int(moment), bytes.fromhex(mix), [bytes.fromhex(raw) for raw in transactions]))
                    whole += len(line)
        self.file = open(self.path, "ab")
        self.file.truncate(whole)
        return blocks

    def append(self, moment, mix, transactions):
        """Notes a block before anybody learns of it."""
        self.file.write(" ".join([str(moment), mix.hex(), *[raw.hex() for raw in transactions]]).encode() + b"\n")
        self.file.flush()
        os.fsync(self.file.fileno())
