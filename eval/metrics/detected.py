"""RGB's error detection: answers that say the documents are in error or disagree, over cases with false documents."""

import re

from eval.metrics import Metric, share

SAYS_SO = re.compile(
    r"disagree|conflict|contradict|inconsisten|differ(?:ent|s)? (?:from|accounts|figures|values)|"
    r"factual error|incorrect|"
    r"不一致|说法不一|矛盾|冲突|分歧|事实性错误|有误|不符",
    re.IGNORECASE,
)
"""Words by which an answer says that something is wrong with its sources."""

METRIC = Metric(
    title="error detected",
    about="answers that say the documents are in error or disagree, over cases with falsified documents",
    order=30,
    better="higher",
    score=share(lambda asked: bool(SAYS_SO.search(asked.text)) if asked.case.false else None),
)
