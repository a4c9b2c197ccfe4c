"""Losing nodes of a large network: 51 of a segment's 80 holders for a while, then 40 % of all nodes for good.

    scripts/measure-losses [--nodes 110] [--redundancy 29/35/80/110] [--repair-threshold 65] [--mib 512] [--keep]

A tree of files is uploaded by rclone. Then the holders of a segment are killed until k are left, and every client reads
every file. They come back, 40 % of the nodes are killed and never come back, as many fresh ones join, and repair has to
bring every segment to the success threshold on nodes that live. Prints times, bytes moved, and what everybody spent.
"""
import argparse
import os
import shutil
import signal
import sys
import tempfile
import time

import metabase
from content import KIB, MIB, content
from durability import healthy_counts, histogram, until_whole
from network import HASTY, Network
from rclone import Rclone
from storj import Storj
from suite import eventually

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../scripts"))
from measuring.processes import memory_mb, process_cpu_seconds  # noqa: E402

BUCKET = "losses"
SIZES = [20 * KIB, 200 * KIB, 1 * MIB, 8 * MIB, 64 * MIB]


def main():
    options = parse_arguments()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    folder, network = tempfile.mkdtemp(prefix="storj-losses-"), None
    try:
        begin = time.monotonic()
        network = Network(options.program, "losses", [
            "--nodes", str(options.nodes), "--redundancy", options.redundancy, "--processes", "--subnets",
            str(options.nodes), *HASTY, "--set", f"satellite.repair.thresholds={options.redundancy.split('/')[0]}-{options.repair_threshold}"])
        say(f"{options.nodes} nodes ready after {time.monotonic() - begin:.1f} s")
        describe(network)
        # What holds with 51 holders gone must hold without repair's help.
        network.operator(network.satellite, "chores", "pause", "repair")
        upload(network, folder, options.mib)
        kill_holders(network, folder)
        kill_for_good(network, folder, options.share)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        if network:
            network.stop()
            if options.keep:
                say(f"kept: {network.folder}")
            else:
                network.remove()


def parse_arguments():
    root = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", default=os.path.join(root, ".build", "release", "storj"))
    parser.add_argument("--nodes", type=int, default=110, help="storage nodes (110)")
    parser.add_argument("--redundancy", default="29/35/80/110", help="pieces required/repair/optimal/total (29/35/80/110)")
    parser.add_argument("--repair-threshold", type=int, default=65,
                        help="repair at so many healthy pieces or fewer: 40 %% of 80 lost leaves more than 35 (65)")
    parser.add_argument("--share", type=float, default=0.4, help="share of the nodes that die for good (0.4)")
    parser.add_argument("--mib", type=int, default=512, help="how much is uploaded (512)")
    parser.add_argument("--keep", action="store_true", help="leave the network's folder in place")
    return parser.parse_args()


def say(text):
    print(text, flush=True)


def pids(network):
    return [server["pid"] for server in [network.satellite, *network.nodes] if network.is_alive(server["pid"])]


def describe(network):
    """What idling costs."""
    def cpu():
        return sum(map(process_cpu_seconds, pids(network)))

    before = cpu()
    time.sleep(10)
    own = [memory_mb(pid, "RssAnon") for pid in pids(network)]
    files = sum(len(os.listdir(f"/proc/{pid}/fd")) for pid in pids(network))
    say(f"idle: {(cpu() - before) * 10:.1f} % of a core; memory of their own: satellite {own[0]:.0f} MB, nodes "
        f"{sum(own[1:]):.0f} MB, the largest {max(own[1:]):.0f} MB; {files} open files")


def upload(network, folder, mib):
    sizes, total = {}, 0
    while total < mib * MIB:
        size = SIZES[len(sizes) % len(SIZES)]
        sizes[f"{len(sizes):04}"] = size
        total += size
    os.makedirs(f"{folder}/files")
    for key, size in sizes.items():
        with open(f"{folder}/files/{key}", "wb") as file:
            file.write(content(size, key))
    rclone = Rclone(network.grant)
    rclone.run("mkdir", f"net:{BUCKET}")
    begin = time.monotonic()
    rclone.run("copy", f"{folder}/files", f"net:{BUCKET}", "--transfers", "4", seconds=1800)
    counts = healthy_counts(network, BUCKET)
    say(f"rclone uploaded {len(sizes)} files, {total / MIB:.0f} MiB, in {time.monotonic() - begin:.1f} s; {len(counts)} "
        f"segments, {sum(count for count, _ in counts)} pieces ({histogram(counts)} pieces each)")


def read_back(network, folder, clients=("rclone", "storj", "libuplink")):
    """Every file by every client, compared byte for byte; ends the run when anything differs."""
    from libuplink import Access
    for client in clients:
        begin, target = time.monotonic(), f"{folder}/back"
        shutil.rmtree(target, ignore_errors=True)
        if client == "rclone":
            Rclone(network.grant).run("copy", f"net:{BUCKET}", target, "--transfers", "4", seconds=1800)
        elif client == "storj":
            Storj(network, network.grant).run("cp", "--recursive", "--transfers", "4", f"sj://{BUCKET}/", f"{target}/",
                                              seconds=1800)
        else:
            os.makedirs(target)
            with Access.parse(network.grant).open() as project:
                for key in os.listdir(f"{folder}/files"):
                    with open(f"{target}/{key}", "wb") as file:
                        file.write(project.get(BUCKET, key))
        names = sorted(os.listdir(f"{folder}/files"))
        if sorted(os.listdir(target)) != names:
            sys.exit(f"{client} lacks {sorted(set(names) - set(os.listdir(target)))[:5]}")
        for key in names:
            with open(f"{folder}/files/{key}", "rb") as one, open(f"{target}/{key}", "rb") as other:
                if one.read() != other.read():
                    sys.exit(f"{client} read {key} wrongly")
        say(f"  {client}: {len(names)} files byte-exact in {time.monotonic() - begin:.1f} s")


def noticed(network):
    left = {node["id"] for node in network.nodes if network.is_alive(node["pid"])}
    eventually(lambda: network.online() == left, 120, "the satellite noticed who is gone")


def kill_holders(network, folder):
    chosen = min(metabase.segments(network, BUCKET), key=lambda segment: len(segment.holders))
    nodes = metabase.by_id(network.nodes)
    dead = [nodes[identity] for identity in sorted(chosen.holders)][:len(chosen.holders) - chosen.required]
    network.kill_together(dead)
    say(f"killed {len(dead)} of the {len(chosen.holders)} holders of a segment (SIGKILL); left of the segments: "
        f"{histogram(healthy_counts(network, BUCKET))}")
    noticed(network)
    read_back(network, folder)
    network.restart_nodes(dead)
    say("the killed nodes are back")


def kill_for_good(network, folder, share):
    dead = network.nodes[:round(len(network.nodes) * share)]
    network.kill_together(dead)
    for node in dead:
        shutil.rmtree(node["dir"])
    counts = healthy_counts(network, BUCKET)
    say(f"killed {len(dead)} of {len(network.nodes)} nodes and deleted their folders; healthy pieces: {histogram(counts)}")
    noticed(network)
    network.add_nodes(len(dead))
    say(f"{len(dead)} fresh nodes joined; repair may begin")
    network.operator(network.satellite, "chores", "resume", "repair")
    before = {pid: process_cpu_seconds(pid) for pid in pids(network)}
    seconds = until_whole(network, 1800, BUCKET, say=say)
    after = healthy_counts(network, BUCKET)
    needed = sum(max(0, segment.optimal - count) for count, segment in counts)
    size = sum(segment.size for count, segment in counts if count < segment.optimal)
    say(f"every segment is at its success threshold after {seconds:.1f} s: {histogram(after)}")
    spent = {pid: process_cpu_seconds(pid) - cpu for pid, cpu in before.items()}
    own = spent.pop(network.satellite["pid"])
    say(f"at least {needed} pieces made, {size / MIB:.0f} MiB of segments repaired, "
        f"{size / MIB / seconds:.1f} MiB/s of customers' data; CPU: satellite {own:.1f} s, nodes {sum(spent.values()):.1f} s")
    try:
        say(f"the satellite counts: {network.operator(network.satellite, 'repair')}")
    except AssertionError as error:
        say(f"no counts of the satellite: {error}")
    read_back(network, folder)


if __name__ == "__main__":
    main()
