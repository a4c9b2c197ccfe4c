"""A gateway of its own beside a network: `storj gateway run` in a folder, killed and started again as a test wants."""
import http.server
import json
import os
import resource
import signal
import subprocess
import tempfile
import threading

from s3 import S3
from suite import eventually


class Gateway:
    """A running `storj gateway run`; its folder outlives its process."""

    def __init__(self, network, *settings):
        self.program, self.grant = network.program, network.grant
        self.home = tempfile.TemporaryDirectory(prefix="storj-gateway-")
        self.folder = os.path.join(self.home.name, "gateway")
        self.settings = settings
        self.credential = json.loads(self._storj("register", "--access", self.grant, "--json"))
        self.process = None
        self.start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.kill()
        self.home.cleanup()

    def start(self, file_limit=None):
        """Starts it; with `file_limit`, no file of its own grows beyond so many bytes, as on a disk that is full."""
        ready = os.path.join(self.folder, "ready.json")
        if os.path.exists(ready):
            os.remove(ready)

        def limit():
            # Without the signal a write beyond the limit fails, as on a full disk, instead of ending the process.
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            if file_limit:
                resource.setrlimit(resource.RLIMIT_FSIZE, (file_limit, resource.RLIM_INFINITY))

        arguments = [text for setting in ["address=127.0.0.1:0", *self.settings] for text in ("--set", setting)]
        with open(os.path.join(self.home.name, "gateway.log"), "ab") as log:
            self.process = subprocess.Popen(
                [self.program, "gateway", "run", "--dir", self.folder, *arguments], stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL, stderr=log, preexec_fn=limit)
        eventually(lambda: self._is_ready(ready), 30, "the gateway is ready")
        with open(ready) as file:
            self.address = json.load(file)["address"]

    def _is_ready(self, ready):
        if self.process.poll() is not None:
            raise AssertionError(f"the gateway ended with {self.process.returncode}: {self.log()}")
        return os.path.exists(ready)

    def log(self):
        """The end of what it logged."""
        with open(os.path.join(self.home.name, "gateway.log"), errors="replace") as file:
            return file.read()[-1500:]

    def kill(self):
        """kill -9."""
        self.process.kill()
        self.process.wait()

    @property
    def is_secure(self):
        return any(setting.startswith("tls.certificate=") for setting in self.settings)

    @property
    def port(self):
        return int(self.address.rpartition(":")[2])

    def s3(self):
        """Clients with its first credential."""
        scheme = "https" if self.is_secure else "http"
        return S3({**self.credential, "endpoint": f"{scheme}://{self.address}"})

    def _storj(self, command, *arguments):
        done = subprocess.run(
            [self.program, "gateway", command, "--dir", self.folder, *arguments], capture_output=True, timeout=60,
            check=False)
        if done.returncode:
            raise AssertionError(f"storj gateway {command}: {done.returncode}, {done.stderr.decode()[-500:]}")
        return done.stdout.decode()


class Receiver:
    """A receiver of bucket events over HTTP; refuses what comes while `is_refusing`."""

    def __init__(self):
        self.messages, self.tokens, self.is_refusing = [], [], False
        receiver = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                if not receiver.is_refusing:
                    receiver.tokens.append(self.headers.get("Authorization"))
                    receiver.messages.append(json.loads(body))
                self.send_response(503 if receiver.is_refusing else 200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()

    def events(self):
        """What was told: name and key of every record, in the order of arrival."""
        return [(record["eventName"], record["s3"]["object"]["key"])
                for message in list(self.messages) for record in message["Records"]]
