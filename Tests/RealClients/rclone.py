"""rclone, as a person would call it, with its configuration in the environment."""
import os
import subprocess
import sys


class RcloneError(Exception):
    """rclone ended with an error; what it said."""


class Rclone:
    """rclone with one remote, `net:`."""

    def __init__(self, grant=None, satellite=None, key=None, passphrase=None):
        self.environment = {**os.environ, "RCLONE_CONFIG": "/dev/null", "RCLONE_CONFIG_NET_TYPE": "storj"}
        if grant:
            self.environment["RCLONE_CONFIG_NET_ACCESS_GRANT"] = grant
        else:
            self.environment |= {
                "RCLONE_CONFIG_NET_PROVIDER": "new", "RCLONE_CONFIG_NET_SATELLITE_ADDRESS": satellite,
                "RCLONE_CONFIG_NET_API_KEY": key, "RCLONE_CONFIG_NET_PASSPHRASE": passphrase}

    def command(self, *arguments, retries=1):
        """The command line; rclone retries as little as possible unless said, so that our errors show."""
        return [
            os.path.join(sys.prefix, "bin", "rclone"), *arguments, "--retries", str(retries), "--low-level-retries",
            str(retries), "--contimeout", "10s"]

    def run(self, *arguments, data=None, seconds=120, retries=1):
        """Runs to the end and returns its output; raises RcloneError when it fails."""
        done = subprocess.run(
            self.command(*arguments, retries=retries), env=self.environment, input=data if data is not None else b"",
            capture_output=True, timeout=seconds, check=False)
        if done.returncode:
            raise RcloneError(f"rclone {arguments[0]} ended with {done.returncode}: "
                              f"{done.stderr.decode(errors='replace')[-1500:]}")
        return done.stdout

    def start(self, *arguments, retries=1):
        """Starts without waiting; the process."""
        return subprocess.Popen(
            self.command(*arguments, retries=retries), env=self.environment, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    def lines(self, *arguments):
        """The lines of its output."""
        return self.run(*arguments).decode().splitlines()

    def fails(self, *arguments, text=None, data=None):
        """Expects failure, with `text` in what it says; returns what it said."""
        try:
            self.run(*arguments, data=data)
        except RcloneError as error:
            if text and text not in str(error):
                raise AssertionError(f"expected \"{text}\" in: {error}") from error
            return str(error)
        raise AssertionError(f"expected rclone {arguments[0]} to fail")
