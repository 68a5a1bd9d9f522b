"""What goes wrong, beside ordinary errors."""
from __future__ import annotations

from typing import Optional


class SaddleError(Exception):
    """A `saddle` command that did not give its figures: why, its exit code and standard error."""

    def __init__(self, message: str, code: Optional[int] = None, stderr: str = ""):
        super().__init__(f"{message}\n{stderr.strip()}" if stderr.strip() else message)
        self.code, self.stderr = code, stderr


class Unsupported(ValueError):
    """A problem that a program cannot do, and is then not held to."""

    def __init__(self, why: str):
        super().__init__(f"unsupported: {why}")
