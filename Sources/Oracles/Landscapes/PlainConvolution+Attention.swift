extension Planes {
  /// The numbers of each set less their mean over their deviation, times γ plus β by channels.
  func standardized(
    _ sets: [[Int]], _ epsilon: Double, _ rest: inout ArraySlice<Jet<Double>>
  ) -> Planes {
    let scales = Array(rest.prefix(channels))
    let shifts = Array(rest.dropFirst(channels).prefix(channels))
    rest = rest.dropFirst(2 * channels)
    var result = self
    for set in sets {
      let share = 1 / Double(set.count)
      let mean = set.reduce(Jet(0)) { $0 + elements[$1] } * share
      let variance =
        set.reduce(Jet(0)) { sum, i in
          let deviation = elements[i] - mean
          return sum + deviation * deviation
        } * share
      let inverse = (variance + epsilon).root.reciprocal
      for i in set {
        let c = i / (height * width)
        result.elements[i] = scales[c] * (elements[i] - mean) * inverse + shifts[c]
      }
    }
    return result
  }

  /// Self-attention of all positions.
  func attended(_ heads: Int, _ rest: inout ArraySlice<Jet<Double>>) -> Planes {
    let plane = height * width
    let joined = mixed(3 * channels, &rest)
    var attended = self
    let part = channels / heads
    for head in 0..<heads {
      for i in 0..<plane {
        func element(_ kind: Int, _ c: Int, _ position: Int) -> Jet<Double> {
          joined[((kind * channels) + head * part + c) * plane + position]
        }
        let scores = (0..<plane).map { j in
          (0..<part).reduce(Jet(0)) { $0 + element(0, $1, i) * element(1, $1, j) }
            * (1 / Double(part).squareRoot())
        }
        let largest = scores.map(\.value).max() ?? 0
        let weights = scores.map { ($0 + -largest).exponential }
        let inverse = weights.reduce(Jet(0), +).reciprocal
        for c in 0..<part {
          let sum = (0..<plane).reduce(Jet(0)) { $0 + weights[$1] * element(2, c, $1) }
          attended.elements[(head * part + c) * plane + i] = sum * inverse
        }
      }
    }
    var result = self
    result.elements = attended.mixed(channels, &rest)
    return result
  }

  /// W·x + b of the channels at every position, plane by plane.
  private func mixed(_ outputs: Int, _ rest: inout ArraySlice<Jet<Double>>) -> [Jet<Double>] {
    let plane = height * width
    let weights = Array(rest.prefix(outputs * channels))
    let biases = Array(rest.dropFirst(weights.count).prefix(outputs))
    rest = rest.dropFirst(weights.count + outputs)
    var result: [Jet<Double>] = []
    for o in 0..<outputs {
      for p in 0..<plane {
        result.append(
          (0..<channels).reduce(biases[o]) {
            $0 + weights[o * channels + $1] * elements[$1 * plane + p]
          })
      }
    }
    return result
  }
}
