from eval.bench.ready import HANGING, PAGES, Ready, measure_ready, report


async def test_a_page_that_hangs_is_left_behind_and_the_others_are_read() -> None:
    found = await measure_ready(1)
    assert 0.7 < found[0].seconds < 3  # The bar itself is for a quiet machine: `python -m eval.bench.ready --check`.
    assert found[0].read >= PAGES - 2 > HANGING
    assert found[0].passages > 0
    assert "the page did not answer when most others had" in found[0].failed


def test_a_missed_bar_is_told() -> None:
    slow = Ready(seconds=1.2, read=5, failed=("late",), passages=3)
    assert "MISSED" in report([slow])
    assert "given up: late" in report([slow])
