"""`python -m eval.verifier …`: one command for each figure of the verifier, and one that trains it.

attributionbench   cross-validation by question on judged pairs (needs --data)
layers             the layers of your settings alone and together, on the same folds (needs --data)
transfer           the shipped weights on data they have not seen: wice, factcheck_gpt, rgb_zh_fact (needs --data)
swaps              number and name swaps over the sample web
planted            false sentences among true ones over the sample web, and what `drop` leaves
time               milliseconds a claim, and of a whole answer
train              write agent/verify/weights.json (needs --data)
"""

import argparse
import asyncio
import os
import sys
from collections.abc import Callable
from pathlib import Path

from agent.errors import Misconfigured
from agent.settings import Settings
from eval.verifier import figures
from eval.verifier.data import DataMissing
from eval.verifier.layers import compare_layers


def main(arguments: list[str] | None = None) -> int:
    """Run one command; 2 where the data is missing."""
    parser = argparse.ArgumentParser(prog="python -m eval.verifier", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    figures_told = ["attributionbench", "layers", "transfer", "swaps", "planted", "time", "train"]
    parser.add_argument("figure", choices=figures_told)
    settings = Settings()
    parser.add_argument("--data", type=Path, default=Path(settings.eval.data_dir), help="folder of the evaluation data")
    parser.add_argument("--seed", type=int, default=0, help="of folds, swaps and answers")
    parser.add_argument("--limit", type=int, default=None, help="claims for `layers`, for slow models")
    parser.add_argument("--answers", type=int, default=500, help="answers written for `planted`")
    chosen = parser.parse_args(arguments)
    commands: dict[str, Callable[[], str]] = {
        "attributionbench": lambda: figures.attributionbench(chosen.data, chosen.seed),
        "layers": lambda: asyncio.run(compare_layers(settings, chosen.data, seed=chosen.seed, limit=chosen.limit)),
        "transfer": lambda: figures.transfer(chosen.data),
        "swaps": lambda: figures.swaps(chosen.seed),
        "planted": lambda: figures.planted(chosen.answers, chosen.seed),
        "time": lambda: figures.timing(chosen.seed),
        "train": lambda: figures.train_weights(chosen.data),
    }
    try:
        print(commands[chosen.figure]())
    except DataMissing as error:
        print(error, file=sys.stderr)
        return 2
    except Misconfigured as error:
        print(f"{error} {error.remedy}", file=sys.stderr)
        return os.EX_CONFIG
    return 0


if __name__ == "__main__":
    sys.exit(main())
