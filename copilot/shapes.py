"""The public JSON shapes of the command line, made from the pipeline's values. A test pins each one.

Knows nothing of where the values come from.
"""

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from copilot.nearest import Indexed
from copilot.types import Answer, Explored, Nearest, Reading
from guardrails.dicom import DeidentifiedDicom
from guardrails.types import Deidentified
from kg.review import Ingested, Reviewed
from kg.types import CheckedSentence, Concept, Fact, GraphStats, Mention, Quantity

Json = dict[str, Any]


def deidentified(result: Deidentified) -> Json:
    """`copilot deid`."""
    spans = [
        {"start": r.start, "end": r.end, "type": r.type.value, "placeholder": r.placeholder} for r in result.redactions
    ]
    return {"text": result.safe.text, "spans": spans}


def fact(one: Fact) -> Json:
    """One deciding fact, as it stands behind a sentence."""
    shape: Json = {
        "subject": one.subject_name,
        "predicate": f"NOT_{one.predicate}" if one.denied else one.predicate,
        "object": one.object_name,
        "source": one.source,
        "tier": one.tier.value,
    }
    shape |= _number(one.quantity)
    if one.qualifiers:
        shape["qualifiers"] = dict(one.qualifiers)
    return shape


def sentence(one: CheckedSentence) -> Json:
    """One checked sentence."""
    return {
        "text": one.text,
        "verdict": one.verdict.value,
        "facts": [fact(f) for f in one.facts],
        "reason": one.reason,
    }


def checked(sentences: Iterable[CheckedSentence]) -> Json:
    """`copilot check`."""
    return {"sentences": [sentence(s) for s in sentences]}


def reading(one: Reading) -> Json:
    """`copilot findings`."""
    return {
        "accepted": one.accepted,
        "reason": one.reason,
        "modality": one.modality,
        "view": one.view,
        "findings": [asdict(f) for f in one.findings],
        "measurements": [asdict(m) for m in one.measurements],
        "notes": list(one.notes),
        "outlines": [asdict(o) for o in one.outlines],
        "locations": [{"concept": m.concept, "where": m.where} for m in one.heatmaps],
        "encoder": asdict(one.encoder),
    }


def explored(one: Reading, phrases: Iterable[Explored], nearest: Nearest | None = None) -> Json:
    """`copilot findings`, with the phrases that someone wanted to try, and with reports on other films where there are any."""
    tried = [{"phrase": e.phrase.text, "score": e.score, "exploratory": True, "note": e.note} for e in phrases]
    told = {} if nearest is None else {"nearest_reports": _nearest(nearest)}
    return {**reading(one), **({"exploratory": tried} if tried else {}), **told}


def _nearest(one: Nearest) -> Json:
    reports = [{"report": r.report.text, "similarity": round(r.similarity, 3)} for r in one.reports]
    return {"reports": reports, "note": one.note}


def indexed(one: Indexed) -> Json:
    """`copilot reports index`."""
    return {"reports": one.reports, "left_out": [{"row": row, "reason": why} for row, why in one.left_out]}


def answer(one: Answer) -> Json:
    """`copilot ask`."""
    return {
        "answer": [{**sentence(s), "citations": _citations(s, one)} for s in one.sentences],
        "sources": [{"number": number, "source": source} for number, source in one.sources],
        "composed": one.composed,
        "findings": [reading(r) for r in one.readings],
        "changes": [asdict(c) for c in one.changes],
        "compared": [{**asdict(c), "disagreements": list(c.disagreements)} for c in one.compared],
        "red_flags": [asdict(f) for f in one.red_flags],
        "disclaimers": list(one.disclaimers),
        "notes": list(one.notes),
        "deid": {"spans": one.deid_spans},
        "model": asdict(one.model),
        "timings_ms": {stage: round(ms, 1) for stage, ms in asdict(one.timings).items()},
    }


def _citations(one: CheckedSentence, of: Answer) -> list[int]:
    numbers = {source: number for number, source in of.sources}
    return [numbers[source] for source in dict.fromkeys(f.source for f in one.facts) if source in numbers]


def mentions(found: Iterable[Mention]) -> Json:
    """`copilot kg link`."""
    keys = ("start", "end", "text", "concept", "name", "assertion", "side", "location", "severity")
    return {"mentions": [{key: getattr(m, key) for key in keys} | _number(m.quantity) for m in found]}


def _number(quantity: Quantity | None) -> Json:
    """The quantity of a fact or mention, where it has one."""
    return {"quantity": asdict(quantity)} if quantity else {}


def deidentified_dicom(result: DeidentifiedDicom) -> Json:
    """`copilot deid --out`."""
    return {
        "removed": list(result.removed),
        "remapped_uids": result.remapped_uids,
        "masked_regions": [asdict(region) for region in result.masked_regions],
        "residual_text": list(result.residual_text),
    }


def concepts(found: Iterable[Concept]) -> Json:
    """`copilot kg search`."""
    return {"concepts": [{"id": c.id, "name": c.name, "category": c.category} for c in found]}


def concept(one: Concept, facts: Iterable[Fact]) -> Json:
    """`copilot kg show`."""
    return {**asdict(one), "synonyms": list(one.synonyms), "facts": [fact(f) for f in facts]}


def ingested(documents: Iterable[Ingested]) -> Json:
    """`copilot kg ingest`."""
    return {"documents": [asdict(one) for one in documents]}


def reviewed(entries: Iterable[Reviewed]) -> Json:
    """`copilot kg review`: a statement in the graph's terms, the sentence behind it, and who decided what and when."""
    return {"statements": [_reviewed(entry) for entry in entries]}


def _reviewed(entry: Reviewed) -> Json:
    statement, candidate = entry.statement, entry.candidate
    return {
        "id": candidate.id,
        **asdict(statement),
        "qualifiers": dict(statement.qualifiers),
        "sentence": candidate.sentence,
        "document": candidate.document,
        "page": candidate.page,
        "note": candidate.note,
        "decision": entry.decision,
        "by": entry.by,
        "at": entry.at,
    }


def stats(one: GraphStats) -> Json:
    """`copilot kg stats`."""
    return asdict(one)
