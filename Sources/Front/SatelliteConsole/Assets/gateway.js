// What pages ask of the satellite and of the gateway to open a project: an API key, and keys for S3.
import { fromHex, utf8 } from "./bytes.js";

/** Derives a project's key beside the page. */
export function rootKey(passphrase, salt) {
  const worker = new Worker("./passphrase-worker.js", { type: "module" });
  return new Promise((resolve, reject) => {
    worker.onmessage = ({ data }) => (data.key ? resolve(data.key) : reject(new Error(data.error)));
    worker.onerror = (event) => reject(new Error(event.message || "the key cannot be derived here"));
    worker.postMessage({ passphrase: utf8(passphrase), salt, lanes: 8 });
  }).finally(() => worker.terminate());
}

/** Asks the satellite for an API key: `{ apiKey, salt, satellite }`. */
export async function newKey(address, wishes) {
  const answer = await fetch(address, {
    method: "POST",
    headers: {
      "X-CSRF-Token": document.querySelector("meta[name=csrf]").content,
      "Content-Type": "application/x-www-form-urlencoded",
      Accept: "application/json",
    },
    body: new URLSearchParams(wishes),
  });
  const found = await answer.json();
  if (!answer.ok) throw new Error(found.error ?? "the API key could not be made");
  return found;
}

/** The grant for a whole project of a new API key and a passphrase. */
export async function wholeGrant({ apiKey, salt, satellite }, passphrase) {
  // What encrypts is fetched when it is needed: many only look.
  const { AccessGrant } = await import("./grant.js");
  return AccessGrant.whole(satellite, apiKey, await rootKey(passphrase, fromHex(salt)));
}

/** Gives a grant's text to a gateway: `{ accessKeyID, secretKey, endpoint }`. */
export async function register(gateway, grant, isPublic = false) {
  let answer;
  try {
    answer = await fetch(`${gateway}/v1/access`, {
      method: "POST", headers: { "Content-Type": "application/json" }, credentials: "omit",
      body: JSON.stringify({ access_grant: grant, public: isPublic }),
    });
  } catch {
    throw new Error(`The gateway ${gateway} cannot be reached.`);
  }
  const found = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Error(found.error ?? `The gateway answered ${answer.status}.`);
  return { accessKeyID: found.access_key_id, secretKey: found.secret_key, endpoint: found.endpoint };
}
