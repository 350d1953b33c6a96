"""The library on this disk as a search provider. Needs a library file with pages in it."""

from pathlib import Path

from tools.local_library.provider import LibrarySearch
from tools.search import ProviderOptions, SearchProvider


def make(options: ProviderOptions) -> SearchProvider:
    """The provider over `options.local_library_path`."""
    return LibrarySearch(Path(options.local_library_path), timeout_s=options.timeout_s)
