"""A headless Chromium of our own, spoken to over a pair of pipes: no port to guess, and it ends when we do."""
import fcntl
import json
import os
import queue
import shutil
import signal
import subprocess
import tempfile
import threading

NAMES = ["chromium", "chromium-browser", "google-chrome"]


class BrowserError(Exception):
    """The browser refused a command, or ended."""


def program():
    """Where Chromium is; the environment's STORJ_CHROMIUM comes first."""
    candidates = [os.environ.get("STORJ_CHROMIUM"), *NAMES]
    for path in filter(None, map(shutil.which, filter(None, candidates))):
        return path
    raise BrowserError("Chromium is not installed; scripts/install-web-tests installs it")


class Chromium:
    """One running browser with a profile that nobody used before and nobody will use again."""

    def __init__(self, *arguments):
        self.profile = tempfile.mkdtemp(prefix="storj-chromium-")
        command = [
            program(), "--headless=new", "--remote-debugging-pipe", f"--user-data-dir={self.profile}",
            "--no-first-run", "--no-default-browser-check", "--disable-gpu", "--disable-dev-shm-usage",
            "--disable-background-networking", "--disable-component-update", "--disable-sync",
            "--disable-extensions", "--disable-features=Translate,OptimizationHints,MediaRouter",
            "--hide-scrollbars", "--force-color-profile=srgb", "--lang=en-GB", *arguments]
        # Chromium's sandbox does not work for root.
        if os.geteuid() == 0:
            command.append("--no-sandbox")
        to_browser, our_write = os.pipe()
        our_read, from_browser = os.pipe()
        # Out of the way of 3 and 4, the numbers at which the browser looks.
        ends = [fcntl.fcntl(end, fcntl.F_DUPFD, 64) for end in (to_browser, from_browser)]
        os.close(to_browser)
        os.close(from_browser)

        def take_places():
            os.dup2(ends[0], 3)
            os.dup2(ends[1], 4)

        self.log = open(os.path.join(self.profile, "chromium.log"), "ab")
        self.process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log, start_new_session=True,
            preexec_fn=take_places, pass_fds=(3, 4), env={**os.environ, "HOME": self.profile, "TZ": "UTC"})
        for end in ends:
            os.close(end)
        self.input, self.output = os.fdopen(our_write, "wb", buffering=0), os.fdopen(our_read, "rb")
        self.lock, self.number, self.waiting, self.listeners = threading.Lock(), 0, {}, {}
        threading.Thread(target=self._read, daemon=True).start()
        try:
            self.version = self.call("Browser.getVersion", seconds=60)["product"]
        except BaseException:
            self.close()
            raise

    # Commands

    def call(self, method, parameters=None, session=None, seconds=30):
        """Sends a command and returns its answer; raises BrowserError when it is refused or late."""
        answer = queue.Queue(1)
        with self.lock:
            self.number += 1
            number = self.number
            self.waiting[number] = answer
            message = {"id": number, "method": method, "params": parameters or {}}
            if session:
                message["sessionId"] = session
            try:
                self.input.write(json.dumps(message).encode() + b"\0")
            except (BrokenPipeError, ValueError) as error:
                raise BrowserError(f"{method}: the browser has ended") from error
        try:
            reply = answer.get(timeout=seconds)
        except queue.Empty:
            raise BrowserError(f"{method}: no answer within {seconds} s") from None
        finally:
            self.waiting.pop(number, None)
        if "error" in reply:
            raise BrowserError(f"{method}: {reply['error'].get('message')}")
        return reply["result"]

    def listen(self, session, listener):
        """Calls `listener(method, parameters)`, in the reader's thread, for every event of a session."""
        self.listeners[session] = listener

    def forget(self, session):
        """Ends listening."""
        self.listeners.pop(session, None)

    def _read(self):
        rest = b""
        while chunk := self.output.read1(1 << 20):
            *messages, rest = (rest + chunk).split(b"\0")
            for message in map(json.loads, messages):
                if "id" in message:
                    if answer := self.waiting.get(message["id"]):
                        answer.put(message)
                elif listener := self.listeners.get(message.get("sessionId")):
                    listener(message["method"], message["params"])
        for answer in list(self.waiting.values()):
            answer.put({"error": {"message": "the browser has ended"}})

    # The end

    def close(self):
        """Ends the browser and all its processes, and removes its profile."""
        try:
            self.call("Browser.close", seconds=5)
            self.process.wait(5)
        except (BrowserError, subprocess.TimeoutExpired):
            pass
        self.kill()
        self.process.wait()
        self.input.close()
        self.log.close()
        shutil.rmtree(self.profile, ignore_errors=True)

    def kill(self):
        """Kills the browser's group of processes, which is its own."""
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass  # All have ended.

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()
