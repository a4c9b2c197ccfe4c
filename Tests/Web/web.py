"""What the tests of pages stand on: the networks, one browser for all of them, and people who open pages."""
import contextlib

from chromium import Chromium
from postbox import Postbox
from page import Page
from suite import expect

# The server that mail of the networks is handed in to.
POSTBOX = Postbox()

KINDS = {
    "web": ["--nodes", "10", "--processes", "--set", "node.scrub.rate=0B", "--set", f"satellite.mail.smtp={POSTBOX.url}",
            "--set", "satellite.mail.from=console@example.com"],
    # A market in a hurry: ten days of the contracts go by in a second, prices hold at once.
    "farm": ["--nodes", "10", "--processes", "--redundancy", "2/2/4/4", *(text for setting in [
        "satellite.heartbeats.period=10s", "satellite.heartbeats.commit_window=3s", "satellite.heartbeats.retry_interval=1s",
        "satellite.payment.time_scale=864000", "satellite.payment.notice=0s", "satellite.payment.delivery_retry=1s",
        "satellite.payment.channel_threshold=0.0001", "satellite.payment.least_deposit=1", "satellite.node.vetting_audits=0",
        "node.farming.notice=0s", "node.settlement_interval=2s", "node.scrub.rate=0B"] for text in ["--set", setting])],
}
_browsers = []


def browser():
    """The run's browser, started when the first test asks; a new one when the last has died."""
    if _browsers and _browsers[-1].process.poll() is not None:
        _browsers.pop().close()
    if not _browsers:
        _browsers.append(Chromium())
    return _browsers[-1]


@contextlib.contextmanager
def visitor(**options):
    """A person with an empty cookie jar and one tab, who notices every complaint of the browser."""
    with Page(browser(), **options) as page:
        yield page


def clean(page, *others):
    """Fails when the browser had to complain, or when the page asked somebody else for something than `others`."""
    expect(not page.complaints, f"the browser complains at {page.url}: {page.complaints[:3]}")
    expect(not page.dialogs, f"script ran that nobody wrote: {page.dialogs}")
    home = page.url.split("/")[2]
    elsewhere = {one["url"] for one in list(page.requests.values()) if one["url"].startswith("http")
                 and one["url"].split("/")[2] not in {home, *(other.split("/")[2] for other in others)}}
    expect(not elsewhere, f"the page asked {elsewhere}")


class Everything:
    """Networks and browser together, as the runner of tests wants them."""

    def __init__(self, networks):
        self.networks = networks

    def running(self, name):
        return self.networks.running(name)

    def report(self, name):
        self.networks.report(name)

    def kill_all(self):
        for each in _browsers:
            each.kill()
        self.networks.kill_all()

    def stop_all(self):
        while _browsers:
            _browsers.pop().close()
        self.networks.stop_all()
