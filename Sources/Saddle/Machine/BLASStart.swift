import Foundation

/// How this process was started anew, so that BLAS was loaded with what suits the machine.
///
/// OpenBLAS chooses its kernels in its constructor, by the families and models of processors that
/// it knew when it was released; 0.3.21 takes those of 2004 on Intel's family 6 from model 176 on
/// (`driver/others/dynamic.c` lacks a `break` there). `OPENBLAS_CORETYPE` overrides the choice, if
/// it is set before the program starts; hence a program that finds itself on kernels that do not
/// suit the processor starts itself anew. So it does where `SADDLE_BLAS` names another library.
public struct BLASStart: Codable, Equatable, Sendable {
  /// The process, which stays the same when it starts anew; its children have others, and so do
  /// not take this for theirs.
  let process: Int32
  /// What was set before of the variables that are changed; what is absent was not.
  let original: [String: String]
  /// The library that `SADDLE_BLAS` named.
  package private(set) var library: String?
  /// The kernels that were asked for, and the name of those that BLAS would have run.
  package private(set) var kernel: BLASKernel?
  package private(set) var replacedKernel: String?

  /// The variables that a start sets, each read while the program is loaded.
  private static let coreType = "OPENBLAS_CORETYPE"
  private static let preload = "LD_PRELOAD"

  /// What the user asked for with `OPENBLAS_CORETYPE`.
  package var userCoreType: String? { original[Self.coreType] }

  private static let variable = "SADDLE_START"
  private static let probe = "SADDLE_KERNEL_PROBE"

  /// How this process was started anew; nil where it was not.
  package static let current: BLASStart? = {
    let text = ProcessInfo.processInfo.environment[variable] ?? ""
    let start = try? JSONDecoder().decode(BLASStart.self, from: Data(text.utf8))
    return start?.process == ProcessInfo.processInfo.processIdentifier ? start : nil
  }()
}

/// Why a program cannot start with the BLAS that was asked for.
public enum BLASStartError: Error, Equatable, CustomStringConvertible {
  case notLoaded(path: String, cause: String)
  case lacks(path: String, name: String)

  public var description: String {
    switch self {
    case .notLoaded(let path, let cause): "SADDLE_BLAS=\(path): cannot be loaded: \(cause)"
    case .lacks(let path, let name):
      """
      SADDLE_BLAS=\(path): is no build of OpenBLAS with LAPACK under the usual names: it lacks \
      \(name). See docs/blas.md
      """
    }
  }
}

#if os(Linux)
  extension BLASStart {
    /// What a program does first: it starts itself anew where BLAS is not to stay as it was loaded.
    ///
    /// Each reason can make it do so once. New kernels are taken only after another process has
    /// multiplied rightly with them. The programs that this one starts find the environment that
    /// the user gave it.
    ///
    /// - Parameter say: Takes a remark for the user.
    public static func prepare(saying say: (String) -> Void) throws(BLASStartError) {
      let environment = ProcessInfo.processInfo.environment
      if environment[probe] != nil { exit(KernelCheck.fault() == nil ? 0 : 1) }
      var start =
        current
        ?? BLASStart(
          process: ProcessInfo.processInfo.processIdentifier,
          original: environment.filter { [coreType, preload].contains($0.key) })
      if current != nil { start.restore() }

      if let path = environment["SADDLE_BLAS"], !path.isEmpty, start.library == nil {
        let file = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
        try check(file)
        start.library = file
        start.begin()
      }
      guard start.kernel == nil, environment[KernelNotice.keepsCoreType] == nil else { return }
      let library = BLASLibrary.current
      guard let kernel = kernels(insteadOf: library.kernel, on: .current).first(where: start.computesRightly)
      else { return }
      if let asked = environment[coreType] {
        say(
          """
          OPENBLAS_CORETYPE=\(asked) asks for kernels that do not suit this \
          \(Processor.current.vectors.rawValue) processor: running \(kernel.rawValue) instead \
          (\(KernelNotice.keepsCoreType)=1 keeps them)
          """)
      }
      start.kernel = kernel
      start.replacedKernel = library.kernelName
      start.begin()
    }

    /// The kernels that suit a processor better than those that run, the best first.
    package static func kernels(
      insteadOf running: BLASKernel?, on processor: Processor
    ) -> [BLASKernel] {
      guard let running else { return [] }
      return switch running.fit(on: processor) {
      case .older: processor.kernels.filter { $0.isAhead(of: running) }
      case .beyond: processor.kernels
      case .right: []
      }
    }

    /// What a start changes of the environment.
    private var changes: [(name: String, value: String)] {
      var changes: [(String, String)] = []
      if let library {
        changes.append(
          (Self.preload, ([library] + [original[Self.preload]].compactMap(\.self)).joined(separator: ":")))
      }
      if let kernel { changes.append((Self.coreType, kernel.coreType)) }
      return changes
    }

    /// Replaces this process; returns only where the system does not let it, and then all stays as
    /// it was.
    private func begin() {
      guard let path = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"),
        let note = try? JSONEncoder().encode(self)
      else { return }
      for (name, value) in changes { setenv(name, value, 1) }
      setenv(Self.variable, String(decoding: note, as: UTF8.self), 1)
      var words = CommandLine.arguments.map { strdup($0) } + [nil]
      execv(path, &words)
      for word in words { free(word) }
      unsetenv(Self.variable)
      restore()
    }

    /// Sets variables as the user had them.
    private func restore() {
      for name in [Self.coreType, Self.preload] {
        if let value = original[name] { setenv(name, value, 1) } else { unsetenv(name) }
      }
    }

    /// Whether another process multiplies rightly with these kernels. One that needs instructions
    /// which are not there, or runs into the end of its memory, ends that process only.
    private func computesRightly(_ kernel: BLASKernel) -> Bool {
      guard let path = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
      else { return false }
      var environment = ProcessInfo.processInfo.environment
      var trial = self
      trial.kernel = kernel
      for (name, value) in trial.changes { environment[name] = value }
      environment[Self.probe] = kernel.coreType
      return (try? Program(path: path, environment: environment).run([]))?.status == 0
    }

    /// Whether a file can take OpenBLAS's place.
    private static func check(_ path: String) throws(BLASStartError) {
      guard let handle = dlopen(path, RTLD_NOW | RTLD_LOCAL) else {
        throw .notLoaded(path: path, cause: dlerror().map { String(cString: $0) } ?? "no reason given")
      }
      for name in [
        "openblas_get_config", "openblas_get_corename", "openblas_get_num_threads",
        "openblas_set_num_threads", "dgemm_", "sgemm_", "dsyevd_", "ssyevd_",
      ] where dlsym(handle, name) == nil {
        throw .lacks(path: path, name: name)
      }
    }
  }
#else
  extension BLASStart {
    /// Apple's systems have one processor to a build, and a program's file is not at a known path.
    public static func prepare(saying say: (String) -> Void) throws(BLASStartError) {}
  }
#endif
