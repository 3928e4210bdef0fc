"""The demo shop as it is measured: its own settings, watching visits or not."""

import os

from shop_demo.settings import *  # noqa: F403 - these settings and few of ours
from shop_demo.settings import CHATDESK

CHATDESK = {**CHATDESK, "TRACKING": os.environ["BENCH_TRACKING"]}
ROOT_URLCONF = "bench.served_urls"
