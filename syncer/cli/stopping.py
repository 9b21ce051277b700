"""Asked to stop, a command ends what is in flight first; asked twice, it ends at once."""

from __future__ import annotations

import os
import signal
import threading
from types import FrameType

from syncer.cli.session import Session


def stop_on_signals(session: Session, patience: float | None = None) -> None:
    """On SIGTERM or SIGINT tell the clock, and so every loop and sleep, to stop.

    `patience`: seconds that a request in flight gets; then the process ends with 0. None waits for it.
    """

    def stop(_number: int, _frame: FrameType | None) -> None:
        if session.clock.stopping():
            os._exit(1)  # every effect in flight is in the journal
        session.clock.stop()
        if patience is not None:
            timer = threading.Timer(patience, os._exit, (0,))
            timer.daemon = True
            timer.start()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
