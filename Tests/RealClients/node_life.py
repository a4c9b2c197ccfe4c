"""A node's life: it loses pieces and says so, is repaired around, and leaves; seen from the node and the satellite.

    scripts/show-node-life [--program PATH] [--nodes 12] [--redundancy 4/6/7/12] [--mib 128] [--keep]
"""
import argparse
import os
import signal
import sys
import time

import faults
import metabase
import piece_logs
from content import KIB, MIB, content
from durability import healthy_counts, living, until_whole
from libuplink import Access
from network import HASTY, Network
from storj import Storj
from suite import equal, eventually, expect

SIZES = [5000, 100 * KIB, 1 * MIB, 9 * MIB]


def quiet(_):
    """For tests, which say nothing."""


def upload(network, bucket, mib):
    """Objects of several sizes until there are so many bytes; their keys and sizes."""
    objects, total = {}, 0
    with Access.parse(network.grant).open() as project:
        project.ensure_bucket(bucket)
        while total < mib * MIB:
            key, size = f"{len(objects):04}", SIZES[len(objects) % len(SIZES)]
            project.put(bucket, key, content(size, key))
            objects[key] = size
            total += size
    return objects


def check(network, bucket, objects):
    """Every object is read byte for byte by libuplink and by storj."""
    storj = Storj(network, network.grant)
    with Access.parse(network.grant).open() as project:
        for key, size in objects.items():
            expect(project.get(bucket, key) == content(size, key), f"libuplink reads {key}")
            expect(storj.run("cat", f"sj://{bucket}/{key}") == content(size, key), f"storj reads {key}")


def views(network, node, say):
    """What the node and the satellite say of the node at this moment."""
    own = network.operator(node, "status")
    other = next(item for item in network.administration("nodes") if item["id"] == node["id"])
    lost, usage = own["lost_pieces"], own["usage"]
    exits = ", ".join(item["step"] for item in own["exits"]) or "none"
    say(f"  node:      {usage['pieces']} pieces, {usage['content_bytes'] / MIB:.1f} MiB; lost pieces: {lost['waiting']} "
        f"waiting, {lost['acknowledged']} acknowledged; exits: {exits}")
    held = pieces_of(network, node)
    reported, settled = reports_of(network, node)
    say(f"  satellite: {other['state']}, {held} pieces in the metadata; reported lost: {reported}, settled: {settled}")
    return own, other


def pieces_of(network, node):
    """How many pieces the metadata say the node has."""
    identity = metabase.node_id(node["id"])
    return sum(identity in segment.holders for segment in metabase.segments(network))


def reports_of(network, node):
    """How many pieces the node has reported lost, and for how many of these nothing is left to do."""
    rows = metabase.query(network, "SELECT settled_at FROM reported_lost_pieces WHERE node_id = ?",
                          bytes.fromhex(metabase.node_id(node["id"])))
    return len(rows), sum(settled is not None for settled, in rows)


def damage(network, node, share=1, seed=1):
    """Damages a share of a node's pieces, by all kinds in turn, as a disk does; the faults."""
    noise, kinds = faults.seeded(seed), list(faults.KINDS)
    identity = metabase.node_id(node["id"])
    known = {piece_id for segment in metabase.segments(network)
             for piece_id, (_, holder) in segment.piece_ids().items() if holder == identity}
    pieces = [piece for piece in piece_logs.stored_pieces(node) if piece.identity in known]
    noise.shuffle(pieces)
    done, count = [], round(len(pieces) * share)
    for piece in pieces[:count]:
        for kind in [kinds[len(done) % len(kinds)], *noise.sample(kinds, len(kinds))]:
            # A piece's place may be taken only by what is not to be damaged itself.
            others = [other for other in pieces[count:] if other.size == piece.size]
            stale = noise.choice(others) if others else None
            if fault := faults.inject(kind, piece, False, noise, others, stale, False):
                done.append(fault)
                break
    return done


def amnesty(network, node, bucket, say, share=0.5, seconds=90):
    """A node's disk rots; it finds out, tells, and is repaired around; returns the faults by kind."""
    say("before the loss")
    views(network, node, say)
    identity = metabase.node_id(node["id"])
    injected = damage(network, node, share)
    expect(injected, "pieces were damaged")
    lost = {fault.piece.identity for fault in injected}
    say(f"{len(injected)} of its pieces are damaged; the node reads all it has")
    network.operator(node, "scrub", "start", "--rate", "200MB")
    eventually(lambda: reports_of(network, node)[0] >= len(injected), seconds, "all damage is reported")
    say("reported")
    views(network, node, say)

    def still_named():
        return {piece_id for segment in metabase.segments(network)
                for piece_id, (_, holder) in segment.piece_ids().items() if holder == identity} & lost

    eventually(lambda: not still_named(), seconds, "no segment names a damaged piece")
    took = until_whole(network, seconds, bucket)
    say(f"repaired: no segment names a damaged piece, all are at their threshold ({took:.1f} s)")
    own, other = views(network, node, say)
    expect(other["state"] == "online" and not other.get("disqualified_at"), "the node is in good standing")
    return injected


def graceful_exit(network, node, bucket, say, seconds=120):
    """A node leaves a satellite in good order; everything it had moves to others first."""
    say("before the exit")
    before, _ = views(network, node, say)
    expect(before["usage"]["pieces"] > 0, "the node has pieces")
    satellite = network.satellite["node_url"].partition("@")[0]
    network.operator(node, "exit", "begin", satellite, "--yes")
    eventually(lambda: views(network, node, quiet)[1]["state"] == "exiting", 30, "the satellite knows")
    say("the exit has begun")
    views(network, node, say)
    eventually(lambda: not _needing(network, node, bucket), seconds, "no segment needs the node any more")
    say("every segment has more than its repair threshold of pieces on other nodes; it still serves its own")
    views(network, node, say)
    eventually(lambda: _step(network, node) in ["completed", "deleted", "failed"], seconds, "the exit ends")
    eventually(lambda: _step(network, node) == "deleted", 30, "the data is deleted")
    own, other = views(network, node, say)
    equal(other["state"], "exited", "the satellite's view")
    expect(own["exits"][0].get("receipt"), "the node keeps the satellite's signature")
    equal(own["usage"]["pieces"], 0, "pieces on the node")
    expect(not _needing(network, node, bucket), "no segment needs the node")
    say("over: exited, the receipt is kept, the data is deleted, and no segment needs the node")


def _needing(network, node, bucket):
    """Segments that without the node are at their repair threshold or below."""
    others = living(network) - {metabase.node_id(node["id"])}
    return [segment for segment in metabase.segments(network, bucket)
            if len(segment.holders & others) <= segment.repair]


def _step(network, node):
    return network.operator(node, "exit", "status")["exits"][0]["step"]


def main():
    root = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", default=os.path.join(root, ".build", "release", "storj"))
    parser.add_argument("--nodes", type=int, default=12, help="storage nodes (12)")
    parser.add_argument("--redundancy", default="4/6/7/12", help="pieces required/repair/optimal/total (4/6/7/12)")
    parser.add_argument("--mib", type=int, default=128, help="how much is uploaded (128)")
    parser.add_argument("--keep", action="store_true", help="leave the network's folder in place")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    begin = time.monotonic()

    def say(text):
        print(f"{time.monotonic() - begin:6.1f} s  {text}", flush=True)

    network = Network(options.program, "life", [
        "--nodes", str(options.nodes), "--processes", "--redundancy", options.redundancy, "--subnets",
        str(options.nodes), *HASTY])
    try:
        objects = upload(network, "life", options.mib)
        say(f"{len(objects)} objects, {len(healthy_counts(network))} segments")
        injected = amnesty(network, network.nodes[0], "life", say)
        for kind in faults.KINDS:
            say(f"  {kind}: {sum(fault.kind == kind for fault in injected)} injected, all found, reported and repaired")
        check(network, "life", objects)
        graceful_exit(network, network.nodes[1], "life", say)
        check(network, "life", objects)
        say("every object was read byte for byte after each step")
        return 0
    finally:
        network.stop()
        if options.keep:
            print(f"kept: {network.folder}")
        else:
            network.remove()


if __name__ == "__main__":
    sys.exit(main())
