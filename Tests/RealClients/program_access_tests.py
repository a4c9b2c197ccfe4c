"""Grants made by storj in the hands of rclone and libuplink, and the reverse."""
import os
import stat
import tempfile
import time

from clients import grant_of
from libuplink import PERMISSION_DENIED, Access
from program_tests import bucket_of, keys
from rclone import Rclone
from storj import DENIED, Storj, StorjError
from suite import equal, expect, raises, test

PHOTO, NOTE = "2024/summer/beach.jpg", "2024/winter"


def _fill(project, bucket):
    for key in [PHOTO, NOTE, "top"]:
        project.put(bucket, key, key.encode())


def _made(network, *arguments, grant=None):
    """The grant that a command prints as its last line."""
    return Storj(network, grant or network.grant).lines(*arguments)[-1].strip()


@test("storj access create makes a grant that rclone and libuplink use, and reads what theirs wrote")
def create(network):
    url, passphrase = network.satellite["node_url"], network.facts["passphrase"]
    grant = _made(network, "access", "create", "--satellite", url, "--api-key", network.facts["api_key"],
                  "--passphrase", passphrase)
    with bucket_of(network) as (project, _, _, bucket):
        _fill(project, bucket)
        with Access.parse(grant).open() as own:
            equal(own.get(bucket, PHOTO), PHOTO.encode(), "libuplink reads with storj's grant")
            own.put(bucket, "by-ours", b"data")
        equal(Rclone(grant).run("cat", f"net:{bucket}/{NOTE}"), NOTE.encode(), "rclone reads with storj's grant")
        theirs = Access.request(url, network.facts["api_key"], passphrase).serialize()
        equal(Storj(network, theirs).run("cat", f"sj://{bucket}/by-ours"), b"data", "storj reads with libuplink's")
        listed = keys(Storj(network, theirs), "--recursive", f"sj://{bucket}")
        equal(sorted(listed), sorted([PHOTO, NOTE, "top", "by-ours"]), "storj lists with libuplink's")


@test("grants restricted by storj do the same with rclone, libuplink and storj")
def restricted_by_storj(network):
    with bucket_of(network) as (project, _, _, bucket):
        _fill(project, bucket)
        share = _made(network, "share", "--readonly", f"sj://{bucket}/2024/summer/", "--not-after", "+1h")
        with Access.parse(share).open() as reader:
            equal(reader.get(bucket, PHOTO), PHOTO.encode(), "libuplink reads under the prefix")
            equal([item.key for item in reader.list(bucket, "2024/summer/")], [PHOTO], "libuplink lists under it")
            for key in [NOTE, "top"]:
                raises(PERMISSION_DENIED, reader.get, bucket, key)
            raises(PERMISSION_DENIED, reader.put, bucket, "2024/summer/new", b"x")
            raises(PERMISSION_DENIED, reader.delete, bucket, PHOTO)
        rclone = Rclone(share)
        equal(rclone.run("cat", f"net:{bucket}/{PHOTO}"), PHOTO.encode(), "rclone reads under the prefix")
        equal(rclone.lines("lsf", f"net:{bucket}/2024/summer"), ["beach.jpg"], "rclone lists under it")
        rclone.fails("cat", f"net:{bucket}/top")
        storj = Storj(network, share)
        equal(storj.run("cat", f"sj://{bucket}/{PHOTO}"), PHOTO.encode(), "storj reads under the prefix")
        storj.fails(DENIED, "cat", f"sj://{bucket}/top")
        storj.fails(DENIED, "put", f"sj://{bucket}/2024/summer/new", data=b"x")
        writer = _made(network, "access", "restrict", "--writeonly", "--disallow-deletes", "--prefix",
                       f"sj://{bucket}")
        with Access.parse(writer).open() as only_writes:
            only_writes.put(bucket, "written", b"x")
            raises(PERMISSION_DENIED, only_writes.get, bucket, "written")
            raises(PERMISSION_DENIED, only_writes.list, bucket)
        narrower = _made(network, "share", "--readonly", f"sj://{bucket}/{PHOTO}", grant=share)
        equal(Storj(network, narrower).run("cat", f"sj://{bucket}/{PHOTO}"), PHOTO.encode(), "a share of a share")
        late = _made(network, "access", "restrict", "--readonly", "--not-after", "2020-01-01T00:00:00Z")
        Storj(network, late).fails(DENIED, "cat", f"sj://{bucket}/top")
        with Access.parse(late).open() as reader:
            raises(PERMISSION_DENIED, reader.get, bucket, "top")


@test("grants restricted by libuplink do the same with storj")
def restricted_by_libuplink(network):
    with bucket_of(network) as (project, _, _, bucket):
        _fill(project, bucket)
        root, now = Access.parse(network.grant), int(time.time())
        storj = Storj(network, root.share(
            download=True, list=True, prefixes=[(bucket, "2024/summer/")]).serialize())
        equal(storj.run("cat", f"sj://{bucket}/{PHOTO}"), PHOTO.encode(), "reading under the prefix")
        equal(keys(storj, f"sj://{bucket}/2024/summer/"), [PHOTO], "listing under the prefix")
        for arguments in [["cat", f"sj://{bucket}/top"], ["ls", f"sj://{bucket}/2024/wi/"],
                          ["rm", f"sj://{bucket}/{PHOTO}"], ["mb", "sj://other-bucket"]]:
            storj.fails(DENIED, *arguments)
        storj.fails(DENIED, "put", f"sj://{bucket}/2024/summer/new", data=b"x")
        late = root.share(download=True, not_after=now - 60)
        Storj(network, late.serialize()).fails(DENIED, "cat", f"sj://{bucket}/top")
        writer = Storj(network, root.share(upload=True, prefixes=[(bucket, "")]).serialize())
        writer.run("put", f"sj://{bucket}/written", data=b"x" * 5000)
        writer.fails(DENIED, "cat", f"sj://{bucket}/written")
        equal(project.get(bucket, "written"), b"x" * 5000, "what the writer wrote")
        access = Access.parse(network.grant)
        access.override_key(bucket, "users/alice/", "alice's passphrase", b"salt of the application")
        alice = access.share(download=True, upload=True, list=True, prefixes=[(bucket, "users/alice/")])
        own = Storj(network, alice.serialize())
        own.run("put", f"sj://{bucket}/users/alice/diary", data=b"alice")
        with alice.open() as reader:
            equal(reader.get(bucket, "users/alice/diary"), b"alice", "libuplink reads under the user's own key")
        equal(keys(own, f"sj://{bucket}/users/alice/"), ["users/alice/diary"], "storj lists under the user's own key")


@test("a grant revoked by storj dies in libuplink and rclone, and the reverse")
def revocation(network):
    with bucket_of(network) as (project, _, storj, bucket):
        _fill(project, bucket)
        root = Access.parse(network.grant)
        by_storj, by_libuplink = (root.share(download=True, list=True) for _ in range(2))
        with by_storj.open() as reader:
            equal(reader.get(bucket, "top"), b"top", "before the revocation")
            storj.run("access", "revoke", by_storj.serialize())
            raises(PERMISSION_DENIED, reader.get, bucket, "top")
        grant_of(by_storj).fails("cat", f"net:{bucket}/top")
        sibling = Storj(network, by_libuplink.serialize())
        equal(sibling.run("cat", f"sj://{bucket}/top"), b"top", "the sibling lives")
        project.revoke(by_libuplink)
        sibling.fails(DENIED, "cat", f"sj://{bucket}/top")
        equal(storj.run("cat", f"sj://{bucket}/top"), b"top", "the parent lives")


@test("saved grants are the owner's alone, and the default one is used")
def saved(network):
    with bucket_of(network) as (project, _, _, bucket), tempfile.TemporaryDirectory(prefix="storj-home-") as home:
        _fill(project, bucket)
        person = Storj(network, home=home)
        person.fails(DENIED, "cat", f"sj://{bucket}/top")
        person.run("access", "save", "work", network.grant)
        person.run("access", "use", "work")
        equal(person.run("cat", f"sj://{bucket}/top"), b"top", "with the saved default")
        expect(any("work" in line for line in person.lines("access", "list")), "it is listed")
        expect(network.grant in person.run("access", "export", "work").decode(), "it can be exported")
        files = [os.path.join(place, name) for place, _, names in os.walk(home) for name in names]
        for path in files:
            with open(path, "rb") as file:
                if network.grant.encode() in file.read():
                    equal(stat.S_IMODE(os.stat(path).st_mode), 0o600, f"mode of {path}")
                    equal(stat.S_IMODE(os.stat(os.path.dirname(path)).st_mode) & 0o077, 0, "mode of its folder")
                    break
        else:
            raise AssertionError(f"the grant is in none of {files}")
        expect("work" not in Storj(network, network.grant).run("access", "list").decode(), "another home has none")


@test("what storj prints of a grant shows no key")
def inspect(network):
    storj = Storj(network, network.grant)
    said = storj.run("access", "inspect", network.grant).decode()
    expect(network.satellite["node_url"] in said, "the satellite is shown")
    for secret in [network.facts["passphrase"], network.grant[-40:]]:
        expect(secret not in said, "no secret is shown")
    try:
        storj.run("access", "inspect", network.grant[:-5])
    except StorjError as error:
        expect(network.grant[:30] not in error.said, "a broken grant is not repeated")
