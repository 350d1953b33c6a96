"""`asterism library …`, as a user types it."""

import functools
import http.server
import threading
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from agent.settings import Settings
from service.commands import library
from tests.tools.local_library.shelf import write_files

GUIDE = "<html><head><title>{0}</title></head><body><main><h1>{0}</h1><p>{1}</p>{2}</main></body></html>"


def run(*words: str) -> Result:
    return CliRunner().invoke(library.app, words)


@pytest.fixture
def docs(tmp_path: Path) -> Path:
    write_files(
        tmp_path / "docs",
        {
            "plums.html": GUIDE.format("Plums", "Plums ripen in August, after the cherries and before the pears.", ""),
            "plums.txt": "Plums ripen in August.",
            "pears.md": "# Pears\n\nPears keep until spring in a cool cellar.\n",
        },
    )
    return tmp_path / "docs"


def test_a_folder_is_added_listed_searched_and_removed(docs: Path) -> None:
    added = run("add", str(docs))
    assert added.exit_code == 0, added.stderr
    assert f"{docs}: 2 pages added" in added.stdout
    assert "1 files left out" in added.stdout
    assert "2 unchanged" in run("add", str(docs)).stdout
    listed = run("list")
    assert str(docs) in listed.stdout
    assert "2 pages in" in listed.stdout
    found = run("search", "how long do pears keep?")
    assert found.stdout.startswith(" 1. Pears\n    file://")
    assert run("remove", str(docs)).stdout == "2 pages removed.\n"
    assert "Nothing found" in run("search", "pears").stdout


def test_what_does_not_exist_is_one_sentence_with_a_remedy(tmp_path: Path) -> None:
    failed = run("add", str(tmp_path / "nothing"))
    assert failed.exit_code == 66
    assert failed.stderr.startswith("asterism: There is nothing at")
    assert failed.stderr.count("\n") == 1


def test_wrong_calls_are_told_and_change_nothing(docs: Path) -> None:
    assert run("remove", "/nope").exit_code == 66
    run("add", str(docs))
    assert run("remove", "/nope").exit_code == 66
    assert run("search", "  ").exit_code == 2
    odd = ["", " ", "file://", "ftp://x/", "http://", "http://[::1", "https://a b/", "http://x:99999/", "http:///path"]
    for command, target in product(["add", "remove"], odd):
        failed = run(command, target)
        assert (failed.exit_code, failed.stderr.count("\n")) == (2, 1), (command, target)
    assert run("list").stdout.splitlines()[-1].startswith("       2 pages")


def test_one_wrong_target_keeps_the_others_out() -> None:
    Path("notes.md").write_text("# Notes\n\nThe plums are ripe.\n")
    assert run("add", "notes.md", " ").exit_code == 2
    assert "The library is empty" in run("list").stdout


def test_a_file_address_is_a_path_as_search_shows_it(docs: Path) -> None:
    folder = docs.rename(docs.with_name("my docs"))
    address = folder.as_uri()
    assert "%20" in address
    assert "2 pages added" in run("add", address).stdout
    assert run("remove", address).stdout == "2 pages removed.\n"


def test_a_folder_that_is_gone_around_us_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    failed = run("add", "here")
    assert (failed.exit_code, failed.stderr) == (
        2,
        "asterism: The folder you are in is gone. Change into one that is there.\n",
    )


def test_a_path_that_cannot_be_reached_is_told() -> None:
    failed = run("add", "x" * 300)
    assert failed.exit_code == 66
    assert "cannot be reached (File name too long)" in failed.stderr


def test_a_library_where_there_can_be_none_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("ASTERISM_STORE__URL", f"sqlite:///{tmp_path / ('x' * 300)}/asterism.db")
    for words in (["list"], ["remove", "/docs"], ["search", "plums"]):
        failed = run(*words)
        assert failed.exit_code == 74
        assert "cannot be opened: File name too long" in failed.stderr


def test_removing_or_searching_makes_no_library() -> None:
    assert "The library is empty" in run("list").stdout
    for words in (["search", "plums"], ["remove", "/docs"]):
        failed = run(*words)
        assert failed.exit_code not in (0, 1, 2)
        assert "asterism library add" in failed.stderr
    assert not Settings().local_library_path().exists()


def test_a_damaged_library_is_told_and_left_alone(docs: Path) -> None:
    path = Settings().local_library_path()
    path.parent.mkdir(parents=True)
    path.write_bytes(b"not an index")
    for words in (["add", str(docs)], ["list"], ["search", "x"], ["remove", "x"]):
        failed = run(*words)
        assert failed.exit_code not in (0, 1, 2)
        assert "Traceback" not in failed.stderr
        assert str(path) in failed.stderr
    assert path.read_bytes() == b"not an index"


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 -- the name the base class gives it
        pass


@pytest.fixture
def site(tmp_path: Path) -> Iterator[str]:
    write_files(
        tmp_path / "www",
        {
            "guide/index.html": GUIDE.format("Guide", "All about fruit.", '<a href="figs.html">figs</a>'),
            "guide/figs.html": GUIDE.format("Figs", "Figs are dried on roofs.", '<a href="../away.html">away</a>'),
            "away.html": GUIDE.format("Away", "Not part of it.", ""),
        },
    )
    handler = functools.partial(Quiet, directory=str(tmp_path / "www"))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/guide/"
        server.shutdown()
        thread.join()


def test_a_site_is_crawled_over_http(site: str, monkeypatch: pytest.MonkeyPatch) -> None:
    host = site.split("/")[2]
    monkeypatch.setenv("ASTERISM_FETCH__ALLOW_HOSTS", f'["{host}"]')
    added = run("add", site.replace("http", "HTTP"))
    assert added.exit_code == 0, added.stderr
    assert f"{site}: 2 pages added" in added.stdout
    assert f"{site}figs.html" in run("search", "dried figs").stdout


def test_a_private_address_is_not_crawled_unless_allowed(site: str) -> None:
    failed = run("add", site)
    assert failed.exit_code not in (0, 1, 2)
    assert "could not be read" in failed.stderr
