"""Our own `storj` at everything but moving data: listings, folders, versions, metadata, defaults and saved grants."""
import json
import os
import pty
import signal
import stat
import subprocess
import tempfile

from libuplink import Access
from program_tests import bucket_of
from storj import DENIED, FAILURE, INTERRUPTED, NOT_FOUND, PARTIAL, USAGE, WRONG_PASSPHRASE, Storj
from suite import equal, expect, test

HOSTILE = "bad\x1b[31m\nname\u202e"


@test("ls, stat, du and tree tell the same of the same objects, to people and to programs")
def listings(network):
    with bucket_of(network) as (project, _, storj, bucket):
        for key, size in [("a/one", 1), ("a/two", 2048), ("a/b/three", 3), ("top", 10), (HOSTILE, 1)]:
            project.put(bucket, key, b"x" * size, {"name": "value"} if key == "top" else None)
        place = f"sj://{bucket}"
        equal({item["key"]: item.get("size") for item in storj.objects("ls", place)},
              {"a/": None, "top": 10, HOSTILE: 1}, "ls")
        equal(sorted(item["key"] for item in storj.objects("ls", "-r", f"{place}/a")),
              ["a/b/three", "a/one", "a/two"], "ls -r of a partial name")
        equal(len(storj.objects("ls", "-r", "--limit", "2", place)), 2, "lines under a limit")
        facts = storj.objects("stat", f"{place}/top")[0]
        equal((facts["size"], facts["metadata"], facts["key"]), (10, {"name": "value"}, "top"), "stat")
        expect(facts["created_at"].endswith("Z"), "times for programs are UTC")
        sums = {row["place"]: (row["bytes"], row["objects"]) for row in storj.objects("du", "--depth", "2", place)}
        equal(sums, {f"{place}/a/": (2052, 3), f"{place}/a/b/": (3, 1), place: (2063, 5)}, "du")
        equal(sorted(row["key"] for row in storj.objects("tree", place)),
              sorted(["a/", "a/b/", "a/b/three", "a/one", "a/two", "top", HOSTILE]), "tree")
        for arguments in [["ls", place], ["ls", "-rx", place], ["tree", place], ["rm", "--dry-run", f"{place}/{HOSTILE}"]]:
            shown = storj.run(*arguments).decode()
            expect("bad\\u{1b}[31m\\nname\\u{202e}" in shown, f"{arguments[0]} escapes what a terminal would obey")
        expect("2 KiB" in storj.run("ls", f"{place}/a/").decode(), "sizes for people")
        expect("2048" in storj.run("ls", "--bytes", f"{place}/a/").decode(), "exact sizes")
        expect(f"storj ls {place}/a/" in storj.fails(NOT_FOUND, "stat", f"{place}/a"), "a folder is not an object")


@test("buckets are made, listed and removed, and a full one only by force")
def buckets(network):
    with bucket_of(network) as (project, _, storj, bucket):
        second = f"sj://{bucket}-second"
        storj.run("mb", second)
        storj.fails(FAILURE, "mb", second, text="already")
        storj.run("mb", "--existing-ok", second)
        expect(f"{bucket}-second" in [row["bucket"] for row in storj.objects("ls")], "the new bucket is listed")
        for name in ["X", "a_b", "ab", "x" * 64]:
            storj.fails(USAGE, "mb", f"sj://{name}")
        project.put(f"{bucket}-second", "key", b"data")
        storj.fails(FAILURE, "rb", second, text="not empty")
        storj.run("rb", "--force", "--dry-run", second)
        equal(project.get(f"{bucket}-second", "key"), b"data", "after a dry run")
        equal(storj.objects("rb", "--force", second), [{"bucket": f"{bucket}-second", "deleted": True, "objects": 1}],
              "what rb says")
        storj.fails(NOT_FOUND, "rb", second)


@test("rm removes one, a folder of 2 500, or uploads nobody finished, and nothing in a dry run", seconds=180)
def removal(network):
    with bucket_of(network) as (project, _, storj, bucket):
        place = f"sj://{bucket}"
        names = [f"many/{index % 7}/{index:04}" for index in range(2500)]
        for name in names:
            project.put(bucket, name, b"x")
        for name in ["many", "many-more/x", "manyx"]:
            project.put(bucket, name, b"x")
        would = storj.objects("rm", "-r", "--dry-run", f"{place}/many/")
        equal(sorted(row["key"] for row in would), sorted(names), "what a dry run names")
        equal({row["outcome"] for row in would}, {"would_delete"}, "what a dry run says")
        equal(len(project.list(bucket, recursive=True)), 2503, "objects after a dry run")
        gone = storj.objects("rm", "-r", f"{place}/many")
        equal(sorted(row["key"] for row in gone), sorted(names + ["many"]), "what is gone")
        equal(sorted(item.key for item in project.list(bucket, recursive=True)), ["many-more/x", "manyx"], "what is left")
        storj.fails(NOT_FOUND, "rm", f"{place}/missing")
        storj.run("rm", "--force", f"{place}/missing")
        storj.run("rm", "-r", f"{place}/no/folder/")
        storj.fails(USAGE, "rm", place)
        for key in ["up/one", "up/two", "other"]:
            project.begin_upload(bucket, key)
        equal(sorted(row["key"] for row in storj.objects("ls", "-r", "--pending", place)), ["other", "up/one", "up/two"],
              "unfinished uploads")
        storj.run("rm", "-r", "--pending", f"{place}/up/")
        equal([key for key, _ in project.list_uploads(bucket)], ["other"], "unfinished uploads that are left")
        storj.run("rm", "--pending", f"{place}/other")
        equal(project.list_uploads(bucket), [], "unfinished uploads at the end")


@test("rm says what a grant may not delete, and a grant that only writes is not told what was there")
def removal_denied(network):
    with bucket_of(network) as (project, _, storj, bucket):
        project.put(bucket, "key", b"data")
        reader = Access.parse(network.grant).share(download=True, list=True).serialize()
        Storj(network, reader).fails(DENIED, "rm", f"sj://{bucket}/key")
        Storj(network, reader).fails([DENIED, PARTIAL], "rm", "-r", f"sj://{bucket}")
        equal(project.get(bucket, "key"), b"data", "what may not be deleted")
        writer = Storj(network, Access.parse(network.grant).share(upload=True, delete=True).serialize())
        writer.run("rm", f"sj://{bucket}/key")
        writer.run("rm", f"sj://{bucket}/key")


@test("versions are listed, shown and removed one by one")
def versions(network):
    with bucket_of(network) as (project, _, storj, bucket):
        place = f"sj://{bucket}"
        equal(storj.lines("versioning", "enable", place), ["enabled"], "versioning")
        for content in [b"1", b"22", b"333"]:
            project.put(bucket, "key", content)
        rows = storj.objects("ls", "--all-versions", place)
        equal([row["size"] for row in rows], [3, 2, 1], "versions, newest first")
        equal([row["is_latest"] for row in rows], [True, False, False], "which is the newest")
        equal(storj.objects("stat", f"{place}/key", "--version-id", rows[1]["version_id"])[0]["size"], 2, "an old version")
        storj.run("rm", f"{place}/key", "--version-id", rows[1]["version_id"])
        equal(storj.objects("rm", f"{place}/key")[0]["outcome"], "hidden", "what rm without a version does")
        rows = storj.objects("ls", "--all-versions", place)
        equal([(row["size"], row["is_delete_marker"]) for row in rows], [(0, True), (3, False), (1, False)], "after removing")
        storj.fails(NOT_FOUND, "stat", f"{place}/key")
        storj.run("rm", "-r", "--all-versions", place)
        equal(storj.objects("ls", "--all-versions", place), [], "nothing is left")
        storj.run("rb", place)
        project.create_bucket(bucket)


@test("retention and legal holds protect versions until they end")
def locks(network):
    with bucket_of(network) as (_, _, storj, bucket):
        place = f"sj://{bucket}-locked"
        storj.run("mb", place, "--object-lock")
        with Access.parse(network.grant).open() as project:
            project.put(f"{bucket}-locked", "key", b"data")
        version = storj.objects("stat", f"{place}/key")[0]["version_id"]
        equal(storj.lines("legal-hold", "on", f"{place}/key"), ["on"], "legal hold")
        said = storj.fails(FAILURE, "rm", f"{place}/key", "--version-id", version)
        expect("legal hold" in said or "protect" in said or "lock" in said, f"why it stays: {said}")
        storj.run("legal-hold", "off", f"{place}/key")
        storj.run("retention", "set", f"{place}/key", "--mode", "governance", "--until", "+1h")
        equal(storj.objects("retention", "get", f"{place}/key")[0]["mode"], "governance", "retention")
        storj.fails(FAILURE, "rm", "-r", "--all-versions", place)
        storj.run("rm", f"{place}/key", "--version-id", version, "--bypass-governance-retention")
        storj.fails(USAGE, "retention", "set", f"{place}/key", "--mode", "governance", "--until", "-1h")


@test("metadata is set, kept, replaced and removed, and libuplink sees it")
def metadata(network):
    with bucket_of(network) as (project, _, storj, bucket):
        place = f"sj://{bucket}/key"
        project.put(bucket, "key", b"data", {"one": "1"})
        storj.run("meta", "set", place, "two=2=zwei", "drei=3 ü")
        equal(project.stat(bucket, "key").metadata, {"one": "1", "two": "2=zwei", "drei": "3 ü"}, "after setting")
        equal(storj.run("meta", "get", place, "drei").decode(), "3 ü\n", "one entry")
        storj.run("meta", "remove", place, "one", "drei")
        equal(project.stat(bucket, "key").metadata, {"two": "2=zwei"}, "after removing")
        storj.run("meta", "set", "--replace", place, json.dumps({"four": HOSTILE}))
        equal(project.stat(bucket, "key").metadata, {"four": HOSTILE}, "after replacing")
        expect("\x1b" not in storj.run("meta", "get", place).decode(), "people see no control characters")
        equal(storj.objects("meta", "get", place), [{"four": HOSTILE}], "programs see them escaped as JSON has it")
        equal(project.get(bucket, "key"), b"data", "the content")
        storj.fails(NOT_FOUND, "meta", "get", place, "missing")
        storj.fails(NOT_FOUND, "meta", "get", place + "x")


@test("a passphrase comes from standard input, is compared with what is stored, and is saved with the grant")
def creation(network):
    url, key, passphrase = (network.satellite["node_url"], network.facts["api_key"], network.facts["passphrase"])
    with bucket_of(network) as (project, _, _, bucket):
        project.put(bucket, "folder/key", b"data")
        storj = Storj(network)
        create = ["access", "create", "--satellite", url, "--api-key", key, "--passphrase-stdin"]
        made = json.loads(storj.run(*create, "--save", "main", "--json", data=f"{passphrase}\n".encode()))
        equal((made["name"], made["passphrase_verified"]), ("main", True), "what was made")
        equal([row["key"] for row in storj.objects("ls", f"sj://{bucket}")], ["folder/"], "the saved grant is used")
        storj.fails(WRONG_PASSPHRASE, *create, "--save", "wrong", data=b"wrong\n")
        equal([row["name"] for row in storj.objects("access", "list")], ["main"], "saved grants")
        storj.fails(USAGE, *create, data=b"\n")
        storj.fails(USAGE, "access", "create", "--satellite", url, "--api-key", key)
        storj.fails(DENIED, "access", "create", "--satellite", url, "--api-key", "nonsense", "--passphrase", "x")
        grant = storj.run(*create, "--unencrypted-object-keys", "--no-passphrase-check", data=b"x\n").decode().splitlines()[-1]
        facts = json.loads(storj.run("access", "inspect", grant, "--json"))
        equal(facts["encrypts_object_keys"], False, "keys in the clear")


def _typed(storj, arguments, answers):
    """Runs at a terminal and types an answer at each prompt; its status and all that the terminal showed."""
    pid, terminal = pty.fork()
    if pid == 0:
        # A suite that runs in the background inherits that SIGINT is ignored, and would hand that on.
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        os.execve(storj.program, [storj.program, *arguments], storj.environment)
    shown = b""
    while True:
        try:
            data = os.read(terminal, 4096)
        except OSError:  # How Linux tells that the other side of a terminal is gone.
            break
        if not data:
            break
        shown += data
        # The program switches the echo off before it asks.
        if shown.endswith(b": ") and answers:
            os.write(terminal, answers.pop(0))
    status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    os.close(terminal)
    return status, shown


@test("what is typed at a prompt does not appear, and Ctrl-C there ends with 130")
def prompts(network):
    url, key, passphrase = (network.satellite["node_url"], network.facts["api_key"], network.facts["passphrase"])
    storj = Storj(network)
    create = ["access", "create", "--satellite", url]
    # Where nothing is stored yet that a passphrase could be compared with, it is asked for twice.
    status, shown = _typed(storj, create, [f"{answer}\n".encode() for answer in [key, passphrase, passphrase]])
    equal(status, 0, f"status; it said {shown}")
    for secret in [key, passphrase]:
        expect(secret.encode() not in shown, "a secret appeared")
    equal(storj.objects("access", "list"), [], "saved grants")
    Storj(network, shown.split()[-1].decode()).run("ls")
    status, shown = _typed(storj, create, [b"\x03"])
    equal(status, INTERRUPTED, f"status after Ctrl-C; it said {shown}")


@test("saved grants that others may read are refused, and the settings' order holds")
def store(network):
    with bucket_of(network) as (_, _, _, bucket), tempfile.TemporaryDirectory() as folder:
        storj = Storj(network)
        storj.run("access", "save", "main", network.grant)
        storj.run("access", "save", "narrow", Access.parse(network.grant).share(
            download=True, list=True, prefixes=[("elsewhere", "")]).serialize())
        path = os.path.join(storj.home, ".config", "storj", "access.json")
        equal(stat.S_IMODE(os.stat(path).st_mode), 0o600, "mode of the grants")
        equal(stat.S_IMODE(os.stat(os.path.dirname(path)).st_mode), 0o700, "mode of the folder")
        storj.run("ls", f"sj://{bucket}")
        storj.run("config", "set", "access", "narrow")
        storj.fails(DENIED, "ls", f"sj://{bucket}")
        storj.environment["STORJ_ACCESS"] = "main"
        storj.run("ls", f"sj://{bucket}")
        storj.fails(DENIED, "ls", "--access", "narrow", f"sj://{bucket}")
        equal(storj.objects("ls", "--config-dir", folder, "--access", network.grant, f"sj://{bucket}"), [], "another folder")
        os.chmod(path, 0o644)
        storj.fails(DENIED, "ls", f"sj://{bucket}", text="chmod 600")
        os.chmod(path, 0o600)
        storj.environment["STORJ_PARALLELISM"] = "lots"
        storj.fails(78, "ls", f"sj://{bucket}", text="STORJ_PARALLELISM")


@test("shells get completion scripts and the names of saved grants")
def completion(network):
    storj = Storj(network)
    storj.run("access", "save", "my-photos", network.grant)
    for shell, check in [("bash", ["bash", "-n"]), ("zsh", None), ("fish", None)]:
        script = storj.run("completion", shell)
        expect(b"access" in script and b"sync" in script, f"the {shell} script names the commands")
        if check:
            equal(subprocess.run(check, input=script, check=False).returncode, 0, f"{shell} parses its script")
    names = storj.run("---completion", "ls", "--", "--access", "3", "0", "storj", "ls", "--access", "").decode().split()
    expect("my-photos" in names, f"the saved name among {names}")
