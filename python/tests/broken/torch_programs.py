#!/usr/bin/env python3
"""Torch objectives that are not what they look like; the argument says which. `right` is right."""
import sys

import torch
from torch import nn

import saddle_client as saddle

kind = (sys.argv[1:] or ["right"])[0]
torch.manual_seed(3)
model = nn.Sequential(
    nn.Linear(4, 8), nn.Tanh(), nn.Dropout(0.5), nn.BatchNorm1d(8), nn.Linear(8, 3)).double()
X, y = torch.randn(20, 4, dtype=torch.float64), torch.randint(3, (20,))
model.train()(X)  # running statistics
loss, data = nn.CrossEntropyLoss(), [(X[:14], y[:14]), (X[14:], y[14:])]
model.eval()

if kind == "dropout":
    model.train()
elif kind == "batch-norm":
    model[3].train()
elif kind == "bfloat16":
    model.bfloat16()
    data = [(x.bfloat16(), t) for x, t in data]
elif kind == "shuffled":
    order = torch.utils.data.TensorDataset(X, y)
    data = torch.utils.data.DataLoader(order, batch_size=14, shuffle=True)
elif kind == "detached":  # a part of the graph is cut: products know nothing of it
    class Cut(nn.Module):
        def forward(self, z):
            return z + 0.5 * torch.tanh(z).detach()

    model[1] = Cut()
elif kind != "right":
    sys.exit(f"{kind}: no such fault")

saddle.serve(saddle.torch_objective(model, loss, data, name=kind))
