"""What the replay servers talk about: invented tidal power stations, one a run, so that no cache helps."""

import random
from dataclasses import dataclass
from itertools import pairwise

RESULTS = 10
"""Results of a search."""
SHIFT = 4
"""A query in other words finds results from this page on: some of the same pages, and new ones."""
PAGES = RESULTS + SHIFT
"""Pages there are about each topic."""

_NAMES = (
    "Varnholt",
    "Oskeld",
    "Tremarne",
    "Dunlow",
    "Kessary",
    "Ardvane",
    "Brackmoor",
    "Selwick",
    "Thornay",
    "Umberhaven",
)

_FACTS = (
    "The {name} barrage produces {power} megawatts of power at spring tide.",
    "The {name} tidal barrage was completed in {year} after nine years of building.",
    "In a normal year the {name} tidal barrage delivers {energy} gigawatt hours to the grid.",
    "Its {turbines} bulb turbines run in both directions of the tide.",
    "The wall of the {name} barrage is {length} metres long and carries a road.",
    "Two locks let boats of up to {boat} metres pass the {name} barrage at any tide.",
    "The tidal range at {name} is {range_} metres on average.",
    "Each turbine of the {name} tidal barrage was overhauled once between {year2} and {year3}.",
    "The {name} power station is run by a staff of {staff}.",
    "About {visitors} thousand people visit the {name} tidal barrage each year.",
)

_TITLES = (
    "{name} tidal barrage: power and construction",
    "How the {name} barrage was built",
    "{name} barrage, facts and figures",
    "A visit to the {name} power station",
    "Tidal power at {name}",
    "The turbines of the {name} barrage",
    "{name} barrage and its estuary",
    "Thirty years of power from the tide at {name}",
    "{name} tidal barrage in the regional grid",
    "The locks and the road of the {name} barrage",
    "{name} barrage: completion and first power",
    "What the {name} barrage produces in a year",
    "Maintenance at the {name} tidal barrage",
    "{name}, a barrage between two headlands",
)

_OPENINGS = (
    "When the {tide} comes in",
    "On most days of the {season}",
    "Since the {part} was replaced",
    "Before the gates close",
    "As the engineers like to say",
    "In the first years after the opening",
    "Seen from the {place}",
    "According to the yearly report",
    "During the {season} storms",
    "For the people of the {place}",
)
_SUBJECTS = (
    "the {part} is checked by hand",
    "the water behind the wall stands higher than outside",
    "the current along the {place} turns within minutes",
    "the operators watch the {part} from the control room",
    "salt and silt wear down the {part}",
    "the {animal} return to the mudflats",
    "the grid takes what the {part} can give",
    "the noise of the {part} is hardly heard on the {place}",
    "the level of the basin is kept for the {animal}",
    "the crew clears weed from the {part}",
)
_ENDINGS = (
    "which takes most of a shift.",
    "and nobody has found a better way since.",
    "although the forecast is not always right.",
    "so that the next {tide} can be used in full.",
    "while the boats wait in the {place}.",
    "and the figures are written into the log.",
    "because concrete ages faster in sea water.",
    "as the plan for the {season} demands.",
    "before the price of power rises in the evening.",
    "just as the builders had hoped.",
)
_SLOTS = {
    "tide": ("spring tide", "neap tide", "flood", "ebb", "evening tide", "morning tide"),
    "season": ("winter", "summer", "autumn", "spring"),
    "part": ("sluice gate", "third turbine", "generator", "trash rack", "lock gate", "transformer", "guide vane"),
    "place": ("north bank", "harbour", "old quay", "headland", "upper basin", "fishing pier", "visitor centre"),
    "animal": ("wading birds", "eels", "seals", "oystercatchers", "salmon", "grey plovers"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """One question and what the web says about it."""

    name: str
    question: str
    keywords: str
    """A query that only shortens the question."""
    reworded: str
    """A query in other words, which no search for the question's own words replaces."""
    facts: tuple[str, ...]


def topic_of(number: int) -> Topic:
    """The topic of a run; ten differ by name, further ones by their figures too."""
    name = _NAMES[number % len(_NAMES)] + (f" {number // len(_NAMES) + 1}" if number >= len(_NAMES) else "")
    dice = random.Random(f"facts of {number}")
    year = dice.randint(1968, 1999)
    figures = {
        "power": dice.randint(120, 900),
        "year": year,
        "energy": dice.randint(300, 1900),
        "turbines": dice.choice(("twelve", "eighteen", "twenty-four", "thirty")),
        "length": dice.randint(400, 2900),
        "boat": dice.randint(12, 70),
        "range_": f"{dice.randint(50, 110) / 10}",
        "year2": year + 12,
        "year3": year + 19,
        "staff": dice.randint(28, 90),
        "visitors": dice.randint(20, 400),
    }
    return Topic(
        name=name,
        question=f"How much power does the {name} tidal barrage produce and when was it completed?",
        keywords=f"power {name} tidal barrage produce completed",
        reworded=f"{name} barrage megawatts opening year history",
        facts=tuple(fact.format(name=name, **figures) for fact in _FACTS),
    )


def title_of(topic: Topic, page: int) -> str:
    """The title of a page about the topic."""
    return _TITLES[page].format(name=topic.name)


def page_html(topic: Topic, page: int, *, kilobytes: float) -> str:
    """A page about the topic: its prose between a menu, an advert and a footer."""
    blocks = page_prose(topic, page, chars=round(kilobytes * 1000)).split("\n\n")
    body = "".join(f"<p>{block}</p>" if block.endswith(".") else f"<h2>{block}</h2>" for block in blocks)
    title = title_of(topic, page)
    menu = "".join(f'<li><a href="/{word}">{word.title()}</a></li>' for word in ("home", "news", "tides", "contact"))
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title></head><body>'
        f"<header><nav><ul>{menu}</ul></nav></header><main><article><h1>{title}</h1>{body}</article></main>"
        '<aside class="advert"><p>Boats for hire. <a href="/hire">Book now</a></p></aside>'
        "<footer><p>All about tides. <a href='/privacy'>Privacy</a></p></footer></body></html>"
    )


def page_prose(topic: Topic, page: int, *, chars: int) -> str:
    """Paragraphs about the topic with a few of its facts, and a heading now and then; at least `chars` long."""
    dice = random.Random(f"{topic.name} {page}")
    facts = [topic.facts[(page + step) % len(topic.facts)] for step in (0, 3, 5, 8)] + [topic.facts[0], topic.facts[1]]
    blocks: list[str] = []
    size = 0
    while size < chars or facts:
        sentences = [_sentence(dice) for _ in range(dice.randint(3, 7))]
        if facts:
            sentences.insert(dice.randint(0, len(sentences)), facts.pop(0))
        if len(blocks) % 6 == 5:
            blocks.append(_sentence(dice).split(",")[0])
        blocks.append(" ".join(sentences))
        size += len(blocks[-1])
    return "\n\n".join(blocks)


def page_kilobytes(page: int) -> float:
    """Sizes from 6 to 60 KB, neither rising nor falling with the rank."""
    return (6, 24, 60, 12, 36, 18, 48, 9, 30, 54, 15, 42, 21, 27)[page]


def answer_text(topic: Topic, prompt: str, *, tokens: int, chars_per_token: int) -> str:
    """An answer out of the prompt's own sources: each fact with the number of a source that holds it."""
    blocks = dict(_numbered_blocks(prompt))
    said: list[str] = []
    for fact in topic.facts:
        number = next((number for number, block in blocks.items() if fact in block), None)
        if number is not None:
            said.append(f"{fact[:-1]} [{number}].")
    text = " ".join(said or [topic.facts[0]])
    while len(text) < tokens * chars_per_token:
        text += " " + (said or [topic.facts[0]])[len(text) % max(1, len(said))]
    # Whole sentences up to the length wanted.
    cut = text.rfind(". ", 0, tokens * chars_per_token)
    return text[: cut + 1] if cut > 0 else text


def pieces_of(text: str, tokens: int) -> list[str]:
    """The text in exactly `tokens` pieces (fewer only when it has fewer characters)."""
    bounds = [round(len(text) * n / tokens) for n in range(tokens + 1)]
    return [text[a:b] for a, b in pairwise(bounds) if b > a]


def _numbered_blocks(prompt: str) -> list[tuple[int, str]]:
    blocks: list[tuple[int, str]] = []
    for line in prompt.splitlines():
        head, closed, _ = line[1:].partition("]")
        if line.startswith("[") and closed and head.isdigit():
            blocks.append((int(head), line))
        elif blocks:
            blocks[-1] = (blocks[-1][0], f"{blocks[-1][1]}\n{line}")
    return blocks


def _sentence(dice: random.Random) -> str:
    text = f"{dice.choice(_OPENINGS)}, {dice.choice(_SUBJECTS)}, {dice.choice(_ENDINGS)}"
    for slot, words in _SLOTS.items():
        while f"{{{slot}}}" in text:
            text = text.replace(f"{{{slot}}}", dice.choice(words), 1)
    return text
