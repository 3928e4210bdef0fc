"""A chat as the Channels tutorial teaches it, with each message stored: the peer."""
