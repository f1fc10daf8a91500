"""TURN credentials over HTTP, one core: the product beside a bare view and FastAPI.

The bare view does the same HMAC on the same Daphne and nothing else; FastAPI does the
product's checks for a guest (ticket, room, limits) with the product's database, and is
installed into a throw-away environment. Requests come from many people, each within
their own limit.
"""

import json
import os
import subprocess
import sys
import tempfile
import venv
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from bench.support import relay
from bench.support.numbers import Mark, median
from bench.support.processes import Measured, free_port, pinned, wait_for_port
from bench.support.product import WEB, Product
from bench.support.report import ROOT, Report, parser, progress, table

ADDRESS = "127.0.0.1"
CONNECTIONS = 32
PER_PERSON = 25
"""Of the 30 requests a minute that one person has."""
PER_GUEST_ROOM = 20
FASTAPI_RATIO = 0.5
LOAD = Path(__file__).parent / "support" / "requests.mjs"
FLOORS = ROOT / "bench" / "floors"


def ask(port: int, path: str, headers: Sequence[Mapping[str, str]], seconds: float) -> Any:
    wanted = {"address": ADDRESS, "port": port, "path": path, "headers": headers}
    wanted |= {"connections": CONNECTIONS, "seconds": seconds}
    command = pinned(["node", str(LOAD)], core=0)
    result = subprocess.run(
        command, input=json.dumps(wanted).encode(), stdout=subprocess.PIPE, check=True
    )
    return json.loads(result.stdout)


def fastapi_python(directory: Path) -> Path | None:
    """None when FastAPI cannot be installed here; nothing of the project changes."""
    progress("installing FastAPI into a throw-away environment")
    home = directory / "fastapi"
    venv.create(home, with_pip=True)
    python = home / "bin" / "python"
    install = [str(python), "-m", "pip", "install", "-qq", "fastapi", "uvicorn[standard]"]
    return python if subprocess.run(install, check=False).returncode == 0 else None


def main() -> int:
    arguments = parser(__doc__)
    arguments.add_argument("--seconds", type=float, default=3.0, help="of each measurement")
    arguments.add_argument("--runs", type=int, default=3)
    arguments.add_argument("--guests", type=int, default=1000, help="guests whose limits are used")
    options = arguments.parse_args()
    report = Report("turn_credentials")
    with ExitStack() as stack:
        directory = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        port = free_port()
        product = Product(directory, ADDRESS, port, turn_host="relay.test")
        product.prepare()
        seeded = product.seed({"rooms": options.guests // PER_GUEST_ROOM, "seats": PER_GUEST_ROOM})
        tickets = [ticket for room in seeded["rooms"] for ticket in room["tickets"]]
        env = {"PATH": os.environ["PATH"], "SECRET": relay.SECRET}
        env["DATABASE"] = str(directory / "traverse.sqlite3")
        env["SECRET_KEY"] = product.environment["SECRET_KEY"]

        def start(command: list[str], port: int, **more: Any) -> Measured:
            server = stack.enter_context(Measured(command, core=1, **more))
            wait_for_port(port)
            return server

        log = (directory / "web.log").open("wb")
        start(product.command, port, env=product.environment, cwd=WEB, log=log)
        bare = free_port()
        daphne = [sys.executable, "-m", "daphne", "-b", ADDRESS, "-p", str(bare), "-v", "0"]
        start([*daphne, "credentials_asgi:application"], bare, env=env, cwd=FLOORS)
        fastapi = free_port()
        python = fastapi_python(directory)
        if python is not None:
            uvicorn = [str(python), "-m", "uvicorn", "--host", ADDRESS, "--port", str(fastapi)]
            quiet = ["--log-level", "warning", "credentials_fastapi:application"]
            start([*uvicorn, *quiet], fastapi, env=env, cwd=FLOORS)

        guests = [{"Authorization": f"Bearer {ticket}"} for ticket in tickets]
        path = "/api/v1/turn/credentials"
        contenders: dict[str, tuple[int, str, list[dict[str, str]]]]
        contenders = {"bare Daphne": (bare, "/", [{}]), "Traverse": (port, path, guests)}
        if python is not None:
            contenders["FastAPI"] = (fastapi, "/", guests)
        results: dict[str, list[Any]] = {name: [] for name in contenders}
        budget = len(guests) * PER_PERSON
        for _ in range(options.runs):
            for name, (where, route, headers) in contenders.items():
                progress(name)
                results[name].append(ask(where, route, headers, options.seconds))
        asked = max(
            sum(sum(run["statuses"].values()) for run in results[name])
            for name in results.keys() - {"bare Daphne"}
        )
        if asked > budget:
            progress(f"{asked} requests are more than the guests' limits; raise --guests")
    return conclude(report, results, json_path=options.json)


def conclude(report: Report, results: dict[str, list[Any]], *, json_path: Path | None) -> int:
    rates = {name: median([run["per_second"] for run in runs]) for name, runs in results.items()}
    rows = [
        [
            name,
            rates[name],
            median([run["p50_ms"] for run in runs]),
            median([run["p99_ms"] for run in runs]),
            rates["Traverse"] / rates[name],
            runs[-1]["statuses"],
        ]
        for name, runs in results.items()
    ]
    heads = ["server", "requests/s", "p50 ms", "p99 ms", "Traverse / it", "statuses"]
    report.show(table(heads, rows))
    refused = sum(
        count
        for runs in results.values()
        for run in runs
        for status, count in run["statuses"].items()
        if status != "200"
    )
    report.mark(Mark("answers other than 200", refused, 0))
    against = rates["Traverse"] / rates["FastAPI"] if "FastAPI" in rates else float("nan")
    report.mark(Mark("ratio to FastAPI", against, FASTAPI_RATIO, at_least=True))
    report.data["results"] = results
    return report.finish(json_path=json_path)


if __name__ == "__main__":
    sys.exit(main())
