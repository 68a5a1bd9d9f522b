#!/usr/bin/env python3
"""Laws of random matrices, by SciPy where it has them, for Saddle to test:

    saddle validate law --command 'python3 python/peers/law.py scipy'

scipy: the semicircle, Marchenko–Pastur's law by integration of its density (γ ≤ 1 or with its atom),
Wigner's surmise of spacings, and Kolmogorov's statistic of n numbers (kstwo).
"""
import sys

import numpy as np
from scipy import integrate, optimize, stats

import saddle_client as saddle
from saddle_client.errors import Unsupported


def semicircle(law):
    return stats.semicircular(loc=law.get("center", 0.0), scale=law["radius"])


def spacings(law):
    """Wigner's surmise, s^β·exp(−c·s²) of mean 1: s² is a gamma variable."""
    from scipy.special import gammaln
    beta = law["beta"]
    if beta == 0:
        return stats.expon()
    rate = np.exp(2 * (gammaln((beta + 2) / 2) - gammaln((beta + 1) / 2)))
    return stats.gengamma(a=(beta + 1) / 2, c=2, scale=1 / np.sqrt(rate))


class MarchenkoPastur:
    """Of eigenvalues scale·(XXᵀ/m) + shift with n/m = γ: density by formula, the rest by quadrature."""

    def __init__(self, law):
        self.ratio, self.scale = law["ratio"], law.get("scale", 1.0)
        self.shift = law.get("shift", 0.0)
        root = np.sqrt(self.ratio)
        self.low, self.high = (1 - root) ** 2, (1 + root) ** 2
        self.atom = max(0.0, 1 - 1 / self.ratio)

    def standard(self, x):
        inside = (self.high - x) * (x - self.low)
        with np.errstate(invalid="ignore", divide="ignore"):
            density = np.sqrt(np.maximum(inside, 0)) / (2 * np.pi * self.ratio * x)
        return np.where((inside > 0) & (x > 0), density, 0.0)

    def pdf(self, points):
        return self.standard((points - self.shift) / self.scale) / self.scale

    def mass(self, start, end):
        """Of the density in an interval, by x = middle + half·sin φ, which takes the edges' roots."""
        middle, half = (self.high + self.low) / 2, (self.high - self.low) / 2
        angle = lambda x: np.arcsin(np.clip((x - middle) / half, -1, 1))

        def weight(phi):
            x = middle + half * np.sin(phi)
            if x <= 0:  # only where γ = 1, at the edge
                return half / np.pi
            return (half * np.cos(phi)) ** 2 / (2 * np.pi * self.ratio * x)

        return integrate.quad(weight, angle(start), angle(end), epsabs=1e-13, epsrel=1e-12)[0]

    def cdf(self, points):
        x = (np.asarray(points) - self.shift) / self.scale
        return np.array([self.mass(self.low, v) + (self.atom if v >= 0 else 0.0) for v in x])

    def sf(self, points):
        x = (np.asarray(points) - self.shift) / self.scale
        return np.array([self.mass(v, self.high) + (self.atom if v < 0 else 0.0) for v in x])

    def ppf(self, levels):
        def one(p):
            if p <= self.atom:
                return 0.0 if self.atom else self.low
            return optimize.brentq(
                lambda x: self.atom + self.mass(self.low, x) - p, self.low, self.high, xtol=1e-14)

        return self.shift + self.scale * np.array([one(p) for p in levels])


laws = {
    "semicircle": semicircle, "spacings": spacings, "marchenkoPastur": MarchenkoPastur,
    "kolmogorov": lambda law: stats.kstwo(int(law["count"])),
}


def function(method):
    def apply(law, points):
        if law["name"] not in laws:
            raise Unsupported(f"SciPy has no {law['name']}")
        return getattr(laws[law["name"]](law), method)(points)

    return apply


if __name__ == "__main__":
    name = (sys.argv[1:] or ["scipy"])[0]
    if name != "scipy":
        sys.exit(f"{name}: there is scipy")
    saddle.serve(saddle.Law(
        density=function("pdf"), cumulative=function("cdf"), survival=function("sf"),
        quantile=function("ppf"), name="scipy"))
