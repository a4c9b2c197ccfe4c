"""A network of ours for the clients to talk to: `storj up` in a folder of its own."""
import concurrent.futures
import json
import os
import random
import shutil
import signal
import socket
import subprocess
import tempfile
import urllib.error
import urllib.request

from suite import eventually

# Nothing is looked at, repaired or asked for unless a test says so.
QUIET = ["--set", "satellite.upkeep.loop_interval=0s", "--set", "satellite.heartbeats.period=0s",
         "--set", "node.scrub.rate=0B"]
# Everything is looked at, repaired and over as soon as possible.
HASTY = ["--set", "satellite.upkeep.loop_interval=2s", "--set", "satellite.repair.interval=1s", "--set",
         "satellite.repair.retry_interval=5s", "--set", "satellite.heartbeats.period=0s", "--set", "satellite.exit.duration=20s", "--set", "node.exit.ask_interval=2s",
         "--set", "node.lost_pieces.interval=1s", "--set", "node.scrub.rate=0B"]
_MOST_LOGS = 12  # A report of more is read by nobody.


class Network:
    """A running `storj up`; single servers can be killed and started again when each has its process."""

    def __init__(self, program, name, arguments):
        self.program, self.name, self.arguments = program, name, arguments
        self.folder = tempfile.mkdtemp(prefix=f"storj-{name}-")
        self.children = []
        self._start()

    def _start(self):
        ready = os.path.join(self.folder, "network.json")
        if os.path.exists(ready):
            os.remove(ready)
        self.log = open(os.path.join(self.folder, "up.log"), "ab")
        self.process = subprocess.Popen(
            [self.program, "up", "--dir", self.folder, *self.arguments], stdin=subprocess.DEVNULL, stdout=self.log,
            stderr=self.log, start_new_session=True)
        try:
            eventually(lambda: self._is_ready(ready), 90, f"{self.name}: network.json")
        except BaseException:
            # The children of a killed `storj up` end with it.
            self.process.kill()
            self.process.wait()
            raise
        with open(ready) as file:
            self.facts = json.load(file)
        self.grant = self.facts["access_grant"]
        self.satellite, self.nodes = self.facts["satellite"], self.facts["nodes"]

    def _is_ready(self, ready):
        if self.process.poll() is not None:
            raise AssertionError(f"storj up ended with {self.process.returncode}:\n{self.tail('up.log')}")
        return os.path.exists(ready)

    def tail(self, log, lines=15):
        """The last lines of a log in the network's folder."""
        try:
            with open(os.path.join(self.folder, log), errors="replace") as file:
                return "".join(file.readlines()[-lines:])
        except FileNotFoundError:
            return ""

    # Servers

    def pids(self):
        """The processes of the network that run."""
        known = {server["pid"] for server in [self.satellite, *self.nodes]}
        known |= {child.pid for child in self.children} | {self.process.pid}
        return [pid for pid in known if self.is_alive(pid)]

    @staticmethod
    def is_alive(pid):
        """Whether a process runs; one that has ended but was not yet collected does not."""
        try:
            with open(f"/proc/{pid}/stat") as file:
                return file.read().rpartition(")")[2].split()[0] != "Z"
        except (FileNotFoundError, ProcessLookupError):
            return False

    @staticmethod
    def memory(pid):
        """Resident bytes of a process."""
        with open(f"/proc/{pid}/statm") as file:
            return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")

    def kill(self, server):
        """kill -9; returns when the process is gone."""
        os.kill(server["pid"], signal.SIGKILL)
        eventually(lambda: not self.is_alive(server["pid"]), 10, f"process {server['pid']} gone")

    def kill_together(self, servers):
        """kill -9 of several at once; returns when all are gone."""
        for server in servers:
            os.kill(server["pid"], signal.SIGKILL)
        for server in servers:
            eventually(lambda: not self.is_alive(server["pid"]), 10, f"process {server['pid']} gone")

    def restart_nodes(self, nodes):
        """Starts killed nodes again, and waits until the satellite believes them online."""
        with concurrent.futures.ThreadPoolExecutor(len(nodes)) as pool:
            list(pool.map(lambda node: self.restart(node, "node"), nodes))
        eventually(lambda: self.online() >= {node["id"] for node in nodes}, 60, "the nodes are online again")

    def restart(self, server, kind):
        """Starts a killed satellite or node again, on its own folder."""
        log = open(os.path.join(self.folder, f"{os.path.basename(server['dir'])}-again.log"), "ab")
        ready = os.path.join(server["dir"], "ready.json")
        # A killed server leaves its file behind; the new one must write its own.
        if os.path.exists(ready):
            os.remove(ready)
        child = subprocess.Popen(
            [self.program, kind, "run", "--dir", server["dir"]], stdin=subprocess.DEVNULL, stdout=log, stderr=log,
            start_new_session=True)
        self.children.append(child)

        def is_ready():
            if child.poll() is not None:
                raise AssertionError(f"{kind} ended with {child.returncode}: {self.tail(os.path.basename(log.name))}")
            return os.path.exists(ready)

        eventually(is_ready, 60, f"{kind} ready again")
        server["pid"] = child.pid

    def node_settings(self):
        """What the network was told to set for every node."""
        pairs = zip(self.arguments, self.arguments[1:])
        return [text.removeprefix("node.") for flag, text in pairs if flag == "--set" and text.startswith("node.")]

    def add_nodes(self, count, settings=()):
        """Sets up and starts fresh nodes, each in a /24 of its own; returns them once they are online."""
        first = len(self.nodes)
        servers = []
        for number in range(first, first + count):
            host = f"127.1.{number}.1"
            folder = os.path.join(self.folder, f"node{number + 1:02}")
            chosen = {
                "storage.minimum": "0", "check_in_interval": "15s", "admin.address": f"127.0.0.1:{free_port()}",
                **dict(item.split("=", 1) for item in [*self.node_settings(), *settings])}
            subprocess.run(
                [self.program, "node", "setup", "--dir", folder, "--satellites", self.satellite["node_url"],
                 "--address", f"{host}:{free_port(host)}", "--wallet", f"0x{number:040x}", "--space", "1TB",
                 "--difficulty", "8", *(f"--set={key}={text}" for key, text in chosen.items())],
                check=True, capture_output=True, timeout=60)
            servers.append({"dir": folder, "pid": 0})
        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            list(pool.map(lambda server: self.restart(server, "node"), servers))
        for server in servers:
            with open(os.path.join(server["dir"], "ready.json")) as file:
                server |= {key: text for key, text in json.load(file).items() if key in ["id", "address"]}
        self.nodes += servers
        eventually(lambda: self.online() >= {server["id"] for server in servers}, 60, "the fresh nodes are online")
        return servers

    def operator(self, server, *arguments, seconds=60):
        """What an operator's command about a server prints with --json."""
        kind = "satellite" if server is self.satellite else "node"
        done = subprocess.run(
            [self.program, kind, *arguments, "--dir", server["dir"], "--json"], capture_output=True,
            timeout=seconds, check=False)
        if done.returncode:
            raise AssertionError(f"storj {kind} {' '.join(arguments)}: {done.returncode}, {done.stderr.decode()[-500:]}")
        return json.loads(done.stdout) if done.stdout.strip() else None

    def online(self):
        """The ids of the nodes that the satellite believes to be online; none while it starts."""
        try:
            return {node["id"] for node in self.administration("nodes") if node["online"]}
        except urllib.error.URLError:
            return set()

    def administration(self, path):
        """What the administration API answers to a GET."""
        request = urllib.request.Request(f"{self.satellite['admin'].rstrip('/')}/{path}")
        request.add_header("Authorization", f"Bearer {self.satellite.get('admin_token', '')}")
        with urllib.request.urlopen(request, timeout=10) as answer:
            body = json.load(answer)
        return body.get("nodes", body) if isinstance(body, dict) else body

    # Ports

    @property
    def addresses(self):
        """Names and (host, port) of every port of the network."""
        ports = [("satellite", self.satellite["node_url"].rpartition("@")[2])]
        ports += [("administration", self.satellite["admin"].partition("://")[2].split("/")[0])]
        ports += [(f"node {index}", node["address"]) for index, node in enumerate(self.nodes)]
        return [(name, (address.rpartition(":")[0], int(address.rpartition(":")[2]))) for name, address in ports]

    @staticmethod
    def accepts(address):
        """Whether something listens."""
        try:
            socket.create_connection(address, timeout=2).close()
            return True
        except OSError:
            return False

    # The end

    def stop(self):
        """Stops cleanly as a person would; returns the exit status of `storj up`."""
        self.process.send_signal(signal.SIGINT)
        for child in self.children:
            child.terminate()
        try:
            for child in self.children:
                child.wait(30)
            return self.process.wait(60)
        except subprocess.TimeoutExpired:
            self.kill_all()
            return None

    def stop_and_start(self, between=lambda: None):
        """Stops cleanly, does something while nothing runs, and starts again on the same folder."""
        if (status := self.stop()) != 0:
            raise AssertionError(f"storj up stopped with {status}")
        self.children = []
        between()
        self._start()

    def kill_all(self):
        """Kills every process that this network started."""
        for pid in self.pids():
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass  # It ended by itself between the look and the kill.
        self.process.wait()

    def remove(self):
        """Removes the folder."""
        self.log.close()
        shutil.rmtree(self.folder, ignore_errors=True)


def free_port(host="127.0.0.1"):
    """A port that nobody listens on just now, below those that systems give to outgoing connections."""
    while True:
        port = random.randrange(10_000, 30_000)
        with socket.socket() as probe:
            try:
                probe.bind((host, port))
            except OSError:
                continue
            return port


class Networks:
    """The networks of the run, each started when its first test comes."""

    kinds = {
        # Every server in a process of its own, so that single ones can be killed.
        "plain": ["--nodes", "10", "--processes"],
        # Uploads wait for all ten pieces, so that any four nodes hold a segment.
        "patient": ["--nodes", "10", "--processes", "--redundancy", "4/6/10/10", *QUIET, "--set", "node.log_level=debug", "--set",
                    "satellite.repair.thresholds=4-9"],
        # Uploads need seven pieces, so that three of ten nodes may hang.
        "spare": ["--nodes", "10", "--processes", "--redundancy", "4/6/7/10", *QUIET],
        # Chores in a hurry; a segment survives any five of its nodes.
        "upkeep": ["--nodes", "12", "--processes", "--redundancy", "4/8/9/12", "--subnets", "12", *HASTY],
        # The scheme of large networks, every node in a /24 of its own.
        "wide": ["--nodes", "110", "--processes", "--redundancy", "29/35/80/110", "--subnets", "110", *QUIET],
        # Everything in one process.
        "single": ["--nodes", "10"],
    }

    def __init__(self, program, keep):
        self.program, self.keep, self.networks = program, keep, {}

    def running(self, name):
        """The network of this name; None for tests that need none."""
        if name is None:
            return None
        if name not in self.networks:
            self.networks[name] = Network(self.program, name, self.kinds[name])
        return self.networks[name]

    def report(self, name):
        """Prints what the network said lately."""
        network = self.networks.get(name)
        if not network:
            return
        shown = 0
        for log in sorted(os.listdir(network.folder)):
            # What storj up prints at its start is for a person; that servers are ready helps nobody here.
            if not log.endswith(".log") or log == "up.log":
                continue
            lines = [line for line in network.tail(log, 3).splitlines() if " is ready" not in line]
            if lines and shown < _MOST_LOGS:
                shown += 1
                print("\n".join([f"--- {log}", *lines]), flush=True)

    def kill_all(self):
        for network in self.networks.values():
            network.kill_all()

    def stop_all(self):
        for name, network in self.networks.items():
            status = network.stop()
            if status != 0:
                print(f"note: the {name} network stopped with {status}", flush=True)
            if self.keep:
                print(f"kept: {network.folder}", flush=True)
            else:
                network.remove()
        self.networks = {}
