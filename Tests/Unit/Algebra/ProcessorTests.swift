import Foundation
import Saddle
import Testing

/// Which kernels of OpenBLAS a processor should run on, by the words of its CPUID.
@Suite struct ProcessorTests {
  /// The words of a processor that is known by name.
  struct Known: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let words: CPUIDWords
    let family: Int
    let model: Int
    let kernel: BLASKernel?

    init(
      _ name: String, _ vendor: String, _ signature: UInt32, _ features: Features, saves: UInt64,
      is family: Int, _ model: Int, runs kernel: BLASKernel?
    ) {
      testDescription = name
      words = CPUIDWords(
        vendor: vendor, signature: signature, basicFeatures: features.basic,
        extendedFeatures: features.extended, savedStates: saves)
      self.family = family
      self.model = model
      self.kernel = kernel
    }
  }

  struct Features: Sendable {
    let basic: UInt32
    let extended: UInt32
    // SSE3, SSSE3, SSE4.1, SSE4.2; with AVX also XSAVE, OSXSAVE, AVX; then FMA.
    static let sse = Features(basic: 0x0018_0201, extended: 0)
    static let avx = Features(basic: 0x1C18_0201, extended: 0)
    static let avx2 = Features(basic: 0x1C18_1201, extended: 1 << 5)
    static let avx2WithoutFMA = Features(basic: 0x1C18_0201, extended: 1 << 5)
    // F, CD, ER and PF, as on Xeon Phi: neither BW nor DQ nor VL.
    static let phi = Features(basic: 0x1C18_1201, extended: 0x1C01_0020)
    static let avx512 = Features(basic: 0x1C18_1201, extended: 0xD003_0020)
  }

  static let sse: UInt64 = 0b11
  static let ymm: UInt64 = 0b111
  static let zmm: UInt64 = 0b1110_0111
  static let (intel, amd, hygon) = ("GenuineIntel", "AuthenticAMD", "HygonGenuine")

  static let known: [Known] = [
    Known("Core 2", intel, 0x0001_067A, .sse, saves: sse, is: 6, 23, runs: nil),
    Known("Nehalem", intel, 0x0001_06A5, .sse, saves: sse, is: 6, 26, runs: nil),
    Known("Sandy Bridge", intel, 0x0002_06A7, .avx, saves: ymm, is: 6, 42, runs: .sandybridge),
    Known("Haswell", intel, 0x0003_06C3, .avx2, saves: ymm, is: 6, 60, runs: .haswell),
    Known("Alder Lake", intel, 0x0009_0672, .avx2, saves: ymm, is: 6, 151, runs: .haswell),
    Known("Raptor Lake", intel, 0x000B_0671, .avx2, saves: ymm, is: 6, 183, runs: .haswell),
    Known("Knights Landing", intel, 0x0005_0671, .phi, saves: zmm, is: 6, 87, runs: .haswell),
    Known("Skylake-X", intel, 0x0005_0654, .avx512, saves: zmm, is: 6, 85, runs: .skylakeX),
    Known("Ice Lake-SP", intel, 0x0006_06A6, .avx512, saves: zmm, is: 6, 106, runs: .skylakeX),
    Known("Sapphire Rapids", intel, 0x0008_06F8, .avx512, saves: zmm, is: 6, 143, runs: .skylakeX),
    Known("Emerald Rapids", intel, 0x000C_06F2, .avx512, saves: zmm, is: 6, 207, runs: .skylakeX),
    Known("Granite Rapids", intel, 0x000A_06D1, .avx512, saves: zmm, is: 6, 173, runs: .skylakeX),
    Known("Piledriver", amd, 0x0060_0F20, .avx, saves: ymm, is: 21, 2, runs: .bulldozer),
    Known("Excavator", amd, 0x0066_0F51, .avx2, saves: ymm, is: 21, 101, runs: .excavator),
    Known("Zen", amd, 0x0080_0F12, .avx2, saves: ymm, is: 23, 1, runs: .zen),
    Known("Zen 2", amd, 0x0083_0F10, .avx2, saves: ymm, is: 23, 49, runs: .zen),
    Known("Zen 3", amd, 0x00A0_0F11, .avx2, saves: ymm, is: 25, 1, runs: .zen),
    Known("Zen 4", amd, 0x00A1_0F11, .avx512, saves: zmm, is: 25, 17, runs: .skylakeX),
    Known("Zen 5", amd, 0x00B0_0F21, .avx512, saves: zmm, is: 26, 2, runs: .skylakeX),
    Known("Hygon Dhyana", hygon, 0x0090_0F01, .avx2, saves: ymm, is: 24, 0, runs: .zen),
    // What hypervisors and systems hide.
    Known(
      "Emerald Rapids without AVX-512", intel, 0x000C_06F2, .avx2, saves: ymm, is: 6, 207,
      runs: .haswell),
    Known(
      "Emerald Rapids whose system saves no ZMM registers", intel, 0x000C_06F2, .avx512, saves: ymm,
      is: 6, 207, runs: .haswell),
    Known(
      "Emerald Rapids whose system saves no YMM registers", intel, 0x000C_06F2, .avx512, saves: sse,
      is: 6, 207, runs: nil),
    Known(
      "Sapphire Rapids without AVX", intel, 0x0008_06F8, .sse, saves: sse, is: 6, 143, runs: nil),
    Known(
      "Zen 3 without FMA", amd, 0x00A0_0F11, .avx2WithoutFMA, saves: ymm, is: 25, 1,
      runs: .sandybridge),
    Known("Zen 4 without AVX-512", amd, 0x00A1_0F11, .avx2, saves: ymm, is: 25, 17, runs: .zen),
  ]

  @Test(arguments: known)
  func `a processor is named by its signature and gets the kernel of its features`(known: Known) {
    let processor = Processor(known.words)
    #expect(
      processor.identity
        == .x86(vendor: known.words.vendor, family: known.family, model: known.model))
    #expect(processor.kernels.first == known.kernel)
  }

  @Test(arguments: known)
  func `the kernel a processor gets suits it, those after it never need more`(known: Known) {
    let processor = Processor(known.words)
    if let kernel = processor.kernels.first { #expect(kernel.fit(on: processor) == .right) }
    for kernel in processor.kernels { #expect(kernel.fit(on: processor) != .beyond) }
  }

  @Test(arguments: [
    ("Emerald Rapids", BLASKernel.prescott, BLASKernel.Fit.older),
    ("Emerald Rapids", .haswell, .older), ("Emerald Rapids", .cooperlake, .right),
    ("Emerald Rapids", .sapphireRapids, .right), ("Emerald Rapids without AVX-512", .skylakeX, .beyond),
    ("Emerald Rapids without AVX-512", .prescott, .older), ("Raptor Lake", .prescott, .older),
    ("Zen 3", .zen, .right), ("Zen 3", .haswell, .right), ("Zen 3", .prescott, .older),
    ("Zen 3", .skylakeX, .beyond), ("Zen 4", .zen, .older), ("Core 2", .prescott, .right),
    ("Core 2", .haswell, .beyond), ("Sandy Bridge", .nehalem, .older),
  ])
  func `a kernel for narrower vectors is older, for wider ones beyond the processor`(
    name: String, kernel: BLASKernel, fit: BLASKernel.Fit
  ) throws {
    let known = try #require(Self.known.first { $0.testDescription == name })
    #expect(kernel.fit(on: Processor(known.words)) == fit)
  }

  @Test(arguments: [
    ("0x41", "0xd0c", BLASKernel.neoverseN1), ("0x41", "0xd40", .neoverseV1),
    ("0x41", "0xd4f", .neoverseN2), ("0x41", "0xd08", .cortexA72), ("0x41", "0xfff", .armv8),
  ])
  func `an ARM processor is known by Linux's description of it`(
    implementer: String, part: String, kernel: BLASKernel
  ) {
    let processor = Processor(
      cpuinfo: """
        processor\t: 0
        BogoMIPS\t: 243.75
        CPU implementer\t: \(implementer)
        CPU architecture: 8
        CPU variant\t: 0x3
        CPU part\t: \(part)

        processor\t: 1
        CPU implementer\t: 0x41
        CPU part\t: 0xd03
        """)
    #expect(processor.kernels.first == kernel)
    #expect(BLASKernel.armv8.fit(on: processor) == (kernel == .armv8 ? .right : .older))
  }

  @Test(arguments: ["", "processor : 0", "CPU implementer : \nCPU part : zebra"])
  func `a processor that nothing is known of gets no kernel and no blame`(cpuinfo: String) {
    let processor = Processor(cpuinfo: cpuinfo)
    #expect(processor.identity == .unknown && processor.kernels == [])
    #expect(BLASKernel.prescott.fit(on: processor) == .right)
  }

  @Test func `this processor is what Linux says it is`() throws {
    let text = try String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)
    func field(_ name: String) -> String? {
      text.split(separator: "\n").first { $0.hasPrefix(name + "\t") }?.split(separator: ":").last
        .map { $0.trimmingCharacters(in: .whitespaces) }
    }
    guard case .x86(let vendor, let family, let model) = Processor.current.identity else { return }
    #expect(field("vendor_id") == vendor)
    #expect(field("cpu family") == "\(family)" && field("model") == "\(model)")
    let flags = Set(try #require(field("flags")).split(separator: " ").map(String.init))
    let isAVX512 = flags.isSuperset(of: ["avx512f", "avx512cd", "avx512bw", "avx512dq", "avx512vl"])
    let expected: Processor.Vectors =
      isAVX512
      ? .avx512
      : flags.isSuperset(of: ["avx2", "fma"]) ? .avx2 : flags.contains("avx") ? .avx : .bits128
    #expect(Processor.current.vectors == expected)
  }
}
