"""Dates that are moved instead of removed keep their spelling and their distance, and never move wrongly."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guardrails.shifting import Order, moved
from guardrails.text import TextDeidentifier
from guardrails.types import Vault

DAYS = st.dates(date(1930, 1, 1), date(2025, 12, 31))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2024-03-01", "2024-02-20"),
        ("2024-03-01 14:22", "2024-02-20 14:22"),
        ("20240301", "20240220"),
        ("1 March 2024", "20 February 2024"),
        ("March 1st, 2024", "February 20th, 2024"),
        ("01-MAR-2024", "20-FEB-2024"),
        ("1.3.2024", "20.2.2024"),
        ("31/12/2023", "21/12/2023"),
        ("12/31/23", "12/21/23"),
        ("2024-03-14 2024-03-17, 2024-03-20", "2024-03-04 2024-03-07, 2024-03-10"),
        ("20240312, 20240315", "20240302, 20240305"),
        ("202403121530", "202403021530"),
    ],
)
def test_a_moved_date_keeps_its_spelling(text: str, expected: str) -> None:
    """Order, separators, padding, month names and times of day stay as they were written."""
    assert moved(text, -10, Order()) == expected


@pytest.mark.parametrize(
    "text",
    [
        "02/03/2020",
        "3/14",
        "March 2021",
        "Monday 3 March 2020",
        "march third",
        "31/31/2020",
        "14-17 March 2023",
        "2024-03-14 482917",
        "2024-03-14, 3/17",
    ],
)
def test_what_cannot_be_moved_rightly_is_not_moved(text: str) -> None:
    """No year, no day, a day of the week, numbers whose order nobody can tell, anything beside: the caller removes those."""
    assert moved(text, -10, Order()) is None


def test_one_clear_date_tells_the_order_of_the_others() -> None:
    """After 31/12/2020 the same writer's 02/03/2020 is the second of March."""
    assert moved("02/03/2020", 1, Order().seen("31/12/2020")) == "03/03/2020"
    assert moved("02/03/2020", 1, Order().seen("12/31/2020")) == "02/04/2020"


@given(DAYS, DAYS, st.integers(min_value=-366, max_value=-1))
def test_intervals_stay(first: date, second: date, days: int) -> None:
    """Two dates of one session are as far apart as before."""
    one, other = (moved(day.isoformat(), days, Order()) for day in (first, second))
    assert one is not None
    assert other is not None
    assert date.fromisoformat(one) - date.fromisoformat(other) == first - second
    assert date.fromisoformat(one) == first + timedelta(days=days)


@pytest.fixture(scope="module")
def deidentifier() -> TextDeidentifier:
    """One for the module: the lists and the models load once."""
    return TextDeidentifier()


def test_a_session_that_moves_dates_restores_them(deidentifier: TextDeidentifier) -> None:
    """The safe text holds another date, the restored one the date that was typed, and the second scan lets it stay."""
    vault = Vault(date_shift=-10)
    raw = "Mr John Smith was admitted on 2024-03-01 and seen on March 3rd, 2024; review on 3/14."
    safe = deidentifier.deidentify(raw, vault).safe.text
    assert "2024-02-20" in safe
    assert "February 22nd, 2024" in safe
    assert "3/14" not in safe
    assert vault.restore(safe) == raw
    draft = "[NAME_1] came on 2024-02-20, not on 2019-05-05."
    second = deidentifier.rescan(draft, vault).safe.text
    assert "2024-02-20" in second
    assert "2019-05-05" not in second
    assert "2024-03-01" in vault.restore(second)


@given(
    st.lists(st.dates(date(1990, 1, 1), date(2025, 12, 31)), min_size=2, max_size=5, unique=True),
    st.sampled_from(["%m/%d/%Y", "%Y-%m-%d", "%d %B %Y", "%Y%m%d", "%B %d, %Y"]),
    st.sampled_from([", ", " ", "\n", " & ", " and ", "; ", " - "]),
)
def test_no_date_of_a_list_stays(deidentifier: TextDeidentifier, days: list[date], spelling: str, between: str) -> None:
    """However dates follow each other: one that stayed would tell by how many days the others were moved."""
    vault = Vault(date_shift=-10)
    said = [day.strftime(spelling) for day in days]
    raw = f"Seen {between.join(said)}."
    safe = deidentifier.deidentify(raw, vault).safe.text
    allowed = {(day - timedelta(days=10)).strftime(spelling) for day in days}
    assert [one for one in said if one in safe and one not in allowed] == []
    assert vault.restore(safe) == raw


def test_the_offset_is_the_sessions_secret() -> None:
    """Two sessions move differently, and neither shows by how much."""
    offsets = {Vault.moving_dates().date_shift for _ in range(50)}
    assert len(offsets) > 10
    assert all(-365 <= offset < 0 for offset in offsets)
    assert "date_shift" not in repr(Vault.moving_dates())
