"""What a `how tall`, `how long`, `多少钱` wants to hear: a number with a unit of the right kind."""

import re
from collections.abc import Mapping

_LENGTH = (
    r"m|km|cm|mm|nm|ft|mi|yd|in|metres?|meters?|kilomet\w+|centimet\w+|millimet\w+|"
    r"feet|foot|inch(?:es)?|miles?|yards?|nautical|米|公里|千米|厘米|毫米|英尺|英里|海里|里"
)
_DURATION = (
    r"s|ms|min|h|hrs?|seconds?|milliseconds?|minutes?|hours?|days?|weeks?|months?|"
    r"years?|decades?|centur\w+|秒|毫秒|分钟?|小时|天|日|周|个?月|年"
)
_DATA = r"bits?|bytes?|[kmgtp]i?b|pages?|sectors?|terabytes?|gigabytes?|megabytes?|kilobytes?|字节|位|页|扇区"
_MASS = r"kg|g|mg|t|lbs?|oz|kilogram\w*|grams?|tons?|tonnes?|pounds?|ounces?|吨|公斤|千克|克|斤|磅"
_MONEY = r"dollars?|euros?|pounds?|yuan|yen|cents?|rmb|usd|eur|元|美元|欧元|英镑|日元|万元|亿元|块|角"
_SPEED = r"km/h|kph|mph|m/s|knots?|kn|kilomet\w+ (?:per|an) hour|miles (?:per|an) hour|公里每小时|公里/小时|节|米/秒"
_HEAT = r"°\s?[cfk]?|degrees?|celsius|fahrenheit|kelvin|度|摄氏度|℃"
_PEOPLE = r"people|persons?|inhabitants|residents|souls|citizens|million|thousand|billion|名|位|万人?|亿人?|人"
_SHARE = r"%|％|‰|percent|per cent|percentage|成"
_AREA = r"km²|km2|m²|m2|square|hectares?|acres?|ha|平方|公顷|亩|顷"
_AGE = r"years?(?: old)?|岁|周岁"

_SCALE = r"(?:hundred|thousand|million|billion|trillion|百|千|万|亿|多|余|个)"
_KINDS: tuple[tuple[str, str], ...] = (
    (
        r"how long (?:does|did|do|will|would|has|have|can|may|must)|how (?:soon|often)|"
        r"how much time|多久|多长时间|时长|用时|几天|几小时",
        _DURATION,
    ),
    (r"how deep|depth|多深|深度", rf"{_LENGTH}|levels?|layers?|steps|层|级"),
    (
        r"how (?:tall|high|far|deep|wide|thick)|height|depth|width|distance|elevation|"
        r"altitude|多高|多远|多深|多宽|高度|距离|海拔|深度|宽度|身高",
        _LENGTH,
    ),
    (r"how long|length|多长|长度|全长", f"{_LENGTH}|{_DURATION}|{_DATA}"),
    (r"how heavy|weigh|mass\b|多重|重量|体重", _MASS),
    (
        r"how much (?:does|did|do|is|was|are|were) .*\b(?:cost|worth|price|pay|sold)|"
        r"price|cost|salary|revenue|budget|how expensive|多少钱|价格|售价|票价|费用|工资|营收|总额|票房|"
        r"预算",
        _MONEY,
    ),
    (r"how fast|speed|速度|时速|多快", _SPEED),
    (r"how (?:hot|cold|warm)|temperature|boiling point|melting point|温度|气温|沸点|熔点", _HEAT),
    (r"how old|\bage of\b|几岁|多大年纪|年龄", _AGE),
    (
        r"how many times (?:as|more|less|fewer|(?!after|under|over|other|ever|never|per)[a-z]+er)\b|多少倍|几倍",
        r"times|-?fold|x|倍",
    ),
    (r"how many people|population|inhabitants|人口|多少人|人数", _PEOPLE),
    (r"percent|proportion|what share|比例|占比|百分之几|增长率|出生率|死亡率|失业率|增速", _SHARE),
    (r"\barea of\b|how large an area|面积", _AREA),
)
_CURRENCY = re.compile(r"[$€£¥￥]\s?\d")


def _measured(units: str) -> re.Pattern[str]:
    return re.compile(rf"\d(?:[\d.,]*\d)?[\s-]*(?:{_SCALE}[\s-]*)?(?:{units})(?![a-z])", re.IGNORECASE)


_MEASURES: Mapping[re.Pattern[str], re.Pattern[str]] = {
    re.compile(asked, re.IGNORECASE): _measured(units) for asked, units in _KINDS
}


def measure_of(question: str) -> re.Pattern[str] | None:
    """What a fitting quantity looks like, or None when any number may fit."""
    return next((shape for asked, shape in _MEASURES.items() if asked.search(question)), None)


_FREQUENCY = re.compile(
    r"\b(?:hourly|daily|weekly|monthly|yearly|nightly|every (?:\w+ )?(?:second|"
    r"minute|hour|day|week|month|year)s?|once|twice|per "
    r"(?:second|minute|hour|day|week|month|year))\b|每(?:隔|天|日|周|月|年|小时|分钟)",
    re.IGNORECASE,
)


def holds_measure(shape: re.Pattern[str], text: str) -> bool:
    """Whether a text holds such a quantity; sums of money may carry their sign in front."""
    if shape is _DURATION_SHAPE and _FREQUENCY.search(text):
        return True
    return bool(shape.search(text)) or (shape is _MONEY_SHAPE and bool(_CURRENCY.search(text)))


def names_unit(shape: re.Pattern[str], text: str) -> bool:
    """Whether a text names a unit of time and then its number: `number of seconds to wait (default: 900)`."""
    return shape is _DURATION_SHAPE and _TIME_UNIT.search(text) is not None


_TIME_UNIT = re.compile(
    r"\b(?:milli)?(?:seconds|minutes|hours|days|weeks|months|years)\b[^.,;\d]{1,40}\d|(?:毫?秒|分钟|小时|天)数?[^。，；\d]{1,15}\d"
)
_DURATION_SHAPE = next(shape for asked, shape in _MEASURES.items() if asked.search("how often"))
_MONEY_SHAPE = next(shape for asked, shape in _MEASURES.items() if asked.search("price"))
