"""Trains the reader of facts on authored sentences, each beside a fact that bears it out, denies it or does neither.

    python -m training.facts pairs WORK                     which other facts look alike; needs the graph engine
    python -m training.facts train WORK --start MINILM      needs torch [--leave-out author_6,facts_24] [--epochs N]
    python -m training.facts export WORK --start MINILM     needs torch; WORK/facts.onnx is what is shipped

MINILM is the folder of all-MiniLM-L6-v2, as for `training.relations`. Learned from: `copilot/evaluation/data/beside_facts`
(sentences written beside a fact in words; `read.txt`: development sentences of others, with which of the likest facts settles
them), the facts put into words of `wordings`, the `phrasings` filled with facts, and, as what settles nothing, the facts that
`copilot.one_fact` finds most like a sentence beside the one that it was written of.
"""

import json
import random
import re
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from copilot.one_fact import cards, in_words
from copilot.relations.numbers_beside import marked
from copilot.relations.onnx_facts import LONGEST_FACT, LONGEST_SENTENCE
from copilot.relations.onnx_reader import CLOSES, OPENS, Pieces
from kg.linking import Linker
from kg.types import Concept, Fact
from kg.verification import Look, Verifier
from training.concepts import authored, unmarked
from training.reader_steps import run
from training.relations import NONE, phrasings

if TYPE_CHECKING:
    import torch

    from training.fact_net import FactNet

ROOT = Path(__file__).resolve().parents[1]
DATA = ROOT / "copilot" / "evaluation" / "data"
NEITHER, SAME, AGAINST = 0, 1, 2
LABELS = {"same": SAME, "against": AGAINST, "more": NEITHER, "other": NEITHER, "neither": NEITHER}
EPOCHS, BATCH, SEED = 14, 256, 7
RATE_OF_HEAD, RATE, HIDDEN, SMOOTHED = 6e-4, 3e-4, 0.06, 0.03
MINED, FILLED = 6, 2
"""Likest facts that are looked at for what settles nothing, and facts that a phrasing is filled with."""
WEIGHTS = {"filled": 0.5, "mined": 0.5, "read": 3.0}
"""How much a pair counts, by where it is from."""
_ONE_WAY = frozenset({"CAUSES", "COMMONEST_CAUSE_OF", "COMPLICATES", "RISK_FACTOR_FOR", "IS_A", "PART_OF"})
_SINGLE = frozenset(
    {"FIRST_TEST", "COMMONEST_CAUSE_OF", "HAS_SIDE", "HAS_COURSE", "HAS_URGENCY", "HAS_DISTRIBUTION", "CONSISTS_OF",
     "APPEARS_AS", "SHIFTS_MEDIASTINUM", "TIP_BELONGS_IN"}
)  # fmt: skip
"""Of which another value may deny what is said, so that it is not taken for one that settles nothing."""


class Pair(NamedTuple):
    """A sentence beside a fact in words."""

    author: str
    sentence: str
    fact: str
    label: int
    kind: str


class Known:
    """The curated facts in words."""

    def __init__(self, facts: Sequence[Fact], concepts: Sequence[Concept]) -> None:
        self.concepts = {concept.id: concept for concept in concepts}
        self.by_name = {name.lower(): c.id for c in reversed(concepts) for name in (*c.synonyms, c.name)}
        self.facts = [self._named(fact) for fact in facts]
        self.by_ends = {(fact.subject, fact.predicate, fact.object): fact for fact in self.facts}
        self.of: Mapping[str, list[Fact]] = defaultdict(list)
        for fact in self.facts:
            self.of[fact.predicate].append(fact)

    def _named(self, fact: Fact) -> Fact:
        name = self.concepts[fact.object].name if fact.object in self.concepts else fact.object_name
        return replace(fact, subject_name=self.concepts[fact.subject].name, object_name=name)


def beside_facts() -> Iterator[Pair]:
    """What was written beside a fact, and what was read beside several."""
    for path in sorted((DATA / "beside_facts").glob("*.txt")):
        head = author = ""
        for line in path.read_text("utf-8").splitlines():
            if line.startswith("= "):
                head, author = line[2:], path.stem
                if path.stem == "read":
                    author, _, head = head.partition(" | ")
                continue
            label, _, text = line.partition(" | ")
            if head and label in LABELS:
                sentence, fact = (head, text) if path.stem == "read" else (text, head)
                yield Pair(author, sentence, fact, LABELS[label], "read" if path.stem == "read" else label)


def in_other_words(known: Known) -> Iterator[tuple[Pair, Fact]]:
    """The facts of `wordings`: stated, denied, turned round, or both things named and nothing said of them."""
    for author, sentence, told in authored():
        if len(told) < 4:
            continue
        subject, predicate, value, sign = told
        one = known.by_name.get(subject.lower(), "")
        other = known.by_name.get(value.lower(), value.replace(" ", "_"))
        fact = known.by_ends.get((one, predicate, other)) or known.by_ends.get((other, predicate, one))
        if fact is None:
            continue
        label = {"+": SAME, "-": AGAINST, "<": AGAINST if predicate in _ONE_WAY else NEITHER}.get(sign, NEITHER)
        if fact.denied and label:
            label = NEITHER if sign == "<" else 3 - label
        yield Pair(author, unmarked(sentence)[0], in_words(fact), label, f"fact{sign}"), fact


def filled(known: Known, chance: random.Random) -> Iterator[Pair]:
    """The phrasings, each filled with facts of its relation."""
    plain = {
        predicate: [f for f in some if not f.quantity and not f.qualifiers] for predicate, some in known.of.items()
    }
    everything = [predicate for predicate, some in plain.items() if some]
    for phrasing in phrasings():
        if phrasing.of is not None:
            continue
        predicate, _, value = phrasing.labels[0].partition("=")
        if predicate == NONE:
            predicate = chance.choice(everything)
        wanted = known.by_name.get(value.lower(), value)
        pool = [
            f
            for f in plain.get(predicate, ())
            if (f.object == wanted if value else f.object in known.concepts or "{o}" not in phrasing.text)
        ]
        for fact in chance.sample(pool, min(FILLED, len(pool))):
            label = {"+": SAME, "-": AGAINST}.get(phrasing.sign, NEITHER) if phrasing.labels[0] != NONE else NEITHER
            if fact.denied and label:
                label = 3 - label
            yield Pair(phrasing.author, _filled(phrasing.text, fact, known, chance), in_words(fact), label, "filled")


def _filled(text: str, fact: Fact, known: Known, chance: random.Random) -> str:
    everything = sorted(known.concepts)

    def name(mark: re.Match[str]) -> str:
        ends = {"s": fact.subject, "o": fact.object}
        concept = known.concepts.get(ends.get(mark[1], ""), known.concepts[chance.choice(everything)])
        return chance.choice([concept.name, *concept.synonyms]) if chance.random() < 0.4 else concept.name

    told = re.sub(r"\{(\w+)\}", name, text)
    return told[:1].upper() + told[1:]


def mined(pairs: Sequence[Pair], of: Mapping[str, Fact], linker: Linker, look: Look) -> Iterator[Pair]:
    """The facts most like a sentence beside its own, which settle nothing.

    Left out are those that may settle it after all: of the same two things, and another value where there is but one.
    """
    for pair in pairs:
        own = of[pair.fact]
        for card in cards(pair.sentence, linker.link(pair.sentence, values=True), look, MINED):
            fact = card.fact
            if pair.kind != "more" and (
                {fact.subject, fact.object} == {own.subject, own.object}
                or "DEFINED_AS" in (fact.predicate, own.predicate)
                or (fact.subject == own.subject and fact.predicate == own.predicate
                    and (fact.quantity or fact.predicate in _SINGLE))
            ):  # fmt: skip
                continue
            if card.text != pair.fact:
                yield Pair(pair.author, pair.sentence, card.text, NEITHER, "mined")


def write_pairs(work: Path) -> None:
    """`pairs.json`."""
    from kg.graph import Graph  # noqa: PLC0415
    from kg.loading.csv_pack import core  # noqa: PLC0415
    from kg.loading.load import load  # noqa: PLC0415
    from kg.memory import Memory  # noqa: PLC0415

    work.mkdir(parents=True, exist_ok=True)
    known = Known([*core().facts()], [*core().concepts()])
    chance = random.Random(SEED)  # noqa: S311 - no secret
    worded = [*in_other_words(known)]
    written = [*beside_facts()]
    with tempfile.TemporaryDirectory() as folder, Graph.open_embedded(Path(folder)) as graph:
        load(graph, core())
        linker, look = Linker(graph.lexicon()), Verifier(Memory(graph)).look()
        of = {in_words(fact): fact for fact in (*known.facts, *look.near(known.concepts))}
        own = [p for p in written if p.kind in ("same", "against", "more") and p.fact in of]
        own += [
            pair for pair, _ in chance.sample(worded, min(len(worded), len(own))) if pair.kind in ("fact+", "fact-")
        ]
        alike = [*mined(own, of, linker, look)]
    everything = [*written, *(pair for pair, _ in worded), *filled(known, chance), *alike]
    once = {(p.sentence, p.fact): p for p in reversed(everything)}
    (work / "pairs.json").write_text(json.dumps([*once.values()]))


# --- training ---------------------------------------------------------------------------------------

Coded = tuple[list[int], list[int]]
"""The pieces of a sentence, and of a fact."""


class Coder:
    """Pairs as numbers."""

    def __init__(self, start: Path) -> None:
        from tokenizers import Tokenizer  # noqa: PLC0415

        number = Tokenizer.from_file(str(start / "tokenizer.json")).get_vocab()
        self.vocabulary = sorted(number, key=number.__getitem__)
        self.opens, self.closes, self.mask = (number[name] for name in (OPENS, CLOSES, "[MASK]"))
        self._pieces = Pieces(self.vocabulary)
        self._known = dict[str, list[int]]()

    def __call__(self, pair: Pair) -> Coded:
        """What the running reader makes of it."""
        sentence = self._ids(marked(pair.sentence, pair.fact))[:LONGEST_SENTENCE]
        return sentence, self._ids(pair.fact)[:LONGEST_FACT]

    def _ids(self, text: str) -> list[int]:
        if text not in self._known:
            self._known[text] = self._pieces.ids(text)
        return self._known[text]

    def batch(self, pairs: Sequence[Coded], chance: random.Random | None) -> tuple["torch.Tensor", "torch.Tensor"]:
        """Pieces and which of them are the fact's; with `chance` some are hidden."""
        import torch  # noqa: PLC0415

        rows = [[self.opens, *one, self.closes, *other, self.closes] for one, other in pairs]
        longest = max(map(len, rows))
        if chance is not None:
            special = {self.opens, self.closes}
            rows = [[n if n in special or chance.random() >= HIDDEN else self.mask for n in row] for row in rows]
        parts = [[0.0] * (len(one) + 2) + [1.0] * (len(other) + 1) for one, other in pairs]
        pieces = torch.tensor([row + [0] * (longest - len(row)) for row in rows])
        return pieces, torch.tensor([part + [0.0] * (longest - len(part)) for part in parts])


def new_net(start: Path) -> "FactNet":
    """MiniLM with a head that knows nothing yet."""
    from safetensors.torch import load_file  # noqa: PLC0415

    from training.fact_net import FactNet  # noqa: PLC0415

    return FactNet(load_file(start / "model.safetensors"))


def train(work: Path, start: Path, left_out: Sequence[str], epochs: int) -> None:
    """Writes `facts.pt`, and prints how pairs of authors left out are read."""
    import torch  # noqa: PLC0415

    torch.manual_seed(SEED)
    torch.set_num_threads(2)
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    pairs = [Pair(*row) for row in json.loads((work / "pairs.json").read_text())]
    coder, net = Coder(start), new_net(start).to(device)
    fit(net, coder, [pair for pair in pairs if pair.author not in left_out], epochs, device)
    net.cpu()
    torch.save(net.state_dict(), work / "facts.pt")
    tell(net, coder, [pair for pair in pairs if pair.author in left_out])


def export(work: Path, start: Path) -> None:
    """Writes `facts.onnx` from `facts.pt`."""
    import torch  # noqa: PLC0415

    net = new_net(start)
    net.load_state_dict(torch.load(work / "facts.pt", weights_only=True))
    net.write(work / "facts.onnx", Coder(start).vocabulary)


def fit(net: "FactNet", coder: Coder, taught: Sequence[Pair], epochs: int, device: "torch.device") -> None:
    """Trains in place, on `device`."""
    import torch  # noqa: PLC0415

    chance = random.Random(SEED)  # noqa: S311 - no secret
    rows = [(coder(pair), pair.label, WEIGHTS.get(pair.kind, 1.0)) for pair in taught]
    print(f"{len(rows)} pairs", flush=True)
    net.train()
    optimiser = torch.optim.AdamW([{"params": some} for some in net.groups()], weight_decay=0.01)
    steps = epochs * -(-len(rows) // BATCH)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, [RATE_OF_HEAD, RATE], total_steps=steps, pct_start=0.1)
    for epoch in range(epochs):
        rows.sort(key=lambda row: (len(row[0][0]) + len(row[0][1])) * chance.uniform(0.85, 1.15))
        batches = [rows[at : at + BATCH] for at in range(0, len(rows), BATCH)]
        chance.shuffle(batches)
        lost = 0.0
        for batch in batches:
            pieces, of_the_fact = coder.batch([row[0] for row in batch], chance)
            weights = torch.tensor([row[2] for row in batch], device=device)
            with torch.autocast(device.type, dtype=torch.bfloat16, enabled=device.type == "cuda"):
                told = net.read(pieces.to(device), of_the_fact.to(device))
            losses = torch.nn.functional.cross_entropy(
                told.float(), torch.tensor([row[1] for row in batch], device=device), reduction="none",
                label_smoothing=SMOOTHED,
            )  # fmt: skip
            loss = (losses * weights).sum() / weights.sum()
            optimiser.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            torch.nn.utils.clip_grad_norm_(net.parameters(), 1.0)
            optimiser.step()
            schedule.step()
            lost += loss.item() * len(batch)
        print(epoch, round(lost / len(rows), 4), flush=True)
    net.eval()


def tell(net: "FactNet", coder: Coder, left_out: Sequence[Pair]) -> None:
    """Prints recall and precision of both labels, from several shares on, and how much of each kind of pair is read right."""
    import torch  # noqa: PLC0415

    shares = []
    with torch.inference_mode():
        for at in range(0, len(left_out), BATCH):
            told = net.read(*coder.batch([coder(pair) for pair in left_out[at : at + BATCH]], None))
            shares += told.softmax(-1).tolist()
    right = defaultdict(list)
    for pair, share in zip(left_out, shares, strict=True):
        right[pair.author, pair.kind].append(share.index(max(share)) == pair.label)
    print({key: (len(some), round(sum(some) / len(some), 3)) for key, some in sorted(right.items())})
    for name, label in (("same", SAME), ("against", AGAINST)):
        for least in (0.5, 0.9, 0.95):
            given = [pair.label == label for pair, share in zip(left_out, shares, strict=True) if share[label] >= least]
            deserve = sum(pair.label == label for pair in left_out)
            if given and deserve:
                print(
                    f"{name} from {least}: recall {sum(given) / deserve:.3f}, precision {sum(given) / len(given):.3f}"
                )


if __name__ == "__main__":
    run(__doc__, ("pairs", write_pairs), train, export, EPOCHS)
