"""What a stranger may send as HTTP before any page is asked."""

import contextlib
import socket
from collections.abc import Iterable, Iterator

import pytest

from signaling.http_guard import MAX_BODY_BYTES
from tests.support.server import TraverseServer

PIECE = b"a" * 65536
FORM = b"Content-Type: application/x-www-form-urlencoded\r\n"
UPGRADE = (
    b"Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
    b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
)


def answer(server: TraverseServer, head: bytes, body: Iterable[bytes] = ()) -> bytes:
    """The first line of what the server says; it may say it before all is sent."""
    host = f"Host: localhost:{server.port}\r\n".encode()
    first, _, headers = head.partition(b"\r\n")
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as connection:
        connection.sendall(first + b"\r\n" + host + headers + b"\r\n")
        with contextlib.suppress(OSError):
            for piece in body:
                connection.sendall(piece)
        return connection.recv(4096).partition(b"\r\n")[0]


def pieces(count: int, *, chunked: bool) -> Iterator[bytes]:
    for _ in range(count):
        yield b"%x\r\n%s\r\n" % (len(PIECE), PIECE) if chunked else PIECE
    if chunked:
        yield b"0\r\n\r\n"


@pytest.mark.parametrize("chunked", [False, True])
def test_a_huge_body_is_refused_before_it_is_kept(server: TraverseServer, chunked: bool) -> None:
    count = 1600
    framing = b"Transfer-Encoding: chunked" if chunked else b"Content-Length: %d" % (count * 65536)
    before = server.rss_kib()
    head = b"POST /accounts/login/ HTTP/1.1\r\n" + FORM + framing + b"\r\n"
    assert answer(server, head, pieces(count, chunked=chunked)) == b"HTTP/1.1 413 Content Too Large"
    assert server.rss_kib() - before < 16 * 1024


def test_a_body_of_lawful_size_reaches_the_site(server: TraverseServer) -> None:
    count = MAX_BODY_BYTES // len(PIECE)
    head = b"POST /accounts/login/ HTTP/1.1\r\n%sContent-Length: %d\r\n" % (FORM, MAX_BODY_BYTES)
    assert answer(server, head, pieces(count, chunked=False)).split()[1] in (b"400", b"403")


@pytest.mark.parametrize("value", [b"/elsewhere", b"//evil.example", b"\xff"])
def test_nobody_chooses_the_path_that_the_site_is_mounted_at(
    server: TraverseServer, value: bytes
) -> None:
    plain = b"GET /channels/ HTTP/1.1\r\nConnection: close\r\n"
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as connection:
        host = f"Host: localhost:{server.port}\r\n".encode()
        connection.sendall(plain + host + b"Daphne-Root-Path: " + value + b"\r\n\r\n")
        page = b"".join(iter(lambda: connection.recv(65536), b""))
    assert page.startswith(b"HTTP/1.1 302")
    assert b"Location: /accounts/login/?next=/channels/" in page


def test_subprotocols_beyond_ascii_are_a_bad_request(server: TraverseServer) -> None:
    head = b"GET /ws/rooms/x/ HTTP/1.1\r\n" + UPGRADE + b"Sec-WebSocket-Protocol: \xff, call.v1\r\n"
    assert answer(server, head) == b"HTTP/1.1 400 Bad Request"
