"""TURN credentials over HTTP."""

from ninja import Router

router = Router(tags=["turn"])
