"""What is said of a setting that cannot be used."""

import pytest

from copilot.bootstrap import Application
from copilot.errors import ConfigurationError


@pytest.mark.parametrize(("name", "value"), [("COPILOT_WRITING", "loudly"), ("COPILOT_DATES", "guess")])
def test_a_wrong_value_is_named_by_its_variable(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    """One sentence says which variable is wrong, without the value, which may be a secret put in the wrong place."""
    monkeypatch.setenv(name, value)
    with pytest.raises(ConfigurationError, match=name) as refused:
        Application()
    assert value not in str(refused.value)
