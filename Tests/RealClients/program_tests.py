"""Our own `storj` beside rclone and libuplink: what one writes the others read, and all see the same."""
import contextlib
import os
import re
import tempfile

from clients import fresh_bucket, local_file
from content import MIB, SIZES, content, difference
from object_tests import FILE_NAMES, NAMES
from storj import Storj
from suite import equal, expect, test


@contextlib.contextmanager
def bucket_of(network):
    """A project, rclone, storj, and a new bucket."""
    with fresh_bucket(network) as (project, rclone, bucket):
        yield project, rclone, Storj(network, network.grant), bucket


def keys(storj, *arguments):
    """The keys that `storj ls` lists, in its order."""
    return [item["key"] for item in storj.objects("ls", *arguments)]


def _register(size):
    @test(f"{size} bytes by storj are read by rclone and libuplink, and the reverse", seconds=90)
    def sizes(network):
        data = content(size)
        with bucket_of(network) as (project, rclone, storj, bucket), local_file(data) as path:
            storj.run("cp", path, f"sj://{bucket}/by/storj")
            expect(not (wrong := difference(project.get(bucket, "by/storj"), data)), f"libuplink reads: {wrong}")
            expect(not (wrong := difference(rclone.run("cat", f"net:{bucket}/by/storj"), data)), f"rclone: {wrong}")
            storj.run("put", f"sj://{bucket}/by/storj-put", data=data)
            expect(not (wrong := difference(project.get(bucket, "by/storj-put"), data)), f"from a pipe: {wrong}")
            project.put(bucket, "by/libuplink", data, {"a": "b"})
            rclone.run("copyto", path, f"net:{bucket}/by/rclone")
            for writer in ["libuplink", "rclone", "storj"]:
                back = f"{path}-{writer}"
                storj.run("cp", f"sj://{bucket}/by/{writer}", back)
                with open(back, "rb") as file:
                    wrong = difference(file.read(), data)
                expect(not wrong, f"storj cp of {writer}'s object: {wrong}")
                equal(storj.objects("stat", f"sj://{bucket}/by/{writer}")[0]["size"], size, f"{writer}'s size")
            wrong = difference(storj.run("cat", f"sj://{bucket}/by/rclone"), data)
            expect(not wrong, f"storj cat of rclone's object: {wrong}")
            equal(sorted(os.listdir(os.path.dirname(path))),
                  sorted(["file.bin", "file.bin-libuplink", "file.bin-rclone", "file.bin-storj"]), "no temporaries")


for _size in SIZES:
    _register(_size)


@test("custom metadata and modification times pass between storj, rclone and libuplink")
def metadata(network):
    with bucket_of(network) as (project, rclone, storj, bucket), local_file(b"x" * 5000) as path:
        os.utime(path, ns=(0, 1_234_567_890_123_456_789))
        storj.run("cp", path, f"sj://{bucket}/storj", "--metadata", '{"color": "blau", "größe": "ü"}')
        seen = project.stat(bucket, "storj").metadata
        equal((seen["color"], seen["größe"]), ("blau", "ü"), "libuplink sees storj's metadata")
        rclone.run("copyto", f"net:{bucket}/storj", path + "-rclone")
        equal(os.stat(path + "-rclone").st_mtime_ns, 1_234_567_890_123_456_789, "rclone restores storj's time")
        rclone.run("copyto", path, f"net:{bucket}/rclone")
        storj.run("cp", f"sj://{bucket}/rclone", path + "-storj")
        equal(os.stat(path + "-storj").st_mtime_ns, 1_234_567_890_123_456_789, "storj restores rclone's time")
        project.put(bucket, "libuplink", b"data", {"a": "b", "ключ": "значение"})
        equal(storj.objects("stat", f"sj://{bucket}/libuplink")[0]["metadata"], {"a": "b", "ключ": "значение"},
              "storj sees libuplink's metadata")
        storj.run("meta", "set", f"sj://{bucket}/libuplink", "new=value")
        equal(project.stat(bucket, "libuplink").metadata["new"], "value", "libuplink sees what storj set")
        equal(project.get(bucket, "libuplink"), b"data", "content afterwards")


@test("odd names pass between storj and libuplink, and come out of ls, cat and rm as they went in")
def names(network):
    with bucket_of(network) as (project, _, storj, bucket):
        for index, name in enumerate(NAMES):
            project.put(bucket, name, f"{index}".encode())
        equal(sorted(keys(storj, "--recursive", f"sj://{bucket}")), sorted(NAMES), "storj's recursive listing")
        for index, name in enumerate(NAMES):
            equal(storj.run("cat", f"sj://{bucket}/{name}"), f"{index}".encode(), f"storj reads {name!r}")
        for name in FILE_NAMES:
            storj.run("put", f"sj://{bucket}/second/{name}", data=name.encode())
            equal(project.get(bucket, f"second/{name}"), name.encode(), f"storj writes {name!r}")
        # What people see is one line for each name, whatever the name holds.
        listed = storj.lines("ls", "--recursive", f"sj://{bucket}")
        expect(not any(re.search(r"[\x00-\x08\x0b-\x1f\x7f]", line) for line in listed), "no control characters")
        for name in NAMES:
            storj.run("rm", f"sj://{bucket}/{name}")
        equal([item.key for item in project.list(bucket)], ["second/"], "what is left")


@test("listings agree between storj, rclone and libuplink, page after page", seconds=120)
def listings(network):
    with bucket_of(network) as (project, rclone, storj, bucket), tempfile.TemporaryDirectory() as folder:
        made = [f"flat/file-{index:04}" for index in range(1100)]
        made += [f"tree/dir-{index:02}/leaf" for index in range(60)]
        for name in made:
            os.makedirs(os.path.dirname(os.path.join(folder, name)), exist_ok=True)
            with open(os.path.join(folder, name), "w") as file:
                file.write(name)
        storj.run("cp", "--recursive", "--transfers", "16", folder + "/", f"sj://{bucket}/")
        equal(sorted(keys(storj, "--recursive", f"sj://{bucket}")), sorted(made), "storj, recursive")
        equal(sorted(item.key for item in project.list(bucket, recursive=True)), sorted(made), "libuplink, recursive")
        equal(sorted(rclone.lines("lsf", "-R", "--files-only", f"net:{bucket}")), sorted(made), "rclone, recursive")
        for prefix in ["", "tree/", "flat/"]:
            equal(keys(storj, f"sj://{bucket}/{prefix}"), [item.key for item in project.list(bucket, prefix)],
                  f"storj and libuplink below \"{prefix}\"")
        # Size and time are rclone's own, so that neither has anything to do after the other.
        said = rclone.run("copy", folder, f"net:{bucket}", "--dry-run", "-v", "--use-json-log")
        equal(said, b"", "rclone's output")
        rclone.run("check", folder, f"net:{bucket}", "--download", "--checkers", "16")
        equal(storj.run("sync", "--dry-run", folder + "/", f"sj://{bucket}/").strip(), b"", "what sync would do")
        storj.run("cp", "--recursive", f"sj://{bucket}/tree/", os.path.join(folder, "again") + "/")
        equal(sorted(os.listdir(os.path.join(folder, "again"))), [f"dir-{index:02}" for index in range(60)], "a folder")
        storj.run("rm", "--recursive", f"sj://{bucket}/flat/")
        equal([item.key for item in project.list(bucket)], ["tree/"], "after removing a folder")


@test("storj reads the same ranges as libuplink")
def ranges(network):
    size, border = 64 * MIB + 300_000, 64 * MIB
    data = content(size)
    with bucket_of(network) as (project, _, storj, bucket):
        project.put(bucket, "big", data)
        for first, last in [(0, 0), (7407, 7408), (border - 5, border + 5), (border, border), (size - 1, size - 1),
                            (12_345_678, 13_345_678), (border - 1000, size - 1)]:
            wrong = difference(storj.run("cat", f"sj://{bucket}/big", "--range", f"bytes={first}-{last}"),
                               data[first:last + 1])
            expect(not wrong, f"{first}-{last}: {wrong}")


@test("storj moves, copies and removes what libuplink sees")
def move_copy_remove(network):
    with bucket_of(network) as (project, _, storj, bucket):
        data = content(100_000)
        storj.run("mb", f"sj://{bucket}-second")
        expect(f"{bucket}-second" in project.list_buckets(), "the bucket that storj made")
        project.put(bucket, "a/source", data, {"name": "value"})
        storj.run("cp", f"sj://{bucket}/a/source", f"sj://{bucket}-second/copy")
        storj.run("mv", f"sj://{bucket}/a/source", f"sj://{bucket}/b/moved")
        for place, key in [(f"{bucket}-second", "copy"), (bucket, "b/moved")]:
            equal(project.get(place, key), data, f"content of {place}/{key}")
            equal(project.stat(place, key).metadata, {"name": "value"}, f"metadata of {place}/{key}")
        equal([item.key for item in project.list(bucket, recursive=True)], ["b/moved"], "the source is gone")
        storj.run("rb", f"sj://{bucket}-second", "--force")
        expect(f"{bucket}-second" not in project.list_buckets(), "the bucket that storj removed")
