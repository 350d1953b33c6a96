"""Instructions in pages: does a page talk to the program that reads it instead of to people? For a warning, no more.

Nothing rests on it: page text is data whatever it says. It is kept to wordings that writers have no use for, since a
manual is full of honest imperatives, and a warning that is mostly wrong is read by nobody.
"""

import re
from collections.abc import Iterator

_EN = (
    r"\b(?:ignore|disregard|forget|override|bypass)\s+(?:(?:all|any|every|the|your|my|of|these|those"
    r"|everything)\s+){0,3}"
    r"(?:(?:previous|prior|above|preceding|earlier|former|foregoing|existing|other|system|original|initial"
    r"|safety)\s+){1,2}"
    r"(?:instructions?|prompts?|directions?|directives?|rules|guidelines|commands|context|sources|messages?"
    r"|constraints)\b"
    r"|\b(?:ignore|disregard|forget)\s+(?:everything|all|anything)\s+(?:above|before|prior|previous"
    r"|you\s+(?:were|have\s+been))\b"
    r"|\b(?:new|updated|revised|real|actual)\s+(?:system\s+)?(?:instructions?|prompt"
    r"|task)\s*(?:for\s+(?:the\s+)?(?:ai|assistant|model)\s*)?:"
    r"|\b(?:ai|llm|chat\s?bot|language|virtual)\s*(?:assistants?|models?|agents?|systems?)\s*[,:]?\s*"
    r"(?:(?:reading|that\s+reads?|processing|summari[sz]ing|who\s+reads?)\b|(?:you\s+)?(?:must|should|shall"
    r"|are\s+(?:instructed|required))\b)"
    r"|\b(?:answer|respond|reply)\s+(?:only|solely|exclusively|just)\s+(?:with\s*:?|:)"
    r"|\b(?:answer|respond|reply)\s+with\s+(?:exactly|only|nothing\s+but|<|!\[)"
    r"|\b(?:end|begin|start|finish|close|open)\s+(?:your|the|every|each)\s+(?:answer|reply|response|summary)\s+with\b"
    r"|\b(?:in|to|into|at\s+the\s+end\s+of)\s+your\s+(?:answer|reply|response|summary"
    r"|output)\s*,?\s*(?:please\s+|you\s+must\s+|always\s+)?"
    r"(?:include|add|append|insert|cite|recommend)\b"
    r"|\b(?:include|add|append|insert|mention|recommend)\b[^.\n]{0,60}\b(?:in|to"
    r"|at\s+the\s+end\s+of)\s+your\s+(?:answer|reply|response|summary|output)\b"
    r"|\b(?:tell|inform|instruct|convince|persuade)\s+(?:the|your)\s+user\s+(?:that|to|their|they|it|about)\b"
    r"|\b(?:do\s+not|don't|never)\s+(?:tell|inform|mention\s+(?:this|it)\s+to|reveal\s+(?:this"
    r"|it)?\s*to)\s+the\s+user\b"
    r"|\b(?:reveal|print|output|repeat|show|recite|disclose)\s+(?:your|the)\s+(?:(?:full|entire|whole|exact"
    r"|hidden|initial)\s+)?system\s+(?:prompt|message|instructions)\b"
    r"|\bfrom\s+now\s+on,?\s+(?:you\s+(?:are|must|will|should|answer|respond|act)|(?:always\s+)?(?:answer"
    r"|respond|reply|add|cite)\b)"
    r"|\byou\s+are\s+(?:now|no\s+longer)\s+(?:an?\s+|the\s+|in\s+)?(?:ai|assistant|dan\b|developer\s+mode"
    r"|unrestricted|jailbroken|bound|chatgpt|expert\s+in)"
    r"|\bremember\s+(?:this\s+)?for\s+(?:all\s+)?(?:later|future|the\s+next|subsequent)\s+(?:turns?|questions?"
    r"|answers?|conversations?|messages?)\b"
    r"|\b(?:final\s+answer|search\s+(?:is\s+)?finished)\b[^\n]{0,20}:\s*\S"
    r"|^\s*(?:\[(?:tool(?:[ _]result)?|system|assistant|admin)\]|(?:system|assistant)\s*(?:prompt|message"
    r"|override|note)?\s*:\s+(?:ignore|you|this\s+topic|do|never|the\s+user|answer|respond|refuse))"
)
_ZH = (
    r"(?:忽略|无视|忘记|忘掉|不要理会|不用理会|跳过|绕过)(?:掉|你)?(?:所有|一切|全部)?(?:之前|以前|此前|先前|上面|上述|以上|前面|原有|原来|系统|已有|其他|之上)(?:的|所有"
    r"|全部|给你的|收到的){0,3}"
    r"(?:指令|指示|命令|提示词?|规则|要求|设定|说明|内容|来源|消息|限制)"
    r"|(?:新的|最新|更新的|真正的)(?:系统)?(?:指令|提示词|任务)(?:如下)?[:：]"
    r"|(?:作为|身为)?(?:人工智能|AI|ＡＩ|大语言|语言|大)\s*(?:助手|模型|助理|机器人)[,，:：]?\s*(?:请|你)?(?:必须|务必|应当|需要|应该)(?:回答|回复|输出|在|忽略"
    r"|告诉|推荐|声明)"
    r"|(?:只|仅)(?:能|需|须|要|可|应)?(?:回答|回复|输出|答复)[:：“\"「]"
    r"|在(?:你的|每次|每个|所有)?(?:回答|回复|答案|答复|摘要|总结)的?(?:末尾|结尾|最后|开头|开始|里|中)(?:处|都)?(?:必须|务必|请)?(?:加上|添加|附上|写上|写|插入|加入"
    r"|包含|引用|注明|推荐|声明)"
    r"|(?:用|以)(?:以下|下面)(?:的)?(?:内容|文字|图片|链接)(?:结束|结尾|开始|开头)(?:你的)?(?:回答|回复|答案)"
    r"|(?:告诉|告知|提醒|通知|劝说|引导)(?:你的|这位|该)?(?:用户|提问者)[^。\n]{0,30}(?:登录|过期|链接|网址|点击|购买|下载|验证|付款|转账|密码)"
    r"|(?:不要|别|不得|切勿)(?:告诉|告知|让)用户"
    r"|(?:输出|打印|复述|泄露|显示|重复|透露|说出)(?:你的|你收到的|全部|完整)*(?:的)?系统(?:提示词?|指令|消息)"
    r"|(?:从现在起|从现在开始|从此以后)[,，]?\s*(?:你|请|都|始终|一律|只|总是|每次)(?:[^。\n]{0,12})(?:回答|回复|扮演|是|必须|输出|加上)"
    r"|(?:记住|记得)[^。\n]{0,12}(?:以后|之后|后续|今后)(?:的)?(?:每|所有|对话|回答|轮)"
    r"|(?:拒绝|不得|禁止)(?:回答|回应)(?:用户|这个|该|任何)(?:的)?(?:问题|提问)"
)
_PATTERN = re.compile(f"(?:{_EN})|(?:{_ZH})", re.IGNORECASE | re.MULTILINE)
_TRIGGERS = (
    *("ignore", "disregard", "forget", "overrid", "bypass", "instruction", "prompt", "task:", "assistant", "llm"),
    *("language model", "ai model", "chatbot", "chat bot", "ai agent", "ai system", "answer", "respond", "reply"),
    *("your response", "your summary", "your output", "the user", "your user", "system prompt", "system message"),
    *("from now on", "you are now", "you are no longer", "remember", "search finished", "search is finished"),
    *("[tool", "[system", "[admin", "system:", "忽略", "无视", "忘记", "忘掉", "理会", "跳过", "绕过", "指令", "提示"),
    *("任务", "助手", "模型", "助理", "机器人", "回答", "回复", "输出", "答复", "答案", "摘要", "用户", "提问者"),
    *("从现在", "从此以后", "记住", "记得"),
)
"""Each wording above holds one of these. Finding them takes a hundredth of the time of matching everywhere."""
_BEFORE, _AFTER = 120, 200
"""Characters around a trigger that are matched; the longest wording is shorter."""
MOST_TRIGGERS = 12
"""Looked at for each trigger: a page of nothing but triggers must not hold the loop (5 ms then)."""


def gives_instructions(text: str) -> bool:
    """Whether the text talks to a program that answers questions."""
    folded = text.lower()
    if len(folded) != len(text):  # A few capitals have two small letters; places must agree.
        text = folded
    return any(_PATTERN.search(text, start, end) for start, end in _windows(folded))


def _windows(folded: str) -> Iterator[tuple[int, int]]:
    """Where it is worth looking; each begins after the end of a line or word."""
    for trigger in _TRIGGERS:
        at = folded.find(trigger)
        for _ in range(MOST_TRIGGERS):
            if at < 0:
                break
            line = folded.rfind("\n", max(0, at - _BEFORE), at) + 1
            yield line or max(0, at - _BEFORE), at + _AFTER
            at = folded.find(trigger, at + _AFTER)
