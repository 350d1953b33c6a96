"""What may leave in an answer: no address that was not read, no picture, no HTML, whatever the model was told to write.

A page may tell the model to end its answer with a picture whose address holds the user's words; the reader's browser
would fetch it. So links to other addresses become their text, pictures go, tags become code, and reference definitions
become text, while the answer streams. Where renderers of Markdown could disagree about what is code, it counts as text.
"""

import re
from dataclasses import dataclass, field

from agent.addresses import ADDRESS, REMOVED, REST, ReadAddresses, address_end, stays_here, without_addresses

LONGEST_LABEL = 300
"""Characters held back for the text of a link; a longer bracket is text."""
LONGEST_TARGET = 2000
"""Characters held back for an address or a tag."""
_MARK = re.compile(r"\[?\s*[\^#]?(?:[a-z来源引用]{0,8}\s*[:：]?\s*)\d{1,3}[^\[\]]{0,40}\]?", re.IGNORECASE)
"""The inside of a citation mark: its brackets stay when its address goes."""
_TAG = re.compile(
    r"</?[A-Za-z][A-Za-z0-9-]*(?:\s+[^\s\"'<>/=]+(?:\s*=\s*(?:\"[^\"]*\"|'[^']*'|[^\s\"'=<>`]+))?)*\s*/?>"
)
_BARE_TAG = re.compile(r"</?[A-Za-z][A-Za-z0-9-]*\s*/?>")
_TAG_START = re.compile(r"<[A-Za-z/!?]")
_AUTOLINK = re.compile(r"<([A-Za-z][A-Za-z0-9+.-]{1,31}:[^\s<>]*|[^\s<>@]+@[^\s<>]+)>")
_MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
"""An address for letters: it fetches nothing, and stands without its angles."""
_WORD = re.compile(r"[A-Za-z0-9\-._~:/?#@$&+,;=%\\*'_]+")
"""What an address may begin within."""
_FENCE = re.compile(r"(`{3,})[^`\n]*\n")
_OTHER_FENCE = re.compile(r"[\s>*+\-\d.)]*(?:`{3,}|~{3,})")
"""A fence that is indented, within a list or a quotation, or of tildes: where such a block ends depends on what is
around it, so after one of them nothing but pairs within a line counts as code any more."""
_DEFINITION = re.compile(r"[\s>*+\-\d.)]*\[[^\[\]]*|[^\[]*")


@dataclass
class OutwardFilter:
    """Makes a stream of deltas safe to show.

    Feed deltas in order, then call `finish`. The texts returned, joined, are the answer.
    """

    read: ReadAddresses
    removed: int = 0
    """Addresses and pictures taken out so far."""
    _held: str = ""
    _line: str = ""
    """The line so far, as it was given out."""
    _fence: str = ""
    """The backticks that opened the block we are in."""
    _fences_agree: bool = True
    _stray: bool = False
    """Whether a backtick without partner stands in this paragraph: renderers may pair the next ones otherwise."""
    _out: list[str] = field(default_factory=list)
    _address: re.Match[str] | None = None
    """The next address of the text being drained: sought again for each word, a piece of 16,000 characters would take
    seconds."""
    _sought: bool = False

    def feed(self, delta: str) -> str:
        """Take a delta; give back what is certain."""
        self._held += delta
        return self._drain(final=False)

    def finish(self) -> str:
        """Give back what was held."""
        return self._drain(final=True)

    def _drain(self, *, final: bool) -> str:
        text, at = self._held, 0
        self._out, self._sought = [], False
        while at < len(text):
            step = self._fenced(text, at, final) if self._fence else self._next(text, at, final)
            if step is None:
                break
            piece, at = step
            self._give(piece)
        self._held = text[at:]
        return "".join(self._out)

    def _give(self, piece: str) -> None:
        if self._would_join(piece):
            piece = f" {piece}"
        self._out.append(piece)
        if "\n" not in piece:
            self._line += piece
            return
        for line in re.split(r"(\n)", piece):
            if line == "\n":
                if not self._line.strip():
                    self._stray = False  # A blank line ends the paragraph.
                self._line = ""
            else:
                self._line += line

    def _would_join(self, piece: str) -> bool:
        """Whether what was taken out between them would let two harmless pieces become a tag, a link or a picture."""
        if not piece or not self._line or self._fence:
            return False
        last, first = self._line[-1], piece[0]
        return (
            (last == "<" and bool(_TAG_START.match(f"<{first}")))
            or (last == "]" and (first == "(" or (first == ":" and bool(_DEFINITION.fullmatch(self._line[:-1])))))
            or (last == "!" and first == "[" and "](" in piece)
            or (last == first == "`")
        )

    def _next(self, text: str, at: int, final: bool) -> tuple[str, int] | None:
        """The next certain piece and where to go on, or None to wait for more."""
        char = text[at]
        if char in "`~" and (step := self._block(text, at, final)) is not _NO_BLOCK:
            return step
        if char == "`":
            return self._code(text, at, final)
        if char == "!" and text[at + 1 : at + 2] in ("[", ""):
            return self._picture(text, at, final)
        if char == "[":
            return self._link(text, at, final)
        if char == "]":
            return self._closing(text, at, final)
        if char == "<":
            return self._tag(text, at, final)
        if _WORD.match(char):
            return self._word(text, at, final)
        return char, at + 1

    def _fenced(self, text: str, at: int, final: bool) -> tuple[str, int] | None:
        end = text.find("\n", at)
        if end < 0 and not final and len(text) - at < LONGEST_TARGET:
            return None
        line = text[at : end + 1] if end >= 0 else text[at:]
        closing = re.fullmatch(r" {0,3}(`{3,})[ \t]*\n?", line)
        if closing and len(closing[1]) >= len(self._fence) and not self._line:
            self._fence = ""
        return self._plain(line), at + len(line)

    def _block(self, text: str, at: int, final: bool) -> tuple[str, int] | None:
        """A fence, when one begins here; `_NO_BLOCK` when not."""
        if self._line.strip(" \t>*+-.)0123456789"):
            return _NO_BLOCK
        line_end = text.find("\n", at)
        if line_end < 0 and not final and len(text) - at < LONGEST_TARGET:
            return None if text[at:].startswith(("```", "~~~")) or len(text) - at < 3 else _NO_BLOCK
        fence = _FENCE.match(text, at)
        if self._line or text[at] == "~" or not fence:
            if _OTHER_FENCE.match(text, at) and not (fence is None and not self._line and text[at] == "`"):
                self._fences_agree = False
            return _NO_BLOCK
        if not self._fences_agree:
            return _NO_BLOCK
        self._fence = fence[1]
        return self._plain(fence[0]), fence.end()

    def _code(self, text: str, at: int, final: bool) -> tuple[str, int] | None:
        """A code span within its line; a backtick without partner is a character."""
        run = re.compile(r"`+").match(text, at)
        assert run is not None
        if run.end() == len(text) and not final:
            return None
        if self._stray or self._escapes():
            self._stray = True
            return run[0], run.end()
        partner = re.compile(rf"(?<!`){run[0]}(?!`)").search(text, run.end())
        line_end = text.find("\n", at)
        if partner and partner.end() < len(text) + final and (line_end < 0 or partner.start() < line_end):
            span = text[at : partner.end()]
            # A table row is cut at its bars before code is looked for.
            if not ("|" in span and re.search(r"[\[<]", span)):
                return self._plain(span), partner.end()
        if line_end < 0 and not final and len(text) - at < LONGEST_TARGET:
            return None
        self._stray = True
        return run[0], run.end()

    def _escapes(self) -> bool:
        """Whether the line so far ends in a backslash that takes the meaning from the next sign."""
        return (len(self._line) - len(self._line.rstrip("\\"))) % 2 == 1

    def _picture(self, text: str, at: int, final: bool) -> tuple[str, int] | None:
        if at + 1 == len(text):
            return ("!", at + 1) if final else None
        step = self._link(text, at + 1, final)
        if step is None:
            return None
        inside, end = step
        if end == at + 2:  # Only the bracket was taken: what follows is no address.
            mark = _MARK.match(text, at + 2)
            return ("!" if mark else "") + inside, end
        if _MARK.fullmatch(inside.strip("[]")):
            return f"!{inside}", end
        self.removed += 1
        return "", end

    def _link(self, text: str, at: int, final: bool) -> tuple[str, int] | None:
        """`[label](target)` as what may be shown of it; any other bracket as the character it is."""
        close = _partner(text, at, "[", "]", LONGEST_LABEL)
        if close is None or (close >= 0 and close + 1 == len(text)):
            return ("[", at + 1) if final else None
        if close < 0 or text[close + 1] != "(":
            return "[", at + 1
        end = _partner(text, close + 1, "(", ")", LONGEST_TARGET)
        if end is None and not final:
            return None
        label = OutwardFilter(self.read, _stray=True)
        shown = label.feed(text[at + 1 : close]) + label.finish()
        self.removed += label.removed
        if end is None or end < 0:
            return f"[{shown}] ", close + 1
        target = text[close + 2 : end].split()
        address = target[0].strip("<>") if target else ""
        if address in self.read:
            return f"[{shown}]({address})", end + 1
        if address:
            self.removed += 1
        return (f"[{shown}]" if _MARK.fullmatch(shown) and "[" not in shown else shown), end + 1

    def _closing(self, text: str, at: int, final: bool) -> tuple[str, int] | None:
        """A bracket that closes what was too long to be held: it must neither point nor define."""
        if at + 1 == len(text):
            return ("]", at + 1) if final else None
        after = text[at + 1]
        if after == "(" or (after == ":" and _DEFINITION.fullmatch(self._line)):
            return "] ", at + 1
        return "]", at + 1

    def _tag(self, text: str, at: int, final: bool) -> tuple[str, int] | None:
        """An address between angles, a tag as code, or the sign itself, kept from becoming HTML."""
        if at + 1 == len(text):
            return ("<", at + 1) if final else None
        if link := _AUTOLINK.match(text, at):
            if link[1] in self.read:
                return link[0], link.end()
            if _MAIL.fullmatch(link[1]) or stays_here(link[1]):
                return link[1], link.end()
            self.removed += 1
            return REMOVED, link.end()
        if not _TAG_START.match(text, at):
            return "<", at + 1
        if tag := _TAG.match(text, at):
            if not _BARE_TAG.fullmatch(tag[0]):
                self.removed += 1
                return "", tag.end()
            as_text = self._stray or self._escapes()
            return (tag[0].replace("<", "< ") if as_text else f"`{tag[0]}`"), tag.end()
        open_ = ">" not in text[at:] and "\n" not in text[at:] and len(text) - at < LONGEST_TARGET
        return None if open_ and not final else ("< ", at + 1)

    def _word(self, text: str, at: int, final: bool) -> tuple[str, int] | None:
        """A word, which may be the beginning of an address."""
        word = _WORD.match(text, at)
        assert word is not None
        found = self._address_from(text, at)
        if found is None or found.start() >= word.end():
            ahead = text[word.end() : word.end() + 3]
            open_ = not ahead or (ahead in ("：", "：/") and len(text) < word.end() + 3)
            waiting = open_ and not final and len(word[0]) < LONGEST_TARGET
            return None if waiting else (word[0], word.end())
        rest = REST.match(text, found.end())
        assert rest is not None
        if rest.end() == len(text) and not final and rest.end() - at < LONGEST_TARGET:
            return None
        end = max(address_end(text, found.start()), found.end())
        return self._plain(text[at:end]), end

    def _address_from(self, text: str, at: int) -> re.Match[str] | None:
        """The first address at or after `at`."""
        if not self._sought or (self._address is not None and self._address.start() < at):
            self._address, self._sought = ADDRESS.search(text, at), True
        return self._address

    def _plain(self, text: str) -> str:
        safe, removed = without_addresses(text, self.read)
        self.removed += removed
        return safe


_NO_BLOCK = ("", -1)


def safe_text(text: str, read: ReadAddresses) -> str:
    """The whole text at once."""
    outward = OutwardFilter(read)
    return outward.feed(text) + outward.finish()


def _partner(text: str, at: int, opener: str, closer: str, longest: int) -> int | None:
    """Where the bracket at `at` closes; -1 when it does not within its line and `longest`; None to wait for more.

    The first bracket counts whatever stands before it, which may have been given out already.
    """
    depth = 0
    for place in range(at, min(len(text), at + longest)):
        char = text[place]
        if char == "\n":
            return -1
        if char in (opener, closer) and (place == at or text[place - 1] != "\\"):
            depth += 1 if char == opener else -1
            if depth == 0:
                return place
    return None if len(text) < at + longest else -1
