"""A report as a page of its own: one file, charts drawn in it, fit for a phone and for the printer."""

from html import escape

from bot.reports import chart
from bot.reports.printed import Printed, PrintedTable, printed
from bot.words import Words
from handlers.report import Report

STYLE = """
body{font:17px/1.6 Sarabun,"TH Sarabun New","Noto Sans Thai",sans-serif;color:#1f2933;margin:0 auto;
max-width:66rem;padding:1rem}
h1{font-size:1.5rem;line-height:1.35;margin:.4rem 0 0}h2{font-size:1.15rem;margin:1.6rem 0 .3rem}
.covers,footer{color:#52606d}ul{margin:.2rem 0;padding:0;list-style:none}
li{display:flex;gap:1rem;justify-content:space-between;border-bottom:1px solid #eef1f4;padding:.2rem 0}
li b{font-weight:400;text-align:right;min-width:30%}p,dd,li span{overflow-wrap:anywhere}
svg{max-width:100%;height:auto;margin:1rem 0}
.table{overflow-x:auto}table{border-collapse:collapse;width:100%;font-size:.95rem}
td,th{border:1px solid #9aa5b1;padding:.3rem .5rem;vertical-align:top;text-align:left;white-space:pre-line}
th{background:#ddebf7;text-align:center}.band{background:#f2f2f2;font-weight:700}
.number,.percent{text-align:right}.day{text-align:center;white-space:nowrap}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.2rem 1rem}dt{font-weight:700}dd{margin:0}
.signed{text-align:center;margin:2.5rem 0 0 auto;width:20rem;max-width:100%;break-inside:avoid}
@media print{@page{size:A4%s;margin:1.5cm}tr,svg{break-inside:avoid}thead{display:table-header-group}}
"""


def write(report: Report, words: Words) -> bytes:
    """The report as UTF-8 HTML that needs nothing else."""
    shown = printed(report, words)
    style = STYLE.replace("%s", " landscape" if shown.is_wide else "")
    return (
        f'<!doctype html><html lang="{words.language}"><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width"><meta name="robots" content="noindex">'
        f"<title>{escape(shown.title)}</title><style>{style}</style>"
        f"<h1>{escape(shown.title)}</h1><p class=covers>{escape(shown.covers)}</p>"
        f"{_body(shown, words)}<footer><p>{escape(shown.foot)}</p></footer></html>\n"
    ).encode()


def _body(shown: Printed, words: Words) -> str:
    parts = []
    if shown.heads:
        heads = (f"<dt>{escape(head)}<dd>{escape(value)}" for head, value in shown.heads)
        parts.append(f"<dl>{''.join(heads)}</dl>")
    parts += [f"<p>{escape(one)}</p>" for one in shown.prose]
    for title, lines in shown.sections:
        told = (
            f"<li><span>{escape(f'{mark} {line}'.strip())}</span><b>{escape(value)}</b>"
            for mark, line, value in lines
        )
        parts.append(f"<h2>{escape(title)}</h2><ul>{''.join(told)}</ul>")
    parts += [chart.svg(one, words) for one in shown.charts]
    parts += [_table(table) for table in shown.tables]
    parts += [
        f'<p class="signed">.................................<br>({escape(name) or "&emsp;" * 12})'
        f"<br>{escape(role)}</p>"
        for role, name in shown.signed
    ]
    return "".join(parts)


def _table(table: PrintedTable) -> str:
    heads = "".join(f"<th scope=col>{escape(title)}" for title in table.titles)
    rows = []
    for row in table.rows:
        if isinstance(row, str):
            rows.append(f'<tr><td class="band" colspan="{len(table.titles)}">{escape(row)}')
            continue
        cells = (f'<td class="{kind}">{escape(cell)}' for cell, kind in zip(row, table.kinds, strict=True))
        rows.append(f"<tr>{''.join(cells)}")
    title = f"<h2>{escape(table.title)}</h2>" if table.title else ""
    return (
        f'{title}<div class="table"><table><thead><tr>{heads}</thead>'
        f"<tbody>{''.join(rows)}</tbody></table></div>"
    )
