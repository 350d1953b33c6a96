from eval.overhead import Overhead, measure_overhead, table


async def test_the_overhead_of_a_whole_run_is_told_by_node() -> None:
    found = await measure_overhead(2_000, runs=2)
    assert found.citations > 0
    assert 0 < found.median_ms <= found.slowest_ms
    assert {"plan_queries", "search_web", "read_pages", "select_passages", "write_answer", "check_claims"} <= set(
        found.nodes_ms
    )


def test_a_missed_bar_is_said() -> None:
    slow = Overhead(
        page_chars=2_000, median_ms=26.0, slowest_ms=30.0, cpu_ms=25.0, nodes_ms={"check_claims": 20}, citations=2
    )
    assert not slow.held
    assert "MISSED" in table([slow])
