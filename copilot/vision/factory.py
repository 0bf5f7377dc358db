"""From the setting `COPILOT_ENCODER` to an encoder. Heavy backends are imported only when they are asked for.

Knows nothing of films or findings.
"""

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

from copilot.errors import ConfigurationError
from copilot.vision.examiner import Examiner
from copilot.vision.onnx_encoder import OnnxEncoder
from copilot.vision.port import Encoder

Names = Mapping[str, Sequence[str]]
_NO_NAMES: Names = MappingProxyType({})


def build_examiner(spec: str, names: Names = _NO_NAMES) -> Encoder:
    """The encoder of `spec` with everything that is measured beside it."""
    encoder = build_encoder(spec, names)
    if isinstance(encoder, OnnxEncoder):
        return Examiner(encoder, encoder.outliner, weigh_heart=True)
    gate = OnnxEncoder()
    return Examiner(encoder, gate.outliner, gate)


def build_encoder(spec: str, names: Names = _NO_NAMES) -> Encoder:
    """`bundled`, `open_clip:NAME` (model name, hub id or local folder) or `xrv:PATH` (local weights).

    `names`: what a concept is called, by its id, for an encoder that is asked in words.
    Raises `ConfigurationError` when the setting cannot be used.
    """
    kind, _, argument = spec.partition(":")
    make = _BACKENDS.get(kind.strip())
    if make is None:
        raise ConfigurationError(
            "The image encoder is not known; set COPILOT_ENCODER to bundled, open_clip:NAME or xrv:PATH."
        )
    return make(argument.strip(), names)


def _bundled(argument: str, _: Names) -> Encoder:
    if argument:
        raise ConfigurationError("The bundled image encoder takes no further name; set COPILOT_ENCODER to bundled.")
    return OnnxEncoder()


def _open_clip(argument: str, names: Names) -> Encoder:
    from copilot.vision.open_clip_encoder import OpenClipEncoder  # noqa: PLC0415 - torch takes seconds to import

    return OpenClipEncoder(argument, names)


def _xrv(path: str, _: Names) -> Encoder:
    from copilot.vision.xrv_encoder import XrvEncoder  # noqa: PLC0415 - torch takes seconds to import

    return XrvEncoder(path)


_BACKENDS: dict[str, Callable[[str, Names], Encoder]] = {"bundled": _bundled, "open_clip": _open_clip, "xrv": _xrv}
