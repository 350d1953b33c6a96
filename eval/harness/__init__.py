"""What `asterism eval` does with the cases of `eval/suites` and the metrics of `eval/metrics`: asks, keeps, counts."""
