"""The long page: a gazetteer of 83 places, rendered from `gazetteer.tsv`. Knows nothing of HTTP."""

import csv
from dataclasses import dataclass
from html import escape
from importlib.resources import files

_INTROS = (
    "{name} is a {kind} in the parish of {parish}, {km} kilometres {direction} of Port Ansley.",
    "In the parish of {parish}, {km} kilometres {direction} of Port Ansley, lies the {kind} called {name}.",
    "The {kind} of {name} is found {km} kilometres {direction} of Port Ansley and belongs to the parish of {parish}.",
    "{name}, {km} kilometres {direction} of Port Ansley, is a {kind} of {parish} parish.",
)
_RECORDS = (
    "The oldest record that names it is dated {year}.",
    "Its name is first written in a parish book of {year}.",
    "It appears for the first time on a chart of {year}.",
)
_WALKS = (
    "The walk from the tram stop {stop} takes {minutes}.",
    "Coming by tram, get off at {stop} and allow {minutes} on foot.",
    "It is reached on foot from the tram stop {stop} in {minutes}.",
)
_SIZES = {
    "beach": "Its sand runs for {size} metres between the rocks.",
    "cairn": "Its stones are piled {size} metres high.",
    "cave": "It goes {size} metres into the cliff.",
    "chapel": "It seats {size} people.",
    "cove": "Its mouth is {size} metres wide at low water.",
    "farm": "Its fields cover {size} hectares.",
    "footbridge": "It crosses the water in a single span of {size} metres.",
    "hill": "It rises {size} metres above the sea.",
    "mill": "Its wheel measures {size} metres across.",
    "quarry": "The pit was cut {size} metres deep before work stopped.",
    "rock": "It stands {size} metres clear of the highest tides.",
    "stream": "It runs for {size} kilometres before it reaches the sea.",
    "tarn": "Soundings give it a greatest depth of {size} metres.",
    "village": "It had {size} inhabitants at the census of 2025.",
    "well": "Its shaft is {size} metres deep.",
    "wood": "It covers {size} hectares.",
}
_HEAD = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>Gazetteer of Harrowick</title>
<meta name="date" content="2026-05-28">
</head>
<body>
<nav><a href="/">Index</a> <a href="/en/harrowick.html">The island</a> <a href="/en/tramway.html">Trams</a></nav>
<h1>Gazetteer of Harrowick</h1>
<p>Every named place on the island outside the town, in the order of the alphabet, with its parish, its first record,
its size and the way to it. Walking times are for an adult in dry weather. Distances are measured along the shortest
road or path from the Market Hall of Port Ansley and rounded to whole kilometres.</p>
"""
_TAIL = """<p>Corrections are welcome at the town library in <a href="/en/port-ansley.html">Port Ansley</a>.</p>
</body>
</html>
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One row of the table; the columns keep the words the page uses."""

    name: str
    parish: str
    kind: str
    year: int
    size: int | float
    """In the unit that the sentence of its kind names."""
    km: int
    direction: str
    walk_from: str
    walk_min: int
    remark: str


def read_places() -> list[Place]:
    """Every place, in alphabetical order."""
    text = (files("eval.sample_web") / "gazetteer.tsv").read_text(encoding="utf-8")
    return [_parse_place(row) for row in csv.DictReader(text.splitlines(), delimiter="\t")]


def render_gazetteer() -> str:
    """The whole page as HTML, more than 30,000 characters long."""
    return _HEAD + "".join(_render_place(number, place) for number, place in enumerate(read_places())) + _TAIL


def _parse_place(row: dict[str, str]) -> Place:
    return Place(
        name=row["name"],
        parish=row["parish"],
        kind=row["kind"],
        year=int(row["year"]),
        size=float(row["size"]) if "." in row["size"] else int(row["size"]),
        km=int(row["km"]),
        direction=row["direction"],
        walk_from=row["walk_from"],
        walk_min=int(row["walk_min"]),
        remark=row["remark"],
    )


def _render_place(number: int, place: Place) -> str:
    """One section; the wordings take turns so that no two neighbours read alike."""
    intro = _INTROS[number % len(_INTROS)].format(
        name=place.name, kind=place.kind, parish=place.parish, km=place.km, direction=place.direction
    )
    record = _RECORDS[number % len(_RECORDS)].format(year=place.year)
    size = _SIZES[place.kind].format(size=f"{place.size:,}")
    walk = _WALKS[number % len(_WALKS)].format(stop=place.walk_from, minutes=_say_minutes(place.walk_min))
    return (
        f"<h2>{escape(place.name)}</h2>\n<p>{escape(intro)} {record} {size}</p>\n"
        f"<p>{escape(place.remark)} {escape(walk)}</p>\n"
    )


def _say_minutes(minutes: int) -> str:
    return "one minute" if minutes == 1 else f"{minutes} minutes"
