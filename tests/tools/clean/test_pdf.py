import pytest

from tools.clean import Cleaned, clean
from tools.errors import CleanError

pytest.importorskip("pypdfium2", reason="PDFs are read with pypdfium2")

WORDS = [
    "The lighthouse on the northern cape was lit for the first time in the",
    "winter of 1871, after four years of build-",
    "ing. Its lamp burned oil.",
    "Since 1986 nobody has lived in the tower; a sensor on the mainland reports",
    "when the bulb has failed.",
]


def pdf(pages: list[list[str]], info: str = "") -> bytes:
    """A small PDF: each page's lines from top to bottom in one font."""
    kids = " ".join(f"{4 + 2 * number} 0 R" for number in range(len(pages)))
    objects = [
        "<</Type/Catalog/Pages 2 0 R>>",
        f"<</Type/Pages/Count {len(pages)}/Kids[{kids}]>>",
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]
    for number, lines in enumerate(pages):
        shown = " T* ".join(f"({line}) Tj" for line in lines)
        stream = f"BT /F1 12 Tf 14 TL 72 720 Td {shown} ET"
        objects += [
            f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents {5 + 2 * number} 0 R"
            "/Resources<</Font<</F1 3 0 R>>>>>>",
            f"<</Length {len(stream)}>>stream\n{stream}\nendstream",
        ]
    objects.append(f"<<{info}>>")
    body = "%PDF-1.4\n"
    offsets = []
    for number, content in enumerate(objects, start=1):
        offsets.append(len(body))
        body += f"{number} 0 obj{content}endobj\n"
    table = "".join(f"{offset:010d} 00000 n \n" for offset in offsets)
    tail = f"trailer<</Root 1 0 R/Size {len(objects) + 1}/Info {len(objects)} 0 R>>startxref\n{len(body)}\n%%EOF"
    return f"{body}xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}{tail}".encode("latin-1")


def read(body: bytes) -> Cleaned:
    return clean(body, content_type="application/pdf", url="http://harbour.example/light.pdf")


def test_lines_are_joined_to_paragraphs_and_hyphens_undone() -> None:
    text = read(pdf([WORDS])).text
    assert (
        "was lit for the first time in the winter of 1871, after four years of building. Its lamp burned oil." in text
    )
    assert "a sensor on the mainland reports when the bulb has failed." in text


def test_running_heads_and_page_numbers_are_left_out() -> None:
    pages = [
        ["Chapter 3: Lights", *WORDS[:3], f"Unlike page {number}, this one is new.", str(number)]
        for number in range(1, 7)
    ]
    text = read(pdf(pages)).text
    assert "Chapter 3" not in text
    assert all(f"Unlike page {number}" in text for number in range(1, 7))
    assert "\n\n4\n\n" not in text


def test_title_author_and_date_come_from_the_document() -> None:
    cleaned = read(pdf([WORDS], info="/Title(The light)/Author(Ada Brink)/CreationDate(D:20240305101112Z)"))
    assert (cleaned.title, cleaned.author, cleaned.published) == ("The light", "Ada Brink", "2024-03-05")
    assert cleaned.language == "en"


def test_a_long_document_says_how_much_was_read() -> None:
    assert (
        read(pdf([[f"Page {number} has words."] for number in range(90)])).note
        == "Only the first 80 of 90 pages were read."
    )


@pytest.mark.parametrize("body", [b"%PDF-1.4", pdf([WORDS])[:300], b"%PDF-1.7\n" + b"\xff" * 500, pdf([[]])])
def test_a_damaged_or_wordless_document_is_refused(body: bytes) -> None:
    with pytest.raises(CleanError):
        read(body)
