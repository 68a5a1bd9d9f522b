import Foundation
import Oracles
import Saddle

/// A law with one planted fault, or with none: the control.
struct LawMutant: Sendable {
  let law: String
  let fault: String?
  let subject: LawSubject
  var reasonForOne: String?

  init(_ law: String, _ fault: String?, _ subject: LawSubject, only reasonForOne: String? = nil) {
    self.law = law
    self.fault = fault
    self.subject = subject
    self.reasonForOne = reasonForOne
  }
}

private let semicircle = LawSubject.semicircle(radius: 2)
private let shifted = LawSubject.semicircle(center: -1.5, radius: 0.25)

let semicircleMutants: [LawMutant] = [
  LawMutant("semicircle", "deviation for radius", .semicircle(radius: 1, as: semicircle.law)),
  LawMutant("semicircle", "radius √2·2", .semicircle(radius: 8.0.squareRoot(), as: semicircle.law)),
  LawMutant(
    "semicircle", "centre of the other sign",
    .semicircle(center: 1.5, radius: 0.25, as: shifted.law)),
  LawMutant(
    "semicircle", "centre off by 1e-6 radii",
    .semicircle(center: 2e-6, radius: 2, as: semicircle.law)),
  LawMutant("semicircle", "π left out", semicircle.changed(density: { $1 * Double.pi })),
  LawMutant(
    "semicircle", "the arcsine law's density",
    semicircle.changed(density: { x, right in
      right > 0 ? 1 / (Double.pi * (4 - x * x).squareRoot()) : 0
    })),
  LawMutant(
    "semicircle", "NaN beyond the edges",
    semicircle.changed(density: { x, _ in (4 - x * x).squareRoot() / (2 * Double.pi) }),
    only: "beyond the edges alone is anything wrong"),
  LawMutant(
    "semicircle", "asin left out",
    semicircle.changed(cumulative: { x, right in
      x.magnitude < 2 ? 0.5 + x / 2 * (1 - x * x / 4).squareRoot() / Double.pi : right
    })),
  LawMutant(
    "semicircle", "½ left out",
    semicircle.changed(cumulative: { $1 - ($0.magnitude < 2 ? 0.5 : 0) })
  ),
  LawMutant(
    "semicircle", "all of the mass within 0.999 radii",
    semicircle.changed(
      density: { x, right in x.magnitude > 1.998 ? 0 : right },
      cumulative: { x, right in x > 1.998 ? 1 : x < -1.998 ? 0 : right })),
  LawMutant(
    "semicircle", "upper tail for lower",
    semicircle.changed(cumulative: { 1 - $1 }, survival: { 1 - $1 })),
  LawMutant("semicircle", "the other tail's quantile", semicircle.changed(quantile: { -$1 })),
  LawMutant(
    "semicircle", "the arcsine law's quantile",
    semicircle.changed(quantile: { p, _ in -2 * cos(Double.pi * p) })),
  LawMutant("semicircle", "quantile to 1e-6", semicircle.changed(quantile: { $1 + 1e-6 })),
]

private let half = LawSubject.marchenkoPastur(ratio: 0.5)
private let wide = LawSubject.marchenkoPastur(ratio: 4)

let marchenkoPasturMutants: [LawMutant] = [
  LawMutant("Marchenko–Pastur", "ratio turned round", .marchenkoPastur(ratio: 2, as: half.law)),
  LawMutant(
    "Marchenko–Pastur", "√ratio for ratio",
    .marchenkoPastur(ratio: 0.5.squareRoot(), as: half.law)),
  LawMutant(
    "Marchenko–Pastur", "over rows, not columns",
    .marchenkoPastur(ratio: 0.5, scale: 2, as: half.law)),
  LawMutant(
    "Marchenko–Pastur", "ratio left out", half.changed(density: { $1 * 0.5 })),
  LawMutant(
    "Marchenko–Pastur", "x left out", half.changed(density: { $1 * $0 })),
  LawMutant(
    "Marchenko–Pastur", "a semicircle on its support",
    .semicircle(center: 1.5, radius: 2.0.squareRoot(), as: half.law)),
  LawMutant(
    "Marchenko–Pastur", "the semicircle of its mean and variance",
    .semicircle(center: 1, radius: 2.0.squareRoot(), as: half.law)),
  LawMutant(
    "Marchenko–Pastur", "mirrored about its mean",
    .marchenkoPastur(ratio: 0.5, scale: -1, shift: 2, as: half.law)),
  LawMutant(
    "Marchenko–Pastur", "the atom left out",
    wide.changed(cumulative: { x, right in x < 1 ? 0 : right })),
  LawMutant(
    "Marchenko–Pastur", "the atom's mass in the density too", wide.changed(density: { 4 * $1 })),
  LawMutant(
    "Marchenko–Pastur", "the atom off its place",
    wide.changed(cumulative: { x, right in x >= 0 && x < 0.25 ? 0 : right })),
  LawMutant(
    "Marchenko–Pastur", "quantile without the atom",
    wide.changed(quantile: { p, _ in MarchenkoPasturLaw(ratio: 4).upperQuantile((1 - p) / 4) })),
  LawMutant(
    "Marchenko–Pastur", "shift forgotten",
    .marchenkoPastur(ratio: 0.3, scale: 2, as: .marchenkoPastur(ratio: 0.3, scale: 2, shift: 1))),
]

private let free = LawSubject.freeConvolution(variance: 0.3, ratio: 0.5)
private let parted = LawSubject.freeConvolution(variance: 0.01, ratio: 4)

let freeConvolutionMutants: [LawMutant] = [
  LawMutant(
    "free convolution", "deviation for variance",
    .freeConvolution(variance: 0.3.squareRoot(), ratio: 0.5, as: free.law)),
  LawMutant(
    "free convolution", "the third cumulant left out",
    .semicircle(center: 1, radius: 2 * 0.8.squareRoot(), as: free.law)),
  LawMutant(
    "free convolution", "the third cumulant of the other sign",
    .freeConvolution(variance: 0.3, ratio: 0.5, scale: -1, shift: 2, as: free.law)),
  LawMutant(
    "free convolution", "κₖ = ratioᵏ",
    .freeConvolution(variance: 0.3, ratio: 0.5, scale: 0.5, as: free.law)),
  LawMutant(
    "free convolution", "without the semicircle", .marchenkoPastur(ratio: 0.5, as: free.law)),
  LawMutant(
    "free convolution", "variances added to a Marchenko–Pastur law",
    .marchenkoPastur(ratio: 0.8, as: free.law)),
  LawMutant(
    "free convolution", "the gap closed by a line",
    parted.changed(cumulative: { x, right in
      // Between 0.4 and 0.8 there is nothing.
      x > 0.4 && x < 0.8 ? right + 0.02 * sin(Double.pi * (x - 0.4) / 0.4) : right
    })),
  LawMutant(
    "free convolution", "one part alone",
    parted.changed(density: { x, right in x < 0.6 ? 0 : 4 * right })),
]

private let controls: [LawMutant] =
  [
    semicircle, shifted, .marchenkoPastur(ratio: 0.01),
    .marchenkoPastur(ratio: 0.5, scale: 2, shift: -1), .marchenkoPastur(ratio: 0.99),
    .marchenkoPastur(ratio: 1), .marchenkoPastur(ratio: 4, scale: 0.5),
    .marchenkoPastur(ratio: 0.3, scale: -1, shift: 2), .marchenkoPastur(ratio: 30, scale: -0.1),
    half, wide, free, parted, .freeConvolution(variance: 1, ratio: 0.5),
    .freeConvolution(variance: 0.01, ratio: 0.8, scale: -2, shift: 3),
    .freeConvolution(variance: 0.3, ratio: 3), .freeConvolution(variance: 0.5, ratio: 1),
    .freeConvolution(variance: 1, ratio: 1e-4),
    .core(
      FreeConvolutionLaw(semicircleVariance: 0, plus: MarchenkoPasturLaw(ratio: 2)),
      as: .marchenkoPastur(ratio: 2)),
  ].map { LawMutant("\($0.law)", nil, $0) }

let spectralLawMutants =
  controls + semicircleMutants + marchenkoPasturMutants + freeConvolutionMutants
