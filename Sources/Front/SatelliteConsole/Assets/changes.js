// What changes many objects, or one in several steps. Fetched when somebody asks for it.

/** How many objects are deleted at a time. */
const width = 8;

/**
 * Deletes all objects of a folder; of versioned ones the older versions stay.
 *
 * @param progress told how many are gone.
 * @returns how many there were.
 */
export async function deleteFolder(s3, bucket, prefix, progress) {
  let gone = 0, next = "";
  do {
    const page = await s3.keys(bucket, prefix, next);
    const waiting = [...page.keys];
    const work = async () => {
      for (let key = waiting.shift(); key !== undefined; key = waiting.shift()) {
        await s3.delete(bucket, key);
        progress(++gone);
      }
    };
    await Promise.all(Array.from({ length: width }, work));
    next = page.next;
  } while (next);
  return gone;
}

/** Gives an object another name: a copy that the gateway makes, and then the old one goes. Nothing is overwritten. */
export async function rename(s3, bucket, key, name) {
  const wanted = name.trim();
  if (!wanted || wanted.startsWith("/") || wanted.endsWith("/")) throw new Error("A file needs a name.");
  const target = key.slice(0, key.lastIndexOf("/") + 1) + wanted;
  if (target === key) return;
  if (await s3.exists(bucket, target)) throw new Error(`There is a ${wanted} already.`);
  await s3.copy(bucket, key, target);
  await s3.delete(bucket, key);
}
