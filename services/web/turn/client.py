"""A small TURN client (RFC 8656) for probes and tests: what a browser does, one step at a time.

Owns: one 5-tuple to one server, over UDP or TCP. Every wait has a time-out and
every refusal is a `TurnRefused` with the server's code. Messages are coded and
decoded by aioice; its own TURN client gives no way to ask for a permission alone.
"""

import asyncio
import hashlib
from collections.abc import Callable
from enum import StrEnum
from types import TracebackType
from typing import Any, Final, Self

from aioice import stun

Address = tuple[str, int]

_UDP: Final = 17
_FAMILIES: Final = {4: 1, 6: 2}
_RETRANSMIT_S: Final = (0.1, 0.2, 0.4, 0.8, 1.6)
_STUN_HEADER: Final = 20
_CHANNEL_HEADER: Final = 4
_UNAUTHORIZED: Final = 401
_STALE_NONCE: Final = 438
_QUEUE: Final = 64

# RFC 8656, section 18.1; aioice asks for no family and does not know it.
_FAMILY: Final = (0x0017, "REQUESTED-ADDRESS-FAMILY", stun.pack_unsigned, stun.unpack_unsigned)
stun.ATTRIBUTES_BY_TYPE.setdefault(_FAMILY[0], _FAMILY)
stun.ATTRIBUTES_BY_NAME.setdefault(_FAMILY[1], _FAMILY)


class Transport(StrEnum):
    UDP = "udp"
    TCP = "tcp"


class TurnRefused(Exception):
    """The server answered no."""

    def __init__(self, code: int) -> None:
        super().__init__(f"TURN error {code}")
        self.code = code


class TurnClient:
    """`async with TurnClient(...) as client: await client.allocate()`."""

    def __init__(
        self,
        *,
        host: str,
        port: int,
        transport: Transport = Transport.UDP,
        username: str | None = None,
        credential: str | None = None,
        timeout_s: float = 2.0,
    ) -> None:
        self._host = host
        self._port = port
        self._transport = transport
        self._username = username
        self._credential = credential
        self._timeout_s = timeout_s
        self._key: bytes | None = None
        self._realm: str | None = None
        self._nonce: bytes | None = None
        self._channel: _Datagrams | _Stream | None = None
        self._waiting: dict[bytes, asyncio.Future[stun.Message]] = {}
        self._data: asyncio.Queue[tuple[Address, bytes]] = asyncio.Queue(_QUEUE)
        self._allocated = False
        self.relayed: Address | None = None
        self.mapped: Address | None = None

    async def __aenter__(self) -> Self:
        """Raises OSError and TimeoutError."""
        loop = asyncio.get_running_loop()
        channel: _Datagrams | _Stream
        async with asyncio.timeout(self._timeout_s):
            if self._transport is Transport.UDP:
                channel = _Datagrams(self._receive, self._lose)
                await loop.create_datagram_endpoint(
                    lambda: channel, remote_addr=(self._host, self._port)
                )
            else:
                channel = _Stream(self._receive, self._lose)
                await loop.create_connection(lambda: channel, self._host, self._port)
        self._channel = channel
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            if self._allocated:
                await self.refresh(0)
        except (TurnRefused, TimeoutError, OSError):
            pass  # the server lets go of it by itself
        finally:
            if self._channel is not None:
                self._channel.close()

    async def bind(self) -> Address:
        """A STUN Binding: how the server sees this client."""
        answer = await self._exchange(stun.Method.BINDING, {})
        return _address(answer, "XOR-MAPPED-ADDRESS")

    async def allocate(
        self, *, lifetime_s: int = 600, family: int | None = None, protocol: int = _UDP
    ) -> Address:
        """The relayed address. Raises TurnRefused, TimeoutError, OSError.

        `family`: 4 or 6, to ask for one; `protocol`: the IP protocol of the relay.
        """
        attributes: dict[str, Any] = {
            "REQUESTED-TRANSPORT": protocol << 24,
            "LIFETIME": lifetime_s,
        }
        if family is not None:
            attributes["REQUESTED-ADDRESS-FAMILY"] = _FAMILIES[family] << 24
        answer = await self._authenticated(stun.Method.ALLOCATE, attributes)
        self._allocated = True
        self.relayed = _address(answer, "XOR-RELAYED-ADDRESS")
        self.mapped = _address(answer, "XOR-MAPPED-ADDRESS")
        return self.relayed

    async def refresh(self, lifetime_s: int = 600) -> None:
        await self._authenticated(stun.Method.REFRESH, {"LIFETIME": lifetime_s})
        self._allocated = lifetime_s > 0

    async def permit(self, peer: Address) -> None:
        """CreatePermission."""
        await self._authenticated(stun.Method.CREATE_PERMISSION, {"XOR-PEER-ADDRESS": peer})

    async def bind_channel(self, peer: Address, *, number: int = 0x4000) -> None:
        await self._authenticated(
            stun.Method.CHANNEL_BIND, {"CHANNEL-NUMBER": number, "XOR-PEER-ADDRESS": peer}
        )

    def send(self, peer: Address, data: bytes) -> None:
        """A Send indication: like a datagram, nobody says whether it arrives."""
        self._write(
            stun.Message(
                message_method=stun.Method.SEND,
                message_class=stun.Class.INDICATION,
                attributes={"XOR-PEER-ADDRESS": peer, "DATA": data},
            )
        )

    async def receive(self) -> tuple[Address, bytes]:
        """The next datagram from a permitted peer. Raises TimeoutError."""
        async with asyncio.timeout(self._timeout_s):
            return await self._data.get()

    async def _authenticated(self, method: stun.Method, attributes: dict[str, Any]) -> stun.Message:
        try:
            return await self._exchange(method, attributes)
        except _Challenge as challenge:
            if self._username is None or self._credential is None:
                raise TurnRefused(challenge.code) from None
            self._realm, self._nonce = challenge.realm, challenge.nonce
            text = f"{self._username}:{self._realm}:{self._credential}"
            # The long-term key is defined over MD5 (RFC 8489, section 9.2.2).
            self._key = hashlib.md5(text.encode(), usedforsecurity=False).digest()
        try:
            return await self._exchange(method, attributes)
        except _Challenge as challenge:
            raise TurnRefused(challenge.code) from None

    async def _exchange(self, method: stun.Method, attributes: dict[str, Any]) -> stun.Message:
        request = stun.Message(
            message_method=method, message_class=stun.Class.REQUEST, attributes=dict(attributes)
        )
        if self._key is not None and method is not stun.Method.BINDING:
            request.attributes |= {
                "USERNAME": self._username,
                "REALM": self._realm,
                "NONCE": self._nonce,
            }
            request.add_message_integrity(self._key)
        answer = await self._ask(request)
        if answer.message_class is stun.Class.RESPONSE:
            return answer
        code = answer.error_code or 500
        known = self._nonce
        nonce = answer.attributes.get("NONCE")
        is_challenge = code == _STALE_NONCE or (code == _UNAUTHORIZED and known is None)
        if is_challenge and nonce is not None:
            raise _Challenge(code, str(answer.attributes.get("REALM", self._realm)), nonce)
        raise TurnRefused(code)

    async def _ask(self, request: stun.Message) -> stun.Message:
        answer: asyncio.Future[stun.Message] = asyncio.get_running_loop().create_future()
        self._waiting[request.transaction_id] = answer
        try:
            async with asyncio.timeout(self._timeout_s):
                self._write(request)
                if self._transport is Transport.UDP:
                    for pause_s in _RETRANSMIT_S:
                        done, _ = await asyncio.wait({answer}, timeout=pause_s)
                        if done:
                            break
                        self._write(request)
                return await answer
        finally:
            del self._waiting[request.transaction_id]

    def _write(self, message: stun.Message) -> None:
        if self._channel is None:
            raise ConnectionError("the client is not connected")
        self._channel.write(bytes(message))

    def _receive(self, frame: bytes) -> None:
        try:
            message = stun.parse_message(frame)
        except ValueError:
            return  # not STUN: nothing of ours
        if message.message_method is stun.Method.DATA:
            if not self._data.full():
                self._data.put_nowait(
                    (message.attributes["XOR-PEER-ADDRESS"], message.attributes["DATA"])
                )
            return
        waiting = self._waiting.get(message.transaction_id)
        if waiting is not None and not waiting.done():
            waiting.set_result(message)

    def _lose(self, error: OSError) -> None:
        for waiting in self._waiting.values():
            if not waiting.done():
                waiting.set_exception(error)


class _Challenge(Exception):
    def __init__(self, code: int, realm: str, nonce: bytes) -> None:
        super().__init__(code)
        self.code = code
        self.realm = realm
        self.nonce = nonce


class _Datagrams(asyncio.DatagramProtocol):
    def __init__(self, receive: Callable[[bytes], None], lose: Callable[[OSError], None]) -> None:
        self._receive = receive
        self._lose = lose
        self._transport: asyncio.DatagramTransport | None = None

    def connection_made(self, transport: asyncio.DatagramTransport) -> None:  # type: ignore[override]
        self._transport = transport

    def datagram_received(self, data: bytes, addr: object) -> None:
        self._receive(data)

    def error_received(self, exc: Exception) -> None:
        if isinstance(exc, OSError):
            self._lose(exc)

    def write(self, data: bytes) -> None:
        if self._transport is not None:
            self._transport.sendto(data)

    def close(self) -> None:
        if self._transport is not None:
            self._transport.close()


class _Stream(asyncio.Protocol):
    """STUN over TCP: messages carry their own length, padded to four bytes."""

    def __init__(self, receive: Callable[[bytes], None], lose: Callable[[OSError], None]) -> None:
        self._receive = receive
        self._lose = lose
        self._transport: asyncio.Transport | None = None
        self._buffer = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        if isinstance(transport, asyncio.Transport):
            self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        while len(self._buffer) >= _CHANNEL_HEADER:
            size = int.from_bytes(self._buffer[2:4], "big")
            is_channel = self._buffer[0] >= 0x40
            length = _CHANNEL_HEADER + (size + 3) // 4 * 4 if is_channel else _STUN_HEADER + size
            if len(self._buffer) < length:
                return
            frame, self._buffer = self._buffer[:length], self._buffer[length:]
            self._receive(frame)

    def connection_lost(self, exc: Exception | None) -> None:
        self._lose(ConnectionResetError("the TURN server closed the connection"))

    def write(self, data: bytes) -> None:
        if self._transport is not None:
            self._transport.write(data)

    def close(self) -> None:
        if self._transport is not None:
            self._transport.close()


def _address(message: stun.Message, name: str) -> Address:
    address: Address | None = message.attributes.get(name)
    if address is None:
        raise TurnRefused(500)
    return address
