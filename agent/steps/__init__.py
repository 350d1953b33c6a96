"""What each node does, one file each, as plain coroutines: state and context in, update out, events told on the way."""

from agent.check import check_answer as check
from agent.steps.describe import describe
from agent.steps.plan import plan, replan
from agent.steps.read import read
from agent.steps.search import search
from agent.steps.select import select, worth_another_round
from agent.steps.write import write

__all__ = ["check", "describe", "plan", "read", "replan", "search", "select", "worth_another_round", "write"]
