"""Which hosts are answered and which origins may speak."""

import pytest

from core.site import Site, SiteInvalid


def test_a_site_knows_its_exact_origin() -> None:
    site = Site.parse("https://Call.Example.org:443/")
    assert site.base_url == "https://call.example.org"
    assert site.host == "call.example.org"
    assert site.hosts == ["call.example.org"]
    assert site.origins == ["https://call.example.org"]
    assert site.websocket_origins == ["wss://call.example.org"]
    assert site.secure


@pytest.mark.parametrize(
    "address", ["http://localhost:8000", "http://127.0.0.1:8000", "http://[::1]:8000"]
)
def test_this_machine_answers_to_all_its_own_names(address: str) -> None:
    site = Site.parse(address)
    assert site.base_url == address
    assert set(site.hosts) == {"localhost", "127.0.0.1", "[::1]"}
    assert set(site.origins) == {
        "http://localhost:8000",
        "http://127.0.0.1:8000",
        "http://[::1]:8000",
    }
    # A Content-Security-Policy has no way to write an IPv6 address.
    assert set(site.websocket_origins) == {"ws://localhost:8000", "ws://127.0.0.1:8000"}
    assert not site.secure


@pytest.mark.parametrize("host", ["call.example.org", "192.168.1.7", "[fd00::1]", "localhost.evil"])
def test_plain_http_elsewhere_is_refused_unless_asked_for(host: str) -> None:
    with pytest.raises(SiteInvalid, match="no camera"):
        Site.parse(f"http://{host}")
    assert Site.parse(f"http://{host}", allow_insecure=True).origins == [f"http://{host}"]


def test_more_origins_are_answered_as_exactly() -> None:
    site = Site.parse("https://a.example", extra_origins=["https://b.example:8443"])
    assert site.hosts == ["a.example", "b.example"]
    assert site.origins == ["https://a.example", "https://b.example:8443"]
    with pytest.raises(SiteInvalid, match="session cookie"):
        Site.parse("https://a.example", extra_origins=["http://localhost:3000"])


def test_a_name_outside_ascii_is_written_as_browsers_write_it() -> None:
    assert Site.parse("https://Bücher.example").origins == ["https://xn--bcher-kva.example"]


@pytest.mark.parametrize(
    "address",
    [
        "",
        "example.org",
        "ftp://example.org",
        "https://",
        "https://user@example.org",
        "https://example.org?x=1",
        "https://example.org#x",
        "https://example.org:99999",
        "https://exa mple.org",
        "https://*",
        "https://[zz]",
        "https://[::1",
    ],
)
def test_what_is_no_plain_origin_is_refused(address: str) -> None:
    with pytest.raises(SiteInvalid):
        Site.parse(address)
