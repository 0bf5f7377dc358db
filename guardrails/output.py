"""The last look at what leaves: a second scan for identifiers, red flags, and what an audience may not be told.

Rules over words only. Knows nothing of models, the graph or the page.
"""
# ruff: noqa: E501 - one rule or one list stays on one line

import re
from dataclasses import dataclass

from guardrails.text import TextDeidentifier
from guardrails.types import SafeText, Vault

_CALL = "call your local emergency number (for example 112, 911 or 999) or tell the nearest member of staff"
_NOW = f"This may be an emergency. Please {_CALL} now. Do not wait for an answer here."
_CRISIS = (
    "You do not have to face this alone. If you are in danger now, please "
    f"{_CALL}. You can also talk to someone you trust or to a crisis line in your country at any hour."
)


@dataclass(frozen=True, slots=True)
class _Flag:
    id: str
    message: str
    pattern: re.Pattern[str]


def _flag(name: str, message: str, *alternatives: str) -> _Flag:
    return _Flag(name, message, re.compile(r"\b(?:" + "|".join(alternatives) + r")", re.IGNORECASE))


_CHEST = r"(?:chest|breast ?bone|sternum)"
_PAIN = r"(?:pain\w*|pressure|tight\w*|discomfort|heav\w+|ache|aching|hurt\w*|squeez\w+)"
_BAD = r"(?:crush\w+|severe|squeez\w+|heavy|sudden|unbearable|terrible|awful|worst|excruciating|tearing|ripping|tight\w*|bad|stabbing|radiat\w+|intense|extreme)"  # fmt: skip
_BREATH = r"(?:breath\w*|air)"

_FLAGS = (
    # Heart attack and aortic dissection: AHA, "Warning Signs of a Heart Attack"; NHS, "Chest pain: call 999 if".
    _flag(
        "chest_pain",
        _NOW,
        rf"{_BAD}\b[^.?!;]{{0,25}}\b{_CHEST}\b[^.?!;]{{0,15}}\b{_PAIN}",
        rf"{_BAD}\b[^.?!;]{{0,20}}\b{_PAIN}\b[^.?!;]{{0,20}}\b{_CHEST}",
        rf"{_CHEST}\b[^.?!;]{{0,12}}\b{_PAIN}[^.?!;]{{0,50}}\b(?:arms?|jaw|neck|shoulder|sweat\w*|sick|faint\w*|short of breath|breathless)",
        rf"{_CHEST}\b[^.?!;]{{0,12}}\b{_PAIN}[^.?!;]{{0,20}}\b(?:crush\w+|severe|unbearable|terrible|squeez\w+|right now|getting worse|will not go away|won't go away)",
        rf"(?:elephant|weight|band|vice)\b[^.?!;]{{0,20}}\b(?:on|around|across) (?:my|his|her|the) {_CHEST}",
        rf"(?:my|his|her) {_CHEST} (?:is |feels |really )*(?:hurt\w*|pain\w*|tight|heavy|crush\w+|squeez\w+|kill\w+)",
        rf"i (?:have|am having|'?m having|feel|got|get|'?ve got)\b[^.?!;]{{0,20}}\b(?:{_CHEST} {_PAIN}|{_PAIN} (?:in|on|across) (?:my|the) {_CHEST})",
        r"(?:having|had) (?:a )?heart attack(?! (?:in (?:19|20)\d\d|last (?:week|month|year)|(?:\w+ ){1,2}(?:weeks?|months?|years?) ago))",
    ),
    # NHS, "Shortness of breath: call 999 if"; GINA, severe exacerbation (cannot speak in sentences).
    _flag(
        "cannot_breathe",
        _NOW,
        r"(?:can'?t|can ?not|could ?n'?t|couldnt|unable to|not able to|struggl\w+ to|fighting to|barely|hardly|hard to|difficult to) (?:really |even |get |catch |take )*(?:breathe?|a breath|(?:my|his|her) breath|enough air|any air)",
        r"(?:can'?t|can ?not|barely|hardly) (?:breathe?|catch (?:my|his|her) breath|get (?:any|enough) air)",
        r"not (?:breathing|getting (?:any|enough) air)|stopped breathing|gasping|suffocating|chok(?:ing|es)\b|choked\b",
        r"(?:severe|extreme|sudden|suddenly|terrible)\w*\b[^.?!;]{0,15}\b(?:short(?:ness)? of breath|breathless\w*|trouble breathing|difficulty breathing)",
        rf"(?:too|so) (?:short of breath|breathless) to\b|no {_BREATH} left|fight\w* for (?:air|breath)",
        r"(?:i|he|she|baby|child|kid|son|daughter)\b[^.?!;]{0,15}\b(?:blue lips|turn(?:ing|ed) blue|lips are blue|going blue)|lips (?:are |have )?(?:turned |going |turning )?blue",
    ),
    # WHO, "Suicide prevention"; NHS, "Help for suicidal thoughts".
    _flag(
        "suicide",
        _CRISIS,
        # "Am I going to die?" fears what "I want to die" wishes: going to is a plan only with what one does oneself.
        r"(?:want|wanna|wants|wanting|plan\w*|wish\w*|ready|rather|decided|intend\w*|try\w*|would like|'d like|feel like|felt like) (?:to |i (?:could|was|were) )?(?:just )?(?:die|dying|dead|be dead)",
        r"(?:want|wanna|wants|wanting|going|gonna|plan\w*|wish\w*|ready|rather|like|decided|intend\w*|try\w*) (?:to |i (?:could|was|were) )?(?:just )?(?:end it(?: all)?|end my (?:own )?life|kill (?:my|him|her)self|let (?:my|him|her)self die|not (?:be alive|exist|live)|never wake up|disappear forever)",
        r"kill(?:ing)? (?:my|him|her)self|suicid\w+(?! genes?\b)|take my (?:own )?life|taking my own life|end(?:ing)? my life|end it all",
        r"(?:no reason|not worth|don'?t want|do not want|(?:don'?t|do not) feel like|can'?t go on|cannot go on|tired of(?! living with\b)|no point in?) (?:to )?(?:live|living|life|be(?:ing)? alive|be here)(?: any ?more)?",
        r"better off (?:dead|without me)|hurt(?:ing)? myself|harm(?:ing)? myself|self[- ]?harm\w*|cut(?:ting)? myself|overdos\w+(?! of (?:radiation|x-?rays?)\b)|took (?:all|too many) (?:of )?(?:my |the )?(?:pills|tablets)",
    ),
    # CDC, "Signs and Symptoms of Stroke"; NHS, "Symptoms of a stroke" (FAST).
    _flag(
        "stroke",
        _NOW,
        r"(?:face|mouth|smile|eye ?lid)\b[^.?!;]{0,18}\b(?:droop\w*|dropp\w+|fallen|sagg?\w*|lopsided|crooked)|facial droop|drooping face",
        r"(?:slurr\w+|garbled|jumbled) (?:speech|words)|speech (?:is |was |became |has become |suddenly )*(?:slurred|garbled)|slurring|(?:can'?t|cannot|unable to|suddenly can'?t) (?:speak|talk|find (?:my|his|her) words)",
        r"(?:sudden\w*|can'?t (?:move|lift|feel)|cannot (?:move|lift|feel)|unable to (?:move|lift)|weak\w*|numb\w*|paraly\w+)\b[^.?!;]{0,25}\b(?:one side|(?:left|right) (?:side|arm|leg)|arm|leg|half (?:of )?(?:my|his|her) (?:body|face))(?: [^.?!;]{0,15})?",
        r"(?:left|right|one) (?:arm|leg|side|hand)\b[^.?!;]{0,18}\b(?:went |gone |is |feels |has gone |suddenly )+(?:numb|weak|dead|limp|paraly\w+)",
        r"having a stroke|sudden\w*\b[^.?!;]{0,15}\b(?:blind\w*|loss of (?:vision|sight)|lost (?:my |his |her )?(?:vision|sight)|confus\w+)|(?:worst|thunderclap) headache",
    ),
    # NHS, "Coughing up blood: call 999 if"; NHS, "Vomiting blood".
    _flag(
        "bleeding",
        _NOW,
        r"(?:cough\w*|spit\w*|vomit\w*|throw\w*|bring\w*|puk\w+)(?: up)?\b[^.?!;]{0,25}\b(?:lot|lots|much|cup\w*|mouthfuls?|more than|large amounts?|full of|glass\w*|clots?|bucket\w*|so much|heavy)\b[^.?!;]{0,15}\bblood",
        r"(?:cough\w*|spit\w*|vomit\w*|throw\w*|bring\w*|puk\w+)(?: up)? (?:bright red |fresh |some )?blood",
        r"blood\b[^.?!;]{0,15}\b(?:pour\w+|gush\w+|everywhere)|massive h(?:ae|e)moptysis|bleeding (?:a lot|heavily|badly|and (?:it )?(?:won'?t|will not) stop)|(?:won'?t|can'?t|will not|cannot) stop (?:the )?bleeding",
    ),
    # World Allergy Organization anaphylaxis guidance 2020; NHS, "Anaphylaxis".
    _flag(
        "anaphylaxis",
        _NOW,
        r"anaphyla\w+",
        r"(?:throat|tongue|lips?|face|mouth)\b[^.?!;]{0,18}\b(?:swell\w*|swollen|closing|closed up|close up|closes up)",
        r"swollen (?:throat|tongue|lips)|swelling (?:of|in) (?:my |the |his |her )?(?:throat|tongue|lips)",
        r"(?:severe|bad) allergic reaction|epi ?pen",
    ),
    # NHS, "Fainting"; AHA, "Cardiac arrest"; Resuscitation Council UK, basic life support.
    _flag(
        "collapse",
        _NOW,
        r"(?:passed|passing|blacked|blacking) out|(?:he|she|they|someone|patient|dad|mum|mom|father|mother|wife|husband|baby|child|visitor|man|woman)\b(?:(?!lung|lobe)[^.?!;]){0,15}\b(?:collaps\w+\b(?! (?:lungs?|lobes?|of the)\b)|unconscious|unresponsive|not waking up|won'?t wake up|no pulse|is not moving)",
        r"i (?:just |have |'?ve )?(?:collapsed|fainted)|(?:going|about) to (?:faint|pass out|collapse)|not responding|having a (?:seizure|fit)\b",
    ),
    # NICE NG253, suspected sepsis; NHS, "Sepsis: call 999 if".
    _flag(
        "sepsis",
        _NOW,
        r"(?:i think (?:i have|it'?s|it is)|might (?:be|have)|could (?:be|have)|signs? of|symptoms? of) sepsis",
        r"(?:skin|rash)\b[^.?!;]{0,25}\b(?:blotchy|mottled|does(?:n'?t| not) fade)",
    ),
    # NHS, "Poisoning": call 999 when someone has taken poison and is ill.
    _flag(
        "poisoning",
        _NOW,
        r"(?:swallow\w*|drank|drunk|ate|took)\b[^.?!;]{0,20}\b(?:bleach|poison\w*|antifreeze|pesticide|battery|batteries)",
        r"carbon monoxide|poisoned",
    ),
)

# The words before a symptom in the same clause that say it is not there. "I can't" is never a negation of what follows.
_NEGATED = re.compile(
    r"\b(?:no|not|without|den(?:y|ies|ied|ying)|never(?: had)?|nor|neither|negative for|free of|absence of|rule[sd]? out|ruled out"
    r"|does(?: not|n'?t) have|do(?: not|n'?t) have|did(?: not|n'?t) have|had no|has no|have no|isn'?t|is not|wasn'?t|was not"
    r"|haven'?t|hasn'?t|not having|am not|'m not)\b(?P<between>[^.?!;:]*)$",
    re.IGNORECASE,
)
_TURN = re.compile(r"\b(?:but|however|except|although|though|yet|now|then|because|and (?:i|he|she|now|my|has|have|is)|started|only)\b", re.IGNORECASE)  # fmt: skip
_REACH = 60  # characters that a negation reaches: "denies fever, cough, crushing chest pain"


def red_flags(question: SafeText) -> tuple[tuple[str, str], ...]:
    """(flag id, message) for each reason to act now that the words give, in the order of the list above.

    Sensitive rather than exact: a question about the words raises the flag too, because the reader may be the patient.
    Only a symptom that is said to be absent ("no chest pain", "denied suicidal thoughts") does not.
    """
    text = question.text.replace("’", "'")
    return tuple(
        (flag.id, flag.message) for flag in _FLAGS if any(_stands(text, m) for m in flag.pattern.finditer(text))
    )


def _stands(text: str, match: re.Match[str]) -> bool:
    before = text[max(0, match.start() - _REACH) : match.start()]
    if re.match(r"(?:can'?t|can ?not|couldn'?t|unable|not|no)\b", match[0], re.IGNORECASE):
        return not re.search(r"\b(?:deni(?:es|ed)|never)\b[^.?!;]*$", before, re.IGNORECASE)
    negation = _NEGATED.search(before)
    return negation is None or bool(_TURN.search(negation["between"]))


@dataclass(frozen=True, slots=True)
class Limited:
    """One sentence after the audience's limits: `text` is what may be shown; `why` is empty when nothing changed."""

    text: str
    why: str = ""


_ASK = {
    "diagnosis": "Whether this applies to you is a question for your doctor.",
    "dose": "Doses are for your doctor or pharmacist to decide.",
    "treatment": "Which treatment is right for you is a question for your doctor.",
}
_UNIT = r"(?:mg|mcg|micrograms?|µg|ug|g|grams?|ml|millilit\w+|units?|iu|tablets?|pills?|capsules?|puffs?|drops?|l/min|litres? per minute)"
_LIMITS = (
    ("diagnosis", re.compile(
        r"\byou(?:'ve| have| may have| might have| could have| probably have| likely have| must have| are suffering from"
        r"| do not have| don't have| are having)\b(?! (?:any |a |more |further )?(?:questions?|concerns?|worr\w+|been|to\b|the right|symptoms?|pain\b))"
        r"|\byour (?:x-?ray|film|scan|image|result|report|picture)s? (?:\w+ ){0,2}(?:shows?|means? that you|proves?|confirms?|indicates?|suggests?)\b"
        r"|\bthis means (?:that )?you\b|\bi (?:think|believe|can see) you\b|\byou(?:'re| are) (?:ill|sick|healthy|fine|dying|infected)\b"
        r"|\byour (?:diagnosis|prognosis) is\b", re.IGNORECASE)),
    ("dose", re.compile(
        rf"\b\d+(?:[.,]\d+)? ?{_UNIT}\b(?! ?(?:/ ?d?l|per d?l))(?![^.]*\b(?:nodule|mass|lesion|width|diameter|wide)\b)"
        r"|\b(?:once|twice|three times|four times|\d times) (?:a|per|each|every) day\b|\bevery \d+ hours\b|\bdos(?:e|age) of \d", re.IGNORECASE)),
    ("treatment", re.compile(
        r"\b(?:you|patients?|people) (?:should|must|need to|ought to|can|could|have to) (?:now |also |first |immediately )?(?:take|start|stop|use|inject|inhale|swallow|increase|reduce|double|skip|apply|try|get treated|be treated|undergo|have (?:surgery|an operation))\b"
        r"|^(?:please )?(?:take|start taking|stop taking|inject|increase|reduce|double|skip|inhale|apply|use) (?:your |an? |the |some |more |less )?\w+"
        r"|\b(?:i|we) (?:recommend|advise|suggest|prescribe)\b|\byou (?:do not|don't) need (?:a doctor|to see|treatment|medicine)\b"
        r"|\btreat (?:this|it|yourself) (?:with|at home)\b|\bstop taking\b", re.IGNORECASE)),
)  # fmt: skip
_SENTENCE = re.compile(r"[^.!?\n]*(?:[.!?](?!\s|$)[^.!?\n]*)*(?:[.!?]+|\n|$)")
_ALWAYS_FINE = re.compile(r"\b(?:emergency number|call 112|member of staff|talk (?:with|to) your|ask your|see your|your doctor can)\b", re.IGNORECASE)  # fmt: skip


def audience_limits(text: SafeText, persona: str) -> tuple[Limited, ...]:
    """The sentences of `text` as this audience may read them. Only the kiosk is limited.

    There, a sentence that tells the reader what they have, what dose or what to do about it gives way to one that says
    whom to ask. Word rules are not medical judgement: they are the last of several nets.
    """
    sentences = [s.strip() for s in _SENTENCE.findall(text.text) if s.strip()]
    if persona != "kiosk":
        return tuple(Limited(sentence) for sentence in sentences)
    return tuple(_limited(sentence) for sentence in sentences)


def _limited(sentence: str) -> Limited:
    if not _ALWAYS_FINE.search(sentence):
        for why, pattern in _LIMITS:
            if pattern.search(sentence):
                return Limited(_ASK[why], why)
    return Limited(sentence)


def rescan(draft: str, deidentifier: TextDeidentifier, vault: Vault) -> SafeText:
    """The second scan: whatever a model wrote, without identifiers. The session's own placeholders stay.

    Raises `DeidentificationFailed` as `TextDeidentifier.deidentify` does.
    """
    return deidentifier.rescan(draft, vault).safe
