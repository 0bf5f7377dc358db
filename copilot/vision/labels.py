"""The labels of NIH ChestX-ray14: how each is shown and which concept it is. Knows nothing of models."""

from types import MappingProxyType
from typing import NamedTuple


class Named(NamedTuple):
    """How a label is shown and which concept of the graph it is."""

    name: str
    concept: str


NIH_LABELS = MappingProxyType(
    {
        "Effusion": Named("Pleural effusion", "pleural_effusion"),
        "Edema": Named("Pulmonary edema", "pulmonary_edema"),
        "Cardiomegaly": Named("Cardiomegaly", "cardiomegaly"),
        "Consolidation": Named("Consolidation", "consolidation"),
        "Atelectasis": Named("Atelectasis", "atelectasis"),
        "Pneumothorax": Named("Pneumothorax", "pneumothorax"),
        "Pneumonia": Named("Pneumonia", "pneumonia"),
        "Infiltration": Named("Infiltration", "pulmonary_infiltrate"),
        "No Finding": Named("No finding", "normal_chest_radiograph"),
        "Nodule": Named("Nodule", "lung_nodule"),
        "Mass": Named("Mass", "lung_mass"),
        "Pleural_Thickening": Named("Pleural thickening", "pleural_thickening"),
        "Fibrosis": Named("Fibrosis", "pulmonary_fibrosis"),
        "Emphysema": Named("Emphysema", "emphysema"),
        "Hernia": Named("Hiatal hernia", "hiatal_hernia"),
    }
)
