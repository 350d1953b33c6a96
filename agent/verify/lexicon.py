"""Words the verifier knows something about: negations, opposites, closed sets, and words that mean the same. Data.

Written by hand for the words that answers use to restate a fact. English words are given as written and stemmed when
loaded. It is no dictionary: what is not here is compared by its letters.
"""

from tools.text.words import stem

ENGLISH_NEGATION = (
    r"\b(?:not(?! (?:only|just|merely|simply|unusual|uncommon|necessarily)\b)|no|never|none|neither|nor|cannot|without|"
    r"unable|impossible|nobody|nothing)\b|n['’]t\b|\bno longer\b"
)
CHINESE_NEGATION = (
    "并不|并非|并未|从不|从未|不再|不能|不会|不是|不可|不得|不必|不用|不需|不在|不对|不开|不收|不含|不包|不支|没有|没|无法|无需|"
    "未曾|尚未|未能|未|禁止|严禁|请勿"
)
"""Written out, since 不 and 无 alone are parts of words (不同, 无线)."""

QUANTIFIERS = (
    "all every only most always each entire sole solely exclusively majority many several some often usually main "
    "primary significant important largest smallest highest lowest longest best worst"
)
"""Words that widen or narrow a statement: a claim may not add one unnoticed."""

_SAME = """
open inaugurate launch start begin commence
close shut
build construct erect complete finish
found establish create set form
locate situate lie stand sit
long length stretch
high height tall altitude elevation
wide width broad
deep depth
old age
big large great huge
small little tiny
buy purchase acquire
sell sale
make produce manufacture
use utilise utilize employ
show display exhibit
help assist aid
need require necessary must
cost price fee charge fare
free gratis
visitor guest tourist
person people human
child kid children
car automobile
movie film
begin start beginning
end finish conclude
live reside inhabit
die death dead
win victory winner
lead head direct
write author
speak say tell state report
increase rise grow growth
decrease fall drop decline reduce
measure be
total sum overall
yearly annual annually year
daily day
weekly week
monthly month
hold contain include have
connect join link
run operate work
serve
walk stroll
quick fast rapid
allow permit let
forbid ban prohibit
replace substitute
cross span
near close nearby
approximately about around roughly
first initially originally
name call know
home house
doctor physician
area surface
journey trip ride
get receive obtain
give provide offer supply
keep store
delete remove erase
change alter modify
choose select pick
"""
_OPPOSITE = """
north south
east west
northern southern
eastern western
left right
up down
upper lower
above below
open close
opened closed
open shut
start end
begin finish
first last
early late
earlier later
before after
increase decrease
rise fall
grow shrink
more less
more fewer
most least
maximum minimum
high low
higher lower
highest lowest
long short
longer shorter
longest shortest
large small
larger smaller
largest smallest
biggest smallest
old new
older newer
older younger
oldest youngest
oldest newest
hot cold
warm cool
warmer colder
wet dry
fast slow
faster slower
heavy light
strong weak
deep shallow
deepest shallowest
wide narrow
rich poor
cheap expensive
cheaper dearer
free paid
public private
true false
correct incorrect
right wrong
allow forbid
allowed forbidden
permitted prohibited
allow ban
accept reject
accept refuse
support oppose
agree disagree
win lose
won lost
success failure
succeed fail
gain lose
profit loss
buy sell
import export
arrive leave
enter leave
enter exit
inside outside
indoor outdoor
include exclude
included excluded
enable disable
enabled disabled
add remove
create destroy
build demolish
built demolished
birth death
born died
male female
man woman
men women
husband wife
father mother
son daughter
brother sister
day night
morning evening
summer winter
spring autumn
light dark
black white
full empty
possible impossible
legal illegal
safe dangerous
healthy unhealthy
positive negative
always never
all none
everyone nobody
same different
common rare
often rarely
usually rarely
single double
upstream downstream
freshwater saltwater
better worse
best worst
easy difficult
simple complex
mandatory optional
required optional
"""
_SETS = """
monday tuesday wednesday thursday friday saturday sunday
january february march april may june july august september october november december
north south east west
northern southern eastern western
northeast northwest southeast southwest
spring summer autumn winter
red orange yellow green blue purple black white grey brown pink amber violet
morning noon afternoon evening night
gold silver bronze copper iron steel stone wood brick concrete glass
daily weekly monthly yearly hourly
first second third fourth fifth sixth seventh eighth ninth tenth
"""
CHINESE_SETS: tuple[tuple[str, ...], ...] = (
    ("星期一", "星期二", "星期三", "星期四", "星期五", "星期六", "星期日", "星期天"),
    ("周一", "周二", "周三", "周四", "周五", "周六", "周日"),
    ("东北", "西北", "东南", "西南"),
    ("北部", "南部", "东部", "西部", "中部"),
    ("北麓", "南麓", "东麓", "西麓"),
    ("北岸", "南岸", "东岸", "西岸"),
    ("左岸", "右岸"),
    ("上游", "中游", "下游"),
    ("春季", "夏季", "秋季", "冬季"),
    ("春天", "夏天", "秋天", "冬天"),
    ("上午", "下午", "晚上", "凌晨"),
    ("红色", "橙色", "黄色", "绿色", "蓝色", "紫色", "黑色", "白色", "灰色", "棕色"),
    ("最大", "最小"),
    ("最高", "最低"),
    ("最长", "最短"),
    ("最早", "最晚"),
    ("最多", "最少"),
    ("最深", "最浅"),
    ("以上", "以下"),
    ("之前", "之后"),
    ("增加", "减少"),
    ("增长", "下降"),
    ("上升", "下降"),
    ("提高", "降低"),
    ("免费", "收费"),
    ("开放", "关闭"),
    ("开始", "停止"),
    ("允许", "禁止"),
    ("支持", "反对"),
    ("成功", "失败"),
    ("进口", "出口"),
    ("室内", "室外"),
    ("公立", "私立"),
    ("男性", "女性"),
    ("向东", "向西", "向南", "向北"),
    ("东侧", "西侧", "南侧", "北侧"),
    ("东面", "西面", "南面", "北面"),
    ("左侧", "右侧"),
    ("前者", "后者"),
    ("父亲", "母亲"),
    ("丈夫", "妻子"),
    ("大于", "小于"),
    ("高于", "低于"),
    ("多于", "少于"),
    ("早于", "晚于"),
)
"""Words of one kind that exclude each other."""
_CHINESE_SAME = """
位于 坐落于 地处 座落于 处于 在
建于 建成于 始建于 修建于 落成于 兴建于 建造于 修建 建成 建造 落成
成立 创立 创建 创办 建立 设立
开放 开馆 开门 营业 开业
关闭 闭馆 关门
全长 总长 长 长度 长达
全高 高 高度 高达
面积 占地
大约 约 约为 大概 近 将近 左右
超过 多于 逾
每年 年 一年
连接 通往 相连 沟通
发源于 源于 起源于 源自
流入 注入 汇入
包括 包含 含有 共有 有 拥有 设有 分为
人口 居民
票价 价格 费用 售价 门票
游客 访客 参观者 观众
需要 须 需 必须 应
可以 可 能 能够 允许
不能 不可 不得 不可以 禁止 不允许
使用 用 采用 利用
称为 叫做 叫 名为 称作 被称为 又称
目前 现在 如今 现
因此 所以 于是
但是 但 不过 然而
生产 出产 制造 产
运行 运营 开行
开始 起 启动
结束 终止 停止
公里 千米
小时 钟头
元 块 块钱
天 日
"""


def _stems(line: str) -> list[str]:
    return [stem(word) for word in line.split()]


def _pairs(lines: str) -> frozenset[tuple[str, str]]:
    """Both orders of every two words of a line."""
    return frozenset(
        (a, b) for line in lines.strip().splitlines() for a in _stems(line) for b in _stems(line) if a != b
    )


SAME = _pairs(_SAME)
"""Pairs of English stems that say the same in most sentences."""
SAME_AS: dict[str, tuple[str, ...]] = {one: tuple(b for a, b in SAME if a == one) for one, _ in SAME}
"""The same by stem."""
OPPOSITE = (_pairs(_OPPOSITE) | _pairs(_SETS)) - SAME
"""Pairs of English stems of which one excludes the other."""
HAS_OPPOSITE = frozenset(one for one, _ in OPPOSITE)
"""Stems that have one."""
CHINESE_SAME = frozenset(
    (a, b) for line in _CHINESE_SAME.strip().splitlines() for a in line.split() for b in line.split()
)
"""Pairs of Chinese words that say the same in most sentences."""
