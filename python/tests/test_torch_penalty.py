"""Losses that read the model's parameters by themselves, against finite differences of the true function."""
from __future__ import annotations

import copy

import numpy as np
import pytest

torch = pytest.importorskip("torch")
from torch import nn  # noqa: E402

import saddle_client as saddle  # noqa: E402
from conftest import close  # noqa: E402

ENTROPY = nn.CrossEntropyLoss()
X = torch.randn(20, 6, dtype=torch.float64, generator=torch.Generator().manual_seed(0))
Y = torch.randint(3, (20,), generator=torch.Generator().manual_seed(1))


class Recurrent(nn.Module):
    """Whose weights the module has a second time, flat."""

    def __init__(self):
        super().__init__()
        self.body, self.head = nn.LSTM(3, 2, batch_first=True), nn.Linear(2, 3)

    def forward(self, x):
        return self.head(self.body(x.reshape(-1, 2, 3))[0][:, -1])


def tied():
    model = nn.Sequential(nn.Linear(6, 6), nn.BatchNorm1d(6), nn.Tanh(), nn.Linear(6, 6), nn.Linear(6, 3))
    model[3].weight = model[0].weight
    return model


class Positive(nn.Module):
    def forward(self, weight):
        return torch.exp(weight)


def parametrized():
    first = nn.Linear(6, 3)
    nn.utils.parametrize.register_parametrization(first, "weight", Positive())
    return nn.Sequential(first, nn.Tanh(), nn.Linear(3, 3))


MODELS = {
    "plain": lambda: nn.Sequential(nn.Linear(6, 3), nn.Tanh(), nn.Linear(3, 3)), "tied": tied,
    "recurrent": Recurrent, "parametrized": parametrized}


def model_of(name):
    torch.manual_seed(4)
    return MODELS[name]().double().eval()


def by_attributes(model):
    return lambda z, t: ENTROPY(z, t) + 0.05 * sum(p.square().sum() for p in model.parameters())


def by_a_list(model):
    kept = list(model.parameters())
    return lambda z, t: ENTROPY(z, t) + 0.05 * sum((p**4).sum() for p in kept)


class Within(nn.Module):
    """A loss that is a module, with the model in it; it calls the model another time."""

    def __init__(self, model):
        super().__init__()
        self.model = model

    def forward(self, z, t):
        return ENTROPY(z, t) + 0.1 * self.model(X[:5].to(z.dtype).flip(1)).square().mean()


class True_:
    """The function itself, with θ written into a copy of the model."""

    def __init__(self, model, loss_of):
        self.model = copy.deepcopy(model)
        self.own = list(self.model.parameters())
        self.loss = loss_of(self.model)

    def gradient(self, theta):
        nn.utils.vector_to_parameters(torch.from_numpy(theta), self.own)
        value = self.loss(self.model(X), Y)
        slopes = torch.autograd.grad(value, self.own)
        return value.item(), torch.cat([g.reshape(-1) for g in slopes]).numpy()

    def differences(self, theta, along, h=1e-5):
        return (self.gradient(theta + h * along)[1] - self.gradient(theta - h * along)[1]) / (2 * h)


@pytest.mark.parametrize("loss_of", [by_attributes, by_a_list, Within])
@pytest.mark.parametrize("name", MODELS)
@pytest.mark.parametrize("data", [(X, Y), [(X[:13], Y[:13]), (X[13:], Y[13:])]], ids=["one", "two"])
def test_a_penalty_is_differentiated(name, loss_of, data):
    model = model_of(name)
    before = [p.detach().clone() for p in model.parameters()]
    objective, truth = saddle.torch_objective(model, loss_of(model), data), True_(model, loss_of)
    theta = objective.point() + 0.1 * np.cos(np.arange(objective.parameters))  # which is not the model's
    value, gradient = objective.gradient(theta)
    expected, slope = truth.gradient(theta)
    assert abs(value - expected) < 1e-13 and abs(objective.value(theta) - expected) < 1e-13
    close(gradient, slope, 1e-12)
    V = np.random.default_rng(2).standard_normal((3, len(theta)))
    exact = np.stack([truth.differences(theta, v) for v in V])
    close(objective.product(theta, V, "hessian"), exact, 1e-7)
    close(objective.product(theta, V[:1], "hessian"), exact[:1], 1e-7)
    close(np.mean([objective.sample(theta, i)[1] for i in range(20)], 0), slope, 1e-12)
    assert all(torch.equal(p, b) for p, b in zip(model.parameters(), before))


def test_it_has_a_hessian_alone_and_says_so():
    model = model_of("plain")
    objective = saddle.torch_objective(model, by_attributes(model), (X, Y))
    assert objective.kinds == ["hessian"]
    assert any("reads the model's parameters" in sentence for sentence in objective.remarks)
    with pytest.raises(ValueError, match="this model and loss have hessian"):
        saddle.torch_objective(model, by_attributes(model), (X, Y), kinds=["gaussNewton"])


def test_a_penalty_of_another_models_parameters_is_a_constant():
    model, other = model_of("plain"), model_of("plain")
    objective = saddle.torch_objective(model, by_attributes(other), (X, Y))
    plain = saddle.torch_objective(model, ENTROPY, (X, Y))
    V = np.eye(objective.parameters)
    close(objective.product(objective.point(), V, "hessian"), plain.product(plain.point(), V, "hessian"), 1e-12)
    assert objective.remarks == [] and "gaussNewton" in objective.kinds


@pytest.mark.parametrize("dtype", [None, torch.float64])
def test_a_copy_in_another_precision(dtype):
    model = model_of("plain") if dtype is None else model_of("plain").float()
    if dtype is not None:  # a closure has the parameters of the model that was given
        with pytest.raises(ValueError, match="the loss reads parameters of the model that was given"):
            saddle.torch_objective(model, by_attributes(model), (X, Y), dtype=dtype)
    # A module's are the copy's, and where nothing is to be copied the model's own.
    objective = saddle.torch_objective(model, Within(model), (X, Y), dtype=torch.float64)
    truth = True_(copy.deepcopy(model).double(), Within)
    theta = objective.point() + 0.1
    close(objective.gradient(theta)[1], truth.gradient(theta)[1], 1e-12)
    v = np.cos(np.arange(len(theta)))
    close(objective.product(theta, v[None], "hessian")[0], truth.differences(theta, v), 1e-7)
