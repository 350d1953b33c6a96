"""Errors of the tools, each with a remedy a user can act on.

ToolError
├── SearchError            a provider gave no answer at all
│   ├── SearchBlocked      the provider refuses us for now (captcha, 403, 429)
│   ├── SearchQuotaExceeded the plan's quota is spent
│   ├── SearchRefused      wrong or missing key, or JSON output switched off
│   │   └── SearchNotSetUp it has nothing to search yet
│   └── SearchUnreachable  nobody answers there, or not in time
├── FetchError             one page could not be had; an outcome of the run, never its end
│   ├── UrlRefused         the address may not be fetched
│   ├── PageTimeout        the whole-fetch wall clock ran out
│   ├── PageTooLarge       more bytes than allowed
│   ├── PageUnavailable    an HTTP error status, or the connection failed
│   └── NotText            a content type that cannot be read
├── CleanError             a page was had but no text could be taken from it
│   └── NeedsScript        its text would have to be drawn by JavaScript first
└── LibraryError           the index file cannot be used
    ├── NotInLibrary       there is no such folder, file or site
    └── LibraryCorrupt     it is not an index of ours, or damaged
"""


class ToolError(Exception):
    """Something outside failed; `remedy` says in one sentence what to do about it."""

    def __init__(self, message: str, *, remedy: str = "") -> None:
        super().__init__(message)
        self.remedy = remedy


class SearchError(ToolError):
    """A provider gave no answer; `provider` names it."""

    def __init__(self, message: str, *, provider: str = "", remedy: str = "") -> None:
        super().__init__(message, remedy=remedy)
        self.provider = provider


class SearchBlocked(SearchError):
    """The provider refuses us for now: never the same as 'nothing found'."""


class SearchQuotaExceeded(SearchError):
    """The plan's quota is spent."""


class SearchRefused(SearchError):
    """A wrong or missing key, or a format that is switched off."""


class SearchNotSetUp(SearchRefused):
    """There is nothing to search yet: not the same as 'nothing found', and over as soon as the user has acted."""


class SearchUnreachable(SearchError):
    """Nobody answers there, or not in time."""


class FetchError(ToolError):
    """One page could not be had."""


class UrlRefused(FetchError):
    """The address may not be fetched."""


class PageTimeout(FetchError):
    """The whole-fetch wall clock ran out."""


class PageTooLarge(FetchError):
    """More bytes than allowed."""


class PageUnavailable(FetchError):
    """An HTTP error status, or the connection failed."""


class NotText(FetchError):
    """A content type that cannot be read."""


class CleanError(ToolError):
    """A page was had but no text could be taken from it."""


class NeedsScript(CleanError):
    """The page is empty until its scripts have drawn it."""


class LibraryError(ToolError):
    """The index file cannot be used."""


class NothingToIndex(LibraryError):
    """A file or folder that holds no page of a kind that can be indexed."""


class NotInLibrary(LibraryError):
    """There is no such folder, file or site."""


class LibraryCorrupt(LibraryError):
    """The file is not an index of ours, or it is damaged."""
