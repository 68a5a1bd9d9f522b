import Oracles

private let right = Verifier()

private func trying(
  _ fault: String, only reasonForOne: String? = nil,
  _ run: @escaping @Sendable (PropertyTrial) -> PropertyVerdict
) -> VerifierMutant {
  VerifierMutant(.kit, "kit", fault, only: reasonForOne) { $0.property = run }
}

/// The trial with another property in place of its own.
extension PropertyTrial {
  fileprivate func verdict(_ property: (_ own: (Int) throws -> Void, _ value: Int) throws -> Void)
    -> PropertyVerdict
  {
    let own = self.property
    var verdict: PropertyVerdict?
    withoutActuallyEscaping(property) { property in
      var changed = self
      changed.property = { try property(own, $0) }
      verdict = changed.verdict()
    }
    return verdict ?? PropertyVerdict(kind: .passed)
  }

  fileprivate func with(_ change: (inout PropertyTrial) -> Void) -> PropertyVerdict {
    var changed = self
    change(&changed)
    return changed.verdict()
  }
}

let kitMutants: [VerifierMutant] = [
  trying("an empty loop") { $0.verdict { _, _ in } },
  trying("half of the values") { trial in
    var verdict = trial.with { $0.samples = max(1, $0.samples / 2) }
    if verdict.kind == .passed { verdict.samples = trial.samples }
    return verdict
  },
  trying("ends at the tenth value") { trial in
    var count = 0
    return trial.verdict { own, value in
      count += 1
      if count <= 10 { try own(value) }
    }
  },
  trying("small values alone") { $0.with { $0.sizes = 5...20 } },
  trying("all values of one size") { $0.with { $0.sizes = 100...100 } },
  trying("a tolerance × 10³") { trial in
    trial.verdict { own, value in
      do { try own(value) } catch let found as PropertyViolation {
        if found.ratio > 1e3 { throw found }
      }
    }
  },
  trying("errors of other types pass") { trial in
    trial.verdict { own, value in
      do { try own(value) } catch let found as PropertyViolation { throw found } catch is Discard {
        throw Discard()
      } catch {}
    }
  },
  trying("the ratio left out", only: "it decides the same") { trial in
    var verdict = trial.verdict()
    verdict.ratio = verdict.kind == .falsified ? .infinity : 0
    return verdict
  },
  trying("discards count as passed") { trial in
    trial.verdict { own, value in do { try own(value) } catch is Discard {} }
  },
  trying("floors are not kept") { $0.with { $0.coverage = [] } },
  trying("time does not run out") { $0.with { $0.deadline = 60 } },
  trying("seeds ignored") { $0.with { $0.seed = 0 } },
  trying("the past forgotten") { $0.with { $0.corpus = [] } },
  trying("lines to replay ignored") { $0.with { $0.replay = nil } },
  trying("a line of another size") { trial in
    var verdict = trial.verdict()
    if let line = Replay(line: verdict.replay) {
      verdict.replay = "\(Replay(name: line.name, seed: line.seed, size: line.size / 2))"
    }
    return verdict
  },
  trying("a line of another seed") { trial in
    var verdict = trial.verdict()
    if let line = Replay(line: verdict.replay) {
      verdict.replay = "\(Replay(name: line.name, seed: line.seed &+ 1, size: line.size))"
    }
    return verdict
  },
  trying("simplifies to values that pass") { trial in
    var first: (any Error)?
    return trial.verdict { own, value in
      if let first { throw first }
      do { try own(value) } catch {
        if !(error is Discard) { first = error }
        throw error
      }
    }
  },
  trying("simplifies to other failures", only: "only two failures show it") { trial in
    trial.verdict { own, value in
      do { try own(value) } catch let found as PropertyViolation {
        throw PropertyViolation("a failure", found.label, ratio: found.ratio)
      }
    }
  },
  trying("does not simplify") { trial in
    let own = trial.generator
    return trial.with {
      $0.generator = Generator { size, rng in Shrinkable(own.draw(size, &rng).value) }
    }
  },
  trying("simplifies once") { trial in
    var failures = 0
    return trial.verdict { own, value in
      do { try own(value) } catch {
        failures += 1
        if failures <= 2 { throw error }
      }
    }
  },
  VerifierMutant(.kit, "kit", "an empty list") { $0.each = { _, _ in nil } },
  VerifierMutant(.kit, "kit", "the last of a list left out", only: "only lists show it") {
    verifier in
    verifier.each = { right.each(max($0 - 1, 1), $1) }
  },
  VerifierMutant(.kit, "kit", "the first of a list alone") { verifier in
    verifier.each = { right.each(min($0, 1), $1) }
  },
]
