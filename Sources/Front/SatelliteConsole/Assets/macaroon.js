// API keys: macaroons, which anyone who holds one can restrict further and nobody can widen.
import { decodeChecked, encodeChecked } from "./base58.js";
import { joined, utf8 } from "./bytes.js";
import { hmac256 } from "./encryption.js";
import { MessageWriter, fields, varint } from "./message.js";

const formatVersion = 2;
const packet = { end: 0, location: 1, identifier: 2, verification: 4, signature: 6 };

/** A key: head, restrictions (oldest first, as the bytes that were signed) and the last tail. */
export class APIKey {
  constructor(head, caveats, tail) {
    Object.assign(this, { head, caveats, tail });
  }

  /** Reads the text form; throws for what is none. */
  static async parse(text) {
    const decoded = await decodeChecked(text);
    if (decoded?.version !== 0) throw new RangeError("this is no API key");
    return APIKey.decode(decoded.payload);
  }

  /** Reads the binary form; throws for what is none. */
  static decode(bytes) {
    const reader = { bytes, position: 1 };
    if (bytes[0] !== formatVersion) throw new RangeError("an API key of another version");
    const head = identifier(section(reader), false);
    if (head === null) throw new RangeError("an API key without a head");
    const caveats = [];
    for (let next = identifier(section(reader), true); next !== null; next = identifier(section(reader), true)) {
      caveats.push(next);
    }
    const { field, data } = nextPacket(reader);
    if (field !== packet.signature || data.length !== 32) throw new RangeError("an API key without a signature");
    return new APIKey(head, caveats, data);
  }

  /** The binary form. */
  get encoded() {
    const sections = [this.head, ...this.caveats].map((data) => joined(write(packet.identifier, data), Uint8Array.of(0)));
    return joined(Uint8Array.of(formatVersion), ...sections, Uint8Array.of(0), write(packet.signature, this.tail));
  }

  /** The text form. A secret. */
  get text() {
    return encodeChecked(0, this.encoded);
  }

  /** This key with one more restriction, given as the bytes to sign. */
  async restricted(caveat) {
    return new APIKey(this.head, [...this.caveats, caveat], await hmac256(this.tail, caveat));
  }

  /** The places of every caveat that names any: `{bucket, prefix}`, the prefix encrypted. */
  get places() {
    return this.caveats.map(placesOf).filter((places) => places.length > 0);
  }
}

const write = (field, data) => joined(varint(field), varint(data.length), data);

function identifier(packets, mayBeVerified) {
  const rest = [...packets];
  if (rest[0]?.field === packet.location) {
    rest.shift();
    if (rest.length === 0) throw new RangeError("an API key with a place and no name");
  }
  const first = rest.shift();
  if (first === undefined) return null;
  if (first.field !== packet.identifier) throw new RangeError("an API key with a part of an unknown kind");
  if (mayBeVerified && rest[0]?.field === packet.verification) rest.shift();
  if (rest.length > 0) throw new RangeError("an API key with a part of an unknown kind");
  return first.data;
}

function section(reader) {
  const packets = [];
  for (let next = nextPacket(reader); next.field !== packet.end; next = nextPacket(reader)) {
    if (packets.length > 0 && packets.at(-1).field >= next.field) throw new RangeError("an API key out of order");
    packets.push(next);
  }
  return packets;
}

function nextPacket(reader) {
  const field = number(reader);
  if (field === packet.end) return { field };
  const length = number(reader);
  if (length > reader.bytes.length - reader.position) throw new RangeError("an API key that is cut off");
  reader.position += length;
  return { field, data: reader.bytes.subarray(reader.position - length, reader.position) };
}

function number(reader) {
  let value = 0;
  for (let place = 0; place < 5; place++) {
    if (reader.position >= reader.bytes.length) throw new RangeError("an API key that is cut off");
    const byte = reader.bytes[reader.position++];
    value += (byte & 127) * 2 ** (7 * place);
    if (byte < 128) return value;
  }
  throw new RangeError("an API key with too long a number");
}

// MARK: caveats

// Fields of a caveat that forbid what goes beyond reading, writing, listing and deleting: retention, legal hold, locks
// and notifications of buckets. Shares forbid them unless they say otherwise.
const fineGrained = [6, 7, 8, 9, 11, 12, 13, 14, 15];

/**
 * The bytes of a restriction.
 *
 * @param allowed `{download, upload, list, delete}`; what is not true is forbidden.
 * @param places `{bucket, prefix}`, the prefix encrypted; none for everywhere.
 * @param from, until times in seconds since 1970, or null.
 * @param nonce four random bytes, which let equal shares be revoked one by one.
 */
export function caveat({ allowed, places = [], from = null, until = null, nonce }) {
  const forbidden = new Set(fineGrained);
  [[1, "download"], [2, "upload"], [3, "list"], [4, "delete"], [5, "lock"]].forEach(([field, name]) => {
    if (!allowed[name]) forbidden.add(field);
  });
  const message = new MessageWriter();
  for (let field = 1; field <= 15; field++) {
    if (field === 10) {
      for (const { bucket, prefix } of places) {
        message.element(10, new MessageWriter().bytes(1, bucket).bytes(2, prefix).encoded);
      }
    } else if (forbidden.has(field)) message.number(field, 1);
  }
  if (until !== null) message.element(20, new MessageWriter().number(1, until).encoded);
  if (from !== null) message.element(21, new MessageWriter().number(1, from).encoded);
  return message.bytes(30, nonce).encoded;
}

function placesOf(caveat) {
  return fields(caveat).filter(({ field }) => field === 10).map(({ value }) => {
    const place = { bucket: new Uint8Array(), prefix: new Uint8Array() };
    for (const part of fields(value)) {
      if (part.field === 1) place.bucket = part.value;
      if (part.field === 2) place.prefix = part.value;
    }
    return place;
  });
}

/** A place in the clear: a bucket and a prefix in it, which is empty for all of the bucket. */
export const place = (bucket, prefix = "") => ({ bucket: utf8(bucket), prefix: utf8(prefix.replace(/\/$/, "")) });
