import Foundation
import Saddle

extension MatrixFreeSpectrum {
  /// Of a diagonal matrix: the law of the probes is the same for every matrix of its eigenvalues.
  public init(
    diagonal values: [Double], settings: MatrixFreeSettings, seed: UInt64,
    isPositiveSemidefinite: Bool = false, structuralZeros: Int = 0
  ) throws {
    try self.init(
      of: Diagonal<Double>(values), settings: settings, seed: seed,
      isPositiveSemidefinite: isPositiveSemidefinite, structuralZeros: structuralZeros)
  }

  /// Pairs and density of an operator, from one seed.
  public init(
    of matrix: some LinearOperator<Double>, settings: MatrixFreeSettings, seed: UInt64,
    isPositiveSemidefinite: Bool = false, structuralZeros: Int = 0
  ) throws {
    var starts = RandomStream(seed: seed, name: "starts")
    let pairs = try ThickRestartLanczos<Double>(
      ends: .bothEnds(settings.pairs), tolerance: settings.tolerance,
      maximumProducts: settings.products
    ).run(on: matrix, using: &starts)
    var probes = RandomStream(seed: seed, name: "probes")
    try self.init(
      of: matrix, pairs: pairs, settings: settings,
      isPositiveSemidefinite: isPositiveSemidefinite, structuralZeros: structuralZeros,
      using: &probes)
  }
}

/// The eigenvalues of the committed runs, by key, ascending by their number.
public func committedSpectra() throws -> [(key: String, values: [Double])] {
  let store = ExperimentStore(projectFolder.appending(path: "fixtures/paper").path)
  let keys = try FileManager.default.contentsOfDirectory(atPath: store.url.path).sorted()
  return try keys.compactMap { key in
    let file = store.folder(of: key).url.appending(path: ExperimentStore.eigenvaluesName)
    guard FileManager.default.fileExists(atPath: file.path) else { return nil }
    return (key, try ParameterFile.read(file))
  }.sorted { ($0.values.count, $0.key) < ($1.values.count, $1.key) }
}
