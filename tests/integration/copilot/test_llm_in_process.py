"""The bundled language model, really running."""

import threading

import pytest
from langchain_core.language_models import BaseChatModel

from copilot.errors import Cancelled, InputUnusable
from copilot.llm.factory import build_writer
from copilot.llm.in_process import LlamaCppChat, bundled_model
from copilot.llm.port import SafeMessage, Writer, WriterId, WritingProgress
from guardrails.text import reference


@pytest.fixture(scope="module")
def writer() -> Writer:
    return build_writer(None)


def ask(text: str) -> list[SafeMessage]:
    return [SafeMessage("system", reference("Answer briefly.")), SafeMessage("user", reference(text))]


def drain(writer: Writer, text: str, **options: object) -> tuple[str, list[WritingProgress]]:
    progress, writing = [], writer.write(ask(text), **options)  # type: ignore[arg-type]
    while True:
        try:
            progress.append(next(writing))
        except StopIteration as finished:
            return finished.value, progress


def test_same_seed_same_draft(writer: Writer) -> None:
    """Two runs give the same words, with another question in between."""
    first, _ = drain(writer, "What is a pleural effusion?")
    drain(writer, "Name a colour.")
    again, _ = drain(writer, "What is a pleural effusion?")
    assert first == again
    assert len(first) > 40


def test_progress_counts_up(writer: Writer) -> None:
    """Progress tells how much is written, never what."""
    _, progress = drain(writer, "What is a rib?")
    counts = [p.tokens for p in progress]
    assert counts == sorted(counts)
    assert counts[-1] > 5


def test_stops_when_asked(writer: Writer) -> None:
    """A set cancel flag ends the draft at the next token and frees the model."""
    cancel = threading.Event()
    writing = writer.write(ask("Tell me everything about the chest."), cancel=cancel)
    next(writing)
    cancel.set()
    with pytest.raises(Cancelled):
        list(writing)
    assert drain(writer, "Name a colour.")[0]


def test_abandoned_draft_frees_the_model(writer: Writer) -> None:
    """A visitor who closes the page half-way does not block the next one."""
    writing = writer.write(ask("Tell me everything about the chest."))
    next(writing)
    writing.close()
    assert drain(writer, "Name a colour.")[0]


def test_two_at_once_take_turns(writer: Writer) -> None:
    """A second caller waits in line, is told so, and both get what they would have got alone."""
    alone, _ = drain(writer, "What is a rib?")
    results: dict[int, tuple[str, list[WritingProgress]]] = {}

    def run(number: int) -> None:
        results[number] = drain(writer, "What is a rib?")

    threads = [threading.Thread(target=run, args=(n,)) for n in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {draft for draft, _ in results.values()} == {alone}
    assert any(p.place == 1 for _, progress in results.values() for p in progress)


def test_too_long_a_prompt_is_refused(writer: Writer) -> None:
    """A prompt beyond the context gives one sentence, and the model goes on."""
    with pytest.raises(InputUnusable, match="too long"):
        drain(writer, "word " * 6000)
    assert drain(writer, "Name a colour.")[0]


def test_is_a_langchain_chat_model() -> None:
    """It answers through LangChain's ordinary `invoke`."""
    model: BaseChatModel = LlamaCppChat(model_path=bundled_model())
    assert len(str(model.invoke("Name a colour.").content)) > 0


def test_any_langchain_model_can_take_its_place() -> None:
    """A chat model that LangChain itself brings writes through the same `Writer`."""
    from langchain_core.language_models.fake_chat_models import GenericFakeChatModel

    other = Writer(GenericFakeChatModel(messages=iter(["It is fluid."])), WriterId("other", ""))
    assert drain(other, "What is it?")[0] == "It is fluid."
