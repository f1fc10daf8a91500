"""From the join click to the first frame of the other person, beside a bare page.

Two Chromiums on two hosts of a small internet with a settable delay; server and
coturn on a third. For each path (direct, relay only) and round trip the floor and
the product are called in turn; printed are median and 95th percentile of both,
their ratio, and the frames that one set-up sends through the server.

Needs root (network namespaces), Chromium and coturn.
"""

import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Error, sync_playwright

from bench.call_setup.browsers import launch
from bench.call_setup.calls import Call, alternating, open_floor, open_product
from bench.support import relay
from bench.support.numbers import Mark, median, percentile
from bench.support.product import WEB, Product, wait_until_up
from bench.support.report import ROOT, Report, parser, progress, table
from tests.support.netlab import Host, Lab, LabUnavailable

SERVER = "44.30.0.10"
HOSTS = [Host("server", SERVER), Host("a", "44.30.0.21"), Host("b", "44.30.0.22")]
PRODUCT_PORT = 8000
FLOOR_PORT = 8001
FRAMES_AT_MOST = 10
RELAY_RATIO = 1.25
LOBBY_S = 1.0
"""Before the click: people look at themselves first, and the relay is allocated meanwhile."""
SETTLE_S = 2.0
"""After the first frame: late candidates belong to the set-up, too."""


def direct_limit_ms(round_trip_ms: float) -> float:
    return 250 + 3.5 * round_trip_ms


@dataclass(slots=True)
class Series:
    """The runs of one page over one path."""

    times_ms: list[float] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    paths: Counter[str] = field(default_factory=Counter)
    steps: list[dict[str, float]] = field(default_factory=list)
    frames: list[dict[str, dict[str, int]]] = field(default_factory=list)
    timelines: list[list[tuple[float, str]]] = field(default_factory=list)
    """Each frame's time in ms after the click, and what it was."""

    @property
    def median(self) -> float:
        return median(self.times_ms)

    @property
    def p95(self) -> float:
        return percentile(self.times_ms, 0.95)

    def frames_from_clients(self) -> float:
        return median(
            [
                sum(sum(one.values()) for who, one in run.items() if "sent" in who)
                for run in self.frames
            ]
        )

    def frames_to_clients(self) -> float:
        return median(
            [
                sum(sum(one.values()) for who, one in run.items() if "received" in who)
                for run in self.frames
            ]
        )


def measure(call: Call, series: Series) -> None:
    call.joiner.page.wait_for_timeout(LOBBY_S * 1000)
    call.joiner.frames.clear()
    call.resident.frames.clear()
    call.click()
    call.joiner.wait_for_first("first frame")
    call.resident.wait_for_first("first frame")
    call.joiner.page.wait_for_timeout(SETTLE_S * 1000)
    joiner, resident = call.joiner.firsts(), call.resident.firsts()
    media = call.joiner.media()
    if media["decoded"] == 0:
        raise RuntimeError("no remote frame was decoded")
    click = joiner["click"]
    series.times_ms.append(joiner["first frame"] - click)
    series.paths[media["path"]] += 1
    series.steps.append(
        {f"joiner {name}": at - click for name, at in joiner.items() if at >= click}
        | {f"resident {name}": at - click for name, at in resident.items() if at >= click}
    )
    series.timelines.append(
        sorted(
            (at - click, f"{who} {way} {name}")
            for who, page in (("joiner", call.joiner), ("resident", call.resident))
            for at, way, name in page.timeline()
            if at >= click
        )
    )
    series.frames.append(
        {
            f"{who} {way}": dict(counted)
            for who, page in (("joiner", call.joiner), ("resident", call.resident))
            for way, counted in (("sent", page.frames.sent), ("received", page.frames.received))
        }
    )


@dataclass(slots=True)
class Bench:
    a: Browser
    b: Browser
    seeded: Any
    linked: bool
    rooms_used: int = 0

    def open(self, kind: str, *, relay_only: bool) -> Call:
        self.rooms_used += 1
        if kind == "floor":
            return open_floor(
                self.a,
                self.b,
                origin=f"http://{SERVER}:{FLOOR_PORT}",
                room=f"room-{self.rooms_used}",
                relay_only=relay_only,
                turn_host=SERVER,
                linked=self.linked,
            )
        return open_product(
            self.a,
            self.b,
            origin=f"http://{SERVER}:{PRODUCT_PORT}",
            slug=self.seeded["rooms"].pop()["slug"],
            sessions=self.seeded["sessions"],
            relay_only=relay_only,
        )

    def run_once(self, kind: str, series: Series, *, relay_only: bool) -> None:
        call: Call | None = None
        try:
            call = self.open(kind, relay_only=relay_only)
            measure(call, series)
        except (Error, TimeoutError, RuntimeError, KeyError) as error:
            series.failures.append(str(error).splitlines()[0])
            progress(f"  {kind} failed: {series.failures[-1]}")
        finally:
            for page in open_pages(call, self.a, self.b):
                page.close()


def open_pages(call: Call | None, *browsers: Browser) -> Sequence[Any]:
    if call is not None:
        return [call.joiner, call.resident]
    return [context for browser in browsers for context in browser.contexts]


def serve_floor(lab: Lab, directory: Path) -> None:
    configuration = relay.write_configuration(directory, address=SERVER)
    log = (directory / "coturn.log").open("wb")
    lab.start("server", ["turnserver", "-c", str(configuration)], output=log)
    script = str(ROOT / "bench" / "floors" / "call" / "server.py")
    lab.start("server", [sys.executable, script, SERVER, str(FLOOR_PORT)])
    wait_until_up(f"http://{SERVER}:{FLOOR_PORT}/", command=lab.command("server", []))


def serve_product(lab: Lab, product: Product, directory: Path) -> None:
    log = (directory / "web.log").open("wb")
    lab.start("server", product.command, env=product.environment, cwd=WEB, output=log)
    wait_until_up(f"{product.origin}/", command=lab.command("server", []))


def conclude(report: Report, results: dict[tuple[str, int], dict[str, Series]]) -> None:
    rows: list[list[object]] = []
    for (path, round_trip), pair in results.items():
        floor, product = pair["floor"], pair["product"]
        ratio = product.median / floor.median
        limit = direct_limit_ms(round_trip) if path == "direct" else RELAY_RATIO * floor.median
        name = f"{path} at {round_trip} ms"
        report.mark(Mark(f"{name}: first frame", product.median, limit, "ms"))
        report.mark(Mark(f"{name}: failed set-ups", len(product.failures), 0))
        times = [floor.median, floor.p95, product.median, product.p95]
        counts = [len(product.times_ms), len(product.failures), dict(product.paths)]
        rows.append([path, round_trip, *times, ratio, limit, *counts])
    heads = ["path", "rtt ms", "floor median", "floor p95", "product median", "product p95"]
    heads += ["ratio", "limit", "runs", "failed", "paths"]
    report.show(table(heads, rows))

    report.show("\nFrames through the server for one set-up (ping and pong left out):")
    for (path, round_trip), pair in results.items():
        product = pair["product"]
        name = f"{path} at {round_trip} ms: frames sent to the server"
        report.mark(Mark(name, product.frames_from_clients(), FRAMES_AT_MOST))
        if product.frames:
            report.show(
                f"{path} {round_trip} ms: {product.frames_from_clients():.0f} to the server, "
                f"{product.frames_to_clients():.0f} from it; last run: {product.frames[-1]}"
            )


def show_steps(report: Report, results: dict[tuple[str, int], dict[str, Series]]) -> None:
    """Show when each step came, in ms after the click: where the time goes."""
    for (path, round_trip), pair in results.items():
        names = sorted({name for series in pair.values() for run in series.steps for name in run})
        rows = []
        for name in names:
            both = [
                median([run[name] for run in pair[kind].steps if name in run])
                for kind in ("floor", "product")
            ]
            rows.append((both[1] if both[1] == both[1] else both[0], [name, *both]))
        report.show(f"\nSteps, {path} at {round_trip} ms (median ms after the click):")
        report.show(table(["step", "floor", "product"], [row for _, row in sorted(rows)]))


def main() -> int:
    arguments = parser(__doc__)
    arguments.add_argument("--runs", type=int, default=5, help="of each page on each path")
    arguments.add_argument("--rtt", type=int, nargs="+", default=[0, 50, 100], metavar="MS")
    arguments.add_argument(
        "--path", choices=["direct", "relay"], nargs="+", default=["direct", "relay"]
    )
    arguments.add_argument("--only", choices=["floor", "product"], help="leave the other out")
    arguments.add_argument(
        "--linked", action="store_true", help="let the floor connect its link before the click"
    )
    arguments.add_argument("--steps", action="store_true", help="show where the time goes")
    arguments.add_argument("--keep", type=Path, metavar="DIR", help="keep logs here")
    options = arguments.parse_args()
    report = Report("call_setup")
    results: dict[tuple[str, int], dict[str, Series]] = {}

    with ExitStack() as stack:
        if options.keep:
            options.keep.mkdir(parents=True, exist_ok=True)
        directory = options.keep or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        lab = stack.enter_context(Lab(HOSTS))
        product = Product(directory=directory, address=SERVER, port=PRODUCT_PORT, turn_host=SERVER)
        rounds = (options.runs + 1) * len(options.rtt) * len(options.path)
        seeded: Any = None
        if options.only != "floor":
            product.prepare()
            seeded = product.seed({"rooms": rounds})
            serve_product(lab, product, directory)
        serve_floor(lab, directory)
        playwright = stack.enter_context(sync_playwright())
        origins = [f"http://{SERVER}:{port}" for port in (PRODUCT_PORT, FLOOR_PORT)]
        browsers = [
            stack.enter_context(launch(playwright, lab, host=host, origins=origins))
            for host in ("a", "b")
        ]
        bench = Bench(browsers[0], browsers[1], seeded, options.linked)
        for path in options.path:
            for round_trip in options.rtt:
                pair = {"floor": Series(), "product": Series()}
                results[path, round_trip] = pair
                for number, order in alternating(options.runs + 1):
                    progress(f"{path}, {round_trip} ms, run {number} (0 warms up)")
                    for kind in order:
                        if options.only not in (None, kind):
                            continue
                        lab.conditions(round_trip_ms=round_trip)
                        series = pair[kind] if number else Series()
                        bench.run_once(kind, series, relay_only=path == "relay")
                lab.conditions()
    conclude(report, results)
    if options.steps:
        show_steps(report, results)
    report.data["series"] = [
        {"path": path, "round_trip_ms": round_trip, "page": kind, "times_ms": series.times_ms}
        | {"failures": series.failures, "steps": series.steps, "frames": series.frames}
        | {"timelines": series.timelines}
        for (path, round_trip), pair in results.items()
        for kind, series in pair.items()
    ]
    return report.finish(json_path=options.json)


if __name__ == "__main__":
    try:
        sys.exit(main())
    except LabUnavailable as problem:
        sys.exit(f"call_setup: {problem}")
