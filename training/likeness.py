"""Makes `copilot/relations/data/likeness.npz`: `python -m training.likeness [--leave-out author_6,...]`. Minutes of a core.

    python -m training.likeness --facts-only     when facts were changed: their vectors anew, a minute of a core

The vector of MiniLM is turned and shortened so that a sentence lies near the facts that settle it, of those that
`copilot/evaluation/data/beside_facts` sets beside each other; the curated facts are stored with their vectors. Needs torch and
the graph engine.
"""

import argparse
import random
import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch

from copilot.one_fact import in_words
from copilot.relations.likeness import Vectors, key_of, turned
from copilot.sentences import minilm
from kg.graph import Graph
from kg.loading.csv_pack import core
from kg.loading.load import load
from kg.memory import Memory
from kg.verification import Verifier
from training.fact_pairs import AGAINST, SAME, beside_facts, read_by_readers

OUT = Path(__file__).resolve().parents[1] / "copilot" / "relations" / "data" / "likeness.npz"
WIDTH, ROUNDS, BATCH, RATE, SHARP, SEED = 128, 8, 512, 1e-3, 20.0, 7


def curated() -> list[str]:
    """The curated facts and definitions as the reader of facts knows them."""
    with tempfile.TemporaryDirectory() as folder, Graph.open_embedded(Path(folder)) as graph:
        load(graph, core())
        look = Verifier(Memory(graph)).look()
        return sorted({in_words(fact) for concept in core().concepts() for fact in look.near({concept.id})})


def settling(left_out: Sequence[str]) -> list[tuple[str, str]]:
    """Sentences with a fact that bears them out, has a part in that, or denies them."""
    chance = random.Random(SEED)  # noqa: S311 - no secret
    pairs = [*beside_facts(), *read_by_readers(chance)]
    settled = [p for p in pairs if p.label in (SAME, AGAINST) and p.author not in left_out and len(p.facts) < 4]
    return [(pair.sentence, fact) for pair in settled for fact in pair.facts]


def learned(asked: Vectors, facts: Vectors, own: Sequence[int]) -> tuple[Vectors, Vectors]:
    """(what turns and shortens, what is taken away before): each of `asked` is to lie near its own one of all the `facts`."""
    torch.manual_seed(SEED)
    middle = facts.mean(axis=0)
    _, _, main = np.linalg.svd(facts - middle, full_matrices=False)
    turn = torch.nn.Parameter(torch.from_numpy(main[:WIDTH].T.copy()))
    optimiser = torch.optim.Adam([turn], RATE)
    of_asked, of_facts = torch.from_numpy(asked - middle), torch.from_numpy(facts - middle)
    unit, wanted = torch.nn.functional.normalize, torch.tensor(own)
    for number in range(ROUNDS):
        lost = 0.0
        for some in torch.randperm(len(asked)).split(BATCH):
            near = unit(of_asked[some] @ turn, dim=1) @ unit(of_facts @ turn, dim=1).T
            loss = torch.nn.functional.cross_entropy(SHARP * near, wanted[some])
            optimiser.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            optimiser.step()
            lost += loss.item() * len(some)
        print(number, round(lost / len(asked), 3), flush=True)
    return turn.detach().numpy(), middle


def learn(facts: Sequence[str], left_out: Sequence[str]) -> tuple[Vectors, Vectors]:
    """What turns, and what is taken away before, from the sentences of all authors but those left out."""
    row = {fact: n for n, fact in enumerate(facts)}
    pairs = [(sentence, fact) for sentence, fact in settling(left_out) if fact in row]
    sentences = sorted({sentence for sentence, _ in pairs}, key=len)
    at = {sentence: n for n, sentence in enumerate(sentences)}
    of_sentences = minilm().encode(sentences)
    print(f"{len(pairs)} pairs, {len(facts)} facts", flush=True)
    return learned(of_sentences[[at[s] for s, _ in pairs]], minilm().encode(facts), [row[fact] for _, fact in pairs])


def known(path: Path) -> tuple[Vectors, Vectors]:
    """The same as a file has them."""
    with np.load(path) as told:
        return told["turn"].astype(np.float32), told["middle"].astype(np.float32)


def write(out: Path, facts: Sequence[str], turn: Vectors, middle: Vectors) -> None:
    """The file, with a vector for each fact."""
    vectors = turned(minilm().encode(facts), turn, middle)
    np.savez_compressed(
        out,
        turn=turn.astype(np.float16),
        middle=middle.astype(np.float16),
        keys=np.array([key_of(fact) for fact in facts], np.uint64),
        vectors=np.rint(vectors / np.abs(vectors).max() * 127).astype(np.int8),
    )


if __name__ == "__main__":
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--leave-out", default="")
    options.add_argument("--facts-only", action="store_true")
    options.add_argument("--out", type=Path, default=OUT)
    chosen = options.parse_args()
    torch.set_num_threads(2)
    everything = curated()
    without = [author for author in chosen.leave_out.split(",") if author]
    write(chosen.out, everything, *(known(chosen.out) if chosen.facts_only else learn(everything, without)))
