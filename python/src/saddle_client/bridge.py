"""Copies bytes between standard streams and a Unix-domain socket, so that a process that already has
a model can be the program that `saddle` starts: python3 -m saddle_client.bridge PATH

It imports nothing but the standard library, to start at once when run as a file.
"""
from __future__ import annotations

import os
import socket
import sys
import threading


def main(path: str) -> None:
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    connection.connect(path)

    def forward() -> None:
        try:
            while chunk := os.read(0, 1 << 20):
                connection.sendall(chunk)
            connection.shutdown(socket.SHUT_WR)
        except OSError:  # the other end is gone: so will be what it sends
            pass

    threading.Thread(target=forward, daemon=True).start()
    try:
        while chunk := connection.recv(1 << 20):
            rest = memoryview(chunk)
            while rest:
                rest = rest[os.write(1, rest) :]
    except OSError:
        pass
    os._exit(0)  # without waiting for the other direction


if __name__ == "__main__":
    main(sys.argv[1])
