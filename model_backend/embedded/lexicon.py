"""Words that carry little topic, and words that say nearly the same.

The lists help where a question and a page use different ordinary words; names and identifiers are never bridged.
"""

from collections.abc import Mapping
from functools import cache

from model_backend.embedded.chinese_synonyms import CHINESE_SYNONYMS
from model_backend.embedded.synonyms import SYNONYMS
from tools.text.glossary import WORDS
from tools.text.words import fold, stem, terms

SYNONYM_WEIGHT = 0.75
"""A synonym is nearly the word; a page that uses the word itself still wins."""
TRANSLATION_WEIGHT = 0.8
"""The glossary's words are technical terms, which translate almost one to one."""

_GENERIC = (
    "command option flag file function name number value kind type way thing use used using user make work get give "
    "mean does happen need want can find tell show know exactly called call many much long large big main current "
    "currently following different same new first last come go take put set run list available available possible "
    "information question answer example case part time year default system provide support allow between per total "
    "want need put keep leave let start begin own my myself something everything anything other another instead again "
    "still already always ever never even only both well good best right new newer old modern usual usually normal "
    "automatically second two three several few lot far long soon these days today now way ways possible able really "
    "actually someone somebody people refuse stand lie hand pick choose become turn bring hold come whole straight "
    "read next everywhere wherever without within inside out off up down over around against else under until since "
    "during among beyond along across onto upon via while whether though think believe wonder please help try look "
    "seem suppose just simply properly anyway"
)
_GENERIC_CHINESE = (
    "命令 选项 文件 名称 数量 方法 作用 用途 功能 内容 情况 问题 "
    "时间 系统 支持 提供 使用 默认 哪个 目前 现在 具体 包括 主要 "
    "日期 地点 名字 人数 多少 数字 "
    "东西 自己 大家 别人 里面 上面 看看 出来 起来 打算 一点 这样 那样 比较 还是 或者 然后 而且 因为 所以 但是 可是 "
    "就是 不是 没有 一些 任何 每个 其实 只有 有关 相关 方便 办法 意思 知道 希望 得到 通常 一般 经常 一共 总共 非常 "
    "特别 最好 必须 能够 容易 另外 叫做 装上 用到 会被 不会 不能 能不"
)

GENERIC_WORDS: frozenset[str] = frozenset(stem(word) for word in _GENERIC.split()) | frozenset(_GENERIC_CHINESE.split())
"""Terms (stemmed) that say what kind of thing is asked, seldom which one."""


_MADE = frozenset(map(stem, ["wrote", "written", "created", "made", "developed", "designed", "invented", "founded"]))
_MAKERS = {stem(word): SYNONYM_WEIGHT for word in ("author", "creator", "developer", "designer", "inventor", "founder")}
"""Who made a thing is told by what they are called."""


def related_terms(term: str, *, person: bool = False) -> Mapping[str, float]:
    """Terms that say nearly the same, with how near (0 to 1); in a question for a `person`, who does it, too."""
    near = _table().get(term, {})
    return {**near, **_MAKERS} if person and term in _MADE else near


def is_ordinary(term: str) -> bool:
    """Whether it is a word of the lists: that no page holds it says little."""
    return term in GENERIC_WORDS or term in _table()


@cache
def _table() -> Mapping[str, Mapping[str, float]]:
    table: dict[str, dict[str, float]] = {}
    for line in SYNONYMS:
        group = {stem(fold(word)) for word in line.split()}
        for word in group:
            _join(table, word, group - {word}, SYNONYM_WEIGHT)
    for line in CHINESE_SYNONYMS:
        words = set(line.split())
        for word in words:
            _join(table, word, words - {word}, SYNONYM_WEIGHT)
    for chinese, english in WORDS.items():
        pairs = terms(chinese, unigrams=False)
        foreign = {term for word in english for term in terms(word)}
        for pair in pairs:
            _join(table, pair, foreign, TRANSLATION_WEIGHT)
        for word in foreign:
            _join(table, word, set(pairs), TRANSLATION_WEIGHT)
    return table


def _join(table: dict[str, dict[str, float]], word: str, others: set[str], weight: float) -> None:
    near = table.setdefault(word, {})
    for other in others:
        near[other] = max(near.get(other, 0.0), weight)
