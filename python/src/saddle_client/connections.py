"""Answers on several connections of one socket, a request at a time, in the thread that asks for it.

Some checks have two programs alive together and ask them by turns. Objectives and optimizers are of one
thread (autocast, JAX's precision, torch's default dtype), so that no request is answered beside another.
"""
from __future__ import annotations

import selectors
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import BinaryIO, Callable

#: Reads a request and answers it; False once the other end has quit, or gone.
Turn = Callable[[], bool]
#: What begins with each connection, with objects of its own.
Open = Callable[[BinaryIO, BinaryIO], Turn]
GONE = (BrokenPipeError, ConnectionResetError)


class Connection:
    """A stream of requests, and what answers them."""

    def __init__(self, stream: socket.socket, open: Open):
        stream.settimeout(None)
        self.socket = stream
        self._reader, self._writer = stream.makefile("rb"), stream.makefile("wb")
        self._turn = open(self._reader, self._writer)

    def answer(self) -> bool:
        """Answers what has come; False once there is nothing more to come."""
        try:
            while self._turn():
                if not self._has_buffered():
                    return True
        except GONE:  # the command ended the program
            pass
        return False

    def close(self) -> None:
        for stream in (self._writer, self._reader, self.socket):
            try:
                stream.close()  # a writer sends what it still has, perhaps to nobody
            except OSError:
                pass

    def _has_buffered(self) -> bool:
        """Whether a request was read along with the last, so that the socket itself has nothing to read."""
        self.socket.setblocking(False)
        try:
            return bool(self._reader.peek(1))  # type: ignore[attr-defined]
        finally:
            self.socket.setblocking(True)


class Connections:
    """Those of a listening socket."""

    def __init__(self, listener: socket.socket, open: Open, waiting: selectors.BaseSelector):
        self._listener, self._open, self._waiting = listener, open, waiting
        waiting.register(listener, selectors.EVENT_READ)

    def serve(self, seconds: float) -> None:
        """Answers what comes within that time."""
        for key, _ in self._waiting.select(seconds):
            if key.fileobj is self._listener:
                connection = Connection(self._listener.accept()[0], self._open)
                self._waiting.register(connection.socket, selectors.EVENT_READ, connection)
            elif not key.data.answer():
                self._waiting.unregister(key.fileobj)
                key.data.close()

    def close(self) -> None:
        for key in self._waiting.get_map().values():
            if key.data is not None:
                key.data.close()


@contextmanager
def connections(listener: socket.socket, open: Open) -> Iterator[Connections]:
    """The connections of a listening socket, which are closed at the end."""
    with ExitStack() as stack:
        waiting = stack.enter_context(selectors.DefaultSelector())
        found = Connections(listener, open, waiting)
        stack.callback(found.close)
        yield found
