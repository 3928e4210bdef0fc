"""Django settings as different hosts would install chatdesk."""
