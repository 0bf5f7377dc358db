"""Trains the reader of concepts on authored sentences in which a thing is said without its name.

    python -m training.concepts spans WORK                     what the linker names beside; needs the graph engine
    python -m training.concepts train WORK --start MINILM      needs torch [--leave-out said_3,facts_5] [--epochs N]
    python -m training.concepts export WORK --start MINILM     needs torch; WORK/concepts.onnx is what is shipped

MINILM is the folder of all-MiniLM-L6-v2, as for `training.relations`. Sentences: `copilot/evaluation/data/wordings`, with
`said_*.txt` (`concept | sentence with a [[span]]`, NONE for a span that only looks like one) and `facts_*.txt`
(`subject | PREDICATE | object | sign | sentence with [[s:a span]] and [[o:another]]`).
"""

import json
import random
import re
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from copilot.relations.onnx_concepts import MOST_WORDS, spans_of
from copilot.relations.onnx_reader import CLOSES, OPENS, SLOTS, Pieces
from training.reader_steps import run

if TYPE_CHECKING:
    import torch

    from training.concept_net import ConceptNet

ROOT = Path(__file__).resolve().parents[1]
DATA = ROOT / "copilot" / "evaluation" / "data" / "wordings"
NONE = ""
EPOCHS, BATCH, ALONE, SEED = 6, 32, 48, 7
RATE_OF_HEADS, RATE, RATE_OF_POINTS = 1.5e-3, 2e-4, 3e-3
HIDDEN, SMOOTHED = 0.06, 0.05
OTHERS = 64
"""Spans of a sentence that mean nothing and are looked at."""
RENAMED, ANOTHER, NAMED = 0.2, 0.5, 0.08
"""How often a name becomes another of the concept, or (up to) one of another concept, and a wording a name."""

Span = tuple[int, int, str]


@dataclass(frozen=True)
class Line:
    """A sentence. `meant`: (start, end, concept id or NONE) of the marked spans; `named`: of those the linker finds."""

    author: str
    text: str
    meant: tuple[Span, ...]
    named: tuple[Span, ...]


@dataclass(frozen=True)
class Thing:
    """A concept with all of its names."""

    id: str
    category: str
    names: tuple[str, ...]


def unmarked(sentence: str) -> tuple[str, list[tuple[int, int, str]]]:
    """The sentence without its marks, and (start, end, mark) of each span."""
    text, at, found = "", 0, []
    for mark in re.finditer(r"\[\[(?:([so]):)?(.+?)\]\]", sentence):
        text += sentence[at : mark.start()]
        found.append((len(text), len(text) + len(mark[2]), mark[1] or ""))
        text += mark[2]
        at = mark.end()
    return text + sentence[at:], found


def authored() -> Iterator[tuple[str, str, list[str]]]:
    """(author, sentence with marks, what stands before it) of every line."""
    for path in sorted(DATA.glob("*.txt")):
        for line in path.read_text("utf-8").splitlines():
            *told, sentence = line.split(" | ")
            if line.startswith("#") or not told:
                continue
            yield path.stem, sentence, told


def write_spans(work: Path) -> None:
    """`spans.json`."""
    from kg.graph import Graph  # noqa: PLC0415
    from kg.linking import Linker  # noqa: PLC0415
    from kg.loading.csv_pack import core  # noqa: PLC0415
    from kg.loading.load import load  # noqa: PLC0415

    work.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, Graph.open_embedded(Path(folder)) as graph:
        load(graph, core())
        lexicon = graph.lexicon()
    linker, ids = Linker(lexicon), {concept.name: concept.id for concept in lexicon}
    lines = []
    for author, sentence, told in authored():
        marks = {"s": told[0], "o": told[2]} if len(told) > 1 else {"": told[0]}
        text, spans = unmarked(sentence)
        meant = [(start, end, ids.get(marks[mark], NONE)) for start, end, mark in spans]
        named = [
            (mention.start, mention.end, mention.concept)
            for mention in linker.link(text, values=True)
            if mention.category != "value"
            and not any(mention.start < end and start < mention.end for start, end, _ in meant)
        ]
        lines.append(asdict(Line(author, text, tuple(meant), tuple(named))))
    things = [asdict(Thing(c.id, c.category, (c.name, *c.synonyms))) for c in lexicon if c.category != "value"]
    (work / "spans.json").write_text(json.dumps({"lines": lines, "things": things}))


# --- training ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Coded:
    """A sentence in pieces. `means`: for each span its concept's number, 0 for none of them, None where nobody told."""

    ids: list[int]
    spans: list[tuple[int, int]]
    means: list[int | None]

    def sampled(self, chance: random.Random) -> list[tuple[int, float]]:
        """Spans, each with its weight: all that mean something or look like it, and some of the others for the rest."""
        told = [n for n, concept in enumerate(self.means) if concept is not None]
        others = [n for n, concept in enumerate(self.means) if concept is None]
        some = chance.sample(others, min(OTHERS, len(others)))
        return [*((n, 1.0) for n in told), *((n, len(others) / len(some)) for n in some)]


class Material:
    """All that is learned from, and how it is told in numbers."""

    def __init__(self, work: Path, start: Path) -> None:
        """Reads what the step before wrote, and the vocabulary of MiniLM."""
        from tokenizers import Tokenizer  # noqa: PLC0415

        pieces = Tokenizer.from_file(str(start / "tokenizer.json")).get_vocab()
        self.vocabulary = sorted(pieces, key=pieces.__getitem__)
        self.pieces = Pieces(self.vocabulary)
        told = json.loads((work / "spans.json").read_text())
        self.lines = [Line(**line) for line in told["lines"]]
        self.things = [Thing(**thing) for thing in told["things"]]
        self.number = {thing.id: n for n, thing in enumerate(self.things, 1)}
        self._alike: Mapping[str, list[Thing]] = defaultdict(list)
        for thing in self.things:
            self._alike[thing.category].append(thing)
        self.fixed = {pieces[OPENS], pieces[CLOSES]}
        self.mask = pieces["[MASK]"]

    def coded(self, text: str, meant: Sequence[Span]) -> Coded:
        """A span of the author reaches to the next whole words, without an article before it."""
        ids, words = self.pieces.words(text)
        spans, wide = list(spans_of(text, words)), set(spans_of(text, words, 2 * MOST_WORDS))
        wanted: dict[tuple[int, int], int] = {}
        for start, end, concept in meant:
            inside = [n for n, word in enumerate(words) if word.end > start and word.start < end]
            fitting = [(a, b) for a in inside for b in inside[::-1] if (a, b) in wide]
            if fitting:
                wanted[max(fitting, key=lambda ends: ends[1] - ends[0])] = self.number.get(concept, 0)
        spans += [ends for ends in wanted if ends not in set(spans)]
        means = [wanted.get(ends) for ends in spans]
        return Coded(ids, [(words[a].first, words[b].last) for a, b in spans], means)

    def varied(self, line: Line, chance: random.Random) -> Coded:
        """The sentence with some things called by other names, or other things of the kind in their place."""
        text, at, meant = "", 0, list[Span]()
        both = [(*span, True) for span in line.named] + [(*span, False) for span in line.meant]
        for start, end, concept, is_name in sorted(both):
            if start < at:
                continue
            text += line.text[at:start]
            words, thing, at = line.text[start:end], self._other(concept, is_name, chance), end
            if thing is not None:
                words, concept = chance.choice(thing.names), thing.id  # noqa: PLW2901
            meant.append((len(text), len(text) + len(words), concept))
            text += words
        return self.coded(text + line.text[at:], meant)

    def _other(self, concept: str, is_name: bool, chance: random.Random) -> Thing | None:
        if concept not in self.number:
            return None
        thing, drawn = self.things[self.number[concept] - 1], chance.random()
        if drawn < (RENAMED if is_name else NAMED):
            return thing
        return chance.choice(self._alike[thing.category]) if is_name and drawn < ANOTHER else None

    def alone(self, taught: Sequence[Line], chance: random.Random) -> tuple[str, int]:
        """A name, or a wording, by itself."""
        if chance.random() < 0.5:
            thing = chance.choice(self.things)
            return chance.choice(thing.names), self.number[thing.id]
        while True:
            line = chance.choice(taught)
            start, end, concept = chance.choice(line.meant)
            if concept in self.number:
                return line.text[start:end], self.number[concept]


def new_net(from_: Material, start: Path) -> "ConceptNet":
    """MiniLM, with each concept where it puts the concept's names."""
    import torch  # noqa: PLC0415
    from safetensors.torch import load_file  # noqa: PLC0415
    from torch.nn.functional import normalize  # noqa: PLC0415

    from training.concept_net import ConceptNet  # noqa: PLC0415

    net = ConceptNet(len(from_.things), load_file(start / "model.safetensors")).eval()
    with torch.inference_mode():
        for row, thing in enumerate(from_.things):
            states = [net.read(torch.tensor([from_.pieces.words(name)[0]]))[0].mean(0) for name in thing.names[:12]]
            net.points[row] = normalize(torch.stack([normalize(state, dim=0) for state in states]).mean(0), dim=0)
    return net


def train(work: Path, start: Path, left_out: Sequence[str], epochs: int) -> None:
    """Writes `concepts.pt`, and prints how many spans of authors left out are read right."""
    import torch  # noqa: PLC0415

    torch.manual_seed(SEED)
    torch.set_num_threads(2)
    found = Material(work, start)
    taught = [line for line in found.lines if line.author not in left_out]
    print(f"{len(taught)} sentences, {len(found.things)} concepts", flush=True)
    net = new_net(found, start)
    _fit(net, found, taught, epochs)
    torch.save(net.state_dict(), work / "concepts.pt")
    _tell(net, found, [line for line in found.lines if line.author in left_out])


def export(work: Path, start: Path) -> None:
    """Writes `concepts.onnx` from `concepts.pt`."""
    import torch  # noqa: PLC0415
    from safetensors.torch import load_file  # noqa: PLC0415

    from training.concept_net import ConceptNet  # noqa: PLC0415

    found = Material(work, start)
    net = ConceptNet(len(found.things), load_file(start / "model.safetensors"))
    net.load_state_dict(torch.load(work / "concepts.pt", weights_only=True))
    kept = pieces_that_occur(found.pieces, found.vocabulary, [line.text for line in found.lines])
    net.write(work / "concepts.onnx", found.vocabulary, kept, [thing.id for thing in found.things])


def pieces_that_occur(pieces: Pieces, vocabulary: Sequence[str], texts: Sequence[str]) -> list[int]:
    """Those of the texts and of the graph, and single signs, of which other words are put together; and the special ones."""
    content = [path for path in sorted((ROOT / "kg" / "content").rglob("*")) if path.suffix in (".csv", ".tsv")]
    lines = [*texts, *(line for path in content for line in path.read_text("utf-8").splitlines())]
    kept = {n for text in lines for n in pieces.ids(text)}
    special = ("[PAD]", "[UNK]", OPENS, CLOSES, *SLOTS)
    return [
        n for n, piece in enumerate(vocabulary) if n in kept or piece in special or len(piece.removeprefix("##")) == 1
    ]


def _fit(net: "ConceptNet", found: Material, taught: Sequence[Line], epochs: int) -> None:
    import torch  # noqa: PLC0415

    chance = random.Random(SEED)  # noqa: S311 - no secret
    rates = [RATE_OF_HEADS, RATE, RATE_OF_POINTS]
    groups = net.groups()
    optimiser = torch.optim.AdamW(
        [{"params": some, "weight_decay": 0.0 if n == 2 else 0.01} for n, some in enumerate(groups)]
    )
    steps = epochs * -(-len(taught) // BATCH)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, rates, total_steps=steps, pct_start=0.1)
    for epoch in range(epochs):
        net.train()
        lost = Counter[str]()
        order = sorted(taught, key=lambda line: len(line.text) * chance.uniform(0.8, 1.25))  # type: ignore[no-untyped-call]
        batches = [order[at : at + BATCH] for at in range(0, len(order), BATCH)]
        chance.shuffle(batches)
        for batch in batches:
            losses = _losses(net, found, batch, taught, chance)
            optimiser.zero_grad()
            torch.stack([*losses.values()]).sum().backward()
            torch.nn.utils.clip_grad_norm_([p for some in groups for p in some], 1.0)
            optimiser.step()
            schedule.step()
            lost.update({name: float(loss) for name, loss in losses.items()})  # type: ignore[arg-type]
        print(epoch, {name: round(total / len(batches), 3) for name, total in lost.items()}, flush=True)
    net.eval()


def _losses(
    net: "ConceptNet", found: Material, batch: Sequence[Line], taught: Sequence[Line], chance: random.Random
) -> dict[str, "torch.Tensor"]:
    """Which spans mean a thing, which thing the marked ones mean, and what names and wordings mean by themselves."""
    import torch  # noqa: PLC0415
    from torch.nn.functional import binary_cross_entropy_with_logits, cross_entropy  # noqa: PLC0415

    coded = [found.varied(line, chance) for line in batch]
    x = _states(net, [_hidden(some.ids, found, chance) for some in coded])
    asked = [(row, n, weight) for row, some in enumerate(coded) for n, weight in some.sampled(chance)]
    means = [coded[row].means[n] for row, n, _ in asked]
    ends = [coded[row].spans[n] for row, n, _ in asked]
    told, mean = net.spans(
        x,
        torch.tensor([row for row, _, _ in asked]),
        torch.tensor([first for first, _ in ends]),
        torch.tensor([last for _, last in ends]),
    )
    one = binary_cross_entropy_with_logits(
        net.means_one(told),
        torch.tensor([float(bool(concept)) for concept in means]),
        weight=torch.tensor([weight for _, _, weight in asked]),
        reduction="sum",
    )
    marked = [n for n, concept in enumerate(means) if concept is not None]
    wanted = torch.tensor([means[n] for n in marked])
    which = cross_entropy(net.which(told[marked], mean[marked]), wanted, label_smoothing=SMOOTHED, reduction="sum")
    single = [found.alone(taught, chance) for _ in range(ALONE)]
    ids = [found.pieces.words(text)[0] for text, _ in single]
    last = torch.tensor([len(some) - 2 for some in ids])
    of_alone = net.spans(_states(net, ids), torch.arange(ALONE), torch.ones_like(last), last)
    numbers = torch.tensor([number for _, number in single])
    return {
        "one": one / len(batch),
        "which": which / len(batch),
        "alone": cross_entropy(net.which(*of_alone), numbers, label_smoothing=SMOOTHED),
    }


def _hidden(ids: list[int], found: Material, chance: random.Random) -> list[int]:
    return [n if n in found.fixed or chance.random() >= HIDDEN else found.mask for n in ids]


def _states(net: "ConceptNet", texts: Sequence[list[int]]) -> "torch.Tensor":
    import torch  # noqa: PLC0415

    longest = max(map(len, texts))
    rows = torch.tensor([text + [0] * (longest - len(text)) for text in texts])
    with torch.autocast("cpu", dtype=torch.bfloat16, enabled=net.training):
        return net.read(rows).float()


def _tell(net: "ConceptNet", found: Material, left: Sequence[Line]) -> None:
    """Prints, over the marked spans: concept right; and over all spans by share: how many said, how many marked so."""
    import torch  # noqa: PLC0415

    right = marked = 0
    said, true = Counter[float](), Counter[float]()
    with torch.inference_mode():
        for line in left:
            coded = found.coded(line.text, line.meant)
            if not coded.spans:
                continue
            first, last = (torch.tensor(part) for part in zip(*coded.spans, strict=True))
            told, mean = net.spans(_states(net, [coded.ids]), torch.zeros_like(first), first, last)
            shares = net.which(told, mean).softmax(1)
            best = (net.means_one(told).sigmoid()[:, None] * shares[:, 1:]).amax(0)
            wanted = {concept for concept in coded.means if concept}
            beside = {found.number.get(concept, 0) for _, _, concept in line.named}
            for n, concept in enumerate(coded.means):
                if concept:
                    marked += 1
                    right += int(shares[n].argmax()) == concept
            for least in (0.2, 0.5, 0.8):
                over = {int(n) + 1 for n in (best >= least).nonzero()[:, 0]} - beside
                said[least] += len(over)
                true[least] += len(over & wanted)
    if marked:
        print(f"{right / marked:.3f} of {marked} marked spans read right")
    for least, count in sorted(said.items()):
        print(f"read with {least} or more: {count}, {true[least]} of them marked so")


if __name__ == "__main__":
    run(__doc__, ("spans", write_spans), train, export, EPOCHS)
