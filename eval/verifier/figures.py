"""The figures of the verifier, each as text one can read."""

import random
import time
from collections.abc import Sequence
from itertools import groupby
from pathlib import Path
from statistics import median

import agent.verify
from agent.claims import split_claims
from agent.ground import evidence_of as pieces_of
from agent.ground import ground
from agent.verify import Verifier
from agent.verify.classifier import dump_weights, load_classifier
from eval.verifier.data import Pair, is_known, load
from eval.verifier.falsify import reworded
from eval.verifier.metrics import area_under_curve, calibration_error, macro_f1
from eval.verifier.planted import plant
from eval.verifier.sample_pages import facts_of, sample_pages, source_of
from eval.verifier.swaps import judge_swaps
from eval.verifier.train import ReadPair, cross_validate, evidence_of, train
from tools.pages import Page, Passage
from tools.passages import split_passages

ANSWERS_TIMED = 40
CLAIMS_AN_ANSWER = 10
EVIDENCE_CHARS = 6_000
"""About what 1,500 tokens of passages are, the default of a run."""


def _data_note(name: str, folder: Path) -> str:
    return f"{name}: " + (
        "the known file" if is_known(name, folder) else "another file than the published figures used"
    )


def attributionbench(folder: Path, seed: int) -> str:
    """Each layer alone and all together, in 5 folds by question."""
    pairs = [ReadPair(pair) for pair in load("attributionbench", folder)]
    predicted = cross_validate(pairs, seed=seed)
    truth = [one.supported for one in pairs]
    scores = [prediction.probability for prediction, _ in predicted]
    classified = [prediction.supported for prediction, _ in predicted]
    verified = [
        Verifier(evidence_of(one.pair), question=one.pair.question, classifier=classifier).judge(one.pair.claim)
        for one, (_, classifier) in zip(pairs, predicted, strict=True)
    ]
    together = [support.verdict == "supported" for support in verified]
    overlap = [_word_overlap(one) for one in pairs]
    plain = max(_f1_at(truth, overlap, cut / 50) for cut in range(50))
    parts = [one.pair.part for one in pairs]
    lines = [
        _data_note("attributionbench", folder),
        f"{len(pairs)} claims, 5 folds by question, seed {seed}; thresholds and weights from training folds only",
        f"word overlap, best threshold of all (no folds): {plain:.3f}",
        f"features + classifier: macro-F1 {macro_f1(truth, classified):.3f}, "
        f"AUC {area_under_curve(truth, scores):.3f}, "
        f"calibration error {calibration_error(truth, scores):.3f}",
        *_by_part(truth, classified, parts),
        f"with rules and conflicts (what a run uses): macro-F1 {macro_f1(truth, together):.3f}",
        *_by_part(truth, together, parts),
    ]
    return "\n".join(lines)


def _word_overlap(one: ReadPair) -> float:
    wanted = set(one.claim.sequence)
    return len(wanted & one.body.bag) / max(1, len(wanted))


def _f1_at(truth: Sequence[bool], scores: Sequence[float], cut: float) -> float:
    return macro_f1(truth, [score >= cut for score in scores])


def _by_part(truth: Sequence[bool], told: Sequence[bool], parts: Sequence[str]) -> list[str]:
    lines = []
    figures = []
    for part in sorted(set(parts)):
        chosen = [at for at, one in enumerate(parts) if one == part]
        figures.append(macro_f1([truth[at] for at in chosen], [told[at] for at in chosen]))
        lines.append(f"  {part:20} n {len(chosen):5}  macro-F1 {figures[-1]:.3f}")
    return [*lines, f"  {'mean of the parts':20}          macro-F1 {sum(figures) / len(figures):.3f}"]


def transfer(folder: Path) -> str:
    """The shipped weights on data they were not trained on."""
    lines = [load_classifier().weights.about]
    for name in ("wice", "factcheck_gpt", "rgb_zh_fact"):
        pairs = load(name, folder)
        supports = [Verifier(evidence_of(p), question=p.question).judge(p.claim) for p in pairs]
        truth = [pair.verdict == "supported" for pair in pairs]
        told = [support.verdict == "supported" for support in supports]
        lines += [
            _data_note(name, folder),
            f"  {len(pairs)} claims: macro-F1 {macro_f1(truth, told):.3f}, "
            f"AUC {area_under_curve(truth, [s.score for s in supports]):.3f}",
            *_shares(pairs, told),
        ]
    return "\n".join(lines)


def _shares(pairs: Sequence[Pair], told: Sequence[bool]) -> list[str]:
    keyed = sorted(zip([f"{p.part}, {p.verdict}" for p in pairs], told, strict=True))
    groups = [(name, [yes for _, yes in group]) for name, group in groupby(keyed, key=lambda one: one[0])]
    return [f"  {name:42} n {len(yes):5}  called supported {sum(yes) / len(yes):.3f}" for name, yes in groups]


def swaps(seed: int) -> str:
    """Macro-F1 on number and name swaps in each language, and shares by kind."""
    judged = judge_swaps(seed=seed)
    lines = ["Sample web: sentences as they stand, reworded, and with one thing swapped; made by program."]
    for language in ("en", "zh"):
        chosen = [one for one in judged if one.language == language]
        figure = macro_f1([one.true for one in chosen], [one.verdict == "supported" for one in chosen])
        lines.append(f"{language}: {len(chosen)} claims, macro-F1 {figure:.3f}")
        for kind in dict.fromkeys(one.kind for one in chosen):
            of = [one for one in chosen if one.kind == kind]
            shown = sum(one.verdict == "supported" for one in of)
            lines.append(f"  {kind:18} n {len(of):4}  called supported {shown / len(of):.3f}")
    return "\n".join(lines)


def planted(answers: int, seed: int) -> str:
    """What a lying model gets past the verifier."""
    outcome = plant(answers=answers, seed=seed)
    false = sum(n for key, n in outcome.verdicts.items() if not key[1])
    true = sum(n for key, n in outcome.verdicts.items() if key[1])
    lines = [
        f"{answers} answers over the sample web: {true} true sentences, {false} planted ones",
        f"planted not shown as supported: {outcome.share(true=False, supported=False):.3f}",
        f"true not shown as supported:    {outcome.share(true=True, supported=False):.3f}",
        f"under drop: planted left {outcome.planted_shown} of {false} ({1 - outcome.planted_shown / false:.3f} fewer), "
        f"true lost {outcome.true_lost} of {true} ({outcome.true_lost / true:.3f})",
    ]
    for kind, is_true, verdict in sorted(outcome.verdicts):
        lines.append(f"  {kind:22} {verdict:13} {outcome.verdicts[kind, is_true, verdict]}")
    return "\n".join(lines)


def timing(seed: int) -> str:
    """CPU milliseconds for a claim and for an answer, evidence of a run's usual size, reading included."""
    chance = random.Random(seed)
    pages = sample_pages()
    load_classifier()
    lines = []
    for honest in (True, False):
        single: list[float] = []
        whole: list[float] = []
        for _ in range(ANSWERS_TIMED):
            language = chance.choice(["en", "zh"])
            read = _a_runs_worth([page for page in pages if page.language == language], chance)
            _time_answer(read, _timed_answer(read, chance, honest=honest), single, whole)
        worst = sorted(whole)[int(0.95 * len(whole))]
        lines.append(
            f"{'true sentences, right marks' if honest else 'true sentences, wrong marks'}: "
            f"a claim: median {median(single):.2f} ms; an answer of {CLAIMS_AN_ANSWER} claims, reading the evidence "
            f"included: median {median(whole):.1f} ms, 95th percentile {worst:.1f} ms, over {len(whole)} answers"
        )
    return "\n".join(lines)


def _timed_answer(read: Sequence[tuple[Page, list[Passage]]], chance: random.Random, *, honest: bool) -> str:
    numbers = {page.url: number for number, (page, _) in enumerate(read, start=1)}
    facts = facts_of([page for page, _ in read])
    told = [facts[chance.randrange(len(facts))] for _ in range(CLAIMS_AN_ANSWER)]
    marks = [numbers[fact.page.url] if honest else numbers[fact.page.url] % len(read) + 1 for fact in told]
    texts = [reworded(fact.text, chance) for fact in told]
    return " ".join(f"{text[:-1]} [{mark}]{text[-1]}" for text, mark in zip(texts, marks, strict=True))


def _time_answer(
    read: Sequence[tuple[Page, list[Passage]]], answer: str, single: list[float], whole: list[float]
) -> None:
    sources = [source_of(page, number) for number, (page, _) in enumerate(read, start=1)]
    passages = [passage for _, found in read for passage in found]
    pages = {page.url: page for page, _ in read}
    begun = time.process_time()
    ground(answer, sources=sources, passages=passages, pages=pages)
    whole.append(1000 * (time.process_time() - begun))
    verifier = Verifier(pieces_of(sources, passages, pages))
    for span in split_claims(answer):
        begun = time.process_time()
        verifier.judge(span.full, set(span.citations))
        single.append(1000 * (time.process_time() - begun))


def _a_runs_worth(pages: Sequence[Page], chance: random.Random) -> list[tuple[Page, list[Passage]]]:
    """Pages with their first passages, until the evidence is as large as in a run."""
    taken: list[tuple[Page, list[Passage]]] = []
    chars = 0
    for page in chance.sample(list(pages), len(pages)):
        passages = split_passages(page)[:3]
        chars += sum(len(passage.text) for passage in passages) * (3 if page.language == "zh" else 1)
        taken.append((page, passages))
        if chars >= EVIDENCE_CHARS:
            break
    return taken


def train_weights(folder: Path) -> str:
    """Train on every pair of attributionbench dev and write the weights beside the classifier."""
    pairs = [ReadPair(pair) for pair in load("attributionbench", folder)]
    about = f"Trained on {len(pairs)} judged claims of AttributionBench (dev) by `python -m eval.verifier train`."
    weights = train(pairs, about=about)
    path = Path(agent.verify.__path__[0]) / "weights.json"
    path.write_text(dump_weights(weights), encoding="utf-8")
    return f"{about}\n{len(weights.trees)} trees, threshold {weights.threshold:.3f}, written to {path.name}"
