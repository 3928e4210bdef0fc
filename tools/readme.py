"""Takes the four pictures of README: a busy morning in the demo shop."""

import io
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

from PIL import Image, ImageDraw
from playwright.sync_api import Page, expect

from tests.e2e.operator import Operator
from tests.e2e.visitor import Visitor
from tools.node import ROOT
from tools.studio import Studio

PICTURES = ROOT / "docs" / "pictures"
LARGEST = 250_000
WORKSPACE = {"width": 1440, "height": 860}
WINDOW = {"width": 1080, "height": 800}
NAMES = ("Oskar Lind", "Elina Virtanen", "Jonas Weber", "Ingrid Dahl")
"""In the order in which they come; the last one is the one shown."""

FIRST_WORDS = (
    "Can I return an opened bag of beans?",
    "Is the Heron kettle in stock in white?",
    "How coarse should I grind for a moka pot?",
    "Is the hand grinder fine enough for espresso?",
)
LATECOMER = "Where is my parcel? It was to come on Tuesday."


def take_readme_pictures(studio: Studio) -> None:
    """Play the morning and write the pictures, each small enough for a page."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    shown: dict[str, Any] = {"viewport": WINDOW}
    with ExitStack() as stack:
        operator = Operator(
            stack.enter_context(studio.page("operator", viewport=WORKSPACE))
        ).comes()
        stack.enter_context(colleague_at_work(studio))
        visitors = [
            Visitor(stack.enter_context(studio.page(**shown))) for _name in NAMES
        ]
        for visitor, words, name in zip(visitors, FIRST_WORDS, NAMES, strict=True):
            ask_and_be_known(visitor, operator, words, name)
        visitor = visitors[-1]
        talk(visitor, operator)
        visitors[0].asks("The bag is nearly full.")
        late = Visitor(stack.enter_context(studio.page(**shown)))
        late.comes("/delivery/").opens_chat().asks_and_it_arrives(LATECOMER)
        visitor.writes("One more thing: does it")
        expect(operator.peek).to_be_visible()
        expect(operator.ring(LATECOMER)).to_be_visible()
        workspace = picture_of(operator.page)
        window = picture_of(visitor.page)
        widget = picture_of_widget(visitor)
    with studio.page("manager", viewport={"width": 1280, "height": 900}) as page:
        page.goto("/admin/chatdesk/operator/performance/")
        dashboard = picture_of(page)
    studio.tidy()
    keep("both", beside(window, workspace))
    keep("widget", widget)
    keep("workspace", workspace)
    keep("dashboard", dashboard)


@contextmanager
def colleague_at_work(studio: Studio) -> Iterator[None]:
    """Let a second operator be there, so that visitors see more than one face."""
    with studio.page("operator2", viewport=WORKSPACE) as page:
        Operator(page).comes()
        yield


def ask_and_be_known(
    visitor: Visitor, operator: Operator, words: str, name: str
) -> None:
    """Ask, be taken and get a name on the operator's card."""
    visitor.comes("/product/heron-gooseneck-kettle/").opens_chat()
    visitor.asks_and_it_arrives(words)
    operator.takes(words)
    pane = operator.visitor
    pane.get_by_role("button", name=operator.says("edit_card")).click()
    pane.get_by_label(operator.says("name"), exact=True).fill(name)
    pane.get_by_role("button", name=operator.says("save")).click()
    expect(pane.get_by_role("heading", name=name)).to_be_visible()
    if name != NAMES[-1]:
        operator.answers("Good morning. One moment, I will look.")


def talk(visitor: Visitor, operator: Operator) -> None:
    """Have the dialog that is shown."""
    operator.answers("Good morning. Yes: fine enough from the fifth click on.")
    visitor.asks("And is it loud? I grind before anybody is awake.")
    operator.sees("And is it loud?")
    operator.notes("Has the Heron kettle. The quiet burrs came in today.")
    operator.answers("Quieter than the kettle. I use mine at six every morning.")
    visitor.asks("Then please put one aside for me.")
    operator.answers("It lies here with your name on it.")
    visitor.sees("It lies here")


def picture_of(page: Page) -> Image.Image:
    return Image.open(io.BytesIO(page.screenshot(animations="disabled"))).convert("RGB")


def picture_of_widget(visitor: Visitor) -> Image.Image:
    """Return the panel and its launcher with a little of the page around them."""
    picture = picture_of(visitor.page)
    box = visitor.panel.bounding_box()
    assert box is not None  # noqa: S101 - it has just been photographed
    margin = 24
    return picture.crop(
        (
            int(box["x"]) - margin,
            int(box["y"]) - margin,
            WINDOW["width"],
            WINDOW["height"],
        )
    )


def beside(left: Image.Image, right: Image.Image) -> Image.Image:
    """Lay two windows on one ground, side by side, at the same height."""
    gap, radius = 32, 14
    right = right.resize(
        (right.width * left.height // right.height, left.height),
        Image.Resampling.LANCZOS,
    )
    size = (left.width + right.width + 3 * gap, left.height + 2 * gap)
    ground = Image.new("RGB", size, "#e9e4dc")
    for picture, x in ((left, gap), (right, left.width + 2 * gap)):
        mask = Image.new("L", picture.size, 0)
        ImageDraw.Draw(mask).rounded_rectangle((0, 0, *picture.size), radius, fill=255)
        ground.paste(picture, (x, gap), mask)
    return ground.resize((size[0] * 3 // 4, size[1] * 3 // 4), Image.Resampling.LANCZOS)


def keep(name: str, picture: Image.Image) -> None:
    """Write a picture with as few colours as it needs to be small enough."""
    path = PICTURES / f"{name}.png"
    for colours in (256, 128, 64):
        picture.quantize(colours, dither=Image.Dither.NONE).save(path, optimize=True)
        if path.stat().st_size <= LARGEST:
            break
    print(f"{path.relative_to(ROOT)}: {path.stat().st_size // 1024} KB", flush=True)
