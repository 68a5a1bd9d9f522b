import Foundation

/// Foundation's errors in words.
func describe(_ error: any Error) -> String {
  guard let error = error as? DecodingError else { return error.localizedDescription }
  switch error {
  case .keyNotFound(let key, _): return "it lacks \"\(key.stringValue)\""
  case .typeMismatch(_, let context), .valueNotFound(_, let context), .dataCorrupted(let context):
    let place = context.codingPath.map(\.stringValue).joined(separator: ".")
    // A check of ours that failed while decoding says more than the decoder.
    let cause = context.underlyingError.map { "\($0)" } ?? context.debugDescription
    return place.isEmpty ? cause : "\(place): \(cause)"
  @unknown default: return error.localizedDescription
  }
}
