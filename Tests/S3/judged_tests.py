"""A pytest plugin: several processes share the suite's tests, each test has a time-out, each outcome is one JSON line.

Set by judge.py in the environment: JUDGE_TESTS, a file of test ids in the order to run them; JUDGE_NEXT, a file that
counts what was taken; JUDGE_RESULTS, this process's file of outcomes; JUDGE_SECONDS, the bound of one test.
"""
import fcntl
import json
import os
import re
import signal
import time

import pytest

MOST_TEXT = 4000


class TooSlow(Exception):
    """Raised inside a test that has had its time."""


def _expired(*_):
    raise TooSlow(f"longer than {os.environ['JUDGE_SECONDS']} s")


def _next():
    """The number of the next test that no process has taken."""
    with open(os.environ["JUDGE_NEXT"], "r+") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        number = int(file.read() or 0)
        file.seek(0)
        file.write(str(number + 1))
        file.flush()
        return number


def pytest_collection_modifyitems(items):
    """Every process sees the same order."""
    with open(os.environ["JUDGE_TESTS"]) as file:
        order = {line.strip(): number for number, line in enumerate(file)}
    items[:] = sorted((item for item in items if item.name in order), key=lambda item: order[item.name])


def pytest_runtestloop(session):
    """Takes tests from the common list until it is empty."""
    signal.signal(signal.SIGALRM, _expired)
    with open(os.environ["JUDGE_RESULTS"], "a") as results:
        while (number := _next()) < len(session.items):
            item = session.items[number]
            outcome = Outcome(item)
            session.config.pluginmanager.register(outcome)
            signal.alarm(int(os.environ["JUDGE_SECONDS"]))
            try:
                item.config.hook.pytest_runtest_protocol(item=item, nextitem=None)
            except TooSlow as late:
                outcome.fail("teardown", str(late))
            finally:
                signal.alarm(0)
                session.config.pluginmanager.unregister(outcome)
            results.write(json.dumps(outcome.facts()) + "\n")
            results.flush()
    return True


class Outcome:
    """What became of one test, from the reports of its set-up, call and tear-down."""

    def __init__(self, item):
        self.item, self.started = item, time.monotonic()
        self.state, self.phase, self.cause, self.text = "passed", "", "", ""

    def pytest_runtest_logreport(self, report):
        if report.skipped:
            self.state, self.cause = "skipped", str(report.longrepr[-1] if report.longrepr else "")
        elif report.failed:
            crash = getattr(getattr(report.longrepr, "reprcrash", None), "message", str(report.longrepr))
            self.fail(report.when, crash, str(report.longrepr))

    def fail(self, phase, crash, text=""):
        """Keeps the first thing that went wrong."""
        if self.state != "failed":
            self.state, self.phase, self.cause, self.text = "failed", phase, crash, text[-MOST_TEXT:]

    def facts(self):
        where = re.findall(r"test_s3\.py:(\d+)", self.text)
        return {
            "test": self.item.name, "state": self.state, "phase": self.phase, "cause": self.cause[:1500],
            "line": int(where[-1]) if where else None, "text": self.text,
            "seconds": round(time.monotonic() - self.started, 1),
        }
