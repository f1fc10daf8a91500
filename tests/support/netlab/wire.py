"""The lab's internet: carries IP packets between hosts, late and with losses.

Runs as a process of its own, started by `lab.Lab`. Each host's only interface is
a TUN device whose other end is held here, so every packet passes through this
loop and no kernel `netem` is needed. It refuses nothing: a packet for an address
that nobody has is dropped in silence, as on the real internet.

Commands arrive on standard input, one JSON object per line
(`{"delay_ms": 25.0, "loss": 0.0}`), each answered with one JSON line. The end of
input ends the process, and with it all devices: a lab whose parent dies leaves
no wires behind.
"""

import contextlib
import fcntl
import heapq
import ipaddress
import json
import os
import random
import select
import struct
import subprocess
import sys
import time
from typing import Final

TUNSETIFF: Final = 0x400454CA
IFF_TUN: Final = 0x0001
IFF_NO_PI: Final = 0x1000
MTU: Final = 1500
QUEUE_PACKETS: Final = 20_000
"""In flight at once; beyond it packets are dropped, as a router's full queue does."""
BATCH: Final = 64
"""Packets read from one host before the others get their turn."""


def open_device(*, name: str, namespace: str) -> int:
    """Open one end of a TUN device whose other end is `eth0` of the namespace.

    The name matters: Chromium leaves interfaces called tun* out of its candidates.
    """
    device = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
    fcntl.ioctl(device, TUNSETIFF, struct.pack("16sH", name.encode(), IFF_TUN | IFF_NO_PI))
    subprocess.run(
        ["ip", "link", "set", name, "netns", namespace, "name", "eth0", "mtu", str(MTU)], check=True
    )
    return device


def destination(packet: bytes) -> bytes:
    """Return the packed destination address of an IPv4 or IPv6 packet."""
    return packet[16:20] if packet[0] >> 4 == 4 else packet[24:40]


class Wire:
    """Packets in flight between the hosts' devices."""

    def __init__(self, routes: dict[bytes, int]) -> None:
        self.routes = routes
        self.delay_s = 0.0
        self.loss = 0.0
        self.carried = 0
        self.lost = 0
        self.overflowed = 0
        self._queue: list[tuple[float, int, int, bytes]] = []

    def seconds_until_due(self) -> float | None:
        if not self._queue:
            return None
        return max(0.0, self._queue[0][0] - time.monotonic())

    def take_from(self, device: int) -> None:
        for _ in range(BATCH):
            try:
                packet = os.read(device, MTU + 64)
            except BlockingIOError:
                return
            out = self.routes.get(destination(packet))
            if out is None:
                continue
            if self.loss and random.random() < self.loss:
                self.lost += 1
            elif len(self._queue) >= QUEUE_PACKETS:
                self.overflowed += 1
            else:
                self.carried += 1
                due = time.monotonic() + self.delay_s
                heapq.heappush(self._queue, (due, self.carried, out, packet))

    def deliver_due(self) -> None:
        now = time.monotonic()
        while self._queue and self._queue[0][0] <= now:
            _, _, out, packet = heapq.heappop(self._queue)
            # A device that is down refuses; its host is unplugged.
            with contextlib.suppress(OSError):
                os.write(out, packet)

    def command(self, line: bytes) -> dict[str, int]:
        wanted = json.loads(line)
        self.delay_s = float(wanted["delay_ms"]) / 1000
        self.loss = float(wanted["loss"])
        return {"carried": self.carried, "lost": self.lost, "overflowed": self.overflowed}


def run_first() -> None:
    """Ask to run before ordinary processes: a busy machine must not lengthen the wire."""
    with contextlib.suppress(PermissionError):
        os.sched_setscheduler(0, os.SCHED_RR, os.sched_param(1))


def main(arguments: list[str]) -> None:
    """Serve hosts given as `NAMESPACE=DEVICE=ADDRESS[,ADDRESS...]`."""
    routes: dict[bytes, int] = {}
    devices: list[int] = []
    for argument in arguments:
        namespace, name, addresses = argument.split("=")
        device = open_device(name=name, namespace=namespace)
        devices.append(device)
        routes |= {ipaddress.ip_address(each).packed: device for each in addresses.split(",")}
    wire = Wire(routes)
    run_first()
    print(json.dumps({"ready": True}), flush=True)
    commands = sys.stdin.fileno()
    while True:
        ready, _, _ = select.select([*devices, commands], [], [], wire.seconds_until_due())
        for source in ready:
            if source != commands:
                wire.take_from(source)
        wire.deliver_due()
        if commands in ready:
            line = sys.stdin.buffer.readline()
            if not line:
                return
            print(json.dumps(wire.command(line)), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
