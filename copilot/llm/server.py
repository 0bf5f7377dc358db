"""An OpenAI-compatible server (llama.cpp server, vLLM, Ray Serve) as the language model. Knows nothing of prompts."""

import json
import urllib.request
from urllib.parse import urlsplit

from langchain_core.language_models import BaseChatModel
from langchain_openai import ChatOpenAI
from pydantic import SecretStr

from copilot.errors import ConfigurationError, ServiceUnreachable


def chat_model(url: str) -> tuple[BaseChatModel, str]:
    """The chat model at `url` and the name of the model it serves. Raises when the server does not answer."""
    name = served_model(url)
    model = ChatOpenAI(
        base_url=base_url(url),
        model=name,
        api_key=SecretStr("not-needed"),
        temperature=0,
        max_retries=1,
        timeout=120,
    )
    return model, name


def base_url(url: str) -> str:
    """The API root: `/v1` is added where the address has no path."""
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ConfigurationError("COPILOT_LLM is not an http(s) address. Example: http://127.0.0.1:8080/v1")
    return url.rstrip("/") if parts.path.strip("/") else url.rstrip("/") + "/v1"


def served_model(url: str) -> str:
    """The first model the server lists."""
    try:
        # S310: the scheme is checked in base_url.
        with urllib.request.urlopen(f"{base_url(url)}/models", timeout=10) as reply:  # noqa: S310
            return str(json.load(reply)["data"][0]["id"])
    except (OSError, ValueError, LookupError):
        raise ServiceUnreachable(
            "The language model server does not answer. Start it, or check the address in COPILOT_LLM."
        ) from None
