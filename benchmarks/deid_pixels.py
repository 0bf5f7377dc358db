"""How well burned-in text is removed from real films: share masked, area covered, markers kept, time.

Draws on the films of ../shared/data/cxr, at sides from 384 to 3,000 pixels; see copilot/evaluation/burned_in.py.
Run: python benchmarks/deid_pixels.py [--part dev|held] [--films N] [--seed N] [--clean] [--json]
"""

import argparse
import json
from pathlib import Path
from statistics import mean, median

from copilot.evaluation.burned_in import Score, evaluate, evaluate_clean, masker, missing_fonts

DATA = Path(__file__).resolve().parents[2] / "shared" / "data" / "cxr"


def figures(score: Score) -> dict[str, object]:
    """What is printed; times by the film's longer side."""
    wall: dict[int, list[float]] = {}
    for side, seconds in score.seconds:
        wall.setdefault(side, []).append(seconds)
    return {
        "films": score.films,
        "refused": score.refused,
        "texts": score.texts,
        "masked": score.masked,
        "masked_by_script": score.by_script,
        "markers": score.markers,
        "markers_lost": score.markers_lost,
        "area_median": round(median(score.areas), 5),
        "area_worst": round(max(score.areas), 5),
        "area_wrong_mean": round(mean(score.wrong_areas), 5),
        "films_touched_wrongly": sum(area > 0 for area in score.wrong_areas),
        "seconds_median_by_side": {side: round(median(times), 2) for side, times in sorted(wall.items())},
        "seconds_worst": round(max(seconds for _, seconds in score.seconds), 2),
        "cpu_seconds_median": round(median(score.cpu_seconds), 2),
        "missed_by": {name: f"{count} of {score.texts_by[name]}" for name, count in sorted(score.missed_by.items())},
    }


def main() -> None:
    """Prints the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--part", choices=("dev", "held"), default="dev")
    parser.add_argument("--films", type=int, default=40)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--clean", action="store_true", help="films as they are, nothing drawn")
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args()
    task = evaluate_clean if args.clean else evaluate
    score = task(masker(), DATA, args.part, args.films, args.seed)
    print(json.dumps(figures(score), indent=None if args.json else 2))
    if args.json:
        return
    print("fonts this machine lacks:", *(missing_fonts(args.part) or ("none",)))
    print("missed:", *score.missed, sep="\n  ")
    print("markers lost:", *score.lost, sep="\n  ")


if __name__ == "__main__":
    main()
