"""Which plain values belong to which relation, and which words of a sentence matter. Knows nothing of any sentence."""

# ruff: noqa: E501 - an alternation or a list of words is easier to read, and to extend, on one line

from kg.types import Mention

SUBSTANCES = frozenset({"air", "fluid", "blood", "pus", "fat", "calcium", "soft_tissue", "chyle"})
LOOKS = frozenset({"radiopaque", "radiolucent"})
SIDES = frozenset({"left_side", "right_side", "midline", "both_sides"})
SPREAD = frozenset(
    {"upper_zone", "lower_zone", "central", "peripheral", "unilateral", "bilateral", "diffuse", "perihilar", "lobar", "patchy",
     "subpleural"}
)  # fmt: skip
COURSES = frozenset({"acute", "subacute", "chronic", "progressive", "self_limiting", "recurrent"})
URGENCIES = frozenset({"emergency", "urgent", "soon", "routine"})
SHIFTS = frozenset({"towards_the_lesion", "away_from_the_lesion", "no_shift", "no_mediastinal_shift"})
SHIFTED = frozenset({"mediastinum", "trachea", "heart", "mediastinal_shift", "tracheal_deviation", "tracheal_shift"})
TESTS = frozenset({"test", "technique"})
# What shows a disease's findings without narrowing which.
ANY_FILM = frozenset(
    {"chest_radiograph", "frontal_chest_radiograph", "posteroanterior_chest_radiograph", "computed_tomography"}
)
ILLNESSES = frozenset(
    {"disease", "finding", "sign", "symptom", "exam_sign", "organism", "treatment", "device", "factor"}
)
WHO = frozenset({"population"})
ARTICLES = frozenset("a an the any some this these that those its their his her each every all such".split())
# Words that change nothing of what is said, given that a fact already says "can".
HARMLESS = frozenset(
    """
    also often usually commonly typically generally frequently sometimes occasionally classically normally mainly mostly
    primarily predominantly largely characteristically can may might could will would should must ought does do did to be been being
    around together somewhere
    just simply well known recognized recognised common important typical frequent classic possible potential significant
    as both either whether itself themselves in general practice most many several certain other various different abnormal
    collection accumulation presence buildup build-up pocket amount existence occurrence patients people person persons individuals patient those who with
    case cases condition disease disorder of for on by there then so thus therefore however hence indeed moreover
    furthermore additionally in addition importantly notably clinically radiographically radiologically medically strongly directly
    usual standard routine typically main major key classical basically essentially actually really thing which that is it
    x-ray x-rays xray cxr chest placement insertion suspected underlying associated side imaging image film radiograph examination exam attention matter action when if at least sign named called state situation setting context course body human
    ideally properly correctly effectively successfully eventually ultimately regularly readily easily certainly definitely
    truly naturally widely chiefly principally best closely good useful
    clinical radiographic radiological radiologic roentgenographic physical ideal individual
    inside inserting placing putting introducing someone somebody anyone anybody everybody person's picture pattern appearance textbook accepted expected show up given time often
    way serious dangerous true real so-called frank obvious definite overt whole entire free today nowadays currently now
    consistent hallmark classically truly fact indeed kind sort type whose who themselves herself himself whatsoever ever
    develop developing existing established proven confirmed known far very too
    adult adults particular especially particularly e.g example instance including include such like among within into
    """.split()
)
# Adverbs that say how, where or how far, and so change what is said; the others only colour it.
WEIGHTY_ADVERBS = frozenset(
    """
    only early rarely hardly barely scarcely unlikely solely purely merely exclusively posteriorly anteriorly laterally medially
    superiorly inferiorly bilaterally unilaterally centrally peripherally completely entirely wholly fully immediately slowly
    rapidly quickly daily weekly yearly monthly elderly family previously wrongly falsely incorrectly mistakenly erroneously
    spontaneously surgically orally routinely apically basally symmetrically asymmetrically ipsilaterally contralaterally
    inevitably invariably necessarily uniformly universally permanently temporarily irreversibly partially partly abnormally
    increasingly progressively gradually acutely chronically abruptly suddenly newly recently lately formerly supposedly
    allegedly doubtfully poorly weakly badly improperly equally likely absolutely internally externally proximally distally
    horizontally vertically upwardly downwardly separately unusually infrequently uncommonly exceptionally apply supply safely
    freely harmlessly needlessly unnecessarily uselessly
    """.split()
)
# What may stand before a noun of relation ("a well-known, useful sign of"): left to the residue when no wording has it.
FILLERS = frozenset(
    """
    early late single best first initial main useful reliable key important strong good major typical classic classical standard
    usual immediate emergency prompt direct indirect potential small safely alone itself easily frequent common possible known
    recognized recognised rare characteristic helpful principal chief leading top infectious bacterial viral underlying
    presenting cardinal early true real clinical radiographic radiological imaging effective recommended definitive well reliably
    lower upper definite even also highly readily quite most more one
    """.split()
)
DROPPED = frozenset(
    """
    also often usually commonly typically generally frequently sometimes occasionally classically normally mainly
    primarily predominantly largely characteristically can may might could will would must ought simply therefore however hence thus
    indeed moreover furthermore importantly notably clinically radiographically radiologically strongly directly actually
    really basically essentially especially particularly been should potentially almost both either certain
    various several many frequently reliably easily quite very usually ordinarily traditionally initially
    """.split()
)
MEASURE_WORDS = frozenset(
    """
    measure measuring defined define define diameter size width thickness length long wide thick large larger small smaller tall in
    is called term be considered regarded suggest indicate mean diagnose diagnosed define by as exceed has have ratio level value
    cutoff cut off threshold limit upper lower about approximately above below least most than when if tip lie should
    fall drop rise go across deliver give take taken at distance level show shows start begin appear develop occur last persist cm2 run
    end terminate rest finish project neck neutral once establish diagnosis diagnostic mark support qualify kind pass reveal detect little see seen visible until confirmed present
    point accompany accompanied away usual usually count counted taken get speak signify represent sign enough
    reach keep kept aim use used amount total about roughly around some mean means equal to of a the under over up only as thick
    apart its it high low tall deep weigh known each per every day after first initial produce drain yield in out
    from between divided divide lesion abnormality opacity rounded sit belong position positioned placed located requires require need needed contain contains hold holds cause confirm count
    """.split()
)
# In a sentence of these a number is what it is about: where a tip lies, how large a part is.
BY_NUMBER = frozenset({"TIP_BELONGS_IN", "LOCATED_IN", "PART_OF", "BORDERS", "APPEARS_AS", "SAME_AS", "DEFINED_AS"})
# Beside a relation a number in these units tells when or how often it holds.
HOW_LONG_OR_OFTEN = frozenset({"%", "1", "seconds", "minutes", "hours", "days", "weeks", "months", "years"})
# In a sentence of these a number only narrows what is said.
NOT_BY_NUMBER = frozenset(
    {"FIRST_TEST", "INVESTIGATED_BY", "CONFIRMED_BY", "TREATED_BY", "RULES_OUT", "REQUIRES", "AFFECTS", "PREVENTED_BY",
     "CONTRAINDICATED_IN", "HAS_URGENCY"}
)  # fmt: skip


def is_harmless(word: str) -> bool:
    """Whether a word left over changes nothing of what is said."""
    return word in HARMLESS or (word.endswith("ly") and len(word) > 4 and word not in WEIGHTY_ADVERBS)


def is_plain(mention: Mention) -> bool:
    """Whether it is a mere value, not a thing that has measures of its own (as an exudate has)."""
    return mention.category == "value" and valued(mention.concept) != "IS_A"


def valued(value: str) -> str:
    """The relation whose value this is; IS_A for a thing."""
    for values, name in (
        (SUBSTANCES, "CONSISTS_OF"), (LOOKS, "APPEARS_AS"), (SIDES, "HAS_SIDE"), (SPREAD, "HAS_DISTRIBUTION"),
        (COURSES, "HAS_COURSE"), (URGENCIES, "HAS_URGENCY"), (SHIFTS, "SHIFTS_MEDIASTINUM"),
    ):  # fmt: skip
        if value in values:
            return name
    return "TRANSMITTED_BY" if value.endswith(("transmission", "spread")) else "IS_A"
