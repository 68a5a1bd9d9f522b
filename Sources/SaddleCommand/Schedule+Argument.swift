import ArgumentParser
import Saddle

/// `cosine,warmUp=100,steps=5000`: a name, then its numbers.
extension Schedule: ExpressibleByArgument {
  static let help = """
    How η changes with the step: constant, step,factor=0.1,every=1000, exponential,factor=0.999, \
    cosine,warmUp=100,steps=5000,final=0, inverseSquareRoot.
    """

  public init?(argument: String) {
    guard let settings = NamedSettings(argument) else { return nil }
    let numbers = settings.numbers
    func whole(_ name: String) -> Int? { numbers[name].flatMap { Int(exactly: $0) } }
    func only(_ names: String...) -> Bool { Set(numbers.keys).isSubset(of: names) }
    switch settings.name {
    case "constant" where only(): self = .constant
    case "inverseSquareRoot" where only(): self = .inverseSquareRoot
    case "step" where only("factor", "every"):
      guard let factor = numbers["factor"], let every = whole("every") else { return nil }
      self = .step(factor: factor, every: every)
    case "exponential" where only("factor"):
      guard let factor = numbers["factor"] else { return nil }
      self = .exponential(factor: factor)
    case "cosine" where only("warmUp", "steps", "final"):
      guard let steps = whole("steps"), let warmUp = numbers["warmUp"] == nil ? 0 : whole("warmUp")
      else { return nil }
      self = .cosine(warmUp: warmUp, steps: steps, final: numbers["final"] ?? 0)
    default: return nil
    }
  }
}

/// `name=value`.
struct NamedNumber: ExpressibleByArgument {
  let name: String
  let value: Double

  init?(argument: String) {
    guard let equals = argument.firstIndex(of: "="),
      let value = Double(argument[argument.index(after: equals)...])
    else { return nil }
    name = String(argument[..<equals])
    self.value = value
  }
}

/// `cosine,warmUp=100,steps=5000`: a name, then numbers that have names, each once.
struct NamedSettings {
  let name: String
  let numbers: [String: Double]

  init?(_ argument: String) {
    let parts = argument.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    var numbers: [String: Double] = [:]
    for part in parts.dropFirst() {
      guard let setting = NamedNumber(argument: part), numbers[setting.name] == nil else {
        return nil
      }
      numbers[setting.name] = setting.value
    }
    name = parts[0]
    self.numbers = numbers
  }
}
