"""A server that takes mail and keeps it, for pages that write to people."""
import email
import email.policy
import socketserver
import threading

from suite import eventually


class _Conversation(socketserver.StreamRequestHandler):
    """One client, which says SMTP (RFC 5321)."""

    def handle(self):
        self._say("220 here")
        recipients = []
        for line in self.rfile:
            words = line.decode("ascii").strip()
            verb = words.split(" ")[0].upper()
            if verb == "EHLO":
                self._say("250 hello")
            elif verb == "RCPT":
                recipients.append(words.partition("<")[2].rstrip(">"))
                self._say("250 known")
            elif verb == "DATA":
                self._say("354 go on")
                self.server.keep(recipients, self._data())
                self._say("250 taken")
                recipients = []
            elif verb == "QUIT":
                self._say("221 bye")
                return
            else:
                self._say("250 yes")

    def _data(self):
        lines = []
        for line in self.rfile:
            if line == b".\r\n":
                break
            lines.append(line[1:] if line.startswith(b"..") else line)
        return b"".join(lines)

    def _say(self, words):
        self.wfile.write(words.encode("ascii") + b"\r\n")


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Conversation)
        self.mails = []

    def keep(self, recipients, data):
        """Keeps a mail for each of those it is for."""
        message = email.message_from_bytes(data, policy=email.policy.default)
        self.mails.extend((recipient, message) for recipient in recipients)


class Postbox:
    """All mail that was handed in."""

    def __init__(self):
        self._server = _Server()
        self.url = f"smtp://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def mail(self, recipient, subject):
        """Waits for a mail to somebody with a subject that begins so; its text. Each is given out once."""
        found = eventually(lambda: next(
            (mail for mail in self._server.mails if mail[0].lower() == recipient.lower() and mail[1]["Subject"].startswith(subject)), None),
            30, f"a mail to {recipient}: {subject}")
        self._server.mails.remove(found)
        return found[1].get_content()
