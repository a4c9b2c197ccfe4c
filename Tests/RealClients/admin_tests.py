"""The administration API: HTTP for operators."""
import json
import urllib.error
import urllib.request

from libuplink import Access
from suite import equal, expect, test


def ask(network, method, path, body=None, token=None):
    """The status and the decoded answer of a request; `body` is sent as JSON, bytes are sent as they are."""
    data = body if body is None or isinstance(body, bytes) else json.dumps(body).encode()
    request = urllib.request.Request(f"{network.satellite['admin'].rstrip('/')}/{path}", data=data, method=method)
    request.add_header("Content-Type", "application/json")
    if token is not None:
        request.add_header("Authorization", f"Bearer {token}")
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            return answer.status, json.loads(answer.read() or b"null")
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode(errors="replace")


@test("the administration API is closed without its token, but for its health")
def token(network):
    equal(ask(network, "GET", "health")[0], 200, "health without a token")
    for path in ["nodes", "projects", "chores"]:
        equal(ask(network, "GET", path)[0], 401, f"{path} without a token")
        equal(ask(network, "GET", path, token="wrong")[0], 401, f"{path} with a wrong token")
    equal(ask(network, "POST", "projects", {"email": "a@b", "name": "x"})[0], 401, "a project without a token")


@test("a project and a key made by an operator work in a real client")
def project_and_key(network):
    token = network.satellite["admin_token"]
    status, project = ask(network, "POST", "projects", {"email": "customer@example.org", "name": "made here"}, token)
    equal(status, 200, f"making a project: {project}")
    status, key = ask(network, "POST", f"projects/{project['id']}/keys", {"name": "first"}, token)
    equal(status, 200, f"making a key: {key}")
    access = Access.request(network.satellite["node_url"], key["apiKey"], "a passphrase")
    with access.open() as opened:
        opened.create_bucket("operator-made")
        opened.put("operator-made", "key", b"data")
        equal(opened.get("operator-made", "key"), b"data", "content")
    status, usage = ask(network, "GET", f"projects/{project['id']}/usage", token=token)
    equal(status, 200, f"usage: {usage}")
    expect(usage["segments"] >= 1, f"one segment is counted: {usage}")
    equal(ask(network, "GET", "projects/zz/usage", token=token)[0], 400, "a malformed project id")
    equal(ask(network, "GET", f"projects/{'0' * 32}/usage", token=token)[0], 404, "an unknown project")
    equal(ask(network, "POST", "projects", b"{not json", token)[0], 400, "a body that is not JSON")


@test("chores can be listed, triggered, paused and resumed")
def chores(network):
    token = network.satellite["admin_token"]
    status, answer = ask(network, "GET", "chores", token=token)
    equal(status, 200, "listing chores")
    name = answer["chores"][0]["name"]
    before = answer["chores"][0]["runCount"]
    equal(ask(network, "POST", f"chores/{name}/pause", b"", token)[1]["isPaused"], True, "paused")
    status, triggered = ask(network, "POST", f"chores/{name}/trigger", b"", token)
    expect(triggered["runCount"] > before, f"the trigger ran the chore: {triggered}")
    equal(triggered["lastError"] if "lastError" in triggered else None, None, "the run's error")
    equal(ask(network, "POST", f"chores/{name}/resume", b"", token)[1]["isPaused"], False, "resumed")
    equal(ask(network, "POST", "chores/no-such-chore/trigger", b"", token)[0], 404, "an unknown chore")
