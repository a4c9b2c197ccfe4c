"""Makes s3/signatures.json: requests as botocore's own signers send them.

    python -m venv venv && venv/bin/pip install botocore==1.44.5
    venv/bin/python Tests/Vectors/s3/signatures.py > Tests/Vectors/s3/signatures.json

The clock stands at 2026-11-23T05:00:00Z. Nothing is sent: the prepared request is caught before the socket.
"""
import datetime
import io
import json
import sys
from urllib.parse import urlsplit

import botocore
import botocore.auth
import botocore.session
from botocore.awsrequest import AWSResponse
from botocore.config import Config

NOW = datetime.datetime(2026, 11, 23, 5, 0, 0, tzinfo=datetime.timezone.utc)
ID, SECRET = "jvp4qfj5x2example3c5k6yw7aqb", "jx3examplesecretofthegatewaysvectors5k6yw7aqbcdefghijklmno"

for module in (botocore.auth,):
    if hasattr(module, "get_current_datetime"):
        module.get_current_datetime = lambda remove_tzinfo=True: NOW.replace(tzinfo=None) if remove_tzinfo else NOW
botocore.auth.formatdate = lambda *a, **k: "Mon, 23 Nov 2026 05:00:00 GMT"
botocore.auth.time.time = lambda: NOW.timestamp()

made = []


def client(signature="s3v4", style="path", endpoint="http://127.0.0.1:9000", **more):
    session = botocore.session.get_session()
    return session.create_client(
        "s3", region_name="us-east-1", endpoint_url=endpoint, aws_access_key_id=ID, aws_secret_access_key=SECRET,
        config=Config(signature_version=signature, s3={"addressing_style": style}, **more))


class Caught(Exception):
    pass


def record(name, request, expires=False):
    parts = urlsplit(request.url)
    body = request.body or b""
    if hasattr(body, "read"):
        body = body.read()
    if isinstance(body, str):
        body = body.encode()
    headers = [[k.decode() if isinstance(k, bytes) else k, v.decode() if isinstance(v, bytes) else str(v)]
               for k, v in request.headers.items()]
    made.append(dict(name=name, method=request.method, path=parts.path, query=parts.query, host=parts.netloc,
                     headers=headers, body=bytes(body).hex()))


def call(name, client, operation, **parameters):
    def before_send(request, **_):
        record(name, request)
        raise Caught
    client.meta.events.register("before-send.s3." + operation, before_send)
    try:
        method = "".join("_" + c.lower() if c.isupper() else c for c in operation).strip("_")
        getattr(client, method)(**parameters)
    except Caught:
        return
    sys.exit("not caught: " + name)


class Url:
    def __init__(self, method, url, headers=()):
        self.method, self.url, self.headers, self.body = method, url, dict(headers), b""


for signature in ("s3v4", "s3"):
    c = client(signature)
    call(f"{signature} list buckets", c, "ListBuckets")
    call(f"{signature} put", client(signature), "PutObject", Bucket="photos", Key="a b/ü+&=~*'().txt", Body=b"bar",
         Metadata={"foo": "two  spaces"}, ContentType="text/plain")
    call(f"{signature} list", client(signature), "ListObjectsV2", Bucket="photos", Prefix="a b/ü+", Delimiter="/",
         ContinuationToken="x=y/z")
    call(f"{signature} sub-resource", client(signature), "GetObjectTagging", Bucket="photos", Key="k", VersionId="v1")
    call(f"{signature} override", client(signature), "GetObject", Bucket="photos", Key="k",
         ResponseContentType="text/plain; charset=x", ResponseContentDisposition='attachment; filename="a b"')
    call(f"{signature} virtual host", client(signature, "virtual", "http://s3.example.test:9000"), "PutObject",
         Bucket="photos", Key="dir/key", Body=b"bar")
    for operation, parameters in (("get_object", dict(Bucket="photos", Key="a b/ü+.txt")),
                                  ("put_object", dict(Bucket="photos", Key="k", ACL="public-read",
                                                      ContentType="text/plain"))):
        url = client(signature).generate_presigned_url(operation, Params=parameters, ExpiresIn=600)
        headers = [("x-amz-acl", "public-read"), ("Content-Type", "text/plain")] if operation == "put_object" else []
        record(f"{signature} presigned {operation}", Url(operation[:3].upper(), url, headers))

call("s3v4 trailer", client(endpoint="https://127.0.0.1:9000"), "PutObject", Bucket="photos", Key="k", Body=b"hello" * 2000)
call("s3v4 trailer sha256", client(endpoint="https://127.0.0.1:9000"), "PutObject", Bucket="photos", Key="k",
     Body=io.BytesIO(b"x" * 3000), ChecksumAlgorithm="SHA256")
call("s3v4 upload part", client(), "UploadPart", Bucket="photos", Key="k", UploadId="u+/=", PartNumber=3, Body=b"part")

json.dump(dict(source=f"botocore {botocore.__version__}", now=int(NOW.timestamp()), accessKeyID=ID, secret=SECRET,
               requests=made), sys.stdout, indent=1, ensure_ascii=True)
