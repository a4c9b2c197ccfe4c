"""The verifier of pieces finds the hashes of the reference implementation, and nothing else."""

import json
import os
import unittest

from machine import REPOSITORY, Machine, Refused
from possession import CHUNK, LargePiece, Piece


def counted(size):
    return bytes(index % 251 for index in range(size))


class Blake3Tests(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.machine = Machine()
        cls.random = cls.machine.random

    def root(self, chunk, index, size, path):
        return self.machine.verifier.ask("root", chunk, index, size, path)

    def test_every_official_vector_up_to_a_quarter_mebibyte_at_its_ends_and_in_the_middle(self):
        with open(os.path.join(REPOSITORY, "Tests", "Vectors", "blake3.json")) as file:
            cases = json.load(file)["cases"]
        checked = 0
        for case in cases:
            if case["size"] > 1 << 18:
                continue
            piece = Piece(bytes(32), counted(case["size"]))
            self.assertEqual(piece.hash.hex(), case["hash"])
            for index in {0, piece.count // 2, piece.count - 1}:
                self.assertEqual(self.root(piece.chunk(index), index, piece.size, piece.path(index)), piece.hash)
                checked += 1
        self.assertGreater(checked, 50)

    def test_every_chunk_of_random_inputs_of_all_lengths_around_blocks_and_chunks_to_8_kib(self):
        sizes = set(range(0, 200)) | {64 * n + d for n in range(129) for d in (-1, 0, 1) if n > 0 or d >= 0}
        for size in sorted(size for size in sizes if size <= 8192):
            piece = Piece(bytes(32), self.random.randbytes(size))
            index = self.random.randrange(piece.count)
            self.assertEqual(self.root(piece.chunk(index), index, size, piece.path(index)), piece.hash, size)
        for size in (3 * CHUNK, 5 * CHUNK + 7, 8 * CHUNK):
            piece = Piece(bytes(32), self.random.randbytes(size))
            for index in range(piece.count):
                self.assertEqual(self.root(piece.chunk(index), index, size, piece.path(index)), piece.hash)

    def test_pieces_of_2_mib_and_of_sizes_nobody_stores(self):
        for size in (2 << 20, (2 << 20) - 1, (2 << 20) + 1, 3 * CHUNK * CHUNK + 5, (1 << 44) + 3, (1 << 63) - 1):
            count = -(-size // CHUNK)
            for index in {0, 1, count // 2, count - 2, count - 1, self.random.randrange(count)}:
                length = min(CHUNK, size - index * CHUNK)
                piece = LargePiece(bytes(32), size, index, self.random.randbytes(length), self.random)
                self.assertEqual(self.root(piece.content, index, size, piece.siblings), piece.hash)

    def test_a_chunk_beyond_the_end_or_of_another_length_or_with_another_path_is_refused(self):
        piece = Piece(bytes(32), self.random.randbytes(5 * CHUNK + 10))
        chunk, path = piece.chunk(2), piece.path(2)
        last = piece.chunk(5)
        for arguments in [
            (chunk, 6, piece.size, path), (chunk, 2**255, piece.size, path), (chunk[:-1], 2, piece.size, path),
            (chunk, 5, piece.size, path), (last, 2, piece.size, path), (last + b"\0", 5, piece.size, piece.path(5)),
            (chunk, 2, piece.size, path[:-1]), (chunk, 2, piece.size, [*path, bytes(32)]), (chunk, 2, 2**63, path),
            (chunk, 2, 2**256 - 1, path), (b"", 0, 1, []), (b"x", 0, 0, []), (chunk, 0, CHUNK, path),
        ]:
            with self.assertRaises(Refused) as refused:
                self.root(*arguments)
            self.assertEqual(refused.exception.reason, "wrong proof")

    def test_every_changed_bit_leads_elsewhere(self):
        piece = Piece(bytes(32), self.random.randbytes(3 * CHUNK + 100))
        index = 1
        for _ in range(200):
            chunk, path = bytearray(piece.chunk(index)), [bytearray(each) for each in piece.path(index)]
            part = self.random.choice([chunk, *path])
            part[self.random.randrange(len(part))] ^= 1 << self.random.randrange(8)
            found = self.root(bytes(chunk), index, piece.size, [bytes(each) for each in path])
            self.assertNotEqual(found, piece.hash)


if __name__ == "__main__":
    unittest.main()
