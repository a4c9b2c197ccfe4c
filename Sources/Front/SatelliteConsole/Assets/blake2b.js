// BLAKE2b without a key (RFC 7693); Argon2's own hash function. Words as pairs of 32-bit halves, the low half first.

const start = Uint32Array.of(
  0xf3bcc908, 0x6a09e667, 0x84caa73b, 0xbb67ae85, 0xfe94f82b, 0x3c6ef372, 0x5f1d36f1, 0xa54ff53a,
  0xade682d1, 0x510e527f, 0x2b3e6c1f, 0x9b05688c, 0xfb41bd6b, 0x1f83d9ab, 0x137e2179, 0x5be0cd19);

const order = [
  [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15],
  [14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3],
  [11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4],
  [7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8],
  [9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13],
  [2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9],
  [12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11],
  [13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10],
  [6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5],
  [10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0],
];

/** The hash of a message, 1 to 64 bytes long. */
export function blake2b(message, length) {
  const state = start.slice();
  state[0] ^= 0x01010000 ^ length;
  const block = new Uint8Array(128);
  let position = 0;
  do {
    const part = message.subarray(position, position + 128);
    block.fill(0);
    block.set(part);
    position += part.length;
    absorb(state, new Uint32Array(block.buffer), position, position === message.length);
  } while (position < message.length);
  return new Uint8Array(state.buffer).slice(0, length);
}

function absorb(state, words, count, isLast) {
  const v = new Uint32Array(32);
  v.set(state);
  v.set(start, 16);
  // Messages are shorter than 4 GiB: the count fits the low half.
  v[24] ^= count;
  if (isLast) {
    v[28] = ~v[28];
    v[29] = ~v[29];
  }
  for (let round = 0; round < 12; round++) {
    const m = order[round % 10];
    for (let column = 0; column < 4; column++) {
      mix(v, column, column + 4, column + 8, column + 12, words, m[2 * column], m[2 * column + 1]);
    }
    for (let column = 0; column < 4; column++) {
      mix(
        v, column, 4 + ((column + 1) % 4), 8 + ((column + 2) % 4), 12 + ((column + 3) % 4), words, m[8 + 2 * column],
        m[9 + 2 * column]);
    }
  }
  for (let word = 0; word < 16; word++) state[word] ^= v[word] ^ v[word + 16];
}

function mix(v, a, b, c, d, words, x, y) {
  add(v, a, v[2 * b], v[2 * b + 1]);
  add(v, a, words[2 * x], words[2 * x + 1]);
  turn(v, d, a, 32);
  add(v, c, v[2 * d], v[2 * d + 1]);
  turn(v, b, c, 24);
  add(v, a, v[2 * b], v[2 * b + 1]);
  add(v, a, words[2 * y], words[2 * y + 1]);
  turn(v, d, a, 16);
  add(v, c, v[2 * d], v[2 * d + 1]);
  turn(v, b, c, 63);
}

function add(v, target, low, top) {
  const sum = v[2 * target] + low;
  v[2 * target] = sum;
  v[2 * target + 1] += top + (sum > 0xffffffff ? 1 : 0);
}

/** `target = (target ⊕ source)` turned right. */
function turn(v, target, source, bits) {
  const low = v[2 * target] ^ v[2 * source], top = v[2 * target + 1] ^ v[2 * source + 1];
  const [first, second, by] = bits >= 32 ? [top, low, bits - 32] : [low, top, bits];
  v[2 * target] = by === 0 ? first : (first >>> by) | (second << (32 - by));
  v[2 * target + 1] = by === 0 ? second : (second >>> by) | (first << (32 - by));
}
