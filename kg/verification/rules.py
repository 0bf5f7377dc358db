"""The declared tables behind the verdicts: which relation says the same as which, what inherits, what reverses.

Knows nothing of any fact.
"""

from kg.predicates import PREDICATES

ASSOCIATED_WITH, OCCURS_IN, DIAGNOSED_BY = "ASSOCIATED_WITH", "OCCURS_IN", "DIAGNOSED_BY"
SAME_AS, DEFINED_AS, WORDED_AS = "SAME_AS", "DEFINED_AS", "WORDED_AS"
# Wordings that several relations bear out; with evidence both ways none of it decides.
LOOSE = frozenset({ASSOCIATED_WITH, OCCURS_IN, DIAGNOSED_BY})

COMPARING = frozenset(name for name in PREDICATES if name.endswith("_THAN"))
# claim predicate -> (fact predicate, whether its ends are swapped) that say the same or more. The predicate itself is implied.
_SAYS_AS_MUCH: dict[str, tuple[tuple[str, bool], ...]] = {
    "SUGGESTS": (
        ("HAS_FINDING", True), ("HAS_SIGN", True), ("HAS_SYMPTOM", True), ("CONFIRMS", False), ("CAUSES", True),
        ("COMMONEST_CAUSE_OF", True), ("CONFIRMED_BY", True),
    ),
    "HAS_FINDING": (("SUGGESTS", True), ("CAUSES", False), ("HAS_SIGN", False), ("COMMONEST_CAUSE_OF", False)),
    "HAS_SIGN": (("SUGGESTS", True), ("HAS_SYMPTOM", False), ("HAS_FINDING", False), ("CAUSES", False)),
    "HAS_SYMPTOM": (("SUGGESTS", True), ("HAS_SIGN", False), ("CAUSES", False), ("COMMONEST_CAUSE_OF", False)),
    "CAUSES": (
        ("COMMONEST_CAUSE_OF", False), ("COMPLICATES", True), ("HAS_SYMPTOM", False), ("HAS_SIGN", False),
        ("HAS_FINDING", False), ("SUGGESTS", True),
    ),
    "COMPLICATES": (("CAUSES", True), ("COMMONEST_CAUSE_OF", True)),
    "RISK_FACTOR_FOR": (("CAUSES", False), ("COMMONEST_CAUSE_OF", False), ("AFFECTS", True)),
    "INVESTIGATED_BY": (("FIRST_TEST", False), ("CONFIRMED_BY", False), ("DETECTS", True), ("CONFIRMS", True)),
    "CONFIRMED_BY": (("CONFIRMS", True),),
    "CONFIRMS": (("CONFIRMED_BY", True),),
    "DETECTS": (("CONFIRMED_BY", True), ("INVESTIGATED_BY", True), ("FIRST_TEST", True), ("CONFIRMS", False)),
    "LOCATED_IN": (("PART_OF", False), ("HAS_DISTRIBUTION", False), ("TIP_BELONGS_IN", False)),
    "PART_OF": (("LOCATED_IN", False),),
    "HAS_DISTRIBUTION": (("LOCATED_IN", False),),
    "AFFECTS": (("RISK_FACTOR_FOR", True),),
    "TIP_BELONGS_IN": (("LOCATED_IN", False),),
    "TREATED_BY": (("REQUIRES", False),),
    "REQUIRES": (("TREATED_BY", False),),
    OCCURS_IN: (
        ("SUGGESTS", False), ("HAS_FINDING", True), ("HAS_SIGN", True), ("HAS_SYMPTOM", True), ("CAUSES", True),
        ("COMMONEST_CAUSE_OF", True), ("COMPLICATES", False), ("AFFECTS", False), ("RISK_FACTOR_FOR", True),
        ("CONFIRMS", False), ("CONFIRMED_BY", True), ("LOCATED_IN", False),
    ),
    DIAGNOSED_BY: (
        ("CONFIRMED_BY", False), ("CONFIRMS", True), ("DETECTS", True), ("INVESTIGATED_BY", False), ("FIRST_TEST", False),
    ),
}  # fmt: skip
# What a classification or a count of reports says is no association.
_EXPLAINS = frozenset(
    {
        "IS_A",
        "BORDERS",
        "PART_OF",
        "HAS_THRESHOLD",
        "HAS_VALUE",
        "REQUIRES",
        "CONTRAINDICATED_IN",
        "RULES_OUT",
        "HAS_CODE",
        "HAS_INHERITANCE",
        "OCCURS_WITH",
    }
)

# If one of something has it, the kind can have it (facts of these say "can").
EXISTENTIAL = frozenset(
    {
        "CAUSES", "HAS_SYMPTOM", "HAS_SIGN", "HAS_FINDING", "SUGGESTS", "COMPLICATES", "DETECTS", "MIMICS", "AFFECTS",
        "OBSCURES", "TRANSMITTED_BY", ASSOCIATED_WITH, OCCURS_IN, "RISK_FACTOR_FOR",
    }
)  # fmt: skip
# Said without "can" all the same in this sense: a cause is what can bring it about.
SOME_SUFFICE = frozenset({"CAUSES", "COMPLICATES", "MIMICS", "OBSCURES", "DETECTS", ASSOCIATED_WITH})
# A narrower object says more than a wider one: treated with heparin, so treated with an anticoagulant.
OBJECT_WIDENS = EXISTENTIAL | {
    "TREATED_BY",
    "INVESTIGATED_BY",
    "CONFIRMED_BY",
    "FIRST_TEST",
    "PREVENTED_BY",
    "LOCATED_IN",
}
# What holds for the kind holds for each of it.
INHERITED = frozenset({"CONSISTS_OF", "APPEARS_AS", "LOCATED_IN", "SHIFTS_MEDIASTINUM", "MAGNIFIES"})
# A denial for the kind is a denial for each of it: no radiograph does, so no lateral radiograph does.
DENIAL_INHERITED = frozenset({"RULES_OUT", "CONFIRMS", "CONSISTS_OF"})
# Where the reverse of a known fact is false and people do turn it round.
REVERSIBLE = frozenset(
    {
        "IS_A", "CAUSES", "COMMONEST_CAUSE_OF", "PART_OF", "RISK_FACTOR_FOR", "COMPLICATES", "HAS_SYMPTOM", "HAS_SIGN",
        "HAS_FINDING", "TREATED_BY", "INVESTIGATED_BY", "CONFIRMED_BY", "FIRST_TEST", "SUGGESTS", "OBSCURES",
        "TRANSMITTED_BY", "LOCATED_IN", "TIP_BELONGS_IN", "MAGNIFIES", "DETECTS",
        *COMPARING,
    }
)  # fmt: skip
# "Always" adds nothing to these: a fact of them holds without exception.
UNIVERSAL = frozenset(
    {"IS_A", "CONSISTS_OF", "PART_OF", "HAS_SIDE", "APPEARS_AS", "CONTRAINDICATED_IN", "BORDERS", "HAS_URGENCY", SAME_AS,
     DEFINED_AS, "HAS_THRESHOLD", "HAS_VALUE", "TIP_BELONGS_IN", "RULES_OUT", "CONFIRMS"}
)  # fmt: skip
# A fact of these with a condition does not say it without the condition.
CONDITION_MATTERS = frozenset(
    {"RULES_OUT", "CONFIRMS", "COMMONEST_CAUSE_OF", "CONTRAINDICATED_IN", "MORE_SENSITIVE_THAN"}
)
# Concepts that mean the same at the subject's end of a relation.
ALIASES: tuple[tuple[str, frozenset[str]], ...] = (
    ("RULES_OUT", frozenset({"chest_radiograph", "normal_chest_radiograph"})),
    ("CONFIRMS", frozenset({"chest_radiograph", "normal_chest_radiograph"})),
    ("RISK_FACTOR_FOR", frozenset({"smoking", "smokers"})),
)
# Naming the plain film or the chest narrows nothing here.
GOES_WITHOUT_SAYING = frozenset({"chest_radiograph", "frontal_chest_radiograph", "chest", "thorax", "adults"})
# Views of which a fact about what points to what needs no mention.
USUAL_VIEWS = frozenset(
    {
        "chest_radiograph",
        "frontal_chest_radiograph",
        "posteroanterior_chest_radiograph",
        "erect_chest_radiograph",
        "pa_projection",
    }
)
# What a view is called that is one of them.
USUAL_VIEW_WORDS = frozenset(
    "a an on pa posteroanterior frontal erect upright standing film full inspiration in".split()
)
IN_ANY_VIEW = frozenset({"SUGGESTS", "HAS_FINDING", "HAS_SIGN", "CAUSES", "COMMONEST_CAUSE_OF", "IS_A", "HAS_URGENCY"})
# Words of a fact that a sentence may say differently.
SAME_WORD: dict[str, frozenset[str]] = {
    "large": frozenset({"massive", "big", "huge", "sizeable", "bulky", "voluminous", "extensive"}),
    "small": frozenset({"tiny", "little", "minor", "slight"}),
    "exposure": frozenset({"past", "previous", "prior", "earlier", "former"}),
    "film": frozenset({"radiograph", "view", "projection", "image", "x-ray", "xray", "cxr", "chest"}),
    "space": frozenset({"cavity"}),
    "cavity": frozenset({"space"}),
    "air": frozenset({"gas"}),
    "gas": frozenset({"air"}),
    "erect": frozenset({"upright", "standing"}),
    "rest": frozenset({"resting"}),
    "symptomatic": frozenset({"symptom"}),
    "untreated": frozenset({"undrained"}),
    "drained": frozenset({"undrained"}),
    "suspected": frozenset({"suspicion"}),
    "newborn": frozenset({"neonate", "neonatal"}),
    "old": frozenset({"elderly"}),
    "irreversible": frozenset({"permanent"}),
    "dilatation": frozenset({"dilation", "widening"}),
    "deficiency": frozenset({"lack", "shortage"}),
    "blood": frozenset({"bloodstream"}),
    "occluding": frozenset({"blocking", "obstructing"}),
    "abnormal": frozenset({"excess", "extra"}),
    "adjacent": frozenset({"neighboring", "touching"}),
    "lucency": frozenset({"lucent", "aerated"}),
    "preterm": frozenset({"premature", "immature"}),
    "surface": frozenset({"lining"}),
    "overinflated": frozenset({"aerated", "hyperinflated"}),
    "person": frozenset({"patient"}),
    "fibrous": frozenset({"scarred"}),
    "intermediate": frozenset({"moderate"}),
}
# The end of the lung in which zone: a disease of the apices is one of the upper zones.
ZONES = {"lung_apex": "upper_zone", "lung_base": "lower_zone"}
# What one thing does not bring about, it may together with another.
TOGETHER = frozenset({"CAUSES", "COMPLICATES", "RISK_FACTOR_FOR"})
# A further concept that one of these joins to a fact's end narrows nothing that the fact does not allow.
GOES_ALONG = frozenset(
    {
        "LOCATED_IN",
        "PART_OF",
        "AFFECTS",
        "DETECTS",
        "HAS_DISTRIBUTION",
        "HAS_SIDE",
        "HAS_COURSE",
        "CONSISTS_OF",
        "TIP_BELONGS_IN",
    }
)
# Of a positive fact, neither does a further sign, symptom or consequence of the same thing.
SEEN_TOGETHER = frozenset(
    {
        "HAS_FINDING",
        "HAS_SIGN",
        "HAS_SYMPTOM",
        "SUGGESTS",
        "CAUSES",
        "COMMONEST_CAUSE_OF",
        "COMPLICATES",
        "RISK_FACTOR_FOR",
    }
)
# Words that join such a concept to the rest of the sentence.
JOINING = frozenset(
    {"after", "during", "following", "follow", "due", "around", "from", "throughout", "caused", "show", "shown"}
)
# What does not do one of these does not do it alone.
PROVING = frozenset({"CONFIRMS", "CONFIRMED_BY", "RULES_OUT", "DETECTS"})
# What does not rule out or show a thing does not do so for a lesser form of it.
LESSER = frozenset(
    {"early", "small", "mild", "minor", "subtle", "tiny", "undisplaced", "initial", "limited", "minimal"}
)
# Relations whose other end moves with the side of the body.
SIDED = frozenset({"BORDERS", "OBSCURES", "LOCATED_IN", "PART_OF", "TIP_BELONGS_IN", "HAS_SIDE"})
# Facts of these say what a case may bring or come from: no ground for "usually" (predicate of the claim -> what is).
USUAL: dict[str, frozenset[str]] = {
    "CAUSES": frozenset({"COMMONEST_CAUSE_OF", "HAS_SYMPTOM", "HAS_SIGN", "HAS_FINDING"}),
    "SUGGESTS": frozenset({"COMMONEST_CAUSE_OF", "CONFIRMS", "CONFIRMED_BY"}),
    OCCURS_IN: frozenset({"AFFECTS", "HAS_SYMPTOM", "HAS_SIGN", "HAS_FINDING", "COMMONEST_CAUSE_OF"}),
    "COMPLICATES": frozenset(),
    ASSOCIATED_WITH: frozenset(),
}
# Facts of these are no ground for "is common in".
MAY_BE_RARE = frozenset({"RISK_FACTOR_FOR", "COMPLICATES"})
# A denial of these says what is typical, so it bears out "does not" but not "never".
TYPICALLY_DENIED = frozenset(
    {"HAS_SYMPTOM", "HAS_SIGN", "HAS_FINDING", "AFFECTS", "HAS_DISTRIBUTION", "HAS_COURSE", "SUGGESTS"}
)
# What limits a fact to some cases.
LIMITS = frozenset({"condition", "population", "view", "severity", "chronicity"})
MORE_URGENT = {"urgent": frozenset({"emergency"}), "soon": frozenset({"emergency", "urgent"})}
ORGANISMS = frozenset({"bacterium", "virus", "fungus", "parasite"})
MEDIASTINUM = frozenset({"anterior_mediastinum", "middle_mediastinum", "posterior_mediastinum"})
# Too wide to be another cause than one of its own kind.
TOO_WIDE = frozenset({"active_cancer"})
# Findings of which a thing that gives one does not give the other.
_OPPOSITES = (
    (("elevated_hemidiaphragm",), ("flattened_diaphragm", "depressed_hemidiaphragm")),
    (("elevated_minor_fissure",), ("depressed_minor_fissure",)),
    (("elevated_hilum",), ("depressed_hilum",)),
    (("hyperresonance",), ("dullness_to_percussion",)),
    (("hyperinflation",), ("low_lung_volumes",)),
    (("oligemia",), ("pulmonary_plethora",)),
    (("increased_tactile_fremitus",), ("reduced_tactile_fremitus",)),
)
_SHOWN = frozenset({"CAUSES", "HAS_FINDING", "HAS_SIGN"})


def opposite_findings(predicate: str, concept: str) -> frozenset[str]:
    """The findings that speak against this one, where the relation says that something shows it."""
    if predicate not in _SHOWN:
        return frozenset()
    return frozenset(
        other
        for one, another in _OPPOSITES
        for mine, theirs in ((one, another), (another, one))
        if concept in mine
        for other in theirs
    )


# Courses that one disease cannot both run.
_COURSES_APART = (frozenset({"self_limiting", "chronic"}), frozenset({"self_limiting", "progressive"}))
# Substances of which a collection holds one.
_SUBSTANCES_APART = (
    frozenset({"blood", "pus"}), frozenset({"blood", "chyle"}), frozenset({"pus", "chyle"}), frozenset({"air", "chyle"}),
    frozenset({"transudate", "exudate"}), frozenset({"air", "transudate"}), frozenset({"air", "exudate"}),
)  # fmt: skip
# The result that a relation is about anyway: what confirms is a positive result, what rules out a negative one.
_GOES_WITH = {
    "CONFIRMS": frozenset("raised elevated positive high increased abnormal".split()),
    "RULES_OUT": frozenset("normal negative low clear unremarkable".split()),
}
# A typical value leaves room for another one that "can" be.
TYPICAL_ONLY = frozenset({"HAS_DISTRIBUTION", "HAS_SIDE", "HAS_COURSE"})
MEASURED = frozenset({"HAS_THRESHOLD", "HAS_VALUE"})

# Places that exclude each other for one piece of anatomy.
PLACES_APART = (
    frozenset({"right_upper_lobe", "right_middle_lobe", "right_lower_lobe", "left_upper_lobe", "left_lower_lobe"}),
    frozenset({"anterior_mediastinum", "middle_mediastinum", "posterior_mediastinum"}),
    frozenset({"right_lung", "left_lung"}),
    frozenset({"right_atrium", "left_atrium", "right_ventricle", "left_ventricle"}),
    frozenset({"ascending_aorta", "aortic_arch", "descending_aorta"}),
)


def says_as_much(predicate: str) -> tuple[tuple[str, bool], ...]:
    """(fact predicate, swapped) of every fact that supports a claim of this predicate."""
    if predicate == ASSOCIATED_WITH:
        return tuple((name, swapped) for name in PREDICATES if name not in _EXPLAINS for swapped in (False, True))
    own = ((predicate, False), (predicate, True)) if symmetric(predicate) else ((predicate, False),)
    return own + _SAYS_AS_MUCH.get(predicate, ())


def same_meaning(predicate: str) -> tuple[tuple[str, bool], ...]:
    """(fact predicate, swapped) of which a denial denies the claim: what the claim itself would imply."""
    own = ((predicate, False), (predicate, True)) if symmetric(predicate) else ((predicate, False),)
    return own + _DENIAL_CARRIES.get(predicate, ())


# A denial of the second denies the first as well; kept short, for a denial of a weak relation is seldom meant so widely.
_DENIAL_CARRIES: dict[str, tuple[tuple[str, bool], ...]] = {
    "CONFIRMS": (("CONFIRMED_BY", True), ("SUGGESTS", False)),
    "CONFIRMED_BY": (("CONFIRMS", True),),
    "COMMONEST_CAUSE_OF": (("CAUSES", False),),
    "HAS_FINDING": (("SUGGESTS", True),),
    "HAS_SIGN": (("SUGGESTS", True),),
    "HAS_SYMPTOM": (("SUGGESTS", True), ("HAS_SIGN", False)),
    "SUGGESTS": (("HAS_FINDING", True), ("HAS_SIGN", True), ("HAS_SYMPTOM", True)),
    "PART_OF": (("LOCATED_IN", False),),
    "LOCATED_IN": (("PART_OF", False),),
    "FIRST_TEST": (("INVESTIGATED_BY", False),),
    OCCURS_IN: (
        ("SUGGESTS", False),
        ("HAS_FINDING", True),
        ("HAS_SIGN", True),
        ("HAS_SYMPTOM", True),
        ("CAUSES", True),
        ("AFFECTS", False),
    ),
    "COMPLICATES": (("CAUSES", True),),
    "CAUSES": (
        ("COMPLICATES", True),
        ("HAS_FINDING", False),
        ("HAS_SYMPTOM", False),
        ("HAS_SIGN", False),
        ("SUGGESTS", True),
    ),
    "REQUIRES": (("TREATED_BY", False),),
    DIAGNOSED_BY: (("CONFIRMED_BY", False), ("CONFIRMS", True), ("DETECTS", True), ("INVESTIGATED_BY", False)),
}


def goes_with(predicate: str) -> frozenset[str]:
    """Words that add nothing to a claim of this relation."""
    return _GOES_WITH.get(predicate, frozenset())


def symmetric(predicate: str) -> bool:
    """Whether the relation holds both ways."""
    return predicate in PREDICATES and PREDICATES[predicate].symmetric


def excludes(predicate: str, one: str, other: str) -> bool:
    """Whether a subject cannot have both values of this relation."""
    if one == other or predicate not in PREDICATES or "both_sides" in {one, other}:
        return False
    if predicate == "HAS_COURSE":
        return {one, other} in _COURSES_APART
    if predicate == "CONSISTS_OF" and {one, other} in _SUBSTANCES_APART:
        return True
    if predicate == "SHIFTS_MEDIASTINUM" and other == "no_shift":
        return True
    if predicate == "HAS_URGENCY":
        return "routine" in {one, other}
    listed = any(one in group and other in group for group in PREDICATES[predicate].exclusive)
    return listed or (PREDICATES[predicate].functional and not PREDICATES[predicate].exclusive)


def mirrored(concept: str) -> str:
    """The id of the same thing on the other side, or an empty string where the id names no side."""
    parts = concept.split("_")
    swap = {"left": "right", "right": "left", "rul": "lul", "rll": "lll", "lul": "rul", "lll": "rll"}
    turned = [swap.get(part, part) for part in parts]
    return "_".join(turned) if turned != parts else ""


def side_of(concept: str) -> str:
    """The side, "left", "right" or "" by the id of a place."""
    first = concept.split("_", maxsplit=1)[0]
    return first if first in {"left", "right"} else ""


# Stems of words of which the one turns round what a definition says with the other.
_OPPOSITE_WORDS: tuple[tuple[str, str], ...] = (
    ("increas rais elevat enlarg widen", "reduc decreas diminish lower narrow"),
    ("upper", "lower"), ("left", "right"), ("front anterior", "back posterior"), ("above", "below"), ("proxim", "dist"),
    ("insid inner", "outsid outer"), ("intern", "extern"), ("centr", "peripher"), ("medi", "later"), ("high", "low"),
    ("lack deficiency", "excess"), ("similar same", "different"), ("caseat", "noncaseat"), ("benign", "malignant"),
    ("acut", "chronic"), ("lucent", "opaqu dens"), ("thin", "thick"), ("small", "larg"), ("singl", "multipl"),
    ("visibl", "invisibl"), ("towards toward", "away"), ("reversibl", "irreversibl"), ("arter", "vein"), ("artery", "vein"),
    ("unilater", "bilater"), ("smooth", "irregular"), ("inspiration", "expiration"), ("transudat", "exudat"),
    ("rich high", "poor low"), ("gain", "loss"), ("presence", "absence"), ("more", "less"), ("before", "after"),
)  # fmt: skip


def opposites(stem: str) -> frozenset[str]:
    """The stems that say the opposite of this one."""
    pairs = [(one.split(), other.split()) for one, other in _OPPOSITE_WORDS]
    return frozenset(w for pair in pairs for one, other in (pair, pair[::-1]) if stem in one for w in other)
