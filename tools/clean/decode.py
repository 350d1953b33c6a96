"""Bytes -> str in our own order; nothing outside an allow-list is believed.

Order: byte order mark; UTF-16 by its NULs; UTF-8 when every byte fits; the header; the page's own `<meta>` or XML
declaration; detection. What is declared counts only when the bytes look like it, since pages lie: Latin-1 said and
GBK sent, gb2312 said and Big5 sent.
"""

import codecs
import re

from resiliparse.parse.encoding import detect_encoding

from tools.clean.charsets import MULTIBYTE, UTF_16, codec_of, plausibility

HEAD_BYTES = 4_096
"""Where a `<meta charset>` is looked for (browsers look at 1,024; pages with long heads put it later)."""
SAMPLE_BYTES = 16_384
PLAUSIBLE = 0.85
"""Real pages reach 0.93 and more in their own charset, wrong ones stay below 0.75."""
WEAKLY_PLAUSIBLE = 0.4
"""Enough for a charset the page or detection names, when none is plausible: names and poems full of rare characters."""
MAX_BAD_SHARE = 0.002
"""Holes and control codes a single-byte charset may leave."""
NUL_SHARE = 0.02
"""Of the head's bytes, all on one side: no other text has any. A Chinese page in UTF-16 has its tags for ASCII only."""

_HEADER = re.compile(r"charset\s*=\s*[\"']?([\w.:-]{1,40})", re.IGNORECASE)
_META = re.compile(rb"<meta[^>]{0,400}?charset\s*=\s*[\"']?\s*([\w.:-]{1,40})", re.IGNORECASE)
_XML = re.compile(rb"^\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([\w.:-]{1,40})", re.IGNORECASE)
_NOT_ASCII = re.compile(rb"[\x80-\xff]")
_ODD = re.compile("[\ufffd\x80-\x9f]")
_FAR_FROM_LATIN = frozenset(
    [
        "cp1251",
        "cp1253",
        "cp1255",
        "cp1256",
        "koi8_r",
        "koi8_u",
        "iso8859_5",
        "iso8859_6",
        "iso8859_7",
        "iso8859_8",
        "cp874",
    ]
)
_MARKS = (
    (codecs.BOM_UTF8, "utf_8"),
    (codecs.BOM_UTF32_LE, "utf_32_le"),
    (codecs.BOM_UTF32_BE, "utf_32_be"),
    (codecs.BOM_UTF16_LE, "utf_16_le"),
    (codecs.BOM_UTF16_BE, "utf_16_be"),
)


def decode(body: bytes, content_type: str | None) -> str:
    """Decode a body; never fails: what fits no charset becomes U+FFFD."""
    for mark, codec in _MARKS:
        if body.startswith(mark):
            return body[len(mark) :].decode(codec, "replace")
    head = body[:HEAD_BYTES]
    even, odd = head[::2].count(0), head[1::2].count(0)
    if max(even, odd) > NUL_SHARE * len(head) and min(even, odd) * 10 <= max(even, odd):
        return body.decode("utf_16_le" if odd > even else "utf_16_be", "replace")
    if b"\x1b$" in head:  # The only 7-bit charset still met; valid UTF-8 all of it.
        return body.decode("iso2022_jp", "replace")
    text = _utf_8(body)
    return text if text is not None else body.decode(_legacy_codec(body, content_type), "replace")


def _utf_8(body: bytes) -> str | None:
    """Strict, except that a size limit may have torn the last character."""
    try:
        return codecs.getincrementaldecoder("utf_8")().decode(body)
    except UnicodeDecodeError:
        return None


def _legacy_codec(body: bytes, content_type: str | None) -> str:
    sample = _sample(body)
    declared = [codec for codec in map(codec_of, _labels(body, content_type)) if codec not in ("", "utf_8", *UTF_16)]
    detected = codec_of(detect_encoding(body) or "")
    named = [*declared, detected]
    scores = {codec: plausibility(sample, codec) for codec in MULTIBYTE}
    for codec in (*named, max(MULTIBYTE, key=lambda codec: scores[codec])):
        if scores.get(codec, 0.0) >= PLAUSIBLE:
            return codec
    for codec in named:
        if scores.get(codec, 0.0) >= WEAKLY_PLAUSIBLE:
            return codec
    if detected in _FAR_FROM_LATIN:  # Latin-1 is what servers say when nobody told them.
        named = [detected, *named]
    for codec in named:
        if codec and codec not in MULTIBYTE and codec != "utf_8" and _fits(sample, codec):
            return codec
    return _mostly_utf_8(sample) or next((codec for codec in named if codec not in ("", "utf_8")), "cp1252")


def _mostly_utf_8(sample: bytes) -> str:
    """UTF-8 with a few broken bytes: an encoder's slip or a comment pasted from elsewhere."""
    holes = sample.decode("utf_8", "replace").count("\ufffd")
    return "utf_8" if holes * 10 <= len(_NOT_ASCII.findall(sample)) else ""


def _labels(body: bytes, content_type: str | None) -> list[str]:
    header = _HEADER.search(content_type or "")
    head = body[:HEAD_BYTES]
    own = _META.search(head) or _XML.match(head)
    return [header[1] if header else "", own[1].decode("ascii", "replace") if own else ""]


def _sample(body: bytes) -> bytes:
    """From the first byte that is not ASCII on: that is where charsets differ."""
    match = _NOT_ASCII.search(body)
    start = match.start() if match else 0
    return body[start : start + SAMPLE_BYTES]


def _fits(sample: bytes, codec: str) -> bool:
    """Whether nearly all of a sample becomes characters rather than holes or control codes."""
    text = sample.decode(codec, "replace")
    return len(_ODD.findall(text)) <= MAX_BAD_SHARE * len(text) + 1
