#!/usr/bin/env python3
"""Logistic regression in plain NumPy, with its exact Hessian:
saddle spectrum --command 'python3 python/examples/logistic_numpy.py'"""
import numpy as np
import saddle_client as saddle

rng = np.random.default_rng(1)
N, P, decay = 200, 12, 1e-2
X = rng.standard_normal((N, P))
y = (X @ rng.standard_normal(P) + rng.standard_normal(N) > 0).astype(float)


def terms(theta):
    z = X @ theta
    return np.logaddexp(0, z) - y * z, 1 / (1 + np.exp(-z))


def value(theta):
    return terms(theta)[0].mean() + decay / 2 * theta @ theta


def gradient(theta):
    return X.T @ (terms(theta)[1] - y) / N + decay * theta


def hessian(theta):
    p = terms(theta)[1]
    return (X.T * (p * (1 - p))) @ X / N + decay * np.eye(P)


def empirical_fisher(theta):
    g = X.T * (terms(theta)[1] - y)
    return g @ g.T / N + decay * np.eye(P)


def sample(theta, index):
    losses, p = terms(theta)
    return losses[index], X[index] * (p[index] - y[index])


theta = np.zeros(P)
for _ in range(5):  # Newton's method
    theta -= np.linalg.solve(hessian(theta), gradient(theta))

saddle.serve(saddle.NumpyObjective(
    theta, value, gradient, sample_of=sample, samples=N, weight_decay=decay, name="logistic regression",
    hessian_of={
        "hessian": hessian, "gaussNewton": hessian, "fisher": hessian,
        "empiricalFisher": empirical_fisher}))
