"""Plots as inline SVG: bars with intervals, and curves with bands. Pure; nothing is loaded from elsewhere."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

WIDTH, LEFT, RIGHT = 720, 240, 60
BAR, GAP = 14, 10
PLOT_HEIGHT = 240
TICKS = (0.0, 0.25, 0.5, 0.75, 1.0)
LABEL_CHARS = 38
"""Longest label beside a bar."""
COLOURS = ("a", "b", "c", "d", "e", "f")
"""Classes of the style sheet, in the order of arms."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """A figure between 0 and 1 with its interval."""

    label: str
    value: float
    low: float
    high: float
    series: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """Points of one series, x between 0 and 1."""

    label: str
    points: Sequence[tuple[float, float, float, float]]
    """(x, value, low, high), x rising."""
    series: int = 0


def bars(title: str, rows: Sequence[Bar]) -> str:
    """Horizontal bars, one a row, each with its 95 % interval as a whisker."""
    height = (BAR + GAP) * len(rows) + 34
    inside = WIDTH - LEFT - RIGHT
    parts = [_axis(inside, height)]
    for n, row in enumerate(rows):
        y = n * (BAR + GAP) + 4
        middle = y + BAR / 2
        parts.append(
            f'<text x="{LEFT - 8}" y="{middle + 4:.1f}" class="end">{escape(row.label[-LABEL_CHARS:])}</text>'
            f'<rect x="{LEFT}" y="{y}" width="{inside * row.value:.1f}" height="{BAR}" class="{_colour(row.series)}"/>'
            f'<line x1="{LEFT + inside * row.low:.1f}" x2="{LEFT + inside * row.high:.1f}" y1="{middle}" y2="{middle}" '
            'class="whisker"/>'
            f'<text x="{LEFT + inside * max(row.value, row.high) + 6:.1f}" y="{middle + 4:.1f}">'
            f"{100 * row.value:.1f} %</text>"
        )
    return _frame(title, height, parts)


def curves(title: str, x_name: str, lines: Sequence[Line], *, diagonal: bool = False) -> str:
    """Lines over x, both axes from 0 to 1, with a band for the interval."""
    inside, height = WIDTH - LEFT - RIGHT, PLOT_HEIGHT
    parts = [_axis(inside, height + 34, name=x_name)]
    for tick in TICKS:
        y = _y(tick)
        parts.append(
            f'<line x1="{LEFT}" x2="{LEFT + inside}" y1="{y:.1f}" y2="{y:.1f}" class="grid"/>'
            f'<text x="{LEFT - 8}" y="{y + 4:.1f}" class="end">{100 * tick:.0f} %</text>'
        )
    if diagonal:
        parts.append(f'<line x1="{LEFT}" y1="{_y(0):.1f}" x2="{LEFT + inside}" y2="{_y(1):.1f}" class="grid dashed"/>')
    for n, line in enumerate(lines):
        spots = [(LEFT + inside * x, _y(value), _y(low), _y(high)) for x, value, low, high in line.points]
        band = [f"{x:.1f},{high:.1f}" for x, _, _, high in spots]
        band += [f"{x:.1f},{low:.1f}" for x, _, low, _ in reversed(spots)]
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y, _, _ in spots)
        colour = _colour(line.series)
        parts.append(f'<polygon points="{" ".join(band)}" class="{colour} band"/>')
        parts.append(f'<polyline points="{path}" class="{colour} stroke"/>')
        parts += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" class="{colour}"/>' for x, y, _, _ in spots]
        parts.append(
            f'<rect x="4" y="{n * 20 + 4}" width="10" height="10" class="{colour}"/>'
            f'<text x="20" y="{n * 20 + 13}">{escape(line.label)}</text>'
        )
    return _frame(title, height + 34, parts)


def _y(value: float) -> float:
    return PLOT_HEIGHT - (PLOT_HEIGHT - 16) * value


def _colour(series: int) -> str:
    return COLOURS[series % len(COLOURS)]


def _axis(inside: int, height: int, *, name: str = "") -> str:
    marks = "".join(
        f'<line x1="{x:.1f}" x2="{x:.1f}" y1="0" y2="{height - 26}" class="grid"/>'
        f'<text x="{x:.1f}" y="{height - 12}" class="middle">{100 * tick:.0f} %</text>'
        for tick, x in ((tick, LEFT + inside * tick) for tick in TICKS)
    )
    return marks + (f'<text x="{LEFT + inside}" y="{height}" class="end">{escape(name)}</text>' if name else "")


def _frame(title: str, height: int, parts: Sequence[str]) -> str:
    return (
        f'<figure><figcaption>{escape(title)}</figcaption><svg viewBox="0 0 {WIDTH} {height + 4}" role="img" '
        f'aria-label="{escape(title)}"><title>{escape(title)}</title>{"".join(parts)}</svg></figure>'
    )
