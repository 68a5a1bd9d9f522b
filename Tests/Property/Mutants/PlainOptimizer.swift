import Foundation
import Oracles
import Saddle

/// What a plain optimizer remembers.
struct PlainMemory: Codable, Equatable {
  /// Steps taken.
  var step = 0
  /// Vectors by name, zero before the first step.
  var vectors: [String: [Double]] = [:]
  var noise = RandomStream(seed: 1)

  /// A vector by name; it is zero until it is first set.
  subscript(_ name: String, count: Int) -> [Double] {
    get { vectors[name] ?? [Double](repeating: 0, count: count) }
    set { vectors[name] = newValue }
  }
}

/// An optimizer in plain loops, right or with one planted fault.
struct PlainOptimizer: OptimizerSubject {
  /// Moves the point by one step.
  typealias Rule =
    @Sendable (
      _ point: inout [Double], _ function: StepFunction, _ memory: inout PlainMemory
    ) throws -> Void

  let rule: Rule
  /// A fault of the housekeeping that every rule shares.
  var fault: MemoryFault?

  func begin(dimension: Int) -> any OptimizerRun {
    PlainRun(rule: rule, fault: fault, dimension: dimension, memory: PlainMemory())
  }
}

/// What goes wrong around a rule rather than in it.
enum MemoryFault: String, CaseIterable {
  /// A reloaded run begins its vectors anew.
  case losesVectors
  /// A reloaded run draws its noise from the beginning.
  case losesNoise
  /// A reloaded run counts its steps anew.
  case losesStepCount
  /// The memory is stored in single precision.
  case storesSinglePrecision
  /// All runs use one memory.
  case sharesMemory
  /// A NaN or infinite gradient is stepped along.
  case takesNaN
  /// What is not finite is refused after the memory has seen it.
  case refusesTooLate
  /// A memory of another dimension is loaded.
  case takesAnyMemory
  /// From step 256 on the vectors are not saved.
  case losesVectorsAfter256
  /// A reload counts as a step.
  case countsReloads
  /// The point that comes is passed over: it steps from where it stood last.
  case ignoresThePoint
  /// Of the value only NaN is refused.
  case takesInfiniteValues
  /// What a memory has no word of is begun anew.
  case takesOtherRules
}

extension MemoryFault {
  /// Those that a rule without noise can have.
  static let ofRules = allCases.filter { $0 != .losesNoise }
}

struct RefusedStep: Error {}
struct RefusedMemory: Error {}

private struct PlainRun: OptimizerRun {
  let rule: PlainOptimizer.Rule
  let fault: MemoryFault?
  let dimension: Int
  var memory: PlainMemory

  mutating func step(_ parameters: inout [Double], on function: StepFunction) throws {
    let value = function.value(parameters)
    let isFinite =
      (fault == .takesInfiniteValues ? !value.isNaN : value.isFinite)
      && function.gradient(parameters).allSatisfy(\.isFinite)
    if !isFinite, fault != .takesNaN {
      if fault == .refusesTooLate {
        var point = parameters
        try rule(&point, function, &memory)
      }
      throw RefusedStep()
    }
    if fault == .sharesMemory {
      try SharedMemory.all.update(dimension) { try rule(&parameters, function, &$0) }
    } else {
      if fault == .ignoresThePoint, let own = memory.vectors["own"] { parameters = own }
      try rule(&parameters, function, &memory)
      if fault == .ignoresThePoint { memory.vectors["own"] = parameters }
    }
  }

  func save() throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "∞", negativeInfinity: "-∞", nan: "NaN")
    var saved = memory
    saved.vectors["dimension"] = [Double](repeating: 0, count: dimension)
    if fault == .losesVectorsAfter256, memory.step > 256 {
      saved.vectors = saved.vectors.filter { $0.key == "dimension" }
    }
    if fault == .storesSinglePrecision {
      saved.vectors = saved.vectors.mapValues { $0.map { Double(Float($0)) } }
    }
    return String(decoding: try encoder.encode(saved), as: UTF8.self)
  }

  mutating func load(_ text: String) throws {
    let decoder = JSONDecoder()
    decoder.nonConformingFloatDecodingStrategy = .convertFromString(
      positiveInfinity: "∞", negativeInfinity: "-∞", nan: "NaN")
    var loaded: PlainMemory
    do {
      loaded = try decoder.decode(PlainMemory.self, from: Data(text.utf8))
    } catch DecodingError.keyNotFound where fault == .takesOtherRules {
      memory = PlainMemory()
      return
    }
    guard fault == .takesAnyMemory || loaded.vectors["dimension"]?.count == dimension else {
      throw RefusedMemory()
    }
    loaded.vectors["dimension"] = nil
    if fault == .losesVectors { loaded.vectors = [:] }
    if fault == .losesStepCount { loaded.step = 0 }
    if fault == .countsReloads { loaded.step += 1 }
    if fault == .losesNoise { loaded.noise = PlainMemory().noise }
    memory = loaded
  }
}

/// The memory of the fault `sharesMemory`.
private final class SharedMemory: @unchecked Sendable {
  static let all = SharedMemory()
  private let lock = NSLock()
  private var memories: [Int: PlainMemory] = [:]

  func update(_ dimension: Int, _ body: (inout PlainMemory) throws -> Void) rethrows {
    lock.lock()
    defer { lock.unlock() }
    try body(&memories[dimension, default: PlainMemory()])
  }
}
