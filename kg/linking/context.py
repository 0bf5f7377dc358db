"""What is said of a mention: present, absent, possible, of the past, of the family; its side, place and severity.

Rules in the manner of NegEx and ConText (Chapman 2001, Harkema 2009): a trigger reaches over the words after or before
it up to a word that ends its scope. Knows nothing of the graph.
"""

# ruff: noqa: E501 - an alternation is easier to read, and to extend, on one line

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from kg.types import Assertion, Severity, Side

Span = tuple[int, int]

# In order of weight: a family trigger outweighs a past one, and so on.
_RELATIVE = (
    r"(?:mother|father|papa|mum|mom|dad|nan|nana|gran|granny|grandad|granddad|grandma|grandpa|sister|brother|parent|grand(?:mother|father|parent)|aunt|uncle|cousin|sibling|relative|son|daughter|twin|nephew"
    r"|niece)s?"
)
_NOT_A_FILM = r"(?!\s*[,.;:)]| (?:there|the|it|and)\b| (?:chest )?(?:films?|study|studies|radiographs?|x-?rays?|ct|scans?|exam\w*|imag\w+|visits?|comparison|report))"
# "old TB", but not "a 2 yr old".
_OLD_THING = r"old(?! (?:chap|man|lady|woman|gentleman|gent|guy|boy|girl|patient|age|people)\b)" + "".join(
    rf"(?<!\b{unit} old)"
    for unit in "y yo yr yrs year years month months week weeks day days h hr hrs hour hours min mins minutes 2 7".split()
)
_FORWARD: tuple[tuple[Assertion, str], ...] = (
    ("present", r"no (?:(?:significant|interval|acute|appreciable|convincing|obvious|real|major) )*(?:change|increase|decrease|drop|fall|rise|reduction|improvement|worsening|further"
                r"|difference|relief|response|benefit|progression|regression) (?:in|of|from|with|to|after)|not only|no longer than"
                r"|without (?:difficulty|change in|relief|improvement|response|benefit|treatment)|gram negative"
                r"|(?:can ?not|can't|could not|couldn't|never|impossible|not possible)(?: \w+){1,5}? without"
                r"|not (?:just|merely|simply)(?: the presence of)?|never (?:feed|use|clamp|pull|flush|inject)|not the same(?: thing)? as|(?:should|must|can) ?not wait for"
                r"|(?:never|not) (?:be )?(?:diagnos\w+|mistake\w*|confus\w+|ignor\w+|dismiss\w*|assum\w+|overlook\w*|miss|forget)(?: (?:an?|the|with|for|as))*"
                r"|(?:source|cause|explanation|reason)s? (?:of|for)(?: (?:the|his|her|their|my|this))?"
                r"|(?:tell|know|judge|recogni[sz]e|understand) (?:if|whether)|if (?:the|this|his|her|my|your)(?= [\w -]{3,40}? (?:does not|doesn't|fails? to|persists?|clears?|resolves?|improves?"
                r"|worsens?|increases?|enlarges?|grows?|gets (?:worse|bigger)))"
                r"|(?:can ?not|can't|could not|couldn't|unable to) (?:say|tell|know|judge|comment|assess|be sure)(?: (?:if|whether|that))?"
                r"|(?:films?|x-?rays?|radiographs?|scans?|ct|programs?|software|models?|systems?|tools?|computers?) can(?: ?not|'t)(?! (?:exclude|rule))"
                r"|not protected|(?:do|does|did|will|would) not (?:help|work|treat|protect|prevent|affect|apply|matter|influence|always|necessarily|usually|by itself)"
                r"|not (?:be )?(?:combined|mixed|taken together|given together)(?: with)?"
                r"|no doubt (?:of|about|that)|no idea (?:what|why|how|if|whether)|(?:rais|increas|reduc|lower|carr|doubl)\w+ (?:the |an? )?(?:\w+ )?risk (?:of|for)|not (?:reliev\w+|improv\w+|worsen\w*|chang\w+|resolv\w+|clear\w*|respond\w*|settl\w+|eas(?:ed|ing)|helped|explained"
                r"|due to|caused by|related to|(?:detected|picked up|measured|diagnosed|seen|shown|cured|treated) by)"
                r"|(?:not|never) (?:been )?(?:done|performed|given|needed|required|indicated|necessary|recommended|advised|warranted)"
                r"|(?:(?<=^)|(?<=[.;,:] )|(?<=\band )|(?<=\bplease ))(?:please )?(?:do not|don't)(?= (?!have\b|know\b|see\b|get\b|feel\b|think\b|believe\b|need\b|smoke\b)\w+)"
                rf"|(?:by|with) (?:her|his|their|the|my) {_RELATIVE}(?: with)?"),
    ("family", r"fam(?:ily)? (?:history|hx):?(?: (?:of|for|includes|positive for|significant for))?|fhx?(?: of|:)?"
               rf"|(?<!now her )(?<!now his )(?<!now their ){_RELATIVE}(?:, who)?(?: \w+){{0,3}}? (?:has|had|have|with|on|(?:was |being )?treated for|(?:is|was) an? [\w ]{{3,25}}? and (?:has|had)|died(?: \w+)? (?:of|from)|suffer\w*|diagnosed with|developed|got"
               r"|is known|history|(?:is|was|are|were) (?:being |also |recently )?(?:treated|on treatment|on tablets|in hospital) (?:for|with)|lost (?:\w+ )?(?:life|battle) to|passed away (?:from|with|of)"
               r"|was told (?:he|she|they) had)|runs in (?:the|my|his|her|our) family"
               rf"|{_RELATIVE}(?= (?:still |also |both )?smoke[sd]?\b)|(?:(?<=^)|(?<=[,;:] )){_RELATIVE}(?= (?:[\w+-]+-\w+ )?\(?(?-i:[A-Z][a-z]*[A-Z]))"
               rf"|(?:my|his|her|our) {_RELATIVE}['’]s (?:scan|x-?ray|film|report|lungs?|chest|results?)|{_RELATIVE}['’]s(?= .*\b(?:(?:will|am|could|might|do) i\b|you (?:could|may|might|are)\b|inherit|carrier))"),
    ("possible", r"(?:can ?not|could not|can't|not|unable to|fails? to|hard to|difficult to|impossible to) (?:entirely |completely "
                 r"|fully |confidently |reliably )?(?:rule[d]? out|exclude[d]?|excluding)|(?:dunno|not sure|unsure|unclear|uncertain)(?! (?:age|duration|onset|origin|nature|cause|significance|a?etiology|clinical|date)\b)(?: (?:if|whether|that))?|does not exclude|without excluding|(?:can ?not|can't|could not|unable to|hard to|difficult to|impossible to) (?:\w+ly )?(?:distinguish|differentiate|separate|tell apart)(?: between)?"),
    ("hypothetical", r"(?<!not )rule out|r/o|(?:to|must|should) exclude|exclude|(?:evaluat(?:e|ing|ion)|eval|assess(?:ing|ment)?|check|examine)(?: (?!for\b|and\b)[\w-]+){0,3}? for|eval|(?:before|prior to) (?:starting|commencing|initiating|beginning)|screen(?:ing|ed)? for"
                     r"|(?<!you )look(?:ing|ed)? (?:out )?for(?! an? (?:source|cause))|check(?:ing|ed)? for|search(?:ing|ed)? for|surveillance for|test(?:ing|ed) for|(?:(?<=to )|(?<=and )|(?<=please )|(?<=will )|(?<=^))test for|in (?:the )?"
                     r"(?:case|event) of|in case|if|should (?:there be|he|she|you|they|the patient)|should(?= \w+(?: \w+)? (?:occur|develop|happen"
                     r"|arise))|return (?:for|if|with)|watch(?:ing|ed)? (?:out )?for|(?:at |the |increased |high |higher |low )?risk (?:of|for)"
                     r"|monitor(?:ing|ed)? for|unless|work-?up for|w/u for|prophylaxis (?:for|against)|prevent(?:ion of|ing|s)?|prone to"
                     r"|(?:may|might|could|can|will|would) (?:later |also |then |still |eventually )?develop|to (?:detect|identify) (?:any )?"
                     r"|on the lookout for|were there|plan(?:s|ned)?(?: is)?(?: to| for|:)|to (?:start|commence|begin)(?! (?:with|the day))"),
    ("absent", r"no evidence (?:of|for)|(?:nobody|no ?one|no-one|none)(?: \w+){0,4}? (?:has|had|have|with)(?: had| got)?|nothing (?:to suggest|suggestive of|to indicate|in keeping with|to support|(?:\w+ ){1,4}?(?:suggests|indicates|points? to|supports))|unlikely(?: to (?:be|represent|reflect|have|indicate)| for)?|(?:not|a)typical (?:of|for)|not (?:typical|suggestive|characteristic|indicative|consistent|in keeping|compatible|convincing) (?:of|for|with)"
               r"|argu(?:es?|ing) against|speaks? against|evidence against|nil|no signs? of|no (?:radiographic |definite |convincing )?(?:evidence|indication|hint|trace"
               r"|suggestion|features?|suspicion) (?:of|for|to suggest)|not a (?:hint|trace|sign) of|zero evidence of|neg(?:ative)? for|absence of"
               r"|clear of|free of|free from|without(?: any)?(?: evidence of| signs? of)?|declin(?:es|ed|ing)|refus(?:es|ed|ing)|den(?:y|ies|ied|ying)(?: any)?|ruled? out(?= as)|no longer"
               r"(?: any| has| have)?|no(?: definite| obvious| focal| acute| significant| new| large| visible| discrete| suspicious| confluent"
               r"| frank| convincing)*|neither|nor|never(?: (?:had|has|been|was|were|develop(?:s|ed)|experienced|diagnosed with|show(?:s|ed|n)))?|lack(?:s|ed|ing)?(?: of)?|rather than|instead of|mimicking|fails? to (?:show|demonstrate"
               r"|reveal)|(?:does|do|did) not (?:show|reveal|demonstrate)|(?:doesn't|don't|didn't) (?:show|reveal|demonstrate)|(?:is|are|was|were|does|do|did|has|have) not|isn't|aren't|doesn't|don't|hasn't|haven't|didn't|cannot|can't|not"
               r"|(?<!radiographic )(?<!radiological )(?<!slow )(?<!delayed )resolution of|resolved(?! (?:by|on|with|after))|excludes?|excluded(?! (?:by|on|with|after|in|at))|ruled out(?! (?:by|on|with"
               r"|after|in|at))"),
    ("historical", r"(?:prior|previous|earlier|last) (?:films?|study|studies|radiographs?|x-rays?|ct|scans?|exam\w*)(?:,? which)?"
                   r" (?:showed|demonstrated|revealed)|day \d+ (?:after|post|following)(?: an?| the)?|(?:days?|weeks?|months?|years?) (?:after|following|since) (?:my|his|her|their)(?! (?:diagnos|return|arriv))|\d+/(?:7|12|52) (?:after|post)|hx(?! (?:of|includes))|(?:past |prior |previous |known |medical )*(?:history|hx)(?::| (?:of|includes|notable for"
                   r"|significant for))|pmhx?(?: of| includes)?:?|past medical history:|background(?: history)?(?: of|:)|h/o"
                   rf"|previously(?! (?:seen|described|noted|identified|demonstrated|reported|documented|mentioned|known|shown|visible|visuali[sz]ed)\b)|(?:previous|prior|past|{_OLD_THING}){_NOT_A_FILM}(?! to\b)|status post|s/p|st\.? ?p\.|in the past|remote|healed|(?<!since )(?<!from )childhood|post-?(?:surgical|operative) changes? (?:of|from|after)|(?:(?<=^)|(?<=[.;,:] ))(?:\w+ ){1,3}(?:years?|months?) ago|(?:has|have|having) had|used to(?= \w)"
                   r"|earlier this year|underwent|treated for|(?<!than )(?<!since )(?:19|20)\d\d for(?= \w)|former|ex|survivor of|post(?= (?:cardiac arrest|cpr\b)| \w*(?:ectomy|otomy|plasty|surg\w*|transplant\w*|cabg|bypass))|recovered from"),
    ("possible", r"(?<!should i )(?<!need to )worr(?:ied|ying|y) (?:about|that)|worrying for|fear(?:s|ful)? (?:of|that)|afraid of|possible(?! (?:given|but|in view))|(?:possibly|probably|likely|perhaps|presumably|maybe) (?:due to|because of|caused by|secondary to)|possibly|potential(?:ly)?|probable|probably|(?:poss|prob)(?=\.? [a-z])"
                 r"|(?<!un)likely(?! with)|maybe|perhaps|presum(?:ed|ably|ptive)|(?:may|might|could)(?: \w+ly)?(?: well| also| still| just| simply| in part)?"
                 r" (?:be (?:due to|caused by|secondary to|because of|related to|from)|be(?! (?:seen|caused|missed|normal|used|given|found|treated|needed|visible|absent|difficult|complicated|followed|accompanied|preceded|mistaken|confused|associated|hidden|obscured|masked|mimicked|brought on|triggered|worse|better|hard))|represent|reflect|indicate|have"
                 r"|mean|suggest|signify|relate to|point to|correspond to|include)|(?:could|might|may) (?:it|this|that|these|there|he|she|they|i)"
                 r"(?: also)? (?:be|have|represent|mean)|suspect(?:ed|s|ing)?(?! (?:when|if)\b)|suspicion (?:of|for)|suspicious (?:for|of)|suggest(?:s|ed(?! by)|ive of|ing"
                 r"|ion of)?|questionable|equivocal(?: for)?|concern(?:ing|ed|s)? (?:for|about|of|that)|worrisome for|raises? (?:the |a )?"
                 r"(?:possibility|question|concern|suspicion|thought) (?:of|for)|possibility of|possibilit(?:y|ies) (?:is|are|include)|as likely as|the differential(?: diagnos[ei]s)?(?: \w+){0,2}?"
                 r"|differentials?(?: diagnos[ei]s)?(?: includes?| is| are|:)|ddx:?|d/dx?:?|(?:working|leading|provisional|presumptive|favou?red) (?:dx|diagnosis)(?: is| of)?|(?<=[,;] )impression(?: is)?(?! of)|point(?:s|ed|ing)? to(?:wards?)?|query|queried|questions? of|compatible with|c/w"
                 r"|(?<!keeping with )(?:consistent|in keeping) with(?! known)|favou?r(?:s|ed|ing)?(?! (?:the )?(?:upper|lower|mid|middle|right|left|bases?|apices|apex|periphery|men|women)\b)|(?<!should )(?:i|we) (?:think|believe|wonder)|think(?:s|ing)?(?= (?:there|it|this|that|he|she)(?:['’]?s| is| has| could| may| might)?\b)|(?:doctor|dr|gp|reg|registrar|consultant|resident|team|boss|radiolog\w+|anyone|anybody|anyone else|he|she|they) (?:thinks?|reckons?|suspects?)|(?:causes?|cause is|aetiology|etiology)\s?\?|wonder(?:ed|s|ing)? (?:about|if|whether)"
                 r"|fits?(?= [\w -]{3,50}? (?:better|more|less) )|(?<!coughing )(?<!whooping )(?<!febrile )fits? with|would fit(?! (?:the|these|this)\b)|(?:treat(?:ed|ing)?|tx|rx) as|(?<=, )(?:appearances? |findings? |all )?(?:typical|features|characteristic) (?:of|for)|(?<=, )think(?= \w)(?! (?:of|about|twice)\b)|(?<!not )in line with|makes?(?= [\w -]{1,50}? (?:the (?:most likely|leading|likeliest|main|favou?red|first (?:thought|choice))|(?:more|most|very|quite) (?:likely|probable))\b)|smells? like|manag(?:ed|ing) as|reckons?|thinks? (?:it|this|that|she|he|i)|(?:worried|scared|concerned) (?:it|this|that|he|she|i)(?: is|'s|'ve| has| have| might)?"
                 r"|(?:thought|felt|believed|presumed|considered) to (?:be|represent|reflect|have)|appears? to (?:be|have|represent)"
                 r"|seems? to (?:be|have|represent)|seems? like|sounds? like|(?<!can )(?<!could )(?<!else )looks? like|(?:versus|vs)(?! (?:yesterday|previous|prior|last|earlier|baseline|admission)\b)|(?<!\bpt )(?<!\bis )(?<!\bwas )(?<!\bam )(?<!\bare )(?<!\bfeels )(?<!\bfeeling )(?<!\bstill )(?-i:v)(?=\.? [A-Za-z])(?! (?:small|large|big|sob|breathless|unwell|ill|high|low|tired|bad|likely)\b)|either|consider(?:ing)?(?! (?:a |an )?\w+ing)"
                 r"|hints? (?:of|at)|impression of"),
)  # fmt: skip
_BACKWARD: tuple[tuple[Assertion, str], ...] = (
    ("present", r"not (?:present|seen|visible|there) (?:[\w-]+ ){0,4}(?:ago|before|previously|(?:previous|prior|last|earlier) \w+)"
                r"|(?:almost|nearly|largely|mostly|partially|partly)(?: (?:completely|entirely|fully))? (?:resolved|cleared|gone|disappeared)"
                r"|(?:began|begun|start(?:ed|ing)?|since|for (?:the )?(?:past|last)|over (?:the )?(?:past|last)|noticed|onset)\b.{0,25}?"
                r"(?:ago|years?|months?|weeks?|childhood|(?:19|20)\d\d)"),
    ("family", rf"(?:in|affect(?:s|ed)) (?:an?|his|her|the|their|my)(?: \w+)? {_RELATIVE}|(?:runs )?in (?:the|my|his|her|our|their|your) family"),
    ("possible", r"(?:but|though|although) (?:is |are |was |were )?not (?:been )?(?:entirely |fully )?(?:excluded|ruled out)|would fit(?= (?:the|these|this)\b)|query(?=\s*(?:[.,;)]|$)| in view)"
                 r"|(?:must|should|has to) be assumed|(?:is|are|remains?) the (?:most )?(?:likely|leading|working|favou?red|provisional|main|differential) (?:diagnosis|explanation|thought)|i (?:think|reckon|rekon|guess|suspect)(?=\s*(?:[.,;!?]|$))"
                 r"|(?:can ?not|could not|can't) be (?:entirely |completely |fully )?(?:excluded|ruled out)|not (?:been )?(?:excluded"
                 r"|ruled out)|(?:is|are|remains?|was|were|seems?|appears?)(?: (?:also|still|most|more|highly|thought|quite|very))*? (?:possible"
                 r"|suspected|(?<!un)likely|probable|questionable|not excluded|a possibility|a concern|a consideration|a differential|considered"
                 r"|in the differential|presumed|uncertain|equivocal|queried|favou?red|most likely)(?=\s*(?:[.,;:?)]|$)|\s+(?:given|but|in|because|and|with|on|at|here|since|as|from|by|though|although|clinically)\b)|(?:should|must|needs? to|has to|have to) be"
                 r" (?:considered|excluded|ruled out|suspected)|to be (?:considered|excluded|ruled out)|versus|vs|(?<!\bpt )(?<!\bis )(?<!\bwas )(?<!\bam )(?<!\bare )(?<!\bfeels )(?<!\bfeeling )(?<!\bstill )(?-i:v)(?=\.? [A-Za-z])(?! (?:small|large|big|sob|breathless|unwell|ill|high|low|tired|bad|likely)\b)|(?:un)?til(?:l)? prove[dn] otherwise"
                 r"|(?:possible|probable|(?<!un)likely|suspected|questionable|not excluded|favou?red|presumed|queried|a possibility)(?=\s*(?:[,.;?)]|$|given|but|in view|over\b|than\b|(?:on|at|in) the (?:left|right)\b))"
                 r"|(?:is|are|was|were) (?:strongly )?suggested by|(?:raised|queried|questioned|mooted|suspected|suggested) by (?:the |his |her |my )?(?:gp|doctors?|radiolog\w+|team|ed|consultant|registrar|physician|report|reporter)|(?:is|are) as likely as|(?:is|are|remains?) (?:an? |the )?(?:[\w-]+ )?(?:possibility|probability|consideration|concern|worry)(?! (?:of|for|that|about))"),
    ("hypothetical", r"(?:should|must|needs? to|has to|have to) be (?:watched|looked out|monitored|screened|checked|tested|looked) for"),
    ("absent", r"(?:is|are|was|were|has been|have been) (?:now |also |clearly |reliably |typically |usually |characteristically |generally |all |both |each )*(?:absent|excluded|ruled out|not (?:seen|present|identified"
               r"|visible|evident|demonstrated|noted|detected|appreciated|found|observed|apparent)(?! (?:by|below|beyond)\b)|resolved|negative|gone|unlikely)|(?<!, )gone(?=\s*(?:now\b|[.,;]|$))|not (?:seen"
               r"|present|identified|visible|evident|demonstrated|noted|detected|appreciated|found|observed|apparent)(?! (?:by|below|beyond)\b)|no longer (?:seen|present"
               r"|visible|evident|identified|there|demonstrated)|(?:has|have) (?:now |since |completely |fully |entirely )*(?:resolved|cleared"
               r"|disappeared|gone(?! to)|settled|subsided|gone away|stopped|been (?:removed|taken out))|(?<!\ba )(?<!\bthe )(?<!\bone )(?<!\btwo )(?<!photographic )neg(?:ative)?|unlikely|(?<!be )(?<!not )(?<!n't )(?:ruled out|excluded|resolved|cleared)(?=\s*(?:[.,;)]|$)|\s(?:on|by) (?:the )?(?:ctpa|ct|echo|mri?|us|ultrasound|v/?q|angio\w*|bronch\w*|biopsy))|(?:went|gone) away|declined|refused|denied|: ?(?:no|none|absent|negative|nil)(?=\s*(?:[,.;)]|$))|-(?=,|;|\.|$)|: ?-"),
    ("historical", r"in the past|(?:quit|stopped|gave up|given up)(?: smoking)?(?: in)? (?:(?:19|20)\d\d|\d+ ?(?:years?|yrs?|months?) ago)|(?<=, )old(?=\s*(?:[.,;)]|$))|(?:\d+ ?)?(?:years?|yrs?|months?|mths?|decades?) (?:ago|earlier|previously|before)|as (?:a|an) (?:child|kid|toddler|teenager|boy|girl|baby|infant"
                   r"|adolescent|student|young \w+)|in (?:early )?(?:childhood|infancy|adolescence|youth|(?:his|her|my) (?:youth|childhood|teens"
                   r"|twenties|thirties))|(?<!than )(?<!present )(?<!seen )(?<!there )in (?:19|20)\d\d|back in|(?:in|last) (?:early |late )?(?:january|february|march|april|june|july|august|september|october|november|december|jan|feb|aug|sept?|oct|nov|dec)\b|and (?:has )?recovered|in the (?:19)?\d0s|(?<!mm )(?<!cm )last (?:year|yr|month|winter|summer|spring|autumn|fall)|previously|earlier this year"
                   r"|on (?:the )?(?:prior|previous) (?:film|study|radiograph)|has been treated|at (?:the )?age (?:of )?\d+"),
)  # fmt: skip
# "Can I fly four weeks after a collapsed lung?": past where somebody speaks of himself, not in "develops days after".
_AFTER_OWN = re.compile(
    r"\b(?:(?:days?|weeks?|months?|years?|again|now) (?:after|following|since)|(?<=^)since|ever since|still .{3,30} after)(?: an?| the| my| his| her)? ",
    re.IGNORECASE,
)
_OF_ONESELF = re.compile(r"\b(?:i|i'm|i've|my|me|he|she|his|her|we|our)\b", re.IGNORECASE)
# "Obliterative bronchiolitis in childhood leaves a small lung" tells of nobody's past.
_IN_CHILDHOOD = re.compile(r"in (?:early )?(?:childhood|infancy|adolescence|youth)|childhood", re.IGNORECASE)
_IN_THE_PRESENT = re.compile(
    r"\b(?:is|are|follows?|affects?|occurs?|causes?|presents?|leads?|leaves?|gives?|results?|complicates?|begins?|starts?|may|can|often|usually|commonly|typically|produces?|shows?)\b",
    re.IGNORECASE,
)
_OF_SOMEBODY = re.compile(
    r"\b(?:i|i'm|i've|my|me|he|she|his|her|we|our|had|was|were|patient|pt|known|now|since|hx|pmh)\b|\d", re.IGNORECASE
)
# A question whether somebody has something.
_WHETHER = re.compile(
    r"(?:^|(?<=[,;:-] )|(?<=\bor ))\s*(?!is there (?:any |an? )?(?:benefit|role|point|evidence|harm|need|place|value|difference|link|association|relation(?:ship)?|connection|correlation|risk|way|reason)\b)"
    r"(?:so,? |but |and |doctor,? |hey,? |hi,? |sir,? |ok,? )?(?:(?:is|are|was) (?:this|that|it|there|these|those)\b"
    r"(?! (?:why|how|what|when|where|who|specific|sensitive|typical|diagnostic|pathognomonic|reliable|useful|contagious|catching|infectious|dangerous|curable|treatable|hereditary"
    r"|the same|true(?= ?[?,]| that| of)|safe|normal|common|possible|better|worth|necessary|ok|okay|always|ever|enough)\b)|(?:do|does|did|have|has|could|can|might|may)"
    r" (?:i|he|she|we|they|it|this|that|these|there|the patient|(?:my|his|her|the|this|these|that) [\w -]{2,30}?)(?: also| just| only| simply)? (?:have|got|be due to|be caused by|be from|be because of|be secondary to|be|mean|represent|reflect|fit"
    r"|indicate|suffer from|had|show|suggest|reveal|getting|having)\b|any (?:signs?|evidence|suggestion|chance) of\b|any (?=[\w -]{3,25}\?|[\w -]{3,40} (?:on|in|at) (?:the|this|these|that) (?:[\w-]+ )?(?:film|x-?ray|image|picture|scan|ct|side|base|apex|lung)s?\b)|(?:could|might|may) (?=(?:an? |the )?[\w -]{2,40} (?:explain|account for)\b)"
    r"|(?:is|are) (?=(?:an? |the )?[\w -]{2,40} (?:likely|possible|probable)\b)"
    r"|(?:have|has) (?:i|he|she|we|they) (?:now )?got\b|(?:can|could|do|did) you (?:see|think|spot|notice|suspect|believe)\b|am i (?:having|getting|developing)\b|any(?:one|body)(?: else)? (?:see|think|spot)\b|(?:is|are|was) (?:the|my|his|her) [\w -]{2,30}?"
    r" (?:(?=an? )|due to|caused by|from|because of))",
    re.IGNORECASE,
)
_WEIGHT: dict[str, int] = {"present": 0, "possible": 1, "historical": 3, "absent": 2, "hypothetical": 4, "family": 5}
_ENDS_FORWARD = re.compile(
    r"\b(?:but|however|although|though|except(?: for)?|apart from|aside from|other than|(?<!not )yet|nevertheless|still|because|and (?:is|was|are|were)|(?:ok|okay|safe) to"
    r"|since|due to|caused by|secondary to|which|who|whereas|while|is|are|was|were|has|have|present(?:s|ed|ing)?|admitted|if|complain(?:s|ed|ing)"
    r"|c/o|shows?|showed|causes?|caused|(?:source|cause|explanation) (?:of|for)"
    r"|(?<!to )suggests?|explains?|accounts? for|despite|in spite of|ever(?= [a-z])|(?<=[a-z,] )(?<!not )just(?= [a-z])(?! (?:like|as|because|in|on|after|before|above|below|behind|over|under|to)\b)|(?:it is |this is )?(?<!not )(?:just|only|simply|merely)(?= (?:an?|the|some|mild|slight|my|his|her|dry|old|minor|small|subtle|minimal)\b)|and (?=(?:new(?:ly)?|now|worsening|increasing|current(?:ly)?|recent|progressive|acute|today)\b)|then|now|today|currently|there (?:is|are)|with(?= (?:a |an |some )?(?:residual|minor|minimal|persist\w+|small|large|mild|moderate|severe|new|left|right|bilateral)))"
    r"\b|[;:]|\s[-–—]\s|->|→|,\s+(?=(?:there|it|he|she|the|so)\b)|\b(?=(?:i|we|you) (?:can|could|would|will|may|do|have|am|are)(?:not|n't)?\b)",
    re.IGNORECASE,
)
# "I think there is", "I do not believe that there is": what follows is what is thought or denied.
_HOLDS = re.compile(r"\s*(?:(?:think|believe|feel|reckon)\s+)?(?:that\s+)?", re.IGNORECASE)
# What no longer belongs to a doubt or to the past: whom it is about, and what is said to be so now.
_ENDS_DOUBT = re.compile(
    r"\b(?:with|given|after|following|(?:in|on) (?:the|an?) (?:setting|context|background) of|in (?:an?|this|the|his|her) (?:[\w-]+ ){0,3}?(?:patient|man|woman|male|female|child|boy|girl|baby"
    r"|infant|toddler|smoker|person|immigrant|adult|neonate|newborn)s?)\b",
    re.IGNORECASE,
)
_OLD = re.compile(
    r"\b(?:previous|prior|past|old|remote|healed|former|ex|recent|childhood|post|s/p|status post|st\.? ?p\.|(?:19|20)\d\d for|(?:after|following|since)(?: (?:an?|the|my|his|her))?)\s*$",
    re.IGNORECASE,
)
_BEFORE_A_START = re.compile(r"\b(?:before|prior to) \w+$", re.IGNORECASE)
_COMMA = re.compile(",")
_WHAT_FOR = re.compile(r",|\bfor\b", re.IGNORECASE)
# "Screening for a visa, no cough", "if there is no fever": what is denied is not what is asked about.
_DENIED_THEN = re.compile(r"(?:,\s+(?:no|denies|nil)|\bthere(?: is|'s|s| are) no)\b", re.IGNORECASE)
# "The absence of lung sliding supports a pneumothorax", "no endoleak after TEVAR".
_SAYS_MORE = re.compile(
    r"\b(?:supports?|indicates?|means?|favou?rs?|makes?|points? to|raises?|argues?|implies|after|following|post|compared)\b"
    r"|,\s+(?:any\b|\?)",
    re.IGNORECASE,
)
# Where each item of a list has its own "no", one without it is there: "no cough, no fever, chest pain since Monday".
_AND_THE = re.compile(r"\band (?:the|this|these)\b", re.IGNORECASE)
_NO_BEFORE = re.compile(r"(?:^|[,;.]\s)no\b[^,;.]*,\s(?:and )?no\s*$", re.IGNORECASE)
_NEXT_NO = re.compile(r",\s+(?:and )?no\b", re.IGNORECASE)
_OWN_NO = re.compile(r",\s+(?!(?:no|or|nor|and)\b)(?!.*\b(?:or|nor)\b)", re.IGNORECASE)
_NOW_IN_LIST = re.compile(
    r",\s+(?=new\b|now\b|acute\b|recent\b|worsening\b|increasing\b|\?|on (?!\d)|(?:[\w-]+ ){1,4}(?:in situ|unchanged|still|swinging|bubbling|draining|as expected)\b)|\?(?=\w)"
    r"|\bon (?!the\b|an?\b|day\b|his\b|her\b|my\b|\d)(?=\w)",
    re.IGNORECASE,
)
# "My dad had lung cancer, should I worry about this spot?": the family ends where the person speaks of themselves.
_OWN_AGAIN = re.compile(
    r"[,;.]\s+(?:(?:and|but|so) )?(?:(?:no|denies|nil)\b|me\b|\d+[- ]?(?:months?|years?|yr|mo|m|y|day)\b|(?:should|do|does|could|can|might|am|is|are|will|would) (?:i|this|my|it)\b|(?:i|i'm|im|i've|my|mine|patient|pt|child|baby|infant)\b)|\b(?:so|and|but) (?:now )?(?:i|i'm|im|i've|my|this|her own|his own)\b|,\s+(?=\?)",
    re.IGNORECASE,
)
# "Sister COPD, wheeze since 35": only what stands right by the relative.
_ONE_OF_THEM = re.compile(rf"\b{_RELATIVE}(?:['’]s)?$", re.IGNORECASE)
_ITEM = re.compile(r",|\b(?:means|has|is|was)\b", re.IGNORECASE)
# "Without" and "not" go past a comma only in a list that ends in "or": "without fever, cough or pain".
_TO_THE_COMMA = re.compile(
    r"(?:\bwithout(?: any)?|\b(?:can)?not|n't|\bnever|\brefus(?:es|ed|ing))(?: \w+)?$", re.IGNORECASE
)
_LAST_ITEM = re.compile(r",(?! (?:or|nor|and)\b)(?![^.;:]*\b(?:or|nor)\b)", re.IGNORECASE)
# In a list of denials, what comes with a degree, a side or an article is no longer denied, unless an "or" is still to come.
_NEW_IN_LIST = re.compile(
    r",\s+(?=(?:and )?(?:(?:slightly|much|somewhat|a little) )?(?:less|more|fewer|better|worse) )|,\s+(?=[\w /-]{1,30}? (?:vs|versus|only|ok|fine|satisfactory|in situ|normal|intact|unchanged|stable|clear|adequate|good|pos|positive)\b"
    r"|(?:an?|some|mild|moderate|severe|marked|small|large|known|new|old|left|right|bilateral|stable|unchanged|persistent|\w+ly (?=\w+ed\b)|\d+)\b)"
    r"(?!.*\b(?:or|nor)\b)"
    # a conclusion or another verb is no longer an item
    r"|,\s+(?=(?:(?:and|so|hence|thus|therefore|favou?r\w*|suggest\w*|impression|imp|suspect\w*|likely|probabl[ey]|possibl[ey]|may|might|could|must|in keeping"
    r"|consistent|compatible|(?:working|leading|likely|main|provisional) (?:dx|diagnosis)|diagnosis|please|pls|for|needs?|requires?|awaiting|await|refer\w*|see|what|which|how|why|should|can|could|do|does|is|are)\b|\?))(?!and (?!so\b|hence\b|therefore\b))",
    re.IGNORECASE,
)
# "In this HIV-positive patient PJP is possible", "widening is new and a dissection is of concern".
_NOT_IN_DOUBT = re.compile(
    r",|\b(?:patient|man|woman|host|child|infant|user|smoker)s?\b|\b(?:is|are|was|were|has|have)\b[^,;]*?\band\b",
    re.IGNORECASE,
)
# "A deep sulcus sign means a pneumothorax until proven otherwise": the sign is there.
_IS_TILL_PROVEN = re.compile(
    r"\b(?:means?|is|are|represents?|indicates?|suggests?|around|from|equals?|(?:regarded|treated|considered|managed) as|(?:assumed|presumed|considered) to be)\b",
    re.IGNORECASE,
)
_DASHES = frozenset("-–—")  # "pleural effusion - not seen" is one clause
_ENDS_BACKWARD = re.compile(
    r"\b(?:but|however|although|though|except|which|who|whereas|while|with|so|if|when|suggest(?:s|ing)?|therefore|hence)\b|[;:]|->|→|\s[-–—]\s"
    r"|,\s+(?:and\s+)?(?:the|there)\b",
    re.IGNORECASE,
)
_ASKING = "is|are|was|were|do|does|did|can|could|should|would|will|has|have|what|why|how|when|where|which|who"
# "is it tb or just scarring lol"
_ASKS_WITHOUT_SIGN = re.compile(
    r"(?-i:is|are) (?:it|this|that|these|there)\b|any(?:one|body)(?: else)? (?:see|think|spot)\b", re.IGNORECASE
)
# "Does a normal film rule out PE?" asks of the verb and wants nothing excluded.
_ASKS = re.compile(
    r"(?:(?:so|and|but|if .{3,60}?|in .{3,60}?),? )?(?:do|does|did|can|could|will|would|is|are|should|how|why|what|which|when|where|who)\b.*\?\s*$",
    re.IGNORECASE,
)
_RULES_OUT = re.compile(r"(?:rules?|ruled) out|excludes?d?|points? to(?:wards?)?", re.IGNORECASE)
# "How do I tell A versus B?", "Could it be A rather than B?": neither is doubted or denied.
_COMPARES = re.compile(r"versus|vs|v|rather than|instead of", re.IGNORECASE)
# "When should I suspect an empyema?" tells nothing of a patient.
_SUSPECTS = re.compile(r"suspect(?:ing)?|consider(?:ing)?|favou?rs?", re.IGNORECASE)
# "Why are smokers at risk of cancer?" asks of risks in general.
_IN_GENERAL = re.compile(r"(?:.{3,60}, )?(?:why|what|which|how|when|who|where)\b", re.IGNORECASE)
_CONDITION = re.compile(r"if$", re.IGNORECASE)
_MAX_REACH = 110  # characters; about 16 words, the longest list that one "no" governs in the reports read


def _as_typed(pattern: str) -> str:
    """The pattern with "n't" as people type it: "dont", "don’t"."""
    return re.sub("(?<!<!)n't", "n['’]?t", pattern)


_FORWARD_RE = tuple(
    (kind, re.compile(rf"(?<![\w-])(?:{_as_typed(p)})(?![\w-])", re.IGNORECASE)) for kind, p in _FORWARD
)
_BACKWARD_RE = tuple(
    (kind, re.compile(rf"(?:(?<!\w)|(?=:))(?:{_as_typed(p)})(?![\w-])", re.IGNORECASE)) for kind, p in _BACKWARD
)
_QUERY = re.compile(r"(?:^|(?<=[\s(,;:/]))\?+\s*(?=\w)")
_QUERY_ENDS = re.compile(r"[,;:.?)]|\s[-–]\s|\b(?:with|in|after|following|on)\b")
# "PE?", "right basal pneumonia?": a doubt in note form, when nothing in the line is a verb.
_ONLY_ASKED = re.compile(
    rf"(?!.*\b(?:{_ASKING}|ok|okay|safe)\b)(?!.*(?<!on )(?<!the )\bright\?+\s*$).{{1,60}}\?\s*$", re.IGNORECASE
)
# "Known CWP, coarse crackles, PMF?", "back pain - dissection?": only what stands after the last break is asked about.
_LAST_ASKED = re.compile(
    rf"(?:[,;:]|\s[-–—]|->|→)\s+(?!(?:and|so|but)\b)((?:(?!\b(?:{_ASKING})\b|\s[-–—]\s|->)[^,;:?→]){{2,60}})\?\s*$",
    re.IGNORECASE,
)
# "Tube too deep, mucus plug or tension?" asks about each.
_LIST_ASKED = re.compile(
    rf"(?:^|[;:]\s|\s[-–—]\s|->|→)((?:(?!\b(?:{_ASKING}|with|on|now|known)\b|\bw/)[^;:?.]){{2,90}},[^;:,?]*\bor\b[^;:,?]*)\?\s*$",
    re.IGNORECASE,
)
_QUESTION = re.compile(rf"\s*(?:(?:so|and|but) )?(?:{_ASKING}|may|might|shall|any)\b", re.IGNORECASE)
# "Cystic lesion: CPAM or sequestration", "PJP v CMV pneumonitis": a differential in note form, without a verb.
_EITHER = re.compile(
    r"(?:^|[;:]\s+|\s[-–—]\s+|->\s*|→\s*)((?:[\w'’/-]+ ){1,5}?or (?:[\w'’/-]+ ?){1,5})(?=\s*(?:[.;]|$|[-–—] |in (?:the|a)\b))",
    re.IGNORECASE,
)
# "Symptoms: fever or cough" lists what there can be in general.
_HEADING = re.compile(
    r"\b(?:symptom|sign|cause|feature|example|type|factor|complication|treatment|test|option)s?:\s*$", re.IGNORECASE
)
_VERB = re.compile(
    r"\b(?:is|are|was|were|be|been|has|have|had|can|could|may|might|should|must|will|would|do|does|did|not|no|nor|without|if|when|with|after|either|call|see|seek"
    r"|ask|tell|give|take|use|causes?|means?|means|shows?|include[sd]?|includes?|symptoms?|signs?|examples?|types?|than|for|to)\b|\d",
    re.IGNORECASE,
)


# In notes, what stands between two commas is about itself: "pulm fibrosis with honeycombing, biopsy declined".
_ON_ANOTHER_VIEW = re.compile(
    r"\s(?:on|in) (?:the |an? |this )?(?:frontal|lateral|ap|pa|supine|plain|first|other|erect|chest|portable|previous|prior|earlier|last|old)\b",
    re.IGNORECASE,
)
_OF_ITS_PART = re.compile(
    r"neg(?:ative)?|declined|refused|denied|(?:excluded|ruled out|resolved|cleared)(?: (?:on|by) .+)?", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class _Reach:
    """A trigger and the characters it governs."""

    kind: Assertion
    trigger: Span
    start: int
    end: int


def assertions(sentence: str, mentions: Sequence[Span]) -> list[Assertion]:
    """One assertion for each mention, given as (start, end) in the sentence."""
    if not mentions:
        return []
    reaches = [*_forward(sentence, mentions), *_backward(sentence, mentions)]
    reaches += _asked(sentence, mentions)
    either = (
        m for m in _EITHER.finditer(sentence) if not _VERB.search(m[1]) and not _HEADING.search(sentence[: m.start(1)])
    )
    reaches += (_Reach("possible", (m.end(1), m.end(1)), *m.span(1)) for m in either)
    return [_of(span, sentence, reaches) for span in mentions]


def _asked(sentence: str, mentions: Sequence[Span]) -> list[_Reach]:
    """What a question in full words, or one in note form, asks about."""
    if not sentence.rstrip().endswith("?") and not _ASKS_WITHOUT_SIGN.match(sentence):
        return []
    whether = list(_WHETHER.finditer(sentence))
    if whether:
        return [_Reach("possible", w.span(), w.end(), _end(sentence, w.end(), mentions, "possible")) for w in whether]
    if _QUESTION.match(sentence):
        return []
    part = _LIST_ASKED.search(sentence) or _LAST_ASKED.search(sentence)
    if part:
        return [_Reach("possible", (len(sentence), len(sentence)), *part.span(1))]
    return [_Reach("possible", (len(sentence), len(sentence)), 0, len(sentence))] if _ONLY_ASKED.match(sentence) else []


def _of(span: Span, sentence: str, reaches: Iterable[_Reach]) -> Assertion:
    over = [r for r in reaches if r.start <= span[0] and span[1] <= r.end and not overlap(r.trigger, span)]
    kinds = [r.kind for r in over if not _outdone(r, over, sentence)]
    return max(kinds, key=_WEIGHT.__getitem__) if kinds else "present"


_LEFT_OPEN = re.compile(r"\b(?:not|can't|cannot)\b.*\b(?:exclud\w+|ruled? out)", re.IGNORECASE)


def _outdone(one: _Reach, over: Iterable[_Reach], sentence: str) -> bool:
    """Of a denial and the past, the nearer counts, but "no history of" and "resolution of the previous" deny."""
    if one.kind not in {"absent", "historical"}:
        return False
    if one.trigger[1] > one.start:  # "opacities have resolved since the admission in January"
        return one.kind == "historical" and any(
            other.kind == "absent" and other.start < other.trigger[0] < one.trigger[0] for other in over
        )
    for other in over:
        if one.kind == "absent" and other.kind == "possible" and _LEFT_OPEN.search(sentence[slice(*other.trigger)]):
            return True  # "without contrast a PE cannot be excluded"
        if one.kind == "historical" and other.kind == "absent" and other.start < one.trigger[1]:
            return True  # "the previous effusion has resolved"
        if {one.kind, other.kind} == {"absent", "historical"} and other.trigger[1] <= other.start:
            first, second = sorted((one, other), key=lambda r: r.trigger)
            joined = (
                second.trigger[0] - first.trigger[1] <= 12 and "," not in sentence[first.trigger[1] : second.trigger[0]]
            )
            if one is not (first if joined and first.kind == "absent" else second):
                return True
    return False


def overlap(a: Span, b: Span) -> bool:
    """Whether two stretches of a text share a place."""
    return a[0] < b[1] and b[0] < a[1]


def _forward(sentence: str, mentions: Sequence[Span]) -> list[_Reach]:
    found: list[_Reach] = []
    claimed: list[Span] = []
    asks = _ASKS.match(sentence) is not None
    if _OF_ONESELF.search(sentence):
        own = ((m.span(), _after_own_ends(sentence, m.end(), mentions)) for m in _AFTER_OWN.finditer(sentence))
        found += (_Reach("historical", span, span[1], end) for span, end in own)
    for mark in _QUERY.finditer(sentence):
        stop = _QUERY_ENDS.search(sentence, mark.end())
        found.append(_Reach("possible", mark.span(), mark.end(), stop.start() if stop else len(sentence)))
    for kind, pattern in _FORWARD_RE:
        for match in pattern.finditer(sentence):
            # "no acute PE", where "acute PE" is the name: the trigger is what stands before it
            inside = [m[0] for m in mentions if match.start() < m[0] < match.end()]
            span = match.start(), min(inside) if inside and kind != "family" else match.end()
            if asks and (
                (kind == "possible" and _IN_GENERAL.match(sentence) and _SUSPECTS.fullmatch(match[0]))
                or _COMPARES.fullmatch(match[0])
                or _RULES_OUT.fullmatch(match[0])
                or (kind == "hypothetical" and (_IN_GENERAL.match(sentence) or _CONDITION.match(match[0])))
            ):
                continue
            if any(overlap(span, other) for other in claimed) or any(_inside(span, m) for m in mentions):
                continue
            claimed.append(span)
            if kind != "present" and not (kind == "historical" and _of_nobody(sentence, match)):
                found.append(_Reach(kind, span, span[1], _end(sentence, span[1], mentions, kind)))
    return found


def _after_own_ends(sentence: str, start: int, mentions: Sequence[Span]) -> int:
    """Where the noun phrase after "four weeks after" stops: at what is asked or said of today."""
    stop = re.compile(r"[,;:?]|\b(?:i|he|she|we|is|are|can|should|do|does|has|have|and|but|with)\b", re.IGNORECASE)
    first = min((m[1] for m in mentions if m[0] >= start), default=start)
    found = stop.search(sentence, first)
    return found.start() if found else len(sentence)


def _of_nobody(sentence: str, trigger: re.Match[str]) -> bool:
    """Whether "in childhood" tells of an illness in general."""
    return bool(
        _IN_CHILDHOOD.fullmatch(trigger[0]) and _IN_THE_PRESENT.search(sentence) and not _OF_SOMEBODY.search(sentence)
    )


def _inside(span: Span, mention: Span) -> bool:
    return mention[0] <= span[0] and span[1] <= mention[1]


def _end(sentence: str, start: int, mentions: Sequence[Span], kind: Assertion) -> int:
    """Where the reach of a trigger that ends at `start` stops."""
    limit = min([start + _MAX_REACH, len(sentence), *_limits(sentence, start, mentions, kind)])
    for stop in _ENDS_FORWARD.finditer(sentence, start, limit):
        before_first = not any(m[0] >= start and m[1] <= stop.start() for m in mentions)
        if (not stop[0] or stop[0].lower().endswith("just")) and kind != "absent":
            continue  # "probably just a skin fold"
        if stop[0].lower().startswith("there") and _HOLDS.fullmatch(sentence, start, stop.start()):
            continue
        if (before_first and stop[0].lower() in {"is", "are", "was", "were", "has", "have"}) or any(
            overlap(stop.span(), m) for m in mentions
        ):
            continue
        return stop.start()
    return limit


def _limits(sentence: str, start: int, mentions: Sequence[Span], kind: Assertion) -> Iterator[int]:
    """What ends the reach of this kind of trigger only."""
    end = min(len(sentence), start + _MAX_REACH)
    ends: list[re.Match[str] | None] = []
    if kind in {"possible", "hypothetical", "historical"}:
        ends = [_DENIED_THEN.search(sentence, start, end)]
        yield from _past_a_mention(_ENDS_DOUBT, sentence, (start, end), mentions)
    if kind == "historical":
        ends += [_NOW_IN_LIST.search(sentence, start, end), _AND_THE.search(sentence, start, end)]
        if _OLD.search(sentence, max(0, start - 40), start):
            ends.append(_COMMA.search(sentence, start + 1, end))
    elif kind == "family":
        ends = [_OWN_AGAIN.search(sentence, start, end)]
        if _ONE_OF_THEM.search(sentence, max(0, start - 15), start):
            ends.append(_ITEM.search(sentence, start, end))
    elif kind == "hypothetical":
        if _BEFORE_A_START.search(sentence, max(0, start - 25), start):
            ends.append(_WHAT_FOR.search(sentence, start, end))
    elif kind == "absent":
        yield from _past_a_mention(_SAYS_MORE, sentence, (start, end), mentions)
        ends = _ends_of_denial(sentence, start, end)
    yield from (m.start() for m in ends if m)


def _ends_of_denial(sentence: str, start: int, end: int) -> list[re.Match[str] | None]:
    ends = [_NEXT_NO.search(sentence, start, end), _NEW_IN_LIST.search(sentence, start, end)]
    if _TO_THE_COMMA.search(sentence, max(0, start - 30), start):
        ends.append(_LAST_ITEM.search(sentence, start, end))
    if _NO_BEFORE.search(sentence[:start]):
        ends.append(_OWN_NO.search(sentence, start, end))
    return ends


def _past_a_mention(stop: re.Pattern[str], sentence: str, within: Span, mentions: Sequence[Span]) -> Iterator[int]:
    """Where the stops stand that come after a mention."""
    first = min((m[1] for m in mentions if m[0] >= within[0]), default=within[1])
    return (found.start() for found in stop.finditer(sentence, *within) if found.start() >= first)


def _backward(sentence: str, mentions: Sequence[Span]) -> list[_Reach]:
    found: list[_Reach] = []
    claimed: list[Span] = []
    asks = _ASKS.match(sentence) is not None
    for kind, pattern in _BACKWARD_RE:
        for match in pattern.finditer(sentence):
            if any(overlap(match.span(), other) for other in claimed):
                continue
            claimed.append(match.span())
            if kind == "present" or (kind == "absent" and _only_there(sentence, match)):
                continue
            if (asks and _COMPARES.fullmatch(match[0])) or (kind == "historical" and _of_nobody(sentence, match)):
                continue
            stops: list[int] = []
            if kind in {"historical", "absent", "hypothetical"} or match[0].lower().endswith("family"):
                comma = sentence.rfind(",", 0, match.start())
                alone = not re.search(r"\b(?:and|or)\b", sentence[comma + 1 : match.start()], re.IGNORECASE)
                if alone and (_OF_ITS_PART.fullmatch(match[0]) or kind != "absent" or _says(mentions, comma, match)):
                    stops = [comma + 1]
            breaks = _ENDS_BACKWARD.finditer(sentence, 0, match.start())
            stops += [
                b.end() for b in breaks if b[0].strip() not in _DASHES or sentence[b.end() : match.start()].strip()
            ]
            if kind == "possible":
                stops += [m.end() for m in _NOT_IN_DOUBT.finditer(sentence, 0, match.start())]
                if match[0].lower().startswith(("un", "til")):
                    stops += [m.end() for m in _IS_TILL_PROVEN.finditer(sentence, 0, match.start())]
            start = max([0, *stops, match.start() - _MAX_REACH])
            found.append(_Reach(kind, match.span(), start, match.start()))
    return found


def _only_there(sentence: str, trigger: re.Match[str]) -> bool:
    """Whether what one view hides stands after a comma: "consolidation, not visible on the frontal view"."""
    return bool(
        sentence[: trigger.start()].rstrip().endswith((",", "but", "though", "although"))
        and _ON_ANOTHER_VIEW.match(sentence, trigger.end())
    )


def _says(mentions: Sequence[Span], start: int, trigger: re.Match[str]) -> bool:
    """Whether something is named between `start` and the trigger, so that it is said of that."""
    return any(start < m[0] and m[1] <= trigger.start() for m in mentions)


# --- what the kind of thing makes of it ---------------------------------------------------------------------------------

_DONE = frozenset({"test", "measurement", "treatment", "technique"})
_GIVEN = frozenset({"test", "treatment", "device"})
_NOT_DONE = re.compile(
    r"\b(?:no|not(?! (?:visible|seen|evident|shown|apparent|identified|present) (?:on|in|at)\b)|without|never|declin\w+|refus\w+|nor|or)\b(?:(?!\b(?:on|until|unless|through)\b)[^,;:.]){0,25}$",
    re.IGNORECASE,
)
# A test or treatment that is asked for, recommended or planned has not been done.
_PLANNED = re.compile(
    r"(?:(?:^|[;,.:–-] |\band |\bbut |\bplease |\bpls )(?:recommend|advise|suggest|consider|arrange|organi[sz]e|request|book|do|for|ask for|await(?:ing)?"
    r"|listed for|booked for|waiting for|refer(?:red)? for|plan(?:ned)? for|consider for|proceed to|check|send|repeat|rpt|discuss)|\b(?:(?:would|i'd|we) (?:suggest|recommend|advise)|(?<!why )do i need|recommending|advising|would benefit from"
    r"|awaits|awaiting|waiting list for|booked for|listed for|scheduled for|referred for))\s+(?:(?:an?|the|my|his|her|urgent|further|repeat|early|formal|prompt|elective"
    r"|interval|dedicated|follow-up|[\w-]+ed) )*$|\b(?:please|pls) $",
    re.IGNORECASE,
)
_TO_COME = re.compile(
    r"\s*(?:(?:trial|scan|study|test) )?(?:and [\w -]{3,30}? )?(?:(?:is|are|has been|was) )?(?:recommended|advised|suggested|planned|booked|awaited|arranged|scheduled|listed|to follow"
    r"|please|pls|stat|tomorrow)(?=\s*(?:[.,;)?]|$|this|next|for (?:tomorrow|next|to)|in \d|to ))"
    r"|\s*(?:should|must|needs? to|ought to) (?:also |then )?be (?:offered|considered|performed|done|obtained|arranged|booked|requested)\b",
    re.IGNORECASE,
)
_DO_I_NEED = re.compile(r"(?<!why )\bdo i need\b", re.IGNORECASE)
_TURNED_DOWN = re.compile(
    r"\s*(?:(?:was|is|are|were|has been|have been) )?(?:declined|denied|refused|(?:must|should) not (?:be )?(?:start\w*|given|used|done|clamped|performed|resumed|begin|begun)|(?:not|never) (?:been )?(?:done|performed|possible|given|needed|required"
    r"|indicated|necessary|recommended|advised|warranted|had))\b",
    re.IGNORECASE,
)
_TAKEN_OUT = re.compile(
    r"\s*(?:(?:on|in|at) (?:the )?(?:left|right)(?: side| base| apex)? )?(?:(?:is|was|has been|have been|were|are|now|since) )*(?:removed|taken out|out)(?=\s*(?:[.,;)]|$|now\b|on\b|today|yesterday|last|this))",
    re.IGNORECASE,
)
_REMOVAL_OF = re.compile(
    r"\b(?:removal of|has replaced|have replaced) (?:[\w-]+ (?:[\w-]+ )?(?:and|&) )?(?:(?:the|an?|his|her|left|right) )*$",
    re.IGNORECASE,
)
_ONCE = re.compile(r"\b(?:after|once|when|until|till|before|if|since)\b[^,;:]*$", re.IGNORECASE)
_AVOIDED = re.compile(
    r"(?:^|[,;:.] |\b(?:to|please|and|must|should|but) )(?:avoid(?:ing)?|withhold(?:ing)?|(?:do not|don't)(?: (?:give|use|start|take|offer|prescribe|add|insert|place))?)\s+(?:(?:an?|the|any|further|\w+al) )*$",
    re.IGNORECASE,
)
# "Q fever serology sent": what a test under way is for.
_TESTED_FOR = re.compile(
    r"\s+(?:serology|pcr|titres?|titers?|antigens?|antibod(?:y|ies)|screen|cultures?|swabs?|tests?) (?:sent|pending|awaited|requested|to follow)\b",
    re.IGNORECASE,
)
_YEAR = re.compile(
    r"\s*(?:of the )?(?:(?:left|right|[lr]|[lr][uml]l) )?(?:treated |repaired |resected |removed |done )?(?:x ?\d )?(?:\(|in )?(?:19|20)\d\d\b(?!\s*(?:ml|mg|mm|g|h|hours|units)\b)",
    re.IGNORECASE,
)
_DATED = frozenset({"disease", "finding", "treatment"})
# "Plate atelectasis after upper abdominal surgery"
_AFTER_IT = re.compile(
    r"\b(?:after|following|since|post) (?:(?:an?|the|my|his|her|recent|major|left|right|upper|lower) )*$", re.IGNORECASE
)
_OPERATION = re.compile(
    r"surg|ectomy|otomy|plasty|cabg|bypass|transplant|operation|repair|decortication", re.IGNORECASE
)
_GENERAL = re.compile(
    r"\b(?:is|are|can|may|might|should|must|will|occurs?|develops?|follows?|complicates?|common\w*|how|why|when|what|which|if|your?)\b",
    re.IGNORECASE,
)
_FORMER = re.compile(r"(?:ex|former)\b", re.IGNORECASE)
_POST = re.compile(r"\bpost-$", re.IGNORECASE)
_ITS_PLACE = re.compile(r" (?:tip )?(?:position|placement|ok|okay|in)\b", re.IGNORECASE)
_PLACED = re.compile(r"\b(?:(?:s/p|post|status post) (?:\w+ )?|old (?:\w+ ){0,2})$", re.IGNORECASE)
_POST_IN_NOTES = re.compile(r"(?:^|[,;:.] )post $", re.IGNORECASE)
# "no asthma, sister atopic", "my dad's asbestosis"
_OF_A_RELATIVE = re.compile(rf"(?:[,;:(] |\b(?:my|his|her|your|our|their) ){_RELATIVE}(?:['’]s)? $", re.IGNORECASE)
_OF_THE_FAMILY = frozenset({"disease", "factor"})
_OVER_AND_DONE = frozenset({"disease", "treatment", "test", "factor"})


def _undone(sentence: str, span: Span) -> bool:
    """Whether a test, treatment or device was turned down, avoided or taken out."""
    if _ASKS.match(sentence):
        return False
    before = sentence[: span[0]]
    out = (_TAKEN_OUT.match(sentence, span[1]) or _REMOVAL_OF.search(before)) and not _ONCE.search(before)
    return bool(_TURNED_DOWN.match(sentence, span[1]) or _AVOIDED.search(before) or out)


def fit(assertion: Assertion, category: str, sentence: str, span: tuple[int, int]) -> Assertion:
    """What the kind of thing makes of an assertion.

    What "suspected" says of a diagnosis, it does not say of the test listed after it; a negative test was done; one that
    is recommended was not; "MI 2014" and "ex-smoker" are of the past.
    """
    before = sentence[: span[0]]
    if category in _GIVEN and assertion in {"present", "absent"} and _undone(sentence, span):
        return "absent"
    if category == "device" and assertion == "historical" and _PLACED.search(before[-30:]):
        return "present"  # "s/p central line placement", "old sternotomy wires": it has been there since
    if category == "device" and assertion == "possible" and _ITS_PLACE.match(sentence, span[1]):
        return "present"  # "? tube position"
    if category == "anatomy" and assertion == "absent":
        return "present"  # "the diaphragm is not seen": a part of the body is there all the same
    if category in _OF_THE_FAMILY and _OF_A_RELATIVE.search(before[-40:]):
        return "family"
    if assertion == "present" and category in {"disease", "organism"} and _TESTED_FOR.match(sentence, span[1]):
        return "possible"
    if category in _DONE and assertion in {"possible", "absent"}:
        undone = _NOT_DONE.search(before) or _TURNED_DOWN.match(sentence, span[1])
        assertion = "absent" if assertion == "absent" and undone else "present"
    if assertion != "present":
        return assertion
    asked = sentence.rstrip().endswith("?") and not _DO_I_NEED.search(before)
    if (
        category in _DONE
        and not asked
        and (_PLANNED.search(sentence, max(0, span[0] - 80), span[0]) or _TO_COME.match(sentence, span[1]))
    ):
        return "hypothetical"
    past = (
        (
            category == "treatment"
            and _AFTER_IT.search(before)
            and _OPERATION.search(sentence[slice(*span)])
            and not _GENERAL.search(sentence.removeprefix("There is"))
        )
        or (category in _OVER_AND_DONE and _POST.search(before[-6:]))
        or (category in {"treatment", "test"} and _POST_IN_NOTES.search(before[-12:]))
        or (category in _DATED and _YEAR.match(sentence, span[1]))
        or _FORMER.match(sentence, span[0])
    )
    return "historical" if past else "present"


# --- side, place, severity ----------------------------------------------------------------------------------------------

_SIDES: dict[str, Side] = {
    "left": "left", "lt": "left", "right": "right", "rt": "right", "both": "both", "bilateral": "both",
    "bilaterally": "both", "bilat": "both", "b/l": "both", "bibasal": "both", "bibasilar": "both", "biapical": "both", "bihilar": "both",
    "leftward": "left", "leftwards": "left", "rightward": "right", "rightwards": "right", "r": "right", "l": "left", "lingula": "left", "lingular": "left", "middle lobe": "right", "rul": "right", "rml": "right", "rll": "right",
    "lul": "left", "lll": "left", "ruz": "right", "rmz": "right", "rlz": "right", "luz": "left", "lmz": "left", "llz": "left",
}  # fmt: skip
_SIDE = re.compile(
    r"\b(left and right|right and left|(?:left|right) (?:\w+ )?than (?:left|right)|(?:left|right|[rl]) ?> ?(?:left|right|[rl])|left(?! (?:untreated|alone|hospital|home|over|behind|out|in (?:situ|place))\b)|(?<!\ball )(?<!\bdouble )right(?! (?:away|now|up|through)\b)(?!\?+\s*$)|lt|rt|(?<!\bbit of )both(?! (?:had|have|has|were|are)\b)|each side"
    r"|bilat(?:eral(?:ly)?)?|leftwards?|rightwards?|b/l|bi-?basal|bi-?basilar|bi-?apical|bihilar"
    r"|(?-i:[RL](?![/<>'-]|\s*[<>=]))|lingular?|middle lobe|r[uml][lz]|l[uml][lz])\b"
    r"(?!\s+(?:of|to)\b|[ -](?:sided )?(?:atri|ventric|heart(?! border)|cardiac|coronary|bundle|axis|subclavian artery|carotid))",
    re.IGNORECASE,
)
_SEVERITIES: dict[Severity, str] = {
    "mild": r"mild(?:ly)?|small(?! (?:cell|airway|bowel|rounded|vessel))|tiny|trace|(?:minimal|slight)(?:ly)?(?! (?:displaced|less|more|better|worse|larger|smaller)\b)|subtle|minor(?! fiss?ure)|little(?! (?:one|boy|girl|man|baby|son|daughter|brother|sister|or)\b)|minute|faint|borderline",
    "moderate": r"mod|moderate(?:ly)?(?:[- ]sized?)?|medium[- ]sized?",
    "severe": r"sev|severe(?:ly)?|large(?! (?:cell|airway|bowel|vessel))|massive(?:ly)?|gross(?:ly)?|marked(?:ly)?|huge|extensive|profound|big(?! bulla)|critical|advanced|end-stage|intense|excruciating|considerabl[ey]|sizeable|heavy|heavily|copious|giant|fulminant",
}
_SEVERITY = re.compile("|".join(rf"(?P<{k}>\b(?:{p})\b)" for k, p in _SEVERITIES.items()), re.IGNORECASE)
_PLACE = re.compile(
    r"(?:(?:left|right|both)\s+)?(?:(?:upper|middle|mid|lower)(?:\s+and\s+(?:upper|middle|mid|lower))?\s+(?:lung\s+)?(?:lobes?|zones?"
    r"|fields?)|lingula|(?:lung\s+)?(?:bases?|apex|apices)|hemithorax|hemidiaphragm|costophrenic\s+(?:angle|sulcus)|lungs?)"
    r"|\b(?:apical|basal|basilar|bibasal|bibasilar|biapical|retrocardiac|peri-?hilar|para-?hilar|subpulmonic|lingular|midzone"
    r"|subpleural|anterior|posterior|lateral|medial|upper|lower|middle|central|peripheral)\b",
    re.IGNORECASE,
)
_BEFORE_BREAK = re.compile(
    r"(?<!\bbilateral),|[;:]|(?<!bilat)(?<!\b[lr]t)(?<!\bmod)(?<!\bsev)\.|\s[-–—]\s|\b(?:plus|point(?:s|ing)? to|(?:secondary|adjacent|next|related|leads?|leading|owing) to|and|or|but|with|without|of|in|is|are|was|were|no|caus(?:es?|ing)|due|from|has|have|shows?|after|before|for|than|as"
    r"|rais(?:es?|ing)|suggest(?:s|ing|ive)?|may|might|could|represent(?:s|ing)?|compatible|consistent|over|near|by|given|following"
    r"|concerning|since|when|while|whereas|so|which|that|indicat(?:es?|ing|ive))\b",
    re.IGNORECASE,
)
_AFTER = re.compile(
    r"(?:['’]s\b)?(?:\s+(?:x ?\d+|(?:of|measuring) \d[\d., x×/and-]*\s?[mc]m)(?=[\s,]))?\s*[,(:–-]?\s*(?:is |are |was |were |remains? |has |have )?(?:again |been )?(?:\w+ed |worse |larger |smaller )?(?:seen |present |noted |visible |located |track(?:s|ing) |extend(?:s|ing) |project(?:s|ing|ed) |mainly |mostly )?"
    r"(?:(?:in|at|on|up|within|of|over|under|below|beneath|behind|above|along|to|throughout|across|involving|affecting|crosses|traverses|overl(?:ies|ying)|occup(?:ies|ying)|fills)\s+(?:(?:the|my|his|her|your|their)\s+)?|(?=bilat|b/l\b|both(?= (?:sides?|lungs?|[lu]ls?\b|bases|ap|hil|hemi|costo|lower|upper|mid|zones|lobes|chest|pleural|legs|ankles|calves|feet|eyes|arms|hands|shoulders|breasts|knees)|\s*(?:[.,;)]|$))|lt\b|rt\b|[lr][uml][lz]\b|(?-i:[LR])\b(?![/<>'-])|left\b|right\b|[lr]\s?>))",
    re.IGNORECASE,
)  # fmt: skip


_DEGREE_AFTER = re.compile(
    r"(?:(?:, previously \w+)?,| of| to a|(?: has (?:increased|enlarged|decreased))? (?:and )?(?:is|are))(?: now)?\s+((?:mild|minor|mod|moderate|sev|severe|massive|small|large)\b)(?=\s*(?:[.,;]|$|degree|(?:in )?size|severity|on (?!the\b|both\b|his\b|her\b)))",
    re.IGNORECASE,
)
# A place said first holds for what follows: "the left lung shows ...", "right base: ...", "on the left there is ...".
_LED_BY = re.compile(
    r"(?:^|[;:.]\s+|,\s+(?=on|in|at)|\band\s+(?=(?:on|in|at)\b))\s*(?:there is )?(?:[a-z-]+ (?=(?:left|right) (?:lung|base|apex|hemithorax)\b))?(?:(?:in|on|at|within|over|throughout)\s+)?(?:(?:the|my|his|her|your|their)\s+)?((?:left|right|both|bilateral)\b[\w -]{0,35}?)\s*"
    r"(?::|\b(?:shows?|showed|contains?|demonstrates?|reveals?|has|have|with|there (?:is|are|was|were)|(?:is|are) seen|(?:is|are|lies)(?= an?\b)|,)\s)",
    re.IGNORECASE,
)
_SAID_OF = re.compile(
    r"(?:\s+(?:in|at|on) the (?:left|right)(?: \w+)?)?\s+(?:is|are|was|were|remains?|appears?|looks?)\s+((?:now |still |only |again )?\w+)\b(?! (?:\w*tion|worse|better|larger|smaller|bigger|less|more|increased|decreased|improved|reduced|progressed)\b)",
    re.IGNORECASE,
)


def modifiers(sentence: str, span: Span, others: Sequence[Span]) -> tuple[Side | None, str | None, Severity | None]:
    """(side, place, severity) of the mention at `span`, from its noun phrase and from "in the ..." right after it.

    `others`: mentions that end a noun phrase, so not those of places.
    """
    before = _before(sentence, span, others)
    if (
        not _ARE.search(sentence[slice(*span)])
        and _BOTH.search(before)
        and _AND_ANOTHER.search(sentence[span[1] - 2 : span[1] + 5])
    ):
        before = ""  # "both the football sign and the Rigler sign"
    after = _after(sentence, span, others)
    own = re.split(r"\bthan\b", sentence[span[0] : span[1]])[0]
    side = (
        _side(before)
        or _side(own)
        or _side(after)
        or _side(_led_by(sentence, span))
        or _side(_subject(sentence, span))
        or _side(_later(sentence, span, others))
    )
    if side in {"left", "right"} and _WORSE_THERE.match(sentence, span[1]):
        side = "both"
    place = _place(before) or _place(after) or None
    said_of = _SAID_OF.match(sentence, span[1]) or _DEGREE_AFTER.match(sentence, span[1])
    return side, place, severity_of(before) or severity_of(own) or (severity_of(said_of[1]) if said_of else None)


_BOTH = re.compile(r"\bboth (?:the |an? )?$", re.IGNORECASE)
_ARE = re.compile(r"\b(?:are|were)\b", re.IGNORECASE)
_AND_ANOTHER = re.compile(r"(?:[^s\W]|is|us|ss) and\b", re.IGNORECASE)
# "bronchiectasis, worse on the left" is on both.
_WORSE_THERE = re.compile(
    r",? (?:worse|greater|larger|bigger|more (?:marked|extensive|severe|so)) (?:on|in|at) the (?:left|right)\b",
    re.IGNORECASE,
)
_LATER = re.compile(
    r"\b(?:on|in|at|to|of|over|within|via|through|into|from(?= (?:the |a |an )?(?:left|right) (?:arm|neck|groin|sub|int|jug|ij|bas|ceph|fem|brach)))"
    r"\s+(?:(?:the|an?|my|his|her|your|their)\s+)?((?:left|right|both|lt|rt)\b[\w -]{0,20})",
    re.IGNORECASE,
)
_CLAUSE_END = re.compile(
    r"[;:]|\b(?:radiat|displac|push)\w+|\.(?!\d)|,\s+(?:and|but|with|no)\b|\b(?:but|which|while|whereas|with|without|because|than|and)\b",
    re.IGNORECASE,
)


def _later(sentence: str, span: Span, others: Sequence[Span]) -> str:
    """A place said further on in the clause ("on the left"), when nothing else is named before it."""
    ends = [o[0] for o in others if o[0] >= span[1]] + [
        m.start() for m in _CLAUSE_END.finditer(sentence, span[1], span[1] + 60)
    ]
    end = min([*ends, span[1] + 60])
    found = _LATER.search(sentence, span[1], end)
    return found[1] if found and not (found.end() == end and _of_the_next(sentence, found.start(1), others)) else ""


def _of_the_next(sentence: str, start: int, others: Sequence[Span]) -> bool:
    """Whether the words from `start` on only describe the next mention: "removal of the right chest drain"."""
    after = min((o[0] for o in others if o[0] >= start), default=None)
    return after == start or (
        after is not None
        and re.fullmatch(r"(?:[\w-]+ ){1,4}", sentence[start:after]) is not None
        and not (
            re.search(
                r"\b(?:with|and|or|since|after|before|following|from|in|by|is|are|was|were|side|lung|lobe|base|apex|zone|hemithorax|chest|arm|neck|groin)\b",
                sentence[start:after],
                re.IGNORECASE,
            )
        )
    )


def _led_by(sentence: str, span: Span) -> str:
    """The place at the head of the clause, unless another side is named between."""
    heads = [m for m in _LED_BY.finditer(sentence, max(0, span[0] - 200), span[0]) if m.end() <= span[0]]
    if not heads or _things_before(heads[-1][1]):
        return ""
    between = sentence[heads[-1].end() : span[0]]
    return "" if _SIDE.search(between) or re.search(r"[;]|\bbut\b|, and the", between) else heads[-1][1]


_SUBJECT = re.compile(
    r"(?:^|[;:.,]\s+|\band\s+|\bbut\s+)(?:[\w -]{1,40}\b(?:in|at|on|over)\s+)?(?:(?:the|my|his|her|your|their)\s+)?((?:left|right|both)\b[\w -]{0,25}?)\s+(?:is|are|was|were|has|have|looks?|appears?|remains?)"
    r"(?: (?:now|still|again|also|been|being|\w+ly))*\s+(?:an? )?$",
    re.IGNORECASE,
)


def _subject(sentence: str, span: Span) -> str:
    """The place of which the mention is said: "the right lung is completely collapsed"."""
    found = _SUBJECT.search(sentence[max(0, span[0] - 80) : span[0]])
    return found[1] if found and not _things_before(found[1]) else ""


def _things_before(words: str) -> bool:
    """Whether the words name more than a place, so that what follows need not lie there."""
    return (
        re.fullmatch(
            r"(?:left|right|both|bilateral)(?:[ -](?:sided?|upper|middle|mid|lower|lung|lobes?|zones?|fields?|base|bases|apex|apices|hemithorax"
            r"|chest|pleural|space|cavity|hilum|lateral|medial|basal|apical))*\s*",
            words,
            re.IGNORECASE,
        )
        is None
    )


def _before(sentence: str, span: Span, others: Sequence[Span]) -> str:
    """The words of the noun phrase in front of the mention, as far as the mention before it."""
    text = sentence[max(0, span[0] - 60) : span[0]]
    breaks = [m.end() for m in _BEFORE_BREAK.finditer(text) if not _joins_place(text, m)]
    breaks += [other[1] - span[0] + len(text) for other in others if span[0] - len(text) < other[1] <= span[0]]
    return text[max(breaks) :] if breaks else text


def _joins_place(text: str, brk: re.Match[str]) -> bool:
    """Whether "and" or "than" stands between two places or sides ("upper and lower lobe", "left more than right")."""
    place = r"(?:left|right|upper|middle|mid|lower|apical|basal|[RL])"
    before = re.search(rf"\b{place}(?: \w+)?\s*$", text[: brk.start()], re.IGNORECASE)
    after = re.match(rf"\s*(?:\w+ )?{place}\b", text[brk.end() :], re.IGNORECASE)
    return brk[0].lower() in {"and", "than"} and before is not None and after is not None


def _after(sentence: str, span: Span, others: Sequence[Span]) -> str:
    rest = sentence[span[1] : span[1] + 80]
    opened = _AFTER.match(rest)
    if not opened:
        return ""
    if any(span[1] <= other[0] < span[1] + opened.end() for other in others):
        return ""  # ", raised R hemidiaphragm"
    tail = rest[opened.end() :]
    if re.match(r"(?:['’]s)?\s*[,:–-]", opened[0]) and _of_the_next(sentence, span[1] + opened.end(), others):
        return ""
    stop = re.search(
        r"[,;:]|\.(?!\d)|\b(?:and (?!(?:left|right|lower|upper|middle|lingula))|but|by|with(?:out)?|despite|(?<!more )than|persisting|that|which|suggest\w*|indicat\w+|represent\w*|reflect\w*|consistent|compatible|likely|raising|is|are|was|in|due|or|because|from|after)\b",
        tail,
    )
    place = tail[: stop.start()] if stop else tail
    return opened[0] + place if len(place.split()) <= 7 else ""


def _side(words: str) -> Side | None:
    found = [m[1].lower() for m in _SIDE.finditer(words)]
    if not found:
        return None
    sides = {_SIDES.get(f, "both") for f in found}
    return next(iter(sides)) if len(sides) == 1 else "both"


def names_side(words: str) -> bool:
    """Whether the words say left, right or both."""
    return _SIDE.search(words) is not None


_BORDER = re.compile(r"\b(left|right) heart border\b", re.IGNORECASE)


def side_of_name(name: str) -> Side | None:
    """The side that a name has in itself: "left lower lobe collapse" and "left heart border", not "left ventricle"."""
    border = _BORDER.search(name)
    return _side(border[1] if border else name)


def _place(words: str) -> str | None:
    found = _PLACE.search(words)
    return " ".join(found[0].split()) if found else None


def severity_of(words: str) -> Severity | None:
    """The degree that words give, the last of several: "massive hemoptysis"."""
    found = list(_SEVERITY.finditer(words))
    return found[-1].lastgroup if found else None  # type: ignore[return-value]
