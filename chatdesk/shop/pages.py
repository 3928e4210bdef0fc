"""What a page of the shop is about, as the shop's own view says it.

A view that says so is shown to operators as an object, "Heron kettle", and counted by
product; any other page is shown by its title and its path without the query::

    @chatdesk_page("product", ref="slug")
    def product(request, slug): ...

    show_page(request, kind="product", ref=kettle.slug, title=kettle.name)
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from inspect import iscoroutinefunction
from typing import Any

from django.http import HttpRequest
from django.urls import Resolver404, get_script_prefix, resolve
from django.utils.translation import get_language, get_language_from_path, override

ATTRIBUTE = "chatdesk_page"


@dataclass(frozen=True, slots=True)
class Page:
    """An object of the shop: ``kind`` such as ``product``, the shop's own key, a name.

    Kinds that chatdesk knows: ``home category product search cart checkout order
    account``; any other word is shown as a page.
    """

    kind: str
    ref: str = ""
    title: str = ""


def show_page(
    request: HttpRequest, *, kind: str, ref: object = "", title: object = ""
) -> None:
    """Say what the page that answers this request is about; the last word counts."""
    page = Page(kind=kind, ref=str(ref), title=str(title))
    setattr(request, ATTRIBUTE, page)


def page_of(request: HttpRequest) -> Page | None:
    """Return what the view said of its page, if it said anything."""
    page = getattr(request, ATTRIBUTE, None)
    return page if isinstance(page, Page) else None


def page_at(path: str) -> Page | None:
    """Return what ``chatdesk_page`` says of the pages at an address, None for others.

    The page need not be asked for: the address alone tells, in any language's prefix.
    """
    inside = "/" + path.removeprefix(get_script_prefix()).lstrip("/")
    try:
        with override(get_language_from_path(inside) or get_language()):
            match = resolve(inside)
    except Resolver404:
        return None
    said = getattr(match.func, ATTRIBUTE, None)
    if said is None:
        return None
    kind, ref = said
    return Page(kind=kind, ref=str(match.kwargs.get(ref, "")))


def chatdesk_page(
    kind: str, *, ref: str = "", title: object = ""
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Say what a view's pages are about; ``ref`` names the view's argument of the key.

    Works on functions, async ones too; a class-based view calls ``show_page``.
    """

    def decorate(view: Callable[..., Any]) -> Callable[..., Any]:
        def tell(request: HttpRequest, arguments: dict[str, Any]) -> None:
            show_page(request, kind=kind, ref=arguments.get(ref, ""), title=title)

        if iscoroutinefunction(view):

            @wraps(view)
            async def answer_later(
                request: HttpRequest, *args: Any, **kwargs: Any
            ) -> Any:
                tell(request, kwargs)
                return await view(request, *args, **kwargs)

            setattr(answer_later, ATTRIBUTE, (kind, ref))
            return answer_later

        @wraps(view)
        def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            tell(request, kwargs)
            return view(request, *args, **kwargs)

        setattr(answer, ATTRIBUTE, (kind, ref))
        return answer

    return decorate
