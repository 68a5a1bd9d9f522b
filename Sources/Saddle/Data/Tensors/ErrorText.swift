import Foundation

/// Foundation's errors in words, and our own in theirs.
func describe(_ error: any Error) -> String {
  guard let error = error as? DecodingError else {
    let isFoundations = String(reflecting: type(of: error)).hasPrefix("Foundation")
    return isFoundations ? error.localizedDescription : "\(error)"
  }
  switch error {
  case .keyNotFound(let key, _): return "it lacks \"\(key.stringValue)\""
  case .typeMismatch(let type, let context), .valueNotFound(let type, let context):
    return at(context, "\(expected(type)) is expected there")
  case .dataCorrupted(let context):
    // A check of ours that failed while decoding says more than the decoder.
    let cause = context.underlyingError.map { "\($0)" } ?? context.debugDescription
    return at(context, cause)
  @unknown default: return error.localizedDescription
  }
}

/// What is wrong, behind the place where: "layers[3].kernel".
private func at(_ context: DecodingError.Context, _ what: String) -> String {
  let place = codingPlace(context.codingPath)
  return place.isEmpty ? what : "\(place): \(what)"
}

/// Where a figure stands: "layers[3].kernel".
func codingPlace(_ path: [any CodingKey]) -> String {
  path.reduce("") { path, key in
    key.intValue.map { "\(path)[\($0)]" }
      ?? (path.isEmpty ? key.stringValue : "\(path).\(key.stringValue)")
  }
}

/// A type as JSON has it.
private func expected(_ type: Any.Type) -> String {
  switch type {
  case is String.Type: "a text in quotes"
  case is Bool.Type: "true or false"
  case is any BinaryInteger.Type: "a whole number"
  case is any BinaryFloatingPoint.Type: "a number"
  case is [Any].Type: "a list in brackets"
  case is [String: Any].Type: "an object in braces"
  default: "\(type)".hasPrefix("Array") ? "a list in brackets" : "an object in braces"
  }
}
