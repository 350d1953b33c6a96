"""Words of English, Chinese and mixed text, made comparable: case folded, width folded, stemmed, stop words out."""

import re
import unicodedata
from functools import lru_cache
from itertools import pairwise

import Stemmer

CJK = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
"""Characters written without spaces: kana and Han (after width folding)."""

_PIECE = re.compile(rf"[{CJK}]+|[^\W_{CJK}]+")
_HAS_CJK = re.compile(rf"[{CJK}]")
_STEMMER = Stemmer.Stemmer("english", 20_000)

STOP_WORDS = frozenset(
    [
        "a",
        "an",
        "the",
        "this",
        "that",
        "these",
        "those",
        "it",
        "its",
        "is",
        "are",
        "was",
        "were",
        "be",
        "been",
        "being",
        "am",
        "do",
        "does",
        "did",
        "doing",
        "have",
        "has",
        "had",
        "having",
        "i",
        "me",
        "my",
        "we",
        "our",
        "us",
        "you",
        "your",
        "he",
        "him",
        "his",
        "she",
        "her",
        "they",
        "them",
        "their",
        "what",
        "which",
        "who",
        "whom",
        "whose",
        "when",
        "where",
        "why",
        "how",
        "of",
        "to",
        "in",
        "on",
        "at",
        "by",
        "for",
        "from",
        "with",
        "about",
        "as",
        "into",
        "than",
        "then",
        "so",
        "such",
        "there",
        "here",
        "if",
        "and",
        "or",
        "but",
        "not",
        "no",
        "nor",
        "can",
        "could",
        "will",
        "would",
        "shall",
        "should",
        "may",
        "might",
        "must",
        "one",
        "ones",
        "s",
        "t",
        "don",
        "just",
        "also",
        "very",
    ]
)
"""English words that carry no topic."""

_CJK_STOP = frozenset(
    [
        "的",
        "了",
        "是",
        "在",
        "和",
        "与",
        "或",
        "及",
        "也",
        "就",
        "都",
        "而",
        "把",
        "被",
        "对",
        "从",
        "到",
        "之",
        "其",
        "此",
        "该",
        "这",
        "那",
        "吗",
        "呢",
        "吧",
        "啊",
        "呀",
        "么",
        "个",
        "些",
        "我",
        "你",
        "他",
        "她",
        "它",
        "们",
        "有",
        "请",
        "什",
        "哪",
        "谁",
        "怎",
        "几",
        "多",
        "少",
        "何",
        "为",
        "如",
    ]
)
"""Chinese characters that carry no topic on their own; bigrams made only of them are dropped."""


def fold(text: str) -> str:
    """Case and width folded (NFKC): `ＡＢＣ１２` becomes `abc12`."""
    return unicodedata.normalize("NFKC", text).lower()


def is_chinese(text: str, *, share: float = 0.2) -> bool:
    """Whether at least `share` of the letters are Han or kana: the language to answer in."""
    letters = [c for c in text if c.isalpha()]
    if not letters:
        return False
    return len(_HAS_CJK.findall("".join(letters))) >= share * len(letters)


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """Snowball English stem of a folded word; other scripts come back unchanged."""
    return str(_STEMMER.stemWord(word)) if word.isascii() else word


def words(text: str) -> list[str]:
    """Every word in order, folded, unstemmed, stop words kept; a Chinese run is one item a character."""
    found: list[str] = []
    for piece in _PIECE.findall(fold(text)):
        if _HAS_CJK.match(piece):
            found.extend(piece)
        else:
            found.append(piece)
    return found


def terms(text: str, *, unigrams: bool = True) -> list[str]:
    """What ranking compares: stemmed English words without stop words, Chinese bigrams (and single characters).

    `unigrams=False` leaves single Chinese characters out of runs of two or more (half the index size, and within
    0.02 of the same hit rate). Order is text order; repeats are kept.
    """
    found: list[str] = []
    for piece in _PIECE.findall(fold(text)):
        if _HAS_CJK.match(piece):
            found.extend(_chinese_terms(piece, unigrams=unigrams))
        elif piece not in STOP_WORDS:
            found.append(stem(piece))
    return found


def _chinese_terms(run: str, *, unigrams: bool) -> list[str]:
    if len(run) == 1:
        return [] if run in _CJK_STOP else [run]
    pairs = [a + b for a, b in pairwise(run) if not (a in _CJK_STOP and b in _CJK_STOP)]
    singles = [c for c in run if c not in _CJK_STOP] if unigrams else []
    return pairs + singles
