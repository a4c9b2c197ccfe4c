"""Every page that is looked at: where it is, and how one gets there. Pages of an application appear when it runs."""
import re
from dataclasses import dataclass
from typing import Callable, Optional

import web


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
             "upkeep": "/upkeep", "prices": "/prices"}
    pages = [Shown("node", name, home + path) for name, path in names.items()]
    return [*pages, Shown("node", "satellite", f"{home}/satellites/{network.satellite['node_url'].split('@')[0]}")]


def console_sign_in(network):
    """Signs the demo account in at the satellite's console."""
    facts = network.facts["console"]

    def sign_in(page):
        page.open(facts["endpoint"].rstrip("/") + "/sign-in")
        page.fill("E-mail", facts["email"])
        page.fill("Password", facts["password"])
        page.click("Sign in", loads=True)

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
        *(Shown("console", name, home + path, sign_in) for name, path in places.items()),
        *(Shown("operator", name, home + path, sign_in) for name, path in office.items() if path)]


def _address(page, url, pattern):
    """The first link of a page that looks like this; None when there is none."""
    page.open(url)
    links = page.evaluate("[...document.querySelectorAll('main a[href]')].map((each) => each.getAttribute('href'))")
    return next((link for link in links if re.fullmatch(pattern, link)), None)


def everything(network, storj):
    """All pages of a network."""
    return [*node_pages(network), *console_pages(network), *link_pages(network, storj)]
