"""Buckets and files in the browser: what goes in there comes out of rclone, and the other way round."""
import json
import os
import tempfile
import urllib.error
import urllib.request
import uuid

import web
from clients import Rclone
from console_tests import sign_in
from content import content
from suite import equal, expect, test

EVIL = "<img src=x onerror=alert(1)> & 'files' \u00fc +%.txt"


def open_files(page, network):
    sign_in(page, network)
    page.follow("local")
    page.follow("Files")
    page.fill("Passphrase", network.facts["passphrase"])
    page.click("Open")
    page.until_text("Close the project", seconds=60)


def attach(page, folder, name, data):
    path = os.path.join(folder, name)
    with open(path, "wb") as file:
        file.write(data)
    page.attach("#files-choose", path)


@test("Web: upload, folders, versions, sharing and pieces in the browser; rclone sees the same", seconds=240, network="web")
def files(network):
    rclone = Rclone(network.grant)
    bucket = f"browser-{uuid.uuid4().hex[:8]}"
    large = content(70 << 20, "larger than one piece of a browser's upload")
    with web.visitor() as page, tempfile.TemporaryDirectory() as folder:
        open_files(page, network)
        page.fill("New bucket", bucket)
        page.click("Make it")
        page.until_text(bucket)
        page.evaluate("location.hash = encodeURIComponent(%s)" % json.dumps(bucket + "/"))
        page.until_text("Nothing here yet")
        page.press_on(page.find("checkbox", "Keep old versions in this bucket"))
        attach(page, folder, EVIL, b"the first text")
        page.until(lambda: page.has("button", f"Download {EVIL}"), "the upload is listed", seconds=30)
        equal(rclone.run("cat", f"net:{bucket}/{EVIL}"), b"the first text", "rclone reads what the browser uploaded")
        attach(page, folder, EVIL, b"the second text, longer")
        page.until(lambda: rclone.run("cat", f"net:{bucket}/{EVIL}") == b"the second text, longer", "the second version", seconds=30)
        attach(page, folder, "large.bin", large)
        page.until(lambda: page.has("button", "Download large.bin"), "the large upload is listed", seconds=120)
        expect(rclone.run("cat", f"net:{bucket}/large.bin") == large, "a file in parts comes back")

        page.click(f"Versions of {EVIL}")
        page.until_text("newest")
        page.click("Restore")
        page.until(lambda: rclone.run("cat", f"net:{bucket}/{EVIL}") == b"the first text", "the first version is back", seconds=30)

        page.click("Share large.bin")
        page.click("Make a link")
        page.until_text("Open it", seconds=30)
        link = page.evaluate("document.getElementById('share-link').textContent")
        with urllib.request.urlopen(link, timeout=60) as answer:
            expect(answer.read() == large, "the link gives the file")
        try:
            urllib.request.urlopen(link.replace("large.bin", "other.bin"), timeout=60)
            raise AssertionError("the link opens more than it says")
        except urllib.error.HTTPError as error:
            expect(error.code in (403, 404), f"another file by the same link: {error.code}")

        page.click("Pieces of large.bin")
        page.until(lambda: page.evaluate("document.getElementById('pieces-map')?.naturalWidth > 0"), "the map of pieces", seconds=30)

        rclone.run("rcat", f"net:{bucket}/below/deep/file", data=b"from rclone")
        page.until(lambda: folder_listed(page), "the folder that rclone made", seconds=60)
        page.until(lambda: page.evaluate(
            "[...document.querySelectorAll('#files-here a')].find((link) => link.textContent === 'below/')?.click() === undefined"
            " && location.hash.includes('below')"), "the folder is opened")
        page.until_text("deep/")

        page.evaluate("location.hash = encodeURIComponent(%s)" % json.dumps(bucket + "/"))
        page.until(lambda: page.has("button", "Rename large.bin"), "the bucket is shown again", seconds=30)
        page.fill("Show only names with", "LARGE")
        page.until(lambda: not page.has("button", f"Download {EVIL}"), "the other names are hidden")
        page.click("Rename large.bin")
        page.fill("New name", EVIL)
        page.click("Rename it")
        page.until_text("already")
        page.fill("New name", "renamed \u00fc.bin")
        page.click("Rename it")
        page.until(lambda: rclone.run("lsf", f"net:{bucket}").decode().split("\n")[:-1] == [EVIL, "below/", "renamed \u00fc.bin"],
                   "rclone sees the new name", seconds=60)
        expect(rclone.run("cat", f"net:{bucket}/renamed \u00fc.bin") == large, "what was renamed is the same")
        page.fill("Show only names with", "")
        page.evaluate("window.confirm = () => true")
        page.click("Delete the folder below/")
        page.until(lambda: b"below/" not in rclone.run("lsf", f"net:{bucket}"), "the folder is gone", seconds=60)
        web.clean(page, network.facts["s3"]["endpoint"], network.facts["s3"]["links"])


def folder_listed(page):
    """Asks for the listing again, which others' writes reach after a while."""
    page.evaluate("dispatchEvent(new HashChangeEvent('hashchange'))")
    return page.has("link", "below/")


@test("Web: S3 credentials made beside an access open the gateway", seconds=120, network="web")
def credentials(network):
    owner = Rclone(network.grant)
    bucket = f"keys-{uuid.uuid4().hex[:8]}"
    owner.run("mkdir", f"net:{bucket}")
    owner.run("rcat", f"net:{bucket}/a", data=b"by S3")
    with web.visitor() as page:
        sign_in(page, network)
        page.follow("local")
        page.follow("Access")
        page.fill("Name", f"s3 {bucket}")
        page.fill("Passphrase", network.facts["passphrase"])
        page.fill("Passphrase again", network.facts["passphrase"])
        page.click("Make it")
        page.until_text("Your access grant", seconds=60)
        page.click("Make S3 credentials")
        page.until_text("Secret key", seconds=30)
        key, secret, endpoint = [page.evaluate(f"document.getElementById('access-{name}').textContent")
                                 for name in ["key-id", "secret", "endpoint"]]
        web.clean(page, network.facts["s3"]["endpoint"])
    found = owner.run(
        "cat", f":s3,provider=Other,access_key_id={key},secret_access_key={secret},endpoint='{endpoint}':{bucket}/a")
    equal(found, b"by S3", "rclone by S3 with the browser's credentials")
    forged = urllib.request.Request(
        network.facts["s3"]["endpoint"] + "/v1/access", data=json.dumps({"access_grant": network.grant}).encode(),
        headers={"Origin": "https://evil.example", "Content-Type": "application/json"})
    try:
        urllib.request.urlopen(forged, timeout=30)
        raise AssertionError("a stranger's page registered a grant")
    except urllib.error.HTTPError as error:
        equal(error.code, 403, "a stranger's page that registers a grant")
