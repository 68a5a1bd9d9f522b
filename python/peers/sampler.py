#!/usr/bin/env python3
"""Random matrices of NumPy's and SciPy's, for Saddle to test. Argument: numpy or scipy:

    saddle validate sampler --command 'python3 python/peers/sampler.py numpy'
"""
import sys

import numpy as np

import saddle_client as saddle
from saddle_client.errors import Unsupported


def symmetric(X, diagonal):
    """What stands above X's diagonal, on both sides of the one given."""
    upper = np.triu(X, 1)
    return upper + upper.T + np.diag(diagonal)


def matrix(ensemble, n, seed, normal):
    name = ensemble["name"]
    if name == "goe":
        X = normal(n, n, seed)
        return symmetric(X, np.sqrt(2) * np.diag(X))
    if name == "wigner":
        X = normal(n, n, seed)
        return symmetric(X, np.diag(X))
    if name == "wishart":
        X = normal(n, int(ensemble["degrees"]), seed)
        return X @ X.T
    if name == "spikedWigner":
        return spiked(ensemble, n, seed, normal)[0]
    raise Unsupported(f"a real matrix of {name}")


def spiked(ensemble, n, seed, normal):
    """GOE/√n + θ·uuᵀ with u a random direction."""
    X = normal(n + 1, n, seed)
    u = X[n] / np.linalg.norm(X[n])
    noise = symmetric(X[:n], np.sqrt(2) * np.diag(X[:n]))
    return noise / np.sqrt(n) + ensemble["strength"] * np.outer(u, u), u


def spike(ensemble, n, seed, normal):
    if ensemble["name"] != "spikedWigner":
        raise Unsupported(f"a spike in {ensemble['name']}")
    A, u = spiked(ensemble, n, seed, normal)
    return u, np.linalg.eigh(A)[1][:, -1]


def hermitian(n, seed, normal):
    """GUE: E|entry|² = 1 beside the diagonal, variance 1 on it."""
    X = normal(2 * n, n, seed)
    upper = np.triu(X[:n] + 1j * X[n:], 1) / np.sqrt(2)
    return upper + upper.conj().T + np.diag(np.diag(X[:n]))


def spectrum(ensemble, n, seed, normal):
    if ensemble["name"] == "gue":
        return np.linalg.eigvalsh(hermitian(n, seed, normal))
    return np.linalg.eigvalsh(matrix(ensemble, n, seed, normal))


def with_numpy(rows, columns, seed):
    return np.random.default_rng(seed).standard_normal((rows, columns))


def with_scipy(rows, columns, seed):
    from scipy import stats
    return stats.matrix_normal.rvs(
        rowcov=np.eye(rows), colcov=np.eye(columns), random_state=seed % 2**32).reshape(rows, columns)


def wishart_of_scipy(ensemble, n, seed):
    from scipy import stats
    if ensemble["name"] == "wishart" and ensemble["degrees"] >= n:
        drawn = stats.wishart.rvs(int(ensemble["degrees"]), np.eye(n), random_state=seed % 2**32)
        return np.reshape(drawn, (n, n))
    return matrix(ensemble, n, seed, with_scipy)


def spectrum_of_scipy(ensemble, n, seed):
    if ensemble["name"] == "gue":
        return spectrum(ensemble, n, seed, with_scipy)
    return np.linalg.eigvalsh(wishart_of_scipy(ensemble, n, seed))


samplers = {
    "numpy": dict(
        matrix=lambda e, n, s: matrix(e, n, s, with_numpy),
        spectrum=lambda e, n, s: spectrum(e, n, s, with_numpy),
        spike=lambda e, n, s: spike(e, n, s, with_numpy)),
    "scipy": dict(
        matrix=wishart_of_scipy, spectrum=spectrum_of_scipy,
        spike=lambda e, n, s: spike(e, n, s, with_scipy)),
}

if __name__ == "__main__":
    name = (sys.argv[1:] or ["numpy"])[0]
    saddle.serve(saddle.Sampler(**samplers[name], name=name))
