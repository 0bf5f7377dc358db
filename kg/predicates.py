"""The closed vocabulary of relations: what each means, which way it points and what contradicts it.

Knows nothing of the graph engine. Every relationship type in the graph is one of these names; a denial of `P`
is stored as `NOT_P`, so that nobody who browses the graph can mistake one for the other.

`functional`: a subject has one object at a time (in one population), so another value contradicts.
`inverse_functional`: an object has one subject at a time (in one population): there is one commonest cause.
`exclusive`: the listed objects exclude each other for one subject.
`symmetric`: holds in both directions. `directed`: the reverse is false unless it is itself a fact.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Predicate:
    """One relation. `says` verbalises `{s}` and `{o}`; `denies` verbalises a denial."""

    name: str
    meaning: str
    says: str
    denies: str
    functional: bool = False
    inverse_functional: bool = False
    symmetric: bool = False
    directed: bool = True
    exclusive: tuple[frozenset[str], ...] = ()


_DEFINITIONS = (
    # what a thing is
    Predicate("IS_A", "the subject is a kind of the object", "{s} is a kind of {o}", "{s} is not a kind of {o}"),
    Predicate(
        "CONSISTS_OF",
        "the substance that the subject is made of",
        "{s} consists of {o}",
        "{s} does not consist of {o}",
        exclusive=(
            frozenset({"air", "fluid", "fat", "calcium", "soft_tissue"}),
            frozenset({"air", "blood"}),
            frozenset({"air", "pus"}),
        ),
    ),
    Predicate(
        "APPEARS_AS",
        "how the subject looks on a radiograph (a value such as radiopaque, radiolucent)",
        "{s} appears {o} on a radiograph",
        "{s} does not appear {o} on a radiograph",
        exclusive=(frozenset({"radiopaque", "radiolucent"}),),
    ),
    # where
    Predicate(
        "LOCATED_IN",
        "the subject lies in, or typically affects, the anatomical object",
        "{s} is located in {o}",
        "{s} is not located in {o}",
    ),
    Predicate(
        "PART_OF",
        "the anatomical subject is a part of the object",
        "{s} is part of {o}",
        "{s} is not part of {o}",
    ),
    Predicate(
        "BORDERS",
        "the two structures touch, or one forms the border of the other",
        "{s} borders {o}",
        "{s} does not border {o}",
        symmetric=True,
        directed=False,
    ),
    Predicate(
        "HAS_SIDE",
        "the side of the body on which the subject normally lies (left_side, right_side, midline, both_sides)",
        "{s} lies on the {o}",
        "{s} does not lie on the {o}",
        functional=True,
        exclusive=(frozenset({"left_side", "right_side", "midline", "both_sides"}),),
    ),
    Predicate(
        "HAS_DISTRIBUTION",
        "where in the lungs or body the disease typically predominates",
        "{s} typically has a {o} distribution",
        "{s} does not typically have a {o} distribution",
        exclusive=(
            frozenset({"upper_zone", "lower_zone"}),
            frozenset({"central", "peripheral"}),
            frozenset({"unilateral", "bilateral"}),
        ),
    ),
    Predicate(
        "SHIFTS_MEDIASTINUM",
        "which way the subject moves the mediastinum (towards_the_lesion, away_from_the_lesion, no_shift)",
        "{s} shifts the mediastinum {o}",
        "{s} does not shift the mediastinum {o}",
        exclusive=(frozenset({"towards_the_lesion", "away_from_the_lesion"}),),
    ),
    # what points to what
    Predicate(
        "SUGGESTS",
        "the finding, sign or symptom points to the condition (it does not prove it)",
        "{s} can suggest {o}",
        "{s} does not suggest {o}",
    ),
    Predicate("CAUSES", "the subject brings the object about", "{s} can cause {o}", "{s} does not cause {o}"),
    Predicate(
        "COMMONEST_CAUSE_OF",
        "the subject is the single commonest cause of the object (in the stated population)",
        "{s} is the commonest cause of {o}",
        "{s} is not the commonest cause of {o}",
        inverse_functional=True,
    ),
    Predicate(
        "HAS_SYMPTOM",
        "a person with the condition may complain of the symptom",
        "{s} can present with {o}",
        "{s} does not typically present with {o}",
    ),
    Predicate(
        "HAS_SIGN",
        "examination of a person with the condition may show the sign",
        "On examination, {s} can show {o}",
        "On examination, {s} does not show {o}",
    ),
    Predicate(
        "HAS_FINDING",
        "imaging of the condition may show the finding",
        "{s} can show {o} on imaging",
        "{s} does not show {o} on imaging",
    ),
    Predicate(
        "MIMICS",
        "the two can be mistaken for each other",
        "{s} can be mistaken for {o}",
        "{s} is not easily mistaken for {o}",
        symmetric=True,
        directed=False,
    ),
    Predicate(
        "RULES_OUT",
        "a normal or negative subject excludes the object",
        "{s} rules out {o}",
        "{s} does not rule out {o}",
    ),
    Predicate(
        "CONFIRMS",
        "the subject by itself establishes the object",
        "{s} confirms {o}",
        "{s} alone does not confirm {o}",
    ),
    # who and when
    Predicate(
        "RISK_FACTOR_FOR",
        "the subject raises the chance of the object",
        "{s} is a risk factor for {o}",
        "{s} is not a risk factor for {o}",
    ),
    Predicate(
        "COMPLICATES",
        "the subject is a complication of the object",
        "{s} is a complication of {o}",
        "{s} is not a complication of {o}",
    ),
    Predicate(
        "AFFECTS",
        "the population in which the condition is typical",
        "{s} typically affects {o}",
        "{s} does not typically affect {o}",
    ),
    Predicate(
        "HAS_COURSE",
        "the usual time course (acute, subacute, chronic, progressive, self_limiting, recurrent)",
        "{s} typically runs a {o} course",
        "{s} does not typically run a {o} course",
    ),
    Predicate(
        "TRANSMITTED_BY",
        "the route by which the infection spreads",
        "{s} spreads by {o}",
        "{s} does not spread by {o}",
    ),
    Predicate(
        "PREVENTED_BY",
        "the measure lowers the chance of the condition",
        "{s} can be prevented by {o}",
        "{s} is not prevented by {o}",
    ),
    # what imported and mined vocabularies say
    Predicate(
        "HAS_PHENOTYPE",
        "people with the disease have been described with the abnormality, sign, symptom or laboratory value",
        "{s} can feature {o}",
        "{s} does not feature {o}",
    ),
    Predicate(
        "HAS_INHERITANCE",
        "the way in which the disease is passed on",
        "{s} is passed on by {o}",
        "{s} is not passed on by {o}",
    ),
    Predicate(
        "OCCURS_WITH",
        "the two are found in one report more often than by chance; it says nothing of cause",
        "{s} is often reported together with {o}",
        "{s} is not often reported together with {o}",
        symmetric=True,
        directed=False,
    ),
    Predicate(
        "HAS_CODE", "the code of a classification for the subject", "{s} is coded as {o}", "{s} is not coded as {o}"
    ),
    # what to do
    Predicate(
        "INVESTIGATED_BY",
        "a test used to look for or assess the condition",
        "{s} is investigated by {o}",
        "{s} is not investigated by {o}",
    ),
    Predicate(
        "FIRST_TEST",
        "the test to do first for the condition",
        "The first test for {s} is {o}",
        "{o} is not the first test for {s}",
    ),
    Predicate(
        "CONFIRMED_BY",
        "the test that establishes the condition",
        "{s} is confirmed by {o}",
        "{s} is not confirmed by {o}",
    ),
    Predicate(
        "DETECTS",
        "the view, test or technique can show the object",
        "{s} can show {o}",
        "{s} cannot reliably show {o}",
    ),
    Predicate(
        "TREATED_BY",
        "a treatment, at class level, for the condition",
        "{s} is treated with {o}",
        "{s} is not treated with {o}",
    ),
    Predicate(
        "CONTRAINDICATED_IN",
        "the treatment or test should not be used in the condition or population",
        "{s} is contraindicated in {o}",
        "{s} is not contraindicated in {o}",
    ),
    Predicate("REQUIRES", "the subject needs the object first", "{s} requires {o}", "{s} does not require {o}"),
    Predicate(
        "HAS_URGENCY",
        "how soon the condition needs action (emergency, urgent, soon, routine)",
        "{s} needs {o} attention",
        "{s} does not need {o} attention",
        functional=True,
        exclusive=(frozenset({"emergency", "urgent", "soon", "routine"}),),
    ),
    # devices
    Predicate(
        "TIP_BELONGS_IN",
        "where the tip of the tube or line should lie",
        "The tip of {s} belongs in {o}",
        "The tip of {s} does not belong in {o}",
    ),
    # numbers
    Predicate(
        "HAS_THRESHOLD",
        "the quantity that defines or separates the subject; the object is the measured quantity",
        "For {s}, {o} is {q}",
        "For {s}, {o} is not {q}",
    ),
    Predicate(
        "HAS_VALUE",
        "a typical value of the quantity named by the object, for the subject",
        "For {s}, {o} is typically {q}",
        "For {s}, {o} is not typically {q}",
    ),
    # comparisons
    Predicate(
        "HIGHER_THAN",
        "the subject normally lies higher in the body than the object",
        "{s} normally lies higher than {o}",
        "{s} does not normally lie higher than {o}",
    ),
    Predicate(
        "WIDER_THAN",
        "the subject is normally of larger calibre than the object",
        "{s} is wider than {o}",
        "{s} is not wider than {o}",
    ),
    Predicate(
        "LONGER_THAN",
        "the subject is normally longer than the object",
        "{s} is longer than {o}",
        "{s} is not longer than {o}",
    ),
    Predicate(
        "STEEPER_THAN",
        "the subject normally runs more vertically than the object",
        "{s} runs more vertically than {o}",
        "{s} does not run more vertically than {o}",
    ),
    Predicate(
        "LARGER_THAN",
        "the subject is normally larger than the object",
        "{s} is larger than {o}",
        "{s} is not larger than {o}",
    ),
    Predicate(
        "DENSER_THAN",
        "the subject weakens the beam more, and so is whiter on a radiograph, than the object",
        "{s} is whiter on a radiograph than {o}",
        "{s} is not whiter on a radiograph than {o}",
    ),
    Predicate(
        "COMMONER_THAN",
        "the subject is more common than the object, a like thing",
        "{s} is more common than {o}",
        "{s} is not more common than {o}",
    ),
    Predicate(
        "MORE_SENSITIVE_THAN",
        "the test or view finds what the condition names more often than the other does",
        "{s} is more sensitive than {o}",
        "{s} is not more sensitive than {o}",
    ),
    Predicate(
        "HIGHER_DOSE_THAN",
        "the test exposes the patient to more ionising radiation than the other",
        "{s} gives a higher dose of radiation than {o}",
        "{s} does not give a higher dose of radiation than {o}",
    ),
    # effects of technique
    Predicate(
        "MAGNIFIES",
        "the projection or technique makes the object look larger",
        "{s} magnifies {o}",
        "{s} does not magnify {o}",
    ),
    Predicate(
        "OBSCURES",
        "the subject hides the object on a radiograph",
        "{s} can obscure {o}",
        "{s} does not obscure {o}",
    ),
)

PREDICATES: dict[str, Predicate] = {p.name: p for p in _DEFINITIONS}

_JOINED: dict[str, tuple[str, str]] = {
    "AFFECTS": ("disease factor finding sign", "population"),
    "BORDERS": ("anatomy", "anatomy"),
    "CAUSES": (
        "anatomy device disease exam_sign factor finding organism population symptom technique test treatment value",
        "disease exam_sign factor finding symptom",
    ),
    "COMMONEST_CAUSE_OF": ("disease factor organism treatment", "disease finding symptom"),
    "COMPLICATES": ("disease finding", "device disease factor treatment"),
    "CONFIRMED_BY": ("device disease finding", "test"),
    "CONFIRMS": ("disease exam_sign finding sign symptom technique test", "disease exam_sign factor finding"),
    "CONTRAINDICATED_IN": ("device factor test treatment", "device disease factor finding population"),
    "DETECTS": ("technique test", "anatomy device disease finding sign"),
    "FIRST_TEST": ("disease factor finding", "test"),
    "HAS_FINDING": ("disease finding", "anatomy disease finding sign"),
    "HAS_SIGN": ("disease finding", "exam_sign symptom"),
    "HAS_SYMPTOM": ("disease exam_sign finding", "exam_sign symptom"),
    "HIGHER_DOSE_THAN": ("technique test", "technique test"),
    "HIGHER_THAN": ("anatomy", "anatomy"),
    "INVESTIGATED_BY": ("device disease finding symptom treatment", "technique test"),
    "IS_A": (
        "anatomy device disease exam_sign finding organism sign symptom technique test treatment value",
        "anatomy device disease exam_sign factor finding organism symptom technique test treatment",
    ),
    "LOCATED_IN": ("anatomy device disease finding sign treatment", "anatomy finding"),
    "LONGER_THAN": ("anatomy", "anatomy"),
    "MAGNIFIES": ("technique", "anatomy"),
    "MIMICS": ("anatomy device disease finding sign technique", "disease exam_sign finding sign technique"),
    "MORE_SENSITIVE_THAN": ("technique test", "technique test"),
    "OBSCURES": ("anatomy device disease factor finding technique", "anatomy disease finding"),
    "PART_OF": ("anatomy device exam_sign finding measurement symptom", "anatomy device exam_sign finding measurement"),
    "PREVENTED_BY": ("disease finding technique", "technique test treatment"),
    "REQUIRES": (
        "anatomy device disease finding measurement sign symptom technique test treatment",
        "disease exam_sign factor finding symptom technique test treatment",
    ),
    "RISK_FACTOR_FOR": ("disease factor population treatment", "disease factor"),
    "RULES_OUT": ("exam_sign finding sign technique test", "disease exam_sign finding"),
    "STEEPER_THAN": ("anatomy", "anatomy"),
    "SUGGESTS": (
        "anatomy device disease exam_sign finding sign symptom",
        "anatomy disease exam_sign factor finding sign",
    ),
    "TIP_BELONGS_IN": ("device treatment", "anatomy"),
    "TREATED_BY": ("anatomy disease finding organism symptom", "device factor test treatment"),
    "WIDER_THAN": ("anatomy", "anatomy"),
}
_KINDS = {
    name: (frozenset(subjects.split()), frozenset(objects.split())) for name, (subjects, objects) in _JOINED.items()
}


def may_join(predicate: str, one: str, other: str) -> bool:
    """Whether the relation makes sense of two such things, whichever way round: of a place and a population it may not.

    Told by their categories; those that are unknown, and relations that have none listed, may be joined.
    """
    subjects, objects = _KINDS.get(predicate, (frozenset(), frozenset()))
    return any(
        (not subjects or not subject or subject in subjects) and (not objects or not obj or obj in objects)
        for subject, obj in ((one, other), (other, one))
    )
