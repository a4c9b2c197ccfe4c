"""The corruption campaign: faults of seven kinds injected into stored pieces, downloads by real clients, a table.

    scripts/corruption-campaign [--program PATH] [--objects 380] [--rounds 4] [--seed 1] [--keep]

Objects are uploaded twice, so that nodes also hold what is stale. Then pieces of the second versions are damaged, half
of them while the nodes run, half while they are stopped. Of a segment's h pieces one of these is damaged:

    few    10 of 80 by the disk: what clients are offered always suffices, so every client must read right bytes
    many   h − k by the disk: just enough are left; storj must read right bytes, others read right or refuse
    lies   (o − k)/2 forged, so that nodes serve wrong bytes as the truth: storj must correct them, others may refuse

Every byte of every download is compared. A fault is in downloaded data when its node was asked for bytes it shows in:
then the node refuses (detected), or it sends them, and clients must notice. At the end all nodes read what they have,
confess what is bad, and the satellite repairs it.
"""
import argparse
import collections
import concurrent.futures
import filecmp
import os
import re
import shutil
import signal
import sys
import tempfile
import time

import durability
import faults
import metabase
import piece_logs
from content import KIB, MIB, content
from libuplink import Access, UplinkError
from network import QUIET, Network
from rclone import Rclone
from storj import Storj
from suite import eventually

SIZES = [5000, 30 * KIB, 120 * KIB, 400 * KIB, 1600 * KIB]
LARGE = 66 * MIB  # Two segments, the first with the largest pieces there are.
GROUPS = ["few", "many", "lies"]  # Each has a bucket.
_PATTERN = ["few", "many", "lies", "many", "few", "lies", "many", "few", "lies", "many"]
ARGUMENTS = ["--nodes", "110", "--processes", "--redundancy", "29/35/80/110", "--subnets", "110", *QUIET, "--set",
             "node.log_level=debug", "--set", "satellite.repair.thresholds=29-79", "--set", "node.lost_pieces.interval=1s"]


class Campaign:
    """One campaign on one network; `say` is told what happens."""

    def __init__(self, network, folder, objects, seed, say=print):
        self.network, self.folder, self.say = network, folder, say
        self.buckets = {group: f"{group}-{os.path.basename(folder)[-8:].replace('_', '-').lower()}0" for group in GROUPS}
        self.noise = faults.seeded(seed)
        self.keys = {
            f"{_PATTERN[index % len(_PATTERN)]}/{index:04}": size for index, size in enumerate(self._sizes(objects))}
        self.faults, self.wrong, self.refused = {}, [], collections.Counter()
        self.downloads, self.repaired = collections.Counter(), set()

    @staticmethod
    def _sizes(objects):
        return [LARGE if index % 40 == 39 else SIZES[index // len(_PATTERN) % len(SIZES)] for index in range(objects)]

    # Uploads

    def upload(self):
        """Two versions of every object, the first by rclone, the second by storj."""
        storj = Storj(self.network, self.network.grant)
        self._write("old")
        for group in GROUPS:
            storj.run("mb", f"sj://{self.buckets[group]}")
            Rclone(self.network.grant).run(
                "copy", f"{self.folder}/old/{group}", f"net:{self.buckets[group]}", "--transfers", "8",
                seconds=900)
        self.stale_ids = {identity for group in GROUPS for segment in
                          metabase.segments(self.network, self.buckets[group]) for identity in segment.piece_ids()}
        shutil.rmtree(f"{self.folder}/old")
        self._write("new")
        for group in GROUPS:
            storj.run(
                "cp", "--recursive", "--transfers", "8", f"{self.folder}/new/{group}/", f"sj://{self.buckets[group]}/",
                seconds=900)
        self.segments = [(group, segment) for group in GROUPS
                         for segment in metabase.segments(self.network, self.buckets[group])]

    def _write(self, version):
        for key, size in self.keys.items():
            path = f"{self.folder}/{version}/{key}"
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "wb") as file:
                file.write(content(size, f"{version} {key}"))

    # Faults

    def plan(self):
        """Which pieces are damaged, and how: by node, so that each node's logs are read once."""
        self.stored, self.stale = {}, collections.defaultdict(list)
        for identity, node in metabase.by_id(self.network.nodes).items():
            for piece in piece_logs.stored_pieces(node):
                if piece.identity in self.stale_ids:
                    self.stale[identity].append(piece)
                else:
                    self.stored[piece.identity] = piece
        self.planned, kinds = [], list(faults.KINDS)
        for group, segment in self.segments:
            pieces = sorted(segment.piece_ids().items())
            self.noise.shuffle(pieces)
            margin = max(1, (segment.total - segment.optimal) * segment.required // segment.optimal)
            count = {"few": margin, "many": len(pieces) - segment.required,
                     "lies": (segment.optimal - segment.required) // 2}[group]
            for identity, (_, node) in pieces[:count]:
                kind = kinds[len(self.planned) % len(kinds)]
                self.planned.append((kind, self.stored[identity], group == "lies", node))
        self.noise.shuffle(self.planned)

    def inject(self, share, is_stopped):
        """Injects the next `share` of what was planned; what the logs say before this is about pieces that were well."""
        sizes = {name: os.path.getsize(os.path.join(self.network.folder, name)) for name in self._logs()}
        count = round(len(self.planned) * share)
        chosen, self.planned = self.planned[:count], self.planned[count:]
        for kind, piece, is_forged, node in chosen:
            stale = self.stale[node]
            same = [old for old in stale if old.size == piece.size]
            names = [kind, *self.noise.sample(list(faults.KINDS), len(faults.KINDS))]
            for name in names:
                # A piece that cannot have this kind has another, so that every planned piece is damaged.
                older = self.noise.choice(same) if same else None
                if fault := faults.inject(name, piece, is_forged, self.noise, stale, older, is_stopped):
                    fault.log_sizes = sizes
                    self.faults[piece.identity] = fault
                    break

    def _logs(self):
        return [name for name in os.listdir(self.network.folder) if re.fullmatch(r"node\d+\.log", name)]

    # Downloads

    def download(self, number):
        """Every object once by each client; what is not refused is compared."""
        seconds = time.monotonic()
        before = len(self.wrong)
        for group in GROUPS:
            keys = [key for key in self.keys if key.startswith(f"{group}/")]
            # The others correct errors slowly or give up, so they get fewer of these.
            small = [key for key in keys if group == "few" or self.keys[key] < 200 * KIB][:None if group == "few" else 25]
            self._by_tool("storj", group, keys)
            if number == 0 or group == "few":
                self._by_tool("rclone", group, small)
                self._by_library(group, small)
        self.say(f"round {number + 1}: {time.monotonic() - seconds:.0f} s, {len(self.wrong) - before} wrong")

    def _by_tool(self, client, group, keys):
        begin = time.monotonic()
        target = f"{self.folder}/back"
        shutil.rmtree(target, ignore_errors=True)
        if client == "storj":
            process = Storj(self.network, self.network.grant).start(
                "cp", "--recursive", "--transfers", "8", f"sj://{self.buckets[group]}/", f"{target}/{group}/")
        else:
            process = Rclone(self.network.grant).start(
                "copy", f"net:{self.buckets[group]}", f"{target}/{group}", "--transfers", "8",
                *(f"--include=/{key.partition('/')[2]}" for key in keys), retries=2)
        _, said = process.communicate(timeout=1800)
        missing, seconds = [], time.monotonic() - begin
        for key in keys:
            path = f"{target}/{key}"
            self.downloads[client, group] += 1
            if not os.path.exists(path):
                missing.append(key)
            elif not filecmp.cmp(path, f"{self.folder}/new/{key}", shallow=False):
                self.wrong.append((client, key))
        self.say(f"  {client}, {group}: {seconds:.1f} s")
        self._refuse(client, group, missing, said.decode(errors="replace")[-1500:])

    def _by_library(self, group, keys):
        missing, said, begin = [], "", time.monotonic()

        def get(project, key):
            try:
                return project.get(self.buckets[group], key.partition("/")[2])
            except UplinkError as error:
                return error

        with Access.parse(self.network.grant).open() as project, concurrent.futures.ThreadPoolExecutor(4) as pool:
            for key, answer in zip(keys, pool.map(lambda key: get(project, key), keys)):
                self.downloads["libuplink", group] += 1
                if isinstance(answer, UplinkError):
                    missing.append(key)
                    said = str(answer)
                elif answer != content(self.keys[key], f"new {key}"):
                    self.wrong.append(("libuplink", key))
        self.say(f"  libuplink, {group}: {time.monotonic() - begin:.1f} s")
        self._refuse("libuplink", group, missing, said)

    def _refuse(self, client, group, keys, said):
        if not keys:
            return
        self.refused[client, group] += len(keys)
        if client == "storj" or group == "few":
            self.say(f"  {client} refused {len(keys)} of {group}: {keys[:5]}: {said}")

    # Repair

    def heal(self):
        """All nodes read what they have and tell what is bad; one pass over the segments, and repair, follow."""
        disk = {identity: fault for identity, fault in self.faults.items() if not fault.is_forged}
        begin = time.monotonic()
        with concurrent.futures.ThreadPoolExecutor(4) as pool:
            list(pool.map(lambda node: self.network.operator(node, "scrub", "start", "--rate", "200MB"), self.network.nodes))
        eventually(lambda: self._reported() >= set(disk), 300, "the nodes report what their disks have lost", pause=1)
        self.say(f"all damage by the disk is found and reported after {time.monotonic() - begin:.0f} s")
        self.network.operator(self.network.satellite, "chores", "trigger", "ranged-loop")
        self.network.operator(self.network.satellite, "chores", "trigger", "repair", seconds=1200)
        whole = durability.until_whole(self.network, 600)
        self.repaired = set(self.faults) - self._named()
        self.say(f"repaired after {time.monotonic() - begin:.0f} s in all; the last segments took {whole:.1f} s: "
                 f"{durability.histogram(durability.healthy_counts(self.network))}")

    def _reported(self):
        return {bytes(piece).hex() for piece, in metabase.query(self.network, "SELECT piece_id FROM reported_lost_pieces")}

    def _named(self):
        return {identity for segment in metabase.segments(self.network) for identity in segment.piece_ids()}

    # The result

    def evidence(self):
        """What the nodes' logs say of the damaged pieces: which they refused, and from which they sent the fault."""
        texts = {piece_logs.text_of(identity): identity for identity in self.faults}
        refused, sent = set(), set()
        for name in self._logs():
            with open(os.path.join(self.network.folder, name), "rb") as log:
                place = 0
                for line in log:
                    place += len(line)
                    facts = dict(pair.split("=", 1) for pair in line.decode(errors="replace").split() if "=" in pair)
                    fault = self.faults.get(texts.get(facts.get("piece")))
                    if not fault or place <= fault.log_sizes[name]:
                        continue
                    if b"a stored piece cannot be read" in line:
                        refused.add(fault.piece.identity)
                    elif b"a piece was read" in line:
                        begin, count = int(facts["offset"]), int(facts["sent"])
                        if count > 0 and begin < fault.damage.stop and begin + count > fault.damage.start:
                            sent.add(fault.piece.identity)
        return refused, sent

    def table(self, heals):
        """Lines for people, and whether everything is as it must be."""
        refused, sent = self.evidence()
        lines = ["| kind | injected | by the disk | in downloaded data | detected by the node | forged | "
                 "served as the truth | clients' wrong bytes | of the disk's: repaired |", "|---|---|---|---|---|---|---|---|---|"]
        sums, undetected = collections.Counter(), 0
        for kind in [*faults.KINDS, "all"]:
            chosen = [(identity, fault) for identity, fault in self.faults.items() if kind in (fault.kind, "all")]
            disk = {identity for identity, fault in chosen if not fault.is_forged}
            forged = {identity for identity, fault in chosen if fault.is_forged}
            seen = disk & (refused | sent)
            for identity in disk & sent if kind != "all" else []:
                undetected += 1
                fault = self.faults[identity]
                self.say(f"SERVED {piece_logs.text_of(identity)}: {kind}, bytes {fault.damage} of {fault.piece.size} in "
                         f"{fault.piece.path} at {fault.piece.start}")
            lines.append(
                f"| {kind} | {len(chosen)} | {len(disk)} | {len(seen)} | {len(seen - sent)} | {len(forged)} | "
                f"{len(forged & sent)} | {len(self.wrong) if kind == 'all' else ''} | {len(disk & self.repaired)} |")
            sums[kind] = len(chosen)
        for client, group in sorted(self.downloads):
            lines.append(f"{client}, {group}: {self.downloads[client, group]} downloads, "
                         f"{self.refused[client, group]} refused")
        must_read = [("storj", group) for group in GROUPS] + [("rclone", "few"), ("libuplink", "few")]
        is_right = not self.wrong and not undetected and not any(self.refused[key] for key in must_read)
        is_right &= not heals or all(fault.is_forged or identity in self.repaired for identity, fault in self.faults.items())
        return lines, is_right


def run(network, objects, rounds, seed, say=print, heals=True):
    """A whole campaign on a running network; whether all was right, the lines of the table, and the campaign."""
    folder = tempfile.mkdtemp(prefix="storj-campaign-")
    try:
        campaign = Campaign(network, folder, objects, seed, say)
        campaign.upload()
        campaign.plan()
        say(f"{len(campaign.keys)} objects, {len(campaign.segments)} segments, "
            f"{sum(len(segment.pieces) for _, segment in campaign.segments)} pieces, {len(campaign.planned)} faults planned")
        campaign.inject(0.5, is_stopped=False)
        campaign.download(0)
        network.stop_and_start(lambda: campaign.inject(1, is_stopped=True))
        try:
            for number in range(1, rounds):
                campaign.download(number)
        except KeyboardInterrupt:
            say("interrupted; the table is about what was done")
        if heals:
            campaign.heal()
            campaign.download(rounds)
        lines, is_right = campaign.table(heals)
        return is_right, lines, campaign
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def main():
    root = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", default=os.path.join(root, ".build", "release", "storj"))
    parser.add_argument("--objects", type=int, default=380, help="objects (380)")
    parser.add_argument("--rounds", type=int, default=4, help="times everything is downloaded (4)")
    parser.add_argument("--seed", type=int, default=1, help="another seed makes other choices (1)")
    parser.add_argument("--keep", action="store_true", help="leave the network's folder in place")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    begin = time.monotonic()
    network = Network(options.program, "campaign", ARGUMENTS)
    try:
        is_right, lines, _ = run(network, options.objects, options.rounds, options.seed,
                                 lambda text: print(text, flush=True))
        print("\n".join(lines))
        print(f"{'all right' if is_right else 'FAILED'}, {time.monotonic() - begin:.0f} s")
        return 0 if is_right else 1
    finally:
        network.stop()
        if options.keep:
            print(f"kept: {network.folder}")
        else:
            network.remove()


if __name__ == "__main__":
    sys.exit(main())
