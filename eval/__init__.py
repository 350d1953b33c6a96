"""How good it is: cases, runs, metrics, reports, the benchmark."""
