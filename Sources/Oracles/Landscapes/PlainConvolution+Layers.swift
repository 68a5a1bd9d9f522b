/// The channels of one sample within a network, each a plane of rows.
struct Planes {
  let channels: Int
  let height: Int
  let width: Int
  var elements: [Jet<Double>]

  init(channels: Int, height: Int, width: Int) {
    self.channels = channels
    self.height = height
    self.width = width
    elements = [Jet](repeating: Jet(0), count: channels * height * width)
  }

  /// Beyond the edges, zero.
  subscript(c: Int, y: Int, x: Int) -> Jet<Double> {
    get {
      guard 0..<height ~= y, 0..<width ~= x else { return Jet(0) }
      return elements[(c * height + y) * width + x]
    }
    set { elements[(c * height + y) * width + x] = newValue }
  }

  /// What the layers make of these planes; each takes its parameters from the front of `rest`.
  func through(
    _ layers: [PlainLayer], _ rest: inout ArraySlice<Jet<Double>>, _ onKink: (Double) -> Void
  ) -> Planes {
    layers.reduce(self) { $0.through($1, &rest, onKink) }
  }

  private func through(
    _ layer: PlainLayer, _ rest: inout ArraySlice<Jet<Double>>, _ onKink: (Double) -> Void
  ) -> Planes {
    switch layer {
    case .dense(let outputs, let hasBias):
      return dense(outputs, hasBias, &rest)
    case .convolution(let channels, let kernel, let stride, let padding, let hasBias):
      return convolution(channels, kernel, stride, padding, hasBias, &rest)
    case .maxPool(let size, let stride):
      return pool(size, stride) { window in
        var largest = window[0]
        for element in window where element.value > largest.value { largest = element }
        let others = window.map(\.value).sorted().dropLast()
        if let second = others.last { onKink(largest.value - second) }
        return largest
      }
    case .averagePool(let size, let stride):
      return pool(size, stride) { window in
        window.reduce(Jet(0), +) * (1 / Double(window.count))
      }
    case .flatten:
      var flat = Planes(channels: elements.count, height: 1, width: 1)
      flat.elements = elements
      return flat
    case .activation(let activation):
      var result = self
      for i in elements.indices {
        if activation == .relu { onKink(elements[i].value.magnitude) }
        result.elements[i] = activation.applied(to: elements[i])
      }
      return result
    case .batchNorm(let epsilon, let mean, let variance):
      return normalized(epsilon, mean, variance, &rest)
    case .layerNorm(let epsilon):
      let plane = height * width
      let sets = (0..<plane).map { p in (0..<channels).map { $0 * plane + p } }
      return standardized(sets, epsilon, &rest)
    case .groupNorm(let groups, let epsilon):
      let size = elements.count / groups
      return standardized(
        (0..<groups).map { Array($0 * size..<($0 + 1) * size) }, epsilon, &rest)
    case .embedding(let tokens, let channels):
      let table = Array(rest.prefix(tokens * channels))
      rest = rest.dropFirst(table.count)
      var result = Planes(channels: channels, height: elements.count, width: 1)
      for (place, token) in elements.enumerated() {
        for c in 0..<channels { result[c, place, 0] = table[Int(token.value) * channels + c] }
      }
      return result
    case .offset:
      var result = self
      for (i, b) in rest.prefix(elements.count).enumerated() {
        result.elements[i] = elements[i] + b
      }
      rest = rest.dropFirst(elements.count)
      return result
    case .attention(let heads): return attended(heads, &rest)
    case .residual(let body, let shortcut):
      var sum = through(body, &rest, onKink)
      let other = through(shortcut, &rest, onKink)
      for i in sum.elements.indices { sum.elements[i] = sum.elements[i] + other.elements[i] }
      return sum
    }
  }

  private func dense(_ outputs: Int, _ hasBias: Bool, _ rest: inout ArraySlice<Jet<Double>>) -> Planes {
    let weights = Array(rest.prefix(outputs * elements.count))
    rest = rest.dropFirst(weights.count)
    let biases = hasBias ? Array(rest.prefix(outputs)) : []
    rest = rest.dropFirst(biases.count)
    var result = Planes(channels: outputs, height: 1, width: 1)
    for i in 0..<outputs {
      var sum = hasBias ? biases[i] : Jet(0)
      for j in elements.indices { sum = sum + weights[i * elements.count + j] * elements[j] }
      result[i, 0, 0] = sum
    }
    return result
  }

  private func convolution(
    _ outputs: Int, _ kernel: (Int, Int), _ stride: (Int, Int), _ padding: (Int, Int),
    _ hasBias: Bool, _ rest: inout ArraySlice<Jet<Double>>
  ) -> Planes {
    let weights = Array(rest.prefix(outputs * channels * kernel.0 * kernel.1))
    rest = rest.dropFirst(weights.count)
    let biases = hasBias ? Array(rest.prefix(outputs)) : []
    rest = rest.dropFirst(biases.count)
    var result = Planes(
      channels: outputs, height: (height + 2 * padding.0 - kernel.0) / stride.0 + 1,
      width: (width + 2 * padding.1 - kernel.1) / stride.1 + 1)
    for o in 0..<outputs {
      for y in 0..<result.height {
        for x in 0..<result.width {
          var sum = hasBias ? biases[o] : Jet(0)
          for c in 0..<channels {
            for i in 0..<kernel.0 {
              for j in 0..<kernel.1 {
                let weight = weights[((o * channels + c) * kernel.0 + i) * kernel.1 + j]
                sum =
                  sum + weight * self[c, y * stride.0 + i - padding.0, x * stride.1 + j - padding.1]
              }
            }
          }
          result[o, y, x] = sum
        }
      }
    }
    return result
  }

  private func pool(
    _ size: (Int, Int), _ stride: (Int, Int), _ combined: ([Jet<Double>]) -> Jet<Double>
  ) -> Planes {
    var result = Planes(
      channels: channels, height: (height - size.0) / stride.0 + 1,
      width: (width - size.1) / stride.1 + 1)
    for c in 0..<channels {
      for y in 0..<result.height {
        for x in 0..<result.width {
          var window = [Jet<Double>]()
          for i in 0..<size.0 {
            for j in 0..<size.1 { window.append(self[c, y * stride.0 + i, x * stride.1 + j]) }
          }
          result[c, y, x] = combined(window)
        }
      }
    }
    return result
  }

  private func normalized(
    _ epsilon: Double, _ mean: [Double], _ variance: [Double], _ rest: inout ArraySlice<Jet<Double>>
  ) -> Planes {
    let scales = Array(rest.prefix(channels))
    let shifts = Array(rest.dropFirst(channels).prefix(channels))
    rest = rest.dropFirst(2 * channels)
    var result = self
    for c in 0..<channels {
      let deviation = ((variance.isEmpty ? 1 : variance[c]) + epsilon).squareRoot()
      for y in 0..<height {
        for x in 0..<width {
          let standard = (self[c, y, x] + -(mean.isEmpty ? 0 : mean[c])) * (1 / deviation)
          result[c, y, x] = scales[c] * standard + shifts[c]
        }
      }
    }
    return result
  }
}
