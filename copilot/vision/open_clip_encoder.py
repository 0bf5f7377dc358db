"""Any open_clip model as an encoder, without training: findings by comparing the film with sentences.

Its probabilities are not calibrated, so only clear ones leave the uncertain band. Needs the extra `open-clip`.
Knows nothing of the bundled encoder.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from copilot.errors import ConfigurationError, ServiceUnreachable
from copilot.types import EncoderId, Explored, Finding, FindingState, Reading
from copilot.vision import intake
from copilot.vision.labels import NIH_LABELS, Named
from copilot.vision.phrases import KnownNames, reminder
from copilot.vision.port import Encoder
from guardrails.types import SafeImage, SafeText

SHOWING = "a frontal chest X-ray showing {finding}"
NOT_SHOWING = "a frontal chest X-ray with no {finding}"
NORMAL = "a normal frontal chest X-ray with clear lungs"
ABNORMAL = "an abnormal frontal chest X-ray"
CHEST = "a frontal chest X-ray"
NOT_CHEST = (
    "a photograph",
    "a page of text",
    "a screenshot",
    "a CT slice",
    "an MRI slice",
    "an ultrasound image",
    "an X-ray of a hand",
    "an X-ray of the abdomen",
    "random noise",
)
# Names of one finding that are asked together: the first of a concept are the usual ones, and each costs two prompts
# through a text tower that may need a third of a second for one.
MOST_NAMES = 6
_STATES = re.compile(r"(?i)\b(?:is|was|are|has|looks|appears|my|his|her)\b")  # "heart is enlarged" fits no prompt
UNTESTED = "Compared with the same words denied; exploratory, tested on nothing."
THRESHOLD, ABSENT_BELOW, PRESENT_ABOVE = 0.5, 0.2, 0.8

NOT_INSTALLED = (
    "The open_clip image encoder needs torch and open_clip; install the application with its open-clip extra "
    "or set COPILOT_ENCODER to bundled."
)
NO_NAME = "COPILOT_ENCODER says open_clip but no model; write open_clip:NAME with a model name, hub id or folder."
NOT_LOADED = (
    "The open_clip model could not be loaded; check its name or folder in COPILOT_ENCODER, and that its "
    "weights are on this machine."
)


class OpenClipEncoder(Encoder):
    """Zero-shot reading with prompts for and against each finding, under several of its names. Safe in several threads."""

    def __init__(self, name: str, names: Mapping[str, Sequence[str]] = MappingProxyType({})) -> None:
        """`name`: a local folder, a hub id (`org/model`) or an open_clip model name, optionally `NAME,TAG`.

        `names`: further names of a concept by its id, the usual ones first; prompts with them are averaged.

        Raises `ConfigurationError` when the extra is missing or the name is no model, `ServiceUnreachable`
        when its weights cannot be had.
        """
        if not name:
            raise ConfigurationError(NO_NAME)
        try:
            import open_clip  # noqa: PLC0415 - an optional extra
            import torch  # noqa: PLC0415
        except ImportError as error:
            raise ConfigurationError(NOT_INSTALLED) from error
        self._torch: Any = torch
        self._model, self._preprocess, self._tokenizer = _loaded(open_clip, name)
        self._id = EncoderId(f"open_clip {Path(name).name}", _checksum(self._model))
        self._labels = _offered(name)
        with torch.inference_mode():
            self._pairs = [
                self._averaged(prompts(named, names.get(named.concept, ()))) for named in self._labels.values()
            ]
            self._kinds = self._told((CHEST, *NOT_CHEST))

    @property
    def id(self) -> EncoderId:
        """The model's name, and a checksum over its weights."""
        return self._id

    def read(self, image: SafeImage) -> Reading:
        """Intake by rule and by prompts, then every label that the model offers."""
        refused = intake.refusal_by_rule(image)
        with self._torch.inference_mode():
            seen = self._seen(image.pixels)
            if refused is None and int(np.argmax(self._shares(seen, self._kinds))) != 0:
                refused = intake.NOT_CHEST
            if refused is not None:
                return Reading(False, self.id, reason=refused, modality=image.modality, view=image.view)
            shares = [float(self._shares(seen, pair)[0]) for pair in self._pairs]
        findings = tuple(_finding(named, share) for named, share in zip(self._labels.values(), shares, strict=True))
        return Reading(True, self.id, modality=image.modality, view=intake.view_of(image), findings=findings)

    def likeness(self, image: SafeImage, phrase: SafeText) -> Explored | None:
        """The share of "showing PHRASE" against "with no PHRASE", for words near to a name of what the model is asked for.

        Nothing was ever tested on these words.
        """
        named = self._known.read(phrase, self._labels)
        if isinstance(named, str):
            return Explored(phrase, None, named)
        said = phrase.text.strip().rstrip(".")
        with self._torch.inference_mode():
            pair = self._told((SHOWING.format(finding=said), NOT_SHOWING.format(finding=said)))
            return Explored(phrase, float(self._shares(self._seen(image.pixels), pair)[0]), UNTESTED + reminder(phrase))

    @cached_property
    def _known(self) -> KnownNames:
        return KnownNames.shipped()

    def place(self, image: SafeImage) -> NDArray[np.float32] | None:
        """The film's unit vector in the space that the model shares with words."""
        with self._torch.inference_mode():
            place: NDArray[np.float32] = self._seen(image.pixels)[0].numpy()
            return place

    def _averaged(self, sides: Iterable[Sequence[str]]) -> Any:
        """One unit vector for each side: the mean over its prompts."""
        means = [self._told(side).mean(0) for side in sides]
        return self._torch.nn.functional.normalize(self._torch.stack(means), dim=-1)

    def _told(self, sentences: Sequence[str]) -> Any:
        return self._model.encode_text(self._tokenizer(list(sentences)), normalize=True)

    def _seen(self, pixels: NDArray[np.float32]) -> Any:
        picture = Image.fromarray((np.clip(pixels, 0, 1) * 255).astype(np.uint8)).convert("RGB")
        return self._model.encode_image(self._preprocess(picture)[None], normalize=True)

    def _shares(self, seen: Any, told: Any) -> NDArray[np.float32]:
        """Softmax over the sentences, at the model's own temperature."""
        shares: NDArray[np.float32] = (self._model.logit_scale.exp() * seen @ told.T).softmax(-1)[0].numpy()
        return shares


def _loaded(open_clip: Any, name: str) -> tuple[Any, Any, Any]:
    schema, tag = _where(open_clip, name)
    try:
        model, preprocess = open_clip.create_model_from_pretrained(schema, pretrained=tag, **_beside(name))
        return model.eval(), preprocess, open_clip.get_tokenizer(schema)
    except OSError as error:
        raise ServiceUnreachable(NOT_LOADED) from error
    except (RuntimeError, ValueError) as error:
        raise ConfigurationError(NOT_LOADED) from error


def _where(open_clip: Any, name: str) -> tuple[str, str | None]:
    """open_clip's own way of writing a source, and the weights' tag for a built-in model."""
    if name.startswith(("hf-hub:", "local-dir:")):
        return name, None
    if Path(name).is_dir():
        return f"local-dir:{name}", None
    if "/" in name:
        return f"hf-hub:{name}", None
    model, _, tag = name.partition(",")
    tags: list[str] = open_clip.list_pretrained_tags_by_model(model)
    if not tags:
        raise ConfigurationError(NOT_LOADED)
    return model, tag or tags[0]


def _described(name: str) -> dict[str, Any]:
    """The configuration in a local folder; nothing for models that open_clip knows or fetches by name."""
    path = _folder(name) / "open_clip_config.json"
    try:
        described: dict[str, Any] = json.loads(path.read_bytes()) if path.is_file() else {}
    except ValueError as error:
        raise ConfigurationError(NOT_LOADED) from error
    return described


def _folder(name: str) -> Path:
    return Path(name.removeprefix("local-dir:"))


def _beside(name: str) -> dict[str, Any]:
    """A text tower described in the model's own folder is taken from there, wherever the folder was moved to.

    open_clip takes its name as it stands: a path of the machine that wrote it, or an id that it would ask the hub for.
    """
    text = _described(name).get("model_cfg", {}).get("text_cfg", {})
    if "hf_model_name" not in text or not (_folder(name) / "config.json").is_file():
        return {}
    return {"text_cfg": {**text, "hf_model_name": str(_folder(name)), "hf_model_pretrained": False}}


def _offered(name: str) -> dict[str, Named]:
    """Every label, or those of `offered` (ids of concepts) in the configuration of a model that learned fewer."""
    offered = _described(name).get("offered")
    return {label: named for label, named in NIH_LABELS.items() if offered is None or named.concept in offered}


def _checksum(model: Any) -> str:
    """sha256 over the weights in the order of the layers, so that the file format does not matter."""
    digest = hashlib.sha256()
    for key, weights in model.state_dict().items():
        digest.update(key.encode())
        digest.update(weights.detach().float().numpy().tobytes())
    return digest.hexdigest()


def prompts(named: Named, others: Sequence[str]) -> tuple[list[str], list[str]]:
    """Prompts for and against a finding, one for each of its names."""
    if named.concept == "normal_chest_radiograph":
        return [NORMAL], [ABNORMAL]
    known = dict.fromkeys(name.lower() for name in (named.name, *others) if not _STATES.search(name))
    usual = list(known)[:MOST_NAMES]
    return [SHOWING.format(finding=name) for name in usual], [NOT_SHOWING.format(finding=name) for name in usual]


def _finding(named: Named, probability: float) -> Finding:
    state: FindingState = "uncertain"
    if probability >= PRESENT_ABOVE:
        state = "present"
    elif probability < ABSENT_BELOW:
        state = "absent"
    return Finding(named.name, named.concept, probability, THRESHOLD, state, (ABSENT_BELOW, PRESENT_ABOVE))
