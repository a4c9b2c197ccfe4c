"""Errors with the codes and texts that clients depend on."""
from clients import fresh_bucket
from libuplink import (
    BUCKET_ALREADY_EXISTS, BUCKET_NAME_INVALID, BUCKET_NOT_EMPTY, BUCKET_NOT_FOUND, INTERNAL, OBJECT_KEY_INVALID,
    OBJECT_NOT_FOUND, PERMISSION_DENIED, Access)
from rclone import Rclone
from suite import equal, expect, raises, test


@test("missing, existing and full buckets are told apart")
def buckets(network):
    with fresh_bucket(network) as (project, rclone, bucket):
        raises(BUCKET_ALREADY_EXISTS, project.create_bucket, bucket)
        project.ensure_bucket(bucket)
        raises(BUCKET_NOT_FOUND, project.stat_bucket, "missing-bucket")
        raises(BUCKET_NOT_FOUND, project.delete_bucket, "missing-bucket")
        raises(BUCKET_NOT_FOUND, project.list, "missing-bucket")
        raises(BUCKET_NOT_FOUND, project.put, "missing-bucket", "key", b"data")
        raises(BUCKET_NOT_FOUND, project.put, "missing-bucket", "key", bytes(100_000))
        raises(BUCKET_NOT_FOUND, project.begin_upload, "missing-bucket", "key")
        for name in ["Upper", "ab", "under_score", "x" * 64, "dot..dot", "-dash"]:
            raises(BUCKET_NAME_INVALID, project.create_bucket, name)
        project.put(bucket, "key", b"data")
        raises(BUCKET_NOT_EMPTY, project.delete_bucket, bucket)
        rclone.fails("rmdir", f"net:{bucket}")
        project.delete(bucket, "key")
        project.delete_bucket(bucket)
        expect(bucket not in project.list_buckets(), "an empty bucket can be deleted")
        rclone.fails("lsf", "net:missing-bucket", text="directory not found")


@test("missing objects are not found, and deleting one is no error")
def objects(network):
    with fresh_bucket(network) as (project, rclone, bucket):
        raises(OBJECT_NOT_FOUND, project.stat, bucket, "missing")
        raises(OBJECT_NOT_FOUND, project.get, bucket, "missing")
        raises(OBJECT_NOT_FOUND, project.update_metadata, bucket, "missing", {"a": "b"})
        equal(project.delete(bucket, "missing"), None, "deleting a missing object")
        raises((OBJECT_KEY_INVALID, INTERNAL), project.put, bucket, "", b"data")
        equal(project.list(bucket, "no/such/"), [], "listing of a missing folder")
        # rclone takes a missing file for an empty folder.
        equal(rclone.run("cat", f"net:{bucket}/missing"), b"", "rclone reads a missing object")
        equal(rclone.lines("lsf", f"net:{bucket}"), [], "rclone's listing of an empty bucket")


@test("rclone creates the bucket it uploads into, as its users expect")
def implicit_bucket(network):
    with fresh_bucket(network) as (project, rclone, bucket):
        # The first attempt meets a missing bucket, creates it and is repeated.
        rclone.run("rcat", f"net:{bucket}-implicit/file", data=b"x", retries=3)
        equal(project.get(f"{bucket}-implicit", "file"), b"x", "content")


@test("a forged key, another satellite's id and another passphrase open nothing")
def credentials(network):
    with fresh_bucket(network) as (project, _, bucket):
        project.put(bucket, "secret", b"data")
        url, key, passphrase = (
            network.satellite["node_url"], network.facts["api_key"], network.facts["passphrase"])
        same = Access.request(url, key, passphrase)
        equal(same.serialize(), network.grant, "a grant from the passphrase is the network's own")
        equal(Rclone(satellite=url, key=key, passphrase=passphrase).run("cat", f"net:{bucket}/secret"), b"data",
              "rclone with key and passphrase")
        with Access.request(url, key, "another").open() as stranger:
            equal([item.key for item in stranger.list(bucket)], [], "names under another passphrase")
            raises(OBJECT_NOT_FOUND, stranger.get, bucket, "secret")
        # The key of another project: well formed, of an unknown head.
        foreign = (
            "13Yqd4Vk94ELSkpRSQPuKLun8Cxk4J8w81ktfpJhx91UQY4DWzMQP8M58PZk"
            "4RUyK9cCBveBT2psGkF5YG3Ubn7dUr4J5GpdHjE98ig")
        raises((PERMISSION_DENIED, INTERNAL), Access.request, url, foreign, passphrase)
        identity, _, address = url.partition("@")
        impostor = "12EayRS2V1kEsWESU9QMRseFhdxYxKicsiFmxrsLZHeLUtdps3S@" + address
        expect(not impostor.startswith(identity), "two identities")
        raises(INTERNAL, Access.request, impostor, key, passphrase)
