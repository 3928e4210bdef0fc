"""The mails of the demo, which go to a folder instead of to people."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from shop_demo.outbox import find_mail, list_mails

FILE_BACKEND = "django.core.mail.backends.filebased.EmailBackend"


@never_cache
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """List the mails, newest first."""
    refuse_outside_demo()
    return render(request, "shop/outbox.html", {"mails": list_mails()})


@never_cache
@require_safe
def mail(request: HttpRequest, file: str, number: int) -> HttpResponse:
    """Show one mail as its reader would see it."""
    refuse_outside_demo()
    found = find_mail(file=file, index=number)
    if found is None:
        raise Http404
    return render(request, "shop/outbox_mail.html", {"mail": found})


def refuse_outside_demo() -> None:
    """Only the demo on one's own machine shows mails to whoever asks."""
    if not settings.DEBUG or settings.EMAIL_BACKEND != FILE_BACKEND:
        raise Http404
