"""Our own `storj` for operators, and what it tells the owner of an object, on a real network."""
import os
import re
import urllib.request

from admin_tests import ask
from program_tests import bucket_of
from storj import NOT_FOUND, USAGE, Storj
from suite import equal, expect, test


def satellite(network, *arguments):
    """The objects a command about the satellite prints."""
    return Storj(network).objects("satellite", *arguments, "--dir", network.satellite["dir"])


@test("the health of an object is told to its owner: where its pieces are, and how many are healthy")
def health(network):
    with bucket_of(network) as (project, _, storj, bucket):
        project.put(bucket, "large", os.urandom(300_000))
        project.put(bucket, "small", b"data")
        *segments, summary = storj.objects("health", f"sj://{bucket}/large")
        equal(summary["summary"], True, "the last line sums up")
        equal((summary["segments"], summary["condition"]), (len(segments), "healthy"), f"the whole: {summary}")
        segment = segments[0]
        equal(len(segment["pieces"]), segment["retrievable"], "all pieces can be had")
        expect(segment["healthy"] >= segment["optimal"] - 1, f"healthy pieces: {segment['healthy']}")
        known = {node["id"] for node in network.nodes}
        expect({piece["node"] for piece in segment["pieces"]} <= known, "pieces lie on nodes of the network")
        equal(storj.objects("health", f"sj://{bucket}/small")[-1]["condition"], "inline", "a small object")
        expect("Pieces by network" in storj.run("health", f"sj://{bucket}/large").decode(), "a map for people")
        storj.run("health", "--check", f"sj://{bucket}/large")
        storj.fails(NOT_FOUND, "health", f"sj://{bucket}/none")
        storj.fails(USAGE, "health", f"sj://{bucket}")


@test("an operator sees nodes, durability and chores of a running satellite, and triggers a pass")
def operator(network):
    status = satellite(network, "status")[0]
    expect(network.satellite["node_url"].startswith(status["id"]), f"the satellite's id: {status['id']}")
    nodes = {node["id"]: node for node in satellite(network, "nodes")}
    equal(set(nodes), {node["id"] for node in network.nodes}, "all nodes are listed")
    first = network.nodes[0]["id"]
    details = satellite(network, "node", first)[0]
    equal(details["node"]["id"], first, "one node")
    expect(details["standing"]["audit_score"] > 0.96, f"its standing: {details['standing']}")
    run = satellite(network, "chores", "trigger", "ranged-loop")[0]
    expect(run["run_count"] >= 1 and "last_error" not in run, f"the pass: {run}")
    durability = satellite(network, "durability")[0]
    for group in durability["classes"]:
        counts = [group[state] for state in ["healthy", "retrievable", "at_risk", "lost"]]
        equal(sum(counts), group["segments"], f"the states of {group['redundancy']} add up")
        equal(group["lost"], 0, f"nothing is lost in {group['redundancy']}")
    for command in ["audits", "repair", "heartbeats", "garbage", "events"]:
        satellite(network, command)
        Storj(network).run("satellite", command, "--dir", network.satellite["dir"])
    operators = Storj(network)
    operators.fails(NOT_FOUND, "satellite", "chores", "trigger", "no-such-chore", "--dir", network.satellite["dir"])
    operators.fails(USAGE, "satellite", "nodes", "--state", "asleep", "--dir", network.satellite["dir"])
    operators.fails(USAGE, "satellite", "status", "--dir", "/nowhere")


@test("figures for monitoring are closed without the token, and well formed with it")
def metrics(network):
    equal(ask(network, "GET", "metrics")[0], 401, "metrics without a token")
    request = urllib.request.Request(f"{network.satellite['admin'].rstrip('/')}/metrics")
    request.add_header("Authorization", f"Bearer {network.satellite['admin_token']}")
    with urllib.request.urlopen(request, timeout=20) as answer:
        kind, text = answer.headers["Content-Type"], answer.read().decode()
    expect(kind.startswith("text/plain; version=0.0.4"), f"content type {kind}")
    typed, seen = set(), set()
    for line in text.splitlines():
        if match := re.fullmatch(r"# TYPE (\w+) (gauge|counter)", line):
            expect(match[1] not in typed, f"one TYPE for {match[1]}")
            typed.add(match[1])
        elif not line.startswith("# HELP "):
            match = re.fullmatch(r'(\w+)(\{\w+="[^"\\]*"(,\w+="[^"\\]*")*\})? (\S+)', line)
            expect(match and match[1] in typed, f"a figure of a known family: {line}")
            expect(line.rsplit(" ", 1)[0] not in seen, f"told once: {line}")
            seen.add(line.rsplit(" ", 1)[0])
            float(match[4])
    expect(f'storj_nodes{{state="online"}} {len(network.nodes)}' in text, "all nodes are online")
    expect({"storj_segments", "storj_chore_runs_total", "storj_repair_queue"} <= typed, "segments, chores and repair")
