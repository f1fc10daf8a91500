"""The published protocol: golden frames, and generated files equal to what is in git."""

import json
from pathlib import Path
from typing import Any

import jsonschema  # type: ignore[import-untyped]
import pytest
import yaml
from pydantic import ValidationError

from signaling.protocol import limits, published, rates, schema
from signaling.protocol.codec import (
    CLIENT,
    LINK,
    SERVER,
    ProtocolError,
    decode_client,
    encode,
    types_of,
)
from signaling.protocol.errors import ERRORS, ErrorCode
from signaling.protocol.messages import ClientMessage, LinkMessage, ServerMessage
from signaling.session import Session

ROOT = Path(__file__).resolve().parents[2]
GOLDEN = ROOT / "tests" / "fixtures" / "protocol"
UNIONS = {
    "client": ("ClientMessage", ClientMessage, CLIENT),
    "server": ("ServerMessage", ServerMessage, SERVER),
    "link": ("LinkMessage", LinkMessage, LINK),
}


def frames(kind: str) -> list[Any]:
    return [
        pytest.param(side, case, id=f"{side}: {case['name']}")
        for side in UNIONS
        for case in json.loads((GOLDEN / f"{side}.{kind}.json").read_text(encoding="utf-8"))
    ]


@pytest.mark.parametrize(("side", "case"), frames("valid"))
def test_a_golden_frame_is_accepted_and_survives_a_round_trip(
    side: str, case: dict[str, Any]
) -> None:
    name, _, adapter = UNIONS[side]
    message = adapter.validate_json(json.dumps(case["frame"]))
    again = json.loads(encode(message))
    given = {key: value for key, value in case["frame"].items() if value is not None}
    assert {key: value for key, value in again.items() if key in given} == given
    assert adapter.validate_json(encode(message)) == message
    jsonschema.validate(case["frame"], schema.union_schema(name))
    if side == "client":
        assert decode_client(json.dumps(case["frame"])) == message


@pytest.mark.parametrize(("side", "case"), frames("invalid"))
def test_a_golden_frame_is_refused_with_its_code(side: str, case: dict[str, Any]) -> None:
    frame = json.dumps(case["frame"])
    if side == "client":
        with pytest.raises(ProtocolError) as refused:
            decode_client(frame)
        assert refused.value.code == case["code"]
    else:
        with pytest.raises(ValidationError):
            UNIONS[side][2].validate_json(frame)


@pytest.mark.parametrize("side", UNIONS)
def test_every_message_type_has_a_golden_frame(side: str) -> None:
    cases = json.loads((GOLDEN / f"{side}.valid.json").read_text(encoding="utf-8"))
    assert {case["frame"]["type"] for case in cases} == set(types_of(UNIONS[side][1]))


@pytest.mark.parametrize("side", UNIONS)
def test_the_json_schema_is_a_schema(side: str) -> None:
    jsonschema.Draft202012Validator.check_schema(schema.union_schema(UNIONS[side][0]))


def test_the_generated_files_are_those_in_git() -> None:
    """If this fails: `manage.py export_protocol`, then read the difference."""
    stale = [
        name
        for name, content in published.published_files().items()
        if not (ROOT / name).is_file() or (ROOT / name).read_text(encoding="utf-8") != content
    ]
    assert stale == []


def test_who_keeps_the_pace_of_chat_stays_below_both_doors() -> None:
    """Also when ten seconds of it arrive at once."""
    for pace, door in (
        (rates.CHAT_PACE, rates.LINK_RATES["chat.message"]),
        (rates.SERVER_CHAT_PACE, rates.SOCKET_RATES["chat.send"]),
    ):
        assert pace.per_second < door.per_second
        assert pace.burst + 10 * pace.per_second <= door.burst
    others = limits.ROOM_PEERS - 1
    assert rates.SERVER_CHAT_PACE.per_second >= others * rates.CHAT_PACE.per_second


def test_the_published_rates_are_those_that_the_server_enforces() -> None:
    enforced = set(Session.new(now=0).buckets)
    assert enforced == set(rates.SOCKET_RATES.values())
    document = schema.asyncapi()["x-rates"]
    assert document["SOCKET_RATES"]["chat.send"]["burst"] == rates.CHAT.burst


def test_the_asyncapi_document_says_what_was_built() -> None:
    text = published.published_files()["docs/protocol/asyncapi.yaml"]
    assert yaml.safe_load(text) == json.loads(json.dumps(schema.asyncapi()))


def test_every_reference_in_the_asyncapi_document_leads_somewhere() -> None:
    document = schema.asyncapi()

    def check(node: Any) -> None:
        if isinstance(node, dict):
            if isinstance(node.get("$ref"), str):
                target: Any = document
                for part in node["$ref"].removeprefix("#/").split("/"):
                    target = target[part]
            for value in node.values():
                check(value)
        elif isinstance(node, list):
            for value in node:
                check(value)

    check(document)


def test_every_error_has_its_row_and_its_words() -> None:
    assert set(ERRORS) == set(ErrorCode)
    for info in ERRORS.values():
        assert info.message.endswith(".")
        code = info.close_code
        assert code is None or code in {1000, 1011, 1012, 1013} or 4400 <= code < 4500
