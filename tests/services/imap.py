"""A real IMAP server on the loopback with one box: enough of it to fetch mail from."""

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from socketserver import StreamRequestHandler, ThreadingTCPServer

UIDS = re.compile(r"UID (\d+)")
STORE = re.compile(r"STORE (\d+) ([+-])FLAGS \((.*)\)")


@dataclass
class ImapServer:
    """A box and what was asked of it; mails are counted from one."""

    host: str = "127.0.0.1"
    port: int = 0
    user: str = "chat@shop.example"
    password: str = "s3:cret/@"
    folder: str = "INBOX"
    mails: list[bytes] = field(default_factory=list)
    seen: set[int] = field(default_factory=set)
    asked: list[str] = field(default_factory=list)
    refuses_flags: bool = False

    @property
    def url(self) -> str:
        """The address of the box as the settings want it."""
        return f"imap://chat%40shop.example:s3%3Acret%2F%40@{self.host}:{self.port}/"

    def answer(self, command: str) -> tuple[bytes, str]:
        """Return what goes before the end of the answer, and that end."""
        verb, _, rest = command.partition(" ")
        match verb.upper():
            case "CAPABILITY":
                said = b"* CAPABILITY IMAP4rev1\r\n", "OK"
            case "LOGIN":
                said = b"", "OK" if self._may_enter(rest) else "NO"
            case "SELECT":
                is_here = rest.strip('"') == self.folder
                said = b"* %d EXISTS\r\n" % len(self.mails), "OK" if is_here else "NO"
            case "UID":
                said = self._of_mails(rest)
            case "EXPUNGE":
                said = b"", "OK"
            case "LOGOUT":
                said = b"* BYE\r\n", "OK"
            case _:
                said = b"", "BAD"
        return said

    def _may_enter(self, rest: str) -> bool:
        return rest == f'"{self.user}" "{self.password}"'

    def _of_mails(self, rest: str) -> tuple[bytes, str]:
        verb = rest.split(" ", 1)[0].upper()
        if verb == "SEARCH":
            return self._search(rest)
        if verb == "FETCH":
            return self._fetch(int(rest.split(" ")[1]))
        found = STORE.match(rest)
        if not found or self.refuses_flags:
            return b"", "NO"
        if found[2] == "+" and "\\Seen" in found[3]:
            self.seen.add(int(found[1]))
        return b"", "OK"

    def _search(self, rest: str) -> tuple[bytes, str]:
        asked = UIDS.search(rest.removeprefix("SEARCH"))
        every = range(1, len(self.mails) + 1)
        found = (
            [int(asked[1])]
            if asked
            else [number for number in every if number not in self.seen]
        )
        return f"* SEARCH {' '.join(map(str, found))}\r\n".encode(), "OK"

    def _fetch(self, uid: int) -> tuple[bytes, str]:
        raw = self.mails[uid - 1]
        head = f"* {uid} FETCH (UID {uid} FLAGS () RFC822.SIZE {len(raw)} "
        return f"{head}BODY[] {{{len(raw)}}}\r\n".encode() + raw + b")\r\n", "OK"


@contextmanager
def run_imap() -> Iterator[ImapServer]:
    """Yield a listening server whose box is empty."""
    box = ImapServer()

    class Talk(StreamRequestHandler):
        def handle(self) -> None:
            self.wfile.write(b"* OK IMAP4rev1 ready\r\n")
            for line in self.rfile:
                tag, _, command = line.decode().strip().partition(" ")
                box.asked.append(command)
                before, end = box.answer(command)
                self.wfile.write(before + f"{tag} {end} done\r\n".encode())
                if command == "LOGOUT":
                    return

    with ThreadingTCPServer((box.host, 0), Talk) as server:
        server.daemon_threads = True
        box.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield box
        finally:
            server.shutdown()
            thread.join()
