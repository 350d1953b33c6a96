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
        ("A sentence of a model's own.", "", {}),
    ],
)
def test_sentences_are_known_by_what_they_say(text: str, key: str, values: dict[str, str]) -> None:
    found = told(text)
    assert (found.text, found.key, found.values) == (text, key, values)
