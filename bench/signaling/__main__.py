"""Signalling under load: the product beside bare hubs on Daphne and Node, and socket.io.

Loopback only. Each server is pinned to the last core and the load to the first.
Parts: `busy` (connect, set-ups, 200 calls at once, throughput, 245 messages/s), `across`
(two processes over Redis), `idle` (memory and CPU of sockets that say nothing),
`flood` (four attackers beside forty people). Absolute numbers are this machine's;
ratios to the floors of the same run are what can be compared.
"""

import sys
import tempfile
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

from bench.signaling import measures
from bench.signaling.contenders import (
    ADDRESS,
    Contender,
    daphne_floor,
    node_floor,
    product,
    socketio_floor,
)
from bench.support.numbers import Mark
from bench.support.processes import allow_many_sockets, free_port
from bench.support.product import Product
from bench.support.redis import redis_server
from bench.support.report import Report, parser, progress, table

PARTS = ["busy", "across", "idle", "flood"]
MISSING = float("nan")


def run_busy(report: Report, contenders: list[Contender], scale: measures.Scale) -> None:
    results: dict[str, dict[str, Any]] = {}
    for contender in contenders:
        progress(f"busy: {contender.name}")
        messages = "batched" if contender.dialect == "product" else "trickled"
        results[contender.name] = measures.busy(contender, scale, messages=messages)
    report.data["busy"] = results
    heads = ["server", "CPU ms to connect and join", "CPU ms per set-up", "burst msg/s"]
    heads += ["burst p99 ms", "lost", "closed loop msg/s", "CPU us/msg", "245/s p50 ms", "p99 ms"]
    rows = [
        [
            name,
            one["connect_cpu_ms"],
            one["setup_cpu_ms"],
            one["burst"]["per_second"],
            one["burst"]["ms"]["p99"],
            one["burst"]["lost"],
            one["closed"]["per_second"],
            one["closed_cpu_us"],
            one["paced"]["ms"]["p50"],
            one["paced"]["ms"]["p99"],
        ]
        for name, one in results.items()
    ]
    report.show(table(heads, rows))
    report.show("A set-up is 30 messages on the floors, 4 batched ones in Traverse.\n")
    ours = results.get("Traverse")
    if ours is None:
        return
    throughput = ours["closed"]["per_second"]
    for name, one in results.items():
        if name != "Traverse":
            ratio = throughput / one["closed"]["per_second"]
            report.show(f"throughput, Traverse / {name}: {ratio:.3f}")
    burst = ours["burst"]
    report.mark(Mark("R1: 200 calls at once, lost", burst["lost"], 0))
    report.mark(Mark("R1: 200 calls at once, p99", burst["ms"]["p99"], 1000, "ms"))
    report.mark(Mark("R1: messages per second", burst["per_second"], 5000, "/s", at_least=True))
    report.mark(Mark("throughput of one process", throughput, 5000, "/s", at_least=True))
    report.mark(Mark("CPU to connect and join, per person", ours["connect_cpu_ms"], 2.0, "ms"))
    theirs = results.get("socket.io")
    limit = theirs["setup_cpu_ms"] if theirs else MISSING
    report.mark(Mark("CPU of a set-up, against socket.io's", ours["setup_cpu_ms"], limit, "ms"))


def run_idle(report: Report, contenders: list[Contender], scale: measures.Scale) -> None:
    results: dict[str, dict[str, Any]] = {}
    for contender in contenders:
        progress(f"idle: {contender.name}")
        results[contender.name] = measures.idle(contender, scale)
    report.data["idle"] = results
    heads = ["server", "kB per socket", "CPU %", "closed", "handshake p50 ms", "p99 ms"]
    rows = [
        [name, one["kb_per_socket"], one["cpu_percent"], one["closed"]]
        + [one["connect"]["handshake_ms"][key] for key in ("p50", "p99")]
        for name, one in results.items()
    ]
    report.show(f"\n{scale.idle_sockets} sockets, idle for {scale.idle_seconds:.0f} s:")
    report.show(table(heads, rows))
    if ours := results.get("Traverse"):
        report.mark(Mark("R3: memory per idle socket", ours["kb_per_socket"], 35, "kB"))
        report.mark(Mark("R3: CPU while idle", ours["cpu_percent"], 2, "%"))
        report.mark(Mark("R3: idle sockets closed", ours["closed"], 0))


def run_flood(report: Report, contenders: list[Contender], scale: measures.Scale) -> None:
    results: dict[str, dict[str, Any]] = {}
    for contender in contenders:
        progress(f"flood: {contender.name}")
        results[contender.name] = measures.flood(contender, scale)
    report.data["flood"] = results
    heads = ["server", "attack frames/s", "cuts", "cut after p50 ms", "max ms", "RSS + MB"]
    heads += ["others p50 ms, calm", "others p50 ms", "others p99 ms", "others lost"]
    rows = [
        [
            name,
            one["attack"]["per_second"],
            one["attack"]["cuts"],
            one["attack"]["cut_ms"]["p50"],
            one["attack"]["cut_ms"]["max"],
            one["rss_growth_mb"],
            one["calm"]["ms"]["p50"],
            one["victims"]["ms"]["p50"],
            one["victims"]["ms"]["p99"],
            one["victims"]["lost"],
        ]
        for name, one in results.items()
    ]
    report.show("\nFour sockets send 1 kB frames without end, and return when cut:")
    report.show(table(heads, rows))
    if ours := results.get("Traverse"):
        cut = ours["attack"]["cut_ms"]["max"]
        report.mark(Mark("S4: growth of memory", ours["rss_growth_mb"], 64, "MB"))
        report.mark(Mark("S4: attackers cut after", MISSING if cut is None else cut, 1000, "ms"))
        report.mark(Mark("S4: others' p99", ours["victims"]["ms"]["p99"], 100, "ms"))
        report.mark(Mark("S4: others' messages lost", ours["victims"]["lost"], 0))


def run_across(report: Report, instance: Product, scale: measures.Scale) -> None:
    progress("across: two processes")
    with redis_server(instance.directory) as url:
        shared = replace(instance, redis_url=url)
        first = product(shared, iter(shared.seed({"rooms": scale.pairs, "seats": 2})["rooms"]))
        port = free_port()
        second = replace(first, name="second", port=port, command=shared.command_on(port))
        result = measures.across(first, second, scale)
    report.data["across"] = result
    report.show("\nTwo processes, 245 messages/s, every pair across them:")
    heads = ["p50 ms", "p99 ms", "max ms", "lost", "CPU us/msg, both"]
    times = result["ms"]
    report.show(
        table(heads, [[times["p50"], times["p99"], times["max"], result["lost"], result["cpu_us"]]])
    )
    report.mark(Mark("R2: two processes, p50", times["p50"], 2, "ms"))
    report.mark(Mark("R2: two processes, p99", times["p99"], 10, "ms"))
    report.mark(Mark("R2: two processes, lost", result["lost"], 0))


def main() -> int:
    arguments = parser(__doc__)
    arguments.add_argument("--part", nargs="+", choices=PARTS, default=PARTS)
    arguments.add_argument("--quick", action="store_true", help="a tenth of the time and the crowd")
    arguments.add_argument("--floors-only", action="store_true")
    arguments.add_argument("--keep", type=Path, metavar="DIR", help="keep logs here")
    options = arguments.parse_args()
    allow_many_sockets()
    report = Report("signaling")
    scale = measures.Scale()
    if options.quick:
        scale = measures.Scale(
            idle_sockets=400, idle_seconds=10, paced_seconds=5, closed_seconds=2, flood_seconds=4
        )
    with ExitStack() as stack:
        directory: Path = options.keep or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        contenders = [daphne_floor(), node_floor()]
        if "busy" in options.part and (socketio := socketio_floor(directory)):
            contenders.append(socketio)
        if not options.floors_only:
            instance = Product(directory=directory, address=ADDRESS, port=free_port())
            instance.prepare()
            rooms = instance.seed({"rooms": scale.rooms, "seats": 2})["rooms"]
            contenders.append(product(instance, iter(rooms)))
        plain = [each for each in contenders if each.dialect != "socketio"]
        if "busy" in options.part:
            run_busy(report, contenders, scale)
        if "across" in options.part and not options.floors_only:
            run_across(report, instance, scale)
        if "idle" in options.part:
            run_idle(report, plain, scale)
        if "flood" in options.part:
            run_flood(report, plain, scale)
    return report.finish(json_path=options.json)


if __name__ == "__main__":
    sys.exit(main())
