extension CriticalPointCertificate {
  /// The proof for people: a name and a value a row.
  public var table: [(name: String, value: String)] {
    var rows: [(name: String, value: String)] = [
      (
        "‖∇L‖",
        short(gradientNorm) + (gradientError.map { " ± \(short($0))" } ?? ", its rounding not bounded")
      )
    ]
    if let shifted {
      rows.append(
        (
          "‖∇L‖ at x, \(short(shifted.shift)) from θ",
          "\(short(shifted.gradientNorm)) ± \(short(shifted.gradientError)), by Newton's steps in "
            + "ball arithmetic"
        ))
    }
    if let hessianError { rows.append(("error of the Hessian, in norm", "at most \(short(hessianError))")) }
    if exactZeros > 0 {
      rows.append(
        ("directions of constant loss", "\(exactZeros), taken out: zeros of every Hessian, exactly"))
    }
    if let separation {
      rows.append(
        (
          "σ, the least |λ|\(exactZeros > 0 ? " of the others" : "")",
          separation > 0 ? "at least \(short(separation))" : "not told from zero"
        ))
    }
    if let index { rows.append(("negative eigenvalues", "\(index), exactly")) }
    if let bound { rows += bound.table }
    if let uniquenessRadius {
      rows.append(("the only one within", "\(short(uniquenessRadius)) of θ"))
    }
    if let exclusionRadius {
      rows.append(("no critical point within", "\(short(exclusionRadius)) of θ"))
    }
    return rows + [("certificate", inWords)]
  }

  /// The outcome in a sentence.
  public var inWords: String {
    guard let kind, let distance else {
      return "not proved: " + (obstacle?.description ?? "nothing was tried")
    }
    let family = exactZeros > 0 ? " but for \(exactZeros) directions of constant loss" : ""
    let what =
      switch kind {
      case .minimum: "a nondegenerate minimum"
      case .maximum: "a nondegenerate maximum"
      default: "a nondegenerate saddle of index \(index ?? 0)"
      }
    return "proved: \(what)\(family), within \(short(distance)) of θ"
  }
}

extension KantorovichBound {
  fileprivate var table: [(name: String, value: String)] {
    [
      ("β ≥ ‖H⁻¹‖", short(inverseNorm)),
      ("η ≥ ‖H⁻¹∇L‖", short(newtonStep)),
      ("M, Lipschitz constant of H", "\(short(lipschitz)) within \(short(radius))"),
      ("h = βMη, which must be at most 1/2", short(criterion)),
    ] + (distance.map { [("t*", short($0))] } ?? [])
  }
}

extension Descent.Report {
  /// What the descent did, for people.
  public var table: [(name: String, value: String)] {
    let outcome =
      switch ending {
      case .converged: "converged"
      case .stalled: "the loss fell no further"
      case .budgetSpent: "the budget of steps was spent"
      }
    return [
      ("descent of the loss", "\(outcome), after \(steps) steps"),
      ("  loss", "\(comparable(startingLoss)) → \(comparable(loss))"),
      ("  ‖∇L‖", "\(short(startingGradientNorm)) → \(short(gradientNorm))"),
      (
        "  ‖Δθ‖",
        short(displacement) + (relativeDisplacement.map { ", \(short($0)) of ‖θ‖" } ?? "")
      ),
    ]
  }
}
