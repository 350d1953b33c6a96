"""Sentences of a run by what they say, so that the page can say them in the reader's language.

The run tells verdict reasons, warnings and failures in English. What is not recognised here is shown as it is.
"""

import re
from collections.abc import Mapping

from pydantic import Field

from service.ui.shown import Shown


class Told(Shown):
    """One sentence: as it is, and as an entry of the catalogue with the words to put in."""

    text: str
    key: str = ""
    """Empty when no entry says it."""
    values: dict[str, str] = Field(default_factory=dict)


_KNOWN: Mapping[str, re.Pattern[str]] = {
    key: re.compile(pattern, re.DOTALL)
    for key, pattern in {
        "why_differs": r"the source (?:says|gives) (?P<there>.+), not (?P<here>.+)",
        "why_gives": r"number (?P<here>.+) is not in the source, which gives (?P<there>.+)",
        "why_number": r"number (?P<here>.+) is not in the source",
        "why_words": r"the words of the claim are not in the source|no evidence",
        "why_name": r"(?P<here>.+) is not in the source",
        "why_negated": r"one of the two is negated",
        "why_no_source": r"no source|no mark; checked against all sources",
        "corrected": r"(?:A )?citation (?:was )?corrected: .+",
        "note_search": r"The search for “(?P<query>.+)” failed: (?P<reason>.+)",
        "note_cut": r"The answer breaks off: (?P<reason>.+)",
        "note_long": r"The answer was cut at its longest length\.",
        "note_fallback": r"The model (?P<model>\S+) did not answer \((?P<reason>.+)\)\. The \S+ model looked .+",
        "note_orders": r"Source \[(?P<number>\d+)\] \((?P<site>.+)\) holds instructions to programs .+",
        "note_plan": r"The model did not decide what to search for \((?P<reason>.+)\); .+",
        "note_outward": r"(?P<n>\d+) web addresses, pictures or tags .+",
        "note_recited": r"The model recited its instructions; .+",
        "page_status": r"The site answered HTTP (?P<status>\d+)\.",
        "page_slow": r"the page did not answer .+|.*did not (?:answer|arrive) (?:in time|within .+)\.?",
        "page_script": r"The page is drawn by JavaScript\.|The page shows only a notice about JavaScript .+",
        "page_empty": r"The page (?:is empty|has no readable text).*",
        "page_kind": r"The page is (?:no|not|.+, not) text.*",
        "page_pdf": r"The PDF .+",
        "page_large": r"The page (?:is larger|unpacks) .+",
        "page_closed": r"The address may not be fetched: .+",
        "page_unconnected": r"The connection failed\.|The server (?:broke off|does not accept) .+",
        "page_nameless": r"The host name has no address\.",
        "page_wait": r"The site asked us to wait; .+",
    }.items()
}
"""By key of the catalogue, in the order they are tried."""


def told(text: str) -> Told:
    """The sentence with its entry."""
    for key, pattern in _KNOWN.items():
        found = pattern.fullmatch(text)
        if found:
            values = {name: value.strip() for name, value in found.groupdict().items()}
            return Told(text=text, key=key, values=values)
    return Told(text=text)
