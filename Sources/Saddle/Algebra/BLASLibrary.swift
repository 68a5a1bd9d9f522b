import CProcessor
import Foundation

/// The BLAS that this process computes with.
public struct BLASLibrary: Codable, Equatable, Sendable {
  /// The file it was loaded from; nil where the loader does not say.
  public let file: String?
  /// Its own description: version, options, kernels.
  public let configuration: String
  /// The kernels it runs, as it calls them.
  public let kernelName: String
  /// How many threads it takes: one per core, unless `OPENBLAS_NUM_THREADS` says otherwise.
  public let threads: Int

  public init(file: String?, configuration: String, kernelName: String, threads: Int) {
    self.file = file
    self.configuration = configuration
    self.kernelName = kernelName
    self.threads = threads
  }

  /// The one in use.
  public static var current: BLASLibrary {
    BLASLibrary(
      file: saddle_file_of("dgemm_").map { String(cString: $0) }, configuration: blasDescription,
      kernelName: bridgedKernelName, threads: blasThreadCount)
  }

  /// The kernels it runs; nil where they are not among those known here.
  public var kernel: BLASKernel? { BLASKernel(rawValue: kernelName) }

  /// "OpenBLAS 0.3.21", as far as its description goes.
  public var version: String {
    configuration.split(separator: " ").prefix(2).joined(separator: " ")
  }

  /// How its kernels suit a processor; those that are not known here count as right.
  public func fit(on processor: Processor) -> BLASKernel.Fit {
    kernel?.fit(on: processor) ?? .right
  }
}

/// What is wrong with the kernels in use, said once in a process.
enum KernelNotice {
  /// Says it on standard error, the first time that this is asked for.
  static let given: Void = {
    let environment = ProcessInfo.processInfo.environment
    guard environment[keepsCoreType] == nil,
      let text = text(kernel: BLASLibrary.current, on: .current)
    else { return }
    try? FileHandle.standardError.write(contentsOf: Data((text + "\n").utf8))
  }()

  /// The variable that, whatever it is set to, keeps the kernels as they are, without a word.
  static let keepsCoreType = "SADDLE_KEEP_CORETYPE"

  /// The notice; nil where the kernels suit the processor.
  static func text(kernel library: BLASLibrary, on processor: Processor) -> String? {
    guard let best = processor.kernels.first else { return nil }
    let remedy = """
      set OPENBLAS_CORETYPE=\(best.coreType) before the program starts (BLAS reads it when it is \
      loaded), or \(keepsCoreType)=1 to keep the kernels and this quiet
      """
    return switch library.fit(on: processor) {
    case .right: nil
    case .older:
      """
      saddle: \(library.version) runs its \(library.kernelName) kernels, which are older than this \
      \(processor.vectors.rawValue) processor and several times slower: \(remedy)
      """
    case .beyond:
      """
      saddle: \(library.version) runs its \(library.kernelName) kernels, which need more than this \
      \(processor.vectors.rawValue) processor has: \(remedy)
      """
    }
  }
}
