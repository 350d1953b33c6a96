import os
from pathlib import Path

import pytest

from tests.tools.local_library.shelf import hostile_clean, indexed_counts, open_inline, write_files
from tools.errors import LibraryError, NothingToIndex, NotInLibrary
from tools.local_library import AddReport, Library
from tools.local_library.files import find_files

FILES = {
    "a.md": "# Apples\nApples are red.",
    "sub/b.md": "# Pears\nPears are green.",
    "sub/c.txt": "# Plums\nPlums are blue.",
}


def add(file: Path, folder: Path, **chosen: object) -> AddReport:
    with open_inline(file) as library:
        return library.add_folder(folder, **chosen)  # type: ignore[arg-type]


def counts(report: AddReport) -> tuple[int, int, int, int]:
    return report.added, report.updated, report.unchanged, report.removed


@pytest.fixture
def shelf(tmp_path: Path) -> tuple[Path, Path]:
    write_files(tmp_path / "docs", FILES)
    return tmp_path / "library.db", tmp_path / "docs"


def test_a_second_run_takes_only_what_has_changed(shelf: tuple[Path, Path]) -> None:
    file, docs = shelf
    assert counts(add(file, docs)) == (3, 0, 0, 0)
    assert counts(add(file, docs)) == (0, 0, 3, 0)
    (docs / "a.md").write_text("# Apples\nApples are yellow, some of them.")
    (docs / "sub" / "c.txt").unlink()
    os.utime(docs / "sub" / "b.md", (1, 1))
    (docs / "d.html").write_text("# Quinces\nQuinces are hard.")
    assert counts(add(file, docs)) == (1, 1, 1, 1)
    assert counts(add(file, docs)) == (0, 0, 3, 0)
    with Library.open(file) as library:
        assert library.search("plums") == []
        assert library.search("yellow apples")[0].title == "Apples"
    found, stored = indexed_counts(file)
    assert found == stored


def test_a_page_is_read_from_the_library_as_it_was_added(shelf: tuple[Path, Path]) -> None:
    file, docs = shelf
    add(file, docs)
    url = (docs / "a.md").as_uri()
    (docs / "a.md").unlink()
    with Library.open(file) as library:
        page = library.page(url)
        assert page is not None
        assert (page.title, page.text, page.headings) == ("Apples", "Apples\nApples are red.", ((0, 1, "Apples"),))
        assert (page.url, page.site, page.language) == (url, "library", "en")
        assert library.page("file:///etc/passwd") is None


def test_a_page_that_cannot_be_cleaned_is_skipped_and_told(tmp_path: Path) -> None:
    pages = {"empty.md": " ", "hang.md": "HANG", "die.md": "DIE", "raise.md": "RAISE", "good.md": "# Good\nAll well."}
    write_files(tmp_path / "docs", pages)
    file = tmp_path / "library.db"
    with Library.open(file, write=True, clean=hostile_clean, workers=1, page_timeout_s=2.0) as library:
        report = library.add_folder(tmp_path / "docs")
        assert library.search("all well")
    assert report.added == 1
    assert {Path(url).name for url, _ in report.skipped} == {"empty.md", "hang.md", "die.md", "raise.md"}
    assert all(reason for _, reason in report.skipped)


def test_a_run_that_is_interrupted_keeps_what_was_committed(tmp_path: Path) -> None:
    write_files(tmp_path / "docs", {f"{n:03}.md": f"# Page {n}\nabout {n}" for n in range(260)})
    file = tmp_path / "library.db"

    def stop(done: int, total: int, current: str) -> None:
        assert total == 260
        if done == 230:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        add(file, tmp_path / "docs", progress=stop)
    with Library.open(file) as library:
        kept = sum(root.pages for root in library.roots())
    assert 200 <= kept < 260
    assert counts(add(file, tmp_path / "docs")) == (260 - kept, 0, kept, 0)
    found, stored = indexed_counts(file)
    assert found == stored


def test_folders_in_each_other_are_one_root(shelf: tuple[Path, Path]) -> None:
    file, docs = shelf
    assert counts(add(file, docs / "sub")) == (2, 0, 0, 0)
    report = add(file, docs)
    assert counts(report) == (1, 0, 2, 0)
    assert report.notes
    (docs / "sub" / "c.txt").unlink()
    report = add(file, docs / "sub")
    assert counts(report) == (0, 0, 1, 1)
    with Library.open(file, write=True) as library:
        assert [(root.address, root.pages) for root in library.roots()] == [(str(docs), 2)]
        assert library.remove(str(docs)) == 2
        assert library.roots() == []


def test_a_single_file_can_be_added(shelf: tuple[Path, Path]) -> None:
    file, docs = shelf
    assert counts(add(file, docs / "a.md")) == (1, 0, 0, 0)


def test_a_file_that_is_added_again_leaves_those_alone_whose_names_begin_like_it(tmp_path: Path) -> None:
    docs = tmp_path / "docs"
    (docs / "a.md.d").mkdir(parents=True)
    for name in ("a.md", "a.md.txt", "a.md.d/b.md"):
        (docs / name).write_text(f"# {name}\nPlums ripen in August.", encoding="utf-8")
    add(tmp_path / "library.db", docs)
    assert add(tmp_path / "library.db", docs / "a.md").removed == 0


def test_of_two_forms_of_a_page_the_better_is_taken(tmp_path: Path) -> None:
    write_files(tmp_path, {"x.txt": "x", "x.html": "x", "x.md": "x", "y.txt": "y", ".hidden.md": "h", "z.png": "z"})
    found = find_files(tmp_path)
    assert [Path(file.path).name for file in found.files] == ["x.html", "y.txt"]
    assert found.twins == 2


def test_the_sources_beside_built_pages_are_left_out(tmp_path: Path) -> None:
    write_files(tmp_path, {"built/index.html": "x", "built/_sources/index.rst.txt": "x", "bare/_sources/y.txt": "y"})
    assert [Path(file.path).name for file in find_files(tmp_path).files] == ["y.txt", "index.html"]


def test_a_link_out_of_the_folder_is_not_followed(tmp_path: Path) -> None:
    write_files(tmp_path, {"secret/key.txt": "key", "docs/a.md": "a"})
    (tmp_path / "docs" / "key.txt").symlink_to(tmp_path / "secret" / "key.txt")
    (tmp_path / "docs" / "more").symlink_to(tmp_path / "secret")
    (tmp_path / "docs" / "same.md").symlink_to(tmp_path / "docs" / "a.md")
    os.mkfifo(tmp_path / "docs" / "pipe.txt")
    found = find_files(tmp_path / "docs")
    assert [Path(file.path).name for file in found.files] == ["a.md", "same.md"]
    assert [Path(path).name for path, _ in found.skipped] == ["key.txt"]


@pytest.mark.parametrize(
    ("name", "error"), [("nothing", NotInLibrary), ("picture.png", NothingToIndex), ("empty", NothingToIndex)]
)
def test_what_cannot_be_added_is_an_error_with_a_remedy(tmp_path: Path, name: str, error: type[LibraryError]) -> None:
    (tmp_path / "picture.png").write_bytes(b"x")
    (tmp_path / "empty").mkdir()
    with pytest.raises(error) as told:
        add(tmp_path / "library.db", tmp_path / name)
    assert told.value.remedy
    with Library.open(tmp_path / "library.db") as library:
        assert library.roots() == []


def test_removing_what_was_never_added_is_an_error(shelf: tuple[Path, Path]) -> None:
    with Library.open(shelf[0], write=True) as library, pytest.raises(LibraryError, match="not in the library"):
        library.remove("/somewhere")


def test_real_html_goes_through_the_real_cleaner(tmp_path: Path) -> None:
    html = (
        "<html><head><title>Cranes</title></head><body><main><h1>Cranes</h1><p>Cranes winter in the south.</p></main>"
    )
    write_files(tmp_path / "docs", {"cranes.html": html + "<script>var hidden = 1;</script></body></html>"})
    with Library.open(tmp_path / "library.db", write=True, workers=1) as library:
        library.add_folder(tmp_path / "docs")
        assert [hit.title for hit in library.search("Where do cranes winter?")] == ["Cranes"]
        assert library.search("hidden") == []
