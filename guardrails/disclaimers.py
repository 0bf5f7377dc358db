"""What each audience is always told. Strings only, so that a clinician can review them without reading code."""

_NOT_A_DEVICE = "Clinical Copilot is research software, not a medical device, and is not for diagnosis."

_CLINICIAN = (
    _NOT_A_DEVICE,
    "Findings and sentences come from software and may be wrong or incomplete; read the film yourself before acting.",
    "A verdict says whether the knowledge graph supports a sentence, not whether the sentence fits this patient.",
)
_STUDENT = (
    _NOT_A_DEVICE,
    "For learning only: marks come from software, and a teacher or the supervising radiologist has the last word.",
    "Do not use it for the care of a real patient.",
)
_KIOSK = (
    "This screen explains words. It does not know you, cannot examine you and gives no diagnosis or treatment advice.",
    "Please talk with your own doctor or nurse about your report and before you change anything.",
    "In an emergency, call your local emergency number, for example 112, 911 or 999, or tell the nearest member of staff.",
)
_BY_PERSONA = {"clinician": _CLINICIAN, "student": _STUDENT, "kiosk": _KIOSK}


def for_persona(name: str) -> tuple[str, ...]:
    """The disclaimers for `clinician`, `student` or `kiosk`. Anyone else gets the kiosk's, the most careful ones."""
    return _BY_PERSONA.get(name, _KIOSK)
