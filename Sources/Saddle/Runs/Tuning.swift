import Foundation

/// The learning rates that were tried for one setting, and what is to be done next.
public struct Tuning: Equatable, Sendable {
  /// A rate, and the training loss that it ended at; nil where it diverged.
  public struct Trial: Codable, Equatable, Sendable {
    public let learningRate: Double
    public let loss: Double?

    public init(learningRate: Double, loss: Double?) {
      self.learningRate = learningRate
      self.loss = loss
    }
  }

  public enum Step: Equatable, Sendable {
    /// Rates that still have to be tried.
    case `try`([Double])
    case chosen(Choice)
  }

  public struct Choice: Codable, Equatable, Sendable {
    public let learningRate: Double
    /// Whether the best rate is the least or greatest that was tried, so that one beyond might have
    /// been better still.
    public let isAtEdge: Bool
    /// In rising order of rates.
    public let trials: [Trial]
  }

  let rates: [Double]
  let extensions: Int

  /// - Parameters:
  ///   - rates: rising, at least two.
  ///   - extensions: how often the list may grow, at either end.
  public init(rates: [Double], extensions: Int) {
    self.rates = rates
    self.extensions = extensions
  }

  /// What to do, once the trials in `losses` are done. Where every rate diverged, the list grows
  /// downwards, and at last the least rate is taken, at the edge.
  ///
  /// - Parameter losses: by rate; `.some(nil)` for one that diverged.
  public func next(_ losses: [Double: Double?]) -> Step {
    var list = rates
    var (below, above) = (0, 0)
    while true {
      let open = list.filter { losses[$0] == nil }
      guard open.isEmpty else { return .try(open) }
      let trials = list.map { Trial(learningRate: $0, loss: losses[$0] ?? nil) }
      let best =
        trials.indices.filter { trials[$0].loss?.isFinite ?? false }
        .min { (trials[$0].loss ?? 0) < (trials[$1].loss ?? 0) } ?? 0
      if best == 0, below < extensions {
        list.insert(Self.rounded(list[0] * list[0] / list[1]), at: 0)
        below += 1
      } else if best == list.count - 1, above < extensions {
        list.append(Self.rounded(list[best] * list[best] / list[best - 1]))
        above += 1
      } else {
        return .chosen(
          Choice(
            learningRate: list[best], isAtEdge: best == 0 || best == list.count - 1,
            trials: trials))
      }
    }
  }

  /// Three significant digits: the same number on every platform, and one that people can type.
  private static func rounded(_ rate: Double) -> Double {
    Double(String(format: "%.3g", rate)) ?? rate
  }
}
