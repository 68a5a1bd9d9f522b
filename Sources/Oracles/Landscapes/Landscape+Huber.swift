extension Landscape {
  /// Huber's function of ‖x‖: (L/2)‖x‖² up to ‖x‖ = τ, Lτ‖x‖ − Lτ²/2 beyond (Huber 1964).
  ///
  /// Convex, with a gradient of Lipschitz constant L; the Hessian jumps at ‖x‖ = τ. With
  /// τ = R/(2N+1) it is the worst function for N steps of gradient descent with η = 1/L from
  /// ‖x₀‖ = R: ‖x_N‖ = R(N+1)/(2N+1), and f_N = LR²/(4N+2) with equality (Drori, Teboulle 2014).
  ///
  /// - Parameters:
  ///   - n: the number of variables, at least 1.
  ///   - curvature: L > 0.
  ///   - threshold: τ > 0.
  public static func huber(
    dimension n: Int = 1, curvature: Double = 1, threshold: Double
  ) -> Landscape {
    precondition(
      n >= 1 && curvature > 0 && threshold > 0,
      "\(n) variables, curvature \(curvature), threshold \(threshold)")
    return Landscape(
      name: "Huber, n = \(n), threshold \(threshold)", dimension: n,
      value: { x in
        let r = norm(x)
        return r <= threshold
          ? curvature / 2 * r * r : curvature * threshold * (r - threshold / 2)
      },
      gradient: { x in
        let r = norm(x)
        let slope = r <= threshold ? curvature : curvature * threshold / r
        return x.map { slope * $0 }
      },
      hessian: { x in
        let r = norm(x)
        let isInside = r <= threshold
        let slope = isInside ? curvature : curvature * threshold / r
        return x.indices.map { i in
          x.indices.map { j in
            let radial = isInside ? 0 : slope * ((x[i] / r) * (x[j] / r))
            return (i == j ? slope : 0) - radial
          }
        }
      },
      criticalPoints: [
        CriticalPoint(location: [Double](repeating: 0, count: n), index: 0, value: 0)
      ],
      hasAllCriticalPoints: true)
  }
}
