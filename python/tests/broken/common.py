"""A small problem in closed form, which the broken programs get wrong in one place each."""
import numpy as np

rng = np.random.default_rng(7)
N, INPUTS, HIDDEN = 24, 3, 4
X = rng.standard_normal((N, INPUTS))
y = np.sin(X.sum(1)) + 0.3 * rng.standard_normal(N)
SHAPES = [("hidden.weight", (HIDDEN, INPUTS)), ("output.weight", (1, HIDDEN))]
P = HIDDEN * INPUTS + HIDDEN
start = 0.7 * rng.standard_normal(P)


def split(theta):
    return theta[: HIDDEN * INPUTS].reshape(HIDDEN, INPUTS), theta[HIDDEN * INPUTS :]


def residuals(theta):
    W, a = split(theta)
    return np.tanh(X @ W.T) @ a - y


def value(theta):
    return (residuals(theta) ** 2).mean() / 2


def jacobian(theta):
    """Of the outputs, N × P."""
    W, a = split(theta)
    h = np.tanh(X @ W.T)
    slope = (1 - h**2) * a
    return np.concatenate([(slope[:, :, None] * X[:, None, :]).reshape(N, -1), h], axis=1)


def gradient(theta):
    return jacobian(theta).T @ residuals(theta) / N


def gauss_newton(theta):
    J = jacobian(theta)
    return J.T @ J / N


def residual_term(theta):
    """Σ rₙ·∇²fₙ / N."""
    W, a = split(theta)
    h, r = np.tanh(X @ W.T), residuals(theta)
    total = np.zeros((P, P))
    for i in range(HIDDEN):
        rows = slice(i * INPUTS, (i + 1) * INPUTS)
        slope = 1 - h[:, i] ** 2
        total[rows, rows] = (X.T * (r * a[i] * -2 * h[:, i] * slope)) @ X / N
        mixed = X.T @ (r * slope) / N
        total[rows, HIDDEN * INPUTS + i] = mixed
        total[HIDDEN * INPUTS + i, rows] = mixed
    return total


def hessian(theta):
    return gauss_newton(theta) + residual_term(theta)


def sample(theta, index):
    r = residuals(theta)[index]
    return r**2 / 2, jacobian(theta)[index] * r
