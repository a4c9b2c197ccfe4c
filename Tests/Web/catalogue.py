"""Every page that is looked at: where it is, and how one gets there. Pages of an application appear when it runs."""
import contextlib
import os
import re
import subprocess
import time
from dataclasses import dataclass
from typing import Callable, Optional

import web
import wizard
from network import free_port
from storj import StorjError
from suite import eventually


@dataclass(frozen=True)
class Shown:
    """One page: a short name for files and tables, its address, and who has to be signed in."""
    application: str
    name: str
    url: str
    sign_in: Optional[Callable] = None
    prepare: Optional[Callable] = None


def link_pages(network, storj):
    """Pages of shared links."""
    with contextlib.suppress(StorjError):  # It is there when this is the second look.
        storj.run("mb", "sj://shown")
    for key, text in {"a folder/b.txt": b"b", "notes.txt": b"Notes of a journey\n" * 40, "plan.txt": b"1"}.items():
        storj.run("put", f"sj://shown/p/{key}", data=text)

    def link(key):
        return storj.lines("share", "--url", f"sj://shown/p/{key}", "--base-url", network.facts["s3"]["links"])[-1]

    return [Shown("links", "folder", link("")), Shown("links", "object", link("notes.txt")),
            Shown("links", "nothing", link("") + "none")]


def node_pages(network):
    """StorjShare of the first node."""
    home = network.nodes[0]["dashboard"].rstrip("/")
    names = {"overview": "/", "space": "/space", "traffic": "/traffic", "satellites": "/satellites", "earnings": "/earnings",
             "upkeep": "/upkeep", "prices": "/prices", "alerts": "/alerts"}
    pages = [Shown("node", name, home + path) for name, path in names.items()]
    return [*pages, Shown("node", "satellite", f"{home}/satellites/{network.satellite['node_url'].split('@')[0]}")]


def wizard_pages(network, stack):
    """A new node's first run, step by step: one that has nothing yet, and one that has everything but the start."""
    empty, _ = stack.enter_context(wizard.new_node(network, "wizard-empty", "127.1.99.2"))
    full, address = stack.enter_context(wizard.new_node(network, "wizard", "127.1.99.1"))
    with web.visitor() as page:
        wizard.fill(page, network, full, address)
    steps = ["place", "satellites", "price", "start"]
    return [Shown("wizard", "identity", f"http://{empty}/setup"),
            *(Shown("wizard", step, f"http://{full}/setup/{step}") for step in steps)]


def farm_pages(network, stack):
    """All nodes in one view."""
    address, names = f"127.0.0.1:{free_port()}", os.path.join(network.folder, "farm.txt")
    with open(names, "w", encoding="utf-8") as file:
        for number, node in enumerate(network.nodes):
            file.write(f"disk-{number + 1:02}={node['dashboard'].rstrip('/')}\n")
    farm = subprocess.Popen([network.program, "node", "farm", "--nodes", names, "--address", address],
                            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    stack.callback(lambda: (farm.terminate(), farm.wait(timeout=30)))
    eventually(lambda: network.accepts((address.split(":")[0], int(address.split(":")[1]))), 30, "the farm listens")
    return [Shown("farm", "nodes", f"http://{address}/")]


def console_sign_in(network):
    """Signs the demo account in at the satellite's console."""
    facts = network.facts["console"]

    def sign_in(page):
        # Each page has a visitor of its own, and the console slows down who signs in often.
        for _ in range(5):
            page.open(facts["endpoint"].rstrip("/") + "/sign-in")
            page.fill("E-mail", facts["email"])
            page.fill("Password", facts["password"])
            page.click("Sign in", loads=True)
            if page.status != 429:
                return
            time.sleep(15)

    return sign_in


def console_pages(network):
    """The satellite's console, as a customer and as an operator see it: the demo account is both."""
    home, sign_in = network.facts["console"]["endpoint"].rstrip("/"), console_sign_in(network)
    with web.visitor() as page:
        sign_in(page)
        project = _address(page, f"{home}/projects", "/projects/[0-9a-f]{32}")
        customer = _address(page, f"{home}/operator/customers", "/operator/customers/[0-9a-f]+")
        owned = _address(page, home + customer, "/operator/projects/[0-9a-f]+")
        invoice = _address(page, f"{home}/billing/invoices", "/billing/invoices/[A-Za-z0-9-]+")
    places = {
        "projects": "/projects", "account": "/account", "project": project, "project-access": f"{project}/access",
        "project-usage": f"{project}/usage", "project-keys": f"{project}/keys", "project-members": f"{project}/members",
        **{f"billing-{name or 'overview'}": f"/billing/{name}".rstrip("/")
           for name in ["", "invoices", "deposits", "cards", "coupons", "partners"]}}
    if invoice:
        places["billing-invoice"] = invoice
    offices = {
        "overview": "", **{name: f"/{name}" for name in [
            "nodes", "durability", "repair", "market", "customers", "settlement", "chores", "log"]},
        "node": f"/nodes/{network.nodes[0]['id']}"}
    office = {name: f"/operator{path}" for name, path in offices.items()} | {"customer": customer, "project": owned}
    return [
        Shown("console", "sign-in", f"{home}/sign-in"), Shown("console", "sign-up", f"{home}/sign-up"),
        Shown("console", "forgot", f"{home}/forgot"),
        *(Shown("console", name, home + path, sign_in) for name, path in places.items()),
        *(Shown("operator", name, home + path, sign_in) for name, path in office.items() if path)]


def files_pages(network):
    """Files in the browser: before the passphrase, the buckets, and what lies in one."""
    home, sign_in = network.facts["console"]["endpoint"].rstrip("/"), console_sign_in(network)
    with web.visitor() as page:
        sign_in(page)
        place = home + _address(page, f"{home}/projects", "/projects/[0-9a-f]{32}") + "/files"

    def opened(path):
        def prepare(page):
            # A tab that opened it once keeps it open.
            if not page.evaluate("sessionStorage.length"):
                page.fill("Passphrase", network.facts["passphrase"])
                page.click("Open")
            page.until_text("Close the project", seconds=60)
            page.evaluate(f"location.hash = encodeURIComponent('{path}')")
            page.until_text("notes.txt" if path else "shown", seconds=30)
        return prepare

    return [Shown("console", "files-closed", place, sign_in), Shown("console", "files-buckets", place, sign_in, opened("")),
            Shown("console", "files", place, sign_in, opened("shown/p/"))]


def _address(page, url, pattern):
    """The first link of a page that looks like this; None when there is none."""
    page.open(url)
    links = page.evaluate("[...document.querySelectorAll('main a[href]')].map((each) => each.getAttribute('href'))")
    return next((link for link in links if re.fullmatch(pattern, link)), None)


def everything(network, storj, stack):
    """All pages of a network; what runs for them only ends with the stack."""
    links = link_pages(network, storj)
    return [*wizard_pages(network, stack), *node_pages(network), *farm_pages(network, stack), *console_pages(network),
            *files_pages(network), *links]
