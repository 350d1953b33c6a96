"""A small web of 44 pages of our own, served over real HTTP on loopback, for the demo, the tests and the evaluation."""

from eval.sample_web.server import SampleWeb, serve_sample_web

__all__ = ["SampleWeb", "serve_sample_web"]
