"""A library of documents on disk that can be searched like the web.

Folders and sites are added to one SQLite file, cleaned, cut into sections and indexed with FTS5; a search ranks pages
by their best sections. Knows nothing of models or runs.
"""

from tools.local_library.candidates import Filters
from tools.local_library.crawl import CrawlLimits
from tools.local_library.finding import Hit
from tools.local_library.local_library import Library
from tools.local_library.report import AddReport, Root

__all__ = ["AddReport", "CrawlLimits", "Filters", "Hit", "Library", "Root"]
