"""Documentation pages: which they are, and the element that holds what they say."""

import re

from tools.clean.tree import HtmlElement

MIN_CODE_BLOCKS = 3
MIN_TERMS = 5
"""From here on a page is read by walking its structure: article cleaners flatten code and drop definition lists."""
MAX_POSTS = 40
"""Elements named after posts, comments, answers: 63 to 654 on threads with code or `<dl>` user cards, at most 32 on
manuals (WCXB dev). Threads belong to the cascade."""
MIN_SHARE = 0.3
"""A region holding less of the page's text is not the main one."""
MAX_FURNITURE_SHARE = 0.5
"""What holds more of the region than this is no furniture, whatever its name."""

MAX_TITLE_CHARS = 600
"""A header with more text holds more than the title; then the heading alone is taken."""

_GENERATORS = re.compile(
    r"sphinx|docbook|asciidoc|docutils|mkdocs|doxygen|javadoc|rustdoc|pandoc|texinfo|makeinfo|hevea|latex2html|hugo-book"
    r"|docusaurus|vitepress|mdbook|groff|mandoc",
    re.IGNORECASE,
)
_POST_NAME = re.compile(r"post|comment|answer|reply|message", re.IGNORECASE)
_REGIONS = (
    "//main",
    "//*[@role='main']",
    "//article",
    "//*[@itemprop='articleBody']",
    "//*[contains(concat(' ', @class, ' '), ' markdown-body ')]",
    "//*[contains(concat(' ', @class, ' '), ' body ')]",
    "//*[@id='content' or @id='main-content' or @id='main' or @id='bodyContent' or @id='docContent']",
)
_FURNITURE_TAGS = frozenset(["nav", "footer", "aside", "form", "dialog"])
_FURNITURE_ROLES = frozenset(["navigation", "banner", "contentinfo", "search", "complementary", "menu", "dialog"])
_FURNITURE_NAME = re.compile(
    r"^(?:nav|navbar|navigation|navheader|navfooter|nav-?bar|nav-?links?|menu|sidebar|side-bar|sphinxsidebar\w*|related"
    r"|breadcrumbs?|toc|toctitle|table-of-contents|fancy_toc|nosearch|footer|site-(?:header|footer)|page-?footer"
    r"|page-?nav\w*|pagination|prev-next|prevnext|cookie[\w-]*|consent[\w-]*|gdpr[\w-]*|skip-?(?:link|nav|to-content)"
    r"|edit-(?:link|page)|editsection|mw-editsection|share|sharing|social[\w-]*|advert[\w-]*|ads?|adsbygoogle|sponsor\w*"
    r"|newsletter[\w-]*|subscribe[\w-]*|feedback|language-switcher|version-switcher|theme-toggle|search-?box|searchbar"
    r"|quick-?search|noprint|printonly|jump-to-nav|catlinks|mw-jump-link|contents-list)$",
    re.IGNORECASE,
)


def is_documentation(tree: HtmlElement) -> bool:
    """Code or definitions carry the page, or a documentation generator says it wrote it."""
    for meta in tree.iter("meta"):
        if (meta.get("name") or "").lower() == "generator" and _GENERATORS.search(meta.get("content") or ""):
            return True
    if not (_reaches(tree, MIN_TERMS, "dt") or _reaches(tree, MIN_CODE_BLOCKS, "pre")):
        return False
    return not _is_thread(tree)


def main_region(tree: HtmlElement) -> HtmlElement:
    """The element that holds the page's own content, navigation and other furniture taken out of it in place."""
    body = tree.find("body")
    if body is None:
        return tree
    whole = text_size(body)
    for path in _REGIONS:
        found = [(text_size(element), element) for element in tree.xpath(path)[:20]]
        size, element = max(found, key=lambda pair: pair[0], default=(0, None))
        if element is not None and size >= MIN_SHARE * whole and size > 0:
            _take_out_furniture(element)
            return element
    _take_out_furniture(body)
    return body


def title_block(tree: HtmlElement, region: HtmlElement) -> HtmlElement | None:
    """What stands around the page's `<h1>` where that is outside the region: AsciiDoc's and many themes' header."""
    heading = next(tree.iter("h1"), None)
    if heading is None or any(above is region for above in heading.iterancestors()):
        return None
    block = heading.getparent()
    above = list(block.iterancestors())
    if any(_is_furniture(element) for element in (block, *above) if isinstance(element.tag, str)):
        return None
    fits = not any(element is block for element in region.iterancestors()) and text_size(block) <= MAX_TITLE_CHARS
    return block if fits else heading


def text_size(element: HtmlElement) -> int:
    """Characters of text under an element, indentation of the source left out."""
    return sum(len(text.strip()) for text in element.itertext())


def _is_thread(tree: HtmlElement) -> bool:
    posts = 0
    for element in tree.iter():
        name = element.get("class") if element.attrib else None
        if name and _POST_NAME.search(name):
            posts += 1
            if posts >= MAX_POSTS:
                return True
    return False


def _reaches(tree: HtmlElement, count: int, tag: str) -> bool:
    return any(number >= count for number, _ in enumerate(tree.iter(tag), start=1))


def _take_out_furniture(region: HtmlElement) -> None:
    limit = MAX_FURNITURE_SHARE * text_size(region)
    pending = list(region)
    while pending:
        element = pending.pop()
        if not isinstance(element.tag, str):
            continue
        if _is_furniture(element) and text_size(element) <= limit:
            element.drop_tree()
        else:
            pending.extend(element)


def _is_furniture(element: HtmlElement) -> bool:
    tag = element.tag
    if tag in _FURNITURE_TAGS or (element.get("role") or "").lower() in _FURNITURE_ROLES:
        return True
    if tag == "header" and element.find(".//h1") is None and element.find(".//h2") is None:
        return True
    if tag in ("h1", "h2", "h3", "h4", "h5", "h6", "pre", "code", "dt", "dd", "td", "th", "section", "article"):
        return False
    if tag == "dl" or element.find("dl") is not None:  # DocBook's list of a chapter's sections: it names what is there.
        return False
    names = f"{element.get('class') or ''} {element.get('id') or ''}".split()
    return any(_FURNITURE_NAME.match(name) for name in names)
