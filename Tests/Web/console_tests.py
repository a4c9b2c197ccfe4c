"""The satellite's console in a real browser, and what is made there in real tools."""
import re
import uuid

import web
from clients import Rclone
from content import content
from suite import equal, expect, test


def sign_in(page, network):
    """As the network's own customer."""
    console = network.facts["console"]
    page.open(console["endpoint"] + "/sign-in")
    page.fill("E-mail", console["email"])
    page.fill("Password", console["password"])
    page.click("Sign in", loads=True)
    page.until_text("Projects")


def sign_up(page, network, name):
    """A new customer; his address."""
    email = f"{name}-{uuid.uuid4().hex[:8]}@example.com"
    page.open(network.facts["console"]["endpoint"] + "/sign-up")
    page.fill("Name", name)
    page.fill("E-mail", email)
    page.fill("Password", "correct horse battery")
    page.click("Open account", loads=True)
    page.until_text("No project yet")
    return email


@test("Web: from sign-up to a project to an access made in the browser, which rclone then uses", seconds=120, network="web")
def sign_up_to_rclone(network):
    with web.visitor() as page:
        sign_up(page, network, "Ada")
        page.fill("Name of a new project", "Engine & <notes>")
        page.click("Make it", loads=True)
        page.until_text("Engine & <notes>")
        page.follow("Access")
        page.fill("Name", "laptop")
        page.fill("Passphrase", "a long passphrase of mine")
        page.fill("Passphrase again", "a long passphrase of mine")
        page.click("Make it")
        page.until_text("Your access grant", seconds=60)
        grant = page.evaluate("document.getElementById('access-grant').textContent")
        equal(page.evaluate("document.getElementById('access-passphrase').value"), "", "the passphrase goes from the page")
        web.clean(page)
        project = re.search(r"/projects/[0-9a-f]{32}", page.url).group(0)
        page.open(network.facts["console"]["endpoint"] + project + "/keys")
        page.until_text("laptop")
    rclone = Rclone(grant)
    data = content(300_000, "from the browser")
    rclone.run("mkdir", "net:from-browser")
    rclone.run("rcat", "net:from-browser/a file", data=data)
    expect(rclone.run("cat", "net:from-browser/a file") == data, "what rclone stored with the browser's grant comes back")


@test("Web: an access that may only read a folder reads it, and writes nothing", seconds=120, network="web")
def restricted(network):
    owner = Rclone(network.grant)
    bucket = f"reading-{uuid.uuid4().hex[:8]}"
    owner.run("mkdir", f"net:{bucket}")
    owner.run("rcat", f"net:{bucket}/in/a", data=b"inside")
    with web.visitor() as page:
        sign_in(page, network)
        page.follow("local")
        page.follow("Access")
        page.fill("Name", f"reader {bucket}")
        # The network's own passphrase: what was stored with its grant is read with the browser's.
        page.fill("Passphrase", network.facts["passphrase"])
        page.fill("Passphrase again", network.facts["passphrase"])
        page.press_on(page.find("checkbox", "upload"))
        page.press_on(page.find("checkbox", "delete"))
        page.fill("Only in bucket", bucket)
        page.fill("Only below", "in/")
        page.click("Make it")
        page.until_text("Your access grant", seconds=60)
        grant = page.evaluate("document.getElementById('access-grant').textContent")
    reader = Rclone(grant)
    equal(reader.run("cat", f"net:{bucket}/in/a"), b"inside", "what may be read")
    reader.fails("rcat", f"net:{bucket}/in/b", data=b"no")
    equal(owner.run("lsf", f"net:{bucket}/in").split(), [b"a"], "nothing was written")


@test("Web: strangers, wrong passwords, forged forms and others' projects get nowhere", seconds=90, network="web")
def strangers(network):
    endpoint = network.facts["console"]["endpoint"]
    with web.visitor() as page:
        page.open(endpoint + "/projects")
        page.until_text("Sign in")
        page.fill("E-mail", network.facts["console"]["email"])
        page.fill("Password", "not the password at all")
        page.click("Sign in", loads=True)
        page.until_text("is wrong")
    with web.visitor() as page:
        sign_in(page, network)
        page.follow("local")
        project = page.url
    with web.visitor() as other:
        sign_up(other, network, "Eve")
        for path in ["", "/keys", "/members", "/access"]:
            equal(other.open(project + path), 404, f"another's project{path}")
        status = other.evaluate(
            "fetch('/projects', {method: 'POST', headers: {'Content-Type': 'application/x-www-form-urlencoded'},"
            " body: 'name=forged'}).then((answer) => answer.status)")
        equal(status, 403, "a form without its token")
        other.open(endpoint + "/projects")
        expect("forged" not in other.text, "nothing was made")


@test("Web: with JavaScript off the console still signs in, makes projects and keys, and signs out", seconds=90, network="web")
def without_script(network):
    with web.visitor(script=False) as page:
        sign_up(page, network, "Grace")
        page.fill("Name of a new project", "plain")
        page.click("Make it", loads=True)
        equal(page.follow("Usage"), 200, "the page of usage")
        page.follow("API keys")
        page.fill("Name of a new key", "first")
        page.click("Make it", loads=True)
        page.until_text("shown only now")
        page.click("Sign out", loads=True)
        page.until_text("signed out")


@test("Web: the back office shows every page to an operator, and to nobody else that there is one", seconds=90, network="web")
def back_office(network):
    endpoint = network.facts["console"]["endpoint"]
    places = ["", "/nodes", "/durability", "/repair", "/market", "/customers", "/settlement", "/chores", "/log"]
    with web.visitor() as page:
        sign_in(page, network)
        equal(page.follow("Back office"), 200, "the way there")
        for place in places:
            equal(page.open(f"{endpoint}/operator{place}"), 200, f"/operator{place}")
            web.clean(page)
        page.open(f"{endpoint}/operator/log")
        page.until_text("sign-in")
    with web.visitor() as other:
        sign_up(other, network, "Mallory")
        for place in places:
            equal(other.open(f"{endpoint}/operator{place}"), 404, f"/operator{place} for a customer")
