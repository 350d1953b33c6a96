from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.clean.charsets import codec_of
from tools.clean.decode import decode

TEXTS = {
    "zh": "北方海角的灯塔建于一八七一年，四个冬天才建成。灯塔管理员每天傍晚爬上一百四十二级台阶，点亮灯火。",
    "tw": "北方海角的燈塔建於一八七一年，四個冬天才建成。燈塔管理員每天傍晚爬上一百四十二級臺階，點亮燈火。",
    "ja": "北の岬の灯台は一八七一年に建てられました。灯台守は毎日夕方に百四十二段の階段を上り、明かりをともす。",
    "ru": "Маяк на северном мысе был зажжён в первый раз зимой, после четырёх лет строительства.",
    "fr": "Le phare du cap fut allumé pour la première fois après quatre hivers; l’été, la lampe à huile brûlait déjà.",
}
CASES = [
    *(("zh", codec) for codec in ("gbk", "gb18030", "utf-8", "utf-16", "utf-16-le", "utf-16-be")),
    *(("tw", codec) for codec in ("big5", "gbk")),
    *(("ja", codec) for codec in ("shift_jis", "euc_jp", "iso2022_jp")),
    *(("ru", codec) for codec in ("cp1251", "koi8_r")),
    ("fr", "cp1252"),
]
WRONG_HEADERS = ["utf-8", "ISO-8859-1", "gb2312", "utf-7", "hex"]
LABELS = {
    "shift_jis": "Shift_JIS",
    "euc_jp": "EUC-JP",
    "iso2022_jp": "ISO-2022-JP",
    "koi8_r": "KOI8-R",
    "cp1252": "Latin1",
}


def page(text: str, meta: str) -> str:
    declared = f'<meta http-equiv="Content-Type" content="text/html; charset={meta}">' if meta else ""
    return f"<html><head>{declared}<title>x</title></head><body><p>{text}</p></body></html>"


@pytest.mark.parametrize(("language", "codec"), CASES)
def test_text_is_read_right_whatever_the_labels_say(language: str, codec: str) -> None:
    own = LABELS.get(codec, codec)
    for meta, header in product(["", own, "iso-8859-1", "utf-8", "gb2312", "hex"], [None, own, *WRONG_HEADERS]):
        html = page(TEXTS[language], meta)
        content_type = None if header is None else f"text/html; charset={header}"
        if codec != "cp1252":
            assert decode(html.encode(codec), content_type) == html, (meta, header)
        elif "gb2312" not in (meta, header):  # Western text carries no sign of its charset.
            assert TEXTS["fr"] in decode(html.encode(codec), content_type), (meta, header)


def test_a_byte_order_mark_goes_before_every_label() -> None:
    body = b"\xef\xbb\xbf" + TEXTS["zh"].encode()
    assert decode(body, "text/plain; charset=gbk") == TEXTS["zh"]


def test_a_character_torn_by_a_size_limit_does_not_spoil_the_rest() -> None:
    assert decode(TEXTS["zh"].encode()[:-1], "text/html; charset=gbk").startswith(TEXTS["zh"][:-1])


def test_a_broken_byte_in_utf_8_stays_one_hole() -> None:
    body = (TEXTS["zh"] * 3).encode() + b"\xff " + TEXTS["zh"].encode()
    assert decode(body, None) == TEXTS["zh"] * 3 + "\ufffd " + TEXTS["zh"]


@pytest.mark.parametrize("label", ["utf-7", "hex", "rot13", "unicode_escape", "idna", "zip", "", "punycode"])
def test_labels_that_are_no_charset_of_pages_are_not_followed(label: str) -> None:
    assert codec_of(label) == ""


@given(
    st.binary(max_size=400),
    st.sampled_from([None, "text/html", "text/html; charset=big5", "text/html; charset=utf-16"]),
)
def test_no_bytes_make_decoding_fail(body: bytes, content_type: str | None) -> None:
    assert isinstance(decode(body, content_type), str)


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\x1b\ufeff"), min_size=1))
def test_utf_8_is_always_read_as_itself(text: str) -> None:
    assert decode(text.encode(), "text/html; charset=gbk") == text


def test_a_few_bytes_of_an_unnamed_charset_leave_no_holes() -> None:
    page = "<p>Latarnia została zapalona zimą 1871 roku.</p>".encode("cp1250")
    assert "\ufffd" not in decode(page, "text/html; charset=utf-8")
