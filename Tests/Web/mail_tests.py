"""What the console mails, and where its links lead."""
import re

import web
from console_tests import sign_up
from suite import equal, expect, test


def link(text, kind):
    """The link of a kind in a mail."""
    found = re.search(rf"http://\S+/{kind}/\S+", text)
    expect(found, f"there is no link to {kind} in {text!r}")
    return found.group(0)


@test("Web: an address is confirmed by the link that was mailed to it", seconds=120, network="web")
def confirmed(network):
    with web.visitor() as page:
        email = sign_up(page, network, "Mary")
        place = link(web.POSTBOX.mail(email, "Confirm"), "confirm")
        home = network.facts["console"]["endpoint"]
        page.open(home + "/account")
        page.until_text("Your address is not confirmed")
        with web.visitor() as elsewhere:
            # Another browser, as on a phone, where nobody is signed in.
            elsewhere.open(place)
            elsewhere.click("It is mine", loads=True)
            elsewhere.until_text("is confirmed")
            elsewhere.open(place)
            elsewhere.until_text("This link is over")
        page.open(home + "/account")
        page.until_text("address confirmed")


@test("Web: who forgot his password gets a link that sets a new one, once", seconds=120, network="web")
def forgotten(network):
    home = network.facts["console"]["endpoint"]
    with web.visitor() as page:
        email = sign_up(page, network, "Charles")
    with web.visitor() as page:
        page.open(home + "/sign-in")
        page.follow("I forgot my password")
        page.fill("E-mail", email)
        page.click("Mail me a link", loads=True)
        page.until_text("a link is on its way")
        place = link(web.POSTBOX.mail(email, "A new password"), "reset")
        page.open(place)
        page.fill("New password", "a better one by far")
        page.click("Set the password", loads=True)
        page.until_text("The password is changed")
        web.POSTBOX.mail(email, "Your password")
        for password, outcome in [("correct horse battery", "is wrong"), ("a better one by far", "No project yet")]:
            page.open(home + "/sign-in")
            page.fill("E-mail", email)
            page.fill("Password", password)
            page.click("Sign in", loads=True)
            page.until_text(outcome)
        page.open(place)
        page.until_text("This link is over")
        # Nobody learns here whose accounts there are.
        page.open(home + "/forgot")
        page.fill("E-mail", "nobody@example.com")
        page.click("Mail me a link", loads=True)
        page.until_text("a link is on its way")


@test("Web: somebody is asked into a project by mail, and comes", seconds=120, network="web")
def invited(network):
    home = network.facts["console"]["endpoint"]
    with web.visitor() as owner, web.visitor() as guest:
        sign_up(owner, network, "Grace")
        email = sign_up(guest, network, "Linus")
        owner.fill("Name of a new project", "Compilers")
        owner.click("Make it", loads=True)
        owner.follow("Members")
        owner.fill("E-mail", email)
        owner.click("Make an invitation", loads=True)
        owner.until_text("on its way by mail")
        text = web.POSTBOX.mail(email, "grace-")
        expect("Compilers" in text, "the mail names the project")
        guest.open(link(text, "invitations"))
        guest.click("Join", loads=True)
        guest.until_text("You are in")
        equal(len(guest.complaints), 0, "complaints of the browser")
