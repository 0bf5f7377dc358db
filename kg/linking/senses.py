"""What short abbreviations can mean in chest medicine, and the words beside them that tell which.

Knows nothing of the graph: a meaning the graph lacks is listed too, so that its abbreviation is left alone.
"""

# abbreviation -> ((concept name or None for "something else", words nearby that speak for it), ...).
# The first one is taken when nothing nearby decides, unless its list starts with "!": then the context must speak.
SENSES: dict[str, tuple[tuple[str | None, str], ...]] = {
    "pe": (
        (
            "pulmonary embolism",
            "dvt thrombus clot embol wells d-dimer ctpa anticoag acute suspected massive risk saddle",
        ),
        ("pleural effusion", "drain thoracentesis tap fluid blunting costophrenic meniscus layering side"),
        (None, "exam heent abdomen unremarkable findings: vitals"),
    ),
    "ms": (
        ("mitral stenosis", "! mitral valve murmur atrial atrium stenosis rheumatic diastolic la"),
        (None, "sclerosis demyelinat neurolog relaps optic brain morphine lesion"),
    ),
    "ca": (
        ("cancer", "! lung breast colon bronch metasta primary adeno squamous known history tumor tumour stage"),
        (None, "calcium serum mg level coronary arrest"),
    ),
    "ra": (
        ("right atrium", "! atrium atrial lead heart line tip ventric pressure svc enlarged rv lv la chamber"),
        (
            "rheumatoid arthritis",
            "! arthritis joint methotrexate rheumat nodule ild seropositive autoimmune connective",
        ),
        (None, "spo2 sat saturat % room air oxygen"),
    ),
    "la": (
        ("left atrium", "! atrium atrial mitral enlarged heart pressure ra lv chamber double density"),
        (None, "city"),
    ),
    "mi": (("myocardial infarction", "! infarct st troponin coronary chest pain acute previous old history heart"),),
    "as": (("aortic stenosis", "! aortic valve stenosis murmur calcified systolic"), (None, "")),
    "ar": (("aortic regurgitation", "! aortic valve regurgitation murmur diastolic"), (None, "")),
    "mr": (
        ("mitral regurgitation", "! mitral valve murmur systolic regurgitation"),
        ("magnetic resonance imaging", "! imaging scan angiography"),
        (None, "patient"),
    ),
    "tr": (("tricuspid regurgitation", "! tricuspid valve murmur regurgitation rv"), (None, "")),
    "pa": (
        ("posteroanterior chest radiograph", "view film projection chest erect upright radiograph x-ray lateral cxr"),
        ("pulmonary artery", "! artery pressure trunk catheter enlarged dilated pulmonary hypertension main"),
        (None, "assistant"),
    ),
    "pt": (("physiotherapy", "! exercise therapy breathing"), (None, "")),
    "us": (("chest ultrasound", "! guided scan thoracic lung probe"), (None, "")),
    "cf": (("cystic fibrosis", "fibrosis bronchiectasis cftr sweat pancreatic"), (None, "compare")),
    "tb": (("tuberculosis", ""),),
    "ct": (("computed tomography", ""),),
    "hp": (("hypersensitivity pneumonitis", "! antigen bird mold mould ggo pneumonitis"), (None, "pylori")),
    "ph": (("pulmonary hypertension", "! pulmonary right pressure vasodilator artery group"), (None, "7 acid")),
    "rv": (
        ("right ventricle", "! ventric strain lead dilat heart"),
        ("residual volume", "! tlc frc spirometry volume"),
    ),
    "lv": (("left ventricle", "ventric heart ejection"),),
    "et": (("endotracheal tube", "! tube carina intubat tip"), (None, "")),
    "ng": (("nasogastric tube", "! tube stomach tip gastric"), (None, "")),
    "bo": (("bronchiolitis obliterans", "! bronchiolitis transplant air trapping"), (None, "")),
    "ild": (("interstitial lung disease", ""),),
    "pcp": (
        ("pneumocystis pneumonia", "hiv aids pneumon jirovecii cd4 ground-glass immun treated prophyla"),
        (None, "primary care her his their your follow visit office appointment refer doctor see with by"),
    ),
    "icd": (("implantable cardioverter-defibrillator", "! defib shock lead device pacemaker pacing"), (None, "")),
    "cap": (("community-acquired pneumonia", "! pneumonia antibiotic curb infection"), (None, "")),
    "cop": (("organizing pneumonia", "! organi pneumonia steroid consolidation"), (None, "")),
    "pac": (("pulmonary artery catheter", "! catheter swan wedge"), (None, "")),
    "sid": (("source-to-image distance", "! distance cm magnif tube"), (None, "")),
    "port": (("implanted venous port", "! catheter chest venous tip access implanted needle"), (None, "")),
}

# Ordinary words, not abbreviations, that name a chest condition unless what stands beside them says otherwise; written
# and read like SENSES. A longer name ("ankle edema", "cystic fibrosis") always goes first.
WORD_SENSES: dict[str, tuple[tuple[str | None, str], ...]] = {
    "edema": (
        ("pulmonary edema", "pulmonary lung interstitial alveolar heart cardiac effusion congestion kerley opacit"),
        ("peripheral edema", "ankle leg pedal pitting limb sacral foot feet knee calf jvp crackles auscultat"),
        (None, "cerebral brain facial face scrotal skin laryngeal macular optic bowel bone marrow soft tissue eyelid"),
    ),
    "fibrosis": (
        ("pulmonary fibrosis", ""),
        (None, "liver hepatic renal kidney myocardial cardiac marrow retroperitoneal mediastin nephro cyst"),
    ),
    "scar": (
        ("lung scar", ""),
        (None, "skin incision surgical sternotomy thoracotomy keloid wound bcg vaccin operation abdom"),
    ),
    "hypertension": (("hypertension", ""), (None, "portal intracranial intraocular")),
    "smoke": (("smoking", ""), (None, "fire house burn wood cook biomass detector inhal second")),
    "metastasis": (
        ("pulmonary metastases", ""),
        (None, "liver hepatic bone bony brain cerebral node nodal adrenal skelet spin vertebra renal rib pleural"),
    ),
    "met": (
        ("pulmonary metastases", "! lung chest pulmonary cxr x-ray nodule cancer primary"),
        (None, "liver hepatic bone bony brain cerebral node nodal adrenal skelet spin vertebra renal rib"),
    ),
    "adenocarcinoma": (
        ("lung adenocarcinoma", ""),
        (None, "colon colorect rect prostat gastric stomach breast esophag oesophag pancrea endometri bowel ovar"),
    ),
    "carcinoma": (
        ("lung cancer", ""),
        (None, "colon colorect rect prostat gastric stomach breast esophag oesophag pancrea endometri bowel ovar renal "
               "kidney thyroid skin cervi bladder hepato squamous basal"),
    ),
    "dissection": (("aortic dissection", ""), (None, "cadaver carotid node axill coronary vertebral lymph blunt surgical")),
    "aneurysm": (
        ("thoracic aortic aneurysm", ""),
        (None, "brain cerebral intracranial abdom coronary carotid popliteal ventric septal pulmonary rasmussen aaa"),
    ),
    "trauma": (("chest trauma", ""), (None, "head brain abdom pelvi leg arm spin psycholog emotional birth eye")),
    "contusion": (("pulmonary contusion", ""), (None, "brain head cardiac heart myocardial knee muscle skin")),
    "abscess": (
        ("lung abscess", ""),
        (None, "liver hepatic brain cerebral subphrenic diaphragm dental tooth breast skin perianal spleen amebic amoebic neck"),
    ),
    "plaque": (("pleural plaques", ""), (None, "skin psoria aort athero carotid coronary dental calcified aorta arch")),
    "infection": (
        ("pneumonia", "! consolidat opacit opacif shadow infiltrat airspace atelect basal base lobe chest lung"),
        (None, "urin wound skin line ear sinus tb tubercul hiv fung pleural upper blood throat viral bacterial"),
    ),
    "adenopathy": (
        ("hilar lymphadenopathy", "! hilum hila hilar"),
        ("mediastinal lymphadenopathy", "! mediastin paratrache subcarin aortopulm"),
        (None, "neck cervical axill supraclavicular inguinal abdom"),
    ),
    "blood clot": (
        ("pulmonary embolism", "! lung chest breath x-ray scan"),
        ("deep vein thrombosis", "! leg calf thigh"),
        (None, ""),
    ),
    "sail sign": (
        ("thymic sail sign", "! thym infant baby babies child neonat"),
        ("triangular retrocardiac opacity", "! collapse heart retrocardiac lower atelect"),
        (None, "elbow fat"),
    ),
    "collapse": (
        ("atelectasis", ""),
        ("syncope", "home street floor witnessed shop gym pitch conscious ambulance unwell suddenly"),
        (None, "vertebra vertebrae spine spinal"),
    ),
    "mass": (
        ("lung mass", ""),
        (None, "breast abdom renal adrenal hepat liver pelvic neck thyroid body index muscle cardiac"),
    ),
    "nodule": (("lung nodule", ""), (None, "thyroid skin breast subcutan adrenal vocal shin")),
}  # fmt: skip
# Words that are read as another one is.
WORD_SENSES |= {"lymphadenopathy": WORD_SENSES["adenopathy"], "collapsed": WORD_SENSES["collapse"]}

# Words that stand for the longer name in a text on the chest; a longer match ("breast mass") always goes first.
SHORT_NAMES: dict[str, tuple[str, ...]] = {
    "lung mass": ("lung tumor",),
    "lung opacity": ("shadow", "shadowing", "haze", "haziness", "opacification"),
    "pulmonary embolism": ("clots in the lungs", "clot in the lung", "blood clots in the lung"),
    "chest ultrasound": ("ultrasound", "ultrasonography"),
    "implanted venous port": ("port a cath", "portacath"),
    "dullness to percussion": (
        "percussion note is dull",
        "percussion is dull",
        "dull percussion note",
        "dull to percussion",
        "dull percussion",
    ),
    "hyperresonance to percussion": (
        "percussion note is hyperresonant",
        "percussion is hyperresonant",
        "hyperresonant percussion note",
        "hyperresonant to percussion",
    ),
    "hypotension": (
        "blood pressure is low",
        "blood pressure is reduced",
        "blood pressure is decreased",
        "falling blood pressure",
    ),
    "tachycardia": (
        "heart rate is raised",
        "heart rate is increased",
        "pulse is fast",
        "rapid heart rate",
        "rapid pulse",
    ),
    "tachypnea": ("breathing is fast", "fast breathing", "rapid breathing", "respiratory rate is raised"),
    "fever": ("temperature is raised", "raised temperature", "high temperature"),
    "hypoxemia": (
        "oxygen saturation is low",
        "oxygen saturation is reduced",
        "low oxygen saturation",
        "oxygen level is low",
    ),
    "hepatomegaly": ("liver is enlarged", "enlarged liver"),
    "smoking cessation": (
        "giving up smoking",
        "stopping smoking",
        "quitting smoking",
        "stop smoking",
        "not smoking",
        "quitting cigarettes",
    ),
    "elevation of the head of the bed": (
        "raising the head of the bed",
        "head of the bed elevation",
        "raised head of the bed",
    ),
    "hemoptysis": ("cough up blood", "coughing blood", "coughing up of blood", "blood in the sputum", "bloody sputum"),
    "dyspnea": ("short of breath", "breathless", "out of breath", "difficulty breathing", "trouble breathing"),
    "cardiomegaly": ("heart size is increased", "increased heart size", "heart is large", "large heart"),
}
