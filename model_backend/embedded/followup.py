"""Follow-ups made standalone: `And its height?` after a question about a tower becomes a question about that tower."""

import re
from collections.abc import Sequence

from model_backend.chat import Turn
from model_backend.embedded.decide import classify, without_opening
from model_backend.embedded.marks import without_marks
from tools.text.words import CJK, STOP_WORDS, fold, is_chinese, stem

MAX_TOPIC_CHARS = 60
"""A longer topic is a sentence, and makes a poor query."""
MAX_THING_WORDS = 7
"""A longer thing asked about is a clause; its names serve better."""
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
_POINTS = re.compile(
    r"\bthere(?=\s*[?.!]*$)|\b(?:it|its|it's|they|them|their|theirs|this one|that one|these|those|the same|"
    r"the former|the latter)\b(?! (?:is|was) (?:true|possible|safe) (?:that|to))|"
    r"\b(?:this|that)\b(?=\s*[?.]?$|\s+(?:command|option|one|city|country|company|"
    r"person|man|woman|book|film|movie|file|function|package|tool|version|feature|"
    r"event|place|thing|method|method|limit|setting|mode|team|song|game))|它|他们|她们|"
    r"它们|其(?!他|它|实|中|余|次)|该(?!怎|如|不|用|去)|这个|那个|这种|那种|此(?!外|时)|上述|前者|后者",
    _I,
)
_PERSON = re.compile(r"\b(?:he|him|his|she|her|hers)\b|他(?!们)|她(?!们)", _I)
_OWNED = re.compile(r"\b(?:its|their|theirs|his|her|hers)\b", _I)
_THING = re.compile(
    r"^what\s+(?:is|are|was|were)\s+(?:the\s+|an?\s+)?(?P<thing>[^?]+?)\s*[?.]*$"
    r"|^what\s+(?:does|do|did)\s+(?:the\s+|an?\s+)?(?P<actor>[^?]+?)\s+(?:do|mean|stand for)\s*[?.]*$"
    r"|^(?:what|which)\s+(?P<chosen>(?:[\w-]+\s+){0,2}?[\w-]+)\s+(?:does|"
    r"do|did|is|are|was|can|should|will)\b(?P<of>.+)$"
    r"|^how\s+(?:do|can|could|should|to)\s*(?:i|you|we|one)?\s+(?P<deed>[^?]+?)\s*[?.]*$",
    _I,
)
_VERSION = re.compile(r"(?<!\d)(?:1\d|20)\d\d(?!\d)|\d+(?:\.\d+)+")
_YEAR = re.compile(r"(?<!\d)(?:1[0-9]|20)\d\d(?!\d)")
_PRONOUN = re.compile(
    r"\b(?P<own>its|his|her|their|theirs|hers)\b|\b(?P<self>it's|it|they|them|he|"
    r"him|she|this one|that one|these|those|the former|the latter|this|that)\b|"
    r"(?P<place>there)(?=\s*[?.!]*$)|(?P<zh>它们|"
    r"他们|她们|它|他|她|这个|那个|上述|前者|后者|其|该|此)",
    _I,
)
_DEGREE = re.compile(r"默认|缺省|最[大小高低长短多少新早晚近远快慢]")

_CAPITALS = re.compile(
    r"(?:[A-Z][\w'’&.-]*|[A-Z]{2,}\d*)(?:\s+(?:of|the|de|la|van|von|and|du|al)(?=\s+[A-Z])|"
    r"\s+[A-Z][\w'’&.-]*|\s+\d+(?:\.\d+)*)*"
)
_MARKED = re.compile(r"[`“\"《「『]([^`”\"》」』]{2,60})[`”\"》」』]")
_CODE = re.compile(
    r"(?<!\w)(?:--?[A-Za-z][\w-]+|[A-Za-z]\w*(?:[._:/-]\w+)+(?:\(\d?\))?|/[\w.+/-]{2,}|[A-Z][A-Z_]{2,}(?!\w)|\$\w+)"
)
_NAMED_KIND = re.compile(
    r"\b(?:git|apt)\s(?!is\b|does\b|do\b|has\b|can\b|use[sd]?\b|"
    r"show|and\b|or\b|in\b|on\b|for\b|to\b|with\b)[a-z][a-z-]+|"
    r"\b(?:git|sqlite|python|debian|linux|ubuntu|docker|bash|mysql|postgres\w*|redis|nginx|rust|java|javascript|"
    r"mercurial|svn|apt|ssh)\b",
    _I,
)
"""Programs whose names people write in lower case, with their sub-command."""
_CJK_TOPIC = re.compile(
    rf"^(?:请问|那么?|在)?(?P<topic>[{CJK}A-Za-z0-9·.\-+ ]{{2,20}}?)(?:的(?!确)|默认|使用|是(?!否)|有(?!什么)|"
    rf"在(?!于)|为什么|怎么|如何|什么|多少|哪|位于|何时|吗|会|能|可以|由谁|多[高大长重远深]|一共|总共)"
)
_CJK_HOW = re.compile(
    rf"^(?:请问)?(?:如何|怎样|怎么|谁|哪个|哪位|哪里|什么是|什么叫)(?:才?能|"
    rf"可以)?(?P<topic>[{CJK}A-Za-z0-9·.\-+ ]{{2,24}})"
)
_LATIN_IN_CHINESE = re.compile(r"[A-Za-z][A-Za-z0-9.+#_-]*(?:\s[A-Z0-9][A-Za-z0-9.]*)*")
_FIRST_NAMES = re.compile(r"[A-Z][\w'’-]+(?:\s+(?:(?:de|van|von|bin|al|la)\s+)?[A-Z][\w'’.-]+)+")
_CJK_PERSON = re.compile(
    rf"(?:是|由|为|：|，|^)([{CJK}]{{2,4}}|[{CJK}·]{{3,12}})(?=[，。、（(\s]|"
    rf"执导|导演|主演|设计|创[立办建]|发明|获得|夺得|担任|$)"
)
_INTERROGATIVE = re.compile(
    r"^(?:what|who|whom|whose|when|where|why|which|how|is|are|was|were|do|does|did|"
    r"can|could|should|would|will|has|have|had|tell|show|list|give|explain|define|"
    r"describe|find|name|in|on|at|for|the|a|an|and|but|please|if|of|to|it)$",
    _I,
)


def standalone_question(question: str, turns: Sequence[Turn]) -> str:
    """The question with everything it needs from earlier turns; unchanged when it needs nothing."""
    text = " ".join(question.split())
    asked = [turn for turn in turns if classify(turn.question) == "search"]
    if not asked or classify(text, turns) != "search":
        return text
    text = without_opening(text)
    # Earlier follow-ups are resolved first, so that a topic lives on through a chain of pronouns.
    before = standalone_question(asked[-1].question, asked[:-1])
    swap = _SWAP.match(text)
    if swap and (thing := (swap["en"] or swap["zh"] or "").strip()) and not _points_back(thing):
        return _swapped(thing, before)
    if not _leans(text):
        return text
    if (moved := _other_time(text, before)) is not None:
        return moved
    owned = bool(_OWNED.search(text))
    topic = _topic(
        before, asked[-1].answer, person=bool(_PERSON.search(text)), whole=not owned, points=_points_back(text)
    )
    return _with_topic(_LINK.sub("", text, count=1).strip() or text, topic, before)


def _points_back(text: str) -> bool:
    return bool(_POINTS.search(text) or _PERSON.search(text))


def _leans(text: str) -> bool:
    """Whether a question cannot be understood alone."""
    if _points_back(text):
        return not _explains_itself(text)
    rest = _LINK.sub("", text, count=1).strip()
    short = len(rest) <= SHORT_CHARS if is_chinese(rest) else len(rest.split()) <= SHORT_WORDS
    return short and not topics_of(rest) and (rest != text or _is_fragment(rest))


def _explains_itself(text: str) -> bool:
    """`Is it true that Paris …`, `What is SQLite and what is its …`: the pronoun points forward or within."""
    pointer = _POINTS.search(text) or _PERSON.search(text)
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


def topics_of(text: str) -> list[str]:
    """Names, identifiers and quoted phrases of a text, in order of their place."""
    found: list[tuple[int, str]] = []
    for match in _MARKED.finditer(text):
        found.append((match.start(), match.group().strip("`")))
    for pattern in (_CODE, _CAPITALS, _NAMED_KIND):
        for match in pattern.finditer(text):
            piece = _without_first_word(match.group(), starts=match.start() == 0)
            if piece and not any(piece in other or other in piece for _, other in found):
                found.append((match.start(), piece))
    if is_chinese(text):
        for match in _LATIN_IN_CHINESE.finditer(text):
            if not any(match.group() in other or other in match.group() for _, other in found):
                found.append((match.start(), match.group()))
    return [piece for _, piece in sorted(found)]


def _without_first_word(piece: str, *, starts: bool) -> str:
    words = piece.split()
    while words and (_INTERROGATIVE.match(words[0]) or (starts and fold(words[0]) in STOP_WORDS)):
        words = words[1:]
    return "" if words == ["I"] else " ".join(words).rstrip(".?,'")


def _other_time(text: str, before: str) -> str | None:
    """`And in 2018?`: the question before, about that year."""
    new, old = _YEAR.search(text), _YEAR.search(before)
    rest = _YEAR.sub("", _LINK.sub("", text, count=1))
    if new and old and len(re.findall(rf"[a-zA-Z]{{4,}}|[{CJK}]{{3,}}", rest)) == 0:
        return before.replace(old.group(), new.group(), 1)
    return None


def _topic(before: str, answer: str, *, person: bool, whole: bool, points: bool) -> str:
    """What the thread is about: the thing or the names of the last question, or the person of its answer.

    `it` is the whole thing asked about (`default page size in SQLite`), the owner in `its` is rather the one named.
    """
    answer = without_marks(answer)
    if person:
        name = _person_of(before, answer)
        if name:
            return name
    if is_chinese(before):
        subject = _chinese_topic(before)
        if subject:
            return subject
    thing = _THING.match(before)
    if whole and thing and not (thing["deed"] and points):
        name = thing["thing"] or thing["actor"] or thing["deed"] or ""
        if thing["chosen"]:
            name = " ".join([thing["chosen"], *topics_of(thing["of"])])
        if len(name.split()) <= MAX_THING_WORDS and not _points_back(name):
            return name
    names = topics_of(before)
    if names:
        return " ".join(dict.fromkeys(names))[:MAX_TOPIC_CHARS]
    words = [w for w in re.findall(r"[\w.+#-]+", before) if fold(w) not in STOP_WORDS and not _INTERROGATIVE.match(w)]
    return " ".join(words)[:MAX_TOPIC_CHARS]


def _person_of(before: str, answer: str) -> str:
    asked = fold(before)
    if is_chinese(before):
        for match in _CJK_PERSON.finditer(answer):
            if match.group(1) not in before:
                return match.group(1)
        return ""
    own = _FIRST_NAMES.search(before)
    if own and not re.match(r"who\b", before, _I):
        return _without_first_word(own.group(), starts=own.start() == 0)
    for match in _FIRST_NAMES.finditer(answer):
        if fold(match.group()) not in asked:
            return match.group().rstrip(".")
    return ""


def _chinese_topic(before: str) -> str:
    quoted = _MARKED.search(before)
    if quoted:
        return quoted.group()
    for pattern in (_CJK_HOW, _CJK_TOPIC):
        match = pattern.match(before)
        if match:
            return match["topic"].strip()[:MAX_TOPIC_CHARS]
    return ""


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
    topic = _chinese_topic(before)
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
    if _CODE.fullmatch(name):
        return bool(_CODE.fullmatch(thing.strip("`")))
    return len(thing.split()) <= 4 and (thing[:1].isupper() or name[:1].islower() or bool(_NAMED_KIND.fullmatch(thing)))
