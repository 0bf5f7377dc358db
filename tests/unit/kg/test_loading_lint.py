"""The linter finds each kind of mistake, and finds none in what ships."""

from pathlib import Path

import pytest

from kg.loading.csv_pack import content_folder, read_folder
from kg.loading.lint import lint, main
from kg.predicates import may_join

CONCEPTS = "id,name,category,synonyms,lay_name,definition,definition_source\n"
FACTS = "subject,predicate,object,denied,operator,value,upper,unit,qualifiers,source\n"
SOURCES = "id,citation,year,url\n"
GOOD_CONCEPTS = "a,aaa,disease,,,An aaa is a thing.,s\nb,bbb,disease,,,,\nc,ccc,finding,,,,\n"
GOOD_FACTS = "a,CAUSES,b,,,,,,,s\nc,SUGGESTS,a,,,,,,,s\n"
VALUES = "emergency,emergency,value,,,,\nsoon,soon,value,,,,\nair,air,value,,,,\nfluid,fluid,value,,,,\n"
USED = (
    "b,HAS_URGENCY,emergency,,,,,,,s\nc,HAS_URGENCY,soon,,,,,,,s\n"
    "a,CONSISTS_OF,air,,,,,,,s\nb,CONSISTS_OF,fluid,,,,,,,s\n"
)


def _folder(folder: Path, facts: str = "", concepts: str = "", sources: str = "") -> Path:
    (folder / "x.concepts.csv").write_text(CONCEPTS + GOOD_CONCEPTS + VALUES + concepts)
    (folder / "x.facts.csv").write_text(FACTS + GOOD_FACTS + USED + facts)
    (folder / "x.sources.csv").write_text(SOURCES + "s,A book. 2020,2020,\n" + sources)
    return folder


def test_good_content_has_no_problem(tmp_path: Path) -> None:
    """The linter is silent on content without mistakes."""
    assert lint(_folder(tmp_path)) == []


@pytest.mark.parametrize(
    ("facts", "concepts", "sources", "said"),
    [
        ("a,CAUSES,c,,,,,,,nobody\n", "", "", "no file defines the source 'nobody'"),
        ("a,CAUSES,nowhere,,,,,,,s\n", "", "", "no file defines the concept 'nowhere'"),
        ("a,CURES,c,,,,,,,s\n", "", "", "predicate 'CURES'"),
        ("a,CAUSES,b,yes,,,,,,s\n", "", "", "denies what x.facts.csv line 2 states"),
        ("b,MIMICS,c,,,,,,,s\nc,MIMICS,b,yes,,,,,,s\n", "", "", "denies what"),
        ("a,CAUSES,b,,,,,,,s\n", "", "", "the same fact is already in x.facts.csv line 2"),
        ("b,MIMICS,c,,,,,,,s\nc,MIMICS,b,,,,,,,s\n", "", "", "the same fact is already in"),
        ("a,CAUSES,a,,,,,,,s\n", "", "", "stated of itself"),
        ("b,HAS_URGENCY,soon,,,,,,,s\n", "", "", "has one object only"),
        ("a,CONSISTS_OF,fluid,,,,,,,s\n", "", "", "exclude each other"),
        ("a,COMMONEST_CAUSE_OF,c,,,,,,,s\nb,COMMONEST_CAUSE_OF,c,,,,,,,s\n", "", "", "has one subject only"),
        ("a,IS_A,b,,,,,,,s\nb,IS_A,c,,,,,,,s\nc,IS_A,a,,,,,,,s\n", "", "", "back to itself"),
        ("a,HAS_THRESHOLD,c,,>,5,,,,s\n", "", "", "no unit"),
        ("a,HAS_THRESHOLD,c,,,5,,mm,,s\n", "", "", "operator ''"),
        ("", "d,ddd,disease,,,,\n", "", "'d' is in no fact"),
        ("", "a,another,disease,,,,\n", "", "'a' is already defined"),
        ("d,CAUSES,a,,,,,,,s\n", "d,AAA,disease,,,,\n", "", "already named 'aaa'"),
        (
            "d,CAUSES,a,,,,,,,s\n",
            "d,ddd,disease,,,A ddd is so.,\n",
            "",
            "both a definition and a definition_source",
        ),
        ("d,CAUSES,a,,,,,,,s\n", "d,ddd,disease,,,It is so.,s\n", "", "must start with its name"),
        (
            "d,CAUSES,a,,,,,,,s\n",
            "d,ddd,disease,,,A ddd is so.,nobody\n",
            "",
            "no file defines the source 'nobody'",
        ),
        ("d,CAUSES,a,,,,,,,s\n", "d,ddd,disease,DDD,,,\n", "", "own name as a synonym"),
        ("", "", "t,Another book. 2021,2021,\n", "nothing cites the source 't'"),
        ("a,CAUSES,c,,,,,,,t\n", "", "t,A book. 2020,2020,\n", "already has an id"),
        ("a,CAUSES,c,,,,,,,t\n", "", "t,Another book,21,\n", "year '21'"),
    ],
)
def test_each_mistake_is_found(tmp_path: Path, facts: str, concepts: str, sources: str, said: str) -> None:
    """Every rule of the linter fires on content that breaks it."""
    assert any(said in problem.message for problem in lint(_folder(tmp_path, facts, concepts, sources)))


def test_different_qualifiers_are_different_statements(tmp_path: Path) -> None:
    """What holds in adults and what holds in children do not contradict each other."""
    facts = "c,CONSISTS_OF,air,,,,,,population=adults,s\nc,CONSISTS_OF,fluid,,,,,,population=children,s\n"
    assert lint(_folder(tmp_path, facts)) == []


def test_a_second_pack_may_use_ids_of_the_first(tmp_path: Path) -> None:
    """A hospital's own folder is checked against what it builds on."""
    (tmp_path / "base").mkdir()
    own = tmp_path / "own"
    own.mkdir()
    (own / "y.facts.csv").write_text(FACTS + "b,CAUSES,c,,,,,,,s\n")
    assert lint(own, read_folder(_folder(tmp_path / "base"))) == []
    assert len(lint(own)) == 3


def test_the_command_prints_every_problem(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Exit status 1 and a line a problem; 0 and the counts when there is none."""
    (tmp_path / "x.concepts.csv").write_text(CONCEPTS + "ward_a,ward a,disease,,,,\nward_b,ward b,disease,,,,\n")
    (tmp_path / "x.sources.csv").write_text(SOURCES + "ward_s,Our ward. Guideline. 2026,2026,\n")
    (tmp_path / "x.facts.csv").write_text(FACTS + "ward_a,CAUSES,ward_b,,,,,,,ward_s\n")
    assert main([str(tmp_path)]) == 0
    assert "2 concepts, 1 facts, 1 sources, 0 problems" in capsys.readouterr().out
    (tmp_path / "x.facts.csv").write_text(FACTS + "ward_a,CURES,ward_b,,,,,,,ward_s\n")
    assert main([str(tmp_path)]) == 1
    assert "x.facts.csv line 2: predicate 'CURES'" in capsys.readouterr().out


def test_the_shipped_content_has_no_problem() -> None:
    """The curated graph is free of everything the linter knows."""
    assert [str(problem) for problem in lint(content_folder())] == []


def test_every_shipped_fact_joins_kinds_that_its_relation_may_join() -> None:
    """What the readers' proposals are held to is what the curated graph does."""
    draft = read_folder(content_folder())
    kind = {w.value.id: w.value.category for w in draft.concepts}
    facts = [w.value for w in draft.facts]
    assert [f.id for f in facts if not may_join(f.predicate, kind.get(f.subject, ""), kind.get(f.object, ""))] == []
    assert not may_join("LOCATED_IN", "disease", "population")


def test_the_shipped_content_is_large_enough() -> None:
    """At least 60 concepts and 300 facts, each with a source."""
    draft = read_folder(content_folder())
    assert len(draft.concepts) >= 60
    assert len(draft.facts) >= 300
    assert all(fact.value.source_id for fact in draft.facts)
