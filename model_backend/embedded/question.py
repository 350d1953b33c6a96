"""What a question asks for: its terms with weights, the names that must be there, the kind of answer expected."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from model_backend.embedded.kinds import AnswerKind, kind_of
from model_backend.embedded.lexicon import GENERIC_WORDS, related_terms
from model_backend.embedded.measures import measure_of
from model_backend.embedded.phrases import phrase_terms
from tools.text.glossary import segment
from tools.text.signs import signs_in
from tools.text.thing import thing_asked
from tools.text.words import CJK, STOP_WORDS, fold, is_chinese, stem, terms

MAX_READ_CHARS = 1_000
"""Of a question that is taken apart: what it asks stands within a few sentences."""
NAME_WEIGHT = 1.4
"""A name, a number or an identifier tells pages apart better than an ordinary word."""
GENERIC_WEIGHT = 0.35
"""`command`, `value`, `用来`: such words say what kind of thing is asked, seldom which."""
PHRASE_WEIGHT = 0.7
"""What a plain word for a phrase of the question counts (`switch on`: enable)."""
ACROSS_WEIGHT = 0.4
"""Two Chinese characters of two words say little together."""
SINGLE_WEIGHT = 0.3
"""One Chinese character on its own is half a word."""

_SHORT_IS = re.compile(r"\b(what|when|where|who|how)['’]s\b", re.IGNORECASE)
_QUESTION_WORDS = re.compile(
    r"请问|告诉我|能不能|是不是|能否|可否|是否|什么时候|什么时间|为什么|"
    r"是?用来做什么|是?(?:做|干)什么(?:用的?)?|有什么用处?|是什么|有什么|什么是|什么样|什么|怎么样|怎样|怎么|如何|哪一年|"
    r"哪一天|哪一个|哪些人|哪些|"
    r"哪里|哪儿|哪个|哪家|哪位|哪种|哪几|在哪|哪|谁|多少个|多少人|"
    r"多少|几个|有?多[长高大远久深宽快重]|有多|何时|何地|为何|吗|呢|"
    r"吧|啊|呀|都有|一[条种款项份台本只名位座首张]|"
    r"到底|究竟|老是|总是|突然|居然|竟然|偏偏|已经|直接|尽量|顺带|平时|手上|大概|如果|假如|我想|想把|想要|不想|只想|想不|还得|"
    r"才能|能让|时候|这种|那种|某个|有个|麻烦|帮我|请教|求助|谢谢|"
    r"是谁|主要|以及|可以|需要|应该|一个|一下|用来|进行|通过|使用|会在|其中|的话|会|将"
)
_CJK_SPLIT = re.compile(r"[的了是在和与或及也就都而把被对从到之其此该这那么个些我你他她它们有为]")
_DATED = re.compile(r"(\d)\s?[年月日号]")
_CJK_RUN = re.compile(rf"[{CJK}]+")
_IDENTIFIER = re.compile(
    r"`[^`]+`|--?[A-Za-z][\w-]*|\$\w+|(?:/[\w.+-]+){1,}|(?<!\w)[A-Za-z_]\w*(?:[._:/-]+\w+)+(?:\(\d?\))?|"
    r"(?<!\w)\w+\(\w?\)|\.[a-z]\w+|(?<!\w)[A-Za-z]+\d\w*|(?<!\w)\d+[A-Za-z]\w*",
    re.ASCII,  # Of `MOOR2022的举办地` the first eight characters.
)
_COMPOUND = re.compile(
    r"(?:in|on|off|non|multi|self|auto|pre|post|read|write|built|full|double|single|case|long|short|high|low|open|real|run|"
    r"third|cross|user|client|server|command|time|left|right|first|last|old|new)-[a-z-]+|"
    r"[a-z-]+-(?:only|like|based|level|side|wide|time|term|free|safe|specific|sensitive|insensitive|aware|defined|generated|"
    r"quoted|valued|ahead|text|readable|friendly|compatible|related|bit|byte|threaded|platform|party|in|off|up|line)"
)
"""`in-memory`, `double-quoted`: English words with a hyphen, and no names."""
_ABBREVIATION = re.compile(r"(?<![\w/.-])(?:i\.\s?e|e\.\s?g|etc|resp)\.", re.IGNORECASE)
"""They ask for nothing."""
_CJK_SUBJECT = re.compile(
    rf"^(?:请问)?(?P<subject>[{CJK}·]{{2,16}}?)(?=的|有多|有几|多[高长大远深宽久重快]|"
    rf"什么时候|何时|在哪|是谁|由谁|位于)"
)
_RECENT = re.compile(
    r"\b(?:now|nowadays|currently|current|latest|today|newest|at present|these days|recent(?:ly)?|this year)\b|"
    r"现在|目前|如今|当前|最新|今年|眼下|现行|近期",
    re.IGNORECASE,
)
_MEASURED = re.compile(r"多([高长大远深宽久重快])")
_QUOTED = re.compile(r"[“\"《「『]([^”\"》」』]{2,60})[”\"》」』]")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_CAPITAL = re.compile(rf"(?:(?<![.?!]\s)|(?<=\b[A-Z]\.\s))(?<!^)(?<![“\"'])\b[A-Z](?:[^\W{CJK}]|['’-])*")
_FIRST_WORD = re.compile(rf"^\W*([A-Z](?:[^\W{CJK}]|-)*)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A question taken apart."""

    text: str
    kind: AnswerKind
    chinese: bool
    weights: Mapping[str, float]
    """Term -> prior weight; terms as `tools.text.words.terms` makes them."""
    pairs: tuple[tuple[str, ...], ...]
    """Chinese pairs by run of characters, in order: a pair that no page holds, between two that pages hold, is only
    where two words meet."""
    related: Mapping[str, Mapping[str, float]]
    """Term -> other terms that say nearly the same, with how near (0 to 1)."""
    names: frozenset[str]
    """Terms of names, identifiers, numbers and quoted phrases: evidence without them is about something else."""
    subjects: frozenset[str]
    """The names that are no identifiers or numbers: a page names its subject once and then speaks of it."""
    identifiers: tuple[re.Pattern[str], ...]
    """Identifiers and quoted phrases, to be found whole; options keep their case (`-b` is not `-B`)."""
    signs: tuple[re.Pattern[str], ...]
    """Signs such as `$!` and `->>`, to be found whole: no term holds them."""
    recent: bool
    """Whether it asks how things are now: of several pages the newest counts."""
    home: frozenset[str]
    """Terms of what a thing belongs to of which it is asked what it is (`a trigger in SQLite`): pages say it, and not
    each sentence."""
    measure: re.Pattern[str] | None
    """What a fitting quantity looks like; None when any number may fit."""
    focus: tuple[str, ...]
    """Terms of the thing counted or chosen (`how many COLUMNS`, `多少个议席`)."""


def parse_question(text: str) -> Question:
    """Take a standalone question apart; of a very long one, its beginning."""
    text = _ABBREVIATION.sub(" ", _SHORT_IS.sub(r"\1 is", text[:MAX_READ_CHARS]))
    chinese = is_chinese(text)
    identifiers = _identifiers(text)
    names = _name_terms(text, identifiers)
    kind = kind_of(text)
    marked = _marked_terms(text, identifiers)
    thing = thing_asked(text) if kind == "definition" else None
    weights = _weights(f"{thing.words} {thing.home}" if thing else text, names)
    home = frozenset(terms(thing.home, unigrams=False)) if thing else frozenset()
    return Question(
        text=text,
        kind=kind,
        chinese=chinese,
        weights=weights,
        pairs=_pair_runs(text),
        related={
            term: near
            for term in weights
            if term not in marked and (near := related_terms(term, person=kind == "person"))
        },
        names=frozenset(names & weights.keys()),
        subjects=frozenset(((names - _marked_terms(text, identifiers)) | _chinese_subject(text)) & weights.keys()),
        identifiers=tuple(_whole(one) for one in identifiers),
        signs=signs_in(text),
        recent=_RECENT.search(text) is not None,
        home=home,
        measure=measure_of(text),
        focus=_focus(text),
    )


def _identifiers(text: str) -> tuple[str, ...]:
    found = [match.strip("`") for match in _IDENTIFIER.findall(text)] + _QUOTED.findall(text)
    named = (one.rstrip("?？。.,") for one in found if len(one) > 1)
    return tuple(dict.fromkeys(one for one in named if not is_compound_word(one)))


def is_compound_word(word: str) -> bool:
    """Whether it is an English word with a hyphen (`in-memory`) and no name."""
    return _COMPOUND.fullmatch(word) is not None


def _whole(identifier: str) -> re.Pattern[str]:
    flags = re.NOFLAG if identifier.startswith("-") else re.IGNORECASE
    return re.compile(rf"(?<![\w-]){re.escape(identifier)}(?![\w-])", flags)


def _name_terms(text: str, identifiers: tuple[str, ...]) -> set[str]:
    names: set[str] = set()
    for piece in (*identifiers, *_NUMBER.findall(text), *_CAPITAL.findall(text)):
        names |= set(terms(piece, unigrams=False))
    first = _FIRST_WORD.match(text)
    if first and fold(first.group(1)) not in STOP_WORDS | GENERIC_WORDS and not _is_sentence_case(first.group(1)):
        names |= set(terms(first.group(1)))
    if is_chinese(text):
        # Latin words within a Chinese question are names.
        for word in re.findall(r"[A-Za-z][A-Za-z0-9.+-]*", text):
            names |= set(terms(word))
    return names


def _chinese_subject(text: str) -> set[str]:
    """`圣奥拉灯塔有多高`, `法国的首都`: what stands before the first word that asks something about it."""
    match = _CJK_SUBJECT.match(text)
    return set(terms(match["subject"], unigrams=False)) if match else set()


def _marked_terms(text: str, identifiers: tuple[str, ...]) -> set[str]:
    return {term for piece in (*identifiers, *_NUMBER.findall(text)) for term in terms(piece, unigrams=False)}


def _is_sentence_case(word: str) -> bool:
    return word[1:].islower() or len(word) == 1


def _weights(text: str, names: set[str]) -> dict[str, float]:
    weights: dict[str, float] = {}
    across = _across_words(text)
    for term in _topic_terms(text):
        if term in across:
            weight = ACROSS_WEIGHT
        elif term in names:
            weight = NAME_WEIGHT
        elif term in GENERIC_WORDS:
            weight = GENERIC_WEIGHT
        elif len(term) == 1 and not term.isascii():
            weight = SINGLE_WEIGHT
        else:
            weight = 1.0
        weights[term] = weight
    for term in phrase_terms(text):
        weights.setdefault(term, PHRASE_WEIGHT)
    measured = _MEASURED.search(text)
    if measured:
        weights[measured.group(1)] = 1.0
    return weights


def _topic_terms(text: str) -> list[str]:
    """Terms without the words that only ask; Chinese pairs never reach over such a word."""
    found = [term for part in _parts(text) for term in terms(part, unigrams=False)]
    return list(dict.fromkeys(found)) or list(dict.fromkeys(terms(text)))


def _across_words(text: str) -> set[str]:
    """Pairs of characters of which one ends a known word and the other begins the next."""
    asked = asked_words(text)
    inside = {term for word in segment(asked) for term in terms(word, unigrams=False)}
    return {term for term in terms(asked, unigrams=False) if not term.isascii()} - inside


def _parts(text: str) -> list[str]:
    return _CJK_SPLIT.split(asked_words(text))


def asked_words(text: str) -> str:
    """A question without the Chinese words that only ask."""
    return _QUESTION_WORDS.sub(" ", _DATED.sub(r"\1 ", text))


def _pair_runs(text: str) -> tuple[tuple[str, ...], ...]:
    runs = [run for part in _parts(text) for run in _CJK_RUN.findall(part)]
    return tuple(tuple(terms(run, unigrams=False)) for run in runs if len(run) > 1)


_FOCUS = re.compile(
    r"\bhow\s+(?:many|much)\s+((?:[\w-]+\s+){0,2}?[\w-]+?s?)\b(?=\s+(?:are|is|was|"
    r"were|do|does|did|can|could|will|would|has|have|had|in|of|per|on|at|for|may|"
    r"must)\b|\s*\?|$)"
    r"|\b(?:which|what)\s+((?:[\w-]+\s+){0,2}?[\w-]+?)\b(?=\s+(?:is|was|are|were|"
    r"do|does|did|can|could|will|would|has|have|had|shows?|sets?|enables?|[a-z]+s)\b)",
    re.IGNORECASE,
)
_CJK_FOCUS = re.compile(
    rf"(?:多少|几)[个位名条次件种家座所支颗块项]?([{CJK}]{{1,4}}?)(?=参|被|能|可|会|在|的|是|[？?\s]|$)"
)


def _focus(text: str) -> tuple[str, ...]:
    match = _CJK_FOCUS.search(text)
    if match:
        return tuple(terms(match.group(1))) or (match.group(1),)
    english = _FOCUS.search(text)
    if english:
        words = (english.group(1) or english.group(2) or "").split()
        return tuple(stem(fold(word)) for word in words if fold(word) not in STOP_WORDS)
    return ()
