"""A library of documents on disk that can be searched like the web.

Folders and sites are added to one SQLite file, cleaned, cut into sections and indexed with FTS5; a search ranks pages
by their best sections. Knows nothing of models or runs.
"""

from tools.library.candidates import Filters
from tools.library.crawl import CrawlLimits
from tools.library.finding import Hit
from tools.library.library import Library
from tools.library.report import AddReport, Root

__all__ = ["AddReport", "CrawlLimits", "Filters", "Hit", "Library", "Root"]
