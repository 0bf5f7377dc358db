"""The evaluation tasks: a name, and a function from the application to figures. Knows no command line."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from copilot.bootstrap import Application
from copilot.errors import ConfigurationError
from copilot.evaluation import burned_in, deid, factcheck, grounding, linking, retrieval
from copilot.evaluation.notes import Part
from kg.types import Fact, Verdict

Figures = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Run:
    """How a task is run. `count`: examples, None for the task's own number. `films`: a folder of radiographs, or None."""

    part: Part = "held"
    count: int | None = None
    seed: int = 0
    films: Path | None = None


def _deid(application: Application, run: Run) -> Figures:
    """Identifiers found and clinical terms damaged, on generated notes; plain Presidio beside it."""
    scores = deid.evaluate(application.deidentifier, run.part, run.count or 2000, run.seed)
    return {name: score.figures() for name, score in scores.items()}


def _burned_in(_: Application, run: Run) -> Figures:
    """Text drawn on real films: how much is masked, how many side markers are lost."""
    if run.films is None:
        raise ConfigurationError("This task draws on real films: name their folder with --films.")
    score = burned_in.evaluate(burned_in.masker(), run.films, run.part, run.count or 150, run.seed)
    figures = {
        "films": score.films,
        "refused": score.refused,
        "texts": score.texts,
        "masked": score.masked,
        "by_script": score.by_script,
        "markers": score.markers,
        "markers_lost": score.markers_lost,
        "largest_area_covered": round(max(score.areas, default=0.0), 4),
    }
    return {"clinical copilot": figures}


def _all_facts(application: Application) -> Sequence[Fact]:
    """Those about the curated concepts, some concepts at a time: one reading of the graph should not fetch them all."""
    ids = [c.id for c in application.lexicon if c.pack == "core"]
    parts = (application.graph.facts_about(ids[at : at + 100], limit=100_000) for at in range(0, len(ids), 100))
    return tuple({(fact.id, fact.pack): fact for part in parts for fact in part}.values())


def _factcheck(application: Application, run: Run) -> Figures:
    """Verdicts on authored sentences; word overlap and MiniLM similarity beside it."""
    facts = _all_facts(application)
    scores = factcheck.evaluate(application.checker, facts, run.part, factcheck.baselines(facts))
    return {
        name: {
            "sentences": score.counts.total(),
            "macro_f1": round(score.macro_f1, 4),
            "precision": {v.value: round(score.precision(v), 4) for v in Verdict},
            "recall": {v.value: round(score.recall(v), 4) for v in Verdict},
        }
        for name, score in scores.items()
    }


def _grounding(application: Application, run: Run) -> Figures:
    """Whole answers: sentences by verdict in the drafts and in what is shown, and how many answer the question."""
    score = grounding.evaluate(application.copilot, _all_facts(application), run.count or 150, run.seed)
    return {
        when: {
            "questions": score.questions,
            "share": {v.value: round(score.share(v, after=after), 4) for v in Verdict if v is not Verdict.NOT_A_CLAIM},
            **({"deciding_fact_in_answer": round(score.useful_share, 4)} if after else {}),
        }
        for when, after in (("draft", False), ("answer", True))
    }


def _retrieval(application: Application, run: Run) -> Figures:
    """Authored questions: is a deciding fact among the first eight? Facts by mention alone beside it."""
    searches = {
        "clinical copilot": retrieval.by_retriever(application.linker, application.copilot.retriever),
        "by mention": retrieval.by_mention(application.linker, application.graph),
    }
    asked = list(retrieval.questions(run.part))[: run.count]
    scores = {name: retrieval.evaluate(search, asked) for name, search in searches.items()}
    return {
        name: {
            "questions": score.asked.total(),
            "deciding_fact_in_first_8": round(score.rate, 4),
            "by_kind": {kind: round(score.hits[kind] / n, 4) for kind, n in sorted(score.asked.items())},
        }
        for name, score in scores.items()
    }


def _linking(application: Application, run: Run) -> Figures:
    """Mentions in hand-labelled sentences, and what is said of them; a plain dictionary beside it."""
    finders = {
        "clinical copilot": linking.by_linker(application.linker),
        "dictionary": linking.by_dictionary(application.lexicon),
    }
    files = {file: list(linking.sentences(file))[: run.count] for file in linking.FILES[run.part]}
    kinds = application.graph.descendants(c.id for c in application.lexicon)
    return {
        f"{name}, {file}": _of_linking(linking.evaluate(find, application.lexicon, kinds, marked), len(marked))
        for file, marked in files.items()
        for name, find in finders.items()
    }


def _of_linking(score: linking.Score, count: int) -> dict[str, object]:
    return {
        "sentences": count,
        "mentions": score.found + score.missed,
        "mentions_not_in_graph": score.not_in_graph,
        "places_in_a_longer_name": score.in_a_name,
        "precision": round(score.precision, 4),
        "recall": round(score.recall, 4),
        "f1": round(score.f1, 4),
        "exact_concept": round(score.exact / max(1, score.found), 4),
        "accuracy": {what: round(score.accuracy(what), 4) for what in ("assertion", "side", "named side", "severity")},
    }


TASKS: Mapping[str, Callable[[Application, Run], Figures]] = {
    "deid": _deid,
    "burned-in": _burned_in,
    "factcheck": _factcheck,
    "grounding": _grounding,
    "linking": _linking,
    "retrieval": _retrieval,
}
