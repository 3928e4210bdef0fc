"""Where a question belongs and who could take it: rules, candidates, choice."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from fnmatch import fnmatchcase

from django.db.models import OuterRef, Subquery

from chatdesk.models import (
    Assignment,
    Conversation,
    Membership,
    RoutingRule,
)
from chatdesk.selectors.operators import Desk, list_desks
from chatdesk.selectors.routing_facts import Facts, facts_of, path_of

Reason = Assignment.Reason


@dataclass(frozen=True, slots=True)
class Route:
    """Where the rules send a question."""

    department_id: int | None = None
    head_start: int = 0


@dataclass(frozen=True, slots=True)
class Candidate:
    """An operator with a free place; ``idle_since`` is when he last got a dialog."""

    operator_id: int
    name: str
    load: int
    idle_since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """Who is to lead a dialog, and why he."""

    candidate: Candidate
    reason: Reason


def route_of(conversation: Conversation) -> Route:
    """Return where the rules send a question; the shop is asked only if a rule does."""
    rules = active_rules()
    asks_shop = any(map(_asks_shop, rules))
    return pick_route(rules, facts_of(conversation, asks_shop=asks_shop))


def active_rules() -> list[RoutingRule]:
    """Return the rules in force, in their order."""
    rules = RoutingRule.objects.filter(is_active=True).select_related("department")
    return list(rules)


def pick_route(rules: Iterable[RoutingRule], facts: Facts) -> Route:
    """Return the department of the first rule that names one, and all head starts."""
    hits = [rule for rule in rules if matches(rule, facts)]
    named = [rule.department for rule in hits if rule.department]
    active = [each.pk for each in named if each.is_active]
    return Route(
        department_id=active[0] if active else None,
        head_start=sum(rule.head_start for rule in hits),
    )


def matches(rule: RoutingRule, facts: Facts) -> bool:
    """Return whether a question meets every condition that the rule gives."""
    asked = (
        (rule.page, _fits_page(rule.page, facts.page)),
        (rule.category, rule.category.casefold() == facts.category.casefold()),
        (rule.language, _fits_language(rule.language, facts.language)),
        (
            rule.customer_group,
            rule.customer_group.casefold() == facts.customer_group.casefold(),
        ),
    )
    return all(fits for given, fits in asked if given) and _fits_cart(rule, facts)


def list_candidates(
    *, at: datetime, department_id: int | None, without: Collection[int] = ()
) -> list[Candidate]:
    """Return who is online with a free place and answers in the department.

    Everybody answers what belongs to none, and in a department without operators.
    """
    desks = [desk for desk in list_desks(at=at) if desk.has_place]
    members = _members_of(department_id) if desks else set()
    able = [
        desk
        for desk in desks
        if desk.operator.pk not in without
        and (not members or desk.operator.pk in members)
    ]
    idle = _idle_since(able)
    return [
        Candidate(
            operator_id=desk.operator.pk,
            name=desk.operator.name,
            load=desk.load,
            idle_since=idle.get(desk.operator.pk),
        )
        for desk in able
    ]


def choose(candidates: Sequence[Candidate], *, known: int | None) -> Choice | None:
    """Choose who knows the visitor, else the least loaded, else the longest idle.

    The same candidates always give the same choice.
    """
    if not candidates:
        return None
    for each in candidates:
        if each.operator_id == known:
            return Choice(each, Reason.KNOWN)
    if len(candidates) == 1:
        return Choice(candidates[0], Reason.ONLY_FREE)
    least = min(each.load for each in candidates)
    lightest = [each for each in candidates if each.load == least]
    if len(lightest) == 1:
        return Choice(lightest[0], Reason.LEAST_LOADED)
    return Choice(min(lightest, key=_by_idleness), Reason.LONGEST_IDLE)


def known_operator(*, visitor_id: int) -> int | None:
    """Return who last led a dialog with this visitor, if anybody did."""
    rows = Assignment.objects.filter(conversation__visitor_id=visitor_id)
    return rows.order_by("-pk").values_list("operator_id", flat=True).first()


def count_matches(rule: RoutingRule, *, latest: int) -> tuple[int, int]:
    """Return how many dialogs a rule would have met by page and language, of how many.

    What the shop tells is asked only when a dialog comes, so it counts as fitting.
    """
    rows = Conversation.objects.begun().order_by("-pk")
    seen = rows.values_list("visitor__page_url", "language")[:latest]
    fits = [
        _fits_page(rule.page or "*", path_of(page))
        and (not rule.language or _fits_language(rule.language, language))
        for page, language in seen
    ]
    return sum(fits), len(fits)


def _asks_shop(rule: RoutingRule) -> bool:
    carts = (rule.cart_from, rule.cart_below)
    return bool(rule.category or rule.customer_group) or carts != (None, None)


def _fits_page(pattern: str, page: str) -> bool:
    # A star at the end also means the page itself: /kettles/* begins with /kettles/.
    wanted = pattern if pattern.endswith("*") else pattern.rstrip("/") + "/"
    return fnmatchcase(page.rstrip("/") + "/", wanted)


def _fits_language(wanted: str, spoken: str) -> bool:
    wanted, spoken = wanted.lower(), spoken.lower()
    return spoken == wanted or spoken.startswith(f"{wanted}-")


def _fits_cart(rule: RoutingRule, facts: Facts) -> bool:
    if rule.cart_from is None and rule.cart_below is None:
        return True
    if facts.cart_total is None:
        return False
    is_enough = rule.cart_from is None or facts.cart_total >= rule.cart_from
    return is_enough and (rule.cart_below is None or facts.cart_total < rule.cart_below)


def _members_of(department_id: int | None) -> set[int]:
    if department_id is None:
        return set()
    members = Membership.objects.filter(
        department_id=department_id, operator__is_active=True
    )
    return set(members.values_list("operator_id", flat=True))


def _idle_since(desks: Iterable[Desk]) -> dict[int, datetime]:
    ids = [desk.operator.pk for desk in desks]
    if len(ids) < 2:
        return {}
    latest = Assignment.objects.filter(operator=OuterRef("operator")).order_by("-pk")
    rows = (
        Assignment.objects.filter(operator__in=ids)
        .filter(pk=Subquery(latest.values("pk")[:1]))
        .values_list("operator_id", "from_at")
    )
    return dict(rows)


def _by_idleness(candidate: Candidate) -> tuple[bool, float, int]:
    since = candidate.idle_since
    moment = 0.0 if since is None else since.timestamp()
    return since is not None, moment, candidate.operator_id
