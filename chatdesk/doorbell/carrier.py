"""The way to other processes: one publication to the group all subscribe to."""

import logging
from typing import Any

from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer

from chatdesk.doorbell.groups import PROCESSES
from chatdesk.doorbell.listeners import current

logger = logging.getLogger(__name__)


def publish(message: dict[str, Any]) -> None:
    """Carry a message to the other processes, by a running event loop if there is one.

    A process without sockets (a worker, a command, a plain WSGI server) publishes from
    the calling thread.
    """
    listeners = current()
    if listeners:
        listeners[0].publish(message)
        return
    layer = get_channel_layer()
    if layer is None:
        return
    try:
        async_to_sync(layer.group_send)(PROCESSES, message)
    except Exception:
        logger.warning("A bell was not carried to the other processes", exc_info=True)
