"""The waiting line in front of the language model."""

import threading
import time

from copilot.llm.line import WaitingLine


def test_first_comer_does_not_wait() -> None:
    """With nobody before, the wait ends at once."""
    line = WaitingLine()
    assert list(line.wait(line.join())) == []


def test_place_counts_those_before() -> None:
    """The second learns that they are next, the third that one is between."""
    line = WaitingLine()
    _, second, third = line.join(), line.join(), line.join()
    assert next(line.wait(second)) == 1
    assert next(line.wait(third)) == 2


def test_one_who_leaves_lets_the_next_move_up() -> None:
    """Giving up in the middle of the line moves those behind."""
    line = WaitingLine()
    _, second, third = line.join(), line.join(), line.join()
    line.leave(second)
    assert next(line.wait(third)) == 1


def test_served_in_order_one_at_a_time() -> None:
    """Many callers are served one at a time, in the order in which they came."""
    line, order, busy = WaitingLine(), [], []

    def caller(number: int, ticket: object) -> None:
        for _ in line.wait(ticket, interval=0.01):
            pass
        busy.append(number)
        assert len(busy) == 1
        time.sleep(0.002)
        order.append(busy.pop())
        line.leave(ticket)

    threads = [threading.Thread(target=caller, args=(n, line.join())) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert order == list(range(8))
