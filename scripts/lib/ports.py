"""Free ports, for shell scripts. Standard library only.

ports.py free PORT [ADDRESS]   exit status 1 when something listens there (TCP)
ports.py pick PORT ADDRESS     prints PORT, or another that is free for TCP and UDP
"""

import socket
import sys


def tcp_is_free(port: int, address: str) -> bool:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        # As the server does: what merely lingers from the last run is no obstacle.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        return _binds(probe, port, address)


def udp_is_free(port: int, address: str) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        return _binds(probe, port, address)


def pick(preferred: int, address: str) -> int:
    candidates = range(preferred, preferred + 100)
    for port in candidates:
        if tcp_is_free(port, address) and udp_is_free(port, address):
            return port
    raise SystemExit(f"no port between {preferred} and {candidates[-1]} is free")


def _binds(probe: socket.socket, port: int, address: str) -> bool:
    try:
        probe.bind((address, port))
        if probe.type == socket.SOCK_STREAM:
            probe.listen(1)
    except OSError:
        return False
    return True


def main(arguments: list[str]) -> int:
    command, port, address = arguments[0], int(arguments[1]), [*arguments[2:], "127.0.0.1"][0]
    if command == "pick":
        print(pick(port, address))
        return 0
    return 0 if tcp_is_free(port, address) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
