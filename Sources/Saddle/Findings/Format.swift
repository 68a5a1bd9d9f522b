import Foundation

/// Three significant digits, for people: "0.0651", "-0.447", "3.2e-08".
public func short(_ value: Double) -> String {
  String(format: "%.3g", value)
}

/// A share in percent with one digit: "79.2 %".
public func percent(_ share: Double) -> String {
  String(format: "%.1f %%", 100 * share)
}
