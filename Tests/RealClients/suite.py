"""A small test runner: tests in order, each with a bound on its time, and one closing line."""
import faulthandler
import os
import sys
import threading
import time
import traceback

tests = []


class Skip(Exception):
    """Raised by a test that does not apply here; counts neither way."""


def test(sentence, seconds=60, network="plain"):
    """Registers a test. `sentence` states the rule; `network` names the network it runs on."""

    def register(function):
        tests.append((sentence, seconds, network, function))
        return function

    return register


def expect(condition, message):
    """Fails the test unless the condition holds."""
    if not condition:
        raise AssertionError(message)


def equal(actual, expected, what):
    """Fails the test unless both are equal; long values are shortened."""
    if actual != expected:
        raise AssertionError(f"{what}: got {_short(actual)}, expected {_short(expected)}")


def _short(value):
    text = repr(value)
    return text if len(text) < 300 else f"{text[:140]} … {text[-140:]} ({len(value)} long)"


def raises(code, function, *arguments, text=None, **options):
    """Calls and expects an UplinkError of this code, with `text` in its message; returns it."""
    from libuplink import UplinkError
    try:
        function(*arguments, **options)
    except UplinkError as error:
        codes = code if isinstance(code, tuple) else (code,)
        if error.code not in codes or (text and text not in error.text):
            raise AssertionError(f"expected error {[hex(code) for code in codes]} {text or ''}, got {error}") from error
        return error
    raise AssertionError(f"expected error {code}, but {function.__name__} succeeded")


def eventually(condition, seconds, what, pause=0.05):
    """Polls until the condition holds; returns its value."""
    end = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > end:
            raise AssertionError(f"not within {seconds} s: {what}")
        time.sleep(pause)


class _Bound:
    """Ends the whole run when a test exceeds its time: a call inside a library cannot be interrupted."""

    def __init__(self, sentence, seconds, give_up):
        self.timer = threading.Timer(seconds, self._expired)
        self.timer.daemon = True
        self.sentence, self.seconds, self.give_up = sentence, seconds, give_up

    def _expired(self):
        print(f"FAIL {self.sentence}: longer than {self.seconds} s; where everyone stood:", flush=True)
        faulthandler.dump_traceback(all_threads=True)
        self.give_up()

    def __enter__(self):
        self.timer.start()

    def __exit__(self, *_):
        self.timer.cancel()


def run(networks, pattern=""):
    """Runs the tests whose sentence or network contains the pattern; the process's exit status."""
    passed, failures, chosen = 0, [], [t for t in tests if pattern in t[0] or pattern == t[2]]
    started = time.monotonic()

    def close(extra=0):
        print(f"\n{time.monotonic() - started:.0f} s")
        for failure in failures:
            print(f"  failed: {failure}")
        failed = len(failures) + extra
        # The line that whoever started us looks for.
        print(f"{passed} passed, {failed} failed", flush=True)
        return 1 if failed or not passed else 0

    current = ""

    def give_up():
        networks.kill_all()
        failures.append(f"{current} (time-out)")
        close(extra=len(chosen) - passed - len(failures))
        os._exit(1)

    try:
        for sentence, seconds, name, function in chosen:
            current = sentence
            begin = time.monotonic()
            try:
                # Starting a network counts to its first test.
                with _Bound(sentence, seconds + 60, give_up):
                    network = networks.running(name)
                    function(network)
            except Skip as skip:
                print(f"skip {sentence}: {skip}", flush=True)
                continue
            except Exception as error:
                failures.append(f"{sentence}: {error}")
                print(f"FAIL {sentence} ({time.monotonic() - begin:.1f} s)", flush=True)
                traceback.print_exc(file=sys.stdout)
                networks.report(name)
                continue
            passed += 1
            print(f"ok   {sentence} ({time.monotonic() - begin:.1f} s)", flush=True)
    finally:
        networks.stop_all()
    return close()
