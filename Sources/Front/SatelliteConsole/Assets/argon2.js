// Argon2id with one pass over the memory, version 0x13: the way from a passphrase to a key (RFC 9106).
//
// 64-bit words are pairs of 32-bit halves in Uint32Arrays, the low half first, as they lie in memory.
import { blake2b } from "./blake2b.js";
import { joined } from "./bytes.js";

const blockWords = 256;
const slices = 4;
const versionNumber = 0x13;
const kind = 2;

/**
 * The hash of a passphrase.
 *
 * @param lanes of the memory, 1 to 16.
 * @param memory in KiB.
 * @param length of the result in bytes.
 */
export function argon2id(passphrase, salt, { lanes, memory, length }) {
  const laneLength = Math.floor(memory / (slices * lanes)) * slices;
  const blocks = new Uint32Array(lanes * laneLength * blockWords);
  const filling = { blocks, lanes, laneLength, sliceLength: laneLength / slices };
  const seed = blake2b(
    joined(
      ...[lanes, length, memory, 1, versionNumber, kind].map(littleEndian), littleEndian(passphrase.length), passphrase,
      littleEndian(salt.length), salt, littleEndian(0), littleEndian(0)), 64);
  for (let lane = 0; lane < lanes; lane++) {
    for (let index = 0; index < 2; index++) {
      const first = longHash(joined(seed, littleEndian(index), littleEndian(lane)), 1024);
      blocks.set(words(first), (lane * laneLength + index) * blockWords);
    }
  }
  for (let slice = 0; slice < slices; slice++) {
    for (let lane = 0; lane < lanes; lane++) fill(filling, lane, slice);
  }
  const last = new Uint32Array(blockWords);
  for (let lane = 0; lane < lanes; lane++) {
    const start = ((lane + 1) * laneLength - 1) * blockWords;
    for (let word = 0; word < blockWords; word++) last[word] ^= blocks[start + word];
  }
  const result = longHash(new Uint8Array(last.buffer), length);
  blocks.fill(0);
  return result;
}

const littleEndian = (number) => new Uint8Array(Uint32Array.of(number).buffer);
const words = (bytes) => new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);

/** BLAKE2b stretched to any length: H′ of the RFC. */
function longHash(message, length) {
  const whole = joined(littleEndian(length), message);
  if (length <= 64) return blake2b(whole, length);
  const result = new Uint8Array(length);
  let part = blake2b(whole, 64);
  let position = 0;
  while (length - position > 64) {
    result.set(part.subarray(0, 32), position);
    position += 32;
    part = blake2b(part, length - position > 64 ? 64 : length - position);
  }
  result.set(part, position);
  return result;
}

/** Fills a lane's quarter; in the first half of the memory where to read does not depend on the passphrase. */
function fill(filling, lane, slice) {
  const { blocks, lanes, laneLength, sliceLength } = filling;
  const isIndependent = slice < slices / 2;
  const addresses = new Uint32Array(blockWords);
  const question = new Uint32Array(blockWords);
  question.set([0, 0, lane, 0, slice, 0, lanes * laneLength, 0, 1, 0, kind, 0]);
  const start = slice === 0 ? 2 : 0;
  for (let index = start; index < sliceLength; index++) {
    const current = lane * laneLength + slice * sliceLength + index;
    let random = (current - 1) * blockWords;
    let source = blocks;
    if (isIndependent) {
      if (index === start || index % 128 === 0) {
        question[12]++;
        compress(addresses, 0, zeros, 0, question, 0);
        compress(addresses, 0, zeros, 0, addresses, 0);
      }
      source = addresses;
      random = (index % 128) * 2;
    }
    const chosen = slice === 0 ? lane : source[random + 1] % lanes;
    const done = slice * sliceLength;
    const area = chosen === lane ? done + index - 1 : done - (index === 0 ? 1 : 0);
    const distance = high(area, high(source[random], source[random]));
    const reference = chosen * laneLength + area - 1 - distance;
    compress(blocks, current * blockWords, blocks, (current - 1) * blockWords, blocks, reference * blockWords);
  }
}

const zeros = new Uint32Array(blockWords);
const mixed = new Uint32Array(blockWords);
const kept = new Uint32Array(blockWords);

/** Mixes two blocks into a third: G of the RFC. */
function compress(target, at, left, leftAt, right, rightAt) {
  for (let word = 0; word < blockWords; word++) kept[word] = mixed[word] = left[leftAt + word] ^ right[rightAt + word];
  for (let row = 0; row < 256; row += 32) {
    permute(row, row + 2, row + 4, row + 6, row + 8, row + 10, row + 12, row + 14, row + 16, row + 18, row + 20, row + 22, row + 24, row + 26, row + 28, row + 30);
  }
  for (let column = 0; column < 32; column += 4) {
    permute(
      column, column + 2, column + 32, column + 34, column + 64, column + 66, column + 96, column + 98, column + 128,
      column + 130, column + 160, column + 162, column + 192, column + 194, column + 224, column + 226);
  }
  for (let word = 0; word < blockWords; word++) target[at + word] = mixed[word] ^ kept[word];
}

function permute(a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p) {
  quarter(a, e, i, m);
  quarter(b, f, j, n);
  quarter(c, g, k, o);
  quarter(d, h, l, p);
  quarter(a, f, k, p);
  quarter(b, g, l, m);
  quarter(c, h, i, n);
  quarter(d, e, j, o);
}

/** Four times `a += b + 2·low(a)·low(b)` and `d = (d ⊕ a)` turned right, by turns of the two pairs. */
function quarter(a, b, c, d) {
  const v = mixed;
  let aLow = v[a] | 0, aTop = v[a + 1] | 0, bLow = v[b] | 0, bTop = v[b + 1] | 0;
  let cLow = v[c] | 0, cTop = v[c + 1] | 0, dLow = v[d] | 0, dTop = v[d + 1] | 0;
  let x = 0, y = 0, product = 0;

  product = Math.imul(aLow, bLow);
  x = (aLow >>> 0) + (bLow >>> 0) + (product << 1 >>> 0);
  aTop = (aTop + bTop + (high(aLow, bLow) << 1) + (product >>> 31) + carry(x)) | 0;
  aLow = x | 0;
  x = dLow ^ aLow;
  dLow = dTop ^ aTop;
  dTop = x;

  product = Math.imul(cLow, dLow);
  x = (cLow >>> 0) + (dLow >>> 0) + (product << 1 >>> 0);
  cTop = (cTop + dTop + (high(cLow, dLow) << 1) + (product >>> 31) + carry(x)) | 0;
  cLow = x | 0;
  x = bLow ^ cLow;
  y = bTop ^ cTop;
  bLow = (x >>> 24) | (y << 8);
  bTop = (y >>> 24) | (x << 8);

  product = Math.imul(aLow, bLow);
  x = (aLow >>> 0) + (bLow >>> 0) + (product << 1 >>> 0);
  aTop = (aTop + bTop + (high(aLow, bLow) << 1) + (product >>> 31) + carry(x)) | 0;
  aLow = x | 0;
  x = dLow ^ aLow;
  y = dTop ^ aTop;
  dLow = (x >>> 16) | (y << 16);
  dTop = (y >>> 16) | (x << 16);

  product = Math.imul(cLow, dLow);
  x = (cLow >>> 0) + (dLow >>> 0) + (product << 1 >>> 0);
  cTop = (cTop + dTop + (high(cLow, dLow) << 1) + (product >>> 31) + carry(x)) | 0;
  cLow = x | 0;
  x = bLow ^ cLow;
  y = bTop ^ cTop;
  bLow = (x << 1) | (y >>> 31);
  bTop = (y << 1) | (x >>> 31);

  v[a] = aLow;
  v[a + 1] = aTop;
  v[b] = bLow;
  v[b + 1] = bTop;
  v[c] = cLow;
  v[c + 1] = cTop;
  v[d] = dLow;
  v[d + 1] = dTop;
}

/** What a sum of three 32-bit numbers leaves beyond 32 bits. */
const carry = (sum) => (sum > 0xffffffff ? (sum > 0x1ffffffff ? 2 : 1) : 0);

/** The upper half of the product of two 32-bit numbers. */
function high(left, right) {
  const leftTop = left >>> 16, leftLow = left & 0xffff;
  const rightTop = right >>> 16, rightLow = right & 0xffff;
  // No sum here exceeds 32 bits: (2¹⁶ − 1)² + 2¹⁶ − 1 is less.
  const middle = (Math.imul(leftTop, rightLow) >>> 0) + (Math.imul(leftLow, rightLow) >>> 16);
  const other = (Math.imul(leftLow, rightTop) >>> 0) + (middle & 0xffff);
  return (Math.imul(leftTop, rightTop) + (middle >>> 16) + (other >>> 16)) >>> 0;
}
