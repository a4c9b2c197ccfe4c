// The page that makes an access grant: the server gives an API key, the rest happens here.
const gateway = () => import("./gateway.js");
const field = (name) => document.getElementById(`access-${name}`);
const form = field("form");

async function wishes() {
  const allowed = Object.fromEntries(["download", "list", "upload", "delete"].map((name) => [name, field(name).checked]));
  const bucket = field("bucket").value.trim();
  const prefix = field("prefix").value;
  if (prefix && !bucket) throw new Error("A folder lies in a bucket: name the bucket too.");
  if (!Object.values(allowed).includes(true)) throw new Error("An access that may do nothing is of no use.");
  if (field("passphrase").value !== field("again").value) throw new Error("The two passphrases differ.");
  const until = field("until").value ? Math.floor(new Date(field("until").value).getTime() / 1000) : null;
  if (until !== null && until * 1000 <= Date.now()) throw new Error("It would have ended already.");
  const { place } = await import("./macaroon.js");
  return { allowed, places: bucket ? [place(bucket, prefix)] : [], until };
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  field("problem").hidden = true;
  field("result").hidden = true;
  field("make").disabled = true;
  try {
    const wished = await wishes();
    const { newKey, wholeGrant } = await gateway();
    field("progress").textContent = "Asking for an API key …";
    const key = await newKey(form.dataset.keys, { name: field("name").value.trim() });
    field("progress").textContent = "Deriving your key from the passphrase: a second or two …";
    const whole = await wholeGrant(key, field("passphrase").value);
    const isWhole = Object.values(wished.allowed).every(Boolean) && !wished.places.length && wished.until === null;
    const text = await (isWhole ? whole : await whole.shared(wished)).text;
    field("grant").textContent = text;
    field("rclone").textContent = `rclone config create mine storj provider=existing access_grant=${text}`;
    field("credentials").hidden = true;
    field("result").hidden = false;
    field("grant").focus();
    field("passphrase").value = field("again").value = "";
  } catch (error) {
    field("problem").textContent = error.message;
    field("problem").hidden = false;
  } finally {
    field("progress").textContent = "";
    field("make").disabled = false;
  }
});

// The gateway is told of the grant only when somebody asks for that.
field("register")?.addEventListener("click", async () => {
  const button = field("register");
  button.disabled = true;
  field("registered").textContent = "Asking the gateway …";
  try {
    const { register } = await gateway();
    const { accessKeyID, secretKey, endpoint } = await register(form.dataset.gateway, field("grant").textContent);
    field("key-id").textContent = accessKeyID;
    field("secret").textContent = secretKey;
    field("endpoint").textContent = endpoint;
    field("s3").textContent =
      `rclone config create mine-s3 s3 provider=Other access_key_id=${accessKeyID} secret_access_key=${secretKey} endpoint=${endpoint}`;
    field("credentials").hidden = false;
    field("registered").textContent = "";
  } catch (error) {
    field("registered").textContent = error.message;
  } finally {
    button.disabled = false;
  }
});
