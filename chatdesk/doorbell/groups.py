"""Names in the channel layer: one subscription a process, so one group."""

PROCESSES = "chatdesk.processes"
BELLS = "chatdesk.bells"
MARKS = "chatdesk.marks"
WHISPER = "chatdesk.whisper"
KNOCK = "chatdesk.knock"
