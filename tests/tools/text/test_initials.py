"""Letters that stand for names."""

import pytest

from tools.text.initials import initialisms, spelt_by


def test_only_words_in_capitals_of_some_length_stand_for_others() -> None:
    assert initialisms("What is WAL in SQLite, and is it IO or a GUI?") == {"wal", "gui"}


def test_parts_of_names_are_none() -> None:
    assert initialisms("SQLITE_IOERR, db.WAL, FTS5 and U.S.A.") == set()


@pytest.mark.parametrize(
    ("letters", "name"),
    [("wal", "Write-Ahead Logging"), ("lvm", "The Logical Volume Manager"), ("dns", "Guide to the Domain Name System")],
)
def test_words_that_follow_each_other_spell_them(letters: str, name: str) -> None:
    assert spelt_by(letters, name)


def test_joining_words_may_count_or_not() -> None:
    assert spelt_by("tbd", "To be done")
    assert spelt_by("gpl", "The General of Public Licences")


def test_words_apart_do_not() -> None:
    assert not spelt_by("wal", "Write A Very Long Log")
