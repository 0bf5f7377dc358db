"""A relay between a client and a graph server that can cut the line or fall silent, as networks do."""

import socket
import threading
from contextlib import suppress
from urllib.parse import urlparse


class Relay:
    """Passes bytes on. `cut_after`: closes both sides once the server has sent so many; `silent_after`: stops passing."""

    def __init__(self, uri: str) -> None:
        found = urlparse(uri)
        self._server = (found.hostname, found.port)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.uri = f"bolt://127.0.0.1:{self._listener.getsockname()[1]}"
        self.cut_after: int | None = None
        self.silent_after: int | None = None
        self.connections = 0
        self._open: list[socket.socket] = []
        threading.Thread(target=self._accept, daemon=True).start()

    def cut_once(self) -> None:
        """Cuts the lines that are open now; new ones are passed on."""
        for side in self._open:
            with suppress(OSError):
                side.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Accepts no more connections."""
        self._listener.close()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            server = socket.create_connection(self._server)
            self._open += [client, server]
            threading.Thread(target=self._pass, args=(client, server), daemon=True).start()
            threading.Thread(target=self._answer, args=(server, client), daemon=True).start()

    @staticmethod
    def _pass(client: socket.socket, server: socket.socket) -> None:
        try:
            while data := client.recv(65536):
                server.sendall(data)
        except OSError:
            pass
        server.close()

    def _answer(self, server: socket.socket, client: socket.socket) -> None:
        sent = 0
        try:
            while data := server.recv(2048):
                sent += len(data)
                if self.silent_after is not None and sent > self.silent_after:
                    continue
                if self.cut_after is not None and sent > self.cut_after:
                    break
                client.sendall(data)
        except OSError:
            pass
        for side in (client, server):
            with suppress(OSError):
                side.shutdown(socket.SHUT_RDWR)


def old_server(agent: str | None, bolt: tuple[int, int] = (4, 4)) -> str:
    """A server that says it is `agent` in that version of the protocol, or that shares none with the client (no agent).

    Returns its address.
    """
    listener = socket.create_server(("127.0.0.1", 0))

    def packed(text: str) -> bytes:
        return (
            bytes([0x80 + len(text)]) + text.encode()
            if len(text) < 16
            else b"\xd0" + bytes([len(text)]) + text.encode()
        )

    def success(**fields: str) -> bytes:
        body = b"\xb1\x70" + bytes([0xA0 + len(fields)]) + b"".join(packed(k) + packed(v) for k, v in fields.items())
        return len(body).to_bytes(2, "big") + body + b"\x00\x00"

    def serve() -> None:
        while True:
            client, _ = listener.accept()
            client.recv(20)
            client.sendall(bytes(4) if agent is None else bytes([0, 0, bolt[1], bolt[0]]))
            while agent is not None and client.recv(4096):
                client.sendall(success(server=agent, connection_id="bolt-1"))
            client.close()

    threading.Thread(target=serve, daemon=True).start()
    return f"bolt://127.0.0.1:{listener.getsockname()[1]}"
