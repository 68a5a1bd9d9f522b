/// The rank of a deep linear network's Hessian and of its two parts, H = H_outer + H_functional, at
/// almost every θ (Singh, Bachmann and Hofmann 2021, "Analytic insights into structure and rank of
/// neural network Hessian maps", theorems 3 and 5 and their corollary).
///
/// Bias-free, mean squared error, L ≥ 2 weight matrices, r = rank Σ_xx, K outputs, M the sum of the
/// hidden widths, s = min(r, K) the rank of the error's correlation with the inputs, and
/// q = min(r, K, hidden widths), the bottleneck.
public struct LinearHessianRank: Sendable, Equatable {
  /// Of the Gauss–Newton part: q(r + K − q).
  public let outer: Int
  /// Of the part that the error curves: 2qM + 2qs − Lq².
  public let functional: Int
  /// Of H itself: outer + functional + q(q − 2s).
  public let total: Int

  public init(outer: Int, functional: Int, total: Int) {
    self.outer = outer
    self.functional = functional
    self.total = total
  }
}

extension DeepLinearNetwork {
  /// The closed form; the widths are d, the hidden ones and K.
  ///
  /// Of softmax cross-entropy give K − 1 for K: the same number added to all outputs changes nothing, so
  /// that the last layer is one output narrower but for directions in which the Hessian is zero.
  /// - Parameters:
  ///   - widths: L + 1 ≥ 3 positive numbers.
  ///   - r: the rank of the inputs' covariance, 1 to d.
  public static func hessianRank(widths: [Int], inputRank r: Int) -> LinearHessianRank {
    precondition(
      widths.count >= 3 && widths.allSatisfy { $0 > 0 } && (1...widths[0]).contains(r),
      "widths \(widths), input rank \(r)")
    let hidden = widths.dropFirst().dropLast()
    let (depth, k) = (widths.count - 1, widths[widths.count - 1])
    let s = min(r, k)
    let q = hidden.reduce(s, min)
    let outer = q * (r + k - q)
    let functional = 2 * q * hidden.reduce(0, +) + 2 * q * s - depth * q * q
    return LinearHessianRank(
      outer: outer, functional: functional, total: outer + functional + q * (q - 2 * s))
  }
}
