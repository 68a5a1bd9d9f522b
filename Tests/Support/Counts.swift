import Saddle

/// Counts of nothing, for analyses whose counts a test does not read.
public let noCounts = ToleranceCount(
  tolerance: 1e-6, threshold: 0, order: 0, below: 0...0, notAbove: 0...0, errorBound: 0, doubt: 0)
