"""Follow-ups made standalone: `And its height?` after a question about a tower becomes a question about that tower."""

import re
from collections.abc import Sequence

from model_backend.chat import Turn
from model_backend.embedded.decide import MAX_READ_CHARS, classify, without_opening
from model_backend.embedded.leans import PERSON, POINTS, points_back
from model_backend.embedded.named_pages import without_named_pages
from model_backend.embedded.topics import CODE, PROGRAM, chinese_topic, topic_of, topics_of
from tools.text.words import CJK, STOP_WORDS, fold, is_chinese, stem

SHORT_WORDS = 6
"""A question of fewer words may lean on the one before; a longer one stands on its own unless it points back."""
SHORT_CHARS = 12
"""The same in Chinese characters."""

_I = re.IGNORECASE
_LINK = re.compile(
    r"^(?:and|but|so|also|then|now|ok(?:ay)?|or)\b[\s,]*(?:then\s+)?|^(?:那么?|那|然后|"
    r"还有|另外|以及|而且|并且|所以)[，,\s]*(?!个|些|里|种|时|儿|边|位|年|天)",
    _I,
)
_SWAP = re.compile(
    r"^(?:(?:and|but|so|ok(?:ay)?)[\s,]+)?(?:what|how) about\s+(?P<en>.+?)\s*[?.!]*$|"
    r"^(?:那|那么|还有)?[，,\s]*(?P<zh>[^，。？?呢]{1,30}?)呢[？?。\s]*$",
    _I,
)
_OWNED = re.compile(r"\b(?:its|their|theirs|his|her|hers)\b", _I)
_VERSION = re.compile(r"(?<!\d)(?:1\d|20)\d\d(?!\d)|\d+(?:\.\d+)+")
_YEAR = re.compile(r"(?<!\d)(?:1[0-9]|20)\d\d(?!\d)")
_PRONOUN = re.compile(
    r"\b(?P<own>its|his|her|their|theirs|hers)\b|\b(?P<self>it's|it|they|them|he|"
    r"him|she|this one|that one|these|those|the former|the latter|this|that)\b|"
    r"(?P<place>there)\b(?! (?:is|are|was|were|any|an?)\b)|(?P<zh>那里|那儿|那边|它们|"
    r"他们|她们|它|他|她|这个|那个|上述|前者|后者|其|该|此)",
    _I,
)
_DEGREE = re.compile(r"默认|缺省|最[大小高低长短多少新早晚近远快慢]")


def standalone_question(question: str, turns: Sequence[Turn]) -> str:
    """The question with everything it needs from earlier turns, without the addresses of pages; else unchanged."""
    text = " ".join(without_named_pages(question).split())
    if len(text) > MAX_READ_CHARS:
        return text
    asked = [turn for turn in turns if classify(turn.question) == "search"]
    if not asked or classify(text, turns) != "search":
        return text
    text = without_opening(text)
    # Earlier follow-ups are resolved first, so that a topic lives on through a chain of pronouns.
    before = standalone_question(asked[-1].question, asked[:-1])
    swap = _SWAP.match(text)
    if swap and (thing := (swap["en"] or swap["zh"] or "").strip()) and not points_back(thing):
        return _swapped(thing, before)
    if not _leans(text):
        return text
    if (moved := _other_time(text, before)) is not None:
        return moved
    owned = bool(_OWNED.search(text))
    topic = topic_of(
        before, asked[-1].answer, person=bool(PERSON.search(text)), whole=not owned, points=points_back(text)
    )
    return _with_topic(_LINK.sub("", text, count=1).strip() or text, topic, before)


def _leans(text: str) -> bool:
    """Whether a question cannot be understood alone."""
    if points_back(text):
        return not _explains_itself(text)
    rest = _LINK.sub("", text, count=1).strip()
    short = len(rest) <= SHORT_CHARS if is_chinese(rest) else len(rest.split()) <= SHORT_WORDS
    return short and not topics_of(rest) and (rest != text or _is_fragment(rest))


def _explains_itself(text: str) -> bool:
    """`Is it true that Paris …`, `What is SQLite and what is its …`: the pronoun points forward or within."""
    pointer = POINTS.search(text) or PERSON.search(text)
    before = text[: pointer.start()] if pointer else ""
    return (
        bool(re.match(r"is it (?:true|possible|safe|ok|legal|worth)\b", text, _I)) and bool(topics_of(text))
    ) or bool(topics_of(before))


def _is_fragment(text: str) -> bool:
    """`Why?`, `In which year?`, `多少钱？`: a question word and little else."""
    if is_chinese(text):
        return len(text) <= SHORT_CHARS // 2 or bool(
            re.match(r"为什么|什么时候|多少|在哪|谁|哪|怎么|如何|有哪些|有什么", text)
        )
    content = [word for word in re.findall(r"[\w'-]+", fold(text)) if word not in STOP_WORDS]
    return len(content) <= 2


def _other_time(text: str, before: str) -> str | None:
    """`And in 2018?`: the question before, about that year."""
    new, old = _YEAR.search(text), _YEAR.search(before)
    rest = _YEAR.sub("", _LINK.sub("", text, count=1))
    if new and old and len(re.findall(rf"[a-zA-Z]{{4,}}|[{CJK}]{{3,}}", rest)) == 0:
        return before.replace(old.group(), new.group(), 1)
    return None


def _with_topic(text: str, topic: str, before: str) -> str:
    if not topic or fold(topic) in fold(text):
        return text
    chinese = is_chinese(text)

    def put(match: re.Match[str]) -> str:
        if match["own"]:
            return f"{topic}'s"
        if match["self"]:
            return f"{topic} is" if fold(match["self"]) == "it's" else topic
        if match["place"]:
            return f"in {topic}"
        return f"{topic}的" if match["zh"] == "其" else topic

    replaced, count = _PRONOUN.subn(put, text, count=1)
    if count:
        return replaced
    return f"{topic}{'' if chinese and is_chinese(topic) else ' '}{text}" if chinese else _joined(text, topic, before)


def _joined(text: str, topic: str, before: str) -> str:
    bare = text.rstrip(" ?.!")
    content = [word for word in re.findall(r"[\w'-]+", fold(text)) if word not in STOP_WORDS]
    if not content:
        # A bare `Why?` or `When?` asks about the whole of the question before.
        rest = re.sub(
            r"^(?:what|who|when|where|why|which|how)\s+(?:(?:is|are|was|were|do|does|did)\s+)?", "", before, flags=_I
        )
        return f"{bare} {rest}"
    return f"{bare} {topic}?" if re.search(r"\b(?:of|in|for|with|by|on)$", bare, _I) else f"{bare} ({topic})?"


def _swapped(thing: str, before: str) -> str:
    """`What about Y?` after a question about X: the same question about Y."""
    chinese = is_chinese(before)
    shared = _shared_head(thing, before)
    if shared:
        return before.replace(shared, re.sub(r"^(?:the|a|an)\s+", "", thing, flags=_I), 1)
    own = topics_of(before)
    if not chinese and own and _looks_like(thing, own[-1]):
        return before.replace(own[-1], thing, 1)
    year = _VERSION.search(before)
    other = _VERSION.search(thing)
    if year and other:
        return before.replace(year.group(), other.group(), 1)
    if chinese:
        return _swapped_chinese(thing, before)
    topic = " ".join(own)
    rest = f" ({topic})" if topic and fold(topic) not in fold(thing) else ""
    return f"What is {thing}{rest}?" if rest else f"{thing}: {before}"


def _swapped_chinese(thing: str, before: str) -> str:
    degree = _DEGREE.search(before)
    if degree and _DEGREE.fullmatch(thing):
        return before.replace(degree.group(), thing, 1)
    topic = chinese_topic(before)
    if topic and topic in before:
        return before.replace(topic, thing, 1)
    own = topics_of(before)
    if own:
        return before.replace(own[-1], thing, 1)
    return f"{thing}{before}"


def _shared_head(thing: str, before: str) -> str:
    """`the cache size` after `the default page size of …`: the phrase of the question that ends in the same word."""
    words = re.findall(r"[\w-]+", thing)
    if len(words) < 2 or is_chinese(thing):
        return ""
    head, count = words[-1], len([word for word in words if fold(word) not in STOP_WORDS])
    modifiers = r"[\w-]+\s+" * (count - 1)
    match = re.search(rf"\b({modifiers}{re.escape(head)})\b", before, _I)
    return match.group(1) if match and stem(fold(head)) else ""


def _looks_like(thing: str, name: str) -> bool:
    """Whether two names are of a kind: both capitalised, both in code, or both plain program names."""
    if CODE.fullmatch(name):
        return bool(CODE.fullmatch(thing.strip("`")))
    return len(thing.split()) <= 4 and (thing[:1].isupper() or name[:1].islower() or bool(PROGRAM.fullmatch(thing)))
