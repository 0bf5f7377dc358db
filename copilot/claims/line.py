"""The line: a sentence with its concepts as <0>, <1>, ... and its numbers as #0, #1, ..., in base forms, without harmless
words. Knows nothing of relations and of facts.
"""

# ruff: noqa: E501 - an alternation is easier to read, and to extend, on one line

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

from copilot.claims.cues import BASE_FORM, VERB_STARTS
from copilot.claims.tolerated import TOLERATED, TURNING, WEIGHTY
from copilot.claims.turns import turned
from copilot.claims.values import ARTICLES, DROPPED, SHIFTS, SPREAD, SUBSTANCES, is_harmless
from kg.linking import Linker, numbers
from kg.linking.normal import phrase
from kg.types import Extent, Mention, Quantity

_NEGATIONS = re.compile(
    r"\b(?:(?:does|do|did|can|could|will|would|should|must|has|have|may|might|need)(?:n't| not)|cannot|can't|won't|never|no longer|not)\b"
)
_NOT_ALWAYS = re.compile(
    r"\b(?P<aux>(?:(?:does|do|did|is|are|can|need|will|may) ?(?:not|n't)|cannot|not))(?: \w+)? (?:always|necessarily|invariably|automatically|only|exclusively|every|all|solely|inevitably)\b|^not (?:all|every)\b",
    re.IGNORECASE,
)
_ALWAYS = re.compile(
    r"\b(?:always|invariably|inevitably|universally|uniformly|unfailingly|without (?:exception|fail)|in (?:all|every|each) (?:cases?|patients?|person)|in all patients|in everyone(?: with)?|100 ?%(?: of (?:cases|patients))?|necessarily|by definition)\b",
    re.IGNORECASE,
)
_EVERY = re.compile(
    r"^(?:all|every|each|any|everyone|everybody|anyone|anybody)\b|\b(?:every|each|all|any)\b(?= <\d)", re.IGNORECASE
)
# "only in children" limits the case, not the cause.
# "causes only fever" says that it causes nothing else, which no rule here can tell; "not only" says nothing.
_ONLY_THIS = re.compile(
    r"\bnot only\b|\b(?:causes?|leads? to|results? in|produces?|affects?|treats?|shows?|helps?|cures?|detects?|involves?) (?:only|exclusively|solely)\b",
    re.IGNORECASE,
)
_ONLY = re.compile(
    r"\b(?:only(?! (?:in|on|when|if|during|after|at|for)\b)|exclusively|solely|the sole|nothing but|no other)\b",
    re.IGNORECASE,
)
# What a further clause says always holds is not said of the first.
_FURTHER = re.compile(r",? (?:which|who)\b|, (?:and|but|so)\b|;| (?:whereas|while|although)\b")
_NEVER = re.compile(r"\b(?:never|under no circumstances|in no (?:case|patient)s?|on no account)\b", re.IGNORECASE)
_NOT_RARE = re.compile(r"\bnot (?:an? |at all |so |that )?(?:uncommon|unusual|rare|infrequent)(?:ly)?\b", re.IGNORECASE)
_RARE = re.compile(
    r"\b(?:(?:very |extremely |only )?(?:rarely|seldom|hardly(?: ever)?|scarcely|barely|infrequently|uncommonly|exceptionally)|(?:a |an )?(?:very |extremely )?(?:rare|uncommon|unusual|exceptional))\b",
    re.IGNORECASE,
)
_MOSTLY_SAID = re.compile(
    r"\b(?:usual(?:ly)?|mostly|in most (?:cases|patients|people)|in (?:the )?(?:vast |great )?majority of (?:cases|patients)|most (?:patients|people|cases)(?: of)?(?: with)?|(?:the )?(?:vast |great )?majority of(?: patients| people| cases)?(?: of| with)?|nearly always|almost always|nearly all|as a rule|predominantly|generally)\b",
    re.IGNORECASE,
)
_CAN = re.compile(r"\b(?:can|may|might|could|sometimes|occasionally|possibly|at times|in some)\b", re.IGNORECASE)
# "Can" beside a denial leaves no room: "cannot", "no stroke can come from".
_IMPOSSIBLE = re.compile(
    r"\b(?:can|could)(?:n?['\u2019]t| not)\b|\b(?:no|none of|neither|nothing|nobody)\b[^,;.]*?\b(?:can|could)\b",
    re.IGNORECASE,
)
_TYPICAL = re.compile(
    r"\b(?:typical(?:ly)?|classic(?:ally)?|most (?:common|often)(?:ly)?|characteristic(?:ally)?|main(?:ly)?|chiefly|common(?:ly)?|often|frequent(?:ly)?)\b",
    re.IGNORECASE,
)
_WEAKER: tuple[tuple[Extent, re.Pattern[str]], ...] = (("mostly", _MOSTLY_SAID), ("can", _CAN), ("typical", _TYPICAL))
_WEAK = tuple(extent for extent, _ in _WEAKER)
LEADS = re.compile(
    r"^(?:(?:however|in addition|additionally|moreover|furthermore|therefore|thus|hence|importantly|notably|in general|generally|overall|in summary|in short"
    r"|also|finally|first(?:ly)?|second(?:ly)?|third(?:ly)?|for example|for instance|in practice|in contrast|by contrast|conversely|similarly|likewise|clinically"
    r"|radiographically|radiologically|on the other hand|in fact|typically|usually|as a rule|according to [^,]{3,60}|note that|it is (?:well )?(?:known|recogni[sz]ed|established|true) that"
    r"|evidence shows that|studies show that|guidelines (?:say|state) that|we know that|by definition|and|but|so|(?:please |always )?(?:remember|do not forget|don't forget|never forget|bear in mind|keep in mind) that|my understanding is that|the (?:point|truth|fact|bottom line) is(?: that)?(?=:| that)|believe it or not|(?:let me|let us|let's) (?:put it|be|say it) (?:plainly|simply|clear|this way|briefly)|ask any \w+(?=:)|take it from me|make no mistake)[,:]?\s+)+",
    re.IGNORECASE,
)
# "Yes, ..." and "The answer is: no, ...", before what is claimed.
ANSWERED = re.compile(
    r"^\W*(?:(?:the )?(?:correct |right |short )?answer(?: to (?:the|this|your) question)? is:? \W?)?(?:yes|no|sure|certainly|of course|absolutely|indeed|correct|that is (?:right|correct))(?:, (?:indeed|of course|absolutely))?[,:;] "
    r"|^\W*(?:the )?(?:correct |right |short )?answer(?: to (?:the|this|your) question)? is(?::|(?: that)?,?) ",
    re.IGNORECASE,
)
_FALSE = r"(?:not (?:true|correct|the case|right|so|supported|borne out)|untrue|false|wrong|incorrect|mistaken|unfounded|outdated|a (?:common |popular |widespread )?(?:myth|misconception|fallacy|mistake|error|misunderstanding|misbelief))"
_SAY = (
    r"(?:think|say|believe|assume|claim|suppose|teach|conclude|state|argue|suggest|expect|hold|imagine|pretend|infer)"
)
_SAID = r"(?:thought|said|believed|assumed|claimed|supposed|taught|stated|argued|suggested|expected|held|imagined)"
_WRONGLY = r"(?:wrongly|mistakenly|falsely|incorrectly|erroneously)"
_IDEA = r"(?:idea|claim|belief|view|notion|statement|teaching|assumption|myth|suggestion|opinion|impression|theory)"
# What opens a sentence that says that the rest is untrue, and what ends one.
_UNTRUE = re.compile(
    rf"^(?:it is|it's|that is|it would be|it was) (?:simply |just |quite |clearly |therefore )?{_FALSE}(?:,? (?:to {_SAY}|for anyone to {_SAY}))?,? that "
    rf"|^(?:it is|it's|it would be) (?:simply |just |quite )?(?:{_FALSE}|dangerous|misleading) to {_SAY} (?:that )?"
    rf"|^(?:there is|there's) no (?:good |real |convincing )?(?:evidence|proof|reason to {_SAY}|truth in the {_IDEA}) (?:that )"
    rf"|^(?:some|many|most|several)?(?: of)?(?: the)? ?(?:people|patients|students|doctors|authors|clinicians|trainees|readers|lay people|textbooks)? ?(?:still )?{_WRONGLY} {_SAY} (?:that )?"
    rf"|^it is (?:often |sometimes |still |widely )?{_WRONGLY} {_SAID} that "
    rf"|^(?:never|do not|don't|one (?:should|must) (?:not|never)|(?:nobody|no one|no-one) (?:should|may|can)|you (?:should|must) (?:not|never)) (?:ever )?{_SAY} (?:that )?"
    rf"|^(?:the )?(?:old |common |popular |widespread |frequent )*{_IDEA} that (?=.* is {_FALSE}$)|^that (?=.* is {_FALSE}$)",
    re.IGNORECASE,
)
_UNTRUE_AFTER = re.compile(
    rf"(?:,? (?:which|and that|but that) is| is) {_FALSE}$|,? (?:is|are) {_WRONGLY} {_SAID}$", re.IGNORECASE
)
_ALL_THE_SAME = re.compile(r"^contrary to [^,]{3,60}, ", re.IGNORECASE)
_ANAPHORA = re.compile(
    r"^(?P<poss>its|their)\b|^(?:this|that|the|these|such a) (?:condition|disease|finding|sign|disorder|illness|infection|lesion|abnormality|entity|complication|appearance|test|drug|treatment|structure|organism|device|tube|symptom)s?\b"
    r"|^(?:it|they|this|these|that|such (?:a |an )?(?:patients?|cases?|findings?))\b(?=\s+(?:is|are|can|may|might|could|will|does|do|has|have|also|often|usually|commonly"
    r"|typically|never|cannot|should|must|[a-z]+s\b|[a-z]+ [a-z]+s\b))",
    re.IGNORECASE,
)
_HAVING = re.compile(
    r"\b(?:(?:most|many|some|all|few)? ?(?:of )?(?:the )?(?:patients?|people|individuals?|persons?|those|someone|anyone|a patient|a person|adults? patients?) (?:with|who (?:has|have|suffer from|develop)|having|suffering from)"
    r"|(?:in )?(?:the )?(?:presence|setting|context|case|cases) of|an? (?:case|episode) of|(?:the )?(?:development|occurrence|formation) of(?= (?:a |an )?(?:<)))\s+",
    re.IGNORECASE,
)
_SUBSTANCE_OF = re.compile(
    r"\b(?:(?:an? |the )?(?:abnormal |excess |localized |localised |large |small )*(?:collection|accumulation|presence|build-?up|pocket|amount|pool|layer|effusion)s? of)\s+",
    re.IGNORECASE,
)
_MOSTLY = re.compile(
    r"\b(?:most (?:commonly|often|frequently)|in most cases|usually|mostly|mainly|chiefly|predominantly) (?=(?:caused|due|the result|result|from)\b)|\bin (?:most|the majority of) cases,?",
    re.IGNORECASE,
)
_SUBJECT_SHIFT = re.compile(
    r"\b(?:to|towards?|into|in the direction of) (?:the |its |that )?(?:it\b|itself|(?:same|own|empty|operated|treated|affected|abnormal|diseased|ipsilateral|collapsed|involved|missing|absent) (?:side|lung|lobe|hemithorax)|side of (?:the )?(?:lesion|collapse|effusion|pneumothorax|abnormality|<\d+>)|(?:lesion|collapse|effusion|abnormality|volume loss)\b)",
    re.IGNORECASE,
)
_AWAY_SHIFT = re.compile(
    r"\b(?:away from (?:the |its |that )?(?:it\b|itself|(?:same|own|empty|operated|treated|affected|abnormal|diseased|ipsilateral|collapsed|involved) (?:side|lung|lobe|hemithorax)|side of (?:the )?(?:lesion|collapse|effusion|pneumothorax|abnormality|<\d+>)|lesion|collapse|effusion|pneumothorax|abnormality)"
    r"|(?:to|towards?|into) (?:the )?(?:opposite|other|contralateral|normal|unaffected|healthy|good|remaining|sound|intact|uninvolved) (?:side|lung|hemithorax|<\d+>))",
    re.IGNORECASE,
)
# What a writer puts between commas without saying anything.
_BY_THE_WAY = re.compile(
    r",\s*(?:as (?:the|its) name (?:implies|suggests|says|tells)|as a rule|by and large|in short|in brief|in other words|of course|so to speak"
    r"|strictly speaking|in effect|in essence|by far|above all|in particular|for (?:instance|example)|if anything|as (?:we|you) (?:know|have seen)"
    r"|as is well known|it (?:seems|should be said|must be said)|to be (?:precise|exact|sure)|almost by definition|all things considered|as it were"
    r"|after all|in turn|as expected|as mentioned|on the whole|to put it simply|put simply|in plain words)\s*(?=,|$)",
    re.IGNORECASE,
)
ATTRIBUTED = re.compile(
    r"^(?:in|by|under|on|per|according to|following|with|as (?:defined|used) (?:in|by)) (?:the )?(?P<whose>(?:[\w/-]+ ){1,4}?)"
    r"(?:definitions?|usage|criteri(?:a|on)|classification|convention|terminology|glossary|guid(?:eline|ance)s?|recommendations?|staging|score)"
    r"(?: of)?,? (?=\w)",
    re.IGNORECASE,
)
"""Whose words they are: "In the Berlin definition, ..."; whether they are is seen by the source of the fact that decides."""
_WHO_OR_WHERE = (
    r"(?:children|infants|babies|newborns|toddlers|adults|adolescents|men|women|boys|girls|males|females|smokers|elderly|young|old(?:er)?"
    r"|left|right|upper|middle|lower|lobes?|zones?|bas[ei]s|apex|apices)"
)
_REWORDED = tuple(
    (re.compile(pattern, re.IGNORECASE), instead)
    for pattern, instead in (
        (rf"\b(?:far |much |considerably )?more (?:often|frequently|commonly|common|frequent|usual|prevalent|likely) ((?:in|on|among) [^,;]*?\b{_WHO_OR_WHERE}\b[^,;]*?) than (?:in|on|among) [^,;]+",
         r"mostly \1"),
        (r"\b(?:the |a |an )?((?:chest |plain )*(?:x-?ray|radiograph|film|cxr)) (?:is|was|looks|appears|being) (?:normal|clear|negative|unremarkable)\b",
         r"a normal \1"),
        (r"\b(?:needs?|requires?|demands?) immediate (?:treatment|attention|action|care|management|intervention)\b", "is an emergency"),
        (r"\b(is|are) (?:not )?(?:immediately |potentially |acutely )?life[- ]threatening\b", lambda m: m[0][: m[0].lower().index(" ")] + (" not" if " not " in m[0].lower() else "") + " an emergency"),
        (r"\b(?:must|should|can)(?: not|not) (?:wait|be delayed)$", "is an emergency"),
        (r"\bcan (?:safely )?(?:wait|be left)$", "is not an emergency"),
        (r"\b(?:although|even though|even if|even when|despite the fact that|in spite of the fact that|while|though) (?=a normal \w)", "despite "),
        (r"\b(?:must|should|needs? to|has to|have to) be (?:treated|acted on|dealt with|managed|drained|relieved) (?:at once|immediately|urgently|without delay|straight away|right away|promptly|as an emergency)\b", "is an emergency"),
        (r"\bcan(?:not| not) wait\b.*$", "is an emergency"),
        (r"\bcan (?:safely )?wait (?:for|until) .*$", "is not an emergency"),
        (r"\b(?:is|are) (not )?airborne\b", lambda m: ("does not spread" if m[1] else "spreads") + " by airborne transmission"),
        (r"\b(?:by|through|from) (?:breathing in|inhaling|breathing) (?:infected |contaminated )?air\b|\bthrough the air\b", "by airborne transmission"),
        (r"\b(?:by|through|in|via|with) (?:respiratory |infected |infectious |cough(?:ed)? )?droplets?(?: spread)?(?! trans)\b|\bby (?:coughs|coughing|coughing and sneezing|coughs and sneezes)\b", "by droplet transmission"),
        (r"\b(?:from (?:one )?person to (?:another(?: person)?|person)|between (?:people|persons|humans|patients)|from (?:another|one) (?:person|patient|human)(?: to another)?|from human to human|from people|from (?:someone|somebody|anyone)(?: else)?|from others)\b", "by person-to-person spread"),
        (r"\b(?:is|are) (not )?(?:contagious|infectious from person to person)\b", lambda m: ("does not spread" if m[1] else "spreads") + " by person-to-person spread"),
        (r"\bby (?:touch(?:ing)?(?: (?:contaminated|infected) (?:objects|surfaces|things|people))?|skin contact|contact|direct contact)(?! (?:with|transmission))\b", "by contact transmission"),
        (r"\b(?:gets? better|resolves?|goes? away|clears?(?: up)?|heals?|settles?|recovers?|subsides?) (?:by itself|by themselves|on its own|on their own|spontaneously|without (?:specific |any )?treatment)\b", "is self-limiting"),
        (r"\b(?:gets? worse|worsens?|progresses|advances?|deteriorates?)(?: (?:over|with) (?:time|the years)| steadily| gradually| progressively)?$", "is progressive"),
        (r"\b(?:tends? to (?:recur|come back|relapse|return)|often recurs|recurs|comes back)$", "is recurrent"),
        (r"\bcavitates?\b", "shows a cavity"),
        (r"\b(?:all )?(?:by|in|of) itself\b|\bon its own(?! side)\b|\bper se\b|\bin isolation\b|\btaken alone\b", "alone"),
        (r"\b(?:the )?(?:lower |distal |far |inner )?(?:end|tip) of (?:the|an?) (?=[\w -]{0,30}?(?:tube|line|catheter|lead|wire|drain|shunt|pump|cannula|ETT|CVC|PICC|port)\b)", "the tip of the "),
        (r"\b(?:is|are) (?:best |safely |better )?left to (?=[a-z])", "is managed by "),
        (r"\bwill not wait\b|\bbrooks? no delay\b|\bneeds? [\w ]{3,20} at once\b|\bneeds? [\w ]{3,20} without delay\b", "is an emergency"),
        (r"\b(?:from|between) (?:one )?(?:person|patient|human) to the next\b|\bfrom (?:other|another|infected|sick|ill) (?:people|persons?|patients?|humans?)\b", "by person-to-person spread"),
        (r",? (?:and )?vice versa\b", ""),
        (r",? (?:and |but )?(?:never|not) (?:the (?:other way (?:a)?round|reverse|opposite)|vice versa)\b", ""),
        (r"^[^,]{3,40}, (?:that is(?: to say)?|i\.e\.|namely),? ([^,]{3,40}),(?= (?:is|are|can|may|should|must|needs?|has|have|causes?|shows?)\b)", r"\1"),
        (r"\b(?:is|are) anticoagulated\b", "is treated with anticoagulation"),
        (r"\b(upper|lower) ones\b", r"\1 zones"),
        (r"\b((?:one|two|three|four|five) (lobes|fissures|segments)\b.*?\b(?:and|while|whereas|but)\b.*?\b(?:one|two|three|four|five))\b(?! \w*(?:lobes?|fissures?|segments?)\b)", r"\1 \2"),
        (r"(\blung\b.*\b(?:and|while|whereas|but)\b.*\bthe (?:left|right))(?= (?:has|have|contains|only)\b|$)", r"\1 lung"),
        (r"\b(right|left)-hand\b", r"\1"),
        (r"^(?:it|that) is (?:fine|acceptable|ok|okay|safe|all right|alright|correct|right|enough) to (?:leave|place|put|have|position|park|keep) (the (?:tip|end) of .{3,60}?) (in|at|within)\b", r"\1 should lie \2"),
        (r"^(?:it|that) is (?:fine|acceptable|ok|okay|safe|all right|alright|correct|right) for (.{3,80}?) to (lie|be|sit|end|terminate|rest)\b", r"\1 should \2"),
        (r"\b(?:has|have) (never |not |always |often |long )?been (?=an? |the |one |known|used|called|linked|associated|shown)", r"is \1"),
        (r"\b(managed|treated|handled) conservatively\b", "treated by conservative management"),
        (r"\b(?:conservative treatment|watchful waiting|observation alone)\b", "conservative management"),
        (r"\b(?:favou?rs?|promotes?|encourages?) the (?:development|occurrence|growth|formation) of\b", "increases the risk of"),
        (r"\b(?:inhaling|breathing in) (?:the )?(?!(?:is|are|and|or|of|deeply|can|may)\\b)(?=[a-z])", "inhalation of "),
        (r"\bspores from the (?:environment|soil|air)\b", "environmental spores"),
        (r"^(?:the )?(?:pleural )?fluid (?:of|in) (?:an? |the )?(?=\w+ ?\w* (?:is|are|consists?)\b)", ""),
        (r"\b(?<!left )(?<!right )(upper|lower) lobes\b", r"\1 zones"),
        (r"\b(?:from|by|through) (?:infected |the bite of )?ticks\b", "by tick bite"),
        (r"(?<!skull )\b(?:(?:lung|both) )?bases\b", "lung bases"),
        (r"\b(should|must) never\b(?= (?:be|receive|get|have|undergo|take)\b)", r"\1 not"),
        (r"\bthe right (choice|treatment|drug|place|position|test|spot|answer)\b", r"the correct \1"),
        (r"\b(?:to|on) the (left|right) of the (?:midline|spine|body)\b", r"on the \1 side"),
        (r"\bneither (.{3,60}?) nor (.{3,60}?) ((?:can|may|is|are)? ?(?!and\b)[a-z]+)\b", r"\1 and \2 do not \3"),
        (r"\bone of (?:the |its |several |many )?(?:\w+ )?(?=causes?\b|signs?\b|symptoms?\b|complications?\b)", "a "),
        (r"\b(?:is|are) (?:an? |normally |usually )*(right|left)-sided(?: (?:structures?|organs?|vessels?|bones?))?(?=$|[.,])", r"is on the \1 side"),
        (r"\bamong the (?=causes|symptoms|signs|complications|risk factors|features)", "the "),
    )
)  # fmt: skip
_HEAD = re.compile(
    r"^(<\d+>) (NOT )?is (?:(?:[a-z-]+|<\d+>) ){0,3}?(?:investigation|method|modality|scan|study|procedure|technique|agent|medicine|germ|parasite|view|projection|film|remedy|infection|disease|condition|disorder|illness|cancer|tumor|tumour"
    r"|syndrome|opacity|sign|structure|device|tube|drug|test|complication|inflammation|pneumonia|organism|bacterium|virus"
    r"|fungus|abnormality|process) (?:which |who )?"
    r"(?:(?=caused|due|spread\b|transmitted|treated|seen|found|located|produced|confirmed|prevented)|(?P<verb>(?=(?:"
    + "|".join(sorted(VERB_STARTS, key=len, reverse=True))
    + r")\b)))"
)
_MARKS = frozenset({"NOT", "SHOULDNOT", "MOSTLY", "TOSHIFT", "AWAYSHIFT"})


@dataclass(frozen=True, slots=True)
class Line:
    """The sentence as the wordings see it. `weakened`: mentions before which "may", "usually" or "typically" stands."""

    text: str
    tail: str
    mentions: tuple[Mention, ...]
    quantities: tuple[Quantity, ...]
    quantity_words: tuple[tuple[str, ...], ...]
    extent: Extent
    modified: Mapping[int, tuple[int, ...]]
    weakened: Mapping[int, Extent] = field(default_factory=dict)

    def of(self, clause: str, clauses: Sequence[str]) -> "Line":
        """The line as one of several clauses sees it: what "may" weakens in another one is not weakened in this."""
        if self.extent == "never" and len(clauses) > 1 and not {"NOT", "SHOULDNOT"} & {*clause.split()}:
            return replace(self, extent="")
        if self.extent not in _WEAK or len(clauses) < 2:
            return self
        here, elsewhere = (
            {self._host(int(n)) for n in re.findall(r"<(\d+)>", text)}
            for text in (clause, " ".join(other for other in clauses if other != clause))
        )
        said = [e for n, e in self.weakened.items() if (host := self._host(n)) in here or host not in elsewhere]
        return replace(self, extent=min(said, key=_WEAK.index, default=""))

    def _host(self, mention: int) -> int:
        """The mention that it was taken into as an adjective, or itself."""
        return next((host for host, taken in self.modified.items() if mention in taken), mention)


def reworded(text: str) -> str:
    """The text with a few turns of phrase in the words that the wordings know."""
    text = ATTRIBUTED.sub("", _BY_THE_WAY.sub("", text))
    for pattern, instead in _REWORDED:
        text = pattern.sub(instead, text)
    return text


def said_to_be_untrue(text: str) -> tuple[str, bool]:
    """The text without "it is a myth that", and whether it opened so."""
    text = _ALL_THE_SAME.sub("", text)
    found = _UNTRUE.match(text)
    if found:
        rest = text[found.end() :]
        return _UNTRUE_AFTER.sub("", rest), True
    after = re.search(rf", which is {_FALSE}$", text, re.IGNORECASE)
    return (text[: after.start()], True) if after else (text, False)


def parted(text: str, mentions: Sequence[Mention], linker: Linker) -> tuple[Mention, ...]:
    """After the first, "fluid in the pleural space" is a substance and a place, not the name of an effusion."""
    out: list[Mention] = []
    for mention in mentions:
        found = (
            re.match(r"(\w+) (?:in|within|inside|into|around|under|outside|beneath|between|behind) ", mention.text)
            if out
            else None
        )
        first = linker.link(found[1], values=True) if found else ()
        if found and first and first[0].concept in SUBSTANCES:
            rest = linker.link(mention.text[found.end() :], values=True)
            out += [_at(first[0], mention.start), *(_at(m, mention.start + found.end()) for m in rest)]
        else:
            out.append(mention)
    return tuple(out)


def _at(mention: Mention, offset: int) -> Mention:
    return replace(mention, start=mention.start + offset, end=mention.end + offset)


def resolve(text: str, before: Mention | None) -> tuple[str, Mention | None]:
    """The text with a leading "it" replaced by what the previous sentence was about."""
    found = _ANAPHORA.match(text)
    if found is None or before is None:
        return text, None
    name = before.name + ("'s" if found["poss"] else "")
    if found["poss"]:
        rest = text[found.end() :].strip()
        head = re.match(r"(?:[\w-]+ ){0,2}?[\w-]+(?= (?:is|are|include|includes|can|may)\b)", rest)
        if head:
            return f"{head[0]} of {before.name}{rest[head.end() :]}", before
    return name + text[found.end() :], before


def line_of(text: str, mentions: Sequence[Mention]) -> Line:
    """The line of a sentence with these mentions."""
    stated = [s for s in numbers.find(text) if not any(m.start <= s.start < m.end for m in mentions)]
    kept = [m for m in mentions if not any(s.start < m.end and m.start < s.end for s in stated)]
    out, at = "", 0
    pieces = sorted(
        [(m.start + _preposition(m), m.end, f"<{i}>{own_negation(m)}") for i, m in enumerate(kept)]
        + [(s.start, s.end, f"#{i}") for i, s in enumerate(stated)]
    )
    for start, end, mark in pieces:
        out += text[at:start] + mark
        at = end
    out += text[at:]
    weakened = _weakened(out)
    extent, out = _extent(out)
    out, tail = _aside(out, kept)
    out, modified = _absorb(_without_nouns(_without_asides(_plain(out, kept)), kept), kept)
    out = turned(out)
    words = tuple(phrase(text[s.start : s.end]) for s in stated)
    return Line(out, _plain(tail), tuple(kept), tuple(s.quantity for s in stated), words, extent, modified, weakened)


_SHORT = 4
_SAID_ASIDE = re.compile(r"(?<=>), ?((?:[a-z'-]+ ?){1,5}), ?(?=[A-Za-z])")
_TELLS_WHAT = re.compile(r">\s*, ?(?:an?|the|caught|with|from) ([^,<>]+),")
_ASIDE_TURNS = TURNING - frozenset("unlike too enough alone however like".split())


def _without_asides(line: str) -> str:
    """The line without words between commas that name nothing: "<0>, oddly enough, cause <1>"."""

    def take(found: re.Match[str]) -> str:
        words = found[1].split()
        kept = _ASIDE_TURNS & {*words} or words[0] in VERB_STARTS | {
            "and",
            "or",
            "who",
            "which",
            "whose",
            "where",
            "when",
        }
        return found[0] if kept else " "

    return _SAID_ASIDE.sub(take, line)


def _without_long_asides(text: str) -> str:
    """The text, of the same length, with blanks for what stands behind its first mention, between signs and names nothing."""
    out, named = "", False
    for part in re.split(r"([,;:()\u2013\u2014])", text):
        aside = named and not re.search(r"[<#]\d", part) and len(part.split()) > _SHORT
        named = named or "<" in part
        out += " " * len(part) if aside else part
    return out


def tells_by_the_way(text: str, mentions: Sequence[Mention]) -> bool:
    """Whether an aside that names nothing tells what a thing is: "asthma, an infection, ..."."""
    out, at = "", 0
    for mention in sorted(mentions, key=lambda m: m.start):
        if mention.start >= at:
            out, at = f"{out}{text[at : mention.start]}<>", mention.end
    words = " ".join(found[1] for found in _TELLS_WHAT.finditer((out + text[at:]).lower())).split()
    return any(word not in TOLERATED | ARTICLES and not is_harmless(word) for word in words)


def own_negation(mention: Mention) -> str:
    """The "not" inside a name said as a predicate: "the trachea is not deviated"."""
    return " not" if re.search(r"\bnot\b", mention.text, re.IGNORECASE) else ""


def _preposition(mention: Mention) -> int:
    """The length of "on the", which a value such as "on the left" was listed with."""
    found = re.match(r"(?:on|in|to|at) (?:the )?", mention.text, re.IGNORECASE) if mention.category == "value" else None
    return found.end() if found and mention.concept not in SHIFTS else 0


def _aside(text: str, mentions: Sequence[Mention]) -> tuple[str, str]:
    """The text without what stands in brackets, and that; an abbreviation of the concept before it is dropped."""
    tail = []

    def take(found: re.Match[str]) -> str:
        marks = re.fullmatch(r"<(\d+)> ?\(<(\d+)>", f"{found['before']}({found['inside']}")
        if not (marks and mentions[int(marks[1])].concept == mentions[int(marks[2])].concept):
            tail.append(found["inside"])
        return found["before"]

    return re.sub(r"(?P<before>(?:<\d+> ?)?)[(\[](?P<inside>[^()\[\]]*)[)\]]", take, text), " ".join(tail)


def _extent(text: str) -> tuple[Extent, str]:
    """How much a text claims, and the text without the words that say so."""
    return ("typical", _NOT_RARE.sub("", text)) if _NOT_RARE.search(text) else _extent_of(text)


def _extent_of(text: str) -> tuple[Extent, str]:
    if re.match(r"most <\d", text, re.IGNORECASE):
        return "mostly", text[len("most ") :]
    if _NOT_ALWAYS.search(text):
        return "not_always", _NOT_ALWAYS.sub(lambda m: (m["aux"] or "not").lower(), text)
    if _NEVER.search(text):
        return "never", _NEVER.sub("never", text)
    if _RARE.search(text):
        return "rare", _RARE.sub("", text)
    if _ALWAYS.search(_FURTHER.split(_without_long_asides(text))[0]) and not re.search(
        r"\b(?:almost|nearly) always\b", text, re.IGNORECASE
    ):
        return "always", _ALWAYS.sub("", text)
    if _ONLY.search(text) and not _ONLY_THIS.search(text):
        return "only", _ONLY.sub("", text)
    if _EVERY.search(text):
        return "always", _EVERY.sub("", text)
    weakened = _IMPOSSIBLE.sub("", _without_long_asides(text))
    for extent, pattern in _WEAKER:
        if pattern.search(weakened):
            return extent, text
    return "", text


def _weakened(text: str) -> dict[int, Extent]:
    """For each word of `_WEAKER` the mention that it stands before, or the last one before it; the stronger word wins."""
    marks = [(m.start(), int(m[1])) for m in re.finditer(r"<(\d+)>", text)]
    text = _IMPOSSIBLE.sub(lambda m: " " * len(m[0]), _without_long_asides(text))
    found: dict[int, Extent] = {}
    for extent, pattern in _WEAKER:
        for said in pattern.finditer(text) if marks else ():
            found.setdefault(next((n for at, n in marks if at >= said.end()), marks[-1][1]), extent)
    return found


_MOVES = re.compile(r"\b(?:shift|push|pull|displac|deviat|mov|draw)\w*", re.IGNORECASE)


def _plain(text: str, mentions: Sequence[Mention] = ()) -> str:
    """Lower case, base forms, negation as NOT, no articles, no adverbs."""
    text = _AWAY_SHIFT.sub("AWAYSHIFT", text)
    text = _SUBJECT_SHIFT.sub("TOSHIFT", text)
    if _MOVES.search(text):
        text = re.sub(r"\baway(?: from)? (?:by )?(?:an? |the )?(?=<\d+>)|\baway$", "AWAYSHIFT ", text)
        text = re.sub(r"\b(?:towards?|to) (?:an? |the )?(?=<\d+>)", "TOSHIFT ", text)
    text = re.sub(
        r"\bcaused (?:mainly|mostly|chiefly|predominantly|primarily|most often|most commonly) by\b",
        "MOSTLY caused by",
        text,
    )
    text = _MOSTLY.sub("MOSTLY ", text)
    text = _SUBSTANCE_OF.sub("", text)
    text = _HAVING.sub(" ", text).strip()
    text = re.sub(
        r"^no (?=<\d+>.*\b(?:causes?|rules? out|excludes?|confirms?|leads?|treats?|establish(?:es)?|proves?|guarantees?|prevents?|cures?)\b)",
        "NOT ",
        text,
        flags=re.IGNORECASE,
    )
    text = re.sub(r"\b(?:is|are|was|were) not\b|\b(?:is|are|was|were)n't\b", "NOT is", text, flags=re.IGNORECASE)
    text = re.sub(r"\b(?:should|must)(?: not|n't)\b", "SHOULDNOT", text, flags=re.IGNORECASE)
    text = re.sub(r"\bseparates? (.{3,40}?) from\b", r"separate \1 and", text, flags=re.IGNORECASE)
    text = _NEGATIONS.sub("NOT", text)
    words = re.findall(r"<\d+>|#\d+|SHOULDNOT|NOT|MOSTLY|TOSHIFT|AWAYSHIFT|[\w/'’%-]+|[,;:]", text)
    out = []
    for word in words:
        low = word if word in _MARKS else word.lower()
        low = BASE_FORM.get(low, low)
        if low not in ARTICLES and low not in DROPPED:
            out.append(low)
    line = re.sub(r"\s+([,;:])", r"\1", " ".join(out))
    line = _HEAD.sub(partial(_without_head, mentions=mentions), line)
    line = re.sub(r"^NOT (<\d+>(?:,? (?:and|or) <\d+>)*) (is )?", lambda m: f"{m[1]} NOT {m[2] or ''}", line)
    return re.sub(r"\b(?:be|is) (?=is\b|be\b)|^there (?=is\b)", "", line)


def _without_head(found: re.Match[str], mentions: Sequence[Mention]) -> str:
    """Of "A is a useful test which shows" just A; a concept said there stays as a circumstance, an adjective of weight as it is."""
    if WEIGHTY & set(found[0].split()):
        return found[0]
    named = [int(n) for n in re.findall(r"<(\d+)>", found[0][len(found[1]) :])]
    beside = "".join(f" of <{n}>" for n in named if mentions[n].concept not in {"lung", "chest"})
    return f"{found[1]}{beside} {found[2] or ''}{'is ' if found['verb'] is None else ''}"


def _two_adjectives(line: str, mentions: Sequence[Mention], modified: dict[int, tuple[int, ...]]) -> str:
    """Of "basal and subpleural <0>": two values of one thing; but "right and left <0>" are two things."""

    def take(found: re.Match[str]) -> str:
        one, two, thing = int(found[1]), int(found[2]), int(found[3])
        both = {mentions[one].concept, mentions[two].concept}
        if not both <= SPREAD or mentions[thing].category in {"value", "anatomy"}:
            return found[0]
        modified[thing] = (one, two)
        return f"<{thing}>"

    return re.sub(r"<(\d+)>,? (?:and )?<(\d+)> <(\d+)>", take, line)


_SHADOW = frozenset({"lung_opacity", "lucency"})
_PLAIN_NOUN = re.compile(r"(?<=>) (?:area|region|shadow|density|structure|patch|zone|mass|lesion|tumou?r)s?\b")


def _without_nouns(line: str, mentions: Sequence[Mention]) -> str:
    """Of "<sign> opacities" the sign, of "<value> area" the value: the noun names nothing further."""
    line = re.sub(
        r"<(\d+)> <(\d+)>",
        lambda m: (
            f"<{m[1]}>" if mentions[int(m[2])].concept in _SHADOW and mentions[int(m[1])].category == "sign" else m[0]
        ),
        line,
    )
    return re.sub(
        r"<(\d+)>( \w+)?",
        lambda m: (
            f"<{m[1]}>"
            if m[2] and _PLAIN_NOUN.fullmatch(f">{m[2]}", 1) and mentions[int(m[1])].category == "value"
            else m[0]
        ),
        line,
    )


def _absorb(line: str, mentions: Sequence[Mention]) -> tuple[str, dict[int, tuple[int, ...]]]:
    """Takes adjectives that are concepts of their own ("left <0>", "chronic <0>") into the concept they stand before."""
    modified: dict[int, tuple[int, ...]] = {}
    pattern = re.compile(r"<(\d+)> <(\d+)>")
    line = _two_adjectives(line, mentions, modified)
    while True:
        found = next(
            (
                m
                for m in pattern.finditer(line)
                if mentions[int(m[1])].category in {"value", "anatomy", "population", "technique"}
                and not (mentions[int(m[1])].category == "technique" and line[: m.start()] == "on ")
            ),
            None,
        )
        if found is None:
            return line, modified
        first, second = int(found[1]), int(found[2])
        modified[second] = (*modified.pop(first, ()), first, *modified.get(second, ()))
        line = line[: found.start()] + f"<{second}>" + line[found.end() :]
