# pragma version 0.4.3
# pragma evm-version cancun
"""
@title BLAKE3 of one chunk and its path: proof that a piece with a known hash has these bytes at this place.
@notice Written by scripts/generate-blake3; change that.
        The sixteen words of the state are four rows of 256 bits: in each four words at a distance of 64 bits. One step does
        four mixings at once; a word times 2**32 + 1 stands twice in its lane, so a rotation is one shift and one mask; the
        diagonal step rotates whole rows.
"""

# The words of a row, without what a sum or a shift left between them.
LANES: constant(uint256) = 26959946660873538060741835960174461801791452538186943042387869433855
TWICE: constant(uint256) = 2**32 + 1
WORD: constant(uint256) = 2**32 - 1
IV_A: constant(uint256) = 17409420904211773729879041027648479122757846414558310453357033678439
IV_B: constant(uint256) = 9675896376275308005724643064631764960208409267886830380872725582463
BYTES: constant(uint256) = 450552876409790643671482431940419874915447411150352389258589821042463539455
PAIRS: constant(uint256) = 1766820105243087041267848467410591083712559083657179364930612997358944255
CHUNK_START: constant(uint256) = 1
CHUNK_END: constant(uint256) = 2
PARENT: constant(uint256) = 4
ROOT: constant(uint256) = 8
ZEROS: constant(Bytes[64]) = b"\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"


@external
@pure
def root(chunk: Bytes[1024], index: uint256, size: uint256, path: DynArray[bytes32, 64]) -> bytes32:
    """
    @notice The hash of the piece that has this chunk.
    @param index Of the chunk in the piece.
    @param size Bytes of the piece, below 2**63.
    @param path The siblings' chaining values from the chunk to the root: exactly as many as there are.
    """
    assert size < 2**63, "wrong proof"
    # An empty piece has a chunk, too.
    count: uint256 = max(1, (size + 1023) // 1024)
    assert index < count, "wrong proof"
    length: uint256 = len(chunk)
    assert length == min(1024, size - index * 1024), "wrong proof"

    a: uint256 = 0
    b: uint256 = 0
    a, b = self._chunk(chunk, length, index, count == 1)
    place: uint256 = index
    used: uint256 = 0
    given: uint256 = len(path)
    for _: uint256 in range(64):
        if count == 1:
            break
        is_left: bool = place & 1 == 0
        is_alone: bool = is_left and place == count - 1
        top: uint256 = ROOT if count == 2 else 0
        place = place >> 1
        count = (count + 1) >> 1
        # The last of an odd count goes up alone.
        if is_alone:
            continue
        assert used < given, "wrong proof"
        sibling: uint256 = self._swapped(convert(path[used], uint256))
        used += 1
        value: uint256 = self._packed(a, b)
        if is_left:
            a, b = self._compress(IV_A, IV_B, value, sibling, 0, 64, PARENT | top)
        else:
            a, b = self._compress(IV_A, IV_B, sibling, value, 0, 64, PARENT | top)
    assert used == given, "wrong proof"
    return convert(self._swapped(self._packed(a, b)), bytes32)


@internal
@pure
def _chunk(chunk: Bytes[1024], length: uint256, index: uint256, is_root: bool) -> (uint256, uint256):
    """The chaining value of a chunk."""
    padded: Bytes[1088] = concat(chunk, ZEROS)
    a: uint256 = IV_A
    b: uint256 = IV_B
    end: uint256 = CHUNK_END | (ROOT if is_root else 0)
    flags: uint256 = CHUNK_START
    start: uint256 = 0
    for _: uint256 in range(16):
        left: uint256 = unsafe_sub(length, start)
        if left <= 64:
            flags = flags | end
        a, b = self._compress(
            a,
            b,
            self._swapped(extract32(padded, start, output_type=uint256)),
            self._swapped(extract32(padded, unsafe_add(start, 32), output_type=uint256)),
            (index & WORD) | (index >> 32 << 64),
            min(left, 64),
            flags,
        )
        if left <= 64:
            break
        start = unsafe_add(start, 64)
        flags = 0
    return a, b


@internal
@pure
def _swapped(word: uint256) -> uint256:
    """Eight words of 32 bits with the order of their bytes turned round."""
    x: uint256 = ((word & BYTES) << 8) | ((word >> 8) & BYTES)
    return ((x & PAIRS) << 16) | ((x >> 16) & PAIRS)


@internal
@pure
def _packed(a: uint256, b: uint256) -> uint256:
    """A chaining value as eight words side by side, the first one highest."""
    return (
        (((a) & WORD) << 224)
        | (((a >> 64) & WORD) << 192)
        | (((a >> 128) & WORD) << 160)
        | (((a >> 192) & WORD) << 128)
        | (((b) & WORD) << 96)
        | (((b >> 64) & WORD) << 64)
        | (((b >> 128) & WORD) << 32)
        | ((b >> 192) & WORD)
    )


@internal
@pure
def _compress(
    value_a: uint256, value_b: uint256, first: uint256, second: uint256, counter: uint256, length: uint256, flags: uint256
) -> (uint256, uint256):
    """Compresses one block; `first` and `second` are its words side by side, `counter` two words in their lanes."""
    m0: uint256 = first >> 224
    m1: uint256 = first >> 192 & WORD
    m2: uint256 = first >> 160 & WORD
    m3: uint256 = first >> 128 & WORD
    m4: uint256 = first >> 96 & WORD
    m5: uint256 = first >> 64 & WORD
    m6: uint256 = first >> 32 & WORD
    m7: uint256 = first & WORD
    m8: uint256 = second >> 224
    m9: uint256 = second >> 192 & WORD
    m10: uint256 = second >> 160 & WORD
    m11: uint256 = second >> 128 & WORD
    m12: uint256 = second >> 96 & WORD
    m13: uint256 = second >> 64 & WORD
    m14: uint256 = second >> 32 & WORD
    m15: uint256 = second & WORD
    a: uint256 = value_a
    b: uint256 = value_b
    c: uint256 = IV_A
    d: uint256 = counter | (length << 128) | (flags << 192)
    # Round 1.
    a = unsafe_add(unsafe_add(a, b), m0 | (m2 << 64) | (m4 << 128) | (m6 << 192)) & LANES
    d = (unsafe_mul(d ^ a, TWICE) >> 16) & LANES
    c = unsafe_add(c, d) & LANES
    b = (unsafe_mul(b ^ c, TWICE) >> 12) & LANES
    a = unsafe_add(unsafe_add(a, b), m1 | (m3 << 64) | (m5 << 128) | (m7 << 192)) & LANES
    d = (unsafe_mul(d ^ a, TWICE) >> 8) & LANES
    c = unsafe_add(c, d) & LANES
    b = (unsafe_mul(b ^ c, TWICE) >> 7) & LANES
    b = (b >> 64) | (b << 192)
    c = (c >> 128) | (c << 128)
    d = (d >> 192) | (d << 64)
    a = unsafe_add(unsafe_add(a, b), m8 | (m10 << 64) | (m12 << 128) | (m14 << 192)) & LANES
    d = (unsafe_mul(d ^ a, TWICE) >> 16) & LANES
    c = unsafe_add(c, d) & LANES
    b = (unsafe_mul(b ^ c, TWICE) >> 12) & LANES
    a = unsafe_add(unsafe_add(a, b), m9 | (m11 << 64) | (m13 << 128) | (m15 << 192)) & LANES
    d = (unsafe_mul(d ^ a, TWICE) >> 8) & LANES
    c = unsafe_add(c, d) & LANES
    b = (unsafe_mul(b ^ c, TWICE) >> 7) & LANES
    b = (b >> 192) | (b << 64)
    c = (c >> 128) | (c << 128)
    d = (d >> 64) | (d << 192)
    # Round 2.
    a = unsafe_add(unsafe_add(a, b), m2 | (m3 << 64) | (m7 << 128) | (m4 << 192)) & LANES
    d = (unsafe_mul(d ^ a, TWICE) >> 16) & LANES
    c = unsafe_add(c, d) & LANES
    b = (unsafe_mul(b ^ c, TWICE) >> 12) & LANES
    a = unsafe_add(unsafe_add(a, b), m6 | (m10 << 64) | (m0 << 128) | (m13 << 192)) & LANES
    d = (unsafe_mul(d ^ a, TWICE) >> 8) & LANES
    c = unsafe_add(c, d) & LANES
    b = (unsafe_mul(b ^ c, TWICE) >> 7) & LANES
    b = (b >> 64) | (b << 192)
    c = (c >> 128) | (c << 128)
    d = (d >> 192) | (d << 64)
    a = unsafe_add(unsafe_add(a, b), m1 | (m12 << 64) | (m9 << 128) | (m15 << 192)) & LANES
    d = (unsafe_mul(d ^ a, TWICE) >> 16) & LANES
    c = unsafe_add(c, d) & LANES
    b = (unsafe_mul(b ^ c, TWICE) >> 12) & LANES
    a = unsafe_add(unsafe_add(a, b), m11 | (m5 << 64) | (m14 << 128) | (m8 << 192)) & LANES
    d = (unsafe_mul(d ^ a, TWICE) >> 8) & LANES
    c = unsafe_add(c, d) & LANES
    b = (unsafe_mul(b ^ c, TWICE) >> 7) & LANES
    b = (b >> 192) | (b << 64)
    c = (c >> 128) | (c << 128)
    d = (d >> 64) | (d << 192)
    # Round 3.
    a = unsafe_add(unsafe_add(a, b), m3 | (m10 << 64) | (m13 << 128) | (m7 << 192)) & LANES
    d = (unsafe_mul(d ^ a, TWICE) >> 16) & LANES
    c = unsafe_add(c, d) & LANES
    b = (unsafe_mul(b ^ c, TWICE) >> 12) & LANES
    a = unsafe_add(unsafe_add(a, b), m4 | (m12 << 64) | (m2 << 128) | (m14 << 192)) & LANES
    d = (unsafe_mul(d ^ a, TWICE) >> 8) & LANES
    c = unsafe_add(c, d) & LANES
    b = (unsafe_mul(b ^ c, TWICE) >> 7) & LANES
    b = (b >> 64) | (b << 192)
    c = (c >> 128) | (c << 128)
    d = (d >> 192) | (d << 64)
    a = unsafe_add(unsafe_add(a, b), m6 | (m9 << 64) | (m11 << 128) | (m8 << 192)) & LANES
    d = (unsafe_mul(d ^ a, TWICE) >> 16) & LANES
    c = unsafe_add(c, d) & LANES
    b = (unsafe_mul(b ^ c, TWICE) >> 12) & LANES
    a = unsafe_add(unsafe_add(a, b), m5 | (m0 << 64) | (m15 << 128) | (m1 << 192)) & LANES
    d = (unsafe_mul(d ^ a, TWICE) >> 8) & LANES
    c = unsafe_add(c, d) & LANES
    b = (unsafe_mul(b ^ c, TWICE) >> 7) & LANES
    b = (b >> 192) | (b << 64)
    c = (c >> 128) | (c << 128)
    d = (d >> 64) | (d << 192)
    # Round 4.
    a = unsafe_add(unsafe_add(a, b), m10 | (m12 << 64) | (m14 << 128) | (m13 << 192)) & LANES
    d = (unsafe_mul(d ^ a, TWICE) >> 16) & LANES
    c = unsafe_add(c, d) & LANES
    b = (unsafe_mul(b ^ c, TWICE) >> 12) & LANES
    a = unsafe_add(unsafe_add(a, b), m7 | (m9 << 64) | (m3 << 128) | (m15 << 192)) & LANES
    d = (unsafe_mul(d ^ a, TWICE) >> 8) & LANES
    c = unsafe_add(c, d) & LANES
    b = (unsafe_mul(b ^ c, TWICE) >> 7) & LANES
    b = (b >> 64) | (b << 192)
    c = (c >> 128) | (c << 128)
    d = (d >> 192) | (d << 64)
    a = unsafe_add(unsafe_add(a, b), m4 | (m11 << 64) | (m5 << 128) | (m1 << 192)) & LANES
    d = (unsafe_mul(d ^ a, TWICE) >> 16) & LANES
    c = unsafe_add(c, d) & LANES
    b = (unsafe_mul(b ^ c, TWICE) >> 12) & LANES
    a = unsafe_add(unsafe_add(a, b), m0 | (m2 << 64) | (m8 << 128) | (m6 << 192)) & LANES
    d = (unsafe_mul(d ^ a, TWICE) >> 8) & LANES
    c = unsafe_add(c, d) & LANES
    b = (unsafe_mul(b ^ c, TWICE) >> 7) & LANES
    b = (b >> 192) | (b << 64)
    c = (c >> 128) | (c << 128)
    d = (d >> 64) | (d << 192)
    # Round 5.
    a = unsafe_add(unsafe_add(a, b), m12 | (m9 << 64) | (m15 << 128) | (m14 << 192)) & LANES
    d = (unsafe_mul(d ^ a, TWICE) >> 16) & LANES
    c = unsafe_add(c, d) & LANES
    b = (unsafe_mul(b ^ c, TWICE) >> 12) & LANES
    a = unsafe_add(unsafe_add(a, b), m13 | (m11 << 64) | (m10 << 128) | (m8 << 192)) & LANES
    d = (unsafe_mul(d ^ a, TWICE) >> 8) & LANES
    c = unsafe_add(c, d) & LANES
    b = (unsafe_mul(b ^ c, TWICE) >> 7) & LANES
    b = (b >> 64) | (b << 192)
    c = (c >> 128) | (c << 128)
    d = (d >> 192) | (d << 64)
    a = unsafe_add(unsafe_add(a, b), m7 | (m5 << 64) | (m0 << 128) | (m6 << 192)) & LANES
    d = (unsafe_mul(d ^ a, TWICE) >> 16) & LANES
    c = unsafe_add(c, d) & LANES
    b = (unsafe_mul(b ^ c, TWICE) >> 12) & LANES
    a = unsafe_add(unsafe_add(a, b), m2 | (m3 << 64) | (m1 << 128) | (m4 << 192)) & LANES
    d = (unsafe_mul(d ^ a, TWICE) >> 8) & LANES
    c = unsafe_add(c, d) & LANES
    b = (unsafe_mul(b ^ c, TWICE) >> 7) & LANES
    b = (b >> 192) | (b << 64)
    c = (c >> 128) | (c << 128)
    d = (d >> 64) | (d << 192)
    # Round 6.
    a = unsafe_add(unsafe_add(a, b), m9 | (m11 << 64) | (m8 << 128) | (m15 << 192)) & LANES
    d = (unsafe_mul(d ^ a, TWICE) >> 16) & LANES
    c = unsafe_add(c, d) & LANES
    b = (unsafe_mul(b ^ c, TWICE) >> 12) & LANES
    a = unsafe_add(unsafe_add(a, b), m14 | (m5 << 64) | (m12 << 128) | (m1 << 192)) & LANES
    d = (unsafe_mul(d ^ a, TWICE) >> 8) & LANES
    c = unsafe_add(c, d) & LANES
    b = (unsafe_mul(b ^ c, TWICE) >> 7) & LANES
    b = (b >> 64) | (b << 192)
    c = (c >> 128) | (c << 128)
    d = (d >> 192) | (d << 64)
    a = unsafe_add(unsafe_add(a, b), m13 | (m0 << 64) | (m2 << 128) | (m4 << 192)) & LANES
    d = (unsafe_mul(d ^ a, TWICE) >> 16) & LANES
    c = unsafe_add(c, d) & LANES
    b = (unsafe_mul(b ^ c, TWICE) >> 12) & LANES
    a = unsafe_add(unsafe_add(a, b), m3 | (m10 << 64) | (m6 << 128) | (m7 << 192)) & LANES
    d = (unsafe_mul(d ^ a, TWICE) >> 8) & LANES
    c = unsafe_add(c, d) & LANES
    b = (unsafe_mul(b ^ c, TWICE) >> 7) & LANES
    b = (b >> 192) | (b << 64)
    c = (c >> 128) | (c << 128)
    d = (d >> 64) | (d << 192)
    # Round 7.
    a = unsafe_add(unsafe_add(a, b), m11 | (m5 << 64) | (m1 << 128) | (m8 << 192)) & LANES
    d = (unsafe_mul(d ^ a, TWICE) >> 16) & LANES
    c = unsafe_add(c, d) & LANES
    b = (unsafe_mul(b ^ c, TWICE) >> 12) & LANES
    a = unsafe_add(unsafe_add(a, b), m15 | (m0 << 64) | (m9 << 128) | (m6 << 192)) & LANES
    d = (unsafe_mul(d ^ a, TWICE) >> 8) & LANES
    c = unsafe_add(c, d) & LANES
    b = (unsafe_mul(b ^ c, TWICE) >> 7) & LANES
    b = (b >> 64) | (b << 192)
    c = (c >> 128) | (c << 128)
    d = (d >> 192) | (d << 64)
    a = unsafe_add(unsafe_add(a, b), m14 | (m2 << 64) | (m3 << 128) | (m7 << 192)) & LANES
    d = (unsafe_mul(d ^ a, TWICE) >> 16) & LANES
    c = unsafe_add(c, d) & LANES
    b = (unsafe_mul(b ^ c, TWICE) >> 12) & LANES
    a = unsafe_add(unsafe_add(a, b), m10 | (m12 << 64) | (m4 << 128) | (m13 << 192)) & LANES
    d = (unsafe_mul(d ^ a, TWICE) >> 8) & LANES
    c = unsafe_add(c, d) & LANES
    b = (unsafe_mul(b ^ c, TWICE) >> 7) & LANES
    b = (b >> 192) | (b << 64)
    c = (c >> 128) | (c << 128)
    d = (d >> 64) | (d << 192)
    return a ^ c, b ^ d
