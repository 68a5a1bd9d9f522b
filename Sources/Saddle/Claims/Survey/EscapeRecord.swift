/// What the records of an optimizer's runs tell of its mechanism for leaving saddle points.
enum EscapeRecord {
  /// "its mechanism acted in 10 of 10 runs", "its mechanism never acted in 3 of 10 runs", "in 2 of
  /// 10 runs it is not recorded whether its mechanism acted": what there is of these.
  static func summary(_ ends: [EndPoint]) -> String {
    func count(_ includes: (Int?) -> Bool) -> String? {
      let count = ends.map(\.interventions).filter(includes).count
      return count > 0 ? "\(count) of \(ends.count) runs" : nil
    }
    return [
      count { $0.map { $0 > 0 } ?? false }.map { "its mechanism acted in \($0)" },
      count { $0 == 0 }.map { "its mechanism never acted in \($0)" },
      count { $0 == nil }.map { "in \($0) it is not recorded whether its mechanism acted" },
    ].compactMap { $0 }.joined(separator: ", ")
  }

  /// An optimizer whose runs are another's, since its mechanism did nothing.
  struct Idle: Equatable {
    let optimizer: String
    let other: String
    let ends: [EndPoint]
  }

  /// Optimizers made to leave saddle points that are in no run known to have acted, and of whose
  /// runs every one ends, bit for bit in loss, accuracy and gradient norm, where a run of another
  /// optimizer does with the same data, network and seed. Of several that equal one another alone,
  /// the first stands for all.
  static func idle(_ panels: [Survey.Panel]) -> [Idle] {
    let all = panels.flatMap { panel in
      panel.settings.flatMap { runs in
        runs.runs.compactMap { run in
          run.end.map {
            Run(
              optimizer: runs.setting.optimizer, panel: panel.key,
              seed: run.experiment.plan?.seed, end: $0)
          }
        }
      }
    }
    var (found, others): ([Idle], [String]) = ([], [])
    let members = Dictionary(grouping: all, by: \.optimizer)
    func isSilent(_ name: String) -> Bool {
      escapingOptimizers.contains(name)
        && (members[name] ?? []).allSatisfy { ($0.end.interventions ?? 0) == 0 }
    }
    func equals(_ name: String, _ other: String) -> Bool {
      (members[name] ?? []).allSatisfy { run in
        (members[other] ?? []).contains {
          $0.panel == run.panel && $0.seed == run.seed
            && $0.end.point.evaluation == run.end.point.evaluation
        }
      }
    }
    // The silent last, so that one is found to be another that is not before they meet each other.
    let names = members.keys.sorted()
    for name in names.filter({ !isSilent($0) }) + names.filter(isSilent) {
      if isSilent(name), let other = others.first(where: { equals(name, $0) }) {
        found.append(Idle(optimizer: name, other: other, ends: members[name]?.map(\.end) ?? []))
      } else {
        others.append(name)
      }
    }
    return found
  }

  private struct Run {
    let optimizer: String
    let panel: RunSetting.Panel
    let seed: UInt64?
    let end: EndPoint
  }
}

extension EndPoint {
  /// A verdict about methods made to leave saddle points: none where the mechanism never acted, or
  /// where the record does not tell.
  func escaping(_ verdict: Verdict) -> Verdict {
    (interventions ?? 0) > 0 ? verdict : .undecided
  }
}
