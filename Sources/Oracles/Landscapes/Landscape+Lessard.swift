extension Landscape {
  /// Lessard's function: curvature 25 but for 1 ≤ x < 2, where it is 1 (Lessard, Recht, Packard
  /// 2016, eq. 4.11). Strongly convex, with a continuous gradient; its Hessian jumps at 1 and 2.
  public static let lessard = Landscape(
    name: "Lessard's function", dimension: 1,
    value: { point in
      let x = point[0]
      if x < 1 { return 12.5 * x * x }
      if x < 2 { return 0.5 * x * x + 24 * x - 12 }
      return 12.5 * x * x - 24 * x + 36
    },
    gradient: { point in
      let x = point[0]
      return [x < 1 ? 25 * x : x < 2 ? x + 24 : 25 * x - 24]
    },
    hessian: { [[(1..<2).contains($0[0]) ? 1 : 25]] },
    criticalPoints: [CriticalPoint(location: [0], index: 0, value: 0)],
    hasAllCriticalPoints: true)
}
