"""What short abbreviations can mean in chest medicine, and the words beside them that tell which.

Knows nothing of the graph: a meaning the graph lacks is listed too, so that its abbreviation is left alone.
"""

# ruff: noqa: E501 - a list of words is easier to read, and to extend, on one line

# abbreviation -> ((concept name or None for "something else", words nearby that speak for it), ...).
# The first one is taken when nothing nearby decides, unless its list starts with "!": then the context must speak.
# "<on" and ">valve" speak from right before and right after only, and louder; "<9" is a number. Three letters are a whole
# word, more are any part of one.
SENSES: dict[str, tuple[tuple[str | None, str], ...]] = {
    "pe": (
        (
            "pulmonary embolism",
            "dvt thrombus clot embol wells d-dimer ctpa anticoag acute suspected massive risk saddle",
        ),
        (
            "pleural effusion",
            "drain thoracentesis tap fluid blunting costophrenic meniscus layering side <left <right depth",
        ),
        ("pericardial effusion", "! pericard tamponade echo rim globular"),
        (None, "<: exam heent abdomen unremarkable findings: vitals"),
    ),
    "ms": (
        (
            "mitral stenosis",
            "! mitral valve murmur atrial atrium stenosis rheumatic diastolic la af mvr orthopn <tight snap commissurot rhd diversion cephali border mitralis balloon"
            " valvotomy valvuloplasty",
        ),
        (None, "sclerosis demyelinat neurolog relaps optic brain morphine lesion"),
    ),
    "ca": (
        ("cancer", "! lung breast colon bronch metasta primary adeno squamous known history tumor tumour stage"),
        (None, "calcium serum mg level coronary arrest"),
    ),
    "ra": (
        ("right atrium", "! atrium atrial lead heart tip ventric pressure svc enlarged rv lv la chamber"),
        (
            "rheumatoid arthritis",
            "! arthritis joint methotrexate rheumat nodule ild seropositive autoimmune connective mtx dmard rituximab infliximab"
            " leflunomide hydroxychloroquine <known",
        ),
        (None, "spo2 sat sats saturat % room air oxygen <% <on"),
    ),
    "la": (
        ("left atrium", "! atrium atrial mitral enlarged heart pressure ra lv chamber double density"),
        (None, "city"),
    ),
    "mi": (("myocardial infarction", ""), (None, "mitral insuff insufflat michigan detroit")),
    "as": (
        (
            "aortic stenosis",
            "! aortic valve stenosis murmur calcified systolic tavi tavr avr bicuspid gradient esm <known <severe <moderate <mild"
            " <mod <critical <tight",
        ),
        ("ankylosing spondylitis", "! spondyl bamboo sacroil hla kypho apical stiff"),
        (None, ""),
    ),
    "ar": (
        (
            "aortic regurgitation",
            "! aortic valve regurgitation murmur diastolic marfan <severe <moderate <mild <mod <trivial",
        ),
        (None, ""),
    ),
    "mr": (
        (
            "mitral regurgitation",
            "! mitral valve murmur systolic regurgitation psm <severe <moderate <mild <mod <ischemic <functional tr la lvh",
        ),
        ("magnetic resonance imaging", "! imaging scan angiography"),
        ("cardiac magnetic resonance imaging", "! <cardiac"),
        (None, "patient"),
    ),
    "tr": (
        (
            "tricuspid regurgitation",
            "! tricuspid valve murmur regurgitation rv mr <severe <moderate <mild <mod <trivial",
        ),
        (None, ""),
    ),
    "pa": (
        ("posteroanterior chest radiograph", "view film projection chest erect upright radiograph x-ray lateral cxr"),
        ("pulmonary artery", "! artery pressure trunk catheter enlarged dilated pulmonary hypertension main"),
        (None, "assistant"),
    ),
    "ps": (("pulmonary valve stenosis", "! valve murmur pulmonic stenosis tof fallot"), (None, "")),
    "cp": (
        (
            "chest pain",
            "! deni c/o complain abdo n&v vomit fever dizz cough sob dyspn trop ctpa breathless palpit exert radiat sweat troponin ecg nausea <no <any <pleuritic"
            " <exertional <severe <central <ongoing <acute <worsening <some <intermittent <atypical <chronic <of <with <for",
        ),
        (None, "cerebral palsy angle spastic wheelchair >angle"),
    ),
    "pnd": (("paroxysmal nocturnal dyspnea", ""), (None, "nasal drip sinus rhin allerg throat")),
    "lad": (
        ("hilar lymphadenopathy", "! hilar hilum hila"),
        ("mediastinal lymphadenopathy", "! mediast paratrache subcarin aortopulm prevascular thoracic"),
        ("palpable lymphadenopathy", "! palpable palpat"),
        (
            None,
            "stent coronary stenosis occlu pci lima artery anterior descending lesion calcif axis proximal cabg infarct",
        ),
    ),
    "ppm": (("cardiac pacemaker", ""), (None, "<9 nitric monoxide")),
    "pie": (
        (
            "pulmonary interstitial emphysema",
            "",
        ),
        (None, "eosinophil"),
    ),
    "mas": (
        (
            "meconium aspiration syndrome",
            "! meconium neonat newborn term baby birth ventilat infant hyperinflat ptx coarse",
        ),
        (None, ""),
    ),
    "cld": (
        ("bronchopulmonary dysplasia", "! prem preterm neonat weeker infant baby ventilat gestation"),
        (None, "liver"),
    ),
    "op": (("organizing pneumonia", "! organi pneumonia steroid pattern consolidat biopsy"), (None, "")),
    "htx": (("hemothorax", ""), (None, "transplant heart hypertens >recipient")),
    "coa": (("coarctation of the aorta", "! aort arch arm femoral notch bicuspid stent repair"), (None, "")),
    "att": (
        ("antituberculosis drugs", "! tb tubercul day month week drug lft course start complet koch ptb mdr"),
        (None, ""),
    ),
    "ripe": (("antituberculosis drugs", "! tb tubercul start therapy day month drug <on"), (None, "fruit banana")),
    "mac": (
        (
            "nontuberculous mycobacterial pulmonary disease",
            "! infection lung sputum avium cavit culture tree ntm bronchiect mycobact",
        ),
        (None, ""),
    ),
    "mai": (
        (
            "nontuberculous mycobacterial pulmonary disease",
            "! infection lung sputum avium cavit culture tree ntm bronchiect mycobact",
        ),
        (None, ""),
    ),
    "tof": (
        ("tetralogy of Fallot", "cyano heart murmur boot fallot shunt repair tet"),
        ("tracheoesophageal fistula", "! oesoph esoph atresia pouch distal frothy h-type oa"),
    ),
    "esm": (("ejection systolic murmur", ""),),
    "psm": (("pansystolic murmur", ""),),
    "mdm": (("mid-diastolic rumbling murmur", "! murmur apex mitral stenosis heard snap grade loud"), (None, "")),
    "crc": (("colorectal cancer", ""),),
    "ics": (
        ("inhaled corticosteroids", ""),
        (None, "<th <nd <rd <st <5th <4th <2nd <3rd <6th intercostal space axill line drain apex clavic"),
    ),
    "ada": (("pleural fluid adenosine deaminase", "! pleural fluid effusion pleurisy tb lymphocyt"), (None, "antibod")),
    "mpa": (
        ("main pulmonary artery", "! enlarged dilat prominent diameter mm cm trunk aorta ratio pulmonary"),
        ("microscopic polyangiitis", "! anca vasculit polyangi capillarit hemorrh haemorrh glomerul renal"),
        (None, ""),
    ),
    "ssp": (("secondary spontaneous pneumothorax", ""), (None, "supraspinatus")),
    "rae": (("right atrial enlargement", ""),),
    "pt": (("physiotherapy", "! exercise therapy breathing"), (None, "")),
    "us": (("chest ultrasound", "! guided scan thoracic lung probe"), (None, "")),
    "cf": (("cystic fibrosis", "fibrosis bronchiectasis cftr sweat pancreatic"), (None, "compare")),
    "tb": (("tuberculosis", ""),),
    "ct": (("computed tomography", ""),),
    "hp": (
        (
            "hypersensitivity pneumonitis",
            "! mosaic headcheese centrilob obliterative fibrotic antigen bird mold mould ggo pneumonitis",
        ),
        (None, "pylori"),
    ),
    "ph": (("pulmonary hypertension", "! pulmonary right pressure vasodilator artery group"), (None, "7 acid")),
    "rv": (
        ("right ventricle", "! ventric strain lead dilat heart"),
        ("residual volume", "! tlc frc spirometry volume"),
    ),
    "lv": (("left ventricle", "ventric heart ejection"),),
    "et": (("endotracheal tube", "! tube carina intubat tip"), (None, "")),
    "ng": (
        (
            "nasogastric tube",
            "! tube stomach diaphragm tip gastric coil feed aspirate pass oesoph esoph duoden pharyn",
        ),
        (None, ""),
    ),
    "tlc": (
        ("total lung capacity", "capacity fev1 fvc dlco tlco volume spirometry restrict residual predicted"),
        ("central venous catheter", "! <ij <subclavian <femoral <jugular line svc cavoatrial"),
    ),
    "bo": (("bronchiolitis obliterans", "! bronchiolitis transplant air trapping"), (None, "")),
    "ild": (("interstitial lung disease", ""),),
    "pcp": (
        (
            "pneumocystis pneumonia",
            "hiv aids pneumon jirovecii cd4 ground-glass immun treated prophyla ggo perihilar pneumatoc septrin beta",
        ),
        (None, "primary care her his their your follow visit office appointment refer doctor see with by"),
    ),
    "icd": (
        (
            "implantable cardioverter-defibrillator",
            "! defib shock lead device lvad pacemaker pacing cardiomegal <unchanged generator chamber cardiomyopathy arrest vt vf ef interrog <dual"
            " <left-sided <subcutaneous <transvenous",
        ),
        (
            "chest tube drainage",
            "! ptx pneumothorax drain effusion swing bubbl hemothorax haemothorax ics intercostal empyema french fr seldinger"
            " htx chylo gunshot stab wound trauma surgical re-expan reexpan >insertion <bilateral <inserted >inserted",
        ),
        (None, ">10 >9 >11 code coding"),
    ),
    "cap": (("community-acquired pneumonia", ""), (None, "<ct abdomen pelvis staging refill >refill")),
    "cop": (
        (
            "cryptogenic organizing pneumonia",
            "! organi pneumonia steroid consolidat opacit biopsy halo atoll perilobular infect migrat",
        ),
        (None, ""),
    ),
    "pac": (("pulmonary artery catheter", "! catheter swan wedge tip rpa lpa icu float"), (None, "")),
    "ns": (("night sweats", "! weight wt fever cough tb lymphoma sweat"), (None, "saline vessel")),
    "ace": (
        ("serum angiotensin-converting enzyme", "! sarcoid level raised high calcium"),
        (None, "inhibitor bandage"),
    ),
    "hd": (("dialysis", "! dialy renal esrf esrd missed session kidney ckd overload"), (None, "lymphoma dose")),
    "hh": (
        ("hiatal hernia", "! hernia retrocard fluid large small sliding rolling known ngt stomach reflux gerd"),
        (None, ""),
    ),
    "cac": (
        ("coronary artery calcification", "! coronary dense score lad severe moderate mild calcif stent"),
        (None, ""),
    ),
    "dm": (
        (
            "people with diabetes",
            "! htn ihd ckd insulin metform steroid mellitus k/c/o kco obes hba1c mucor foot smoker hyperten t2 copd cad <known",
        ),
        ("inflammatory myopathy", "! myosit ild mda5 jo-1 heliotrop gottron synthetase"),
        (None, ""),
    ),
    "scd": (
        ("sickle cell disease", "! sickl crisis acute vaso hydroxyurea transfus spleen h-shaped bone"),
        (None, "sudden death arrest icd"),
    ),
    "pvh": (
        ("pulmonary venous congestion", "! kerley cephal diversion mitral heart oedema edema upper mitralis rhd line"),
        (None, ""),
    ),
    "cle": (
        (
            "congenital lobar emphysema",
            "! herniat neonat infant newborn baby midline mediast hyperluc congenit cpam ccam",
        ),
        ("centrilobular emphysema", "! smok emphys upper bulla copd"),
        (None, ""),
    ),
    "bps": (("pulmonary sequestration", "! aort lobe congenit cpam ccam sequestr neonat infant"), (None, "pressure")),
    "loc": (("syncope", "! <no <brief <with fall trauma head amnes rta mva <transient <denies"), (None, "gcs level")),
    "pap": (
        ("pulmonary alveolar proteinosis", "! crazy lavage proteinos surfactant paving gm-csf"),
        (None, "smear pressure mmhg"),
    ),
    "ie": (("infective endocarditis", "! murmur valve vegetat septic embol ivdu fever staph cultur"), (None, "")),
    "dht": (("small-bore feeding tube", "! tip stomach duoden tube coil dobhoff feed pylor jejun"), (None, "")),
    "mdr": (
        ("multidrug-resistant tuberculosis", "! tb tubercul ptb att akt koch month rifamp cbnaat xpert"),
        (None, ""),
    ),
    "avm": (
        (
            "pulmonary arteriovenous malformation",
            "! feeding lung lobe pulmon rll lll rul lul rml lingul base shunt hht coil osler",
        ),
        (None, "brain cerebral spinal uter renal bowel colon"),
    ),
    "aml": (("leukemia", ""), (None, "kidney renal fat tuberous")),
    "oa": (("esophageal atresia", "! tof pouch ng ngt neonat newborn drool frothy polyhydr"), (None, "")),
    "low": (
        ("weight loss", "! night sweats tubercul ptb hiv appetite loa haemoptysis hemoptysis clubb lymphoma"),
        (None, ""),
    ),
    "apo": (("pulmonary edema", ""), (None, "lipoprotein gene")),
    "sid": (("source-to-image distance", "! distance cm magnif tube"), (None, "")),
}

# Ordinary words, not abbreviations, that name a chest condition unless what stands beside them says otherwise; written
# and read like SENSES. A longer name ("ankle edema", "cystic fibrosis") always goes first.
WORD_SENSES: dict[str, tuple[tuple[str | None, str], ...]] = {
    "port": (
        ("implanted venous port", "! catheter chest venous tip access implanted needle chemo skin svc subclavian jugular"),
        (None, ">site >city >of <air <trocar"),
    ),
    "vessel": (
        ("pulmonary vessels", "! kerley lung marking hilum hila pulmonary hilar oligem plethora bronchovasc peripher"),
        (None, "<blood great neck coronary <supplying"),
    ),
    "node": (
        ("lymph node", "! lymph hilum hilar mediast station paratrache window drain subcarin metast sarcoid"),
        (None, "osler heberden bouchard sinus ranvier sinoatrial"),
    ),
    "paratracheal node": (
        ("mediastinal lymphadenopathy", "! hilar enlarged bulky sarcoid tb lymphoma with mediast"),
        (None, "normal station sampl biops calcif level"),
    ),
    "dislodgement": (("pacemaker lead displacement", "! lead pacemaker pacing ppm icd"), (None, "")),
    "dislodgment": (("pacemaker lead displacement", "! lead pacemaker pacing ppm icd"), (None, "")),
    "plethora": (("pulmonary plethora", "! lung pulmonary vsd asd pda shunt congenit cyano tga"), (None, "facial face head neck <a")),
    "radiation": (
        ("ionizing radiation", "! dose scan x-ray xray ray baby pregnan unborn msv exposure film much harm"),
        ("radiotherapy", "! cancer lymphoma tumor tumour chemo hodgkin breast <post <prior <previous <received <after"),
        (None, "<the inflammation scarring"),
    ),
    "squamous cell carcinoma": (
        ("squamous cell carcinoma of the lung", ""),
        (None, "skin head neck larynx laryn esophag oesophag cervi tongue oral anal penile vulva bladder scalp"),
    ),
    "cyst": (
        ("lung cyst", "! lung lam pneumothora parenchym thin-walled lip birt langerhans air-filled pneumatocele bizarre lch zone lobe sjogren"),
        (None, "renal kidney liver hepatic ovar bronchogenic pericard hydatid duplication thymic bone breast dermoid sebaceous"),
    ),
    "fistula": (
        ("tracheoesophageal fistula", "! esophag oesophag atresia toof tracheo"),
        ("bronchopleural fistula", "! pneumonectomy stump leak bronch empyema"),
        (None, "<av arteriovenous dialysis anal bowel"),
    ),
    "free fluid": (
        ("pleural effusion", "! pleura meniscus costophrenic hemithora lung decubitus blunt effusion"),
        (None, "abdom pelvi perito fast morison liver"),
    ),
    "feeding": (
        ("tube feeding", "! nasogastric ngt tube gastric enteral peg <ng <commence"),
        (None, "breast bottle poor <not infant baby difficult"),
    ),
    "double lumen line": (
        ("tunneled dialysis catheter", "! dialysis haemodialysis hemodialysis renal kidney"),
        ("central venous catheter", ""),
    ),
    "double lumen catheter": (
        ("tunneled dialysis catheter", "! dialysis haemodialysis hemodialysis renal kidney"),
        ("central venous catheter", ""),
    ),
    "pull back": (
        ("withdrawal of the tube", "! tube ett picc line catheter uvc uac cvc tip drain carina ngt wire cm <please"),
        (None, ""),
    ),
    "stent": (
        ("esophageal stent", "! esophag oesophag gullet gej dysphag food"),
        ("endovascular stenting of the superior vena cava", "! svc svco cava"),
        ("airway stent", "! <tracheal <airway <bronchial"),
        ("reperfusion therapy", "! coronary cardiac lad rca pci bypass infarct"),
        ("aortic stent graft", "! aorta aortic endoleak tevar"),
        (None, "biliary ureter carotid"),
    ),
    "germ cell tumor": (("mediastinal germ cell tumor", "! mediast thymoma thymic thymus"), (None, "testic testis ovar")),
    "teratoma": (("mediastinal germ cell tumor", "! mediast thymoma thymic thymus"), (None, "testic testis ovar sacrococc")),
    "gallop": (("third heart sound", ""), (None, "<s4 horse")),
    "pigtail": (
        ("chest tube drainage", "! pleura effusion pneumothora drain ptx empyema chest hemothora haemothora"),
        (None, "angio nephrost biliary ureter liver pericard"),
    ),
    "line": (
        ("central venous catheter", "! >ok >okay >tip >placement >position >insertion >migrated migrat svc cavoatrial jugular subclavian"),
        (None, "pleura fold edge skin kerley paratrache arterial fissure arter white vessel midline gas bowel septal"),
    ),
    "tube": (
        ("endotracheal tube", "! carina mainstem intubat extubat ventilat cpr >down bronchus <oral"),
        (None, "chest pleura drain <ng <feeding nasogastric <x-ray <ray stomach voltage"),
    ),
    "tension": (
        ("tension pneumothorax", "! <without <not <think <no <is <under <now pneumothora ptx trachea"),
        (None, ">headache <blood <muscle <surface <high <hyper <oxygen <wall <carbon >pneumothorax"),
    ),
    "fluid": (
        ("pleural effusion", "! costophrenic meniscus blunt decubitus hemithora haemothora white-out whiteout dull dense side <pleural layering"),
        ("fluid", "overload challenge intravenous <iv resuscitat balance restrict edema oedema fissure pericard ascit abdom amniotic >level"
               " >levels >overload <stained cyst cavity bulla lavage cerebro joint gastric >analysis >ph >protein"),
    ),
    "tap": (
        ("diagnostic thoracentesis", "! effusion eff pleura <pleural <chest hemothora empyema"),
        (None, "<water lumbar spinal ascit joint knee >water <dry <tap"),
    ),
    "tapping": (("diagnostic thoracentesis", "! effusion pleura empyema"), (None, "ascit drum foot")),
    "decompressed": (("needle decompression", "! tension pneumothora ptx"), (None, "")),
    "decompression": (("needle decompression", "! tension pneumothora ptx"), (None, "spinal cord gastric sickness")),
    "embolus": (("pulmonary embolism", ""), (None, "fat air amniotic septic tumor tumour cerebral brain catheter cement arterial limb mesenteric")),
    "infarct": (
        ("pulmonary infarction", "! embol lung pulmonary wedge-shaped <pulmonary hampton pleural pe segmental wedge"),
        (None, "myocard brain cerebral lacunar renal splenic bowel inferior anterior stemi"),
    ),
    "congestion": (
        ("pulmonary vascular congestion", "! pulmonary vascul heart edema oedema apo lasix furosemide diures cxr film cardiac cephal upper"),
        (None, "nasal nose sinus hepatic liver traffic"),
    ),
    "crowding": (("bronchovascular crowding", "! vessel vascul marking inspir volume bronch"), ("crowded living conditions", "! living hous prison overcrowd"), (None, "")),
    "pacing wire": (("temporary transvenous pacing wire", ""), (None, "permanent ppm epicard")),
    "reactivation": (("post-primary tuberculosis", "! tb tubercul apex apic apices cavit upper lobe"), (None, "hepatitis virus herpes")),
    "abuse": (("physical child abuse", "! infant child rib baby metaphys posterior"), (None, "alcohol drug substance intravenous elder")),
    "wedging": (("vertebral compression fracture", "! vertebra spine thoracic osteop t4 t5 t6 t7 t8 t9 t10 t11 t12 l1 l2 height"), (None, "")),
    "fibrinolytic": (("intrapleural fibrinolytic therapy", "! empyema pleura drain loculat"), (None, "stroke stemi")),
    "hemorrhage": (("diffuse alveolar hemorrhage", "! alveolar proteinosis crazy ground-glass capillarit vasculit lung pulmonary"), (None, "brain cerebral intracran subarach node")),
    "filling defect": (("pulmonary embolism", "! arter pulmonary ctpa segmental saddle"), (None, "esophag oesophag barium")),
    "effusion": (
        ("pleural effusion", "pleura lung costophrenic hemithora chest bilateral basal side left right meniscus atelect consolid"),
        ("pericardial effusion", "! pericard tamponade"),
        (None, "joint knee middle ear"),
    ),
    "sputum": (("productive cough", "! <or <no <plus <increased"), (None, "")),
    "mediastinal node": (("mediastinal lymphadenopathy", ""), (None, "normal station sampl biops calcif level")),
    "isolate": (("airborne isolation", "! tb tubercul afb sputum smear measles cavit"), (None, "")),
    "clip": (
        ("surgical clips", "! surg axill mediast cabg mastect resect hilum hilar metal sternotom lobectom wires lymph"),
        (None, "mitral video crocodile hair nose"),
    ),
    "swallow": (
        ("contrast swallow", "! barium gastrografin contrast water-soluble fluoroscop anastomo"),
        (None, "<to <can <not <cannot <unsafe <a >food >a >the >tablets"),
    ),
    "film": (
        (
            "chest radiograph",
            "! <another <repeat <second <need <further <order <request <want <have <take <check wait cleared",
        ),
        (None, "neck abdom pelvi spine knee hand old previous prior last earlier"),
    ),
    "radiograph": (
        (
            "chest radiograph",
            "",
        ),
        (None, "<neck abdom pelvi spine knee hand dental tooth <this >old <previous <prior <last <earlier <normal teeth wrist ankle >machine >beam >beams >tube"
               " >department >room >dose >report >reports >source >exposure >photon >photons >energy"),
    ),
    "liver damage": (
        ("hepatotoxicity", "! drug tablet medicine rifamp isoniaz pyrazin tubercul methotrex antibiot amiodarone tb mtx"),
        (None, ""),
    ),
    "hip surgery": (("recent surgery", "! <after <since <post week day recent"), ("surgical repair", "")),
    "knee surgery": (("recent surgery", "! <after <since <post week day recent"), ("surgical repair", "")),
    "knee replacement": (("recent surgery", "! <after <since <post week day recent"), ("surgical repair", "")),
    "anesthetic": (("general anesthesia", ""), (None, "<local <call <phone <inform <ask <with")),
    "culture": (
        ("mycobacterial culture", "! tb afb mycobact tubercul ntm"),
        ("blood culture", "! febrile fever sepsis septic rigor spike spiking temp neutropen <get <take <send"),
        ("sputum culture", "! <sputum sputum"),
        (None, "blood urine throat wound viral stool"),
    ),
    "cuff": (("tube cuff", "! tube ett trache balloon intubat"), (None, "blood pressure rotator bp")),
    "faint": (
        ("syncope", "! <i <to <or <and <felt <feel <feeling <nearly <almost <you <he <she <they <will <might <may dizz collaps >or"),
        (None, ""),
    ),
    # of a lung, a node or the chest it is another procedure, and never the inhaling
    "needle aspiration": (("needle aspiration of the pneumothorax", "! pneumothora ptx psp ssp"), (None, "")),
    "confused": (("confusion", ""), (None, ">with >for <be")),
    "sob": (("dyspnea", ""), (None, "<to <began <a cried tears wept story")),
    "a cold": (("common cold", ""), (None, ">water >weather >air >and >sweat >abscess >sore >day >night >winter >drink >room >or")),
    "cold": (
        (None, ">water >weather >air >and >sweat >agglutinin >abscess >intolerance >sore >turkey >day >night >winter >drink"),
        ("common cold", "! <a <my <the <bad <heavy <caught <nasty <had <of <this <catch <catching <stop <prevent <spread <get <getting <more <frequent"),
        (None, ""),
    ),
    "stabbing": (("penetrating chest trauma", ""), (None, ">pain >chest >sensation >feeling >quality >or >in >on")),
    "fly": (("air travel", "! <to <i <can <safe <you <not <cannot plane travel flight"), (None, "")),
    "flying": (("air travel", ""), (None, ">visit >start >squad >colours >colors")),
    "swan": (("pulmonary artery catheter", "! catheter wedge tip icu line float pulmonary unchanged"), (None, "")),
    "3 sign": (("figure of 3 sign", ""), (None, ">of >are >point >which >that")),
    "three sign": (("figure of 3 sign", ""), (None, ">of >are >point >which >that >suggest >were")),
    "stroke": (("stroke", ""), (None, ">of >volume >work >index")),
    "exercise": (("exercise", ""), (None, ">of")),
    "hilar node": (("hilar lymphadenopathy", ""), (None, "calcif eggshell egg-shell normal biops sampl station")),
    "b line": (("Kerley B lines", "! kerley"), (None, "")),
    "bronch": (("bronchoscopy", ""), (None, "<rsv viral")),
    "recession": (
        ("intercostal retractions", "! grunt flar child infant baby neonat breath wheez stridor tachypn rsv bronchiol feed croup"),
        (None, ""),
    ),
    "family history": (("family history", ""), (None, ">of >for")),
    "age": (("age", "! risk factor older advanc increas predict curb score <what"), (None, ">indeterminate >uncertain >undetermined >unknown >group >related >appropriate <for <indeterminate")),
    "valve replacement": (
        ("prosthetic heart valve", "! wire sternotomy noted seen visible projected situ"),
        ("valve repair or replacement", ""),
    ),
    "failure": (
        (
            "heart failure",
            "! cardiac heart congest oedema edema effusion cardiomegaly cardiothoracic ctr jvp gallop orthopn kerley septal diuretic furosemide bnp <overt <frank <congestive"
            " <decompensated",
        ),
        (None, "renal kidney liver hepatic respirat ventilat treatment thrive device graft multi organ engraft valve lead"),
    ),
    "overload": (
        ("fluid overload", "! dialysis hd fluid session crf esrd ckd edema oedema effusion cardiomeg kerley lasix furosem transfus litre liter >picture"),
        (None, "iron work information sensory <pressure"),
    ),
    "perforation": (("perforation of a hollow viscus", "! free gas pneumoperiton subdiaphragm dome diaphragm abdom bowel ulcer"), (None, "lead oesoph esoph myocard drum cardiac")),
    "lymphangitis": (("lymphangitic carcinomatosis", "! lung carcinom cancer breast septal ca tumor tumour mastect nodul thick"), (None, "arm leg cellulit red")),
    "potts": (("spinal tuberculosis", "! spine vertebr paravertebr d6 d7 d8 d9 d10 d11 tb tubercul psoas"), (None, "fracture puffy")),
    "neb": (("inhaled bronchodilators", ""), (None, "saline budesonide adrenaline epinephrine colistin colomycin tobra hypertonic")),
    "ag": (("urinary antigen test", "! legionella pneumococ urin"), (None, "")),
    "smear": (
        ("sputum smear microscopy", "! sputum tb afb acid negative positive isolation tubercul xpert"),
        (None, "cervical blood pap vaginal film"),
    ),
    "transposition": (("transposition of the great arteries", "! arter egg cyano newborn vessel heart congenit neonat switch"), (None, "")),
    "eosinophil": (
        ("blood eosinophil count", "! ics threshold count predict level blood cells asthma copd mepolizumab raised high >of"),
        (None, "pleural fluid lavage pneumonia sputum infiltrat tissue"),
    ),
    "cd4": (("CD4 count", ""), (None, ">cell >t >lymphocyte >ratio")),
    "air leak": (
        ("persistent air leak", "! drain swing bubbl day persist prolong ongoing vats postop post-op valve underwater"),
        (None, "balloon cuff suture"),
    ),
    "drain": (
        ("chest tube drainage", "! <the <my <your <this <his <her <no <basal <apical >kinked >removed <check <working <stick cabg pnx <drain swing bubbl bulla lung re-expand pneumothorax ptx effusion empyema thorac vats underwater seal intercostal hemothorax chest pleura"),
        (None, ">the >a >an >it >this >into >to <to <plan <will biliary abdom ascit bladder blocked sink wound pericard mediastin ventric lumbar subdural abscess azygos vein lymph duct"),
    ),
    "pulmonary hemorrhage": (
        ("diffuse alveolar hemorrhage", "! goodpasture gbm vasculit anca renal lupus sle diffuse alveolar gpa polyangi capillarit"),
        (None, ""),
    ),
    "nipple": (("nipple shadow", "! shadow spot mimic mistaken"), ("nipple", "")),
    "oxygen": (
        ("oxygen therapy", ""),
        (None, ">need >needs >requirement >requirements >demand >level >levels >tension >content >exchange >uptake >consumption"
               " >cylinder >probe >carrying"),
    ),
    "diagnostic tap": (("diagnostic thoracentesis", ""), (None, "ascit lumbar joint knee")),
    "edema": (
        ("pulmonary edema", "pulmonary lung interstitial alveolar heart cardiac effusion congestion kerley opacit"),
        ("peripheral edema", "ankle leg pedal pitting limb sacral foot feet knee calf jvp crackles auscultat"),
        (None, "cerebral brain facial face scrotal skin laryngeal macular optic bowel bone marrow soft tissue eyelid"),
    ),
    "fibrosis": (
        ("pulmonary fibrosis", ""),
        (None, "liver hepatic renal kidney myocardial cardiac marrow retroperitoneal <mediastinal nephro cyst"),
    ),
    "scar": (
        ("lung scar", ""),
        (None, "skin incision surgical sternotomy thoracotomy keloid wound bcg vaccin operation abdom"),
    ),
    "hypertension": (("hypertension", ""), (None, "portal intracranial intraocular <venous")),
    "smoke": (("smoking", ""), (None, "fire house burn wood cook biomass detector inhal second")),
    "metastasis": (
        ("bone metastases", "! bone bony skelet rib ribs spine vertebra lytic sclerotic osseous"),
        ("pulmonary metastases", ""),
        (None, "liver hepatic bone bony brain cerebral nodal adrenal skelet spin vertebra <renal <rib <pleural <node <lymph lytic sclerotic"),
    ),
    "met": (
        ("bone metastases", "! bone bony skelet spine vertebra lytic osseous"),
        ("pulmonary metastases", "! pulm lung chest pulmonary cxr x-ray nodule cancer primary"),
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
    "trauma": (("chest trauma", ""), (None, ">film >series >call >patient >team >bay >centre >center >surgeon >scan head brain abdom pelvi leg arm spin psycholog emotional birth eye")),
    "contusion": (("pulmonary contusion", ""), (None, "brain head cardiac heart myocardial knee muscle skin")),
    "abscess": (
        ("lung abscess", ""),
        (None, "liver hepatic brain cerebral subphrenic diaphragm dental tooth breast skin perianal spleen amebic amoebic neck"),
    ),
    "plaque": (("pleural plaques", "pleura asbest effusion lung diaphragm hemithorax"), (None, "skin psoria aort athero carotid coronary dental calcified aorta arch")),
    "infection": (
        ("pneumonia", "! edema oedema fluid patch consolidat opacit opacif shadow infiltrat airspace atelect basal base lobe chest lung"),
        (None, "urin wound skin line ear sinus tb tubercul hiv fung pleural upper blood throat viral bacterial"),
    ),
    "adenopathy": (
        ("hilar lymphadenopathy", "! hilum hila hilar"),
        ("mediastinal lymphadenopathy", "! mediastin paratrache subcarin aortopulm"),
        ("lymphadenopathy", ""),
    ),
    "lead": (
        ("pacemaker lead", "! pacemaker pacing ppm icd aicd atrium ventric generator dual-chamber"),
        (None, ">to >a >the ecg chest toxic apron exposure"),
    ),
    "blood clot": (
        ("pulmonary embolism", "! lung chest breath x-ray scan"),
        ("deep vein thrombosis", "! leg calf thigh"),
        ("venous thromboembolism", "! history family never had"),
        (None, ""),
    ),
    "sail sign": (
        ("thymic sail sign", "! thym infant baby babies child neonat"),
        ("triangular retrocardiac opacity", "! collapse heart retrocardiac lower atelect"),
        (None, "elbow fat"),
    ),
    "spike": (("fever", "! temp cultur febrile again overnight antibiot <he <she <pt"), (None, "")),
    "wet lung": (("transient tachypnea of the newborn", "! newborn neonat baby babies infant caesar cesar term birth ttn fetal"), ("pulmonary edema", "")),
    "meconium": (("meconium-stained amniotic fluid", ""), (None, ">ileus >plug >peritonitis <passed <pass")),
    "redistribution": (("cephalization", "! venous vascul edema oedema kerley upper cephal apical heart failure"), (None, "")),
    "exacerbation": (
        ("exacerbation of COPD", "! copd coad emphys smok inhaled"),
        ("asthma exacerbation", "! asthma"),
        (None, ""),
    ),
    "foreign body": (
        ("foreign body aspiration", "! chok wheez eating ate aspirat peanut inhal airway bronch trachea cough toddler air-trapping hyperinfl"),
        (None, ""),
    ),
    "needled": (("needle decompression", "! pneumo ptx tension"), (None, "")),
    "repeat radiograph": (
        ("interval to follow-up radiograph", "! when week month interval long after often soon routine smok"),
        ("chest radiograph", ""),
    ),
    "cancer": (
        ("lung cancer", "! shadow nodule spot lung smok hemoptysis haemoptysis pack spicul"),
        ("active cancer", ""),
    ),
    "lung water": (
        ("pleural effusion", "! drain tap tapped needle pleura"),
        ("pulmonary edema", ""),
    ),
    "pain": (
        ("chest pain", "! pneumothora inspir <sudden <pleuritic breath >inspiration"),
        (None, "abdom back leg calf shoulder head knee hip rib flank neck arm epigastr throat joint ear tooth stomach belly groin pelvi loin ruq bone >relief >control >killer"),
    ),
    "respiratory distress": (("respiratory distress", ""), (None, ">syndrome")),
    "premature": (("preterm birth", "! wk week neonat newborn baby infant born gestation nicu"), (None, "")),
    "collapse": (
        ("atelectasis", ""),
        ("syncope", "custody police found seizure home street floor witnessed shop gym pitch conscious ambulance unwell suddenly"),
        (None, "company economy market building roof bridge vertebra vertebrae spine spinal"),
    ),
    "mass": (
        ("lung mass", ""),
        (None, "sunday church chapel catholic breast abdom renal adrenal hepat liver pelvic neck thyroid body index muscle <cardiac"),
    ),
    "nodule": (("lung nodule", ""), (None, "thyroid skin breast subcutan adrenal vocal shin")),
}  # fmt: skip
# Short forms that are ordinary words too: they count only when written in capitals.
CAPITALS = frozenset({"aids", "ami", "cts", "curb", "dip", "doe", "lam", "lip", "pes", "pet", "tee", "toe"})
# Words that are read as another one is.
WORD_SENSES |= {
    "liver damaged": WORD_SENSES["liver damage"],
    "lymphadenopathy": WORD_SENSES["adenopathy"],
    **dict.fromkeys(
        ("repeat film", "repeat the film", "repeat the radiograph", "repeat chest radiograph", "repeat chest film"),
        WORD_SENSES["repeat radiograph"],
    ),
    "infective exacerbation": WORD_SENSES["exacerbation"],
    "malignancy": WORD_SENSES["cancer"],
    **dict.fromkeys(
        ("water on the lung", "water on my lung", "fluid on the lung", "fluid on my lung"), WORD_SENSES["lung water"]
    ),
    "tapped": WORD_SENSES["tapping"],
    "collapsed": WORD_SENSES["collapse"],
    "mitral valve replacement": WORD_SENSES["valve replacement"],
    "aortic valve replacement": WORD_SENSES["valve replacement"],
}

# Words that say that it is not there.
DENIED_NAMES: dict[str, tuple[str, ...]] = {
    "fever": ("afebrile", "apyrexial", "apyrexic"),
    "cyanosis": ("acyanotic",),
    "smoking": (
        "non-smoker",
        "nonsmoker",
        "never smoker",
        "never smoked",
        "never smokes",
        "does not smoke",
        "doesn't smoke",
        "do not smoke",
        "don't smoke",
        "never been a smoker",
        "lifelong non-smoker",
        "lifelong nonsmoker",
        "life-long non-smoker",
        "lifelong never smoker",
        "non-smoking",
    ),
}

# Words that stand for the longer name in a text on the chest; a longer match ("breast mass") always goes first.
SHORT_NAMES: dict[str, tuple[str, ...]] = {
    "lung mass": ("lung tumor",),
    "normal chest radiograph": (
        "film is normal",
        "film is clear",
        "film is fine",
        "film is ok",
        "film is negative",
        "film is neg",
        "radiograph is normal",
        "radiograph is clear",
        "radiograph is fine",
        "radiograph is ok",
        "radiograph is unremarkable",
        "radiograph is negative",
        "cxr is clear",
        "cxr is fine",
        "cxr is ok",
        "cxr is negative",
        "normal study",
    ),
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
    "cardiomegaly": (
        "heart is big",
        "heart shadow is enlarged",
        "heart shadow is bigger",
        "heart shadow is large",
        "heart size is increased",
        "increased heart size",
        "heart is large",
        "large heart",
    ),
}
