// Base58 with a version byte and a checksum: the text of API keys and access grants.
import { isEqual, joined } from "./bytes.js";

const alphabet = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
// The conversion is quadratic, so a text from outside is bounded.
const longestText = 16 * 1024;

/** The text of `version ‖ payload ‖ checksum`. */
export async function encodeChecked(version, payload) {
  const body = joined(Uint8Array.of(version), payload);
  return encode(joined(body, await checksum(body)));
}

/** Version and payload of a text; null when it has a foreign character, is too short or fails its checksum. */
export async function decodeChecked(text) {
  const bytes = decode(text);
  if (bytes === null || bytes.length < 5) return null;
  const body = bytes.subarray(0, -4);
  if (!isEqual(await checksum(body), bytes.subarray(-4))) return null;
  return { version: body[0], payload: body.subarray(1) };
}

async function checksum(body) {
  const once = await crypto.subtle.digest("SHA-256", body);
  return new Uint8Array(await crypto.subtle.digest("SHA-256", once)).subarray(0, 4);
}

/** Plain base58. */
export function encode(bytes) {
  return converted(bytes, 256, 58).map((digit) => alphabet[digit]).join("");
}

/** The bytes of plain base58; null for a foreign character or an overlong text. */
export function decode(text) {
  if (text.length > longestText) return null;
  const digits = Array.from(text, (character) => alphabet.indexOf(character));
  return digits.includes(-1) ? null : Uint8Array.from(converted(digits, 58, 256));
}

/** Digits of one radix as digits of another, the greatest first; zeros in front stay as many. */
function converted(digits, from, to) {
  let zeros = 0;
  while (zeros < digits.length && digits[zeros] === 0) zeros++;
  const result = [];
  for (let index = zeros; index < digits.length; index++) {
    let carry = digits[index];
    for (let place = 0; place < result.length; place++) {
      carry += result[place] * from;
      result[place] = carry % to;
      carry = Math.floor(carry / to);
    }
    while (carry > 0) {
      result.push(carry % to);
      carry = Math.floor(carry / to);
    }
  }
  return [...Array(zeros).fill(0), ...result.reverse()];
}
