import Foundation

#if FUZZING
  /// libFuzzer, which a build with `-sanitize=fuzzer` brings along.
  @_silgen_name("LLVMFuzzerRunDriver")
  private func runFuzzer(
    _ count: UnsafeMutablePointer<CInt>,
    _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>,
    _ test: @convention(c) (UnsafePointer<UInt8>, Int) -> CInt
  ) -> CInt
#endif

/// Gives bytes to the reader that SADDLE_READER names: those of files and folders, or, where it was
/// built so (`script/fuzz`), those that libFuzzer makes up, whose options it then takes.
@main
enum SaddleFuzz {
  static func main() throws {
    guard let name = ProcessInfo.processInfo.environment["SADDLE_READER"] else {
      print(FuzzedReader.allCases.map(\.rawValue).joined(separator: "\n"))
      return
    }
    guard FuzzedReader(rawValue: name) != nil else {
      fatalError("SADDLE_READER: there is no reader \(name)")
    }
    #if FUZZING
      var count = CommandLine.argc
      var arguments = CommandLine.unsafeArgv
      exit(
        runFuzzer(&count, &arguments) { start, count in
          SaddleFuzz.read(Array(UnsafeBufferPointer(start: start, count: count)))
          return 0
        })
    #else
      for path in CommandLine.arguments.dropFirst() {
        for file in try files(path) { read(try [UInt8](Data(contentsOf: file))) }
      }
    #endif
  }

  /// Here a reader's error of another kind ends the process, as a crash of its does.
  private static func read(_ bytes: [UInt8]) {
    do {
      try Self.reader.read(bytes, in: Self.folder)
    } catch {
      fatalError("\(error)")
    }
  }

  nonisolated(unsafe) private static let folder: ReadersFolder = {
    let memory = URL(fileURLWithPath: "/dev/shm", isDirectory: true)
    let parent =
      FileManager.default.isWritableFile(atPath: memory.path)
      ? memory : FileManager.default.temporaryDirectory
    let url = parent.appending(path: "saddle-fuzz-\(getpid())")
    do {
      try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
      return try ReadersFolder(url)
    } catch {
      fatalError("\(url.path): \(error)")
    }
  }()

  private static let reader: FuzzedReader = {
    let name = ProcessInfo.processInfo.environment["SADDLE_READER"] ?? ""
    guard let reader = FuzzedReader(rawValue: name) else { fatalError("no reader \(name)") }
    return reader
  }()

  /// A file, or those of a folder in the order of their names.
  static func files(_ path: String) throws -> [URL] {
    let url = URL(fileURLWithPath: path)
    guard (try? url.resourceValues(forKeys: [.isDirectoryKey]))?.isDirectory == true else {
      return [url]
    }
    return try FileManager.default.contentsOfDirectory(at: url, includingPropertiesForKeys: nil)
      .sorted { $0.path < $1.path }
  }
}
