import pytest

from agent.verify.classifier import Classifier, dump_weights, load_classifier, parse_weights
from agent.verify.features import feature_names


def test_the_shipped_weights_know_every_feature_and_only_those() -> None:
    assert list(load_classifier().weights.features) == feature_names()


def test_weights_survive_being_written_and_read() -> None:
    weights = load_classifier().weights
    assert parse_weights(dump_weights(weights)) == weights


def test_more_coverage_is_more_likely_support() -> None:
    low = dict.fromkeys(feature_names(), 0.0)
    high = low | {name: 1.0 for name in low if "window" in name and "not" not in name}
    classifier = Classifier(load_classifier().weights)
    assert 0 <= classifier.probability(low) < classifier.probability(high) <= 1


def test_weights_that_lack_a_part_are_refused_with_its_name() -> None:
    with pytest.raises(ValueError, match="trees"):
        parse_weights('{"features": [], "bias": 0}')
