/// A set of kernels in OpenBLAS, written for one kind of processor; the raw value is the name that
/// `openblas_get_corename` gives it. In capitals it is the word that `OPENBLAS_CORETYPE` takes.
public enum BLASKernel: String, CaseIterable, Codable, Sendable {
  case prescott = "Prescott"
  case atom = "Atom"
  case core2 = "Core2"
  case penryn = "Penryn"
  case dunnington = "Dunnington"
  case nehalem = "Nehalem"
  case nano = "Nano"
  case opteron = "Opteron"
  case opteronSSE3 = "Opteron_SSE3"
  case barcelona = "Barcelona"
  case bobcat = "Bobcat"
  case sandybridge = "Sandybridge"
  case bulldozer = "Bulldozer"
  case piledriver = "Piledriver"
  case steamroller = "Steamroller"
  case excavator = "Excavator"
  case haswell = "Haswell"
  case zen = "Zen"
  case skylakeX = "SkylakeX"
  case cooperlake = "Cooperlake"
  case sapphireRapids = "SapphireRapids"

  case armv8 = "armv8"
  case cortexA53 = "cortexa53"
  case cortexA55 = "cortexa55"
  case cortexA57 = "cortexa57"
  case cortexA72 = "cortexa72"
  case cortexA73 = "cortexa73"
  case falkor = "falkor"
  case thunderX = "thunderx"
  case thunderX2 = "thunderx2t99"
  case thunderX3 = "thunderx3t110"
  case tsv110 = "tsv110"
  case emag8180 = "emag8180"
  case neoverseN1 = "neoversen1"
  case neoverseV1 = "neoversev1"
  case neoverseN2 = "neoversen2"

  /// What `OPENBLAS_CORETYPE` calls it.
  public var coreType: String { rawValue.uppercased() }

  /// The vectors that its instructions need.
  var vectors: Processor.Vectors {
    switch self {
    case .sandybridge, .bulldozer, .piledriver, .steamroller: .avx
    case .excavator, .haswell, .zen: .avx2
    case .skylakeX, .cooperlake, .sapphireRapids: .avx512
    default: .bits128
    }
  }

  /// How a kernel and a processor suit each other.
  public enum Fit: String, Codable, Sendable {
    case right
    /// Written for an older processor: it uses half of the vectors' width, or less.
    case older
    /// It needs instructions that this processor does not have, and would be stopped.
    case beyond
  }

  /// Whether it uses wider vectors than another, or is for one processor where that is for all.
  func isAhead(of other: BLASKernel) -> Bool {
    other.vectors < vectors || other == .armv8 && self != .armv8
  }

  public func fit(on processor: Processor) -> Fit {
    switch processor.identity {
    case .x86:
      if vectors < processor.vectors { return .older }
      return vectors > processor.vectors ? .beyond : .right
    case .arm:
      return self == .armv8 && processor.kernels.first.map { $0 != self } == true ? .older : .right
    case .unknown: return .right
    }
  }
}

extension Processor {
  /// The kernels that suit it, the best first: by its features, since a library knows the families
  /// and models of its own time only; empty where nothing is known of the processor.
  ///
  /// OpenBLAS 0.3.21 takes all these names (`driver/others/dynamic.c`, `dynamic_arm64.c`).
  public var kernels: [BLASKernel] {
    switch identity {
    case .x86(let vendor, let family, _):
      let isAMD = ["AuthenticAMD", "HygonGenuine"].contains(vendor)
      let (bulldozer, zen) = (21, 23)
      let avx2: [BLASKernel] = !isAMD ? [.haswell] : family >= zen ? [.zen, .haswell] : [.excavator]
      return switch vectors {
      // Cooperlake's products of floats and doubles are these, and 0.3.21 does not take its name.
      case .avx512: [.skylakeX] + avx2
      case .avx2: avx2
      case .avx: [isAMD && family == bulldozer ? .bulldozer : .sandybridge]
      case .bits128: []
      }
    case .arm(let implementer, let part):
      return Self.armKernels[[implementer, part]].map { [$0, .armv8] } ?? [.armv8]
    case .unknown: return []
    }
  }

  /// By implementer and part of the main identification register.
  private static let armKernels: [[Int]: BLASKernel] = [
    [0x41, 0xD03]: .cortexA53, [0x41, 0xD05]: .cortexA55, [0x41, 0xD07]: .cortexA57,
    [0x41, 0xD08]: .cortexA72, [0x41, 0xD09]: .cortexA73, [0x41, 0xD0C]: .neoverseN1,
    [0x41, 0xD40]: .neoverseV1, [0x41, 0xD49]: .neoverseN2,
    // V2, which 0.3.21 does not know, has what N2 has.
    [0x41, 0xD4F]: .neoverseN2,
    [0x42, 0x516]: .thunderX2, [0x43, 0x0A1]: .thunderX, [0x43, 0x0AF]: .thunderX2,
    [0x43, 0x0B8]: .thunderX3, [0x48, 0xD01]: .tsv110, [0x50, 0x000]: .emag8180,
    [0x51, 0xC00]: .falkor,
  ]
}
