"""From a document to candidate statements for the review queue: pages, sentences, the linker, the claim extractor.

A document is data that nobody vouches for. No model reads it, nothing in it is followed, and nothing of it reaches the
graph from here. Knows nothing of the queue and of the graph engine.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from io import BytesIO

import pypdf
from pypdf.errors import PyPdfError

from copilot.claims import read
from copilot.errors import InputUnusable
from guardrails.types import SafeText
from kg.linking import Linker, sentences
from kg.predicates import PREDICATES
from kg.review import Candidate, Statement
from kg.types import Claim, Concept, Mention

Deidentify = Callable[[str], SafeText]
LARGEST = 50_000_000  # bytes of a document
MOST_PAGES = 2_000
LONGEST_SENTENCE = 600  # code points; longer ones are tables and lists run together
_HYPHENATED = re.compile(r"(?<=[a-z])-\n(?=[a-z])")
_QUALIFIER = {"population": ("population", "{}"), "technique": ("view", "on {}")}
_MEASURED = frozenset({"HAS_THRESHOLD", "HAS_VALUE"})


def candidates(data: bytes, document: str, linker: Linker, deidentify: Deidentify) -> Iterator[Candidate]:
    """What the document states of concepts the graph knows. Raises `InputUnusable` when it cannot be read.

    A sentence that states something is de-identified and read again, so that only safe text is kept.
    """
    for number, text in enumerate(_pages(data), 1):
        page = number if data.startswith(b"%PDF") else 0
        before: Mention | None = None
        for sentence in sentences(text):
            if len(sentence) > LONGEST_SENTENCE:
                continue
            reading = read(sentence, linker, before)
            if reading.claims:
                safe = " ".join(deidentify(sentence).text.split())
                for claim in read(safe, linker, before).claims:
                    if statement := _statement(claim, linker.concepts):
                        yield Candidate(statement, safe, document, page, _note(claim, linker.concepts))
            before = reading.subject or before


def _statement(claim: Claim, concepts: Mapping[str, Concept]) -> Statement | None:
    """The claim as a fact would say it; none where it names no relation of the graph or lacks an end."""
    if claim.predicate not in PREDICATES or not claim.object or claim.object == claim.subject:
        return None
    if claim.extent == "not_always" or (claim.predicate in _MEASURED) != (claim.quantity is not None):
        return None
    said = {
        _QUALIFIER[found.category][0]: _QUALIFIER[found.category][1].format(found.name)
        for concept, _ in claim.context
        if (found := concepts.get(concept)) and found.category in _QUALIFIER
    }
    return Statement(
        claim.subject, claim.predicate, claim.object, claim.denied, claim.quantity, tuple(sorted(said.items()))
    )  # fmt: skip


def _note(claim: Claim, concepts: Mapping[str, Concept]) -> str:
    """What a person must weigh: the sentence says more than the statement does."""
    narrowed = (concepts[concept] for concept, _ in claim.context if concept in concepts)
    more = [concept.name for concept in narrowed if concept.category not in _QUALIFIER]
    more += claim.residue
    if claim.extent in {"always", "only", "typical"}:
        more.append(claim.extent)
    return f"the sentence also says: {', '.join(dict.fromkeys(more))}" if more else ""


def _pages(data: bytes) -> Iterator[str]:
    """The text of each page; a plain text is one page."""
    if len(data) > LARGEST:
        raise InputUnusable(f"The document is larger than {LARGEST // 1_000_000} MB; split it.")
    for text in _of_pdf(data) if data.startswith(b"%PDF") else [_of_text(data)]:
        yield _HYPHENATED.sub("", "".join(c for c in text if c in "\n\t" or unicodedata.category(c)[0] != "C"))


def _of_text(data: bytes) -> str:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise InputUnusable("The document is neither a PDF nor text in UTF-8; convert it first.") from None
    if "\x00" in text:
        raise InputUnusable("The document is neither a PDF nor plain text; convert it first.")
    return text


def _of_pdf(data: bytes) -> Iterator[str]:
    try:
        pdf = pypdf.PdfReader(BytesIO(data))
        if pdf.is_encrypted and not pdf.decrypt(""):
            raise InputUnusable("The PDF is encrypted; remove its password first.")
        if len(pdf.pages) > MOST_PAGES:
            raise InputUnusable(f"The PDF has more than {MOST_PAGES} pages; split it.")
        texts = [page.extract_text() for page in pdf.pages]
    except InputUnusable:
        raise
    # A broken file makes the reader fail in ways of its own; whatever it was, the document cannot be used.
    except (PyPdfError, ValueError, TypeError, KeyError, IndexError, AttributeError, RecursionError, OSError) as error:
        raise InputUnusable(f"The PDF cannot be read ({type(error).__name__}); it may be damaged.") from None
    if not any(text.strip() for text in texts):
        raise InputUnusable("The PDF holds no text, only pictures of it; run it through text recognition first.")
    yield from texts
