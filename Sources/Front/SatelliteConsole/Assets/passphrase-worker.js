// Derives a project's key from a passphrase beside the page, which stays alive meanwhile.
import { rootKey } from "./grant.js";

onmessage = async ({ data }) => {
  try {
    postMessage({ key: await rootKey(data.passphrase, data.salt, data.lanes) });
  } catch (error) {
    postMessage({ error: String(error?.message ?? error) });
  }
};
