"""Finding the strings that the sources mark for translation, without GNU gettext."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from django.utils.translation.template import templatize

from tests.architecture.sources import calls_in

MARKS = {
    *("_", "gettext", "gettext_lazy", "gettext_noop"),
    *("ngettext", "ngettext_lazy", "pgettext", "pgettext_lazy"),
}
# What templatize makes of {% translate %} and its kin: calls as in C.
TEMPLATE_CALL = re.compile(
    r"""\b(?P<mark>_|gettext|ngettext|pgettext)\(\s*(?P<first>u?(['"]).*?(?<!\\)\3)"""
    r"""(?:\s*,\s*u?(?P<second>(['"]).*?(?<!\\)\5))?""",
    re.DOTALL,
)


def marked_in_python(path: Path) -> Iterator[str]:
    """Yield the msgids of a module, whatever their context."""
    for call in calls_in(path):
        name = ast.unparse(call.func).rpartition(".")[2]
        if name not in MARKS:
            continue
        position = 1 if name.startswith("pgettext") else 0
        if len(call.args) > position:
            text = call.args[position]
            if isinstance(text, ast.Constant) and isinstance(text.value, str):
                yield text.value


def marked_in_template(path: Path) -> Iterator[str]:
    """Yield the msgids of a template."""
    source = templatize(path.read_text(encoding="utf-8"), origin=str(path))
    for match in TEMPLATE_CALL.finditer(source):
        has_context = match["mark"] == "pgettext"
        literal = match["second"] if has_context else match["first"]
        yield ast.literal_eval(literal.removeprefix("u"))
