"""Addresses, postal codes, towns, wards; hospitals, schools and employers. Knows nothing of people."""
# ruff: noqa: E501 - one rule or one list stays on one line

import re
from collections.abc import Iterator, Sequence

from guardrails.recognizers.base import Certainty, Found
from guardrails.recognizers.lexicon import Kind, Lexicon, fold, large_places, places
from guardrails.recognizers.view import View
from guardrails.types import PhiType

_STREET = (
    r"(?:street|str?|road|rd|avenue|ave?|av|boulevard|blvd|lane|ln|drive|dr|court|ct|place|pl|terrace|ter|terr|circle|cir|way|wy|close|cl|crescent|cres|gardens?|gdns|grove|grv|square|sq|highway|hwy|parkway|pkwy|trail|trl|walk|mews|row|hill"
    r"|rise|view|park|green|alley|loop|path|plaza|pike|turnpike|expressway|quay|wharf|parade|vale|mount|marg|nagar|colony|layout|salai|chowk|bagh|vihar|enclave|extension|cross|main|bazaar|gali|puram|villas?|heights|estate|apartments?|towers?|residency|society|bridge|gate|ridge|run|bend|point|crossing|hollow|meadows?|broadway|common|croft|fold|garth|wynd|loan|brae)"
)
_WORD = r"[^\W\d_][\w'’.-]*"
_UNIT = r"(?:(?:apt|apartment|unit|suite|ste|flat|fl|floor|rm|room|bldg|building|block|blk|tower|wing|lot|#)\.?\s?#?\s?[\w/-]{1,6})"
_ADDRESSES: tuple[tuple[re.Pattern[str], int], ...] = tuple(
    (re.compile(pattern, flags), group)
    for pattern, flags, group in (
        (
            rf"\b(?:{_UNIT},?\s+)?\d{{1,6}}[A-Za-z]?(?:[-/]\d{{1,5}}[A-Za-z]?)?,?\s+(?:(?:[NSEW]|NE|NW|SE|SW|north|south|east|west|old|upper|lower)\.?\s+)?(?:(?:{_WORD}|\d{{1,3}}(?:st|nd|rd|th))\s+){{1,4}}?{_STREET}\b\.?(?:\s+(?:[NSEW]|NE|NW|SE|SW|north|south|east|west)\b)?(?:,?\s+{_UNIT})?",
            re.I,
            0,
        ),
        (
            rf"\b(?:{_WORD}\s+){{1,3}}(?:street|road|avenue|lane|boulevard|crescent|terrace|nagar|colony|marg|drive|vihar|enclave|salai)\b(?:,?\s+(?:no\.?\s?)?\d{{1,5}})?",
            0,
            0,
        ),
        (r"\b(?:p\.?\s?o\.?\s*box|post office box|postfach|apartado|boîte postale|b\.?p\.)\s*#?\s*\d{1,7}\b", re.I, 0),
        (
            rf"\b{_WORD}(?:stra(?:ß|ss)e|str\.|weg|platz|allee|gasse|damm|ufer|ring|straat|laan|gracht|plein|kade|dijk|gatan|vägen|vej|gade|veien|katu|utca)\s+\d{{1,4}}\s?[a-z]?\b",
            re.I,
            0,
        ),
        (
            r"\b(?:\d{1,4}(?:\s?(?:bis|ter))?,?\s+)?(?:rue|boulevard|quai|impasse|allée|chemin|calle|c/|avenida|avda\.?|paseo|plaza|carrera|via|viale|piazza|corso|largo|rua|praça|travessa|ul\.|ulica|al\.|os\.)\s+(?:(?:de|del|della|dei|la|le|les|los|las|des|du|di|da|do|l'|d')\s?){0,3}[^\W\d_][\w'’-]*(?:\s+[A-ZÀ-Ý][\w'’-]*){0,3}(?:,?\s+(?:n[°º.]\s?)?\d{1,5}\s?[a-z]?\b)?",
            re.I,
            0,
        ),
        (
            r"\b(?:h\.?\s?no\.?|house no\.?|door no\.?|d\.?\s?no\.?|plot no\.?|plot|flat no\.?|flat|shop no\.?|survey no\.?|quarter no\.?|qtr\.?)\s*[:#]?\s*[A-Z]?-?\d[\w/-]{0,9}(?:,\s*[A-Z][\w .'-]{2,30}){0,4}",
            re.I,
            0,
        ),
        (
            r"\b(?:sector|phase|block|ward no\.?|mohalla|village|vill|taluk|tehsil|district|dist|mandal|post)\b\.?\s*[-:]?\s*(?:\d{1,3}[A-Z]?\b|(?-i:[A-Z][a-z]+(?: [A-Z][a-z]+)?))",
            re.I,
            0,
        ),
    )
)
_POSTAL: tuple[tuple[re.Pattern[str], int], ...] = tuple(
    (re.compile(pattern, flags), group)
    for pattern, flags, group in (
        (r"(?<![\w-])[A-Z]{1,2}\d[A-Z\d]?\s{1,2}\d[ABD-HJLNP-UW-Z]{2}(?![\w-])", 0, 0),
        (r"(?<![\w-])(?:[A-PR-UWYZ]{2}\d[A-Z\d]?|[A-PR-UWYZ]\d\d?)\d[ABD-HJLNP-UW-Z]{2}(?![\w-])", 0, 0),
        (r"(?<![\w-])(?!T\d[A-C]?N)[ABCEGHJ-NPRSTVXY]\d[ABCEGHJ-NPRSTV-Z][ -]?\d[ABCEGHJ-NPRSTV-Z]\d(?![\w-])", 0, 0),
        (
            r"\b(?:A[LKZR]|C[AOT]|DE|DC|FL|GA|HI|I[DLNA]|K[SY]|LA|M[EDAINSOT]|N[EVHJMYCD]|O[HKR]|PA|PR|RI|S[CD]|T[NX]|UT|V[TA]|W[AVIY])\.?,?\s+(\d{5}(?:-\d{4})?)(?!\d)",
            0,
            0,
        ),
        (
            r"\b(?:zip(?: ?code)?|post(?:al)? ?code|postcode|pin(?: ?code)?|plz|cap|cp|code postal)\b\s*(?:is|[:=#-])*\s*([A-Z0-9]{2,5}[ -]?[A-Z0-9]{2,5})\b",
            re.I,
            1,
        ),
        (r"(?<![\w-])\d{5}-\d{4}(?![\w-])", 0, 0),
        (r"(?<![\w.-])(?:[DFIAEB]|CH|NL|PL|L|PT)-\d{4,5}(?![\w-])(?:\s+[A-ZÀ-Ý][\w'’-]+)?", 0, 0),
        (r"(?<![\w.,/-])\d{4}\s?(?!SA|SD|SS|ML|MG|CM|MM|CT|MR|PM|AM|UK|US)[A-Z]{2}(?=,?\s+[A-Z][a-z]{2,})", 0, 0),
        (r"(?<=[A-Za-z]-)[1-9]\d{2} ?\d{3}(?![\w-])", 0, 0),
        (r"(?<![\w-])\d{2}-\d{3}(?=\s+[A-ZĄĆĘŁŃÓŚŹŻ][\w'’-]+)", 0, 0),
        (r"(?<![\w.,/-])\d{3} \d{2}(?=\s+[A-ZÅÄÖČŠŽ][\w'’-]{2,})", 0, 0),
    )
)
_WARD = re.compile(
    r"\b(?:ward|cubicle|theatre|operating room|wing|bed|room|rm|unit)\s*(?:no\.?|number|#|:)?\s*(?:\d{1,4}[A-Z]?(?:-\d{1,3}[A-Z]?)?|[A-Z]\d{1,3}|\d{1,2}\s?(?:north|south|east|west|[NSEW]))\b(?!\s*(?:mm|cm|mg|ml|units?|/|%))"
    r"|\b(?-i:[A-Z][a-z]+)\s(?:ward|wing|unit)\b|\bward\s(?-i:[A-Z][a-z]+)\b|\b\d{1,2}\s?(?:north|south|east|west)\s(?:wing|ward|tower)?\b|\b\d{1,2}[A-Z]\s(?:ward)\b",
    re.I,
)
NO_PLACE_BY_ITSELF = frozenset(
    """pod the a an our your their his her this that any local outside referring general teaching district community regional university tertiary mental emergency day primary care medical surgical chest eye ear
    heart failure lung cancer stroke memory pain fracture oncology cardiology pulmonary respiratory renal dialysis diabetes tb sleep wound vascular orthopedic orthopaedic outpatient out inpatient in patient walk walk-in urgent gp fertility
    antenatal dental travel health healthcare home nursing private public state national county city rural field base military children's childrens women's veterans va another other same previous prior first nearest
    pediatric paediatric maternity rehabilitation rehab psychiatric special specialist follow followup follow-up anticoagulation warfarin inr asthma copd hypertension neurology dermatology radiology imaging diagnostic high middle elementary primary secondary
    law business school college preparatory pre night sunday from to at of in and or with for by on was is were went left retired works worked working attends attended visited transferred admitted discharged seen via into near per behind
    hospital clinic center centre university institute infirmary trust group foundation services service department unit ward company large small big new old same-day vaccination transplant bariatric breast screening sexual
    he she they it who patient hospitals clinics during after before until since when while no not has had have been acute tertiary-care level trauma burn intensive critical""".split()
)  # fmt: skip
_ORG_HEAD = (
    r"(?:hospitals?|hosp|clinics?|clinic|medical cent(?:er|re)|health cent(?:er|re)|cancer cent(?:er|re)|heart cent(?:er|re)|cent(?:er|re)|infirmary|health ?care|healthcare|health system|health services?|health|medical group|medical associates|hospice|nursing home|care home|rest home|rehab(?:ilitation)?(?: cent(?:er|re))?|sanatorium|sanitarium"
    r"|nursing & rehab|assisted living|manor|lodge|retirement (?:village|home|community)|surgery|medical practice|practice|imaging|diagnostics|radiology(?: associates| partners| group)?|laborator(?:y|ies)|labs?|pharmacy|nhs (?:foundation )?trust|foundation trust|university|college|school|high school|academy|polytechnic|institute|kindergarten|nursery|church|mosque|synagogue|temple"
    r"|inc|ltd|limited|llc|llp|plc|gmbh|ag|corp(?:oration)?|co|company|pvt|enterprises|industries|logistics|motors|airlines|airways|bank|insurance|foods|steel works|steel|mills?|shipyard|dockyard|foundry|quarry|mine|mining|construction|builders|plumbing|bakery|brewery|supermarkets?|stores?|hotels?|restaurant|consulting|solutions|technologies|systems|partners|associates|brothers|& sons|and sons|shelter|prison|jail|correctional facility|department of corrections|fire department|police department|council|library|krankenhaus|klinikum|klinik|ziekenhuis|szpital|sjukhus)"
)
_ORGANIZATION = re.compile(
    rf"(?<![\w])((?:(?:(?:St|Sts|Mt|[A-Z])\.|[A-ZÀ-Ý][\w'’-]*)(?:[ \t]+|-)(?:(?:of|the|and|&|for|de|la|del|di|du|der|des|at|in)[ \t]+){{0,2}}){{1,6}})(?i:{_ORG_HEAD})\b\.?(?:(?:[ \t]+(?:of|at|for|de|in)[ \t]+(?:the[ \t]+)?(?:[A-ZÀ-Ý][\w'’-]+[ \t]*){{1,3}})|(?:[ \t]+(?:{_ORG_HEAD}|Trust|Foundation|NHS|Department|Campus)\b){{1,3}})?"
)  # fmt: skip
_LOWER_ORGANIZATION = re.compile(
    r"\b((?:[^\W\d_][\w'’-]*[ \t]+){1,4}?)(?:general hospital|memorial hospital|community hospital|district hospital|regional hospital|university hospital|children'?s hospital|hospital|medical center|medical centre|health center|health centre|infirmary|clinic|nursing home|care home|hospice|university|high school|primary school|elementary school|middle school|academy|college|school)\b",
    re.I,
)
_LOWER_NAMED = re.compile(
    r"\buniversity of (?!the\b)[a-z]+(?: (?:medical (?:center|centre|school)|hospitals?|health|clinic|school of medicine))?\b"
    r"|\b(?:st|saint|mt|mount|holy|sacred|our lady of)\.? [a-z]+(?:['’]?s)?(?: [a-z]+)? (?:hospital|clinic|medical center|medical centre|infirmary|school|academy|college|hospice|church)\b"
    r"|\broyal (?:infirmary|hospital|college|victoria|free|london|brompton|marsden)(?: of)?(?: [a-z]+)?(?: hospital| infirmary)?\b",
    re.I,
)
_OF = re.compile(
    r"\b(?:University(?: Hospitals?| Medical Cent(?:er|re)| College Hospital)?|Hospital|Hospitals|School|College|Institute|Church|Bank|City|County|Borough|Clínica|Clinica|Hôpital|Hopital|Centre Hospitalier(?: Universitaire)?|CHU|CHRU|Klinikum|Universitätsklinikum|Ospedale|Policlinico|Krankenhaus|Ziekenhuis|Hospital Universitario|Clinique|Szpital|Santa Casa|Charité|AIIMS|PGIMER|Apollo|Fortis|UMC|UZ|AZ)"
    r"[ \t]+(?:(?:of|de|del|de la|della|di|du|la|le|der|San|St\.?|Saint|Sainte|Santa|am|im)[ \t]+){0,3}(?:[A-ZÀ-Ý][\w'’-]+(?:[ -](?!Hospital\b)[A-ZÀ-Ý][\w'’-]+){0,3})"
)
_NAMED = re.compile(
    r"\b(?:MGH|BWH|UCSF|UCLA|UCSD|NYU|MSKCC|MD Anderson|Mayo Clinic|Cleveland Clinic|Johns Hopkins|Kaiser(?: Permanente)?|Cedars[- ]Sinai|Mount Sinai|Mass General|BIDMC|UPMC|CHOP|HUP|NHS (?:Lothian|Grampian|Tayside|Fife|Highland)|AIIMS|PGIMER|CMC Vellore|NIMHANS|KEM|JIPMER|Addenbrooke'?s|Guy'?s(?: and St\.? Thomas'?)?|Bart'?s|UCLH|Great Ormond Street|Walmart|Amazon|McDonald'?s|Starbucks|Tesco|Sainsbury'?s|Asda|IKEA|FedEx|UPS|DHL|Costco|Target|Walgreens|CVS|Boots|Aetna|Cigna|Humana|UnitedHealth(?:care)?|Blue Cross(?: Blue Shield)?|Bupa|Infosys|Wipro|TCS|Boeing|Tesla|Ford Motor|Microsoft|Google|Apple Inc)(?![\w])"
)
_EMPLOYER = re.compile(
    r"\b(?:employer|employed (?:at|by|with)|works? (?:at|for)|worked (?:at|for)|working (?:at|for)|job at|retired from|staff at|teaches at|teacher at|student at|studies at|pupil at|attends|enrolled at|school|workplace|occupation|employee of|driver for|engineer at|manager at|cashier at|clerk at|foreman at|welder at|nurse at|janitor at|chef at)\s*[:=]?\s*(?:the\s+)?"
    r"((?-i:[A-ZÀ-Ý0-9][\w'’&-]*)(?:[ \t]+(?:(?:of|and|&|the|de)[ \t]+)?(?-i:[A-ZÀ-Ý][\w'’&-]*)){0,5})",
    re.I,
)
_PREPOSITION = re.compile(
    r"(?:\b(?:in|from|near|at|to|of|outside|around|via|visiting|visited|lives in|moved to|native of|resident of|born in|trip to|travel(?:led|ed)? to|town of|city of|village of|county of|city|town|suburb of|area of|flight to|back from|for)\s+(?:(?:north|south|east|west|central|downtown|greater|inner|rural)\s+)?|[\d,]\s*)$",
    re.I,
)


class PlaceRecognizer:
    """Locations and organizations."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._places = places()
        self._large = large_places()
        self._longest: dict[str, int] = {}
        for place in self._places:
            self._longest[place[0]] = max(len(place), self._longest.get(place[0], 0))

    def __call__(self, view: View, earlier: Sequence[Found]) -> Iterator[Found]:
        """Yields `LOCATION` and `ORGANIZATION` finds."""
        yield from self._addresses(view)
        yield from self._organizations(view)
        yield from self._towns(view)

    def _addresses(self, view: View) -> Iterator[Found]:
        for number, (pattern, _) in enumerate(_ADDRESSES):
            for match in pattern.finditer(view.letters if number > 1 else view.text):
                if number > 1 or self._is_street(match[0], numbered=number == 0):
                    yield Found(
                        match.start(), self._with_town(view.text, match.end()), PhiType.LOCATION, Certainty.LIKELY
                    )
        for pattern, group in _POSTAL:
            for match in pattern.finditer(view.text):
                if any(c.isdigit() for c in match[group]):
                    yield Found(*match.span(group), PhiType.LOCATION, Certainty.LIKELY)
        for match in _WARD.finditer(view.text):
            words = [w for w in re.findall(r"[^\W\d_]+", match[0]) if len(w) > 1]
            named = [
                w
                for w in words
                if w.lower()
                not in ("ward", "wing", "unit", "room", "bed", "bay", "no", "north", "south", "east", "west", "rm")
            ]
            if (
                not named
                or all(self._lexicon.kind(w) not in (Kind.WORD, Kind.CLINICAL) and w[0].isupper() for w in named)
                or re.search(r"\d", match[0])
            ):
                yield Found(*match.span(), PhiType.LOCATION, Certainty.GUESS)

    def _with_town(self, text: str, end: int) -> int:
        """The end of the town and district that follow a street after commas."""
        while following := _NEXT_PART.match(text, end):
            if any(
                self._lexicon.kind(word) is Kind.CLINICAL or fold(word) in _NOT_TOWNS for word in following[1].split()
            ):
                break
            end = following.end()
        return end

    def _is_street(self, text: str, numbered: bool) -> bool:
        """Not "2 cm nodule in the right upper lobe view": the words before the street type are no clinical prose."""
        words = [fold(w) for w in re.findall(r"[^\W\d_][\w'’-]*", text)][:-1]
        kinds = [self._lexicon.kind(w) for w in words]
        if not words or any(w in _PROSE for w in words):
            return False
        if numbered:
            return not any(k is Kind.CLINICAL for k in kinds)
        return any(k in (Kind.NAME, Kind.CAPITAL, Kind.EITHER, Kind.UNKNOWN) for k in kinds) and not any(
            k is Kind.CLINICAL for k in kinds
        )

    def _organizations(self, view: View) -> Iterator[Found]:
        yield from self._headed_organizations(view)
        yield from self._spoken_organizations(view)
        for pattern in (_OF, _NAMED, _LOWER_NAMED):
            for match in pattern.finditer(view.letters):
                yield Found(*match.span(), PhiType.ORGANIZATION, Certainty.GUESS)
        for match in _EMPLOYER.finditer(view.text):
            words = re.findall(r"[^\W\d_][\w'’&-]*", match[1])
            if any(self._lexicon.kind(w) is not Kind.CLINICAL and fold(w) not in NO_PLACE_BY_ITSELF for w in words):
                yield Found(*match.span(1), PhiType.ORGANIZATION, Certainty.GUESS)

    def _headed_organizations(self, view: View) -> Iterator[Found]:
        for match in _ORGANIZATION.finditer(view.letters):
            start = match.start() + self._leading_prose(match[0])
            words = [fold(w) for w in re.findall(r"[^\W\d_][\w'’-]*", view.text[start : match.end(1)])]
            specific = [w for w in words if w not in NO_PLACE_BY_ITSELF and self._lexicon.kind(w) is not Kind.CLINICAL]
            if specific and not any(w in _PROSE for w in words):
                yield Found(start, match.end(), PhiType.ORGANIZATION, Certainty.GUESS)

    def _spoken_organizations(self, view: View) -> Iterator[Found]:
        for match in _LOWER_ORGANIZATION.finditer(view.letters):
            keep: list[re.Match[str]] = []
            for word in reversed(list(re.finditer(r"[^\W\d_][\w'’-]*", match[1]))):
                folded = fold(word[0])
                if folded in _STOP or folded in _PROSE or self._lexicon.kind(folded) is Kind.CLINICAL:
                    break
                keep.append(word)
            if any(fold(w[0]) not in NO_PLACE_BY_ITSELF for w in keep):
                yield Found(match.start(1) + keep[-1].start(), match.end(), PhiType.ORGANIZATION, Certainty.GUESS)

    def _leading_prose(self, text: str) -> int:
        """Length of the words at the front that do not belong to the name: "Seen At Mercy Hospital"."""
        cut = 0
        for word in re.finditer(r"[^\W\d_][\w'’.-]*\s*", text):
            if fold(word[0].strip()) not in _LEADING:
                break
            cut = word.end()
        return cut

    def _towns(self, view: View) -> Iterator[Found]:
        tokens = view.tokens
        folded = [fold(token.text) for token in tokens]
        index = 0
        while index < len(tokens):
            length = self._match(folded, index)
            if length and self._is_town(view, index, length):
                yield Found(tokens[index].start, tokens[index + length - 1].end, PhiType.LOCATION, Certainty.GUESS)
                index += length
            else:
                index += 1

    def _match(self, folded: list[str], index: int) -> int:
        for length in range(min(self._longest.get(folded[index], 0), 6), 0, -1):
            if index + length <= len(folded) and tuple(folded[index : index + length]) in self._places:
                return length
        return 0

    def _is_town(self, view: View, index: int, length: int) -> bool:
        tokens = view.tokens
        words = tuple(fold(t.text) for t in tokens[index : index + length])
        kinds = [self._lexicon.kind(word) for word in words]
        cased = all(t.text[0].isupper() for t in (tokens[index], tokens[index + length - 1]))
        before = view.text[max(0, tokens[index].start - 24) : tokens[index].start]
        after = view.text[tokens[index + length - 1].end : tokens[index + length - 1].end + 12]
        if length == 1 and (
            Kind.CLINICAL in kinds
            or (len(words[0]) < 4)
            or re.match(r"['’]?s?\s+(?:sign|line|node|disease|syndrome)", after)
        ):
            return False
        placed = bool(_PREPOSITION.search(before)) or bool(
            re.match(r",\s*[A-Z]{2}\b|\s+(?:resident|native|based|area|region|address|branch|campus)\b", after)
        )
        if words in self._large:
            titled_before = re.search(r"(?:\b(?:dr|mr|mrs|ms|miss|prof)\.?\s+|\b[A-Z]\.\s?)$", before, re.I)
            return (
                not titled_before
                and (cased or placed or Kind.EITHER not in kinds)
                and (Kind.EITHER not in kinds or placed)
            )
        if not cased or (length == 1 and tokens[index].text.isupper() and len(words[0]) < 5):
            known = (Kind.UNKNOWN, Kind.NAME, Kind.CAPITAL)
            return placed and length == 1 and len(words[0]) > 4 and kinds[0] in known
        if length == 1 and kinds[0] in (Kind.EITHER, Kind.WORD):
            lived = re.search(
                r"\b(?:lives in|from|resident of|native of|born in|moved to|living in|city of|town of)\s$", before
            )
            if lived and words[0] not in self._lexicon.eponyms and not tokens[index].text.isupper():
                return True
            return (
                bool(re.match(r",\s*(?:[A-Z]{2}\b|[A-Z][a-z]+)", after))
                and placed
                and kinds[0] is Kind.EITHER
                and words[0] not in self._lexicon.eponyms
            )
        return (
            placed
            or (length > 1 and not all(k in (Kind.WORD, Kind.CLINICAL) for k in kinds))
            or kinds[0] is Kind.UNKNOWN
        )


_NEXT_PART = re.compile(r",[ \t\n]{1,2}([A-Z][\w'’-]+(?:[ -][A-Z][\w'’-]+){0,2})(?=\s*(?:[,.;)\n]|$|\d|[A-Z]{2}\b))")
_NOT_TOWNS = frozenset(
    "he she his her they the tel phone mrn dob who patient mr mrs ms dr lives age aged male female ssn".split()
)
_STOP = frozenset("at in to from of the a an by and or with for on was is our your their his her this that into near via old no my went left outside local referring visited".split())  # fmt: skip
_LEADING = frozenset("at in to from of the a an by and or seen admitted transferred hospital: presented patient mr mrs dr she he was is this our via".split())  # fmt: skip
_PROSE = frozenset("nodule mass opacity effusion lobe lung cm mm mg ml year years old day days week weeks month months hours with without view films patient right left upper lower chest is was were are be has have had there this that ago for not and but".split())  # fmt: skip
