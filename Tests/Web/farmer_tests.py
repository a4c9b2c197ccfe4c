"""StorjShare in a real browser: a node from an empty folder to its first pay, a price that is lowered, alerts that arrive."""
import hmac
import http.server
import json
import os
import tempfile
import threading
import urllib.request
from contextlib import suppress

import metabase
import router
import web
import wizard
from clients import Rclone
from console_tests import sign_in
from content import content
from network import free_port
from suite import equal, eventually, expect, test


def upload(network, bucket, count, what, size=20_000):
    rclone = Rclone(network.grant)
    rclone.run("mkdir", f"net:{bucket}")
    with tempfile.TemporaryDirectory() as folder:
        for number in range(count):
            with open(os.path.join(folder, f"{what}-{number}"), "wb") as file:
                file.write(content(size, f"{bucket} {what} {number}"))
        rclone.run("copy", folder, f"net:{bucket}", retries=3)


def shares(network, bucket, seen=()):
    """How many pieces of a bucket each node holds, of segments that were not seen before; and the segments."""
    counts, streams = {}, set()
    for segment in metabase.segments(network, bucket):
        if segment.stream not in seen:
            streams.add(segment.stream)
            for holder in segment.holders:
                counts[holder] = counts.get(holder, 0) + 1
    return counts, streams


def farmer(network, node):
    """What the satellite knows of a node's prices."""
    return next((one for one in network.operator(network.satellite, "farmers")["farmers"] if one["node"] == node["id"]), {})


def answer(node_address, path):
    with urllib.request.urlopen(f"http://{node_address}{path}", timeout=10) as reply:
        return json.load(reply)


@test("Web: a node is made in the browser in an empty folder, and earns", seconds=240, network="farm")
def first_run(network):
    with wizard.new_node(network, "wizard", "127.1.99.1") as (app, address), web.visitor() as page:
        wizard.fill(page, network, app, address)
        page.click("Start my node", loads=True)
        page.until_text("Your node starts")
        eventually(lambda: identity(app), 60, "the node answers")
        name = identity(app)
        eventually(lambda: any(one["id"] == name and one["online"] for one in network.administration("nodes")), 60,
                   "the satellite knows the node")
        rounds = iter(range(100))

        def is_paid():
            upload(network, "for-new-nodes", 4, f"round {next(rounds)}")
            return any(one["node"] == name and one["state"] == "accepted" and one["amount_units"] > 0
                       for one in network.operator(network.satellite, "statements", "--limit", "500")["statements"])

        eventually(is_paid, 120, "the node is paid for a period")
        page.open(f"http://{app}/earnings")
        page.until_text("STORJ")
        page.open(f"http://{app}/satellites/{network.satellite['node_url'].split('@')[0]}")
        page.until_text("Clocks differ by")
        web.clean(page)


@test("Web: behind a router, the wizard's button asks for the port, and the node keeps it until its end", seconds=240, network="farm")
def ask_the_router(network):
    nowhere = f"127.1.98.2:{free_port('127.1.98.2')}"
    with router.running("100.64.0.9", 40001) as box:
        with wizard.new_node(network, "behind-router", "127.1.98.1", [f"map_port_router={box.address}"]) as (app, address), \
                web.visitor() as page:
            wizard.place(page, app, address, nowhere)
            wizard.satellite(page, network)
            page.until_text("Nobody gets through to your port yet")
            page.click("Ask the router", loads=True, seconds=60)
            page.until_text("100.64.0.9, cannot be reached from the internet")
            box.outside = "203.0.113.7"
            page.click("Ask the router", loads=True, seconds=60)
            page.until_text("The router passes 203.0.113.7:40001 on to this machine (asked by NAT-PMP)")
            inside = int(address.rpartition(":")[2])
            equal(box.mappings, [(inside, 7200)] * 2, "what the router was asked for")
            page.follow("Go on")
            wizard.price(page)
            web.clean(page)
            page.click("Start my node", loads=True)
            eventually(lambda: identity(app), 60, "the node answers")
            eventually(lambda: len(box.mappings) > 2, 60, "the node asks for its port")
            eventually(lambda: answer(app, "/api/status")["address"] == "203.0.113.7:40001", 60, "it is known where the node is")
        equal(box.mappings[-1], (inside, 0), "the port is given back")


def identity(app):
    try:
        return answer(app, "/api/status").get("id")
    except OSError:
        return None


@test("Web: a price that is lowered on its page draws the next uploads", seconds=240, network="farm")
def price(network):
    node = network.nodes[3]
    app = node["dashboard"].split("/")[2]
    with web.visitor() as page:
        page.open(node["dashboard"] + ("" if node["dashboard"].endswith("/") else "/") + "prices")
        usual = float(page.evaluate("document.querySelector('[name=storage]').value"))
        upload(network, "prices", 40, "before")
        before, seen = shares(network, "prices")
        sheet = farmer(network, node).get("sheet")
        page.fill("Storage, a TB for a month", f"{usual / 10:.2f}")
        page.click("Ask these prices", loads=True)
        web.clean(page)
    eventually(lambda: farmer(network, node).get("sheet") != sheet, 60, "the satellite knows the new price")
    upload(network, "prices", 40, "after")
    after, _ = shares(network, "prices", seen)
    mine = metabase.node_id(node["id"])
    expect(after.get(mine, 0) > before.get(mine, 0),
           f"pieces of 40 segments before: {before.get(mine, 0)}, at a tenth of the price: {after.get(mine, 0)}")


@test("Web: STORJ that a farmer sends to a customer's deposit address is seen on the open page", seconds=240, network="farm")
def deposit(network):
    node = network.nodes[0]
    upload(network, "deposits", 10, "to be paid for", size=2_000_000)

    def balance():
        with suppress(AssertionError):  # There is nothing to claim yet.
            network.operator(node, "claim")
        return network.operator(node, "wallet").get("balance_units") or 0

    eventually(lambda: balance() > 2000, 120, "the farmer has been paid and has claimed")
    with web.visitor() as page:
        sign_in(page, network)
        page.follow("Billing")
        page.follow("STORJ deposits")
        if "Give me an address" in page.text:
            page.click("Give me an address", loads=True)
        address = page.evaluate("document.querySelector('.deposit-address').dataset.copy")
        network.operator(node, "send", "--to", address, "--amount", "0.00001")
        page.until_text("0.00001", seconds=60)
        page.until_text("credited", seconds=60)
        web.clean(page)


class Receiver(http.server.BaseHTTPRequestHandler):
    """Takes what is posted."""
    taken = []

    def do_POST(self):
        self.taken.append((dict(self.headers), self.rfile.read(int(self.headers["Content-Length"]))))
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_):
        pass


@test("Web: the button of alerts sends one to a webhook, signed", seconds=120, network="farm")
def alerts(network):
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    app = f"127.0.0.1:{free_port()}"
    node = network.add_nodes(1, [
        f"app.address={app}", f"alerts.webhook=http://127.0.0.1:{server.server_port}/hook", "alerts.webhook_secret=a secret"])[0]
    try:
        with web.visitor() as page:
            page.open(f"http://{app}/alerts")
            page.until_text("Nothing is the matter")
            page.click("Send a test alert", loads=True)
            page.until_text("A test alert was sent")
            web.clean(page)
    finally:
        network.kill_together([node])
        network.nodes.remove(node)
        server.shutdown()
    headers, body = Receiver.taken[-1]
    equal(json.loads(body)["node"], node["id"], "whose alert it is")
    equal(headers.get("storj-signature") or headers.get("Storj-Signature"),
          "sha256=" + hmac.digest(b"a secret", body, "sha256").hex(), "its signature")
