"""What `storj cp`, `mv` and `sync` do with trees: names, times, patterns, streams, failures, second runs."""
import contextlib
import json
import os
import tempfile
import time

from content import MIB, content, difference
from program_fault_tests import _running_past, folder_with
from program_tests import bucket_of
from storj import FAILURE, NOT_FOUND, PARTIAL, USAGE
from suite import equal, expect, test

TREE = {"a.txt": 5, "empty": 0, "deep/er/file": 70_000, "deep/b.log": 9, "ünï 日本/🔑": 4097, ".hidden": 3}


@contextlib.contextmanager
def tree_of(names, mtime=1_234_567_890_123_456_789):
    """A folder with files of these sizes, all of one time."""
    with tempfile.TemporaryDirectory(prefix="storj-tree-") as folder:
        for name, size in names.items():
            path = os.path.join(folder, "tree", name)
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "wb") as file:
                file.write(content(size, name))
            os.utime(path, ns=(0, mtime))
        yield folder, os.path.join(folder, "tree")


def files_below(folder):
    """The files below a folder: name → content and time."""
    found = {}
    for place, _, names in os.walk(folder):
        for name in names:
            path = os.path.join(place, name)
            with open(path, "rb") as file:
                found[os.path.relpath(path, folder)] = (file.read(), os.stat(path).st_mtime_ns)
    return found


def stored(project, bucket, prefix=""):
    """The keys below a prefix, relative to it."""
    return sorted(item.key[len(prefix):] for item in project.list(bucket, prefix, recursive=True))


@test("a tree goes up and comes back as it was, with storj and with rclone")
def trees(network):
    with bucket_of(network) as (project, rclone, storj, bucket), tree_of(TREE) as (folder, tree):
        storj.run("cp", "-r", tree, f"sj://{bucket}/up")
        equal(stored(project, bucket, "up/"), sorted(TREE), "keys")
        storj.run("cp", "-r", f"sj://{bucket}/up", f"{folder}/back")
        equal(files_below(f"{folder}/back"), files_below(tree), "what storj brings back")
        rclone.run("copy", f"net:{bucket}/up", f"{folder}/rclone")
        equal(files_below(f"{folder}/rclone"), files_below(tree), "what rclone brings back")
        rclone.run("copy", tree, f"net:{bucket}/theirs")
        storj.run("cp", "-r", f"sj://{bucket}/theirs/", f"{folder}/theirs")
        equal(files_below(f"{folder}/theirs"), files_below(tree), "what rclone wrote")


@test("targets are folders when they say so, and several trees keep their names")
def targets(network):
    with bucket_of(network) as (project, _, storj, bucket), tree_of({"one": 1, "sub/two": 2}) as (folder, tree):
        for target, key in [(f"sj://{bucket}", "one"), (f"sj://{bucket}/p/", "p/one"), (f"sj://{bucket}/p/x", "p/x")]:
            storj.run("cp", f"{tree}/one", target)
            expect(key in stored(project, bucket), f"{target} became {key}")
        storj.run("cp", "-r", tree, f"{tree}/sub/", f"sj://{bucket}/many")
        equal(stored(project, bucket, "many/"), ["tree/one", "tree/sub/two", "two"], "several trees")
        storj.run("cp", "-r", tree, f"sj://{bucket}/only", "--include", "*o", "--exclude", "sub/")
        equal(stored(project, bucket, "only/"), [], "patterns")
        storj.run("cp", f"sj://{bucket}/p/x", f"sj://{bucket}/p/one", folder)
        expect({"x", "one"} <= set(os.listdir(folder)), "several objects into a folder")
        storj.run("cp", f"sj://{bucket}/p/x", f"{folder}/new/")
        equal(os.listdir(f"{folder}/new"), ["x"], "a folder that is not there yet")
        storj.run("cp", "-r", f"sj://{bucket}/many", f"sj://{bucket}/many/again")
        equal(stored(project, bucket, "many/again/"), ["tree/one", "tree/sub/two", "two"], "a tree into itself, once")
        storj.run("mv", "-r", f"sj://{bucket}/many/again/", f"sj://{bucket}/moved")
        equal(stored(project, bucket, "moved/"), ["tree/one", "tree/sub/two", "two"], "a tree that moved")
        equal(stored(project, bucket, "many/"), ["tree/one", "tree/sub/two", "two"], "what stays")


@test("keys that would leave the folder are refused by name, and the others arrive")
def unsafe_names(network):
    bad = ["../escape", "a/../../escape", "/absolute", "a//b", "dot/./x", "x" * 300]
    with bucket_of(network) as (project, _, storj, bucket), tempfile.TemporaryDirectory() as folder:
        for key in ["good", "in/side", *bad]:
            project.put(bucket, f"p/{key}", b"data")
        project.put(bucket, "p/marker/", b"")
        said = storj.fails(PARTIAL, "cp", "-r", f"sj://{bucket}/p", f"{folder}/out")
        equal(sorted(files_below(folder)), ["out/good", "out/in/side"], "files")
        expect(os.path.isdir(f"{folder}/out/marker"), "a key that ends in a slash is a folder")
        for key in ["../escape", "/absolute", "a//b", "dot/./x"]:
            expect(f"/p/{key} " in said, f"{key} is named in: {said}")
        equal(said.count("cannot become a local file"), len(bad), "refusals")
        storj.fails(FAILURE, "cp", f"sj://{bucket}/p/..", f"{folder}/")
        storj.run("cp", f"sj://{bucket}/p/../escape", f"{folder}/named")


@test("sync transfers what changed and nothing else, both ways and within the network")
def sync(network):
    with bucket_of(network) as (project, rclone, storj, bucket), tree_of(TREE) as (folder, tree):
        def synced(source, target, *flags):
            *lines, summary = storj.objects("sync", source, target, *flags)
            return sorted((line["action"], line["target"].split("/")[-1]) for line in lines), summary["unchanged"]

        remote, names = f"sj://{bucket}/s", sorted(name.split("/")[-1] for name in TREE)
        for source, target, action in [(tree, remote, "upload"), (remote, f"{folder}/back", "download"),
                                       (remote, f"sj://{bucket}/copy", "copy")]:
            equal(synced(source, target), (sorted((action, name) for name in names), 0), f"{source} to {target}")
            equal(synced(source, target), ([], len(TREE)), f"{source} to {target} again")
        equal(files_below(f"{folder}/back"), files_below(tree), "what came back")
        rclone.run("copy", tree, f"net:{bucket}/theirs")
        equal(synced(tree, f"sj://{bucket}/theirs")[0], [], "after rclone nothing is due")
        with open(f"{tree}/a.txt", "wb") as file:
            file.write(b"12345")
        os.remove(f"{tree}/deep/b.log")
        equal(synced(tree, remote, "--compare", "size")[0], [], "the same size")
        equal(synced(tree, remote, "--delete", "--dry-run")[0], [("delete", "b.log"), ("upload", "a.txt")], "would be")
        expect("deep/b.log" in stored(project, bucket, "s/"), "a dry run changes nothing")
        equal(synced(tree, remote, "--delete", "--exclude", "*.log")[0], [("upload", "a.txt")], "what is excluded stays")
        equal(synced(tree, remote, "--delete")[0], [("delete", "b.log")], "what is gone is deleted")
        equal(synced(remote, f"{folder}/back", "--delete")[0], [("delete", "b.log"), ("download", "a.txt")], "the way back")
        equal(files_below(f"{folder}/back"), files_below(tree), "in the end")
        storj.fails(NOT_FOUND, "sync", f"sj://{bucket}/nothing", f"{folder}/back", "--delete")
        equal(files_below(f"{folder}/back"), files_below(tree), "an empty source deletes nothing")
        storj.fails(USAGE, "sync", f"sj://{bucket}/s", f"sj://{bucket}/s/inner")


@test("mv deletes a source only when its content is there")
def moves(network):
    with bucket_of(network) as (project, _, storj, bucket), tree_of(TREE) as (folder, tree):
        before = files_below(tree)
        storj.run("mv", "-r", tree, f"sj://{bucket}/m")
        equal(stored(project, bucket, "m/"), sorted(TREE), "moved up")
        expect(not os.path.exists(tree), "the folder is gone with its files")
        storj.run("mv", "-r", f"sj://{bucket}/m", f"{folder}/back")
        equal(stored(project, bucket), [], "moved down")
        equal(files_below(f"{folder}/back"), before, "files")
        storj.fails([FAILURE, NOT_FOUND], "mv", f"{folder}/back/a.txt", "sj://no-such-bucket/a.txt")
        os.mkdir(f"{folder}/back/taken")
        storj.run("cp", f"{folder}/back/a.txt", f"sj://{bucket}/taken")
        storj.fails(FAILURE, "mv", f"sj://{bucket}/taken", f"{folder}/back/")
        equal(stored(project, bucket), ["taken"], "a move that failed keeps the object")
        expect(os.path.exists(f"{folder}/back/a.txt"), "a move that failed keeps the file")


@test("of many files the bad ones are named and the others go on")
def partial_failure(network):
    with bucket_of(network) as (project, _, storj, bucket), tree_of({"good": 10, "big": 2000}) as (folder, tree):
        os.symlink("/nowhere", f"{tree}/loose")
        os.symlink("/", f"{tree}/circle")
        os.mkfifo(f"{tree}/pipe")
        with open(os.path.join(os.fsencode(tree), b"\xff"), "wb") as file:
            file.write(b"x")
        process = storj.start("cp", "-r", tree, f"sj://{bucket}", "--json")
        output, _ = process.communicate(timeout=60)
        equal(process.returncode, PARTIAL, "status")
        *lines, summary = [json.loads(line) for line in output.splitlines()]
        equal((summary["files"], summary["failed"]), (2, 2), "the summary")
        equal(sorted(os.path.basename(line["source"]) for line in lines if "error" in line), ["loose", "\ufffd"], "failed")
        equal(stored(project, bucket), ["big", "good"], "stored")
        storj.fails(FAILURE, "cp", f"{folder}/missing", f"sj://{bucket}/x", text="missing")
        storj.fails(FAILURE, "cp", tree, f"sj://{bucket}/x", text="--recursive")
        storj.fails(USAGE, "cp", tree, folder, text="sj://")


@test("streams and ranges go through cp and cat")
def streams(network):
    data = content(5 * MIB)
    with bucket_of(network) as (project, _, storj, bucket), folder_with("file", data) as (folder, path):
        storj.run("cp", "-", f"sj://{bucket}/in", data=data)
        expect(not (wrong := difference(project.get(bucket, "in"), data)), f"from standard input: {wrong}")
        expect(not (wrong := difference(storj.run("cp", f"sj://{bucket}/in", "-"), data)), f"to standard output: {wrong}")
        storj.run("put", f"sj://{bucket}/end", "--metadata", "a=b", data=b"end")
        equal(project.stat(bucket, "end").metadata["a"], "b", "metadata")
        equal(storj.run("cat", f"sj://{bucket}/in", f"sj://{bucket}/end", "--range", "bytes=-3"), data[-3:] + b"end", "two ends")
        storj.run("cp", f"sj://{bucket}/in", f"{folder}/part", "--range", "bytes=1000000-1000009")
        with open(f"{folder}/part", "rb") as file:
            equal(file.read(), data[1_000_000:1_000_010], "a range as a file")
        said = storj.fails(PARTIAL, "cat", f"sj://{bucket}/none", f"sj://{bucket}/end")
        expect("none" in said, f"names the object: {said}")
        equal(sorted(os.listdir(folder)), ["file", "part"], "no temporaries")


@test("an interrupted download continues where it was, unless the object is another one", seconds=120)
def resumed_download(network):
    data = content(300 * MIB)
    with bucket_of(network) as (project, _, storj, bucket), tempfile.TemporaryDirectory() as folder:
        storj.run("put", f"sj://{bucket}/big", data=data)
        for change in [False, True]:
            process = storj.start("cp", f"sj://{bucket}/big", f"{folder}/big")
            _running_past(process, 100 * MIB, "the download when it is killed")
            process.kill()
            process.communicate()
            expect(not os.path.exists(f"{folder}/big"), "nothing under the name before it is whole")
            if change:
                data = content(290 * MIB, 1)
                storj.run("put", f"sj://{bucket}/big", data=data)
            *_, summary = storj.objects("cp", f"sj://{bucket}/big", f"{folder}/big")
            equal(summary["bytes_sent"] + summary["bytes_resumed"], len(data), "what arrived in two runs")
            print(f"     continued {summary['bytes_resumed'] / MIB:.0f} MiB", flush=True)
            expect((summary["bytes_resumed"] == 0) == change, f"{summary['bytes_resumed']} bytes of the first run")
            with open(f"{folder}/big", "rb") as file:
                expect(not (wrong := difference(file.read(), data)), wrong)
            equal(os.listdir(folder), ["big"], "files left behind")
            os.remove(f"{folder}/big")


@test("an upload that is continued after its source changed starts over and leaves nothing pending", seconds=120)
def changed_between_runs(network):
    data = content(300 * MIB)
    with bucket_of(network) as (project, _, storj, bucket), folder_with("big", data) as (_, path):
        process = storj.start("cp", path, f"sj://{bucket}/big")
        _running_past(process, 200 * MIB, "the upload when it is killed")
        process.kill()
        process.communicate()
        time.sleep(0.01)
        os.utime(path)
        *_, summary = storj.objects("cp", path, f"sj://{bucket}/big")
        equal((summary["bytes_sent"], summary["bytes_resumed"]), (len(data), 0), "all is sent again")
        expect(not (wrong := difference(project.get(bucket, "big"), data)), wrong)
        equal(project.list_uploads(bucket), [], "uploads left pending")
        state = os.path.join(storj.home, ".config", "storj", "uploads")
        equal(os.listdir(state), [], "checkpoints left")
