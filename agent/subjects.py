"""Subjects: what `it` and `其` stand for, taken from the sentence before. Rules for English and Chinese.

Cautious: where the subject of the sentence before cannot be told by these rules, the claim stays as it is.
"""

import re

LONGEST_SUBJECT_WORDS = 8
"""A longer beginning is a clause, not a subject."""
LONGEST_SUBJECT_CHARS = 14
"""The same in Chinese characters."""

_VERB = (
    r"is|are|was|were|has|have|had|can|could|will|would|may|might|must|should|does|did|lies|stands|runs|opened|closed|"
    r"began|begins|became|covers|crosses|joins|holds|contains|measures|takes|costs|lets|offers|provides|supports|uses|"
    r"won|wrote|made|said|includes|rises|flows|serves|needs|requires|returns|means"
)
_SUBJECT = re.compile(
    rf"(?:(?:in|on|at|since|by|from|after|before|during)\b[^,]{{1,40}}, )?(?P<subject>[A-Z][^,;:.]*?) (?:{_VERB})\b"
)
_PRONOUN = re.compile(
    r"(?P<lead>(?:\w+ly, |however, |also, )?)(?P<pronoun>it|they|he|she|its|their|his|her)\b", re.IGNORECASE
)
_BEGINS_WITH_VERB = re.compile(rf"(?:{_VERB})\b")
_POSSESSIVE = frozenset({"its", "their", "his", "her"})
_NO_SUBJECT = re.compile(r"(?:it|they|he|she|this|that|these|those|there|here|i|we|you|its|their)\b", re.IGNORECASE)

_CHINESE_VERB = (
    "是|为|位于|坐落|地处|建于|建成|始建|成立|创立|创办|发源|全长|全高|高|长|宽|有|共有|设有|拥有|于|在|由|从|自|占地|面积|"
    "开放|开始|可以|可|需要|需|每|已|将|被|不|没|支持|提供|使用|包括|连接|流经|流入"
)
_CHINESE_SUBJECT = re.compile(rf"(?P<subject>[^，。；：！？\s]{{2,{LONGEST_SUBJECT_CHARS}}}?)(?={_CHINESE_VERB}|的|，)")
_CHINESE_PRONOUN = re.compile(
    r"(?P<pronoun>其|它们|它|他们|他|她|该\w{0,2}?(?=[桥河江山塔馆寺镇县市村路站])[桥河江山塔馆寺镇县市村路站])"
)
_CHINESE_NO_SUBJECT = re.compile(r"[其它他她该此这那我你]")


def subject_of(sentence: str) -> str:
    """What a sentence is about, as far as its beginning tells; empty when it does not."""
    english = _SUBJECT.match(sentence)
    if english:
        subject = english["subject"].strip()
        fits = len(subject.split()) <= LONGEST_SUBJECT_WORDS and not _NO_SUBJECT.match(subject)
        return subject if fits else ""
    chinese = _CHINESE_SUBJECT.match(sentence)
    if chinese and not _CHINESE_NO_SUBJECT.match(sentence):
        return chinese["subject"]
    return ""


def in_full(claim: str, subject: str) -> str:
    """The claim with the pronoun at its head replaced by what it stands for; unchanged where it has none."""
    if not subject:
        return claim
    english = _PRONOUN.match(claim)
    if english:
        ending = "’s" if english["pronoun"].lower() in _POSSESSIVE else ""
        return f"{english['lead']}{subject}{ending}{claim[english.end() :]}"
    chinese = _CHINESE_PRONOUN.match(claim)
    if chinese and not subject.isascii():
        owner = "的" if chinese["pronoun"] == "其" else ""
        return f"{subject}{owner}{claim[chinese.end() :]}"
    return claim


def with_subject(part: str, subject: str) -> str:
    """The later part of a sentence with the subject of the first, where it begins with a verb or is Chinese."""
    if not subject or not part:
        return part
    if not part[0].isascii():
        return part if part.startswith(subject) else subject + part
    return f"{subject} {part}" if _BEGINS_WITH_VERB.match(part) else in_full(part, subject)
