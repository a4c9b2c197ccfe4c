// Access grants, made here so that neither a passphrase nor a key made of it leaves the browser.
import { argon2id } from "./argon2.js";
import { decodeChecked, encodeChecked } from "./base58.js";
import { text, utf8 } from "./bytes.js";
import { EncryptionStore, cipher, hmac256 } from "./encryption.js";
import { APIKey, caveat } from "./macaroon.js";
import { MessageWriter, fields } from "./message.js";

/**
 * The key of a whole project. Takes 64 MiB and about a second: call it in a Worker.
 *
 * @param passphrase, salt bytes; the salt is the project's, as the satellite tells it.
 * @param lanes 8 for what people type; each number gives another key.
 */
export async function rootKey(passphrase, salt, lanes = 8, path = new Uint8Array()) {
  const mixed = await hmac256(await hmac256(passphrase, salt), path);
  return argon2id(passphrase, mixed, { lanes, memory: 65536, length: 32 });
}

/** Where the satellite is, an API key, and the keys to read what is stored. */
export class AccessGrant {
  constructor(satellite, apiKey, encryption) {
    Object.assign(this, { satellite, apiKey, encryption });
  }

  /** A grant of its parts; keys that the API key's restrictions put out of reach are left behind. */
  static async of(satellite, apiKey, encryption) {
    return new AccessGrant(satellite, apiKey, await encryption.limited(apiKey.places));
  }

  /** The grant for a whole project. */
  static async whole(satellite, apiKeyText, rootKey, suite = cipher.aesGCM) {
    return AccessGrant.of(satellite, await APIKey.parse(apiKeyText), new EncryptionStore({ defaultKey: rootKey, suite }));
  }

  /** Reads the text form; throws for what is none. */
  static async parse(words) {
    const decoded = await decodeChecked(words.trim());
    if (decoded?.version !== 0) throw new RangeError("this is no access grant");
    let satellite = "", key = new Uint8Array(), keys = new Uint8Array();
    for (const { field, value } of fields(decoded.payload)) {
      if (field === 1) satellite = text(value);
      if (field === 2) key = value;
      if (field === 3) keys = value;
    }
    if (satellite === "") throw new RangeError("an access grant without a satellite");
    return AccessGrant.of(satellite, APIKey.decode(key), storeOf(keys));
  }

  /** The text form. A secret. */
  get text() {
    const message = new MessageWriter().bytes(1, utf8(this.satellite)).bytes(2, this.apiKey.encoded)
      .element(3, encodedStore(this.encryption));
    return encodeChecked(0, message.encoded);
  }

  /**
   * A grant that can do less.
   *
   * @param allowed `{download, upload, list, delete}`.
   * @param places in the clear, of `place()`; none for all that this grant reaches.
   * @param from, until seconds since 1970, or null.
   */
  async shared({ allowed, places = [], from = null, until = null }, nonce = crypto.getRandomValues(new Uint8Array(4))) {
    if (!Object.values(allowed).includes(true)) throw new RangeError("a grant that allows nothing");
    if (from !== null && until !== null && from > until) throw new RangeError("a grant that ends before it begins");
    const encrypted = [];
    for (const { bucket, prefix } of places) {
      encrypted.push({ bucket, prefix: (await this.encryption.encrypt(prefix, bucket)).path });
    }
    const apiKey = await this.apiKey.restricted(caveat({ allowed, places: encrypted, from, until, nonce }));
    return AccessGrant.of(this.satellite, apiKey, this.encryption);
  }
}

function encodedStore(store) {
  const message = new MessageWriter().bytes(1, store.defaultKey ?? new Uint8Array());
  for (const entry of store.entries) {
    message.element(2, new MessageWriter().bytes(1, entry.bucket).bytes(2, entry.plainPath).bytes(3, entry.encryptedPath)
      .bytes(4, entry.key).number(5, entry.suite).encoded);
  }
  return message.number(3, store.suite).encoded;
}

function storeOf(bytes) {
  const none = new Uint8Array();
  const store = new EncryptionStore({});
  for (const { field, value } of fields(bytes)) {
    if (field === 1) store.defaultKey = keyOf(value);
    // Old grants do not say how names are encrypted.
    if (field === 3 && value !== 0) store.suite = value;
    if (field !== 2) continue;
    const entry = { bucket: none, plainPath: none, encryptedPath: none, key: none, suite: 0 };
    for (const part of fields(value)) {
      const name = [null, "bucket", "plainPath", "encryptedPath", "key", "suite"][part.field];
      if (name) entry[name] = part.value;
    }
    keyOf(entry.key);
    store.entries.push(entry);
  }
  return store;
}

function keyOf(bytes) {
  if (bytes.length !== 32) throw new RangeError("an access grant with a key of a wrong length");
  return bytes;
}
