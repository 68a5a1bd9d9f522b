import Foundation
import Oracles
import Saddle
import Support
import Testing

/// Programs that find BLAS on kernels for another processor start themselves anew.
@Suite struct BLASStartTests {
  private let emeraldRapids = Processor(
    identity: .x86(vendor: "GenuineIntel", family: 6, model: 207), vectors: .avx512)

  @Test(arguments: [
    (BLASKernel.prescott, [BLASKernel.skylakeX, .haswell]), (.haswell, [.skylakeX]),
    (.zen, [.skylakeX]), (.skylakeX, []), (.sapphireRapids, []),
  ])
  func `only kernels for wider vectors take the place of older ones, the best first`(
    running: BLASKernel, kernels: [BLASKernel]
  ) {
    #expect(BLASStart.kernels(insteadOf: running, on: emeraldRapids) == kernels)
  }

  @Test func `kernels that are not known here are left alone`() {
    #expect(BLASStart.kernels(insteadOf: nil, on: emeraldRapids) == [])
  }

  @Test func `kernels beyond the processor give way to all that suit it`() {
    let masked = Processor(identity: emeraldRapids.identity, vectors: .avx2)
    #expect(BLASStart.kernels(insteadOf: .skylakeX, on: masked) == [.haswell])
  }

  @Test func `a generic ARM kernel gives way to the processor's own`() {
    let graviton = Processor(identity: .arm(implementer: 0x41, part: 0xD40), vectors: .bits128)
    #expect(BLASStart.kernels(insteadOf: .armv8, on: graviton) == [.neoverseV1])
    #expect(BLASStart.kernels(insteadOf: .neoverseV1, on: graviton) == [])
  }

  @Test func `this machine's products are right`() {
    #expect(KernelCheck.fault() == nil)
  }

  // A processor without AVX has no newer kernels than Prescott's.
  #if os(Linux) && arch(x86_64)
    static let hasAVX = Processor.current.vectors > .bits128

    private struct Diagnosis: Decodable {
      let lines: [Line]
      struct Line: Decodable {
        let name: String
        let value: String
        let isFine: Bool
        let remedy: String?
      }

      func line(_ name: String) throws -> Line { try #require(lines.first { $0.name == name }) }
    }

    private func diagnosis(_ environment: [String: String]) throws -> (
      Diagnosis, SaddleProcess.Result
    ) {
      let result = try SaddleProcess.run("doctor", "--json", environment: environment)
      try #require([0, 1].contains(result.status), "\(result.status): \(result.errors)")
      return (try JSONDecoder().decode(Diagnosis.self, from: Data(result.output.utf8)), result)
    }

    @Test(.enabled(if: hasAVX))
    func `kernels of 2004 forced by the environment are seen and mended`() throws {
      let best = try #require(Processor.current.kernels.first)
      let (diagnosis, result) = try diagnosis(["OPENBLAS_CORETYPE": "PRESCOTT"])
      let line = try diagnosis.line("kernels")
      #expect(
        line.value == "\(best.rawValue), in place of Prescott, which OPENBLAS_CORETYPE=PRESCOTT "
          + "asks for in every program but this")
      #expect(line.remedy == "unset OPENBLAS_CORETYPE")
      #expect(result.errors.contains("running \(best.rawValue) instead"), "\(result.errors)")
    }

    @Test(.enabled(if: hasAVX))
    func `a user can keep older kernels, and the doctor says what they cost`() throws {
      let best = try #require(Processor.current.kernels.first)
      let (diagnosis, result) = try diagnosis([
        "OPENBLAS_CORETYPE": "PRESCOTT", "SADDLE_KEEP_CORETYPE": "1",
      ])
      let line = try diagnosis.line("kernels")
      #expect(line.value.hasPrefix("Prescott, older than"), "\(line.value)")
      #expect(!line.isFine && line.remedy == "export OPENBLAS_CORETYPE=\(best.coreType)")
      #expect(result.status == 1 && result.errors == "")
    }

    @Test(.enabled(if: hasAVX && Processor.current.vectors < .avx512))
    func `kernels beyond the processor are mended before they stop the program`() throws {
      let (diagnosis, _) = try diagnosis(["OPENBLAS_CORETYPE": "SKYLAKEX"])
      let best = try #require(Processor.current.kernels.first)
      #expect(try diagnosis.line("kernels").value.hasPrefix("\(best.rawValue), in place of SkylakeX"))
    }

    @Test func `nothing that a start sets is there for programs that it starts, nor mends them`()
      throws
    {
      // What another process was started with is not this one's.
      let note = #"{"process":1,"original":{},"kernel":"Haswell","replacedKernel":"Prescott"}"#
      let (diagnosis, _) = try diagnosis(["SADDLE_START": note])
      #expect(try !diagnosis.line("kernels").value.contains("in place of"))
    }

    @Test func `a note that is none is no start`() throws {
      let (diagnosis, _) = try diagnosis(["SADDLE_START": "zebra"])
      #expect(try !diagnosis.line("kernels").value.contains("in place of"))
    }

    @Test func `a kernel is asked for in words only where the user asked for none`() throws {
      let asked = try SaddleProcess.run(
        "doctor", "--coretype", environment: ["OPENBLAS_CORETYPE": "PRESCOTT"])
      #expect(asked.status == 0 && asked.output == "")
      let own = try SaddleProcess.run("doctor", "--coretype")
      #expect(own.status == 0)
      #expect(["", Processor.current.kernels.first.map { $0.coreType + "\n" }].contains(own.output))
    }

    @Test(arguments: [
      ("/no/such/file", "cannot be loaded"), ("libm.so.6", "cannot be loaded"),
    ])
    func `a BLAS that cannot be loaded is an error`(path: String, cause: String) throws {
      let result = try SaddleProcess.run("optimizers", environment: ["SADDLE_BLAS": path])
      #expect(result.status == 69 && result.output == "")
      #expect(result.errors.contains(cause), "\(result.errors)")
    }

    @Test func `a library that is no BLAS is an error that names what it lacks`() throws {
      let other = try #require(GSL.blasFile)
      let result = try SaddleProcess.run("optimizers", environment: ["SADDLE_BLAS": other])
      #expect(result.status == 69 && result.output == "")
      #expect(result.errors.contains("lacks openblas_get_config"), "\(result.errors)")
    }

    @Test func `the BLAS that SADDLE_BLAS names is the one that is used`() throws {
      // A copy is another file, whatever else is installed.
      let file = try #require(BLASLibrary.current.file)
      let folder = FileManager.default.temporaryDirectory.appending(path: "saddle-\(UUID())")
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      defer { try? FileManager.default.removeItem(at: folder) }
      let copy = folder.appending(path: "another.so")
      try FileManager.default.copyItem(at: URL(fileURLWithPath: file).resolvingSymlinksInPath(), to: copy)
      let (diagnosis, _) = try diagnosis(["SADDLE_BLAS": copy.path])
      #expect(try diagnosis.line("BLAS").value.hasSuffix(copy.resolvingSymlinksInPath().path))
    }
  #endif
}
