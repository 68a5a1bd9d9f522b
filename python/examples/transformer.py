#!/usr/bin/env python3
"""A two-layer transformer that tells which token of a sequence is most frequent, trained for a while:
saddle spectrum --command 'python3 python/examples/transformer.py'"""
import torch
from torch import nn
import saddle_client as saddle

torch.manual_seed(1)
tokens, length, width, classes = 8, 12, 16, 8


class Classifier(nn.Module):
    def __init__(self):
        super().__init__()
        self.embed = nn.Embedding(tokens, width)
        self.place = nn.Parameter(0.1 * torch.randn(length, width))
        layer = nn.TransformerEncoderLayer(
            width, nhead=2, dim_feedforward=32, activation="gelu", batch_first=True, norm_first=True)
        self.encoder = nn.TransformerEncoder(layer, num_layers=2, enable_nested_tensor=False)
        self.head = nn.Linear(width, classes)

    def forward(self, x):
        return self.head(self.encoder(self.embed(x) + self.place).mean(1))


X = torch.randint(tokens, (256, length))
y = nn.functional.one_hot(X, tokens).sum(1).argmax(1)
model, loss = Classifier(), nn.CrossEntropyLoss()
optimizer = torch.optim.AdamW(model.parameters(), lr=3e-3)
for step in range(60):
    batch = torch.randint(256, (64,))
    optimizer.zero_grad()
    loss(model(X[batch]), y[batch]).backward()
    optimizer.step()

data = list(zip(X.split(100), y.split(100)))
saddle.serve(saddle.torch_objective(model.eval(), loss, data, name="two-layer transformer"))
