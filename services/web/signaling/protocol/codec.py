"""Frames to messages and back: the door where input is parsed once, into types.

Refuses, by a `ProtocolError` that names type and place and never repeats the input:
what is not text, too large, not JSON (NaN, endless nesting and lone surrogates are
not), not an object, of an unknown type, or of the wrong shape.
"""

from typing import Any, Final, get_args

import orjson
from pydantic import BaseModel, TypeAdapter, ValidationError

from signaling.protocol import limits
from signaling.protocol.errors import ErrorCode
from signaling.protocol.messages import ClientMessage, LinkMessage, ServerMessage

CLIENT: Final[TypeAdapter[Any]] = TypeAdapter(ClientMessage)
SERVER: Final[TypeAdapter[Any]] = TypeAdapter(ServerMessage)
LINK: Final[TypeAdapter[Any]] = TypeAdapter(LinkMessage)

_REQUEST_ID_CHARS: Final = limits.MESSAGE_ID_CHARS
_SHOWN_PROBLEMS: Final = 3


class ProtocolError(Exception):
    """A frame that is not a message; `re` is the request id where one could be read."""

    def __init__(self, code: ErrorCode, message: str, *, re: str | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.re = re


def members(union: Any) -> tuple[type[BaseModel], ...]:
    """The models of one of the three unions."""
    return get_args(get_args(union)[0])


def types_of(union: Any) -> dict[str, type[BaseModel]]:
    return {get_args(model.model_fields["type"].annotation)[0]: model for model in members(union)}


_CLIENT_TYPES: Final = types_of(ClientMessage)


def decode_client(frame: str | bytes | None) -> ClientMessage:
    """Raises ProtocolError, and nothing else."""
    if not isinstance(frame, str):
        raise ProtocolError(ErrorCode.BAD_MESSAGE, "frame: binary; text was expected")
    if len(frame) > limits.FRAME_BYTES:
        raise _too_large()
    try:
        data = frame.encode()
    except UnicodeEncodeError:
        raise _not_json() from None
    if len(data) > limits.FRAME_BYTES:
        raise _too_large()
    try:
        fields = orjson.loads(data)
    except (orjson.JSONDecodeError, RecursionError):
        raise _not_json() from None
    if not isinstance(fields, dict):
        raise ProtocolError(ErrorCode.BAD_MESSAGE, "frame: not an object")
    request_id = _request_id(fields)
    kind = fields.get("type")
    model = _CLIENT_TYPES.get(kind) if isinstance(kind, str) else None
    if model is None:
        if isinstance(kind, str):
            raise ProtocolError(ErrorCode.UNKNOWN_TYPE, "type: unknown", re=request_id)
        raise ProtocolError(ErrorCode.BAD_MESSAGE, "type: missing", re=request_id)
    try:
        message: ClientMessage = CLIENT.validate_json(data)
    except (ValidationError, RecursionError) as error:
        raise ProtocolError(
            ErrorCode.BAD_MESSAGE, _places(str(kind), model, error), re=request_id
        ) from None
    return message


def encode(message: BaseModel) -> str:
    """One of our own messages as a text frame."""
    return message.model_dump_json()


def _request_id(fields: dict[str, Any]) -> str | None:
    """Only an id that could be repeated in an `error` without echoing anything odd."""
    value = fields.get("id")
    if not isinstance(value, str) or not 0 < len(value) <= _REQUEST_ID_CHARS:
        return None
    allowed = value.isascii() and value.replace("-", "").replace("_", "").isalnum()
    return value if allowed else None


def _places(kind: str, model: type[BaseModel], error: Exception) -> str:
    """`type: place: kind of problem`; a place that the client made up is not repeated."""
    if not isinstance(error, ValidationError):
        return f"{kind}: nested too deeply"
    known = _field_names(model)
    problems = []
    for detail in error.errors(include_input=False, include_url=False, include_context=False):
        place = ".".join(
            str(part) if isinstance(part, int) or part in known else "?"
            for part in detail["loc"][1:]
        )
        problems.append(f"{place or 'message'}: {detail['type']}")
        if len(problems) == _SHOWN_PROBLEMS:
            break
    return f"{kind}: " + "; ".join(problems)


def _field_names(model: type[BaseModel]) -> set[str]:
    names = set(model.model_fields)
    for field in model.model_fields.values():
        for inner in get_args(field.annotation):
            if isinstance(inner, type) and issubclass(inner, BaseModel):
                names |= _field_names(inner)
    return names


def _too_large() -> ProtocolError:
    return ProtocolError(ErrorCode.TOO_LARGE, f"frame: larger than {limits.FRAME_BYTES} bytes")


def _not_json() -> ProtocolError:
    return ProtocolError(ErrorCode.BAD_MESSAGE, "frame: not JSON")
