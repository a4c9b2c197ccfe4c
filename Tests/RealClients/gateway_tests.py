"""A gateway with a process of its own: killed, on a full disk, behind TLS, as a website, telling of events."""
import concurrent.futures
import http.client
import json
import os
import socket
import ssl
import subprocess
import threading

from content import MIB, content, difference
from gateway import Gateway, Receiver
from s3_scenarios import new_bucket, refused
from suite import equal, eventually, expect, test

CORS = {"CORSRules": [{"AllowedMethods": ["GET"], "AllowedOrigins": ["https://example.com"]}]}


def get(gateway, host, path="/", method="GET", **headers):
    """Status, headers and content of a website's page."""
    connection = http.client.HTTPConnection("127.0.0.1", gateway.port, timeout=30)
    try:
        connection.request(method, path, headers={"Host": host, **headers})
        answer = connection.getresponse()
        return answer.status, {name.lower(): text for name, text in answer.getheaders()}, answer.read()
    finally:
        connection.close()


@test("S3: whatever was acknowledged before kill -9 of the gateway is there afterwards", seconds=120, network="single")
def killed_gateway(network):
    with Receiver() as receiver, Gateway(network, f"webhooks=here=http://127.0.0.1:{receiver.port}/") as gateway:
        client = gateway.s3().boto(retries={"max_attempts": 0})
        bucket = new_bucket(gateway.s3())
        receiver.is_refusing = True
        client.put_bucket_notification_configuration(Bucket=bucket, NotificationConfiguration={
            "TopicConfigurations": [{"TopicArn": "arn:aws:sns:us-east-1::here", "Events": ["s3:ObjectCreated:*"]}]})
        client.put_bucket_cors(Bucket=bucket, CORSConfiguration=CORS)
        client.put_bucket_tagging(Bucket=bucket, Tagging={"TagSet": [{"Key": "a", "Value": "b"}]})
        upload = client.create_multipart_upload(Bucket=bucket, Key="parts")["UploadId"]
        part = client.upload_part(
            Bucket=bucket, Key="parts", UploadId=upload, PartNumber=1, Body=content(6 * MIB, "part"))["ETag"]
        acknowledged, lock, stop = {}, threading.Lock(), threading.Event()

        def write(worker):
            for number in range(10_000):
                size, key = [50, 4096, 20_000, 300_000][number % 4], f"{worker}/{number}"
                if stop.is_set():
                    return
                try:
                    tag = client.put_object(Bucket=bucket, Key=key, Body=content(size, key))["ETag"]
                except Exception:
                    return  # The gateway is dead: this one was not acknowledged.
                with lock:
                    acknowledged[key] = (size, tag)

        with concurrent.futures.ThreadPoolExecutor(6) as pool:
            writers = [pool.submit(write, worker) for worker in range(6)]
            try:
                eventually(lambda: len(acknowledged) >= 100, 60, "100 objects acknowledged")
                gateway.kill()
            finally:
                stop.set()
            concurrent.futures.wait(writers, timeout=60)
        receiver.is_refusing = False
        gateway.start()
        client = gateway.s3().boto()
        for key, (size, tag) in acknowledged.items():
            got = client.get_object(Bucket=bucket, Key=key)
            expect(not (wrong := difference(got["Body"].read(), content(size, key))), f"{key}: {wrong}")
            equal(got["ETag"], tag, f"{key}: the tag")
        listed = {item["Key"] for page in client.get_paginator("list_objects_v2").paginate(Bucket=bucket)
                  for item in page["Contents"]}
        expect(acknowledged.keys() <= listed, "every acknowledged object is listed")
        equal(client.get_bucket_cors(Bucket=bucket)["CORSRules"], CORS["CORSRules"], "the CORS rules")
        equal(client.get_bucket_tagging(Bucket=bucket)["TagSet"], [{"Key": "a", "Value": "b"}], "the bucket's tags")
        client.complete_multipart_upload(Bucket=bucket, Key="parts", UploadId=upload, MultipartUpload={
            "Parts": [{"PartNumber": 1, "ETag": part}]})
        got = client.get_object(Bucket=bucket, Key="parts")["Body"].read()
        expect(not (wrong := difference(got, content(6 * MIB, "part"))), f"the part stored before: {wrong}")
        # The message of the write that was under way may be lost with the process; those of answered ones are not.
        eventually(lambda: acknowledged.keys() <= {key.replace("%2F", "/") for _, key in receiver.events()}, 60,
                   "the receiver was told of every acknowledged object")


@test("S3: a receiver hears of every change, with its token, and again after it refused", seconds=90, network="single")
def webhook(network):
    with Receiver() as receiver, Gateway(network, f"webhooks=here=http://secret@127.0.0.1:{receiver.port}/") as gateway:
        client, bucket = gateway.s3().boto(), new_bucket(gateway.s3())
        client.put_bucket_notification_configuration(Bucket=bucket, NotificationConfiguration={
            "TopicConfigurations": [{
                "TopicArn": "arn:aws:sns:us-east-1::here", "Events": ["s3:ObjectCreated:*", "s3:ObjectRemoved:*"],
                "Filter": {"Key": {"FilterRules": [{"Name": "prefix", "Value": "in/"}]}}}]})
        client.put_object(Bucket=bucket, Key="out/unheard", Body=b"x")
        client.put_object(Bucket=bucket, Key="in/a b", Body=b"one")
        receiver.is_refusing = True
        client.copy_object(Bucket=bucket, Key="in/copy", CopySource={"Bucket": bucket, "Key": "in/a b"})
        receiver.is_refusing = False
        client.delete_object(Bucket=bucket, Key="in/a b")
        wanted = [("ObjectCreated:Put", "in/a+b"), ("ObjectCreated:Copy", "in/copy"), ("ObjectRemoved:Delete", "in/a+b")]
        told = lambda: [event for event in receiver.events() if event[0] != "TestEvent"]
        eventually(lambda: len(told()) >= 3, 60, "three events")
        equal(sorted(told()), sorted(wanted), "what was told")
        expect(all(token and "secret" in token for token in receiver.tokens), "every message has the receiver's token")
        records = [r for m in receiver.messages for r in m.get("Records", []) if r["s3"]["object"]["key"] == "in/a+b"]
        # What was refused comes later than what was not: the sequencers tell what happened first.
        records.sort(key=lambda record: record["s3"]["object"]["sequencer"])
        equal([r["eventName"] for r in records], ["ObjectCreated:Put", "ObjectRemoved:Delete"], "what happened to one key")


@test("S3: a bucket is a website for a browser: index, error page, redirections, and nothing that is private",
      seconds=60, network="single")
def website(network):
    with Gateway(network, "website_domains=web.test") as gateway:
        client, bucket = gateway.s3().boto(), new_bucket(gateway.s3())
        host = f"{bucket}.web.test"
        for key, text in [("index.html", "<h1>home</h1>"), ("docs/index.html", "docs"), ("oops.html", "lost?"),
                          ("private/x.html", "secret")]:
            client.put_object(Bucket=bucket, Key=key, Body=text.encode(), ContentType="text/html")
        equal(get(gateway, host)[0], 404, "before it is a website")
        client.put_bucket_website(Bucket=bucket, WebsiteConfiguration={
            "IndexDocument": {"Suffix": "index.html"}, "ErrorDocument": {"Key": "oops.html"},
            "RoutingRules": [{"Condition": {"KeyPrefixEquals": "old/"}, "Redirect": {"ReplaceKeyPrefixWith": "docs/"}}]})
        client.delete_public_access_block(Bucket=bucket)
        client.put_bucket_policy(Bucket=bucket, Policy=json.dumps({"Version": "2012-10-17", "Statement": [
            {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject",
             "Resource": [f"arn:aws:s3:::{bucket}/{name}" for name in ["index.html", "docs/*", "oops.html"]]}]}))
        status, headers, page = get(gateway, host)
        equal((status, headers["content-type"], page), (200, "text/html", b"<h1>home</h1>"), "the front page")
        equal(get(gateway, host, "/docs/")[2], b"docs", "a folder's index")
        status, headers, _ = get(gateway, host, "/docs")
        equal((status, headers["location"]), (302, "/docs/"), "a folder without its slash")
        status, headers, _ = get(gateway, host, "/old/a/b.html")
        equal((status, headers["location"]), (301, f"http://{host}/docs/a/b.html"), "a rule sends elsewhere")
        for path in ["/private/x.html", "/missing"]:
            status, _, page = get(gateway, host, path)
            equal((status, page), (403, b"lost?"), f"{path}: strangers see the owner's error page")
        status, headers, page = get(gateway, host, "/", Range="bytes=4-7")
        equal((status, page), (206, b"home"), "a range")
        status, headers, page = get(gateway, host, method="HEAD")
        equal((status, page), (200, b""), "HEAD")
        equal(get(gateway, host, method="PUT")[0], 405, "a website is only read")
        equal(get(gateway, "nobody.web.test")[0], 404, "a bucket that nobody has")
        status, _, page = get(gateway, host, "/%3Cscript%3Ealert(1)%3C/script%3E")
        expect(b"<script>" not in page, "a name with script in it is text")


@test("S3: on a full disk the gateway says so, keeps what it acknowledged and goes on when there is room", seconds=90,
      network="single")
def full_disk(network):
    with Gateway(network) as gateway:
        buckets = [new_bucket(gateway.s3()) for _ in range(12)]
        size = sum(os.path.getsize(os.path.join(gateway.folder, name)) for name in os.listdir(gateway.folder))
        gateway.kill()
        gateway.start(file_limit=size + 60_000)
        client = gateway.s3().boto(retries={"max_attempts": 0})
        stored, failures = {}, []
        for round in range(12):
            for bucket in buckets:
                tags = [{"Key": f"key-{number}", "Value": f"{round}-" + "v" * 200} for number in range(40)]
                try:
                    client.put_bucket_tagging(Bucket=bucket, Tagging={"TagSet": tags})
                    stored[bucket] = tags
                except Exception as error:
                    failures.append(getattr(error, "response", {}).get("ResponseMetadata", {}).get("HTTPStatusCode"))
        expect(failures, "the disk was full at some time")
        expect(set(failures) <= {500, 503, 507}, f"what was not stored was refused as a failure here: {set(failures)}")
        for bucket, tags in stored.items():
            equal(client.get_bucket_tagging(Bucket=bucket)["TagSet"], tags, "what was acknowledged, on the full disk")
        # Objects need no room here.
        client.put_object(Bucket=buckets[0], Key="object", Body=content(100_000))
        equal(client.get_object(Bucket=buckets[0], Key="object")["Body"].read(), content(100_000), "an object")
        gateway.kill()
        gateway.start()
        client = gateway.s3().boto()
        for bucket, tags in stored.items():
            equal(client.get_bucket_tagging(Bucket=bucket)["TagSet"], tags, "what was acknowledged, afterwards")
        client.put_bucket_tagging(Bucket=buckets[0], Tagging={"TagSet": [{"Key": "a", "Value": "b"}]})


@test("S3: over TLS with a bucket as host, and no body is read of who may not send one", seconds=60, network="single")
def secure(network):
    with Certificate("s3.test") as (certificate, key), Gateway(
            network, f"tls.certificate={certificate}", f"tls.key={key}", "domains=s3.test") as gateway:
        context = ssl.create_default_context(cafile=certificate)
        with names_here("s3.test"):
            s3 = gateway.s3()
            s3.endpoint = f"https://s3.test:{gateway.port}"
            os.environ["AWS_CA_BUNDLE"] = certificate
            try:
                client = s3.boto(s3={"addressing_style": "virtual"})
                bucket = new_bucket(s3)
                data = content(3 * MIB)
                client.put_object(Bucket=bucket, Key="over tls", Body=data)
                got = client.get_object(Bucket=bucket, Key="over tls")["Body"].read()
                expect(not (wrong := difference(got, data)), wrong)
                refused("NoSuchKey", client.get_object, Bucket=bucket, Key="nothing")
            finally:
                del os.environ["AWS_CA_BUNDLE"]
        # Nobody's upload is refused before its body: the 100 never comes.
        with socket.create_connection(("127.0.0.1", gateway.port)) as plain, context.wrap_socket(
                plain, server_hostname="s3.test") as connection:
            connection.sendall(f"PUT /{bucket}/x HTTP/1.1\r\nHost: s3.test\r\nContent-Length: 1000000\r\n"
                               "Expect: 100-continue\r\n\r\n".encode())
            answer = connection.makefile("rb").read()
            expect(answer.startswith(b"HTTP/1.1 403"), f"refused at once: {answer[:100]}")


class Certificate:
    """A certificate of a host and all below it, trusted by who is told to; files that go again."""

    def __init__(self, host):
        self.host = host

    def __enter__(self):
        import tempfile
        self.folder = tempfile.TemporaryDirectory(prefix="storj-tls-")
        certificate, key = (os.path.join(self.folder.name, name) for name in ["chain.pem", "key.pem"])
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
             "-keyout", key, "-out", certificate, "-subj", f"/CN={self.host}",
             "-addext", f"subjectAltName=DNS:{self.host},DNS:*.{self.host}"], check=True, capture_output=True)
        return certificate, key

    def __exit__(self, *_):
        self.folder.cleanup()


class names_here:
    """All names under a domain lead to this machine, for this process."""

    def __init__(self, domain):
        self.domain, self.real = domain, socket.getaddrinfo

    def __enter__(self):
        def resolve(host, *arguments, **options):
            return self.real("127.0.0.1" if str(host).endswith(self.domain) else host, *arguments, **options)

        socket.getaddrinfo = resolve

    def __exit__(self, *_):
        socket.getaddrinfo = self.real
