"""Starting a client and charging everybody for what they spent meanwhile."""
import os
import subprocess
import sys
import threading
import time

TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")


class Cost:
    """What one run of a client took: seconds, CPU seconds, and memory in MB of 10^6 bytes."""

    def __init__(self, wall, client, memory, own_memory, servers, others):
        self.wall, self.client, self.memory, self.own_memory = wall, client, memory, own_memory
        # CPU seconds of each group of servers, and of everything else on the machine.
        self.servers, self.others = servers, others


def run_client(command, environment, target, log):
    """Runs a client to its end; exits when it fails, since figures of a failure mean nothing."""
    servers, machine = target.cpu_seconds(), machine_cpu_seconds()
    start = time.monotonic()
    client = subprocess.Popen(command, env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
    watch = _MemoryWatch(client.pid, target)
    # wait4 tells what the client and all its ended children have used.
    _, status, used = os.wait4(client.pid, 0)
    wall = time.monotonic() - start
    watch.stop()
    client.returncode = os.waitstatus_to_exitcode(status)
    if client.returncode != 0:
        with open(log.name, errors="replace") as said:
            sys.exit(f"{' '.join(command[:3])} … ended with status {client.returncode}:\n{said.read()[-2000:]}")
    after = target.cpu_seconds()
    spent = {group: after[group] - servers[group] for group in after}
    cpu = used.ru_utime + used.ru_stime
    others = max(0.0, machine_cpu_seconds() - machine - cpu - sum(spent.values()))
    return Cost(wall, cpu, used.ru_maxrss * 1024 / 1e6, watch.peak, spent, others)


class _MemoryWatch:
    """Notes every 50 ms how much memory the client has of its own, which excludes code mapped from files."""

    def __init__(self, pid, target):
        self.pid, self.target, self.peak, self.ended = pid, target, 0.0, threading.Event()
        self.thread = threading.Thread(target=self._watch, daemon=True)
        self.thread.start()

    def _watch(self):
        while not self.ended.wait(0.05):
            self.peak = max(self.peak, memory_mb(self.pid, "RssAnon"))
            self.target.sample_memory()

    def stop(self):
        self.ended.set()
        self.thread.join()


def process_cpu_seconds(pid):
    """User and system time of a process, from the fields behind its name."""
    with open(f"/proc/{pid}/stat") as file:
        fields = file.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICKS_PER_SECOND


def machine_cpu_seconds():
    """What all processes of the machine have spent: everything but idling, waiting and other machines."""
    with open("/proc/stat") as file:
        user, nice, system, _, _, irq, softirq = map(int, file.readline().split()[1:8])
    return (user + nice + system + irq + softirq) / TICKS_PER_SECOND


def memory_mb(pid, field):
    """A field of a process's memory, in MB of 10^6 bytes: VmHWM is the peak of all that is resident, RssAnon its own.

    0 for a process that has ended.
    """
    try:
        with open(f"/proc/{pid}/status") as file:
            for line in file:
                if line.startswith(field + ":"):
                    return int(line.split()[1]) * 1024 / 1e6
    except (FileNotFoundError, ProcessLookupError):
        pass
    return 0.0
