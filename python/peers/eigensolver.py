#!/usr/bin/env python3
"""Libraries' eigensolvers, for Saddle to test. Arguments: the solver, and float64 or float32:

    saddle validate eigensolver --command 'python3 python/peers/eigensolver.py numpy-eigh float64'

numpy-eigvalsh, numpy-eigh; scipy-ev, -evd, -evr, -evx (LAPACK's drivers of these names);
scipy-ldl (inertia alone, from LDLᵀ); torch; jax.
"""
import sys

import numpy as np

import saddle_client as saddle


def numpy_solver(dtype, values_too=True):
    both = lambda A: np.linalg.eigh(A.astype(dtype))
    return dict(
        eigenvalues=lambda A: np.linalg.eigvalsh(A.astype(dtype)),
        eigensystem=both if values_too else None)


def scipy_solver(driver, dtype):
    from scipy.linalg import eigh
    return dict(
        eigenvalues=lambda A: eigh(A.astype(dtype), driver=driver, eigvals_only=True),
        eigensystem=lambda A: eigh(A.astype(dtype), driver=driver))


def ldl(dtype):
    from scipy.linalg import ldl

    def inertia(A, shift):
        D = ldl(A.astype(dtype) - np.asarray(shift, dtype) * np.eye(len(A), dtype=dtype))[1]
        counts, i = [0, 0, 0], 0
        while i < len(D):
            size = 2 if i + 1 < len(D) and D[i + 1, i] != 0 else 1
            for value in np.linalg.eigvalsh(D[i : i + size, i : i + size]):
                counts[int(np.sign(value)) + 1] += 1
            i += size
        return counts

    return dict(inertia=inertia)


def torch_solver(dtype):
    import torch
    tensor = lambda A: torch.from_numpy(A.astype(dtype))
    return dict(
        eigenvalues=lambda A: torch.linalg.eigvalsh(tensor(A)).numpy(),
        eigensystem=lambda A: [part.numpy() for part in torch.linalg.eigh(tensor(A))])


def jax_solver(dtype):
    import jax
    jax.config.update("jax_enable_x64", True)
    array = lambda A: jax.numpy.asarray(A.astype(dtype))
    return dict(
        eigenvalues=lambda A: jax.numpy.linalg.eigvalsh(array(A)),
        eigensystem=lambda A: jax.numpy.linalg.eigh(array(A)))


solvers = {
    "numpy-eigvalsh": lambda dtype: numpy_solver(dtype, values_too=False), "numpy-eigh": numpy_solver,
    "scipy-ldl": ldl, "torch": torch_solver, "jax": jax_solver,
    **{f"scipy-{d}": (lambda dtype, d=d: scipy_solver(d, dtype)) for d in ("ev", "evd", "evr", "evx")},
}

if __name__ == "__main__":
    name, dtype = (sys.argv[1:] + ["numpy-eigh", "float64"][len(sys.argv) - 1 :])[:2]
    saddle.serve(saddle.Eigensolver(**solvers[name](dtype), name=f"{name} {dtype}", dtype=dtype))
