"""Who asks, as data: how much they are told and how. Knows nothing of the pipeline that reads it.

`facts`: how many facts an answer may be composed from. `plain_words`: lay names are put beside clinical ones.
`shows_unsupported`: whether a drafted sentence that the graph does not know may be shown, marked as such.
`relations`: the kinds of facts this audience is told, definitions first; empty for all.
"""

from dataclasses import dataclass

from copilot.types import PersonaName


@dataclass(frozen=True, slots=True)
class Persona:
    """One audience."""

    name: PersonaName
    voice: str
    facts: int
    plain_words: bool = False
    shows_unsupported: bool = False
    relations: tuple[str, ...] = ()


PERSONAS: dict[PersonaName, Persona] = {
    p.name: p
    for p in (
        Persona(
            PersonaName.CLINICIAN,
            "You help a clinician read a chest radiograph. Be brief and exact.",
            facts=8,
            shows_unsupported=True,
        ),
        Persona(
            PersonaName.STUDENT,
            "You teach a medical student. Explain why, in short sentences.",
            facts=8,
            shows_unsupported=True,
        ),
        Persona(
            PersonaName.KIOSK,
            "You explain words to a patient in plain English. Use short sentences and no abbreviations.",
            facts=4,
            plain_words=True,
            # A term is explained; causes, treatments and what it may be a sign of are for the person's own doctor.
            relations=(
                "DEFINED_AS",
                "IS_A",
                "CONSISTS_OF",
                "LOCATED_IN",
                "PART_OF",
                "RULES_OUT",
                "TRANSMITTED_BY",
            ),
        ),
    )
}
