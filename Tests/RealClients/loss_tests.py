"""Nodes that are gone: how many a segment stands, and what the satellite does about it."""
import metabase
from content import MIB, content, difference
from program_tests import bucket_of
from suite import equal, eventually, expect, test

_SIZES = [5000, 300_000, 3 * MIB, 65 * MIB]


def read_back(project, rclone, storj, bucket, sizes, clients=("libuplink", "rclone", "storj")):
    """Reads every object with these clients and compares each byte."""
    ways = {"libuplink": lambda key: project.get(bucket, key),
            "rclone": lambda key: rclone.run("cat", f"net:{bucket}/{key}"),
            "storj": lambda key: storj.run("cat", f"sj://{bucket}/{key}")}
    for key, size in sizes.items():
        data = content(size, key)
        for client in clients:
            expect(not (wrong := difference(ways[client](key), data)), f"{key} by {client}: {wrong}")


@test("with 51 of the 80 holders of a segment killed every file is read byte for byte by all clients", seconds=150,
      network="wide")
def holders_killed(network):
    with bucket_of(network) as (project, rclone, storj, bucket):
        sizes = {f"{size}": size for size in _SIZES}
        for key, size in sizes.items():
            rclone.run("rcat", f"net:{bucket}/{key}", data=content(size, key))
        segments = metabase.segments(network, bucket)
        equal(len(segments), 5, "segments")
        expect(all(len(segment.holders) == len(segment.pieces) >= 80 for segment in segments), "80 holders each")
        # The segment with the fewest holders: what is left is just what is needed.
        chosen = min(segments, key=lambda segment: len(segment.holders))
        nodes = metabase.by_id(network.nodes)
        dead = [nodes[node] for node in sorted(chosen.holders)][:len(chosen.holders) - chosen.required]
        expect(len(dead) >= 51, f"{len(dead)} nodes die")
        network.kill_together(dead)
        try:
            # At once, while the satellite still names the dead: then ours asks for every holder, the others give up.
            read_back(project, rclone, storj, bucket, sizes, clients=["storj"])
            left = {node["id"] for node in network.nodes} - {node["id"] for node in dead}
            eventually(lambda: network.online() == left, 60, "the satellite noticed")
            read_back(project, rclone, storj, bucket, sizes)
        finally:
            network.restart_nodes(dead)
        read_back(project, rclone, storj, bucket, sizes)
