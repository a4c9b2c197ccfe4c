"""What storj says and leaves behind when something is wrong that is not its fault."""
import contextlib
import os
import socket
import subprocess
import tempfile
import threading
import time

from admin_tests import ask
from content import MIB, content
from libuplink import Access
from program_tests import bucket_of
from storj import DENIED, FAILURE, NOT_FOUND, UNREACHABLE, USAGE, WRONG_PASSPHRASE, Storj
from suite import Skip, equal, expect, test


def _own_project(network):
    """An API key of a new project, where nobody else stores anything."""
    token = network.satellite["admin_token"]
    _, project = ask(network, "POST", "projects", {"email": "customer@example.org", "name": f"{time.time()}"}, token)
    status, key = ask(network, "POST", f"projects/{project['id']}/keys", {"name": "key"}, token)
    equal(status, 200, f"making a key: {key}")
    return key["apiKey"]


@test("a wrong passphrase is said to be one by every command, and changes nothing")
def wrong_passphrase(network):
    url, key = network.satellite["node_url"], _own_project(network)
    right, wrong = (Access.request(url, key, passphrase) for passphrase in ["right passphrase", "wrong passphrase"])
    with right.open() as project, tempfile.TemporaryDirectory() as folder:
        project.create_bucket("bucket")
        for index in range(5):
            project.put("bucket", f"folder/file-{index}", content(5000, index))
        storj, path = Storj(network, wrong.serialize()), os.path.join(folder, "file")
        with open(path, "wb") as file:
            file.write(b"new")
        for arguments in [
            ["ls", "sj://bucket"], ["ls", "--recursive", "sj://bucket"], ["cat", "sj://bucket/folder/file-1"],
            ["stat", "sj://bucket/folder/file-1"], ["cp", "sj://bucket/folder/file-1", path + "-back"],
            ["cp", path, "sj://bucket/new"], ["du", "sj://bucket"], ["tree", "sj://bucket"],
            ["cp", "--recursive", "sj://bucket/", os.path.join(folder, "all") + "/"],
            ["sync", folder + "/", "sj://bucket/"],
        ]:
            storj.fails(WRONG_PASSPHRASE, *arguments, text="passphrase")
        storj.fails(WRONG_PASSPHRASE, "access", "create", "--satellite", url, "--api-key", key, "--passphrase",
                    "wrong passphrase", text="passphrase")
        equal(os.listdir(folder), ["file"], "files left behind")
        equal(len(project.list("bucket", recursive=True)), 5, "objects afterwards")
        storj = Storj(network, right.serialize())
        equal(storj.run("cat", "sj://bucket/folder/file-1"), content(5000, 1), "with the right one")


@test("broken grants, missing things and wrong command lines end with their statuses and a reason")
def statuses(network):
    with bucket_of(network) as (_, _, storj, bucket):
        mistyped = network.grant[:50] + "l" + network.grant[51:]
        for grant in [" ", "x", network.grant[:-3], mistyped, "1" * 300, "Ä", "A" * 100_000]:
            Storj(network, grant).fails(DENIED, "ls", f"sj://{bucket}")
        storj.fails(NOT_FOUND, "cat", f"sj://{bucket}/missing", text="missing")
        storj.fails(NOT_FOUND, "ls", "sj://no-such-bucket", text="no-such-bucket")
        storj.fails(NOT_FOUND, "cp", f"sj://{bucket}/missing", "/tmp/never-made")
        expect(not os.path.exists("/tmp/never-made"), "no file for an object that is not there")
        storj.fails(USAGE, "cp", "one")
        storj.fails(USAGE, "no-such-command")
        storj.fails(USAGE, "ls", "--no-such-option", f"sj://{bucket}")
        with tempfile.TemporaryDirectory() as folder:
            for source in ["missing", "."]:
                said = _fails_somehow(storj, "cp", os.path.join(folder, source), f"sj://{bucket}/key")
                expect(folder in said or "irectory" in said, f"the reason names the source: {said}")


def _fails_somehow(storj, *arguments):
    process = storj.start(*arguments)
    _, said = process.communicate(timeout=30)
    expect(process.returncode != 0, f"storj {arguments} succeeded")
    return said.decode()


@test("a satellite that does not answer, closes or talks nonsense is unreachable, soon", seconds=150)
def unreachable(network):
    url, key, passphrase = network.satellite["node_url"], network.facts["api_key"], network.facts["passphrase"]
    identity = url.partition("@")[0]

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        closed = probe.getsockname()[1]
    with _server(b"") as closing, _server(b"HTTP/1.1 400 Bad Request\r\n\r\n") as talking, _server(None) as silent:
        for port in [closed, closing, talking, silent]:
            begin = time.monotonic()
            Storj(network).fails(UNREACHABLE, "access", "create", "--satellite", f"{identity}@127.0.0.1:{port}",
                                 "--api-key", key, "--passphrase", passphrase, seconds=100)
            expect(time.monotonic() - begin < 60, "it does not take forever")


@contextlib.contextmanager
def _server(answer):
    """A port that answers each connection with these bytes and closes; None never does either."""
    server, kept = socket.create_server(("127.0.0.1", 0)), []

    def serve():
        with contextlib.suppress(OSError):
            while True:
                connection, _ = server.accept()
                kept.append(connection)
                if answer is not None:
                    connection.sendall(answer)
                    connection.close()

    threading.Thread(target=serve, daemon=True).start()
    try:
        yield server.getsockname()[1]
    finally:
        server.shutdown(socket.SHUT_RDWR)
        server.close()


@contextlib.contextmanager
def _small_disk(size_mib):
    """A file system of this size."""
    with tempfile.TemporaryDirectory(prefix="storj-disk-") as folder:
        options = ["-o", f"size={size_mib}m", "tmpfs", folder]
        made = subprocess.run(["mount", "-t", "tmpfs", *options], capture_output=True, check=False)
        if made.returncode:
            raise Skip("only root may mount a small disk")
        try:
            yield folder
        finally:
            subprocess.run(["umount", folder], check=True)


@test("a full disk at the target fails the download, says so, and leaves nothing behind")
def full_disk(network):
    with bucket_of(network) as (project, _, storj, bucket), _small_disk(20) as folder:
        project.put(bucket, "small", b"old")
        project.put(bucket, "big", content(40 * MIB))
        target = os.path.join(folder, "file")
        storj.run("cp", f"sj://{bucket}/small", target)
        storj.fails(FAILURE, "cp", f"sj://{bucket}/big", target, text="space")
        equal(os.listdir(folder), ["file"], "files left behind")
        with open(target, "rb") as file:
            equal(file.read(), b"old", "the file that was there")
        storj.fails(FAILURE, "cp", f"sj://{bucket}/big", os.path.join(folder, "missing", "deep", "file"), text="space")
        expect(not os.path.exists(os.path.join(folder, "missing", "deep", "file")), "no file")


@test("a reader that goes away ends storj cat quietly")
def closed_pipe(network):
    with bucket_of(network) as (project, _, storj, bucket):
        project.put(bucket, "big", content(40 * MIB))
        process = storj.start("cat", f"sj://{bucket}/big")
        process.stdout.read(1000)
        process.stdout.close()
        said = process.stderr.read()
        process.wait(30)
        equal(said, b"", "what it said")
