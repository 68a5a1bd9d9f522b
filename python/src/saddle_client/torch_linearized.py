"""The product of one batch at one θ: made once, for all vectors that are multiplied with it."""
from __future__ import annotations

from typing import Any, Callable, Optional

import numpy as np

from .torch_module import FlatModule
from .torch_products import Parts, Product


class Linearized:
    """One product at a time is kept: as long as the batch lasts, and where there is but one batch, from
    request to request as long as θ is the same. Half of a product is work that no vector changes.

    - `lasts`: whether there is but one batch, the same in every pass.
    """

    def __init__(self, module: FlatModule, lasts: bool):
        self._module, self.lasts = module, lasts
        self._theta: Optional[np.ndarray] = None
        self._parts: Parts = {}
        self._key: Any = None
        self._product: Optional[Product] = None

    def at(self, theta: np.ndarray) -> Parts:
        """θ by parameters; what is kept of another θ is forgotten."""
        if self.lasts and self._theta is not None and np.array_equal(self._theta, theta):
            return self._parts
        self.forget()
        self._parts = self._module.parts(theta)
        # A copy: whoever owns θ may change it.
        self._theta = np.array(theta) if self.lasts else None
        return self._parts

    def forget(self) -> None:
        self._theta, self._parts = None, {}
        self.drop()

    def drop(self) -> None:
        """Forgets the product, and not θ."""
        self._key, self._product = None, None

    def apply(self, key: Any, make: Callable[[], Product], vectors: Parts) -> Parts:
        """The product of this key with vectors; `make` is asked where another is kept."""
        if self._product is None or self._key != key:
            self.drop()  # first, so that two are never there
            self._key, self._product = key, make()
        try:
            return self._product(vectors)
        except Exception:
            self.drop()
            raise
