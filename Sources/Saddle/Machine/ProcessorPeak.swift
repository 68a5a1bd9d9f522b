import CProcessor
import Foundation

/// What a processor's vector units allow: clock × flops a cycle × cores.
package struct ProcessorPeak: Codable, Equatable, Sendable {
  /// Cycles a second, measured now by additions that wait for one another: what the processor runs
  /// at, not what it is sold as. Wide vectors may lower it.
  package let clock: Double
  /// Multiplications and additions of doubles a cycle and core: width × units × 2.
  package let doublesPerCycle: Int
  /// Whether that is documented for this family and model; else it is what processors with such
  /// vectors have as a rule.
  package let isDocumented: Bool
  /// The cores, as far as the system tells them from threads.
  package let cores: Int

  package init(clock: Double, doublesPerCycle: Int, isDocumented: Bool, cores: Int) {
    self.clock = clock
    self.doublesPerCycle = doublesPerCycle
    self.isDocumented = isDocumented
    self.cores = cores
  }

  /// Measures this machine's, in some 20 ms.
  ///
  /// - Parameter threads: The most that compute at once.
  package static func measured(threads: Int) -> ProcessorPeak {
    let flops = Processor.current.doublesPerCycle
    return ProcessorPeak(
      clock: measuredClock(), doublesPerCycle: flops.count, isDocumented: flops.isDocumented,
      cores: max(1, min(threads, ProcessInfo.processInfo.activeProcessorCount / threadsPerCore)))
  }

  /// Flops a second in a precision.
  package func flops<T: Scalar>(_: T.Type) -> Double {
    let perDouble = MemoryLayout<Double>.size / MemoryLayout<T>.size
    return clock * Double(doublesPerCycle * perDouble * cores)
  }

  /// "2 cores × 3.10 GHz (measured) × 16 flops a cycle (documented)".
  package var derivation: String {
    "\(cores) core\(cores == 1 ? "" : "s") × \(String(format: "%.2f", clock / 1e9)) GHz (measured) × "
      + "\(doublesPerCycle) flops a cycle (\(isDocumented ? "documented" : "estimated"))"
  }

  private static func measuredClock() -> Double {
    let additions: Int64 = 640_000
    let best =
      (0..<60).map { _ in
        ContinuousClock().measure { saddle_add_in_a_chain(additions) } / .seconds(1)
      }.min() ?? .infinity
    return Double(additions) / best
  }

  /// By Linux's description of the first processor; a hypervisor may not tell.
  private static let threadsPerCore: Int = {
    let text = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
    func number(_ name: String) -> Int? {
      text.split(separator: "\n").first { $0.hasPrefix(name + "\t") }?.split(separator: ":").last
        .flatMap { Int($0.trimmingCharacters(in: .whitespaces)) }
    }
    guard let threads = number("siblings"), let cores = number("cpu cores"), cores > 0 else { return 1 }
    return max(1, threads / cores)
  }()
}

extension Processor {
  /// Multiplications and additions of doubles a cycle and core.
  ///
  /// Documented in Intel's optimization manual and AMD's software optimization guides, ARM's
  /// likewise; Xeons of model 85 have one or two units for 512 bits, here counted as two.
  package var doublesPerCycle: (count: Int, isDocumented: Bool) {
    switch identity {
    case .x86(let vendor, let family, let model):
      let isAMD = ["AuthenticAMD", "HygonGenuine"].contains(vendor)
      let isZen1 = isAMD && (family == 23 && model < 0x30 || family == 24)
      switch vectors {
      case .avx512:
        // Zen 4 takes two cycles for 512 bits, and clients have one unit.
        let twoUnits = isAMD ? family >= 26 : [85, 106, 108, 143, 173, 207].contains(model)
        return (twoUnits ? 32 : 16, isAMD ? family <= 26 : twoUnits && model != 85)
      case .avx2: return (isZen1 ? 8 : 16, isAMD ? [23, 24, 25].contains(family) : family == 6)
      case .avx: return (8, !isAMD && family == 6)
      case .bits128: return (4, false)
      }
    case .arm(let implementer, let part):
      let fourUnits = [0xD40, 0xD4F]
      let twoUnits = [0xD0C, 0xD49]
      guard implementer == 0x41 else { return (8, false) }
      return (fourUnits.contains(part) ? 16 : 8, (fourUnits + twoUnits).contains(part))
    case .unknown: return (4, false)
    }
  }
}
