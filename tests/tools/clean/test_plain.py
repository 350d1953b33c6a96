from tools.clean import Cleaned, clean


def read(text: str, *, path: str = "/a.txt", content_type: str = "text/plain") -> Cleaned:
    return clean(text.encode(), content_type=content_type, url=f"http://harbour.example{path}")


MANUAL = """\
lamp(1)
=======

NAME
----
lamp - light the light

SYNOPSIS
--------
[verse]
'lamp' [-a | --all] [<minutes>]

DESCRIPTION
-----------
Lights the lamp at the top of the tower and keeps it burning until somebody
puts it out, or until the oil is spent. See linkgit:horn[1] for the
fog horn.

OPTIONS
-------
-a::
--all::
	Light every lamp in the
	tower.

<minutes>::
	How long to burn.

. First, open the valve and wait for
  the smell.
. Then strike a match.

------------
$ lamp --all
lit  3
------------
"""


def test_a_hard_wrapped_paragraph_is_one_line() -> None:
    text = (
        "The lighthouse on the northern cape was lit for the first\n"
        "time in 1871, after four winters of building. The storm\n"
        "broke the glass.\n\nIts lamp burned colza oil until 1904.\n"
    )
    assert read(text).text == " ".join(text.split("\n\n")[0].split()) + "\n\nIts lamp burned colza oil until 1904."


def test_chinese_lines_are_joined_without_a_space() -> None:
    text = (
        "北方海角的灯塔建于一八七一年，四个冬天才建成，用的是从南方运来的\n"
        "花岗岩。灯塔管理员每天傍晚爬上一百四十二级台阶，点亮灯火，直到天亮\n"
        "才下来。\n"
    )
    assert read(text).text == text.replace("\n", "")


def test_lines_that_end_early_are_lines() -> None:
    text = "Keepers, in the order of their years of service:\n\nAda Brink\nOle Tarn\nMia Holm"
    assert read(text).text == text


def test_an_asciidoc_manual_keeps_its_structure() -> None:
    cleaned = read(MANUAL)
    assert [text for _, _, text in cleaned.headings] == ["lamp(1)", "NAME", "SYNOPSIS", "DESCRIPTION", "OPTIONS"]
    lines = cleaned.text.split("\n")
    assert "-a, --all: Light every lamp in the tower." in lines
    assert "<minutes>: How long to burn." in lines
    assert "- First, open the valve and wait for the smell." in lines
    assert "$ lamp --all\nlit  3" in cleaned.text
    assert any(line.endswith("oil is spent. See horn(1) for the fog horn.") for line in lines)
    assert "[verse]" not in lines


def test_markdown_loses_its_marks_and_keeps_its_structure() -> None:
    cleaned = read(
        "---\ntitle: The light\ndate: 2025-02-03\nauthor: Ada Brink\n---\n# Light\n\nLit in **1871**, "
        "see [the\nstory](http://a.example/b_(c)).\n"
        "![lamp](lamp.png)\n\n* oil\n* paraffin\n  and more\n\n| Year | Keeper |\n|---|:-:|\n| 1871 | `Ada` |\n\n"
        "```python\nif on:\n\n    burn()\n```\n\n"
        "Storm\n-----\n\n    kept  as\n      is\n",
        path="/light.md",
    )
    assert cleaned.text == (
        "Light\n\nLit in 1871, see the story.\n\n- oil\n- paraffin and more\n\nYear | Keeper\n1871 | Ada\n\n"
        "if on:\n\n    burn()\n\n"
        "Storm\n\n    kept  as\n      is"
    )
    assert (cleaned.title, cleaned.published, cleaned.author) == ("The light", "2025-02-03", "Ada Brink")
    assert [level for _, level, _ in cleaned.headings] == [1, 2]


def test_indented_prose_is_joined_and_indented_columns_are_kept() -> None:
    prose = "   The keeper climbs the tower at dusk and lights the lamp, as\n   his mother did for thirty years.\n"
    table = "   1871     Ada Brink     oil\n   1904     Ole Tarn      paraffin\n"
    text = read(f"{prose}\n{table}").text
    assert "lights the lamp, as his mother did for thirty years." in text
    assert "1871     Ada Brink     oil\n   1904     Ole Tarn" in text


def test_source_code_is_left_alone() -> None:
    code = "def burn(oil):\n\n    # slowly\n    return oil - 1\n"
    assert read(code, path="/burn.py").text == code.strip("\n")


def test_a_comma_separated_table_is_rows() -> None:
    assert read('year,keeper\n1871,"Brink, Ada"\n', path="/k.csv", content_type="text/csv").text == (
        "year | keeper\n1871 | Brink, Ada"
    )


def test_json_is_names_values_and_prose() -> None:
    cleaned = read(
        '{"title": "Light", "updated": "2026-01-02T03:04:05Z", "lit": true, "steps": 142, "tags": ["oil", "glass"],'
        '"body": "<p>Lit in <b>1871</b>.</p><script>x()</script><p>Dark in 1938.</p>", "id": "https://a.example/1"}',
        path="/a",
        content_type="application/json",
    )
    assert "lit: true\nsteps: 142\ntags: oil\ntags: glass" in cleaned.text
    assert "Lit in 1871.\n\nDark in 1938." in cleaned.text
    assert "x()" not in cleaned.text
    assert "https://" not in cleaned.text
    assert (cleaned.title, cleaned.published) == ("Light", "2026-01-02")


def test_a_feed_is_its_entries() -> None:
    feed = (
        "<?xml version='1.0' encoding='utf-8'?><!DOCTYPE rss [<!ENTITY x SYSTEM 'file:///etc/hostname'>]><rss><channel>"
        "<title>Harbour</title><item><title>Storm &amp; glass</title><pubDate>Sat, 07 Nov 2026 08:00:00 GMT</pubDate>"
        "<description>&lt;p&gt;The gallery broke. &amp;lt;3&lt;/p&gt;</description></item>"
        "<item><title>&x;Fog</title></item></channel></rss>"
    )
    cleaned = read(feed, path="/feed", content_type="application/rss+xml")
    assert cleaned.text == "Storm & glass\n\nSat, 07 Nov 2026 08:00:00 GMT\n\nThe gallery broke. <3\n\nFog"
    assert (cleaned.title, cleaned.published) == ("Harbour", "2026-11-07")
