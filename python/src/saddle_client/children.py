"""Runs a `saddle` command on a program that is this process."""
from __future__ import annotations

import json
import os
import shlex
import socket
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from typing import Any, BinaryIO, Union

from . import bridge
from .connections import Open, connections
from .errors import SaddleError


def flags(options: dict[str, Any]) -> list[str]:
    """Command-line options of keyword arguments: by_layer=True is --by-layer, pairs=3 --pairs 3."""
    words: list[str] = []
    for name, value in options.items():
        flag = "--" + name.replace("_", "-")
        if value is True:
            words.append(flag)
        elif isinstance(value, (list, tuple)):
            for item in value:
                words += [flag, str(item)]
        elif value is not False and value is not None:
            words += [flag, str(value)]
    return words


def run(
    command: Union[str, Sequence[str]], words: Sequence[str], open: Open, *,
    accepted: Sequence[int] = (0,), show: bool = False,
) -> dict[str, Any]:
    """What `command words --command '…' --json` prints, the program being this process.

    - `command`: a program's name or path, or a list of words.
    - `open`: (reader, writer) ↦ what answers the next request; called once for each time that the
      command starts the program, which it may do while others of them still run.
    - `accepted`: exit codes with which there are results.
    - `show`: pass the command's progress on to standard error.
    """
    if not hasattr(socket, "AF_UNIX"):
        raise SaddleError("this needs Unix-domain sockets: serve the objective from a program instead")
    start = [command] if isinstance(command, str) else list(command)
    with tempfile.TemporaryDirectory(prefix="saddle-") as folder, \
            tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err, \
            socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as listener:
        path = os.path.join(folder, "socket")
        listener.bind(path)
        listener.listen()
        program = shlex.join([sys.executable, "-S", os.path.abspath(bridge.__file__), path])
        whole = [*start, *words, "--command", program, "--json"]
        try:
            child = subprocess.Popen(
                whole, stdin=subprocess.DEVNULL, stdout=out, stderr=None if show else err)
        except OSError as error:
            raise SaddleError(f"{start[0]} does not start: {error}") from error
        try:
            with connections(listener, open) as served:
                while child.poll() is None:
                    served.serve(0.1)
        finally:
            if child.poll() is None:
                child.terminate()
            child.wait()
        said, complaint = _text(out), _text(err)
    shown = shlex.join([*start, *words])
    if child.returncode not in accepted:
        raise SaddleError(f"{shown} ended with {child.returncode}", child.returncode, complaint)
    try:
        found = json.loads(said)
    except ValueError as error:
        raise SaddleError(
            f"{shown} printed no JSON: {error}: {said[:200]!r}", child.returncode, complaint) from error
    return found


def _text(file: BinaryIO) -> str:
    file.seek(0)
    return file.read().decode("utf-8", "replace")
