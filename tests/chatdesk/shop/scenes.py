"""A dialog with the shop in it, seen from both sides."""

from uuid import uuid4

from django.contrib.auth.models import Permission

from tests.chatdesk.api.callers import Desk, Page, of
from tests.factories import make_led_conversation, make_operator


class Scene:
    """A dialog that an operator leads, with both browsers."""

    def __init__(self, *permissions):
        self.operator = make_operator()
        wanted = Permission.objects.filter(codename__in=permissions)
        self.operator.user.user_permissions.add(*wanted)
        self.conversation = make_led_conversation(self.operator)
        self.desk = Desk(self.operator)
        self.page = Page(self.conversation.visitor)

    def ask(self, caller, name):
        return caller.get(of(self.conversation, name)).json()

    def send(self, product="KETTLE", key=""):
        path = of(self.conversation, "products")
        return self.desk.post(path, {"product": product}, key=key or uuid4().hex)

    def cards(self, caller, *seqs):
        numbers = ",".join(map(str, seqs))
        path = of(self.conversation, "products") + f"?seqs={numbers}"
        return caller.get(path).json()

    def add(self, seq, **more):
        return self.page.post(of(self.conversation, "cart"), {"seq": seq, **more})

    def propose(self, *products, key=""):
        lines = [{"product": product, "quantity": 1} for product in products]
        path = of(self.conversation, "offers")
        return self.desk.post(path, {"lines": lines}, key=key or uuid4().hex)

    def offer(self, key, name=""):
        return f"conversations/{self.conversation.public_id.hex}/offers/{key}/{name}"
