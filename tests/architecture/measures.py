"""Measuring Python code: how long, how branchy, how documented it is."""

import ast
import io
import math
import tokenize
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.architecture.sources import place, python_files, syntax_of

Function = ast.FunctionDef | ast.AsyncFunctionDef

FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
DECISIONS = (
    *(ast.If, ast.IfExp, ast.For, ast.AsyncFor, ast.While),
    *(ast.ExceptHandler, ast.comprehension, ast.match_case),
)
NOT_CODE = {
    *(tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.ENDMARKER),
    *(tokenize.INDENT, tokenize.DEDENT),
}


@dataclass(frozen=True, kw_only=True)
class Measured:
    """One function with its figures."""

    where: str
    lines: int
    branches: int
    parameters: int
    positional: int
    typed: bool
    local_imports: int


def functions_in(*folders: str) -> list[Measured]:
    """Measure every function in the folders, nested ones and methods included."""
    return [
        measure(path, node)
        for path in python_files(*folders)
        for node in ast.walk(syntax_of(path))
        if isinstance(node, FUNCTIONS)
    ]


def measure(path: Path, node: Function) -> Measured:
    """Measure one function without its docstring and without what is nested in it."""
    docstring = docstring_of(node)
    documented = span(docstring) if docstring else 0
    own = list(walk_own(node))
    positional = [
        parameter
        for parameter in (*node.args.posonlyargs, *node.args.args)
        if parameter.arg not in {"self", "cls"}
    ]
    named = [*positional, *node.args.kwonlyargs]
    return Measured(
        where=f"{place(path, node)} {node.name}",
        lines=span(node) - documented,
        branches=1 + sum(count_decisions(child) for child in own),
        parameters=len(named),
        positional=len(positional),
        typed=all(each.annotation for each in named)
        and (node.returns is not None or node.name == "__init__"),
        local_imports=sum(
            isinstance(each, (ast.Import, ast.ImportFrom)) for each in own
        ),
    )


def walk_own(function: ast.AST) -> Iterator[ast.AST]:
    """Walk a function without the functions and classes inside it."""
    pending = list(ast.iter_child_nodes(function))
    while pending:
        node = pending.pop()
        yield node
        if not isinstance(node, (*FUNCTIONS, ast.ClassDef, ast.Lambda)):
            pending.extend(ast.iter_child_nodes(node))


def count_decisions(node: ast.AST) -> int:
    if isinstance(node, ast.BoolOp):
        return len(node.values) - 1
    return int(isinstance(node, DECISIONS))


def docstring_of(node: ast.AST) -> ast.Expr | None:
    if not isinstance(node, (ast.Module, ast.ClassDef, *FUNCTIONS)) or not node.body:
        return None
    first = node.body[0]
    is_text = (
        isinstance(first, ast.Expr)
        and isinstance(first.value, ast.Constant)
        and isinstance(first.value.value, str)
    )
    return first if is_text else None


def span(node: ast.stmt) -> int:
    return (node.end_lineno or node.lineno) - node.lineno + 1


def public_names_in(*folders: str) -> list[ast.AST]:
    """Return the modules, classes, functions and methods that others see."""
    return [
        name
        for path in python_files(*folders)
        if path.read_text(encoding="utf-8").strip()
        for name in (syntax_of(path), *public_names(syntax_of(path)))
    ]


def public_names(parent: ast.Module | ast.ClassDef) -> Iterator[ast.AST]:
    for node in parent.body:
        if not isinstance(node, (ast.ClassDef, *FUNCTIONS)):
            continue
        if not node.name.startswith("_") and node.name != "Meta":
            yield node
            if isinstance(node, ast.ClassDef):
                yield from public_names(node)


def count_code_lines(path: Path) -> int:
    """Return how many lines hold code: no comment, no blank line, no docstring."""
    text = path.read_text(encoding="utf-8")
    lines: set[int] = set()
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type not in NOT_CODE:
            lines.update(range(token.start[0], token.end[0] + 1))
    for node in ast.walk(syntax_of(path)):
        if docstring := docstring_of(node):
            lines.difference_update(
                range(docstring.lineno, (docstring.end_lineno or 0) + 1)
            )
    return len(lines)


def percentile(values: Iterable[int], rank: int) -> int:
    """Return the value that ``rank`` in a hundred do not exceed."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(len(ordered) * rank / 100) - 1)]
