import Foundation
import Saddle

/// Training's progress on standard error: a bar on a terminal, else a plain line now and then.
struct Progress {
  private let epochs: Int
  private let isTerminal = isatty(STDERR_FILENO) == 1
  private let isQuiet: Bool
  private let clock = ContinuousClock()
  private let start = ContinuousClock.now
  private var drawn = ContinuousClock.now
  private var firstEpoch: Int?
  private var last: EpochRecord?

  init(epochs: Int, isQuiet: Bool) {
    self.epochs = epochs
    self.isQuiet = isQuiet
  }

  mutating func show(_ event: TrainingEvent) {
    guard !isQuiet else { return }
    switch event {
    case .step(let epoch, let batch, let batches):
      if firstEpoch == nil { firstEpoch = epoch - 1 }
      guard isTerminal, clock.now - drawn > .milliseconds(100) else { return }
      draw(Double(epoch - 1) + Double(batch) / Double(batches))
    case .epoch(let record):
      last = record
      if isTerminal {
        draw(Double(record.epoch))
        if record.epoch == epochs { write("\n") }
      } else if record.epoch == epochs || record.epoch % max(1, epochs / 10) == 0 {
        write("epoch \(record.epoch)/\(epochs)\(figures(record))\n")
      }
    }
  }

  private mutating func draw(_ done: Double) {
    drawn = clock.now
    let share = epochs > 0 ? done / Double(epochs) : 1
    write(
      "\r\(bar(share)) epoch \(Int(done))/\(epochs)\(last.map(figures) ?? "")\(remaining(done))\u{1B}[K")
  }

  private func figures(_ record: EpochRecord) -> String {
    "  loss \(short(record.evaluation.loss))"
      + (record.evaluation.accuracy.map { "  accuracy \(percent($0))" } ?? "")
      + "  gradient \(short(record.evaluation.gradientNorm))"
  }

  private func remaining(_ done: Double) -> String {
    let progress = done - Double(firstEpoch ?? 0)
    guard progress > 0, done < Double(epochs) else { return "" }
    let seconds = (clock.now - start) / .seconds(1) / progress * (Double(epochs) - done)
    return "  \(Int(seconds)) s left"
  }

  private func write(_ text: String) { tell(text) }
}

private func bar(_ share: Double) -> String {
  let filled = Int(share * 30)
  return String(repeating: "█", count: filled) + String(repeating: "░", count: 30 - filled)
}

/// So much of some work that is counted, on standard error: a bar on a terminal, else its end alone.
func showShare(_ done: Int, of count: Int, _ what: String) {
  if isatty(STDERR_FILENO) == 1 {
    let end = done == count ? "\n" : ""
    tell("\r\(bar(Double(done) / Double(max(count, 1)))) \(done)/\(count) \(what)\u{1B}[K\(end)")
  } else if done == count {
    tell("\(done)/\(count) \(what)\n")
  }
}
