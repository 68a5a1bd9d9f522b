import Foundation

/// Why a report could not be made.
public enum ReportError: Error, Equatable, CustomStringConvertible {
  case gnuplotMissing
  case gnuplotFailed(status: Int, message: String)
  case notWritable(path: String, cause: String)

  public var description: String {
    switch self {
    case .gnuplotMissing:
      "gnuplot draws the report's pictures and is not on the PATH: run script/bootstrap, or "
        + "`apt-get install gnuplot-nox`"
    case .gnuplotFailed(let status, let message): "gnuplot ended with status \(status): \(message)"
    case .notWritable(let path, let cause): "\(path): cannot be written: \(cause)"
    }
  }
}

/// Runs gnuplot: a script in, a picture out.
public struct Gnuplot: Sendable {
  private let executable: URL

  /// - Throws: `ReportError.gnuplotMissing`.
  public init(
    environment: [String: String] = ProcessInfo.processInfo.environment
  ) throws(ReportError) {
    let candidates = (environment["PATH"] ?? "").split(separator: ":").map {
      URL(fileURLWithPath: String($0)).appending(path: "gnuplot")
    }
    guard
      let found = candidates.first(where: {
        FileManager.default.isExecutableFile(atPath: $0.path)
      })
    else { throw .gnuplotMissing }
    executable = found
  }

  /// The SVG that a script draws; the terminal is set for it.
  ///
  /// - Throws: `ReportError`: what gnuplot said.
  public func svg(_ script: String, width: Int = 760, height: Int = 400) throws(ReportError)
    -> String
  {
    let folder = FileManager.default.temporaryDirectory.appending(
      path: "saddle-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    let source = folder.appending(path: "plot.gp")
    let target = folder.appending(path: "plot.svg")
    let log = folder.appending(path: "plot.log")
    do {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      let header = """
        set terminal svg size \(width),\(height) dynamic enhanced font 'Helvetica,13' \
        background '#ffffff'
        set encoding utf8
        set output '\(target.path)'
        set border 3 lc rgb '#666666'
        set tics nomirror out textcolor rgb '#333333'
        set grid ytics lc rgb '#e4e4e4' lw 1
        set key opaque

        """
      try Data((header + script).utf8).write(to: source)
      // A file, not a pipe: nothing to drain while gnuplot runs.
      try Data().write(to: log)
      let process = Process()
      process.executableURL = executable
      process.arguments = [source.path]
      process.standardInput = FileHandle.nullDevice
      process.standardOutput = FileHandle.nullDevice
      process.standardError = try FileHandle(forWritingTo: log)
      try process.run()
      process.waitUntilExit()
      let message = String(decoding: try Data(contentsOf: log), as: UTF8.self)
      guard process.terminationStatus == 0 else {
        throw ReportError.gnuplotFailed(
          status: Int(process.terminationStatus), message: message)
      }
      return String(decoding: try Data(contentsOf: target), as: UTF8.self)
    } catch let error as ReportError {
      throw error
    } catch {
      throw .notWritable(path: folder.path, cause: error.localizedDescription)
    }
  }

  /// A named block of numbers for a script, one row a line.
  static func data(_ name: String, _ rows: [[Double]]) -> String {
    let lines = rows.map { $0.map { "\($0)" }.joined(separator: " ") }
    return "$\(name) << EOD\n" + lines.joined(separator: "\n") + "\nEOD\n"
  }
}
