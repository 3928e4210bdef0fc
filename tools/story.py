"""Plays one dialog from the first look to the thumb, with a picture at every turn."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import Page, expect

from tests.e2e.copies import mail_copy
from tests.e2e.manager import Manager
from tests.e2e.network import Sockets
from tests.e2e.operator import Operator
from tests.e2e.visitor import Visitor

Shoot = Callable[[Page, str], None]


@dataclass(frozen=True, kw_only=True)
class Script:
    """What is said, in one language."""

    question: str
    other: str
    answer: str
    thanks: str
    draft: str
    note: str
    unread: str
    lost: str
    name: str


SCRIPTS = {
    "en": Script(
        question="Is the hand grinder fine enough for espresso?",
        other="Where is my parcel? It was to come on Tuesday.",
        answer="Yes, from the fifth click on. Shall I put one aside for you?",
        thanks="Please do. I can fetch it on Friday.",
        draft="Do you also have the small",
        note="Asked about the Heron kettle last week too.",
        unread="It is ready under your name.",
        lost="I am on the train just now",
        name="Ingrid Dahl",
    ),
    "ru": Script(
        question="Подойдёт ли ручная кофемолка для эспрессо?",
        other="Где моя посылка? Её обещали во вторник.",
        answer="Да, с пятого щелчка. Отложить для вас одну?",
        thanks="Да, пожалуйста. Заберу в пятницу.",
        draft="А есть ли у вас маленький",
        note="На прошлой неделе спрашивала про чайник.",
        unread="Отложили на ваше имя.",
        lost="Я сейчас в поезде",
        name="Ольга Смирнова",
    ),
}


class Story:
    """A visitor, an operator, and another visitor whom nobody answers."""

    def __init__(self, pages: tuple[Page, Page, Page], shoot: Shoot) -> None:
        guest, desk, waiting = pages
        language = guest.evaluate("navigator.language")[:2]
        self.script = SCRIPTS[language]
        self.shoot = shoot
        self.sockets = Sockets(guest)
        self.desk_sockets = Sockets(desk)
        self.visitor = Visitor(guest, language=language)
        self.operator = Operator(desk, language=language)
        self.waiting = Visitor(waiting, language=language)

    def tell(self, email: str, manager: Manager) -> None:
        """Play it all; the operator's workspace is empty at the beginning.

        ``manager`` reads the code by which the visitor proves the address.
        """
        self.nobody_is_there()
        self.somebody_comes()
        self.question_is_asked()
        self.talk()
        self.at_the_desk()
        self.in_the_panel()
        self.networks_fail()
        self.somebody_waits_too_long()
        self.dialog_ends()
        self.copy_is_asked_for(email, manager)
        self.dialogs_of_earlier_days()

    def nobody_is_there(self) -> None:
        self.visitor.comes().opens_chat()
        self.show("widget-away")
        self.visitor.close.click()
        self.show("widget-closed-away")

    def somebody_comes(self) -> None:
        self.operator.comes()
        self.show_desk("console-empty")
        self.visitor.comes()
        self.visitor.sees_availability("online")
        self.show("widget-closed")
        self.visitor.opens_chat()
        self.show("widget-first")

    def question_is_asked(self) -> None:
        question = self.script.question
        self.visitor.asks_and_it_arrives(question)
        self.show("widget-waiting")
        expect(self.operator.ring(question)).to_be_visible()
        self.show_desk("console-waiting")
        self.operator.row(question).locator(".go").click()
        expect(self.operator.bubble(question)).to_be_visible()
        self.show_desk("console-not-taken")
        if self.operator.is_narrow:
            self.operator.button("back_list").click()

    def talk(self) -> None:
        visitor, operator, script = self.visitor, self.operator, self.script
        operator.takes(script.question)
        operator.reply.press_sequentially(script.answer)
        expect(visitor.panel.locator(".typing")).to_be_visible()
        self.show("widget-typing")
        operator.button("send").click()
        visitor.sees(script.answer)
        visitor.asks(script.thanks)
        operator.sees(script.thanks)
        operator.notes(script.note)
        visitor.writes(script.draft)
        expect(operator.peek).to_have_text(script.draft)
        self.show("widget-dialog")
        self.show_desk("console-dialog")
        visitor.field.fill("")

    def at_the_desk(self) -> None:
        operator = self.operator
        operator.reply.fill("/")
        operator.reply.press("End")
        expect(operator.page.get_by_role("listbox")).to_be_visible()
        self.show_desk("console-canned")
        operator.reply.fill("")
        operator.turns_to("note")
        operator.note.fill(self.script.note)
        self.show_desk("console-note")
        operator.note.fill("")
        operator.turns_to("reply")
        if operator.is_narrow:
            operator.button("about_visitor").click()
        edit = operator.visitor.get_by_role("button", name=operator.says("edit_card"))
        edit.click()
        name = operator.visitor.get_by_label(operator.says("name"), exact=True)
        name.fill(self.script.name)
        self.show_desk("console-visitor")
        operator.visitor.get_by_role("button", name=operator.says("save")).click()
        if operator.is_narrow:
            back = operator.visitor.get_by_role(
                "button", name=operator.says("back_chat")
            )
            back.click()
        self.menus_of_the_desk()

    def menus_of_the_desk(self) -> None:
        operator = self.operator
        bar = operator.page.get_by_role("banner")
        for name, key in (("settings", "settings"), ("account", "account")):
            button = bar.get_by_role("button", name=operator.says.pattern(key))
            if button.is_visible():
                button.click()
                self.show_desk(f"console-{name}")
                operator.page.keyboard.press("Escape")
        if not operator.is_narrow:
            operator.page.keyboard.press("F6")
            operator.page.keyboard.press("?")
            self.show_desk("console-keys")
            operator.page.keyboard.press("Escape")

    def in_the_panel(self) -> None:
        visitor = self.visitor
        visitor.opens_menu()
        self.show("widget-menu")
        visitor.item("how_we_use").click()
        self.show("widget-privacy")
        visitor.button("back").click()
        visitor.close.click()
        self.operator.answers(self.script.unread)
        expect(visitor.launcher).to_have_text("1")
        self.show("widget-unread")
        visitor.opens_chat().sees(self.script.unread)

    def networks_fail(self) -> None:
        visitor, operator = self.visitor, self.operator
        self.sockets.turn("unwilling")
        visitor.asks(self.script.lost)
        failed = visitor.log.locator(".meta.fail")
        expect(failed).to_be_visible()
        self.show("widget-failed")
        failed.get_by_role("button", name=visitor.says("delete")).click()
        for page, sockets in (
            (visitor.page, self.sockets),
            (operator.page, self.desk_sockets),
        ):
            page.route(re.compile("/api/v1/"), lambda route: route.abort())
            sockets.cut("refused")
        visitor.asks(self.script.lost)
        expect(visitor.panel.locator(".band")).to_be_visible()
        self.show("widget-no-connection")
        expect(operator.lost).to_be_visible()
        self.show_desk("console-lost")
        for page, sockets in (
            (visitor.page, self.sockets),
            (operator.page, self.desk_sockets),
        ):
            sockets.turn("open")
            page.unroute_all(behavior="ignoreErrors")
            page.evaluate("dispatchEvent(new Event('online'))")
        operator.sees(self.script.lost)

    def somebody_waits_too_long(self) -> None:
        operator, other = self.operator, self.script.other
        self.waiting.comes().opens_chat().asks_and_it_arrives(other)
        if operator.is_narrow:
            operator.button("back_list").click()
        # By then the question may have been passed on to this very operator.
        late = operator.row(other).locator(".ring.bad, .timer.bad")
        expect(late).to_be_visible(timeout=40_000)
        self.show_desk("console-late")
        if operator.is_narrow:
            operator.row(self.script.lost).locator(".go").click()

    def dialog_ends(self) -> None:
        visitor, operator = self.visitor, self.operator
        operator.button("close").click()
        self.show_desk("console-close")
        operator.chooses("answered")
        expect(visitor.button("start_new")).to_be_visible()
        self.show("widget-ended")
        visitor.button("rate_up").click()
        operator.sees(operator.says("rated_up"))
        self.show("widget-rated")

    def copy_is_asked_for(self, email: str, manager: Manager) -> None:
        mail_copy(self.visitor, manager, email=email)
        self.show("widget-copy")

    def dialogs_of_earlier_days(self) -> None:
        operator = self.operator
        self.show_desk("console-closed-dialog")
        if operator.is_narrow:
            operator.button("back_list").click()
        operator.list.get_by_role("tab", name=operator.says("closed")).click()
        # More than the one just ended: those of earlier days have come.
        expect(operator.list.locator(".d").nth(5)).to_be_visible()
        self.show_desk("console-closed-list")

    def show(self, name: str) -> None:
        self.shoot(self.visitor.page, name)

    def show_desk(self, name: str) -> None:
        self.shoot(self.operator.page, name)
