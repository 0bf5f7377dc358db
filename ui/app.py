"""The page as a whole: header, three workspaces, the disclaimer that stays in view, and the server.

Knows nothing of what a workspace does. Serves on the loopback address unless told otherwise.
"""

import argparse
import os
import signal
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.resources import files
from types import FrameType

import gradio as gr

from copilot.bootstrap import Application
from copilot.errors import ConfigurationError, CopilotError
from copilot.pipeline import Copilot
from copilot.scenarios import example_film
from ui import clinician, kiosk, parts, student
from ui.uploads import LARGEST_BYTES, Uploads
from ui.visitor import Visitor

TITLE = "Clinical Copilot"
SWEEP_EVERY_S = 30.0
SYSTEM_FONTS = ["system-ui", "-apple-system", "Segoe UI", "Roboto", "Helvetica Neue", "Arial", "sans-serif"]
# A page that is tricked or mistaken still cannot call out: the browser refuses. Gradio needs eval.
POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; object-src 'none'; "
    "base-uri 'self'; form-action 'none'"
)


def head() -> str:
    """What goes into the head of the document: the policy, the looks and the behaviour of the page."""
    return (
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
        '<meta name="referrer" content="no-referrer"><meta name="color-scheme" content="light dark">'
        f"<style>{parts.asset('page.css')}</style><script>{parts.asset('page.js')}</script>"
    )


def build(copilot: Copilot, uploads: Uploads) -> gr.Blocks:
    """The page on a ready pipeline. Everything of a visitor is in that visitor's `gr.State`s."""
    with gr.Blocks(title=TITLE, analytics_enabled=False, fill_width=True, delete_cache=(60, 300)) as app:
        parts.html("", parts.asset("header.html"), "cc.header(element)")
        with gr.Column(elem_id="ws-clinician", elem_classes="cc-ws"):
            clinician.build(copilot, uploads, example_film())
        with gr.Column(elem_id="ws-student", elem_classes="cc-ws"):
            student.build(copilot)
        with gr.Column(elem_id="ws-kiosk", elem_classes="cc-ws"):
            kiosk.build(copilot)
        parts.html("", parts.asset("always.html"))

        def left(request: gr.Request) -> None:
            forget(app, request.session_hash)

        app.unload(left)
    return app


def forget(app: gr.Blocks, session_hash: str | None) -> None:
    """Wipes a visitor whose page was closed, at once; Gradio itself would keep the state for another hour."""
    if session_hash is None:
        return
    for value in list(app.state_holder[session_hash].state_data.values()):
        if isinstance(value, Visitor):
            value.end()


def theme() -> gr.themes.Base:
    """Calm colours, the machine's own fonts, nothing fetched."""
    return gr.themes.Base(primary_hue="teal", neutral_hue="slate", font=SYSTEM_FONTS, font_mono=["monospace"])


def serve(app: gr.Blocks, uploads: Uploads, host: str, port: int) -> None:
    """Starts the server and returns when it answers. Raises `OSError` when the port is taken."""
    os.environ["GRADIO_TEMP_DIR"] = str(uploads.folder)
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
    app.queue(default_concurrency_limit=parts.MANY, api_open=False).launch(
        server_name=host,
        server_port=port,
        share=False,
        quiet=True,
        inbrowser=False,
        prevent_thread_lock=True,
        footer_links=[],
        run_history=False,
        enable_monitoring=False,
        ssr_mode=False,
        pwa=False,
        mcp_server=False,
        max_file_size=LARGEST_BYTES,
        theme=theme(),
        head=head(),
        favicon_path=str(files("ui").joinpath("assets", "icon.svg")),
    )


@contextmanager
def private_uploads() -> Iterator[Uploads]:
    """The folder that uploads pass through, swept now and then and deleted in the end."""
    uploads, stop = Uploads(), threading.Event()
    threading.Thread(target=uploads.sweep_every, args=(SWEEP_EVERY_S, stop), daemon=True).start()
    try:
        yield uploads
    finally:
        stop.set()
        uploads.close()


def main(arguments: Sequence[str] | None = None) -> int:
    """`copilot-ui`: serves the page until it is stopped. Exit status 0, 2 wrong usage, 4 no service."""
    parser = argparse.ArgumentParser(prog="copilot-ui", description="Clinical Copilot in the browser.")
    parser.add_argument("--host", default="127.0.0.1", help="address to serve on (127.0.0.1: this machine only)")
    parser.add_argument("--port", type=int, default=7860, help="port to serve on (7860)")
    options = parser.parse_args(arguments)
    signal.signal(signal.SIGTERM, _stop)
    try:
        with Application(progress=_say) as application, private_uploads() as uploads:
            serve(build(application.copilot, uploads), uploads, options.host, options.port)
            print(f"Clinical Copilot is ready at http://{_shown(options.host)}:{options.port}", flush=True)  # noqa: T201
            threading.Event().wait()
    except KeyboardInterrupt:
        return 0
    except (CopilotError, OSError) as problem:
        _say(str(problem))
        return 2 if isinstance(problem, ConfigurationError) else 4
    return 0


def _shown(host: str) -> str:
    return "127.0.0.1" if host == "0.0.0.0" else host  # noqa: S104  # compared, not bound


def _say(sentence: str) -> None:
    print(sentence, file=sys.stderr, flush=True)  # noqa: T201


def _stop(number: int, frame: FrameType | None) -> None:
    signal.signal(number, signal.SIG_IGN)  # a second one would interrupt the deleting of uploads
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())
