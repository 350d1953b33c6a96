from pathlib import Path

import pytest

from eval.clean_bench import measure_folder

MANUALS = [
    "/usr/share/doc/python3.11/html/library",
    "/usr/share/doc/postgresql-doc-15/html",
    "/usr/share/doc/git/html",
    "/usr/share/doc/sqlite3",
    "/usr/share/debian-reference",
]
FLOOR = 0.95
PAGES = 6


@pytest.mark.docs
@pytest.mark.parametrize("folder", MANUALS)
def test_manuals_keep_their_code_lines_definitions_rows_and_headings(folder: str) -> None:
    if not any(Path(folder).glob("*.html")):
        pytest.skip(f"{folder} is not installed")
    kept, times = measure_folder(Path(folder), PAGES)
    assert times
    assert {kind: kept.share(kind) for kind in kept.seen if kept.share(kind) < FLOOR} == {}
