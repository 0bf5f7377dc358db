"""The second reading: every word has its pieces, and what is read in windows reads like the whole."""

import numpy as np
import pytest

from guardrails.recognizers.context import LONGEST, ContextReader
from guardrails.recognizers.tagger import TAGS, WIDTH, agreed
from guardrails.recognizers.view import look


@pytest.fixture(scope="module")
def reader() -> ContextReader:
    """The shipped one, loaded once."""
    return ContextReader()


ODD = "É" * 300 + " 12345 naïve 𝔘𝔫𝔦𝔠𝔬𝔡𝔢 O'Neil's\u200b x-1 \n\n\n 你好 김철수 Иванов a.b@c.de 😀 " + "a" * 5000


def test_every_word_gets_shares_that_sum_to_one(reader: ContextReader) -> None:
    """Shape (words, 1 + types), whatever the script and however long a word."""
    view = look(ODD)
    shares = reader(view, np.zeros((len(view.tokens), WIDTH), np.int32))
    assert shares.shape == (len(view.tokens), 1 + len(TAGS))
    assert np.allclose(shares.sum(axis=1), 1, atol=1e-4)


def test_a_word_has_a_piece_and_keeps_its_order(reader: ContextReader) -> None:
    """First and last pieces of the words rise through the text."""
    pieces = reader.split(look(ODD))
    assert (pieces.first <= pieces.last).all()
    assert (pieces.last[:-1] < pieces.first[1:]).all()
    assert len(pieces.ids) == len(pieces.dress)


def test_a_text_longer_than_one_window_reads_like_its_beginning(reader: ContextReader) -> None:
    """Sentences far behind the first window change nothing in it but at its edge, and later windows agree with it."""
    line = "Seen by Dr Zebrowski for pleural effusion at Mercy General.\n"
    few, many = look(line * 8), look(line * 300)
    one, other = (reader(view, np.ones((len(view.tokens), WIDTH), np.int32)) for view in (few, many))
    words = len(look(line).tokens)
    assert len(reader.split(many).ids) > 5 * LONGEST
    assert np.abs(other[3 * words : 4 * words] - one[3 * words : 4 * words]).max() < 0.2
    assert np.abs(other[200 * words : 201 * words, 0] - one[3 * words : 4 * words, 0]).max() < 0.35


def test_both_readings_have_a_say() -> None:
    """The mean of both log odds, the second counting twice, and the type that both give more to."""
    sure, unsure, none = ([0.01, 0.9, 0.09], [0.9, 0.02, 0.08], [0.9999, 0.00005, 0.00005])
    one, other = np.array([sure, sure, none], np.float32), np.array([unsure, none, unsure], np.float32)
    likely, kinds = agreed(one, other)
    assert (likely > 0.5).tolist() == [True, False, False]
    assert kinds[0] == 0
    assert agreed(other, one)[0][0] > likely[0]
