"""HTML as a parser reads it, to judge what was rendered: string searches miss what browsers accept."""

from html.parser import HTMLParser

from service.ui.markdown import TAGS

ALLOWED = TAGS | {"div", "span", "button"}
REL = "noopener noreferrer nofollow"


class Parsed(HTMLParser):
    """Every element with its attributes, and the text."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attrs for name, attrs in self.elements if name == tag]


def require_harmless(html: str) -> Parsed:
    """Nothing active, nothing that fetches, no link but to the web and marked as foreign."""
    parsed = Parsed(html)
    for tag, attrs in parsed.elements:
        assert tag in ALLOWED, (tag, html)
        assert not [name for name in attrs if name.startswith("on") or name in ("src", "style", "srcset")], html
        if tag == "a":
            assert (attrs.get("href") or "").lower().startswith(("http://", "https://")), html
            assert (attrs.get("rel"), attrs.get("target")) == (REL, "_blank"), html
    return parsed
