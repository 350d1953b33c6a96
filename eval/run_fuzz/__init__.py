"""Random runs against the promises of a run: `python -m eval.run_fuzz --runs 200 --seed 1`.

`world.py` makes searchers, pages and models that answer, stall and break at random, from a seed; `promises.py` holds
what a run told against what it promises; `__main__.py` runs many, some at once, some left by their listener.
"""
