"""JAX against torch, and against itself."""
from __future__ import annotations

import numpy as np
import pytest

jax = pytest.importorskip("jax")
import jax.numpy as jnp  # noqa: E402

import saddle_client as saddle  # noqa: E402
from conftest import close  # noqa: E402

RNG = np.random.default_rng(0)
X, Y = RNG.standard_normal((10, 4)), RNG.integers(0, 3, 10)
PARAMS = {"hidden": {"kernel": RNG.standard_normal((4, 5)), "bias": RNG.standard_normal(5)},
          "out": [RNG.standard_normal((5, 3))]}


@pytest.fixture(autouse=True)
def double():
    jax.config.update("jax_enable_x64", True)


def apply(params, x):
    return jnp.tanh(x @ params["hidden"]["kernel"] + params["hidden"]["bias"]) @ params["out"][0]


def loss(z, y):
    return -jnp.take_along_axis(jax.nn.log_softmax(z), y[:, None], 1).mean()


def objective(data=None, **options):
    params = jax.tree_util.tree_map(jnp.asarray, PARAMS)
    data = data or [(X[:7], Y[:7]), (X[7:], Y[7:])]
    return saddle.jax_objective(apply, params, loss, data, labels="categorical", **options)


def test_it_says_what_it_is():
    header = objective().describe()
    assert [(b["name"], b["shape"]) for b in header["blocks"]] == [
        ("hidden.bias", [5]), ("hidden.kernel", [4, 5]), ("out.0", [5, 3])]
    assert header["samples"] == 10 and header["dtype"] == "float64" and "remarks" not in header


def test_products_are_those_of_the_matrices():
    o = objective(weight_decay=0.1, chunk=3)
    theta, P = o.point(), o.parameters
    whole = lambda t: loss(apply(o._unravel(t), X), jnp.asarray(Y)) + 0.05 * t @ t
    close(o.product(theta, np.eye(P), "hessian"), jax.hessian(whole)(theta), 1e-12)
    value, gradient = o.gradient(theta)
    close(gradient, jax.grad(whole)(theta), 1e-12)
    assert abs(value - whole(theta)) < 1e-14 and abs(o.value(theta) - value) < 1e-14
    J = np.asarray(jax.jacobian(lambda t: apply(o._unravel(t), X))(theta))
    p = np.asarray(jax.nn.softmax(apply(o._unravel(theta), X)))
    penalty = 0.1 * np.eye(P)
    ggn = sum(j.T @ (np.diag(q) - np.outer(q, q)) @ j for j, q in zip(J, p)) / 10
    close(o.product(theta, np.eye(P), "gaussNewton"), ggn + penalty, 1e-12)
    close(o.product(theta, np.eye(P), "fisher"), ggn + penalty, 1e-12)
    G = np.stack([o.sample(theta, i)[1] for i in range(10)])
    close(o.product(theta, np.eye(P), "empiricalFisher"), G.T @ G / 10 + penalty, 1e-12)
    close(G.mean(0) + 0.1 * theta, gradient, 1e-12)


def test_batches_of_any_size_are_the_whole():
    one, cut = objective((X, Y)), objective()
    V = RNG.standard_normal((2, one.parameters))
    for kind in one.kinds:
        close(cut.product(cut.point(), V, kind), one.product(one.point(), V, kind), 1e-12)


def test_single_precision_is_said():
    params = jax.tree_util.tree_map(lambda a: jnp.asarray(a, jnp.float32), PARAMS)
    o = saddle.jax_objective(apply, params, loss, (X.astype(np.float32), Y))
    assert o.dtype == "float32" and "float32" in o.remarks[0] and "fisher" not in o.kinds


def test_parameters_without_dimensions():
    params = {"scale": jnp.asarray(1.3), "w": jnp.asarray(RNG.standard_normal((4, 3)))}
    apply = lambda p, x: jnp.exp(p["scale"]) * jnp.tanh(x @ p["w"])
    o = saddle.jax_objective(apply, params, loss, (X, Y))
    theta = o.point()
    assert o.describe()["blocks"][0] == {"name": "scale", "shape": []}
    H = np.asarray(jax.hessian(lambda t: loss(apply(o._unravel(t), X), jnp.asarray(Y)))(theta))
    close(o.product(theta, np.eye(13), "hessian"), H, 1e-12)
    close(o.product(theta, np.eye(13)[:1], "hessian")[0], H[0], 1e-12)


def test_a_sum_for_a_mean_is_objected_to():
    params = jax.tree_util.tree_map(jnp.asarray, PARAMS)
    made = lambda loss, data: saddle.jax_objective(apply, params, loss, data).describe()
    for data in ((X, Y), [(X[:7], Y[:7]), (X[7:], Y[7:])]):
        (said,) = made(lambda z, y: len(y) * loss(z, y) + 1, data)["objections"]
        assert "a sum for a mean" in said
        weights = jnp.array([1.0, 2, 5])
        weighted = lambda z, y: (weights[y] * -jax.nn.log_softmax(z)[jnp.arange(len(y)), y]).sum() / weights[y].sum()
        for right in (loss, weighted, lambda z, y: (z**2).max(), lambda z, y: 0 * z.sum()):
            assert "objections" not in made(right, data)
    counted = (X, (jnp.asarray(Y), jnp.asarray(10.0)))
    assert "objections" not in made(lambda z, t: len(z) * loss(z, t[0]) / t[1], counted)


def test_it_is_served(start):
    peer = start('''
import jax, jax.numpy as jnp
import saddle_client as saddle
jax.config.update("jax_enable_x64", True)
X = jnp.arange(6.0).reshape(3, 2)
saddle.serve(saddle.jax_objective(
    lambda p, x: x @ p["w"], {"w": jnp.ones(2)}, lambda z, y: ((z - y) ** 2).mean() / 2, (X, jnp.ones(3))))
''')
    assert peer.describe()["blocks"] == [{"name": "w", "shape": [2]}]
    H = peer.ask("product", {"vectors": np.eye(2)}, kind="hessian").arrays["products"]
    A = np.arange(6.0).reshape(3, 2)
    close(H, A.T @ A / 3, 1e-14)
    assert "index" in peer.refuses("sample", index=3)
    peer.quit()
