"""Our own `storj`, as a person would call it, with the grant in the environment and a home of its own."""
import json
import os
import subprocess
import tempfile

SUCCESS, FAILURE, NOT_FOUND, DENIED, UNREACHABLE, WRONG_PASSPHRASE, PARTIAL, USAGE, INTERRUPTED = (
    0, 1, 3, 4, 5, 6, 7, 64, 130)


class StorjError(Exception):
    """storj ended with another status than success: the status, and what it said."""

    def __init__(self, arguments, status, said):
        self.status, self.said = status, said
        super().__init__(f"storj {' '.join(arguments[:2])} ended with {status}: {said[-1500:]}")


class Storj:
    """The program with one grant; without one, commands look for what is saved in `home`."""

    def __init__(self, network, grant=None, home=None):
        self.program = network.program
        self.folder = None if home else tempfile.TemporaryDirectory(prefix="storj-home-")
        self.home = home or self.folder.name
        self.environment = {key: value for key, value in os.environ.items() if not key.startswith("STORJ_")}
        self.environment |= {"HOME": self.home, "XDG_CONFIG_HOME": os.path.join(self.home, ".config")}
        if grant:
            self.environment["STORJ_ACCESS"] = grant

    def run(self, *arguments, data=None, seconds=120):
        """Runs to the end and returns its output; raises StorjError when it fails."""
        done = subprocess.run(
            [self.program, *arguments], env=self.environment, input=data if data is not None else b"",
            capture_output=True, timeout=seconds, check=False)
        if done.returncode:
            raise StorjError(arguments, done.returncode, done.stderr.decode(errors="replace"))
        return done.stdout

    def start(self, *arguments, **options):
        """Starts without waiting; the process."""
        return subprocess.Popen(
            [self.program, *arguments], env=self.environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, **options)

    def lines(self, *arguments):
        """The lines of its output."""
        return self.run(*arguments).decode().splitlines()

    def objects(self, *arguments):
        """The objects it prints with --json, one a line."""
        return [json.loads(line) for line in self.lines(*arguments, "--json")]

    def fails(self, status, *arguments, text=None, data=None, seconds=60):
        """Expects this exit status, or one of these, with `text` in what it says; returns what it said."""
        try:
            output = self.run(*arguments, data=data, seconds=seconds)
        except StorjError as error:
            statuses = status if isinstance(status, list) else [status]
            if error.status not in statuses or (text and text.lower() not in error.said.lower()):
                raise AssertionError(f"expected status {status} and \"{text or ''}\", got: {error}") from error
            if not error.said.strip():
                raise AssertionError(f"storj {arguments[0]} failed without a word") from error
            return error.said
        raise AssertionError(f"expected storj {' '.join(arguments)} to end with {status}; it printed {output[:200]}")
