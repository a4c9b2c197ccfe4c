"""JSON-RPC over HTTP: single calls and batches, errors with the id of their request."""

import json
import socket
import threading
import traceback
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from ethereum_rpc import RPCError

PARSE_ERROR = -32700
INVALID_REQUEST = -32600
INTERNAL_ERROR = -32603
MAXIMUM_BODY = 16 << 20
MAXIMUM_BATCH = 1000


class Server(ThreadingHTTPServer):
    """One chain; calls are answered one after the other."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(self, address, methods):
        super().__init__(address, Handler)
        self.methods = methods
        self.lock = threading.Lock()

    def answer(self, body):
        """The answer to a body, as bytes; empty when only notifications came."""
        try:
            request = json.loads(body)
        except ValueError:
            return encode(failure(None, PARSE_ERROR, "parse error"))
        if isinstance(request, list):
            if not request or len(request) > MAXIMUM_BATCH:
                return encode(failure(None, INVALID_REQUEST, "a batch has 1 to 1000 requests"))
            answers = [answer for answer in map(self.answer_one, request) if answer is not None]
            return encode(answers) if answers else b""
        answer = self.answer_one(request)
        return b"" if answer is None else encode(answer)

    def answer_one(self, request):
        if not isinstance(request, dict) or not isinstance(request.get("method"), str):
            return failure(None, INVALID_REQUEST, "invalid request")
        number = request.get("id")
        arguments = request.get("params") or []
        if not isinstance(arguments, list):
            return failure(number, INVALID_REQUEST, "arguments are given as a list")
        try:
            with self.lock:
                result = self.methods.call(request["method"], arguments)
            answer = {"jsonrpc": "2.0", "id": number, "result": result}
        except RPCError as error:
            answer = failure(number, error.code, error.message, error.data)
        except Exception as error:
            traceback.print_exc()
            answer = failure(number, INTERNAL_ERROR, f"{type(error).__name__}: {error}")
        return answer if "id" in request else None


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def setup(self):
        super().setup()
        self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, True)

    def do_POST(self):
        length = int(self.headers.get("Content-Length", 0))
        if length > MAXIMUM_BODY:
            self.close_connection = True
            return self.send(413, b"")
        return self.send(200, self.server.answer(self.rfile.read(length)))

    def send(self, status, body):
        # Head and body at once: two sends would wait 40 ms for each other.
        head = f"HTTP/1.1 {status} -\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        self.wfile.write(head.encode() + body)

    def log_message(self, *arguments):
        pass


def failure(number, code, message, data=None):
    error = {"code": int(getattr(code, "value", code)), "message": message}
    if data is not None:
        error["data"] = "0x" + bytes(data).hex()
    return {"jsonrpc": "2.0", "id": number, "error": error}


def encode(answer):
    return json.dumps(answer, separators=(",", ":")).encode()
