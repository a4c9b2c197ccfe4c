"""A router that passes ports on when it is asked by NAT-PMP (RFC 6886), for pages and nodes that ask."""
import contextlib
import ipaddress
import socketserver
import struct
import threading

ADDRESS_QUESTION, MAP_TCP, ANSWER = 0, 2, 128


class Router(socketserver.ThreadingUDPServer):
    """Listens on 127.0.0.1; its address outside can be changed, and every mapping it was asked for is kept."""
    daemon_threads = True

    def __init__(self, outside, port_outside):
        super().__init__(("127.0.0.1", 0), _Question)
        self.outside, self.port_outside = outside, port_outside
        self.mappings = []

    @property
    def address(self):
        return f"127.0.0.1:{self.server_address[1]}"

    def answer(self, question):
        """The answer; None for what is no question."""
        if question == bytes([0, ADDRESS_QUESTION]):
            return struct.pack(">BBHI", 0, ADDRESS_QUESTION | ANSWER, 0, 1) + ipaddress.ip_address(self.outside).packed
        if len(question) != 12 or question[:2] != bytes([0, MAP_TCP]):
            return None
        _, _, _, inside, _, lifetime = struct.unpack(">BBHHHI", question)
        self.mappings.append((inside, lifetime))
        return struct.pack(">BBHIHHI", 0, MAP_TCP | ANSWER, 0, 1, inside, self.port_outside if lifetime else 0, lifetime)


class _Question(socketserver.BaseRequestHandler):
    def handle(self):
        question, socket = self.request
        answer = self.server.answer(question)
        if answer:
            socket.sendto(answer, self.client_address)


@contextlib.contextmanager
def running(outside, port_outside):
    """A router until the end of the block."""
    with Router(outside, port_outside) as router:
        threading.Thread(target=router.serve_forever, daemon=True).start()
        try:
            yield router
        finally:
            router.shutdown()
