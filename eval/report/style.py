"""The style sheet of the report: light and dark by the reader's preference, no fonts or pictures from elsewhere."""

STYLE = """
:root{--ink:#1c1c1e;--dim:#5f6368;--line:#d8dade;--back:#fff;--a:#8a8f98;--b:#2f6fde;--c:#1a8f5a;--d:#b4560f;--e:#8644b8;--f:#b3264a}
@media(prefers-color-scheme:dark){:root{--ink:#e8e8ea;--dim:#9aa0a6;--line:#3a3d42;--back:#17181a;--b:#6ea0ff;--c:#4cc38a;--d:#f0965a;--e:#c08cf0;--f:#f07a94}}
body{margin:0;background:var(--back);color:var(--ink);font:15px/1.5 system-ui,sans-serif}
main{max-width:1100px;margin:0 auto;padding:24px}
h1{font-size:26px}h2{font-size:20px;margin-top:40px;border-top:1px solid var(--line);padding-top:20px}h4{margin:0 0 4px;color:var(--dim)}
.wide{overflow-x:auto}table{border-collapse:collapse;font-size:13px;font-variant-numeric:tabular-nums}
th,td{padding:4px 8px;border-bottom:1px solid var(--line);text-align:right;white-space:nowrap}th{color:var(--dim);vertical-align:bottom}
th:nth-child(-n+3),td:nth-child(-n+3){text-align:left}
svg{width:100%;max-width:760px;height:auto;margin:12px 0;font:12px system-ui,sans-serif;fill:var(--ink)}
figure{margin:16px 0}figcaption{font-weight:600;font-size:13px}.end{text-anchor:end}.middle{text-anchor:middle}.grid{stroke:var(--line)}.dashed{stroke-dasharray:4}.whisker{stroke:var(--ink);stroke-width:2}
.a{fill:var(--a);stroke:var(--a)}.b{fill:var(--b);stroke:var(--b)}.c{fill:var(--c);stroke:var(--c)}.d{fill:var(--d);stroke:var(--d)}
.e{fill:var(--e);stroke:var(--e)}.f{fill:var(--f);stroke:var(--f)}rect{stroke:none!important}.band{opacity:.15;stroke:none}.stroke{fill:none;stroke-width:2}
article{border-left:3px solid var(--line);padding:4px 12px;margin:12px 0}blockquote{margin:6px 0;color:var(--dim);white-space:pre-wrap}
pre{white-space:pre-wrap;font:13px/1.45 system-ui,sans-serif}summary{cursor:pointer;color:var(--dim)}dt{font-weight:600}dd{margin:0 0 6px 0}
""".replace("\n", "")  # noqa: E501
