import Foundation
import Oracles
import Saddle

/// The core's laws as the oracles see them.
extension LawSubject {
  static func core(_ law: some SpectralLaw, as claim: Law) -> LawSubject {
    LawSubject(
      claim, density: law.density, cumulative: law.cumulative, survival: law.survival,
      quantile: law.quantile)
  }

  static func semicircle(center: Double = 0, radius: Double, as claim: Law? = nil) -> LawSubject {
    .core(
      SemicircleLaw(center: center, radius: radius),
      as: claim ?? .semicircle(center: center, radius: radius))
  }

  static func marchenkoPastur(
    ratio: Double, scale: Double = 1, shift: Double = 0, as claim: Law? = nil
  ) -> LawSubject {
    .core(
      MarchenkoPasturLaw(ratio: ratio, scale: scale, shift: shift),
      as: claim ?? .marchenkoPastur(ratio: ratio, scale: scale, shift: shift))
  }

  static func freeConvolution(
    variance: Double, ratio: Double, scale: Double = 1, shift: Double = 0, as claim: Law? = nil
  ) -> LawSubject {
    .core(
      FreeConvolutionLaw(
        semicircleVariance: variance,
        plus: MarchenkoPasturLaw(ratio: ratio, scale: scale, shift: shift)),
      as: claim ?? .freeConvolution(variance: variance, ratio: ratio, scale: scale, shift: shift))
  }

  /// - Parameter nodes: of the quadrature; nil for the law as it ships.
  static func tracyWidom(_ beta: Int, nodes: Int? = nil, as claim: Int? = nil) -> LawSubject {
    let index: TracyWidomLaw.Index = beta == 1 ? .orthogonal : .unitary
    let law = nodes.map { TracyWidomLaw(index, nodes: $0) } ?? TracyWidomLaw(index)
    guard nodes == nil, let memo = TracyWidomMemo.shipped[beta] else {
      return LawSubject(
        .tracyWidom(beta: claim ?? beta), density: law.density, cumulative: law.cumulative,
        survival: law.survival, quantile: law.quantile)
    }
    return LawSubject(
      .tracyWidom(beta: claim ?? beta),
      density: { x in try memo.value("density", x) { try law.density(x) } },
      cumulative: { x in try memo.value("cumulative", x) { try law.cumulative(x) } },
      survival: { x in try memo.value("survival", x) { try law.survival(x) } },
      quantile: { p in try memo.value("quantile", p) { try law.quantile(p) } })
  }

  static func spacings(_ law: SpacingLaw, as beta: Int? = nil) -> LawSubject {
    LawSubject(
      .spacings(beta: beta ?? law.beta), density: law.density, cumulative: law.cumulative,
      survival: law.survival)
  }

  static func ratios(_ law: SpacingLaw, as beta: Int? = nil) -> LawSubject {
    LawSubject(.spacingRatios(beta: beta ?? law.beta), density: law.ratioDensity)
  }

  static func kolmogorov(_ count: Int, as claim: Int? = nil) throws -> LawSubject {
    let law = try KolmogorovDistribution(count: count)
    return LawSubject(
      .kolmogorov(count: claim ?? count), cumulative: law.cumulative, survival: law.survival)
  }

  static func numberVariance(_ law: SpacingLaw, as beta: Int? = nil) -> LawSubject {
    .numberVariance(beta: beta ?? law.beta, law.numberVariance)
  }

  static let unfolding = LawSubject.unfolding { values in
    try LevelStatistics.unfolded(
      values, by: SemicircleLaw(radius: 2 * Double(values.count).squareRoot()))
  }
}

/// From a point and the right value there to the wrong one.
typealias LawChange = @Sendable (_ x: Double, _ right: Double) throws -> Double

extension LawSubject {
  /// With what it gives changed; what it does not give stays left out.
  func changed(
    density: LawChange? = nil, cumulative: LawChange? = nil, survival: LawChange? = nil,
    quantile: LawChange? = nil
  ) -> LawSubject {
    func with(_ change: LawChange?, _ right: Function?) -> Function? {
      guard let right else { return nil }
      return { x in
        let value = try right(x)
        return try change?(x, value) ?? value
      }
    }
    return LawSubject(
      law, density: with(density, self.density), cumulative: with(cumulative, self.cumulative),
      survival: with(survival, self.survival), quantile: with(quantile, self.quantile))
  }

  /// The law of c·X + d, c > 0, for what says that it is X's.
  func moved(by shift: Double = 0, scaledBy scale: Double = 1) -> LawSubject {
    func with(_ right: Function?, over factor: Double = 1) -> Function? {
      guard let right else { return nil }
      return { x in try right((x - shift) / scale) / factor }
    }
    var moved: Function?
    if let quantile { moved = { p in try quantile(p) * scale + shift } }
    return LawSubject(
      law, density: with(density, over: scale), cumulative: with(cumulative),
      survival: with(survival), quantile: moved)
  }
}

extension SpacingLaw {
  /// Dyson's index.
  var beta: Int {
    switch self {
    case .poisson: 0
    case .goe: 1
    case .gue: 2
    }
  }
}

/// What has been taken of Tracy and Widom's laws: every fault is tried at the same points, and each
/// costs an eigenvalue problem or several.
private final class TracyWidomMemo: @unchecked Sendable {
  static let shipped = [1: TracyWidomMemo(), 2: TracyWidomMemo()]

  private struct Place: Hashable {
    let part: String
    let x: Double
  }
  private let lock = NSLock()
  private var values: [Place: Double] = [:]

  func value(_ part: String, _ x: Double, _ take: () throws -> Double) rethrows -> Double {
    let place = Place(part: part, x: x)
    if let known = lock.withLock({ values[place] }) { return known }
    let value = try take()
    lock.withLock { values[place] = value }
    return value
  }
}
