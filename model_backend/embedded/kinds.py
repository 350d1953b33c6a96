"""The kind of answer that a question asks for, by the words that ask."""

import re
from typing import Literal

from tools.text.thing import thing_asked

AnswerKind = Literal[
    "number",
    "version",
    "date",
    "person",
    "place",
    "code",
    "term",
    "definition",
    "yes_no",
    "how_to",
    "why",
    "list",
    "any",
]

_SHAPES: tuple[tuple[AnswerKind, str], ...] = (
    (
        "how_to",
        r"(?:^|[,;.])\s*(?:and\s+)?how\s+(?:do|can|could|should|would|might)\s+(?:i|you|we|one)\b|^\s*how\s+to\b",
    ),
    (
        "number",
        r"^\s*(?:and\s+)?what\s+(?:is|was|are)\s+the\s+(?:very\s+)?(?:biggest|"
        r"largest|longest|smallest|shortest|highest|lowest|"
        r"deepest|maximum|minimum|max|min)\s+(?:\w+\s+)?(?:file|value|"
        r"size|number|database|blob|string|amount|length|key|integer|"
        r"count|depth|width|limit|age|row|page|table|name|line)s?\b|\b(?:after|"
        r"for|within)\s+(?:what|how\s+much)\s+time\b",
    ),
    (
        "code",
        r"\b(?:which|what(?:\s+(?:is|are|was|were)\s+the)?|(?:is|are)\s+there\s+(?:an?|any|some))\s+(?!do\b|does\b|did\b)(?:[\w-]+\s+){0,3}?(?:command|"
        r"option|flag|switch|file|function|pragma|variable|setting|"
        r"package|directory|path|macro|method|header|keyword|operator|code|constant|parameter|"
        r"interface|program|tool|utility)\b"
        r"|(?:哪个|哪条|什么|哪一个|何种|哪些|哪种|有没有|有无|是否有)(?:\S{0,6})(?:命令|"
        r"选项|参数|文件|函数|变量|软件包|目录|路径|工具|程序|宏|指令|"
        r"包)|(?:命令|选项|参数|函数|变量|软件包|目录|路径|工具|程序|宏|指令)(?:名|名称|名字)?(?:是|叫)(?:什么|哪个|啥)[？?\s]*$",
    ),
    (
        "term",
        r"\bwhat\s+(?:do|would|should|can)\s+(?:you|we|they|people|one)\s+call\b|"
        r"\bwhat(?:\s+(?:is|are)|['’]s)\s+(?:it|that|this|these|those|they|such\s.+|an?\s.+)\s+called\b|"
        r"\b(?:term|word)\s+(?:for|that\s+means)\s|(?:叫做?|称为|称作|称之为)(?:什么|啥)|术语(?:是什么|叫)",
    ),
    (
        "version",
        r"\b(?:which|what)\s+(?!do\b|does\b|did\b)(?:[\w.+-]+\s+){0,3}?(?:release|version)\b"
        r"(?!\s+(?:v?\d|candidate|branch|control|dates?|days?|year|time|notes?|cycle|team|manager|name|process|schedule)\b)|"
        r"(?:哪个|哪一个|什么|第几个)\S{0,3}版本|版本号?(?:是|为)?(?:多少|什么|几|哪个)?[？?\s]*$",
    ),
    (
        "number",
        r"\bhow\s+(?:many|much|large|big|long|tall|high|old|far|deep|wide|fast|often|heavy|small|short)\b"
        r"|\b(?:what|which)\s+(?!do\b|does\b|did\b)(?:is|was|are|were)?\s*(?:the\s+)?(?:\S+\s+){0,3}?(?:number|"
        r"amount|size|limit|maximum|minimum|length|height|"
        r"population|percentage|port|price|cost|revenue|rate|score|value|default value|"
        r"signal|depth|width|age|distance|weight|magnitude)\b"
        r"|多少|(?:(?<!的)几|几(?!.*(?:哪|怎么|如何|怎样)))[个位名条次年天种人岁集部张款所座架届枚]|多[长高大远深宽久重快]|第几"
        r"|(?:人数|数量|销量|产量|票房|总额|营收|收入|利润|增速|增长率|"
        r"比例|占比|[出死生]生?率|率|总量|规模|面积|长度|高度|大小|"
        r"交付量|吞吐量|出口量|价格|售价|震级|排名|得分|比分|市值|端口|上限|默认值)(?:是|为|有|达)?[？?\s]*$",
    ),
    (
        "date",
        r"^\s*when\b|\bwhat\s+(?:year|date|day|month|time)\b|\bwhich\s+(?:year|month|"
        r"day|date)\b|\bsince when\b|release date|premiere date"
        r"|什么时候|何时|哪一?[年天月日]|几[月号日]|时间(?:是|为|在)?[？?\s]*$|"
        r"日期(?:是|为)?(?:什么时候|哪天)?[？?\s]*$|哪一天",
    ),
    (
        "person",
        r"\bwhom?\b|(?:^\W*|[,;:.?]\s*|\b(?:and|but|so|by|to|for|from|with|of|know|tell me)\s+)whose\b|"
        r"(?<!不管)(?<!无论)谁(?!都|也)|(?:导演|主演|编剧|作者|冠军|得主|总统|总理|"
        r"首相|主席|创始人|发明者|CEO|教练|演员|主角)(?:是|为|有|都)?[？?\s]*$",
    ),
    (
        "place",
        r"^\s*where\b|\b(?:which|what)\s+(?:city|country|state|place|location|venue|stadium|"
        r"continent|county)\b|\blocation\b"
        r"|哪里|哪儿|在哪|何处|何地|地点|哪个?(?:国家?|城市|省|地方|地区|市)|举办[地国]|主办国|坐落|位置",
    ),
    (
        "why",
        r"(?:^|[.?!;,]\s*(?:and|but|so)?)\s*why\b|\bwhat\s+(?:is\s+the\s+)?(?:reason|cause)|为什么|为何|原因|"
        r"(?:怎么|咋)(?:没|会(?![话员计诊面])|还(?=没|不|是|在|要|会|有|能)|又)",
    ),
    (
        "how_to",
        r"^\s*(?:how\s+(?:do|can|could|should|would|to|does one|might)\b)|^(?:如何|怎样|怎么|"
        r"怎么样才能)|(?:怎么样?|如何|怎样)(?:才能|能)?[^\s？?样，,。.！!；;啊呢呀吧了]",
    ),
    (
        "definition",
        r"^\s*what\s+(?:is|are|was|were)\s+(?:an?\s+|the\s+)?[\w\-.`'\"]+(?:\s+[\w\-.]+){0,4}\s*\??\s*$|"
        r"\bwhat\s+does\b.*\b(?:do|mean|stand for)\b|"
        r"\bdefin(?:e|ition)\b|\bpurpose of\b|是什么(?:意思|东西)?[？?\s]*$|"
        r"什么是|的(?:作用|用途|功能|含义|意思|全称)(?:是什么)?|有什么用|"
        r"做什么",
    ),
    (
        "yes_no",
        r"^\s*(?:is|are|was|were|do|does|did|can|could|will|would|has|have|had|should|"
        r"may)\b|吗[？?\s]*$|是否|能否|可否|是不是|能不能",
    ),
    (
        "number",
        r"^(?!.*\b(?:what|which|how|why|when|where|who|can|does|do|is|are)\b)(?=.*\b(?:max|maximum|min|minimum|default|"
        r"largest|smallest)\b).*\b(?:port|size|limit|length|level|number|count|columns?|rows?|tables?|timeout|depth|width|"
        r"height|version|interval|days|priority)\b",
    ),
    (
        "list",
        r"\b(?:which|what)\s+(?:\S+\s+)?(?:are|were)\b|\b(?:which|what)\s+(?:[\w-]+\s+){0,3}?(?!gas\b|lens\b)[a-z]+(?<![sui])s\s+(?:may|can|could)\b|"
        r"哪些|有哪几|列出|\blist\b|都有",
    ),
)
_A_THING = re.compile(r"^\s*what(?:\s+(?:is|are)|['’]s)\s+an?\s", re.IGNORECASE)
"""`What is a window function?` asks for no function."""
_RULES = tuple((kind, re.compile(pattern, re.IGNORECASE)) for kind, pattern in _SHAPES)
"""In order of precedence: the first that matches."""


def kind_of(text: str) -> AnswerKind:
    """The kind of answer expected."""
    if _A_THING.match(text) and thing_asked(text):
        return "definition"
    return next((kind for kind, pattern in _RULES if pattern.search(text)), "any")
