"""Work that ends in a mail, done after the answer.

A person who asks must not be able to tell by the clock whether an address has
an account, so finding the account, rendering and sending all happen on one
thread of our own. The queue is bounded: when it is full the mail is dropped
and counted, as a mail server would refuse it. What is queued at exit is sent
before the process ends.
"""

import logging
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from smtplib import SMTPException
from threading import BoundedSemaphore, local
from typing import Final

from django.db import connections

QUEUE: Final = 256
# The answer leaves first: work beside it would slow it by what the work is.
PAUSE_S: Final = 0.05

_log = logging.getLogger(__name__)
_places = BoundedSemaphore(QUEUE)
_thread = local()
_worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="mail")


def later(job: Callable[[], object]) -> bool:
    """Run `job` after the answer, at once when already there; False when the queue is full."""
    if getattr(_thread, "is_worker", False):
        job()
        return True
    if not _places.acquire(blocking=False):
        _log.warning("mail queue full")
        return False
    _worker.submit(_run, job)
    return True


def drain(*, timeout_s: float = 10) -> None:
    """Wait for all that was queued before."""
    wait([_worker.submit(lambda: None)], timeout=timeout_s)


def _run(job: Callable[[], object]) -> None:
    _thread.is_worker = True
    time.sleep(PAUSE_S)
    try:
        job()
    except (OSError, SMTPException) as error:
        # The text of an SMTP error may hold the address.
        _log.warning("mail not sent", extra={"error": type(error).__name__})
    except Exception:
        _log.exception("mail job failed")
        raise
    finally:
        connections.close_all()
        _places.release()
