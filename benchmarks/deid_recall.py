"""How much a de-identifier finds, ours beside plain Presidio on the same generated notes with the same spaCy model.

    PYTHONPATH=. python benchmarks/deid_recall.py [--part dev|held] [--notes N]

The graph's lexicon is handed in as the allow-list, as in the application. A gold span counts as found when every letter
and digit of it is gone; a clinical term is damaged when any part of it is.
"""

import argparse

from copilot.bootstrap import Application
from copilot.evaluation.deid import evaluate


def main() -> None:
    """Prints one block a de-identifier."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--part", choices=("dev", "held"), default="held")
    parser.add_argument("--notes", type=int, default=300)
    options = parser.parse_args()
    with Application() as application:
        scores = evaluate(application.deidentifier, options.part, options.notes)
    for name, score in scores.items():
        print(f"{name}: {options.part}, {options.notes} notes, {sum(score.gold.values())} spans")
        print(f"  recall {score.recall:.3f}   terms damaged {score.damaged} of {score.terms}")
        print("  " + "  ".join(f"{kind} {share:.2f}" for kind, share in score.by_type().items()))
        print("  " + "  ".join(f"{kind} {share:.2f}" for kind, share in score.by_kind().items()))


if __name__ == "__main__":
    main()
