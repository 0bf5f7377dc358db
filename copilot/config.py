"""Settings: from the environment and from options, never from the working directory. Knows nothing of what they configure."""

from pathlib import Path
from typing import Literal

from platformdirs import user_data_path
from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from copilot.types import Writing


class Settings(BaseSettings):
    """Everything an operator may set. The table in the README is checked against the descriptions here."""

    model_config = SettingsConfigDict(env_prefix="COPILOT_", env_file=None, extra="ignore", frozen=True)

    home: Path = Field(
        default_factory=lambda: user_data_path("clinical-copilot", appauthor=False),
        description="Where the graph, the audit trail and the log are kept. Default: the user's data directory.",
    )
    neo4j_uri: str | None = Field(
        None,
        description="A Neo4j 5 server, `bolt://`, `neo4j://` or `neo4j+s://`. Unset: the embedded engine.",
    )
    neo4j_user: str = Field("neo4j", description="User of that server.")
    neo4j_password: SecretStr = Field(SecretStr(""), description="Password of that user.")
    neo4j_database: str | None = Field(None, description="Database on that server. Unset: the server's default.")
    llm: str | None = Field(
        None,
        description="Path of a GGUF file, or the URL of an OpenAI-compatible server. Unset: the bundled SmolLM2-135M.",
    )
    writing: Writing = Field(
        "best",
        description="`best`: the model's draft if it survives checking, else the facts. `drafted`, `chosen` (the model "
        "only orders the facts) or `composed` (no model) fix one way.",
    )
    nli: Path | None = Field(
        None,
        description="Folder of an NLI or hallucination model (ONNX) that doubts supported sentences; it never raises trust.",
    )
    encoder: str = Field("bundled", description="`bundled`, `open_clip:NAME` or `xrv:PATH`.")
    segmenter: str = Field(
        "grabcut", description="How a region that you point at is outlined: `grabcut`, or `medsam:FOLDER` (ONNX)."
    )
    dates: Literal["remove", "shift"] = Field(
        "remove", description="`remove`, or `shift`: whole dates are moved by days that only the session knows."
    )
    log_level: str = Field("WARNING", description="DEBUG, INFO, WARNING or ERROR. Logs never hold what people type.")
