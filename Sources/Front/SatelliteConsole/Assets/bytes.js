// Bytes and texts, in the few ways that access grants need.

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true });

/** The UTF-8 bytes of a text. */
export const utf8 = (text) => encoder.encode(text);

/** The text of UTF-8 bytes; throws for bytes that are none. */
export const text = (bytes) => decoder.decode(bytes);

/** Bytes one after the other. */
export function joined(...parts) {
  const all = new Uint8Array(parts.reduce((count, part) => count + part.length, 0));
  let position = 0;
  for (const part of parts) {
    all.set(part, position);
    position += part.length;
  }
  return all;
}

/** Whether `bytes` begin with `prefix`. */
export const startsWith = (bytes, prefix) =>
  bytes.length >= prefix.length && prefix.every((byte, index) => bytes[index] === byte);

/** Whether both are the same bytes. */
export const isEqual = (left, right) => left.length === right.length && startsWith(left, right);

/** Lower-case hexadecimal. */
export const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");

/** The bytes of a hexadecimal text; throws for any other. */
export function fromHex(digits) {
  if (digits.length % 2 !== 0 || !/^[0-9a-fA-F]*$/.test(digits)) throw new RangeError("not hexadecimal");
  return Uint8Array.from({ length: digits.length / 2 }, (_, index) => parseInt(digits.slice(2 * index, 2 * index + 2), 16));
}

const slash = 0x2f;

/** What lies between the slashes of a path; nothing for the empty one. */
export function components(path) {
  if (path.length === 0) return [];
  const found = [];
  let start = 0;
  for (let index = 0; index <= path.length; index++) {
    if (index < path.length && path[index] !== slash) continue;
    found.push(path.subarray(start, index));
    start = index + 1;
  }
  return found;
}

/** The path of components. */
export const path = (parts) =>
  joined(...parts.flatMap((part, index) => (index === 0 ? [part] : [Uint8Array.of(slash), part])));
