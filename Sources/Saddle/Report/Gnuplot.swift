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
  private let program: Program

  /// - Throws: `ReportError.gnuplotMissing`.
  public init(
    environment: [String: String] = ProcessInfo.processInfo.environment
  ) throws(ReportError) {
    do {
      program = try Program("gnuplot", environment: environment)
    } catch {
      throw .gnuplotMissing
    }
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
    let header = """
      set terminal svg size \(width),\(height) dynamic enhanced font 'system-ui,13'
      set encoding utf8
      set output '\(target.path.replacing("'", with: "''"))'
      set border 3 lc rgb '\(PictureTheme.axis)'
      set tics nomirror out textcolor rgb '\(PictureTheme.ink)'
      set grid ytics lc rgb '\(PictureTheme.grid)' lw 1
      set key opaque fc rgb '\(PictureTheme.paper)'

      """
    do {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      try Data((header + script).utf8).write(to: source)
      let outcome = try program.run([source.path])
      guard outcome.status == 0 else {
        throw ReportError.gnuplotFailed(
          status: Int(outcome.status), message: outcome.complaint)
      }
      return String(decoding: try Data(contentsOf: target), as: UTF8.self)
    } catch let error as ReportError {
      throw error
    } catch {
      throw .notWritable(path: folder.path, cause: describe(error))
    }
  }

  /// A named block of numbers for a script, one row a line.
  ///
  /// - Parameters:
  ///   - title: whose they are, for who reads them as CSV.
  ///   - columns: what each is.
  static func data(
    _ name: String, _ title: String, _ columns: [String], _ rows: [[Double]]
  ) -> String {
    let lines = rows.map { $0.map { "\($0)" }.joined(separator: " ") }
    let head = "# \(title.replacing("|", with: "/").replacing("\n", with: " "))|"
    let names = columns.map { $0.replacing(",", with: ";") }
    return "$\(name) << EOD\n" + head + names.joined(separator: ",") + "\n"
      + lines.map { $0 + "\n" }.joined() + "EOD\n"
  }

  /// What shows at a point when it is pointed at: its name and two numbers.
  ///
  /// - Parameter x: its place, where that is not its first number.
  static func hints(
    _ block: String, _ name: String, x: String = "$1", columns: (Int, Int) = (1, 2)
  ) -> String {
    let name = name.isEmpty ? "" : name.replacing("%", with: "%%").replacing("\"", with: "") + ": "
    return "$\(block) using (\(x)):\(columns.1):(sprintf(\"\(name)%g, %g\", $\(columns.0), "
      + "$\(columns.1))) with labels hypertext point pt 7 ps 0.8 lc rgb '#ff1b6ca8' notitle"
  }
}
