"""From text to claims: sentences, what kind each is, and what it says in the graph's terms. No language model.

Knows nothing of the graph's content, only of its concepts' names and of its relations.
"""

from copilot.claims.extract import ReadSentence, clauses_of, masked, read
from copilot.claims.film import FilmStatement
from copilot.claims.tolerant import Clause

__all__ = ["Clause", "FilmStatement", "ReadSentence", "clauses_of", "masked", "read"]
