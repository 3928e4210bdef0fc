"""Routes of the API: the visitor's and the operator's side apart."""

from importlib.util import find_spec

from django.urls import URLPattern, URLResolver, include, path

from chatdesk.api import (
    operator,
    operator_conversation,
    operator_push,
    operator_shop,
    visitor,
    visitor_conversation,
    visitor_shop,
    visits,
)
from chatdesk.api.events import follow_conversation

VISITOR = [
    path("status/", visitor.StatusView.as_view(), name="visitor-status"),
    path("hours/", visitor.HoursView.as_view(), name="visitor-hours"),
    path("session/", visitor.SessionView.as_view(), name="visitor-session"),
    path("conversations/", visitor.ConversationsView.as_view(), name="visitor-begin"),
    path("look/", visits.LookView.as_view(), name="visitor-look"),
]

# An id may be any text here, so that one which cannot be an id gets the very answer
# that a foreign one gets.
OWN_CONVERSATION = [
    path("messages/", visitor_conversation.MessagesView.as_view()),
    path("events/", follow_conversation, name="visitor-events"),
    path("marks/", visitor_conversation.MarksView.as_view()),
    path("close/", visitor_conversation.CloseView.as_view()),
    path("rating/", visitor_conversation.RatingView.as_view()),
    path("transcript/", visitor_conversation.TranscriptView.as_view()),
    path("typing/", visitor_conversation.TypingView.as_view()),
    path("letter/", visitor_conversation.LetterView.as_view()),
    path("contact/", visitor_conversation.ContactView.as_view()),
    path("products/", visitor_shop.ProductsView.as_view()),
    path("cart/", visitor_shop.CartView.as_view()),
    path("wishes/", visitor_shop.WishesView.as_view()),
    path("offers/<str:offer>/", visitor_shop.OfferView.as_view()),
    path("offers/<str:offer>/confirm/", visitor_shop.ConfirmView.as_view()),
]

OPERATOR = [
    path("session/", operator.SessionView.as_view(), name="operator-session"),
    path("inbox/", operator.InboxView.as_view(), name="operator-inbox"),
    path("letters/", operator.LettersView.as_view(), name="operator-letters"),
    path("poll/", operator.PollView.as_view(), name="operator-poll"),
    path("left/", operator.LeftView.as_view(), name="operator-left"),
    path("presence/", operator.PresenceView.as_view(), name="operator-presence"),
    path("regulation/", operator.RegulationView.as_view(), name="operator-regulation"),
    path("push/", operator_push.SubscribeView.as_view(), name="operator-push"),
    path("push/try/", operator_push.TrialView.as_view()),
    path("push/end/", operator_push.UnsubscribeView.as_view()),
    path("canned/", operator.CannedView.as_view(), name="operator-canned"),
    path("visits/", visits.LiveView.as_view(), name="operator-visits"),
    path("visits/<str:visit>/", visits.LiveVisitView.as_view()),
]

DESK_CONVERSATION = [
    path("", operator_conversation.ThreadView.as_view()),
    path("entries/", operator_conversation.EntriesView.as_view()),
    path("take/", operator_conversation.TakeView.as_view()),
    path("release/", operator_conversation.ReleaseView.as_view()),
    path("offer/", operator_conversation.OfferView.as_view()),
    path("offer/accept/", operator_conversation.AcceptView.as_view()),
    path("offer/decline/", operator_conversation.DeclineView.as_view()),
    path("take-over/", operator_conversation.TakeOverView.as_view()),
    path("messages/", operator_conversation.MessagesView.as_view()),
    path("marks/", operator_conversation.MarksView.as_view()),
    path("close/", operator_conversation.CloseView.as_view()),
    path("letter/", operator_conversation.LetterView.as_view()),
    path("hold/", operator_conversation.HoldView.as_view()),
    path("followed/", operator_conversation.FollowedView.as_view()),
    path("visitor/", operator_conversation.VisitorView.as_view()),
    path("shop/", operator_shop.PanelView.as_view()),
    path("catalogue/", operator_shop.CatalogueView.as_view()),
    path("products/", operator_shop.ProductsView.as_view()),
    path("cart/", operator_shop.CartView.as_view()),
    path("quote/", operator_shop.QuoteView.as_view()),
    path("offers/", operator_shop.OffersView.as_view()),
    path("offers/<str:offer>/", operator_shop.OfferView.as_view()),
    path("offers/<str:offer>/withdraw/", operator_shop.WithdrawView.as_view()),
    path("visit/", visits.ConversationVisitView.as_view()),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("visitor/", include(VISITOR)),
    path("visitor/conversations/<str:conversation>/", include(OWN_CONVERSATION)),
    path("operator/", include(OPERATOR)),
    path("operator/conversations/<str:conversation>/", include(DESK_CONVERSATION)),
]

if find_spec("drf_spectacular"):
    from chatdesk.api.schema import SchemaView

    document = SchemaView.as_view(patterns=list(urlpatterns))
    urlpatterns.append(path("schema/", document, name="schema"))

urlpatterns.append(path("<path:anything>", visitor.NothingView.as_view()))
