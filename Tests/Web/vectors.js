// Checks the console's own cryptography against golden data. Loaded by a page, and by node when that is at hand.
import { decode, decodeChecked, encode, encodeChecked } from "./base58.js";
import { fromHex, hex, utf8 } from "./bytes.js";
import { EncryptionStore, cipher, derived, keyBelow } from "./encryption.js";
import { AccessGrant, rootKey } from "./grant.js";
import { APIKey, caveat, place } from "./macaroon.js";

/** Runs every check; `read(name)` gives a file of the vectors. Answers how many passed and which did not. */
export async function check(read) {
  const failures = [];
  let count = 0;
  const same = (name, found, wanted) => {
    count++;
    if (found !== wanted) failures.push(`${name}: ${found} is not ${wanted}`);
  };
  const fails = async (name, body) => {
    count++;
    try {
      await body();
      failures.push(`${name}: was not refused`);
    } catch (error) {
      if (!(error instanceof RangeError)) failures.push(`${name}: ${error}`);
    }
  };
  await base58(await read("base58check.json"), same);
  await paths(await read("paths.json"), same, fails);
  await keys(await read("macaroon.json"), same, fails);
  await grants(await read("access.json"), same, fails);
  return { count, failures };
}

async function base58({ plain, check, decode_results }, same) {
  for (const { bytes_hex, base58 } of plain) {
    same("base58", encode(fromHex(bytes_hex)), base58);
    same("base58 back", hex(decode(base58)), bytes_hex);
  }
  for (const { payload_hex, string, version } of check) {
    same("base58check", await encodeChecked(version, fromHex(payload_hex)), string);
  }
  for (const { string, error } of decode_results) {
    if (error) same(`base58check of ${string}`, await decodeChecked(string), null);
  }
}

async function paths({ derive_key, root_key_hex, paths, store_lookup }, same, fails) {
  for (const { key_hex, message_hex, derived_hex } of derive_key) {
    same("derived key", hex(await derived(fromHex(key_hex), fromHex(message_hex))), derived_hex);
  }
  for (const [name, suite] of [["AES128-GCM", cipher.aesGCM], ["null", cipher.null]]) {
    const store = new EncryptionStore({ defaultKey: fromHex(root_key_hex), suite });
    for (const vector of paths) {
      const bucket = utf8(vector.bucket);
      const wanted = vector.cipher?.[name].encrypted_hex ?? "";
      const found = await store.encrypt(fromHex(vector.path_hex), bucket);
      same(`path ${vector.path_printable}`, hex(found.path), wanted);
      same(`key of ${vector.path_printable}`, hex(found.key), vector.path_key_hex);
      same(`path back ${vector.path_printable}`, hex((await store.decrypt(found.path, bucket)).path), vector.path_hex);
    }
  }
  const entries = store_lookup.entries.map((entry) => ({
    bucket: utf8(entry.bucket), plainPath: utf8(entry.unencrypted), encryptedPath: utf8(entry.encrypted),
    key: fromHex(entry.key_hex), suite: entry.path_cipher,
  }));
  const store = new EncryptionStore({ entries });
  for (const { bucket, path, encrypted_hex, error } of store_lookup.queries) {
    if (error) await fails(`look-up of ${path}`, () => store.encrypt(utf8(path), utf8(bucket)));
    else same(`look-up of ${path}`, hex((await store.encrypt(utf8(path), utf8(bucket))).path), encrypted_hex);
  }
}

async function keys({ keys, parse_cases }, same, fails) {
  for (const vector of keys) {
    const key = await APIKey.parse(vector.string);
    same(`key ${vector.name}`, hex(key.encoded), vector.raw_hex);
    same(`text of ${vector.name}`, await key.text, vector.string);
    let grown = (await APIKey.parse(keys[0].string));
    for (const { bytes_hex } of vector.caveats ?? []) grown = await grown.restricted(fromHex(bytes_hex));
    same(`restrictions of ${vector.name}`, hex(grown.tail), vector.tail_hex);
  }
  for (const { name, raw_hex, error } of parse_cases) {
    if (error) await fails(`key that is ${name}`, () => APIKey.decode(fromHex(raw_hex)));
  }
}

async function grants({ grants, malformed, roots }, same, fails) {
  for (const vector of roots) {
    const key = await rootKey(
      utf8(vector.passphrase_utf8), fromHex(vector.salt_hex), vector.argon2_parallelism, utf8(vector.path_utf8));
    same(`root key of "${vector.passphrase_utf8}"`, hex(key), vector.root_key_hex);
  }
  const suites = { "root-aesgcm": cipher.aesGCM, "root-encnull": cipher.null, "root-secretbox": cipher.secretBox };
  for (const vector of grants) {
    const suite = suites[vector.name];
    if (suite) {
      const made = await AccessGrant.whole(
        vector.satellite_address, vector.api_key.string, fromHex(roots[0].root_key_hex), suite);
      same(`grant ${vector.name}`, await made.text, vector.grant);
    }
    const isSecretBox = vector.encryption_access.default_path_cipher === cipher.secretBox;
    if (!isSecretBox) same(`grant back ${vector.name}`, await ordered(await AccessGrant.parse(vector.grant)), await wanted(vector));
    const last = vector.api_key.caveats?.at(-1)?.fields;
    if (!vector.parent || !last || last.max_object_ttl_nanoseconds || isSecretBox) continue;
    const parent = await AccessGrant.parse(grants.find(({ name }) => name === vector.parent).grant);
    const allowed = {
      download: !last.disallow_reads, upload: !last.disallow_writes, list: !last.disallow_lists,
      delete: !last.disallow_deletes, lock: !last.disallow_locks,
    };
    const places = (vector.share_prefixes ?? []).map(({ bucket, prefix }) => place(bucket, prefix));
    const shared = await parent.shared({ allowed, places }, fromHex(last.nonce_hex));
    same(`share ${vector.name}`, await ordered(shared), await wanted(vector));
  }
  for (const { string } of malformed) await fails(`grant "${string}"`, () => AccessGrant.parse(string));
  const timed = grants.find(({ name }) => name === "timed").api_key.caveats.at(-1);
  const until = timed.fields.not_after.unix_seconds;
  const ours = caveat({
    allowed: { download: true, list: true, lock: !timed.fields.disallow_locks }, places: [place("photos")], until,
    nonce: fromHex(timed.fields.nonce_hex),
  });
  // The vector also bounds how long objects live, which the console does not offer: field 22, between the two.
  const bound = hex(fromHex(timed.bytes_hex)).replace(/b201.*?(?=f201)/, "");
  same("a share that ends", hex(ours), bound);
  const narrow = await AccessGrant.parse(grants.find(({ name }) => name === "ro-prefix").grant);
  await fails("a share outside of the grant", () => narrow.shared({ allowed: { download: true }, places: [place("other")] }));
  await fails("a share of nothing", () => narrow.shared({ allowed: {} }));
}

// The reference implementation writes the keys of several places in any order.
async function ordered(grant) {
  grant.encryption.entries.sort((left, right) => (hex(left.encryptedPath) < hex(right.encryptedPath) ? -1 : 1));
  return grant.text;
}

const wanted = async (vector) =>
  (vector.share_prefixes ?? []).length > 1 ? ordered(await AccessGrant.parse(vector.grant)) : vector.grant;
