"""A load on an S3 server that costs its client little: requests are signed before the clock runs, bodies are compared."""
import asyncio
import hashlib
import hmac
import time
from urllib.parse import quote, urlsplit

REGION = "us-east-1"


class Signer:
    """Makes whole HTTP/1.1 requests, signed with Signature Version 4 in a header, body and all."""

    def __init__(self, endpoint, key, secret):
        place = urlsplit(endpoint)
        self.host, self.port, self.authority, self.key = place.hostname, place.port, place.netloc, key
        self.day = time.strftime("%Y%m%d", time.gmtime())
        signing = f"AWS4{secret}".encode()
        for word in [self.day, REGION, "s3", "aws4_request"]:
            signing = _mac(signing, word)
        self.signing = signing

    def request(self, method, path, body=b"", query=()):
        moment = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime())
        payload, scope = hashlib.sha256(body).hexdigest(), f"{self.day}/{REGION}/s3/aws4_request"
        words = "&".join(f"{quote(name, safe='')}={quote(text, safe='')}" for name, text in sorted(query))
        signed = "host;x-amz-content-sha256;x-amz-date"
        canonical = (f"{method}\n{quote(path)}\n{words}\nhost:{self.authority}\nx-amz-content-sha256:{payload}\n"
                     f"x-amz-date:{moment}\n\n{signed}\n{payload}")
        text = f"AWS4-HMAC-SHA256\n{moment}\n{scope}\n{hashlib.sha256(canonical.encode()).hexdigest()}"
        signature = _mac(self.signing, text).hex()
        return (f"{method} {quote(path)}{'?' + words if words else ''} HTTP/1.1\r\nHost: {self.authority}\r\n"
                f"x-amz-content-sha256: {payload}\r\nx-amz-date: {moment}\r\nContent-Length: {len(body)}\r\n"
                f"Authorization: AWS4-HMAC-SHA256 Credential={self.key}/{scope},SignedHeaders={signed},"
                f"Signature={signature}\r\n\r\n").encode() + body


def _mac(key, text):
    return hmac.new(key, text.encode(), hashlib.sha256).digest()


def run_load(signer, requests, clients, expected=None):
    """Sends prepared requests over `clients` connections, one at a time on each; seconds, and each request's own.

    `expected` maps a request's number to the body that must come back; any status but 200 ends the measurement.
    """
    return asyncio.run(_run(signer, requests, clients, expected))


async def _run(signer, requests, clients, expected):
    numbers, took = iter(range(len(requests))), [0.0] * len(requests)

    async def client():
        reader, writer = await asyncio.open_connection(signer.host, signer.port, limit=1 << 22)
        for number in numbers:
            started = time.perf_counter()
            writer.write(requests[number])
            status, body = await _answer(reader)
            took[number] = time.perf_counter() - started
            if status != 200:
                raise SystemExit(f"{requests[number][:80]!r} was answered with {status}: {body[:500]!r}")
            if expected is not None and body != expected(number):
                raise SystemExit(f"{requests[number][:80]!r} brought {len(body)} wrong bytes")
        writer.close()

    started = time.perf_counter()
    await asyncio.gather(*(client() for _ in range(clients)))
    return time.perf_counter() - started, took


async def _answer(reader):
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    status, headers = int(head[9:12]), head.lower()
    if "\r\ncontent-length:" in headers:
        size = int(headers.partition("\r\ncontent-length:")[2].partition("\r\n")[0])
        return status, await reader.readexactly(size)
    if "\r\ntransfer-encoding: chunked" not in headers:
        return status, b""
    parts = []
    while size := int((await reader.readline()).partition(b";")[0], 16):
        parts.append(await reader.readexactly(size))
        await reader.readexactly(2)
    await reader.readuntil(b"\r\n")
    return status, b"".join(parts)
