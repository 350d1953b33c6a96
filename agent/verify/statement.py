"""What a claim states, without the words that only say where it stands."""

import re

_LIST_SIGN = re.compile(r"(?:[-*•·–]|\(?\d{1,2}[.)、])\s+(?=\S)")
_ACCORDING = re.compile(
    r"(?:according to|as (?:stated|noted|reported) (?:in|by|on)|based on) (?:the |this |these |its |our )?"
    r"(?:provided |official |given |first |second |third |cited |same )?"
    r"(?:pages?|sources?|articles?|websites?|sites?|documents?|documentation|guides?|reports?|results?|passages?|text)\b"
    r"[^,.]{0,30}, ",
    re.IGNORECASE,
)
_SAYS = re.compile(
    r"(?:the |this |one |another )?(?:page|source|article|website|document|documentation|guide|passage|text) "
    r"(?:says|states|notes|reports|mentions|explains|adds|also says|also states) that ",
    re.IGNORECASE,
)
_CONNECTIVE = re.compile(
    r"(?:in addition|additionally|furthermore|moreover|also|however|therefore|overall|in summary|in conclusion|"
    r"for example|for instance|in fact|specifically|note that|and|but|so), ",
    re.IGNORECASE,
)
_CHINESE = re.compile(
    r"(?:根据|依据|据|按照?)(?:该|此|这个|这些|以上|上述|官方)?(?:网页|网站|页面|来源|文章|资料|文档|报道|介绍|官网|公告|记载)"
    r"[^，。]{0,8}?，|(?:网页|页面|资料|文章|来源|文档)(?:中|里|上)?(?:还)?(?:说|指出|提到|介绍|显示|写道)[，：]?|"
    r"(?:此外|另外|同时|因此|所以|总之|综上所述|例如|比如|其中|不过|但是|而且)，"
)


def statement_of(claim: str) -> str:
    """The claim without its list sign and lead-in (`According to the page, …`, `据网页介绍，…`, `However, …`)."""
    text = claim.strip()
    for pattern in (_LIST_SIGN, _CONNECTIVE, _ACCORDING, _SAYS, _CHINESE):
        match = pattern.match(text)
        if match and match.end() < len(text):
            text = text[match.end() :]
    return text
