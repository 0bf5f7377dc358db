"""DICOM: untrusted files opened, headers cleaned by PS3.15, pixels shown.

Knows nothing of models, graph or page.
"""

from guardrails.dicom.files import DeidentifiedDicom, deidentify_file, installation_secret

__all__ = ["DeidentifiedDicom", "deidentify_file", "installation_secret"]
