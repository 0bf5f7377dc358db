"""Mentions: what is found, under which spelling, and what is said of it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.linking import Linker, sentences
from kg.linking.normal import normal
from kg.linking.typos import Speller
from kg.types import Concept, Quantity
from tests.fakes.fact_store import core_store

LINKER = Linker(core_store().by_id.values())


def concepts(text: str) -> list[str]:
    return [m.concept for m in LINKER.link(text)]


@pytest.mark.parametrize(
    ("text", "concept"),
    [
        ("pleural effusions", "pleural_effusion"),
        ("Pleural Effusion", "pleural_effusion"),
        ("pneumothoraces", "pneumothorax"),
        ("pulmonary oedema", "pulmonary_edema"),
        ("a chest X-ray", "chest_radiograph"),
        ("a chest x ray", "chest_radiograph"),
        ("hydro-pneumothorax", "hydropneumothorax"),
        ("atelectesis", "atelectasis"),
        ("plerual effusion", "pleural_effusion"),
        ("plueral efusion", "pleural_effusion"),
        ("pnuemothorax", "pneumothorax"),
        ("The heart is enlarged", "cardiomegaly"),
        ("Kerley's B lines", "kerley_b_lines"),
    ],
)
def test_a_concept_is_found_under_its_spellings(text: str, concept: str) -> None:
    """Plurals, British spelling, hyphens, capitals, typing errors and predicates lead to the same concept."""
    assert concept in concepts(text)


def test_the_longest_name_wins() -> None:
    """A tension pneumothorax is not also a pneumothorax."""
    assert concepts("a tension pneumothorax") == ["tension_pneumothorax"]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("hypertenson", None),
        ("hypotension", None),
        ("hyporinflation", None),
        ("intrathoracic", None),
        ("brodycardia", None),
    ],
)
def test_opposite_prefixes_are_never_bridged(written: str, meant: None) -> None:
    """A slip near an opposite prefix is left alone."""
    words = {
        "hyperinflation",
        "interthoracic",
        "tachycardia",
        "bradycardia" if written != "brodycardia" else "tachycardia",
    }
    speller = Speller(words | ({"hypotension", "hypertension"} if written == "hypotension" else set()))
    assert speller.correct(written) is meant


@pytest.mark.parametrize(
    "text",
    ["hypokalemia", "hyperkalaemia", "marked steatosis", "a pruritic rash", "nephroblastoma", "parotitis", "desmoid"],
)
def test_another_term_of_medicine_is_never_a_typing_error(text: str) -> None:
    """Too little potassium is not too little oxygen: a term that the graph lacks is not mended to one that it has."""
    assert concepts(text) == []


@pytest.mark.parametrize(
    ("written", "near"), [("steatosis", "stenosis"), ("filum", "hilum"), ("microthorax", "fibrothorax")]
)
def test_a_letter_is_taken_for_a_likely_one_only(written: str, near: str) -> None:
    """A consonant stands for one beside it on the keyboard or of like sound, a vowel for a vowel; else it is another word."""
    assert Speller({near}).correct(written) is None


def test_an_english_word_is_never_a_typing_error() -> None:
    """The word "plural" stays "plural" although "pleural" is near."""
    assert Speller({"pleural"}).correct("plural") is None


@pytest.mark.parametrize("text", ["for all purposes", "an expertise", "paradise", "the canvases", "we were impelled"])
def test_an_english_word_whose_normal_form_is_none_is_not_either(text: str) -> None:
    """The normal form "purpos" is no word, "purposes" is: it is not mended to what lies near "purpos"."""
    assert concepts(text) == []


@pytest.mark.parametrize("text", ["I recieved it", "as cheked today", "a soloution", "two operatiors", "an appication"])
def test_a_slip_in_an_ordinary_word_stays_one(text: str) -> None:
    """What lies as near to a frequent English word as to a word of the lexicon is taken for neither."""
    assert concepts(text) == []


@pytest.mark.parametrize(
    ("text", "concept"),
    [
        ("CTPA showed a large PE in the right main pulmonary artery.", "pulmonary_embolism"),
        ("The pulmonary embolism (PE) was large and the PE moved.", "pulmonary_embolism"),
        ("MS with a diastolic murmur at the mitral valve", "mitral_stenosis"),
    ],
)
def test_an_abbreviation_is_read_by_its_context(text: str, concept: str) -> None:
    """The words beside a short abbreviation decide what it means."""
    assert concept in concepts(text)


@pytest.mark.parametrize("text", ["She is on RA", "She has had MS since 2010", "the pe teacher", "as a rule"])
def test_an_abbreviation_without_its_context_is_left_alone(text: str) -> None:
    """Room air, multiple sclerosis and small words are no concepts of the graph."""
    assert concepts(text) == []


@pytest.mark.parametrize(
    ("text", "assertion"),
    [
        ("There is a pneumothorax.", "present"),
        ("No pneumothorax.", "absent"),
        ("No consolidation, effusion or pneumothorax.", "absent"),
        ("No evidence of pneumothorax", "absent"),
        ("Without pneumothorax", "absent"),
        ("Pneumothorax is not seen.", "absent"),
        ("Pneumothorax was ruled out.", "absent"),
        ("Pneumothorax cannot be excluded.", "possible"),
        ("Cannot exclude pneumothorax", "possible"),
        ("Possible pneumothorax", "possible"),
        ("Rule out pneumothorax", "hypothetical"),
        ("If a pneumothorax develops, call.", "hypothetical"),
        ("History of pneumothorax", "historical"),
        ("Her mother had a pneumothorax.", "family"),
        ("No fever but a pneumothorax.", "present"),
        ("No change in the pneumothorax.", "present"),
    ],
)
def test_the_assertion_follows_its_trigger(text: str, assertion: str) -> None:
    """Negation, doubt, history, family and condition reach as far as their scope and no farther."""
    mention = next(m for m in LINKER.link(text) if m.concept == "pneumothorax")
    assert mention.assertion == assertion


@pytest.mark.parametrize(
    ("text", "quantity"),
    [
        ("An 8 mm pneumothorax", Quantity("=", 8, "mm")),
        ("A pneumothorax measuring about 3 cm", Quantity("=", 3, "cm")),
        ("6 weeks of cough", Quantity("=", 6, "weeks")),
        ("The pleural effusion was over 500 mL", Quantity(">", 500, "mL")),
        ("Aged 60 with a cough", None),
        ("Cough. 3 cm", None),
    ],
)
def test_a_number_comes_with_what_it_is_said_of(text: str, quantity: Quantity | None) -> None:
    """Before it or after it, with its unit and comparison; a bare number before something else is not its size."""
    assert [m.quantity for m in LINKER.link(text)] == [quantity]


def test_a_size_may_stand_within_a_name() -> None:
    """A tension pneumothorax of 4 cm is one name, and the size is told of it."""
    (found,) = LINKER.link("A tension 4 cm pneumothorax was drained.")
    assert (found.concept, found.text) == ("tension_pneumothorax", "tension 4 cm pneumothorax")


def test_an_imported_degree_hides_nothing() -> None:
    """A pack that lists "mild pneumothorax" does not take that for something else than a pneumothorax that is mild."""
    imported = Concept(id="pack:1", name="mild pneumothorax", category="finding", pack="semantic")
    (found,) = Linker([imported, *core_store().by_id.values()]).link("a mild pneumothorax")
    assert (found.concept, found.severity) == ("pneumothorax", "mild")


def test_side_place_and_severity_come_with_the_mention() -> None:
    """Adjectives in front and the place behind are read into the mention."""
    (effusion,) = LINKER.link("Small left-sided pleural effusion.")
    assert (effusion.side, effusion.severity) == ("left", "mild")
    opacity = LINKER.link("Consolidation in the right lower lobe.")[0]
    assert (opacity.side, opacity.location) == ("right", "right lower lobe")
    assert LINKER.link("Bilateral pneumothoraces.")[0].side == "both"


def test_offsets_point_at_the_words() -> None:
    """`start` and `end` are code points of the whole text."""
    text = "Café. Nothing else.\n- Large pneumothorax 🫁 and emphysema."
    for mention in LINKER.link(text):
        assert text[mention.start : mention.end] == mention.text


@given(st.text(max_size=300))
def test_no_text_upsets_the_linker(text: str) -> None:
    """Whatever is written, offsets are ordered, in range and never overlap."""
    at = 0
    for mention in LINKER.link(text, values=True):
        assert at <= mention.start < mention.end <= len(text)
        at = mention.end


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("Dr. Smith saw 3.5 cm vs. 2 cm. It grew.", 2),
        ("e.g. pneumonia is common", 1),
        ("- one thing\n- another thing\n1. a third", 3),
        ("No effusion; no pneumothorax.", 2),
        ("FINDINGS: clear lungs.\nIMPRESSION: normal.", 2),
        ("The ratio is 0.5. Normal.", 2),
        ("Seen in S. aureus infection.", 1),
    ],
)
def test_sentences_end_where_a_reader_ends_them(text: str, count: int) -> None:
    """Titles, decimals and species do not end a sentence; bullets, line ends and semicolons do."""
    assert len(sentences(text)) == count


def test_normal_forms_join_british_american_and_plural() -> None:
    """Both sides of the lexicon go through the same forms."""
    assert normal("oedemas") == normal("edema")
    assert normal("Haemothoraces") == normal("hemothorax")
    assert normal("metastases") == normal("metastasis")


def test_an_empty_lexicon_links_nothing() -> None:
    """A graph without concepts is no error."""
    assert Linker([]).link("pneumothorax") == ()
    assert Linker([Concept("x", "x y", "finding")]).link("x y")[0].concept == "x"


@pytest.mark.parametrize(
    ("text", "assertion"),
    [
        ("Pneumothorax likely.", "possible"),
        ("Is there a pneumothorax?", "possible"),
        ("? pneumothorax", "possible"),
        ("No history of pneumothorax.", "absent"),
        ("The previously seen pneumothorax has resolved.", "absent"),
        ("Compared with the prior film the pneumothorax is larger.", "present"),
        ("The pneumothorax has not resolved.", "present"),
        ("Brought in by her mother with a pneumothorax.", "present"),
        ("Pneumothorax in an aunt.", "family"),
        ("Does a normal film rule out a pneumothorax?", "present"),
        ("Evaluate for effusion in a man with pneumothorax.", "present"),
    ],
)
def test_a_trigger_reaches_as_far_as_a_reader_takes_it(text: str, assertion: str) -> None:
    """Doubt and past end where the sentence turns to whom it is about; the nearer of denial and past counts."""
    assert [m.assertion for m in LINKER.link(text) if m.concept == "pneumothorax"] == [assertion]


@pytest.mark.parametrize(
    ("text", "side"),
    [
        ("The left lung shows consolidation.", "left"),
        ("On the right there is consolidation.", "right"),
        ("Left effusion and consolidation.", "left"),
        ("Left effusion, consolidation.", "left"),
        ("Left effusion, right nodule, consolidation.", None),
        ("Consolidation has developed on the left.", "left"),
        ("Right greater than left consolidation.", "both"),
        ("Consolidation with an enlarged left ventricle.", None),
    ],
)
def test_a_side_is_found_where_a_reader_says_it(text: str, side: str | None) -> None:
    """Before the mention, at the head of the clause, shared with the mention before, or later in the clause."""
    assert [m.side for m in LINKER.link(text) if m.concept == "consolidation"] == [side]


def test_names_are_found_through_words_between_and_through_lost_spaces() -> None:
    """Sides, degrees and articles may stand inside a name; halves are joined and words run together parted."""
    assert concepts("blunting of the left costophrenic angle") == ["blunted_costophrenic_angle"]
    assert concepts("the heart is mildly enlarged") == ["cardiomegaly"]
    assert concepts("a pneumo thorax") == ["pneumothorax"]
    assert concepts("pleuraleffusion") == ["pleural_effusion"]


@given(st.data())
def test_no_typing_error_turns_hyper_into_hypo(data: st.DataObject) -> None:
    """Whatever one or two slips do to a word of the lexicon, it is never mended to one with the opposite prefix."""
    words = [w for w in sorted(LINKER._lexicon.words) if w.startswith(("hyper", "hypo", "tachy", "brady"))]
    word = data.draw(st.sampled_from(words))
    opposite = {"hype": "hypo", "hypo": "hype", "tach": "brad", "brad": "tach"}[word[:4]]
    letters = list(word)
    for _ in range(data.draw(st.integers(1, 2))):
        at = data.draw(st.integers(0, len(letters) - 1))
        letters[at : at + 1] = data.draw(st.sampled_from(["", "a", "o", "e", "r", letters[at] * 2]))
    mended = LINKER._speller.correct("".join(letters))
    assert mended is None or mended == word or not mended.startswith(opposite)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("No hilar or mediastinal lymphadenopathy.", {"hilar_lymphadenopathy", "mediastinal_lymphadenopathy"}),
        ("Pleural and pericardial effusions", {"pleural_effusion", "pericardial_effusion"}),
        ("Pleural effusion and thickening", {"pleural_effusion", "pleural_thickening"}),
        ("Fractures of the clavicle and scapula", {"clavicle_fracture", "scapular_fracture"}),
    ],
)
def test_names_that_share_a_word_are_both_found(text: str, found: set[str]) -> None:
    """What is written once for two names counts for both."""
    assert set(concepts(text)) == found


@pytest.mark.parametrize(
    ("text", "side"),
    [
        ("R pleural effusion", "right"),
        ("L basal atelectasis", "left"),
        ("The right lung is completely collapsed", "right"),
        ("Consolidation in the lingula", "left"),
        ("Within the left upper lobe is a nodule", "left"),
        ("effusion (left)", "left"),
        ("Effusions, L>R", "both"),
        ("Hepatitis L", None),
    ],
)
def test_a_side_is_found_in_short_writing_and_in_the_subject(text: str, side: str | None) -> None:
    """Letters, brackets, the place that the sentence is about, and a part that lies on one side only."""
    assert [m.side for m in LINKER.link(text) if m.category != "anatomy"] == ([side] if side else [])


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("The effusion is likely related to heart failure", ["present", "possible"]),
        ("No haemoptysis, mild ankle swelling", ["absent", "present"]),
        ("D-dimer negative, PE ruled out", ["present", "absent"]),
        ("Unlikely to be tuberculosis", ["absent"]),
        ("?new LLL consolidation", ["possible"]),
        ("PE?", ["possible"]),
        ("Nobody in the family has had lung cancer", ["absent"]),
        ("Her sister is being treated for TB", ["family"]),
        ("The pneumonia has not resolved", ["present"]),
        ("Plan: drain the empyema if the collapse does not resolve", ["hypothetical", "present"]),
    ],
)
def test_what_is_said_of_one_is_not_said_of_the_other(text: str, said: list[str]) -> None:
    """Doubt, denial and the family reach their own mention and stop before the next."""
    assert [m.assertion for m in LINKER.link(text)] == said


@pytest.mark.parametrize(
    ("text", "concept"),
    [
        ("No oedema and no effusion on the film", "pulmonary_edema"),
        ("Oedema of both ankles with a raised JVP, pitting", "peripheral_edema"),
        ("Basal consolidation, likely infection", "pneumonia"),
        ("He collapsed in the street", "syncope"),
        ("The right lung is collapsed", "atelectasis"),
        ("Old scar in the right apex", "lung_scarring"),
        ("Enlarged hila, lymphadenopathy is likely", "hilar_lymphadenopathy"),
    ],
)
def test_an_ordinary_word_is_read_by_its_context(text: str, concept: str) -> None:
    """A bare word of the ward means the chest condition, or another one where its neighbours say so."""
    assert concept in concepts(text)


@pytest.mark.parametrize(
    ("text", "concept"),
    [
        ("The sternotomy scar is tender", "lung_scarring"),
        ("A breast mass", "lung_mass"),
        ("A urine infection", "pneumonia"),
        ("We met the team, and how does it do", "pulmonary_metastases"),
        ("Liver metastases", "pulmonary_metastases"),
    ],
)
def test_an_ordinary_word_beside_another_organ_is_left_alone(text: str, concept: str) -> None:
    """The scar of an operation is none of the lung."""
    assert concept not in concepts(text)


@pytest.mark.parametrize(
    "text",
    [
        "Old fractures of the left 6th and 7th ribs",
        "Fractures of the 3rd, 4th and 5th ribs",
        "fractures of the fifth ribs",
    ],
)
def test_numbers_may_stand_inside_a_name(text: str) -> None:
    """The 6th and 7th ribs, fractured, are rib fractures."""
    assert concepts(text) == ["rib_fracture"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("No acute PE.", ["absent"]),
        ("No acute pulmonary oedema or new collapse", ["absent", "absent"]),
        ("Raised diaphragm, possibly due to phrenic nerve palsy", ["present", "possible"]),
        ("No fever, just a dry cough", ["absent", "present"]),
        ("Atelectasis, oedema and effusion are all absent", ["absent", "absent", "absent"]),
        ("Asthma may be complicated by pneumothorax", ["present", "present"]),
        ("My dad had lung cancer, should I worry about this spot on my lung?", ["family", "present"]),
    ],
)
def test_a_trigger_reaches_its_own(text: str, said: list[str]) -> None:
    """A denial that runs into a longer name still denies it; an adverb, a turn to oneself, "just" end what came before."""
    assert [m.assertion for m in LINKER.link(text)] == said


@pytest.mark.parametrize(
    ("text", "sides"),
    [
        ("Small bilat pleural effusions", ["both"]),
        ("Creps b/l", ["both"]),
        ("No pneumothorax after removal of the right chest drain", [None, "right"]),
        ("Raised JVP, bilateral creps to mid zones", [None, "both"]),
        ("An effusion on the right with adjacent atelectasis", ["right", "right"]),
        ("The PICC from the left arm ends in the right atrium", ["left"]),
        ("All right, no pneumothorax", [None]),
        ("Effusion left untreated", [None]),
        ("Small right and moderate left effusions", ["both"]),
    ],
)
def test_a_side_belongs_to_what_it_describes(text: str, sides: list[str | None]) -> None:
    """The side of the next mention is not taken for this one's; "right away" and "left untreated" are no sides."""
    assert [m.side for m in LINKER.link(text) if m.category != "anatomy"] == sides


def test_hypertension_elsewhere_is_not_the_systemic_one() -> None:
    """What the portal vein or the skull has is another thing, of which the graph knows nothing."""
    assert concepts("Portal hypertension causes varices.") == []
    assert concepts("Hypertension is common.") == ["hypertension"]


@pytest.mark.parametrize(
    ("note", "concept"),
    [
        ("pulm infarct in RLL", "pulmonary_infarction"),
        ("peric rub heard", "pericardial_friction_rub"),
        ("mediast widening", "widened_mediastinum"),
        ("LUL consol", "left_upper_lobe_consolidation"),
        ("COPD exac", "copd_exacerbation"),
        ("tiny pl eff", "small_pleural_effusion"),
        ("non-prod cough", "dry_cough"),
        ("sputum cx pending", "sputum_culture"),
        ("R heart cath", "right_heart_catheterization"),
        ("LIJ line", "central_venous_catheter"),
        ("FB inhalation", "foreign_body_aspiration"),
        ("SCC lung", "lung_squamous_cell_carcinoma"),
        ("↓BS at the base", "reduced_breath_sounds"),
        ("T2RF", "respiratory_failure"),
        ("30 py", "pack_years"),
    ],
)
def test_short_forms_of_notes_are_written_out(note: str, concept: str) -> None:
    """Clipped words, capitals, signs and one-letter sides are read as the words they stand for."""
    assert concept in concepts(note)


@pytest.mark.parametrize(
    ("note", "concept"),
    [
        ("clavicle #", "clavicle_fracture"),
        ("# sternum", "sternal_fracture"),
        ("multiple rib #s", "multiple_rib_fractures"),
        ("# ribs 4-6", "rib_fracture"),
    ],
)
def test_a_hash_beside_a_bone_is_a_fracture(note: str, concept: str) -> None:
    """The sign may stand before or after the bone, and in the plural."""
    assert concept in concepts(note)


def test_a_hash_before_a_number_is_no_fracture() -> None:
    """A numbered item is none."""
    assert "rib_fracture" not in concepts("Series #2 of the ribs")


def test_a_volume_in_litres_is_no_left_side() -> None:
    """The L of 1.5 L does not become a side."""
    assert [m.concept for m in LINKER.link("1.5 L drained", values=True)] == []


@pytest.mark.parametrize(
    ("text", "concept"),
    [
        ("bulky subcarinal LAD", "mediastinal_lymphadenopathy"),
        ("ICD swinging, effusion smaller", "chest_drain"),
        ("ICD generator over the left chest, VT", "icd_device"),
        ("no CP, no cough", "chest_pain"),
        ("severe AS awaiting surgery", "aortic_stenosis"),
        ("PMH MI", "myocardial_infarction"),
        ("treated for CAP", "community_acquired_pneumonia"),
        ("preterm 26/40, ventilated, PIE", "pulmonary_interstitial_emphysema"),
        ("RA treated with rituximab", "rheumatoid_arthritis"),
        ("ICS and a LABA for asthma", "inhaled_corticosteroid"),
        ("I felt faint", "syncope"),
        ("I have a cold", "upper_respiratory_infection"),
        ("Retrocardiac mass", "lung_mass"),
        ("Sternotomy wires and an aortic valve replacement are seen", "prosthetic_heart_valve"),
        ("Aortic valve replacement is advised", "valve_replacement"),
    ],
)
def test_a_short_form_with_several_meanings_is_told_by_its_neighbours(text: str, concept: str) -> None:
    """The words of the sentence decide, those right beside it most."""
    assert concept in concepts(text)


@pytest.mark.parametrize(
    ("text", "concept"),
    [
        ("LAD stent patent", "hilar_lymphadenopathy"),
        ("CT CAP for staging", "community_acquired_pneumonia"),
        ("sats 92% RA", "rheumatoid_arthritis"),
        ("ICD-10 coding", "icd_device"),
        ("drain in the 4th ICS", "inhaled_corticosteroid"),
        ("CO 20 ppm", "pacemaker"),
        ("a faint opacity", "syncope"),
        ("He sat down", "oxygen_saturation"),
        ("The water was cold", "upper_respiratory_infection"),
        ("a cold day", "upper_respiratory_infection"),
        ("the flu jab", "influenza"),
        ("a broken toe", "transesophageal_echocardiography"),
        ("She wears a hearing aid", "people_with_hiv"),
        ("my pet dog", "pet_ct"),
        ("Three signs are useful", "figure_of_3_sign"),
        ("She began to sob", "dyspnea"),
        ("Does it hurt?", "exertional_dyspnea"),
        ("is often confused with a mass", "confusion"),
    ],
)
def test_words_of_general_english_and_other_meanings_are_left_alone(text: str, concept: str) -> None:
    """Where the neighbours speak against the chest meaning, nothing is linked."""
    assert concept not in concepts(text)


@pytest.mark.parametrize(
    ("text", "concept"),
    [
        ("a child with Turner's and a murmur", "turner_syndrome"),
        ("Treated for Hodgkin's in 2001.", "hodgkin_lymphoma"),
        ("Could it be Behçet's?", "behcet_disease"),
    ],
)
def test_an_eponym_alone_names_its_disease(text: str, concept: str) -> None:
    """The possessive without its noun is enough where no other noun follows."""
    assert concept in concepts(text)


def test_an_eponym_before_another_noun_names_nothing() -> None:
    """Turner's view is not Turner syndrome."""
    assert concepts("Turner's view was different") == []


@pytest.mark.parametrize(
    ("text", "concept"),
    [
        ("the mediastinum widens", "widened_mediastinum"),
        ("the right heart fails", "right_heart_failure"),
        ("the right costophrenic angle blunts", "blunted_costophrenic_angle"),
    ],
)
def test_the_verb_of_a_change_names_it(text: str, concept: str) -> None:
    """What widens is wide."""
    assert concept in concepts(text)


def test_an_adjective_is_no_noun_of_a_turned_name() -> None:
    """In "an opacity of pulmonary infarction" the infarction stays whole."""
    assert concepts("an opacity of pulmonary infarction") == ["lung_opacity", "pulmonary_infarction"]


@pytest.mark.parametrize(
    ("text", "concept", "assertion"),
    [
        ("Advise bronchoscopy.", "bronchoscopy", "hypothetical"),
        ("For echo tomorrow.", "echocardiography", "hypothetical"),
        ("Thoracoscopy is planned.", "thoracoscopy", "hypothetical"),
        ("Echo done today.", "echocardiography", "present"),
        ("PE 2016, now well", "pulmonary_embolism", "historical"),
        ("Asthma since 2016", "asthma", "present"),
        ("Ex-smoker", "smoking", "historical"),
        ("c/w sarcoid", "sarcoidosis", "possible"),
        ("Heart not enlarged", "cardiomegaly", "absent"),
        ("Day 2 after lobectomy, effusion larger", "pleural_effusion", "present"),
        ("Bronchiectasis, bronchoscopy declined", "bronchiectasis", "present"),
        ("Bronchiectasis, bronchoscopy declined", "bronchoscopy", "absent"),
        ("Refuses chemotherapy.", "chemotherapy", "absent"),
        ("A 3 yr old ?pneumonia", "pneumonia", "possible"),
        ("No fever, PE vs pneumonia", "pulmonary_embolism", "possible"),
        ("No effusion, NGT in situ", "nasogastric_tube", "present"),
        ("I feel hot, have I got pneumonia?", "pneumonia", "possible"),
        ("Why are smokers at risk of emphysema?", "emphysema", "present"),
        ("One possibility is sarcoidosis.", "sarcoidosis", "possible"),
        ("Inhalers do not help against pneumonia.", "pneumonia", "present"),
        ("I cannot say whether this is a pneumothorax.", "pneumothorax", "present"),
        ("Exposed to asbestos in the 70s.", "asbestos_exposure", "historical"),
    ],
)
def test_plans_dates_refusals_and_notes_are_read(text: str, concept: str, assertion: str) -> None:
    """A planned test is not done, a dated disease is past, and in notes a comma ends what is said."""
    assert next(m for m in LINKER.link(text) if m.concept == concept).assertion == assertion


@pytest.mark.parametrize(
    ("text", "concept", "side"),
    [
        ("PTX rt side", "pneumothorax", "right"),
        ("Bronchiectasis, worse on the left.", "bronchiectasis", "both"),
        ("Chilaiditi sign below the right hemidiaphragm.", "chilaiditi_sign", "right"),
        ("The line over the left apex is a skin fold.", "skin_fold", "left"),
        ("Opaque left lung with atelectasis.", "atelectasis", "left"),
        ("Pleural plaques, both common after asbestos.", "pleural_plaques", None),
        ("Large left effusion on the supine film", "supine_chest_radiograph", None),
    ],
)
def test_sides_after_the_noun_and_in_notes_are_read(text: str, concept: str, side: str | None) -> None:
    """A side behind its noun, under a place or at the head of the clause belongs to it; "both" alone is no side."""
    assert next(m for m in LINKER.link(text) if m.concept == concept).side == side


@pytest.mark.parametrize(
    ("text", "concept"),
    [
        ("Morgagni hernias", "morgagni_hernia"),
        ("ankle swellings", "ankle_swelling"),
        ("FARMER'S LUNG", "farmers_lung"),
        ("sub-segmental atelectasis", "linear_atelectasis"),
        ("peri hilar", "perihilar"),
        ("type A and B aortic dissection", "type_b_aortic_dissection"),
        ("Kerley A and B lines", "kerley_a_lines"),
        ("the heart is borderline enlarged", "cardiomegaly"),
        ("no overt failure, no effusion", "heart_failure"),
        ("the drain is swinging", "chest_drain"),
    ],
)
def test_further_forms_of_a_name_lead_to_it(text: str, concept: str) -> None:
    """Plurals in -ias, capitals, split prefixes, adverbs inside, and two names that share what stands around a word."""
    assert concept in [m.concept for m in LINKER.link(text, values=True)]


def test_to_drain_is_no_drain() -> None:
    """The verb of what a vein does is no chest tube."""
    assert "chest_drain" not in concepts("Where does the azygos vein drain?")


@pytest.mark.parametrize(
    ("text", "concept", "assertion"),
    [
        ("Post-lobectomy film", "surgical_resection", "historical"),
        ("s/p CABG 2012, new AF", "atrial_fibrillation", "present"),
        ("s/p AVR ?endocarditis", "infective_endocarditis", "possible"),
        ("He used to smoke.", "smoking", "historical"),
    ],
)
def test_the_past_ends_where_the_present_begins(text: str, concept: str, assertion: str) -> None:
    """What was done is past; what is new or asked about after it is not."""
    assert next(m for m in LINKER.link(text) if m.concept == concept).assertion == assertion


def test_lung_zones_of_a_side_have_that_side() -> None:
    """RLZ is the right lower zone."""
    assert [m.side for m in LINKER.link("LMZ consolidation")] == ["left"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("No cough, no wheeze, chest pain since Monday", ["absent", "absent", "present"]),
        ("No cough, wheeze or stridor", ["absent", "absent", "absent"]),
        ("Myocarditis, echo: no pericardial effusion", ["present", "present", "absent"]),
        ("Pneumothorax: no", ["absent"]),
        ("Dad had asthma, no wheeze", ["family", "absent"]),
    ],
)
def test_each_denial_has_its_own_item(text: str, said: list[str]) -> None:
    """Where every item has its own no, one without is there; an answer after a colon denies only what stands before it."""
    assert [m.assertion for m in LINKER.link(text)] == said


@pytest.mark.parametrize("text", ["Afebrile", "He is apyrexial."])
def test_a_word_of_denial_denies(text: str) -> None:
    """Afebrile is fever, absent; it is no slip of febrile."""
    assert [(m.concept, m.assertion) for m in LINKER.link(text)] == [("fever", "absent")]


@pytest.mark.parametrize(
    ("text", "concept"),
    [("r/o pe", "pulmonary_embolism"), ("?tb", "tuberculosis"), ("new af", "atrial_fibrillation")],
)
def test_small_letters_count_after_a_word_of_notes(text: str, concept: str) -> None:
    """Two letters without capitals are an abbreviation only where the writing is that of a note."""
    assert concept in concepts(text)


@pytest.mark.parametrize(
    ("text", "sides"),
    [
        ("Left mid to lower zone consolidation", ["left"]),
        ("In the right lung there is a nodule and in the left lung there is a mass", ["right", "left"]),
        ("Right basal collapse, effusion on the same side", ["right", "right"]),
    ],
)
def test_a_range_a_second_place_and_the_same_side(text: str, sides: list[str]) -> None:
    """A range of zones keeps its side, each clause has its own place, and "the same side" is the one named before."""
    assert [m.side for m in LINKER.link(text) if m.category != "anatomy"] == sides


def test_a_family_history_of_a_disease_is_the_disease_in_the_family() -> None:
    """Of a family history of asthma the asthma is the mention; an age that is said to be uncertain is no measurement."""
    assert [(m.concept, m.assertion) for m in LINKER.link("Family history of asthma")] == [("asthma", "family")]
    assert concepts("Rib fracture, age indeterminate") == ["rib_fracture"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("No effusion, pneumothorax or consolidation.", ["absent", "absent", "absent"]),
        ("No effusion, pneumothorax.", ["absent", "absent"]),
        ("No pleural effusion, so pneumonia.", ["absent", "present"]),
        ("No pneumothorax, minimally displaced rib fracture.", ["absent", "present"]),
        ("No cavity, working diagnosis sarcoidosis.", ["absent", "possible"]),
        ("Without cardiomegaly, favour ARDS over pneumonia.", ["absent", "possible", "possible"]),
        ("Without fever, pulmonary embolism.", ["absent", "present"]),
        ("Without fever, cough or weight loss.", ["absent", "absent", "absent"]),
        ("He refuses food, may have pneumonia.", ["possible"]),
        ("Stridor not settling with adrenaline, croup.", ["present", "present"]),
        ("Do not confuse asthma with COPD.", ["present", "present"]),
        ("Do not give NSAIDs in renal failure.", ["absent", "present"]),
        ("No nodules to suggest silicosis.", ["absent", "absent"]),
        ("Pleural effusion - not seen.", ["absent"]),
    ],
)
def test_a_denial_ends_where_a_conclusion_begins(text: str, said: list[str]) -> None:
    """A list goes on being denied; what is concluded, described or forbidden after it is not."""
    assert [m.assertion for m in LINKER.link(text) if m.concept != "epinephrine_nebulized"][: len(said)] == said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Known asthma, coarse crackles, pneumonia?", ["present", "present", "possible"]),
        ("Tearing chest pain - aortic dissection?", ["present", "possible"]),
        ("Sickle cell disease, hypoxic: acute chest syndrome?", ["present", "present", "possible"]),
        ("No fever: pneumonia, tuberculosis or sarcoidosis?", ["absent", "possible", "possible", "possible"]),
        ("PE?", ["possible"]),
        ("Are crackles heard in heart failure, pneumonia?", ["present", "present", "present"]),
        ("Could pneumonia explain the pleural effusion?", ["possible", "present"]),
        ("Is it pneumonia rather than tuberculosis?", ["possible", "possible"]),
    ],
)
def test_a_question_in_note_form_asks_of_its_last_item(text: str, said: list[str]) -> None:
    """What stands before the last comma, colon or dash is told, not asked; a question in full words asks of its own."""
    assert [m.assertion for m in LINKER.link(text)] == said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Bilateral lymph nodes: sarcoidosis or lymphoma.", ["possible", "possible"]),
        ("Pneumocystis pneumonia v sarcoidosis.", ["possible", "possible"]),
        ("Mediastinal mass; d/d thymoma, lymphoma.", ["present", "possible", "possible"]),
        ("Pneumonia favoured over tuberculosis.", ["possible", "possible"]),
        ("Alveolar oedema until proved otherwise.", ["possible"]),
        ("Wide mediastinum, worrying for aortic dissection.", ["present", "possible"]),
        ("Petechiae, impression fat embolism.", ["possible"]),
        ("IMPRESSION: Pneumonia.", ["present"]),
        ("Symptoms: fever or cough.", ["present", "present"]),
        ("Q fever serology sent.", ["possible", "present"]),
    ],
)
def test_a_differential_is_possible(text: str, said: list[str]) -> None:
    """Alternatives after a finding and what is favoured, worrying or tested for are possible; a heading decides nothing."""
    assert [m.assertion for m in LINKER.link(text)][-len(said) :] == said


@pytest.mark.parametrize(
    ("text", "concept", "assertion"),
    [
        ("Hickman line out, on vancomycin.", "central_venous_catheter", "absent"),
        ("The endotracheal tube has been removed.", "endotracheal_tube", "absent"),
        ("After the chest drain is out, rest.", "chest_drain", "present"),
        ("Positive skin test, night sweats denied.", "night_sweats", "absent"),
        ("Bronchiolitis; chest x-ray not needed.", "chest_radiograph", "absent"),
        ("Hepatic hydrothorax; avoid chest drain.", "chest_drain", "absent"),
        ("Haemoptysis, PE excluded on CTPA.", "pulmonary_embolism", "absent"),
        ("Haemoptysis, PE excluded on CTPA.", "hemoptysis", "present"),
        ("The minor fissure is not seen.", "minor_fissure", "present"),
        ("Atelectasis after CABG.", "coronary_bypass", "historical"),
        ("2 h old, meconium aspiration.", "meconium_aspiration_syndrome", "present"),
        ("Hx of stroke, on apixaban.", "direct_oral_anticoagulant", "present"),
        ("Father COPD, patient wheezy.", "copd", "family"),
        ("Your sister's cystic fibrosis means you could be a carrier.", "cystic_fibrosis", "family"),
        ("Brother has asthma, ?pneumonia.", "pneumonia", "possible"),
    ],
)
def test_removals_refusals_and_relatives_are_read(text: str, concept: str, assertion: str) -> None:
    """What was taken out, turned down, avoided or excluded is absent; a part of the body not seen is still there."""
    assert {m.concept: m.assertion for m in LINKER.link(text)}[concept] == assertion


@pytest.mark.parametrize(
    ("text", "concept", "side"),
    [
        (
            "Moderate hydropneumothorax on the right without evidence of shift of the mediastinum.",
            "hydropneumothorax",
            "right",
        ),
        ("Deep sulcus sign on the left, hence pneumothorax there.", "pneumothorax", "left"),
        ("What forms the left heart border?", "left_heart_border", "left"),
        ("BHL.", "bilateral_hilar_lymphadenopathy", "both"),
        ("Positive spine sign: left retrocardiac consolidation.", "spine_sign", None),
        ("Pleural tap of 1.8 L on the left.", "thoracentesis", "left"),
        ("Dyspnoea, bilateral hilar adenopathy.", "dyspnea", None),
        ("Right shoulder pain and hepatomegaly.", "hepatomegaly", None),
        ("Mod. rt. pleural effusion.", "pleural_effusion", "right"),
        ("Both the football sign and the Rigler sign are seen.", "football_sign", None),
    ],
)
def test_a_side_is_of_its_own_mention(text: str, concept: str, side: str | None) -> None:
    """A side in the name, "there" and a late "on the left" count; the side of what follows does not."""
    assert {m.concept: m.side for m in LINKER.link(text)}[concept] == side


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Plate-like atelectasis at both bases.", {"linear_atelectasis", "lung_base"}),
        ("Cannonball metastases in both lungs.", {"cannonball_metastases", "lung"}),
        ("Atelectasis at both bases.", {"basal_atelectasis"}),
        ("The left base is hazy.", {"lung_base"}),
        ("Pneumothorax, needle aspiration done.", {"pneumothorax", "needle_aspiration"}),
        ("Needle aspiration of a lymph node.", {"lymph_node"}),
    ],
)
def test_the_kind_goes_before_the_place(text: str, found: set[str]) -> None:
    """Of two names that overlap, the one that says what kind it is stands; a side of the base is the base."""
    assert set(concepts(text)) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("How do you tell Bochdalek from Morgagni hernia?", ["bochdalek_hernia", "morgagni_hernia"]),
        ("viral rather than bacterial pneumonia", ["viral_pneumonia", "bacterial_pneumonia"]),
        ("Cardiogenic versus noncardiogenic edema", ["cardiogenic_pulmonary_edema", "noncardiogenic_pulmonary_edema"]),
        ("Nodules in both lungs, miliary TB", ["lung_nodule", "lung", "miliary_tuberculosis"]),
    ],
)
def test_what_is_compared_shares_its_noun(text: str, found: list[str]) -> None:
    """The words "from", "versus" and "rather than" join two names of one noun; a comma alone and a plural do not."""
    assert concepts(text) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Bronchectasis", ["bronchiectasis"]),
        ("metastasses in the lungs", ["pulmonary_metastases"]),
        ("paramediastinal fibrosis", ["pulmonary_fibrosis"]),
        ("the shadow of my nipple", ["nipple_shadow"]),
        ("a cough for 3 months", ["chronic_cough"]),
        ("air under both hemidiaphragms", ["pneumoperitoneum"]),
    ],
)
def test_a_slip_a_prefix_and_an_owner_part_no_name(text: str, found: list[str]) -> None:
    """One word misspelt, one with a prefix, and a name with whose or how many inside are one each."""
    assert concepts(text) == found


@pytest.mark.parametrize(
    ("text", "severity"),
    [
        ("Massive PE", None),
        ("Progressive massive fibrosis", None),
        ("A small effusion", "mild"),
        ("The aorta is mildly tortuous", "mild"),
        ("Minimally displaced rib fractures", None),
        ("A heavy smoker", None),
    ],
)
def test_a_degree_in_a_name_is_none_of_the_thing(text: str, severity: str | None) -> None:
    """A massive PE is a kind of PE; only findings and complaints have degrees."""
    assert [m.severity for m in LINKER.link(text)] == [severity]


@pytest.mark.parametrize(
    ("text", "concept"),
    [
        ("Why must I have another film in six weeks?", "chest_radiograph"),
        ("Please repeat it: we want an X-ray without the necklace", "chest_radiograph"),
        ("Which nodes drain into the hilum?", "lymph_node"),
        ("Kerley lines as opposed to vessels", "pulmonary_vessels"),
        ("Oesophageal atresia with a distal fistula", "tracheoesophageal_fistula"),
        ("Oesophageal atresia with a distal TOF", "tracheoesophageal_fistula"),
        ("How much radiation is in one scan?", "ionizing_radiation"),
        ("Fibrosis after radiation for breast cancer", "radiotherapy"),
        ("RV lead in a new place, query dislodgement", "lead_dislodgement"),
        ("A port under the skin of the chest", "implanted_port"),
        ("LAM with thin-walled cysts", "lung_cyst"),
        ("Three weeks after hip surgery", "recent_surgery"),
    ],
)
def test_a_word_names_what_its_context_speaks_for(text: str, concept: str) -> None:
    """Words of many meanings count beside the words that tell which."""
    assert concept in concepts(text)


@pytest.mark.parametrize(
    "text",
    [
        "Air can be seen on the film",
        "The vessels of the neck",
        "A fistula for dialysis",
        "Pre-op film, for hip surgery",
        "A renal cyst",
        "Please call anaesthetics",
    ],
)
def test_a_word_without_its_context_names_nothing(text: str) -> None:
    """A film on which something is seen, a fistula of the arm, a cyst of the kidney are none of these."""
    unspoken = {"chest_radiograph", "pulmonary_vessels", "tracheoesophageal_fistula", "recent_surgery", "lung_cyst"}
    assert not {*unspoken, "general_anesthesia"} & set(concepts(text))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Temp 38.6", ["fever"]),
        ("Temp 36.8", []),
        ("Na 118", ["hyponatremia"]),
        ("Na 140", []),
        ("No new comp fx", ["vertebral_compression_fracture"]),
    ],
)
def test_a_measured_value_names_what_it_is(text: str, found: list[str]) -> None:
    """From 38 degrees on it is a fever, below 135 mmol a hyponatremia."""
    assert concepts(text) == found


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Silica exposure, exertional dyspnoea, clubbing not present", ["present", "present", "absent"]),
        ("Clubbing and cyanosis are not present", ["absent", "absent"]),
        ("Consolidation, not visible on the frontal view", ["present", "present"]),
        ("The test does not show cystic fibrosis", ["absent"]),
        ("Stridor gone now", ["absent"]),
        ("It cannot be settled without an ultrasound", ["present"]),
        ("The cough did not respond to antibiotics", ["present", "present"]),
        ("Antibiotics must not be given", ["absent"]),
        ("The chest drain on the left was removed", ["absent"]),
    ],
)
def test_a_denial_reaches_what_it_denies(text: str, said: list[str]) -> None:
    """At the end of a list it denies the last item, and what another view hides is there all the same."""
    assert [m.assertion for m in LINKER.link(text)] == said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Could the raised hemidiaphragm be due to phrenic nerve palsy?", ["present", "possible"]),
        ("Is that why I have arm pain?", ["present"]),
        ("I cannot distinguish viral from bacterial pneumonia", ["possible", "possible"]),
        ("Epiglottitis is suggested by the thumb sign", ["possible", "present"]),
        ("A deep sulcus sign means a pneumothorax until proven otherwise", ["present", "possible"]),
        ("Q fever was raised by the GP", ["possible"]),
        ("Can you explain Hampton hump versus Westermark sign?", ["present", "present"]),
        ("Silicosis favours the upper zones, asbestosis the lower ones", ["present", "present"]),
        ("Optic neuritis should be watched for", ["hypothetical"]),
        ("He is on a waiting list for lung volume reduction", ["hypothetical"]),
    ],
)
def test_a_doubt_is_of_what_is_doubted(text: str, said: list[str]) -> None:
    """What a sign suggests is possible, the sign is there; what is compared or explained is in no doubt."""
    assert [m.assertion for m in LINKER.link(text)] == said


@pytest.mark.parametrize(
    ("text", "concept", "assertion"),
    [
        ("Mother had TB; now her son with night sweats", "night_sweats", "present"),
        ("No asthma, sister atopic", "atopy", "family"),
        ("Anaemic, HHT in the family", "hereditary_hemorrhagic_telangiectasia", "family"),
        ("Anaemic, HHT in the family", "anemia", "present"),
        ("S/p lobectomy, pneumothorax", "pneumothorax", "present"),
        ("Lobectomy LUL 2020 for adenocarcinoma", "lung_adenocarcinoma", "historical"),
        ("Post thoracentesis, coughing", "cough", "present"),
        ("Can I fly four weeks after a collapsed lung?", "pneumothorax", "historical"),
        ("Fat embolism develops days after a rib fracture", "rib_fracture", "present"),
        ("Obliterative bronchiolitis in childhood leaves a small lung", "obliterative_bronchiolitis", "present"),
        ("He had asthma in childhood", "asthma", "historical"),
    ],
)
def test_the_past_and_the_family_have_their_own(text: str, concept: str, assertion: str) -> None:
    """What came weeks ago is past where somebody speaks of it; the history of an illness in general is nobody's."""
    assert [m.assertion for m in LINKER.link(text) if m.concept == concept] == [assertion]


@pytest.mark.parametrize(
    ("text", "side"),
    [
        ("Both asbestosis and silicosis are dust diseases", None),
        ("Chest pain radiating to the left arm", None),
        ("Pitting oedema of both legs", "both"),
        ("Effusion, raised R hemidiaphragm", None),
        ("VP shunt running over rt neck", "right"),
    ],
)
def test_a_side_is_of_the_place_of_the_mention(text: str, side: str | None) -> None:
    """The word "both" before two names, where a pain runs to, and the side of the next mention are no side of the first."""
    assert LINKER.link(text)[0].side == side


@pytest.mark.parametrize(
    ("text", "concept", "assertion"),
    [
        ("Bilateral hilar lymphadenopathy, in keeping with sarcoidosis.", "sarcoidosis", "possible"),
        ("cant see any consolidation", "consolidation", "absent"),
        ("Screening for a visa, no cough.", "cough", "absent"),
        ("The effusion has almost completely resolved.", "pleural_effusion", "present"),
        ("The absence of lung sliding supports pneumothorax.", "pneumothorax", "present"),
        ("No change in the pneumothorax since yesterday.", "pneumothorax", "present"),
        ("Looking for a source of sepsis.", "sepsis", "present"),
        ("s/p central line placement", "central_venous_catheter", "present"),
        ("In this HIV-positive patient pneumonia is the first consideration.", "pneumonia", "possible"),
        ("The previously described pneumothorax has doubled in size.", "pneumothorax", "present"),
    ],
)
def test_scope_is_read_as_other_people_write_it(text: str, concept: str, assertion: str) -> None:
    """What is partly gone is there, a denial after what is asked for stands, a request's cause is no doubt."""
    assert [m.assertion for m in LINKER.link(text) if m.concept == concept] == [assertion]


@pytest.mark.parametrize(
    ("text", "concept", "side"),
    [
        ("Consolidation in the left lower zone with air bronchograms.", "air_bronchogram", "left"),
        ("Deep sulcus sign on the left, suspicious for pneumothorax.", "pneumothorax", "left"),
        ("Air bronchograms and consolidation in the right lower lobe.", "air_bronchogram", "right"),
        ("Left effusion and cardiomegaly.", "cardiomegaly", None),
        ("Two nodules of 5 and 7 mm in the right upper lobe.", "lung_nodule", "right"),
        ("Father and brother both had pneumothorax.", "pneumothorax", None),
        ("Right effusion without pneumothorax.", "pneumothorax", None),
    ],
)
def test_a_neighbour_lends_its_side(text: str, concept: str, side: str | None) -> None:
    """To what lies in one half of the chest: with it, explained by it or named before a side said last; not to the heart."""
    assert [m.side for m in LINKER.link(text) if m.concept == concept] == [side]


@pytest.mark.parametrize(
    ("text", "concept"),
    [
        ("if you see it think of tension, trachea is shifted", "tension_pneumothorax"),
        ("BP 90/60", "hypotension"),
        ("old tb", "tuberculosis"),
        ("hemidiaphragm elevated", "elevated_hemidiaphragm"),
        ("the film is clear", "normal_chest_radiograph"),
        ("crowding of the basal vessels", "bronchovascular_crowding"),
        ("200 mL of fluid blunts the costophrenic angle", "pleural_effusion"),
    ],
)
def test_notes_name_what_they_mean(text: str, concept: str) -> None:
    """Short words, values and predicates without a verb are read with what stands beside them."""
    assert concept in concepts(text)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("72M smoker with weight loss", ["smoking", "weight_loss"]),
        ("Lung cancer mostly affects smokers.", ["lung_cancer", "smokers"]),
        ("a 28-week preterm neonate", ["preterm_birth"]),
        ("Bronchiolitis is worse in preterm infants.", ["bronchiolitis", "preterm_infants"]),
        ("minor fisure", ["minor_fissure"]),
        ("situs inversus and sinusitis: Kartagener?", ["situs_inversus", "sinusitis", "kartagener_syndrome"]),
    ],
)  # fmt: skip
def test_one_person_and_many_are_told_apart(text: str, found: list[str]) -> None:
    """One smoker smokes, smokers are people; a letter left out is put back; a disease may go by its describer alone."""
    assert [c for c in concepts(text) if c in found] == found


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Lifelong non-smoker.", [("smoking", "absent")]),
        ("no asthma, never smoked, just wheezy", [("asthma", "absent"), ("smoking", "absent"), ("wheeze", "present")]),
        ("Old sternotomy wires.", [("sternotomy_wires", "present")]),
        ("Probably just a skin fold.", [("skin_fold", "possible")]),
        ("Pleural effusions are typically absent.", [("pleural_effusion", "absent")]),
    ],
)
def test_what_ends_and_what_carries_a_denial(text: str, said: list[tuple[str, str]]) -> None:
    """A "just" ends a denial and not a doubt; a denied habit is absent; what is old and in place is there."""
    assert [(m.concept, m.assertion) for m in LINKER.link(text)] == said


@pytest.mark.parametrize(
    ("text", "concept", "side"),
    [
        ("Left-sided pleuritic pain, reduced air entry, ?pneumothorax", "pneumothorax", "left"),
        ("Right hydropneumothorax, collapse of the lung and mediastinal shift to the left.", "atelectasis", "right"),
    ],
)
def test_one_side_holds_for_what_is_suspected(text: str, concept: str, side: str) -> None:
    """What may be there lies on the one side that is named; the side of a shift says where to."""
    assert [m.side for m in LINKER.link(text) if m.concept == concept] == [side]


@pytest.mark.parametrize(
    ("text", "left_out"),
    [
        ("Causes of Kerley B lines other than heart failure?", ["heart_failure"]),
        ("Apart from TB, lung abscess and asthma, what causes a cavity?", ["tuberculosis", "lung_abscess", "asthma"]),
        ("Besides pneumonia, does atelectasis cause consolidation, and what else?", ["pneumonia"]),
        ("Can anything except asthma or COPD cause hyperinflation?", ["asthma", "copd"]),
        ("What is a nodule on a film that is normal apart from emphysema?", []),
        ("What next in a man with no findings other than a pleural effusion?", []),
        ("There is a pleural effusion besides the pneumonia.", []),
        ("Which test is best for excluding asthma?", []),
    ],
)  # fmt: skip
def test_what_a_question_leaves_out_is_marked(text: str, left_out: list[str]) -> None:
    """Others than these are asked for; what a normal film shows apart from being normal is asked about."""
    assert [m.concept for m in LINKER.link(text) if m.excluded] == left_out


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("a plural effusion", ["pleural_effusion"]),
        ("the plural of effusion", ["pleural_effusion"]),
        ("plural thickening on the left", ["pleural_thickening"]),
        ("plural nouns", []),
        ("a value problem and a dollar sign", []),
    ],
)
def test_an_english_word_is_a_slip_where_it_makes_a_name(text: str, found: list[str]) -> None:
    """A seldom word one slip from a word of the lexicon is that word beside the rest of a name, and nowhere else."""
    assert concepts(text) == found
