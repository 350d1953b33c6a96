"""Pure text analysis in English and Chinese: words, sentences, numbers. Strings in, values out; no I/O.

The one part of `tools` that `model_backend` may import: the embedded model, the ranker, the index and the verifier
must agree on what a word and a sentence is, and two copies of that would drift apart.
"""
