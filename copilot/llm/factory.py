"""From the setting `COPILOT_LLM` to a `Writer`. Knows nothing of how drafts are used."""

import os
from pathlib import Path

from copilot.errors import ConfigurationError
from copilot.llm.port import Writer, WriterId

# LangChain sends every prompt to a tracing service when another project's environment says so. Never here.
for _switch in ("LANGSMITH_TRACING", "LANGCHAIN_TRACING_V2", "LANGSMITH_TRACING_V2", "LANGCHAIN_TRACING"):
    os.environ[_switch] = "false"


def build_writer(spec: str | None) -> Writer:
    """`spec` is a GGUF path, an http(s) address, or None for the bundled model. Raises `CopilotError`s."""
    if spec and spec.startswith(("http://", "https://")):
        from copilot.llm import server  # noqa: PLC0415  1 s of import for those who use it

        model, name = server.chat_model(spec)
        return Writer(model, WriterId(name, ""), grammar_in_body=True)
    from copilot.llm import in_process  # noqa: PLC0415

    path = Path(spec).expanduser() if spec else in_process.bundled_model()
    if not path.is_file():
        raise ConfigurationError("COPILOT_LLM is neither a file nor an http(s) address. Give the path of a GGUF file.")
    return Writer(in_process.LlamaCppChat(model_path=path), WriterId(path.stem, in_process.sha256_of(path)))
