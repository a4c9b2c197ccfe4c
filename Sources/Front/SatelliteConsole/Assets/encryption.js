// How names are encrypted and keys derived; the satellite sees only what comes out of here.
import { components, isEqual, joined, path, startsWith, utf8 } from "./bytes.js";

/** The protocol's numbers of what names can be encrypted with. */
export const cipher = { null: 1, aesGCM: 2, secretBox: 3 };

const nonceSize = 12;

async function code(hash, key, message) {
  const imported = await crypto.subtle.importKey("raw", key, { name: "HMAC", hash }, false, ["sign"]);
  return new Uint8Array(await crypto.subtle.sign("HMAC", imported, message));
}

/** HMAC-SHA256. A key that is empty is one of zeros, which HMAC pads keys with anyway. */
export const hmac256 = (key, message) => code("SHA-256", key.length > 0 ? key : new Uint8Array(64), message);

const hmac512 = (key, message) => code("SHA-512", key, message);

/** The child of a key that a message names. */
export const derived = async (key, message) => (await hmac512(key, message)).slice(0, 32);

/** The key below another for a bucket or a component of a path. */
export const keyBelow = (key, component) => derived(key, joined(utf8("path:"), component));

// What is empty stays empty, without a tag.
async function aes(use, key, iv, bytes) {
  if (bytes.length === 0) return bytes;
  const imported = await crypto.subtle.importKey("raw", key, "AES-GCM", false, [use]);
  return new Uint8Array(await crypto.subtle[use]({ name: "AES-GCM", iv }, imported, bytes));
}

/** Encrypts a component and says the key below it. */
async function sealed(component, key, suite) {
  const next = await keyBelow(key, component);
  if (suite === cipher.null) return [component, next];
  if (suite !== cipher.aesGCM) throw new RangeError("names are encrypted in a way that this page cannot");
  const nonce = (await hmac512(next, utf8("nonce"))).slice(0, nonceSize);
  return [escaped(joined(nonce, await aes("encrypt", key, nonce, component))), next];
}

/** Decrypts a component and says the key below it. */
async function opened(component, key, suite) {
  let plain = component;
  if (suite !== cipher.null && component.length > 0) {
    if (suite !== cipher.aesGCM) throw new RangeError("names are encrypted in a way that this page cannot");
    const bytes = unescaped(component);
    if (bytes.length < nonceSize) throw new RangeError("not an encrypted name");
    plain = await aes("decrypt", key, bytes.subarray(0, nonceSize), bytes.subarray(nonceSize));
  }
  return [plain, await keyBelow(key, plain)];
}

// Encrypted components contain neither 00, 2f nor ff and are never empty.
const escapes = new Map([
  [0x2e, [0x2e, 1]], [0x2f, [0x2e, 2]], [0xfe, [0xfe, 1]], [0xff, [0xfe, 2]], [0x00, [0x01, 1]], [0x01, [0x01, 2]],
]);

function escaped(bytes) {
  if (bytes.length === 0) return Uint8Array.of(1);
  return Uint8Array.from([2, ...Array.from(bytes).flatMap((byte) => escapes.get(byte) ?? [byte])]);
}

function unescaped(bytes) {
  if (bytes.length === 1 && bytes[0] === 1) return new Uint8Array();
  if (bytes[0] !== 2 || bytes.length < 2) throw new RangeError("not an encrypted name");
  const plain = [];
  for (let index = 1; index < bytes.length; index++) {
    const byte = bytes[index];
    if (byte === 0x00 || byte === 0x2f || byte === 0xff) throw new RangeError("not an encrypted name");
    if (byte !== 0x2e && byte !== 0xfe && byte !== 0x01) {
      plain.push(byte);
      continue;
    }
    const second = bytes[++index];
    if (second !== 1 && second !== 2) throw new RangeError("not an encrypted name");
    plain.push(byte === 0x01 ? second - 1 : byte + second - 1);
  }
  return Uint8Array.from(plain);
}

/** The keys of a grant: one for everything, or single ones for buckets and prefixes. */
export class EncryptionStore {
  /** @param entries of `{bucket, plainPath, encryptedPath, key, suite}`, all bytes but the last. */
  constructor({ defaultKey = null, suite = cipher.aesGCM, entries = [] }) {
    Object.assign(this, { defaultKey, suite, entries });
  }

  /** Where the encryption of a path starts: the entry that reaches deepest, or the bucket's key. */
  async #base(parts, bucket, side) {
    const within = (entry) => {
      const front = components(entry[side]);
      return front.length <= parts.length && front.every((part, index) => isEqual(part, parts[index]));
    };
    const found = this.entries.filter((entry) => isEqual(entry.bucket, bucket) && within(entry));
    found.sort((left, right) => components(right[side]).length - components(left[side]).length);
    if (found.length > 0) return found[0];
    if (this.defaultKey === null) throw new RangeError("this grant does not reach that place");
    const none = new Uint8Array();
    return { plainPath: none, encryptedPath: none, key: await keyBelow(this.defaultKey, bucket), suite: this.suite };
  }

  /** Encrypts a path or a prefix without a slash at its end: `{path, key, suite}`, the key being that below it. */
  async encrypt(plain, bucket) {
    return this.#walk(plain, bucket, "plainPath", "encryptedPath", sealed);
  }

  /** Decrypts a path: `{path, key, suite}`. */
  async decrypt(encrypted, bucket) {
    return this.#walk(encrypted, bucket, "encryptedPath", "plainPath", opened);
  }

  async #walk(from, bucket, side, other, step) {
    const parts = components(from);
    const base = await this.#base(parts, bucket, side);
    const done = components(base[other]);
    let key = base.key;
    for (const part of parts.slice(components(base[side]).length)) {
      let converted;
      [converted, key] = await step(part, key, base.suite);
      done.push(converted);
    }
    return { path: path(done), key, suite: base.suite };
  }

  /**
   * What is left of the keys when an API key confines its holder to places: one key for each place.
   *
   * @param groups the places of each caveat that names any, `{bucket, prefix}`, the prefix encrypted.
   */
  async limited(groups) {
    if (groups.length === 0) return this;
    const covers = (outer, inner) => isEqual(outer.bucket, inner.bucket) && startsWith(inner.prefix, outer.prefix);
    const entries = [];
    for (const place of groups.flat()) {
      if (!groups.every((group) => group.some((other) => covers(other, place)))) continue;
      let reached;
      try {
        reached = await this.decrypt(place.prefix, place.bucket);
      } catch {
        // The holder cannot reach this place; the others are still of use.
        continue;
      }
      const entry = {
        bucket: place.bucket, plainPath: reached.path, encryptedPath: place.prefix, key: reached.key, suite: reached.suite,
      };
      const same = entries.findIndex((other) => isEqual(other.bucket, entry.bucket) && isEqual(other.plainPath, entry.plainPath));
      if (same >= 0) entries.splice(same, 1);
      entries.push(entry);
    }
    return new EncryptionStore({ suite: this.suite, entries });
  }
}
