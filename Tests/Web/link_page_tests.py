"""Shared links in a real browser."""
import contextlib

import web
from storj import Storj
from suite import equal, expect, test

EVIL = "<img src=x onerror=alert(1)>.txt"


def link_to(network, storj, place):
    """What `storj share --url` prints last."""
    return storj.lines("share", "--url", place, "--base-url", network.facts["s3"]["links"])[-1]


@contextlib.contextmanager
def shared(network, bucket, objects):
    """A bucket with objects, and who stored them."""
    storj = Storj(network, network.grant)
    storj.run("mb", f"sj://{bucket}")
    for key, text in objects.items():
        storj.run("put", f"sj://{bucket}/{key}", data=text)
    yield storj


@test("Web: a shared folder is browsed, and a file in it is opened and seen on a map", seconds=90, network="web")
def browse(network):
    objects = {"pictures/read me.txt": b"hello from far away", "pictures/deep/two.txt": b"2"}
    with shared(network, "web-links", objects) as storj, web.visitor() as page:
        equal(page.open(link_to(network, storj, "sj://web-links/pictures/")), 200, "status")
        page.until_text("read me.txt")
        web.clean(page)
        page.follow("deep/")
        page.until_text("two.txt")
        page.open(link_to(network, storj, "sj://web-links/pictures/read me.txt"))
        page.until_text("read me.txt")
        web.clean(page)


@test("Web: script in the names of shared files stays text", seconds=60, network="web")
def names(network):
    with shared(network, "web-names", {f"p/{EVIL}": b"harmless"}) as storj, web.visitor() as page:
        page.open(link_to(network, storj, "sj://web-names/p/"))
        page.until_text(EVIL)
        web.clean(page)
        page.open(link_to(network, storj, f"sj://web-names/p/{EVIL}"))
        page.until_text(EVIL)
        web.clean(page)


@test("Web: what a link does not reach is a page with words, not a trace", seconds=60, network="web")
def nothing(network):
    with shared(network, "web-none", {"p/a": b"1"}) as storj, web.visitor() as page:
        link = link_to(network, storj, "sj://web-none/p/")
        equal(page.open(f"{link}none"), 404, "status")
        expect(len(page.text) > 10 and "Error(" not in page.text, f"the page says: {page.text}")
