"""Clients of S3 through the gateway of `storj up`: the scenarios of the show, small."""
import s3_scenarios
from content import content
from libuplink import Access
from s3 import S3, has_restic
from suite import Skip, equal, test


def connected(network):
    """The network's own credential."""
    return S3(network.facts["s3"])


def _register(title, function):
    def run(network):
        if function is s3_scenarios.restic and not has_restic():
            raise Skip("restic is not installed")
        s3_scenarios.in_folder(function, connected(network))

    test(f"S3: {title}", seconds=240, network="single")(run)


for _title, _function in s3_scenarios.SCENARIOS:
    _register(_title, _function)


@test("S3: what boto3 stores, libuplink reads, and the other way round", network="single")
def both_ways(network):
    s3 = connected(network)
    client, bucket = s3.boto(), s3_scenarios.new_bucket(s3)
    grant = network.facts["s3"].get("access_grant", network.grant)
    with Access.parse(grant).open() as project:
        for size in [0, 1, 4096, 100_000]:
            client.put_object(Bucket=bucket, Key=f"ours/{size}", Body=content(size, "s3"))
            equal(project.get(bucket, f"ours/{size}") == content(size, "s3"), True, f"{size} bytes read by libuplink")
            project.put(bucket, f"theirs/{size}", content(size, "uplink"))
            got = client.get_object(Bucket=bucket, Key=f"theirs/{size}")["Body"].read()
            equal(got == content(size, "uplink"), True, f"{size} bytes read by boto3")
        listed = [item["Key"] for item in client.list_objects_v2(Bucket=bucket)["Contents"]]
        equal(listed, sorted(listed), "keys in byte order")
        equal(len(listed), 8, "keys of both sides")
