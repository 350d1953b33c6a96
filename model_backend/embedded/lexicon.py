"""Small word lists: words that carry little topic, words that say nearly the same, and a bilingual glossary.

General vocabulary only. The lists help where a question and a page use different ordinary words; names and
identifiers are never bridged.
"""

from collections.abc import Mapping
from functools import cache

from tools.text.words import fold, stem, terms

SYNONYM_WEIGHT = 0.75
"""A synonym is nearly the word; a page that uses the word itself still wins."""
TRANSLATION_WEIGHT = 0.8
"""The glossary's words are technical terms, which translate almost one to one."""

_GENERIC = (
    "command option flag file function name number value kind type way thing use used using user make work get give "
    "mean does happen need want can find tell show know exactly called call many much long large big main current "
    "currently following different same new first last come go take put set run list available available possible "
    "information question answer example case part time year default system provide support allow between per total"
)
_GENERIC_CHINESE = (
    "命令 选项 文件 名称 数量 方法 作用 用途 功能 内容 情况 问题 "
    "时间 系统 支持 提供 使用 默认 哪个 目前 现在 具体 包括 主要 "
    "日期 地点 名字 人数 多少 数字"
)

_SYNONYMS = (
    "maximum max largest biggest highest limit upper most",
    "minimum min smallest lowest least lower",
    "default normally defaults initially",
    "remove delete drop erase discard prune",
    "create make add generate establish build",
    "show display print list output view see",
    "change modify alter edit update set",
    "directory folder",
    "begin start starts launch initial",
    "end finish stop terminate quit",
    "found founded establish create start",
    "author writer write written wrote",
    "allow permit let enable",
    "disable disallow prevent forbid off",
    "enable activate on turn",
    "fetch download retrieve get",
    "contain hold include store",
    "search find look locate",
    "undo revert reset restore",
    "size length bytes large big long",
    "speed fast performance quick",
    "error failure fail problem",
    "purpose used reason goal",
    "reason because cause",
    "win winner won champion beat victory defeat title",
    "die died death dead killed kill",
    "born birth birthday",
    "buy acquire acquired acquisition purchase bought",
    "director directed direct",
    "star starring actor cast played plays",
    "population people inhabitants residents",
    "located location situated headquarters based place held",
    "released release launched published",
    "movie film",
    "wife husband spouse married",
    "country nation",
    "company firm corporation",
    "revenue sales earnings income",
    "president leader head",
    "compose composer composed wrote songwriter written",
    "sing singer sang vocals performed recorded song",
    "capital city",
    "height tall high",
    "merge merged combine join",
    "copy duplicate clone",
    "shared common public",
    "parameter argument option flag switch",
    "setting configuration variable option config",
    "version release",
    "keep retain preserve leave leaves untouched",
    "require need must necessary",
    "quit exit close",
    "rename move",
    "risk danger corrupt lose lost loss",
    "check verify validate test",
    "ignore skip exclude",
    "before prior previous",
    "stage staged index",
)
_CHINESE_SYNONYMS = (
    "导演 执导",
    "主演 饰演 出演 演员 领衔",
    "冠军 夺冠 金牌 夺得 获胜 击败",
    "金牌 摘金 冠军 夺金",
    "时间 日期",
    "地点 举办 举行 在哪",
    "举办 举行 主办 召开 承办",
    "人数 人次 多少",
    "死亡 遇难 身亡 丧生 死者 去世",
    "去世 逝世 辞世 病逝",
    "增长 增幅 同比 增速 提高",
    "销量 销售 售出 交付",
    "营收 收入 营业",
    "票房 总票",
    "开始 启动 开幕 起始 开赛",
    "结束 闭幕 落幕",
    "上映 公映 首映",
    "发布 推出 发售 公布",
    "创立 成立 创办 创建 创始",
    "作者 著 撰写",
    "处理 芯片",
    "总统 当选",
    "删除 移除 清除",
    "查看 显示 列出 检查",
    "安装 装",
    "修改 更改 改变 编辑 设置",
    "目录 文件夹",
    "默认 缺省",
    "最大 上限 最高 最多",
    "最小 最少 最低 下限",
    "配置 设置 设定",
    "包含 含有 包括",
    "查找 搜索 寻找",
    "启用 激活 开启",
    "作用 用来 用于 功能 用途",
    "拥有 所有 属主",
    "创建 建立 新建 生成",
)
_GLOSSARY = {
    "默认": "default",
    "缺省": "default",
    "最大": "maximum max largest",
    "最小": "minimum min smallest",
    "上限": "limit maximum upper",
    "大小": "size",
    "长度": "length",
    "数据库": "database",
    "数据": "data",
    "文件": "file",
    "目录": "directory",
    "命令": "command",
    "选项": "option",
    "参数": "parameter argument",
    "函数": "function",
    "变量": "variable",
    "环境变量": "environment variable",
    "分支": "branch",
    "提交": "commit",
    "合并": "merge",
    "仓库": "repository",
    "版本": "version release",
    "端口": "port",
    "密码": "password",
    "用户": "user",
    "权限": "permission privilege",
    "软件包": "package",
    "安装": "install",
    "卸载": "uninstall remove",
    "配置": "configuration configure config",
    "内核": "kernel",
    "进程": "process",
    "内存": "memory",
    "磁盘": "disk",
    "分区": "partition",
    "网络": "network",
    "服务器": "server",
    "服务": "service",
    "客户端": "client",
    "索引": "index",
    "事务": "transaction",
    "查询": "query select",
    "日志": "log journal",
    "备份": "backup",
    "恢复": "recover restore recovery",
    "删除": "delete remove drop",
    "创建": "create",
    "显示": "show display print",
    "列出": "list",
    "查看": "show view list",
    "修改": "modify change edit",
    "重命名": "rename",
    "移动": "move",
    "复制": "copy",
    "链接": "link",
    "编辑器": "editor",
    "编码": "encoding",
    "字符": "character",
    "字节": "byte",
    "页面": "page",
    "列": "column",
    "表": "table",
    "行": "row line",
    "类型": "type",
    "值": "value",
    "键": "key",
    "作者": "author",
    "邮件": "mail email",
    "远程": "remote",
    "本地": "local",
    "标签": "tag",
    "暂存": "stage index stash",
    "工作区": "working tree worktree",
    "冲突": "conflict",
    "历史": "history",
    "忽略": "ignore",
    "加密": "encrypt encryption",
    "签名": "sign signature",
    "验证": "verify",
    "错误": "error",
    "支持": "support",
    "限制": "limit",
    "启动": "boot start",
    "关闭": "close shutdown disable",
    "语言": "language locale",
    "时间": "time date",
    "日期": "date",
    "脚本": "script",
    "并发": "concurrent concurrency",
    "锁": "lock",
    "线程": "thread",
    "缓存": "cache",
    "预写": "write-ahead wal",
    "格式": "format",
    "头部": "header",
    "导出": "export dump",
    "导入": "import",
    "压缩": "compress compression",
    "首都": "capital",
    "人口": "population",
    "面积": "area",
    "高度": "height",
    "公司": "company",
    "总部": "headquarters",
    "创始人": "founder",
    "发布": "release released",
    "价格": "price",
}

GENERIC_WORDS: frozenset[str] = frozenset(stem(word) for word in _GENERIC.split()) | frozenset(_GENERIC_CHINESE.split())
"""Terms (stemmed) that say what kind of thing is asked, seldom which one."""


def related_terms(term: str) -> Mapping[str, float]:
    """Terms that say nearly the same as a term, with how near (0 to 1)."""
    return _table().get(term, {})


@cache
def _table() -> Mapping[str, Mapping[str, float]]:
    table: dict[str, dict[str, float]] = {}
    for line in _SYNONYMS:
        group = {stem(fold(word)) for word in line.split()}
        for word in group:
            _join(table, word, group - {word}, SYNONYM_WEIGHT)
    for line in _CHINESE_SYNONYMS:
        words = set(line.split())
        for word in words:
            _join(table, word, words - {word}, SYNONYM_WEIGHT)
    for chinese, english in _GLOSSARY.items():
        pairs = terms(chinese, unigrams=False)
        foreign = {stem(word) for one in english.split() for word in terms(one)}
        for pair in pairs:
            _join(table, pair, foreign, TRANSLATION_WEIGHT)
        for word in foreign:
            _join(table, word, set(pairs), TRANSLATION_WEIGHT)
    return table


def _join(table: dict[str, dict[str, float]], word: str, others: set[str], weight: float) -> None:
    near = table.setdefault(word, {})
    for other in others:
        near[other] = max(near.get(other, 0.0), weight)
