"""What servers must not know."""
import os
import subprocess

from clients import fresh_bucket
from content import MIB
from libuplink import Access
from suite import equal, expect, test

PLAINTEXT = "the quick plaintext marker jumps over every disk"
NAME = "conspicuous-file-name-of-the-secret"
METADATA = "conspicuous-metadata-value"


@test("no server's folder holds a plaintext, a file name, a metadata value or a key", seconds=120)
def nothing_in_the_clear(network):
    with fresh_bucket(network) as (project, rclone, bucket):
        block = (PLAINTEXT + " ").encode()
        for size in [1000, 50_000, 3 * MIB]:
            data = (block * (size // len(block) + 1))[:size]
            project.put(bucket, f"{NAME}/{size}", data, {"marker": METADATA})
            rclone.run("rcat", f"net:{bucket}/{NAME}/rclone-{size}", data=data)
        upload = project.begin_upload(bucket, f"{NAME}/pending")
        project.upload_part(bucket, f"{NAME}/pending", upload, 1).write(block * 1000).commit()
        share = Access.parse(network.grant).share(download=True, prefixes=[(bucket, f"{NAME}/")])
        with share.open() as reader:
            equal(reader.get(bucket, f"{NAME}/1000")[:20], block[:20], "the share reads")
    folders = [network.satellite["dir"]] + [node["dir"] for node in network.nodes]
    logs = [os.path.join(network.folder, name) for name in os.listdir(network.folder) if name.endswith(".log")]
    secrets = [PLAINTEXT, NAME, METADATA, network.facts["passphrase"], network.grant, share.serialize()]
    for secret in secrets:
        expect(_grep(secret, folders) == "", f"{secret[:20]}… found in {_grep(secret, folders)}")
        # What storj up prints for its user is not a server's log.
        others = [log for log in logs if os.path.basename(log) != "up.log"]
        expect(not others or _grep(secret, others) == "", f"{secret[:20]}… found in a log")
    # The search itself finds what is there.
    expect(_grep(bucket, [network.satellite["dir"]]) != "", "the bucket's name, which the satellite knows, is found")


def _grep(text, places):
    """The files that hold the text, as grep lists them."""
    done = subprocess.run(
        ["grep", "-rlaF", "--", text, *places], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, timeout=60,
        check=False)
    if done.returncode > 1 and "No such file" not in done.stderr:
        raise AssertionError(f"grep: {done.stderr}")
    return done.stdout.strip()
