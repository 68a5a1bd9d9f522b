#!/usr/bin/env python3
"""Trace estimators, for Saddle to test. Argument: which:

    saddle validate trace --command 'python3 python/peers/trace.py hutchinson'

hutchinson, hutchpp: in plain NumPy (Hutchinson 1989; Meyer, Musco, Musco, Woodruff 2021);
curvlinops-hutchinson, curvlinops-hutchpp, curvlinops-xtrace; eigenthings-hutchinson,
eigenthings-hutchpp: the libraries'.
"""
import sys

import numpy as np

import saddle_client as saddle


def signs(rng, k, n):
    return rng.integers(0, 2, (k, n)) * 2.0 - 1


def hutchinson(n, budget, seed, multiply):
    V = signs(np.random.default_rng(seed), budget, n)
    terms = (V * multiply(V)).sum(1)
    if budget < 2:
        return terms.mean()
    return terms.mean(), terms.std(ddof=1) / np.sqrt(budget)


def hutchpp(n, budget, seed, multiply):
    third = budget // 3
    if third == 0:
        return hutchinson(n, budget, seed, multiply)
    rng = np.random.default_rng(seed)
    Q = np.linalg.qr(multiply(signs(rng, min(third, n), n)).T)[0]
    exact = np.sum(Q.T * multiply(np.ascontiguousarray(Q.T)))
    G = signs(rng, third, n)
    G -= G @ Q @ Q.T
    terms = (G * multiply(G)).sum(1)
    if third < 2:
        return exact + terms.mean()
    return exact + terms.mean(), terms.std(ddof=1) / np.sqrt(third)


def curvlinops_estimator(name, divisor=1):
    def estimate(n, budget, seed, multiply):
        import curvlinops
        import torch
        from curvlinops._torch_base import PyTorchLinearOperator

        class Operator(PyTorchLinearOperator):
            SELF_ADJOINT = True
            device, dtype = torch.device("cpu"), torch.float64

            def _matmat(self, X):
                columns = X[0].numpy()
                return [torch.from_numpy(multiply(np.ascontiguousarray(columns.T)).T.copy())]

        torch.manual_seed(seed % 2**63)
        count = min(budget, n - 1) // divisor * divisor  # more is refused
        return float(getattr(curvlinops, name)(Operator([(n,)], [(n,)]), count))

    return estimate


def eigenthings_estimator(name):
    def estimate(n, budget, seed, multiply):
        import hessian_eigenthings as eigenthings
        import torch
        operator = eigenthings.LambdaOperator(
            lambda v: torch.from_numpy(multiply(v.numpy())), n, dtype=torch.float64)
        key = "num_samples" if name == "hutchinson" else "num_matvecs"
        found = getattr(eigenthings, name)(operator, seed=seed % 2**63, **{key: budget})
        return (found.estimate, found.stderr) if np.isfinite(found.stderr) else found.estimate

    return estimate


estimators = {
    "hutchinson": hutchinson, "hutchpp": hutchpp,
    "curvlinops-hutchinson": curvlinops_estimator("hutchinson_trace"),
    "curvlinops-hutchpp": curvlinops_estimator("hutchpp_trace", divisor=3),
    "curvlinops-xtrace": curvlinops_estimator("xtrace", divisor=2),
    "eigenthings-hutchinson": eigenthings_estimator("hutchinson"),
    "eigenthings-hutchpp": eigenthings_estimator("hutch_plus_plus"),
}

if __name__ == "__main__":
    name = (sys.argv[1:] or ["hutchinson"])[0]
    saddle.serve(saddle.TraceEstimator(estimators[name], name=name))
