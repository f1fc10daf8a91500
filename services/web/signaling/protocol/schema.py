"""The published forms of the protocol, generated from the models.

JSON Schema 2020-12 for each of the three unions, and one AsyncAPI 3 document that
refers to the same definitions. Nothing here decides anything: `messages.py` does.
"""

from typing import Any, Final, Literal

from pydantic import TypeAdapter
from pydantic.json_schema import GenerateJsonSchema

from signaling.protocol import limits
from signaling.protocol.codec import CLIENT, LINK, SERVER, types_of
from signaling.protocol.errors import ERRORS
from signaling.protocol.messages import ClientMessage, LinkMessage, ServerMessage
from signaling.protocol.rates import rate_values

Schema = dict[str, Any]

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
_UNIONS: Final[dict[str, tuple[TypeAdapter[Any], Any, Literal["validation", "serialization"]]]] = {
    "ClientMessage": (CLIENT, ClientMessage, "validation"),
    "ServerMessage": (SERVER, ServerMessage, "serialization"),
    "LinkMessage": (LINK, LinkMessage, "validation"),
}
_MEANING: Final = {
    "ClientMessage": "Browser to server, over the WebSocket.",
    "ServerMessage": "Server to browser, over the WebSocket.",
    "LinkMessage": "Browser to browser, over a link's data channel.",
}


class _Plain(GenerateJsonSchema):
    """Without titles that repeat a field's name; what we send has every field that is
    not left out when None."""

    def field_title_should_be_set(self, schema: Any) -> bool:
        return False

    def field_is_required(self, field: Any, total: bool) -> bool:
        if self.mode == "serialization":
            return "serialization_exclude_if" not in field
        return super().field_is_required(field, total)


def union_schema(name: str) -> Schema:
    """A complete JSON Schema of one union."""
    adapter, _, mode = _UNIONS[name]
    schema = adapter.json_schema(mode=mode, schema_generator=_Plain)
    return {
        "$schema": DIALECT,
        "title": f"{limits.PROTOCOL} {name}",
        "description": _MEANING[name],
        **_plain(schema),
    }


def union_names() -> list[str]:
    return list(_UNIONS)


def message_types(name: str) -> dict[str, str]:
    """Wire `type` to the name of the definition."""
    return {kind: model.__name__ for kind, model in types_of(_UNIONS[name][1]).items()}


def asyncapi() -> Schema:
    """AsyncAPI 3.0.0, seen from the server."""
    schemas: Schema = {}
    messages: Schema = {}
    operations: Schema = {}
    for name, action in (("ClientMessage", "receive"), ("ServerMessage", "send")):
        definitions = union_schema(name)["$defs"]
        schemas.update(_rebased(definitions))
        names = message_types(name)
        for kind, definition in names.items():
            messages[definition] = {
                "name": kind,
                "contentType": "application/json",
                "payload": {"$ref": f"#/components/schemas/{definition}"},
            }
        operations[action] = {
            "action": action,
            "channel": {"$ref": "#/channels/room"},
            "messages": [{"$ref": f"#/channels/room/messages/{d}"} for d in names.values()],
        }
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Traverse signalling",
            "version": limits.PROTOCOL.removeprefix("call.v"),
            "description": "Sequences and reasons are in docs/protocol.md.",
        },
        "defaultContentType": "application/json",
        "channels": {
            "room": {
                "address": "/ws/rooms/{roomId}/",
                "description": f"One WebSocket per tab; subprotocol `{limits.PROTOCOL}`, "
                "text frames, one flat JSON object each.",
                "parameters": {"roomId": {"description": "The room's UUID."}},
                "messages": {d: {"$ref": f"#/components/messages/{d}"} for d in messages},
            }
        },
        "operations": operations,
        "components": {"messages": messages, "schemas": dict(sorted(schemas.items()))},
        "x-limits": limit_values(),
        "x-rates": rate_values(),
        "x-errors": {
            code.value: {
                "closeCode": info.close_code,
                "action": info.action.value,
                "message": info.message,
            }
            for code, info in ERRORS.items()
        },
    }


def limit_values() -> dict[str, int | float | str]:
    return {
        name: value
        for name, value in vars(limits).items()
        if name.isupper() and isinstance(value, (int, float, str))
    }


def _plain(schema: Schema) -> Schema:
    """Without OpenAPI's `discriminator`, which JSON Schema does not know."""
    return {key: value for key, value in schema.items() if key != "discriminator"}


def _rebased(node: Any) -> Any:
    if isinstance(node, dict):
        return {key: _rebased(value) for key, value in node.items()}
    if isinstance(node, list):
        return [_rebased(value) for value in node]
    if isinstance(node, str):
        return node.replace("#/$defs/", "#/components/schemas/")
    return node
