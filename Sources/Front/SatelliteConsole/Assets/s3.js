// S3 as the console's pages speak it: every request is a signed address, so that no key leaves the page.
// Signature Version 4 in the query, https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html
import { hex, utf8 } from "./bytes.js";
import { hmac256 } from "./encryption.js";

/** What an S3 service answers when it refuses. */
export class S3Failure extends Error {
  constructor(status, code, message) {
    super(message || code || `the gateway answered ${status}`);
    Object.assign(this, { status, code });
  }
}

const escaped = (text) =>
  encodeURIComponent(text).replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
const textOf = (element, name) => element.getElementsByTagName(name)[0]?.textContent ?? "";
const decoded = (text) => decodeURIComponent(text.replace(/\+/g, "%20"));
const nextOf = (answer) => (textOf(answer, "IsTruncated") === "true" ? textOf(answer, "NextContinuationToken") : "");

export class S3 {
  /** @param endpoint as "https://gateway.example.com"; buckets are named in the path. */
  constructor({ endpoint, accessKeyID, secretKey, region = "us-east-1" }) {
    Object.assign(this, { endpoint: new URL(endpoint), accessKeyID, secretKey, region });
  }

  /**
   * An address that does what it says for whoever has it, until it ends.
   *
   * @param query parameters; `headers` those that the request must bring as signed; `seconds` how long it is good.
   */
  async address(method, { bucket = "", key = "", query = {}, headers = {}, seconds = 3600 } = {}, now = new Date()) {
    const time = now.toISOString().replace(/[-:]|\.\d+/g, "");
    const scope = `${time.slice(0, 8)}/${this.region}/s3/aws4_request`;
    const sent = Object.entries({ host: this.endpoint.host, ...headers }).sort(([one], [other]) => (one < other ? -1 : 1));
    const signed = sent.map(([name]) => name).join(";");
    const words = Object.entries({
      ...query, "X-Amz-Algorithm": "AWS4-HMAC-SHA256", "X-Amz-Credential": `${this.accessKeyID}/${scope}`,
      "X-Amz-Date": time, "X-Amz-Expires": String(seconds), "X-Amz-SignedHeaders": signed,
    }).map(([name, value]) => [escaped(name), escaped(value)]).sort(([one], [other]) => (one < other ? -1 : 1))
      .map((pair) => pair.join("=")).join("&");
    const path = bucket ? `/${escaped(bucket)}${key ? `/${key.split("/").map(escaped).join("/")}` : ""}` : "/";
    const request = [method, path, words, ...sent.map(([name, value]) => `${name}:${value.trim()}`), "", signed, "UNSIGNED-PAYLOAD"];
    const digest = hex(new Uint8Array(await crypto.subtle.digest("SHA-256", utf8(request.join("\n")))));
    let secret = utf8(`AWS4${this.secretKey}`);
    for (const part of scope.split("/")) secret = await hmac256(secret, utf8(part));
    const signature = hex(await hmac256(secret, utf8(["AWS4-HMAC-SHA256", time, scope, digest].join("\n"))));
    return `${this.endpoint.origin}${path}?${words}&X-Amz-Signature=${signature}`;
  }

  /** Asks; the answer's XML as a document, nothing for an empty one. */
  async ask(method, what = {}, body = undefined) {
    const address = await this.address(method, what);
    const answer = await fetch(address, { method, body, headers: what.headers, credentials: "omit", referrerPolicy: "no-referrer" });
    const text = await answer.text();
    const document = text.trimStart().startsWith("<") ? new DOMParser().parseFromString(text, "application/xml") : null;
    const root = document?.documentElement;
    // A copy's or a completion's failure may come with status 200.
    if (!answer.ok || root?.localName === "Error") {
      throw new S3Failure(answer.status, root ? textOf(root, "Code") : "", root ? textOf(root, "Message") : "");
    }
    return root ?? null;
  }

  async buckets() {
    const answer = await this.ask("GET");
    return [...answer.getElementsByTagName("Bucket")].map((bucket) => (
      { name: textOf(bucket, "Name"), createdAt: new Date(textOf(bucket, "CreationDate")) }));
  }

  createBucket(bucket) { return this.ask("PUT", { bucket }); }
  deleteBucket(bucket) { return this.ask("DELETE", { bucket }); }

  async isVersioned(bucket) {
    return textOf(await this.ask("GET", { bucket, query: { versioning: "" } }), "Status") === "Enabled";
  }

  setVersioned(bucket, isOn) {
    const status = isOn ? "Enabled" : "Suspended";
    return this.ask("PUT", { bucket, query: { versioning: "" } },
      `<VersioningConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Status>${status}</Status></VersioningConfiguration>`);
  }

  /** One page of a folder: its folders and files, and where the next page begins. */
  async list(bucket, prefix, next = "", count = 200) {
    const query = { "list-type": "2", delimiter: "/", prefix, "max-keys": String(count), "encoding-type": "url" };
    if (next) query["continuation-token"] = next;
    const answer = await this.ask("GET", { bucket, query });
    return {
      folders: [...answer.getElementsByTagName("CommonPrefixes")].map((folder) => decoded(textOf(folder, "Prefix"))),
      files: [...answer.getElementsByTagName("Contents")].map((file) => (
        { key: decoded(textOf(file, "Key")), size: Number(textOf(file, "Size")), changedAt: new Date(textOf(file, "LastModified")) })),
      next: nextOf(answer),
    };
  }

  /** The versions of one object, newest first. */
  async versions(bucket, key) {
    const answer = await this.ask("GET", { bucket, query: { versions: "", prefix: key, "max-keys": "1000" } });
    return [...answer.children].filter((item) => ["Version", "DeleteMarker"].includes(item.localName) && textOf(item, "Key") === key)
      .map((item) => ({
        id: textOf(item, "VersionId"), isLatest: textOf(item, "IsLatest") === "true", isMarker: item.localName === "DeleteMarker",
        size: Number(textOf(item, "Size")), changedAt: new Date(textOf(item, "LastModified")),
      }));
  }

  delete(bucket, key, version = null) {
    return this.ask("DELETE", { bucket, key, query: version ? { versionId: version } : {} });
  }

  /** Makes an old version the newest again, as a copy. */
  restore(bucket, key, version) { return this.copy(bucket, key, key, `?versionId=${escaped(version)}`); }

  /** Copies an object within its bucket, at the gateway. */
  copy(bucket, key, target, version = "") {
    const source = `/${bucket}/${key.split("/").map(escaped).join("/")}${version}`;
    return this.ask("PUT", { bucket, key: target, headers: { "x-amz-copy-source": source } });
  }

  async exists(bucket, key) {
    const page = await this.keys(bucket, key, "", 1);
    return page.keys[0] === key;
  }

  /** One page of all keys below a prefix, and where the next begins. */
  async keys(bucket, prefix, next = "", count = 1000) {
    const query = { "list-type": "2", prefix, "max-keys": String(count), "encoding-type": "url" };
    if (next) query["continuation-token"] = next;
    const answer = await this.ask("GET", { bucket, query });
    return {
      keys: [...answer.getElementsByTagName("Contents")].map((file) => decoded(textOf(file, "Key"))),
      next: nextOf(answer),
    };
  }

  /** An address that saves an object under its name. */
  download(bucket, key, version = null) {
    const name = key.split("/").at(-1).replace(/["\\\r\n]/g, "_");
    const query = { "response-content-disposition": `attachment; filename*=UTF-8''${escaped(name)}` };
    if (version) query.versionId = version;
    return this.address("GET", { bucket, key, query });
  }

  /**
   * Uploads a file, a large one in parts of which three are under way at a time.
   *
   * @param progress told how many bytes have been sent.
   * @param signal stops it; what is there of a large file is thrown away.
   */
  async upload(bucket, key, file, progress, signal) {
    const type = file.type || "application/octet-stream";
    if (file.size <= S3.partSize) {
      await this.#send({ bucket, key, headers: { "content-type": type } }, file, progress, signal);
      return;
    }
    const begun = await this.ask("POST", { bucket, key, query: { uploads: "" }, headers: { "content-type": type } });
    const uploadId = textOf(begun, "UploadId");
    // Ten thousand parts at most.
    const size = Math.max(S3.partSize, Math.ceil(file.size / 9_000));
    const count = Math.ceil(file.size / size);
    const sent = new Array(count).fill(0), tags = new Array(count);
    let next = 0;
    const work = async () => {
      while (next < count) {
        const index = next++;
        const part = file.slice(index * size, Math.min(file.size, (index + 1) * size));
        tags[index] = await this.#again(signal, () =>
          this.#send({ bucket, key, query: { partNumber: String(index + 1), uploadId } }, part, (bytes) => {
            sent[index] = bytes;
            progress(sent.reduce((all, one) => all + one, 0));
          }, signal));
      }
    };
    try {
      await Promise.all([work(), work(), work()]);
      const parts = tags.map((tag, index) => `<Part><PartNumber>${index + 1}</PartNumber><ETag>${tag}</ETag></Part>`);
      await this.ask("POST", { bucket, key, query: { uploadId } }, `<CompleteMultipartUpload>${parts.join("")}</CompleteMultipartUpload>`);
    } catch (error) {
      next = count;
      await this.ask("DELETE", { bucket, key, query: { uploadId } }).catch(() => {});
      throw error;
    }
  }

  /** Tries a part again when the line broke, not when the gateway refused. */
  async #again(signal, send) {
    for (let attempt = 1; ; attempt++) {
      try { return await send(); } catch (error) {
        if (attempt === 4 || signal?.aborted || (error.status >= 400 && error.status < 500)) throw error;
        await new Promise((resolve) => setTimeout(resolve, 1000 * attempt));
      }
    }
  }

  /** Sends a body, of which only this way of asking tells the progress; answers the entity tag. */
  async #send(what, body, progress, signal) {
    const address = await this.address("PUT", what);
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(new DOMException("stopped", "AbortError"));
      const request = new XMLHttpRequest();
      request.open("PUT", address);
      for (const [name, value] of Object.entries(what.headers ?? {})) request.setRequestHeader(name, value);
      request.upload.onprogress = ({ loaded }) => progress(loaded);
      request.onload = () => {
        if (request.status < 300) return resolve(request.getResponseHeader("ETag") ?? "");
        const root = request.responseXML?.documentElement;
        reject(new S3Failure(request.status, root ? textOf(root, "Code") : "", root ? textOf(root, "Message") : ""));
      };
      request.onerror = () => reject(new S3Failure(0, "", "The gateway cannot be reached."));
      request.onabort = () => reject(new DOMException("stopped", "AbortError"));
      signal?.addEventListener("abort", () => request.abort(), { once: true });
      request.send(body);
    });
  }
}

/** Bytes that are sent in one piece. */
S3.partSize = 64 << 20;
