"""The second opinion: what a model of the operator's may do to a verdict, and which folders are refused."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tokenizers import Tokenizer, models, pre_tokenizers, processors

from copilot.checking import DOUBTED, Checker
from copilot.config import Settings
from copilot.entailment.cross_encoder import CrossEncoder
from copilot.entailment.port import Entailment, Pair
from copilot.errors import ConfigurationError
from kg.linking import Linker
from kg.types import Verdict
from kg.verification import Verifier
from tests.fakes import onnx_graphs
from tests.fakes.fact_store import core_store

STORE = core_store()
LINKER, VERIFIER = Linker(STORE.by_id.values()), Verifier(STORE)
TEXT = (
    "Heart failure causes pleural effusion. Pneumothorax is fluid in the pleural space. What is asthma? "
    "A normal chest radiograph does not rule out pulmonary embolism. Asthma is blue."
)
WORDS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "yes", "no", "fever"]
NLI = {"0": "ENTAILMENT", "1": "neutral", "2": "Contradiction"}


class Saying(Entailment):
    """Doubts what it is told to, in turn."""

    def __init__(self, doubts: Sequence[bool]) -> None:
        self.answers, self.pairs = list(doubts), []

    def doubts(self, pairs: Sequence[Pair]) -> list[bool]:
        self.pairs += pairs
        return [self.answers[n % len(self.answers)] for n in range(len(pairs))]


@settings(max_examples=30, deadline=None)
@given(st.lists(st.booleans(), min_size=1, max_size=6))
def test_a_model_lowers_trust_and_never_raises_it(doubts: list[bool]) -> None:
    """Whatever the model says, only support is taken back; every other verdict, reason and fact stays as it was."""
    before = Checker(LINKER, VERIFIER).check(TEXT)
    after = Checker(LINKER, VERIFIER, Saying(doubts)).check(TEXT)
    assert {s.verdict for s in before} == set(Verdict)
    for was, now in zip(before, after, strict=True):
        assert now == was or (was.verdict, now.verdict) == (Verdict.SUPPORTED, Verdict.NOT_IN_GRAPH)
        assert now == was or (now.text, now.reason, now.facts) == (was.text, DOUBTED, ())


def test_the_deciding_facts_are_the_premise() -> None:
    """The model reads what the graph says first and the sentence second, and only of supported sentences."""
    saying = Saying([False])
    Checker(LINKER, VERIFIER, saying).check(TEXT)
    assert [hypothesis for _, hypothesis in saying.pairs] == [
        "Heart failure causes pleural effusion.",
        "A normal chest radiograph does not rule out pulmonary embolism.",
    ]
    assert all("heart failure" in saying.pairs[0][0].lower() and p.endswith(".") for p, _ in saying.pairs)


def folder_of(at: Path, labels: dict[str, str] | None, weights: dict[tuple[int, str], Sequence[float]]) -> Path:
    """A model whose logits are sums over words: `weights` of (0 for the first text or 1 for the second, word)."""
    (at / "onnx").mkdir(parents=True)
    tokenizer = Tokenizer(models.WordLevel({word: n for n, word in enumerate(WORDS)}, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", pair="[CLS] $A [SEP] $B:1 [SEP]:1", special_tokens=[("[CLS]", 2), ("[SEP]", 3)]
    )
    tokenizer.save(str(at / "tokenizer.json"))
    width = len(next(iter(weights.values())))
    table = np.zeros((2 * len(WORDS), width), np.float32)
    for (segment, word), row in weights.items():
        table[segment * len(WORDS) + WORDS.index(word)] = row
    graph = onnx_graphs.model(
        [
            ("Mul", ("token_type_ids", "count"), "shift"),
            ("Add", ("input_ids", "shift"), "at"),
            ("Gather", ("table", "at"), "rows"),
            ("ReduceSum", ("rows", "along"), "sum"),
            ("Reshape", ("sum", "flat"), "logits"),
        ],
        {"input_ids": ("batch", "length"), "token_type_ids": ("batch", "length")},
        "logits",
        {"table": table, "count": np.array([len(WORDS)]), "along": np.array([1]), "flat": np.array([-1, width])},
        onnx_graphs.INT64,
    )
    (at / "onnx" / "model.onnx").write_bytes(graph)
    config: dict[str, Any] = {"pad_token_id": 0, "max_position_embeddings": 16}
    (at / "config.json").write_text(json.dumps(config | ({"id2label": labels} if labels else {})))
    return at


PAIRS = [("yes", "yes"), ("yes", "no"), ("no", "yes"), ("yes " * 40, "no " * 40), ("fever", "fever fever fever")]


@pytest.mark.parametrize(
    ("labels", "doubt"),
    [
        (NLI, [-2.0, 0.0, 4.0]),
        ({"0": "contradiction", "1": "entailment"}, [4.0, -4.0]),
        ({"0": "entailment", "1": "not_entailment"}, [-4.0, 4.0]),
        ({"0": "consistent", "1": "hallucinated"}, [-4.0, 4.0]),
        ({"0": "LABEL_0"}, [-4.0]),
        (None, [-4.0]),
    ],
)
def test_labels_are_read_by_their_names(tmp_path: Path, labels: dict[str, str] | None, doubt: list[float]) -> None:
    """Whatever the order of the labels, and with a lone score of consistency, the model's doubt is read as doubt."""
    trust = [-d for d in doubt]
    model = CrossEncoder(folder_of(tmp_path / "m", labels, {(1, "no"): doubt, (1, "yes"): trust, (1, "fever"): trust}))
    assert model.doubts(PAIRS) == [False, True, False, True, False]
    assert [model.doubts([pair])[0] for pair in PAIRS] == model.doubts(PAIRS)
    assert model.doubts([]) == []


def test_neutral_is_no_doubt(tmp_path: Path) -> None:
    """Of three labels only contradiction takes support back, and only where it outweighs the others together."""
    rows = {(1, "yes"): [0.0, 4.0, 0.0], (1, "no"): [0.0, 3.0, 2.9], (1, "fever"): [0.0, 3.0, 3.2]}
    model = CrossEncoder(folder_of(tmp_path / "m", NLI, rows))
    assert model.doubts([("fever", word) for word in ("yes", "no", "fever")]) == [False, False, True]


def test_a_model_without_an_answer_doubts(tmp_path: Path) -> None:
    """Where the model's numbers are none, support does not stand."""
    model = CrossEncoder(folder_of(tmp_path / "m", NLI, {(1, "no"): [np.nan, 0.0, 0.0]}))
    assert model.doubts([("yes", "yes"), ("yes", "no")]) == [False, True]


@pytest.mark.parametrize("missing", ["config.json", "tokenizer.json", "onnx/model.onnx"])
@pytest.mark.parametrize("how", ["missing", "broken"])
def test_a_folder_that_is_no_model_is_refused(tmp_path: Path, missing: str, how: str) -> None:
    """One sentence says what the folder needs, whichever part is not there or cannot be read."""
    folder = folder_of(tmp_path / "m", NLI, {(1, "no"): [0.0, 0.0, 1.0]})
    if how == "missing":
        (folder / missing).unlink()
    else:
        (folder / missing).write_text("{")
    with pytest.raises(ConfigurationError, match="COPILOT_NLI"):
        CrossEncoder(folder)


@pytest.mark.parametrize(
    "labels", [{"0": "LABEL_0", "1": "LABEL_1"}, {"0": "entailment", "1": "neutral", "2": "contradiction"}]
)
def test_labels_that_tell_nothing_are_refused(tmp_path: Path, labels: dict[str, str]) -> None:
    """Unnamed labels, or more of them than the model gives, are refused rather than guessed."""
    with pytest.raises(ConfigurationError, match="COPILOT_NLI"):
        CrossEncoder(folder_of(tmp_path / "m", labels, {(1, "no"): [0.0, 1.0]}))


def test_the_setting_is_a_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Without the variable no model is asked; with it, that folder's."""
    assert Settings(home=tmp_path).nli is None
    monkeypatch.setenv("COPILOT_NLI", str(tmp_path / "m"))
    assert Settings(home=tmp_path).nli == tmp_path / "m"
