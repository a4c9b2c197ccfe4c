// The wire form of protocol buffers: as much as grants and caveats use.
import { joined } from "./bytes.js";

/** Builds a message; fields must be added in the order of their numbers, and defaults are left out. */
export class MessageWriter {
  #parts = [];

  /** A whole number from 0 up to 2⁵³. */
  number(field, value) {
    if (value !== 0) this.#parts.push(varint(field * 8), varint(value));
    return this;
  }

  /** Bytes, or nothing when there are none. */
  bytes(field, value) {
    return value.length > 0 ? this.element(field, value) : this;
  }

  /** Bytes that are there even when they are none: a message in a message, or one of several. */
  element(field, value) {
    this.#parts.push(varint(field * 8 + 2), varint(value.length), value);
    return this;
  }

  /** The message. */
  get encoded() {
    return joined(...this.#parts);
  }
}

/** A number in groups of seven bits, the lowest first. */
export function varint(value) {
  const bytes = [];
  while (value >= 128) {
    bytes.push((value % 128) | 128);
    value = Math.floor(value / 128);
  }
  bytes.push(value);
  return Uint8Array.from(bytes);
}

/**
 * The fields of a message in the order they came: `{field, value}`, a value being a number or bytes. Groups and fixed
 * numbers, which none of our messages has, are passed over.
 */
export function fields(bytes) {
  const found = [];
  const reader = { bytes, position: 0 };
  while (reader.position < bytes.length) {
    const key = number(reader);
    const field = Math.floor(key / 8);
    if (field === 0) throw new RangeError("a message with a field 0");
    switch (key % 8) {
      case 0: found.push({ field, value: number(reader) }); break;
      case 1: take(reader, 8); break;
      case 2: found.push({ field, value: take(reader, number(reader)) }); break;
      case 5: take(reader, 4); break;
      default: throw new RangeError("a message with a field of an unknown kind");
    }
  }
  return found;
}

function take(reader, count) {
  if (count > reader.bytes.length - reader.position) throw new RangeError("a message that is cut off");
  reader.position += count;
  return reader.bytes.subarray(reader.position - count, reader.position);
}

// Numbers beyond 2⁵³, negative ones among them, lose their low bits: no field we use has them.
function number(reader) {
  let value = 0;
  for (let place = 0; place < 10; place++) {
    const byte = take(reader, 1)[0];
    value += (byte & 127) * 2 ** (7 * place);
    if (byte < 128) return value;
  }
  throw new RangeError("a message with too long a number");
}
