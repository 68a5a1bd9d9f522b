import RealModule

/// The course of one `ThickRestartLanczos`.
struct ThickRestartCourse<T: Scalar> {
  let settings: ThickRestartLanczos<T>
  /// How many pairs are asked for.
  let wanted: Int
  /// The dimension of the space that is not deflated.
  let order: Int
  /// Times the search began afresh.
  private var rounds = 0
  /// Blocks since then, up to the first restart: what the probability is a function of.
  private var freshSteps = 0
  /// How many blocks the basis had room for then.
  private var roomOfSearch = 0
  private var hasRestarted = false
  /// All Ritz values since then but those of the wanted pairs lie in it: a restart drops some, which
  /// the steps before it have seen all the same.
  private var rest: ClosedRange<T>?
  /// The wanted values when the search began, and how often they changed.
  private var accepted: [T] = []
  private var changes = 0
  /// Since the last change: searches, the present one included; products before the first; and the
  /// greatest chance that one of the others missed something.
  private var searches = 0
  private var productsBefore = 0
  private var worstChance = 0.0
  private var ending = EigenpairEnding.budgetSpent

  init(settings: ThickRestartLanczos<T>, wanted: Int, order: Int) {
    self.settings = settings
    self.wanted = wanted
    self.order = order
  }

  /// Expands and restarts until an ending is reached.
  mutating func iterate(
    _ krylov: inout BlockKrylov<T>, _ map: some LinearOperator<T>,
    using generator: inout some RandomNumberGenerator
  ) throws(KrylovError) -> RitzPairs<T> {
    var lastChecked = 0
    while true {
      try krylov.expand(map, using: &generator)
      if rounds > 0, !hasRestarted { freshSteps += 1 }
      let isSpent = krylov.productCount >= settings.maximumProducts
      let isFull = !krylov.hasRoom || krylov.isComplete
      // An eigensystem of H costs m³: not after every block.
      let isDue = krylov.count - lastChecked >= max(settings.block, krylov.count / 6)
      guard isSpent || isFull || isDue else { continue }
      lastChecked = krylov.count
      let pairs = try krylov.ritzPairs()
      widenRest(pairs)
      if krylov.isComplete {
        ending = .invariantSubspace(step: order)
        return pairs
      }
      let order = settings.ends.preference(pairs.values)
      if hasConverged(order, pairs, krylov),
        hasEnded(order, pairs, &krylov, isSpent: isSpent, using: &generator)
      {
        return pairs
      }
      if isSpent { return pairs }
      if krylov.count < lastChecked {
        lastChecked = krylov.count
      } else if isFull {
        let room = krylov.count - wanted
        let kept = min(wanted + room / 2, krylov.count - settings.block)
        krylov.restart(keeping: Array(order.prefix(max(kept, wanted))).sorted(), of: pairs)
        hasRestarted = true
        lastChecked = krylov.count
      }
    }
  }

  private func threshold(_ krylov: BlockKrylov<T>) -> T { settings.tolerance * krylov.scale }

  private func hasConverged(
    _ order: [Int], _ pairs: RitzPairs<T>, _ krylov: BlockKrylov<T>
  ) -> Bool {
    // Each fresh start drops the residuals of all pairs. Were each allowed the whole threshold,
    // their combinations could never meet it again; in this proportion the root of the sum of
    // squares over pairs and rounds, 1 + 1/4 + 1/9 + … < 1.29², stays below a half of it.
    let share =
      settings.searchesForMissed ? 2.6 * T(wanted).squareRoot() * T(rounds + 1) : 2
    let limit = max(threshold(krylov) / share, 4 * T.ulpOfOne * krylov.scale)
    return order.count >= wanted
      && order.prefix(wanted).allSatisfy { pairs.residuals[$0] <= limit }
  }

  /// With all wanted pairs converged: whether the search for missed ones is over. Begins it, or
  /// begins it again, where it is not and products are left.
  private mutating func hasEnded(
    _ order: [Int], _ pairs: RitzPairs<T>, _ krylov: inout BlockKrylov<T>, isSpent: Bool,
    using generator: inout some RandomNumberGenerator
  ) -> Bool {
    guard settings.searchesForMissed else {
      ending = .converged
      return true
    }
    let kept = order.prefix(wanted).sorted()
    let values = kept.map { pairs.values[$0] }
    let isSame =
      rounds > 0
      && zip(values, accepted).allSatisfy { ($0 - $1).magnitude <= 2 * threshold(krylov) }
    if isSame {
      let next = nextPositions(order, pairs)
      let isNextConverged =
        next.allSatisfy { pairs.residuals[$0] <= threshold(krylov) }
        && next.count >= nextCount
      let chance = missProbability(pairs, krylov, next)
      if isNextConverged || chance <= settings.missProbability {
        ending = .converged
        return true
      }
      // A search has no more steps to its name once it restarts; others are as good, and by a few
      // the end is in sight, while the next eigenvalue may lie in a crowd. It is waited for as long
      // as those would take, which makes neither way more than twice as long as the other.
      let worst = max(worstChance, chanceOfLast(pairs, krylov, next))
      guard !krylov.hasRoom || hasRestarted, 2 * worst < 1 else { return false }
      let allowed = settings.missProbability / .pow(2, changes)
      let needed = (Double.log(allowed) / Double.log(2 * worst)).rounded(.up)
      let waited = krylov.productCount - productsBefore
      guard Double(waited) >= (needed - Double(searches)) * Double(freshSteps * krylov.width)
      else { return false }
      worstChance = worst
    }
    // The pairs are of this basis, which a search would change.
    guard !isSpent else { return false }
    if !isSame {
      accepted = values
      changes += 1
      searches = 0
      productsBefore = krylov.productCount
      worstChance = 0
    }
    rounds += 1
    searches += 1
    freshSteps = 0
    hasRestarted = false
    rest = nil
    krylov.startAfresh(keeping: kept, of: pairs, using: &generator)
    roomOfSearch = krylov.room / krylov.width
    return false
  }

  private var nextCount: Int {
    if case .bothEnds = settings.ends { return 2 }
    return 1
  }

  private func nextPositions(_ order: [Int], _ pairs: RitzPairs<T>) -> [Int] {
    order.dropFirst(wanted).prefix(nextCount).sorted()
  }

  /// The Ritz values that are not the wanted pairs'.
  private mutating func widenRest(_ pairs: RitzPairs<T>) {
    let others = settings.ends.preference(pairs.values).dropFirst(wanted).map { pairs.values[$0] }
    guard let least = others.min(), let greatest = others.max() else { return }
    rest = min(least, rest?.lowerBound ?? least)...max(greatest, rest?.upperBound ?? greatest)
  }

  /// The bound of `MissedPairSearch`, 1 where there is none.
  ///
  /// Searches are independent, so that the worst of m chances is at most t with probability tᵐ or
  /// less. How many there are, and how often the pairs change, is seen on the way only: m searches
  /// after c changes may err with a share 2^−(m + c) of the probability.
  private func missProbability(
    _ pairs: RitzPairs<T>, _ krylov: BlockKrylov<T>, _ next: [Int]
  ) -> Double {
    guard !krylov.isComplete else { return 0 }
    let worst = max(worstChance, chanceOfLast(pairs, krylov, next))
    return min(1, .pow(2, changes) * .pow(2 * worst, searches))
  }

  /// The chance that the last search missed something, 1 where nothing is known.
  ///
  /// What was missed is an end of the operator's spectrum without the pairs, and lies further out
  /// than the Ritz value there by the separation δ or more; let it be x, and y be what lies beyond
  /// the other end's. Of the spread x + y + s, s that of the search's Ritz values, the greater of
  /// the two is a share of at least δ/(2δ + s): so much at one of two ends, after any of the steps
  /// that there is room for, has the probability of the theorem for each of the block's vectors,
  /// which are independent.
  private func chanceOfLast(
    _ pairs: RitzPairs<T>, _ krylov: BlockKrylov<T>, _ next: [Int]
  ) -> Double {
    guard rounds > 0, next.count >= nextCount, let rest else { return 1 }
    let values = settings.ends.preference(pairs.values).prefix(wanted).sorted().map {
      pairs.values[$0]
    }
    let separation =
      next.map { settings.ends.separation(of: pairs.values[$0], from: values) }
      .min() ?? 0
    guard separation > 0 else { return 1 }
    let share = Double(
      separation / (2 * separation + (rest.upperBound - rest.lowerBound)))
    let exponent = -share.squareRoot() * Double(2 * freshSteps - 1)
    let ofOne = 1.648 * Double(order).squareRoot() * .exp(exponent)
    return min(1, 2 * Double(roomOfSearch) * .pow(min(ofOne, 1), krylov.width))
  }

  /// The pairs with their true residuals: one more product with each vector.
  func result(
    _ krylov: BlockKrylov<T>, _ pairs: RitzPairs<T>, _ map: some LinearOperator<T>
  ) throws(KrylovError) -> EigenpairResult<T> {
    let order = settings.ends.preference(pairs.values)
    let kept = order.prefix(wanted).sorted()
    let check = try EigenpairCheck(
      krylov.vectors(pairs.weights(of: kept)), of: map, block: settings.block, scale: krylov.scale)
    let next = nextPositions(order, pairs)
    let search =
      rounds == 0 && !krylov.isComplete
      ? nil
      : MissedPairSearch(
        rounds: rounds, steps: freshSteps, next: next.map { pairs.values[$0] },
        residuals: next.map { [pairs.residuals[$0], krylov.dropped].norm },
        // Of pairs that may be others by now, nothing is known.
        missProbability: ending == .budgetSpent ? 1 : missProbability(pairs, krylov, next))
    let threshold = threshold(krylov)
    var ending = ending
    if ending != .budgetSpent, check.residuals.contains(where: { !($0 <= threshold) }) {
      ending = .stalled
    }
    let isGapKnown = ending != .budgetSpent && ending != .stalled && search != nil
    let inner = settings.ends.innermost(of: check.values)
    let gaps = check.gapBounds(resolution: 2 * threshold) {
      !isGapKnown || !krylov.isComplete && inner.contains($0)
    }
    return EigenpairResult(
      values: check.values, vectors: check.vectors, residuals: check.residuals,
      errorBounds: check.errorBounds, gapBounds: gaps, jointBound: check.jointBound,
      orthogonalityDefect: check.orthogonalityDefect, threshold: threshold, steps: krylov.steps,
      products: krylov.productCount + kept.count, ending: ending, search: search)
  }
}
