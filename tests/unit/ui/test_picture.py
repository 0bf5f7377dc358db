"""The picture of an answer's facts: every concept and relation in it, nothing from elsewhere, nothing becomes markup."""

import re
from xml.etree import ElementTree

from hypothesis import given, settings
from hypothesis import strategies as st

from kg.types import Fact, Tier
from ui.picture import MOST, picture

SVG = "{http://www.w3.org/2000/svg}"
ATTACK = "</text></svg><script>alert(1)</script>\"'&"


def _fact(subject: str, predicate: str, object_: str, *, denied: bool = False) -> Fact:
    return Fact("1", subject, subject, predicate, object_, object_, "A book", Tier.CURATED, denied=denied)


FACTS = [
    _fact("heart failure", "CAUSES", "pleural effusion"),
    _fact("blunted costophrenic angle", "SUGGESTS", "pleural effusion"),
    _fact("normal chest radiograph", "RULES_OUT", "pulmonary embolism", denied=True),
]


def _parsed(svg: str) -> ElementTree.Element:
    return ElementTree.fromstring(svg)  # noqa: S314  our own picture


def _words(svg: str) -> str:
    return " ".join(" ".join(text.itertext()) for text in _parsed(svg).iter(f"{SVG}text"))


def test_concepts_and_relations_are_in_it() -> None:
    """Each concept stands in a box, each relation on a line, and a denial says so and is dashed."""
    svg = picture(FACTS)
    words = _words(svg)
    for said in ("heart failure", "pleural effusion", "causes", "suggests", "not: rules out"):
        assert said in words
    root = _parsed(svg)
    assert len(list(root.iter(f"{SVG}rect"))) == 5
    lines = [path for path in root.iter(f"{SVG}path") if "marker-end" in path.attrib]
    assert [("stroke-dasharray" in line.attrib) for line in lines] == [False, False, True]


def test_it_says_in_words_what_it_shows() -> None:
    """A screen reader gets every fact."""
    label = _parsed(picture(FACTS)).attrib["aria-label"]
    assert label.startswith("3 facts: heart failure causes pleural effusion; ")
    assert "normal chest radiograph not: rules out pulmonary embolism" in label


def test_nothing_comes_from_elsewhere() -> None:
    """No script, picture, font or address but the two names of XML; the colours are the page's own."""
    svg = picture(FACTS)
    addresses = set(re.findall(r"https?://[^\"]+", svg))
    assert addresses <= {"http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"}
    assert not re.search(r"<(?:script|image|foreignObject|style)|@import|url\((?!#)", svg)


def test_two_pictures_share_no_id() -> None:
    """Two answers on one page do not take each other's arrow heads."""
    ids = [set(re.findall(r' id="([^"]+)"', picture(facts))) for facts in (FACTS, FACTS[:2])]
    assert all(ids)
    assert ids[0].isdisjoint(ids[1])


def test_nothing_to_draw_is_no_picture() -> None:
    """A definition joins nothing, and no facts are no picture."""
    assert picture([]) == ""
    assert picture([_fact("pneumothorax", "DEFINED_AS", "A pneumothorax is air.")]) == ""


def test_a_circle_and_a_crowd_are_drawn() -> None:
    """Facts that lead back to their beginning have a picture, and of a crowd the first are drawn."""
    assert "causes" in _words(picture([_fact("a", "CAUSES", "b"), _fact("b", "CAUSES", "a")]))
    crowd = picture([_fact("a", "CAUSES", f"b{n}") for n in range(60)])
    assert len(list(_parsed(crowd).iter(f"{SVG}rect"))) == MOST + 1


def test_a_name_is_only_a_name() -> None:
    """Markup in a concept's name is text in the picture and in its description."""
    svg = picture([_fact(ATTACK, "CAUSES", "b")])
    root = _parsed(svg)
    assert not list(root.iter(f"{SVG}script"))
    assert "<script" not in svg


@settings(max_examples=60, deadline=None)
@given(st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), min_size=1, max_size=90))
def test_any_name_gives_a_whole_picture(name: str) -> None:
    """Whatever a pack calls a concept, the picture is well formed."""
    svg = picture([_fact(name, "CAUSES", "an object")])
    assert svg == "" or _parsed(svg).tag == f"{SVG}svg"
