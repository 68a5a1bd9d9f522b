import Synchronization
import Threads

// Elementwise work on long vectors, cut in pieces for several threads. No element's result depends
// on where the cuts are: the results are the same, bit for bit, on any number of threads.

/// Below two such pieces a vector stays on the thread that it is on. To wake another costs some
/// 5 µs, and ten times that where its core sleeps; this many elements take 15 µs or more.
let smallestPiece = 1 << 17

/// Does `body` for ranges that together are 0..<count: at once and on as many threads as BLAS
/// takes, where that pays off.
func forEachPiece(of count: Int, _ body: (Range<Int>) -> Void) {
  let pieces = min(Workers.count, count / smallestPiece)
  if pieces > 1 {
    forEachPiece(of: count, pieces: pieces, body)
  } else {
    body(0..<count)
  }
}

/// Does `body` for `pieces` ranges that together are 0..<count, some of them at once.
package func forEachPiece(of count: Int, pieces: Int, _ body: (Range<Int>) -> Void) {
  precondition(pieces > 0, "\(count) elements in \(pieces) pieces")
  withoutActuallyEscaping(body) { body in
    let shared = Shared(body: body)
    concurrentPerform(iterations: pieces) { k in
      shared.body(count * k / pieces..<count * (k + 1) / pieces)
    }
  }
}

/// Does `body` for each of the first `count` elements, on as many threads as BLAS takes, each with
/// the next one that is left. An element is all that its call changes, so that results do not
/// depend on which thread does which.
func forEachElement<State>(
  of states: inout [State], count: Int, _ body: (inout State, Int) -> Void
) {
  states.withUnsafeMutableBufferPointer { states in
    precondition(count <= states.count, "\(count) of \(states.count) elements")
    forEachIndex(below: count) { body(&states[$0], $0) }
  }
}

/// Does `body` for every number below `count`, on as many threads as BLAS takes, each with the next
/// one that is left. What a call changes is to be no other call's.
///
/// Where there are several threads, BLAS stays on each: its own would wait for one another.
func forEachIndex(below count: Int, _ body: (Int) -> Void) {
  let workers = min(Workers.count, count)
  guard workers > 0 else { return }
  let next = Atomic(0)
  func work() {
    forEachPiece(of: workers, pieces: workers) { _ in
      while true {
        let i = next.wrappingAdd(1, ordering: .relaxed).oldValue
        guard i < count else { return }
        body(i)
      }
    }
  }
  if workers > 1 { withoutBLASThreads(work) } else { work() }
}

/// Work that several threads do at once. It is safe since no two of them have an element in common,
/// and since all have ended before the caller goes on; the compiler sees neither.
private struct Shared: @unchecked Sendable {
  let body: (Range<Int>) -> Void
}

/// Changes x along g, element by element: `body` gets the same piece of both.
func forEachPiece<T: Scalar>(
  _ x: inout MutableSpan<T>, along g: Span<T>, _ body: (inout MutableSpan<T>, Span<T>) -> Void
) {
  precondition(x.count == g.count, "\(x.count) elements along \(g.count)")
  x.withUnsafeMutableBufferPointer { x in
    g.withUnsafeBufferPointer { g in
      forEachPiece(of: g.count) { piece in
        var x = x.extracting(piece).mutableSpan
        body(&x, g.extracting(piece).span)
      }
    }
  }
}

/// The same for two vectors that change.
func forEachPiece<T: Scalar>(
  _ x: inout MutableSpan<T>, _ y: inout MutableSpan<T>, along g: Span<T>,
  _ body: (inout MutableSpan<T>, inout MutableSpan<T>, Span<T>) -> Void
) {
  precondition(x.count == g.count && y.count == g.count)
  x.withUnsafeMutableBufferPointer { x in
    y.withUnsafeMutableBufferPointer { y in
      g.withUnsafeBufferPointer { g in
        forEachPiece(of: g.count) { piece in
          var x = x.extracting(piece).mutableSpan
          var y = y.extracting(piece).mutableSpan
          body(&x, &y, g.extracting(piece).span)
        }
      }
    }
  }
}
