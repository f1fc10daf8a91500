"""The product's relay configuration in a real coturn: who gets in, and where nobody gets to."""

import asyncio
import subprocess
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from datetime import timedelta
from pathlib import Path

import pytest

from tests.support.coturn import LocalCoturn
from turn.client import Transport, TurnClient, TurnRefused
from turn.credentials import TurnCredential, mint
from turn.probe import Cause, probe

# Marks S14 of research: special-purpose ranges of IPv4.
FORBIDDEN_V4 = [
    "0.0.0.0", "0.1.2.3", "10.0.0.1", "10.255.255.255", "100.64.0.1", "100.100.100.200",
    "100.127.255.255", "127.0.0.1", "127.255.255.254", "169.254.169.254", "172.16.0.1",
    "172.17.0.1", "172.31.255.255", "192.0.0.1", "192.0.2.250", "192.88.99.1", "192.168.0.1",
    "192.168.255.255", "198.18.0.1", "198.19.255.255", "198.51.100.1", "203.0.113.1",
    "224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255", "168.63.129.16",
]  # fmt: skip
FORBIDDEN_V6 = [
    "::", "::1", "::ffff:10.0.0.1", "::ffff:127.0.0.1", "::ffff:169.254.169.254", "64:ff9b::a00:1",
    "100::1", "2001::1", "2001:db8::1", "2002:a00:1::1", "fc00::1", "fd00::1", "fdff::1",
    "fe80::1", "febf::1", "fec0::1", "ff02::1",
]  # fmt: skip


@pytest.fixture(scope="module")
def turn(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalCoturn]:
    with LocalCoturn(tmp_path_factory.mktemp("turn")) as coturn:
        yield coturn


def credential(
    turn: LocalCoturn,
    *,
    subject: str = "alice",
    ttl_s: int = 60,
    ago_s: float = 0,
    secret: str | None = None,
) -> TurnCredential:
    return mint(
        secret=secret or turn.secret,
        subject=subject,
        ttl=timedelta(seconds=ttl_s),
        now=time.time() - ago_s,
    )


def client(
    turn: LocalCoturn,
    *,
    transport: Transport = Transport.UDP,
    username: str | None = None,
    password: str | None = None,
    subject: str = "alice",
) -> TurnClient:
    fresh = credential(turn, subject=subject)
    return TurnClient(
        host=turn.host,
        port=turn.port,
        transport=transport,
        username=username or fresh.username,
        credential=password or fresh.credential,
    )


@pytest.fixture
async def alice(turn: LocalCoturn) -> AsyncIterator[TurnClient]:
    async with client(turn) as connected:
        await connected.allocate()
        yield connected


@pytest.mark.parametrize("transport", list(Transport))
async def test_a_fresh_credential_gets_a_relay(turn: LocalCoturn, transport: Transport) -> None:
    async with client(turn, transport=transport) as connected:
        address, port = await connected.allocate()
        assert address == turn.host
        assert turn.relay.min_port <= port <= turn.relay.max_port
        assert connected.mapped is not None
        assert not connected.mapped[0].startswith("127.")
        await connected.refresh()


async def refusal(turn: LocalCoturn, *, username: str | None, password: str | None) -> int:
    async with TurnClient(
        host=turn.host, port=turn.port, username=username, credential=password
    ) as connected:
        with pytest.raises(TurnRefused) as refused:
            await connected.allocate()
        return refused.value.code


async def test_an_expired_credential_is_refused(turn: LocalCoturn) -> None:
    old = credential(turn, ttl_s=60, ago_s=61.5)
    assert await refusal(turn, username=old.username, password=old.credential) == 401


async def test_a_credential_is_good_until_just_before_its_end(turn: LocalCoturn) -> None:
    late = credential(turn, ttl_s=60, ago_s=57)
    async with client(turn, username=late.username, password=late.credential) as connected:
        await connected.allocate()


async def test_an_altered_user_name_is_refused(turn: LocalCoturn) -> None:
    good = credential(turn)
    assert await refusal(turn, username=f"{good.username}x", password=good.credential) == 401
    later = f"{good.expires_at + 3600}:alice"
    assert await refusal(turn, username=later, password=good.credential) == 401


async def test_another_persons_password_is_refused(turn: LocalCoturn) -> None:
    mine, theirs = credential(turn), credential(turn, subject="bob")
    assert await refusal(turn, username=mine.username, password=theirs.credential) == 401


async def test_another_secret_is_refused(turn: LocalCoturn) -> None:
    forged = credential(turn, secret="f" * 64)
    assert await refusal(turn, username=forged.username, password=forged.credential) == 401


async def test_without_a_credential_there_is_no_relay(turn: LocalCoturn) -> None:
    assert await refusal(turn, username=None, password=None) == 401


async def test_anybody_may_ask_for_their_own_address(turn: LocalCoturn) -> None:
    async with client(turn) as connected:
        address, _ = await connected.bind()
        assert address == turn.host


@pytest.mark.parametrize("address", FORBIDDEN_V4)
async def test_no_permission_reaches_into_a_special_range(alice: TurnClient, address: str) -> None:
    with pytest.raises(TurnRefused) as refused:
        await alice.permit((address, 53))
    assert refused.value.code == 403


@pytest.mark.parametrize("address", FORBIDDEN_V4)
async def test_no_channel_reaches_into_a_special_range(alice: TurnClient, address: str) -> None:
    with pytest.raises(TurnRefused) as refused:
        await alice.bind_channel((address, 53))
    assert refused.value.code == 403


@pytest.mark.parametrize("address", FORBIDDEN_V6)
async def test_an_ipv4_relay_reaches_nothing_in_ipv6(alice: TurnClient, address: str) -> None:
    for ask in (alice.permit, alice.bind_channel):
        with pytest.raises(TurnRefused) as refused:
            await ask((address, 53))
        assert refused.value.code in (403, 443)


async def test_there_is_no_ipv6_relay(turn: LocalCoturn) -> None:
    async with client(turn) as connected:
        with pytest.raises(TurnRefused) as refused:
            await connected.allocate(family=6)
        assert refused.value.code == 440


async def test_there_is_no_tcp_relay(turn: LocalCoturn) -> None:
    async with client(turn, transport=Transport.TCP) as connected:
        with pytest.raises(TurnRefused) as refused:
            await connected.allocate(protocol=6)
        assert refused.value.code in (403, 442)


async def test_a_public_address_is_allowed(alice: TurnClient) -> None:
    await alice.permit(("8.8.8.8", 9))
    await alice.bind_channel(("8.8.4.4", 9))


@pytest.mark.parametrize("transport", list(Transport))
async def test_two_people_on_this_relay_reach_each_other(
    turn: LocalCoturn, transport: Transport
) -> None:
    async with AsyncExitStack() as stack:
        one = await stack.enter_async_context(client(turn, transport=transport))
        two = await stack.enter_async_context(client(turn, subject="bob"))
        first, second = await one.allocate(), await two.allocate()
        await one.permit(second)
        await two.permit(first)
        one.send(second, b"to bob")
        assert await two.receive() == (first, b"to bob")
        two.send(first, b"to alice")
        assert await one.receive() == (second, b"to alice")


async def test_nothing_is_relayed_without_a_permission(turn: LocalCoturn) -> None:
    async with AsyncExitStack() as stack:
        one = await stack.enter_async_context(client(turn))
        two = await stack.enter_async_context(client(turn, subject="bob"))
        first, second = await one.allocate(), await two.allocate()
        await one.permit(second)
        one.send(second, b"unasked")
        with pytest.raises(TimeoutError):
            await two.receive()
        await two.permit(first)
        one.send(second, b"asked")
        assert (await two.receive())[1] == b"asked"


async def test_the_quota_counts_one_person_over_all_credentials(tmp_path: Path) -> None:
    with LocalCoturn(tmp_path, user_quota=3) as small:
        async with AsyncExitStack() as stack:
            for number in range(3):
                fresh = credential(small, ttl_s=60 + number)
                connected = await stack.enter_async_context(
                    client(small, username=fresh.username, password=fresh.credential)
                )
                await connected.allocate()
            fourth = await stack.enter_async_context(client(small))
            with pytest.raises(TurnRefused) as refused:
                await fourth.allocate()
            assert refused.value.code == 486
            other = await stack.enter_async_context(client(small, subject="bob"))
            await other.allocate()


async def test_expiry_ends_no_allocation_but_allows_no_new_one(turn: LocalCoturn) -> None:
    short = credential(turn, ttl_s=2)
    async with client(turn, username=short.username, password=short.credential) as connected:
        await connected.allocate()
        time.sleep(3.1)  # noqa: ASYNC251  (coturn's clock, not ours)
        await connected.refresh()
        await connected.permit(("8.8.8.8", 9))
    assert await refusal(turn, username=short.username, password=short.credential) == 401


async def turnadmin(*arguments: str) -> None:
    process = await asyncio.create_subprocess_exec(
        "turnadmin", *arguments, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    assert await process.wait() == 0


async def test_a_secret_is_added_and_taken_away_without_a_restart(tmp_path: Path) -> None:
    with LocalCoturn(tmp_path) as rotating:
        second = "ab" * 32
        database = str(rotating.relay.state_dir / "turndb")
        new = credential(rotating, secret=second)
        assert await refusal(rotating, username=new.username, password=new.credential) == 401
        for flag, allowed in (("-s", True), ("-X", False)):
            await turnadmin(flag, second, "-r", rotating.relay.realm, "-b", database)
            fresh = credential(rotating, secret=second)
            if allowed:
                async with client(
                    rotating, username=fresh.username, password=fresh.credential
                ) as connected:
                    await connected.allocate()
            else:
                code = await refusal(rotating, username=fresh.username, password=fresh.credential)
                assert code == 401
        async with client(rotating) as connected:
            await connected.allocate()


async def test_the_log_names_no_person_and_no_secret(turn: LocalCoturn) -> None:
    async with client(turn) as connected:
        await connected.allocate()
        assert connected.mapped is not None
        own = f"{connected.mapped[0]}:{connected.mapped[1]}"
    assert own not in turn.output()
    assert turn.secret not in turn.output()
    assert "Bad configuration format" not in turn.output()


@pytest.mark.parametrize("transport", list(Transport))
async def test_the_probe_says_why_it_failed(
    turn: LocalCoturn, tmp_path: Path, transport: Transport
) -> None:
    async def cause(
        *, port: int = turn.port, secret: str = turn.secret, host: str = turn.host
    ) -> Cause:
        return (
            await probe(host=host, port=port, secret=secret, transport=transport, timeout_s=1.0)
        ).cause

    assert await cause() is Cause.OK
    assert await cause(secret="f" * 64) is Cause.CREDENTIAL
    assert await cause(host="nowhere.invalid") is Cause.DNS
    with LocalCoturn(tmp_path) as stopped:
        port = stopped.port
    assert await cause(port=port) is Cause.UNREACHABLE


async def test_a_silent_server_is_a_timeout_and_leaves_nothing_open(tmp_path: Path) -> None:
    import socket

    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as deaf:
        deaf.bind(("127.0.0.1", 0))
        result = await probe(
            host="127.0.0.1",
            port=deaf.getsockname()[1],
            secret="f" * 64,
            transport=Transport.UDP,
            timeout_s=0.4,
        )
    assert result.cause is Cause.TIMEOUT
    assert 300 <= result.elapsed_ms < 1500
