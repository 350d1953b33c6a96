"""Web addresses in text: where they stand, and whether a page that was read stands behind them. Pure."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from urllib.parse import urldefrag

_SLASH = r"(?:/|\\/|&#0*47;|&#x0*2f;|&sol;)"
_COLON = r"(?:\\?:|：|&colon;|&#0*58;|&#x0*3a;)"
_HOST = r"(?:[a-z0-9_-]+\.)+[a-z]{2,24}"
ADDRESS = re.compile(
    # With a scheme, also where escapes and entities hide its signs from us but not from a Markdown renderer.
    rf"(?:https?|ftps?){_COLON}{_SLASH}{{2}}(?=[^\s<>()\[\]])"
    # What renderers link without a scheme.
    r"|(?<![a-z0-9_.@/-])www\.(?=[\w-]+\.)"
    rf"|(?<![a-z0-9_:/]){_SLASH}{{2}}(?={_HOST})"
    # A host with values to hand over: the shape in which words are carried off.
    rf"|(?<![a-z0-9_.@/-]){_HOST}(?::\d+)?(?:/[^\s?()<>]*)?\?(?=[^\s=]*=)",
    re.IGNORECASE,
)
"""The beginning of an address; `REST` matches what follows."""
REST = re.compile(r"[^\s<>\"`\[\]{}|^，。；、！？：（）《》〈〉「」『』【】“”‘’]*")
"""The rest of an address: everything up to white space, a quote, a bracket or Chinese punctuation."""
_CHINESE = re.compile(r"[\u3400-\u9fff]")
_TAIL = ".,!?:;*_~'\\"
"""Characters at the end of an address that belong to the sentence around it."""
REMOVED = "(link removed)"
"""What stands in place of an address that was taken out."""

_THIS_MACHINE = re.compile(r"https?://(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d{1,5})?/?", re.IGNORECASE)
"""The front page of a service on the reader's own machine (`http://localhost:631/`): it carries nothing anywhere, and
manuals tell people to open it."""
_TYPED = re.compile(r"https?://[^\s<>\"'）)】\]，。；]+")


@dataclass(frozen=True, slots=True)
class ReadAddresses:
    """The addresses that may stand in an answer: those of the pages read, and those that the user wrote."""

    urls: frozenset[str]
    _plain: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_plain", frozenset(_plain(url) for url in self.urls))

    def __contains__(self, url: str) -> bool:
        """Whether it is one of them; a fragment never leaves the browser, so any is allowed."""
        return _plain(url) in self._plain

    def beginning(self, text: str) -> int:
        """Length of the longest of them that `text` begins with, followed by a letter that no address holds plainly."""
        fitting = [
            len(url) for url in self.urls if text.startswith(url) and not text[len(url) : len(url) + 1].isascii()
        ]
        return max(fitting, default=0)


def read_addresses(urls: Iterable[str]) -> ReadAddresses:
    """Of http and https alone: no other address is ever a link."""
    return ReadAddresses(frozenset(url for url in urls if url.lower().startswith(("http://", "https://"))))


def address_end(text: str, start: int) -> int:
    """One past the last character of the address that begins at `start` (a match of `ADDRESS`)."""
    match = ADDRESS.match(text, start)
    rest = REST.match(text, match.end() if match else start)
    end = rest.end() if rest else start
    while end > start and (text[end - 1] in _TAIL or (text[end - 1] == ")" and _unopened(text[start:end]))):
        end -= 1
    return end


def without_addresses(text: str, read: ReadAddresses | None = None, *, instead: str = REMOVED) -> tuple[str, int]:
    """The text with every address that is not of a page read replaced, and how many there were.

    With pages read, the front page of a service on the reader's own machine may stand, too.
    """
    out: list[str] = []
    at = removed = 0
    while found := ADDRESS.search(text, at):
        end = max(address_end(text, found.start()), found.end())
        kept = text[found.start() : end]
        if read is not None and (kept in read or stays_here(kept)):
            out.append(text[at:end])
        elif read is not None and (length := read.beginning(kept)):
            end = found.start() + length
            out.append(text[at:end])
        else:
            # Chinese goes on without a space after an address: that is the sentence, not the address.
            chinese = _CHINESE.search(text, found.end(), end)
            end = chinese.start() if chinese else end
            out.append(text[at : found.start()] + instead)
            removed += 1
        at = end
    out.append(text[at:])
    return "".join(out), removed


def stays_here(url: str) -> bool:
    """Whether it is the front page of a service on the reader's own machine."""
    return _THIS_MACHINE.fullmatch(url) is not None


def _plain(url: str) -> str:
    """Addresses that lead to the same page without telling its server anything else."""
    return urldefrag(url.strip())[0].removesuffix("/")


def _unopened(text: str) -> bool:
    return text.count(")") > text.count("(")


def typed_urls(question: str) -> list[str]:
    """Addresses the user wrote: they may be read without being found first."""
    return list(dict.fromkeys(match.rstrip(".,!?:;") for match in _TYPED.findall(question)))
