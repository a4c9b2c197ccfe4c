"""What a node's operator sees and does: the HTTP door and `storj node status|scrub|drain|trash|exit`."""
import json
import subprocess
import urllib.error
import urllib.request

from content import content
from program_tests import bucket_of
from storj import StorjError
from suite import equal, eventually, expect, test


def ask(node, method, path, body=None, token=None):
    """The status and the decoded answer of a request to a node."""
    data = json.dumps(body).encode() if isinstance(body, dict) else body
    request = urllib.request.Request(f"{node['admin']}/{path}", data=data, method=method)
    request.add_header("Content-Type", "application/json")
    if token is not None:
        request.add_header("Authorization", f"Bearer {token}")
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            return answer.status, json.loads(answer.read() or b"null")
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode(errors="replace")


def run(network, node, *arguments):
    """Exit status, output and errors of a node's operator's command."""
    done = subprocess.run([network.program, "node", *arguments, "--dir", node["dir"]], capture_output=True, timeout=60,
                          check=False)
    return done.returncode, done.stdout.decode(), done.stderr.decode()


@test("a node's door is closed without its token, but for its health, and refuses what it does not understand")
def door(network):
    node = network.nodes[0]
    token = node["admin_token"]
    equal(ask(node, "GET", "health")[0], 200, "health without a token")
    for method, path in [("GET", "status"), ("POST", "drain"), ("POST", "exits"), ("GET", "trash"), ("GET", "scrub")]:
        equal(ask(node, method, path)[0], 401, f"{path} without a token")
        equal(ask(node, method, path, token="wrong")[0], 401, f"{path} with a wrong token")
    equal(ask(node, "POST", "scrub/start", {"rate": 0}, token)[0], 400, "a scrub that reads nothing")
    equal(ask(node, "POST", "scrub/start", b"{not json", token)[0], 400, "a body that is not JSON")
    equal(ask(node, "POST", "exits", {}, token)[0], 400, "an exit from nobody")
    equal(ask(node, "POST", "exits", {"satellite": "nonsense"}, token)[0], 400, "an exit from nonsense")
    equal(ask(node, "POST", "trash/restore", {"satellite": "1"}, token)[0], 400, "the trash of nonsense")
    equal(ask(node, "POST", "drain", b"x" * (1 << 20), token)[0] in (200, 413), True, "a body far too large")
    equal(ask(node, "POST", "undrain", b"", token)[0], 200, "undrained again")
    equal(ask(node, "GET", "status", token=token)[1]["id"], node["id"], "the node's id")
    with bucket_of(network) as (_, _, storj, bucket):
        eventually(lambda: run_put(storj, bucket), 30, "uploads go on after the drain")


@test("a drained node gets no new pieces until it is undrained, and serves those it has")
def drain(network):
    node = network.nodes[0]
    with bucket_of(network) as (_, _, storj, bucket):
        def free_space():
            return next(item for item in network.administration("nodes") if item["id"] == node["id"])["freeDisk"]

        for index in range(5):
            storj.run("put", f"sj://{bucket}/{index}", data=content(40_000, str(index)))
        try:
            expect(network.operator(node, "drain")["drained_since"], "since when")
            eventually(lambda: free_space() == 0, 30, "the satellite knows")
            before = network.operator(node, "status")["usage"]["pieces"]
            for index in range(5):
                equal(storj.run("cat", f"sj://{bucket}/{index}"), content(40_000, str(index)), "content")
            # This network has just as many nodes as an upload is offered.
            try:
                storj.run("put", f"sj://{bucket}/more", data=content(40_000, "more"))
                raise AssertionError("an upload was offered a drained node")
            except StorjError as refusal:
                expect("too few nodes" in str(refusal), f"the reason: {refusal}")
            equal(network.operator(node, "status")["usage"]["pieces"], before, "pieces of the drained node")
        finally:
            undrained = network.operator(node, "undrain")
            eventually(lambda: free_space() > 0, 30, "the satellite knows")
        expect(not undrained.get("drained_since"), "undrained")
        # The satellite's choice of nodes is renewed in a moment.
        eventually(lambda: run_put(storj, bucket), 30, "uploads go on")


def run_put(storj, bucket):
    """Whether an upload succeeds."""
    try:
        storj.run("put", f"sj://{bucket}/again", data=content(40_000, "again"))
        return True
    except StorjError:
        return False


@test("storj node scrub reads everything, pauses and tells how far it is")
def scrub(network):
    node = network.nodes[1]
    equal(network.operator(node, "scrub", "pause")["is_paused"], True, "paused")
    started = network.operator(node, "scrub", "start", "--rate", "100MB")
    equal((started["is_paused"], started["rate"]), (False, 100_000_000), "started")

    def is_over():
        state = network.operator(node, "scrub")
        return not state.get("current") and state.get("last") and state["last"]["bad"] == 0

    eventually(is_over, 30, "everything was read")
    code, _, errors = run(network, node, "scrub", "start", "--rate", "fast")
    expect(code == 64 or code == 2, f"a rate that is none: {code} {errors}")


@test("storj node prints for people and for programs, and says what is wrong in one line")
def words(network):
    node = network.nodes[2]
    for command in ["status", "scrub", "exit", "trash"]:
        code, output, errors = run(network, node, command)
        expect(code == 0 and output.strip() and not errors, f"storj node {command}: {code} {output} {errors}")
        expect(isinstance(network.operator(node, command), dict), f"storj node {command} --json")
        code, output, _ = run(network, node, command, "--help")
        expect(code == 0 and "Example" in output or "SUBCOMMANDS" in output, f"storj node {command} --help")
    equal(network.operator(node, "trash", "restore")["restored"], 0, "nothing is in the trash")
    satellite = network.satellite["node_url"].split("@")[0]
    code, _, errors = run(network, node, "exit", "begin", satellite)
    expect(code != 0 and "--yes" in errors, f"an exit by mistake: {errors}")
    code, _, errors = run(network, node, "exit", "begin", node["id"], "--yes")
    expect(code == 4 or code != 0 and "does not work for" in errors, f"an exit from a stranger: {code} {errors}")
    equal(network.operator(node, "exit")["exits"], [], "no exit has begun")
