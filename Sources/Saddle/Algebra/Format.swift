import Foundation

/// Three significant digits, for people: "0.0651", "-0.447", "3.2e-08", and "0" for −0.
public func short(_ value: Double) -> String {
  String(format: "%.3g", value + 0)
}

/// Eight significant digits, for figures that are to be compared with another program's.
public func comparable(_ value: Double) -> String {
  String(format: "%.8g", value + 0)
}

/// A share in percent with one digit: "79.2 %".
public func percent(_ share: Double) -> String {
  String(format: "%.1f %%", 100 * share + 0)
}

/// "0.12 … 0.31" of figures, or one where they are the same in three digits.
func range(_ values: [Double], _ format: (Double) -> String = short) -> String {
  guard let low = values.min(), let high = values.max() else { return "none" }
  let (one, other) = (format(low), format(high))
  return one == other ? one : "\(one) … \(other)"
}
