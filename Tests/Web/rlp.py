"""Recursive Length Prefix (Ethereum Yellow Paper, appendix B): bytes and lists of them."""


def decode(data):
    """The one item that `data` is; lists as lists, all else as bytes."""
    item, end = _item(data, 0)
    if end != len(data):
        raise ValueError("bytes behind the item")
    return item


def encode(item):
    """The bytes of an item; whole numbers are written big-endian without leading zeros."""
    if isinstance(item, int):
        item = item.to_bytes((item.bit_length() + 7) // 8, "big")
    if isinstance(item, list):
        body = b"".join(map(encode, item))
        return _length(len(body), 0xC0) + body
    return item if len(item) == 1 and item[0] < 0x80 else _length(len(item), 0x80) + item


def number(item):
    """The whole number that bytes stand for."""
    return int.from_bytes(item, "big")


def _length(count, base):
    if count < 56:
        return bytes([base + count])
    digits = count.to_bytes((count.bit_length() + 7) // 8, "big")
    return bytes([base + 55 + len(digits)]) + digits


def _item(data, at):
    head = data[at]
    if head < 0x80:
        return data[at:at + 1], at + 1
    base = 0x80 if head < 0xC0 else 0xC0
    begin, count = at + 1, head - base
    if count > 55:
        width = count - 55
        begin, count = begin + width, number(data[begin:begin + width])
    end = begin + count
    if end > len(data):
        raise ValueError("an item that is cut off")
    if base == 0x80:
        return data[begin:end], end
    items = []
    while begin < end:
        item, begin = _item(data, begin)
        items.append(item)
    return items, end
