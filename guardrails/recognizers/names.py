"""Names of people: after titles, labels, relations and greetings, before credentials, and by the lists. Knows no layout.

An eponym alone is a clinical term ("Hodgkin lymphoma"); after a title it is a person ("Dr Hodgkin").
"""
# ruff: noqa: E501 - one rule or one list stays on one line

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from guardrails.recognizers.base import Certainty, Cover, Found
from guardrails.recognizers.lexicon import Kind, Lexicon, fold
from guardrails.recognizers.view import Token, View
from guardrails.types import PhiType

_TITLES = frozenset("dr mr mrs ms mx prof professor doctor docter miss sir dame madam rev reverend fr father sister brother nurse capt captain sgt lt col shri smt kumari sri sardar herr frau fräulein monsieur mme madame mlle señor senor señora senora sra srta don doña dra dott dottor sig signor signora dhr mevr mevrouw mister missus matron pastor rabbi imam judge hon drs haji hajji ustad pandit".split())  # fmt: skip
_RELATIONS = frozenset("wife husband spouse partner daughter son mother father mum mom dad brother sister aunt uncle niece nephew cousin grandmother grandfather grandson granddaughter friend neighbour neighbor carer caregiver boyfriend girlfriend".split())  # fmt: skip
_SPOKEN_TITLES = frozenset("doctor dr mister mr mrs missus professor prof".split())
SURE_TITLES = frozenset("dr mr mrs prof mx mister professor shri smt mme mlle mevr dhr dott dra".split())
_WEAK = frozenset("patient pt client resident wife husband spouse partner daughter son mother father mum mom dad brother sister aunt uncle niece nephew cousin grandmother grandfather grandson granddaughter grandma grandpa friend neighbour neighbor carer caregiver guardian boyfriend girlfriend fiancé fiancée fiance fiancee roommate mother-in-law colleague nurse technologist tech radiographer sonographer registrar consultant interpreter surgeon radiologist physician pharmacist midwife therapist resident fellow sho intern teacher baby infant child student".split())  # fmt: skip
_CUE = re.compile(
    r"(?:\b(?:(?:electronically |e-?)?(?:signed|dictated|transcribed|reported|read|reviewed|verified|approved|authored|interpreted|performed|requested|ordered|referred|seen|assessed|examined|accompanied|brought in|discussed|typed|prepared|witnessed|consented|scanned|imaged|entered|validated|co-?signed|attended|faxed|called|notified|informed|spoken|spoke|checked|escalated|handed over|booked|countersigned|supervised|operated|assisted|administered|documented|completed|acknowledged|emailed|paged|communicated(?: to)?|discussed)(?: off)? (?:by|with|to)"
    r"|(?:this is|it'?s|its|i'?m|i am|my name is|name is|name'?s|named|called|known as|a\.?k\.?a\.?|alias|née|nee|formerly|here is|here'?s|speaking is|speaking with|says|thanks|thank you|thx|ty|cheers|regards|sincerely|best|yours|love|hi|hello|hey|dear|morning|afternoon|evening|attn|attention|signed|care of|on behalf of|under|per|ask|tell|told|contact|call|page|ping|cc|from|with|for|regarding|re|about|and|of)"
    r"|[sdwmf]/o|c/o|h/o)\b[\s:,.!-]{1,4})",
    re.IGNORECASE,
)
_STRONG_CUE = re.compile(
    r"(?i)(?:.* (?:by)|this is|it'?s|its|my name is|name is|name'?s|named|known as|a\.?k\.?a\.?|alias|née|nee|dear|[sdwmf]/o|hi|hello|hey|attn|attention)$"
)
_LABEL = re.compile(
    r"\b(?:(?P<sure>(?:patient'?s?|pt'?s?|full|legal|preferred|sur|last|first|fore|given|family|middle|maiden|mother'?s(?: maiden)?|father'?s|spouse'?s|husband'?s|guardian'?s|(?:referring|ordering|requesting|attending|performing|admitting|reading)(?: physician'?s?| doctor'?s?| provider'?s?)|physician'?s?|operator'?s?'?|insured'?s?|subscriber'?s?|policy ?holder'?s?|contact|nok|relative|other patient) ?_?na(?:m|rn)es?(?: \((?:last|first|surname)[^)]{0,20}\))?|patientname|na[mr]n?e(?: of (?:the )?(?:patient|physician|doctor|mother|father|spouse|next of kin|carer|insured))?|surname|forenames?"
    r"|next[ -]of[ -]kin|n\.?o\.?k\.?|emergency contact|referring(?: physician| doctor| dr\.?| md| provider| consultant| gp)?|referrer|ref(?:erring)?\.? ?(?:phys\.?|md|dr)\.?|ordering (?:physician|provider|md|doctor)|(?:requesting|attending|performing|admitting|consulting|primary care|reading|interpreting|supervising|operating|treating|responsible|family)(?: (?:physician|doctor|provider|clinician|md|surgeon|radiologist|consultant))|requested by|attending|dictated by|transcribed by|(?:electronically |digitally )?signed(?: by)?|verified by|reported by|read by|reviewed by|approved by|authori[sz]ed by|performed by|author|radiologist|technologist|radiographer|operator|physician|consultant|surgeon|registrar|resident|sonographer|reporter|reader|guarantor|policy ?holder|insured|subscriber|guardian|interpreter|witness|informant|spouse|case ?manager|social worker|pcp|gp|anaesthetist|anesthesiologist|clinician|provider|doctor|dr|assistant|scribe|caller)"
    r"|(?P<weak>patient|pt|client|to|from|cc|attn|attention|re|dear|mother|father|wife|husband|son|daughter|sister|brother|partner|carer|caregiver|nurse|rn|np|tech|student|teacher|contact|sender|recipient|staff|assigned(?: to)?|discussed with|informed|notified|by|who|user|member|subject|initials|baby))"
    r"(?:\s?\(s\))?\s{0,3}(?:[:=>\[|]|\bis\b|\s-\s)[\s\[\"'=>(:]{0,6}",
    re.IGNORECASE,
)
_SPOKEN_LABEL = re.compile(r"\b(?:patient'?s? name(?: is)?|name of (?:the )?patient(?: is)?|patient|pt|referring (?:physician|doctor|provider)(?: is)?|attending(?: physician)?(?: is)?|next of kin(?: is)?|surname|first name|last name|given name|family name|dictating (?:on|for)|dictation (?:on|for)|report (?:on|for)|study (?:on|for|of)|dictated by|re|regarding)\s+(?!\d)", re.I)  # fmt: skip
_PERSON_REVERSED = re.compile(
    r"\b(?i:(?:patient|pt|client)(?:'?s)?(?:[ _]?name)?|(?:full |legal )?name|next of kin|n\.?o\.?k\.?)\s{0,2}[:=]\s{0,6}"
    r"(?P<family>[^\W\d_a-z][\w'’-]{1,24}),[ \t]?(?P<given>[^\W\d_a-z][\w'’-]{1,20})(?:[ ][A-Z]\b\.?)?(?!\w)"
)
DEGREES = frozenset("md mbbs mbchb mbbch bch frcr frcp frcs mrcp mrcs frcpc frcpath frca frcem franzcr facr rn phd aprn dnp fnp bsn msn pharmd dds dmd faap facp facs facc fccp msc crna arnp rrt lcsw mph dnb mrcgp mrcpch frcgp frcpch frcog mrcog frcpath fracp franzca fcps fwacp fwacs fmcp fcrad dmrd dtcd rhia rhit rdms rdcs rvt ccrn cnmt dabr ffrrcsi facem ficm fcicm".split())  # fmt: skip
"""What stands behind a name, and is nobody's."""
_CREDENTIAL = DEGREES | frozenset("do mb np pa-c pac pa rt rtr rra lpn cna dpm esq jr sr ii iii mba cnp rcp pt ot slp msw md-phd ms mch".split())  # fmt: skip
_PARTICLES = frozenset("van de der den von al bin ibn bint el da dos das do di del della la le du ter ten st mac mc o ap abu abd ul ur uz e y zu zum af av na ben bat dela los las".split())  # fmt: skip
_NEVER = frozenset(
    """a an the and or but if is was were are be been being has have had do does did will would shall should can could may might must not no nor so to of in on at by for from with
    without as into over under out up down off this that these those it its he she they we you i me him her his hers their our your my who whom whose which what when where why how
    all any some each every both either neither one two three four five six seven eight nine ten none more most less least very too also just only then than there here now today tomorrow
    yesterday tonight please thanks thank regards sincerely dear hi hello hey ok okay yes yeah sure well good morning afternoon evening night sir madam team everyone folks colleague colleagues doctor
    dob mrn sex age male female id name date patient pt ssn phone tel fax address acc accession account exam study history indication findings impression comparison technique dr mr mrs ms prof miss
    reports report reported presents presented presenting denies denied states stated complains complained says said seen admitted discharged referred requested dictated signed reviewed
    came come comes went goes go has taken given started stopped continues continued called calls call lives living born works worked needs need wants want see saw sees looks look feels felt
    nurse sister brother mother father wife husband son daughter mum mom dad family friend year years month months week weeks day days old hour hours ago
    chest lung heart pain cough film xray ct mri cxr ward room bed clinic hospital department emergency radiology medical medicine record number unit center centre service services
    normal stable acute chronic left right upper lower lobe bilateral mild severe new prior previous unchanged there's it's per via re cc attn note notes still again because since until while during after before about
    him her them us referring ordering attending physician consultant surgeon radiologist technologist provider gp pcp er ed icu statement electronically verified transcribed status final preliminary
    monday tuesday wednesday thursday friday saturday sunday january february march april june july august september october november december""".split()
)  # fmt: skip
_HARD_HEADS = frozenset("sign syndrome disease lymphoma criteria classification score tumor tumour sarcoma granulomatosis vasculitis arteritis thyroiditis node nodes hernia fracture procedure catheter catheters tube line lines hump triad tetralogy disorder stage grade scale phenomenon reflex palsy murmur angina contracture esophagus oesophagus maneuver manoeuvre method position staging sulcus sheath wire clip curvature device occluder aneurysm fissure triangle foramen ligament duct canal flap diverticulum cyst nodules units esophagectomy oesophagectomy fundoplication filter virus bacillus anomaly deformity malformation operation incision guidelines respiration respirations monitor ganglion mutation carcinoma stain virus".split())  # fmt: skip
_FOREIGN = re.compile(
    r"[\u0370-\u03ff\u0400-\u1dff\u1f00-\u1fff\u2c00-\ud7ff\uf900-\ufdff\ufe70-\ufefc\U00010000-\U0001efff\U00020000-\U0003ffff]"
    r"(?:[\s'\-·.,،]{0,2}[\u0370-\u03ff\u0400-\u1dff\u1f00-\u1fff\u2c00-\ud7ff\uf900-\ufdff\ufe70-\ufefc\U00010000-\U0001efff\U00020000-\U0003ffff])+"
)
_CARET = re.compile(
    r"(?<![\w^|])([^\W\d_][\w'’ .-]{0,40}(?:\^[\w'’ .-]{0,40}){1,4})(?![\w^])|\b([^\W\d_][\w'’-]{1,30}\^[^\W\d_][\w'’-]{0,30})"
)
_SPACED = re.compile(r"(?<!\w)(?:[A-Z] ){3,}[A-Z](?!\w)")
_DOSE = re.compile(r"['’]?s?\s+\d+(?:\.\d+)?\s?(?:mg|mcg|g|ml|units?|iu|puffs?|%)", re.I)


_REPORTING = frozenset("report reported reports study studies exam examined view views patient patients doctor nurse stable normal unchanged improved improving worsening worsened resolved chest clinical comparison history technique findings impression admitted referring resident consultant radiologist surgeon female woman outpatient intubated extubated afebrile febrile febrile asymptomatic coughing vomiting tender dyspneic".split())  # fmt: skip


@dataclass(slots=True)
class Reading:
    """One view under the lists: tokens, their kinds, and what is a name so far."""

    view: View
    lexicon: Lexicon
    cover: Cover
    tokens: list[Token]
    kinds: list[Kind]
    shielded: frozenset[int]
    taken: dict[int, int] = field(default_factory=dict)  # first token -> one past the last
    sure: set[int] = field(default_factory=set)

    def gap(self, index: int) -> str:
        """What stands between a token and the next one."""
        if index + 1 >= len(self.tokens):
            return "\0"
        return self.view.text[self.tokens[index].end : self.tokens[index + 1].start]

    def at(self, offset: int) -> int:
        """The first token that begins at `offset` or later."""
        return bisect_left(self.tokens, offset, key=lambda token: token.start)

    def alpha(self, index: int) -> bool:
        """Whether the token is a word, a digit or two misread by OCR allowed."""
        text = self.tokens[index].text
        digits = sum(c.isdigit() for c in text)
        return digits == 0 or (
            digits <= 2 and len(text) - digits >= 2 and text[0].isalpha() and not text[-2:].isdigit()
        )

    def titled(self, index: int) -> bool:
        """A capital, then small letters."""
        text = self.tokens[index].text
        return text[0].isupper() and not (len(text) > 1 and text.isupper())

    def upper(self, index: int) -> bool:
        """More than one letter, all capitals."""
        return self.tokens[index].text.isupper() and len(self.tokens[index].text) > 1

    def initial(self, index: int) -> bool:
        """One letter."""
        return len(self.tokens[index].text) == 1 and self.tokens[index].text.isalpha()

    def starts_sentence(self, index: int) -> bool:
        """The token is the first of a sentence or line."""
        if index == 0:
            return True
        between = self.gap(index - 1)
        return bool(re.search(r"[.!?:;\n\r•*>-]\s*$", between)) and not self.initial(index - 1)

    def shouting(self, index: int) -> bool:
        """The line around a token is written in capitals throughout."""
        start = self.view.text.rfind("\n", 0, self.tokens[index].start) + 1
        stop = self.view.text.find("\n", self.tokens[index].end)
        line = self.view.text[start : stop if stop >= 0 else len(self.view.text)][:400]
        return sum(c.isupper() for c in line) > 3 * sum(c.islower() for c in line)

    def headed(self, index: int) -> bool:
        """The next word makes an eponym of this one."""
        following = index + 1
        if following >= len(self.tokens) or not re.fullmatch(r"['’]?s?[\s-]{1,2}", self.gap(index)):
            return False
        word = self.tokens[following].lower
        hard = word in _HARD_HEADS or self._clinical_noun(following)
        return hard or (
            word in self.lexicon.eponym_heads
            and fold(self.tokens[index].text.removesuffix("'s")) in self.lexicon.eponyms
        )

    def _clinical_noun(self, index: int) -> bool:
        """A lower-case clinical word that is no word of reporting, right after one capitalised word."""
        alone = (
            index < 2 or not re.fullmatch(r"[ ]", self.gap(index - 2)) or not self.tokens[index - 2].text[0].isupper()
        )
        return (
            alone
            and self.kinds[index] is Kind.CLINICAL
            and self.tokens[index].text.islower()
            and self.tokens[index - 1].text[0].isupper()
            and len(self.tokens[index].text) > 4
            and self.tokens[index].lower not in _REPORTING
        )

    def take(self, first: int, last: int, sure: bool = False) -> None:
        """These tokens are a name; `sure` ones overrule earlier finds."""
        self.taken[first] = max(last, self.taken.get(first, 0))
        if sure:
            self.sure.update(range(first, last))


_JOIN = re.compile(r"[ \t]{1,3}|-|\.[ \t]{0,2}|['’`]|,[ \t]?|\n[ \t]*|[ \t]{0,2}\r?\n[ \t]*|\^")


def _joins(gap: str, after_initial: bool, comma: bool) -> bool:
    if gap.startswith("."):
        return after_initial and bool(_JOIN.fullmatch(gap))
    if gap.startswith(","):
        return comma and bool(_JOIN.fullmatch(gap))
    return bool(re.fullmatch(r"[ \t]{1,3}|-|['’`]|\^", gap))


def _before_a_name(r: Reading, index: int) -> bool:
    """Of "Will", "May" and the like: a capital, and an unmistakable name follows."""
    following = index + 1
    return (
        following < len(r.tokens)
        and r.gap(index) == " "
        and r.kinds[following] is Kind.NAME
        and not r.tokens[index].text.islower()
        and r.tokens[following].text[0].isupper()
    )


def _before_a_listed_name(r: Reading, index: int) -> bool:
    """Of "mark fernandez" in dictation: a listed given name, and the next word is no English word."""
    following = index + 1
    if following >= len(r.tokens) or r.gap(index) != " " or fold(r.tokens[index].text) not in r.lexicon.near:
        return False
    kind, word = r.kinds[following], r.tokens[following]
    unknown = kind is Kind.UNKNOWN and len(word.text) > 3 and not r.lexicon.misread(word.text) and word.text.isalpha()
    return (kind in (Kind.NAME, Kind.CAPITAL) or unknown) and word.lower not in _NEVER


_AS_LETTERS = str.maketrans("015", "ols")


def _fits(r: Reading, index: int, sure: bool, first: bool) -> bool:
    """Whether a token can be a part of a name at this place."""
    token, kind = r.tokens[index], r.kinds[index]
    if not r.alpha(index):
        return False
    if token.lower.translate(_AS_LETTERS) in _NEVER:
        return kind is Kind.EITHER and (
            _before_a_name(r, index) or (first and not sure and _before_a_listed_name(r, index))
        )
    if kind in (Kind.NAME, Kind.CAPITAL):
        return True
    if kind is Kind.CLINICAL:
        return sure and first and r.titled(index) and not r.headed(index)
    if kind is Kind.UNKNOWN:
        return len(token.text) > 1 and (sure or not r.lexicon.misread(token.text))
    if token.text.islower():
        if first and not sure:
            return kind is Kind.EITHER and _before_a_listed_name(r, index)
        return kind is Kind.EITHER and len(token.text) > 2 and token.lower not in _VERBISH
    if kind is Kind.EITHER:
        return True
    if (
        kind is Kind.WORD
        and not first
        and r.titled(index)
        and r.kinds[index - 1] is Kind.NAME
        and r.gap(index - 1) == " "
        and r.titled(index - 1)
    ):
        return (
            not r.starts_sentence(index)
            and ":" not in r.gap(index)[:1]
            and r.view.text[r.tokens[index - 1].start - 1 : r.tokens[index - 1].start] != "'"
        )
    return sure and (r.titled(index) or not r.shouting(index) or first)


_VERBISH = frozenset("will may can mark see long page read note list case said made post date back still best need made held keep like said able list force sue rush call drop pace hunt chase grant wade skip main soon real sharp sole sad mad good well little small large big great".split())  # fmt: skip


def _extent(r: Reading, index: int, sure: bool, comma: bool = False, limit: int = 5) -> int:
    """One past the last token of the name that begins at `index`; `index` itself when none does."""
    last, position, commas = index, index, 0
    while position < len(r.tokens) and position - index < limit:
        token = r.tokens[position]
        more = position + 1 < len(r.tokens)
        after_initial = r.initial(position) or (
            len(token.text) <= 3 and r.titled(position) and token.lower in ("st", "wm", "jr", "sr")
        )
        if r.initial(position) and token.text not in ("I", "a"):
            if not (token.text.isupper() or (more and last != index and _fits(r, position + 1, sure, False))):
                break
            if token.text.isupper():
                last = position + 1 if position > index or sure else last
        elif token.lower in _PARTICLES and more and _particle_fits(r, position, sure):
            pass
        elif (position > index and token.lower in ("jr", "sr", "ii", "iii", "iv")) or _fits(
            r, position, sure, position == index
        ):
            last = position + 1
        else:
            break
        gap = r.gap(position)
        commas += gap.startswith(",")
        if not _joins(gap, after_initial, comma and commas < 2):
            break
        position += 1
    return last


def _particle_fits(r: Reading, position: int, sure: bool) -> bool:
    """As in "van den Berg": up to three particles, then a name."""
    for following in range(position + 1, min(position + 4, len(r.tokens))):
        if not re.fullmatch(r"[ .'’-]{1,2}", r.gap(following - 1)):
            return False
        if r.tokens[following].lower not in _PARTICLES:
            return _fits(r, following, sure, False)
    return False


def _titles(r: Reading) -> None:
    for index, token in enumerate(r.tokens[:-1]):
        word = token.lower
        if word not in _TITLES and word not in _WEAK:
            continue
        if not re.fullmatch(r"\.?,?[ \t]*(?:\n[ \t]*)?|\.?-", r.gap(index)) or token.end == r.tokens[index + 1].start:
            continue
        following = index + 1
        if r.tokens[following].lower in _TITLES and re.fullmatch(r"\.?\s+", r.gap(following)):
            following += 1
        if following >= len(r.tokens):
            continue
        cased = r.titled(following) or (r.upper(following) and (token.text.isupper() or not r.shouting(following)))
        sure = word in SURE_TITLES or (word in _TITLES and cased and token.text[0].isupper())
        if word in (
            "ms",
            "miss",
            "father",
            "sister",
            "brother",
            "nurse",
            "don",
            "sig",
            "col",
            "fr",
            "hon",
            "sri",
            "lt",
            "pa",
        ):
            sure = cased and r.titled(index) and r.kinds[following] is not Kind.CLINICAL
        if word in _WEAK and word not in _TITLES:
            sure = False
        if (
            word in _RELATIONS
            and r.titled(following)
            and r.kinds[following] is Kind.EITHER
            and fold(r.tokens[following].text) in r.lexicon.near
            and not r.headed(following)
        ):
            r.take(following, max(following + 1, _extent(r, following, sure=False)))
            continue
        spoken = word in _SPOKEN_TITLES and r.kinds[following] in (Kind.NAME, Kind.CAPITAL, Kind.EITHER, Kind.UNKNOWN)
        spoken = spoken and r.tokens[following].lower not in _VERBISH and len(r.tokens[following].text) > 2
        sure = sure or spoken
        last = _extent(r, following, sure=sure and (cased or spoken or word in SURE_TITLES))
        last += sure and last == following + 1 and _family_name_follows(r, following)
        if last > following and (sure or _evidence(r, following, last)):
            r.take(following, last, sure)


def _family_name_follows(r: Reading, given: int) -> bool:
    """After a title and a given name: a second capital that is a name too, "Mrs Rose May", and no date ("May 3")."""
    family = given + 1
    return (
        family < len(r.tokens)
        and r.gap(given) == " "
        and r.titled(given)
        and r.titled(family)
        and fold(r.tokens[given].text) in r.lexicon.near
        and fold(r.tokens[family].text.removesuffix("'s")) in r.lexicon.near
        and not re.match(r" ?\d", r.gap(family) + r.view.text[r.tokens[family].end :][:2])
    )


def _evidence(r: Reading, first: int, last: int) -> bool:
    """At least one token of the range is no English or clinical word."""
    return any(
        r.kinds[i] is Kind.NAME
        or (r.kinds[i] is Kind.CAPITAL and not r.tokens[i].text.islower())
        or (r.kinds[i] is Kind.UNKNOWN and len(r.tokens[i].text) > 2 and (not r.upper(i) or len(r.tokens[i].text) > 4))
        or (
            r.kinds[i] is Kind.EITHER
            and last - first > 1
            and r.titled(i)
            and fold(r.tokens[i].text) not in r.lexicon.eponyms
        )
        for i in range(first, last)
    )


def _labels(r: Reading) -> None:
    for match in _LABEL.finditer(r.view.letters):
        index = r.at(match.end())
        if index < len(r.tokens) and r.tokens[index].start - match.end() <= 1:
            while (
                index + 1 < len(r.tokens) and r.tokens[index].lower in _TITLES and re.fullmatch(r"\.?\s*", r.gap(index))
            ):
                index += 1
            strong = match["sure"] is not None and "is" not in match[0].lower().split()[-1:]
            last = _extent(r, index, sure=strong, comma=True, limit=6)
            if last > index and (strong or _evidence(r, index, last)):
                r.take(index, last, strong)
    for match in _PERSON_REVERSED.finditer(r.view.text):  # whatever else the family name means: "Patient: Pain, Frank"
        if fold(match["given"]) in r.lexicon.everywhere and match["given"].isupper() == match["family"].isupper():
            r.take(r.at(match.start("family")), r.at(match.end()), sure=True)
    for match in _SPOKEN_LABEL.finditer(r.view.text):
        index = r.at(match.end())
        last = _extent(r, index, sure=False, limit=5) if index < len(r.tokens) else index
        if last > index and _evidence(r, index, last) and not r.headed(last - 1):
            r.take(index, last)


def _cues(r: Reading) -> None:
    for match in _CUE.finditer(r.view.text):
        index = r.at(match.end())
        if index >= len(r.tokens) or r.tokens[index].start != match.end():
            continue
        strong = bool(_STRONG_CUE.match(match[0].strip(" :,.!-\n\t")))
        last = _extent(r, index, sure=False)
        if last == index or r.headed(last - 1):
            continue
        listed = any(r.kinds[i] is Kind.NAME for i in range(index, last))
        single_either = (
            strong and last - index == 1 and r.kinds[index] is Kind.EITHER and r.titled(index) and _next_ends(r, index)
        )
        unknown = strong and _evidence(r, index, last)
        if listed or unknown or single_either or _ambiguous_pair(r, index, last):
            r.take(index, last)


def _ambiguous_pair(r: Reading, first: int, last: int) -> bool:
    """As in "for Grace Baker": two or more capitalised words that are names too, the first of them a listed given name."""
    words = [i for i in range(first, last) if not r.initial(i) and r.tokens[i].lower not in _PARTICLES]
    return (
        len(words) > 1
        and all(r.titled(i) and r.kinds[i] in (Kind.EITHER, Kind.CAPITAL, Kind.UNKNOWN) for i in words)
        and fold(r.tokens[first].text) in r.lexicon.near
        and fold(r.tokens[first].text) not in r.lexicon.eponyms
    )


def _next_ends(r: Reading, index: int) -> bool:
    return bool(re.match(r"\s*(?:[,.!?\n]|$|\0)", r.gap(index)))


def _credentials(r: Reading) -> None:
    """Names before "MD", "RN", "FRCR": walk back from the credential."""
    for index, token in enumerate(r.tokens):
        if token.lower not in _CREDENTIAL or token.text.islower() or index == 0:
            continue
        if not re.fullmatch(r",?\s*\(?", r.gap(index - 1)) or (
            token.lower in ("ms", "pt", "pa", "do", "ot", "ii", "rt") and not r.gap(index - 1).startswith(",")
        ):
            continue
        first = index
        while first > 0 and index - first < 5:
            previous = first - 1
            gap_fits = first == index or re.fullmatch(r"\.?[ \t]{1,2}|-|['’]", r.gap(previous))
            name_like = (r.initial(previous) and r.tokens[previous].text.isupper()) or (
                (r.titled(previous) or r.upper(previous)) and r.tokens[previous].lower not in _NEVER
            )
            particle = first < index and r.tokens[previous].lower in _PARTICLES
            clinical = r.kinds[previous] is Kind.CLINICAL and not r.initial(previous)
            if not gap_fits or not (name_like or particle) or clinical or r.tokens[previous].lower in _CREDENTIAL:
                break
            first = previous
        if (
            first < index
            and any(not r.initial(i) for i in range(first, index))
            and (index - first > 1 or _evidence(r, first, index))
        ):
            r.take(first, index, sure=True)


def _listed(r: Reading) -> None:
    """Names that the lists know, with the unknown words and initials beside them."""
    index = 0
    while index < len(r.tokens):
        if index in r.shielded or not _stands_alone(r, index):
            index += 1
            continue
        first, last = _grow_left(r, index), _extent(r, index, sure=False, comma=False)
        last = max(last, index + 1)
        if (
            last == index + 1
            and r.gap(index).startswith(",")
            and last < len(r.tokens)
            and re.fullmatch(r",[ ]?", r.gap(index))
        ):
            last = _after_comma(r, last)
        if not _abbreviation(r, first, last) and not r.headed(last - 1):
            r.take(first, last)
        index = max(last, index + 1)


def _stands_alone(r: Reading, index: int) -> bool:
    token, kind = r.tokens[index], r.kinds[index]
    if not r.alpha(index) or token.lower in _NEVER or len(token.text) < 2:
        return False
    if kind is Kind.NAME:
        if token.text.islower():
            return len(token.text) > 3 or (index > 0 and r.kinds[index - 1] is Kind.NAME)
        return True
    if kind is Kind.CAPITAL:
        return r.titled(index) and not r.starts_sentence(index)
    if kind is Kind.UNKNOWN and r.titled(index) and len(token.text) > 2:
        following = index + 1
        pair = (
            following < len(r.tokens)
            and re.fullmatch(r"[ -]", r.gap(index))
            and r.titled(following)
            and r.kinds[following] is Kind.UNKNOWN
        )
        return (
            bool(pair)
            and not r.lexicon.misread(token.text)
            and not r.headed(following)
            and not _DOSE.match(r.view.text, r.tokens[following].end)
        )
    return False


def _grow_left(r: Reading, index: int) -> int:
    first = index
    while first > 0 and index - first < 3:
        previous = first - 1
        gap = r.gap(previous)
        token = r.tokens[previous]
        if (
            previous in r.shielded
            or (token.lower in _NEVER and not (r.kinds[previous] is Kind.EITHER and _before_a_name(r, previous)))
            or not (re.fullmatch(r"[ -]|['’]", gap) or (r.initial(previous) and re.fullmatch(r"\.? ?", gap)))
        ):
            break
        same_case = token.text.islower() == r.tokens[index].text.islower()
        likely = (
            r.kinds[previous] in (Kind.NAME, Kind.CAPITAL)
            or (r.kinds[previous] is Kind.EITHER and not token.text.islower())
            or (
                r.kinds[previous] is Kind.UNKNOWN
                and len(token.text) > 2
                and r.alpha(previous)
                and not r.lexicon.misread(token.text)
                and not (r.upper(previous) and len(token.text) < 5)
            )
        )
        if not (
            (r.initial(previous) and token.text.isupper())
            or token.lower in _PARTICLES - {"do", "la", "e", "y", "na", "of"}
            or (same_case and likely)
        ):
            break
        first = previous
    return first


def _after_comma(r: Reading, index: int) -> int:
    """As in "SMITH, JOHN A": the given names after a listed family name."""
    if r.tokens[index].text.islower() or not _fits(r, index, False, False):
        return index if not (r.initial(index) and r.tokens[index].text.isupper()) else index + 1
    if r.kinds[index] in (Kind.NAME, Kind.CAPITAL, Kind.UNKNOWN) or r.shouting(index) or r.kinds[index] is Kind.EITHER:
        return max(index, _extent(r, index, sure=False, limit=3))
    return index


def _abbreviation(r: Reading, first: int, last: int) -> bool:
    """A single short word in capitals is an abbreviation unless the whole line is in capitals."""
    if last - first > 1 or not r.upper(first):
        return False
    length = len(r.tokens[first].text)
    return length <= 3 or (length <= 4 and not r.shouting(first))


def _surname_first(r: Reading) -> None:
    """As in "HILL, ROSE" and "Young, Mark": two ambiguous words, but in the order and case of a list of people."""
    for match in re.finditer(
        r"(?<!\w)(?:(?i:van|von|de|der|den|la|del|da|dos|di|al|el|bin|ter|ten|le|san|st\.?) ){0,3}([^\W\d_a-z][\w'’-]{1,24}), ?([^\W\d_a-z][\w'’-]{1,20})(?:[ -][A-Z][\w'’]*\.?)?(?!\w)",
        r.view.text,
    ):
        left, right = r.at(match.start(1)), r.at(match.start(2))
        name_like = (Kind.NAME, Kind.CAPITAL, Kind.EITHER, Kind.UNKNOWN)
        if left >= len(r.tokens) or right >= len(r.tokens) or r.tokens[left].lower in _NEVER:
            continue
        if r.tokens[right].lower in _NEVER and r.kinds[right] is not Kind.EITHER:
            continue
        left_start = r.at(match.start())
        if r.kinds[left] not in name_like or r.kinds[right] not in name_like or left in r.shielded:
            continue
        line_start = r.view.text.rfind("\n", 0, match.start()) + 1
        before = r.view.text[line_start : match.start()]
        alone = not before.strip(" \t|*•-0123456789.)") or bool(
            re.search(r"(?:\b(?:patient|pt|name|re|for|subject|on|from|to|by|dr)\W{0,3}|\d\s+|\s{2,})$", before, re.I)
        )
        capitals = (
            r.upper(left)
            and r.upper(right)
            and len(r.tokens[left].text) > 3
            and (fold(r.tokens[right].text) in r.lexicon.everywhere or (alone and r.kinds[right] is Kind.UNKNOWN))
        )
        listed = Kind.NAME in (r.kinds[left], r.kinds[right]) or (alone and r.kinds[left] is not Kind.UNKNOWN)
        if (listed and (not _abbreviation(r, left, left + 1) or r.kinds[right] is Kind.NAME)) or (
            capitals and (r.kinds[left] is not Kind.EITHER or alone)
        ):
            r.take(left_start, r.at(match.end()))


_SUBJECT = re.compile(
    r"(?<!\w)([A-Z][a-z'’-]+) ([A-Z][a-z'’-]+)(?=,? (?:was|is|has|had|presented|presents|came|called|reports|reported|denies|complains|attended|lives|works|arrived|returned|who|aged?|will|underwent|developed|left|visited|needs|says|said|walked|asked|seen)\b|,? (?:an? )?\(?\d{1,3}[\s-]?(?:y|m\b|f\b|M\b|F\b))"
)


_SUBJECT_SPOKEN = re.compile(r"(?<![\w'’-])([a-z'’-]+) ([a-z'’-]+)(?= (?:is|was) an? \d{1,3}[ -]y)")
_CALLED = re.compile(
    r"\b(?:hi its|hi it'?s|its|it'?s|this is|hey|nurse|call|ring|ask|tell|page|bleep|thanks|thx|cheers|to)[ ,]{1,2}([a-z]{3,})(?= (?:from|here|at \+?[(\d]|on \+?[(\d]|x\d|in radiology|calling|speaking)\b| at \+| at \()",
    re.I,
)
_TREATED = re.compile(
    r"(?:^|(?<=[.!?] )|(?<=\n))([A-Z][a-z]{2,})(?= (?:was|is|has been) (?:admitted|discharged|examined|reviewed|informed|transferred|referred|seen (?:by|on|in clinic|at|today)))"
)


_SIGNATURE = re.compile(
    r"(?:(?:thanks|thank you|regards|wishes|cheers|best|sincerely|faithfully|truly|thx|yours|love|xx?)[,.!]?[ \t]*\n\s*|(?<=[.!?\n]) ?[-~] ?)([A-Z][a-zà-ÿ]{1,20}(?:-[A-Za-z]+)?)(?=[ \t]*(?:\n|$|[A-Z]))",
    re.I,
)
_GREETING = re.compile(
    r"(?:^|\n|[.!?] )(?:hi|hello|hey|dear|good morning|good afternoon|morning) ([A-Z][a-zà-ÿ]{1,20})(?=[,!]|[ \t]*\n| -)",
    re.I,
)
_LOCATED = re.compile(
    r"(?:^|\n)([A-Za-z][a-zà-ÿ]{2,20})(?= (?:in|from|on) (?:ward|bed|room|bay|icu|ccu|itu|resus|a&e|recovery|\d))", re.I
)


def _single_ambiguous(r: Reading) -> None:
    """One word that is a name too, where only a person can stand: "call grace x4411", "Will was admitted"."""
    for pattern in (_CALLED, _TREATED, _SIGNATURE, _GREETING, _LOCATED):
        for match in pattern.finditer(r.view.text):
            index = r.at(match.start(1))
            word = fold(match[1])
            unknown = index < len(r.tokens) and r.kinds[index] is Kind.UNKNOWN and not r.lexicon.misread(word)
            either = (
                index < len(r.tokens)
                and r.kinds[index] is Kind.EITHER
                and word in r.lexicon.near
                and word not in r.lexicon.eponyms
            )
            if unknown or either:
                r.take(index, index + 1)
    for match in _SUBJECT_SPOKEN.finditer(r.view.text):
        first, last = r.at(match.start(1)), r.at(match.end())
        pair = range(first, last)
        if all(r.kinds[i] in (Kind.EITHER, Kind.NAME, Kind.UNKNOWN, Kind.CAPITAL) for i in pair) and (
            fold(match[1]) in r.lexicon.near or r.kinds[first] is Kind.UNKNOWN
        ):
            r.take(first, last)


def _subjects(r: Reading) -> None:
    """Two ambiguous words with capitals that do what people do: "Rose Hodgkin was reviewed"."""
    for match in _SUBJECT.finditer(r.view.text):
        first, last = r.at(match.start(1)), r.at(match.end())
        pair = range(first, last)
        either = all(
            r.kinds[i] in (Kind.EITHER, Kind.CAPITAL, Kind.NAME, Kind.UNKNOWN) and r.tokens[i].lower not in _NEVER
            for i in pair
        )
        if (
            either
            and r.kinds[first] is not Kind.UNKNOWN
            and fold(r.tokens[first].text) in r.lexicon.everywhere
            and not r.headed(last - 1)
        ):
            r.take(first, last)


def _again(r: Reading) -> None:
    """Every part of a found name, wherever it stands again."""
    parts: dict[str, bool] = {}
    for first, last in list(r.taken.items()):
        for index in range(first, last):
            token = r.tokens[index]
            if len(token.text) > 2 and token.lower not in _NEVER | _PARTICLES:
                free = r.kinds[index] in (Kind.NAME, Kind.UNKNOWN) or (r.kinds[index] is Kind.CAPITAL)
                parts[token.lower] = bool(parts.get(token.lower)) or free
                parts.setdefault(token.lower.removesuffix("'s"), free)
    for index, token in enumerate(r.tokens):
        word = token.lower.removesuffix("'s")
        if word not in parts or r.headed(index) or index in r.shielded:
            continue
        if (parts[word] and (r.kinds[index] is not Kind.UNKNOWN or len(token.text) > 3)) or (
            not token.text.islower() and r.kinds[index] in (Kind.EITHER, Kind.WORD)
        ):
            r.take(index, index + 1)


class NameRecognizer:
    """Names in prose, dictation, letters and messages."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon

    def __call__(self, view: View, earlier: Sequence[Found]) -> Iterator[Found]:
        """Yields `NAME` finds; a title or label before them is not part of them."""
        yield from _shapes(view)
        r = reading(view, self._lexicon, earlier)
        for step in (
            _titles,
            _labels,
            _cues,
            _credentials,
            _surname_first,
            _subjects,
            _single_ambiguous,
            _listed,
            _again,
        ):
            step(r)
        for first, last in r.taken.items():
            start, end = r.tokens[first].start, r.tokens[last - 1].end
            if r.tokens[last - 1].text.lower().endswith(("'s", "’s")):
                end -= 2
            if first in r.sure or any(r.cover.free(r.tokens[i].start, r.tokens[i].end) for i in range(first, last)):
                certainty = Certainty.LIKELY if first in r.sure else Certainty.GUESS
                yield Found(start, end, PhiType.NAME, certainty)
        for match in _SPACED.finditer(view.text):
            if self._lexicon.kind(match[0].replace(" ", "")) is Kind.NAME:
                yield Found(*match.span(), PhiType.NAME, Certainty.LIKELY)


def reading(view: View, lexicon: Lexicon, earlier: Sequence[Found]) -> Reading:
    """The view's tokens with their kinds, and which of them stand in an allowed clinical phrase."""
    kinds = [lexicon.kind(token.text) for token in view.tokens]
    return Reading(view, lexicon, Cover(len(view.text), earlier), view.tokens, kinds, shielded(view, lexicon))


def shielded(view: View, lexicon: Lexicon) -> frozenset[int]:
    """The tokens that stand in an allowed clinical phrase; worked out once for a view and a lexicon."""
    known = view.phrases.get(id(lexicon))
    if known is None:
        known = view.phrases[id(lexicon)] = _shielded(view.tokens, lexicon)
    return known


def _shielded(tokens: list[Token], lexicon: Lexicon) -> frozenset[int]:
    if not lexicon.phrases:
        return frozenset()
    folded = [fold(token.text) for token in tokens]
    found: set[int] = set()
    for index, word in enumerate(folded):
        for phrase in lexicon.phrases.get(word, ()):
            if tuple(folded[index : index + len(phrase)]) == phrase:
                found.update(range(index, index + len(phrase)))
    return frozenset(found)


def _shapes(view: View) -> Iterator[Found]:
    for match in _FOREIGN.finditer(view.text):
        yield Found(*match.span(), PhiType.NAME)
    for match in _CARET.finditer(view.text):
        if sum(c.isalpha() for c in match[0]) > 3:
            yield Found(*match.span(), PhiType.NAME, Certainty.LIKELY)
