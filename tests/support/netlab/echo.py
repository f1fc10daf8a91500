"""Measures the wire: a UDP echo service and its client, for tests of the lab itself.

`echo.py serve` answers on port 7; `echo.py ask ADDRESS COUNT` prints the round
trips in milliseconds, sorted, as one JSON list; lost answers are left out.
"""

import contextlib
import json
import socket
import sys
import time
from typing import Final

PORT: Final = 7
TIMEOUT_S: Final = 0.5
PAUSE_S: Final = 0.005


def serve() -> None:
    with socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as service:
        service.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
        service.bind(("::", PORT))
        print("ready", flush=True)
        while True:
            data, sender = service.recvfrom(2048)
            service.sendto(data, sender)


def ask(address: str, count: int) -> list[float]:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    times: list[float] = []
    with socket.socket(family, socket.SOCK_DGRAM) as client:
        client.settimeout(TIMEOUT_S)
        client.connect((address, PORT))
        for number in range(count):
            question = number.to_bytes(4) * 250
            sent = time.monotonic()
            client.send(question)
            with contextlib.suppress(TimeoutError, ConnectionRefusedError):
                while client.recv(2048) != question:
                    continue
                times.append((time.monotonic() - sent) * 1000)
            time.sleep(PAUSE_S)
    return sorted(times)


if __name__ == "__main__":
    if sys.argv[1] == "serve":
        serve()
    else:
        print(json.dumps(ask(sys.argv[2], int(sys.argv[3]))))
