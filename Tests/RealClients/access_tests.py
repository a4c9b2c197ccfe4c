"""Grants that can do less, and grants that are taken back."""
import time

from clients import fresh_bucket, grant_of
from libuplink import OBJECT_NOT_FOUND, PERMISSION_DENIED, Access
from suite import equal, expect, raises, test


def _filled(project, bucket):
    for key in ["2024/summer/beach.jpg", "2024/summers", "2024/winter", "top"]:
        project.put(bucket, key, key.encode())


@test("read-only, list-only and write-only grants do that and nothing else")
def permissions(network):
    with fresh_bucket(network) as (project, _, bucket):
        _filled(project, bucket)
        root = Access.parse(network.grant)
        with root.share(download=True, list=True, prefixes=[(bucket, "")]).open() as reader:
            equal(reader.get(bucket, "top"), b"top", "reading")
            equal(len(reader.list(bucket, recursive=True)), 4, "listing")
            raises(PERMISSION_DENIED, reader.put, bucket, "new", b"x")
            raises(PERMISSION_DENIED, reader.delete, bucket, "top")
            raises(PERMISSION_DENIED, reader.delete_bucket, bucket)
            raises(PERMISSION_DENIED, reader.create_bucket, bucket + "-new")
            equal(reader.list_buckets(), [bucket], "buckets of a grant for one")
        with root.share(list=True, prefixes=[(bucket, "")]).open() as lister:
            equal(len(lister.list(bucket, recursive=True)), 4, "listing")
            raises(PERMISSION_DENIED, lister.get, bucket, "top")
        with root.share(upload=True, prefixes=[(bucket, "")]).open() as writer:
            writer.put(bucket, "written", b"x")
            raises(PERMISSION_DENIED, writer.get, bucket, "written")
            raises(PERMISSION_DENIED, writer.list, bucket)
            raises(PERMISSION_DENIED, writer.put, bucket, "top", b"overwritten")
            raises(PERMISSION_DENIED, writer.delete, bucket, "top")
        equal(project.get(bucket, "written"), b"x", "what the writer wrote")
        equal(project.get(bucket, "top"), b"top", "what the writer could not overwrite")
        with root.share(upload=True, delete=True, prefixes=[(bucket, "")]).open() as writer:
            writer.put(bucket, "top", b"overwritten")
        equal(project.get(bucket, "top"), b"overwritten", "with permission to delete")


@test("a grant for a prefix reaches what is under it and nothing beside it, with both clients")
def prefixes(network):
    with fresh_bucket(network) as (project, _, bucket):
        _filled(project, bucket)
        share = Access.parse(network.grant).share(
            download=True, list=True, upload=True, delete=True, prefixes=[(bucket, "2024/summer/")])
        with share.open() as reader:
            equal(reader.get(bucket, "2024/summer/beach.jpg"), b"2024/summer/beach.jpg", "reading under the prefix")
            equal([item.key for item in reader.list(bucket, "2024/summer/")], ["2024/summer/beach.jpg"], "listing")
            reader.put(bucket, "2024/summer/new/file", b"new")
            for key in ["2024/summers", "2024/winter", "top"]:
                raises(PERMISSION_DENIED, reader.get, bucket, key)
                raises(PERMISSION_DENIED, reader.put, bucket, key, b"x")
            raises(PERMISSION_DENIED, reader.list, bucket)
        rclone = grant_of(share)
        equal(rclone.run("cat", f"net:{bucket}/2024/summer/new/file"), b"new", "rclone reads under the prefix")
        equal(sorted(rclone.lines("lsf", "-R", "--files-only", f"net:{bucket}/2024/summer")), ["beach.jpg", "new/file"],
              "rclone lists under the prefix")
        rclone.fails("cat", f"net:{bucket}/top")
        narrower = Access.parse(share.serialize()).share(download=True, prefixes=[(bucket, "2024/summer/new/")])
        with narrower.open() as reader:
            equal(reader.get(bucket, "2024/summer/new/file"), b"new", "reading through a share of a share")
            raises(PERMISSION_DENIED, reader.get, bucket, "2024/summer/beach.jpg")


@test("a grant works neither before nor after its time")
def times(network):
    with fresh_bucket(network) as (project, _, bucket):
        project.put(bucket, "key", b"data")
        root, now = Access.parse(network.grant), int(time.time())
        with root.share(download=True, not_before=now - 60, not_after=now + 600).open() as during:
            equal(during.get(bucket, "key"), b"data", "inside its time")
        with root.share(download=True, not_after=now - 60).open() as late:
            raises(PERMISSION_DENIED, late.get, bucket, "key")
        with root.share(download=True, not_before=now + 600).open() as early:
            raises(PERMISSION_DENIED, early.get, bucket, "key")


@test("a revoked grant and its children die; parent and siblings live; strangers cannot revoke")
def revocation(network):
    with fresh_bucket(network) as (project, _, bucket):
        project.put(bucket, "key", b"data")
        root = Access.parse(network.grant)
        share, sibling = (root.share(download=True, list=True, delete=True) for _ in range(2))
        child = share.share(download=True)
        with share.open() as first, sibling.open() as second, child.open() as third:
            for reader in [first, second, third]:
                equal(reader.get(bucket, "key"), b"data", "before the revocation")
            raises(PERMISSION_DENIED, second.revoke, share)
            raises(PERMISSION_DENIED, third.revoke, share)
            raises(PERMISSION_DENIED, first.revoke, share)
            project.revoke(share)
            for reader in [first, third]:
                raises(PERMISSION_DENIED, reader.get, bucket, "key")
            equal(second.get(bucket, "key"), b"data", "the sibling after the revocation")
        equal(project.get(bucket, "key"), b"data", "the parent after the revocation")
        grant_of(share).fails("cat", f"net:{bucket}/key")
        equal(grant_of(sibling).run("cat", f"net:{bucket}/key"), b"data", "rclone with the sibling")
        project.revoke(share)  # Twice is as good as once.


@test("users with keys of their own read only what is theirs")
def user_keys(network):
    with fresh_bucket(network) as (project, _, bucket):
        grants = {}
        for user in ["alice", "bob"]:
            access = Access.parse(network.grant)
            access.override_key(bucket, f"users/{user}/", f"{user}'s passphrase", b"salt of the application")
            grants[user] = access.share(
                download=True, upload=True, list=True, delete=True, prefixes=[(bucket, f"users/{user}/")])
            with grants[user].open() as own:
                own.put(bucket, f"users/{user}/diary", user.encode())
        for user, other in [("alice", "bob"), ("bob", "alice")]:
            with grants[user].open() as own:
                equal(own.get(bucket, f"users/{user}/diary"), user.encode(), "own diary")
                raises(PERMISSION_DENIED, own.get, bucket, f"users/{other}/diary")
        raises(OBJECT_NOT_FOUND, project.get, bucket, "users/alice/diary")
        expect(not project.list(bucket, "users/alice/"), "names under another key are not readable")
