"""The console's own cryptography, which makes access grants, in a real browser against golden data."""
import contextlib
import functools
import http.server
import os
import threading

import web
from suite import equal, expect, test

_HERE = os.path.dirname(os.path.abspath(__file__))
_TESTS = os.path.dirname(_HERE)
_SCRIPTS = os.path.join(os.path.dirname(_TESTS), "Sources", "Front", "SatelliteConsole", "Assets")
_FOLDERS = [_SCRIPTS, _HERE, os.path.join(_TESTS, "Vectors")]


class _Files(http.server.BaseHTTPRequestHandler):
    """Scripts and vectors by their names alone, with an empty page in front."""

    def do_GET(self):
        name = os.path.basename(self.path)
        paths = [path for folder in _FOLDERS if os.path.isfile(path := os.path.join(folder, name))]
        if name in ("", "vectors.html"):
            content, kind = b"<!doctype html><title>vectors</title><link rel=icon href=data:,>", "text/html"
        elif paths:
            with open(paths[0], "rb") as file:
                content = file.read()
            kind = "text/javascript" if name.endswith(".js") else "application/json"
        else:
            return self.send_error(404)
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_):
        pass


@contextlib.contextmanager
def files():
    """A small server on this machine; its address."""
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Files) as server:
        thread = threading.Thread(target=functools.partial(server.serve_forever, 0.1))
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}/"
        finally:
            server.shutdown()
            thread.join()


@test("Web: the browser derives keys, encrypts names and writes grants as the reference implementation does", seconds=120,
      network="web")
def vectors(_network):
    with files() as address, web.visitor(seconds=90) as page:
        page.open(address + "vectors.html")
        result = page.evaluate(
            "import('./vectors.js').then(({ check }) => check(async (name) => (await fetch(name)).json()))")
        equal(result["failures"], [], "what differs")
        expect(result["count"] > 250, f"only {result['count']} checks ran")


@test("Web: the key of a passphrase is derived beside the page, which stays alive", seconds=60, network="web")
def worker(_network):
    with files() as address, web.visitor(seconds=60) as page:
        page.open(address + "vectors.html")
        result = page.evaluate("""import('./bytes.js').then(({ utf8, fromHex, hex }) => new Promise((done) => {
            let ticks = 0;
            const clock = setInterval(() => ticks++, 10);
            const worker = new Worker('./passphrase-worker.js', { type: 'module' });
            worker.onmessage = ({ data }) => { clearInterval(clock); done({ ticks, key: data.key && hex(data.key), error: data.error }); };
            worker.postMessage({ passphrase: utf8('passphrase'), salt: fromHex('000102030405060708090a0b0c0d0e0f'), lanes: 8 });
        }))""")
        equal(result["key"], "0b421a6702463f799257096f2863d65c4b95b08f7af1ec57b9d0f9ed6e986ab2", "key")
        expect(result["ticks"] > 0, "the page stood still")
