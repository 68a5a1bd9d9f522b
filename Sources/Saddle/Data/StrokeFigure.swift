/// A figure of strokes: polylines in the unit square, x to the right and y down.
struct StrokeFigure: Sendable {
  struct Point: Sendable {
    var x: Double
    var y: Double
  }

  let strokes: [[Point]]

  init(_ strokes: [(Double, Double)]...) {
    self.strokes = strokes.map { stroke in stroke.map { Point(x: $0.0, y: $0.1) } }
  }

  /// The ways to write the digit `digit`.
  static func variants(of digit: Int) -> [StrokeFigure] {
    switch digit {
    case 0: [zero, narrowZero]
    case 1: [bareOne, flaggedOne]
    case 2: [two, loopedTwo]
    case 3: [three, flatThree]
    case 4: [closedFour, openFour]
    case 5: [five]
    case 6: [six]
    case 7: [seven, crossedSeven]
    case 8: [eight]
    default: [nine, straightNine]
    }
  }

  private static let zero = StrokeFigure([
    (0.5, 0), (0.75, 0.07), (0.93, 0.27), (1, 0.5), (0.93, 0.73), (0.75, 0.93), (0.5, 1),
    (0.25, 0.93), (0.07, 0.73), (0, 0.5), (0.07, 0.27), (0.25, 0.07), (0.5, 0),
  ])
  private static let narrowZero = StrokeFigure([
    (0.55, 0), (0.75, 0.2), (0.8, 0.5), (0.7, 0.82), (0.45, 1), (0.25, 0.82), (0.2, 0.5),
    (0.3, 0.18), (0.6, 0.02),
  ])
  private static let bareOne = StrokeFigure([(0.5, 0), (0.5, 0.5), (0.5, 1)])
  private static let flaggedOne = StrokeFigure(
    [(0.2, 0.25), (0.55, 0), (0.55, 1)], [(0.25, 1), (0.85, 1)])
  private static let two = StrokeFigure([
    (0.05, 0.25), (0.2, 0.06), (0.5, 0), (0.8, 0.06), (0.95, 0.27), (0.85, 0.5), (0.5, 0.75),
    (0.05, 1), (1, 1),
  ])
  private static let loopedTwo = StrokeFigure([
    (0.1, 0.15), (0.45, 0), (0.8, 0.12), (0.85, 0.35), (0.6, 0.7), (0.3, 0.95), (0.08, 0.98),
    (0.08, 0.82), (0.3, 0.8), (0.6, 0.95), (1, 0.95),
  ])
  private static let three = StrokeFigure([
    (0.08, 0.12), (0.4, 0), (0.75, 0.04), (0.92, 0.22), (0.8, 0.42), (0.45, 0.5), (0.82, 0.57),
    (1, 0.77), (0.82, 0.95), (0.45, 1), (0.05, 0.9),
  ])
  private static let flatThree = StrokeFigure([
    (0.05, 0), (0.95, 0), (0.45, 0.4), (0.8, 0.45), (1, 0.7), (0.85, 0.93), (0.45, 1), (0.05, 0.9),
  ])
  private static let closedFour = StrokeFigure([(0.7, 1), (0.7, 0), (0, 0.68), (1, 0.68)])
  private static let openFour = StrokeFigure(
    [(0.15, 0), (0.08, 0.5), (0.85, 0.5)], [(0.85, 0), (0.78, 1)])
  private static let five = StrokeFigure([
    (0.9, 0), (0.2, 0), (0.12, 0.45), (0.5, 0.38), (0.85, 0.48), (1, 0.7), (0.85, 0.92), (0.5, 1),
    (0.05, 0.92),
  ])
  private static let six = StrokeFigure([
    (0.75, 0), (0.35, 0.2), (0.1, 0.5), (0.05, 0.75), (0.25, 0.97), (0.6, 1), (0.9, 0.85),
    (0.9, 0.65), (0.65, 0.5), (0.3, 0.53), (0.08, 0.7),
  ])
  private static let seven = StrokeFigure([(0, 0.02), (1, 0.02), (0.6, 0.45), (0.4, 1)])
  private static let crossedSeven = StrokeFigure(
    [(0.05, 0.05), (0.95, 0), (0.6, 0.5), (0.35, 1)], [(0.25, 0.5), (0.9, 0.48)])
  private static let eight = StrokeFigure([
    (0.5, 0.48), (0.2, 0.35), (0.15, 0.15), (0.5, 0), (0.85, 0.15), (0.8, 0.35), (0.5, 0.48),
    (0.1, 0.65), (0.05, 0.85), (0.5, 1), (0.95, 0.85), (0.9, 0.65), (0.5, 0.48),
  ])
  private static let nine = StrokeFigure([
    (0.92, 0.3), (0.7, 0.48), (0.35, 0.48), (0.1, 0.3), (0.2, 0.08), (0.55, 0), (0.88, 0.1),
    (0.95, 0.3), (0.85, 0.65), (0.65, 1),
  ])
  private static let straightNine = StrokeFigure([
    (0.8, 0.1), (0.45, 0), (0.12, 0.15), (0.15, 0.4), (0.5, 0.5), (0.8, 0.35), (0.85, 0.05),
    (0.85, 0.5), (0.85, 1),
  ])
}
