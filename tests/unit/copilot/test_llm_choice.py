"""How `COPILOT_LLM` becomes a model, before any model is loaded."""

import os
from pathlib import Path

import pytest

from copilot.errors import ConfigurationError, ServiceUnreachable
from copilot.llm import factory, in_process, server


@pytest.mark.parametrize(
    ("metadata", "file_name", "expected"),
    [
        ({"tokenizer.chat_template": "{% %}"}, "vicuna-7b.gguf", None),
        ({}, "vicuna-7b-v1.5.Q4_K_M.gguf", "vicuna"),
        ({"general.name": "LLaMA-2 7B Chat"}, "model.gguf", "llama-2"),
        ({"general.name": "Llama_3 8B"}, "model.gguf", "llama-3"),
        ({}, "something.gguf", "chatml"),
    ],
)
def test_chat_format(metadata: dict[str, str], file_name: str, expected: str | None) -> None:
    """The file's own template wins; older LLaMA and Vicuna files are known by name."""
    assert in_process.chat_format_of(metadata, file_name) == expected


def test_every_named_chat_format_exists() -> None:
    """llama.cpp knows each format that a name can choose."""
    from llama_cpp.llama_chat_format import LlamaChatCompletionHandlerRegistry

    known = LlamaChatCompletionHandlerRegistry()._chat_handlers
    assert {"vicuna", "llama-2", "llama-3", "mistral-instruct", "chatml"} <= set(known)


def test_bundled_model_is_there() -> None:
    """The default model comes with the installation."""
    assert in_process.bundled_model().suffix == ".gguf"


def test_missing_file_is_a_clear_error(tmp_path: Path) -> None:
    """A path without a file names the setting, not the path."""
    with pytest.raises(ConfigurationError, match="COPILOT_LLM"):
        factory.build_writer(str(tmp_path / "none.gguf"))


def test_damaged_file_is_a_clear_error(tmp_path: Path) -> None:
    """A file that is no GGUF is refused in one sentence."""
    broken = tmp_path / "broken.gguf"
    broken.write_bytes(b"GGUF" + b"\0" * 100)
    with pytest.raises(ConfigurationError, match=r"broken\.gguf could not be loaded"):
        in_process._load(broken, 1)


@pytest.mark.parametrize("url", ["ftp://host/v1", "http://", "localhost:8080"])
def test_wrong_address(url: str) -> None:
    """An address that is not http(s) is a configuration error with an example."""
    with pytest.raises(ConfigurationError, match="Example"):
        server.base_url(url)


def test_api_root_is_completed() -> None:
    """`/v1` is added only where the address has no path."""
    assert server.base_url("http://127.0.0.1:8080") == "http://127.0.0.1:8080/v1"
    assert server.base_url("http://127.0.0.1:8080/openai/v1/") == "http://127.0.0.1:8080/openai/v1"


def test_server_that_is_not_there() -> None:
    """A server that does not answer gives one sentence with what to do."""
    with pytest.raises(ServiceUnreachable, match="Start it"):
        server.served_model("http://127.0.0.1:9")


def test_prompts_are_never_traced() -> None:
    """LangChain's tracing service is switched off, whatever the environment said."""
    assert os.environ["LANGSMITH_TRACING"] == "false"
    assert os.environ["LANGCHAIN_TRACING_V2"] == "false"
