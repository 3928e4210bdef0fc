"""What Django's own signals set in motion; nothing of chatdesk is wired by signals."""
