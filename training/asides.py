"""Trains the reader of asides on authored sentences in which the words beside a fact are marked.

    python -m training.asides lines WORK                     which asides name a thing; needs the graph engine
    python -m training.asides train WORK --start MINILM      needs torch [--leave-out author_5] [--epochs N]
    python -m training.asides export WORK --start MINILM     needs torch; WORK/asides.onnx is what is shipped

MINILM is the folder of all-MiniLM-L6-v2, as for `training.relations`. Marked sentences: `copilot/evaluation/data/asides`
(`H | a fact [and harmless words]`, `M | a fact {and a further claim}`, `P | all of it states something`). Short sentences of
`wordings` are taken for ones that state all they say. Of others it is only known that they claim nothing besides
(supported development sentences, facts put into words), or that somewhere they do (`additions_1`, `_2`).
"""

import csv
import json
import random
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from copilot.relations.onnx_reader import CLOSES, OPENS, Pieces
from training.concepts import authored, pieces_that_occur, unmarked
from training.reader_steps import run
from training.relations import SENTENCES, TRUE

if TYPE_CHECKING:
    import torch

    from training.aside_net import AsideNet

ROOT = Path(__file__).resolve().parents[1]
DATA = ROOT / "copilot" / "evaluation" / "data"
HARMLESS, CLAIMS, PLAIN = "H", "M", "P"
EPOCHS, BATCH, LAYERS, SEED = 6, 32, 6, 7
RATE_OF_HEAD, RATE, HIDDEN = 1e-3, 2e-4, 0.04
EXCHANGED, TWO, AROUND = 0.5, 0.25, 0.3
"""How often an aside becomes another author's, how often a second one follows, how often another sentence takes its place."""
SHORT = 16
"""Words of a sentence that has no room for an aside, if there is no sign in it either."""
UNTOLD = -1
CLEAN, SOMEWHERE = "clean", "somewhere"


@dataclass(frozen=True)
class Line:
    """A sentence around an aside. `names`: whether the aside names a thing, so that it fits no other sentence."""

    author: str
    kind: str
    before: str
    aside: str
    after: str
    names: bool = False

    @property
    def place(self) -> str:
        """Where the aside stands."""
        return "first" if not self.before.strip() else "last" if not self.after.strip(" .!?") else "amid"


@dataclass(frozen=True)
class Whole:
    """A sentence without marks.

    `kind`: it states all that it says (`PLAIN`), claims nothing besides (`CLEAN`), or does so `SOMEWHERE`.
    """

    author: str
    kind: str
    text: str


def marked() -> Iterator[Line]:
    """Every marked line."""
    for path in sorted((DATA / "asides").glob("author_*.txt")):
        for line in path.read_text("utf-8").splitlines():
            kind, _, text = line.partition(" | ")
            found = re.fullmatch(r"(.*?)[\[{](.+?)[\]}](.*)", text)
            if found and kind in (HARMLESS, CLAIMS):
                yield Line(path.stem, kind, *found.groups())


def wholes() -> Iterator[Whole]:
    """Sentences of the same authors without an aside, facts in words, and development sentences with a verdict."""
    for path in sorted((DATA / "asides").glob("author_*.txt")):
        for line in path.read_text("utf-8").splitlines():
            if line.startswith(f"{PLAIN} | "):
                yield Whole(path.stem, PLAIN, line.partition(" | ")[2])
    for author, sentence, told in authored():
        text = unmarked(sentence)[0]
        if len(told) > 1 and not re.search(r"[,;:()\u2013\u2014?!]| - ", text) and len(text.split()) <= SHORT:
            yield Whole(author, PLAIN, text)
        elif len(told) > 1 and told[3] == "+":
            yield Whole(author, CLEAN, text)
    yield from _with_verdicts()


def _with_verdicts() -> Iterator[Whole]:
    for name in (*SENTENCES, "additions_1", "additions_2"):
        rows = [row for row in (DATA / f"{name}.tsv").read_text("utf-8").splitlines() if row[:1] != "#"]
        for row in csv.DictReader(rows, delimiter="\t", quoting=csv.QUOTE_NONE):
            if row["verdict"] in TRUE:
                yield Whole(name, CLEAN, row["text"])
            elif name.startswith("additions"):
                yield Whole(name, SOMEWHERE, row["text"])


def write_lines(work: Path) -> None:
    """`lines.json`."""
    from kg.linking import Linker  # noqa: PLC0415
    from kg.loading.csv_pack import core  # noqa: PLC0415

    work.mkdir(parents=True, exist_ok=True)
    linker = Linker(core().concepts())
    lines = [asdict(line) | {"names": bool(linker.link(line.aside))} for line in marked()]
    (work / "lines.json").write_text(json.dumps({"lines": lines, "wholes": [asdict(one) for one in wholes()]}))


# --- training ---------------------------------------------------------------------------------------

Coded = tuple[list[int], list[int]]
"""Pieces, and for each what it is there for (`UNTOLD` where nobody told)."""


class Material:
    """All that is learned from, and how it is told in numbers."""

    def __init__(self, work: Path, start: Path) -> None:
        """Reads what the step before wrote, and the vocabulary of MiniLM."""
        from tokenizers import Tokenizer  # noqa: PLC0415

        pieces = Tokenizer.from_file(str(start / "tokenizer.json")).get_vocab()
        self.vocabulary = sorted(pieces, key=pieces.__getitem__)
        self.pieces = Pieces(self.vocabulary)
        told = json.loads((work / "lines.json").read_text())
        self.lines = [Line(**line) for line in told["lines"]]
        self.wholes = [Whole(**one) for one in told["wholes"]]
        self.fixed, self.mask = {pieces[OPENS], pieces[CLOSES]}, pieces["[MASK]"]

    def coded(self, parts: Sequence[tuple[str, int]]) -> Coded:
        """Parts of one sentence, each with what it is there for."""
        text = "".join(part for part, _ in parts)
        ends, at = [], 0
        for part, kind in parts:
            at += len(part)
            ends.append((at, kind))
        ids, words = self.pieces.words(text)
        kinds = [UNTOLD] * len(ids)
        for word in words:
            middle = (word.start + word.end) / 2
            kind = next(kind for end, kind in ends if middle < end)
            kinds[word.first : word.last + 1] = [kind] * (word.last + 1 - word.first)
        return ids, kinds


def parts_of(line: Line) -> list[tuple[str, int]]:
    """The parts of a line as it stands."""
    kind = 1 if line.kind == HARMLESS else 2
    return [(line.before, 0), (line.aside, kind), (line.after, 0)]


def varied(
    line: Line, others: dict[str, list[Line]], plain: Sequence[Whole], chance: random.Random
) -> list[tuple[str, int]]:
    """The sentence with another one's aside in the place of its own, and now and then a second one behind it."""
    drawn = line
    if line.place != "amid" and chance.random() < AROUND:
        text = chance.choice(plain).text
        bare = text.rstrip(" .!?")
        end = text[len(bare) :]
        line = Line(line.author, line.kind, "", line.aside, f" {text}") if line.place == "first" else Line(
            line.author, line.kind, bare + ("" if line.aside[:1] in ",;:" else " "), line.aside, end
        )  # fmt: skip
        drawn = chance.choice(others[line.place])
    if chance.random() < EXCHANGED:
        drawn = chance.choice(others[line.place])
    parts = parts_of(Line(line.author, drawn.kind, line.before, drawn.aside, line.after))
    if line.place != "last" and chance.random() < TWO:
        more = chance.choice(others["last"])
        before, after = parts[-1][0].rstrip(" .!?"), line.after[len(line.after.rstrip(" .!?")) :]
        gap = "" if more.aside[:1] in ",;:" else " "
        parts = [*parts[:-1], (before, 0), (gap + more.aside, 1 if more.kind == HARMLESS else 2), (after, 0)]
    return parts


def new_net(start: Path, layers: int = LAYERS) -> "AsideNet":
    """MiniLM with a head that knows nothing yet."""
    from safetensors.torch import load_file  # noqa: PLC0415

    from training.aside_net import AsideNet  # noqa: PLC0415

    return AsideNet(load_file(start / "model.safetensors"), layers)


def train(work: Path, start: Path, left_out: Sequence[str], epochs: int) -> None:
    """Writes `asides.pt`, and prints how asides of authors left out are read."""
    import torch  # noqa: PLC0415

    torch.manual_seed(SEED)
    torch.set_num_threads(2)
    found = Material(work, start)
    net = new_net(start)
    fit(net, found, left_out, epochs, torch.device("cuda" if torch.cuda.is_available() else "cpu"))
    torch.save(net.cpu().state_dict(), work / "asides.pt")
    tell(net, found, left_out)


def export(work: Path, start: Path) -> None:
    """Writes `asides.onnx` from `asides.pt`."""
    import torch  # noqa: PLC0415

    found = Material(work, start)
    net = new_net(start)
    net.load_state_dict(torch.load(work / "asides.pt", weights_only=True))
    texts = [*(line.before + line.aside + line.after for line in found.lines), *(one.text for one in found.wholes)]
    net.write(work / "asides.onnx", found.vocabulary, pieces_that_occur(found.pieces, found.vocabulary, texts))


def fit(net: "AsideNet", found: Material, left_out: Sequence[str], epochs: int, device: "torch.device") -> None:
    """Trains in place, on `device`, without the authors that are left out."""
    import torch  # noqa: PLC0415

    chance = random.Random(SEED)  # noqa: S311 - no secret
    lines = [line for line in found.lines if line.author not in left_out]
    rest = [one for one in found.wholes if one.author not in left_out]
    clean, somewhere, plain = ([one for one in rest if one.kind == kind] for kind in (CLEAN, SOMEWHERE, PLAIN))
    others = {
        place: [one for one in lines if one.place == place and not (one.kind == HARMLESS and one.names)]
        for place in ("first", "amid", "last")
    }
    print(
        f"{len(lines)} marked, {len(plain)} plain, {len(clean)} clean, {len(somewhere)} with more somewhere", flush=True
    )
    net.to(device).train()
    groups, rates = net.groups(), [RATE_OF_HEAD, RATE]
    each = 3 * len(lines) + min(len(plain), len(lines)) + min(len(clean), len(lines)) + len(somewhere)
    steps = epochs * -(-each // BATCH) + epochs
    optimiser = torch.optim.AdamW([{"params": some} for some in groups], weight_decay=0.01)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, rates, total_steps=steps, pct_start=0.1)
    for epoch in range(epochs):
        coded: list[tuple[str, Coded]] = [
            *(("marked", found.coded(varied(line, others, plain, chance))) for _ in range(3) for line in lines),
            *(("marked", found.coded([(one.text, 0)])) for one in chance.sample(plain, min(len(plain), len(lines)))),
            *((CLEAN, found.coded([(one.text, 0)])) for one in chance.sample(clean, min(len(clean), len(lines)))),
            *((SOMEWHERE, found.coded([(one.text, 0)])) for one in somewhere),
        ]
        coded.sort(key=lambda some: len(some[1][0]) * chance.uniform(0.8, 1.25))
        batches = [coded[at : at + BATCH] for at in range(0, len(coded), BATCH)]
        chance.shuffle(batches)
        lost = Counter[str]()
        for batch in batches:
            losses = _losses(net, found, batch, chance, device)
            optimiser.zero_grad()
            torch.stack([*losses.values()]).sum().backward()
            torch.nn.utils.clip_grad_norm_(net.parameters(), 1.0)
            optimiser.step()
            schedule.step()
            lost.update({name: loss.item() for name, loss in losses.items()})  # type: ignore[arg-type]
        print(epoch, {name: round(total / len(batches), 4) for name, total in lost.items()}, flush=True)
    net.eval()


def _losses(
    net: "AsideNet", found: Material, batch: Sequence[tuple[str, Coded]], chance: random.Random, device: "torch.device"
) -> dict[str, "torch.Tensor"]:
    """Of marked sentences each piece; of clean ones that no piece claims more; of others that one does."""
    import torch  # noqa: PLC0415

    longest = max(len(ids) for _, (ids, _) in batch)
    rows = torch.tensor([_hidden(ids, found, chance) + [0] * (longest - len(ids)) for _, (ids, _) in batch])
    kinds = torch.tensor([kinds + [UNTOLD] * (longest - len(kinds)) for _, (_, kinds) in batch]).to(device)
    with torch.autocast(device.type, dtype=torch.bfloat16, enabled=device.type == "cuda"):
        logits = net.read(rows.to(device))
    shares = logits.float().log_softmax(-1)
    losses = {}
    of = {kind: torch.tensor([k == kind for k, _ in batch], device=device) for kind in ("marked", CLEAN, SOMEWHERE)}
    told = kinds >= 0
    if of["marked"].any():
        asked = told & of["marked"][:, None]
        losses["marked"] = -shares.gather(2, kinds.clamp(0)[:, :, None])[:, :, 0][asked].mean()
    if of[CLEAN].any():
        asked = told & of[CLEAN][:, None]
        losses[CLEAN] = -torch.logsumexp(shares[:, :, :2], 2)[asked].mean()
    if of[SOMEWHERE].any():
        most = shares[:, :, 2].masked_fill(~told, -30.0).amax(1)
        losses[SOMEWHERE] = -0.1 * most[of[SOMEWHERE]].mean()
    return losses


def _hidden(ids: list[int], found: Material, chance: random.Random) -> list[int]:
    return [n if n in found.fixed or chance.random() >= HIDDEN else found.mask for n in ids]


def tell(net: "AsideNet", found: Material, left_out: Sequence[str]) -> None:
    """Prints, of authors left out: words of asides read as such, by share; and sentences told apart by their likeliest word."""
    import torch  # noqa: PLC0415

    words, ranked = Counter[tuple[int, int]](), list[tuple[float, bool]]()
    whole = Counter[tuple[str, bool]]()
    with torch.inference_mode():
        for line in found.lines:
            if line.author not in left_out:
                continue
            ids, kinds = found.coded(parts_of(line))
            shares = net.read(torch.tensor([ids]))[0].softmax(-1)
            for kind, read in zip(kinds, shares.argmax(-1).tolist(), strict=True):
                words[kind, read] += kind >= 0
            inner = torch.tensor([kind >= 0 for kind in kinds])
            ranked.append((float(shares[inner, 2].max()), line.kind == CLAIMS))
            if line.kind == HARMLESS:
                gone = ((shares[:, 1] >= 0.5) == torch.tensor([kind == 1 for kind in kinds]))[inner]
                whole["harmless cut exactly", bool(gone.all())] += 1
        for one in found.wholes:
            if one.author in left_out:
                ids, _ = found.coded([(one.text, 0)])
                shares = net.read(torch.tensor([ids]))[0, 1:-1].softmax(-1)
                whole[f"{one.author} {one.kind}: more from 0.5", float(shares[:, 2].max()) >= 0.5] += 1
                whole[f"{one.author} {one.kind}: a word by the way", float(shares[:, 1].max()) >= 0.5] += 1
    for kind in range(3):
        told = sum(words[kind, read] for read in range(3))
        print(kind, told, [round(words[kind, read] / max(1, told), 3) for read in range(3)])
    more, less = ([share for share, claims in ranked if claims is of] for of in (True, False))
    if more and less:
        above = sum((m > n) + 0.5 * (m == n) for m in more for n in less) / len(more) / len(less)
        print(f"sentences told apart: AUC {above:.3f}")
        for least in (0.05, 0.1, 0.2, 0.3, 0.5, 0.7):
            print(f"from {least}: {sum(m >= least for m in more) / len(more):.3f} of claims, "
                  f"{sum(n >= least for n in less) / len(less):.3f} of harmless")  # fmt: skip
    print(dict(sorted(whole.items())))


if __name__ == "__main__":
    run(__doc__, ("lines", write_lines), train, export, EPOCHS)
