"""Starts a real Neo4j 5.26 Community on a free loopback port, from the jars on Maven Central; needs Java and
Maven.

The jars are resolved once into `.cache/neo4j-VERSION` of the repository. Knows nothing of our graph.
"""

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from neo4j import GraphDatabase
from neo4j.exceptions import DriverError

VERSION = "5.26.12"
PASSWORD = "a-password-for-tests"
CACHE = Path(__file__).resolve().parent.parent / ".cache" / f"neo4j-{VERSION}"
_START_S = 120.0

_POM = f"""<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>tests</groupId><artifactId>neo4j-for-tests</artifactId><version>1</version>
  <dependencies>
    <dependency><groupId>org.neo4j</groupId><artifactId>neo4j</artifactId><version>{VERSION}</version></dependency>
  </dependencies>
</project>
"""
_CONF = """server.default_listen_address=127.0.0.1
server.bolt.listen_address=127.0.0.1:{port}
server.http.enabled=false
server.https.enabled=false
dbms.usage_report.enabled=false
server.memory.heap.initial_size=512m
server.memory.heap.max_size=512m
server.memory.pagecache.size=128m
"""


@dataclass(frozen=True)
class Server:
    """Where the server listens."""

    uri: str
    user: str = "neo4j"
    password: str = PASSWORD


@contextmanager
def running(home: Path) -> Iterator[Server]:
    """A fresh server with its data under `home`, stopped at the end."""
    jars = _jars()
    port = _prepare(home, jars)
    command = [
        "java", "-Xmx512m", "--add-opens=java.base/java.nio=ALL-UNNAMED", "-cp", f"{jars}/*",
        "org.neo4j.server.CommunityEntryPoint", f"--home-dir={home}", f"--config-dir={home / 'conf'}",
    ]  # fmt: skip
    with (home / "console.log").open("wb") as log:
        process = subprocess.Popen(command, cwd=home, stdout=log, stderr=subprocess.STDOUT)
        try:
            server = Server(f"bolt://127.0.0.1:{port}")
            _wait(server, process, home)
            yield server
        finally:
            process.terminate()
            process.wait(60)


def _jars() -> Path:
    for tool, package in (("java", "openjdk-17-jre-headless"), ("mvn", "maven")):
        if shutil.which(tool) is None:
            raise RuntimeError(f"{tool} is not installed; the tests on a real Neo4j need it: apt-get install {package}")
    jars = CACHE / "lib"
    if not (CACHE / "complete").exists():
        CACHE.mkdir(parents=True, exist_ok=True)
        (CACHE / "pom.xml").write_text(_POM)
        resolve = [
            "mvn",
            "-q",
            "-B",
            "dependency:copy-dependencies",
            "-DincludeScope=runtime",
            f"-DoutputDirectory={jars}",
        ]
        subprocess.run(resolve, cwd=CACHE, check=True)
        (CACHE / "complete").touch()
    return jars


def _prepare(home: Path, jars: Path) -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = int(probe.getsockname()[1])
    (home / "conf").mkdir(parents=True)
    (home / "conf" / "neo4j.conf").write_text(_CONF.format(port=port))
    environment = {**os.environ, "NEO4J_HOME": str(home), "NEO4J_CONF": str(home / "conf")}
    admin = ["java", "-cp", f"{jars}/*", "org.neo4j.cli.AdminTool", "dbms", "set-initial-password", PASSWORD]
    subprocess.run(admin, env=environment, check=True, capture_output=True)
    return port


def _wait(server: Server, process: "subprocess.Popen[bytes]", home: Path) -> None:
    deadline = time.monotonic() + _START_S
    with GraphDatabase.driver(server.uri, auth=(server.user, server.password)) as driver:
        while True:
            try:
                driver.verify_connectivity()
            except DriverError:
                if process.poll() is not None or time.monotonic() > deadline:
                    raise RuntimeError(f"Neo4j did not start; see {home / 'logs'}") from None
                time.sleep(0.2)
            else:
                return
