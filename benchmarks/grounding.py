"""Whole answers of the default model: sentences by verdict before and after checking, usefulness, and the share of time.

    PYTHONPATH=. python benchmarks/grounding.py [--questions N]

Uses the graph and the model of the settings. Asserts nothing.
"""

import argparse
import statistics

from copilot.bootstrap import Application
from copilot.evaluation.grounding import evaluate
from kg.types import Verdict


def main() -> None:
    """Prints the figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--questions", type=int, default=150)
    parser.add_argument(
        "--missed", action="store_true", help="print the questions whose deciding fact is not in the answer"
    )
    options = parser.parse_args()
    with Application() as application:
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
