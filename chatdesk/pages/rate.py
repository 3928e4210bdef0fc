"""The page behind the links of a copy: it asks first, so that a look never votes."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import override
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from chatdesk import clock
from chatdesk.errors import ChatRefusal
from chatdesk.selectors.conversations import find_rated
from chatdesk.selectors.visitors import actor_of
from chatdesk.services.ratings import rate_conversation
from chatdesk.tokens import read_rating

THUMBS = ("up", "down")


# The link itself is the permission: it is signed, and a browser that opens a mail has
# no session of the shop.
@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def rate(request: HttpRequest, token: str) -> HttpResponse:
    """Show the question; store the like or dislike when its button is pressed."""
    public_id = read_rating(token)
    conversation = find_rated(public_id) if public_id else None
    thumb = request.POST.get("thumb") or request.GET.get("thumb", "")
    if conversation is None or thumb not in THUMBS:
        raise Http404
    context = {"thumb": thumb, "state": "asking"}
    if request.method == "POST":
        context["state"] = "done"
        try:
            rate_conversation(
                conversation_id=conversation.pk,
                actor=actor_of(conversation.visitor),
                thumb=thumb,
                comment="",
                at=clock.now(),
            )
        except ChatRefusal:
            context["state"] = "late"
    with override(conversation.language or None):
        response = render(request, "chatdesk/rate.html", context)
    response["Referrer-Policy"] = "no-referrer"
    response["Content-Security-Policy"] = (
        "default-src 'none'; style-src 'self'; form-action 'self'; "
        "frame-ancestors 'none'; base-uri 'none'"
    )
    return response
