"""The workspace's switch of pushes: this browser is called, or is no more."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chatdesk import clock
from chatdesk.api.base import answer, done
from chatdesk.api.operator import OperatorView
from chatdesk.services.push import promise_trial
from chatdesk.services.subscriptions import (
    Browser,
    subscribe_browser,
    unsubscribe_browser,
)
from chatdesk.wire.answers import Done, PostSubscription, PostSubscriptionEnd, PushTrial

if TYPE_CHECKING:
    from rest_framework.request import Request
    from rest_framework.response import Response


class SubscribeView(OperatorView):
    """Call this browser when a question waits and no workspace is in sight."""

    body = PostSubscription
    answers = {200: Done}

    def post(self, request: Request) -> Response:
        body = self.read(PostSubscription)
        browser = Browser(
            endpoint=body.endpoint,
            p256dh=body.p256dh,
            auth=body.auth,
            user_agent=request.headers.get("User-Agent", ""),
            language=body.language,
            session_key=request.session.session_key or "",
        )
        subscribe_browser(actor=self.actor, browser=browser, at=clock.now())
        return done()


class TrialView(OperatorView):
    """Call all browsers of this operator once, to see that it works."""

    answers = {200: PushTrial}

    def post(self, request: Request) -> Response:
        devices = promise_trial(actor=self.actor, at=clock.now())
        return answer(PushTrial(devices=devices))


class UnsubscribeView(OperatorView):
    """Call it no more."""

    body = PostSubscriptionEnd
    answers = {200: Done}

    def post(self, request: Request) -> Response:
        endpoint = self.read(PostSubscriptionEnd).endpoint
        unsubscribe_browser(actor=self.actor, endpoint=endpoint)
        return done()
