"""Objects of every size and name, written by one client and read by the other."""
import concurrent.futures
import time

from clients import fresh_bucket, local_file
from content import MIB, SIZES, content, difference
from libuplink import OBJECT_NOT_FOUND, Access
from suite import equal, eventually, expect, raises, test


def _register(size):
    @test(f"{size} bytes by each client are read back by both", seconds=90)
    def sizes(network):
        data = content(size)
        with fresh_bucket(network) as (project, rclone, bucket):
            project.put(bucket, "by/libuplink", data, {"a": "b"})
            with local_file(data) as path:
                rclone.run("copyto", path, f"net:{bucket}/by/rclone")
            for key in ["by/libuplink", "by/rclone"]:
                expect(not (wrong := difference(project.get(bucket, key), data)), f"libuplink reads {key}: {wrong}")
                expect(not (wrong := difference(rclone.run("cat", f"net:{bucket}/{key}"), data)),
                       f"rclone reads {key}: {wrong}")
                equal(project.stat(bucket, key).size, size, f"size of {key}")
            equal(project.stat(bucket, "by/libuplink").metadata, {"a": "b"}, "metadata")
            equal(sorted(rclone.lines("lsf", "-R", "--files-only", "--format", "ps", f"net:{bucket}")),
                  sorted([f"by/libuplink;{size}", f"by/rclone;{size}"]), "rclone's listing")


for _size in SIZES:
    _register(_size)

# Names that a file system would not take are written by the library only.
NAMES = [
    "plain", "with space", "ünïcödé/日本語/🔑.txt", "x" * 200, "/".join(f"dir{level}" for level in range(20)),
    "a%2Fb", "a+b&c=d?e#f", "quote'\"back\\slash", "~tilde", "UPPER", "upper", ".hidden", "-dash",
    "a//b", "/leading", "trailing/", "//", "/", "new\nline", "tab\tand\x01control", "dot/./dot", "dots/../dots",
    "\x7f", "é", "e\u0301",
]
FILE_NAMES = NAMES[:13]


@test("odd names come back as they went in")
def names(network):
    with fresh_bucket(network) as (project, rclone, bucket):
        for index, name in enumerate(NAMES):
            project.put(bucket, name, f"{index}".encode())
        equal(sorted(item.key for item in project.list(bucket, recursive=True)), sorted(NAMES), "recursive listing")
        for index, name in enumerate(NAMES):
            equal(project.get(bucket, name), f"{index}".encode(), f"content of {name!r}")
            equal(project.stat(bucket, name).key, name, "name in the record")
        for index, name in enumerate(FILE_NAMES):
            equal(rclone.run("cat", f"net:{bucket}/{name}"), f"{index}".encode(), f"rclone reads {name!r}")
        for name in FILE_NAMES:
            rclone.run("rcat", f"net:{bucket}/second/{name}", data=name.encode())
            equal(project.get(bucket, f"second/{name}"), name.encode(), f"rclone writes {name!r}")
        for name in NAMES:
            expect(project.delete(bucket, name), f"{name!r} was there to delete")
        equal([item.key for item in project.list(bucket)], ["second/"], "what is left")


@test("ranges inside, across and beyond segments are exact")
def ranges(network):
    size = 64 * MIB + 300_000
    data = content(size)
    border = 64 * MIB
    with fresh_bucket(network) as (project, rclone, bucket):
        project.put(bucket, "big", data)
        project.put(bucket, "small", data[:3000])
        for offset, length in [
            (0, 1), (0, 7408), (7407, 2), (1, 1_000_000), (border - 5, 10), (border, 5), (border - 1, 1),
            (border + 1000, 7408), (size - 1, 1), (size - 10, -1), (border - 100, -1), (12_345_678, 1_234_567),
            (0, size),
        ]:
            end = size if length < 0 else offset + length
            wrong = difference(project.get(bucket, "big", offset, length), data[offset:end])
            expect(not wrong, f"libuplink {offset}+{length}: {wrong}")
            if length >= 0:
                options = ["--offset", str(offset), "--count", str(length)]
                wrong = difference(rclone.run("cat", *options, f"net:{bucket}/big"), data[offset:end])
                expect(not wrong, f"rclone {offset}+{length}: {wrong}")
        equal(project.get(bucket, "big", -1000), data[-1000:], "suffix")
        equal(project.get(bucket, "small", 100, 200), data[100:300], "range of an inline object")
        equal(project.get(bucket, "big", size - 10, 1000), data[-10:], "range beyond the end")


@test("overwriting replaces content, size and metadata, whatever the sizes")
def overwrite(network):
    with fresh_bucket(network) as (project, rclone, bucket):
        for size in [10, 200_000, 0, 65 * MIB, 5000, 4096]:
            data = content(size, seed=1)
            project.put(bucket, "key", data, {"size": str(size)})
            expect(not (wrong := difference(project.get(bucket, "key"), data)), f"{size}: {wrong}")
            equal(project.stat(bucket, "key").metadata, {"size": str(size)}, "metadata")
            data = content(size, seed=2)
            with local_file(data) as path:
                rclone.run("copyto", "--ignore-times", path, f"net:{bucket}/key")
            expect(not (wrong := difference(rclone.run("cat", f"net:{bucket}/key"), data)), f"rclone, {size}: {wrong}")
        equal(len(project.list(bucket)), 1, "objects")


@test("parallel writers of one key leave one of their contents, whole")
def parallel_writers(network):
    with fresh_bucket(network) as (project, _, bucket):
        contents = [content(size, seed) for seed, size in enumerate([100, 300_000, 4096, 1 * MIB, 4097, 2 * MIB] * 2)]

        def write(data):
            with Access.parse(network.grant).open() as own:
                own.put(bucket, "contested", data)

        with concurrent.futures.ThreadPoolExecutor(len(contents)) as pool:
            list(pool.map(write, contents))
        expect(project.get(bucket, "contested") in contents, "the content is one that was written")
        equal(len(project.list(bucket)), 1, "objects")


@test("an aborted upload leaves nothing, and what was there stays")
def aborted(network):
    with fresh_bucket(network) as (project, rclone, bucket):
        project.upload(bucket, "fresh").write(content(70 * MIB)).abort()
        raises(OBJECT_NOT_FOUND, project.stat, bucket, "fresh")
        project.put(bucket, "kept", b"old")
        project.upload(bucket, "kept").write(content(5 * MIB)).abort()
        equal(project.get(bucket, "kept"), b"old", "the object that was there")
        equal([item.key for item in project.list(bucket)], ["kept"], "listing")
        # rclone, killed in the middle.
        with local_file(content(100 * MIB)) as path:
            process = rclone.start("copyto", path, f"net:{bucket}/killed", "--bwlimit", "20M")
            eventually(lambda: process.poll() is not None or _pending(project, bucket), 20, "the upload began")
            process.kill()
            process.wait()
        raises(OBJECT_NOT_FOUND, project.stat, bucket, "killed")
        equal(rclone.lines("lsf", f"net:{bucket}"), ["kept"], "rclone's listing")


def _pending(project, bucket):
    return project.list_uploads(bucket)


@test("copies and moves keep content and metadata; a copy outlives its source")
def copy_and_move(network):
    with fresh_bucket(network) as (project, rclone, bucket):
        other = bucket + "-other"
        project.create_bucket(other)
        for size in [0, 100, 100_000, 65 * MIB]:
            data = content(size)
            project.put(bucket, "a/source", data, {"name": "value"})
            project.copy(bucket, "a/source", bucket, "b/copy")
            project.copy(bucket, "a/source", other, "copy")
            project.move(bucket, "a/source", other, "deep/er/moved")
            raises(OBJECT_NOT_FOUND, project.stat, bucket, "a/source")
            rclone.run("copyto", f"net:{other}/deep/er/moved", f"net:{other}/rclone-copy")
            rclone.run("moveto", f"net:{other}/deep/er/moved", f"net:{bucket}/rclone-moved")
            raises(OBJECT_NOT_FOUND, project.stat, other, "deep/er/moved")
            places = [(bucket, "b/copy"), (other, "copy"), (other, "rclone-copy"), (bucket, "rclone-moved")]
            for place, key in places:
                expect(not (wrong := difference(project.get(place, key), data)), f"{place}/{key}: {wrong}")
                equal(project.stat(place, key).metadata, {"name": "value"}, f"metadata of {place}/{key}")
            # Copies go one by one; those that are left stay whole.
            for index, (place, key) in enumerate(places):
                project.delete(place, key)
                for left, key_left in places[index + 1:]:
                    expect(not (wrong := difference(project.get(left, key_left), data)), f"{key_left}: {wrong}")
        raises(OBJECT_NOT_FOUND, project.move, bucket, "missing", bucket, "x")
        raises(OBJECT_NOT_FOUND, project.copy, bucket, "missing", bucket, "x")


@test("metadata can be replaced without touching the content")
def update_metadata(network):
    with fresh_bucket(network) as (project, _, bucket):
        for size in [50, 100_000]:
            data = content(size)
            project.put(bucket, "key", data, {"old": "1"})
            project.update_metadata(bucket, "key", {"new": "2", "größe": "ü" * 500})
            equal(project.stat(bucket, "key").metadata, {"new": "2", "größe": "ü" * 500}, "metadata")
            equal(project.get(bucket, "key"), data, "content")


@test("an object is gone once it has expired")
def expiry(network):
    with fresh_bucket(network) as (project, _, bucket):
        end = int(time.time()) + 3
        for key, size in [("inline", 10), ("remote", 50_000)]:
            project.put(bucket, key, content(size), expires=end)
            expect(project.stat(bucket, key).expires >= end, "the record tells the time")
        equal(project.get(bucket, "remote"), content(50_000), "content before its time")

        def gone():
            return not project.list(bucket)

        eventually(gone, 15, "both expired")
        expect(time.time() >= end, "not before their time")
        for key in ["inline", "remote"]:
            raises(OBJECT_NOT_FOUND, project.stat, bucket, key)
            raises(OBJECT_NOT_FOUND, project.get, bucket, key)
