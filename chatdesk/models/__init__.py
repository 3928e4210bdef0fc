"""What is always true. The only path from which others import models."""

from chatdesk.models.assignment import Assignment
from chatdesk.models.audit import AuditLine
from chatdesk.models.canned import CannedReply
from chatdesk.models.commission import CommissionPlan, LedgerLine, LedgerMonth
from chatdesk.models.conversation import Conversation
from chatdesk.models.department import Department, Membership, RoutingRule
from chatdesk.models.effect import Effect
from chatdesk.models.entry import AuthorKind, Entry
from chatdesk.models.epoch import Epoch
from chatdesk.models.hours import OpeningHours, Shift, SpecialDay, Weekday
from chatdesk.models.letter import Letter
from chatdesk.models.mail import ConfirmedAddress, MailAddress, ReceivedMail
from chatdesk.models.mark import Mark
from chatdesk.models.offer import Offer
from chatdesk.models.operator import Operator
from chatdesk.models.presence import Lease, PresencePeriod
from chatdesk.models.rating import Rating
from chatdesk.models.regulation import Acknowledgement, Regulation
from chatdesk.models.sale import SaleCredit, SoldOrder
from chatdesk.models.site import Storefront
from chatdesk.models.staff import GivenPermission
from chatdesk.models.subscription import PushSubscription
from chatdesk.models.visit import Occasion, ShopEvent, Visit, VisitPage
from chatdesk.models.visitor import Visitor
from chatdesk.models.wish import StockWish

__all__ = [
    "Acknowledgement",
    "Assignment",
    "AuditLine",
    "AuthorKind",
    "CannedReply",
    "CommissionPlan",
    "ConfirmedAddress",
    "Conversation",
    "Department",
    "Effect",
    "Entry",
    "Epoch",
    "GivenPermission",
    "Lease",
    "LedgerLine",
    "LedgerMonth",
    "Letter",
    "MailAddress",
    "Mark",
    "Membership",
    "Occasion",
    "Offer",
    "OpeningHours",
    "Operator",
    "PresencePeriod",
    "PushSubscription",
    "Rating",
    "ReceivedMail",
    "Regulation",
    "RoutingRule",
    "SaleCredit",
    "Shift",
    "ShopEvent",
    "SoldOrder",
    "SpecialDay",
    "StockWish",
    "Storefront",
    "Visit",
    "VisitPage",
    "Visitor",
    "Weekday",
]
