/// Why an iterative eigensolver ended.
public enum EigenpairEnding: Codable, Equatable, Sendable {
  /// All pairs meet the tolerance by their true residuals, and the search for missed ones found
  /// none.
  case converged
  /// The products allowed were spent.
  case budgetSpent
  /// The basis came to span the whole space, of this dimension, deflated vectors left out: every
  /// eigenvalue was seen, with its multiplicity.
  case invariantSubspace(step: Int)
  /// The recurrence says that the pairs meet the tolerance, and their true residuals say that they
  /// do not: the operator's products are less accurate than the tolerance asks for.
  case stalled
}

/// What was done to find eigenvalues, or copies of them, that the first Krylov space missed.
public struct MissedPairSearch<T: Scalar>: Codable, Equatable, Sendable {
  /// How many times the search began afresh, from random vectors orthogonal to all pairs.
  public let rounds: Int
  /// Blocks multiplied in the last round before its first restart.
  public let steps: Int
  /// The most extreme Ritz values that are not among the pairs: the next eigenvalues, as far as is
  /// known; ascending.
  public let next: [T]
  /// Residual norms of `next`, as the recurrence has them.
  public let residuals: [T]
  /// A bound on the probability, over the random vectors and in exact arithmetic, that an
  /// eigenvalue that belongs among the pairs was missed: 2ᶜ·(2·p)ᵐ with m the searches since the
  /// pairs last changed, each from random vectors of its own, c the changes, the first of which found
  /// them, and p the worst of the searches' own bounds 2·J·(1.648·√n·e^(−√ε·(2j−1)))ᵇ (Kuczyński,
  /// Woźniakowski 1992, theorem 4.1): j a search's `steps`, J as many as the basis has room for, b the
  /// block, ε = δ/(2δ + s) with the separation δ of `next` from the pairs and the spread s of all Ritz
  /// values but theirs in that search. 0 where the whole space was seen, 1 where the products were
  /// spent. Up to 1 too where the search ended since `next` had converged.
  public let missProbability: Double
}

/// Eigenpairs of a symmetric operator, each with bounds on its error.
public struct EigenpairResult<T: Scalar>: Equatable, Sendable {
  /// Ascending.
  public let values: [T]
  /// Row k is the eigenvector of `values[k]`, of norm 1 (count × n).
  public let vectors: Matrix<T>
  /// ‖A·v − θ·v‖ by one more product with each vector.
  public let residuals: [T]
  /// [θ − b, θ + b] has an eigenvalue of A in it: the residual and an allowance for rounding
  /// (Parlett 1998, theorem 4.5.1). No assumption.
  public let errorBounds: [T]
  /// The sharper ‖R‖²/gap, R the residuals of a cluster and gap its distance from the rest of the
  /// spectrum (Parlett 1998, theorems 11.7.1 and 11.5.1); nil where it is no sharper, or no gap is
  /// known, as for the innermost values. It holds if no eigenvalue was missed.
  public let gapBounds: [T?]
  /// As many eigenvalues of A as there are pairs, counted with their multiplicities, are paired off
  /// with `values`, none further away than this: no copy is counted twice (Parlett 1998, §11.5;
  /// √2·‖R‖_F).
  public let jointBound: T
  /// The largest |(VVᵀ − I)ᵢⱼ|.
  public let orthogonalityDefect: T
  /// The residual norm that was asked for.
  public let threshold: T
  /// Blocks multiplied, and products of the operator with one vector, the last check included.
  public let steps: Int
  public let products: Int
  public let ending: EigenpairEnding
  public let search: MissedPairSearch<T>?

  /// A lower bound of the spectral radius, up to the error bound of its value.
  public var radius: T { values.reduce(0) { max($0, $1.magnitude) } }

  /// Groups of values that their error bounds cannot tell apart, ascending: the mean of each, and
  /// how many eigenvalues it stands for at least.
  public var clusters: [EigenvalueCluster<T>] {
    clusterRanges(values, errorBounds).map { range in
      EigenvalueCluster(
        value: values[range].reduce(0, +) / T(range.count), multiplicity: range.count,
        halfWidth: zip(values[range], errorBounds[range]).reduce(0) {
          max($0, ($1.0 - values[range.lowerBound]) / 2 + $1.1)
        })
    }
  }
}

/// Eigenvalues too near to each other to be told apart.
public struct EigenvalueCluster<T: Scalar>: Codable, Equatable, Sendable {
  public let value: T
  /// At least as many, counted with multiplicity: more may lie beyond the number that was asked
  /// for.
  public let multiplicity: Int
  public let halfWidth: T
}

/// Maximal runs of ascending values whose intervals overlap.
func clusterRanges<T: Scalar>(_ values: [T], _ bounds: [T]) -> [Range<Int>] {
  var result: [Range<Int>] = []
  var start = 0
  for i in values.indices {
    let next = i + 1
    if next == values.count || values[next] - bounds[next] > values[i] + bounds[i] {
      result.append(start..<next)
      start = next
    }
  }
  return result
}
