"""Gathers the documentation strings of Python's standard library by topic, module by module."""

import ast
import inspect
import re
import sysconfig
from importlib import import_module
from pathlib import Path

TOPICS = ["network", "files", "numbers", "concurrency", "code"]

# Modules by topic and part. No module is in two parts; the test asks about modules that were never read.
MODULES = {
    "train": {
        "network": "socket ssl http email mailbox imaplib smtplib xmlrpc ipaddress wsgiref cgi telnetlib asynchat asyncore",
        "files": "os pathlib posixpath genericpath stat shutil tarfile gzip bz2 zlib csv pickle sqlite3 io fileinput tempfile",
        "numbers": "_pydecimal decimal math datetime statistics random numbers heapq operator cmath",
        "concurrency": "asyncio multiprocessing threading _threading_local contextvars",
        "code": "importlib lib2to3 unittest inspect pydoc typing enum bdb ast functools symtable dis types dataclasses abc",
    },
    "validation": {
        "network": "nntplib smtpd cgitb",
        "files": "lzma glob shelve dbm",
        "numbers": "calendar bisect",
        "concurrency": "subprocess",
        "code": "doctest pkgutil code",
    },
    "test": {
        "network": "urllib ftplib socketserver poplib webbrowser",
        "files": "zipfile configparser filecmp plistlib netrc mmap",
        "numbers": "fractions colorsys zoneinfo secrets",
        "concurrency": "concurrent queue signal sched",
        "code": "pdb trace traceback contextlib modulefinder tokenize",
    },
}
LIBRARY = Path(sysconfig.get_paths()["stdlib"])


def sources(module):
    file, folder = LIBRARY / f"{module}.py", LIBRARY / module
    found = [file] if file.exists() else sorted(folder.rglob("*.py")) if folder.is_dir() else []
    tests = {"test", "tests", "idle_test"}
    return [path for path in found if not tests.intersection(path.parts) and not path.name.startswith("test_")]


def written(module):
    """What the module's Python sources say of themselves, their classes and functions."""
    for path in sources(module):
        for node in ast.walk(ast.parse(path.read_text("utf-8-sig"))):
            if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)):
                yield ast.get_docstring(node) or ""


def compiled(module):
    """What the module's compiled functions, classes and methods say, which have no Python source."""
    try:
        members = vars(import_module(module)).values()
    except ImportError:
        return
    for member in members:
        if inspect.isbuiltin(member):
            yield inspect.getdoc(member) or ""
        elif inspect.isclass(member) and member.__module__ != "builtins":
            for part in vars(member).values():
                if inspect.ismethoddescriptor(part):
                    yield inspect.getdoc(part) or ""


def passages(text):
    """Paragraphs of running words: no examples, no signatures, no tables."""
    for paragraph in re.split(r"\n\s*\n", text):
        flat = " ".join(paragraph.split())
        words = re.findall(r"[A-Za-z']{2,}", flat)
        if len(words) >= 6 and ">>>" not in flat and 10 * len(words) > len(flat):
            yield flat


def collected(part):
    """[(passage, topic index, module)], each passage once in all parts: the first module that has it keeps it."""
    taken = set()
    for earlier in MODULES:
        items = []
        for topic, modules in MODULES[earlier].items():
            for module in modules.split():
                for text in [*written(module), *compiled(module)]:
                    for passage in passages(text):
                        if passage not in taken:
                            taken.add(passage)
                            items.append((passage, TOPICS.index(topic), module))
        if earlier == part:
            return items
    raise KeyError(part)
