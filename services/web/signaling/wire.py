"""The wire between processes: one channel of the layer per process, at most once.

A lost message is never an error: rosters heal by `rev` at each beat, links heal by
sending again. Message types are ours; no client chooses one.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any, Final

from channels.layers import BaseChannelLayer

from signaling import metrics

logger = logging.getLogger(__name__)

Message = dict[str, Any]
SEND_TIMEOUT_S: Final = 2.0
RETRY_S: Final = 1.0


class Wire:
    """Without a layer (one process, the embedded default) it carries nothing."""

    def __init__(self, layer: BaseChannelLayer | None) -> None:
        self._layer = layer
        self.channel = "local"

    async def open(self) -> None:
        if self._layer is not None:
            self.channel = await self._layer.new_channel("hub.")  # type: ignore[call-arg]

    async def send(self, channel: str, message: Message) -> None:
        if self._layer is None or channel == self.channel:
            return
        for attempt in range(2):
            try:
                async with asyncio.timeout(SEND_TIMEOUT_S):
                    await self._layer.send(channel, message)
                return
            except Exception as error:  # noqa: BLE001 - the layer raises its client's errors
                # The first publish after an outage meets the dead connection.
                if attempt:
                    metrics.LAYER_FAILURES.inc()
                    logger.warning("layer_send_failed", extra={"error": type(error).__name__})

    async def listen(self, hear: Callable[[Message], Awaitable[None]]) -> None:
        while self._layer is not None:
            try:
                await hear(await self._layer.receive(self.channel))
            except Exception:
                logger.exception("hub_receive_failed")
                await asyncio.sleep(RETRY_S)
