import ArgumentParser
import Saddle

/// `wishart,degrees=2000`: a name, then its numbers.
extension RandomMatrixEnsemble: ExpressibleByArgument {
  static let help = """
    goe, gue, betaHermite,beta=4; Wigner matrices with entries rademacher, uniform, laplace, \
    sparse,density=0.05, heavyTailed,index=1.5; spikedWigner,strength=2; wishart,degrees=2000; \
    spikedWishart,degrees=2000,strength=3.
    """

  public init?(argument: String) {
    guard let settings = NamedSettings(argument) else { return nil }
    let numbers = settings.numbers
    func only(_ names: String...) -> Bool { Set(numbers.keys) == Set(names) }
    let degrees = numbers["degrees"].flatMap { Int(exactly: $0) } ?? 0
    let strengths = [numbers["strength"] ?? 0]
    switch settings.name {
    case "goe" where only(): self = .goe
    case "gue" where only(): self = .gue
    case "betaHermite" where only("beta"): self = .betaHermite(beta: numbers["beta"] ?? 0)
    case "rademacher" where only(): self = .wigner(.rademacher)
    case "uniform" where only(): self = .wigner(.uniform)
    case "laplace" where only(): self = .wigner(.laplace)
    case "sparse" where only("density"):
      self = .wigner(.sparse(density: numbers["density"] ?? 0))
    case "heavyTailed" where only("index"):
      self = .wigner(.heavyTailed(index: numbers["index"] ?? 0))
    case "spikedWigner" where only("strength"): self = .spikedWigner(strengths: strengths)
    case "wishart" where only("degrees"): self = .wishart(degrees: degrees)
    case "spikedWishart" where only("degrees", "strength"):
      self = .spikedWishart(degrees: degrees, strengths: strengths)
    default: return nil
    }
  }
}
