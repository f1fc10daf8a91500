"""Counters of the signalling socket. Labels come from our own tables, never from input."""

from typing import Final, Literal

from prometheus_client import Counter, Gauge, Histogram

from signaling.protocol.errors import ErrorCode
from signaling.protocol.messages import CallReport

SOCKETS: Final = Gauge("traverse_sockets", "Open sockets that have said hello.")
ROOMS: Final = Gauge("traverse_rooms", "Rooms with a socket in this process.")
FRAMES: Final = Counter("traverse_frames_received", "Frames by message type.", ["type"])
REFUSALS: Final = Counter("traverse_refusals", "`error` and `bye` by code.", ["kind", "code"])
RELAYED: Final = Counter("traverse_frames_relayed", "Frames between peers by way.", ["way"])
LAYER_FAILURES: Final = Counter("traverse_layer_failures", "Sends that the layer refused.")
CUT: Final = Counter("traverse_sockets_cut", "Sockets cut at the transport.", ["reason"])
REPORTS: Final = Counter("traverse_call_reports", "Links by outcome.", ["outcome", "path"])
SETUP: Final = Histogram(
    "traverse_link_setup_seconds",
    "From the join to the first connected state of a link.",
    ["path"],
    buckets=(0.1, 0.25, 0.5, 1, 2, 4, 8, 16, 32),
)


def relayed(way: Literal["local", "layer", "away"]) -> None:
    RELAYED.labels(way).inc()


def refused(kind: Literal["error", "bye"], code: ErrorCode) -> None:
    REFUSALS.labels(kind, code.value).inc()


def reported(report: CallReport) -> None:
    REPORTS.labels(report.outcome, report.path).inc()
    if report.outcome == "connected" and report.setup_ms is not None:
        SETUP.labels(report.path).observe(report.setup_ms / 1000)
