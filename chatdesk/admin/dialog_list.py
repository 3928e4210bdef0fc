"""The list of dialogs: pages by key, so that the last is as quick as the first."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import ChangeList
from django.db.models import Q
from django.http import HttpRequest

from chatdesk import clock
from chatdesk.admin import wording
from chatdesk.admin.dialog_export import FILES
from chatdesk.admin.faces import Face, face_of
from chatdesk.kpi.speed import Speed, speed_of
from chatdesk.models import Conversation

BEFORE = "before"
EXPORT = "export"
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the list, in words."""

    conversation: Conversation
    visitor: str
    begun: str
    face: Face | None
    speed: Speed
    speed_words: str
    first_reply: str


@dataclass(frozen=True, slots=True)
class Menu:
    """A filter: what it is called, what is chosen, and the ways to choose."""

    title: str
    label: str
    clear: str
    choices: tuple[dict[str, Any], ...]


class DialogList(ChangeList):
    """Newest first; the next page begins after the last row of this one.

    Nothing is counted and nothing is skipped over: both take as long as the list is.
    """

    older: str = ""
    is_first_page: bool = True
    rows: tuple[Row, ...] = ()
    menus: tuple[Menu, ...] = ()

    def get_filters_params(self, params: Any = None) -> Any:
        filters = super().get_filters_params(params)
        filters.pop(BEFORE, None)
        filters.pop(EXPORT, None)
        return filters

    def get_query_string(self, new_params: Any = None, remove: Any = None) -> str:
        # Whoever changes a filter begins at the newest again.
        return super().get_query_string(new_params, [BEFORE, EXPORT, *(remove or ())])

    def get_files(self) -> dict[str, str]:
        """Return the addresses of all that is listed, as a file of each sort."""
        return {name: self.get_query_string({EXPORT: name}) for name in FILES}

    def get_ordering(self, request: HttpRequest, queryset: Any) -> Any:
        return ["-first_message_at", "-pk"]

    def get_results(self, request: HttpRequest) -> None:
        found = self.queryset
        if key := request.GET.get(BEFORE):
            self.is_first_page = False
            found = found.filter(_is_before(key))
        page = list(found[: self.list_per_page + 1])
        has_more = len(page) > self.list_per_page
        self.result_list = page[: self.list_per_page]
        if has_more:
            self.older = self.get_query_string({BEFORE: _key_of(page[-2])})
        self.result_count = self.full_result_count = len(self.result_list)
        self.show_full_result_count = False
        self.show_admin_actions = self.can_show_all = self.multi_page = False
        at = clock.now()
        self.rows = tuple(_row(each, at=at) for each in self.result_list)
        menus = (self._menu(spec) for spec in self.filter_specs)
        self.menus = tuple(menu for menu in menus if menu.label or menu.choices)

    def _menu(self, spec: Any) -> Menu:
        return Menu(
            title=str(spec.title),
            label=spec.label,
            clear=self.get_query_string(remove=[spec.parameter_name]),
            choices=tuple(spec.choices(self)),
        )


def _key_of(conversation: Conversation) -> str:
    begun = conversation.first_message_at or EPOCH
    return f"{(begun - EPOCH) // MICROSECOND}.{conversation.pk}"


def _is_before(key: str) -> Q:
    try:
        moment, pk = (int(part) for part in key.split("."))
        begun = EPOCH + moment * MICROSECOND
    except (ValueError, OverflowError) as error:
        raise IncorrectLookupParameters from error
    # The first condition is the one that an index can follow.
    return Q(first_message_at__lte=begun) & (
        Q(first_message_at__lt=begun) | Q(pk__lt=pk)
    )


def _row(conversation: Conversation, *, at: datetime) -> Row:
    speed = speed_of(conversation, at=at)
    wait = conversation.first_reply_s
    begun = conversation.first_message_at or conversation.created_at
    operator = conversation.operator or conversation.first_answered_by
    return Row(
        conversation=conversation,
        visitor=wording.name_of(conversation.visitor),
        begun=wording.moment(begun, at=at),
        face=face_of(operator) if operator else None,
        speed=speed,
        speed_words=wording.speed(speed),
        first_reply="" if wait is None else wording.seconds(wait),
    )
