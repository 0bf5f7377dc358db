"""The seam between the pipeline and any LangChain chat model: safe messages in, a draft out.

Knows nothing of llama.cpp or of servers. A draft is a plain `str`: it must pass `guardrails.output` before anyone
reads it.
"""

import threading
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import BaseMessage, HumanMessage, SystemMessage

from copilot.errors import Cancelled, CopilotError, ServiceUnreachable
from guardrails.types import SafeText

PLACE_IN_LINE = "place_in_line"
ROUND = 60
"""Code points; so many in a row are not written twice by one who has something to say."""


@dataclass(frozen=True, slots=True)
class SafeMessage:
    """One message to the model."""

    role: Literal["system", "user"]
    content: SafeText


@dataclass(frozen=True, slots=True)
class WriterId:
    """Which model writes; `sha256` of its file, empty for a server that does not tell."""

    name: str
    sha256: str


@dataclass(frozen=True, slots=True)
class WritingProgress:
    """Either a place in the line (1 is next) or the number of chunks written so far."""

    place: int = 0
    tokens: int = 0


class Writer:
    """Writes drafts with any LangChain chat model. Deterministic for a seed where the model is."""

    def __init__(
        self, model: BaseChatModel, identity: WriterId, max_tokens: int = 160, *, grammar_in_body: bool = False
    ) -> None:
        """`max_tokens` bounds one draft; `grammar_in_body`: a server takes a grammar as a field of the request."""
        self._model = model
        self._grammar_in_body = grammar_in_body
        self._max_tokens = max_tokens
        self.id = identity

    def write(
        self,
        messages: Sequence[SafeMessage],
        *,
        seed: int = 0,
        cancel: threading.Event | None = None,
        grammar: str = "",
    ) -> Generator[WritingProgress, None, str]:
        """Yields progress and returns the whole draft; closing the generator stops the model. A draft that goes round in
        circles, as those of small models do, ends there.

        `grammar`, in GBNF, bounds what may be written, where the model or its server knows grammars.

        Raises `Cancelled` soon after `cancel` is set and `ServiceUnreachable` when the model fails.
        """
        parts, draft = list[str](), ""
        bounds = self._bounds(grammar) if grammar else {}
        try:
            for chunk in self._model.stream(_as_langchain(messages), seed=seed, max_tokens=self._max_tokens, **bounds):
                if cancel is not None and cancel.is_set():
                    raise Cancelled("The answer was stopped.")
                yield from _progress(chunk, parts)
                draft = "".join(parts)
                if not grammar and _goes_round(draft):
                    return _once(draft)
        except CopilotError:
            raise
        except Exception as error:
            # The library's message may quote the prompt; only its type is safe to pass on.
            raise ServiceUnreachable(
                f"The language model {self.id.name} did not answer ({type(error).__name__}). Check COPILOT_LLM."
            ) from None
        return draft

    def _bounds(self, grammar: str) -> dict[str, Any]:
        return {"extra_body": {"grammar": grammar}} if self._grammar_in_body else {"grammar": grammar}


def _goes_round(draft: str) -> bool:
    """Whether what was written last stands in it already."""
    return len(draft) > 2 * ROUND and draft.find(draft[-ROUND:]) < len(draft) - ROUND


def _once(draft: str) -> str:
    """The draft up to the last sentence that ends before it repeats itself."""
    before = draft[:-ROUND]
    return before[: max(before.rfind(sign) for sign in ".!?\n") + 1] or before


def _progress(chunk: Any, parts: list[str]) -> Iterator[WritingProgress]:
    place = chunk.response_metadata.get(PLACE_IN_LINE, 0)
    if place:
        yield WritingProgress(place=place)
    elif isinstance(chunk.content, str) and chunk.content:
        parts.append(chunk.content)
        yield WritingProgress(tokens=len(parts))


def _as_langchain(messages: Sequence[SafeMessage]) -> list[BaseMessage]:
    kinds: dict[str, type[BaseMessage]] = {"system": SystemMessage, "user": HumanMessage}
    return [kinds[message.role](content=message.content.text) for message in messages]
