"""Virtual patients: a story, a film, and what a reader should see. Knows nothing of the page or of any model."""

from copilot.scenarios.cases import Case, Expected, cases, example_film
from copilot.scenarios.marking import MarkedRead, MarkedSentence, mark

__all__ = ["Case", "Expected", "MarkedRead", "MarkedSentence", "cases", "example_film", "mark"]
