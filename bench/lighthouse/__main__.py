"""What Lighthouse says of the landing page, the log-in, the home page and the lobby of a call.

Lighthouse is no dependency: it is installed from npm into a folder that goes with the
run, and drives Debian's Chromium on its own throttled phone. Pages that only one person
may see tell search engines to stay away, so they are not asked about crawling.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Final

from bench.call_setup.browsers import CHROMIUM, FLAGS
from bench.support.numbers import Mark
from bench.support.processes import Measured, free_port, wait_for_port
from bench.support.product import WEB, Product
from bench.support.report import Report, parser, progress, table

VERSION: Final = "12.8.2"
ADDRESS: Final = "127.0.0.1"
CATEGORIES: Final = ("performance", "accessibility", "best-practices", "seo")
SCORE: Final = 95
CALL_BYTES: Final = 150_000
PATIENCE_S: Final = 180


def install(directory: Path) -> Path:
    progress(f"installing lighthouse {VERSION}")
    (directory / "package.json").write_text('{"private": true}')
    subprocess.run(
        ["npm", "install", "--no-save", "--ignore-scripts", "--silent", f"lighthouse@{VERSION}"],
        cwd=directory,
        check=True,
        timeout=PATIENCE_S,
    )
    return directory / "node_modules" / ".bin" / "lighthouse"


def visit(lighthouse: Path, url: str, *, cookie: str, form_factor: str) -> dict[str, Any]:
    """One run; Lighthouse's own report."""
    command = [
        str(lighthouse),
        url,
        "--quiet",
        "--output=json",
        f"--only-categories={','.join(CATEGORIES)}",
        f"--chrome-flags={' '.join(FLAGS)}",
    ]
    if form_factor == "desktop":
        command.append("--preset=desktop")
    if cookie:
        headers = json.dumps({"Cookie": f"sessionid={cookie}"})
        command += [f"--extra-headers={headers}", "--skip-audits=is-crawlable"]
    done = subprocess.run(
        command,
        env=os.environ | {"CHROME_PATH": CHROMIUM},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
        timeout=PATIENCE_S,
    )
    report: dict[str, Any] = json.loads(done.stdout)
    return report


def scores(reports: list[dict[str, Any]]) -> dict[str, float]:
    return {
        name: 100 * statistics.median(each["categories"][name]["score"] or 0 for each in reports)
        for name in CATEGORIES
    }


def transferred(report: dict[str, Any]) -> int:
    items = report["audits"]["network-requests"]["details"]["items"]
    return sum(int(item.get("transferSize", 0)) for item in items)


def lacking(report: dict[str, Any]) -> list[str]:
    """The audits that cost points, dearest first."""
    found = []
    for category in report["categories"].values():
        for part in category["auditRefs"]:
            audit = report["audits"][part["id"]]
            score = audit.get("score")
            if score is not None and score < 1 and part["weight"] > 0:
                cost = (1 - score) * part["weight"]
                shown = audit.get("displayValue", "")
                found.append((cost, f"{category['id']}: {part['id']} {score:.2f} {shown}".strip()))
    return [text for _, text in sorted(found, reverse=True)]


def main() -> int:
    arguments = parser(__doc__)
    arguments.add_argument("--runs", type=int, default=3, help="of each page; medians count")
    arguments.add_argument("--form-factor", choices=("mobile", "desktop"), default="mobile")
    options = arguments.parse_args()
    report = Report("lighthouse")
    with ExitStack() as stack:
        directory = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        (directory / "lighthouse").mkdir()
        lighthouse = install(directory / "lighthouse")
        product = Product(directory / "product", ADDRESS, free_port())
        product.prepare()
        seeded = product.seed({"rooms": 3})
        log = stack.enter_context((directory / "web.log").open("wb"))
        stack.enter_context(Measured(product.command, env=product.environment, cwd=WEB, log=log))
        wait_for_port(product.port)
        cookie = seeded["sessions"][0]
        pages = {
            "landing": ("/", ""),
            "log-in": ("/accounts/login/", ""),
            "home": ("/channels/", cookie),
            "call": (f"/c/{seeded['rooms'][0]['slug']}/", cookie),
        }
        rows = []
        for name, (path, session) in pages.items():
            progress(name)
            runs = [
                visit(
                    lighthouse,
                    product.origin + path,
                    cookie=session,
                    form_factor=options.form_factor,
                )
                for _ in range(options.runs)
            ]
            reached = scores(runs)
            size = transferred(runs[0])
            lost = lacking(runs[0])
            rows.append([name, *(round(reached[each]) for each in CATEGORIES), size / 1000])
            report.data[name] = {"scores": reached, "bytes": size, "lacking": lost}
            for category in CATEGORIES:
                mark = Mark(f"{name}: {category}", reached[category], SCORE, at_least=True)
                report.mark(mark)
            if name == "call":
                report.mark(Mark("call: compressed bytes", size, CALL_BYTES))
    report.show(table(["page", *CATEGORIES, "kB"], rows))
    for name, data in report.data.items():
        if data["lacking"]:
            report.show(f"{name} loses points by: {'; '.join(data['lacking'][:6])}")
    return report.finish(json_path=options.json)


if __name__ == "__main__":
    sys.exit(main())
