"""A small strict mail server over real SMTP (RFC 5321): what breaks a rule of it is refused and noted."""

import base64
import re
import socketserver
import threading
from email import message_from_bytes, policy

LINE = 1000  # octets of a line with its end


class FakeSMTP:
    """``taken``: the messages accepted, each with its sender and receivers; ``broken``: rules that were
    broken; ``faults``: answers to the next commands, ``{"RCPT": ["450 busy"]}``; ``login``: user and password;
    ``heard``: the commands."""

    def __init__(self, login=None):
        self.taken, self.broken, self.faults, self.login = [], [], {}, login
        self.heard = []

    def __enter__(self):
        mine = self

        class Talk(socketserver.StreamRequestHandler):
            def handle(self):
                _Talk(mine, self.rfile, self.wfile).run()

        socketserver.ThreadingTCPServer.allow_reuse_address = True
        self.server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Talk)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        who = f"{self.login[0]}:{self.login[1]}@" if self.login else ""
        self.url = f"smtp://{who}127.0.0.1:{self.server.server_address[1]}"
        return self

    def __exit__(self, *fault):
        self.server.shutdown()
        self.server.server_close()


class _Talk:
    """One connection."""

    def __init__(self, server, heard, said):
        self.server, self.heard, self.said = server, heard, said
        self.greeted = self.known = False
        self.sender, self.receivers = None, []

    def run(self):
        self.say("220 fake ready")
        while (line := self.line()) is not None:
            verb, _, rest = line.partition(" ")
            self.server.heard.append(verb.upper())
            faults = self.server.faults.get(verb.upper())
            if faults:
                self.say(faults.pop(0))
                continue
            answer = getattr(self, f"on_{verb.lower()}", None)
            self.say("502 no such command") if answer is None else answer(rest)
            if verb.upper() == "QUIT":
                return

    def line(self):
        raw = self.heard.readline()
        if not raw:
            return None
        if not raw.endswith(b"\r\n") or len(raw) > LINE:
            self.server.broken.append(raw[:80])
        return raw.rstrip(b"\r\n").decode("ascii", "replace")

    def say(self, text):
        self.said.write(text.replace("\n", "\r\n").encode() + b"\r\n")

    def refuse(self, why):
        self.server.broken.append(why)
        self.say(f"503 {why}")

    def on_ehlo(self, name):
        self.greeted = bool(name)
        self.say("250-fake\n250-AUTH PLAIN\n250 SIZE 20000000" if self.server.login else "250 fake")

    def on_auth(self, rest):
        kind, _, given = rest.partition(" ")
        user, _, word = base64.b64decode(given).decode().removeprefix("\0").partition("\0")
        self.known = kind == "PLAIN" and (user, word) == self.server.login
        self.say("235 come in" if self.known else "535 wrong")

    def on_mail(self, rest):
        found = re.fullmatch(r"FROM:<([^<>\s]+@[^<>\s]+)>( .*)?", rest)
        if not self.greeted or not found or (self.server.login and not self.known):
            self.refuse(f"MAIL {rest}")
            return
        self.sender, self.receivers = found[1], []
        self.say("250 ok")

    def on_rcpt(self, rest):
        found = re.fullmatch(r"TO:<([^<>\s]+@[^<>\s]+)>", rest)
        if not self.sender or not found:
            self.refuse(f"RCPT {rest}")
            return
        self.receivers.append(found[1])
        self.say("250 ok")

    def on_data(self, rest):
        if not self.receivers:
            self.refuse("DATA without RCPT")
            return
        self.say("354 go on")
        lines = []
        while (raw := self.heard.readline()) != b".\r\n":
            if not raw:
                return
            if not raw.endswith(b"\r\n") or len(raw) > LINE:
                self.server.broken.append(raw[:80])
            lines.append(raw[1:] if raw.startswith(b"..") else raw)
        made = message_from_bytes(b"".join(lines), policy=policy.default)
        for name in ("From", "To", "Date", "Message-ID", "Subject"):
            if len(made.get_all(name, [])) != 1:
                self.server.broken.append(f"header {name}")
        self.server.taken.append((self.sender, tuple(self.receivers), made))
        self.sender = None
        self.say("250 taken")

    def on_rset(self, rest):
        self.sender = None
        self.say("250 ok")

    def on_noop(self, rest):
        self.say("250 ok")

    def on_quit(self, rest):
        self.say("221 bye")
