"""What can go wrong in the application. Every message says what happened and what to do, and holds nothing typed.

CopilotError
├── InputUnusable       the input cannot be used                 (exit status 3)
├── ServiceUnreachable  a model, graph or server is not there    (exit status 4)
├── Cancelled           the person stopped the answer
└── ConfigurationError  a setting is wrong                       (exit status 2)
"""


class CopilotError(Exception):
    """Base of the application's errors."""


class InputUnusable(CopilotError):
    """Unreadable, too large, not a radiograph where one is needed, ..."""


class ServiceUnreachable(CopilotError):
    """A needed service could not be reached."""


class Cancelled(CopilotError):
    """The answer was stopped before it was complete."""


class ConfigurationError(CopilotError):
    """A setting cannot be used."""
