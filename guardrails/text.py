"""Raw text in, `SafeText` and a session's placeholders out. Knows nothing of where text comes from or goes to.

Every recognizer must succeed: one that raises means that nothing of the text may be used.
"""

import re
from collections.abc import Iterable, Iterator, Sequence

from threadpoolctl import ThreadpoolController

from guardrails.identity import name_words, placeholder_for
from guardrails.recognizers import default_recognizers
from guardrails.recognizers.base import Certainty, Cover, Found, Recognizer, merge
from guardrails.recognizers.view import View, look
from guardrails.types import (
    PLACEHOLDER,
    DeidentificationFailed,
    Deidentified,
    PhiType,
    Redaction,
    SafeText,
    Vault,
)

_ONE_THREAD = ThreadpoolController()  # matrices this small only make several threads wait for each other
MAX_CHARACTERS = 2_000_000
"""Longer input is refused: a chart is a few hundred thousand characters."""


class TextDeidentifier:
    """Thread-safe: holds recognizers and lists only. Everything of one visitor is in the `Vault` that is handed in.

    `allow`: clinical terms (the graph's lexicon) that are not identifiers by themselves.
    """

    def __init__(self, recognizers: Sequence[Recognizer] | None = None, allow: Iterable[str] = ()) -> None:
        self._recognizers = tuple(recognizers) if recognizers is not None else default_recognizers(allow)

    def deidentify(self, raw: str, vault: Vault) -> Deidentified:
        """`raw` with placeholders in place of identifiers; offsets are code points of `raw`.

        Words that look like a placeholder are never issued as one; if the session uses that placeholder already,
        they are taken out like an identifier, so that they cannot turn into someone's name on the screen.
        Raises `DeidentificationFailed` when a recognizer fails or the text is longer than `MAX_CHARACTERS`.
        """
        return self._redact(raw, vault, _typed_placeholders(raw, vault), again=False)

    def rescan(self, draft: str, vault: Vault) -> Deidentified:
        """As `deidentify`, for text in which the vault's own placeholders and moved dates are at home."""
        return self._redact(draft, vault, [], again=True)

    def _redact(self, raw: str, vault: Vault, typed: list[Found], *, again: bool) -> Deidentified:
        spans = self._spans(raw, vault, typed)
        redactions = tuple(
            Redaction(start, end, kind, placeholder_for(kind, raw[start:end], raw[max(0, start - 12) : start], vault))
            for start, end, kind in spans
            if not (again and kind is PhiType.DATE and vault.is_moved_date(raw[start:end]))
        )
        safe = _replace(raw, redactions)
        at_home = vault.known_in(raw) if again else ()
        vault.remember(safe, _pieces(raw, redactions, at_home))
        return Deidentified(SafeText(safe), redactions)

    def _spans(self, raw: str, vault: Vault, typed: list[Found]) -> list[tuple[int, int, PhiType]]:
        if len(raw) > MAX_CHARACTERS:
            raise DeidentificationFailed(
                f"The text is longer than {MAX_CHARACTERS:,} characters; send it in parts of that length."
            )
        try:
            view = look(raw)
            found = _named_before(view, vault)
            with _ONE_THREAD.limit(limits=1):
                for recognizer in self._recognizers:
                    found.extend(recognizer(view, tuple(found)))  # it must not see its own finds while it yields them
            certain = merge(f for f in found if f.certainty is Certainty.CERTAIN)
            ruled_out = Cover(len(view.text), (f for f in found if f.certainty is Certainty.RULED_OUT))
            in_raw = [
                Found(*view.raw_span(start, end), f.kind)
                for f in certain
                for start, end in _left(view.text, f, ruled_out)
            ]
        except Exception:  # whatever went wrong, its message may quote the text: say only that it did
            raise DeidentificationFailed(
                "De-identification failed, so the text was not used; try again or rephrase it."
            ) from None
        return [(f.start, f.end, f.kind) for f in _without_placeholders(raw, merge([*in_raw, *typed]), typed)]


def _left(text: str, found: Found, ruled_out: Cover) -> Iterator[tuple[int, int]]:
    """The parts of a find that are not ruled out, without the signs that stood between them and what is."""
    for start, end in ruled_out.gaps(found.start, found.end):
        words = [i for i in range(start, end) if text[i].isalnum()]
        if words:
            yield (
                start if start == found.start else words[0],
                end if end == found.end else words[-1] + 1,
            )


def _named_before(view: View, vault: Vault) -> list[Found]:
    """Words that were part of a name earlier in the session: a guess, since "rose" may be a verb this time."""
    if not vault.knows(PhiType.NAME):
        return []
    return [
        Found(token.start, token.end, PhiType.NAME, Certainty.GUESS)
        for token in view.tokens
        if len(token.text) > 2 and any(vault.keys_with(PhiType.NAME, word) for word in name_words(token.text))
    ]


def _typed_placeholders(raw: str, vault: Vault) -> list[Found]:
    typed = []
    for match in PLACEHOLDER.finditer(raw):
        if vault.issued(match[0]):
            typed.append(Found(match.start(), match.end(), PhiType.OTHER))
        else:
            vault.reserve(match[0])
    return typed


def _without_placeholders(raw: str, found: list[Found], typed: list[Found]) -> list[Found]:
    """No find reaches into a placeholder that stays."""
    taken = {(f.start, f.end) for f in typed}
    stay = [Found(m.start(), m.end(), PhiType.OTHER) for m in PLACEHOLDER.finditer(raw) if m.span() not in taken]
    if not stay:
        return found
    cover = Cover(len(raw), stay)
    return [
        Found(start, end, f.kind)
        for f in found
        for start, end in cover.gaps(f.start, f.end)
        if any(c.isalnum() for c in raw[start:end])
    ]


def _replace(raw: str, redactions: tuple[Redaction, ...]) -> str:
    pieces: list[str] = []
    position = 0
    for redaction in redactions:
        pieces += (raw[position : redaction.start], redaction.placeholder)
        position = redaction.end
    return "".join((*pieces, raw[position:]))


def _pieces(
    raw: str, redactions: tuple[Redaction, ...], at_home: Iterable[tuple[int, int, str]]
) -> tuple[tuple[int, int, str], ...]:
    """Where the safe text differs from what `Vault.restore` gives back: (start and end in it, what was typed).

    `at_home`: placeholders and moved dates of earlier texts that stand in `raw` itself.
    """
    cover = Cover(len(raw), [Found(r.start, r.end, r.type) for r in redactions])
    changes = [(r.start, r.end, r.placeholder, raw[r.start : r.end]) for r in redactions]
    changes += [(s, e, raw[s:e], original) for s, e, original in at_home if cover.free(s, e)]
    pieces, longer = [], 0
    for start, end, written, typed in sorted(changes):
        pieces.append((start + longer, start + longer + len(written), typed))
        longer += len(written) - (end - start)
    return tuple(pieces)


def reference(text: str) -> SafeText:
    """For words that ship with the product or come from the graph, and never held a patient's words."""
    return SafeText(text)


def compose(template: str, **parts: SafeText) -> SafeText:
    """`template` (the product's own words, `{name}` slots) filled with safe parts. Raises `TypeError` on any other part."""
    for part in parts.values():
        if not isinstance(part, SafeText):
            raise TypeError("Only SafeText can be put into a SafeText.")
    return SafeText(re.sub(r"\{(\w+)\}", lambda slot: parts[slot[1]].text, template))
