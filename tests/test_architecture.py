"""The written rules of the house, held by a test: the arrow, sizes, words, no raw SQL."""

import ast
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from fluent.syntax import FluentParser
from fluent.syntax import ast as fluent

import handlers
from bot.reading import NOT_SENTENCES
from bot.words import FIRST, LANGUAGES
from handlers import desk
from storage.records import metadata

ROOT = Path(__file__).parent.parent
CODE = [
    file
    for folder in ("bot", "handlers", "storage")
    for file in sorted((ROOT / folder).rglob("*.py"))
    if "versions" not in file.parts
]
THAI = re.compile(r"[\u0e01-\u0e5b]")
# Papers of Thai agencies are always in Thai: reading them is a rule of their format, not language.
READS_PAPERS = {
    "storage/calendar.py",
    "storage/clauses.py",
    "storage/day_words.py",
    "storage/roles.py",
    "storage/spans.py",
    "storage/unit_words.py",
}
READS_PAPERS_FOLDERS = ("bot/tables/",)
SENTENCE = re.compile(r"(?:(?:^|(?<=\s))[A-Za-z]{2,}[,.;:!?]?(?:\s+|$)){4}")
# What a figure means, for who keeps the machine; row security in SQL.
NOT_FOR_PEOPLE = {"bot/meters.py", "bot/web/health.py", "storage/migrations/__init__.py"}
# Files a sibling may lean on: the shapes of tables and what reads the text inside another format;
# a day, a unit, the progress of a copy or the serving that a command takes over.
LENT = {
    "bot/tables": {"places", "shapes", "text", "html", "xlsx"},
    "bot/commands": {"backup", "due", "serve", "unit"},
}
# The only files over 300 lines. A new name here is a file that should be split along its nouns.
LARGE = {
    "bot/tables/plan_rows.py",
    "bot/web/chat.py",
    "handlers/naming.py",
    "handlers/progress.py",
    "handlers/recording.py",
    "storage/calendar.py",
    "storage/spans.py",
}


def name(file: Path) -> str:
    return file.relative_to(ROOT).as_posix()


def messages(language: str) -> dict[str, set[str]]:
    """Every message of a language, with the names of its blanks."""
    found: dict[str, set[str]] = {}
    for file in sorted((ROOT / "locales" / language).glob("*.ftl")):
        for entry in FluentParser().parse(file.read_text(encoding="utf-8")).body:
            assert not isinstance(entry, fluent.Junk), f"{name(file)}: {entry.content}"
            if isinstance(entry, fluent.Message):
                assert entry.id.name not in found, f"{name(file)}: {entry.id.name} stands twice"
                found[entry.id.name] = _blanks(entry)
    return found


def _blanks(entry: fluent.Message) -> set[str]:
    blanks: set[str] = set()

    def walk(node: object) -> None:
        if isinstance(node, fluent.VariableReference):
            blanks.add(node.id.name)
        elif isinstance(node, fluent.BaseNode):
            for part in vars(node).values():
                walk(part)
        elif isinstance(node, list):
            for part in node:
                walk(part)

    walk(entry.value)
    return blanks


def intents(language: str) -> set[str]:
    """Everything that can be asked for in a language."""
    files = (file for file in (ROOT / "locales" / language).glob("*.toml") if file.stem not in NOT_SENTENCES)
    return {intent for file in files for intent in tomllib.loads(file.read_text(encoding="utf-8"))}


def said() -> dict[str, str]:
    """Every message name that code says with a literal, and where."""
    found = {}
    for file in CODE:
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("say", "Say") and node.args:
                for part in _names(node.args[0]):
                    found[part] = name(file)
    return found


def _names(node: ast.expr) -> list[str]:
    """The literal message names an argument can be (a name, or one of two by a condition)."""
    match node:
        case ast.Constant(value=str(text)):
            return [text]
        case ast.IfExp(body=one, orelse=other):
            return _names(one) + _names(other)
        case _:
            return []


def test_imports_keep_to_the_arrow():
    done = subprocess.run(
        [Path(sys.executable).parent / "lint-imports"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("file", CODE, ids=name)
def test_files_and_functions_stay_small(file):
    text = file.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 400
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            assert node.end_lineno - node.lineno < 50, f"{node.name} is too long"


@pytest.mark.parametrize("file", CODE, ids=name)
def test_every_file_says_what_it_is_for(file):
    assert ast.get_docstring(ast.parse(file.read_text(encoding="utf-8")))


@pytest.mark.parametrize("file", CODE, ids=name)
def test_no_human_sentence_stands_in_code(file):
    if name(file) in READS_PAPERS or name(file).startswith(READS_PAPERS_FOLDERS):
        return
    tree = ast.parse(file.read_text(encoding="utf-8"))
    docs = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for_developers = {
        id(part)
        for node in ast.walk(tree)
        if isinstance(node, ast.Raise | ast.Assert) or _is_for_the_log(node)
        for part in ast.walk(node)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docs:
            assert not THAI.search(node.value), f"{name(file)}:{node.lineno}: {node.value}"
            if id(node) not in for_developers and name(file) not in NOT_FOR_PEOPLE:
                assert not SENTENCE.search(node.value), f"{name(file)}:{node.lineno}: {node.value}"


def _is_for_the_log(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id == "log"
    )


@pytest.mark.parametrize("file", CODE, ids=name)
def test_nothing_is_left_over(file):
    # put together so that this file does not find itself
    for word in ("TO" + "DO", "FIX" + "ME", "X" + "XX", "NotImplemented" + "Error"):
        assert word not in file.read_text(encoding="utf-8")


@pytest.mark.parametrize("file", [f for f in CODE if "migrations" not in f.parts], ids=name)
def test_records_are_asked_through_the_orm_only(file):
    tree = ast.parse(file.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("sqlalchemy"):
            assert "text" not in {alias.name for alias in node.names}, name(file)
        if isinstance(node, ast.Attribute) and node.attr == "__table__":
            pytest.fail(f"{name(file)}:{node.lineno}")
        if isinstance(node, ast.Attribute) and node.attr == "exec_driver_sql":
            assert name(file) in ("storage/database.py", "storage/engines.py"), (
                "only the engines' own set-up speaks SQL"
            )


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_every_message_with_the_same_blanks(language):
    first, other = messages(FIRST), messages(language)
    wrong = [f"{language} lacks {key}" for key in first if key not in other]
    wrong += [f"{language} has a spare {key}" for key in other if key not in first]
    wrong += [f"{key} has other blanks" for key in first.keys() & other.keys() if first[key] != other[key]]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("language", LANGUAGES)
def test_in_every_language_people_can_say_what_they_can_in_the_first(language):
    first, other = (intents(one) for one in (FIRST, language))
    wrong = [f"{language} has nobody say {intent}" for intent in sorted(first - other)]
    assert not wrong, "\n".join(wrong)


def test_every_message_said_in_code_exists():
    known = messages("th")
    missing = {key: place for key, place in said().items() if key not in known and key != "quote"}
    assert not missing


def test_every_message_is_said_somewhere():
    texts, patterns = _texts_and_patterns()
    pages = "\n".join(
        file.read_text(encoding="utf-8")
        for file in (ROOT / "bot" / "web").rglob("*")
        if file.suffix in (".html", ".js")
    )

    def is_said(key: str) -> bool:
        if key in texts or re.search(rf"""["']{key}["']""", pages):
            return True
        found = (re.fullmatch(pattern, key) for pattern in patterns)
        return any(one and all(_is_known(part, texts) for part in one.groups()) for one in found)

    assert not [key for key in messages(FIRST) if not is_said(key)]


def _texts_and_patterns() -> tuple[set[str], set[str]]:
    """Every string of the code, and every message name it makes with blanks as a pattern."""
    texts, patterns = set(), set()
    for file in CODE:
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                texts.add(node.value)
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("say", "Say") and node.args:
                for part in ast.walk(node.args[0]):
                    if isinstance(part, ast.JoinedStr):
                        parts = (
                            re.escape(one.value) if isinstance(one, ast.Constant) else "(.+)"
                            for one in part.values
                        )
                        patterns.add("".join(parts))
    return texts, patterns


def _is_known(part: str, texts: set[str]) -> bool:
    """Whether what fills a blank is a string of the code, or ends with one ("schedule-backwards")."""
    words = part.split("-")
    tails = ("-".join(words[no:]) for no in range(len(words)))
    return any(tail in texts or tail.replace("-", "_") in texts for tail in tails)


def test_answering_handlers_do_not_know_each_other():
    answering = {module.__name__.removeprefix("handlers.") for module in handlers.ALL}
    for file in sorted((ROOT / "handlers").glob("*.py")):
        if file.stem in answering:
            known = _imported(file, "handlers") & answering
            assert not known, f"{name(file)} knows {sorted(known)}"


@pytest.mark.parametrize("folder", ["bot/channels", "bot/tables", "bot/commands"])
def test_siblings_do_not_know_each_other(folder):
    files = sorted((ROOT / folder).glob("*.py"))
    for file in files:
        others = {one.stem for one in files} - {"__init__", file.stem} - LENT.get(folder, set())
        family = file.stem.split("_")[0]
        known = {
            one for one in _imported(file, folder.replace("/", ".")) & others if one.split("_")[0] != family
        }
        assert not known or file.stem.startswith("__"), f"{name(file)} knows {sorted(known)}"


def _imported(file: Path, package: str) -> set[str]:
    """The modules of a package that a file imports."""
    found = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module == package:
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and node.module.startswith(f"{package}."):
            found.add(node.module.removeprefix(f"{package}.").split(".")[0])
    return found


def test_large_files_do_not_grow():
    grown = [name(file) for file in CODE if len(file.read_text(encoding="utf-8").splitlines()) > 300]
    assert not set(grown) - LARGE, "split it along its nouns"


def test_what_people_say_leads_to_an_answer_and_no_list_is_empty():
    known = desk.answers()
    for file in sorted((ROOT / "locales").glob("*/*.toml")):
        if file.stem in NOT_SENTENCES:
            continue
        for intent, lists in tomllib.loads(file.read_text(encoding="utf-8")).items():
            assert intent in known, f"{name(file)}: nobody answers {intent}"
            assert lists, f"{name(file)}: {intent} is empty"
            assert all(lists.values()), f"{name(file)}: {intent} has an empty list"


def test_words_stand_beside_their_handler():
    stems = {file.stem for folder in ("handlers", "bot") for file in (ROOT / folder).rglob("*.py")}
    for file in (ROOT / "locales").glob("*/*.*"):
        assert file.stem in stems | {"calendar", "reading", "web", "reports", "cli", "statuses"}, name(file)


def test_every_handler_is_reachable_and_asks_no_clock():
    assert len(handlers.ALL) == len(set(handlers.ALL))
    for file in CODE:
        if file.parent.name in ("handlers", "storage") and file.stem not in ("base", "jobs"):
            assert "datetime.now(" not in file.read_text(encoding="utf-8"), name(file)
            assert "date.today(" not in file.read_text(encoding="utf-8"), name(file)


def test_migrations_make_the_schema_the_records_describe(database):
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []
