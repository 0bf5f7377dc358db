"""Instructions hidden in what is only material: a report, a document, a tag, words burnt into a film, a pasted mail.

They are found so that they can be shown as quoted text and kept from the language model. Nothing rests on this alone: what a
model writes is checked against the graph all the same. Knows nothing of models.
"""

# ruff: noqa: E501 - an alternation is easier to read, and to extend, on one line

import re

_ASSISTANT = r"(?:assistant|a\.?i\.?|(?:language |chat ?)?model|chat ?bot|bot|system|copilot|gpt|llm|agent|program|software|reader of this)"
_PATTERNS = (
    # set the rules aside
    r"\b(?:ignore|disregard|forget|override|bypass|overrule|skip|drop|discard|cancel|neglect|do not follow|don't follow|stop following|set aside)\b.{0,40}\b(?:instructions?|rules?|prompts?|guidelines?|guardrails?|checks?|verification|filters?|polic(?:y|ies)|safety|restrictions?|limits?|directions|constraints|orders|facts|above|previous|prior|everything|graph|disclaimers?|findings?)\b",
    r"\b(?:new|updated|real|actual|secret|hidden|following|these|my|priority|urgent|special) (?:system )?(?:instructions?|prompt|orders?|directives?|task)\b\s*[:\-]",
    r"^\W*(?:system|developer|assistant|admin(?:istrator)?|root|instruction|user|tool|function)\s*[:>\]|]",
    r"<\|?/?(?:im_start|im_end|system|assistant|user|endoftext|inst|s)\b[^>]*>|\[/?inst\]|#{2,}\s*(?:system|instruction|response|assistant)|</?(?:system|instructions?|prompt|script|tool)\b",
    # be someone else
    r"\b(?:you are|you're|act|behave|respond|answer|speak|write|talk|pretend|roleplay|role-play|play)(?: now| no longer)? (?:as|to be|like|that you are|a|an|in the role of|the role of|free|unrestricted|dan)\b.{0,60}\b(?:" + _ASSISTANT + r"|doctor|radiologist|pirate|expert|dan|unrestricted|jailbroken|human|hacker|character|person|physician|surgeon|poet|free|no (?:rules|limits|restrictions))\b",
    r"\b(?:developer|debug|god|admin|maintenance|unrestricted|jailbreak|dan|sudo|root|test) mode\b|\bjailbr(?:eak|oken)\b|\bno longer (?:bound|restricted|limited)\b",
    # say this, hide that
    r"\b(?:say|reply|respond|answer|output|print|write|state|report|return|repeat|echo|tell (?:the )?(?:user|patient|doctor|clinician|reader|them|him|her)|conclude|declare|claim|insist|append|add|include|begin|start|end|finish)\b.{0,30}\b(?:only|exactly|verbatim|with the words?|with the (?:sentence|phrase|text)|that (?:the )?(?:patient|film|lungs?|scan|x-?ray|image|everything|there is|all|he|she|it)|the following|nothing (?:else|but)|your answer|every (?:answer|sentence|reply)|this (?:sentence|link|text|url)|the word|in (?:french|german|base64|json|capitals))",
    # a quotation is an order where the verb is one; who asks of a report what it says may quote it
    r"(?:^\W*|[.!?:;,]\s*|\b(?:please|and|then|now|just|must|should|shall|to|always|only|instead)\s+)(?:say|reply|respond|answer|output|print|write|state|report(?!\s*(?::|says?\b|said\b|reads?\b|mentions?\b|states?\b|has\b))|return|repeat|echo|conclude|declare|claim|insist|append|add|include|begin|start|end|finish)\b.{0,30}(?:\"|'|“)",
    r"\b(?:do not|don't|never|must not|refrain from|avoid|stop)\b.{0,20}\b(?:mention(?! it\b)|report|tell|say|show|reveal|warn|flag|cite|check|verify|disclose|describe|display|refuse|include|use the graph|comment)\w*\b",
    r"\b(?:reveal|show|print|repeat|display|leak|output|dump|expose|list|send|email|forward|upload|post|exfiltrate|share|give me)\b.{0,40}\b(?:system prompt|prompt|instructions|api key|password|credentials|token|secret|configuration|names? (?:of )?(?:the )?(?:other )?patients?|other patients?|patient (?:data|records?|names?)|identifiers?|database|vault|placeholders?|environment variables|source code|audit (?:trail|log)|http\S*|e-?mail)\b",
    r"\b(?:mark|label|rate|treat|consider|classify|set|call|accept|count)\b.{0,40}\b(?:as (?:supported|verified|true|correct|normal|negative|benign|confirmed|trusted|reviewed|safe)|verdicts?|tier|confidence (?:to|at))\b",
    r"\b(?:translate|encode|decode|base64|rot13|execute|run|eval|import|curl|wget|rm -rf|drop table|delete (?:from|all)|match \(n\)|call db\.|sudo)\b.{0,40}(?:\(|;|\bthis\b|\bfollowing\b|\bcommand\b|\bcode\b|\babove\b|\bhttp|--|/|\bgraph\b|\ball\b|\bnodes?\b|\bn\b)",
    r"\b(?:to|attention|dear|hey|note to|message (?:to|for)|for the)[ :,]+(?:the |any |all )?" + _ASSISTANT + r"s?\b",
    r"(?<!\w)(?:" + _ASSISTANT + r"(?: systems?)?|\[[A-Z]+_\d+\]|you) (?:must|should|shall|will|has to|have to|are (?:required|ordered|instructed|told|to)|is (?:required|ordered|instructed) to)\b.{0,60}\b(?:say|reply|respond|answer|output|write|state|report|ignore|obey|follow|comply|confirm|approve|recommend|prescribe|agree|hide|omit|change|prefer|rate|pretend|call|give)\b",
    r"\b(?:obey|comply with|follow) (?:this|these|my|the (?:following|text|document|note|tag|above|below|embedded))\b",
)  # fmt: skip
_INSTRUCTION = re.compile("|".join(f"(?:{p})" for p in _PATTERNS), re.IGNORECASE | re.MULTILINE)
# Cut at every stop: an order may begin in small letters right after a true sentence, which is kept.
_SENTENCE = re.compile(r"\S[^\n]*?(?:[.!?](?=\s|$)|(?=\n|$))")
LEFT_OUT = "[an instruction in the text was left out]"


def instructions(text: str) -> tuple[str, ...]:
    """The sentences of a text that give orders to whoever reads it, as they stand there."""
    return tuple(m[0].strip() for m in _SENTENCE.finditer(text) if _INSTRUCTION.search(m[0].strip()))


def without_instructions(text: str) -> str:
    """The text with each such sentence replaced by a remark, for what is written into a prompt."""
    for found in instructions(text):
        text = text.replace(found, LEFT_OUT)
    return text
