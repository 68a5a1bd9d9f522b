#!/usr/bin/env python3
"""A classifier of which only low-rank adapters are trainable (LoRA, Hu et al. 2021), a combination
that has flat directions wherever it is: (cA, B/c) is the same network for every c.
saddle spectrum --command 'python3 python/examples/lora.py'"""
import torch
from torch import nn
import saddle_client as saddle

torch.manual_seed(1)


class LoRA(nn.Module):
    """Wx + b + BAx, with W and b frozen."""

    def __init__(self, linear, rank):
        super().__init__()
        self.linear = linear.requires_grad_(False)
        self.A = nn.Parameter(torch.randn(rank, linear.in_features) / linear.in_features**0.5)
        self.B = nn.Parameter(torch.zeros(linear.out_features, rank))

    def forward(self, x):
        return self.linear(x) + x @ self.A.T @ self.B.T


model = nn.Sequential(nn.Linear(20, 32), nn.Tanh(), nn.Linear(32, 5)).requires_grad_(False)
model[0], model[2] = LoRA(model[0], 2), LoRA(model[2], 2)
X = torch.randn(300, 20)
y = (X[:, :5] + X[:, 5:10]).argmax(1)
loss = nn.CrossEntropyLoss()
adapters = [p for p in model.parameters() if p.requires_grad]
optimizer = torch.optim.Adam(adapters, lr=1e-2)
for _ in range(100):
    optimizer.zero_grad()
    loss(model(X), y).backward()
    optimizer.step()

saddle.serve(saddle.torch_objective(model.eval(), loss, (X, y), dtype=torch.float64, name="LoRA"))
