"""HTML -> text: bound, parse, hide, then the walk for documentation or the cascade for everything else."""

import re

from tools.clean.align import align
from tools.clean.blocks import Block, lay_out
from tools.clean.cascade import is_for_trafilatura, main_blocks
from tools.clean.cleaned import MAX_TEXT_CHARS, Cleaned
from tools.clean.formulas import write_out_formulas
from tools.clean.hidden import remove_hidden
from tools.clean.language import language_of
from tools.clean.metadata import read_metadata
from tools.clean.powers import mark_powers
from tools.clean.prepass import Bounded, bound
from tools.clean.region import is_documentation, main_region, title_block
from tools.clean.thread import is_thread
from tools.clean.tree import HtmlElement, parse, to_html
from tools.clean.walk import to_blocks
from tools.errors import CleanError, NeedsScript

SHELL_CHARS = 200
"""A page with less text that speaks of JavaScript, cookies or a captcha says nothing else."""
MIN_HIDDEN_CHARS_NOTED = 20
FEW_CHARS = 80
"""Less text than this beside scripts: the page is drawn by them."""

_SHELL = re.compile(
    r"javascript|enable (?:js|cookies)|captcha|are you (?:a )?(?:human|robot)|checking your browser|just a moment"
    r"|unsupported browser|启用\s*js|浏览器(?:不支持|版本过低)|验证码|人机验证|安全验证|滑动验证",
    re.IGNORECASE,
)
_NEEDS_SCRIPT = "Ask for another source, or switch rendering on (ASTERISM_FETCH__RENDER, extra `render`)."


def clean_html(html: str, url: str) -> Cleaned:
    """Read an HTML page.

    Raises:
        NeedsScript: A script would have to draw its text.
        CleanError: It has no text of its own.
    """
    page = bound(html)
    try:
        tree = parse(page.html)
    except ValueError as error:
        raise CleanError("The page is empty.", remedy="Ask for another source.") from error
    changed = write_out_formulas(tree) | mark_powers(tree)
    metadata = read_metadata(tree, url)
    hidden_chars = remove_hidden(tree, page.styles)
    blocks = _blocks(tree, page, url, changed=changed or hidden_chars > 0)
    text, headings = lay_out(blocks, MAX_TEXT_CHARS)
    if len(text) < FEW_CHARS < len(metadata.article_body):
        text, headings = lay_out(
            [Block("paragraph", line) for line in metadata.article_body.splitlines()], MAX_TEXT_CHARS
        )
    _refuse_shell(text, page)
    return Cleaned(
        title=metadata.title or (headings[0][2] if headings else ""),
        text=text,
        headings=headings,
        language=language_of(text, metadata.language),
        published=metadata.published,
        author=metadata.author,
        site_name=metadata.site_name,
        canonical_url=metadata.canonical_url,
        note=_note(page, hidden_chars, len(text)),
    )


def _blocks(tree: HtmlElement, page: Bounded, url: str, *, changed: bool) -> list[Block]:
    """The main content; of a tree that was `changed`, not of the page as it came."""
    if is_documentation(tree):
        region = main_region(tree)
        head = title_block(tree, region)
        blocks = to_blocks(region)
        if blocks:
            return (to_blocks(head) if head is not None else []) + blocks
    html = to_html(tree) if changed else page.html
    chosen = main_blocks(tree, html, page, comments=is_thread(page.html, url))
    body = tree.find("body")
    if chosen and body is not None:
        return align(chosen, to_blocks(body))
    # Nobody looked at a page of this size as a whole; a smaller one without main content is drawn by scripts.
    return chosen if is_for_trafilatura(page) else to_blocks(main_region(tree))


def _refuse_shell(text: str, page: Bounded) -> None:
    if not text and page.scripts:
        raise NeedsScript("The page is drawn by JavaScript.", remedy=_NEEDS_SCRIPT)
    if not text:
        raise CleanError("The page has no readable text.", remedy="Ask for another source.")
    if len(text) < SHELL_CHARS and _SHELL.search(text):
        raise NeedsScript("The page shows only a notice about JavaScript or a check for robots.", remedy=_NEEDS_SCRIPT)


def _note(page: Bounded, hidden_chars: int, text_chars: int) -> str:
    notes = []
    if page.cut or text_chars >= MAX_TEXT_CHARS * 0.99:
        notes.append("The page was cut short.")
    if hidden_chars >= MIN_HIDDEN_CHARS_NOTED:
        notes.append("Hidden text was left out.")
    return " ".join(notes)
