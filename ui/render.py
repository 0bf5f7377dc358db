"""The pipeline's values as HTML. Everything that comes from a person, a model or the graph is escaped here.

Knows nothing of Gradio. Placeholders are restored by the caller's `restore`, for whoever typed them.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from html import escape

from copilot import composing
from copilot.sessions import Film
from copilot.types import Answer, Change, Compared, Finding, Measurement, Reading, RedFlag
from ui import viewer
from ui.picture import picture
from ui.shown import CheckedText, ShownFact, ShownQuantity, ShownSentence

Restore = Callable[[str], str]


@dataclass(frozen=True)
class Mark:
    """How one verdict looks: never by colour alone."""

    css: str
    icon: str
    label: str


VERDICTS = {
    "supported": Mark("good", "✓", "Supported"),
    "contradicted": Mark("bad", "✕", "Contradicted"),
    "not_in_graph": Mark("open", "?", "Not in the graph"),
    "not_a_claim": Mark("plain", "–", "No claim to check"),
}
OF_THE_FILM = Mark("film", "▣", "Read from the film")
STATES = {
    "present": Mark("present", "●", "Present"),
    "uncertain": Mark("uncertain", "◐", "Uncertain"),
    "absent": Mark("absent", "○", "Absent"),
}
# "No finding" is not a finding: its bar says how sure the encoder is that it sees none, and never alarms.
NO_FINDING = "normal_chest_radiograph"
NO_HEAT_MAP = "No heat map is shown: none has been found to tell where a finding lies. "
CLEAR = {
    "present": Mark("absent", "○", "Likely"),
    "uncertain": Mark("uncertain", "◐", "Uncertain"),
    "absent": Mark("absent", "○", "Unlikely"),
}
CHANGES = {
    "new": "▲\u00a0New",
    "worse": "▲\u00a0More marked",
    "stable": "=\u00a0Stable",
    "better": "▼\u00a0Less marked",
    "resolved": "▼\u00a0No longer seen",
    "unclear": "?\u00a0Unclear",
}
STUDENT_MARKS = {
    "right": Mark("good", "✓", "Right"),
    "wrong": Mark("bad", "✕", "Wrong"),
    "not_marked": Mark("plain", "–", "Not marked"),
}
TIERS = {
    "curated": "curated: not yet reviewed by a clinician",
    "reviewed": "reviewed by a named clinician",
    "imported": "imported: not reviewed here",
    "mined": "mined from text: treat with caution",
}
NO_REASON = {
    "good": "The facts below say so.",
    "bad": "The facts below say otherwise.",
    "open": "No fact in the graph decides this; take it as unchecked.",
    "plain": "This states nothing that can be checked.",
    "film": composing.OF_THE_FILM,
}
THUMB = (
    '<svg viewBox="0 0 16 16" aria-hidden="true"><path d="M2 7h2.5v6.5H2zM4.5 7 8 1.5c1.2 0 1.8 1 1.5 2.2'
    'L9 6h4c1 0 1.5.8 1.3 1.7l-1.1 4.6c-.2.7-.7 1.2-1.5 1.2H4.5"/></svg>'
)
COMPARED = {
    "encoder": "Encoder",
    "prior": "Earlier film",
    "report": "Report",
    "stated": "Your statement",
    "answer": "Answer",
}
EXPLORATORY = (
    "Exploratory, not a finding: how many of 100 reference films look less like these words. Only words for what the "
    "encoder learned to see are scored."
)
COMPOSED = {
    "model": "Written by the language model. Each sentence was checked before you saw it.",
    "facts": "Written from the facts, because the draft did not survive checking.",
    "abstained": "No answer: there was nothing to rest one on.",
}
PLAINLY = "From medical sources; press a sentence to see which."


def as_typed(text: str) -> str:
    """Leaves placeholders alone: the restore of a session that has none."""
    return text


# --- sentences, facts and sources -----------------------------------------------------------------


class Citations:
    """Numbers sources in the order in which an answer first rests on them, after those that have a number already."""

    def __init__(self, known: Iterable[tuple[int, str]] = ()) -> None:
        self.numbers: dict[str, int] = {source: number for number, source in known}

    def of(self, source: str) -> int:
        """The number of this source."""
        return self.numbers.setdefault(source, max(self.numbers.values(), default=0) + 1)


def mark_of(one: CheckedText) -> Mark:
    """How a checked sentence is marked."""
    return OF_THE_FILM if one.reason == composing.OF_THE_FILM else VERDICTS[one.verdict]


def sentences(checked: Sequence[CheckedText], citations: Citations, restore: Restore = as_typed) -> str:
    """Sentences in reading order, each of which opens the facts that decided it."""
    return "".join(sentence(one, mark_of(one), citations, restore) for one in checked)


def sentence(one: ShownSentence, mark: Mark, citations: Citations, restore: Restore = as_typed) -> str:
    """One sentence with its mark. Opening it needs no server: it is a `<details>`."""
    sources = dict.fromkeys(citations.of(fact.source) for fact in one.facts)
    numbers = "".join(f'<span class="cc-cite">[{n}]</span>' for n in sources)
    reason = escape(restore(one.reason or NO_REASON[mark.css]))
    return (
        f'<details class="cc-s cc-v-{mark.css}" data-testid="sentence" data-verdict="{mark.css}"><summary>'
        f'<span class="cc-icon" aria-hidden="true">{mark.icon}</span>'
        f'<span class="cc-text">{escape(restore(one.text))} {numbers}</span>'
        f'<span class="cc-verdict">{mark.label}</span></summary>'
        f'<div class="cc-why"><p>{reason}</p>{fact_list(one.facts, citations)}</div></details>'
    )


def fact_list(facts: Sequence[ShownFact], citations: Citations) -> str:
    """The deciding facts, each with its source and tier."""
    if not facts:
        return ""
    return f'<ul class="cc-facts">{"".join(fact(one, citations) for one in facts)}</ul>'


def fact(one: ShownFact, citations: Citations) -> str:
    """One fact as the graph holds it: subject, relation, object, conditions, source, tier."""
    relation = escape(one.predicate.replace("_", " ").lower())
    conditions = "".join(f' <span class="cc-cond">{escape(value)}</span>' for _, value in one.qualifiers)
    return (
        f'<li data-testid="fact"><p class="cc-triple"><b>{escape(one.subject_name)}</b> '
        f"<i>{'<strong>not</strong>: ' if one.denied else ''}{relation}</i> <b>{escape(one.object_name)}</b>"
        f"{_quantity(one.quantity)}{conditions}</p>"
        f'<p class="cc-source"><span class="cc-cite">[{citations.of(one.source)}]</span> '
        f'<span data-testid="source">{escape(one.source)}</span> '
        f'<span class="cc-tier">{escape(TIERS.get(one.tier, one.tier))}</span></p></li>'
    )


def _quantity(one: ShownQuantity | None) -> str:
    if one is None:
        return ""
    unit = "" if one.unit == "1" else f" {one.unit}"
    if one.operator == "between":
        return escape(f" between {one.value:g} and {one.upper:g}{unit}")
    return escape(f" {one.operator} {one.value:g}{unit}")


# --- answers --------------------------------------------------------------------------------------


def user_message(text: str, safe: str | None = None, spans: int = 0) -> str:
    """What the person typed, and once it is known, what everything after de-identification saw."""
    seen = ""
    if safe is not None and spans:
        seen = (
            f'<details class="cc-seen"><summary>{count(spans, "identifier")} found and taken out before anything '
            f"else read this</summary><p>{escape(safe)}</p></details>"
        )
    return f'<div class="cc-msg cc-user message user" data-testid="user"><p>{escape(text)}</p>{seen}</div>'


def red_flags(flags: Sequence[RedFlag]) -> str:
    """The emergency message, before all else; once, whatever number of symptoms call for it."""
    if not flags:
        return ""
    messages = "".join(f"<p>{escape(message)}</p>" for message in dict.fromkeys(flag.message for flag in flags))
    return (
        '<div class="cc-flag" role="alert" data-testid="red-flag">'
        '<span class="cc-flag-icon" aria-hidden="true">!</span>'
        f"<div><strong>Read this first</strong>{messages}</div></div>"
    )


def error(message: str) -> str:
    """What went wrong, in the chat, in one sentence."""
    return (
        '<div class="cc-msg cc-bot cc-error message bot" data-testid="bot" role="alert">'
        f'<span class="cc-icon" aria-hidden="true">!</span><p>{escape(message)}</p></div>'
    )


def note(message: str) -> str:
    """A short statement of the page itself."""
    return f'<p class="cc-note" data-testid="note">{escape(message)}</p>'


def answer(reply: Answer, restore: Restore, *, footer: str = "", plain: bool = False) -> str:
    """A checked answer: red flags are shown by the caller, before it.

    `plain`: for a patient, without drafts, pictures of relations and names of models.
    """
    citations = Citations(reply.sources)
    body = sentences(reply.sentences, citations, restore)
    how = " ".join(map(escape, reply.notes)) or (PLAINLY if plain and body else COMPOSED[reply.composed])
    return (
        '<div class="cc-msg cc-bot message bot" data-testid="bot">'
        f'<p class="{"cc-how" if body else "cc-alone"}">{how}</p>'
        f'<div class="cc-sentences">{body}</div>'
        f"{'' if plain else compared(reply.compared) + _removed(reply, citations, restore) + _picture(reply)}"
        f"{source_list(citations)}"
        f'<p class="cc-disclaimer" data-testid="disclaimer">{" ".join(map(escape, reply.disclaimers))}</p>'
        f"{'' if plain else _making(reply)}{footer}</div>"
    )


def _picture(reply: Answer) -> str:
    """The facts behind the answer as a small graph, closed until somebody wants it."""
    drawn = picture(fact for sentence in reply.sentences for fact in sentence.facts)
    if not drawn:
        return ""
    return (
        f'<details class="cc-picture" data-testid="picture"><summary>Picture of these facts</summary>'
        f'<div tabindex="0" role="group" aria-label="Picture of these facts">{drawn}</div></details>'
    )


def compared(rows: Sequence[Compared]) -> str:
    """Each finding as the encoder, the earlier film, the report, the person and the answer have it, where they speak.

    Open when somebody disagrees; columns that nobody speaks in are left out.
    """
    columns = [column for column in COMPARED if any(getattr(row, column) for row in rows)]
    if len(columns) < 2:
        return ""
    head = "".join(f'<th scope="col">{COMPARED[column]}</th>' for column in columns)
    body = "".join(_compared_row(row, columns) for row in rows)
    apart = sum(bool(row.disagreements) for row in rows)
    summary = f"Who says what: {count(apart, 'disagreement')}" if apart else "Who says what: no disagreement"
    return (
        f'<details class="cc-compared" data-testid="compared"{" open" if apart else ""}><summary>{summary}</summary>'
        f'<table><thead><tr><th scope="col">Finding</th>{head}</tr></thead><tbody>{body}</tbody></table></details>'
    )


def _compared_row(row: Compared, columns: Sequence[str]) -> str:
    cells = "".join(f"<td>{_state(getattr(row, column))}</td>" for column in columns)
    apart = "".join(f'<p class="cc-warning">{escape(said)}</p>' for said in row.disagreements)
    return f'<tr><th scope="row">{escape(row.name)}{apart}</th>{cells}</tr>'


def _state(state: str | None) -> str:
    if state is None:
        return '<span class="cc-sr">says nothing</span>'
    mark = STATES[state]
    return f'<span class="cc-f-{mark.css}"><span aria-hidden="true">{mark.icon}</span> {mark.label}</span>'


def _removed(reply: Answer, citations: Citations, restore: Restore) -> str:
    if not reply.removed:
        return ""
    summary = f"{count(len(reply.removed), 'sentence')} of the draft left out"
    inner = sentences(reply.removed, citations, restore)
    return f'<details class="cc-removed"><summary>{summary}</summary><div class="cc-sentences">{inner}</div></details>'


def source_list(citations: Citations) -> str:
    """The numbered sources of an answer."""
    if not citations.numbers:
        return ""
    items = "".join(f'<li value="{number}">{escape(source)}</li>' for source, number in citations.numbers.items())
    many = count(len(citations.numbers), "source")
    return f'<details class="cc-sources"><summary>{many}</summary><ol>{items}</ol></details>'


def _making(reply: Answer) -> str:
    model, took = reply.model, reply.timings
    rows = (
        ("Language model", model.llm),
        ("Encoder", model.encoder),
        ("Graph", model.graph),
        ("Seed", str(model.seed)),
        ("Time", f"{_seconds(took.total - took.vision)}, of which writing {_seconds(took.generation)}"),
        ("Films", f"read once, in {_seconds(took.vision)}" if took.vision else ""),
    )
    items = "".join(f"<dt>{name}</dt><dd>{escape(value)}</dd>" for name, value in rows if value)
    return f'<details class="cc-making"><summary>How this was made</summary><dl>{items}</dl></details>'


def _seconds(milliseconds: float) -> str:
    return f"{milliseconds / 1000:.1f} s"


def thumbs(turn: int, said: str = "") -> str:
    """Thumbs for one turn, with a field for the reason; `said` thanks the person who has used them."""
    if said:
        return f'<p class="cc-thanks">{escape(said)}</p>'
    return (
        f'<div class="cc-thumbs" data-turn="{turn}"><button type="button" data-rate="up">'
        f"{THUMB} Helpful</button>"
        f'<button type="button" data-rate="down" aria-expanded="false">{THUMB} Not helpful'
        f'</button><span class="cc-reason" hidden><input type="text" maxlength="300" '
        'aria-label="What was wrong? Identifiers are removed" placeholder="What was wrong?">'
        '<button type="button" data-rate="send">Tell us</button></span></div>'
    )


def checked_text(checked: Sequence[CheckedText], restore: Restore) -> str:
    """A verdict for each sentence of a person's own text."""
    citations = Citations()
    tally: dict[str, int] = {}
    for one in checked:
        tally[mark_of(one).label] = tally.get(mark_of(one).label, 0) + 1
    counts = ", ".join(f"{n} {label.lower()}" for label, n in tally.items())
    return (
        '<div class="cc-msg cc-bot message bot" data-testid="bot">'
        f'<p class="cc-how">Your text, sentence by sentence: {escape(counts) or "nothing to check"}. '
        "No language model was used.</p>"
        f'<div class="cc-sentences">{sentences(checked, citations, restore)}</div>'
        f"{source_list(citations)}</div>"
    )


# --- stages while working -------------------------------------------------------------------------


@dataclass
class Stages:
    """The steps of one answer: those that are done, and the one in progress."""

    done: list[str] = field(default_factory=list)
    now: str = "Removing identifiers"

    def step(self, done: str, now: str) -> None:
        """One step is done, the next begins."""
        self.done.append(done)
        self.now = now

    def html(self) -> str:
        """For the place where the answer will stand."""
        steps = "".join(
            f'<li class="cc-done"><span aria-hidden="true">✓</span> {escape(step)}</li>' for step in self.done
        )
        return (
            '<div class="cc-msg cc-bot message bot pending" role="status" aria-busy="true" '
            f'data-testid="progress"><ol class="cc-stages">{steps}'
            '<li class="cc-now"><span class="cc-spin" aria-hidden="true"></span> '
            f"{escape(self.now)} …</li></ol></div>"
        )


def count(n: int, thing: str) -> str:
    """`3 facts`, `1 fact`, `no facts`."""
    return f"{n or 'no'} {thing}{'' if n == 1 else 's'}"


# --- films and findings ---------------------------------------------------------------------------


def film_panel(
    held: Sequence[Film],
    *,
    with_findings: bool = True,
    changes: Sequence[Change] = (),
    earlier: str = "",
    restore: Restore = as_typed,
) -> str:
    """The films of a session, the newest in view, with what was removed and what the encoder says.

    `changes` and `earlier` (the earlier film laid over it, as a data address) belong to the newest film of now.
    `restore`: for words that this visitor tried on a film.
    """
    if not held:
        return ""
    newest = len(held) - 1
    now = max((i for i, film in enumerate(held) if not film.prior), default=-1)
    views = ""
    for i, film in enumerate(held):
        against = (changes, earlier) if i == now else ((), "")
        buttons = _buttons(film, i, among=len(held), compared_on=now if changes else -1) if with_findings else ""
        beside = f"{buttons}{removed(film)}{_read(film, i, against[0], restore) if with_findings else ''}"
        views += _film(film, i, against[1], beside, hidden=i != newest, with_findings=with_findings)
    return f'<div class="cc-films">{_picker(held, newest)}{views}</div>'


def _picker(held: Sequence[Film], newest: int) -> str:
    if len(held) == 1:
        return ""
    buttons = "".join(
        f'<button type="button" data-film="{i}" aria-pressed="{str(i == newest).lower()}">Film {i + 1}'
        f"{' (earlier)' if film.prior else ''}</button>"
        for i, film in enumerate(held)
    )
    return f'<div class="cc-picker" role="group" aria-label="Which film to show">{buttons}</div>'


def _read(film: Film, index: int, changes: Sequence[Change], restore: Restore) -> str:
    return (
        f"{reading(film.reading)}{viewer.regions(film.regions)}{changed(changes)}"
        f"{tried(film, index, restore)}{nearest(film)}"
    )


def _film(film: Film, index: int, earlier: str, beside: str, *, hidden: bool, with_findings: bool) -> str:
    view = " ".join(filter(None, (film.reading.modality, film.reading.view))) or "view not stated"
    alt = f"Chest film {index + 1}, {view}, identifiers removed"
    return (
        f'<section class="cc-film" data-film-view="{index}"{" hidden" if hidden else ""}>'
        f"{viewer.figure(film, alt, with_findings=with_findings, earlier=earlier)}"
        f'<div class="cc-beside"><p class="cc-filmline"><b>Film {index + 1}</b> · {escape(view)}</p>'
        f"{beside}</div></section>"
    )


def _buttons(film: Film, index: int, *, among: int, compared_on: int) -> str:
    """What can be done with a film. `compared_on`: the film that shows what changed, or -1."""
    remove = f'<button type="button" class="cc-plainbutton" data-remove="{index}">Take this film out</button>'
    if among == 1:
        return f'<p class="cc-buttons">{remove}</p>'
    label = "No longer the earlier film" if film.prior else "Use as the earlier film"
    wanted = str(not film.prior).lower()
    told = f'<p class="cc-small">What changed stands with film {compared_on + 1}.</p>'
    return (
        f'<p class="cc-buttons"><button type="button" class="cc-plainbutton" data-earlier="{index}" '
        f'data-wanted="{wanted}">{label}</button>{remove}</p>{told if film.prior and compared_on >= 0 else ""}'
    )


def changed(changes: Sequence[Change]) -> str:
    """Each finding against the earlier film: a change is named only where it exceeds the joint uncertainty."""
    if not changes:
        return ""
    rows = "".join(
        f'<tr><th scope="row">{escape(c.name)}</th><td>{round(100 * c.before)}→{round(100 * c.now)}%</td>'
        f"<td>{CHANGES[c.kind]}</td></tr>"
        for c in changes
    )
    return (
        '<details class="cc-compared" data-testid="changes" open><summary>Against the earlier film</summary>'
        f'<table><tbody>{rows}</tbody></table><p class="cc-small">A change is named only where it is larger than '
        "what the two readings leave open together.</p></details>"
    )


def tried(film: Film, index: int, restore: Restore = as_typed) -> str:
    """A box to try words on an accepted film, and what came of those that were tried."""
    if not film.reading.accepted:
        return ""
    rows = "".join(
        f'<dt>{escape(restore(one.phrase.text))}</dt><dd>{_share(one.score)}</dd><dd class="cc-note">{escape(one.note)}</dd>'
        for one in film.explored
    )
    told = f'<dl data-testid="explored">{rows}</dl>' if rows else ""
    return (
        f'<form class="cc-tried" data-explore="{index}"><label for="cc-try-{index}">Does it look like &hellip;?</label>'
        f'<div><input id="cc-try-{index}" type="text" maxlength="200" autocomplete="off" '
        'placeholder="left lower lobe collapse"><button type="submit" class="cc-plainbutton">Try</button></div>'
        f'<p class="cc-small">{EXPLORATORY}</p></form>{told}'
    )


def nearest(film: Film) -> str:
    """Reports on other films, closed, under a heading that says whose they are not.

    Placeholders in them stand for other people's names, so nothing is ever restored in them.
    """
    if film.nearest is None:
        return ""
    rows = "".join(
        f"<dt>Similarity {one.similarity:.2f}</dt><dd>{escape(one.report.text)}</dd>" for one in film.nearest.reports
    )
    return (
        '<details class="cc-nearest" data-testid="nearest"><summary>Reports on other films most alike</summary>'
        f'<p class="cc-small">{escape(film.nearest.note)}</p>{f"<dl>{rows}</dl>" if rows else ""}</details>'
    )


def _share(score: float | None) -> str:
    """`71 of 100`, or a dash."""
    return "–" if score is None else f"{round(100 * score)} of 100"


def what_was_removed(film: Film) -> str:
    """`12 header attributes dropped, 2 regions masked`."""
    header, masked = len(film.image.removed), len(film.image.masked)
    return f"{count(header, 'header attribute')} dropped, {count(masked, 'region')} masked".capitalize()


def removed(film: Film) -> str:
    """What was taken out of header and pixels, by name, never the values."""
    said = what_was_removed(film)
    warnings = "".join(f'<p class="cc-warning">{escape(text)}</p>' for text in film.image.warnings)
    if not film.image.removed:
        return f'<p class="cc-removed-line" data-testid="removed">{said}</p>{warnings}'
    names = ", ".join(map(escape, film.image.removed))
    return (
        f'<details class="cc-removed-line" data-testid="removed"><summary>{said}</summary>'
        f"<p>{names}</p></details>"
        f"{warnings}"
    )


def reading(read: Reading) -> str:
    """Findings as calibrated bars, or the sentence that says why there are none."""
    if not read.accepted:
        reason = escape(read.reason or "The encoder did not accept this film.")
        return f'<p class="cc-warning" data-testid="not-accepted">{reason}</p>'
    order = ("present", "uncertain", "absent")
    ranked = sorted(read.findings, key=lambda f: (f.concept == NO_FINDING, order.index(f.state), -f.probability))
    said = (*((read.reason,) if read.reason else ()), *read.notes)
    corrected = "".join(f'<p class="cc-warning" data-testid="limit">{escape(one)}</p>' for one in said)
    rows = (
        "".join(finding(f, viewer.where(read.heatmaps, f.concept)) for f in ranked)
        or "<li>The encoder offers no findings for this film.</li>"
    )
    return (
        f'{corrected}<ul class="cc-findings" aria-label="Findings of the encoder">{rows}</ul>'
        f"{_measurements(read.measurements)}"
        '<p class="cc-small">Bar: calibrated probability. Tick: operating threshold. '
        f"{'' if read.heatmaps else NO_HEAT_MAP}"
        f"Encoder {escape(read.encoder.name)}, {escape(read.encoder.sha256[:8])}. Not a diagnosis.</p>"
    )


def finding(one: Finding, where: str = "") -> str:
    """One bar with its threshold tick; the state stands there in words and as a shape. `where`: HTML below it."""
    mark = (CLEAR if one.concept == NO_FINDING else STATES)[one.state]
    percent, tick = min(99, max(1, round(100 * one.probability))), round(100 * one.threshold)
    return (
        f'<li class="cc-finding cc-f-{mark.css}" data-testid="finding">'
        f'<span class="cc-fname">{escape(one.name)}</span>'
        f'<span class="cc-fstate"><span aria-hidden="true">{mark.icon}</span> {mark.label}</span>'
        f'<span class="cc-bar" aria-hidden="true"><span style="width:{percent}%"></span>'
        f'<i style="left:{tick}%"></i></span><span class="cc-fnum">{percent}%'
        f'<span class="cc-sr"> probability, threshold {tick}%</span></span>{where}</li>'
    )


def _measurements(measured: Sequence[Measurement]) -> str:
    items = "".join(f"<dt>{escape(m.name)}</dt><dd>{escape(_value(m))}</dd>" for m in measured)
    notes = "".join(f'<p class="cc-small">{escape(m.note)}</p>' for m in measured if m.note)
    return f'<dl class="cc-measured" data-testid="measured">{items}</dl>{notes}' if items else ""


def _value(one: Measurement) -> str:
    error = "" if one.error is None else f" ± {one.error:.2g}"
    return f"{one.value:.3g}{error}{'' if one.unit == '1' else ' ' + one.unit}"
