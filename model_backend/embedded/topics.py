"""What a question is about: names, identifiers, quoted phrases, the thing asked about, the person of an answer."""

import re

from model_backend.embedded.leans import points_back
from model_backend.embedded.marks import without_marks
from tools.text.words import CJK, STOP_WORDS, fold, is_chinese

MAX_TOPIC_CHARS = 60
"""A longer topic is a sentence, and makes a poor query."""
MAX_THING_WORDS = 7
"""A longer thing asked about is a clause; its names serve better."""

_I = re.IGNORECASE
_THING = re.compile(
    r"^what\s+(?:is|are|was|were)\s+(?:the\s+|an?\s+)?(?P<thing>[^?]+?)\s*[?.]*$"
    r"|^(?:please\s+)?(?:tell me(?: more)? about|explain|describe|define|who\s+(?:is|are|was|were))\s+"
    r"(?:the\s+|an?\s+)?(?P<told>[^?]+?)\s*[?.]*$"
    r"|^what\s+(?:does|do|did)\s+(?:the\s+|an?\s+)?(?P<actor>[^?]+?)\s+(?:do|mean|stand for)\s*[?.]*$"
    r"|^(?:what|which)\s+(?P<chosen>(?:[\w-]+\s+){0,2}?[\w-]+)\s+(?:does|"
    r"do|did|is|are|was|can|should|will)\b(?P<of>.+)$"
    r"|^how\s+(?:do|can|could|should|to)\s*(?:i|you|we|one)?\s+(?P<deed>[^?]+?)\s*[?.]*$",
    _I,
)
_WHERE = re.compile(
    r"^where\s+(?P<place>(?:on|in|at|near)\s+[^?]+?\s+)?(?:can|could|do|does|did|should|may|is|are|was|were)\s+"
    r"(?:(?:i|you|we|one)\s+\w+\s+)?(?:the\s+|an?\s+)?(?P<what>[^?]{3,60}?)\s*[?.]*$",
    _I,
)
_NOUNS = r"(?:[\w'’-]+\s+){0,3}[\w'’-]+"
_MEASURED = re.compile(
    rf"^how\s+\w+\s+(?:is|are|was|were)\s+(?:the\s+|an?\s+)?(?P<measured>{_NOUNS}?(?:\s+of\s+(?:the\s+)?{_NOUNS})?)\s*[?.]*$",
    _I,
)
"""`How long is the Harrowick bridge?`: the thing that is measured, not the name in it."""
_CAPITALS = re.compile(
    r"(?:[A-Z][\w'’&.-]*|[A-Z]{2,}\d*)(?:\s+(?:of|the|de|la|van|von|and|du|al)(?=\s+[A-Z])|"
    r"\s+[A-Z][\w'’&.-]*|\s+\d+(?:\.\d+)*)*"
)
_MARKED = re.compile(r"[`“\"《「『]([^`”\"》」』]{2,60})[`”\"》」』]")
CODE = re.compile(
    r"(?<!\w)(?:--?[A-Za-z][\w-]+|[A-Za-z]\w*(?:[._:/-]\w+)+(?:\(\d?\))?|/[\w.+/-]{2,}|[A-Z][A-Z_]{2,}(?!\w)|\$\w+)"
)
PROGRAM = re.compile(
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
_CJK_SUBJECT = re.compile(
    r"^(?:请问)?(?P<subject>[^，。？?]{2,40}?)(?:是|有|为|叫|占)?(?:多少|多[高大长重远深]|几|什么|哪|谁)"
)
_FIRST_OF_ITS_KIND = re.compile(r"最|第[一二三四五六七八九十\d]")
"""`中国最长的河`: what is spoken of is the river, not the country."""
_WHO_DID = re.compile(
    r"^who\s+(?!(?:is|are|was|were)\b)(?P<en>\w+\s+[^?]{2,60}?)\s*[?.]*$|"
    r"^(?:请问)?谁(?!是)(?P<zh>[^，。？?]{2,30})[？?]?$|"
    r"^(?:请问)?(?P<what>[^，。？?]{2,30}?)是由?谁(?P<how>[^，。？?的]{1,6})的[？?]?$",
    _I,
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


def topics_of(text: str) -> list[str]:
    """Names, identifiers and quoted phrases of a text, in order of their place."""
    found: list[tuple[int, str]] = []
    for match in _MARKED.finditer(text):
        found.append((match.start(), match.group().strip("`")))
    for pattern in (CODE, _CAPITALS, PROGRAM):
        for match in pattern.finditer(text):
            piece = _without_first_word(match.group(), starts=match.start() == 0)
            if not piece or any(piece in other for _, other in found):
                continue
            if pattern is _CAPITALS:
                # `CEO of Apple` takes the place of `CEO`.
                found = [(at, other) for at, other in found if other not in piece]
            elif any(other in piece for _, other in found):
                continue
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


def topic_of(before: str, answer: str, *, person: bool, whole: bool, points: bool) -> str:
    """What the thread is about: the thing or the names of the last question, or the person of its answer.

    `it` is the whole thing asked about (`default page size in SQLite`), the owner in `its` is rather the one named.
    """
    answer = without_marks(answer)
    if person:
        name = _person_of(before, answer) or _doer_of(before) or chinese_subject(before)
        if name:
            return name
    if is_chinese(before):
        subject = chinese_subject(before)
        subject = subject if _FIRST_OF_ITS_KIND.search(subject) else chinese_topic(before)
        if subject:
            return subject
    thing = _THING.match(before)
    if whole and thing and not (thing["deed"] and points):
        name = thing["thing"] or thing["told"] or thing["actor"] or thing["deed"] or ""
        if thing["chosen"]:
            name = " ".join([thing["chosen"], *topics_of(thing["of"])])
        if len(name.split()) <= MAX_THING_WORDS and not points_back(name):
            return name
    measured = _MEASURED.match(before)
    if measured and _is_thing(measured["measured"]):
        return measured["measured"]
    where = _WHERE.match(before)
    if whole and where:
        return " ".join(dict.fromkeys([where["what"].strip(), *topics_of(where["place"] or "")]))[:MAX_TOPIC_CHARS]
    names = topics_of(before)
    if names:
        return " ".join(dict.fromkeys(names))[:MAX_TOPIC_CHARS]
    words = [w for w in re.findall(r"[\w.+#-]+", before) if fold(w) not in STOP_WORDS and not _INTERROGATIVE.match(w)]
    return " ".join(words)[:MAX_TOPIC_CHARS]


def _is_thing(words: str) -> bool:
    """Whether they name something: no pronoun, and no clause about when or where (`museum open on Sundays`)."""
    small = [word for word in fold(words).split() if word in STOP_WORDS]
    return set(small) <= {"of", "the"} and not points_back(words)


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


def _doer_of(before: str) -> str:
    """Who did what the question before asks about, where no answer has named them."""
    found = _WHO_DID.match(before)
    if not found:
        return ""
    if found["en"]:
        return f"the person who {found['en']}"
    return f"{found['zh'] or found['how'] + found['what']}的人"


def chinese_subject(before: str) -> str:
    """All that stands before the word that asks: `北京的人口` of `北京的人口是多少？`; empty without such a word."""
    found = _CJK_SUBJECT.match(before)
    return found["subject"].strip() if found else ""


def chinese_topic(before: str) -> str:
    """What stands before the first word that asks something about it; a quoted title first."""
    quoted = _MARKED.search(before)
    if quoted:
        return quoted.group()
    for pattern in (_CJK_HOW, _CJK_TOPIC):
        match = pattern.match(before)
        if match:
            return match["topic"].strip()[:MAX_TOPIC_CHARS]
    return ""
