import CProcessor
import Foundation

/// What a processor is, and which vectors it computes with.
public struct Processor: Codable, Equatable, Sendable {
  /// Its designation, by which BLAS libraries know it.
  public enum Identity: Codable, Equatable, Sendable {
    /// CPUID's vendor ("GenuineIntel"), family and model.
    case x86(vendor: String, family: Int, model: Int)
    /// The main identification register's implementer and part.
    case arm(implementer: Int, part: Int)
    case unknown
  }

  public let identity: Identity
  public let vectors: Vectors
  /// As the system calls it; empty where it does not say.
  public let name: String

  /// The widest vectors that a processor multiplies and adds, each including those before it.
  ///
  /// They are what the processor has, the operating system saves and the hypervisor does not hide:
  /// what a program may use.
  public enum Vectors: String, CaseIterable, Codable, Comparable, Sendable {
    /// 128 bits; on ARM, Advanced SIMD with fused multiply-add.
    case bits128 = "128 bits"
    /// AVX: 256 bits, a multiplication and an addition apart.
    case avx = "AVX"
    /// AVX2 with fused multiply-add.
    case avx2 = "AVX2"
    /// AVX-512 as servers have had it since Skylake: F, CD, BW, DQ and VL.
    case avx512 = "AVX-512"

    public static func < (one: Self, other: Self) -> Bool { one.rank < other.rank }
    private var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }
  }

  public init(identity: Identity, vectors: Vectors, name: String = "") {
    self.identity = identity
    self.vectors = vectors
    self.name = name
  }

  /// The processor that this process runs on.
  public static let current: Processor = {
    if let words = CPUIDWords.current { return Processor(words) }
    #if os(Linux)
      return Processor(cpuinfo: (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? "")
    #else
      return Processor(identity: .unknown, vectors: .bits128)
    #endif
  }()
}

extension Processor: CustomStringConvertible {
  public var description: String {
    let designation =
      switch identity {
      case .x86(let vendor, let family, let model): "\(vendor) family \(family) model \(model), "
      case .arm(let implementer, let part):
        "ARM implementer 0x\(String(implementer, radix: 16)) part 0x\(String(part, radix: 16)), "
      case .unknown: ""
      }
    return (name.isEmpty ? "unnamed processor" : name) + " (\(designation)\(vectors.rawValue))"
  }
}

/// What CPUID answers of a processor's identity and features (Intel SDM volume 2A, CPUID).
public struct CPUIDWords: Equatable, Sendable {
  /// Leaf 0: twelve letters.
  public let vendor: String
  /// Leaf 1, eax and ecx.
  public let signature: UInt32
  public let basicFeatures: UInt32
  /// Leaf 7, ebx of subleaf 0.
  public let extendedFeatures: UInt32
  /// XCR0: the register states that the operating system saves.
  public let savedStates: UInt64
  /// Leaves 0x80000002 to 0x80000004.
  public let brand: String

  public init(
    vendor: String, signature: UInt32, basicFeatures: UInt32, extendedFeatures: UInt32,
    savedStates: UInt64, brand: String = ""
  ) {
    self.vendor = vendor
    self.signature = signature
    self.basicFeatures = basicFeatures
    self.extendedFeatures = extendedFeatures
    self.savedStates = savedStates
    self.brand = brand
  }

  /// This processor's; nil where it has no CPUID.
  static var current: CPUIDWords? {
    func words(_ leaf: UInt32, _ subleaf: UInt32 = 0) -> [UInt32]? {
      var words = [UInt32](repeating: 0, count: 4)
      return saddle_cpuid(leaf, subleaf, &words) ? words : nil
    }
    func text(_ words: [UInt32]) -> String {
      let bytes = words.flatMap { word in (0..<4).map { UInt8(truncatingIfNeeded: word >> (8 * $0)) } }
      return String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    }
    guard let zero = words(0), let one = words(1), let seven = words(7) else { return nil }
    return CPUIDWords(
      vendor: text([zero[1], zero[3], zero[2]]), signature: one[0], basicFeatures: one[2],
      extendedFeatures: seven[1], savedStates: saddle_saved_states(),
      brand: text((2...4).flatMap { words(0x8000_0000 + $0) ?? [] })
        .split(separator: " ").joined(separator: " "))
  }

  var family: Int {
    let base = Int(signature >> 8 & 0xF)
    return base == 0xF ? base + Int(signature >> 20 & 0xFF) : base
  }

  var model: Int {
    let base = Int(signature >> 4 & 0xF)
    let hasExtension = signature >> 8 & 0xF == 0xF || signature >> 8 & 0xF == 6
    return hasExtension ? Int(signature >> 16 & 0xF) << 4 | base : base
  }

  /// The widest vectors of which the processor has every part and the system saves the registers.
  var vectors: Processor.Vectors {
    func has(_ bits: [Int], of word: UInt32) -> Bool { bits.allSatisfy { word >> $0 & 1 == 1 } }
    let savesYMM = savedStates & 0b110 == 0b110
    let savesZMM = savedStates & 0b1110_0110 == 0b1110_0110
    let (osxsave, avx, fma) = (27, 28, 12)
    guard has([osxsave, avx], of: basicFeatures), savesYMM else { return .bits128 }
    let avx2 = 5
    guard has([fma], of: basicFeatures), has([avx2], of: extendedFeatures) else { return .avx }
    let (f, dq, cd, bw, vl) = (16, 17, 28, 30, 31)
    return has([f, dq, cd, bw, vl], of: extendedFeatures) && savesZMM ? .avx512 : .avx2
  }
}

extension Processor {
  public init(_ words: CPUIDWords) {
    self.init(
      identity: .x86(vendor: words.vendor, family: words.family, model: words.model),
      vectors: words.vectors, name: words.brand)
  }

  /// Of a system without CPUID, from Linux's description of its first processor.
  public init(cpuinfo: String) {
    let fields = Dictionary(
      cpuinfo.split(separator: "\n").compactMap { line -> (String, String)? in
        let parts = line.split(separator: ":", maxSplits: 1)
          .map { $0.trimmingCharacters(in: .whitespaces) }
        return parts.count == 2 ? (parts[0], parts[1]) : nil
      }, uniquingKeysWith: { first, _ in first })
    func number(_ name: String) -> Int? {
      fields[name].flatMap { Int($0.replacing("0x", with: ""), radix: 16) }
    }
    if let implementer = number("CPU implementer"), let part = number("CPU part") {
      self.init(
        identity: .arm(implementer: implementer, part: part), vectors: .bits128,
        name: fields["model name"] ?? "")
    } else {
      self.init(identity: .unknown, vectors: .bits128, name: fields["model name"] ?? "")
    }
  }
}
