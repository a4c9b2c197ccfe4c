"""Pictures of every page in light and dark, on a desk and on a phone, and tables of what a judge finds.

    scripts/show-web [--program PATH] [--large] [--only TEXT] [--png FOLDER] [--into FOLDER]

Writes FOLDER/APPLICATION-PAGE-LOOK.webp and FOLDER/pages.md (docs/screenshots by default); the exit status is 1 when a page
is over its budget, or a judge or the browser complained.
"""
import argparse
import contextlib
import os
import signal
import sys

_HERE = os.path.dirname(os.path.abspath(__file__))
_ROOT = os.path.dirname(os.path.dirname(_HERE))
sys.path.insert(1, os.path.join(os.path.dirname(_HERE), "RealClients"))

from network import Networks  # noqa: E402
from storj import Storj  # noqa: E402
import catalogue  # noqa: E402
import fixture  # noqa: E402
import web  # noqa: E402
from judge import BUDGET_MILLISECONDS, accessibility, weight  # noqa: E402
from page import DESKTOP, PHONE  # noqa: E402

LOOKS = [("desktop-light", DESKTOP, False), ("desktop-dark", DESKTOP, True), ("phone-light", PHONE, False),
         ("phone-dark", PHONE, True)]
BUDGET_BYTES, BUDGET_REQUESTS = 60_000, 10
_LARGEST_PICTURE = 36_000


class Row:
    """What was found about one page."""

    def __init__(self, shown):
        self.shown, self.weight, self.complaints, self.contrast, self.facts = shown, {}, {}, 21, {}
        self.small = None

    def complain(self, text, look="everywhere"):
        looks = self.complaints.setdefault(text, [])
        if look not in looks:
            looks.append(look)


def look_at(shown, folder, png):
    """Takes the pictures of one page and judges it."""
    row = Row(shown)
    with web.visitor() as page:
        if shown.sign_in:
            shown.sign_in(page)
        row.weight = weight(page, shown.url)
        expected = "nothing" if row.weight["status"] == 404 else None
        if row.weight["status"] != 200 and shown.name != expected:
            row.complain(f"status {row.weight['status']}")
        # That a missing page is missing is no complaint about the page.
        for text in row.weight["complaints"]:
            if "404" not in text or shown.name != "nothing":
                row.complain(f"the browser: {text}")
        for host in row.weight["elsewhere"]:
            row.complain(f"asks {host}")
        for name, size, dark in LOOKS:
            page.look(size, dark)
            page.open(shown.url)
            if shown.prepare:
                shown.prepare(page)
            keep(page, os.path.join(folder, f"{shown.application}-{shown.name}-{name}.webp"))
            if png:
                page.picture(os.path.join(png, f"{shown.application}-{shown.name}-{name}.png"))
            found = accessibility(page)
            row.contrast = min(row.contrast, found["contrast"])
            row.facts = row.facts or found
            for text in found["complaints"]:
                row.complain(text, name)
    if row.weight["bytes"] > BUDGET_BYTES:
        row.complain(f"{row.weight['bytes']} bytes")
    if row.weight["requests"] > BUDGET_REQUESTS:
        row.complain(f"{row.weight['requests']} requests")
    if row.weight["milliseconds"] > BUDGET_MILLISECONDS:
        row.complain(f"{row.weight['milliseconds']:.0f} ms")
    return row


def chosen(network, only, stack):
    """The pages whose application or name contains a text."""
    pages = catalogue.everything(network, Storj(network, network.grant), stack)
    return [shown for shown in pages if only in f"{shown.application} {shown.name}"]


def first_times(network, only):
    """Milliseconds of the server for each page while the network is small."""
    times = {}
    with contextlib.ExitStack() as stack:
        for shown in chosen(network, only, stack):
            with web.visitor() as page:
                if shown.sign_in:
                    shown.sign_in(page)
                times[shown.application, shown.name] = weight(page, shown.url)["milliseconds"]
    return times


def keep(page, path):
    """Keeps a picture, at a quality that keeps it small."""
    for quality in [50, 35, 20, 10]:
        if page.picture(path, quality) <= _LARGEST_PICTURE:
            return


def tables(rows, version, title):
    """The findings as Markdown."""
    lines = [f"# {title}", "", f"Made by `scripts/show-web` in {version}. Budget of a page: {BUDGET_BYTES // 1000} KB compressed, "
             f"{BUDGET_REQUESTS} requests, {BUDGET_MILLISECONDS} ms of the server's time.", "",
             "| Page | Bytes | Requests | Server, small, ms | Server, ms | Controls | Headings | Tab stops | Lowest contrast | Complaints |",
             "|---|---:|---:|---:|---:|---:|---:|---:|---:|---|"]
    for row in rows:
        complaints = "; ".join(f"{text} ({', '.join(looks)})" if len(looks) < 4 and looks != ["everywhere"] else text
                               for text, looks in row.complaints.items())
        lines.append(
            f"| {row.shown.application}: {row.shown.name} | {row.weight['bytes']} | {row.weight['requests']} "
            f"| {'' if row.small is None else f'{row.small:.1f}'} | {row.weight['milliseconds']:.1f} | {row.facts['controls']} | {row.facts['headings']} "
            f"| {row.facts['tab_stops']} | {row.contrast:.1f} | {complaints.replace('|', '/') or '—'} |")
    return "\n".join(lines) + "\n"


def gallery(rows):
    """The pictures, four a page."""
    lines = []
    for row in rows:
        stem = f"{row.shown.application}-{row.shown.name}"
        lines += ["", f"## {row.shown.application}: {row.shown.name}", ""]
        lines += [f"![{name.replace('-', ', ')}]({stem}-{name}.webp)" for name, _, _ in LOOKS]
    return "\n".join(lines) + "\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", default=os.path.join(_ROOT, ".build", "release", "storj"))
    parser.add_argument("--only", default="", help="pages whose application or name contains this")
    parser.add_argument("--large", action="store_true", help="first give the network 10 000 objects, 1 000 nodes, 24 months")
    parser.add_argument("--png", help="also keep pictures as PNG here")
    parser.add_argument("--into", default=os.path.join(_ROOT, "docs", "screenshots"))
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    Networks.kinds |= web.KINDS
    everything = web.Everything(Networks(options.program, False))
    rows, failed, stack = [], [], contextlib.ExitStack()
    os.makedirs(options.into, exist_ok=True)
    if options.png:
        os.makedirs(options.png, exist_ok=True)
    try:
        network = everything.running("web")
        small = {}
        if options.large:
            small = first_times(network, options.only)
            fixture.grow(network)
        pages = stack.enter_context(contextlib.ExitStack())
        for shown in chosen(network, options.only, pages):
            try:
                rows.append(look_at(shown, options.into, options.png))
                rows[-1].small = small.get((shown.application, shown.name))
            except Exception as error:  # One page that fails must not hide the others.
                failed.append(f"{shown.application}: {shown.name}: {error}")
                print(f"FAIL {failed[-1]}", flush=True)
                continue
            print(f"{'ok  ' if not rows[-1].complaints else 'FAIL'} {shown.application}: {shown.name}", flush=True)
        text = tables(rows, web.browser().version, "Every page, judged and seen")
        print(text)
        with open(os.path.join(options.into, "pages.md"), "w", encoding="utf-8") as file:
            file.write(text + gallery(rows))
    finally:
        stack.close()
        everything.stop_all()
    return 1 if failed or any(row.complaints for row in rows) else 0


if __name__ == "__main__":
    sys.exit(main())
