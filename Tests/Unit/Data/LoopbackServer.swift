import Foundation

/// A web server on this machine alone: python3's, taught to answer ranges or not to.
struct LoopbackServer: ~Copyable {
  /// The base address of the folder that is served.
  let address: String
  private let process: Process
  private let log: String

  /// Whether there is a python3 to serve with.
  static var isPossible: Bool {
    let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
    return folders.contains { FileManager.default.isExecutableFile(atPath: "\($0)/python3") }
  }

  private static let program = """
    import http.server, os, sys
    folder, log, ranges = sys.argv[1], sys.argv[2], sys.argv[3] == "ranges"

    class Handler(http.server.BaseHTTPRequestHandler):
      def do_GET(self):
        asked = self.headers.get("Range", "")
        with open(log, "a") as f:
          f.write(self.path + " " + asked + "\\n")
        path = folder + self.path
        if not os.path.isfile(path):
          return self.send_error(404)
        with open(path, "rb") as f:
          body = f.read()
        size, start, status = len(body), 0, 200
        if ranges and asked:
          start, status = int(asked[len("bytes="):-1]), 206
          if start >= size:
            self.send_response(416)
            self.send_header("Content-Range", "bytes */%d" % size)
            self.send_header("Content-Length", "0")
            return self.end_headers()
        self.send_response(status)
        if status == 206:
          self.send_header("Content-Range", "bytes %d-%d/%d" % (start, size - 1, size))
        self.send_header("Content-Length", str(size - start))
        self.end_headers()
        self.wfile.write(body[start:])
      def log_message(self, *arguments):
        pass

    server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
    print(server.server_port, flush=True)
    server.serve_forever()
    """

  /// Serves `folder`; `ranges` says whether a part of a file may be asked for.
  init(serving folder: String, ranges: Bool = true) throws {
    process = Process()
    log = "\(folder).log"
    let output = Pipe()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = [
      "python3", "-c", Self.program, folder, log, ranges ? "ranges" : "whole",
    ]
    process.standardOutput = output
    try process.run()
    var port = Data()
    while !port.contains(UInt8(ascii: "\n")) {
      let piece = output.fileHandleForReading.availableData
      if piece.isEmpty { break }
      port += piece
    }
    let digits = String(decoding: port, as: UTF8.self).trimmingCharacters(in: .whitespaces)
    address = "http://127.0.0.1:\(digits.trimmingCharacters(in: .newlines))/"
  }

  deinit {
    // A process started from a task's thread inherits its blocked signals; none blocks this one.
    kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
  }

  /// The requests so far: path and range.
  var requests: [String] {
    let text = (try? String(contentsOfFile: log, encoding: .utf8)) ?? ""
    return text.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
  }
}
