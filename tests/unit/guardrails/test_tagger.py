"""The trained tagger: what it may overrule, what it may not, and that long texts read as short ones do."""

from collections.abc import Sequence

import numpy as np
import pytest

from guardrails.recognizers.base import Certainty, Found
from guardrails.recognizers.lexicon import Lexicon
from guardrails.recognizers.tagger import TAGS, WIDTH, Features, TaggerRecognizer, probabilities, shipped_weights
from guardrails.recognizers.view import look
from guardrails.types import PhiType


@pytest.fixture(scope="module")
def tagger() -> TaggerRecognizer:
    """One for the module: the lists load once."""
    return TaggerRecognizer(Lexicon())


def found(tagger: TaggerRecognizer, text: str, earlier: Sequence[Found] = ()) -> list[tuple[str, PhiType]]:
    view = look(text)
    return [(view.text[f.start : f.end], f.kind) for f in tagger(view, earlier) if f.certainty is Certainty.CERTAIN]


def ruled_out(tagger: TaggerRecognizer, text: str, earlier: Sequence[Found]) -> list[str]:
    view = look(text)
    return [view.text[f.start : f.end] for f in tagger(view, earlier) if f.certainty is Certainty.RULED_OUT]


def test_each_word_gets_shares_that_sum_to_one() -> None:
    """Shape (words, 1 + types), rows are probabilities, whatever rows of the table are asked for."""
    weights = shipped_weights()
    ids = np.random.default_rng(0).integers(0, len(weights.table), (7, WIDTH)).astype(np.int32)
    shares = probabilities(ids, weights)
    assert shares.shape == (7, 1 + len(TAGS))
    assert np.allclose(shares.sum(axis=1), 1, atol=1e-5)


def test_features_stay_inside_the_table() -> None:
    """No word, however odd, asks for a row that the trained table lacks."""
    weights = shipped_weights()
    features = Features(Lexicon(), weights.words)
    odd = look("É" * 300 + " 12345 naïve 𝔘𝔫𝔦𝔠𝔬𝔡𝔢 O'Neil's\u200b x-1 \n\n\n" + "a" * 5000)
    ids = features(odd, [Found(0, 5, PhiType.OTHER, Certainty.GUESS)])
    assert ids.min() >= 0
    assert ids.max() < len(weights.table)


def test_it_finds_names_that_no_rule_finds(tagger: TaggerRecognizer) -> None:
    """Dictation without capitals, titles or labels."""
    assert ("oluwaseun", PhiType.NAME) in found(
        tagger, "spoke to oluwaseun in ct he will bring the lady down after lunch"
    )


def test_a_guess_about_a_clinical_term_is_not_confirmed(tagger: TaggerRecognizer) -> None:
    """The rules may take an eponym for a person; without confirmation nothing happens to it."""
    text = "There is a Hampton hump at the right costophrenic angle."
    guess = Found(text.index("Hampton"), text.index("Hampton") + 7, PhiType.NAME, Certainty.GUESS)
    assert found(tagger, text, [guess]) == []


def test_a_date_is_left_to_stand(tagger: TaggerRecognizer) -> None:
    """Shapes that nothing else has are not the tagger's to undo, nor are words that such a find covers too."""
    text = "Seen in the chest clinic of the pleural effusion on 03/04/2021."
    certain = [Found(0, len(text), PhiType.DATE), Found(0, len(text), PhiType.NAME)]
    assert ruled_out(tagger, text, certain) == []


def test_a_rule_that_took_words_too_many_gives_them_back(tagger: TaggerRecognizer) -> None:
    """The first and last words of a name that are surely no part of one; what stands between two kept words is kept."""
    text = "Worklist: HANSEN, BJORN CXR FOR PNEUMOTHORAX"
    assert ruled_out(tagger, text, [Found(10, len(text), PhiType.NAME)]) == ["CXR FOR PNEUMOTHORAX"]


def test_a_person_may_have_the_name_of_a_ward(tagger: TaggerRecognizer) -> None:
    """A word that names no place by itself can be a person's name."""
    assert ("ward", PhiType.NAME) in found(tagger, "appendix out, done by mr ward last night, discharge today")


def test_what_was_ruled_out_before_is_no_guess(tagger: TaggerRecognizer) -> None:
    """A find that rules words out is never confirmed."""
    text = "Hampton hump at the right costophrenic angle."
    assert found(tagger, text, [Found(0, 7, PhiType.NAME, Certainty.RULED_OUT)]) == []


def test_a_long_text_reads_as_its_parts_do(tagger: TaggerRecognizer) -> None:
    """Words are read in pieces that overlap by more than what a word's tag depends on."""
    line = "Mrs Adaeze Okonjo was seen by Dr Zebrowski for pleural effusion at Mercy General Hospital.\n"
    once = found(tagger, line * 3)
    many = found(tagger, line * 600)
    assert len(many) == 600 // 3 * len(once)


def test_no_words_no_finds(tagger: TaggerRecognizer) -> None:
    """Empty text and text of signs only."""
    assert found(tagger, "") == []
    assert found(tagger, " .,;— \n") == []
