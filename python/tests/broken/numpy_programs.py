#!/usr/bin/env python3
"""Objectives that are wrong in one place each; the argument says which. `right` is right."""
import sys
import time

import numpy as np

import saddle_client as saddle
from common import HIDDEN, INPUTS, N, P, SHAPES, gauss_newton, gradient, hessian, sample, start, value

kind = (sys.argv[1:] or ["right"])[0]
changes = {}
calls = 0


def transposed_blocks(theta, v):
    """The first block goes out column by column."""
    found = hessian(theta) @ v
    found[: HIDDEN * INPUTS] = found[: HIDDEN * INPUTS].reshape(HIDDEN, INPUTS).T.ravel()
    return found


def drifting(theta):
    """Another value at every call."""
    global calls
    calls += 1
    return value(theta) * (1 + 1e-6 * calls)


def kept_point(theta, v):
    """Products are those of the point that it was started with."""
    return hessian(start) @ v


def saturating(theta, v):
    """Not linear in v."""
    return np.tanh(hessian(theta) @ v)


def not_finite(theta, v):
    found = hessian(theta) @ v
    found[0] = np.nan
    return found


def slow(theta):
    time.sleep(3600)


if kind == "gauss-newton-as-hessian":
    changes["hessian_of"] = gauss_newton
elif kind == "transposed-blocks":
    changes["product_of"] = transposed_blocks
elif kind == "sum-for-mean":
    changes["hessian_of"] = lambda theta: N * hessian(theta)
elif kind == "gradient-of-sum":
    changes["gradient_of"] = lambda theta: N * gradient(theta)
elif kind == "not-symmetric":
    skew = np.triu(np.ones((P, P)), 1)
    changes["product_of"] = lambda theta, v: hessian(theta) @ v + 1e-3 * skew @ v
elif kind == "not-linear":
    changes["product_of"] = saturating
elif kind == "drifting":
    changes["value_of"] = drifting
elif kind == "kept-point":
    changes["product_of"] = kept_point
elif kind == "forgotten-decay":
    changes.update(
        weight_decay=0.1, value_of=lambda theta: value(theta) + 0.05 * theta @ theta,
        gradient_of=lambda theta: gradient(theta) + 0.1 * theta)
elif kind == "negated":
    changes["product_of"] = lambda theta, v: -hessian(theta) @ v
elif kind == "single-precision":
    changes["product_of"] = lambda theta, v: (
        hessian(theta).astype(np.float32) @ v.astype(np.float32)).astype(float)
elif kind == "not-finite":
    changes["product_of"] = not_finite
elif kind == "too-short":
    changes["product_of"] = lambda theta, v: (hessian(theta) @ v)[:-1]
elif kind == "slow":
    changes["value_of"] = slow
elif kind == "exits":
    changes["gradient_of"] = lambda theta: sys.exit("gone")
elif kind != "right":
    sys.exit(f"{kind}: no such fault")
if "product_of" in changes:
    changes.setdefault("hessian_of", None)

parts = dict(
    value_of=value, gradient_of=gradient, hessian_of=hessian, sample_of=sample, samples=N,
    blocks=SHAPES, name=kind, smooth=True)
saddle.serve(saddle.NumpyObjective(start, **{**parts, **changes}))
