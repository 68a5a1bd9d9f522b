#!/usr/bin/env python3
"""ResNet-18 on random images, as it is initialized, in evaluation mode; without torchvision a small
residual network takes its place. Arguments: the number of images and their side.
saddle spectrum --command 'python3 python/examples/resnet18.py 16 32'"""
import sys
import torch
from torch import nn
import saddle_client as saddle

torch.manual_seed(1)
count, side = (int(a) for a in (sys.argv[1:] + ["16", "32"][len(sys.argv) - 1 :])[:2])


class Block(nn.Module):
    def __init__(self, channels):
        super().__init__()
        part = lambda: [nn.Conv2d(channels, channels, 3, padding=1, bias=False), nn.BatchNorm2d(channels)]
        self.body = nn.Sequential(*part(), nn.ReLU(), *part())

    def forward(self, x):
        return torch.relu(x + self.body(x))


try:
    from torchvision.models import resnet18
    model, name = resnet18(num_classes=10), "resnet18"
except ImportError:
    print("torchvision is missing: a small residual network instead", file=sys.stderr)
    name = "small residual network"
    model = nn.Sequential(
        nn.Conv2d(3, 16, 3, padding=1, bias=False), nn.BatchNorm2d(16), nn.ReLU(), Block(16),
        nn.MaxPool2d(2), Block(16), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(16, 10))

X, y = torch.randn(count, 3, side, side), torch.randint(10, (count,))
with torch.no_grad():  # running statistics that are those of the images
    for _ in range(20):
        model.train()(X)
data = list(zip(X.split(8), y.split(8)))
saddle.serve(saddle.torch_objective(model.eval(), nn.CrossEntropyLoss(), data, chunk=2, name=name))
