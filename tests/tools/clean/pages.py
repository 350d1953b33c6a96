"""Pages for the cleaner's tests, written for them."""

LIGHTHOUSE = [
    "The lighthouse on the northern cape was lit for the first time in 1871, after four winters of building.",
    "Its lamp burned colza oil until 1904, when the keepers were given paraffin and a larger lens.",
    "A storm in 1938 broke the gallery glass, and the light stayed dark for eleven nights in a row.",
    "Since 1986 nobody has lived in the tower; a sensor on the mainland reports when the bulb has failed.",
    "Walkers may climb the 142 steps on Sundays from May to September, when a volunteer opens the door.",
    "The fog horn, silent for twenty years, was repaired by a school class and sounds at noon on feast days.",
]

FURNITURE = (
    '<nav><a href="/">Home</a> <a href="/boats">Boats</a> <a href="/sign-in">Sign in to your account</a></nav>',
    '<footer><p>Copyright the harbour office. All rights reserved.</p><a href="/privacy">Privacy notice</a></footer>',
    '<div class="cookie-banner"><p>We use cookies to improve your visit. Accept all cookies?</p></div>',
)


def paragraphs(texts: list[str]) -> str:
    return "".join(f"<p>{text}</p>" for text in texts)


def article(inside: str = "", *, head: str = "<title>The northern light</title>") -> bytes:
    """An article with navigation around it; `inside` stands between its paragraphs."""
    body = paragraphs(LIGHTHOUSE[:3]) + inside + paragraphs(LIGHTHOUSE[3:])
    navigation, footer, cookies = FURNITURE
    return (
        f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8">{head}</head><body>{navigation}{cookies}'
        f"<main><article><h1>The northern light</h1>{body}</article></main>{footer}</body></html>"
    ).encode()


def manual(inside: str) -> bytes:
    """A page of a manual: what reads it walks its structure."""
    return (
        '<html><head><title>A manual</title><meta name="generator" content="DocBook XSL"></head><body>'
        f'<div class="navheader"><a href="a.html">Prev</a> <a href="b.html">Next</a></div>{inside}</body></html>'
    ).encode()
