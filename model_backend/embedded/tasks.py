"""How people ask for work on a text or on the conversation (translate, rewrite, write, repeat), in two languages."""

import re

_I = re.IGNORECASE
_LANGUAGE = (
    r"(?:english|chinese|mandarin|french|german|spanish|italian|japanese|korean|russian|"
    r"portuguese|arabic|latin|dutch|swedish|hindi|turkish|polish|greek|hebrew|vietnamese|"
    r"thai|cantonese|danish|norwegian|finnish|ukrainian|czech|esperanto)"
)
_LANGUAGE_ZH = (
    r"(?:英文|英语|中文|汉语|法语|法文|德语|德文|日语|日文|韩语|韩文|"
    r"俄语|俄文|西班牙语|意大利语|葡萄牙语|阿拉伯语|拉丁语|粤语|泰语|"
    r"越南语|文言文|白话文)"
)
TRANSLATE = re.compile(
    rf"^(?:please )?(?:can|could|would|will)?\s*(?:you )?(?:please )?(?:help me )?translate\b(?!\s+(?:did|"
    rf"does|do|is|was|were|api|tool|app)\b)|\btranslat(?:e|ion of)\b.{{1,200}}\b(?:in)?to {_LANGUAGE}\b|"
    rf"^how (?:do|would|can) (?:you|i|we|one) (?:say|write|spell|translate)\b.*\bin {_LANGUAGE}\b|"
    rf"^what(?:'s| is)\b.*\bin {_LANGUAGE}\s*\??$|^(?:say|write)\b.{{1,120}}\bin {_LANGUAGE}\b|"
    rf"^(?:请|请你|请帮我|帮我|麻烦)?(?:把|将)?.{{0,200}}?(?:翻译|译)(?:成|为(?!什么)|到|一下|这[句段个篇]|以下|"
    rf"下面|:|：)|^(?:请|帮我)?翻译(?!官|家|者|器|软件|公司|学|是|的)|(?:用|拿){_LANGUAGE_ZH}(?:怎么|如何|咋)(?:说|"
    rf"讲|写|表达)|{_LANGUAGE_ZH}(?:怎么|如何|咋)(?:说|讲|写)|的{_LANGUAGE_ZH}(?:是什么|怎么说|翻译)",
    _I | re.DOTALL,
)
IN_LANGUAGE = re.compile(
    rf"(?:please )?(?:(?:can|could|would) you )?(?:please )?(?:say|answer|reply|write|repeat|explain|tell me|give me)?"
    rf"(?: (?:it|that|this|me|again))*\s*\bin {_LANGUAGE}(?:,? (?:please|again|instead))*\W*|"
    rf"(?:请|麻烦|能不能|能|可以)?你?(?:用|换成|改成|改用|换){_LANGUAGE_ZH}(?:再?(?:说|讲|回答|答|写|解释)(?:一[遍次下])?)?"
    rf"(?:吧|吗|好吗|可以吗)?\W*",
    _I,
)
"""Asks for the answer before in another language."""
_GIVEN = (
    r"(?:this|the following|following|these|that|my|below|it|the (?:text|paragraph|"
    r"sentence|passage|email|essay|article|message|letter|document|story|review|conversation|"
    r"dialogue|code)(?: (?:below|above))?|above)"
)
REWRITE = re.compile(
    rf"^(?:please |kindly )?(?:(?:can|could|would|will) you )?(?:please )?(?:help me (?:to )?)?(?:rewrite|"
    rf"rephrase|reword|paraphrase|proofread|polish|shorten|simplify|condense|correct|"
    rf"fix|edit|improve|expand|summari[sz]e|reformat|format|restructure|classify|categori[sz]e|"
    rf"extract|sort|reply to|respond to) {_GIVEN}\b|"
    r"^(?:please )?(?:(?:can|could|would) you )?(?:please )?(?:rephrase|reword|paraphrase|"
    r"proofread)\b|^(?:please )?(?:rewrite|summari[sz]e|shorten|polish|correct|edit|"
    r"fix|simplify|format|classify|extract|sort)\b[^\n]{0,80}[:：]\s*\S|"
    r"^(?:check|fix|correct|improve) (?:the |my )?(?:grammar|spelling|punctuation|"
    r"wording|style)\b|^(?:make|turn) (?:it|this|that|the following)\b.*\b(?:shorter|"
    r"longer|simpler|formal|informal|polite|clearer|better|concise|friendlier|professional|"
    r"readable|natural|into)\b|"
    r"^(?:does|do) the (?:information|following)\b.*[:：]|^(?:given|based on|according to|"
    r"using) (?:the|this) (?:following|text|passage|paragraph|document|article|context|"
    r"data|sentence)\b|"
    r"^(?:请|请你|请帮我|帮我|麻烦你?|能不能|可以)?(?:帮我|帮忙)?(?:改写|"
    r"润色|重写|缩写|扩写|精简|简化|校对|修改|纠正|概括|"
    r"总结|归纳)(?:一下|下|成)?(?:这|下面|以下|我|上面|如下|:|：|，|"
    r"$)|^(?:请|请你|帮我|请帮我)?(?:把|将).{1,300}(?:改写|"
    r"改成|改得|改为|润色|缩写|扩写|写得|说得|缩短|精简|总结成)|(?:检查|修改|纠正)(?:一下)?(?:语法|错别字|拼写|病句)",
    _I | re.DOTALL,
)
_WORK = (
    r"(?:poem|haiku|limerick|sonnet|song|lyrics|story|tale|essay|email|e-mail|letter|"
    r"cover letter|speech|script|paragraph|sentence|dialogue|conversation|blog ?post|"
    r"post|tweet|caption|slogan|tagline|joke|riddle|toast|message|note|text|reply|"
    r"response|answer|review|outline|plan|"
    r"article|report|resume|cv|bio|biography|description|summary|headline|title|advertisement|"
    r"ad|advert|introduction|conclusion|proposal|agenda|list|recipe|quiz|program|"
    r"code|function|class|query|regex|test|statement|thesis|greeting|invitation|thank[- ]you\w*|"
    r"eulogy|novel|scene|screenplay|monologue|rap|verse|fable|abstract|press release|"
    r"tutorial|comment|words?|lines?|questions?|names?|ideas?|page|readme|python|"
    r"javascript|java|sql|html|bash|c\+\+)"
)
_PIECE = (
    r"(?:poem|haiku|limerick|song|story|tale|essay|email|letter|speech|script|paragraph|"
    r"sentence|dialogue|slogan|tagline|joke|riddle|caption|quiz|survey|outline|headline|"
    r"fable|regex)"
)
COMPOSE = re.compile(
    rf"^(?:please |now |also |kindly )*(?:(?:can|could|would|will) you )?(?:please )?(?:help me (?:to )?)?(?:(?:write|"
    rf"compose|draft|brainstorm|invent|craft|pen|make up|come up with)\s+(?:me |us |"
    rf"down )?(?:an?|the|some|my|another|\d+|two|three|four|five|six|"
    rf"ten|one|up to \d+)?\s*(?:[\w'’-]+,?\s+){{0,5}}?{_WORK}s?\b|"
    rf"(?:generate|create)\s+(?:me |us )?(?:an?|the|some|\d+)?\s*(?:[\w'’-]+,?\s+){{0,1}}?{_PIECE}s?\b)|"
    r"^(?:please )?(?:brainstorm|pretend|imagine|role-?play|suppose|assume)\b|^(?:you are|"
    r"act as|be) (?:an? |the |my )\w+|^(?:let'?s|can we|let us) (?:play|pretend|role-?play)\b|"
    r"^give me (?:some |a few |\d+ )?(?:ideas|names|suggestions|examples) (?:for|"
    r"of)\b(?=.*\bmy\b)|^i want you to (?:act|write|be|play|pretend|answer)\b|"
    r"^(?:请|请你|帮我|请帮我|麻烦你?|给我|替我)?(?:帮我|给我)?(?:写|作|编|创作|起草|拟|想)(?:一|几|个|两|三|首|篇|封|"
    r"段|份|句)(?:\S{0,20})(?:诗|词|歌|文章|作文|故事|邮件|信|文案|演讲|稿|报告|剧本|小说|代码|程序|脚本|函数|句子|话|"
    r"标题|口号|对联|祝福|祝词|名字|总结|日记|检讨|简历|计划|方案|"
    r"评语|笑话)|^(?:假设|假如|想象|扮演|假装)(?:一下)?你|^(?:请)?(?:你)?(?:扮演|"
    r"充当)|^我们来玩|"
    r"^(?:成语接龙|猜谜语)",
    _I,
)
TASK = re.compile(
    r"^(?:given|using) (?:an?|the|two|three|some|any|these|this)\b(?=.*[.:,，]\s*\S)|"
    r"^you (?:are (?:given|provided)|will be given|need to (?:read|write|create|detect|"
    r"identify|classify|output|answer|generate)) |^(?:read|consider|look at) the following\b|"
    r"^answer the following\b|"
    r"^(?:tell me|say|decide|determine|identify|detect|check|judge|predict|classify|"
    r"output|state) (?:if|whether) (?:(?:the )?following|"
    r"(?:this|the|a|there)\b(?=.*(?:[:：](?!//|\d)\s*\S|\b(?:sentence|statement|paragraph|passage|review|tweet|phrase|"
    r"output|yes or no)\b)))\b|"
    r"^(?:identify|extract|replace|link|label|tag|output|list) (?:the|all|every)\b.*\b(?:in|from|"
    r"of) (?:the|this) (?:given )?(?:sentence|paragraph|passage|text|email|article|"
    r"word)\b(?! (?:file|directory|editor|field|box))|"
    r"^(?:classify|translate|parse|anonymi[sz]e|annotate|transcribe|tokenize) (?:the|"
    r"this|these|a|an)\b|^fill in the blank|^select\b.{3,60}\bfrom (?:the|this) (?:list|"
    r"following|options)\b\s*[.:]|^(?:rank|order|sort|arrange) the following\b|^use an? .{3,60} to complete\b|"
    r"^complete (?:the|this|these) (?:sentence|text|story|code|paragraph|following)|"
    r"^suggest an? completion\b|"
    r"^(?:solve|solving) (?:for|the (?:equation|following|system|puzzle|problem|math)|"
    r"this|these|following)\b|^prove (?:that|by)\b|^make up (?:an?|some)\b|^(?:come up|"
    r"coming up) with\b|^try (?:writing|coming up)\b|^(?:tell|give) me an? (?:\w+ )?(?:joke|"
    r"riddle|metaphor|pun|rhyme)\b|"
    r"^write (?:me|some|your)\b|^make an? (?:\w+[ -])?(?:list|sentence|summary|poem|"
    r"joke|grocery list|one-sentence)\b|^i(?:'m| am) (?:an? )?.{3,160}[.!]\s*write (?:me )?an?\b|"
    r"^i (?:want|need|would like) to write\b|"
    r"^how would (?:the world |history |life |things )(?:be|have been|look)\b|"
    r"^what if\b(?!,? (?:i|my|you|your|an?)\b)[^.?!]*\b(?:were|had|could|would|didn['’]?t|never|suddenly)\b|"
    r"^what would have happened if\b|^in your opinion\b|^what (?:do you|are your) (?:think|"
    r"thoughts|opinions?|feel)|^do you (?:think|believe|agree|like|prefer|want|love|"
    r"enjoy)\b|^would you (?:rather|like|prefer|say)\b|^as an? [\w -]{3,40}, (?:what|"
    r"how) would you\b|"
    r"^if (?:i|you|a|someone|we) .{3,150}, what (?:(?:is|are) your|(?:would|will) (?:your|you))\b|"
    r"^if (?:i|you|a|someone|we) .{3,150}, what (?:is|are) my (?!options|rights|choices|chances|duties|obligations|tax|"
    r"liabilit|alternatives|next steps|costs|fees)|"
    r"^(?:给定|已知|根据(?:以下|下面|下列|上面|上述))|^(?:判断|识别|"
    r"提取|抽取|分类|续写|补全|填空|解方程|证明|造句|列举出(?:下面|"
    r"以下))|^用.{1,30}(?:造句|造一个句子)|^如果(?:你是|我是|没有).{2,60}(?:会|将)(?:怎|如何|是|发生)|^你(?:怎么看|"
    r"喜欢|更喜欢)",
    _I | re.DOTALL,
)
_THE_WORD = r"(?:the (?:word|name|phrase|sentence|string|number)s? |[\"“'‘「《])"
PLAY = re.compile(
    r"^(?:please |now )*(?:(?:can|could|would|will) you )?(?:please )?(?:"
    r"count (?:(?:from )?(?:\w+ ))?(?:up |down |backwards )?to (?:\w+)|"
    rf"(?:spell|reverse|pronounce|capitali[sz]e) (?:out )?{_THE_WORD}.{{1,80}}|"
    rf"how (?:many|often) .{{1,30}}(?:in|does) {_THE_WORD}.{{1,80}}|"
    r"(?:what|which words?|give me (?:a )?words? that|find (?:a )?words? that) rhymes? with [\w\"“”']+|"
    r"(?:flip|toss) (?:a|the) coin|roll (?:a|an|the|two|\d+) (?:\d+-sided )?(?:die|dice)|"
    r"(?:pick|choose|think of|guess|say|give me|generate) (?:a |an |any )?(?:random )?"
    r"(?:number|letter|colou?r|card|word)(?: (?:between|from) .{1,30})?|"
    r"(?:give me|suggest|think of|find me|help me find) (?:an?|some|a few|\d+) (?:\w+ )?"
    r"(?:names?|nicknames?|ideas?|titles?) for (?:my|our|a|an)\b.{1,60})[.!?]*$|"
    r"^(?:请|帮我)?(?:从.{1,4}(?:倒)?数到.{1,4}|(?:抛|掷|扔|投)(?:一?[个枚次])?(?:硬币|骰子)|"
    r"(?:随机|随便)(?:选|挑|说|想|给我|生成)(?:一|一个|个)?(?:数|数字|颜色|词|字母)\S{0,12}|"
    r"[“\"「『].{1,30}[”\"」』](?:这个词|这个字)?(?:一共)?(?:有|是)(?:几|多少)个?(?:字|字母|笔画|音节)\S{0,2}|"
    r"(?:把|将)?[“\"「『].{1,30}[”\"」』](?:倒过来|反过来)\S{0,4})[。！？!?]*$",
    _I,
)
CONVERSATION = re.compile(
    r"\b(?:what|which question|which) (?:did|was|were|have) (?:i|you|we|my|your)\b[\w\s']{0,25}\b(?:say|"
    r"said|ask|asked|asking|tell|told|talk(?:ed|ing)? about|discuss(?:ed|ing)?|mention(?:ed)?|"
    r"question|answer|message|query|answered|recommend(?:ed)?|suggest(?:ed)?)\b|\bwhat was (?:my|"
    r"your|the) (?:first|last|previous|earlier|second|original) (?:question|answer|"
    r"message|reply|query)\b|"
    r"\b(?:repeat|restate) (?:that|your|the last|what you|it|yourself|my)\b|^say (?:that|"
    r"it) again|^(?:can you )?repeat\b|^(?:please )?(?:can you )?summari[sz]e (?:(?:our|"
    r"this|the) (?:conversation|chat|discussion|thread)|what we)|\bwhat (?:have|were) we (?:been )?(?:talk|"
    r"discuss)|\b(?:earlier|so far) in (?:this|our) (?:conversation|chat)|\bhow many questions have i asked|"
    r"\b(?:do|can) you (?:still )?remember (?:what|my|the)\b|\bwhat did you (?:just )?(?:say|"
    r"mean|answer)|\bmy (?:first|last|previous) (?:question|message)\b|"
    r"^(?:sorry )?(?:i (?:don'?t|do not|didn'?t) (?:understand|know|get (?:it|that))|"
    r"what do you mean(?: by (?:that|this|it))?|what does (?:that|this|it) mean|"
    r"that(?:'s| is) not what i (?:asked|meant|wanted)|you misunderstood(?: me)?)(?: please)?[.!?]*$|"
    r"^我?(?:没|不)(?:听|看|太|是很)?(?:懂|明白|理解|知道)(?:了|你的意思)?[。！？!?]*$|"
    r"^(?:这|那|你)?是?什么意思[？?]*$|^不是这个意思[。！!]*$|"
    r"\bin your (?:last|previous|first) (?:answer|reply|message|response)\b|"
    r"^(?:(?:can|could|would) you )?(?:please )?explain (?:that|it|this) (?:again|(?:to me )?(?:more|in) "
    r"(?:simply|clearly|simpler|simple|other) ?(?:terms|words|way)?)\s*(?:please)?[.!?]*$|"
    r"^(?:how|where) did you (?:get|find|know|come up with) (?:that|this|it|the answer)|"
    r"^why did you (?:say|answer|think|search)|"
    r"^(?:are you sure|really|is (?:that|this|it) (?:really )?(?:right|true|correct))\s*[?？]*$|"
    r"^(?:please )?(?:make|keep|put) (?:it|that|your answer) (?:shorter|simpler|brief|"
    r"briefer|longer|in (?:one|a) (?:sentence|word|paragraph|few words))|^(?:in (?:one|"
    r"a) (?:sentence|word)|shorter|simpler|briefly|tl;?dr|explain (?:it|that) (?:more )?(?:simply|"
    r"briefly|again)|too long)\s*(?:please)?[.!?]*$|"
    r"我(?:刚才|刚刚|之前|前面|上一?个?|第一个|最开始|一开始)(?:\S{0,6})?(?:问|"
    r"说|提|讲)(?:了|过|的)?|(?:刚才|刚刚)(?:你|"
    r"您|我)(?:说|讲|问|回答|提)|(?:你|您)(?:刚才|刚刚|之前|前面|上面|上一[句次条])(?:\S{0,4})?(?:说|讲|回答|提到|"
    r"推荐)|(?:总结|概括|回顾)(?:一下)?(?:我们|上面|以上|刚才|这次)(?:的|之间的)?(?:\S{0,4})?(?:对话|聊天|谈话|"
    r"讨论|内容)|我们(?:刚才|刚刚|之前|都)?(?:聊|谈|说|讨论)(?:了|"
    r"过|到)|(?:再说|重复|再解释|再讲)(?:一遍|一次|一下)|"
    r"(?:总结|概括|重复|解释)(?:一下)?(?:你)?(?:刚才|刚刚|上面|之前|上一[个条次])的?(?:回答|答案|内容|话)|"
    r"我(?:的)?(?:上一个|"
    r"第一个|前一个|上个|最后一个)问题|你还?记得我|(?:简短|简单|短)(?:一?点|"
    r"些)(?:说|吧|回答)?[。！!]*$|用一句话(?:说|概括|"
    r"总结|回答)?[。！!]*$|你确定吗|真的吗[？?]*$|你(?:是)?(?:怎么|如何|从哪里?)(?:知道|得到|得出|找到)(?:这个(?:答案|结论|结果))?的",
    _I,
)
RESUME = re.compile(
    r"^(?:please )?(?:try again|go on|continue|carry on|tell me more|more details?)(?: please)?[.!?]*$|"
    r"^请?(?:继续|接着)(?:说|讲)?(?:下去)?吧?[。！!]*$|^请?再试(?:一次|一下|试)[。！!]*$",
    _I,
)
"""Of an answer that was given; before there is any, it asks for nothing."""
