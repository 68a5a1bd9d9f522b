/// Laws that compare with eigenvalues known otherwise.
extension EigensolverOracle {
  static let references = [gsl, lapackTypes, closedForms, sturm]

  static let gsl = EigensolverOracle(
    "gsl", law: "the eigenvalues are those of GSL's QR iteration"
  ) { subject, trial throws(PropertyFailure) in
    try trial.onMatrices { rows, _ in
      let found = try subject.spectrum(of: rows)
      try PropertyViolation.require(
        greatestDifference(found, try GSL.eigenvalues(rows)), atMost: subject.bound(rows),
        "GSL's eigenvalues", "\(found)")
    }
  }

  static let lapackTypes = EigensolverOracle(
    "LAPACK's matrix types",
    law: "all 22 types, of orders 0 to 33, at √overflow and √underflow too, have their eigenvalues"
  ) { subject, trial throws(PropertyFailure) in
    var rng = SplitMix64(seed: trial.seed)
    let cases = LAPACKMatrixType.numbers.flatMap { number in
      LAPACKMatrixType.orders.map { n in
        ("type \(number), n = \(n)", LAPACKMatrixType(number, order: n, using: &rng))
      }
    }
    try checkEach(trial.name, of: cases) { type in
      let found = try subject.spectrum(of: type.rows)
      let bound = subject.bound(type.rows)
      let known = try [GSL.eigenvalues(type.rows)] + (type.eigenvalues.map { [$0] } ?? [])
      for expected in known {
        try PropertyViolation.require(
          greatestDifference(found, expected), atMost: bound, "known eigenvalues")
      }
      guard let system = try subject.eigensystem?(type.rows) else { return }
      try requireRatios(of: system, type.rows, ulp: subject.precision.ulp)
    }
    return cases.count
  }

  static let closedForms = EigensolverOracle(
    "closed forms", law: "matrices with spectra in closed form have them, with multiplicities"
  ) { subject, trial throws(PropertyFailure) in
    let cases = ClosedFormMatrix.all.map { ($0.name, $0) }
    try checkEach(trial.name, of: cases) { form in
      try PropertyViolation.require(
        greatestDifference(try subject.spectrum(of: form.rows), form.eigenvalues),
        atMost: subject.bound(form.rows), "known eigenvalues")
    }
    return cases.count
  }

  static let sturm = EigensolverOracle(
    "Sturm counts",
    law: "around each eigenvalue of a tridiagonal matrix lie as many as are claimed (dstech)"
  ) { subject, trial throws(PropertyFailure) in
    try trial.onMatrices(.banded(order: trial.order, bandwidth: 1)) { rows, _ in
      let counts = try SturmCount(
        diagonal: rows.indices.map { rows[$0][$0] },
        offDiagonal: rows.indices.dropLast().map { rows[$0 + 1][$0] })
      let found = try subject.spectrum(of: rows)
      let tolerance =
        LAPACKRatios.threshold * Double(rows.count) * subject.precision.ulp / LAPACKRatios.ulp
      if let refuted = try counts.firstRefuted(found, tolerance: tolerance) {
        throw PropertyViolation("Sturm's count", "\(refuted)")
      }
    }
  }
}
