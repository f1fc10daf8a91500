"""One example of each kind of private value, and the part that must never be seen outside."""

from typing import Final

SDP: Final = (
    "v=0\r\no=- 4611731400430051336 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n"
    "a=ice-ufrag:Xk3f\r\na=ice-pwd:asd88fgpdd777uzjYhagZg\r\n"
    "a=fingerprint:sha-256 D2:FA:0E:C3:22:59:5E:14:95:69:92:3D:13:B4:84:24\r\n"
    "m=audio 9 UDP/TLS/RTP/SAVPF 111\r\n"
)

PRIVATE: Final[dict[str, tuple[str, tuple[str, ...]]]] = {
    "sdp": (SDP, ("asd88fgpdd777uzjYhagZg", "Xk3f", "D2:FA:0E", "SAVPF")),
    "sdp line": ("bad line a=ice-pwd:zzd88fgpdd777uzjYh", ("zzd88fgpdd777uzjYh",)),
    "candidate": (
        "candidate:842163049 1 udp 1677729535 93.184.216.34 46154 typ srflx raddr 10.0.0.5",
        ("842163049", "93.184.216.34", "46154", "10.0.0.5"),
    ),
    "mdns candidate": (
        "host 3fa85f64-5717-4562-b3fc-2c963f66afa6.local",
        ("3fa85f64-5717-4562-b3fc-2c963f66afa6",),
    ),
    "ipv4": ("from 93.184.216.77:51544 came", ("93.184.216.77", "51544")),
    "ipv6": ("from [2a02:8109:9c40::1f2e]:443 came", ("2a02:8109", "9c40::1f2e")),
    "short ipv6": ("peer fe80::abcd%eth0 gone", ("fe80::abcd",)),
    "mapped ipv6": ("peer ::ffff:93.184.216.99 gone", ("93.184.216.99",)),
    "e-mail": ("no account for quentin.rare+x@example.org here", ("quentin.rare", "example.org")),
    "turn credential": (
        "1795373683:gezdgnbvgy3tqojq pmpXlL2/Aw5vUY4R4wVs68OS6S8=",
        ("gezdgnbvgy3tqojq", "pmpXlL2/Aw5vUY4R4wVs68OS6S8"),
    ),
    "ticket": (
        "eyJyIjoiMDAwIn0:1tqXyz:kq0ZC5yyf3nNZ6aVgPzC1p3eZ8w",
        ("eyJyIjoiMDAwIn0", "kq0ZC5yyf3nNZ6aVgPzC1p3eZ8w"),
    ),
    "room link": ("/c/Zm9vYmFyYmF6cXV4cXV1eA/", ("Zm9vYmFyYmF6cXV4cXV1eA",)),
    "room id": ("room 6ba7b810-9dad-11d1-80b4-00c04fd430c8", ("6ba7b810-9dad",)),
    "bearer": ("Authorization: Bearer abc.def.ghi-short", ("abc.def.ghi-short",)),
    "cookie": ("Cookie: sessionid=k3jd83hd93", ("k3jd83hd93",)),
    "password": ("password=hunter2extra", ("hunter2extra",)),
    "address with a password": (
        "postgres://traverse:s3cr3tpw@db:5432/traverse",
        ("s3cr3tpw",),
    ),
    "query string": ("GET /accounts/reset?key=4-c2x&next=/x", ("4-c2x", "next=/x")),
    "private key": (
        "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBg\n-----END PRIVATE KEY-----",
        ("MIIEvQIBADANBg",),
    ),
}

NAME: Final = "Quentina Rarename"
"""A person's name: no pattern knows it."""
