"""What the suite is run against: our gateway on a network of its own, or SeaweedFS to try the harness with."""
import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

START_SECONDS = 180
# The suite sleeps in units of this many seconds where rules of a lifecycle count days.
LIFECYCLE_DAY = 10


class Account:
    """One customer as the suite's configuration names it."""

    def __init__(self, name, access_key, secret_key, user_id, email):
        self.name, self.access_key, self.secret_key, self.user_id, self.email = (
            name, access_key, secret_key, user_id, email)


class Target:
    """A started server in a folder of its own; subclasses start it and make accounts."""

    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix="storj-s3-")
        self.log_path = os.path.join(self.folder, "server.log")
        self.process = None

    def start(self, command):
        with open(self.log_path, "ab") as log:
            self.process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True)

    def wait_until(self, is_ready):
        end = time.monotonic() + START_SECONDS
        while not is_ready():
            if self.process.poll() is not None or time.monotonic() > end:
                raise SystemExit(f"{type(self).__name__} did not start:\n{self.said()}")
            time.sleep(0.1)

    def said(self, size=3000):
        """The end of what the server said."""
        with open(self.log_path, errors="replace") as file:
            return file.read()[-size:]

    def is_alive(self):
        return self.process.poll() is None

    def stop(self, keep=False):
        if self.process and self.is_alive():
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(60)
            except subprocess.TimeoutExpired:
                print(f"{type(self).__name__} did not stop in 60 s: killed", file=sys.stderr)
                self.process.kill()
                self.process.wait()
        if keep:
            print(f"kept: {self.folder}")
        else:
            shutil.rmtree(self.folder, ignore_errors=True)


class Gateway(Target):
    """`storj up` with its gateway; every account is a project of its own with its own grant and credential."""

    name = "storj"

    def __init__(self, program, count, settings=()):
        super().__init__()
        self.program = program
        network = os.path.join(self.folder, "network")
        chosen = [f"gateway.lifecycle.day={LIFECYCLE_DAY}s", "gateway.lifecycle.interval=2s",
                  "satellite.heartbeats.period=0s", "node.scrub.rate=0B", *settings]
        self.start([program, "up", "--dir", network, *(word for text in chosen for word in ("--set", text))])
        try:
            self._meet(network, count)
        except BaseException:
            # Nobody has it yet who could stop it.
            self.stop()
            raise

    def _meet(self, network, count):
        ready = os.path.join(network, "network.json")
        try:
            self.wait_until(lambda: os.path.exists(ready))
            with open(ready) as file:
                self.facts = json.load(file)
            self.endpoint = self.facts["s3"]["endpoint"]
            self.gateway_folder = self.facts["s3"]["dir"]
            self.accounts = [self._account(number) for number in range(count)]
        except BaseException:
            self.stop()
            raise

    def _account(self, number):
        email, name = f"tester{number}@example.org", f"Tester {number}"
        project = self._ask("projects", {"email": email, "name": name})
        key = self._ask(f"projects/{project['id']}/keys", {"name": "s3"})["apiKey"]
        grant = self._run(
            ["access", "create", "--satellite", self.facts["satellite"]["node_url"], "--api-key", key,
             "--passphrase-stdin"], b"a passphrase\n").decode().split()[-1]
        made = json.loads(self._run(
            ["gateway", "register", "--dir", self.gateway_folder, "--access", grant, "--name", name,
             "--email", email, "--json"]))
        return Account(name, made["access_key_id"], made["secret_access_key"], made["account"], email)

    def _run(self, arguments, data=b""):
        home = os.path.join(self.folder, "home")
        done = subprocess.run(
            [self.program, *arguments], input=data, capture_output=True, timeout=120, check=False,
            env={**os.environ, "HOME": home, "XDG_CONFIG_HOME": home})
        if done.returncode:
            raise SystemExit(f"storj {' '.join(arguments[:2])} failed: {done.stderr.decode(errors='replace')}")
        return done.stdout

    def _ask(self, path, body):
        satellite = self.facts["satellite"]
        request = urllib.request.Request(
            f"{satellite['admin'].rstrip('/')}/{path}", data=json.dumps(body).encode(), method="POST",
            headers={"Content-Type": "application/json", "Authorization": f"Bearer {satellite['admin_token']}"})
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.load(answer)


class SeaweedFS(Target):
    """SeaweedFS in one process, with identities in its own configuration file."""

    name = "seaweedfs"

    def __init__(self, program, count, settings=()):
        super().__init__()
        del program, settings
        self.accounts = [
            Account(f"Tester {n}", secrets.token_hex(10).upper(), secrets.token_hex(20), f"tester{n}",
                    f"tester{n}@example.org") for n in range(count)]
        identities = os.path.join(self.folder, "identities.json")
        with open(identities, "w") as file:
            json.dump({
                "accounts": [{"id": a.user_id, "displayName": a.name, "emailAddress": a.email} for a in self.accounts],
                "identities": [
                    {"name": a.user_id, "credentials": [{"accessKey": a.access_key, "secretKey": a.secret_key}],
                     "account": {"id": a.user_id}, "actions": ["Admin", "Read", "List", "Tagging", "Write"]}
                    for a in self.accounts]}, file)
        port = free_port()
        parts = [f"-{part}.{kind}={free_port()}" for part in ["master", "volume", "filer"]
                 for kind in ["port", "port.grpc"]]
        self.start([
            os.path.join(sys.prefix, "bin", "weed"), "-logtostderr=true", "server", "-ip=127.0.0.1",
            f"-dir={self.folder}", "-volume.max=0", "-master.volumeSizeLimitMB=100", "-filer", "-s3",
            f"-s3.port={port}", f"-s3.port.grpc={free_port()}", "-s3.port.iceberg=0", "-s3.port.lance=0",
            f"-s3.config={identities}",
            "-master.telemetry=false", *parts])
        self.endpoint = f"http://127.0.0.1:{port}"
        self.wait_until(self._answers)

    def _answers(self):
        try:
            urllib.request.urlopen(self.endpoint, timeout=1)
        except urllib.error.HTTPError:
            return True
        except OSError:
            return False
        return True


def free_port():
    """A port that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


TARGETS = {target.name: target for target in [Gateway, SeaweedFS]}
