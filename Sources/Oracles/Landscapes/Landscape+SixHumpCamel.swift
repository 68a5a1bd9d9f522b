extension Landscape {
  /// (4 − 2.1x² + x⁴/3)x² + xy + (4y² − 4)y² (Dixon and Szegő 1978): 6 minima, 7 saddles,
  /// 2 maxima.
  ///
  /// The points are all the common roots of the two partial derivatives (their eliminant has
  /// fifteen real roots), to the nearest `Double` from 30-digit arithmetic.
  public static let sixHumpCamel = Landscape(
    name: "six-hump camel", dimension: 2,
    value: { p in
      let x2 = p[0] * p[0]
      let y2 = p[1] * p[1]
      return (4 - 2.1 * x2 + x2 * x2 / 3) * x2 + p[0] * p[1] + (4 * y2 - 4) * y2
    },
    gradient: { p in
      let x2 = p[0] * p[0]
      let y2 = p[1] * p[1]
      return [
        p[0] * (8 - 8.4 * x2 + 2 * x2 * x2) + p[1], p[0] + p[1] * (16 * y2 - 8),
      ]
    },
    hessian: { p in
      let x2 = p[0] * p[0]
      return [[8 - 25.2 * x2 + 10 * x2 * x2, 1], [1, 48 * p[1] * p[1] - 8]]
    },
    criticalPoints: [CriticalPoint(location: [0, 0], index: 1, value: 0)]
      + mirrored(0.089842013100318062, -0.71265640302073963, 0, -1.0316284534898774)
      + mirrored(1.7036067149699808, -0.79608356867262512, 0, -0.21546382438371764)
      + mirrored(1.6071047529201972, 0.56865145488413137, 0, 2.1042503103112583)
      + mirrored(1.1092053368047864, -0.76826809250953984, 1, 0.54371860097818514)
      + mirrored(1.2960702671671092, 0.6050843880386585, 1, 2.2294708180298599)
      + mirrored(1.6380679841897786, 0.22867406904439407, 1, 2.2293571975307147)
      + mirrored(1.2302298765166526, 0.16233458445899497, 2, 2.4962953510235769),
    hasAllCriticalPoints: true)

  /// The function is even: critical points come in pairs.
  private static func mirrored(
    _ x: Double, _ y: Double, _ index: Int, _ value: Double
  ) -> [CriticalPoint] {
    [
      CriticalPoint(location: [x, y], index: index, value: value),
      CriticalPoint(location: [-x, -y], index: index, value: value),
    ]
  }
}
