import os
import time

from tools.local_library.workers import Lost, Workers


def act(job: str) -> str:
    if job == "hang":
        time.sleep(60)
    if job == "die":
        os._exit(7)
    if job == "raise":
        raise ValueError(job)
    return job.upper()


def test_a_job_that_hangs_dies_or_raises_is_lost_alone() -> None:
    jobs = ["a", "hang", "b", "die", "c", "raise", "d"]
    with Workers(act, count=2, timeout_s=1.0) as workers:
        outcomes = dict(workers.run(jobs))
    assert {job: outcomes[job] for job in "abcd"} == {"a": "A", "b": "B", "c": "C", "d": "D"}
    assert outcomes["hang"] == Lost("It took longer than 1 s.")
    assert outcomes["die"] == Lost("It crashed its worker process.")
    assert outcomes["raise"] == Lost("ValueError while it was read.")


def test_jobs_are_taken_only_as_workers_become_free() -> None:
    taken = []

    def jobs() -> object:
        for name in "abcdef":
            taken.append(name)
            yield name

    with Workers(act, count=1, timeout_s=10.0) as workers:
        run = workers.run(jobs())  # type: ignore[arg-type]
        assert next(run) == ("a", "A")
        assert len(taken) <= 2


def test_closing_ends_a_worker_at_work() -> None:
    workers = Workers(act, count=1, timeout_s=60.0)
    with workers:
        run = workers.run(["a", "hang"])
        assert next(run) == ("a", "A")
        closing = time.monotonic()
    assert time.monotonic() - closing < 5
