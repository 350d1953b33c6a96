"""How good the verifier is: loaders, training, and one command for each figure (`python -m eval.verifier`)."""
