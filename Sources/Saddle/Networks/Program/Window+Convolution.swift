import CVector

// Tensors are feature-major, x of `input` and y of `outputs` channels of `output`'s positions; weights
// are outputs × channels × rows × columns, where the outputs may be those of several kernels, one below
// the other.
//
// Accuracy: as BLAS's products, a sum of k terms within γₖ·Σ|wᵢxᵢ| (Higham 2002, §3.1).

extension Window {
  /// y ← W·windows(x) + β·y.
  package func convolve<T: Scalar>(
    _ w: Span<T>, _ x: Span<T>, samples n: Int, adding beta: T, into y: inout MutableSpan<T>
  ) {
    let outputs = outputs(w.count)
    precondition(holdsInputs(x.count, n) && holdsOutputs(y.count, outputs, n))
    apply(saddle_convolve_float, saddle_convolve_double, outputs, n, w, x, beta, &y)
  }

  /// x ← windowsᵀ(Wᵀ·y) + β·x: what a window saw gets its part back.
  package func convolveBack<T: Scalar>(
    _ w: Span<T>, _ y: Span<T>, samples n: Int, adding beta: T, into x: inout MutableSpan<T>
  ) {
    let outputs = outputs(w.count)
    precondition(holdsInputs(x.count, n) && holdsOutputs(y.count, outputs, n))
    apply(saddle_convolve_back_float, saddle_convolve_back_double, outputs, n, w, y, beta, &x)
  }

  /// G ← y·windows(x)ᵀ + β·G.
  package func convolveSums<T: Scalar>(
    _ y: Span<T>, _ x: Span<T>, samples n: Int, adding beta: T, into g: inout MutableSpan<T>
  ) {
    let outputs = outputs(g.count)
    precondition(holdsInputs(x.count, n) && holdsOutputs(y.count, outputs, n))
    apply(saddle_convolve_sums_float, saddle_convolve_sums_double, outputs, n, y, x, beta, &g)
  }

  private func outputs(_ weights: Int) -> Int {
    let fanIn = input.channels * size.count
    precondition(weights % fanIn == 0, "\(weights) weights of windows of \(fanIn)")
    return weights / fanIn
  }

  private func holdsInputs(_ count: Int, _ n: Int) -> Bool { count >= input.count * n }

  private func holdsOutputs(_ count: Int, _ outputs: Int, _ n: Int) -> Bool {
    count >= outputs * output.positions * n
  }

  /// The geometry as C has it.
  func windows(samples n: Int) -> saddle_windows {
    saddle_windows(
      samples: n, channels: input.channels, height: input.height, width: input.width,
      rows: output.height, columns: output.width, size_y: size.height, size_x: size.width,
      stride_y: stride.height, stride_x: stride.width, padding_y: padding.height,
      padding_x: padding.width)
  }

  package typealias ConvolutionLoop<T> = (
    saddle_windows, Int, UnsafePointer<T>?, UnsafePointer<T>?, T, UnsafeMutablePointer<T>?
  ) -> Void

  /// The loop for the precision.
  package func apply<T: Scalar>(
    _ float: ConvolutionLoop<Float>, _ double: ConvolutionLoop<Double>, _ outputs: Int, _ n: Int,
    _ a: Span<T>, _ b: Span<T>, _ beta: T, _ c: inout MutableSpan<T>
  ) {
    let windows = windows(samples: n)
    func run<Number>(
      _ loop: ConvolutionLoop<Number>, _ beta: Number, _ a: UnsafeRawBufferPointer,
      _ b: UnsafeRawBufferPointer, _ c: UnsafeMutableRawBufferPointer
    ) {
      loop(
        windows, outputs, a.assumingMemoryBound(to: Number.self).baseAddress,
        b.assumingMemoryBound(to: Number.self).baseAddress, beta,
        c.assumingMemoryBound(to: Number.self).baseAddress)
    }
    a.withUnsafeBytes { a in
      b.withUnsafeBytes { b in
        c.withUnsafeMutableBytes { c in
          if T.self == Float.self {
            run(float, Float(beta), a, b, c)
          } else {
            run(double, Double(beta), a, b, c)
          }
        }
      }
    }
  }
}
