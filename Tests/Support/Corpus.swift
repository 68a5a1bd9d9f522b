import Foundation
import Oracles

/// The failures of the past, `fixtures/failures.txt`.
public func failuresOfThePast() throws -> [Replay] {
  let file = projectFolder.appending(path: "fixtures/failures.txt")
  return try Replay.corpus(String(contentsOf: file, encoding: .utf8))
}
