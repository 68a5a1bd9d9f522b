extension Landscape {
  /// (x² + y − 11)² + (x + y² − 7)² (Himmelblau 1972): 4 minima, 4 saddles, 1 maximum.
  ///
  /// The points are all the common roots of the two partial derivatives (their eliminant has nine
  /// real roots), to the nearest `Double` from 30-digit arithmetic.
  public static let himmelblau = Landscape(
    name: "Himmelblau", dimension: 2,
    value: { p in
      let a = p[0] * p[0] + p[1] - 11
      let b = p[0] + p[1] * p[1] - 7
      return a * a + b * b
    },
    gradient: { p in
      let a = p[0] * p[0] + p[1] - 11
      let b = p[0] + p[1] * p[1] - 7
      return [4 * p[0] * a + 2 * b, 2 * a + 4 * p[1] * b]
    },
    hessian: { p in
      let mixed = 4 * (p[0] + p[1])
      return [
        [12 * p[0] * p[0] + 4 * p[1] - 42, mixed], [mixed, 12 * p[1] * p[1] + 4 * p[0] - 26],
      ]
    },
    criticalPoints: [
      CriticalPoint(location: [3, 2], index: 0, value: 0),
      CriticalPoint(location: [-3.7793102533777469, -3.2831859912861694], index: 0, value: 0),
      CriticalPoint(location: [-2.8051180869527449, 3.131312518250573], index: 0, value: 0),
      CriticalPoint(location: [3.5844283403304917, -1.8481265269644036], index: 0, value: 0),
      CriticalPoint(
        location: [-3.0730257507643896, -0.081353044287967512], index: 1,
        value: 104.01516291755811),
      CriticalPoint(
        location: [-0.12796134673068007, -1.9537149802445764], index: 1,
        value: 178.33723920192746),
      CriticalPoint(
        location: [0.086677504555396352, 2.8842547011747761], index: 1,
        value: 67.71915008752614),
      CriticalPoint(
        location: [3.3851541836070209, 0.073851879837749288], index: 1,
        value: 13.31192627040559),
      CriticalPoint(
        location: [-0.27084459066734761, -0.92303855647998146], index: 2,
        value: 181.6165215225827),
    ],
    hasAllCriticalPoints: true)
}
