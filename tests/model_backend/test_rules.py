import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model_backend import Turn
from model_backend.embedded.arithmetic import calculation
from model_backend.embedded.direct import direct_answer
from model_backend.rules import ABSTENTION_PREFIXES, is_abstention, needs_search, search_query, standalone_question


def after(question: str, answer: str = "It is so [1].") -> tuple[Turn, ...]:
    return (Turn(question=question, answer=answer),)


@pytest.mark.parametrize(
    "message",
    [
        "hi",
        "Hello there!",
        "你好",
        "Thanks a lot for your help",
        "多谢你的帮助",
        "再见",
        "how are you?",
        "讲个笑话",
        "who are you",
        "你会做什么",
        "What is 12*7?",
        "200的15%是多少",
        "two hundred and five minus six",
        'translate "good morning" to French',
        "“苹果”用英语怎么说?",
        "Rewrite this sentence to be more formal: gimme that",
        "请把这句话改写得更正式:我要走了",
        "Write a poem about autumn",
        "What did I just ask you?",
        "刚才你说的是什么",
        "Summarize our conversation",
        "？！",
        "I feel a bit down today.",
        "ok got it, bye",
        "Great, that's exactly what I needed",
        "well, let us talk for a while",
        "what's your favourite colour?",
        "Could you explain that more simply?",
        "How much is 1/4 of 200?",
        "the cube root of 27",
        "convert 100 cm to m",
        "how many letters are in the word banana?",
        "flip a coin",
        "suggest a name for my cat",
        "您好呀",
        "太好了，谢谢你",
        "谢谢，我的问题解决了",
        "It works now, thanks!",
        "Hello! I hope you are doing well.",
        "I don't understand",
        "Is that right?",
        "subtract 15 from 40",
        "What's 20% off 50?",
        "请问你是谁？",
        "我不明白",
        "今天心情不好，陪我聊聊吧",
        "你累不累？",
        "你是真人还是机器人？",
        "能再解释一遍吗？",
        "一英里等于多少公里",
        "从一数到十",
    ],
)
def test_talk_sums_and_tasks_on_given_text_are_not_searched(message: str) -> None:
    assert not needs_search(message, after("What is a tide?"))


@pytest.mark.parametrize(
    "message",
    [
        "How does SQLite translate SQL into bytecode?",
        "How do I rewrite history with git?",
        "翻译官这部剧的主演是谁",
        "什么是机器翻译",
        "Write-ahead logging in SQLite",
        "Hi, what is the tallest bridge in Europe?",
        "Thanks! And what about git?",
        "What is 802.11?",
        "What is 9/11?",
        "What time is it?",
        "今天天气怎么样",
        "Summarize the latest news about Mars",
        "create a branch in git",
        "What did Einstein say about quantum mechanics?",
        "thanks to what law did women get the vote",
        "ok computer release year",
        "stop sign regulations",
        "continue statement python",
        "hi, can you help me find the height of the Eiffel tower?",
        "I don't understand how git rebase works",
        "继续教育学时要求",
        "good luck charlie cast",
        "great job grant application deadline",
        "100 usd in eur",
        "check whether a text file really is valid utf-8 from the shell",
        "What if two processes write to the same database at once?",
        "If I delete a branch by mistake, what should I do to get it back?",
        "If I miss my connecting ferry, what are my options?",
        "Check if the ferry at 18:45 is late",
        "check if this Saturday is a holiday",
        "What if I never received my tax refund?",
        "What if two boats tie up at once? Could the pier break?",
        "how many days are in a leap year on Mars",
        "reverse a string in python",
        "how many letters are in the Greek alphabet",
        "roll a die probability of six twice",
        "谢谢茶 配料",
        "再见爱人 嘉宾",
        "心情不好吃什么水果",
        "1斤黄金多少钱",
        "对虾养殖",
    ],
)
def test_whatever_depends_on_facts_or_time_is_searched(message: str) -> None:
    assert needs_search(message)


@pytest.mark.parametrize(
    ("turns", "question", "whole"),
    [
        (after("Who designed the Eiffel Tower?"), "And its height?", "Eiffel Tower's height?"),
        (after("法国的首都是哪里?"), "那它的人口呢?", "法国的人口呢?"),
        (after("How do I list tags in Mercurial?"), "what about git?", "How do I list tags in git?"),
        (after("上海的面积是多少?"), "北京呢?", "北京的面积是多少?"),
        (after("Who won the 2014 World Cup?"), "And in 2018?", "Who won the 2018 World Cup?"),
        (after("谁获得了2014年世界杯冠军?"), "2018年呢?", "谁获得了2018年世界杯冠军?"),
        (
            after("What is the default page size of the engine?"),
            "What about the cache size?",
            "What is the default cache size of the engine?",
        ),
        (
            after("Who is the head of the Norin Institute?", "Mira Tolland is the head [1]."),
            "How old is she?",
            "How old is Mira Tolland?",
        ),
        (
            after("Where on Harrowick can I see grey seals?"),
            "How many were counted there in 2025?",
            "How many were counted in grey seals Harrowick in 2025?",
        ),
        (after("望斗台天文台是哪一年建成的?"), "那里的门票多少钱?", "望斗台天文台的门票多少钱?"),
        ((*after("What does git stash do?"), *after("Can it be undone?")), "Is it fast?", "Is git stash fast?"),
        (
            after("How long is the Harrowick bridge?"),
            "How high are its towers?",
            "How high are Harrowick bridge's towers?",
        ),
        (after("How tall is the Eiffel Tower?"), "What about the Burj Khalifa?", "How tall is the Burj Khalifa?"),
        (after("How tall is the Eiffel Tower?"), "in feet?", "How tall is the Eiffel Tower in feet?"),
        (
            after("How tall is the Eiffel Tower?"),
            "Is that taller than Big Ben?",
            "Is Eiffel Tower taller than Big Ben?",
        ),
        (after("Who is the CEO of Apple?"), "And of Microsoft?", "Who is the CEO of Microsoft?"),
        (after("Who is the CEO of Apple?"), "how old is he?", "how old is CEO of Apple?"),
        (after("Who wrote Hamlet?"), "Where was he born?", "Where was the person who wrote Hamlet born?"),
        (
            after("What was the inflation rate in France?"),
            "And in 2018?",
            "What was the inflation rate in France in 2018?",
        ),
        (after("What is the population of Spain?"), "What about the area?", "What is the area of Spain?"),
        (after("Which port does Redis use?"), "and PostgreSQL?", "Which port does PostgreSQL use?"),
        (
            after("Tell me about the Harrowick lighthouse"),
            "who was the keeper in 1901?",
            "who was the keeper in 1901 (Harrowick lighthouse)?",
        ),
        (
            after("What is the capital gains tax in France?"),
            "What about in Germany?",
            "What is the capital gains tax in Germany?",
        ),
        (
            after("What was the inflation rate in France?"),
            "what about in 2010?",
            "What was the inflation rate in France in 2010?",
        ),
        (
            after("What is the default page size of SQLite?"),
            "what about the maximum?",
            "What is the maximum page size of SQLite?",
        ),
        (
            after("What is the page size of SQLite?"),
            "what about the maximum?",
            "What is the maximum page size of SQLite?",
        ),
        (after("春联的历史有多长？"), "对联呢？", "对联的历史有多长？"),
        (after("北京的人口是多少？"), "面积呢", "北京的面积是多少？"),
        (after("北京的人口是多少？"), "2010年呢？", "2010年北京的人口是多少？"),
        (after("法国的首都是哪里？"), "在德国呢？", "德国的首都是哪里？"),
        (after("SQLite 默认的页大小是多少？"), "怎么修改？", "SQLite 默认的页大小怎么修改？"),
        (after("SQLite 默认的页大小是多少？"), "最大能设多大？", "SQLite 默认的页大小最大能设多大？"),
        (after("谁写了《红楼梦》？"), "他是哪里人？", "写了《红楼梦》的人是哪里人？"),
        (after("中国最长的河是哪条？"), "它有多长？", "中国最长的河有多长？"),
        (after("中国最长的河是哪条？"), "第二长的呢？", "中国第二长的河是哪条？"),
        (after("如何安装Docker？"), "卸载呢？", "如何卸载Docker？"),
    ],
)
def test_a_follow_up_is_resolved_from_the_thread(turns: tuple[Turn, ...], question: str, whole: str) -> None:
    assert standalone_question(question, turns) == whole


@pytest.mark.parametrize(
    "question",
    [
        "What is the capital of Peru?",
        "thanks",
        "秘鲁的首都是哪里?",
        "in vitro fertilisation cost",
        "In which year was Peru founded?",
    ],
)
def test_a_question_that_stands_alone_is_left_as_it_is(question: str) -> None:
    assert standalone_question(question, after("What does git stash do?")) == question


def test_small_talk_between_does_not_hide_the_topic() -> None:
    turns = (*after("What is the population of Tokyo?"), *after("thanks", "You're welcome."))
    assert standalone_question("How about Osaka?", turns) == "What is the population of Osaka?"


@pytest.mark.parametrize(
    ("question", "query"),
    [
        ("Can you tell me how tall the tower is, please?", "how tall the tower is"),
        ("请问 SQLite 的默认页大小是多少？", "SQLite 的默认页大小"),
        ('I would like to know how to list "untracked files" in git', 'list "untracked files" in git'),
        ("What is SQLITE_MAX_COLUMN?", "SQLITE_MAX_COLUMN"),
        ("How do I undo `git add`?", "undo `git add`"),
    ],
)
def test_a_query_drops_politeness_and_keeps_names(question: str, query: str) -> None:
    assert search_query(question) == query


def test_a_query_of_a_follow_up_names_its_topic() -> None:
    assert "Eiffel Tower" in search_query("And its height?", after("Who designed the Eiffel Tower?"))


@pytest.mark.parametrize(
    "text",
    [
        "I could not find an answer to this. I searched for “x” and read 2 pages.",
        "I couldn’t find it in the pages I read.",
        "Sorry, but the sources do not say who won.",
        "我没有找到这个问题的答案。",
        "抱歉，我读到的网页里没有找到答案。",
    ],
)
def test_an_abstention_is_recognised(text: str) -> None:
    assert is_abstention(text)


@pytest.mark.parametrize(
    "text",
    ["The tower is 90 m tall [1].", "I could not find the year, but it is 90 m tall [1].", "", "没有人知道 [2]。"],
)
def test_an_answer_is_no_abstention(text: str) -> None:
    assert not is_abstention(text)


def test_every_prefix_is_an_abstention() -> None:
    assert all(is_abstention(prefix + " …") for prefix in ABSTENTION_PREFIXES)


@given(st.text(max_size=300), st.lists(st.text(max_size=60), max_size=3))
def test_rules_take_any_text(question: str, earlier: list[str]) -> None:
    turns = tuple(Turn(question=text, answer=text) for text in earlier)
    assert isinstance(needs_search(question, turns), bool)
    assert isinstance(standalone_question(question, turns), str)
    query = search_query(question, turns)
    assert bool(query) or not question.strip()
    assert len(query) <= 200


def test_a_very_long_message_is_decided_quickly() -> None:
    assert needs_search("why " * 25_000)
    assert needs_search("为什么" * 30_000)


@pytest.mark.parametrize("piece", ["请", "it ", "a_", "write a, ", "1+", "A b ", "what about x "])
def test_no_message_of_any_kind_takes_long(piece: str) -> None:
    message = piece * 20_000
    began = time.perf_counter()
    needs_search(message, after("What is the default page size?"))
    standalone_question(message, after("What is the default page size?"))
    search_query(message, after("What is the default page size?"))
    # Measured at 0.02 s; quadratic patterns took minutes.
    assert time.perf_counter() - began < 3.0


@pytest.mark.parametrize(
    ("question", "result"),
    [
        ("Could you work out (4 + 6) * 3 for me?", "30"),
        ("Will you please calculate 81 / 9?", "9"),
        ("What is 3 to the 4th power?", "81"),
        ("3 的 4 次方是多少？", "81"),
    ],
)
def test_a_sum_asked_for_politely_or_as_a_power_is_a_sum(question: str, result: str) -> None:
    found = calculation(question)
    assert found is not None
    assert found[1] == result
    assert not needs_search(question)


@pytest.mark.parametrize("question", ["10 / 0", "3 * (4 + 5", "9^9^9^9", "what is 10 divided by 0?", "10除以0等于多少"])
def test_a_sum_without_a_value_is_said_to_be_one_and_not_searched_for(question: str) -> None:
    assert not needs_search(question)
    said = direct_answer(question, (), "zh" if "除" in question else "en")
    assert "cannot be worked out" in said or "算不出来" in said


@pytest.mark.parametrize("question", ["10.0.0.1/8", "1/2/2024", "(415) 555-0100", "24/7"])
def test_addresses_dates_and_telephone_numbers_are_no_sums(question: str) -> None:
    assert needs_search(question)


@pytest.mark.parametrize(
    "unit", ["嗯", "哈", "ok ", "haha", "hmm", "好的", "so ", "你好", "very ", "a, ", "thanks a ", "那"]
)
def test_a_message_that_goes_on_like_talk_and_is_none_costs_little(unit: str) -> None:
    started = time.process_time()
    assert needs_search((unit * 120)[:119] + "x")
    assert time.process_time() - started < 0.2


@pytest.mark.parametrize(
    "message",
    ["in Chinese please", "Can you say that in French?", "answer in German", "用英文再说一遍", "请用英语回答"],
)
def test_the_answer_before_in_another_language_is_a_translation(message: str) -> None:
    before = after("What is a tide?")
    assert not needs_search(message, before)
    assert "translate" in direct_answer(message, before, "en")


@pytest.mark.parametrize("message", ["in Python please", "And in Chinese law?", "用中文输入法怎么打引号"])
def test_what_only_looks_like_a_wish_for_a_language_is_searched(message: str) -> None:
    assert needs_search(message, after("What is a tide?"))


@pytest.mark.parametrize("message", ["continue", "Try again!", "请继续"])
def test_there_is_nothing_to_go_on_with_before_the_first_answer(message: str) -> None:
    assert not needs_search(message)
    assert needs_search(message, after("What is a tide?"))
