"""A fair waiting line in front of something that serves one caller at a time. Knows nothing of what it guards."""

import threading
from collections import deque
from collections.abc import Iterator


class WaitingLine:
    """First come, first served. A caller learns their place and may leave at any time."""

    def __init__(self) -> None:
        self._tickets: deque[object] = deque()
        self._moved = threading.Condition()

    def join(self) -> object:
        """A ticket at the end of the line. Always hand it back with `leave`."""
        ticket = object()
        with self._moved:
            self._tickets.append(ticket)
        return ticket

    def wait(self, ticket: object, interval: float = 0.1) -> Iterator[int]:
        """Yields the place in line (1 is next) every `interval` seconds or sooner, and ends when it is the ticket's turn."""
        while True:
            with self._moved:
                place = self._tickets.index(ticket)
                if place == 0:
                    return
            yield place
            with self._moved:
                if self._tickets.index(ticket) == place:
                    self._moved.wait(interval)

    def leave(self, ticket: object) -> None:
        """Done, or given up."""
        with self._moved:
            self._tickets.remove(ticket)
            self._moved.notify_all()
