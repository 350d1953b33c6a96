import pytest

from tools.clean.html import clean_html

MORE = "More words stand here, so that the page has some text of its own. " * 6
ARTICLE = "<html><body><nav><a href='/'>Home</a></nav><article><h1>Limits</h1><p>{}</p></article></body></html>"
MANUAL = (
    "<html><body><div class='body' role='main'><dl><dt>x</dt><dd>y</dd></dl><pre>a</pre><p>{}</p></div></body></html>"
)


@pytest.mark.parametrize("page", [ARTICLE, MANUAL], ids=["an article", "a manual"])
@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("at most 2<sup>64</sup> rows", "at most 2^64 rows"),
        ("10<sup>-9</sup> seconds", "10^-9 seconds"),
        ("<var>10</var><sup><small>9</small></sup> bytes", "10^9 bytes"),
        ("2<sup>n</sup> ways", "2^n ways"),
        ("in 1990<sup><a href='#note'>3</a></sup> it rose", "in 1990 3 it rose"),
        ("the 1<sup>st</sup> of May", "the 1st of May"),
        ("an area of 5 m<sup>2</sup>", "an area of 5 m2"),
    ],
)
def test_a_raised_figure_is_no_part_of_the_figure_before_it(page: str, written: str, read: str) -> None:
    assert read in clean_html(page.format(f"There are {written}. {MORE}"), "http://a.example/").text
