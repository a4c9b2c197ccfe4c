"""What people do with clients of S3; every scenario returns what it counted, and fails at the first difference."""
import base64
import datetime
import hashlib
import json
import os
import tempfile
import urllib.error
import urllib.request
import uuid

from content import content
from s3 import file_digest, make_file, make_tree, tree_differences
from suite import equal, expect

SCENARIOS = []


def scenario(title):
    """Registers what the show runs, in this order."""

    def register(function):
        SCENARIOS.append((title, function))
        return function

    return register


def new_bucket(s3, **options):
    """A bucket with a name that nobody has."""
    name = f"b-{uuid.uuid4().hex[:20]}"
    s3.boto().create_bucket(Bucket=name, **options)
    return name


def same(differences, what):
    expect(not differences, f"{what}: {len(differences)} differences: {'; '.join(differences[:5])}")


def refused(code, function, **arguments):
    """Expects S3's refusal with this code."""
    from botocore.exceptions import ClientError
    try:
        function(**arguments)
    except ClientError as error:
        equal(error.response["Error"]["Code"], code, "the refusal's code")
        return error
    raise AssertionError(f"expected {code}, but {function.__name__} succeeded")


@scenario("AWS CLI: cp, ls, sync both ways, rm")
def aws_tree(s3, folder, scale):
    bucket, there, back = new_bucket(s3), os.path.join(folder, "aws"), os.path.join(folder, "aws-back")
    make_tree(there, 30 * scale, 40_000)
    s3.aws("s3", "cp", "--recursive", there, f"s3://{bucket}/copied/")
    s3.aws("s3", "sync", there, f"s3://{bucket}/synced/")
    equal(s3.aws("s3", "sync", there, f"s3://{bucket}/synced/", "--size-only").strip(), "", "a second sync")
    s3.aws("s3", "sync", f"s3://{bucket}/synced/", back)
    same(tree_differences(there, back), "aws s3 sync")
    listed = s3.aws("s3", "ls", "--recursive", f"s3://{bucket}/").splitlines()
    equal(len(listed), 60 * scale, "objects that aws s3 ls shows")
    s3.aws("s3", "rm", "--recursive", f"s3://{bucket}/copied/")
    equal(len(s3.aws("s3", "ls", "--recursive", f"s3://{bucket}/").splitlines()), 30 * scale, "objects after rm")
    s3.aws("s3", "rb", "--force", f"s3://{bucket}")
    return f"{30 * scale} files copied, synced, fetched and compared"


@scenario("AWS CLI: presign, and the link in a plain HTTP client")
def presign(s3, folder, scale):
    bucket, data = new_bucket(s3), content(100_000 * scale, "presigned")
    s3.boto().put_object(Bucket=bucket, Key="a key/with space+plus", Body=data)
    link = s3.aws("s3", "presign", f"s3://{bucket}/a key/with space+plus", "--expires-in", "600").strip()
    with urllib.request.urlopen(link, timeout=60) as answer:
        equal(answer.read() == data, True, "content behind the link")
    try:
        urllib.request.urlopen(link.replace(f"{bucket}/a", f"{bucket}/b"), timeout=60)
    except urllib.error.HTTPError as error:
        expect(error.code == 403 and b"SignatureDoesNotMatch" in error.read(), f"a changed link: {error.code}")
    else:
        raise AssertionError("a changed link works")
    return "1 link followed, 1 changed link refused"


@scenario("AWS CLI: a large file in parts")
def aws_large(s3, folder, scale):
    bucket, mib = new_bucket(s3), 16 if scale == 1 else 1024
    path, back = make_file(os.path.join(folder, "large"), mib), os.path.join(folder, "large-back")
    s3.aws("s3", "cp", path, f"s3://{bucket}/large")
    s3.aws("s3", "cp", f"s3://{bucket}/large", back)
    equal(file_digest(back), file_digest(path), "digest of what came back")
    head = s3.boto().head_object(Bucket=bucket, Key="large")
    equal(head["ContentLength"], mib << 20, "size")
    expect(head["ETag"].strip('"').endswith(f"-{mib // 8}"), f"ETag of {mib // 8} parts: {head['ETag']}")
    os.remove(back)
    os.remove(path)
    return f"{mib} MiB in {mib // 8} parts, up and down"


@scenario("AWS CLI: versions")
def versions(s3, folder, scale):
    bucket = new_bucket(s3)
    s3.aws("s3api", "put-bucket-versioning", "--bucket", bucket, "--versioning-configuration", "Status=Enabled")
    path, back = os.path.join(folder, "versioned"), os.path.join(folder, "version")
    for number in range(3):
        with open(path, "wb") as file:
            file.write(content(5000 + number, number))
        s3.aws("s3", "cp", path, f"s3://{bucket}/key")
    s3.aws("s3", "rm", f"s3://{bucket}/key")
    listing = json.loads(s3.aws("s3api", "list-object-versions", "--bucket", bucket, "--output", "json"))
    equal([len(listing["Versions"]), len(listing["DeleteMarkers"])], [3, 1], "versions and delete markers")
    for number, version in enumerate(reversed(listing["Versions"])):
        s3.aws("s3api", "get-object", "--bucket", bucket, "--key", "key", "--version-id", version["VersionId"], back)
        with open(back, "rb") as file:
            equal(file.read() == content(5000 + number, number), True, f"version {number}")
    marker = listing["DeleteMarkers"][0]["VersionId"]
    s3.aws("s3api", "delete-object", "--bucket", bucket, "--key", "key", "--version-id", marker)
    s3.aws("s3", "cp", f"s3://{bucket}/key", back)
    equal(os.path.getsize(back), 5002, "size of the newest version, undeleted")
    return "3 versions read, 1 delete marker removed"


@scenario("AWS CLI: object lock and legal hold")
def lock(s3, folder, scale):
    bucket = new_bucket(s3, ObjectLockEnabledForBucket=True)
    client, path = s3.boto(), make_file(os.path.join(folder, "locked"), 1)
    s3.aws("s3", "cp", path, f"s3://{bucket}/key")
    version = client.head_object(Bucket=bucket, Key="key")["VersionId"]
    until = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(days=1)
    s3.aws("s3api", "put-object-retention", "--bucket", bucket, "--key", "key", "--retention",
           f"Mode=GOVERNANCE,RetainUntilDate={until:%Y-%m-%dT%H:%M:%SZ}")
    refused("AccessDenied", client.delete_object, Bucket=bucket, Key="key", VersionId=version)
    s3.aws("s3api", "put-object-legal-hold", "--bucket", bucket, "--key", "key", "--legal-hold", "Status=ON")
    refused("AccessDenied", client.delete_object, Bucket=bucket, Key="key", VersionId=version,
            BypassGovernanceRetention=True)
    s3.aws("s3api", "put-object-legal-hold", "--bucket", bucket, "--key", "key", "--legal-hold", "Status=OFF")
    s3.aws("s3api", "delete-object", "--bucket", bucket, "--key", "key", "--version-id", version,
           "--bypass-governance-retention")
    os.remove(path)
    return "2 deletions refused, 1 allowed after the hold"


@scenario("boto3 with its defaults: every checksum, ranges, copy, conditional writes")
def boto_defaults(s3, folder, scale):
    bucket, client, data = new_bucket(s3), s3.boto(), content(300_000 * scale, "boto")
    put = client.put_object(Bucket=bucket, Key="plain", Body=data, Metadata={"colour": "blue"}, ContentType="image/x")
    equal(put["ETag"], f'"{hashlib.md5(data).hexdigest()}"', "ETag")
    expect(put.get("ChecksumCRC32") or put.get("ChecksumCRC64NVME"), f"a checksum by default: {put}")
    algorithms = ["CRC32", "SHA1", "SHA256"]
    for algorithm in algorithms:
        name = f"Checksum{algorithm}"
        sent = client.put_object(Bucket=bucket, Key=algorithm, Body=data, ChecksumAlgorithm=algorithm)[name]
        got = client.get_object(Bucket=bucket, Key=algorithm, ChecksumMode="ENABLED")
        equal([got["Body"].read() == data, got[name]], [True, sent], f"content and {name}")
    wrong = base64.b64encode(hashlib.sha256(b"else").digest()).decode()
    refused("BadDigest", client.put_object, Bucket=bucket, Key="wrong", Body=data, ChecksumSHA256=wrong)
    refused("404", client.head_object, Bucket=bucket, Key="wrong")
    part = client.get_object(Bucket=bucket, Key="plain", Range="bytes=1000-4999")
    equal([part["Body"].read() == data[1000:5000], part["ContentRange"]], [True, f"bytes 1000-4999/{len(data)}"], "range")
    client.copy_object(Bucket=bucket, Key="copy", CopySource={"Bucket": bucket, "Key": "plain"})
    copy = client.get_object(Bucket=bucket, Key="copy")
    equal([copy["Body"].read() == data, copy["Metadata"], copy["ContentType"]], [True, {"colour": "blue"}, "image/x"],
          "the copy")
    refused("PreconditionFailed", client.put_object, Bucket=bucket, Key="plain", Body=b"x", IfNoneMatch="*")
    return f"{len(algorithms) + 1} checksums, 1 wrong one refused"


@scenario("boto3's own transfer: parts, threads, streams")
def boto_transfer(s3, folder, scale):
    import io
    from boto3.s3.transfer import TransferConfig
    bucket, client, data = new_bucket(s3), s3.boto(), content(23_000_000 * scale, "transfer")
    client.upload_fileobj(io.BytesIO(data), bucket, "key", Config=TransferConfig(multipart_chunksize=5 << 20))
    back = io.BytesIO()
    client.download_fileobj(bucket, "key", back, Config=TransferConfig(multipart_chunksize=5 << 20))
    equal(back.getvalue() == data, True, "content")
    return f"{len(data)} bytes in parts of 5 MiB"


@scenario("s3cmd: sync both ways, ls, info, del")
def s3cmd(s3, folder, scale):
    bucket, there, back = new_bucket(s3), os.path.join(folder, "s3cmd"), os.path.join(folder, "s3cmd-back")
    make_tree(there, 12 * scale, 30_000, "s3cmd")
    os.makedirs(back)
    s3.s3cmd("sync", there + "/", f"s3://{bucket}/tree/")
    s3.s3cmd("sync", f"s3://{bucket}/tree/", back + "/")
    same(tree_differences(there, back), "s3cmd sync")
    equal(len(s3.s3cmd("ls", "--recursive", f"s3://{bucket}/").splitlines()), 12 * scale, "objects that s3cmd lists")
    large = make_file(os.path.join(folder, "s3cmd-large"), 33)
    s3.s3cmd("put", large, f"s3://{bucket}/large")
    s3.s3cmd("get", "--force", f"s3://{bucket}/large", large + "-back")
    equal(file_digest(large + "-back"), file_digest(large), "digest of a file of three parts")
    s3.s3cmd("del", "--recursive", "--force", f"s3://{bucket}/")
    s3.s3cmd("rb", f"s3://{bucket}")
    return f"{12 * scale} files and one of 33 MiB"


@scenario("restic: init, backup, check of all data, restore")
def restic(s3, folder, scale):
    bucket, there, back = new_bucket(s3), os.path.join(folder, "restic"), os.path.join(folder, "restic-back")
    make_tree(there, 40 * scale, 60_000, "restic")
    place = f"{bucket}/backup"
    s3.restic(place, "init")
    s3.restic(place, "backup", ".", folder=there)
    make_tree(there, 45 * scale, 50_000, "restic again")
    s3.restic(place, "backup", ".", folder=there)
    s3.restic(place, "check", "--read-data")
    s3.restic(place, "restore", "latest", "--target", back)
    same(tree_differences(there, back), "restic restore")
    s3.restic(place, "forget", "--keep-last", "1", "--prune")
    s3.restic(place, "check", "--read-data")
    return f"{45 * scale} files, 2 snapshots, 1 forgotten"


@scenario("rclone with its own S3 client: copy, check, sync, purge")
def rclone(s3, folder, scale):
    bucket, there, back = new_bucket(s3), os.path.join(folder, "rclone"), os.path.join(folder, "rclone-back")
    make_tree(there, 30 * scale, 50_000, "rclone")
    make_file(os.path.join(there, "in parts"), 220 if scale > 1 else 12)
    options = ["--s3-upload-cutoff", "6Mi"]
    s3.rclone("copy", *options, there, f"s3:{bucket}/tree")
    s3.rclone("check", "--download", there, f"s3:{bucket}/tree")
    s3.rclone("check", there, f"s3:{bucket}/tree")
    s3.rclone("sync", f"s3:{bucket}/tree", back)
    same(tree_differences(there, back), "rclone sync")
    s3.rclone("purge", f"s3:{bucket}")
    return f"{30 * scale + 1} files copied, checked by digest and by content, fetched"


@scenario("a browser's form with a POST policy")
def form(s3, folder, scale):
    bucket, data = new_bucket(s3), content(120_000, "form")
    post = s3.boto().generate_presigned_post(
        bucket, "uploads/${filename}", Fields={"Content-Type": "image/png", "success_action_status": "201"},
        Conditions=[["starts-with", "$key", "uploads/"], {"Content-Type": "image/png"}, {"success_action_status": "201"},
                    ["content-length-range", 1, 200_000]], ExpiresIn=600)
    status, answer = send_form(post["url"], post["fields"], "a picture.png", data)
    equal(status, 201, f"the form's status: {answer[:300]}")
    got = s3.boto().get_object(Bucket=bucket, Key="uploads/a picture.png")
    equal([got["Body"].read() == data, got["ContentType"]], [True, "image/png"], "what the form stored")
    status, answer = send_form(post["url"], post["fields"], "large.png", content(200_001, "form"))
    expect(status == 400 and b"EntityTooLarge" in answer, f"a file beyond the policy's range: {status} {answer[:300]}")
    status, answer = send_form(post["url"], {**post["fields"], "Content-Type": "text/html"}, "x.png", data)
    expect(status == 403 and b"AccessDenied" in answer, f"a field against the policy: {status} {answer[:300]}")
    return "1 form accepted, 2 refused"


def send_form(url, fields, filename, data):
    """What a browser sends; the status and the answer's body."""
    boundary = uuid.uuid4().hex
    head = "".join(f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{text}\r\n'
                   for name, text in fields.items())
    head += (f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="{filename}"\r\n'
             "Content-Type: application/octet-stream\r\n\r\n")
    request = urllib.request.Request(
        url, head.encode() + data + f"\r\n--{boundary}--\r\n".encode(), method="POST",
        headers={"Content-Type": f"multipart/form-data; boundary={boundary}"})
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.read()


def in_folder(function, s3, scale=1):
    """Runs a scenario with a folder that goes away."""
    with tempfile.TemporaryDirectory(prefix="storj-s3-files-") as folder:
        return function(s3, folder, scale)
