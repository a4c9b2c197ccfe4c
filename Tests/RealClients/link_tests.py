"""Shared links as browsers and programs open them, of objects that rclone and storj stored."""
import time
import urllib.error
import urllib.parse
import urllib.request

from clients import local_file
from content import MIB, content, difference
from program_tests import bucket_of
from suite import equal, expect, test

BROWSER = {"Accept": "text/html,application/xhtml+xml"}


def fetch(url, method="GET", **headers):
    """Status, headers and content of an address."""
    request = urllib.request.Request(
        url, method=method, headers={name.replace("_", "-"): text for name, text in headers.items()})
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.status, answer.headers, answer.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.headers, error.read()


def link_to(network, storj, place, *arguments):
    """What `storj share --url` prints last."""
    return storj.lines("share", "--url", place, "--base-url", network.facts["s3"]["links"], *arguments)[-1]


@test("a link gives what rclone stored, whole and in ranges, to who has no account", seconds=90)
def content_of_links(network):
    data = content(9 * MIB + 17)
    with bucket_of(network) as (_, rclone, storj, bucket), local_file(data) as path:
        rclone.run("copyto", path, f"net:{bucket}/p/film ü.mp4")
        link = link_to(network, storj, f"sj://{bucket}/p/film ü.mp4")
        status, headers, got = fetch(link)
        equal((status, headers["content-type"]), (200, "video/mp4"), "status and type")
        expect(not (wrong := difference(got, data)), f"the link gives {wrong}")
        for first, last in [(0, 0), (MIB - 1, MIB), (9 * MIB, 9 * MIB + 16), (4 * MIB + 3, 7 * MIB + 5)]:
            status, headers, got = fetch(link, Range=f"bytes={first}-{last}")
            equal(status, 206, "status of a range")
            equal(headers["content-range"], f"bytes {first}-{last}/{len(data)}", "Content-Range")
            expect(got == data[first:last + 1], f"bytes {first} to {last} differ")
        equal(fetch(link, Range=f"bytes={len(data)}-")[0], 416, "behind the end")
        status, headers, got = fetch(link, "HEAD")
        equal((status, headers["content-length"], got), (200, str(len(data)), b""), "HEAD")
        equal(fetch(link, If_None_Match=headers["etag"])[0], 304, "what is known already")
        _, headers, page = fetch(link, **BROWSER)
        expect(b"<video" in page and b"?map" in page, "a browser sees a player and a map")
        _, headers, picture = fetch(f"{link}?map")
        equal(headers["content-type"], "image/svg+xml", "the map's type")
        expect(b" pieces on " in picture and picture.count(b"<circle") >= 8, "the map shows the pieces")
        _, headers, _ = fetch(f"{link}?download")
        expect(headers["content-disposition"].startswith("attachment"), "a download is saved")


@test("a link reaches its prefix and nothing else, and an owner's page stands for the listing", seconds=60)
def reach_of_links(network):
    with bucket_of(network) as (_, _, storj, bucket):
        for key, text in [("a/one", b"1"), ("a/b/two", b"2"), ("c/three", b"3"), ("site/index.html", b"<p>mine")]:
            storj.run("put", f"sj://{bucket}/{key}", data=text)
        link = link_to(network, storj, f"sj://{bucket}/a/")
        page = fetch(link, **BROWSER)[2]
        expect(b">one</a>" in page and b">b/</a>" in page and b"two" not in page, "one level is listed")
        equal(fetch(f"{link}b/two")[2], b"2", "deeper content")
        equal(fetch(link.replace("/a/", "/c/") + "three")[0], 403, "a neighbour")
        equal(fetch(f"{link}none")[0], 404, "nothing")
        site = link_to(network, storj, f"sj://{bucket}/site/")
        _, headers, page = fetch(site, **BROWSER)
        equal(page, b"<p>mine", "the owner's page")
        expect(headers["content-security-policy"].startswith("sandbox"), "in an origin of its own")
        equal(fetch(link_to(network, storj, f"sj://{bucket}/a/one", "--not-after", "+1s"))[2], b"1", "before its end")


@test("a short link works until it is revoked", seconds=60)
def short_links(network):
    with bucket_of(network) as (_, _, storj, bucket):
        storj.run("put", f"sj://{bucket}/k", data=b"short")
        folder = ["--dir", network.facts["s3"]["dir"]]
        storj.environment["STORJ_LINK_URL"] = network.facts["s3"]["links"]
        made = storj.objects("gateway", "register", *folder, "--link", f"sj://{bucket}/k")[0]
        equal(fetch(made["link"])[2], b"short", "the link")
        expect(len(urllib.parse.urlparse(made["link"]).path) < 110, "it is short")
        storj.run("gateway", "revoke", *folder, made["id"])
        deadline = time.monotonic() + 20
        while fetch(made["link"])[0] != 404:
            expect(time.monotonic() < deadline, "a revoked link still works")
            time.sleep(0.5)
