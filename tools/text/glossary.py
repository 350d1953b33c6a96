"""A small Chinese-English glossary of computing and everyday words, so that a Chinese question finds English pages.

Only for finding and ranking: a page found this way is read and checked like any other. A word's translations are
alternatives. Longest match wins, left to right; words it lacks are passed over, as a search by the remaining words is
still better than none. It also tells Chinese words apart, as far as it knows them. Pure.
"""

import re
from collections.abc import Mapping

from tools.text.words import CJK

_ENTRIES = """
数据库=database 数据=data 数据类型=type,datatype 数据结构=structure 关系型=relational 表=table 表格=table 列=column
行=row,line 字段=column,field 记录=record,log 索引=index 主键=primary,key 外键=foreign 约束=constraint 唯一=unique
触发器=trigger 视图=view 事务=transaction 回滚=rollback,undo 提交=commit 并发=concurrent,concurrency 锁=lock
死锁=deadlock 加锁=lock 查询=query,select 查询计划=plan,eqp 优化=optimize,optimization 优化器=optimizer
优化器选择=optimizer 连接=connection,join 游标=cursor 语句=statement 表达式=expression 函数=function 聚合=aggregate
窗口函数=window 子查询=subquery 排序=sort,order 分组=group 去重=distinct 插入=insert 更新=update
删除=delete,remove,drop 删掉=delete,remove 移除=remove 选择=select,choose 创建=create 新建=create,new 建立=create
修改=modify,change,alter,edit 更改=change,alter 改变=change 替换=replace 冲突=conflict 日志=log,journal
预写日志=write-ahead,wal 预写式日志=write-ahead,wal 检查点=checkpoint 崩溃=crash 损坏=corrupt,damage
恢复=recover,restore,recovery 还原=restore 备份=backup 转储=dump 导入=import 导出=export,dump 加密=encrypt,encryption
解密=decrypt 密码=password 口令=password,passphrase 密钥=key 公钥=public 私钥=private 证书=certificate
签名=sign,signature 验证=verify,authenticate 认证=authentication 授权=authorize 权限=permission,privilege 用户=user
用户名=username 用户组=group 组=group 管理员=administrator,root 超级用户=superuser,root 账号=account 账户=account
登录=login 注销=logout 会话=session 安全=safe,secure,security 线程安全=threadsafe 线程=thread
多线程=threads,multi-threaded 进程=process 多进程=processes 信号=signal 内存=memory 缓存=cache 缓冲=buffer 磁盘=disk
硬盘=disk,drive 分区=partition 挂载=mount 卸载=unmount,uninstall,remove 文件系统=filesystem 文件=file 文件名=filename
文件夹=directory,folder 目录=directory 路径=path 链接=link 符号链接=symlink 硬链接=hard 工作区=worktree,working
工作目录=working,directory 工作树=worktree 暂存区=index,staging 暂存=stage,stash,index 储藏=stash 仓库=repository
版本库=repository 存储库=repository 裸仓库=bare 远程=remote 本地=local 分支=branch 主分支=master,main
合并=merge,squash 变基=rebase 拣选=cherry-pick 标签=tag 克隆=clone 浅克隆=shallow 拉取=pull,fetch 获取=fetch,get
推送=push 强制=force 撤销=undo,revert,reset 撤消=undo,revert 重置=reset 回退=revert,reset 历史=history
历史记录=history 差异=diff,difference 比较=compare,diff 补丁=patch 子模块=submodule 钩子=hook 忽略=ignore 跟踪=track
未跟踪=untracked 快照=snapshot 二分查找=bisect,binary 版本控制=git,version 版本=version,release 作者=author
贡献=contribute 代码=code 源代码=source 源码=source 编译=compile,build 编译器=compiler 调试=debug 测试=test 构建=build
链接器=linker 库=library 共享库=shared,library 头文件=header 宏=macro 变量=variable 环境变量=environment,variable
参数=argument,parameter,option 选项=option 默认=default 默认值=default 设置=set,configure,setting
配置=configure,config 配置文件=config,configuration 启用=enable 开启=enable 打开=open,enable
关闭=close,disable,shutdown 禁用=disable 停用=disable 支持=support 限制=limit 上限=maximum,limit
最大=maximum,largest,limit 最小=minimum,smallest 最多=maximum,most 最长=longest,maximum 大小=size 多大=size,large
长度=length 宽度=width 数量=number 个数=number,count 多少=many,number 速度=speed,fast 性能=performance 效率=efficient
快=fast,faster 慢=slow 时间=time 日期=date 时区=timezone 时间戳=timestamp 星期=week 年=year 月=month 天=day 类型=type
字符串=string 整数=integer 浮点=float,floating 浮点数=float,floating 布尔=boolean 空值=null 二进制=binary,blob
文本=text 数字=number,numeric 字符=character 字符集=charset,character 编码=encoding 亲和性=affinity
动态类型=dynamic,type 名称=name 名字=name 重命名=rename 改名=rename 移动=move 复制=copy 拷贝=copy 粘贴=paste
搜索=search 查找=find,search 查看=show,view,list 显示=show,display,print 列出=list 打印=print 打印机=printer
输出=output 输入=input 输入法=input,method 格式=format 命令=command 命令行=command-line,command,shell 终端=terminal
控制台=console 脚本=script 解释器=interpreter 编程=programming 程序=program 应用=application 应用程序=application
软件=software 软件包=package 包管理=package 依赖=dependency,depend 安装=install 升级=upgrade 降级=downgrade 源=source
服务=service 服务器=server 客户端=client 守护进程=daemon 系统=system 操作系统=operating,system 内核=kernel 模块=module
驱动=driver 启动=boot,start,startup 引导=boot 引导程序=bootloader 关机=shutdown 重启=reboot,restart 停止=stop
运行=run,running 执行=execute,run 定时=schedule,cron 定时任务=cron 计划任务=cron,schedule 自动=automatic,automatically
手动=manual 网络=network 网卡=interface,network 接口=interface 地址=address 主机名=hostname 域名=domain 端口=port
防火墙=firewall 代理=proxy 路由=route 无线=wireless,wifi 下载=download 上传=upload 浏览器=browser 网页=web,page
网站=website,site 邮件=mail,email 邮箱=mail,mailbox 图形=graphical,gui 界面=interface 桌面=desktop 窗口=window
字体=font 键盘=keyboard 鼠标=mouse 屏幕=screen 分辨率=resolution 声音=sound,audio 音频=audio 视频=video 图像=image
图片=image,picture 虚拟化=virtualization 虚拟机=virtual,machine 容器=container 语言=language,locale 语言环境=locale
本地化=localization,l10n 国际化=i18n,internationalization 中文=chinese 英文=english 错误=error,bug 错误码=error,code
返回码=result,code 返回值=return 警告=warning 问题=problem,bug,issue 故障=failure,fault 解决=solve,resolve,fix
修复=repair,fix 原因=reason,cause 为什么=why 区别=difference,differ 不同=different,difference 优点=advantage
缺点=disadvantage 优势=advantage 好处=benefit,advantage 适合=appropriate,suitable 何时=when 场景=use,situation
使用=use 用法=usage,use 用途=use,purpose 方法=method,way 步骤=step 过程=process,procedure 阶段=stage,phase
示例=example 例子=example 教程=tutorial 手册=manual 文档=documentation 说明=description 规则=rule,pattern
模式=mode,pattern 匹配=match 正则表达式=regular,regex 通配符=wildcard,glob 压缩=compress,compression
解压=extract,decompress 归档=archive 打包=archive,pack 存储=store,storage 保存=save,store 读取=read 写入=write
只读=read-only,readonly 临时=temporary 永久=permanent,persistent 原子=atomic 隔离=isolation 一致性=consistency
完整性=integrity 级联=cascade 递归=recursive 递归查询=recursive,with 生成列=generated 虚拟表=virtual
全文=full-text,fulltext 全文搜索=full-text,fts5 全文检索=full-text,fts5 内存数据库=in-memory,memory 扩展=extension
加载=load 扩展库=extension 嵌入式=embedded 许可=license 许可证=license 版权=copyright 公有领域=public,domain 免费=free
开源=open,source 商业=commercial 公司=company 历届=history 发布=release,released 发行=release 稳定=stable
兼容=compatible,compatibility 向后兼容=backwards,compatible 跨平台=cross-platform,platform 平台=platform
手机=phone,mobile 最近=last,recent,latest 最后=last 最新=latest,newest 最早=earliest,first 第一=first
上一=previous,last 一次=once 多个=several,multiple 同时=simultaneous,concurrent,same 所有=all 全部=all 每个=each,every
某个=certain 之间=between 单个=single 空间=space 大文件=large 增量=incremental 同步=sync,synchronous 异步=asynchronous
批量=bulk,batch 随机=random 自增=autoincrement 序列=sequence 校验和=checksum 哈希=hash 散列=hash 页面=page 页=page
页大小=page_size 清理=clean,vacuum 整理=vacuum,defragment 垃圾回收=gc,garbage 收缩=shrink,vacuum 添加=add
增加=add,increase 减少=reduce,decrease 检查=check 统计=statistics,analyze 分析=analyze 监控=monitor
计算=compute,calculate 转换=convert,conversion 拆分=split 分割=split 归属=own,owner 属于=own,belong 所有者=owner
共享=share,shared 结果=result 变更=change 改动=change 丢失=lose,lost 找回=recover 谁=who 哪些=which 是否=whether
能否=can 允许=allow 禁止=forbid,deny 缺省=default 编辑器=editor 字节=byte 值=value 键=key 预写=write-ahead,wal
头部=header 首都=capital 人口=population 面积=area 高度=height 总部=headquarters 创始人=founder 价格=price
"""

MAX_TRANSLATED = 16
"""Words of a question that are translated at most."""

WORDS: Mapping[str, tuple[str, ...]] = {
    chinese: tuple(english.split(",")) for chinese, english in (entry.split("=") for entry in _ENTRIES.split())
}
"""Chinese word -> its English alternatives, the usual one first."""
_LONGEST = max(map(len, WORDS))
_RUN = re.compile(rf"[{CJK}]+")
_LATIN = re.compile(rf"[^\s{CJK}？。，！：；（）]+")


def translations(text: str) -> list[tuple[str, ...]]:
    """The English alternatives of each known Chinese word of a text, in order, without repeats."""
    known = [WORDS[word] for word in segment(text) if word in WORDS]
    return list(dict.fromkeys(known))[:MAX_TRANSLATED]


def in_english(text: str, *, most: int | None = None) -> str:
    """The Latin words of a text, then the English ones of its known Chinese words: of each all, or the `most` usual."""
    return " ".join([*_LATIN.findall(text), *(word for words in translations(text) for word in words[:most])])


def segment(text: str) -> list[str]:
    """The Chinese words of a text, in order: the longest that are known, and what stands between them."""
    words: list[str] = []
    for run in _RUN.findall(text):
        at = unknown = 0
        while at < len(run):
            ends = range(min(len(run), at + _LONGEST), at, -1)
            end = next((end for end in ends if run[at:end] in WORDS), 0)
            if end:
                words += [run[unknown:at], run[at:end]]
                unknown = end
            at = end or at + 1
        words.append(run[unknown:])
    return [word for word in words if word]
