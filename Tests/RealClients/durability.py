"""How healthy segments are, told from the satellite's database and the nodes that live."""
import collections
import time

import metabase
from suite import eventually


def living(network):
    """The ids, as segments name them, of the nodes whose processes run."""
    return {metabase.node_id(node["id"]) for node in network.nodes if network.is_alive(node["pid"])}


def healthy_counts(network, bucket=None):
    """Of every segment the number of pieces that living nodes hold, each node counted once; and the segment."""
    alive = living(network)
    return [(len(segment.holders & alive), segment) for segment in metabase.segments(network, bucket)]


def histogram(counts):
    """For people: how many segments have how many healthy pieces."""
    found = collections.Counter(count for count, _ in counts)
    return ", ".join(f"{found[count]}×{count}" for count in sorted(found))


def until_whole(network, seconds, bucket=None, say=None, pause=0.2):
    """Waits until every segment has its success threshold of pieces on living nodes, on no other."""
    begin = time.monotonic()
    last = [begin]

    def is_whole():
        counts = healthy_counts(network, bucket)
        if say and time.monotonic() - last[0] >= 5:
            last[0] = time.monotonic()
            say(f"  after {last[0] - begin:.0f} s: {sum(count < segment.optimal for count, segment in counts)} of "
                f"{len(counts)} segments below their threshold ({histogram(counts)})")
        return all(count >= segment.optimal for count, segment in counts)

    eventually(is_whole, seconds, "every segment is whole again", pause=pause)
    return time.monotonic() - begin
