import Foundation

extension [ParameterBlock] {
  /// Those with a name of a pattern in which `*` is any number of characters and `?` is one, as of file
  /// names: `"*.weight"`, `"2.*"`; none where no name is such.
  public func matching(_ pattern: String) -> [ParameterBlock] {
    filter { fnmatch(pattern, $0.name, 0) == 0 }
  }
}

extension LinearOperator {
  /// The principal submatrix of some blocks, in their order:
  /// `restricted(to: blocks.matching("*.weight"))`.
  public func restricted(to blocks: [ParameterBlock]) -> RestrictedOperator<Self> {
    RestrictedOperator(self, blocks.map(\.range))
  }
}
