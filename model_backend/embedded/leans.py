"""Sentences and questions that lean on what stands before them."""

import re

LEANS = re.compile(
    r"^(?:this|that|these|those|it|its|they|their|he|she|his|her|such|both|in this case|the former|the latter|here|"
    r"then)\b|^(?:这|那|其(?!他|它|实|中|余|次)|该|此|它|他|她|上述|同时|因此|所以|但|而|另外|此外|前者|后者)",
    re.IGNORECASE,
)
"""Begins with a word that points back."""
PERSONAL = re.compile(r"^(?:it|its|he|she|his|her|they|their)\b|^(?:它|他|她|其(?!他|它|实|中|余|次))", re.IGNORECASE)
"""Begins with a pronoun for what the page is about."""
_JOINT = re.compile(
    r"^(?:however|nevertheless|nonetheless|therefore|thus|hence|consequently|also|additionally|in addition|moreover|"
    r"furthermore|similarly|likewise|and|but|so),\s+|"
    r"^(?:and|but)\s+(?=(?:the|an?|it|this|these|there|you|we|they|if|when|since|because)\b)|"
    r"^(?:然而|但是|不过|而且|并且|此外|另外|因此|所以|于是)[,，]\s*",
    re.IGNORECASE,
)
"""Joins a sentence to one before it, and says nothing of its own."""

_I = re.IGNORECASE
POINTS = re.compile(
    r"(?<!is )(?<!are )(?<!was )(?<!were )\bthere\b(?! (?:is|are|was|"
    r"were|any|an?)\b)|\b(?:it|its|it's|they|them|their|theirs|this one|"
    r"that one|these|those|the same|"
    r"the former|the latter)\b(?! (?:is|was) (?:true|possible|safe) (?:that|to))|"
    r"\b(?:this|that)\b(?=\s*[?.]?$|\s+(?:command|option|one|city|country|company|"
    r"person|man|woman|book|film|movie|file|function|package|tool|version|feature|"
    r"event|place|thing|method|method|limit|setting|mode|team|song|game))|"
    r"^(?:is|was|does|did|can|will|would|has) that\b(?=\s+(?!correct\b|right\b|true\b|so\b|all\b|the case\b)\w)|"
    r"那里|那儿|那边|它|他们|她们|"
    r"它们|其(?!他|它|实|中|余|次)|该(?!怎|如|不|用|去)|这个|那个|这种|那种|此(?!外|时)|上述|前者|后者",
    _I,
)
PERSON = re.compile(r"\b(?:he|him|his|she|her|hers)\b|他(?!们)|她(?!们)", _I)


def unjoined(text: str) -> str:
    """A sentence as it begins where nothing stands before it."""
    rest = _JOINT.sub("", text, count=1)
    return rest[:1].upper() + rest[1:] if rest != text else text


def points_back(text: str) -> bool:
    """Whether a question holds a word that points to something said before."""
    return bool(POINTS.search(text) or PERSON.search(text))
