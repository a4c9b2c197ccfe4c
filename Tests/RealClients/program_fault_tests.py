"""Our own `storj` while nodes stall, die and lie, and while it is interrupted itself."""
import contextlib
import os
import re
import signal
import tempfile
import time

from content import MIB, content, difference
from piece_logs import corrupt
from program_tests import bucket_of
from storj import FAILURE, INTERRUPTED, UNREACHABLE
from suite import equal, eventually, expect, test


@contextlib.contextmanager
def folder_with(name, data):
    """A folder with one file; the folder's and the file's paths."""
    with tempfile.TemporaryDirectory(prefix="storj-files-") as folder:
        path = os.path.join(folder, name)
        with open(path, "wb") as file:
            file.write(data)
        yield folder, path


@contextlib.contextmanager
def stopped(nodes):
    """Nodes that hang: they accept connections, and never answer."""
    for node in nodes:
        os.kill(node["pid"], signal.SIGSTOP)
    try:
        yield
    finally:
        for node in nodes:
            os.kill(node["pid"], signal.SIGCONT)


def _same(path, data, what):
    with open(path, "rb") as file:
        wrong = difference(file.read(), data)
    expect(not wrong, f"{what}: {wrong}")


def _sent(process):
    """Bytes that a process has written so far, to files and sockets."""
    try:
        with open(f"/proc/{process.pid}/io") as file:
            return int(re.search(r"wchar: (\d+)", file.read())[1])
    except (FileNotFoundError, ProcessLookupError):
        return 0


def _running_past(process, count, what):
    """Waits until the process has written that much, and makes sure that it still runs."""
    eventually(lambda: process.poll() is not None or _sent(process) > count, 60, what, pause=0.01)
    if process.poll() is not None:
        raise AssertionError(f"{what}: storj ended with {process.returncode}: {process.stderr.read().decode()[-1000:]}")


@test("with 3 of 10 nodes stalled, storj uploads and downloads 256 MiB whole", seconds=150, network="spare")
def stalled_nodes(network):
    data = content(256 * MIB)
    with bucket_of(network) as (project, _, storj, bucket), folder_with("big", data) as (folder, path):
        with stopped(network.nodes[:3]):
            storj.run("cp", path, f"sj://{bucket}/stalled")
            storj.run("cp", f"sj://{bucket}/stalled", path + "-back")
            _same(path + "-back", data, "up and down with the same nodes stalled")
        storj.run("cp", path, f"sj://{bucket}/healthy")
        with stopped(network.nodes[4:7]):
            storj.run("cp", f"sj://{bucket}/healthy", path + "-healthy")
            _same(path + "-healthy", data, "down with nodes stalled that hold pieces")
        expect(not (wrong := difference(project.get(bucket, "stalled"), data)), f"libuplink reads it: {wrong}")
        equal(sorted(os.listdir(folder)), ["big", "big-back", "big-healthy"], "no temporaries")


@test("storj finishes an upload and a download, byte for byte, while two of ten nodes are killed", seconds=150)
def killed_nodes(network):
    data, dead = content(400 * MIB), network.nodes[1:3]
    with bucket_of(network) as (project, _, storj, bucket), folder_with("big", data) as (_, path):
        try:
            upload = storj.start("cp", path, f"sj://{bucket}/big")
            _running_past(upload, 200 * MIB, "the upload when the nodes die")
            network.kill(dead[0])
            _, said = upload.communicate(timeout=90)
            equal(upload.returncode, 0, f"the upload's status ({said.decode()[-500:]})")
            download = storj.start("cp", f"sj://{bucket}/big", path + "-back")
            _running_past(download, 100 * MIB, "the download when the nodes die")
            network.kill(dead[1])
            _, said = download.communicate(timeout=90)
            equal(download.returncode, 0, f"the download's status ({said.decode()[-500:]})")
            _same(path + "-back", data, "storj")
            expect(not (wrong := difference(project.get(bucket, "big"), data)), f"libuplink: {wrong}")
        finally:
            network.restart_nodes([node for node in dead if not network.is_alive(node["pid"])])


def _objects(project, bucket):
    """Objects of several sizes, and the time from when on their pieces were stored."""
    time.sleep(1.1)  # Pieces are told from those of earlier tests by whole seconds.
    since, sizes = time.time(), [5000, 100_000, 3 * MIB, 70 * MIB]
    for size in sizes:
        project.put(bucket, str(size), content(size))
    return since, sizes


@test("with rot on n − k nodes storj reads everything from the rest", seconds=120, network="patient")
def rotten_nodes(network):
    with bucket_of(network) as (project, _, storj, bucket):
        since, sizes = _objects(project, bucket)
        expect(corrupt(network.nodes[:6], since, lies=False) >= 6 * len(sizes), "pieces were corrupted")
        for size in sizes:
            wrong = difference(storj.run("cat", f"sj://{bucket}/{size}"), content(size))
            expect(not wrong, f"{size}: {wrong}")


@test("with (o − k)/2 nodes lying storj corrects errors when asked, and never returns wrong bytes", seconds=150,
      network="patient")
def lying_nodes(network):
    with bucket_of(network) as (project, _, storj, bucket):
        since, sizes = _objects(project, bucket)
        expect(corrupt(network.nodes[2:5], since, lies=True) >= 3 * len(sizes), "pieces were corrupted")
        for size in sizes:
            wrong = difference(storj.run("cat", "--error-correction", f"sj://{bucket}/{size}"), content(size))
            expect(not wrong, f"{size} with error correction: {wrong}")
            for _ in range(3):
                _right_or_refused(storj, bucket, size)


@test("with more than n − k nodes lying storj returns no wrong byte and leaves no file", seconds=150, network="patient")
def too_many_liars(network):
    with bucket_of(network) as (project, _, storj, bucket), tempfile.TemporaryDirectory() as folder:
        since, sizes = _objects(project, bucket)
        expect(corrupt(network.nodes[:7], since, lies=True) >= 7 * len(sizes), "pieces were corrupted")
        for size in sizes:
            for options in [[], ["--error-correction"]]:
                storj.fails([FAILURE, UNREACHABLE], "cp", *options, f"sj://{bucket}/{size}", f"{folder}/file")
                equal(os.listdir(folder), [], "files left behind")
                _right_or_refused(storj, bucket, size)


def _right_or_refused(storj, bucket, size):
    process = storj.start("cat", f"sj://{bucket}/{size}")
    output, _ = process.communicate(timeout=60)
    expect(process.returncode in [0, FAILURE, UNREACHABLE], f"status {process.returncode}")
    whole = content(size)
    expected = whole if process.returncode == 0 else whole[:len(output)]
    expect(not (wrong := difference(output, expected)), f"{size} without error correction: {wrong}")


@test("after kill -9 in the middle of 1 GiB the same command continues the upload", seconds=200)
def killed_upload(network):
    part, parts = 128 * MIB, 8
    with bucket_of(network) as (project, _, storj, bucket), folder_with("big", b"") as (_, path):
        with open(path, "wb") as file:
            for index in range(parts):
                file.write(content(part, index))
        first = storj.start("cp", path, f"sj://{bucket}/big")
        # 4 of 8 pieces are needed: twice the file goes over the wire, so this is about half of it.
        _running_past(first, 1024 * MIB, "the upload when it is killed")
        before = _sent(first)
        first.kill()
        first.wait()
        equal(project.list(bucket), [], "nothing is there before the upload is complete")
        second, peak = storj.start("cp", path, f"sj://{bucket}/big"), 0
        while second.poll() is None:
            peak = max(peak, _sent(second))
            time.sleep(0.02)
        equal(second.returncode, 0, f"the second run's status ({second.stderr.read().decode()[-500:]})")
        print(f"     sent before the kill {before / MIB:.0f} MiB, after it {peak / MIB:.0f} MiB", flush=True)
        expect(peak < 1600 * MIB, f"the second run sent {peak / MIB:.0f} MiB, as if it had started over")
        for index in range(parts):
            wrong = difference(project.get(bucket, "big", index * part, part), content(part, index))
            expect(not wrong, f"part {index}: {wrong}")
        equal(project.list_uploads(bucket), [], "uploads left pending")


@test("an interrupted storj leaves no object and no file, but what lets the same command continue", seconds=90)
def interrupted(network):
    data = content(300 * MIB)
    with bucket_of(network) as (project, _, storj, bucket), folder_with("big", data) as (folder, path):
        for number in [signal.SIGINT, signal.SIGTERM]:
            upload = storj.start("cp", path, f"sj://{bucket}/big")
            _running_past(upload, 100 * MIB, "the upload when it is interrupted")
            upload.send_signal(number)
            upload.communicate(timeout=20)
            equal(upload.returncode, INTERRUPTED, "the upload's status")
            equal([item.key for item in project.list(bucket)], [], "objects")
        project.put(bucket, "big", data)
        for options, left in [(["--resume-from", "0"], []), ([], [".big-back.storj-part", ".big-back.storj-state"])]:
            download = storj.start("cp", f"sj://{bucket}/big", path + "-back", *options)
            _running_past(download, 100 * MIB, "the download when it is interrupted")
            download.send_signal(signal.SIGINT)
            _, said = download.communicate(timeout=20)
            equal(download.returncode, INTERRUPTED, "the download's status")
            equal(sorted(os.listdir(folder)), [*left, "big"], f"files left behind with {options} ({said.decode()[-300:]})")
        summary = storj.objects("cp", f"sj://{bucket}/big", path + "-back")[-1]
        expect(summary["bytes_resumed"] > 0, f"the same command continues: {summary}")
        _same(path + "-back", data, "the continued download")
        equal(sorted(os.listdir(folder)), ["big", "big-back"], "files afterwards")


@test("a source that changes while it is read fails the upload, and nothing is stored")
def changing_source(network):
    data = content(200 * MIB)
    changes = {"grows": _append, "shrinks": lambda path: os.truncate(path, 150 * MIB), "is overwritten": _overwrite}
    for name, change in changes.items():
        with bucket_of(network) as (project, _, storj, bucket), folder_with("big", data) as (_, path):
            upload = storj.start("cp", path, f"sj://{bucket}/big")
            _running_past(upload, 20 * MIB, f"the upload when its source {name}")
            os.kill(upload.pid, signal.SIGSTOP)
            change(path)
            os.kill(upload.pid, signal.SIGCONT)
            _, said = upload.communicate(timeout=60)
            equal(upload.returncode, FAILURE, f"status when the source {name} ({said.decode()[-300:]})")
            expect("chang" in said.decode(), f"what it says: {said.decode()[-300:]}")
            equal(project.list(bucket), [], "objects")


def _append(path):
    with open(path, "ab") as file:
        file.write(b"more")


def _overwrite(path):
    with open(path, "r+b") as file:
        file.seek(190 * MIB)
        file.write(b"different")


@test("a satellite that dies in the middle of a transfer ends it with a message, and nothing half is left", seconds=120)
def killed_satellite(network):
    data = content(400 * MIB)
    with bucket_of(network) as (project, _, storj, bucket), folder_with("big", data) as (folder, path):
        upload = storj.start("cp", path, f"sj://{bucket}/big")
        _running_past(upload, 100 * MIB, "the upload when the satellite dies")
        network.kill(network.satellite)
        try:
            _, said = upload.communicate(timeout=100)
            expect(upload.returncode in [1, 5] and said.strip(), f"status {upload.returncode}, {said.decode()[-300:]}")
        finally:
            network.restart(network.satellite, "satellite")
            eventually(lambda: len(network.online()) == 10, 60, "the nodes are online again")
        equal(os.listdir(folder), ["big"], "files")
        storj.run("cp", path, f"sj://{bucket}/big")
        expect(not (wrong := difference(project.get(bucket, "big"), data)), wrong)
