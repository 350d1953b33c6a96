"""Does a unit say what a thing is? A term with its definition, a manual's first line, `X is a …`, `… is called X`."""

import re
from collections.abc import Iterator, Sequence, Set
from itertools import islice

from model_backend.embedded.lexicon import GENERIC_WORDS
from model_backend.embedded.question import Question
from model_backend.embedded.units import Unit
from tools.text.words import fold, stem, terms

MAX_ARTICLE_CHARS = 12
"""Before the thing that a sentence is about stands no more than an article and a word (`The SQLite `)."""
MAX_NAME_CHARS = 40
"""The beginning of a row, in which it names what it is about."""
MAX_SUBJECT_GAP = 12
"""Characters between two words of one subject (`fast-forward merge`, `merge of two branches`)."""
LEAST_NAMED = 0.5
"""Share of the words asked about from which a mention is one of the thing (`R-Tree module`, and no other module)."""
MAX_MENTIONS = 3
"""Places in a sentence that are looked at; further on, it tells of something else."""
OF_ANOTHER = 0.4
"""A sentence about another thing whose name holds the words (`sqlite3_rebaser` for a rebase, `DROP TRIGGER`)."""
ACTS = 0.5
"""A sentence that begins with the thing and says what it does (`Photosynthesis turns light …`)."""
TELLS_MORE = 0.3
"""A sentence that names the thing and says something else."""
SAYS_NOTHING = 0.2
"""A sentence that does not name it."""

_WORDS = re.compile(r"[A-Za-z0-9]+")
_ARTICLE = re.compile(r"\W*(?:(?:an?|the|each|every|any)\W+)?", re.IGNORECASE)
_ASIDE_OF_NAME = r"\W*(?:\([^)]*\)\W*)?"
"""`sudo(8) `, `Write-Ahead Log (WAL) `."""
_IS_A = re.compile(
    _ASIDE_OF_NAME + r"(?:(?!that\b|which\b|who\b)[\w-]+\W+){0,2}?"
    r"(?:(?:is|are|was|were)\s+(?:normally |usually |simply |just |basically )?"
    r"(?:an?\b|the\b|one\b|used\b|like\b|(?!not\b|no\b|also\b|only\b|now\b|in\b|on\b|at\b|to\b|set\b|\w+(?:ed|en|ly|ing|ble)\b)"
    r"[a-z]+\s+[a-z]+s\b)|means?\b|refers? to\b|stands? for\b|denotes?\b|represents?\b|"
    r"provides?\b|lets?\b|allows?\b|describes?\b)|"
    r"\W{0,3}(?:命令|选项|函数|文件|软件包|技术|协议|系统)?\W{0,3}(?:是|指|用于|用来|用作|意为|即|表示|代表|提供|允许|：|:)",
    re.IGNORECASE,
)
_VERB = re.compile(
    _ASIDE_OF_NAME
    + r"(?:(?!that\b|which\b|who\b)[\w-]+\W+){0,2}?(?:contains?|controls?|causes?|tells?|makes?|returns?|shows?|"
    r"specif(?:y|ies)|records?|holds?|keeps?|points? to)\b|"
    r"\W{0,3}(?:命令|选项|函数|文件|软件包|技术|协议|系统)?\W{0,3}(?:为|包含)",
    re.IGNORECASE,
)
_STATE = re.compile(
    _ASIDE_OF_NAME + r"(?:(?!that\b|which\b|who\b)[\w-]+\W+){0,2}?(?:is|are|was|were)\b|\W{0,3}(?:可以|能够)",
    re.IGNORECASE,
)
"""`Triggers are removed using …`: how it stands with the thing."""
_NAMED_LINE = re.compile(r"(?:\(\d\w?\))?\s+[-–—]\s+(?!\S+\.html?\b)\S")
"""`git-stash - Stash the changes …`: the first line of a manual, and no entry of an index."""
_DOES = re.compile(
    r"\W+(?:command|statement|function|option|pragma|interface|method|utility|tool|program|operator|clause|file|"
    r"object|package|module|table|keyword|directive|routine)\W+(?:(?:will|can)\s+\w+|\w+[^s\W]s)\b",
    re.IGNORECASE,
)
"""`The SAVEPOINT command starts …`."""
_ACTS = re.compile(r"\s+(?:[a-z]+ly\s+)?(?!has\b|was\b|does\b)[a-z]{2,}s\b")
_ASIDE = re.compile(
    r"(?:if|when(?:ever)?|unless|while|because|since|although|note|tip|for (?:example|instance)|however|in the past|"
    r"formerly|by default|once|after|before|until|instead|except|also|but|and|or|so|thus|therefore)\b|"
    r"如果|当|但|不过|例如|比如|注意|因此|所以",
    re.IGNORECASE,
)
"""A sentence that begins so tells more of a thing, and not what it is."""
_CALLED = re.compile(
    r"(?:called|known as|termed|referred to as|name[sd]?|被?称为|叫做?|称作|简称)\W+(?:an?\s+|the\s+)?\W*$",
    re.IGNORECASE,
)
_GLOSS = re.compile(r"\s?[(（](?:an?|the|one)\s", re.IGNORECASE)
"""`TERM (a request to end)`."""
ANCHOR = re.compile(r"\[\[[^\]\n]*\]\]")
"""`[[def_HEAD]]` of AsciiDoc."""
_NO_NAME = re.compile(r"[-<$=]|\S+=")
"""An option, a placeholder, a setting: `--bare` is no bare repository."""
_PART_OF_NAME = re.compile(r"[A-Z]{2,}\s[A-Z]{2}$|\w[-_.]\w{1,2}$")
"""Before the words and at their beginning: they end another name (`DROP TRIGGER`, `git-rebase`)."""


def defines(question: Question, unit: Unit) -> float:
    """0 (surely not) to 1 (surely)."""
    if unit.kind in ("definition", "row") and unit.lead:
        name = unit.lead if unit.kind == "definition" else unit.text[:MAX_NAME_CHARS]
        if _is_named(question, name):
            return _told_of(question, unit, name)
    text = ANCHOR.sub("", unit.text)
    told = [_said_of(text, *mention) for mention in islice(_mentions(question, text), MAX_MENTIONS)]
    return min(max(told, default=SAYS_NOTHING), TELLS_MORE if unit.kind == "code" else 1.0)


def _said_of(text: str, start: int, end: int, words: int) -> float:
    """What a sentence says of the thing that it names there, in so many words.

    The figures in between put sentences of one page in order: what it is before what it does, what it does before how
    it stands with it, each a little later where other words stand before the name (another sort of the thing).
    """
    before, after = text[:start], text[end:]
    near = start <= MAX_ARTICLE_CHARS
    if near and _NAMED_LINE.match(after):
        # `git-cherry-pick` is the thing by its program; `git-update-index` is another.
        return 1.0 if len(_WORDS.findall(text[:end])) <= words + (start > 0) else OF_ANOTHER
    if _ASIDE.match(text):
        return TELLS_MORE
    if _PART_OF_NAME.search(f"{before}{text[start : start + 2]}") or re.match(r"[-_]\w", after):
        return OF_ANOTHER
    alone = _ARTICLE.fullmatch(before) is not None
    early = start <= max(MAX_ARTICLE_CHARS, len(text) // 5)
    if _CALLED.search(before):
        return 0.9
    if _GLOSS.match(after):
        return 0.8
    if _IS_A.match(after):
        return 1.0 if alone else 0.75 if early else 0.6
    if near and _DOES.match(after):
        return 1.0 if alone else 0.8
    if _VERB.match(after):
        return 0.8 if alone else 0.7 if early else 0.5
    if _STATE.match(after):
        return 0.6 if alone else 0.5
    return ACTS if alone and _ACTS.match(after) else TELLS_MORE


def _told_of(question: Question, unit: Unit, name: str) -> float:
    """A term with its definition; best where the term is the thing itself and stands first."""
    if _NO_NAME.match(name) and not any(one.search(name) for one in question.identifiers):
        return OF_ANOTHER
    return 0.8 if unit.before and unit.kind == "definition" else 1.0


def _is_named(question: Question, lead: str) -> bool:
    """Whether a term is mostly made of the question's words."""
    if any(one.search(lead) for one in question.identifiers):
        return True
    own = set(terms(lead, unigrams=False))
    return len(own & question.weights.keys()) >= 0.6 * len(own) > 0


def _mentions(question: Question, text: str) -> Iterator[tuple[int, int, int]]:
    """Where the words asked about stand together, each once, and how many they are.

    A place goes from the first to the last of them within a short stretch.
    """
    asked = [term for term in question.weights if term not in question.home]
    wanted = [term for term in asked if term not in GENERIC_WORDS - question.names] or asked
    folded = fold(text)
    found = ((match.start(), match.end(), stem(match.group().lower())) for match in _WORDS.finditer(text))
    places = [place for place in found if place[2] in wanted]
    places += [(at, at + len(term), term) for term in wanted if not term.isascii() and (at := folded.find(term)) >= 0]
    places.sort()
    names = question.names.intersection(wanted)
    mention: tuple[int, int] | None = None
    held: set[str] = set()
    for start, end, term in places:
        if mention and (term in held or start - mention[1] > MAX_SUBJECT_GAP):
            if _is_the_thing(held, wanted, names):
                yield *mention, len(held)
            mention, held = None, set()
        mention = (mention[0] if mention else start, end)
        held.add(term)
    if mention and _is_the_thing(held, wanted, names):
        yield *mention, len(held)


def _is_the_thing(held: Set[str], wanted: Sequence[str], names: Set[str]) -> bool:
    """Whether so many of the words are the thing, one of its names among them: no other signal is the TERM signal."""
    return len(held) >= LEAST_NAMED * len(wanted) and (not names or not names.isdisjoint(held))
