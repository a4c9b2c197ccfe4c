"""What the satellite and the nodes do by themselves: repair, graceful exit, amnesty, each seen from both sides."""
import metabase
import node_life
from content import MIB, content
from durability import healthy_counts, living, until_whole
from loss_tests import read_back
from program_tests import bucket_of
from suite import equal, eventually, expect, test

_SIZES = [5000, 300_000, 3 * MIB, 65 * MIB]


def _upload(storj, bucket, sizes=_SIZES, copies=1):
    objects = {f"{size}-{copy}": size for size in sizes for copy in range(copies)}
    for key, size in objects.items():
        storj.run("put", f"sj://{bucket}/{key}", data=content(size, key))
    return objects


@test("when 40 percent of the nodes die for good, repair brings every segment back to its threshold", seconds=150,
      network="upkeep")
def repair(network):
    with bucket_of(network) as (project, rclone, storj, bucket):
        objects = _upload(storj, bucket, copies=3)
        dead = network.nodes[:5]
        network.kill_together(dead)
        lost = sum(count < segment.optimal for count, segment in healthy_counts(network, bucket))
        expect(lost > 0, "segments have lost pieces")
        network.add_nodes(5)
        seconds = until_whole(network, 90, bucket)
        print(f"     {lost} segments whole again after {seconds:.1f} s", flush=True)
        gone = {metabase.node_id(node["id"]) for node in dead}
        for segment in metabase.segments(network, bucket):
            expect(len(segment.holders & living(network)) == len(segment.holders - gone), "only the dead are missing")
            equal(len(segment.holders), len(segment.pieces), "a node holds one piece of a segment")
        read_back(project, rclone, storj, bucket, objects)
        # New pieces must carry the segments too: those who had them from the beginning go.
        first = [node for node in network.nodes[5:12]]
        spared = min(segment.optimal - segment.required for segment in metabase.segments(network, bucket))
        network.kill_together(first[:spared])
        try:
            left = {node["id"] for node in network.nodes if network.is_alive(node["pid"])}
            eventually(lambda: network.online() == left, 60, "the satellite noticed")
            read_back(project, rclone, storj, bucket, objects)
        finally:
            network.restart_nodes(first[:spared])


@test("a node whose disk rots finds out, tells, is repaired around, and stays in good standing", seconds=150,
      network="upkeep")
def amnesty(network):
    with bucket_of(network) as (_, _, _, bucket):
        objects = node_life.upload(network, bucket, 20)
        node_life.amnesty(network, network.nodes[-1], bucket, node_life.quiet)
        node_life.check(network, bucket, objects)


@test("a node leaves in good order: others hold its pieces, then its data is deleted", seconds=150, network="upkeep")
def graceful_exit(network):
    with bucket_of(network) as (_, _, _, bucket):
        objects = node_life.upload(network, bucket, 20)
        node_life.graceful_exit(network, network.nodes[-1], bucket, node_life.quiet)
        node_life.check(network, bucket, objects)
