// The object browser: opens a project with its passphrase, here, and then speaks S3 with the gateway.
import { element, problem, replace, sizeText, table } from "./view.js";

const part = (name) => document.getElementById(`files-${name}`);
const settings = part("open").dataset;
/** What the tab keeps until it is closed: the keys of this project. */
const memory = `storj-files ${settings.project}`;
/** How long an opened project stays open, in seconds. */
const openTime = 12 * 3600;
const full = { download: true, list: true, upload: true, delete: true };

let open = null;
let s3 = null;
let uploads = null;
/** Counts what was asked for, so that a slow answer to an old question is not shown. */
let asked = 0;

const seconds = () => Math.floor(Date.now() / 1000);
const here = () => {
  const words = decodeURIComponent(location.hash.slice(1));
  const slash = words.indexOf("/");
  return slash < 0 ? { bucket: words, prefix: "" } : { bucket: words.slice(0, slash), prefix: words.slice(slash + 1) };
};
const link = (bucket, prefix = "") => `#${encodeURIComponent(`${bucket}/${prefix}`)}`;

/** Runs what somebody asked for; says in the page what went wrong. */
async function doing(task) {
  problem(part("problem"), "");
  try {
    await task();
  } catch (error) {
    if (error.name === "AbortError") return;
    const ended = ["InvalidAccessKeyId", "ExpiredToken"].includes(error.code) || (open && open.until <= seconds());
    if (ended) close();
    problem(part("problem"), ended ? "The project is closed again: open it with its passphrase." : error.message);
  }
}

/** What asks the satellite and the gateway; fetched when somebody opens or shares something. */
const gateway = () => import("./gateway.js");

const changes = () => import("./changes.js");

async function begin(found) {
  const [{ S3 }, { UploadList }] = await Promise.all([import("./s3.js"), import("./uploads.js")]);
  uploads ??= new UploadList(part("uploads"), () => s3, (bucket, prefix) => {
    const now = here();
    if (now.bucket === bucket && now.prefix === prefix) show();
  });
  open = found;
  s3 = new S3(found);
  part("closed").hidden = true;
  part("opened").hidden = false;
  show();
}

function close() {
  sessionStorage.removeItem(memory);
  open = s3 = null;
  part("opened").hidden = true;
  part("closed").hidden = false;
  part("passphrase").focus();
}

function button(label, task, kind = "quiet", name = label) {
  return element("button", { type: "button", class: `button small ${kind}`, "aria-label": name, onclick: () => doing(task) }, label);
}

function sure(question) { return window.confirm(question); }

async function show() {
  await doing(async () => {
    const number = ++asked;
    const { bucket, prefix } = here();
    part("panel").hidden = true;
    part("here").setAttribute("aria-busy", "true");
    try {
      const rows = bucket ? await folderView(bucket, prefix) : await bucketsView();
      if (number !== asked) return;
      replace(part("path"), ...trail(bucket, prefix));
      part("bucket-tools").hidden = bucket !== "";
      part("folder-tools").hidden = bucket === "";
      replace(part("here"), ...rows);
      filter();
    } finally {
      part("here").removeAttribute("aria-busy");
    }
  });
}

function trail(bucket, prefix) {
  const items = [element("a", { href: "#" }, "Buckets")];
  if (bucket) items.push(" / ", element("a", { href: link(bucket) }, bucket));
  let path = "";
  for (const name of prefix.split("/").filter(Boolean)) {
    path += `${name}/`;
    items.push(" / ", element("a", { href: link(bucket, path) }, name));
  }
  items.at(-1).setAttribute?.("aria-current", "page");
  return items;
}

const time = (date) => element("time", { datetime: date.toISOString(), title: date.toUTCString() },
  date.toLocaleString(undefined, { dateStyle: "medium", timeStyle: "short" }));

async function bucketsView() {
  const buckets = await s3.buckets();
  if (buckets.length === 0) return [element("p", { class: "empty" }, "No buckets yet: make the first one above.")];
  return [table(["Bucket", "Made", ""], buckets.map((bucket) => [
    element("a", { href: link(bucket.name) }, bucket.name), time(bucket.createdAt),
    button("Delete", async () => {
      if (!sure(`Delete the empty bucket ${bucket.name}?`)) return;
      await s3.deleteBucket(bucket.name);
      await show();
    }, "danger", `Delete the bucket ${bucket.name}`),
  ]))];
}

async function folderView(bucket, prefix) {
  const rows = [];
  const body = table(["Name", "Size", "Changed", ""], rows);
  const add = async (next) => {
    const page = await s3.list(bucket, prefix, next);
    const added = [...page.folders.map((folder) => folderRow(bucket, prefix, folder)),
      ...page.files.filter((file) => file.key !== prefix).map((file) => fileRow(bucket, prefix, file))];
    rows.push(...added);
    body.add(added);
    filter();
    more.hidden = page.next === "";
    more.onclick = () => doing(() => add(page.next));
  };
  const more = element("button", { type: "button", class: "button" }, "Show more");
  await add("");
  const versioned = await s3.isVersioned(bucket).catch(() => false);
  part("versioning").checked = versioned;
  return rows.length ? [body, more] : [element("p", { class: "empty" }, "Nothing here yet: drop files on this page, or choose them above."), more];
}

/** Shows only what has the words of the filter in its name. */
function filter() {
  const words = part("filter").value.trim().toLowerCase();
  for (const row of part("here").querySelectorAll("tbody tr")) {
    row.hidden = !row.firstElementChild.textContent.toLowerCase().includes(words);
  }
}

function folderRow(bucket, prefix, folder) {
  return [element("a", { href: link(bucket, folder) }, folder.slice(prefix.length)), "", "",
    element("span", { class: "row" },
      button("Share", () => sharePanel(bucket, folder), "quiet", `Share ${folder.slice(prefix.length)}`),
      button("Delete", () => deleteFolder(bucket, folder), "danger", `Delete the folder ${folder.slice(prefix.length)}`))];
}

async function deleteFolder(bucket, folder) {
  if (!sure(`Delete ${folder} with everything in it?`)) return;
  const words = element("p", { role: "status" });
  panel(`Deleting ${folder}`, words);
  const { deleteFolder } = await changes();
  await deleteFolder(s3, bucket, folder, (count) => { words.textContent = `${count} deleted …`; });
  await show();
}

function renamePanel(bucket, key) {
  const field = element("input", { type: "text", id: "rename-name", required: true, value: key.slice(key.lastIndexOf("/") + 1) });
  const form = element("form", { class: "form inline" },
    element("div", { class: "field" }, element("label", { for: "rename-name" }, "New name"), element("div", { class: "input" }, field)),
    element("button", { class: "button" }, "Rename it"));
  form.onsubmit = (event) => {
    event.preventDefault();
    doing(async () => {
      await (await changes()).rename(s3, bucket, key, field.value);
      await show();
    });
  };
  panel(`Rename ${key}`, form);
  field.focus();
}

function fileRow(bucket, prefix, file) {
  const name = file.key.slice(prefix.length);
  const actions = [
    button("Download", () => save(bucket, file.key), "quiet", `Download ${name}`),
    button("Share", () => sharePanel(bucket, file.key), "quiet", `Share ${name}`),
    button("Versions", () => versionsPanel(bucket, file.key), "quiet", `Versions of ${name}`),
    button("Rename", () => renamePanel(bucket, file.key), "quiet", `Rename ${name}`),
  ];
  if (settings.links) actions.push(button("Pieces", () => piecesPanel(bucket, file.key), "quiet", `Pieces of ${name}`));
  actions.push(button("Delete", async () => {
    if (!sure(`Delete ${name}?`)) return;
    await s3.delete(bucket, file.key);
    await show();
  }, "danger", `Delete ${name}`));
  return [name, element("span", { class: "figure", title: `${file.size} bytes` }, sizeText(file.size)), time(file.changedAt), element("span", { class: "row" }, ...actions)];
}

async function save(bucket, key, version = null) {
  const anchor = element("a", { href: await s3.download(bucket, key, version), rel: "noreferrer" });
  document.body.append(anchor);
  anchor.click();
  anchor.remove();
}

function panel(title, ...content) {
  replace(part("panel"), element("div", { class: "spread" }, element("h2", { tabindex: "-1" }, title),
    button("Close", () => { part("panel").hidden = true; })), ...content);
  part("panel").hidden = false;
  part("panel").querySelector("h2").focus();
}

/** Registers a grant that reads one place until then, for links; answers its access key id. */
async function publish(bucket, key, until) {
  const [{ AccessGrant }, { place }, { register }] = await Promise.all([import("./grant.js"), import("./macaroon.js"), gateway()]);
  const whole = await AccessGrant.parse(open.grant);
  const shared = await whole.shared({ allowed: { download: true, list: true, upload: false, delete: false }, places: [place(bucket, key)], until });
  return (await register(settings.gateway, await shared.text, true)).accessKeyID;
}

const linkTo = (form, id, bucket, key) =>
  `${settings.links}/${form}/${id}/${encodeURIComponent(bucket)}/${key.split("/").map(encodeURIComponent).join("/")}`;

function sharePanel(bucket, key) {
  if (!settings.links) throw new Error("This satellite names no service of shared links.");
  const choice = element("select", { id: "share-time" }, ...[["1 day", 1], ["7 days", 7], ["30 days", 30], ["1 year", 365]].map(
    ([words, days]) => element("option", { value: String(days), selected: days === 7 }, words)));
  const result = element("div", { class: "stack", id: "share-result", role: "status" });
  panel(`Share ${key}`,
    element("p", { class: "quiet" }, "Whoever has the link can look at it and download it, without an account. The service of shared links decrypts it for them: it gets a key that reads this and nothing else."),
    element("div", { class: "row" }, element("label", { for: "share-time" }, "The link ends after"), choice,
      button("Make a link", async () => {
        const id = await publish(bucket, key, seconds() + 86400 * Number(choice.value));
        const words = linkTo("s", id, bucket, key);
        const copy = element("button", { type: "button", class: "button small quiet", onclick: () => navigator.clipboard?.writeText(words) }, "Copy");
        replace(result, element("p", { class: "secret", id: "share-link" }, words), element("div", { class: "row" }, copy,
          element("a", { href: words, target: "_blank", rel: "noreferrer noopener" }, "Open it")));
      }, "primary")), result);
}

async function versionsPanel(bucket, key) {
  const versions = await s3.versions(bucket, key);
  const again = async () => { await show(); await versionsPanel(bucket, key); };
  panel(`Versions of ${key}`, table(["Changed", "Size", "", ""], versions.map((version) => [
    time(version.changedAt), version.isMarker ? "deleted" : sizeText(version.size), version.isLatest ? "newest" : "",
    element("span", { class: "row" }, ...(version.isMarker ? [] : [
      button("Download", () => save(bucket, key, version.id), "quiet", `Download the version of ${version.changedAt.toUTCString()}`),
      ...(version.isLatest ? [] : [button("Restore", async () => { await s3.restore(bucket, key, version.id); await again(); })]),
    ]), button("Delete", async () => {
      if (!sure("Delete this version for ever?")) return;
      await s3.delete(bucket, key, version.id);
      await again();
    }, "danger", "Delete this version")),
  ])));
}

async function piecesPanel(bucket, key) {
  const id = await publish(bucket, key, seconds() + 900);
  panel(`Where the pieces of ${key} are`,
    element("img", { id: "pieces-map", alt: `A map of the pieces of ${key}`, src: `${linkTo("s", id, bucket, key)}?map` }),
    element("p", { class: "quiet" }, "Each dot is a country, with the nodes there that hold pieces. Some of the pieces are enough to bring the whole back."));
}

part("open").addEventListener("submit", (event) => {
  event.preventDefault();
  part("go").disabled = true;
  part("progress").textContent = "Deriving your key from the passphrase: a second or two …";
  doing(async () => {
    const until = seconds() + openTime;
    const { newKey, register, wholeGrant } = await gateway();
    const whole = await wholeGrant(await newKey(settings.keys, { purpose: "browser" }), part("passphrase").value);
    const grant = await (await whole.shared({ allowed: full, until })).text;
    const found = { ...(await register(settings.gateway, grant)), endpoint: settings.gateway, grant, until };
    sessionStorage.setItem(memory, JSON.stringify(found));
    part("passphrase").value = "";
    await begin(found);
  }).finally(() => {
    part("go").disabled = false;
    part("progress").textContent = "";
  });
});

part("bucket-tools").addEventListener("submit", (event) => {
  event.preventDefault();
  doing(async () => {
    await s3.createBucket(part("bucket").value.trim());
    part("bucket").value = "";
    await show();
  });
});

const send = (files) => {
  const { bucket, prefix } = here();
  if (bucket && s3) for (const file of files) uploads.add(bucket, prefix, file);
};
part("choose").addEventListener("change", () => { send(part("choose").files); part("choose").value = ""; });
part("versioning").addEventListener("change", () => doing(() => s3.setVersioned(here().bucket, part("versioning").checked)));
part("filter").addEventListener("input", filter);
part("close").addEventListener("click", close);
document.addEventListener("dragover", (event) => { if (s3 && here().bucket) event.preventDefault(); });
document.addEventListener("drop", (event) => {
  if (!s3 || !here().bucket) return;
  event.preventDefault();
  send(event.dataTransfer.files);
});
addEventListener("hashchange", () => {
  part("filter").value = "";
  if (s3) show();
});

const kept = JSON.parse(sessionStorage.getItem(memory) ?? "null");
if (kept && kept.until > seconds()) doing(() => begin(kept));
