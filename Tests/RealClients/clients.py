"""What most tests need: a project, rclone, and a bucket of their own."""
import contextlib
import itertools
import os
import tempfile

from libuplink import Access
from rclone import Rclone

_numbers = itertools.count(1)


@contextlib.contextmanager
def fresh_bucket(network):
    """A project, rclone, and the name of a new bucket."""
    with Access.parse(network.grant).open() as project:
        bucket = f"bucket-{next(_numbers):03}"
        project.create_bucket(bucket)
        yield project, Rclone(network.grant), bucket


@contextlib.contextmanager
def local_file(data):
    """A file with these bytes; its path."""
    with tempfile.TemporaryDirectory(prefix="storj-file-") as folder:
        path = os.path.join(folder, "file.bin")
        with open(path, "wb") as file:
            file.write(data)
        yield path


def grant_of(access):
    """rclone with a library's grant."""
    return Rclone(access.serialize())
