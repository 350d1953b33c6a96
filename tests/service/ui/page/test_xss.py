"""Strings that try to run script, to fetch or to lead away, planted wherever untrusted text is shown.

The places: the answer, a page's title, its words (snippet and passage), its address, its site, the question, the title
of the thread, and the text of an error.
"""

import json
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from playwright.async_api import expect

from service.security_headers import CSP
from tests.service.ui.hostile import STRINGS
from tests.service.ui.page.conftest import DESK, Visit
from tests.service.ui.page.person import Person
from tests.service.ui.page.play import Reader, Searcher, play
from tools.errors import PageUnavailable
from tools.pages import Page
from tools.search import SearchRequest
from tools.search_chain import Searched

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.browser]

SHARED = Path(__file__).parents[4] / "../shared/cases/xss_cases.json"
OURS = (
    "<details open ontoggle=console.log('xss')>x</details>",
    "</textarea><script>console.log('xss')</script>",
    "</blockquote></div><body onload=console.log('xss')>",
    "<a href='vbscript:console.log(1)' target=_self>x</a>",
    "[x](data:text/html,<script>console.log('xss')</script>)",
    "[x](//evil.example/a)",
    "[x](/\\evil.example/a)",
    "<data:text/html;base64,PHNjcmlwdD5jb25zb2xlLmxvZygneHNzJyk8L3NjcmlwdD4=>",
    "`` `<img src=x onerror=console.log('xss')>` ``",
    "| a |\n|---|\n| <video src=//evil.example/v autoplay> |",
    "![x](javascript:console.log('xss')) [1]",
    "&lt;img src=x onerror=console.log('xss')&gt; &#60;script&#62;console.log('xss')&#60;/script&#62;",
    "\ue003999:0\ue004<b onclick=console.log('xss')>[1]</b>\u2e220\u2e24x\u2e23",
    '"><object data=//evil.example></object><embed src=//evil.example>',
)
AT_ONCE = 4
"""Strings of one question; each is a title, a site, an address, a snippet, a reason, and thrice in the answer."""
HARMFUL = """(under) => [...document.querySelector(under).querySelectorAll('*')].flatMap((el) => {
    const bad = [...el.attributes].filter((one) => /^on|^src(doc|set)?$|^formaction$|^style$|^xlink/i.test(one.name))
        .filter((one) => !(el === document.documentElement && one.name === 'style'))
        .filter((one) => !(el.id === 'question' && one.name === 'style'))
        .filter((one) => !(el.matches('script[type=module]') && one.value.startsWith('/static/')))
        .filter((one) => !(el.matches('.card') && one.name === 'style'))
        .map((one) => `${el.tagName} ${one.name}=${one.value}`);
    if (/^(img|iframe|object|embed|video|audio|base|math|svg|style)$/i.test(el.tagName)) bad.push(el.outerHTML);
    if (el.tagName === 'META' && el.httpEquiv) bad.push(el.outerHTML);
    if (el.tagName === 'FORM' && el.hasAttribute('action') && el.getAttribute('action') !== '/') bad.push(el.outerHTML);
    const href = el.getAttribute('href');
    if (href === null || el.tagName === 'LINK') return bad;
    const home = /^(#\\w*|[/](?![/\\\\]).*|[/])$/.test(href) && new URL(href, location.href).origin === location.origin;
    const away = /^https?:[/][/]/.test(href) && el.rel === 'noopener noreferrer nofollow' && el.target === '_blank';
    return home || away ? bad : [...bad, el.outerHTML];
})"""
"""What is not as harmless as it must be; links lead to our own pages, or to the web and are marked as foreign."""


def strings() -> list[str]:
    shared = json.loads(SHARED.read_text("utf-8"))["strings"] if SHARED.exists() else []
    return list(dict.fromkeys([*OURS, *STRINGS, *shared]))


@dataclass
class HostileReader(Reader):
    """Pages that are nothing but their string, and one that fails with it."""

    pages: dict[str, str] = field(default_factory=dict)
    """By address."""

    async def read(self, url: str) -> Page:
        # An address in the question is read as well.
        string = self.pages.get(url, url)
        if url.startswith("http://fails.example/"):
            raise PageUnavailable(string)
        page = await super().read("http://tower.example/kestrel")
        text = f"{string}\n\n{page.text}"
        return replace(page, url=url, final_url=url, title=string, site=string, text=text, published=string)


@dataclass
class HostileSearcher(Searcher):
    """Finds the pages of a reader, under titles and snippets that are nothing but their string."""

    pages: dict[str, str] = field(default_factory=dict)

    async def search(self, request: SearchRequest) -> Searched:
        found = await super().search(request)
        results = tuple(
            replace(found.results[0], url=url, title=string, snippet=string, rank=rank)
            for rank, (url, string) in enumerate(self.pages.items(), start=1)
        )
        return replace(found, results=results, provider=results[0].title)


async def harmless(person: Person, under: str = "html") -> None:
    found = await person.measures(HARMFUL, under)
    assert found == []
    assert person.wrong == []


async def test_no_string_runs_fetches_or_leads_away_wherever_it_is_shown(visit: Visit) -> None:
    played = play("en")
    pages: dict[str, str] = {}
    played.reader = HostileReader(web=played.reader.web, pages=pages)
    played.searcher = HostileSearcher(web=played.searcher.web, pages=pages)
    async with visit(played, DESK) as (person, stage):
        heard: list[str] = []
        person.page.on("console", lambda message: heard.append(message.text))
        person.page.on("dialog", lambda dialog: heard.append(dialog.message))
        turns = [strings()[at : at + AT_ONCE] for at in range(0, len(strings()), AT_ONCE)]
        for turn, some in enumerate(turns, start=1):
            pages.clear()
            pages.update({string: string for string in some})
            pages.update({f"http://tower.example/{string}": string for string in some})
            pages.update({f"http://fails.example/{at}": string for at, string in enumerate(some)})
            played.model.lines = "\n\n".join(
                f"{string}\n\nThe Kestrel tower is 87 metres high [{at}]. {string} [{at}].\n\n- {string}"
                for at, string in enumerate(some, start=1)
            )
            await person.asks(f"How high is the Kestrel tower? {' '.join(some)}")
            await person.has_answer(turn)
        await harmless(person)
        await person.turn().locator("summary").first.click()
        for at in range(0, await person.page.locator(".mark").count(), 9):
            await person.measures("(at) => document.querySelectorAll('.mark')[at].click()", at)
            await harmless(person, ".card")
        await person.page.keyboard.press("Escape")
        for string in strings():
            await stage.fetch("POST", "/ask", json={"question": string, "search": "never"})
        await person.presses("history")
        await expect(person.page.locator(".threads li").nth(len(strings()))).to_be_visible()
        await harmless(person)
        await person.page.reload()
        await person.has_answer(len(turns))
        await harmless(person)
        assert [line for line in heard if "xss" in line or line == "1"] == []


async def test_the_text_of_an_error_is_only_text(visit: Visit) -> None:
    played = play("en")
    async with visit(played, DESK) as (person, _):
        played.model.down, played.model.why = True, " ".join(strings())
        await person.asks()
        for string in strings():
            await expect(person.turn().locator(".problem")).to_contain_text(string.split("\n")[0].strip())
        await harmless(person)


async def test_every_page_carries_the_policy(visit: Visit) -> None:
    async with visit(play("en"), DESK) as (_, stage):
        for path in ("/", "/?q=<script>", "/share/<script>", "/nowhere<script>", "/opensearch.xml", "/static/icon.svg"):
            reply = await stage.fetch("GET", path)
            assert reply.headers["content-security-policy"] == CSP, path
            assert reply.headers["x-content-type-options"] == "nosniff", path
            assert "<script>" not in reply.text.replace("<script type=", ""), path
