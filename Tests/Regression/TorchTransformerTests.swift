import Foundation
import Saddle
import Support
import Testing

/// A transformer has the Hessian that `torch.func.hessian` takes of PyTorch's own modules.
@Suite struct TorchTransformerTests {
  /// Modules of PyTorch under Saddle's names; the strict loading of parameters holds names and shapes
  /// together.
  private static let program = """
    import numpy, sys, torch
    from torch import nn
    from torch.func import functional_call, hessian

    folder = sys.argv[1]
    torch.set_default_dtype(torch.float64)

    class Offset(nn.Module):
        def __init__(self, *shape):
            super().__init__()
            self.bias = nn.Parameter(torch.zeros(shape))
        def forward(self, x):
            return x + self.bias.reshape(x.shape[1:])

    # Spelled out: forward mode over the gradient of torch's fused one (2.15) gives a Hessian that is
    # not even symmetric, where reverse mode and differences agree with what is written here.
    class Norm(nn.LayerNorm):
        def forward(self, x):
            x = x.movedim(1, -1)
            deviation = x - x.mean(-1, keepdim=True)
            variance = (deviation * deviation).mean(-1, keepdim=True)
            y = deviation / (variance + self.eps).sqrt() * self.weight + self.bias
            return y.movedim(-1, 1)

    class Attention(nn.MultiheadAttention):
        def forward(self, x):
            t = x.flatten(2).transpose(1, 2)
            return super().forward(t, t, t, need_weights=True)[0].transpose(1, 2).reshape(x.shape)

    class Residual(nn.Module):
        def __init__(self, *body):
            super().__init__()
            self.body = nn.Sequential(*body)
        def forward(self, x):
            return x + self.body(x)

    rows, columns, width, heads, classes = 6, 5, 4, 2, 3
    def block():
        return [
            Residual(Norm(width), Attention(width, heads, batch_first=True)),
            Residual(Norm(width), nn.Conv2d(width, 2 * width, 1), nn.GELU(),
                     nn.Conv2d(2 * width, width, 1))]
    net = nn.Sequential(
        nn.Conv2d(1, width, (1, columns)), Offset(width, rows), *block(), *block(), Norm(width),
        nn.AvgPool2d((rows, 1), 1), nn.Flatten(), nn.Linear(width, classes))
    net.load_state_dict(
        {k: torch.from_numpy(v) for k, v in numpy.load(folder + "/parameters.npz").items()})
    net.eval()
    x = torch.from_numpy(numpy.load(folder + "/inputs.npy")).reshape(-1, 1, rows, columns)
    y = torch.from_numpy(numpy.load(folder + "/labels.npy"))
    shapes = [(k, p.shape) for k, p in net.named_parameters()]
    flat = torch.cat([p.detach().flatten() for p in net.parameters()])

    def loss(flat):
        parameters, at = {}, 0
        for name, shape in shapes:
            parameters[name] = flat[at:at + shape.numel()].reshape(shape)
            at += shape.numel()
        z = functional_call(net, parameters, (x,))
        return nn.functional.cross_entropy(z, y, label_smoothing=0.1)

    numpy.save(folder + "/hessian.npy", hessian(loss)(flat).numpy())
    numpy.save(folder + "/loss.npy", loss(flat).reshape(1).numpy())
    """

  @Test(.tags(.oracle), .requiresTorch)
  func `attention, normalization, GELU, shortcuts and smoothed labels are torch's`() throws {
    let python = try #require(PeerPython.torch)
    let network = try Network.transformer(
      rowsOf: Shape(channels: 1, height: 6, width: 5), width: 4, heads: 2, classes: 3)
    var generator = RandomStream(seed: 8)
    let start: [Double] = network.initialParameters(using: &generator)
    let θ = start.map { $0 + 0.2 * generator.normal() }
    let inputs = Matrix<Double>(
      rows: 9, columns: 30, elements: (0..<270).map { _ in generator.normal() })
    let labels = (0..<9).map { Int64($0 % 3) }
    let objective = try NetworkObjective(
      network: network, loss: .softmaxCrossEntropy, inputs: inputs,
      targets: Targets<Double>.classes(labels.map { Int32($0) }).smoothed(by: 0.1, classes: 3))
    try withTemporaryFolder { folder in
      func write(_ tensor: NamedTensor, _ name: String) throws {
        try TensorArchive(file: name, tensors: [tensor]).write(to: "\(folder.path)/\(name)")
      }
      try TensorArchive(file: "parameters", parameters: θ, blocks: network.parameterBlocks)
        .write(to: folder.path + "/parameters.npz")
      try write(NamedTensor("x", [9, 30], inputs.elements), "inputs.npy")
      try write(NamedTensor("y", [9], labels), "labels.npy")
      #expect(try PeerPython.run(python, ["-c", Self.program, folder.path]) == 0)
      func read(_ name: String) throws -> [Double] {
        let archive = try TensorArchive(readingFrom: "\(folder.path)/\(name)")
        return try #require(archive.tensors.first?.values.floating(as: Double.self))
      }
      let tolerance = Tolerance(absolute: 1e-13, relative: 1e-11, why: "sums in another order")
      expectClose(objective.value(at: θ), try #require(read("loss.npy").first), within: tolerance)
      expectClose(objective.hessian(at: θ).elements, try read("hessian.npy"), within: tolerance)
    }
  }
}
