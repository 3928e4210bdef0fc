"""Reading the README as a newcomer does: what to type, what to add to which file.

The installation stands between two marks. Each of its numbered steps has one block: a
``console`` block is typed; any other is added to the end of the file that the step's
text names, and HTML to the base template before ``</body>``.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent

SECTION = re.compile(r"<!-- install: begin -->(.*?)<!-- install: end -->", re.DOTALL)
STEP = re.compile(r"^\d+\. (.*?)^ +```(\w+)\n(.*?)^ +```$", re.DOTALL | re.MULTILINE)
FILE = re.compile(r"`(\w+\.py)`")


@dataclass(frozen=True)
class Command:
    """A line to type."""

    line: str


@dataclass(frozen=True)
class Addition:
    """What to add to a file."""

    path: str
    text: str

    def write(self, project: Path) -> None:
        """Add the text where a reader would put it."""
        file = project / self.path
        before, end, after = file.read_text().partition("</body>")
        file.write_text(f"{before}\n{self.text}{end}{after}")


def read_steps(readme: Path) -> Iterator[Command | Addition]:
    """Yield the steps in their order."""
    section = SECTION.search(readme.read_text(encoding="utf-8"))
    assert section, "The README has no part between the marks of the installation"
    steps = STEP.findall(section[1])
    assert section[1].count("```") == 2 * len(steps), "A step has one block, no more"
    for words, language, block in steps:
        text = dedent(block)
        if language == "console":
            yield from map(read_command, text.splitlines())
        else:
            yield Addition(file_of(words, language), text)


def read_command(line: str) -> Command:
    assert line.startswith("$ "), f"Not a line to type: {line}"
    return Command(line.removeprefix("$ "))


def file_of(words: str, language: str) -> str:
    if language == "html":
        return "templates/base.html"
    file = FILE.search(words)
    assert file, f"This step names no file: {words}"
    return f"shop/{file[1]}"
