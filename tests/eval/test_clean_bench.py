import re

import pytest

from eval.clean_bench import main
from eval.clean_pages import KINDS, PAGE_BYTES, make_page
from tools.clean import clean


@pytest.mark.parametrize("kind", KINDS)
def test_a_made_page_has_the_size_of_a_real_one_and_its_content_is_found(kind: str) -> None:
    page = make_page(kind, seed=3)
    assert abs(len(page) - PAGE_BYTES) < 0.05 * PAGE_BYTES
    assert 800 < len(re.findall(rb"<[a-z]", page)) < 4_000
    assert page == make_page(kind, seed=3) != make_page(kind, seed=4)
    assert len(clean(page, content_type="text/html", url="http://localhost/").text) > 2_000


def test_the_program_prints_speed_and_spread_of_each_group(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--pages", "1"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.partition(":")[0] for line in lines[:2]] == ["sample web", "made"]
    assert all(word in lines[1] for word in ("median pages/s", "p95", "worst"))
