"""How people greet, thank, take leave, chat and ask about the assistant itself, in English and Chinese."""

import re

_I = re.IGNORECASE
_NAME = (
    r"(?:(?:my )?(?:dear|friends?|partner|mate|buddy)|folks|guys|there|all|everyone|everybody|again|asterism|bot|"
    r"assistant)"
)
_VERY = r"(?:so |very |really |quite |pretty |a bit |a little |just |feeling |all )*"
_END = r"[\s,，!！.。?？~～:：)啊呀吧了呢哦哈啦]*$"
GREETING = re.compile(
    rf"^(?:(?:hi+|hello+|hey+|hiya|howdy|greetings|yo|(?:good )?morning|good (?:afternoon|evening|"
    rf"day)|你好|您好|嗨++|嘿++|哈喽|哈啰|喂|早上好|早安|早|下午好|晚上好|大家好|在吗|在不在)(?![a-z])[\s,，!！.。~～]*)+"
    rf"(?:[\s,，!！.。~～]*{_NAME})*{_END}",
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
_THANKFUL = (
    r"(?:a|lot|lots|bunch|ton|million|so|very|much|again|you|all|mate|man|buddy|friend|guys|everyone|for|the|your|that|"
    r"this|these|everything|it|was|is|been|kind|kindly|in|advance|and|anyway|now|bot|asterism|really|truly|quick|great|"
    r"nice|clear|detailed|fast|good|help|helping|helpful|useful|answer|answers|answering|info|information|explanation|"
    r"explaining|clarifying|clarification|reply|effort|time|patience|telling|me|assistance|support|tip|tips|advice|"
    r"suggestion|suggestions|details|sharing|links?|sources?)"
)
THANKS = re.compile(
    rf"^(?:(?:many |great )?thanks|thank(?:s| you| u)|thx|tysm|ty|cheers|much (?:appreciated|obliged)|"
    rf"i (?:really )?appreciate|you(?:'ve| have) been (?:{_VERY})(?:helpful|kind|great))(?:[\s,']+{_THANKFUL})*{_END}|"
    r"^(?:非常|十分|真的|太|真是|实在)*(?:谢谢|多谢|感谢|感激|谢了|谢啦|辛苦|麻烦你了)(?:您|你|你们|大家|了)*的?"
    r"(?:耐心|详细|及时|热心|宝贵)?的?(?:帮助|帮忙|解答|回答|讲解|说明|指导|建议|分享|介绍|提醒|支持|解释|回复|推荐)?"
    rf"{_END}",
    _I,
)
FAREWELL = re.compile(
    r"^(?:bye(?:[\s-]?bye)?|goodbye|cya|see (?:you|ya)(?: (?:later|soon|tomorrow|around|next time))?|good ?night|"
    r"farewell|take care|(?:talk|speak) (?:to you )?(?:later|soon)|(?:i(?:'ve| have) got to|i have to|gotta) go"
    r"(?: now)?|"
    rf"再见|拜拜|晚安|回头见|下次见|明天见|回见|我(?:先)?(?:走|下线|去忙|去睡)){_END}",
    _I,
)
_FINE = (
    r"(?:great|good|nice|helpful|useful|interesting|perfect|right|correct|wrong|amazing|awesome|excellent|fantastic|"
    r"wonderful|brilliant|fine|enough|clear|cool|funny|true|fair|exactly right|all|it|"
    r"not (?:right|true|correct|helpful))"
)
_NOD = (
    r"(?:ok(?:ay)?|yes|yeah|yep|no|nope|sure|great|good|nice|cool|awesome|perfect|excellent|amazing|brilliant|fantastic|"
    r"wow|lol|(?:ha){2,}+|hmm++|oops|exactly|i see|i understand|i know|got it|understood|makes sense|fair enough|"
    r"sounds (?:good|great)(?: to me)?|of course|al?l ?right|all good|ugh+|oh|ah|aw+|well|"
    r"that(?:'s| is) exactly what i (?:needed|wanted|meant|was looking for)|"
    r"(?:that|this|it) (?:really )?help(?:s|ed)(?: (?:me )?(?:a lot|so much))?|"
    rf"(?:that|this|it)(?:'s| is| was) {_VERY}{_FINE}|you(?:'re| are) (?:right|wrong|welcome)|"
    r"(?:my )?(?:problem|issue|question) (?:is |was )?(?:solved|fixed|answered)|(?:it|that|this)(?:'s| is)? "
    r"(?:works?|worked|fixed|solved|working)(?: it)?(?: now| fine| great| perfectly)?|"
    r"(?:that|this|it) did the trick|i (?:figured|found) it out|"
    r"(?:please )?(?:stop|wait|one (?:moment|second|sec))(?: please)?|yes please|"
    r"i(?:'ve got| have) (?:a|another|one more) question(?: for you)?|"
    r"(?:well|nicely) done|(?:great|good|nice|excellent|perfect|wonderful|brilliant) (?:job|work|answer|one|point|idea|"
    r"question)|never ?mind|forget (?:it|that|about it)|no (?:problem|worries|thanks|thank you)|don'?t worry|"
    r"(?:i(?:'m| am) )?(?:so |very )?sorry(?: about that)?|my (?:bad|mistake)|"
    r"好的?|好吧|嗯++|哦++|噢|行|可以|知道了?|明白了?|懂了?|了解了?|不错|太好了|太棒了|厉害|哈{2,}+|没事了?|没关系|算了|不用了?|"
    r"对|是的|不是|不对|你(?:说得|说的|是)?(?:对|错)|对不起|抱歉|不好意思|原来如此|有道理|收到|"
    r"请?(?:稍等|等一下|等等|停)|我?还?有一?个问题(?:想问|要问)?你?|(?:非常|太)有(?:帮助|用)了?|"
    r"没问题了?|"
    r"(?:我的?)?(?:问题)?(?:已经|都|就)?(?:解决|搞定)了?|可以了|这样就(?:行|好|可以)了?|"
    r"哎++|唉++|呃++|额++|帮了?大忙|很有(?:帮助|用)|那?就这样|回答得(?:很|真|太)?好)"
)
ACKNOWLEDGEMENT = re.compile(rf"^(?:{_NOD}(?![a-z])[\s,，!！.。~～]*)+(?:then|thanks|了|的)?{_END}", _I)
_MOOD = (
    r"(?:bored|sad|happy|tired|lonely|hungry|excited|angry|stressed|fine|good|ok|okay|great|back|here|sleepy|depressed|"
    r"upset|nervous|down|not (?:well|happy|ok|okay|feeling well))"
)
_WHILE = r"(?: (?:a (?:little(?: bit)?|bit|while)|for a (?:bit|while|moment|minute)|(?:with|to) (?:me|you)|now|today))*"
_MOOD_ZH = r"(?:无聊|难过|开心|累|高兴|孤独|饿|困|生气|郁闷|烦|伤心|寂寞|紧张|焦虑|害怕|失望)"
SMALL_TALK = re.compile(
    r"^(?:(?:and )?how are (?:you|things)(?: (?:doing|today|feeling))*|how(?:'s| is) (?:it going|"
    r"everything|your day(?: going)?|life)|how do you do|how have you been|what'?s (?:up|new)|sup|nice to meet you|"
    r"pleased to meet you|what are you (?:doing|up to)(?: (?:now|today))?|"
    r"(?:please )?(?:tell|give) me (?:a|another|some) (?:(?:funny|good|short|dad|"
    r"new) )?(?:jokes?|riddles?|story|stories|fun fact)|(?:do you )?know any (?:good )?jokes|"
    r"(?:tell|show) me something (?:funny|interesting|nice|cool|fun|random)|say something(?: (?:funny|nice))?|"
    r"make me (?:laugh|smile)|entertain me|cheer me up|keep me company|sing (?:me )?a song|"
    rf"i(?:'m| am| feel) {_VERY}{_MOOD}"
    r"(?: (?:today|tonight|(?:right )?now|again|at the moment|about my [\w ]{1,20}))?|"
    r"i(?:'ve| have)? had a (?:\w+ )?(?:bad|good|long|hard|great|terrible|rough|busy) day(?: (?:today|at work))?|"
    r"i (?:love|like|hate|miss) you|"
    rf"you(?:'re| are) {_VERY}(?:great|awesome|smart|clever|funny|stupid|dumb|useless|cute|the best|helpful|amazing|"
    r"wonderful|kind|annoying|boring)|"
    r"are you (?:ok|okay|there|busy|happy|sad|tired|bored|hungry)|"
    rf"(?:can|could|shall|may) (?:we|i|you) (?:just )?(?:chat|talk){_WHILE}|"
    rf"(?:i (?:just )?want to|let'?s|let us) (?:just )?(?:chat|talk|have a chat){_WHILE}|"
    r"i hope you(?:'re| are) (?:doing )?(?:well|fine|ok|okay|good)|(?:my name is|call me) \w+|you rock|"
    r"i (?:can'?t|cannot) sleep|i(?:'m| am) (?:going|off) to (?:bed|sleep|work)|(?:are )?you there|"
    r"(?:and |how about )you|"
    r"i need (?:someone|somebody) to talk to|"
    r"have a (?:nice|good|great) (?:day|weekend|"
    r"one|evening)|good luck|happy (?:new year|birthday|holidays)|merry christmas|"
    r"test(?:ing)?(?:[\s,]*(?:1|one)[\s,]*(?:2|two)(?:[\s,]*(?:3|three))?)?|"
    r"你(?:今天)?(?:还)?好吗|你怎么样|最近(?:怎么样|还好吗|好吗|如何)|"
    r"吃了吗|吃饭了吗|你吃了吗|(?:今天)?过得(?:怎么样|好吗)|讲(?:个|"
    r"一个|几个)(?:\S{0,4})?(?:笑话|故事|段子)|说个笑话|给我(?:讲|说)个?(?:\S{0,4})?(?:笑话|故事)|逗我(?:笑|开心)(?:一下)?|"
    rf"(?:我|今天|现在|最近|真的|感觉|觉得)*(?:好|很|有点|太|非常|真|超)(?:\S{{0,2}})?{_MOOD_ZH}|"
    r"(?:我|今天|现在|最近|的)*心情(?:很|非常|有点|特别|真)?(?:好|不好|不太好|差|糟|糟糕|低落|不错)|我(?:爱|喜欢|"
    r"想|讨厌)你|你(?:真|好|太|很)(?:棒|聪明|厉害|可爱|笨|好|有趣|烦|蠢)|"
    r"(?:能|可以|想)?(?:陪|跟|和|找)(?:我|你|人)(?:聊|说)(?:聊天?|会儿|会儿天|天|一会儿|说话|话|一聊)(?:好吗|可以吗)?|"
    r"(?:我们|咱们)?(?:随便)?聊(?:聊|聊天|会儿|一会儿|会儿天|个天)|闲聊|我(?:叫|的名字是)\S{1,4}|我睡不着觉?|(?:你)?有空吗|很高兴认识你|祝你\S{1,10}|"
    r"新年快乐|生日快乐|(?:你)?在干嘛|干嘛呢|你?在忙吗|忙什么呢|你在做什么|测试(?:一下)?)"
    rf"{_END}",
    _I,
)
SELF = re.compile(
    r"^(?:(?:and )?(?:who|what) are you(?: exactly| called)?|what(?:'s| is) your (?:name|"
    r"purpose|job|model|version)|what can you do(?: for me)?|how (?:can|could) you help(?: me)?|"
    r"what do you do|how do you work|how were you (?:made|built|trained)|tell me about yourself|"
    r"introduce yourself|who (?:made|created|built|trained|developed) you|"
    r"are you (?:an? )?(?:human|robot|bot|ai|real|person|machine|llm|chatgpt|gpt|"
    r"a language model|language model|real person|sentient|alive|conscious)[\w\s]{0,12}|"
    r"(?:what|which) (?:language |kind of |ai )?model are you(?: (?:using|based on))?|do you (?:have feelings|"
    r"sleep|dream|remember me|speak (?:english|chinese)|understand (?:english|chinese)|"
    r"search the (?:web|internet))|can you (?:help me(?: out| with something)?|speak (?:english|chinese)|understand me|"
    r"hear me|search the (?:web|internet))|help|what languages do you speak|how old are you|"
    r"where (?:are you from|do you live)|who(?:'s| is) your (?:creator|owner|boss|master|maker|developer)|"
    r"do you know (?:me|who i am)|what (?:should|can|do) i call you|"
    r"what(?:'s| is| are) your (?:favou?rite [\w ]{1,20}|hobb(?:y|ies)|limits|limitations|"
    r"capabilities|features|skills|strengths|weaknesses|dreams?|gender|birthday)|how (?:smart|clever|big|fast|good|"
    r"reliable|accurate) are you|do you (?:ever )?(?:get (?:tired|bored|sad|lonely|angry)|feel (?:\w+)|eat|drink|lie|"
    r"think|have (?:an? |any )?"
    r"(?:name|feelings?|emotions?|friends?|family|hobb(?:y|ies)|body|soul|mind|consciousness|favou?rite \w+))|"
    r"can you (?:feel|think|dream|lie|learn|sing|dance|cook|love|keep a secret|remember me)|"
    r"你(?:会|有没有|有|能)(?:感情|情绪|思想|意识|名字|朋友|家人|爱好|梦想|思考|做梦|撒谎|学习|唱歌|跳舞)吗?|"
    r"你(?P<how>累|困|饿|忙|开心|高兴|孤独|冷|热|无聊|聪明)(?:不(?P=how)|吗)|你是(?:真?人|机器人|男生?的?|女生?的?|ai)还是\S{1,6}|"
    r"你(?:住在?|在)哪里?儿?|你认识我吗|你的(?:主人|老板|创造者|开发者|作者)是谁|"
    r"(?:请问)?你(?:是|叫)(?:谁|什么|什么名字|什么模型|哪个模型|机器人吗|人吗|"
    r"真人吗|人工智能吗|ai吗|人类吗)|什么是你的名字|你(?:的)?名字(?:是什么|"
    r"叫什么)?|你(?:能|会|可以)(?:做|干|帮我做)?(?:什么|些什么|哪些事|啥)|你有什么(?:功能|用|本领)|介绍(?:一下)?你自己|"
    r"自我介绍(?:一下)?|谁(?:创造|开发|制造|做|训练)(?:了|的)?你|你是怎么(?:工作|"
    r"来)的|你(?:几岁|多大)了?|你来自哪里|你会说(?:中文|"
    r"英文|英语)吗|帮助)"
    r"[\s,，!！.。?？~～啊呀吧了呢]*$",
    _I,
)
