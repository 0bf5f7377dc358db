"""Which words of a clause may stay unread in the tolerant reading, and which never. Knows nothing of relations.

Drawn from what strangers wrote: a word is tolerated where leaving it unread made no false sentence of theirs true.
"""

# ruff: noqa: E501 - a list of words is easier to read, and to extend, on long lines

# Words that only carry the sentence: they name no thing, no measure and no order, and turn nothing round.
TOLERATED = frozenset(
    """
    in on at of with by for from to into and or is as during throughout have do it they them he she who whom whose
    which that what how way thing things something one ones such so-called well known recognised recognized described
    reported first-line also very quite highly particularly especially notably chiefly
    mainly characteristically usually turn turns up look looks looking come comes get gets become becomes seem seems
    appear appears tend tends remain remains go goes worth ask asking remember remembering note think call called term
    termed speak say said stand stands someone somebody anyone anybody people person patient patients individual
    individuals sufferer sufferers reader readers clinician clinicians doctor doctors radiologist
    radiologists sign signs feature features finding findings picture pattern appearance appearances
    presentation form shape view outline contour shadow shadowing shadows image film films radiograph x-ray hallmark
    clue pointer indicator marker warning cause causes reason source origin culprit explanation result consequence
    complication effect problem threat disease illness condition disorder process lesion episode bout attack event
    case cases setting context presence development occurrence evidence suspicion diagnosis possibility question
    likelihood treatment therapy management mainstay choice option remedy answer step measure drug drugs agent agents
    medicine test tests investigation examination study imaging liking fondness predilection preference tendency worst
     most marked prominent whenever while where here there suddenly unexpectedly quickly
    readily easily clearly plainly obviously simply together accepted established classic classical textbook typical
    usual common standard conventional important useful helpful valuable reliable good key major chief principal
    leading famous use used using given give gives need needs
    """.split()
)
# Never tolerated: what denies, limits, compares, counts or orders.
TURNING = frozenset(
    """
    no not nor neither never none nobody nothing nowhere without unless until except excluding barring apart instead
    rather than only hardly scarcely barely rarely seldom unlikely unable cannot fail fails failed lack lacks lacking
    absent absence free lost loss against despite although though even but however contrary unlike whereas otherwise
    wrong wrongly false falsely myth unrelated unnecessary useless harmless ignore disregard disregarded irrelevant
    avoid avoids withhold stop stops stopped stopping prevents prevent excludes exclude rules always all every each
    any both either half majority minority few fewer many several single sole solely exclusively entirely completely
    more less most least much too enough little better worse higher lower greater smaller larger bigger longer shorter
    wider narrower thicker thinner earlier later sooner faster slower darker whiter blacker deeper steeper sharper
    before after since when while if because so therefore thus once now then already yet still again first last
    initial final one two three four five six seven eight nine ten twelve twenty hundred thousand double twice third
    quarter percent million unproven alleged supposed disputed doubtful rejected purported mythical
    """.split()
)
# Not tolerated either, not even before a concept, unless the facts or their definitions say it too: what places, times,
# grades or opposes.
WEIGHTY = TURNING | frozenset(
    """
    above below under over beneath beyond behind between beside near next along around across
    outside inside off past towards toward away opposite up down upward upwards downward downwards backward forward
    anterior anteriorly posterior posteriorly lateral medial superior inferior apical basal apex base bases apices
    upper middle left right left-sided right-sided central peripheral proximal distal ipsilateral contralateral
    unilateral bilateral one-sided two-sided asymmetrical supine prone erect upright lying flat sitting
    standing inspiratory expiratory frontal oblique horizontal vertical internal external superficial deep acute
    chronic sudden gradual slow rapid early late old new recent former previous young elderly middle-aged newborn
    neonatal premature male female men women man woman boy girl boys girls child children infant infants baby babies
    toddler adult teenager teenagers high low raised elevated increased decreased reduced diminished depressed lowered
    rising falling normal abnormal healthy large small big tiny huge massive giant minor mild moderate severe slight
    marked long short tall wide narrow thick thin broad dilated contracted widened narrowed enlarged shrunken swollen
    flattened hyperinflated collapsed inflated light dark black white bright dense lucent opaque radiolucent
    radiopaque clear hazy smooth irregular sharp blurred round square benign malignant cancerous innocent sterile
    infected infectious noninfectious contagious bacterial viral fungal parasitic treated untreated drained undrained
    open closed complete incomplete partial total full empty wet dry hot cold warm hard soft solid hollow cystic
    calcified fatty bloody purulent serous transudative exudative arterial venous positive negative sensitive specific
    safe unsafe dangerous fatal lethal curable incurable reversible irreversible preventable unstable
    progressive regressive permanent temporary transient persistent constant intermittent primary secondary congenital
    acquired inherited hereditary genetic sporadic dominant recessive x-linked optional mandatory obligatory
    compulsory elective routine urgent immediate emergency delayed unimportant unhelpful unreliable insignificant
    meaningless unknown unclear impossible rare uncommon unusual exceptional frequent nonsmoking nonsmoker
    never-smoker smoking-related
    """.split()
)
# Adjectives of more of the same: what is so of a thing is so of a large or an untreated one.
MORE_OF_IT = frozenset(
    """
    large massive big huge extensive severe marked complete full persistent untreated traumatic symptomatic established chronic
    heavy advanced dense obvious recurrent multiple longstanding calcified tense
    """.split()
)
# Verbs, in base and third form, that tell that two things go together and nothing against it: not how one acts on the other.
GOES_WITH = frozenset(
    form
    for verb in (
        "accompany affect announce appear arise arrive attend befall begin belong beset betray bring catch characterise characterize "
        "cluster come declare develop display dog dominate exhibit feature figure find follow form frequent gather give go harbor "
        "harbour haunt herald hit hug indicate inhabit involve join land lead lie live look lodge lurk make manifest mark meet nestle "
        "occupy occur originate pick plague point populate prefer present produce reach reflect reside rest reveal run see seek settle "
        "show signal single sit speak spell spot stand start stem strike suggest surface target tell trace trouble turn unfold use warn"
    ).split()
    for form in (verb, f"{verb}s", f"{verb}es", f"{verb[:-1]}ies" if verb.endswith("y") else verb)
) | frozenset("up out down along away itself is found seen met called known".split())
