"""Products against matrices that are made in other ways, in double precision."""
from __future__ import annotations

import time

import numpy as np
import pytest

torch = pytest.importorskip("torch")
from torch import nn  # noqa: E402
from torch.func import functional_call  # noqa: E402

import saddle_client as saddle  # noqa: E402
from conftest import close  # noqa: E402
from saddle_client.torch_losses import HalfSquaredError  # noqa: E402
from saddle_client.torch_products import DoubleBackward, ForwardOverReverse  # noqa: E402
from saddle_client.torch_ways import Ways  # noqa: E402

N, CLASSES = 11, 3


class Attention(nn.Module):
    def __init__(self):
        super().__init__()
        self.encoder = nn.TransformerEncoder(nn.TransformerEncoderLayer(
            4, 2, 6, activation="gelu", batch_first=True), 1, enable_nested_tensor=False)
        self.head = nn.Linear(4, CLASSES)

    def forward(self, x):
        return self.head(self.encoder(x.reshape(-1, 3, 4)).mean(1))


def model_of(name):
    torch.manual_seed(5)
    networks = {
        "dense": lambda: nn.Sequential(nn.Linear(12, 4), nn.Tanh(), nn.Linear(4, CLASSES)),
        "convolution": lambda: nn.Sequential(
            nn.Unflatten(1, (1, 3, 4)), nn.Conv2d(1, 2, 2), nn.BatchNorm2d(2), nn.Softplus(),
            nn.AvgPool2d(2, 1), nn.Flatten(), nn.Linear(4, CLASSES)),
        "relu": lambda: nn.Sequential(nn.Linear(12, 5), nn.ReLU(), nn.Linear(5, CLASSES, bias=False)),
        "attention": Attention,
    }
    return networks[name]().double().eval()


def data_of(loss, sizes=(5, 6)):
    generator = torch.Generator().manual_seed(2)
    X = torch.randn(N, 12, generator=generator, dtype=torch.float64)
    if isinstance(loss, nn.CrossEntropyLoss):
        y = torch.randint(CLASSES, (N,), generator=generator)
    else:
        y = torch.randn(N, CLASSES, generator=generator, dtype=torch.float64)
    return list(zip(X.split(list(sizes)), y.split(list(sizes))))


def whole(data):
    return tuple(torch.cat(part) for part in zip(*data))


class Reference:
    """The matrices by torch.autograd.functional and loops over samples and labels."""

    def __init__(self, model, loss, data, weight_decay):
        self.model, self.loss, self.decay = model, loss, weight_decay
        self.X, self.y = whole(data)
        self.theta = torch.cat([p.detach().reshape(-1) for p in model.parameters() if p.requires_grad])

    def outputs(self, theta):
        own = {n: p for n, p in self.model.named_parameters() if p.requires_grad}
        pieces = theta.split([p.numel() for p in own.values()])
        parts = {n: piece.reshape(p.shape) for (n, p), piece in zip(own.items(), pieces)}
        return functional_call(self.model, parts, (self.X,))

    def value(self, theta):
        return self.loss(self.outputs(theta), self.y) + self.decay / 2 * theta @ theta

    def matrix(self, kind):
        with torch.nn.attention.sdpa_kernel(torch.nn.attention.SDPBackend.MATH):
            return self._matrix(kind) + (0 if kind == "hessian" else self.decay * torch.eye(len(self.theta)))

    def _matrix(self, kind):
        if kind == "hessian":
            return torch.autograd.functional.hessian(self.value, self.theta)
        J = torch.autograd.functional.jacobian(self.outputs, self.theta)
        z = self.outputs(self.theta).detach()
        total = 0
        for n in range(N):
            one = lambda z: self.loss(z[None], self.y[n : n + 1])
            if kind == "gaussNewton":
                middle = torch.autograd.functional.hessian(one, z[n])
            elif kind == "empiricalFisher":
                g = torch.autograd.functional.jacobian(one, z[n])
                middle = torch.outer(g, g)
            elif isinstance(self.loss, nn.CrossEntropyLoss):
                p = torch.softmax(z[n], 0)
                middle = sum(p[k] * torch.outer(p - e, p - e) for k, e in enumerate(torch.eye(CLASSES)))
            else:
                middle = torch.eye(CLASSES)
            total = total + J[n].T @ middle @ J[n] / N
        return total


WAYS = {
    "vmapped": lambda: ForwardOverReverse(True), "one by one": lambda: ForwardOverReverse(False),
    "two passes": DoubleBackward,
}


@pytest.fixture(autouse=True)
def double():
    torch.set_default_dtype(torch.float64)
    yield
    torch.set_default_dtype(torch.float32)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("loss", [nn.CrossEntropyLoss(), HalfSquaredError()], ids=["entropy", "squares"])
@pytest.mark.parametrize("name", ["dense", "convolution", "relu", "attention"])
def test_products_are_those_of_the_matrices(name, loss, way):
    model, data = model_of(name), data_of(loss)
    objective = saddle.torch_objective(model, loss, data, weight_decay=0.03, chunk=7)
    objective._ways = Ways([WAYS[way]()])
    reference = Reference(model, loss, data, 0.03)
    theta, P = objective.point(), objective.parameters
    close(theta, reference.theta, 0)
    assert objective.kinds == ["hessian", "gaussNewton", "fisher", "empiricalFisher"]
    assert objective.smooth == (name != "relu")
    for kind in objective.kinds:
        close(objective.product(theta, np.eye(P), kind), reference.matrix(kind), 1e-10)


@pytest.mark.parametrize("name", ["dense", "attention"])
def test_value_and_gradient(name):
    loss = nn.CrossEntropyLoss()
    model, data = model_of(name), data_of(loss)
    objective = saddle.torch_objective(model, loss, data, weight_decay=0.03)
    reference = Reference(model, loss, data, 0.03)
    at = reference.theta + 0.1
    value, gradient = objective.gradient(at.numpy())
    assert abs(value - reference.value(at)) < 1e-14 * abs(value)
    assert abs(objective.value(at.numpy()) - value) < 1e-14 * abs(value)
    close(gradient, torch.autograd.functional.jacobian(reference.value, at), 1e-12)
    terms = [objective.sample(at.numpy(), i) for i in range(N)]
    close(np.mean([g for _, g in terms], 0) + 0.03 * at.numpy(), gradient, 1e-12)
    assert abs(np.mean([v for v, _ in terms]) + 0.015 * float(at @ at) - value) < 1e-13


@pytest.mark.parametrize("sizes", [(11,), (10, 1), (1,) * 11, (4, 4, 3)])
def test_batches_of_any_size_are_the_whole(sizes):
    loss = nn.CrossEntropyLoss()
    model = model_of("convolution")
    one = saddle.torch_objective(model, loss, whole(data_of(loss)))
    cut = saddle.torch_objective(model, loss, data_of(loss, sizes))
    theta, V = one.point(), np.random.default_rng(0).standard_normal((3, one.parameters))
    assert cut.samples == one.samples == N
    assert abs(cut.value(theta) - one.value(theta)) < 1e-14
    close(cut.gradient(theta)[1], one.gradient(theta)[1], 1e-12)
    for kind in one.kinds:
        close(cut.product(theta, V, kind), one.product(theta, V, kind), 1e-12)


def test_a_loss_that_sums_gives_the_mean_and_says_so():
    model, data = model_of("dense"), data_of(nn.CrossEntropyLoss())
    mean = saddle.torch_objective(model, nn.CrossEntropyLoss(), data)
    summed = saddle.torch_objective(model, nn.CrossEntropyLoss(reduction="sum"), data)
    assert any("sums" in r for r in summed.remarks) and not mean.remarks
    theta, V = mean.point(), np.ones((1, mean.parameters))
    assert abs(mean.value(theta) - summed.value(theta)) < 1e-14
    for kind in ("hessian", "gaussNewton", "fisher", "empiricalFisher"):
        close(summed.product(theta, V, kind), mean.product(theta, V, kind), 1e-12)
    with pytest.raises(ValueError, match="none"):
        saddle.torch_objective(model, nn.CrossEntropyLoss(reduction="none"), data)


class NoForward(torch.autograd.Function):
    """A square, with a backward that can be differentiated and no rule for forward mode."""

    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x * x

    @staticmethod
    def backward(ctx, g):
        (x,) = ctx.saved_tensors
        return 2 * x * g


class Squares(nn.Module):
    def forward(self, x):
        return NoForward.apply(x)


def test_what_has_no_rule_for_forward_mode_goes_backward_twice():
    loss = nn.CrossEntropyLoss()
    torch.manual_seed(0)
    model = nn.Sequential(nn.Linear(12, 3), Squares(), nn.Linear(3, CLASSES))
    data = data_of(loss)
    objective = saddle.torch_objective(model, loss, data)
    reference = Reference(model, loss, data, 0.0)
    for kind in ("hessian", "gaussNewton", "fisher"):
        close(objective.product(objective.point(), np.eye(objective.parameters), kind),
              reference.matrix(kind), 1e-10)
    assert {way.name for way in objective._ways.taken.values()} == {"two passes backward"}
    assert (("hessian", True) in objective._ways.taken) and len(objective._ways.taken) == 3
    with pytest.raises(RuntimeError, match="forward over reverse"):
        saddle.torch_objective(model, loss, data, products="forward").product(
            objective.point(), np.eye(objective.parameters), "hessian")


class Way:
    """Takes its time, and says that it was asked."""

    batched = False

    def __init__(self, name, seconds, fails=0):
        self.name, self.seconds, self.fails, self.asked = name, seconds, fails, 0

    def product(self):
        self.asked += 1
        if self.asked == self.fails:
            raise NotImplementedError(self.name)
        time.sleep(self.seconds)
        return {"a": torch.full((1, 2), self.seconds)}


def test_the_fastest_way_is_taken_and_kept():
    slow, fast = Way("slow", 0.02), Way("fast", 0.002)
    ways = Ways([slow, fast])
    for _ in range(5):
        assert ways.product("hessian", 1, Way.product)["a"][0, 0] == fast.seconds
    assert (slow.asked, fast.asked) == (2, 7)
    ways.product("hessian", 3, Way.product)  # several vectors are tried by themselves
    ways.product("fisher", 1, Way.product)
    assert slow.asked == 6 and set(ways.taken) == {
        ("hessian", False), ("hessian", True), ("fisher", False)}


def test_a_way_that_fails_gives_room_to_the_others():
    first, second = Way("first", 0.001, fails=1), Way("second", 0.01)
    ways = Ways([first, second])
    assert ways.product("hessian", 1, Way.product)["a"][0, 0] == second.seconds
    fails_later, other = Way("later", 0.001, fails=5), Way("other", 0.01)
    ways = Ways([fails_later, other])
    for _ in range(3):
        assert ways.product("hessian", 1, Way.product) is not None
    assert ways.taken[("hessian", False)] is fails_later  # it was tried again with the others
    with pytest.raises(RuntimeError, match="no product by only"):
        Ways([Way("only", 0, fails=1)]).product("hessian", 1, Way.product)


@pytest.mark.parametrize("products", ["forward", "backward"])
def test_what_is_kept_of_one_batch_is_that_theta_s(products):
    loss = nn.CrossEntropyLoss()
    model, data = model_of("dense"), whole(data_of(loss))
    kept = saddle.torch_objective(model, loss, data, products=products)
    assert kept._linearized.lasts and not saddle.torch_objective(
        model, loss, torch.utils.data.DataLoader(
            torch.utils.data.TensorDataset(*data), batch_size=N))._linearized.lasts
    theta, V = kept.point(), np.random.default_rng(1).standard_normal((3, kept.parameters))
    for kind in kept.kinds:
        for at in (theta, theta + 0.2, theta):
            place = at.copy()
            first = [kept.product(place, V, kind), kept.product(place, V[:1], kind)]
            place += 1.0  # whoever owns θ may change it: what is kept is of another
            moved = kept.product(place, V, kind)
            kept.value(place)
            assert kept._linearized._product is None  # no graph stands beside another evaluation
            fresh = saddle.torch_objective(model, loss, data, products=products)
            close(first[0], fresh.product(at, V, kind), 1e-13)
            close(first[1], first[0][:1], 1e-13)
            close(moved, fresh.product(at + 1.0, V, kind), 1e-13)


def test_ways_are_asked_for_by_name():
    loss = nn.CrossEntropyLoss()
    model, data = model_of("dense"), data_of(loss)
    for name in ("forward", "backward"):
        objective = saddle.torch_objective(model, loss, data, products=name)
        objective.product(objective.point(), np.ones((1, objective.parameters)), "hessian")
        assert name in objective._ways.taken[("hessian", False)].name
    with pytest.raises(ValueError, match="there are forward, backward"):
        saddle.torch_objective(model, loss, data, products="reverse")


def test_an_error_of_the_model_is_not_taken_for_a_missing_rule():
    class Fails(nn.Module):
        broken = False

        def forward(self, x):
            if self.broken:
                raise RuntimeError("out of order")
            return x

    model = nn.Sequential(nn.Linear(12, CLASSES), Fails())
    objective = saddle.torch_objective(model, nn.CrossEntropyLoss(), data_of(nn.CrossEntropyLoss()))
    V = np.ones((1, objective.parameters))
    model[1].broken = True
    with pytest.raises(RuntimeError, match="out of order"):
        objective.product(objective.point(), V, "hessian")
    assert not objective._ways.taken
    model[1].broken = False
    assert np.isfinite(objective.product(objective.point(), V, "hessian")).all()


def test_a_module_that_is_not_functional_has_its_parameters_written():
    class Stubborn(nn.Module):
        """Keeps its parameters' storage by itself, so that no others can stand in for them."""

        def __init__(self):
            super().__init__()
            self.inner = nn.Linear(12, CLASSES)
            object.__setattr__(self, "kept", [self.inner.weight, self.inner.bias])

        def forward(self, x):
            if self.inner.weight is not self.kept[0]:
                raise RuntimeError("other parameters")
            return torch.tanh(x @ self.kept[0].T + self.kept[1])

    loss, data = nn.CrossEntropyLoss(), data_of(nn.CrossEntropyLoss())
    model = Stubborn()
    objective = saddle.torch_objective(model, loss, data)
    assert not objective.module.is_functional
    plain = nn.Sequential(nn.Linear(12, CLASSES), nn.Tanh())
    plain[0].load_state_dict(model.inner.state_dict())
    other = saddle.torch_objective(plain, loss, data)
    start = objective.point()
    theta = start + 0.1
    assert abs(objective.value(theta) - other.value(theta)) < 1e-14
    close(objective.gradient(theta)[1], other.gradient(theta)[1], 1e-12)
    for kind in objective.kinds:
        V = np.eye(objective.parameters)
        close(objective.product(theta, V, kind), other.product(theta, V, kind), 1e-10)
    close(np.concatenate([p.detach().numpy().ravel() for p in model.parameters()]), start, 0)


class Scaled(nn.Module):
    """A parameter without dimensions, as CLIP's logit_scale is, and one without elements."""

    def __init__(self):
        super().__init__()
        self.body = nn.Linear(12, CLASSES)
        self.scale, self.none = nn.Parameter(torch.tensor(1.3)), nn.Parameter(torch.zeros(0, 4))

    def forward(self, x):
        return self.scale.exp() * torch.tanh(self.body(x))


@pytest.mark.parametrize("products", ["forward", "backward"])
def test_parameters_without_dimensions(products):
    torch.manual_seed(2)
    model, loss = Scaled().double(), nn.CrossEntropyLoss()
    data = data_of(loss)
    objective = saddle.torch_objective(model, loss, data, products=products)
    assert dict(objective.blocks)["scale"] == ()
    reference = Reference(model, loss, data, 0.0)
    theta, H = objective.point(), reference.matrix("hessian").numpy()
    value, gradient = objective.gradient(theta)
    exact = torch.autograd.functional.jacobian(reference.value, reference.theta)
    assert abs(value - float(reference.value(reference.theta))) < 1e-14
    close(gradient, exact, 1e-12)
    V = np.random.default_rng(1).standard_normal((3, len(theta)))
    close(objective.product(theta, V, "hessian"), V @ H, 1e-12)
    for v in V:
        close(objective.product(theta, v[None], "hessian")[0], H @ v, 1e-12)
    close(np.mean([objective.sample(theta, i)[1] for i in range(N)], 0), exact, 1e-12)
