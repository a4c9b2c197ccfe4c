"""A node that is made in the browser: the program in an empty folder, and the steps of its first run."""
import contextlib
import os
import subprocess
import tempfile

from network import free_port
from suite import eventually

_HURRY = ["check_in_interval=5s", "settlement_interval=2s", "farming.notice=0s", "farming.registration_interval=5s",
          "farming.watch_interval=5s"]


@contextlib.contextmanager
def new_node(network, name, host, more=()):
    """Runs a node that has nothing yet, with more settings; yields where its app and its port for satellites are."""
    app, log_name = f"127.0.0.1:{free_port()}", f"{name}.log"
    settings = [f"app.address={app}", "storage.minimum=0", f"admin.address=127.0.0.1:{free_port()}", *_HURRY, *more]
    with tempfile.TemporaryDirectory() as folder, open(os.path.join(network.folder, log_name), "wb") as log:
        node = subprocess.Popen(
            [network.program, "node", "run", "--dir", os.path.join(folder, "new"), "--exit-with-parent",
             *(text for setting in settings for text in ["--set", setting])],
            stdin=subprocess.PIPE, stdout=log, stderr=log)
        try:
            eventually(lambda: network.accepts((app.split(":")[0], int(app.split(":")[1]))), 30, "the wizard listens")
            yield app, f"{host}:{free_port(host)}"
        except BaseException:
            print(f"--- {log_name} (ended: {node.poll()})\n{network.tail(log_name, 40)}", flush=True)
            raise
        finally:
            node.stdin.close()
            node.wait(timeout=30)


def fill(page, network, app, address):
    """Goes through all steps but the last button."""
    place(page, app, address, address)
    satellite(page, network)
    page.until_text("reaches this node")
    page.follow("Go on")
    price(page)


def place(page, app, address, outside):
    """An identity, and where the node is."""
    page.open(f"http://{app}/")
    page.fill("Difficulty", "8")
    page.click("Make my identity", loads=True)
    page.until_text("Space for customers", seconds=60)
    page.fill("Space for customers", "1")
    page.fill("Listen on", address)
    page.fill("Address from outside", outside)
    page.click("Go on", loads=True)


def satellite(page, network):
    """Adds the network's satellite, which knocks at the node's port."""
    page.fill("A satellite's address", network.satellite["node_url"])
    page.click("Look at it", loads=True, seconds=30)
    page.until_text("manifest verified")


def price(page):
    """A price that customers like."""
    page.until_text("What it would earn")
    page.fill("Storage, a TB for a month", "0.10")
    page.fill("Where the price of STORJ comes from", "fixed:0.25")
    page.click("Go on", loads=True)
