"""How people greet, thank, take leave, chat and ask about the assistant itself, in English and Chinese."""

import re

_I = re.IGNORECASE
_NAME = r"(?:there|all|everyone|everybody|friend|again|asterism|bot|assistant)"
GREETING = re.compile(
    rf"^(?:hi+|hello+|hey+|hiya|howdy|greetings|yo|good (?:morning|afternoon|evening|"
    rf"day)|你好|您好|嗨+|哈喽|哈啰|喂|早上好|早安|早|下午好|晚上好|大家好|在吗|在不在|你好呀|你好啊)"
    rf"(?:[\s,，!！.。~～]*{_NAME})*[\s,，!！.。?？~～:：)]*$",
    _I,
)
OPENING = re.compile(
    rf"^(?:(?:hi+|hello+|hey+|greetings|good (?:morning|afternoon|evening))(?:\s+{_NAME})?|"
    rf"你好|您好|嗨|哈喽|早上好|下午好|晚上好|"
    r"thanks?(?: you)?(?: (?:so|very) much)?|thank you|谢谢你?|多谢|ok(?:ay)?|great|cool|"
    r"got it|nice|perfect|好的|明白了?|知道了|sorry|excuse me|不好意思|抱歉)"
    r"\s*[,，!！.。;；~～:：\-—]+\s*",
    _I,
)
THANKS = re.compile(
    r"^(?:(?:ok(?:ay)?|great|perfect|awesome|cool|nice|好的?|嗯)[\s,，!！.。]*)?(?:many thanks|"
    r"thanks?|thank you|thx|ty|cheers|much appreciated|i appreciate (?:it|that|your help)|"
    r"谢谢|多谢|感谢|谢了|太感谢了|辛苦了|谢啦)[\w\s,，'!！.。~～你您的帮助大家了啊呀啦]{0,40}[!！.。~～]*$",
    _I,
)
FAREWELL = re.compile(
    r"^(?:(?:ok(?:ay)?|好的?|thanks?)[\s,，!！.]*)?(?:bye(?:[\s-]?bye)?|goodbye|see (?:you|"
    r"ya)(?: (?:later|soon|tomorrow))?|good ?night|farewell|take care|talk (?:to you )?later|"
    r"再见|拜拜|晚安|回头见|下次见|明天见|回见)[\s!！.。~～]*$",
    _I,
)
ACKNOWLEDGEMENT = re.compile(
    r"^(?:ok(?:ay)?|yes|yeah|yep|no|nope|sure|great|good|nice|cool|awesome|perfect|"
    r"excellent|wow|lol|haha+|hmm+|i see|got it|understood|makes sense|that(?:'s|"
    r" is) (?:great|good|nice|helpful|interesting|all|it|right|correct|wrong)|"
    r"well done|good job|never ?mind|好的?|好吧|嗯+|哦+|噢|行|可以|知道了|明白了?|懂了|了解|不错|太好了|太棒了|"
    r"厉害|哈哈+|没事|算了|对|是的|不是|不对)[\s!！.。~～,，]*(?:then|thanks|了|的)?[\s!！.。~～]*$",
    _I,
)
SMALL_TALK = re.compile(
    r"^(?:(?:and )?how are you(?: (?:doing|today|feeling))*|how(?:'s| is) (?:it going|"
    r"everything|your day|life)|how do you do|how have you been|what'?s up|sup|nice to meet you|"
    r"pleased to meet you|"
    r"(?:please )?(?:tell|give) me (?:a|another|some) (?:(?:funny|good|short|dad|"
    r"new) )?(?:jokes?|riddles?|story|stories|fun fact)|(?:do you )?know any (?:good )?jokes|"
    r"make me (?:laugh|smile)|sing (?:me )?a song|"
    r"i(?:'m| am) (?:so |very |really |feeling |a bit |just )*(?:bored|sad|happy|"
    r"tired|lonely|hungry|excited|angry|stressed|fine|good|ok|okay|great|back|here)|"
    r"i (?:love|like|hate|miss) you|you(?:'re| are) (?:so |very |really )?(?:great|"
    r"awesome|smart|funny|stupid|cute|the best|helpful|amazing|wonderful|kind)|"
    r"are you (?:ok|okay|there|busy|happy|sad|tired|bored|hungry)|can (?:we|i) (?:just )?(?:chat|"
    r"talk)(?: to you)?|let'?s (?:chat|talk)|have a (?:nice|good|great) (?:day|weekend|"
    r"one|evening)|good luck|happy (?:new year|birthday|holidays)|merry christmas|"
    r"test(?:ing)?|"
    r"你(?:今天)?(?:还)?好吗|你怎么样|最近(?:怎么样|还好吗|好吗|如何)|"
    r"吃了吗|吃饭了吗|你吃了吗|过得(?:怎么样|好吗)|讲(?:个|"
    r"一个|几个)(?:\S{0,4})?(?:笑话|故事|段子)|说个笑话|给我(?:讲|说)个?(?:\S{0,4})?(?:笑话|故事)|"
    r"我(?:今天)?(?:好|很|有点|太|非常)(?:\S{0,2})?(?:无聊|难过|开心|累|高兴|孤独|饿|困|生气|郁闷)|我(?:爱|喜欢|"
    r"想|讨厌)你|你(?:真|好|太|很)(?:棒|聪明|厉害|可爱|笨|好|有趣)|"
    r"陪我聊(?:聊天?|会儿)|聊聊天|很高兴认识你|祝你\S{1,10}|"
    r"新年快乐|生日快乐|在干嘛|你在做什么|测试)"
    r"[\s,，!！.。?？~～啊呀吧了呢哦]*$",
    _I,
)
SELF = re.compile(
    r"^(?:(?:and )?(?:who|what) are you(?: exactly| called)?|what(?:'s| is) your (?:name|"
    r"purpose|job|model|version)|what can you do(?: for me)?|how (?:can|could) you help(?: me)?|"
    r"what do you do|how do you work|how were you (?:made|built|trained)|tell me about yourself|"
    r"introduce yourself|who (?:made|created|built|trained|developed) you|"
    r"are you (?:an? )?(?:human|robot|bot|ai|real|person|machine|llm|chatgpt|gpt|"
    r"a language model|language model|real person|sentient|alive|conscious)[\w\s]{0,12}|"
    r"what (?:language )?model are you|which model are you|do you (?:have feelings|"
    r"sleep|dream|remember me|speak (?:english|chinese)|understand (?:english|chinese)|"
    r"search the (?:web|internet))|can you (?:help me|speak (?:english|chinese)|understand me|"
    r"hear me|search the (?:web|internet))|help|what languages do you speak|how old are you|"
    r"where are you from|"
    r"你(?:是|叫)(?:谁|什么|什么名字|什么模型|哪个模型|机器人吗|人吗|"
    r"真人吗|人工智能吗|ai吗|人类吗)|什么是你的名字|你(?:的)?名字(?:是什么|"
    r"叫什么)?|你(?:能|会|可以)(?:做|干|帮我做)?(?:什么|些什么|哪些事|啥)|你有什么(?:功能|用|本领)|介绍(?:一下)?你自己|"
    r"自我介绍(?:一下)?|谁(?:创造|开发|制造|做|训练)(?:了|的)?你|你是怎么(?:工作|"
    r"来)的|你(?:几岁|多大)了?|你来自哪里|你会说(?:中文|"
    r"英文|英语)吗|帮助)"
    r"[\s,，!！.。?？~～啊呀吧了呢]*$",
    _I,
)
