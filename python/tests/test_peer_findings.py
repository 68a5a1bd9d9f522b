"""What docs/peers.md finds of other libraries, each at its smallest input: a version that mends one is seen.

For every night, with SADDLE_NIGHTLY=1: what others do is none of a change's business.
"""
import os

import numpy as np
import pytest

pytestmark = pytest.mark.skipif(
    not os.environ.get("SADDLE_NIGHTLY"), reason="for every night: SADDLE_NIGHTLY=1")

NAN = np.array([[0.0, 1.0], [1.0, np.nan]])
ASYMMETRIC = np.array([[0.0, 0.0], [1e-3, 0.0]])


def numpy_values(a):
    return np.linalg.eigvalsh(a)


def scipy_values(a):
    return pytest.importorskip("scipy.linalg").eigh(a, eigvals_only=True)


def torch_values(a):
    torch = pytest.importorskip("torch")
    return torch.linalg.eigvalsh(torch.tensor(a)).numpy()


def jax_values(a):
    jax = pytest.importorskip("jax")
    jax.config.update("jax_enable_x64", True)
    return np.array(jax.numpy.linalg.eigvalsh(jax.numpy.array(a)))


@pytest.mark.parametrize("values", [numpy_values, torch_values, jax_values])
def test_nan_is_taken_without_a_word(values):
    assert np.all(np.isfinite(values(NAN)))


def test_scipy_refuses_nan():
    with pytest.raises(ValueError):
        scipy_values(NAN)


@pytest.mark.parametrize("values", [numpy_values, scipy_values, torch_values])
def test_one_triangle_is_read_of_a_matrix_that_is_not_symmetric(values):
    assert np.allclose(values(ASYMMETRIC), [-1e-3, 1e-3])


def test_jax_takes_the_mean_of_a_matrix_that_is_not_symmetric():
    assert np.allclose(jax_values(ASYMMETRIC), [-5e-4, 5e-4])


def test_jax_takes_denormal_eigenvalues_for_zero():
    a = np.array([[1.012e-320]])
    assert numpy_values(a)[0] == a[0, 0] and jax_values(a)[0] == 0


def test_scipy_differentiates_across_a_kink_of_kolmogorovs_law():
    # Between 0.1 and 0.15 the distribution of n = 10 is one polynomial, of degree 10.
    law = pytest.importorskip("scipy.stats").kstwo(10)
    t = np.cos(np.pi * (np.arange(24) + 0.5) / 24)
    x = 0.125 + 0.025 * t
    piece = np.polynomial.Chebyshev.fit(x, law.cdf(x), 12, domain=[0.1, 0.15]).deriv()
    assert abs(law.pdf(0.11) - piece(0.11)) < 1e-9
    assert abs(law.pdf(0.1 + 1e-7) - piece(0.1 + 1e-7)) > 1e-4


def test_eigenthings_weighs_batches_equally():
    torch = pytest.importorskip("torch")
    pytest.importorskip("hessian_eigenthings")
    from hessian_eigenthings.operators import HessianOperator

    # ½·mean (θx)² of x = 1, 1, 3, in batches of two and one: 11/3, not the mean of 1 and 9.
    model = torch.nn.Linear(1, 1, bias=False).double()
    x = torch.tensor([[1.0], [1.0], [3.0]], dtype=torch.float64)
    data = [(x[:2], torch.zeros(2, 1).double()), (x[2:], torch.zeros(1, 1).double())]
    operator = HessianOperator(
        model, data, lambda module, batch: ((module(batch[0]) - batch[1]) ** 2).mean() / 2)
    found = float(operator.matvec(torch.ones(1, dtype=torch.float64)))
    assert found == pytest.approx(5.0)
