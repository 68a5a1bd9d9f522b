#!/usr/bin/env python3
"""Trains a small network in PyTorch and writes it for `saddle import`, with the eigenvalues that
torch.func.hessian gives, to hold Saddle's against. Arguments: a folder, then by choice activation,
loss and format: python3 Examples/export_from_torch.py OUT tanh softmaxCrossEntropy safetensors"""
import json, os, sys
import numpy
import torch
from torch import nn

defaults = ["", "tanh", "softmaxCrossEntropy", "safetensors"]
out, activation, loss_name, form = sys.argv[1:] + defaults[len(sys.argv) - 1 :]
phi = {"tanh": nn.Tanh, "relu": nn.ReLU, "sigmoid": nn.Sigmoid, "softplus": nn.Softplus}
phi |= {"gelu": nn.GELU, "identity": nn.Identity}

torch.manual_seed(1)
X = torch.randn(60, 6)
model = nn.Sequential(
    nn.Linear(6, 8), phi[activation](), nn.Linear(8, 5), phi[activation](), nn.Linear(5, 4))
if loss_name == "softmaxCrossEntropy":
    y, loss = (X[:, :4] + X[:, 2:]).argmax(1), nn.CrossEntropyLoss()
else:  # half the squared error, summed over outputs: outputs / 2 times nn.MSELoss
    y, loss = torch.sin(X[:, :4]), lambda z, y: ((z - y) ** 2).sum(1).mean() / 2

optimizer = torch.optim.Adam(model.parameters(), lr=0.02)
for _ in range(100):
    optimizer.zero_grad()
    loss(model(X), y).backward()
    optimizer.step()

# The recipe: the parameters, and the data that the spectrum is to be taken over.
os.makedirs(out, exist_ok=True)
if form == "safetensors":
    import safetensors.torch
    safetensors.torch.save_file(model.state_dict(), f"{out}/parameters.safetensors")
else:
    numpy.savez(f"{out}/parameters.npz", **{k: v.numpy() for k, v in model.state_dict().items()})
numpy.save(f"{out}/inputs.npy", X.numpy())
numpy.save(f"{out}/targets.npy", y.numpy())

# The same in double precision, where the parameters are what they were in single.
shapes = [p.shape for p in model.parameters()]
names = [name for name, _ in model.named_parameters()]
theta = torch.cat([p.detach().double().flatten() for p in model.parameters()])
X, y = X.double(), y if y.dtype == torch.int64 else y.double()


def value(theta):
    parts = theta.split([s.numel() for s in shapes])
    state = {name: part.view(s) for name, part, s in zip(names, parts, shapes)}
    return loss(torch.func.functional_call(model, state, (X,)), y)


hessian = torch.func.hessian(value)(theta)
report = {"torch": torch.__version__, "loss": value(theta).item()}
report["gradientNorm"] = torch.func.grad(value)(theta).norm().item()
report["eigenvalues"] = torch.linalg.eigvalsh((hessian + hessian.T) / 2).tolist()
with open(f"{out}/hessian.json", "w") as file:
    json.dump(report, file, indent=0)
