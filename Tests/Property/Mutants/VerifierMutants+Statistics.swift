import Foundation
import Oracles
import Saddle

private let right = Verifier()

private let pValueMutants: [VerifierMutant] = [
  VerifierMutant(.pValues, "votes", "the wrong tail") { verifier in
    verifier.votes = { 1 - right.votes(min($0 + 1, $1), $1) }
  },
  VerifierMutant(.pValues, "votes", "more, not at least") { verifier in
    verifier.votes = { right.votes(min($0 + 1, $1), $1) }
  },
  VerifierMutant(.pValues, "votes", "one side alone") { verifier in
    verifier.votes = { right.votes($0, $1) / 2 }
  },
  VerifierMutant(.pValues, "intervals", "one side at twice the rate") { verifier in
    verifier.proportion = { hits, trials, confidence in
      right.proportion(hits, trials, 2 * confidence - 1).lowerBound...1
    }
  },
  VerifierMutant(.pValues, "intervals", "three for two deviations of a normal law") { verifier in
    verifier.proportion = { hits, trials, _ in
      let p = Double(hits) / Double(trials)
      let half = 1.96 * (p * (1 - p) / Double(trials)).squareRoot()
      return max(0, p - half)...min(1, p + half)
    }
  },
  VerifierMutant(
    .pValues, "Kolmogorov", "the wrong tail", only: "of what is uniform either tail is"
  ) { verifier in
    verifier.kolmogorov = { 1 - right.kolmogorov($0, $1) }
  },
  VerifierMutant(.pValues, "Kolmogorov", "the limit law") { verifier in
    verifier.kolmogorov = { count, distance in
      let t = Double(count).squareRoot() * distance
      guard t > 0.2 else { return 1 }
      var sum = 0.0
      for k in 1...40 { sum += (k % 2 == 1 ? 2 : -2) * exp(-2 * Double(k * k) * t * t) }
      return min(sum, 1)
    }
  },
  VerifierMutant(.pValues, "Kolmogorov", "one side") { verifier in
    verifier.kolmogorov = { right.kolmogorov($0, $1) / 2 }
  },
  VerifierMutant(.pValues, "Kolmogorov", "one draw fewer") { verifier in
    verifier.kolmogorov = { right.kolmogorov($0 - 1, $1) }
  },
  VerifierMutant(.pValues, "Holm", "not adjusted") { $0.adjusted = { $0 } },
  VerifierMutant(.pValues, "Holm", "from the greatest on") { verifier in
    verifier.adjusted = { pValues in
      let order = pValues.indices.sorted { pValues[$0] > pValues[$1] }
      var adjusted = pValues
      for (rank, i) in order.enumerated() {
        adjusted[i] = min(1, Double(pValues.count - rank) * pValues[i])
      }
      return adjusted
    }
  },
  VerifierMutant(.pValues, "Holm", "Bonferroni's", only: "it errs on the safe side") { verifier in
    verifier.adjusted = { pValues in pValues.map { min(1, Double(pValues.count) * $0) } }
  },
  VerifierMutant(.pValues, "Holm", "no greatest of those before", only: "the least is right") {
    verifier in
    verifier.adjusted = { pValues in
      let order = pValues.indices.sorted { pValues[$0] < pValues[$1] }
      var adjusted = pValues
      for (rank, i) in order.enumerated() {
        adjusted[i] = min(1, Double(pValues.count - rank) * pValues[i])
      }
      return adjusted
    }
  },
]

extension PlainRepulsion.Fault {
  fileprivate var reasonForOne: String? {
    switch self {
    case .takesFewLevels, .takesUnsortedLevels, .ratioOfNothingIsOne:
      "only what is refused shows it"
    default: nil
    }
  }
}

private let repulsionMutants: [VerifierMutant] =
  [
    VerifierMutant(.repulsion, "level repulsion in plain loops", nil) {
      $0.repulsion = { try PlainRepulsion()($0) }
    }
  ]
  + PlainRepulsion.Fault.allCases.map { fault in
    VerifierMutant(.repulsion, "level repulsion", fault.rawValue, only: fault.reasonForOne) {
      verifier in
      verifier.repulsion = { try PlainRepulsion(fault: fault)($0) }
    }
  }

private func reader(
  _ fault: String, only reasonForOne: String? = nil,
  input: (@Sendable (_ text: String) -> String)? = nil,
  output: @escaping @Sendable ([Double]) -> [Double] = { $0 }
) -> VerifierMutant {
  VerifierMutant(.reader, "reader", fault, only: reasonForOne) { verifier in
    verifier.read = { bytes, name in
      // Byte for character, so that arrays can be changed as text is.
      let text = String(String.UnicodeScalarView(bytes.map { Unicode.Scalar($0) }))
      let changed = input?(text).unicodeScalars.map { UInt8($0.value) } ?? bytes
      return output(try right.read(changed, name))
    }
  }
}

private func isText(_ text: String) -> Bool {
  !text.unicodeScalars.contains { $0.value == 0x93 } && !text.contains { "[{".contains($0) }
}

private let readerMutants: [VerifierMutant] = [
  reader(
    "a first line of names",
    input: { text in
      guard isText(text), let end = text.firstIndex(where: \.isNewline) else { return text }
      return String(text[end...])
    }),
  reader(
    "the last line without its end left out",
    input: { text in
      guard isText(text), text.last?.isNewline == false,
        let end = text.lastIndex(where: \.isNewline)
      else { return text }
      return String(text[...end])
    }),
  reader(
    "remarks are numbers", input: { isText($0) ? $0.replacing("#", with: " ") : $0 }),
  reader(
    "decimal commas",
    input: { isText($0) ? $0.replacing(",", with: ".") : $0 }),
  reader(
    "words that are no numbers left out",
    input: { text in
      guard isText(text) else { return text }
      return text.split(whereSeparator: \.isWhitespace).filter { Double($0) != nil }
        .joined(separator: "\n")
    }),
  reader(
    "any list of a JSON object", only: "the key alone is wrong",
    input: { $0.replacing("\"values\"", with: "\"eigenvalues\"") }),
  reader(
    "whole numbers as bits", only: "the type alone is wrong",
    input: { $0.replacing("<i8", with: "<f8") }),
  reader("the other end's bytes", input: { $0.replacing("'>", with: "'<") }),
  reader(
    "double for single", only: "only single precision shows it",
    input: { $0.replacing(">f4", with: ">f8") }),
  reader(
    "a matrix is its elements", only: "only an array of two dimensions shows it",
    input: { $0.replacing("(2, 2)", with: "(4,)  ") }),
  reader(
    "a table is its numbers",
    input: { text in
      guard isText(text) else { return text }
      let lines = text.split(whereSeparator: \.isNewline).map { $0.prefix { $0 != "#" } }
      return lines.joined(separator: " ")
    }),
  reader("sorted", output: { $0.sorted() }),
  reader(
    "repetition left out",
    output: { values in
      values.enumerated().filter { !values[..<$0.offset].contains($0.element) }.map(\.element)
    }),
  reader("in single precision", output: { $0.map { Double(Float($0)) } }),
  reader(
    "small ones for zero", only: "few numbers are small",
    output: { $0.map { $0.magnitude < 1e-300 ? 0 : $0 } }),
  reader("zeros without a sign", only: "only −0 shows it", output: { $0.map { $0 + 0 } }),
  reader("magnitudes", output: { $0.map(\.magnitude) }),
  reader("the last one left out", output: { $0.dropLast() }),
  VerifierMutant(.reader, "reader", "lines from 0", only: "only refusals have lines") { verifier in
    verifier.read = { bytes, name in
      do { return try right.read(bytes, name) } catch let error as EigenvalueFileError {
        guard case .notNumber(let line, let text) = error.problem else { throw error }
        throw EigenvalueFileError(
          file: error.file, problem: .notNumber(line: line - 1, text: text))
      }
    }
  },
  VerifierMutant(.reader, "reader", "nothing for what cannot be read") { verifier in
    verifier.read = { bytes, name in (try? right.read(bytes, name)) ?? [] }
  },
]

let statisticsMutants = pValueMutants + repulsionMutants + readerMutants
