"""What stores the clients' data: a started process and the groups of processes to measure."""
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request

from .clients import packaged
from .processes import memory_mb, process_cpu_seconds

START_SECONDS = 120  # a first start makes eleven identities


class Target:
    """A target in a folder of its own; subclasses set `groups`, process ids by the name of their role."""

    running = []
    stop_seconds = 60

    def __init__(self, folder, command):
        self.folder, self.groups, self.own_peak_mb = folder, {}, {}
        os.makedirs(folder, exist_ok=True)
        self.log = open(os.path.join(folder, "bench.log"), "ab")
        self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log)
        Target.running.append(self)

    def wait_until(self, is_ready):
        deadline = time.monotonic() + START_SECONDS
        while not is_ready():
            if self.process.poll() is not None or time.monotonic() > deadline:
                with open(self.log.name, errors="replace") as said:
                    sys.exit(f"{self.name} did not start; see {self.log.name}\n{said.read()[-4000:]}")
            time.sleep(0.1)

    def sample_memory(self):
        """Notes how much memory of its own the largest process of each group has had: code on disk is not in it."""
        for group, pids in self.groups.items():
            own = max(memory_mb(pid, "RssAnon") for pid in pids)
            self.own_peak_mb[group] = max(own, self.own_peak_mb.get(group, 0.0))

    def cpu_seconds(self):
        return {group: sum(map(process_cpu_seconds, pids)) for group, pids in self.groups.items()}

    def stop(self):
        if self in Target.running:
            Target.running.remove(self)
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(self.stop_seconds)
            except subprocess.TimeoutExpired:
                print(f"{self.name} did not stop in {self.stop_seconds} s", file=sys.stderr)
                self.process.kill()
                self.process.wait()

    @classmethod
    def stop_all(cls):
        for target in cls.running[:]:
            target.stop()


class Network(Target):
    """Our satellite and nodes, each in a process of its own."""

    name = "storj"

    def __init__(self, root, program, nodes, redundancy, arguments=()):
        folder = os.path.join(root, "network")
        self.program = program
        super().__init__(folder, [
            program, "up", "--dir", folder, "--processes", "--nodes", str(nodes), "--redundancy", redundancy,
            *arguments])
        path = os.path.join(folder, "network.json")
        self.wait_until(lambda: os.path.exists(path))
        with open(path) as file:
            self.facts = json.load(file)
        self.groups = {
            "satellite": [self.facts["satellite"]["pid"]],
            "nodes": [node["pid"] for node in self.facts["nodes"]],
        }

    def access_grant(self):
        return self.facts["access_grant"]

    def rclone_remote(self):
        return {"TYPE": "storj", "PROVIDER": "existing", "ACCESS_GRANT": self.access_grant()}


class SeaweedFS(Target):
    """SeaweedFS in one process: master, volume server, filer and S3 interface. It neither encrypts nor spreads."""

    name = "seaweedfs"
    stop_seconds = 5

    def __init__(self, root, arguments=()):
        folder = os.path.join(root, "seaweedfs")
        weed = packaged("weed")
        os.makedirs(folder, exist_ok=True)
        self.port = _free_port()
        options = [f"{part}.{kind}" for part in ["master", "volume", "filer"] for kind in ["port", "port.grpc"]]
        super().__init__(folder, [
            weed, "-logtostderr=true", "server", "-ip=127.0.0.1", f"-dir={folder}", "-volume.max=0", "-filer", "-s3",
            f"-s3.port={self.port}", f"-s3.port.grpc={_free_port()}", "-s3.port.iceberg=0", "-s3.port.lance=0",
            "-master.telemetry=false",
            *(f"-{option}={_free_port()}" for option in options), *arguments])
        self.groups = {"server": [self.process.pid]}
        self.wait_until(self.answers)

    def answers(self):
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{self.port}/", timeout=1)
            return True
        except urllib.error.HTTPError:
            return True  # refusing a stranger is an answer
        except OSError:
            return False

    def rclone_remote(self):
        return {"TYPE": "s3", "PROVIDER": "SeaweedFS", "ENDPOINT": f"http://127.0.0.1:{self.port}",
                "ACCESS_KEY_ID": "any", "SECRET_ACCESS_KEY": "any"}


def _free_port():
    """A port that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
