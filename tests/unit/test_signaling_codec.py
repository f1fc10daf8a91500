"""The codec takes anything and answers with a message or a ProtocolError."""

import json
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from signaling.protocol import limits
from signaling.protocol.codec import ProtocolError, decode_client, encode
from signaling.protocol.errors import ErrorCode
from signaling.protocol.messages import Error, IceServer, Ping

values: st.SearchStrategy[Any] = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.text()
    | st.sampled_from(["hello", "peer.description", "offer", "A" * 22]),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)
fields = st.sampled_from(
    ["type", "id", "to", "seq", "kind", "sdp", "candidates", "presence", "t", "rev", "name", "x"]
)
SECRET = "do-not-repeat-me"


def problem_of(frame: str | bytes | None) -> ProtocolError | None:
    try:
        decode_client(frame)
    except ProtocolError as problem:
        return problem
    return None


@given(st.one_of(st.text(), st.binary(), st.none()))
@example("[" * 100_000)
@example('{"a":' * 100_000)
@example("\ud800")
@example('"\\ud800"')
def test_any_frame_is_a_message_or_a_protocol_error(frame: str | bytes | None) -> None:
    problem = problem_of(frame)
    assert problem is None or problem.message.isascii()


@given(st.dictionaries(fields, values), st.sampled_from(["hello", "join", "ping", "call.report"]))
def test_any_object_is_a_message_or_a_protocol_error(frame: dict[str, Any], kind: str) -> None:
    problem = problem_of(json.dumps({**frame, "type": kind}))
    assert problem is None or problem.message.startswith((kind, "frame: not JSON"))


@pytest.mark.parametrize(
    "frame",
    [
        {"type": "ping", "t": SECRET},
        {"type": "ping", "t": 1, SECRET: 1},
        {"type": SECRET},
        {"type": "join", "presence": {SECRET: True}},
        {"type": "peer.candidates", "to": SECRET, "seq": 1, "candidates": [{SECRET: SECRET}]},
        {"type": "ping", "t": 1, "id": f"<{SECRET}>"},
    ],
)
def test_an_error_names_the_place_and_repeats_nothing(frame: dict[str, Any]) -> None:
    with pytest.raises(ProtocolError) as refused:
        decode_client(json.dumps(frame))
    assert SECRET not in refused.value.message
    assert SECRET not in (refused.value.re or "")


def test_an_error_says_where_in_a_list_it_found_the_problem() -> None:
    frame = {
        "type": "peer.candidates",
        "to": "A" * 22,
        "seq": 1,
        "candidates": [{"candidate": ""}, {"candidate": 1}],
    }
    with pytest.raises(ProtocolError) as refused:
        decode_client(json.dumps(frame))
    assert refused.value.message == "peer.candidates: candidates.1.candidate: string_type"


def test_the_request_id_of_a_bad_message_is_answered() -> None:
    with pytest.raises(ProtocolError) as refused:
        decode_client('{"type":"ping","id":"a-1","t":"x"}')
    assert refused.value.re == "a-1"


@pytest.mark.parametrize("size", [limits.FRAME_BYTES, limits.FRAME_BYTES + 1])
def test_the_frame_limit_is_exact_and_counts_bytes(size: int) -> None:
    frame = '{"type":"ping","t":1,"id":"é"}'
    padded = frame + " " * (size - len(frame.encode()))
    with pytest.raises(ProtocolError) as refused:
        decode_client(padded)
    expected = ErrorCode.TOO_LARGE if size > limits.FRAME_BYTES else ErrorCode.BAD_MESSAGE
    assert refused.value.code is expected


def test_optional_fields_are_left_out_rather_than_null() -> None:
    assert json.loads(encode(IceServer(urls=["stun:x"]))) == {"urls": ["stun:x"]}
    error = Error(code=ErrorCode.DENIED, message="x")
    assert json.loads(encode(error)) == {"type": "error", "code": "denied", "message": "x"}


def test_a_good_frame_becomes_its_type() -> None:
    assert decode_client('{"type":"ping","t":1.5}') == Ping(type="ping", t=1.5)
