"""What comes in: how long the inside takes to import, and a plan of 300 rows from each kind of file.

Promised: half a second (compiled once, as installed); three seconds from Word and Excel, twenty from a PDF of thirty pages, 300 MB.
"""

import json
import os
import subprocess
import sys
import time
from functools import partial

from bot.tables.shapes import Cell, Document, Paragraph, table
from tests.forms_of_papers import as_excel, as_pdf, as_word

INSIDE = "import time; a = time.perf_counter(); import handlers.desk, storage.records, storage.database; print(time.perf_counter() - a)"
ASKED = {"name": "plan", "fiscal_year": None, "likely_year": 2567, "units": []}
HEADS = ["ประเด็น", "มาตรการ", "ขั้นตอน", "ระยะเวลา", "ผู้รับผิดชอบ", "ความก้าวหน้า"]
ROWS = 300


def measure():
    compiled = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    inside = partial(subprocess.run, [sys.executable, "-c", INSIDE], env=compiled)
    times = [float(inside(capture_output=True, text=True, check=True).stdout) for _ in range(3)]
    yield f"import of handlers and storage: {min(times):.2f} s (promised ≤ 0.5)"
    began = time.perf_counter()
    subprocess.run([sys.executable, "-m", "bot", "--help"], capture_output=True, check=True)
    yield f"`prongsai --help`: {time.perf_counter() - began:.2f} s"
    document = plan()
    for form, make, most in (("docx", as_word, 3), ("xlsx", as_excel, 3), ("pdf", as_pdf, 20)):
        sent = make(document)
        seconds, busy, megabytes, measures = read(sent)
        yield (
            f"{ROWS} rows from .{form}{pages(sent)}, {len(sent) / 2**20:.1f} MB: {measures} measures, "
            f"{seconds:.1f} s, of which the processor {busy:.1f} (promised ≤ {most}), {megabytes:.0f} MB (promised ≤ 300)"
        )


def plan():
    """A plan with texts as long as those of real ones, some cells merged."""
    rows = [[Cell(text) for text in HEADS]]
    for no in range(1, ROWS + 1):
        rows += [
            [
                Cell(f"{(no - 1) // 10 + 1}. ประเด็นการเปิดเผยข้อมูลและการให้บริการ" if no % 10 == 1 else ""),
                Cell(f"มาตรการที่ {no} ทบทวนและปรับปรุงคู่มือการปฏิบัติงานและคู่มือการให้บริการให้เป็นปัจจุบัน"),
                Cell("๑) รวบรวมคู่มือเดิมของทุกกลุ่มงาน\n๒) ปรับปรุงขั้นตอนและระยะเวลา\n๓) เผยแพร่บนเว็บไซต์ของหน่วยงาน"),
                Cell("ธ.ค. 66 - มี.ค. 67"),
                Cell("กองคลัง\nกองแผนงาน"),
                Cell("☑ ดำเนินการ เสร็จสิ้นแล้วตามแผน"),
            ]
        ]
    return Document((Paragraph("แผนปฏิบัติการ ประจำปีงบประมาณ พ.ศ. 2567"), table(rows, 1)))


def read(content):
    """Read a file in a process of its own, as the program does: seconds, those of the processor, megabytes, measures found."""
    began = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "bot.tables"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    process.stdin.write(json.dumps(ASKED).encode() + b"\n" + content)
    process.stdin.close()
    told = json.loads(process.stdout.read())
    _, _, used = os.wait4(process.pid, 0)
    process.returncode = 0
    return (
        time.perf_counter() - began,
        used.ru_utime + used.ru_stime,
        used.ru_maxrss / 1024,
        len(told["draft"]["measures"]),
    )


def pages(content):
    if not content.startswith(b"%PDF"):
        return ""
    import pypdfium2

    with pypdfium2.PdfDocument(content) as opened:
        return f" of {len(opened)} pages"
