import pytest

from agent.verify import Evidence, Support, Verifier
from agent.verify.body import table_heads

PAGE = (
    "The Kestrel tower is 87 metres high. It was built in 1901 by the harbour board. "
    "Visitors may not climb it in winter.\n河口灯塔高 42 米，建于 1923 年。冬季不开放。"
)


def judge(claim: str, text: str = PAGE) -> Support:
    return Verifier([Evidence(number=1, url="http://a.example/", start=0, text=text)]).judge(claim)


@pytest.mark.parametrize(
    "claim",
    [
        "The Kestrel tower is 87 metres high.",
        "The tower was built in 1901.",
        "河口灯塔高 42 米。",
        "灯塔建于 1923 年。",
    ],
)
def test_what_the_page_says_is_supported(claim: str) -> None:
    assert judge(claim).verdict == "supported"


@pytest.mark.parametrize(
    "claim",
    ["The Kestrel tower is 97 metres high.", "The Kestrel tower was built in 1911.", "河口灯塔高 52 米。"],
)
def test_a_changed_number_is_never_supported(claim: str) -> None:
    support = judge(claim)
    assert support.verdict in ("contradicted", "unsupported")
    assert "number" in support.reason


@pytest.mark.parametrize(
    "claim", ["The bridge opened with a parade of ships.", "市长在桥上讲了话。", "The Osprey tower is 87 metres high."]
)
def test_what_the_page_does_not_say_is_not_supported(claim: str) -> None:
    assert judge(claim).verdict != "supported"


def test_a_negation_contradicts() -> None:
    assert judge("Visitors may climb it in winter.").verdict == "contradicted"


def test_the_window_slices_the_evidence() -> None:
    support = judge("The tower was built in 1901.")
    assert support.evidence is not None
    assert "1901" in support.evidence.text[support.start : support.end]


def test_only_the_named_sources_are_looked_at() -> None:
    verifier = Verifier(
        [
            Evidence(number=1, url="http://a.example/", start=0, text="Nothing of note."),
            Evidence(number=2, url="http://b.example/", start=0, text=PAGE),
        ]
    )
    claim = "The Kestrel tower is 87 metres high."
    assert verifier.judge(claim, {1}).verdict == "unsupported"
    assert verifier.judge(claim).verdict == "supported"


def test_the_title_alone_carries_no_claim() -> None:
    evidence = Evidence(number=1, url="u", start=0, text="See below.", title="The Kestrel tower is 87 metres high")
    assert Verifier([evidence]).judge("The Kestrel tower is 87 metres high.").verdict == "unsupported"


TABLE = "Ferries leave daily.\nOption | Default | Meaning\nropes | 4 | strands\nknots | 7 | turns"


def test_the_names_of_the_columns_belong_to_each_row_of_a_table() -> None:
    assert judge("Option: knots; Default: 7; Meaning: turns.", TABLE).verdict == "supported"
    assert judge("Option: knots; Default: 4; Meaning: turns.", TABLE).verdict != "supported"
    loose = TABLE.replace("Option | Default | Meaning\n", "")
    assert judge("Option: knots; Default: 7; Meaning: turns.", loose).verdict != "supported"


def test_a_table_is_lines_of_as_many_cells() -> None:
    assert table_heads("a | b\n1 | 2\n3 | 4\n\nx | y | z\n1 | 2 | 3") == [(6, 18, "a | b"), (29, 39, "x | y | z")]
    assert table_heads("a | b\n\nNo table.") == []
    assert table_heads(f"{'long ' * 9}| b\n1 | 2") == []
