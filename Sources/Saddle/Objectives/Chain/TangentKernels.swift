// Element loops of tangent passes, where each sample has `perSample` tangents of `width` elements.

/// z ← z + b and a ← z·φ′, where b has one row for the tangents of every sample.
@specialized(where T == Float)
@specialized(where T == Double)
func activateTangents<T: Scalar>(
  _ tangents: inout MutableSpan<T>, adding biases: Span<T>, slopes: Span<T>, width: Int,
  perSample: Int, into active: inout MutableSpan<T>
) {
  precondition(tangents.count == slopes.count * perSample && active.count == tangents.count)
  precondition(biases.count == width * perSample && slopes.count % width == 0)
  var at = 0
  var sample = 0
  while sample < slopes.count {
    var bias = 0
    for _ in 0..<perSample {
      for k in 0..<width {
        let z = tangents[unchecked: at + k] + biases[unchecked: bias + k]
        tangents[unchecked: at + k] = z
        active[unchecked: at + k] = z * slopes[unchecked: sample + k]
      }
      at += width
      bias += width
    }
    sample += width
  }
}

/// `t ← t·f` where every sample has `perSample` tangents of `width` elements and one row of f.
@specialized(where T == Float)
@specialized(where T == Double)
func multiplyTangents<T: Scalar>(
  _ tangents: inout MutableSpan<T>, by factors: Span<T>, width: Int, perSample: Int
) {
  precondition(tangents.count == factors.count * perSample && factors.count % width == 0)
  var at = 0
  var sample = 0
  while sample < factors.count {
    for _ in 0..<perSample {
      for k in 0..<width { tangents[unchecked: at + k] *= factors[unchecked: sample + k] }
      at += width
    }
    sample += width
  }
}

/// `c ← c·φ′ + (e·φ″)·t`, with one row of φ′ and of e·φ″ per sample for its `perSample` tangents.
@specialized(where T == Float)
@specialized(where T == Double)
func bendTangents<T: Scalar>(
  _ carried: inout MutableSpan<T>, slopes: Span<T>, bends: Span<T>, tangents: Span<T>,
  width: Int, perSample: Int
) {
  precondition(carried.count == slopes.count * perSample && tangents.count == carried.count)
  precondition(bends.count == slopes.count && slopes.count % width == 0)
  var at = 0
  var sample = 0
  while sample < slopes.count {
    for _ in 0..<perSample {
      for k in 0..<width {
        carried[unchecked: at + k] =
          carried[unchecked: at + k] * slopes[unchecked: sample + k]
          + bends[unchecked: sample + k] * tangents[unchecked: at + k]
      }
      at += width
    }
    sample += width
  }
}
