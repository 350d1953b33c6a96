"""Starting a model server: the command of each engine, and a process that is watched until it is stopped."""

from model_backend.serving.launch import LaunchPlan, launch_plan
from model_backend.serving.process import serve_until_stopped, serving

__all__ = ["LaunchPlan", "launch_plan", "serve_until_stopped", "serving"]
