"""Everything of the tiny shop lives under a prefix, the chat deep within it."""

from django.urls import include, path

from tests.urls import urlpatterns as of_a_host

urlpatterns = [
    path(
        "boutique/",
        include(
            [
                path("help/chat/", include("chatdesk.urls")),
                *(each for each in of_a_host if str(each.pattern) != "chatdesk/"),
            ]
        ),
    )
]
