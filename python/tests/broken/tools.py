#!/usr/bin/env python3
"""Eigensolvers, samplers, laws and trace estimators that are wrong in one place each."""
import sys

import numpy as np

import saddle_client as saddle

kind = (sys.argv[1:] or [""])[0]
eigh, rng = np.linalg.eigh, np.random.default_rng


def goe(n, seed, diagonal=np.sqrt(2)):
    X = rng(seed).standard_normal((n, n))
    upper = np.triu(X, 1)
    return upper + upper.T + diagonal * np.diag(np.diag(X))


def hutchinson(n, budget, seed, multiply, scale=1.0):
    V = rng(seed).integers(0, 2, (budget, n)) * 2.0 - 1
    terms = scale * (V * multiply(V)).sum(1)
    return terms.mean(), terms.std(ddof=1) / np.sqrt(budget)


programs = {
    "eigensolver-descending": lambda: saddle.Eigensolver(
        eigenvalues=lambda A: eigh(A)[0][::-1], eigensystem=lambda A: [p[..., ::-1] for p in eigh(A)]),
    "eigensolver-single": lambda: saddle.Eigensolver(
        eigenvalues=lambda A: eigh(A.astype(np.float32))[0],
        eigensystem=lambda A: eigh(A.astype(np.float32))),
    "eigensolver-transposed": lambda: saddle.Eigensolver(
        eigenvalues=lambda A: eigh(A)[0], eigensystem=lambda A: (eigh(A)[0], eigh(A)[1].T)),
    "eigensolver-squares": lambda: saddle.Eigensolver(  # loses half of the digits of small ones
        eigenvalues=lambda A: np.sort(np.sign(eigh(A)[0]) * np.sqrt(eigh(A @ A)[0]))),
    "sampler-diagonal": lambda: saddle.Sampler(
        matrix=lambda e, n, s: goe(n, s, 1.0), spectrum=lambda e, n, s: eigh(goe(n, s, 1.0))[0]),
    "sampler-seedless": lambda: saddle.Sampler(
        matrix=lambda e, n, s: goe(n, None), spectrum=lambda e, n, s: eigh(goe(n, None))[0]),
    "law-radius": lambda: saddle.Law(  # the variance for the radius
        density=lambda law, x: np.sqrt(np.maximum(law["radius"] - x**2, 0)) / np.pi),
    "trace-biased": lambda: saddle.TraceEstimator(
        lambda n, b, s, multiply: hutchinson(n, b, s, multiply, 1.1)),
    "trace-sure": lambda: saddle.TraceEstimator(  # an error that is too small
        lambda n, b, s, multiply: (hutchinson(n, b, s, multiply)[0], 1e-9)),
    "trace-greedy": lambda: saddle.TraceEstimator(  # more products than it may
        lambda n, b, s, multiply: float(np.trace(multiply(np.eye(n))))),
}
if kind not in programs:
    sys.exit(f"{kind!r}: there are {', '.join(programs)}")
thing = programs[kind]()
thing.name = kind
saddle.serve(thing)
