"""What the embedded model says in its own words."""

import pytest

from model_backend.embedded.wording import is_abstention, not_found
from tools.text.sentences import sentence_spans


@pytest.mark.parametrize(
    ("question", "language"),
    [
        ("What is Kestrel? And why is it blue?", "en"),
        ("Kestrel is blue. Why!", "en"),
        ("What changed in version 3.11 of it?", "en"),
        ("蓝坪县有多大？人口多少；为什么？", "zh"),
    ],
)
@pytest.mark.parametrize("read", [True, False])
def test_an_abstention_is_one_sentence_whatever_was_asked(question: str, language: str, read: bool) -> None:
    told = not_found(question, language, read=read)
    assert is_abstention(told)
    assert len(list(sentence_spans(told))) == 1
