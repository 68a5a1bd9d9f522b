"""Saddle's side of the protocol, for tests."""
from __future__ import annotations

import os
import shlex
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from saddle_client.wire import Wire

FOLDER = Path(__file__).resolve().parent


def surroundings() -> dict:
    """The environment of programs: one thread, and Python's own buffering."""
    kept = {key: value for key, value in os.environ.items() if key != "PYTHONUNBUFFERED"}
    return {**kept, "OMP_NUM_THREADS": "1"}


class Peer:
    """A program that serves, started as Saddle starts it."""

    def __init__(self, command: str, **environment: str):
        self.process = subprocess.Popen(
            ["/bin/sh", "-c", command], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, env={**surroundings(), **environment})
        self.wire = Wire(self.process.stdout, self.process.stdin)
        self.count = 0

    def send(self, do: str, arrays=None, **members):
        self.count += 1
        self.wire.write({"do": do, "id": self.count, **members}, arrays or {})

    def receive(self):
        message = self.wire.read()
        assert message is not None, f"it ended: {self.process.stderr.read().decode()[-2000:]}"
        assert message.header["id"] == self.count
        return message

    def ask(self, do: str, arrays=None, **members):
        self.send(do, arrays, **members)
        return self.receive()

    def describe(self, **members):
        return self.ask("describe", protocol=2, **members).header

    def refuses(self, do: str, arrays=None, **members) -> str:
        header = self.ask(do, arrays, **members).header
        assert "error" in header, header
        return header["error"]

    def quit(self) -> str:
        """Ends it, and gives what it wrote to its standard error."""
        self.wire.write({"do": "quit", "id": self.count + 1})
        self.process.stdin.close()
        rest = self.process.stdout.read()
        said = self.process.stderr.read().decode()
        assert self.process.wait(timeout=60) == 0, said
        assert rest == b"", rest
        return said

    def kill(self):
        self.process.kill()
        self.process.wait()
        for stream in (self.process.stdin, self.process.stdout, self.process.stderr):
            stream.close()


@pytest.fixture
def start(tmp_path):
    """Starts a script of the test's, or one of a path, and ends it with the test."""
    peers = []

    def begin(script, *arguments: str, **environment: str) -> Peer:
        if "\n" in str(script):
            path = tmp_path / f"program{len(peers)}.py"
            path.write_text(script)
        else:
            path = Path(script)
        words = [sys.executable, str(path), *arguments]
        peers.append(Peer(" ".join(shlex.quote(w) for w in words), **environment))
        return peers[-1]

    yield begin
    for peer in peers:
        peer.kill()


def close(found, expected, within: float) -> None:
    """Every element, relative to the largest; NaN is no close number."""
    found, expected = np.asarray(found, float), np.asarray(expected, float)
    assert found.shape == expected.shape, (found.shape, expected.shape)
    worst = np.max(np.abs(found - expected), initial=0.0)
    scale = np.max(np.abs(expected), initial=1e-300)
    assert worst <= within * scale, f"off by {worst:.3g} of {scale:.3g}, more than {within:.0e}"
