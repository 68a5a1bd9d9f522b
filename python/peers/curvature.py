#!/usr/bin/env python3
"""Libraries' curvature products, for Saddle to test. Arguments: the library, and float64 or float32:

    saddle validate curvature --command 'python3 python/peers/curvature.py curvlinops'

saddle: this project's own products by torch.func; saddle-double-backward: the same by autograd alone.
curvlinops, backpack, pyhessian, hessian-eigenthings: the libraries of these names.

The products are the libraries'; weight decay, and the factor from a library's squared error to
½‖output − target‖², mean over samples, are put in here. Of the approximations `diagonal` is that of
the Gauss–Newton matrix, and `kfac` and `ekfac` are for it too: of all labels, none sampled.
"""
import copy
import sys

import numpy as np
import torch
from torch import nn

import saddle_client as saddle
from saddle_client.objective import Objective
from saddle_client.errors import Unsupported
from saddle_client.torch_guard import undisturbed
from saddle_client.torch_network import batches_of, load, loss_of, network


class Peer(Objective):
    """A problem of which a library multiplies by the matrices."""

    kinds = ()

    def __init__(self, problem, dtype):
        self.problem, self.dtype = problem, dtype
        self.torch_dtype = getattr(torch, dtype)
        self.model, shape, (self.outputs, *_) = network(problem.network)
        self.start = problem.parameters
        self.loss = loss_of(problem)
        self.load(self.start)
        self.data = batches_of(problem, shape, self.outputs, self.torch_dtype)
        self.samples = len(problem.inputs)
        self.parameters = len(problem.parameters)
        self.squares = problem.loss == "meanSquaredError"

    def load(self, theta):
        load(self.model, theta, self.torch_dtype)

    @property
    def plist(self):
        return [p for p in self.model.parameters() if p.requires_grad]

    def point(self):
        return self.start

    def product(self, theta, vectors, kind):
        self.load(theta)
        self.model.zero_grad()
        try:
            with undisturbed(self.model):
                rows = self.multiply(torch.from_numpy(np.array(vectors)).to(self.torch_dtype), kind)
        except NotImplementedError as error:
            raise Unsupported(str(error)) from error
        rows = [row.detach().double().numpy() for row in rows]
        return np.stack(rows) + self.problem.weight_decay * vectors

    def parts(self, row):
        """A flat vector as tensors of the parameters' shapes."""
        pieces = row.split([p.numel() for p in self.plist])
        return [piece.reshape(p.shape) for piece, p in zip(pieces, self.plist)]

    def torch_loss(self):
        """torch's own loss, which libraries know by its class."""
        return nn.MSELoss() if self.squares else nn.CrossEntropyLoss()

    @property
    def factor(self):
        """From torch's mean of squares over all outputs to half a sample's sum of squares."""
        return self.outputs / 2 if self.squares else 1.0


def flat(parts):
    return torch.cat([part.reshape(-1) for part in parts])


class Curvlinops(Peer):
    kinds = ("hessian", "gaussNewton", "empiricalFisher", "kfac", "ekfac")

    def multiply(self, V, kind):
        import curvlinops
        name, factor, options = {
            "hessian": ("HessianLinearOperator", self.factor, {}),
            "gaussNewton": ("GGNLinearOperator", self.factor, {}),
            "empiricalFisher": ("EFLinearOperator", self.outputs / 4 if self.squares else 1.0, {}),
            "kfac": ("KFACLinearOperator", self.factor, {"fisher_type": "type-2"}),
            "ekfac": ("EKFACLinearOperator", self.factor, {"fisher_type": "type-2"}),
        }[kind]
        loss = self.torch_loss()
        if self.problem.labels is None and not self.squares and kind != "hessian":
            raise Unsupported("targets that are probabilities")
        operator = getattr(curvlinops, name)(self.model, loss, self.plist, self.data, **options)
        return (factor * (operator @ V.T)).T


class BackPACK(Peer):
    """hessianfree's products with whole matrices, and the diagonal by an extension."""

    kinds = ("hessian", "gaussNewton", "empiricalFisher", "diagonal")

    def multiply(self, V, kind):
        from backpack.hessianfree.ggnvp import ggn_vector_product_from_plist
        from backpack.hessianfree.hvp import hessian_vector_product
        if kind in ("diagonal", "empiricalFisher"):
            return self.extension(V, kind)
        total = torch.zeros_like(V)
        for X, y in self.data:
            outputs = self.model(X)
            loss = self.torch_loss()(outputs, y)
            for i, v in enumerate(V):
                if kind == "hessian":
                    found = hessian_vector_product(loss, self.plist, self.parts(v))
                else:
                    found = ggn_vector_product_from_plist(loss, outputs, self.plist, self.parts(v))
                total[i] += self.factor * len(X) / self.samples * flat(found)
        return total

    def extension(self, V, kind):
        import backpack
        from backpack import extensions
        if any(type(m).__module__.startswith("saddle_client") for m in self.model.modules()):
            raise Unsupported("BackPACK's extensions know torch's own layers alone")
        model, loss = backpack.extend(copy.deepcopy(self.model)), backpack.extend(self.torch_loss())
        total = torch.zeros_like(V)
        for X, y in self.data:
            model.zero_grad()
            with backpack.backpack(
                    extensions.DiagGGNExact() if kind == "diagonal" else extensions.BatchGrad()):
                loss(model(X), y).backward()
            plist = [p for p in model.parameters() if p.requires_grad]
            if kind == "diagonal":
                diagonal = flat([p.diag_ggn_exact for p in plist])
                total += self.factor * len(X) / self.samples * diagonal * V
            else:  # each sample's gradient, of the batch's mean
                G = torch.cat([p.grad_batch.reshape(len(X), -1) for p in plist], 1)
                G = G * len(X) * self.factor
                total += (V @ G.T) @ G / self.samples
        return total


class PyHessian(Peer):
    kinds = ("hessian",)

    def multiply(self, V, kind):
        from pyhessian import hessian
        scale = self.factor
        peer = hessian(self.model, self.torch_loss(), dataloader=self.data, cuda=False)
        return [scale * flat(peer.dataloader_hv_product(self.parts(v))[1]) for v in V]


class HessianEigenthings(Peer):
    kinds = ("hessian", "gaussNewton", "empiricalFisher")

    def multiply(self, V, kind):
        import hessian_eigenthings as eigenthings
        loss, model = self.torch_loss(), self.model
        if kind == "hessian":
            operator = eigenthings.HessianOperator(
                model, self.data, eigenthings.supervised_loss(loss))
            return [self.factor * operator.matvec(v) for v in V]
        if kind == "gaussNewton":
            operator = eigenthings.GGNOperator(
                model, self.data, eigenthings.supervised_forward,
                eigenthings.supervised_loss_of_output(loss))
            return [self.factor * operator.matvec(v) for v in V]
        operator = eigenthings.EmpiricalFisherOperator(
            model, self.data, eigenthings.supervised_per_sample_loss(loss))
        return [self.factor**2 * operator.matvec(v) for v in V]


def ours(problem, dtype, backward=False):
    model, shape, (outputs, *_) = network(problem.network)
    load(model, problem.parameters, getattr(torch, dtype))
    data = batches_of(problem, shape, outputs, getattr(torch, dtype))
    return saddle.torch_objective(
        model, loss_of(problem), data, weight_decay=problem.weight_decay,
        products="backward" if backward else "forward")


peers = {
    "curvlinops": Curvlinops, "backpack": BackPACK, "pyhessian": PyHessian,
    "hessian-eigenthings": HessianEigenthings, "saddle": ours,
    "saddle-double-backward": lambda problem, dtype: ours(problem, dtype, backward=True),
}

if __name__ == "__main__":
    name, dtype = (sys.argv[1:] + ["saddle", "float64"][len(sys.argv) - 1 :])[:2]
    make = peers[name]
    is_ours = name.startswith("saddle")
    kinds = ("hessian", "gaussNewton", "fisher", "empiricalFisher") if is_ours else make.kinds
    saddle.serve(saddle.Curvature(
        lambda problem: make(problem, dtype), kinds, name=f"{name} {dtype}", dtype=dtype,
        offers=["problem", "product"] + (["value", "gradient"] if is_ours else [])))
