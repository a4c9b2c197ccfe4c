"""Multipart uploads, which only the library has."""
import concurrent.futures

from clients import fresh_bucket
from content import MIB, content, difference
from libuplink import OBJECT_NOT_FOUND, UplinkError
from suite import equal, expect, raises, test


@test("parts in any order, of any size, make one object; a part can be sent again")
def parts(network):
    with fresh_bucket(network) as (project, rclone, bucket):
        upload = project.begin_upload(bucket, "dir/multi")
        equal(project.list_uploads(bucket), [("dir/multi", upload)], "pending uploads")
        raises(OBJECT_NOT_FOUND, project.stat, bucket, "dir/multi")
        # All but the last have the least size that is allowed, or more.
        pieces = {1: content(5 * MIB, 1), 2: content(65 * MIB, 2), 3: content(6 * MIB, 3), 7: content(100, 7)}
        wrong_first = content(1 * MIB, 99)
        project.upload_part(bucket, "dir/multi", upload, 1).write(wrong_first).commit()

        def send(number):
            part = project.upload_part(bucket, "dir/multi", upload, number).write(pieces[number])
            part.set_etag(f"etag-{number}").commit()

        with concurrent.futures.ThreadPoolExecutor(4) as pool:
            list(pool.map(send, [7, 3, 2, 1]))
        equal(project.list_parts(bucket, "dir/multi", upload),
              [(number, len(data), f"etag-{number}".encode()) for number, data in pieces.items()], "parts")
        project.commit_upload(bucket, "dir/multi", upload, {"made": "of parts"})
        whole = b"".join(pieces.values())
        expect(not (wrong := difference(project.get(bucket, "dir/multi"), whole)), f"libuplink: {wrong}")
        expect(not (wrong := difference(rclone.run("cat", f"net:{bucket}/dir/multi"), whole)), f"rclone: {wrong}")
        offset = 5 * MIB - 10
        equal(project.get(bucket, "dir/multi", offset, 20), whole[offset:offset + 20], "range across parts")
        info = project.stat(bucket, "dir/multi")
        equal((info.size, info.metadata), (len(whole), {"made": "of parts"}), "record")
        equal(project.list_uploads(bucket), [], "pending uploads")
        project.copy(bucket, "dir/multi", bucket, "copy")
        expect(not (wrong := difference(project.get(bucket, "copy"), whole)), f"copy: {wrong}")


@test("an aborted part and an aborted multipart upload leave nothing")
def aborted(network):
    with fresh_bucket(network) as (project, _, bucket):
        upload = project.begin_upload(bucket, "key")
        project.upload_part(bucket, "key", upload, 1).write(content(1 * MIB)).commit()
        project.upload_part(bucket, "key", upload, 2).write(content(1 * MIB)).abort()
        equal([part[0] for part in project.list_parts(bucket, "key", upload)], [1], "parts")
        project.abort_upload(bucket, "key", upload)
        equal(project.list_uploads(bucket), [], "pending uploads")
        raises(OBJECT_NOT_FOUND, project.stat, bucket, "key")
        try:
            project.upload_part(bucket, "key", upload, 3).write(b"late").commit()
        except UplinkError:
            return
        raise AssertionError("a part was accepted after the abort")


@test("two multipart uploads of one key do not mix, and an empty one is an empty object")
def two_uploads(network):
    with fresh_bucket(network) as (project, _, bucket):
        first, second = project.begin_upload(bucket, "key"), project.begin_upload(bucket, "key")
        equal(sorted(project.list_uploads(bucket)), sorted([("key", first), ("key", second)]), "pending uploads")
        project.upload_part(bucket, "key", first, 1).write(b"first").commit()
        project.upload_part(bucket, "key", second, 1).write(b"second").commit()
        project.commit_upload(bucket, "key", second)
        equal(project.get(bucket, "key"), b"second", "content")
        project.commit_upload(bucket, "key", first)
        equal(project.get(bucket, "key"), b"first", "content after the other")
        empty = project.begin_upload(bucket, "empty")
        project.commit_upload(bucket, "empty", empty)
        equal(project.get(bucket, "empty"), b"", "content of an object without parts")
