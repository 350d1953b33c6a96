"""The guarded fetcher: the only way out of this process for page addresses.

Knows nothing of what a page says; hands over bytes, or an error that says why there are none.
"""

from tools.fetch.fetched import Fetched, FetchLimits, Validators
from tools.fetch.fetcher import Fetcher

__all__ = ["FetchLimits", "Fetched", "Fetcher", "Validators"]
