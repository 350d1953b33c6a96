from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.tools.local_library.shelf import fill, library_of
from tools.local_library import Filters, Library
from tools.local_library.candidates import plan_matches
from tools.local_library.finding import find
from tools.local_library.snippet import SNIPPET_CHARS, make_snippet
from tools.local_library.store import open_store

FILLER = "Other words about gardens, rivers and the weather of the northern coast. " * 12
PAGES = {
    "http://docs.example/clone.html": f"# Cloning\nHow to copy a repository.\n## Shallow clones\nUse --depth 1 for a "
    f"shallow clone, which fetches recent history only.\n{FILLER}",
    "http://docs.example/tags.html": f"# Tags\nA tag names a commit. Sign it with a key.\n{FILLER} tags tags",
    "http://docs.example/manual.html": f"# Manual\n{FILLER}\nOne may clone. Depth of water matters. Some are shallow.\n"
    f"{FILLER}\n{FILLER}",
    "http://www.other.example/zh.html": "# 数据库手册\n备份数据库之前，先停止写入。\n## 恢复\n用备份文件恢复数据库。",
    "http://en.example/backup.html": f"# Backing up a database\nStop writing before that.\n{FILLER}x",
    "http://www.other.example/beep.html": "# 声音\n## 关闭蜂鸣声\n把 beeper 内核模块卸载，电脑就不再响。",
    "http://en.example/modules.html": f"# Kernel modules of a computer\nComputers load kernel modules.\n{FILLER}y",
    "http://old.example/news.html": "@2019-05-01\n# Harvest news\nThe harvest of plums was good.",
    "http://new.example/news.html": "@2026-11-20\n# Harvest news\nThe harvest of plums was poor, said the growers.",
    "http://code.example/api.html": f"# Interface\nCall open_store_v2 with /etc/shelf.conf.\n{FILLER} open v2",
}


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:  # type: ignore[misc]
    with library_of(tmp_path_factory.mktemp("find") / "library.db", PAGES) as opened:
        yield opened


def urls(library: Library, question: str, **chosen: object) -> list[str]:
    return [hit.url for hit in library.search(question, **chosen)]  # type: ignore[arg-type]


def test_a_question_in_plain_words_finds_its_page_first(library: Library) -> None:
    assert urls(library, "How do I make a shallow clone?")[0] == "http://docs.example/clone.html"
    assert urls(library, "signing tags")[0] == "http://docs.example/tags.html"


def test_an_identifier_or_a_path_finds_the_page_that_writes_it(library: Library) -> None:
    assert urls(library, "open_store_v2")[0] == "http://code.example/api.html"
    assert urls(library, "what is in /etc/shelf.conf?")[0] == "http://code.example/api.html"


def test_a_chinese_question_finds_the_chinese_page_first_and_the_english_one_too(library: Library) -> None:
    found = urls(library, "怎样备份数据库？")
    assert found[0] == "http://www.other.example/zh.html"
    assert "http://en.example/backup.html" in found[1:]


def test_few_words_that_could_be_translated_do_not_raise_an_english_page_above_a_chinese_one(library: Library) -> None:
    found = urls(library, "主板喇叭老是响，怎么卸载电脑的内核模块？")
    assert found[0] == "http://www.other.example/beep.html"


def test_a_chinese_question_finds_an_english_page_where_there_is_no_chinese_one(library: Library) -> None:
    assert urls(library, "浅克隆怎么做")[0] == "http://docs.example/clone.html"


def test_only_the_sites_asked_for_are_found(library: Library) -> None:
    assert urls(library, "database backup", filters=Filters(sites=("other.example",))) == []
    only = Filters(sites=("docs.example",))
    assert {url.split("/")[2] for url in urls(library, "clone tags depth", filters=only)} == {"docs.example"}
    assert urls(library, "plums", filters=Filters(sites=("example",)))[0].endswith("news.html")


def test_pages_known_to_be_older_are_left_out_and_undated_ones_are_not(library: Library) -> None:
    recent = Filters(oldest="2026-01-01")
    assert urls(library, "harvest of plums", filters=recent) == ["http://new.example/news.html"]
    assert urls(library, "shallow clone", filters=recent)


def test_results_are_as_many_as_asked_for_at_most(library: Library) -> None:
    assert len(urls(library, "words about gardens", max_results=2)) == 2


def test_the_snippet_is_text_of_the_page(library: Library) -> None:
    hit = library.search("shallow clone depth")[0]
    assert "--depth 1 for a shallow clone" in hit.snippet
    assert len(hit.snippet) <= SNIPPET_CHARS + 4


def test_copies_of_a_page_are_one_result(tmp_path: Path) -> None:
    body = "# Plums\n" + " ".join(f"word{n} grows" for n in range(300))
    pages = {
        "http://a.example/plums.html": body,
        "http://b.example/mirror.html": body.replace(" grows", "  grows"),
        "http://c.example/edited.html": body + "\nOne line more.",
        "http://d.example/else.html": "# Plums\nword1 word2 alone.",
    }
    with library_of(tmp_path / "library.db", pages) as library:
        assert len(urls(library, "word1 word2 plums")) == 2


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(question=st.text(max_size=80) | st.text(alphabet='"*:^(){}+-NEAR AND OR NOT title:', max_size=40))
def test_no_question_is_taken_for_query_syntax(library: Library, question: str) -> None:
    library.search(question)


def test_a_question_of_any_length_is_answered(library: Library) -> None:
    assert urls(library, "shallow clone " + "filler " * 20_000)[0] == "http://docs.example/clone.html"


def test_words_that_are_everywhere_do_not_need_a_visit_to_every_page(tmp_path: Path) -> None:
    pages = {f"http://many.example/{n}.html": f"# Page {n}\ncommon words of all pages" for n in range(40)}
    pages["http://many.example/common.html"] = "# Common words\nwhat is common to all pages"
    fill(tmp_path / "library.db", pages)
    db = open_store(tmp_path / "library.db", write=False)
    hits = find(db, "common words", max_results=3, visited_sections=10)
    db.close()
    assert hits[0].url == "http://many.example/common.html"


def test_the_commonest_terms_are_left_out_while_there_are_rarer_ones() -> None:
    (match,) = plan_matches({"the": 90_000, "shelf": 40, "book": 900}, visited=1_000)
    assert match.expression == '"shelf" OR "book"'
    common = list(plan_matches({"the": 90_000, "and": 80_000}, visited=1_000))
    assert common[0].expression == '{title headings} : ("and" AND "the")'
    assert not any(match.order for match in common)


def test_a_snippet_cuts_at_words() -> None:
    text = "alpha " * 100 + "needle " + "omega " * 100
    snippet = make_snippet(text, {"needl"})
    assert "needle" in snippet
    assert set(snippet.split()) <= {"alpha", "needle", "omega", "…"}


def test_a_search_past_its_time_is_given_up(library: Library) -> None:
    with pytest.raises(TimeoutError):
        library.search("words about gardens rivers", timeout_s=-1.0)
    assert urls(library, "signing tags")
