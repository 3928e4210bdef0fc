"""The same chat on socket.io with an insert a message: a peer on another runtime."""
