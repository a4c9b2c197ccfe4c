"""Clients of S3 as people call them: boto3, the AWS CLI, s3cmd, restic and rclone, with one credential."""
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile

from content import content

PARTS = 64 << 10


class ClientError(Exception):
    """A client ended with an error; what it said."""


class S3:
    """One credential at one gateway; `folder` is where the clients keep their own files."""

    def __init__(self, facts):
        self.endpoint, self.key, self.secret = (
            facts["endpoint"], facts["access_key_id"], facts["secret_access_key"])
        self.home = tempfile.TemporaryDirectory(prefix="storj-s3-home-")
        kept = {name: text for name, text in os.environ.items() if not name.startswith(("AWS_", "RCLONE_", "RESTIC_"))}
        self.environment = {
            **kept, "HOME": self.home.name, "AWS_ACCESS_KEY_ID": self.key, "AWS_SECRET_ACCESS_KEY": self.secret,
            "AWS_ENDPOINT_URL": self.endpoint, "AWS_DEFAULT_REGION": "us-east-1", "AWS_EC2_METADATA_DISABLED": "true",
            "RESTIC_PASSWORD": "a password", "RCLONE_CONFIG": os.devnull, "RCLONE_CONFIG_S3_TYPE": "s3",
            "RCLONE_CONFIG_S3_PROVIDER": "Other", "RCLONE_CONFIG_S3_ENDPOINT": self.endpoint,
            "RCLONE_CONFIG_S3_ACCESS_KEY_ID": self.key, "RCLONE_CONFIG_S3_SECRET_ACCESS_KEY": self.secret}

    def boto(self, **settings):
        """boto3 with its defaults, checksums among them; `settings` go to its Config."""
        import boto3
        from botocore.config import Config
        return boto3.client(
            "s3", endpoint_url=self.endpoint, aws_access_key_id=self.key, aws_secret_access_key=self.secret,
            region_name="us-east-1", config=Config(**settings))

    def aws(self, *arguments, **options):
        """The AWS CLI."""
        return self._run([packaged("aws"), *arguments], **options)

    def rclone(self, *arguments, **options):
        """rclone with its own S3 client; the remote is called `s3:`."""
        return self._run([packaged("rclone"), *arguments, "--retries", "1"], **options)

    def s3cmd(self, *arguments, **options):
        """s3cmd, configured by a file of its own."""
        path = os.path.join(self.home.name, "s3cfg")
        if not os.path.exists(path):
            secure = self.endpoint.startswith("https")
            host = self.endpoint.partition("://")[2]
            with open(path, "w") as file:
                file.write(f"[default]\naccess_key = {self.key}\nsecret_key = {self.secret}\nhost_base = {host}\n"
                           f"host_bucket = {host}\nuse_https = {secure}\n")
        return self._run([packaged("s3cmd"), "--config", path, "--no-progress", *arguments], **options)

    def restic(self, repository, *arguments, **options):
        """restic; `repository` is bucket/path."""
        return self._run(
            ["restic", "--no-cache", "-o", "s3.bucket-lookup=path", "-r", f"s3:{self.endpoint}/{repository}",
             *arguments], **options)

    def _run(self, command, seconds=600, folder=None):
        done = subprocess.run(
            command, env=self.environment, stdin=subprocess.DEVNULL, capture_output=True, timeout=seconds, check=False,
            cwd=folder)
        if done.returncode:
            name = os.path.basename(command[0])
            raise ClientError(f"{name} {' '.join(command[1:])} ended with {done.returncode}: "
                              f"{(done.stderr + done.stdout).decode(errors='replace')[-1500:]}")
        return done.stdout.decode()


def packaged(name):
    """A program that pip installed beside the Python that runs this."""
    return os.path.join(sys.prefix, "bin", name)


def has_restic():
    """Whether restic is on this machine: it comes with the system, not from PyPI."""
    return shutil.which("restic") is not None


def make_tree(folder, files, size, seed=0):
    """Files with awkward names in several folders; sizes around `size`, one of them empty."""
    for number in range(files):
        name = ["plain", "with space", "ümläut", "a+b&c=d", "100%", "'quoted'"][number % 6]
        path = os.path.join(folder, f"part {number % 7}", f"{number:04} {name}.bin")
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as file:
            file.write(content(size * (number % 5) // 2, f"{seed}/{number}"))


def tree_differences(one, other):
    """What differs between two folders, a sentence each."""
    first, second = _digests(one), _digests(other)
    return [f"{path}: {'differs' if path in first and path in second else 'only on one side'}"
            for path in sorted(first.keys() | second.keys()) if first.get(path) != second.get(path)]


def _digests(folder):
    found = {}
    for place, _, names in os.walk(folder):
        for name in names:
            path = os.path.join(place, name)
            found[os.path.relpath(path, folder)] = file_digest(path)
    return found


def file_digest(path):
    """SHA-256 of a file, without having it all in memory."""
    digest = hashlib.sha256()
    with open(path, "rb") as file:
        while block := file.read(PARTS):
            digest.update(block)
    return digest.hexdigest()


def make_file(path, mib, seed=0):
    """A file of so many MiB, a MiB at a time."""
    with open(path, "wb") as file:
        for number in range(mib):
            file.write(content(1 << 20, f"{seed}/{number}"))
    return path
