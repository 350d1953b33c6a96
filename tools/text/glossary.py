"""A small Chinese-English glossary of computing and everyday words, so that a Chinese question finds English pages.

Only for finding and ranking: a page found this way is read and checked like any other. A word's translations are
alternatives. Longest match wins, left to right; words it lacks are passed over, as a search by the remaining words is
still better than none. It also tells Chinese words apart, as far as it knows them. Pure.
"""

import re
from collections.abc import Mapping

from tools.text.vocabulary import COMMON
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
开发者=developer 开发人员=developer 开发=develop,development 程序员=programmer 打算=intend,plan 计划=plan,intend
维持=maintain,keep 维护=maintain,maintenance 保持=keep,maintain 持续=continue,last 继续=continue 直到=until
一般=usually,generally,typical 通常=usually,normally 经常=often 总是=always 从不=never 有时=sometimes
必须=must,required 拨号=dial-up,dial 上网=internet 联网=network,internet 断网=offline 离线=offline 在线=online
局域网=lan,local 互联网=internet 带宽=bandwidth 流量=traffic 延迟=latency,delay 超时=timeout 并行=parallel
移动硬盘=usb,external 优盘=usb,flash 光盘=cd,dvd,disc 固态硬盘=ssd 级别=level 等级=level,grade 优先级=priority
优先=priority,prefer 最高=highest,maximum 最低=lowest,minimum 消息=message 通知=notification 提示=prompt,hint
信息=information 内容=content 标题=title,heading 后缀=suffix,extension 前缀=prefix 扩展名=extension 行数=rows,lines
列数=columns 次数=times,count 拼写=spell,spelling 语法=syntax,grammar 含义=meaning 意思=meaning,mean
作用=purpose,effect 功能=feature,function 特性=feature 概念=concept 定义=definition,define 术语=term 区分=distinguish
大小写=case 大写=uppercase,upper 小写=lowercase,lower 空格=space,whitespace 换行=newline 制表符=tab 引号=quote
双引号=double-quoted,quote 单引号=single-quoted,quote 括号=parenthesis,bracket 逗号=comma 分号=semicolon 冒号=colon
斜杠=slash 反斜杠=backslash 注释=comment 缩进=indent 关键字=keyword 保留字=keyword,reserved 标识符=identifier
别名=alias 大于=greater 小于=less 等于=equal 相等=equal 平均=average,avg 总和=sum,total 总数=total,count 求和=sum
绝对值=absolute,abs 四舍五入=round 取整=round,floor 余数=remainder,modulo 当前=current 上级=parent 子目录=subdirectory
父目录=parent 根目录=root 主目录=home 家目录=home 隐藏=hidden,hide 可见=visible 覆盖=overwrite,override 追加=append
拼接=concatenate,concat 截断=truncate 截取=substr,substring 子串=substring 反转=reverse 嵌套=nested,nest 深度=depth
外部=external 内部=internal 内置=built-in,builtin 第三方=third-party 官方=official 稳定版=stable 测试版=testing,beta
不稳定=unstable 旧版=old,older 新版=new,newer 重新=again 再次=again 重复=duplicate,repeat 重试=retry 首次=first
初始=initial 初始化=initialize,init 结束=end,finish 完成=complete,finish 中断=interrupt,abort 终止=terminate,abort
取消=cancel,abort 暂停=pause,suspend 挂起=suspend,hang 休眠=hibernate,sleep 睡眠=sleep,suspend 唤醒=wake
退出=exit,quit 离开=leave 进入=enter 切换=switch,checkout 跳过=skip 返回=return 发送=send 接收=receive 收到=receive
传输=transfer,transmit 转发=forward 监听=listen 绑定=bind 访问=access 拒绝=deny,refuse,reject 接受=accept
开关=switch,option 按钮=button 菜单=menu 快捷键=shortcut,key 按键=key 光标=cursor 剪贴板=clipboard 编辑=edit 阅读=read
翻译=translate,translation 语音=voice,speech 摄像头=camera,webcam 麦克风=microphone 蓝牙=bluetooth 显卡=graphics,gpu
显示器=monitor,display 亮度=brightness 音量=volume 笔记本=laptop,notebook 电脑=computer 计算机=computer 机器=machine
主机=host 设备=device 硬件=hardware 处理器=processor,cpu 芯片=chip 电池=battery 电源=power 时钟=clock 后台=background
前台=foreground 任务=task,job 作业=job 队列=queue 调度=schedule,scheduling 占用=use,occupy 剩余=remaining,free
可用=available,free 容量=capacity,size 配额=quota 快速=fast,quick 加速=accelerate,speed 网关=gateway 子网=subnet
掩码=netmask,mask 端口号=port 协议=protocol 指纹=fingerprint 令牌=token 凭据=credential 凭证=credential
记住=remember,store 忘记=forget 锁定=lock 解锁=unlock 空闲=idle,free 异常=exception 报错=error 出错=error,fail
失败=fail,failure 成功=success,succeed 拥有者=owner 镜像=mirror,image 快进=fast-forward 上游=upstream 下游=downstream
追踪=track 引用=reference,ref 引用日志=reflog 对象=object 散列值=hash 工作流=workflow 环境=environment
解析=parse,resolve 解释=explain,interpret 触发=trigger,fire 生效=effect,apply 影响=affect,effect 估计=estimate
预测=predict 比例=ratio,proportion 百分比=percent,percentage 单位=unit 毫秒=millisecond 微秒=microsecond 分钟=minute
小时=hour 每天=daily,day 每周=weekly,week 每月=monthly,month 每小时=hourly,hour 定期=periodic,regularly
至少=least,minimum 至多=most,maximum 大约=about,approximately 超过=exceed,more,over 之前=before 之后=after 期间=during
以前=before,previous 以后=after,later 里面=inside 外面=outside 上面=above 下面=below 相同=same,identical 类似=similar
一样=same 正确=correct 有效=valid,effective 无效=invalid 合法=valid,legal 非法=invalid,illegal 简单=simple,easy
复杂=complex 容易=easy 困难=difficult,hard 重要=important 公共=public,common 私有=private 通用=general,common
专用=dedicated,special 特殊=special 普通=ordinary,normal 标准=standard 完整=complete,full 部分=part,partial
整个=whole,entire 为空=null,empty 非空=not-null 布尔值=boolean 数组=array 列表=list 集合=set 字典=dictionary 节点=node
算法=algorithm 指针=pointer 单元测试=unit-test 覆盖率=coverage 基准测试=benchmark 分词器=tokenizer 分词=tokenizer
相关性=relevance,rank 评分=score,rank 多边形=polygon 坐标=coordinate 地理=geographic 经度=longitude 纬度=latitude
国家=country 城市=city 河流=river 岛屿=island 大桥=bridge 灯塔=lighthouse 车站=station 机场=airport 港口=port,harbour
博物馆=museum 图书馆=library 大学=university 医院=hospital 公园=park 总统=president 总理=premier,minister 国王=king
女王=queen 皇帝=emperor 市长=mayor 部长=minister 议会=parliament 政府=government 法律=law 宪法=constitution
选举=election 战争=war 革命=revolution 条约=treaty 出生=born,birth 去世=died,death 结婚=married,marry 父亲=father
母亲=mother 儿子=son 女儿=daughter 妻子=wife 丈夫=husband 职业=occupation,profession 演员=actor 导演=director,directed
歌手=singer 作家=writer,author 诗人=poet 画家=painter 科学家=scientist 工程师=engineer 发明=invent,invention
发现=discover,discovery 电影=film,movie 电视剧=television,series 歌曲=song 专辑=album 小说=novel 诺贝尔奖=nobel
足球=football,soccer 篮球=basketball 奥运会=olympic 世界杯=world-cup 比赛=match,game 冠军=champion,winner 联赛=league
球队=team 温度=temperature 天气=weather 降雨=rain,rainfall 地震=earthquake 台风=typhoon 动物=animal 植物=plant
化学=chemistry,chemical 物理=physics,physical 元素=element 分子=molecule 能量=energy 重力=gravity 质量=mass,quality
密度=density 太阳=sun,solar 地球=earth 月球=moon,lunar 行星=planet 卫星=satellite 身高=height 体重=weight 年龄=age
寿命=lifespan 货币=currency 汇率=exchange-rate 经济=economy 银行=bank 股票=stock,share 工资=salary,wage
收入=income,revenue 利润=profit 成本=cost 宗教=religion 文化=culture 节日=festival,holiday 食物=food 茶叶=tea
咖啡=coffee 汽车=car 飞机=aircraft,airplane 火车=train 轮船=ship 自行车=bicycle 地铁=metro,subway 高铁=high-speed,rail
公里=kilometre,kilometer,km 平方公里=square-kilometre,km 建造=build,built 建成=built,completed 修建=build,built
设计=design,designed 位于=located 成立=founded,established 创立=founded 开放=open 距离=distance 功率=power
电压=voltage 产量=output,production 疾病=disease 症状=symptom 药物=drug,medicine 疫苗=vaccine 治疗=treat,treatment
元组=tuple 生成器=generator 迭代器=iterator 装饰器=decorator 继承=inheritance,inherit 实例=instance
构造函数=constructor 属性=attribute,property 断言=assert,assertion 切片=slice 推导式=comprehension 闭包=closure
匿名函数=lambda 协程=coroutine 上下文=context 序列化=serialize,serialization 循环=loop 赋值=assignment,assign
运算符=operator 操作符=operator 解包=unpack,unpacking 命名空间=namespace 作用域=scope 全局=global 局部=local
注解=annotation 抽象=abstract 泛型=generic 枚举=enum,enumeration 回调=callback 事件=event 事件循环=event-loop
表空间=tablespace 架构=architecture,schema 物化视图=materialized 存储过程=procedure 角色=role 主从=primary,standby
主库=primary 从库=standby,replica 备库=standby 复制槽=slot 流复制=streaming,replication 逻辑复制=logical,replication
连接池=pool,pooling 执行计划=plan,explain 自动清理=autovacuum 元数据=metadata 代号=codename
发行版=distribution,release 软件源=repository,sources 镜像站=mirror 桌面环境=desktop 逻辑卷=logical,volume,lvm
卷组=volume-group 磁盘阵列=raid 虚拟内存=swap,virtual 交换分区=swap 交换文件=swap 颁发机构=authority,ca
目录服务=ldap,directory 打印队列=queue 远程桌面=remote,desktop 入侵检测=intrusion 审计=audit 创始=founder,founded
创办=founded,founder 社区=community 贡献者=contributor 志愿者=volunteer 投票=vote,voting 项目=project
章程=constitution,charter 自由软件=free-software 专有=proprietary 发布周期=release-cycle 安全更新=security-update
补丁程序=patch 漏洞=vulnerability 攻击=attack 入侵=intrusion 病毒=virus 恶意=malicious 备用=standby,spare
冗余=redundant,redundancy 负载=load 负载均衡=load-balancing 高可用=availability 集群=cluster 节点数=nodes
分布式=distributed 镜像文件=image 字节码=bytecode 垃圾=garbage 引用计数=reference-counting 全局锁=gil
解释型=interpreted 编译型=compiled 面向对象=object-oriented 函数式=functional 标准库=standard-library
第三方库=third-party 虚拟环境=virtual-environment,venv 包管理器=package-manager,pip 依赖项=dependency 版本号=version
开机=boot,startup 表示=mean,represent,indicate 自带=built-in,bundled 指定=specify,given 生成=generate,create
判断=determine,check 防止=prevent,avoid 避免=avoid,prevent 处理=process,handle 转成=convert 查出=find,determine
找出=find 部署=deploy 扫描=scan 扫描仪=scanner 管道=pipe,pipeline 磁带=tape 软盘=floppy 乱码=garbled,mojibake
对数=logarithm,log 成员=member 迭代=iteration,iterate 读写=read-write 可写=writable 装载=load 载入=load 存放=store
保留=keep,retain,preserve 丢弃=discard,drop 丢掉=discard,drop 清空=empty,clear,truncate 清除=clear,purge 存档=archive
档案=archive,file 提取=extract 抽取=extract 切分=split 连上=connect 断开=disconnect 掉线=disconnect 等待=wait
轮询=poll 阻塞=block,blocking 竞争=contention 串行=serial,serialized 顺序=order,sequence 倒序=reverse,descending
升序=ascending 降序=descending 一致=consistent,same 校验=check,verify,checksum 检验=check 检测=detect
抢救=recover,salvage,rescue 补全=completion,complete 提示符=prompt 回车=enter,return 退格=backspace 转义=escape
正则=regular,regex 敏感=sensitive 字节序=endian,byte-order 比特=bit 进制=base,radix 十六进制=hexadecimal,hex
八进制=octal 十进制=decimal 小数=decimal,fraction 负数=negative 正数=positive 无穷=infinity 溢出=overflow
精度=precision 数值=numeric,value 键值=key-value 时长=duration 周期=period,cycle 频率=frequency 间隔=interval
期限=expire,deadline 过期=expire,expired,stale 失效=expire,invalid 有效期=validity,expire 暂时=temporary
缺省值=default 可选=optional 阻止=prevent,block 拦截=intercept,block 过滤=filter 屏蔽=block,mask
白名单=whitelist,allowlist 黑名单=blacklist,blocklist 公开=public 机密=secret,confidential 匿名=anonymous
身份=identity 登陆=login 免密=passwordless 管理=manage,administration 维护者=maintainer 安装程序=installer
安装包=package,installer 软件仓库=repository 不兼容=incompatible 兼容性=compatibility 移植=port,portable
迁移=migrate,migration 堆栈=stack 栈=stack 堆=heap 泄漏=leak 段错误=segfault 断点=breakpoint 调试器=debugger
性能分析=profile,profiler 日志文件=log 系统日志=syslog,journal 评审=review 邮件列表=mailing-list 帮助=help
摘要=summary,digest 概要=synopsis,summary 目录树=tree,directory 树形=tree 提交信息=commit,message 提交者=committer
松散=loose 打包文件=packfile,pack 悬空=dangling 远端=remote 检出=checkout 签出=checkout 改写=rewrite 重写=rewrite
撤回=undo,revert 例外=exception 工具=tool 喇叭=speaker,bell 蜂鸣=beep,bell 声卡=sound 主板=motherboard 光驱=cdrom
优化选项=optimization 承诺=promise,guarantee,commit 保证=guarantee,ensure 授予=grant 撤掉=remove,revoke
登记=register,record 注册=register 清单=list,manifest 样式=style 主题=theme,subject 布局=layout 占位符=placeholder
模板=template 片段=snippet,fragment 段落=paragraph 分页=pager,paging 书签=bookmark 收藏=bookmark
历史版本=history,revision 修订=revision 草稿=draft 附件=attachment 收件人=recipient 发件人=sender 抄送=cc
签章=signature 口令短语=passphrase 握手=handshake 会话密钥=session,key 隧道=tunnel 网桥=bridge 子域名=subdomain
回环=loopback 广播=broadcast 组播=multicast 吞吐量=throughput 数据包=packet 帧=frame 缓冲区=buffer 句柄=handle
描述符=descriptor 文件描述符=descriptor 状态码=status,code 退出码=exit,code 瓶颈=bottleneck 阈值=threshold 因子=factor
权重=weight 概率=probability,likelihood 可能性=likelihood,probability 直方图=histogram 样本=sample 均值=mean,average
中位数=median
删不掉=delete,remove 装不上=install,fail 打不开=open,fail 连不上=connect,fail 进不去=access,enter 找不到=find,missing
"""
_VERBS = """
删=delete,remove 改=change,modify 写=write 读=read 建=create 加=add 查=find,check 搜=search 装=install 拷=copy 停=stop
传=transfer,send 跑=run 存=save,store 取=get,fetch 挂=mount 拉=pull 推=push 合=merge 拆=split
关=close,disable 开=open,enable
"""
MAX_TRANSLATED = 16
"""Words of a question that are translated at most."""

WORDS: Mapping[str, tuple[str, ...]] = {
    chinese: tuple(english.split(",")) for chinese, english in (entry.split("=") for entry in _ENTRIES.split())
}
"""Chinese word -> its English alternatives, the usual one first."""
SINGLE_WORDS: Mapping[str, tuple[str, ...]] = {
    chinese: tuple(english.split(",")) for chinese, english in (entry.split("=") for entry in _VERBS.split())
}
"""The same for verbs of one character, as they are spoken. They stand in other words, too: looked for only where no
word is known (`删过的`)."""
_KNOWN = COMMON | WORDS.keys()
_LONGEST = max(map(len, _KNOWN))
_RUN = re.compile(rf"[{CJK}]+")
_LATIN = re.compile(rf"[^\s{CJK}？。，！：；（）]+")


def translations(text: str) -> list[tuple[str, ...]]:
    """The English alternatives of each known Chinese word of a text, in order, without repeats."""
    known = [english for word in segment(text) for english in in_word(word)]
    return list(dict.fromkeys(known))[:MAX_TRANSLATED]


def in_word(word: str) -> list[tuple[str, ...]]:
    """The English alternatives of a word that `segment` gave; of one it does not know, those of its verbs."""
    if word in WORDS:
        return [WORDS[word]]
    return [] if word in COMMON else [SINGLE_WORDS[one] for one in word if one in SINGLE_WORDS]


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
            end = next((end for end in ends if run[at:end] in _KNOWN), 0)
            if end:
                words += [run[unknown:at], run[at:end]]
                unknown = end
            at = end or at + 1
        words.append(run[unknown:])
    return [word for word in words if word]
