"""Words of English, Chinese and mixed text, made comparable: case folded, width folded, stemmed, stop words out."""

import re
import unicodedata
from functools import lru_cache
from itertools import pairwise

import Stemmer

from tools.text.plain import found_in_plain, plain_words

CJK = "\u3005\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af"
"""Characters written without spaces: kana and Han (after width folding), the sign of repetition and the zero."""
FIRST_CJK = "\u3005"
"""Every character of `CJK` is at or above it: a cheap test before the exact one."""

_PIECE = re.compile(rf"[{CJK}]+|[^\W_{CJK}]+")
# What ranking cuts a text into: dotted letters (U.S., a.m.) and grouped or decimal numbers (1,024, 3.11.4) are whole.
_TERM = re.compile(rf"[{CJK}]+|\d+(?:[.,]\d+)+|(?<![\w.])(?:[A-Za-z]\.)+[A-Za-z](?![\w])|[^\W_{CJK}]+")
_HAS_CJK = re.compile(rf"[{CJK}]")
_GROUPED = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?")
# Blocks in which NFKC changes no letter and no digit. A text made of these only needs no normalising, which is nine
# tenths of the cost of folding a Chinese text (its full-width commas change under NFKC, but are no part of a word).
_UNSETTLED = re.compile(
    "[^\\x00-\\x7f\u00a0-\u00a7\u00a9\u00ab-\u00ae\u00b0\u00b1\u00b6\u00b7\u00bb\u00bf-\u0131\u0134-\u013e\u0141-\u0148\u014a-\u017e"
    "\u0400-\u0482\u2000-\u200a\u2010-\u2029\u2030-\u205e\u20ac\u2190-\u222b\u2500-\u25ff\u3000-\u3029\u3041-\u3096\u30a1-\u30fa\u30fc"
    "\u3400-\u4dbf\u4e00-\u9fff\uff01-\uff0d\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff64]"
)
_STEMMER = Stemmer.Stemmer("english", 20_000)
LANGUAGE_SAMPLE_CHARS = 20_000
"""How much of a text `is_chinese` looks at: enough to tell, and the same time for a page of any size."""

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
        "much",
        "many",
    ]
)
"""English words that carry no topic."""

CJK_STOP_CHARACTERS = frozenset(
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


def fold_words(text: str) -> str:
    """Folded as far as words go: the same words as in `fold(text)`, punctuation left as it is; 3 to 9 times cheaper."""
    return fold(text) if _UNSETTLED.search(text) else text.lower()


def is_chinese(text: str, *, share: float = 0.2) -> bool:
    """Whether at least `share` of the letters are Han or kana: the language to answer in."""
    if text.isascii() and share > 0:
        return False
    letters = "".join([c for c in text[:LANGUAGE_SAMPLE_CHARS] if c.isalpha()])
    if not letters:
        return False
    return len(_HAS_CJK.findall(letters)) >= share * len(letters)


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """Snowball English stem of a folded word, accents taken off Latin letters (`röntgen` meets `rontgen`).

    Other scripts come back unchanged.
    """
    if not word.isascii():
        plain = "".join(c for c in unicodedata.normalize("NFD", word) if not unicodedata.combining(c))
        if not plain.isascii():
            return word
        word = plain
    return str(_STEMMER.stemWord(word))


def words(text: str) -> list[str]:
    """Every word in order, folded, unstemmed, stop words kept; a Chinese run is one item a character."""
    if text.isascii():
        return plain_words(text.lower())
    found: list[str] = []
    for piece in _PIECE.findall(fold_words(text)):
        if is_cjk(piece):
            found.extend(piece)
        else:
            found.append(piece)
    return found


def terms(text: str, *, unigrams: bool = True) -> list[str]:
    """What ranking compares: stemmed English words without stop words, Chinese bigrams (and single characters).

    `unigrams=False` leaves single Chinese characters out of runs of two or more (half the index size, and within
    0.02 of the same hit rate). A number written with separators counts whole and by its parts (`3.11` is `3.11`, `3`
    and `11`; `1,024` is `1024`). Capitals that spell a stop word (US, IT, WHO) are names, not stop words, unless the
    whole text is in capitals. Order is text order; repeats are kept.
    """
    shouted = " " in text and text.isupper()
    found: list[str] = []
    for piece in pieces(text):
        found.extend(piece_terms(piece, unigrams=unigrams, shouted=shouted))
    return found


def settle(text: str) -> str:
    """NFKC where it matters to words; the text itself nearly always."""
    return unicodedata.normalize("NFKC", text) if _UNSETTLED.search(text) else text


def pieces(text: str) -> list[str]:
    """What `terms` is made of, in order and in the case of the text: words, numbers, runs of Chinese characters."""
    return found_in_plain(_TERM, text) if text.isascii() else _TERM.findall(settle(text))


def piece_terms(piece: str, *, unigrams: bool = True, shouted: bool = False) -> list[str]:
    """The terms of one piece; `shouted` tells that the whole text is in capitals."""
    if is_cjk(piece):
        return _chinese_terms(piece, unigrams=unigrams)
    folded = piece.lower()
    if "." in piece or "," in piece:
        return _joined_terms(folded)
    if folded not in STOP_WORDS or (len(piece) > 1 and not shouted and piece.isupper()):
        return [stem(folded)]
    return []


def is_cjk(word: str) -> bool:
    """Whether it begins with a Han character or kana."""
    return word[:1] >= FIRST_CJK and _HAS_CJK.match(word) is not None


def _joined_terms(piece: str) -> list[str]:
    if piece[0].isalpha():
        return [piece.replace(".", "")]
    if _GROUPED.fullmatch(piece):
        return [piece.replace(",", "")]
    return [piece, *re.split("[.,]", piece)]


def _chinese_terms(run: str, *, unigrams: bool) -> list[str]:
    if len(run) == 1:
        return [] if run in CJK_STOP_CHARACTERS else [run]
    pairs = [a + b for a, b in pairwise(run) if not (a in CJK_STOP_CHARACTERS and b in CJK_STOP_CHARACTERS)]
    singles = [c for c in run if c not in CJK_STOP_CHARACTERS] if unigrams else []
    return pairs + singles
