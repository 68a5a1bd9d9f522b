import Foundation

/// What a program is asked: a verb, members beside it, and arrays.
package struct Request: Sendable {
  package var verb: String
  /// Each as JSON.
  package var members: [String: String]
  package var arrays: [MessageArray]
  /// The most bytes that the arrays of its answer, or of a question of its own, can have.
  package var answerBytes: Int

  package init(
    _ verb: String, _ members: [String: String] = [:], arrays: [MessageArray] = [],
    answerBytes: Int = 0
  ) {
    self.verb = verb
    self.members = members
    self.arrays = arrays
    self.answerBytes = answerBytes
  }
}

/// A program that speaks docs/protocol.md: one request at a time, each with its number.
///
/// Unchecked, since all that changes is touched by the holder of the lock alone.
package final class ProgramLink: @unchecked Sendable {
  private let limits: ProgramLimits
  private let lock = NSLock()
  private var process: ProgramProcess?
  private var requests = 0
  private var hasAnswered = false
  private var exchange: ExchangeFolder?
  private var failed: ProgramError?

  /// Starts the program.
  ///
  /// - Throws: `ProgramError` where there is no process to be had.
  package init(command: String, limits: ProgramLimits) throws(ProgramError) {
    self.limits = limits
    do {
      process = try ProgramProcess(command: command)
    } catch {
      throw ProgramError(error, at: "its start")
    }
  }

  deinit { try? quit() }

  /// What it broke off with; nil while it goes on.
  package var failure: ProgramError? { lock.withLock { failed } }

  /// Answers a question of the program's own with arrays.
  package typealias Replier = (Message) throws(ProgramError.Cause) -> [MessageArray]

  /// Asks it, and reads its answer.
  ///
  /// - Parameter reply: what to say to a question of its own.
  /// - Throws: `ProgramError`: it refused, or broke off and is ended, or what `reading` throws.
  package func ask<Answer>(
    _ request: Request, answering reply: Replier? = nil,
    reading: (Message) throws(ProgramError.Cause) -> Answer
  ) throws(ProgramError) -> Answer {
    let message = try message(request, answering: reply, into: nil)
    do {
      return try reading(message)
    } catch {
      throw ProgramError(error, at: request.verb)
    }
  }

  /// Asks it for an array, which goes where it is wanted, and reads what else its answer says.
  ///
  /// - Throws: `ProgramError`, as above; also where the array is another, or has a number that is not
  ///   finite.
  package func ask<Answer>(
    _ request: Request, into target: NumberTarget,
    reading: (Message) throws(ProgramError.Cause) -> Answer
  ) throws(ProgramError) -> Answer {
    let message = try message(request, answering: nil, into: target)
    do {
      try target.check(message)
      return try reading(message)
    } catch {
      throw ProgramError(error, at: request.verb)
    }
  }

  private func message(
    _ request: Request, answering reply: Replier?, into target: NumberTarget?
  ) throws(ProgramError) -> Message {
    lock.lock()
    defer { lock.unlock() }
    requests += 1
    let name = "\(request.verb) (request \(requests))"
    guard let process else { throw failed ?? ProgramError(.gone, at: name) }
    do {
      let message = try converse(process, request, reply, target)
      hasAnswered = true
      return message
    } catch {
      let failure = ProgramError(error, at: name, complaint: process.complaint)
      if failure.isRefusal {
        hasAnswered = true
      } else {
        process.end()
        self.process = nil
        failed = failure
      }
      throw failure
    }
  }

  /// Asks for what the program is, and agrees on files in memory.
  package func describe<Description: Decodable>(
    as type: Description.Type
  ) throws(ProgramError) -> Description {
    let folder = ExchangeFolder()
    var members = ["protocol": "2"]
    if let folder { members["folder"] = ProgramMessage.json(folder.path) }
    return try ask(Request("describe", members)) { (answer) throws(ProgramError.Cause) in
      if try answer.read(Agreement.self).files == true { lock.withLock { exchange = folder } }
      return try answer.read(type)
    }
  }

  /// Tells it to end.
  ///
  /// - Throws: `ProgramError` where it does not and was killed.
  package func quit() throws(ProgramError) {
    lock.lock()
    defer { lock.unlock() }
    guard let process else { return }
    self.process = nil
    requests += 1
    let line = "{\"do\":\"quit\",\"id\":\(requests)}"
    guard process.finish(saying: line, within: limits.quit) else {
      throw ProgramError(
        .didNotQuit(seconds: limits.quit), at: "quit", complaint: process.complaint)
    }
  }

  // MARK: - A request

  private struct Agreement: Decodable { let files: Bool? }

  private struct Header: Decodable {
    let id: Int?
    let error: String?
    let ask: String?
    let arrays: [MessageArray.Declaration]?
  }

  private func converse(
    _ process: ProgramProcess, _ request: Request, _ reply: Replier?,
    _ target: NumberTarget?
  ) throws(ProgramError.Cause) -> Message {
    var members = request.members
    members["do"] = ProgramMessage.json(request.verb)
    var pieces = self.pieces(members, request.arrays)
    let allowed = hasAnswered ? limits.answer : limits.start
    let deadline = ContinuousClock.now + .seconds(allowed)
    var asked = 0
    while true {
      let left = (deadline - ContinuousClock.now) / .seconds(1)
      guard left > 0 else { throw .silent(seconds: allowed) }
      let message: (header: Header, message: Message)
      do {
        message = try receive(
          process, pieces, within: left, atMost: request.answerBytes, into: target)
      } catch .silent {
        throw .silent(seconds: allowed)
      }
      if let error = message.header.error { throw .refused(error) }
      guard message.header.ask != nil else { return message.message }
      asked += 1
      guard asked <= limits.questions else { throw .tooManyQuestions(limits.questions) }
      guard let reply else {
        throw message.message.noAnswer("there is nothing to ask about")
      }
      pieces = self.pieces([:], try reply(message.message))
    }
  }

  /// A message as it is sent: "do" and "id" first.
  private func pieces(_ members: [String: String], _ arrays: [MessageArray]) -> [[UInt8]] {
    var pieces: [[UInt8]] = []
    var declared: [String] = []
    for array in arrays {
      let file = exchange?.write(array)
      if file == nil { pieces.append(array.bytes) }
      let shape = array.shape.map { "\($0)" }.joined(separator: ",")
      let place = file.map { ",\"file\":\(ProgramMessage.json($0))" } ?? ""
      declared.append(
        "{\"name\":\(ProgramMessage.json(array.name)),\"dtype\":\"\(array.type.rawValue)\","
          + "\"shape\":[\(shape)]\(place)}")
    }
    var text = members["do"].map { "{\"do\":\($0),\"id\":\(requests)" } ?? "{\"id\":\(requests)"
    for (name, value) in members.sorted(by: { $0.key < $1.key }) where name != "do" {
      text += ",\(ProgramMessage.json(name)):\(value)"
    }
    if !declared.isEmpty { text += ",\"arrays\":[\(declared.joined(separator: ","))]" }
    return [Array((text + "}\n").utf8)] + pieces
  }

  private func receive(
    _ process: ProgramProcess, _ pieces: [[UInt8]], within seconds: Double, atMost limit: Int,
    into target: NumberTarget?
  ) throws(ProgramError.Cause) -> (header: Header, message: Message) {
    let start = ContinuousClock.now
    let line = try process.exchange(pieces, within: seconds, limit: limits.line)
    let header: Header
    do {
      header = try ProgramMessage.read(Header.self, from: Data(line))
    } catch {
      throw .notJSON(line: shownLine(line), why: error.why)
    }
    guard header.id == requests else {
      let got = header.id.map { "\($0)" } ?? "missing"
      throw .notAnAnswer(line: shownLine(line), why: "its id is \(got), the request's is \(requests)")
    }
    var arrays: [MessageArray] = []
    var room = limit
    for declared in header.arrays ?? [] {
      // Before any memory is taken: a header may say anything.
      guard let count = declared.byteCount, count <= room else {
        throw .notAnAnswer(
          line: shownLine(line),
          why: "'\(declared.name)' of shape \(declared.shape) is more than was asked for")
      }
      room -= count
      // Numbers that are wanted go where they are wanted, all others as they came.
      let wanted = target.flatMap { $0.takes(declared) ? $0 : nil }
      var bytes: [UInt8] = []
      if let file = declared.file {
        let folder = try exchange.orRefuse(file, line)
        if let wanted {
          try wanted.fill(declared.dtype) { take throws(ProgramError.Cause) in
            try folder.read(file, count: count, take)
          }
        } else {
          bytes = [UInt8](repeating: 0, count: count)
          try bytes.withUnsafeMutableBufferPointer { bytes throws(ProgramError.Cause) in
            try folder.read(file, count: count) { piece, place in
              UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(bytes)[place...])
                .copyMemory(from: piece)
            }
          }
        }
      } else {
        let left = seconds - (ContinuousClock.now - start) / .seconds(1)
        bytes = try process.receive(count, within: left)
        if let wanted {
          try wanted.fill(declared.dtype) { take in bytes.withUnsafeBytes { take($0, 0) } }
        }
      }
      guard wanted == nil else { continue }
      arrays.append(MessageArray(declared.name, declared.shape, declared.dtype, bytes: bytes))
    }
    return (header, Message(header: Data(line), arrays: arrays))
  }
}

extension ExchangeFolder? {
  fileprivate func orRefuse(
    _ file: String, _ line: [UInt8]
  ) throws(ProgramError.Cause) -> ExchangeFolder {
    guard let folder = self else {
      throw .notAnAnswer(line: shownLine(line), why: "no files were agreed on: \(file)")
    }
    return folder
  }
}
