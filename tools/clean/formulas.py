"""MathML -> text in one line: `<msup>` flattened would make 264 of 2^64, `<mfrac>` 12 of 1/2."""

import re

from tools.clean.blocks import one_line
from tools.clean.tree import HtmlElement
from tools.clean.walk import inline_text

_SIMPLE = re.compile(r"[-+−]?(?:[\d.,]+|\w)|√?\w")


def write_out_formulas(tree: HtmlElement) -> bool:
    """Turn every formula into text, in place; whether there was one.

    Article cleaners drop `<math>` without a word: `There are <math>…</math> rows` would lose its figure.
    """
    formulas = list(tree.iter("math"))
    for formula in formulas:
        # From the innermost on, so that a fraction within a power is told first.
        for part in reversed(list(formula.iter("msup", "msubsup", "mfrac", "msqrt"))):
            _write_out(part)
        _become(formula, one_line(inline_text(formula)))
    return bool(formulas)


def _write_out(part: HtmlElement) -> None:
    pieces = [one_line(inline_text(child)) for child in part]
    if part.tag == "msqrt":
        _become(part, "√" + _grouped("".join(pieces)))
    elif len(pieces) < 2:
        return
    elif part.tag == "mfrac":
        # Apart from a whole number before it: 5 1/2 is not 51/2.
        _become(part, f" {_grouped(pieces[0])}/{_grouped(pieces[1])}")
    else:
        _become(part, f"{''.join(pieces[:-1])}^{_grouped(pieces[-1])}")


def _grouped(text: str) -> str:
    return text if _SIMPLE.fullmatch(text) else f"({text})"


def _become(element: HtmlElement, text: str) -> None:
    """An inline element with this text and nothing else."""
    for child in list(element):
        element.remove(child)
    element.tag = "span"
    element.text = text
