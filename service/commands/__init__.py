"""One file a command group; heavy imports stay inside the functions."""
