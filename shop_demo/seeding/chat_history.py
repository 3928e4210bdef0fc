"""A month of dialogs: when people write, how fast they are answered, how it ends."""

import random
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

from chatdesk.integration import PastDialog, PastEntry, PastVisitor
from shop_demo.seeding.chat_rota import Stretch, wall_clock, who_is_online
from shop_demo.seeding.returning import bring_back

SOURCE = Path(__file__).with_name("chat_scripts.toml")

DIALOGS_A_DAY = (46, 44, 47, 45, 43, 27, 19)  # Monday first.
HOURS = (8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22)
HOUR_WEIGHTS = (1, 6, 9, 10, 8, 5, 7, 9, 9, 8, 6, 2, 2, 2, 1)

SECOND = timedelta(seconds=1)
LATEST_BEGUN = timedelta(minutes=25)
LIMIT_S = 20
OVERNIGHT_S = 3600  # Whoever writes at night does not expect an answer.
LANGUAGES = {"en": 1, "ru": 2}  # Where a turn has the words.

MOBILE_SAFARI = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 "
    "(KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1"
)
MOBILE_CHROME = (
    "Mozilla/5.0 (Linux; Android 15; Pixel 8) AppleWebKit/537.36 "
    "(KHTML, like Gecko) Chrome/141.0.0.0 Mobile Safari/537.36"
)
CHROME = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 "
    "(KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36"
)
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0"
BROWSERS = (MOBILE_SAFARI, MOBILE_CHROME, MOBILE_CHROME, CHROME, CHROME, FIREFOX)
REFERRERS = ("", "", "", "https://www.google.com/", "https://duckduckgo.com/")


@dataclass(frozen=True, slots=True)
class Page:
    """Where a visitor is when he writes, with its words in both languages."""

    key: str
    category: str
    names: Mapping[str, str]
    price: str
    url: str


@dataclass(frozen=True, slots=True)
class Scene:
    """Everything a month of dialogs is drawn from."""

    dice: random.Random
    pages: Sequence[Page]
    people: Sequence[str]
    operators: Mapping[int, str]
    stretches: Sequence[Stretch]


@dataclass(slots=True)
class Talk:
    """A dialog as it is being drawn; ``now`` moves forward with every word."""

    scene: Scene
    language: str
    words: dict[str, str]
    variant: int
    now: datetime
    entries: list[PastEntry]

    def say(self, turn: Sequence[str], *, operator_id: int | None) -> None:
        """Add a turn of the script."""
        choices = turn[LANGUAGES[self.language]].split(" | ")
        text = choices[min(self.variant, len(choices) - 1)].format_map(self.words)
        kind = "note" if turn[0] == "n" else "message"
        self.entries.append(PastEntry(self.now, kind, operator_id, text))

    def note(self, kind: str, operator_id: int | None, **data: Any) -> None:
        """Add something that happened."""
        self.entries.append(PastEntry(self.now, kind, operator_id, data=data or None))

    def wait(self, seconds: float) -> None:
        """Let time pass."""
        self.now += seconds * SECOND


@cache
def load_scripts() -> dict[str, Any]:
    """Read what people say."""
    return tomllib.loads(SOURCE.read_text(encoding="utf-8"))


def draw_history(
    scene: Scene, *, days: Iterable[date], at: datetime
) -> list[PastDialog]:
    """Draw the dialogs of these days that have ended by now, in order of beginning.

    One of them ended a few minutes ago, at whatever hour the demo is started.
    """
    moments = [
        moment
        for day in days
        for moment in draw_moments(scene.dice, day)
        if moment < at
    ]
    drawn = [draw_dialog(scene, asked_at=moment) for moment in sorted(moments)]
    ended = [dialog for dialog in drawn if dialog.entries[-1].at < at]
    ended += draw_latest(scene, at=at)
    ended.sort(key=lambda dialog: dialog.entries[0].at)
    return list(bring_back(scene.dice, ended))


def draw_latest(scene: Scene, *, at: datetime) -> Iterator[PastDialog]:
    """Draw until there is a dialog that an operator closed and the visitor rated."""
    asked_at = at - LATEST_BEGUN
    while who_is_online(scene.stretches, asked_at):
        dialog = draw_dialog(scene, asked_at=asked_at)
        closing, latest = dialog.entries[-2:]
        if latest.kind == "rated" and closing.operator_id and latest.at < at:
            yield dialog
            return


def draw_moments(dice: random.Random, day: date) -> Iterator[datetime]:
    """Draw when visitors begin to write on one day."""
    number = round(dice.gauss(1, 0.09) * DIALOGS_A_DAY[day.weekday()])
    for hour in dice.choices(HOURS, HOUR_WEIGHTS, k=number):
        yield wall_clock(day, hour + dice.random())


def draw_dialog(scene: Scene, *, asked_at: datetime) -> PastDialog:
    """Draw one dialog from its first question to its end."""
    dice = scene.dice
    language = dice.choices(("en", "ru"), (6, 4))[0]
    script = dice.choices(
        load_scripts()["script"], [each["weight"] for each in load_scripts()["script"]]
    )[0]
    page = pick_page(scene, script)
    online = who_is_online(scene.stretches, asked_at)
    talk = Talk(
        scene=scene,
        language=language,
        words={
            "product": page.names[language],
            "price": page.price,
            "order": f"NB-{dice.randrange(10_000, 10_360)}",
        },
        variant=dice.randrange(2),
        now=asked_at,
        entries=[],
    )
    talk.say(script["turns"][0], operator_id=None)
    play(talk, script, online)
    return PastDialog(
        key=UUID(int=dice.getrandbits(128), version=4),
        visitor=draw_visitor(scene, language, page),
        begun_online=bool(online),
        entries=tuple(talk.entries),
    )


def pick_page(scene: Scene, script: Mapping[str, Any]) -> Page:
    """Pick a page that the talk may be about, or any."""
    about = set(script["about"])
    fitting = [page for page in scene.pages if {page.key, page.category} & about]
    return scene.dice.choice(fitting or scene.pages)


def draw_visitor(scene: Scene, language: str, page: Page) -> PastVisitor:
    """Draw who writes; most people never say their name."""
    dice = scene.dice
    names = [name for name in scene.people if name.isascii() == (language == "en")]
    return PastVisitor(
        key=UUID(int=dice.getrandbits(128), version=4),
        name=dice.choice(names) if names and dice.random() < 0.45 else "",
        language=language,
        user_agent=dice.choice(BROWSERS),
        page_url=page.url,
        page_title=page.names[language],
        referrer=dice.choice(REFERRERS),
    )


def play(talk: Talk, script: Mapping[str, Any], online: Sequence[int]) -> None:
    """Answer, or miss, the first question, and talk to the end."""
    dice = talk.scene.dice
    if not online:
        answer_next_morning(talk)
    elif dice.random() < 0.025:
        talk.wait(dice.uniform(70, 420))
        talk.note("closed", None)
        return
    else:
        talk.wait(draw_first_wait(dice, len(online)))
    operator_id = pick_operator(talk, online)
    name = talk.scene.operators[operator_id]
    talk.words["me"] = name.split()[0]
    talk.note("taken", operator_id, name=name)
    turns = script["turns"][1:]
    if dice.random() < 0.12:
        turns = turns[: max(2, len(turns) // 2)]
    for number, turn in enumerate(turns):
        if number:
            talk.wait(draw_pause(dice, turn))
        talk.say(turn, operator_id=None if turn[0] == "v" else operator_id)
    end(talk, script, operator_id)


def answer_next_morning(talk: Talk) -> None:
    """Wait until somebody is at the desk again, and a little for him to come to it."""
    later = [
        stretch.begin
        for stretch in talk.scene.stretches
        if stretch.state == "online" and stretch.begin > talk.now
    ]
    talk.now = min(later, default=talk.now + 14 * 3600 * SECOND)
    talk.wait(talk.scene.dice.uniform(40, 900))


def pick_operator(talk: Talk, online: Sequence[int]) -> int:
    """Return who answers: somebody who is there now, the earliest of the rota else."""
    there = online or who_is_online(talk.scene.stretches, talk.now)
    return talk.scene.dice.choice(there or list(talk.scene.operators))


def draw_first_wait(dice: random.Random, online: int) -> float:
    """Draw the seconds to the first reply: about nine, longer for one alone."""
    middle = 2.12 if online > 1 else 2.36
    return max(2.0, dice.lognormvariate(middle, 0.5))


def draw_pause(dice: random.Random, turn: Sequence[str]) -> float:
    """Draw the seconds before a turn: visitors think, operators type."""
    if turn[0] == "v":
        return max(6.0, dice.lognormvariate(3.5, 0.6))
    return max(4.0, dice.lognormvariate(2.9, 0.55))


def end(talk: Talk, script: Mapping[str, Any], operator_id: int) -> None:
    """Close the dialog, and let some visitors say what they thought of it."""
    dice = talk.scene.dice
    talk.wait(dice.uniform(20, 160))
    if dice.random() < 0.1:
        talk.note("closed", None)
    else:
        ends = script["ends"]
        outcome = dice.choices(list(ends), list(ends.values()))[0]
        talk.note("closed", operator_id, outcome=outcome)
    if dice.random() < 0.265:
        talk.wait(dice.uniform(4, 90))
        talk.note("rated", None, **draw_rating(talk))


def draw_rating(talk: Talk) -> dict[str, str]:
    """Draw a thumb, sometimes with a sentence; who waited long likes it less."""
    dice = talk.scene.dice
    answers = [each.at for each in talk.entries if each.kind == "taken"]
    waited = (answers[0] - talk.entries[0].at).total_seconds()
    is_annoyed = LIMIT_S < waited < OVERNIGHT_S
    thumb = "up" if dice.random() < (0.8 if is_annoyed else 0.95) else "down"
    comment = ""
    if dice.random() < 0.3:
        pair = dice.choice(load_scripts()["comment"][0][thumb])
        comment = pair[LANGUAGES[talk.language] - 1]
    return {"thumb": thumb, "comment": comment}
