"""Takes the four pictures of README: a busy morning in the demo shop."""

import io
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

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
ADMIN = {"width": 1280, "height": 900}

NAMES = ("Oskar Lind", "Elina Virtanen", "Jonas Weber")
FIRST_WORDS = (
    "Can I return an opened bag of beans?",
    "Is the Heron kettle in stock in white?",
    "How coarse should I grind for a moka pot?",
)
CUSTOMER = "Ingrid Dahl"
"""She has an account in the demo, and is the one whose dialog is shown."""

LATECOMER = "Where is my parcel? It was to come on Tuesday."


def take_readme_pictures(studio: Studio) -> None:
    """Play the morning and write the pictures, each small enough for a page."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        desk = stack.enter_context(studio.page("operator", viewport=WORKSPACE))
        operator = Operator(desk).comes()
        stack.enter_context(colleague_at_work(studio))
        windows = [
            stack.enter_context(studio.page(viewport=WINDOW)) for _name in range(5)
        ]
        visitor = Visitor(windows[-1])
        known_customer(visitor, operator)
        for page, words, name in zip(windows, FIRST_WORDS, NAMES, strict=False):
            ask_and_be_taken(Visitor(page), operator, words)
            write_card(operator, name)
            operator.answers("Good morning. One moment, I will look.")
        talk(visitor, operator)
        late = Visitor(windows[3])
        late.comes("/delivery/").opens_chat().asks_and_it_arrives(LATECOMER)
        Visitor(windows[0]).asks("The bag is nearly full.")
        visitor.writes("One more thing: does it")
        expect(operator.peek).to_be_visible()
        expect(operator.row("nearly full")).to_be_visible()
        expect(operator.ring(LATECOMER)).to_be_visible()
        workspace = picture_of(desk)
        shop = picture_of(visitor.page)
        widget = picture_of_widget(visitor)
        manager = stack.enter_context(studio.page("manager", viewport=ADMIN))
        manager.goto("/admin/chatdesk/operator/performance/")
        dashboard = picture_of(manager)
    studio.tidy()
    keep("both", beside(shop, workspace))
    keep("widget", widget)
    keep("workspace", workspace)
    keep("dashboard", dashboard)


@contextmanager
def colleague_at_work(studio: Studio) -> Iterator[None]:
    """Let a second operator be there, so that visitors see more than one face."""
    with studio.page("operator2", viewport=WORKSPACE) as page:
        Operator(page).comes()
        yield


def known_customer(visitor: Visitor, operator: Operator) -> None:
    """Bring in somebody with an account, a name and a dialog that went well."""
    page = visitor.page
    page.goto("/account/login/")
    page.locator("#id_username").fill("customer")
    page.locator("#id_password").fill("demo")
    page.locator("#id_password").press("Enter")
    page.wait_for_url("**/account/")
    before = "Is the Heron kettle good for an induction hob?"
    ask_and_be_taken(visitor, operator, before)
    write_card(operator, CUSTOMER, "@ingrid_dahl")
    operator.answers("It is: its base is steel.")
    operator.closes("sale")
    visitor.button("rate_up").click()
    operator.sees(operator.says("rated_up"))
    visitor.button("start_new").click()


def ask_and_be_taken(visitor: Visitor, operator: Operator, words: str) -> None:
    visitor.comes("/product/heron-gooseneck-kettle/").opens_chat()
    visitor.asks_and_it_arrives(words)
    operator.takes(words)


def write_card(operator: Operator, name: str, contact: str = "") -> None:
    """Note who the visitor of the open dialog is."""
    pane = operator.visitor
    pane.get_by_role("button", name=operator.says("edit_card")).click()
    pane.get_by_label(operator.says("name"), exact=True).fill(name)
    pane.get_by_label(operator.says("contact"), exact=True).fill(contact)
    pane.get_by_role("button", name=operator.says("save")).click()
    expect(pane.get_by_role("heading", name=name)).to_be_visible()


def talk(visitor: Visitor, operator: Operator) -> None:
    """Have the dialog that is shown."""
    question = "Is the hand grinder fine enough for espresso?"
    visitor.asks_and_it_arrives(question)
    operator.takes(question)
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
    """Write a picture, with fewer colours when it would be too large."""
    path = PICTURES / f"{name}.png"
    picture.save(path, optimize=True)
    if path.stat().st_size > LARGEST:
        picture.quantize(256, kmeans=2).save(path, optimize=True)
    size = path.stat().st_size
    print(f"{path.relative_to(ROOT)}: {size // 1024} KB", flush=True)
    if size > LARGEST:
        message = f"{path.name} is larger than {LARGEST} bytes"
        raise ValueError(message)
