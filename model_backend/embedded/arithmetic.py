"""Arithmetic in plain words: `what is 15% of 240?`, `12乘以7等于多少`. Finds the expression, evaluates it safely."""

import ast
import math
import operator
import re
from collections.abc import Callable
from decimal import Decimal, InvalidOperation, localcontext

MAX_EXPRESSION_CHARS = 200
"""A longer text is no sum one would ask for."""
MAX_EXPONENT = 1_000
"""Larger powers fill memory before they fill a need."""
DIGITS = 28
"""Significant digits of a result: decimal's own default, enough that 0.1 + 0.2 is 0.3."""
MAX_SHOWN_DIGITS = 40
"""Integers up to this long are shown in full."""

_WORDS: tuple[tuple[str, str], ...] = (
    (r"\bplus\b|加上|加", "+"),
    (r"\bminus\b|减去|减", "-"),
    (r"\b(?:times|multiplied by)\b|乘以|乘上|乘|×|✕|·", "*"),
    (r"\bdivided by\b|\bover\b|除以|÷", "/"),
    (r"(?<=\d)\s*的\s*(\d+)\s*次(?:方|幂)", r"**\1"),
    (r"\bto the (\d+)(?:st|nd|rd|th)(?: power)?\b", r"**\1"),
    (r"\bto the power of\b|\braised to(?: the)?(?: power(?: of)?)?\b|的?\s*\^|\^", "**"),
    (r"\b(?:modulo|mod)\b|取余|取模", "%%"),
    (r"\bsquared\b|的平方(?!根)", "**2"),
    (r"\bcubed\b|的立方(?!根)", "**3"),
    (r"[（]", "("),
    (r"[）]", ")"),
    (r"[−–]", "-"),
)
_FRAME = re.compile(
    r"^(?:(?:can|could|would|will) you(?: please)?|"
    r"what(?:'s| is| does| are)|how much is|how much does|calculate|compute|evaluate|"
    r"solve|work out|tell me|result of|value of|the (?:result|value|sum) of|"
    r"equals?|请问|请|帮我|计算一下|计算|算一下|算算|算|求|一下|告诉我|equal(?: to)?)\s*[:：,，]?\s*|"
    r"\s*(?:等于多少|等于几|等于|是多少|是几|得多少|得几|结果是多少|的结果|的值|equals? what|equals?|equal to|"
    r"make|is what|for me|=\s*[?？]?|[?？。.]|(?<!\d)[!！]|please|呢|啊|吧|一下)\s*$",
    re.IGNORECASE,
)
_N = r"(-?\d+(?:\.\d+)?)"
_TOLD: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), sum_)
    for pattern, sum_ in (
        (rf"\b(?:the )?sum of {_N} and {_N}", r"\1 + \2"),
        (rf"\b(?:the )?product of {_N} and {_N}", r"\1 * \2"),
        (rf"\b(?:the )?difference (?:between|of) {_N} and {_N}", r"\1 - \2"),
        (rf"\badd {_N} (?:and|to|with) {_N}", r"\1 + \2"),
        (rf"\bmultiply {_N} (?:by|and|with) {_N}", r"\1 * \2"),
        (rf"\bsubtract {_N} from {_N}", r"\2 - \1"),
        (rf"\bdivide {_N} by {_N}", r"\1 / \2"),
        (rf"{_N}\s*% off (?:of )?{_N}", r"\2 - \1%"),
    )
)
"""Sums told as something to do, and what they are."""
_CHANGE = re.compile(r"(\d+(?:\.\d+)?)\s*([+-])\s*(\d+(?:\.\d+)?)\s*%\s*$")
_PERCENT_OF = re.compile(r"(\d+(?:\.\d+)?)\s*%\s*(?:of|的)\s*(\d+(?:\.\d+)?)", re.IGNORECASE)
_OF_PERCENT = re.compile(r"(\d+(?:\.\d+)?)\s*的\s*(?:百分之\s*(\d+(?:\.\d+)?)|(\d+(?:\.\d+)?)\s*%)")
_ROOT = re.compile(
    r"(?:the\s+)?square root of\s*(\d+(?:\.\d+)?)|sqrt\s*\(?\s*(\d+(?:\.\d+)?)\s*\)?|"
    r"√\s*(\d+(?:\.\d+)?)|(\d+(?:\.\d+)?)\s*的?(?:平方根|开平方)",
    re.IGNORECASE,
)
_CUBE_ROOT = re.compile(r"(?:the\s+)?cube root of\s*(\d+(?:\.\d+)?)|(\d+(?:\.\d+)?)\s*的?立方根", re.IGNORECASE)
_EXPRESSION = re.compile(r"[\d.()+\-*/%\s]+")
_OPERATOR = re.compile(r"\d[\s)%]*(?:[+\-*/%])|\*\*")
_FACTORIAL = re.compile(r"(?<![\d.])(\d{1,2})\s*(?:!(?!=)|factorial\b|的阶乘)", re.IGNORECASE)
_DATE_LIKE = re.compile(r"\d{1,4}([-/.])\d{1,2}\1\d{1,4}|\d{4}-\d{2}")
_SMALL = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
)
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
_ENGLISH = {word: n for n, word in enumerate(_SMALL.split())} | {w: 20 + 10 * n for n, w in enumerate(_TENS.split())}
_ENGLISH_SCALES = {"thousand": 1_000, "million": 1_000_000}
_ENGLISH_WORD = "|".join([*_ENGLISH, "hundred", *_ENGLISH_SCALES])
_ENGLISH_RUN = re.compile(rf"\b(?:{'|'.join(_ENGLISH)})\b(?:(?:[\s-]+and)?[\s-]+(?:{_ENGLISH_WORD})\b)*", re.IGNORECASE)
_CHINESE_DIGITS = {character: n for n, character in enumerate("零一二三四五六七八九")} | {"两": 2}
_CHINESE_SCALES = {"十": 10, "百": 100, "千": 1_000}
_CHINESE_RUN = re.compile(r"(?<![第万下算])[零一二两三四五六七八九十百千万]+(?![下起些半])")
_FAMOUS = frozenset(["9/11", "7/7", "1/6", "4/20", "24/7", "20/20", "50/50", "80/20"])
"""Names that look like sums; they are asked for as names."""
GROUPED = re.compile(r"(?<=\d),(?=\d{3}(?:\D|$))")

_BINARY: dict[type[ast.operator], Callable[[Decimal, Decimal], Decimal]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
}


def calculation(text: str) -> tuple[str, str] | None:
    """(expression as written, result) when the whole text asks for a sum, otherwise None.

    A sum that has no value, or none that can be worked out, has the result ``""``.
    """
    if len(text) > MAX_EXPRESSION_CHARS:
        return None
    bare, framed = _bare(_as_signs(with_digits(text)))
    root = _ROOT.fullmatch(bare)
    if root:
        number = next(group for group in root.groups() if group)
        return f"√{number}", shown(Decimal(number).sqrt())
    cube = _CUBE_ROOT.fullmatch(bare)
    if cube:
        number = cube[1] or cube[2]
        return f"∛{number}", shown(Decimal(number) ** (Decimal(1) / 3))
    expression = _to_expression(bare)
    if expression is None or (not framed and _DATE_LIKE.fullmatch(bare.strip())) or _is_famous(bare):
        return None
    try:
        return _pretty(bare), shown(evaluate(expression))
    except SyntaxError:
        # Brackets that do not match are a slip; anything else (`10.0.0.1/8`) is no sum.
        return (_pretty(bare), "") if bare.count("(") != bare.count(")") else None
    except (ArithmeticError, ValueError, RecursionError, MemoryError):
        return _pretty(bare), ""


def _as_signs(text: str) -> str:
    for pattern, sum_ in _TOLD:
        text = pattern.sub(sum_, text)
    return text


def with_digits(text: str) -> str:
    """Number words as digits: `twenty-four` is 24, `三百零五` is 305."""
    english = _ENGLISH_RUN.sub(lambda m: str(_english_number(m.group())), text)
    return _CHINESE_RUN.sub(lambda m: str(_chinese_number(m.group())), english)


def _english_number(words: str) -> int:
    total = part = 0
    for word in re.findall(r"[a-z]+", words.lower()):
        if word == "hundred":
            part = max(part, 1) * 100
        elif word in _ENGLISH_SCALES:
            total, part = total + max(part, 1) * _ENGLISH_SCALES[word], 0
        elif word != "and":
            part += _ENGLISH[word]
    return total + part


def _chinese_number(characters: str) -> int:
    total = section = digit = 0
    for character in characters:
        if character in _CHINESE_DIGITS:
            digit = _CHINESE_DIGITS[character]
        elif character in _CHINESE_SCALES:
            section += (digit or 1) * _CHINESE_SCALES[character]
            digit = 0
        else:
            total, section, digit = (total + section + digit) * 10_000, 0, 0
    return total + section + digit


def _bare(text: str) -> tuple[str, bool]:
    bare, framed = text.strip(), False
    while True:
        shorter = _FRAME.sub("", bare, count=1).strip()
        if shorter == bare:
            return bare, framed
        framed = framed or bool(re.match(r"(?:calculate|compute|evaluate|work out|计算|算|求)", bare, re.IGNORECASE))
        bare = shorter


def _is_famous(bare: str) -> bool:
    return bare.replace(" ", "") in _FAMOUS


def _to_expression(bare: str) -> str | None:
    text = re.sub(r"\bpercent\b|％", "%", GROUPED.sub("", bare), flags=re.IGNORECASE)
    text = re.sub(r"(\d+\s*/\s*\d+)\s+of\s+", r"(\1)*", text, flags=re.IGNORECASE)
    text = re.sub(r"(\d+)\s*的一半", r"\1*0.5", text)
    text = re.sub(r"\b(?:a |one )?half of\b", "0.5*", text, flags=re.IGNORECASE)
    text = re.sub(r"\b(?:twice|double)\b", "2*", text, flags=re.IGNORECASE)
    text = _FACTORIAL.sub(lambda m: f"(0+{math.factorial(int(m[1]))})", text)
    text = _OF_PERCENT.sub(lambda m: f"({m[1]}*{m[2] or m[3]}/100)", text)
    text = _PERCENT_OF.sub(r"(\1/100*\2)", text)
    for pattern, sign in _WORDS:
        text = re.sub(pattern, sign, text, flags=re.IGNORECASE)
    text = re.sub(r"(?<=[\d)])\s*[xX]\s*(?=[\d(])", "*", text)
    # `100 - 20%` takes twenty per cent of the hundred away, as every pocket calculator does.
    text = _CHANGE.sub(r"\1*(1\2\3/100)", text)
    if "%%" not in text:
        text = re.sub(r"(\d+(?:\.\d+)?)%(?!\s*\d)", r"(\1/100)", text)
    text = text.replace("%%", "%").strip()
    if not _EXPRESSION.fullmatch(text) or not (_OPERATOR.search(text) or "/100" in text):
        return None
    return text


def evaluate(expression: str) -> Decimal:
    """The value of an expression of numbers, `+ - * / // % **` and brackets.

    Raises:
        ValueError: when it holds anything else, or a power that is too large.
        ArithmeticError: on division by zero.
    """
    tree = ast.parse(expression.strip(), mode="eval")
    with localcontext() as context:
        context.prec = max(DIGITS, MAX_SHOWN_DIGITS + 2)
        return _value(tree.body)


def _value(node: ast.expr) -> Decimal:
    if isinstance(node, ast.Constant) and isinstance(node.value, int | float):
        return Decimal(str(node.value))
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub | ast.UAdd):
        value = _value(node.operand)
        return -value if isinstance(node.op, ast.USub) else value
    if isinstance(node, ast.BinOp):
        left, right = _value(node.left), _value(node.right)
        if isinstance(node.op, ast.Pow):
            if abs(right) > MAX_EXPONENT:
                raise ValueError("The exponent is too large.")
            return left**right
        sign = _BINARY.get(type(node.op))
        if sign is not None:
            return sign(left, right)
    raise ValueError("Not a sum.")


def shown(value: Decimal) -> str:
    """A number as people write it: no trailing zeros, thousands grouped, ten decimals at most."""
    if not value.is_finite():
        raise InvalidOperation
    if value == value.to_integral_value():
        whole = int(value)
        return f"{whole:,}" if len(str(abs(whole))) <= MAX_SHOWN_DIGITS else f"{value:.10E}"
    rounded = round(value, 10) if abs(value) >= 1 else round(value, 12)
    if rounded == 0:
        return f"{value:.6E}"
    text = f"{rounded:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _pretty(bare: str) -> str:
    return re.sub(r"\s+", " ", bare)
