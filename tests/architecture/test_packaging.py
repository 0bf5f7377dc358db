"""What is shipped beside the code: lock files, the container files, the README. Reads files; builds nothing."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]
LOCKS = ("requirements.lock", "requirements-test.lock", "requirements-backends.lock")


def required() -> set[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    return {re.split(r"[<>=\[;]", line)[0].strip().lower().replace("_", "-") for line in project["dependencies"]}


def test_the_lock_holds_every_dependency() -> None:
    """Each run-time dependency is pinned in the lock; after a change in pyproject.toml run `make lock`."""
    locked = set(re.findall(r"^([a-z0-9._-]+)==", (ROOT / "requirements.lock").read_text(), re.MULTILINE))
    assert required() <= {name.replace("_", "-") for name in locked}


@pytest.mark.parametrize("name", LOCKS)
def test_locks_name_no_index(name: str) -> None:
    """Every requirement has a hash, and none says where to fetch it."""
    text = (ROOT / name).read_text()
    assert "://" not in text
    assert "index-url" not in text
    pinned = re.findall(r"^[a-z0-9._-]+==.*$", text, re.MULTILINE)
    assert pinned
    assert len(pinned) == len(re.findall(r"^[a-z0-9._-]+==.*\\\n\s+--hash=sha256", text, re.MULTILINE))


def test_no_torch_at_run_time() -> None:
    """The run-time install carries neither torch nor what it drags along."""
    text = (ROOT / "requirements.lock").read_text()
    assert not re.search(r"^(torch|nvidia|triton|open-clip)", text, re.MULTILINE)


def test_compose_file_is_valid() -> None:
    """docker-compose.yml fits the Compose specification's schema."""
    checker = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec"]
    subprocess.run([*checker, str(ROOT / "docker-compose.yml")], check=True)


def test_compose_publishes_on_loopback_only() -> None:
    """No port is published beyond the host's loopback, Neo4j's not at all, and its password has no default."""
    services = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]
    ports = [port for service in services.values() for port in service.get("ports", [])]
    assert ports
    assert all(port.startswith("127.0.0.1:") for port in ports)
    assert "ports" not in services["neo4j"]
    assert services["neo4j"]["environment"]["NEO4J_AUTH"].startswith("neo4j/${COPILOT_NEO4J_PASSWORD:?")


def test_app_container_is_locked_down() -> None:
    """The app runs as an ordinary user on a read-only root, keeps data in a volume and has a health check."""
    app = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]["app"]
    dockerfile = (ROOT / "Dockerfile").read_text()
    assert app["read_only"] is True
    assert any(volume.endswith(":/data") for volume in app["volumes"])
    assert re.search(r"^USER \d+$", dockerfile, re.MULTILINE)
    assert "HEALTHCHECK" in dockerfile


def test_dockerfile_is_clean() -> None:
    """Hadolint has nothing to say about the Dockerfile."""
    subprocess.run([str(Path(sys.executable).parent / "hadolint"), str(ROOT / "Dockerfile")], check=True)
