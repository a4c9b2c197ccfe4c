"""Listings, paged by both clients."""
import os
import tempfile

from clients import fresh_bucket
from suite import equal, expect, test

COUNT = 5000


@test(f"{COUNT} entries are listed once each, recursive and not, by both clients", seconds=150)
def many(network):
    with fresh_bucket(network) as (project, rclone, bucket):
        flat = [f"flat/file-{index:05}.txt" for index in range(COUNT)]
        tree = [f"tree/dir-{index:04}/leaf" for index in range(1100)]
        with tempfile.TemporaryDirectory(prefix="storj-many-") as folder:
            for name in flat + tree:
                path = os.path.join(folder, name)
                os.makedirs(os.path.dirname(path), exist_ok=True)
                with open(path, "w") as file:
                    file.write(name)
            rclone.run("copy", folder, f"net:{bucket}", "--transfers", "32", "--checkers", "32", seconds=140)
            rclone.run("check", folder, f"net:{bucket}", "--size-only", seconds=60)
        equal(sorted(item.key for item in project.list(bucket, recursive=True)), sorted(flat + tree), "all, recursive")
        equal(sorted(item.key for item in project.list(bucket, "flat/")), flat, "one folder")
        folders = [os.path.dirname(name) + "/" for name in tree]
        equal(sorted(item.key for item in project.list(bucket, "tree/")), folders, "prefixes")
        expect(all(item.is_prefix for item in project.list(bucket, "tree/")), "prefixes are marked")
        equal(sorted(item.key for item in project.list(bucket)), ["flat/", "tree/"], "the top")
        listed = rclone.lines("lsf", "-R", "--files-only", f"net:{bucket}")
        equal(sorted(listed), sorted(flat + tree), "rclone, recursive")
        listed = rclone.lines("lsf", f"net:{bucket}/flat")
        equal(sorted(listed), [os.path.basename(name) for name in flat], "rclone, one folder")
        equal(len(rclone.lines("lsf", f"net:{bucket}/tree")), len(tree), "rclone, folders")
        equal(project.get(bucket, flat[4321]).decode(), flat[4321], "one of them")
        # A cursor continues behind it, in the listing's own order.
        items = [item.key for item in project.list(bucket, "flat/")]
        equal([item.key for item in project.list(bucket, "flat/", cursor=items[2499][len("flat/"):])], items[2500:],
              "behind the cursor")
        rclone.run("purge", f"net:{bucket}/tree", "--checkers", "32", seconds=120)
        equal([item.key for item in project.list(bucket)], ["flat/"], "after purging a folder")
        project.delete_bucket_with_objects(bucket)
        expect(bucket not in project.list_buckets(), "the bucket went with its objects")


@test("buckets are listed by both clients")
def buckets(network):
    with fresh_bucket(network) as (project, rclone, bucket):
        more = [f"{bucket}-{letter}" for letter in "abc"]
        for name in more:
            rclone.run("mkdir", f"net:{name}")
        listed = project.list_buckets()
        equal(listed, sorted(listed), "order")
        expect(set([bucket, *more]) <= set(listed), "all are listed")
        equal([line.rstrip("/") for line in rclone.lines("lsf", "net:")], listed, "rclone's listing")
        for name in more:
            rclone.run("rmdir", f"net:{name}")
        expect(not set(more) & set(project.list_buckets()), "removed ones are not")
