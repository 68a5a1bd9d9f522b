/// A law that something is held to, by name.
public protocol NamedLaw {
  var name: String { get }
  /// In a sentence.
  var law: String { get }
}

extension EigensolverOracle: NamedLaw {}
extension EnsembleOracle: NamedLaw {}
extension LawOracle: NamedLaw {}
extension TraceOracle: NamedLaw {}
extension CurvatureOracle: NamedLaw {}
extension CurvatureProblemOracle: NamedLaw {}
