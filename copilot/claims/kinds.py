"""Which sentences claim nothing: questions, greetings, instructions, advice, guesses. Knows nothing of concepts."""

# ruff: noqa: E501 - an alternation is easier to read, and to extend, on one line

import re

_QUESTION = re.compile(
    r"\?\s*[\"”')\]]*$|^(?:what|why|how|who|whom|which|when|where|whose|is it|are there|is there|do you|does (?:it|this|he|she)|can you|could you"
    r"|would you|should i|can i|do i|am i|will i|shall we)\b(?!.*\.$)",
    re.IGNORECASE,
)
_GREETING = re.compile(
    r"^(?:hi|hello|hey|dear|good (?:morning|afternoon|evening|day)|thanks?|thank you|welcome|goodbye|bye|(?:sure|certainly|of course|okay|ok"
    r"|yes|no|great|sorry|absolutely|understood)(?=[,.!]|$)|apologies|best (?:wishes|regards)|kind regards|you're welcome|glad|happy to \w+|wishing you|i am sorry|sorry|hope(?:fully)?|take care|all the best|enjoy|cheers|nice to meet you|you are welcome|with pleasure)(?![\w-])[^.]{0,60}[.!]*$",
    re.IGNORECASE,
)
# Verbs that order, by themselves; most are nouns as well.
_ORDERS = (
    r"(?:call|seek|contact|consult|ask|see|go|get|take|give|start|stop|check"
    r"|consider|look|compare|note|remember|avoid|order|refer|obtain|perform|request|repeat|review|discuss|discharge|admit|follow|arrange"
    r"|keep|make sure|ensure|let|try|use|wait|watch|talk|speak|tell|report|describe|correlate|recommend|monitor|treat|drain|insert|remove"
    r"|place|measure|think|be (?:sure|careful|aware)|bear in mind|proceed|confirm|exclude|rule out|evaluate|assess|read|click|upload|type(?! (?:[1-4ABIVX]+)\b)"
    r"|choose|select|open|return|rest(?! alone)|drink|breathe|hold|stand|lie|sit|ring|phone|book|have a (?:look|think|word)|scroll|ignore|drive|turn|visit|come|bring|show (?:this|the|it|your|them)|make an appointment|swap|press|share|write|answer|summari[sz]e|learn|reassess|reconsider|beware|watch out)"
)
_WHERE_IT_APPLIES = (
    r"(?:if|when|whenever|once|unless|until|before|after|in|on|for|with|given|where|should|during|at) [^,;]{3,90}, "
)
# After such a condition an order, not a noun: its verb has an object or an adverb after it.
_ORDERED = r" (?:an?|the|this|that|these|any|all|no|your|their|its|his|her|it|them|him|at|for|in|out|up|to|on|with|off|again|urgent|immediate|\w+ly|high-flow|oxygen)\b"
_IMPERATIVE = re.compile(
    rf"^(?:please\b|kindly\b|(?:if|when|should) [^,]{{3,90}}, (?:please |then |do not |don't |always |never )?(?:call|ring|phone|seek|contact|consult|ask|see|go|get|take|tell|speak|talk|visit|return|come|stop|book|make an appointment|let)\b"
    rf"|{_WHERE_IT_APPLIES}(?:please |then |always |never |first |do not |don't )*(?:{_ORDERS}|decompress|intubate|ventilate|aspirate|advance|withdraw|pull|push|prescribe|administer|send|resuscitate|secure|apply){_ORDERED}"
    rf"|(?:always |never |also |then |first,? |next,? |now,? |do not |don't )*{_ORDERS}\b(?!\s+(?:is|are|was|were|can|may|causes?|has|have|of (?:the|choice)\b)))",
    re.IGNORECASE,
)
# Nouns as well: an order only with what is ordered after them.
_ORDER = re.compile(
    r"^(?:please |now |then |first,? |next,? |kindly )*(?:explain|list|name|mark|draw|zoom|send|show|give|outline|define|translate|rewrite|shorten|count|find|highlight|label|circle|export|save"
    r"|print|delete|add|put|move|forget|assume|suppose|imagine|continue|focus|help|inform|notify|plan|prepare|quote|cite|correct|fix|mention|pretend|begin|start|compute|calculate|estimate"
    r"|simplify|paraphrase|contrast|interpret|analy[sz]e|identify|point out|walk|go through|step|pause|double-check|bear|spell|state|enlarge|crop|rotate|invert|adjust|set|load|attach|open up|skip|ask|recall|refresh|study|practi[sc]e)"
    r" (?:me|us|him|her|them|the|a|an|any|all|each|every|this|that|these|those|your|my|his|its|their|it|one|two|three|four|five|six|out|up|in|on|down|along|with|to|from|by|whether|why|how|what|which|where|when|only|just|both|no|through|again|for|as)\b"
    r"|^(?:please )?(?:explain|describe|define|compare|contrast|summari[sz]e)\b.*\b(?:to|for) (?:me|us)\b"
    r"|^(?:do not|don't|never|please don't|try not to) (?:worry|panic|forget|hesitate|be|mind|fret|rush|move|leave|touch|skip|ignore|share|post|write|send|feed)\b"
    r"|^(?:if|when|once|whenever|before|after|should) (?:you|the patient|in doubt|unsure)\b[^,]{0,80}, (?:please |just |simply |then |always |first )*(?:start|begin|try|look|step|pause|remember|check|repeat|read|use|keep|leave|compare|call|ask|write|note|review|do not|don't|never)\b",
    re.IGNORECASE,
)
_ADVICE = re.compile(
    r"\b(?:you|we|i|patients?|people|one|they|he|she|everyone|anyone)\s+(?:\w+\s+){0,2}?(?:should|must|ought to|need to|needs to|had better|may (?:want|wish) to|are advised"
    r"|is advised|would recommend|recommend|advise|might (?:want|wish) to)\b|\b(?:you|we|i) (?:\w+ ){0,2}?suggest(?! that)\b|\b(?:is|are) (?:advised|encouraged|urged) to\b"
    r"|\bshould be (?:advised|told|encouraged|reassured|reminded|discussed|informed|referred|reviewed|seen by|considered|repeated|sought)\b"
    r"|\b(?:recommend(?:ed)?|advisable|advised|suggested) (?:to|that|follow)|\b(?:follow-up|clinical correlation|further (?:imaging|evaluation|work-?up)"
    r"|(?:a )?repeat (?:film|radiograph|study|imaging)) (?:is|would be|may be) (?:recommended|advised|suggested|needed|helpful)\b"
    r"|\byour (?:doctor|physician|gp|healthcare|care team|symptoms|x-ray|results?|health)\b",
    re.IGNORECASE,
)
_TALK = re.compile(
    r"\bplease[.!]?$|\blet (?:us|me) know\b|^feel free\b|^you are (?:very |most |always )?welcome\b|\byou (?:can|may|will|could) (?:now |then |safely )?(?:go|eat|drink|leave|drive|return|start|stop|take|expect|contact|call)\b|^(?i:it is (?:important|essential|best|advisable|crucial|vital|wise|necessary|a good idea) to)\b|\b[Ll]et's\b|^(?i:as (?:an? )?(?:ai|computer|language|software|chat|machine|digital))\b|^(?i:this) (?:answer|text|page|reply) (?:was|is|comes|has been)\b|^(?i:this) (?:is not|does not replace|answer|information|tool|response)\b",
)
_NUMERAL = "".join(
    rf"(?<!\b[{noun[0].upper()}{noun[0]}]{noun[1:]} )"
    for noun in ("stage", "type", "class", "grade", "group", "phase", "category", "part", "factor", "mobitz", "segment")
)
"""After one of these "I" is the Roman one."""
_OF_THE_WRITER = re.compile(rf"\b(?:{_NUMERAL}I|I'm|I've|I'd|[Mm]y|[Oo]ur|[Ww]e)\b(?! \w*(?:\.|$))")
"""Who says it, most often by the way: "A shift of the heart, which we often overlook, ..." """
_GUESS = re.compile(
    r"^(?:opinions?|views?|experts?)\b.{0,40}\b(?:vary|varies|differ|disagree)\b|^(?:one|you|we) would have to\b|\beducated guess\b|\btime will tell\b|^(?:every|each) (?:case|patient|person) is (?:different|unique)\b|^things are\b"
    r"|^(?:perhaps|maybe|possibly|probably|presumably|conceivably|arguably)\b|^(?:it|this|that) (?:is|may be|might be|could be|seems|appears) (?:\w+ )?"
    r"(?:possible|unclear|uncertain|likely|unlikely|conceivable|(?:hard|difficult|impossible) to (?:say|tell|know|be (?:sure|certain))|unknown|not clear|not known|debatable|open)\b"
    r"|^(?:it|this|that) (?:may|might|could) or (?:may|might|could) not\b|^(?:there (?:are|is|may be|might be|could be|can be)) (?:several|many|other|another|various|different|more|a few|a number of|no (?:single|simple|one)) (?:other )?(?:possible |possibilities|explanation|reason|answer|way|cause)"
    r"|^(?:more|further|additional|other) (?:information|tests?|details?|data|imaging|context|views?|investigations?|clinical information)\b.{0,40}\b(?:needed|required|necessary|helpful|useful)\b"
    r"|\b(?:picture|image|film|x-ray|radiograph|text|information|it|this)(?: alone)? (?:cannot|can't|can not|does not|doesn't) (?:answer|tell|say|settle|decide|show) (?:that|this|it|us|everything|which|why|whether|more)\b"
    r"|^(?:opinions|experts|authors|views) (?:differ|vary|disagree)\b|^whether\b.*\b(?:unclear|unknown|uncertain|open|matters|depends)\b|^no (?:firm |definite |clear |certain )?(?:conclusions?|answer|judg(?:e)?ment)\b|^(?:it|that|this) (?:all )?depends\b"
    r"|^(?:this|that|it|these|the (?:findings?|appearances?|opacity|shadow|lesion|change)s?) (?:could|might|may|would) (?:well |also |possibly |perhaps )?(?:be|represent|reflect|indicate|suggest|mean)\b"
    r"|\b(?:hard|difficult|impossible) to (?:say|tell|be sure|know) (?:from|on|with) (?:this|that|these|the|a single|one)(?: \w+)? (?:picture|film|image|view|radiograph|x-ray|projection)s?(?: alone)?[.!]?$"
    r"|^(?:it|this|that) (?:may|might|could) (?:well )?be (?:an? |the )|\bi(?:'m| am) not (?:sure|certain)\b"
    r"|\b(?:might|could) (?:possibly|perhaps|conceivably|well be)\b|\bit is (?:not )?(?:possible|clear|certain|known|sure) (?:that|whether|if)\b"
    r"|\b(?:who knows(?! how\b)|hard to (?:say|tell)(?!.* from )|difficult to (?:say|tell)(?!.* from )|remains to be seen|some (?:say|believe|think)|in my opinion|i (?:think|believe|guess|suppose|suspect|feel|wonder))\b",
    re.IGNORECASE,
)
# One verb first and what it is done to after it: "Trace every rib". What else may stand so is no verb.
_VERB_FIRST = re.compile(
    r"^(?:now |then |first,? |next,? |please )?(?!(?:in|on|at|with|by|for|from|to|of|as|if|when|where|while|once|since|until|unless|after|before|during|within|without|among"
    r"|between|behind|beneath|below|above|over|under|through|throughout|across|against|along|around|beside|besides|beyond|despite|except|inside|outside|near|per|via|upon"
    r"|because|although|though|whereas|whether|whenever|wherever|unlike|like|contrary|given|both|all|most|many|some|few|half|only|even|just|not|nor|neither|either|such|what"
    r"|which|who|whose|that|this|these|those|there|here|then|thus|hence|so|but|and|or|yet|also|again|often|never|seldom|sometimes|always|perhaps|maybe|is|are|was|were|has"
    r"|had|does|do|did|can|could|may|might|will|would|should|must|it|they|he|she|we|you|one|none|no|today|later|soon|left|right|upright|supine|prone|erect|rather|quite|how|why)\b)"
    r"[a-z]+(?<!s)(?<!ed)(?<!ing)(?<!ly) (?:every|each|all|both|any|the|an?|this|that|these|those|your|his|her|their|its|it|them|him|me|us|up|down|careful|back)\b(?! (?:is|are|was|were|has|can|may)\b)",
    re.IGNORECASE,
)
_PERSONAL = re.compile(
    r"\b(?:you|your|yours|we|our|us|I|my|me|he|she|his|her|them)\b|^(?:please|kindly)\b", re.IGNORECASE
)
_HEADING = re.compile(
    r"^(?:to (?:sum up|summari[sz]e|conclude|begin with|start with)|now for|next up|what an? [\w ,-]{3,40}(?:question|idea|point|thought|case)\b)|^(?:here (?:is|are)|(?:that|this|it) is an? (?:good|great|excellent|interesting|fair|difficult) (?:question|point)|the (?:next|first|last) (?:step|point|part|question) (?:is|comes)(?: as follows)?[.!]?$|(?:first|now|next|finally),? (?:a few|some) (?:words|remarks|notes)\b|below (?:is|are)|the following|above (?:is|are)|in what follows)\b|^[\w /-]{1,40}:$|^(?:references?|sources?|summary|note)\b[:.]?$",
    re.IGNORECASE,
)
# It says so of the question, which is not at hand.
_BARE = re.compile(
    r"^\W*(?:the )?(?:correct |right |short )?answer(?: to (?:the|this|your) question)? is:? \W?(?:yes|no|not|correct|true|false)\W*$|^\W*(?:yes|no)\W*$"
    r"|^(?:yes|no), (?:it|they|this|that|there|the answer) (?:is|are|does|do|can|may|will|has|have)(?:n't| not)?\W*$",
    re.IGNORECASE,
)
_WISE = re.compile(
    r"^it (?:is|would be|may be|might be|seems) (?:\w+ )?(?:wise|sensible|prudent|reasonable|advisable|best|better|safer|worth\w*|helpful|good practice) (?:to\b|\w+ing\b)"
    r"|^(?:better|best|safer|wiser) (?:not )?(?:to )?(?:ask|get|see|wait|call|check|repeat|seek|stop|avoid|take|have|be|go|keep|leave|consult)\b",
    re.IGNORECASE,
)
_FRAGMENT = re.compile(r"^\W*(?:\[\d+\]\W*)+$")


TOLD = "about the writer, not about medicine"


def may_be_settled(why: str, sentence: str) -> bool:
    """Whether the graph may settle it all the same: advice about patients in general, or what the writer says of medicine."""
    return why == TOLD or (why == "advice" and not _PERSONAL.search(sentence))


def claims_nothing(sentence: str, *, named: bool = False) -> str:
    """Why the sentence claims nothing, in a few words; empty when it may claim something.

    `named`: it opens with the name of a concept, so that "Open pneumothorax ..." is no instruction.
    """
    text = sentence.strip()
    for pattern, why in (
        (_QUESTION, "a question"),
        (_BARE, "a bare yes or no"),
        (_GREETING, "a courtesy"),
        (_HEADING, "a heading"),
        (_FRAGMENT, "a reference"),
        (_WISE, "advice"),
        (_GUESS, "a guess, not a statement"),
        (_IMPERATIVE, "an instruction"),
        (_ORDER, "an instruction"),
        (_VERB_FIRST, "an instruction"),
        (_ADVICE, "advice"),
        (_TALK, "about the conversation, not about medicine"),
        (_OF_THE_WRITER, TOLD),
    ):
        if pattern.search(text) and not (named and pattern in {_IMPERATIVE, _ORDER, _VERB_FIRST}):
            return why
    return ""
