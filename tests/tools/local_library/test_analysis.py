from hypothesis import given
from hypothesis import strategies as st

from tools.local_library.analysis import compounds, index_terms, likeness, sketch

WORDS = st.lists(st.sampled_from([f"w{n}" for n in range(50)]), max_size=200)


def test_an_identifier_is_one_term_beside_its_parts() -> None:
    assert "sqlite3_open_v2" in index_terms("call sqlite3_open_v2() first")
    assert "etc_fstab" in compounds("see /etc/fstab.")
    assert compounds("git-rebase and git_rebase") == ["git_rebase", "git_rebase"]


def test_dates_and_numbers_are_no_identifiers() -> None:
    assert compounds("on 2024-01-05 at 3.11") == []


@given(st.text(max_size=300))
def test_no_term_holds_white_space(text: str) -> None:
    assert all(term and not any(c.isspace() for c in term) for term in index_terms(text))


@given(WORDS)
def test_a_page_of_three_words_or_more_is_its_own_copy(words: list[str]) -> None:
    assert likeness(sketch(words), sketch(words)) == (1.0 if len(words) >= 3 else 0.0)


def test_likeness_parts_copies_from_strangers() -> None:
    page = [f"w{n % 97}x{n % 13}" for n in range(600)]
    edited = [*page[:300], "new", *page[300:]]
    other = [f"v{n % 97}x{n % 13}" for n in range(600)]
    assert likeness(sketch(page), sketch(edited)) > 0.9
    assert likeness(sketch(page), sketch(other)) == 0.0
