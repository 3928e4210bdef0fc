"""Names in the channel layer: one subscription a process, so one group."""

PROCESSES = "chatdesk.processes"
BELLS = "chatdesk.bells"
WHISPER = "chatdesk.whisper"
