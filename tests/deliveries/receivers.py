"""The other ends of the wires: a real mail server, a real gateway slow, wrong or down when told."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.header import decode_header, make_header
from email.message import Message as Mail
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from time import sleep
from typing import Any

from aiosmtpd.controller import Controller

Answer = tuple[int, dict[str, str], bytes]


@dataclass
class Mailbox:
    """A mail server. ``answer`` says what it replies to the n-th mail."""

    port: int = 0
    mails: list[tuple[list[str], Mail]] = field(default_factory=list)
    answer: Callable[[int, str], str] = lambda number, to: "250 OK queued"
    asked: int = 0

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's
        """A mail arrives."""
        self.asked += 1
        said = self.answer(self.asked, envelope.rcpt_tos[0])
        if said.startswith("250"):
            self.mails.append((list(envelope.rcpt_tos), message_from_bytes(envelope.content)))
        return said

    def ids(self) -> list[str]:
        """Message-IDs in order of arrival."""
        return [str(mail["Message-ID"]) for _, mail in self.mails]


def subject_of(mail: Mail) -> str:
    return str(make_header(decode_header(mail["Subject"])))


def text_of(mail: Mail) -> str:
    payload = mail.get_payload(decode=True)
    assert isinstance(payload, bytes)
    return payload.decode()


@contextmanager
def mail_server() -> Iterator[Mailbox]:
    """A mail server on a free port."""
    box = Mailbox()
    controller = Controller(box, hostname="127.0.0.1", port=0)
    # aiosmtpd wants to know the port before it listens on it.
    with _free_port() as port:
        controller.port = box.port = port
    controller.start()
    yield box
    controller.stop()


@contextmanager
def _free_port() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        yield free.getsockname()[1]


@dataclass
class Gateway:
    """An HTTP gateway that remembers what it took. ``answer`` says what it replies to the n-th call."""

    url: str = ""
    taken: list[dict[str, Any]] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    answer: Callable[[int], Answer] = lambda number: (200, {}, b'{"error": 0}')
    wait: Callable[[int], float] = lambda number: 0.0
    asked: int = 0


@contextmanager
def http_server() -> Iterator[Gateway]:
    """A gateway on a free port."""
    gateway = Gateway()
    guard = threading.Lock()

    class Handler(BaseHTTPRequestHandler):
        """One call."""

        def do_POST(self) -> None:
            raw = self.rfile.read(int(self.headers["Content-Length"]))
            body = json.loads(raw)
            with guard:
                gateway.asked += 1
                number = gateway.asked
            status, headers, said = gateway.answer(number)
            if status < 300:
                with guard:
                    gateway.taken.append(body)
                    gateway.bodies.append(raw)
                    gateway.keys.append(self.headers["Idempotency-Key"])
                    gateway.headers.append(dict(self.headers))
            sleep(gateway.wait(number))  # the other side is slow on purpose
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(said)))
            self.end_headers()
            self.wfile.write(said)

        def log_message(self, format: str, *arguments: Any) -> None:
            """Say nothing."""

    class Server(ThreadingHTTPServer):
        """Whoever hung up hung up."""

        def handle_error(self, request: Any, client_address: Any) -> None:
            """Say nothing."""

    server = Server(("127.0.0.1", 0), Handler)
    gateway.url = f"http://127.0.0.1:{server.server_address[1]}/send"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield gateway
    server.shutdown()
    server.server_close()
    thread.join(5)
