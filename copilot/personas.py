"""Who asks, as data: how much they are told and how. Knows nothing of the pipeline that reads it.

`facts`: how many facts an answer may be composed from. `plain_words`: lay names are put beside clinical ones.
`shows_unsupported`: whether a drafted sentence that the graph does not know may be shown, marked as such.
`relations`: the kinds of facts this audience is told of what it names; empty for all. `joining`: those told besides where
both ends were named, "NOT_" for denials alone. `of_activities`: the same, but only of tests and of `activities`.
`radiation`: concepts that ask for the dose of a test, and are told as its value. `times`: what is told of a thing that is named
where the question is how long or when.
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
    joining: tuple[str, ...] = ()
    of_activities: tuple[str, ...] = ()
    activities: tuple[str, ...] = ()
    radiation: tuple[str, ...] = ()
    times: tuple[str, ...] = ()


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
            relations=("DEFINED_AS", "IS_A", "CONSISTS_OF", "LOCATED_IN", "PART_OF", "TRANSMITTED_BY"),
            # What a test can and cannot show of a disease that the person named beside it. That a finding settles a
            # disease is for the doctor to say; that it does not by itself may be said.
            joining=(
                "DETECTS",
                "RULES_OUT",
                "NOT_CONFIRMS",
                "INVESTIGATED_BY",
                "MORE_SENSITIVE_THAN",
                "HIGHER_DOSE_THAN",
            ),
            # Of medicines not: who reads that one should be avoided may stop their own.
            of_activities=("CONTRAINDICATED_IN", "REQUIRES"),
            activities=("air_travel", "scuba_diving", "exercise"),
            radiation=("ionizing_radiation", "effective_dose", "background_equivalent_time"),
            # When a film is taken again, and how long healing takes: what it waits for, not what it may turn out to be.
            times=("follow_up_interval", "time_to_clearance", "healing_time"),
        ),
    )
}
