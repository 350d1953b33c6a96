"""Follow-ups made standalone: `And its height?` after a question about a tower becomes a question about that tower."""

import re
from collections.abc import Sequence

from model_backend.chat import Turn
from model_backend.embedded.decide import MAX_READ_CHARS, classify, without_opening
from model_backend.embedded.leans import PERSON, POINTS, points_back
from model_backend.embedded.named_pages import without_named_pages
from model_backend.embedded.topics import CODE, PROGRAM, chinese_subject, chinese_topic, topic_of, topics_of
from tools.text.words import CJK, STOP_WORDS, fold, is_chinese, stem

SHORT_WORDS = 6
"""A question of fewer words may lean on the one before; a longer one stands on its own unless it points back."""
SHORT_CHARS = 12
"""The same in Chinese characters."""
MOST_WORDS_OF_PART = 2
"""`In New York?` goes on with the question before; `in vitro fertilisation cost` is a question of its own."""

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
_ARTICLE = re.compile(r"^(?:the|an?)\s+", _I)
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
_AND_NAME = re.compile(
    r"^(?:[Aa]nd|[Oo]r|[Bb]ut)\s+(?P<name>(?:the\s+)?[A-Z][\w.+'’-]*(?:\s+(?:of\s+)?[A-Z\d][\w.+'’-]*){0,3})\s*\?*$"
)
_ATTRIBUTE_OF = re.compile(
    r"^(?P<asks>what\s+(?:is|was|are|were)\s+(?:the\s+)?)(?P<attribute>[a-z][\w -]{1,40}?)(?= (?:of|in|for) )", _I
)
_DEGREE_EN = re.compile(
    r"\b(?:default|maximum|minimum|max|min|largest|smallest|longest|shortest|highest|lowest|average|current)\b", _I
)
_THAT = re.compile(r"^\w+ that\b", _I)
_LED_IN = re.compile(r"^(?:如果)?(?:在(?![线职校场野逃])|对于|至于|关于|换成|换做)(?=\S)")
_RANK = re.compile(r"(?P<rank>第.{1,3}[大小高低长短多少早晚近远快慢])的?")
_DEED = re.compile(
    r"卸载|安装|升级|更新|删除|创建|启动|停止|重启|配置|关闭|打开|备份|恢复|导入|导出|撤销|取消|修改|查看|移动|合并"
)
_OTHER_PART = re.compile(
    r"^(?P<link>(?:(?:and|but|or|what about|how about)\s+)*)(?P<part>(?P<how>of|in|for|from|on|at|by|with)\s+"
    r"(?P<what>(?!(?:which|what|whom|whose|how|example|short|general|fact)\b)[^\s?,;:]+(?:\s+[^\s?,;:]+){0,3}?))\s*[?.!]*$",
    _I,
)
"""`And of Microsoft?`, `In Germany?`."""
_ATTRIBUTE = re.compile(
    r"^(?:面积|人口|高度|身高|体重|长度|宽度|深度|海拔|年龄|生日|价格|票价|门票|成本|首都|省会|语言|货币|国旗|国歌|邮编|区号|"
    r"电话|地址|官网|总部|作者|导演|主演|编剧|作曲|创始人|负责人|校长|市长|省长|总统|总理|原名|全名|英文名|缩写|含义|意思|"
    r"用途|作用|功能|特点|优点|缺点|原因|结果|影响|历史|版本|许可证|端口|大小|容量|上限|下限|颜色|材料|气候|"
    r"\S{1,6}(?:率|量|数|度|费|价|值|时间|日期|地点|大小|名称|地址|端口|版本|人数|年份))$"
)
"""What a thing has, and not another thing: `面积呢？` asks for the area of what was spoken of."""
_OWNER_AND_ATTRIBUTE = re.compile(
    r"^(?P<owner>.{1,40}?)的(?P<attribute>[^的，。？?]{1,10}?)(?=是|有|为|多|怎|如何|[？?]|$)"
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
    if (moved := _other_part(text, before)) is not None:
        return moved
    if thing := _other_thing(text):
        return _other_time(thing, before) or _swapped(thing, before)
    if not _leans(text):
        return text
    if (moved := _other_time(text, before)) is not None:
        return moved
    owned = bool(_OWNED.search(text))
    # `Does that need …?` points to all of what was asked, not to the thing in it.
    points = points_back(text) and not _THAT.match(text)
    topic = "" if points else chinese_subject(before)
    topic = topic or topic_of(
        before, asked[-1].answer, person=bool(PERSON.search(text)), whole=not owned, points=points
    )
    return _with_topic(_LINK.sub("", text, count=1).strip() or text, topic, before)


def _other_thing(text: str) -> str:
    """What `What about …?`, `… 呢？` or `And …?` asks the same about; empty for other questions."""
    swap = _SWAP.match(text) or _AND_NAME.match(text)
    thing = next(filter(None, swap.groupdict().values()), "").strip() if swap else ""
    return "" if points_back(thing) else thing


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
            re.match(
                r"为什么|什么时候|多少|在哪|谁|哪|怎么|如何|有哪些|有什么|最[大小高低多少长短新早晚快慢]|能|可以|会|需要|要|"
                r"有没有|是不是|支持|默认|几|多[高大长重远深久]",
                text,
            )
        )
    content = [word for word in re.findall(r"[\w'-]+", fold(text)) if word not in STOP_WORDS]
    return len(content) <= 2


def _other_time(text: str, before: str) -> str | None:
    """`And in 2018?`: the question before, about that year."""
    new, old = _YEAR.search(text), _YEAR.search(before)
    rest = _YEAR.sub("", _LINK.sub("", text, count=1))
    if not new or re.search(rf"[a-zA-Z]{{4,}}|[{CJK}]{{3,}}", rest):
        return None
    if old:
        return before.replace(old.group(), new.group(), 1)
    return None if is_chinese(before) else f"{before.rstrip(' ?.')} in {new.group()}?"


def _other_part(text: str, before: str) -> str | None:
    """`And of Microsoft?`: the question before, of that one instead."""
    found = _OTHER_PART.match(text)
    if not found or is_chinese(before) or points_back(text) or _YEAR.fullmatch(found["what"]):
        return None
    if not found["link"] and len(found["what"].split()) > MOST_WORDS_OF_PART:
        return None
    own = list(re.finditer(rf"\b{found['how']}\s+((?:the\s+|an?\s+)?[\w'’.-]+(?:\s+[A-Z\d][\w'’.-]*)*)", before))
    if not own:
        return f"{before.rstrip(' ?.')} {found['part']}?"
    return before[: own[-1].start(1)] + found["what"] + before[own[-1].end(1) :]


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
        return before.replace(shared, _ARTICLE.sub("", thing), 1)
    own = topics_of(before)
    bare = _ARTICLE.sub("", thing)
    if not chinese and own and _looks_like(bare, own[-1]):
        return before.replace(own[-1], bare if re.search(rf"\bthe {re.escape(own[-1])}", before, _I) else thing, 1)
    degree = _DEGREE_EN.search(before)
    if degree and _DEGREE_EN.fullmatch(bare):
        return before[: degree.start()] + bare + before[degree.end() :]
    attribute = _ATTRIBUTE_OF.match(before)
    if attribute and _DEGREE_EN.fullmatch(bare):
        return f"{attribute['asks']}{bare} {before[attribute.start('attribute') :]}"
    if attribute and re.fullmatch(r"[a-z][a-z-]*(?: [a-z][a-z-]*){0,2}", bare):
        return attribute["asks"] + bare + before[attribute.end() :]
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
    thing = _LED_IN.sub("", thing) or thing
    degree = _DEGREE.search(before)
    if degree and _DEGREE.fullmatch(thing):
        return before.replace(degree.group(), thing, 1)
    if degree and (rank := _RANK.fullmatch(thing)):
        return before.replace(degree.group(), rank["rank"], 1)
    if _DEED.fullmatch(thing) and (deed := _DEED.search(before)):
        return before.replace(deed.group(), thing, 1)
    if _ATTRIBUTE.match(thing) and (found := _OWNER_AND_ATTRIBUTE.match(before)):
        return f"{found['owner']}的{thing}{before[found.end() :]}"
    if re.fullmatch(r"\d{4}年?", thing):
        return f"{thing}{before}"
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
