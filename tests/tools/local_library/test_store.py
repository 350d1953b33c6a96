import sqlite3
from pathlib import Path

import pytest

from tests.tools.local_library.shelf import fill, indexed_counts, open_inline
from tools.errors import LibraryCorrupt, LibraryError
from tools.local_library import Library
from tools.local_library.store import open_store

PAGES = {f"http://a.example/{n}": f"# Page {n}\n" + f"words of page {n} " * 200 for n in range(20)}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    fill(tmp_path / "library.db", PAGES)
    return tmp_path / "library.db"


def read_all(file: Path) -> None:
    with Library.open(file) as library:
        library.search("words of page 3")
        library.page("http://a.example/3")


def assert_refused(path: Path, *, write: bool) -> None:
    before = path.read_bytes()
    with pytest.raises(LibraryCorrupt) as told:
        Library.open(path, write=write)
    assert told.value.remedy
    assert path.read_bytes() == before


@pytest.mark.parametrize("write", [True, False])
@pytest.mark.parametrize("content", [b"", b"notes\n", b"SQLite format 3\0", bytes(4096)])
def test_a_file_that_is_not_ours_is_refused_and_left_alone(tmp_path: Path, content: bytes, write: bool) -> None:
    (tmp_path / "library.db").write_bytes(content)
    assert_refused(tmp_path / "library.db", write=write)


@pytest.mark.parametrize("write", [True, False])
def test_another_programs_database_is_refused_and_left_alone(tmp_path: Path, write: bool) -> None:
    with sqlite3.connect(tmp_path / "library.db") as db:
        db.execute("CREATE TABLE pages(id)")
    db.close()
    assert_refused(tmp_path / "library.db", write=write)


@pytest.mark.parametrize("write", [True, False])
@pytest.mark.parametrize("share", [0.9, 0.5, 0.05])
def test_a_file_cut_short_is_refused_and_left_alone(file: Path, share: float, write: bool) -> None:
    file.write_bytes(file.read_bytes()[: int(file.stat().st_size * share)])
    assert_refused(file, write=write)


def test_damage_in_the_middle_is_told_when_it_is_met(file: Path) -> None:
    whole = file.read_bytes()
    file.write_bytes(whole[:8192] + b"\xff" * (len(whole) - 8192))
    before = file.read_bytes()
    with pytest.raises(LibraryCorrupt):
        read_all(file)
    assert file.read_bytes() == before


def test_a_library_of_a_newer_version_is_refused(file: Path) -> None:
    with sqlite3.connect(file) as db:
        db.execute("PRAGMA user_version = 999")
    db.close()
    with pytest.raises(LibraryError, match="newer version"):
        Library.open(file, write=True)


def test_an_older_library_is_migrated_and_keeps_its_pages(file: Path) -> None:
    migrations = ("ALTER TABLE roots ADD COLUMN note TEXT NOT NULL DEFAULT 'migrated';",)
    open_store(file, write=True, migrations=migrations).close()
    db = open_store(file, write=True, migrations=migrations)
    assert db.execute("SELECT note FROM roots").fetchone() == ("migrated",)
    assert db.execute("SELECT count(*) FROM pages").fetchone() == (len(PAGES),)
    db.close()


def test_a_migration_that_fails_leaves_the_older_library_whole(file: Path) -> None:
    migrations = ("ALTER TABLE roots ADD COLUMN note TEXT; SELECT * FROM nowhere;",)
    with pytest.raises(LibraryError):
        open_store(file, write=True, migrations=migrations)
    with Library.open(file, write=True) as library:
        assert library.search("page 3")


def test_a_missing_file_is_made_only_for_writing(tmp_path: Path) -> None:
    with pytest.raises(LibraryError, match="There is no library"):
        Library.open(tmp_path / "deep" / "library.db")
    assert not (tmp_path / "deep").exists()
    with Library.open(tmp_path / "deep" / "library.db", write=True) as library:
        assert library.roots() == []
        assert library.search("anything") == []


def test_a_folder_in_the_place_of_the_file_is_an_error_with_a_remedy(tmp_path: Path) -> None:
    with pytest.raises(LibraryError) as told:
        Library.open(tmp_path)
    assert told.value.remedy


def test_searching_goes_on_while_another_process_writes(file: Path) -> None:
    writer = open_store(file, write=True)
    writer.execute("BEGIN IMMEDIATE")
    writer.execute("DELETE FROM roots")
    with Library.open(file) as library:
        assert library.search("page 3")
    writer.execute("ROLLBACK")
    writer.close()


def test_a_page_put_twice_and_dropped_leaves_no_word_behind(file: Path) -> None:
    fill(file, {"http://a.example/3": "# Other\nwholly different 文字 here"})
    found, stored = indexed_counts(file)
    assert found == stored
    with Library.open(file, write=True) as library:
        assert library.remove("http://made.example/") == len(PAGES)
    assert indexed_counts(file) == ({}, {})


def test_pages_are_indexed_anew_when_terms_are_made_differently(file: Path, tmp_path: Path) -> None:
    with sqlite3.connect(file) as db:
        db.execute("UPDATE meta SET value = '0' WHERE name = 'analysis'")
        db.execute("INSERT INTO words(words) VALUES ('delete-all')")
    db.close()
    (tmp_path / "one.txt").write_text("one more page")
    with open_inline(file) as library:
        assert library.search("page 3") == []
        library.add_folder(tmp_path / "one.txt")
        assert library.search("page 3")
    found, stored = indexed_counts(file)
    assert found == stored
