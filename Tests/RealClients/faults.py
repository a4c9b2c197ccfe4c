"""Seven kinds of faults in stored pieces, each as a disk makes them and, forged, as a node makes them that hides them.

A disk's fault leaves the node's own record of the piece as it was. A forged one is sealed with the node's key: the
node believes the bytes and serves them, and only clients can find out.
"""
import random

from piece_logs import FOOTER, GROUP, UNIT, aligned

_PAGE = 4096
_MOST_HASHED = 64 << 10  # What is hashed here in Python for a forgery.


class Fault:
    """A fault that was injected: its kind, whether it is forged, and in which range of the content it shows."""

    def __init__(self, kind, piece, is_forged, damage):
        self.kind, self.piece, self.is_forged, self.damage = kind, piece, is_forged, damage


def inject(kind, piece, is_forged, noise, others, stale, is_stopped):
    """Injects a fault; None when this piece cannot have it.

    `others` are pieces of the same node, `stale` is what it stored for an older version of the same object, and a
    node that is stopped can also have its index forged.
    """
    if is_forged and kind not in ["swapped piece", "stale piece"] and piece.size > _MOST_HASHED:
        return None
    damage = KINDS[kind](piece, is_forged, noise, others, stale, is_stopped)
    return None if damage is None else Fault(kind, piece, is_forged, damage)


def _all(piece):
    """What is damaged when the piece's record is: no byte of the content may be served."""
    return range(piece.size)


def _bit_flip(piece, is_forged, noise, *_):
    if not is_forged and noise.random() < 0.2:
        # In what the node has written about the piece; what pads it says nothing.
        place = piece.end - 1 - noise.randrange(FOOTER)
        _change(piece, place, noise)
        return _all(piece)
    place = noise.randrange(piece.size)
    _change(piece, piece.start + place, noise)
    if is_forged:
        piece.forge(piece.content(), [place // GROUP])
    return range(place, place + 1)


def _change(piece, place, noise):
    piece.overwrite(place, bytes([piece.bytes(place, 1)[0] ^ 1 << noise.randrange(8)]))


def _truncation(piece, is_forged, noise, *_):
    cut = noise.randrange(piece.size)
    if is_forged:
        return _replace(piece, piece.content()[:cut] + bytes(piece.size - cut), range(cut, piece.size))
    if piece.is_last and noise.random() < 0.5:
        with open(piece.path, "r+b") as file:
            file.truncate(piece.start + cut)
    else:
        # A file whose end was lost and that was then written on has zeros there.
        piece.overwrite(piece.start + cut, bytes(piece.end - piece.start - cut))
    return _all(piece)


def _replace(piece, content, damage):
    piece.overwrite(piece.start, content)
    piece.forge(content)
    return damage


def _zero_page(piece, is_forged, noise, *_):
    page = noise.randrange(piece.start // _PAGE, (piece.start + piece.size - 1) // _PAGE + 1) * _PAGE
    begin = max(page, piece.start)
    end = min(page + _PAGE, piece.start + piece.size if is_forged else piece.end)
    if not any(piece.bytes(begin, end - begin)):
        return None
    piece.overwrite(begin, bytes(end - begin))
    if is_forged:
        groups = range((begin - piece.start) // GROUP, (end - 1 - piece.start) // GROUP + 1)
        piece.forge(piece.content(), groups)
    return range(begin - piece.start, end - piece.start) if end <= piece.start + piece.size else _all(piece)


def _swapped_piece(piece, is_forged, noise, others, *_):
    fitting = [other for other in others if other.size == piece.size and other.identity != piece.identity]
    return _put_in_place(piece, noise.choice(fitting), is_forged, noise) if fitting else None


def _stale_piece(piece, is_forged, noise, _, stale, __):
    return _put_in_place(piece, stale, is_forged, noise) if stale and stale.size == piece.size else None


def _put_in_place(piece, other, is_forged, noise):
    content = other.content()
    if content == piece.content():
        return None
    if is_forged:
        piece.overwrite(piece.start, content)
        piece.forge_like(other)
    elif other.end - other.start == piece.end - piece.start and noise.random() < 0.5:
        # The other's whole entry, record and all.
        piece.overwrite(piece.start, other.bytes(other.start, other.end - other.start))
    else:
        piece.overwrite(piece.start, content)
    return _all(piece)


def _wrong_length(piece, is_forged, noise, _, __, is_stopped):
    if is_forged:
        if not is_stopped:
            # The record is in order and the index disagrees: the node has to notice, so this is none of the forged.
            return None
        # Longer: what is served begins with the end of another piece.
        size = piece.size + UNIT * noise.randrange(1, 5)
        if (start := piece.trailer_start - aligned(size)) < UNIT or (size > GROUP) != (piece.size > GROUP):
            return None
        if (size + GROUP - 1) // GROUP != piece.groups:
            return None
        piece.set_size(size)
        piece.size, piece.start = size, start
        piece.forge(piece.content())
        piece.append_index_record(size)
        return _all(piece)
    if noise.random() < 0.5:
        piece.set_size(max(0, piece.size + noise.choice([-256, -1, 1, 256])))
        if noise.random() < 0.5:
            piece.seal()
        else:
            piece.overwrite(piece.trailer_start, piece.trailer)
        return _all(piece)
    # A byte is missing in the middle, and everything behind it has moved up.
    place = noise.randrange(piece.size)
    rest = piece.bytes(piece.start + place, piece.end - piece.start - place)
    piece.overwrite(piece.start + place, rest[1:] + b"\0")
    return _all(piece)


def _lost_write(piece, is_forged, noise, *_):
    if is_forged:
        return _replace(piece, bytes(piece.size), _all(piece))
    if piece.is_last and noise.random() < 0.5:
        with open(piece.path, "r+b") as file:
            file.truncate(piece.start)
    else:
        piece.overwrite(piece.start, bytes(piece.end - piece.start))
    return _all(piece)


KINDS = {
    "bit flip": _bit_flip, "truncation": _truncation, "zero page": _zero_page, "swapped piece": _swapped_piece,
    "stale piece": _stale_piece, "wrong length": _wrong_length, "lost write": _lost_write,
}


def seeded(seed):
    """The randomness of a campaign: the same seed makes the same choices."""
    return random.Random(f"faults {seed}")
