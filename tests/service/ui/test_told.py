"""Sentences of a run, recognised by what they say."""

import pytest

from service.ui.told import told


@pytest.mark.parametrize(
    ("text", "key", "values"),
    [
        ("the source says 42 metres, not 44 metres", "why_differs", {"there": "42 metres", "here": "44 metres"}),
        ("number 1902 is not in the source, which gives 1901", "why_gives", {"there": "1901", "here": "1902"}),
        ("number 7 is not in the source", "why_number", {"here": "7"}),
        ("the words of the claim are not in the source", "why_words", {}),
        ("Harrowick is not in the source", "why_name", {"here": "Harrowick"}),
        ("The site answered HTTP 404.", "page_status", {"status": "404"}),
        ("The answer breaks off: It was cut.", "note_cut", {"reason": "It was cut."}),
        ("The page did not arrive within 10 s.", "page_slow", {}),
        ("The page is 'image/png', not text.", "page_kind", {}),
        ("The page is drawn by JavaScript.", "page_script", {}),
        ("The PDF is locked or damaged.", "page_pdf", {}),
        ("The address may not be fetched: it is private.", "page_closed", {}),
        ("The server broke off its answer.", "page_unconnected", {}),
        ("1 web addresses, pictures or tags that belong to no page read were taken out.", "note_outward", {"n": "1"}),
        ("A sentence of a model's own.", "", {}),
    ],
)
def test_sentences_are_known_by_what_they_say(text: str, key: str, values: dict[str, str]) -> None:
    found = told(text)
    assert (found.text, found.key, found.values) == (text, key, values)
