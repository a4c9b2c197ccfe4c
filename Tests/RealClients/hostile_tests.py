"""Bytes that no client of ours would send, on every port."""
import os
import random
import select
import socket
import ssl
import subprocess
import tempfile
import time

from clients import fresh_bucket
from content import MIB, content
from suite import equal, eventually, expect, test

HEADER = b"DRPC!!!1"
GROWTH = 150 * MIB  # What a server may grow by under attack: buffers of many connections, nothing that adds up.


def _varint(number):
    encoded = bytearray()
    while number > 127:
        encoded.append(number & 127 | 128)
        number >>= 7
    return bytes(encoded) + bytes([number])


def _frame(kind, data, done=True, stream=1, message=1, length=None):
    """A DRPC frame; `length` overrides what it says about itself."""
    head = bytes([kind << 1 | done]) + _varint(stream) + _varint(message)
    return head + _varint(len(data) if length is None else length) + data


def _invoke(path, *messages):
    frames = [_frame(1, path.encode())]
    return b"".join(frames + [_frame(2, data, message=index + 2) for index, data in enumerate(messages)])


class Identity:
    """An identity as every client has one, made by our own program."""

    def __init__(self, program):
        self.folder = tempfile.TemporaryDirectory(prefix="storj-identity-")
        subprocess.run([program, "identity", "create", "--dir", self.folder.name, "--difficulty", "8"], check=True,
                       capture_output=True, timeout=60)
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        self.context.check_hostname, self.context.verify_mode = False, ssl.CERT_NONE
        self.context.load_cert_chain(*(os.path.join(self.folder.name, f"identity.{end}") for end in ["cert", "key"]))

    def connect(self, address):
        plain = socket.create_connection(address, timeout=10)
        plain.sendall(HEADER)
        return self.context.wrap_socket(plain)


def _send(connection, data):
    """Sends all of it, unless the server closes first, which is its right."""
    try:
        connection.sendall(data)
    except OSError:
        return False
    return True


def _answer(connection, seconds=10, enough=1):
    """The first `enough` bytes, or what comes until the server closes or is silent; and whether it closed."""
    connection.settimeout(seconds)
    received = b""
    try:
        while len(received) < enough:
            data = connection.recv(65536)
            if not data:
                return received, True
            received += data
    except TimeoutError:
        return received, False
    except OSError:
        return received, True
    return received, False


def _servers(network):
    return [network.addresses[0], network.addresses[2], network.addresses[3]]


def _still_well(network, before):
    """All servers live, have not grown beyond measure, and serve."""
    for server, size in before.items():
        expect(network.is_alive(server), f"process {server} lives")
        grown = network.memory(server) - size
        expect(grown < GROWTH, f"process {server} grew by {grown / MIB:.0f} MiB")
    with fresh_bucket(network) as (project, _, bucket):
        project.put(bucket, "key", content(200_000))
        equal(project.get(bucket, "key"), content(200_000), "the network still serves")


def _memory(network):
    return {server["pid"]: network.memory(server["pid"]) for server in [network.satellite, *network.nodes]}


@test("garbage, truncated headers and handshakes on every port do no harm", seconds=120)
def before_tls(network):
    before, noise = _memory(network), random.Random(1)
    for _, address in network.addresses:
        attacks = [b"", b"D", HEADER[:7], HEADER, b"DRPC!N!1" + noise.randbytes(500), b"GET / HTTP/1.1\r\n\r\n",
                   b"\x16\x03\x01\xff\xff" + noise.randbytes(70_000),
                   HEADER + b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
                   HEADER + noise.randbytes(5000), b"\0" * 100_000]
        attacks += [noise.randbytes(noise.randrange(1, 3000)) for _ in range(30)]
        attacks += [HEADER + noise.randbytes(noise.randrange(1, 300)) for _ in range(30)]
        for index, attack in enumerate(attacks):
            connection = socket.create_connection(address, timeout=10)
            _send(connection, attack)
            if index % 3 == 0:
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
            connection.close()
    _still_well(network, before)


@test("a client without certificate and calls without connection header are refused", seconds=60)
def without_identity(network):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    for name, address in _servers(network):
        plain = socket.create_connection(address, timeout=10)
        plain.sendall(HEADER)
        try:
            # In TLS 1.3 the refusal comes with the first read.
            connection = context.wrap_socket(plain)
            connection.sendall(_invoke("/metainfo.Metainfo/ProjectInfo", b""))
            received, closed = _answer(connection)
            expect(closed and not received, f"{name} answered a client without certificate: {received[:50]}")
        except (ssl.SSLError, ConnectionError):
            continue


@test("broken frames, oversized packets and unknown calls end in an error or a close; memory stays bounded", seconds=180)
def frames(network):
    identity, before, noise = Identity(network.program), _memory(network), random.Random(2)
    path = "/metainfo.Metainfo/CompressedBatch"
    attacks = {
        "stream 0": _frame(1, b"/a", stream=0),
        "a length of 2^63": _frame(1, b"", length=1 << 63),
        "a length of 5 MiB": _frame(1, b"x" * 100, length=5 * MIB),
        "a varint of 11 bytes": b"\x03" + b"\xff" * 11,
        "an unknown kind": _frame(9, b"x"),
        "ids that fall": _frame(1, b"/a", stream=5) + _frame(1, b"/b", stream=4),
        "a kind that changes": _frame(1, b"/a", done=False) + _frame(2, b"b"),
        "two calls on one stream": _frame(1, b"/a") + _frame(1, b"/b", message=2),
        "an unknown call": _invoke("/no.Such/Method", b""),
        "a path that is no text": _frame(1, b"\xff\xfe") + _frame(2, b"", message=2),
        "a path of 1 MiB": _invoke("/" + "x" * MIB, b""),
        "a message that is none": _invoke(path, b"\xff" * 100),
        "an envelope of garbage": _invoke(path, b"\x0a\x20" + b"\xfe" * 32),
        "an upload of garbage": _invoke("/piecestore.Piecestore/Upload", b"\xff" * 50),
        "a download of garbage": _invoke("/piecestore.Piecestore/Download", b"\x0a\x05\xff\xff\xff\xff\xff"),
        "an empty download": _invoke("/piecestore.Piecestore/Download", b""),
        "an empty upload": _invoke("/piecestore.Piecestore/Upload", b""),
        "a settlement of garbage": _invoke("/orders.Orders/SettlementWithOrders", b"\xff"),
        "a check-in of garbage": _invoke("/node.Node/CheckIn", b"\xff" * 10),
    }
    for name, address in _servers(network):
        for attack, data in attacks.items():
            connection = identity.connect(address)
            _send(connection, data)
            received, closed = _answer(connection, seconds=5)
            expect(closed or received, f"{name} was silent about {attack}")
            connection.close()
        for attack in [_frame(2, b"a message before the call")] + [None] * 60:
            connection = identity.connect(address)
            _send(connection, attack or noise.randbytes(noise.randrange(1, 2000)))
            connection.close()
        # A packet of 64 MiB in frames that never end it.
        connection = identity.connect(address)
        _send(connection, _frame(1, path.encode()))
        piece = _frame(2, bytes(60_000), done=False, message=2)
        sent = sum(1 for _ in range(1100) if _send(connection, piece))
        _, closed = _answer(connection, seconds=10, enough=MIB)
        expect(closed, f"{name} took {sent} frames of an endless packet and did not close")
        connection.close()
    _still_well(network, before)


@test("a bomb of compressed zeros is refused, with bounded memory", seconds=60)
def bomb(network):
    identity, before = Identity(network.program), _memory(network)
    # A zstd frame that says it holds 4 GiB of zeros: blocks of one repeated byte, 128 KiB each.
    block = ((128 << 10) << 3 | 1 << 1).to_bytes(3, "little") + b"\0"
    frame = b"\x28\xb5\x2f\xfd\x00\x58" + block * 32767 + (block[0] | 1).to_bytes(1, "little") + block[1:]
    # A compressed batch: field 1 = what the client understands, 2 = how the data is compressed, 3 = the data.
    message = b"\x0a\x01\x01\x10\x01\x1a" + _varint(len(frame)) + frame
    for _ in range(5):
        connection = identity.connect(network.addresses[0][1])
        _send(connection, _invoke("/metainfo.Metainfo/CompressedBatch", message))
        received, closed = _answer(connection, seconds=20)
        expect(closed or received, "the satellite was silent")
        connection.close()
    _still_well(network, before)


@test("slow clients are closed in time, and others are served meanwhile", seconds=120)
def slow(network):
    before, slow_ones = _memory(network), []
    for name, address in _servers(network):
        for start in [b"", b"DRP", HEADER, HEADER + b"\x16\x03\x01\x02"]:
            for _ in range(25):
                connection = socket.create_connection(address, timeout=10)
                _send(connection, start)
                slow_ones.append((name, start, connection))
    with fresh_bucket(network) as (project, rclone, bucket):
        project.put(bucket, "key", content(3 * MIB))
        equal(rclone.run("cat", f"net:{bucket}/key"), content(3 * MIB), "served beside 300 slow clients")
    end = time.monotonic() + 45
    waiting = {connection: (name, start) for name, start, connection in slow_ones}
    while waiting and time.monotonic() < end:
        readable, _, _ = select.select(list(waiting), [], [], 1)
        for connection in readable:
            _, closed = _answer(connection, seconds=1, enough=MIB)
            if closed:
                waiting.pop(connection)
                connection.close()
    still = sorted({f"{name} after {start!r}" for name, start in waiting.values()})
    for connection in waiting:
        connection.close()
    expect(not still, f"{len(waiting)} slow clients still open: {still}")
    _still_well(network, before)


@test("the administration API refuses strangers and survives oversized requests", seconds=60)
def administration(network):
    before, address = _memory(network), network.addresses[1][1]

    def ask(request):
        connection = socket.create_connection(address, timeout=10)
        _send(connection, request)
        received, _ = _answer(connection, seconds=2)
        connection.close()
        return received

    head = b"GET /nodes HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
    for authorization in [b"", b"Authorization: Bearer wrong\r\n", b"Authorization: Basic YTpi\r\n"]:
        answer = ask(head + authorization + b"\r\n")
        expect(b" 401 " in answer[:20] or b" 403 " in answer[:20], f"a stranger was answered {answer[:40]}")
    ask(b"GET /" + b"x" * (4 * MIB) + b" HTTP/1.1\r\n\r\n")
    ask(head + b"X: " + b"y" * (4 * MIB) + b"\r\n\r\n")
    ask(b"POST /nodes HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999\r\n\r\n" + bytes(8 * MIB))
    ask(b"POST /nodes HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nffffffffff\r\n" + bytes(MIB))
    eventually(lambda: network.accepts(address), 5, "it still listens")
    _still_well(network, before)
