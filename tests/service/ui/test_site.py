"""The page and its files."""

import html
import json
import re
from collections.abc import AsyncIterator
from xml.etree import ElementTree

import pytest_asyncio

from service.security_headers import CSP
from service.ui import assets
from tests.service.serving import Served, serving
from tests.service.ui.parsed import Parsed

MAX_BYTES = 100_000


@pytest_asyncio.fixture
async def served() -> AsyncIterator[Served]:
    async with serving(require_key=True) as service:
        yield service


async def test_the_page_comes_without_a_key_and_runs_nothing_inline(served: Served) -> None:
    page = await served.client.get("/?q=anything")
    assert page.status_code == 200
    assert page.headers["content-security-policy"] == CSP
    parsed = Parsed(page.text)
    assert all(attrs.get("src") for attrs in parsed.all("script"))
    assert parsed.all("style") == []
    assert not [name for _, attrs in parsed.elements for name in attrs if name.startswith("on") or name == "style"]
    assert "{{" not in page.text


async def test_the_page_speaks_the_readers_language(served: Served) -> None:
    chinese = await served.client.get("/", headers={"Accept-Language": "zh-Hans-CN,en;q=0.5"})
    assert '<html lang="zh-CN"' in chinese.text
    assert "想了解什么" in chinese.text
    chosen = await served.client.get("/", headers={"Accept-Language": "zh", "Cookie": "lang=en; theme=dark"})
    assert '<html lang="en" data-theme="dark"' in chosen.text
    odd = await served.client.get("/", headers={"Accept-Language": "fr", "Cookie": 'lang="><script>; theme=x'})
    assert '<html lang="en" data-theme=""' in odd.text


async def test_files_have_their_types_and_are_kept_under_names_that_change_with_them(served: Served) -> None:
    page = (await served.client.get("/")).text
    base = str(Parsed(page).all("script")[0]["src"]).removesuffix("/app.js")
    for name, kind in (("app.js", "text/javascript"), ("app.css", "text/css"), ("icon.svg", "image/svg+xml")):
        found = await served.client.get(f"{base}/{name}")
        assert found.headers["content-type"].startswith(kind)
        assert "immutable" in found.headers["cache-control"]
        plain = await served.client.get(f"/static/{name}")
        assert plain.headers["cache-control"] == "no-cache"
        again = await served.client.get(f"/static/{name}", headers={"If-None-Match": plain.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")


async def test_nothing_but_the_files_is_served(served: Served) -> None:
    for path in ("/static/index.html", "/static/../app.py", "/static/%2e%2e/app.py", "/static/a/b/app.js", "/static/"):
        assert (await served.client.get(path)).status_code in (401, 404), path


async def test_a_browser_can_take_it_as_its_search_engine(served: Served) -> None:
    found = await served.client.get("/opensearch.xml")
    assert found.headers["content-type"].startswith("application/opensearchdescription+xml")
    urls = [url.attrib["template"] for url in ElementTree.fromstring(found.text) if url.tag.endswith("Url")]
    assert f"{served.url}/?q={{searchTerms}}" in urls


async def test_what_belongs_to_somebody_needs_the_key(served: Served) -> None:
    for path in ("/ui/about", "/ui/threads/thread_" + "0" * 32, "/ui/runs/run_" + "0" * 32 + "/events"):
        assert (await served.client.get(path)).status_code == 401


def test_the_catalogues_say_the_same_things() -> None:
    words = {language: json.loads((assets.STATIC / f"{language}.json").read_text()) for language in assets.LANGUAGES}
    english, chinese = words["en"], words["zh-CN"]
    assert {key for key in english if not key.endswith("_one")} == set(chinese)
    for key, text in chinese.items():
        assert set(re.findall(r"\{\w+\}", text)) == set(re.findall(r"\{\w+\}", english[key])), key


def test_the_page_holds_its_catalogue() -> None:
    for language in assets.LANGUAGES:
        held = re.search(r'<template id="words">(.*?)</template>', assets.page(language).body.decode(), re.DOTALL)
        assert held
        words = json.loads((assets.STATIC / f"{language}.json").read_text("utf-8"))
        assert json.loads(html.unescape(held[1])) == words


def test_no_script_waits_for_anything_before_it_listens() -> None:
    for path in assets.STATIC.glob("*.js"):
        waits = [
            line for line in path.read_text("utf-8").splitlines() if re.match(r"\w(?!.*\basync\b).*\bawait\b", line)
        ]
        assert waits == [], path.name


def test_every_word_that_the_page_asks_for_is_in_the_catalogue() -> None:
    words = json.loads((assets.STATIC / "en.json").read_text())
    scripts = "".join(path.read_text() for path in assets.STATIC.glob("*.js"))
    asked = set(re.findall(r'\bt\("(\w+)"', scripts)) | set(re.findall(r'\bbutton\("(\w+)"', scripts))
    assert asked - set(words) == set()
    everything = scripts + (assets.STATIC / assets.PAGE).read_text()
    everything += (assets.STATIC.parent / "ui" / "told.py").read_text()
    unused = [key for key in words if not re.search(rf"\b{key}\b", everything)]
    computed = ("stage_", "m_", "n_", "w_", "theme_", "part_", "example_", "why_", "note_", "page_", "file_")
    assert [key for key in unused if not key.startswith(computed) and not key.endswith("_one")] == []


def test_all_that_is_sent_for_the_page_is_small() -> None:
    for language in assets.LANGUAGES:
        files = sum(len(asset.body) for asset in assets.assets().values())
        assert files + len(assets.page(language).body) <= MAX_BYTES


def test_what_is_sent_is_what_was_written_but_for_comments_and_indentation() -> None:
    text = "/** What. */\nexport const a = 1;\n  // Why.\n  const b = /** @type {any} */ (a) + 'http://x';\n"
    assert assets.lean("a.css", "a:hover b,\n  c { color: red; }\n") == "a:hover b,c{color:red;}"
    assert assets.lean("a.js", text) == "export const a=1;const b=(a) + 'http://x';"
    told = 'const c = a ? "1 = 2, 3" : "\\"?" && b;\nconst d = `${a} = b`, e;'
    assert assets.lean("a.js", told) == 'const c=a?"1 = 2, 3":"\\"?"&&b;const d = `${a} = b`, e;'
