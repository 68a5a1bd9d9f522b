import Saddle
import Testing

/// What a machine's processor allows.
@Suite struct MachineFiguresTests {
  @Test(arguments: [
    ("GenuineIntel", 6, 207, Processor.Vectors.avx512, 32), ("GenuineIntel", 6, 143, .avx512, 32),
    ("GenuineIntel", 6, 140, .avx512, 16), ("GenuineIntel", 6, 60, .avx2, 16),
    ("GenuineIntel", 6, 42, .avx, 8), ("AuthenticAMD", 23, 1, .avx2, 8),
    ("AuthenticAMD", 23, 49, .avx2, 16), ("AuthenticAMD", 25, 1, .avx2, 16),
    ("AuthenticAMD", 25, 17, .avx512, 16), ("AuthenticAMD", 26, 2, .avx512, 32),
  ])
  func `flops a cycle are the vectors' width times the units times two`(
    vendor: String, family: Int, model: Int, vectors: Processor.Vectors, flops: Int
  ) {
    let processor = Processor(
      identity: .x86(vendor: vendor, family: family, model: model), vectors: vectors)
    #expect(processor.doublesPerCycle.count == flops)
  }

  @Test func `a peak is clock times flops times cores, twice that in single precision`() {
    let peak = ProcessorPeak(clock: 3e9, doublesPerCycle: 16, isDocumented: true, cores: 2)
    #expect(peak.flops(Double.self) == 96e9 && peak.flops(Float.self) == 192e9)
    #expect(peak.derivation == "2 cores × 3.00 GHz (measured) × 16 flops a cycle (documented)")
  }

  @Test func `a clock that is measured is one that processors have`() {
    let peak = ProcessorPeak.measured(threads: 1)
    #expect(peak.cores == 1 && peak.clock > 1e8 && peak.clock < 2e10)
  }

  @Test func `a summary names processor, library, kernels and both speeds`() {
    let figures = MachineFigures(
      processor: Processor(
        identity: .x86(vendor: "GenuineIntel", family: 6, model: 207), vectors: .avx512,
        name: "A processor"),
      library: BLASLibrary(
        file: nil, configuration: "OpenBLAS 0.3.21 DYNAMIC_ARCH", kernelName: "Prescott", threads: 2),
      peak: ProcessorPeak(clock: 3e9, doublesPerCycle: 32, isDocumented: true, cores: 2),
      doubleProduct: 19.2e9, floatProduct: 38.4e9)
    #expect(
      figures.summary
        == "A processor (AVX-512), OpenBLAS 0.3.21 with Prescott kernels, older than the processor "
        + "(see `saddle doctor`), 2 threads: gemm 19 GFLOP/s (10 % of the processor's peak) in "
        + "double, 38 GFLOP/s (10 % of the processor's peak) in single precision")
  }
}
