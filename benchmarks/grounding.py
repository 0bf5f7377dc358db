"""Whole answers of the default model: sentences by verdict before and after checking, usefulness, and the share of time.

    PYTHONPATH=. python benchmarks/grounding.py [--questions N] [--long]

`--long` asks broad questions instead and reports only what guarding, linking, retrieving and verifying cost beside a draft
of about 150 tokens, in milliseconds on the clock.
Uses the graph and the model of the settings. Asserts nothing.
"""

import argparse
import statistics

from copilot.bootstrap import Application
from copilot.evaluation.grounding import evaluate
from copilot.types import Answered, DraftProgress
from kg.types import Verdict

BROAD = (
    "Explain in six long sentences what {name} is, what causes it, how it presents, how it looks on a chest radiograph, "
    "how it is investigated and how it is treated."
)
NAMES = (
    "heart failure", "pneumonia", "tuberculosis", "pneumothorax", "pleural effusion", "sarcoidosis", "asthma", "lung cancer",
    "COPD", "pulmonary embolism", "asbestosis", "silicosis", "empyema", "lung abscess", "bronchiectasis", "cystic fibrosis",
    "pulmonary edema", "ARDS", "aortic dissection", "cardiac tamponade",
)  # fmt: skip


def long_drafts(application: Application, count: int) -> None:
    """The share of time on drafts of 130 tokens and more."""
    checks, writing, tokens = [], [], []
    for name in NAMES[:count]:
        written = 0
        for event in application.copilot.ask(application.copilot.open_session(), BROAD.format(name=name)):
            if isinstance(event, DraftProgress):
                written += 1
            elif isinstance(event, Answered):
                times = event.answer.timings
                if written >= 130:
                    checks.append(times.deid + times.retrieval + times.verification)
                    writing.append(times.generation)
                    tokens.append(written)
    if not tokens:
        print("no draft was so long")
        return
    print(
        f"{len(tokens)} drafts of {min(tokens)} to {max(tokens)} tokens: guard + link + retrieve + verify "
        f"{statistics.median(checks):.0f} ms, writing {statistics.median(writing):.0f} ms, "
        f"share {statistics.median(c / w for c, w in zip(checks, writing, strict=True)):.3f}"
    )


def main() -> None:
    """Prints the figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--questions", type=int, default=150)
    parser.add_argument(
        "--missed", action="store_true", help="print the questions whose deciding fact is not in the answer"
    )
    parser.add_argument("--long", action="store_true", help="the share of time on drafts of about 150 tokens")
    options = parser.parse_args()
    with Application() as application:
        if options.long:
            long_drafts(application, options.questions)
            return
        facts = application.graph.facts_about([c.id for c in application.lexicon], limit=1_000_000)
        figures = evaluate(application.copilot, facts, options.questions)
    print(f"{figures.questions} questions, answers by way of writing: {dict(figures.composed)}")
    for name, after in (("drafts", False), ("answers", True)):
        shares = "  ".join(
            f"{v.value} {figures.share(v, after=after):.3f}" for v in Verdict if v != Verdict.NOT_A_CLAIM
        )
        print(f"{name}: {shares}  ({(figures.after if after else figures.before).total()} sentences)")
    print(f"contradicted sentences shown: {figures.after[Verdict.CONTRADICTED.value]}")
    print(f"deciding fact in the answer: {figures.useful_share:.3f}")
    tokens, checks = statistics.median(figures.tokens), statistics.median(figures.checks)
    print(
        f"guard + link + retrieve + verify: {checks:.0f} ms, {figures.check_share:.3f} of writing {tokens:.0f} tokens"
    )
    if options.missed:
        print("\n".join(figures.missed))


if __name__ == "__main__":
    main()
