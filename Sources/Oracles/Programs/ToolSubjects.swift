import Dialogue

extension EigensolverSubject {
  /// A program's eigensolver, in the precision that it says.
  ///
  /// - Throws: `OracleError.invalidArgument` where it offers no eigenvalues, or says another precision.
  public init(_ tool: ToolProgram) throws(OracleError) {
    guard tool.offers("eigenvalues") else {
      throw .invalidArgument(message: "the program offers no 'eigenvalues'")
    }
    let type: MessageArray.ElementType
    switch tool.description.dtype ?? "float64" {
    case "float64": type = .float64
    case "float32": type = .float32
    case let other:
      throw .invalidArgument(message: "the program computes in '\(other)', not float64 or float32")
    }
    @Sendable func request(_ verb: String, _ rows: [[Double]], _ members: [String: String] = [:])
      -> Request
    {
      Request(
        verb, members,
        arrays: [MessageArray("matrix", [rows.count, rows.count], rows.flatMap { $0 }, as: type)])
    }
    let eigenvalues: @Sendable ([[Double]]) throws -> [Double] = { matrix in
      try tool.numbers(request("eigenvalues", matrix), "eigenvalues", [matrix.count])
    }
    let eigensystem: @Sendable ([[Double]]) throws -> (values: [Double], vectors: [[Double]]) = {
      try tool.eigensystem(request("eigensystem", $0), order: $0.count)
    }
    let inertia: @Sendable ([[Double]], Double) throws -> Inertia = { matrix, shift in
      try tool.inertia(request("inertia", matrix, ["shift": ProgramMessage.json(shift)]))
    }
    self.init(
      precision: type == .float32 ? .single : .double, eigenvalues: eigenvalues,
      eigensystem: tool.offers("eigensystem") ? eigensystem : nil,
      inertia: tool.offers("inertia") ? inertia : nil)
  }
}

extension ToolProgram {
  fileprivate func eigensystem(
    _ request: Request, order n: Int
  ) throws(ProgramError) -> (values: [Double], vectors: [[Double]]) {
    var request = request
    request.answerBytes = 8 * (n * n + n)
    let (values, vectors) = try ask(request) { (answer) throws(ProgramError.Cause) in
      (try answer.numbers("eigenvalues", [n]), try answer.numbers("eigenvectors", [n, n]))
    }
    // Column j belongs to value j.
    return (values, (0..<n).map { j in (0..<n).map { vectors[$0 * n + j] } })
  }

  fileprivate func inertia(
    _ request: Request
  ) throws(ProgramError) -> EigensolverSubject.Inertia {
    try ask(request) { (answer) throws(ProgramError.Cause) in
      let found = try answer.read(InertiaAnswer.self)
      return (found.negative, found.zero, found.positive)
    }
  }
}

private struct InertiaAnswer: Decodable {
  let negative, zero, positive: Int
}

extension EnsembleSubject {
  /// A program's sampler of an ensemble; nil where it has none of it.
  ///
  /// - Throws: `OracleError.invalidArgument` where it offers no spectrum; `ProgramError`.
  public init?(_ tool: ToolProgram, _ ensemble: Ensemble) throws {
    guard tool.offers("spectrum") else {
      throw OracleError.invalidArgument(message: "the program offers no 'spectrum'")
    }
    @Sendable func request(_ verb: String, _ order: Int, _ seed: UInt64) -> Request {
      // Seeds beyond 2⁵³ are no whole numbers to some readers of JSON.
      Request(
        verb,
        ["order": "\(order)", "seed": "\(seed & (1 << 53 - 1))", "ensemble": ensemble.json])
    }
    do throws(ProgramError) {
      _ = try tool.numbers(request("spectrum", 3, 1), "eigenvalues", [3])
    } catch {
      if error.isUnsupported { return nil }
      throw error
    }
    let matrix: @Sendable (Int, UInt64) throws -> [[Double]] = { order, seed in
      rows(try tool.numbers(request("matrix", order, seed), "matrix", [order, order]), order)
    }
    let spike: @Sendable (Int, UInt64) throws -> Spike = { order, seed in
      try tool.spike(request("spike", order, seed), order: order)
    }
    let spectrum: @Sendable (Int, UInt64) throws -> [Double] = { order, seed in
      try tool.numbers(request("spectrum", order, seed), "eigenvalues", [order])
    }
    let hasSpike = if case .spikedWigner = ensemble { tool.offers("spike") } else { false }
    self.init(
      ensemble, matrix: tool.offers("matrix") && ensemble != .gue ? matrix : nil,
      spike: hasSpike ? spike : nil, spectrum: spectrum)
  }
}

extension ToolProgram {
  fileprivate func spike(
    _ request: Request, order: Int
  ) throws(ProgramError) -> EnsembleSubject.Spike {
    var request = request
    request.answerBytes = 16 * order
    return try ask(request) { (answer) throws(ProgramError.Cause) in
      (
        direction: try answer.numbers("direction", [order]),
        eigenvector: try answer.numbers("eigenvector", [order])
      )
    }
  }
}

extension LawSubject {
  /// A program's law; nil where it has none of it.
  ///
  /// - Throws: `ProgramError`.
  public init?(_ tool: ToolProgram, _ law: Law) throws {
    func function(_ verb: String) throws -> Function? {
      guard tool.offers(verb) else { return nil }
      let function: Function = { x in
        try tool.numbers(
          Request(verb, ["law": law.json], arrays: [MessageArray("points", [1], [x])]), "values",
          [1])[0]
      }
      do {
        _ = try function(0.5)
        return function
      } catch let error as ProgramError where error.isUnsupported {
        return nil
      }
    }
    let functions = (
      density: try function("density"), cumulative: try function("cumulative"),
      survival: try function("survival"), quantile: try function("quantile")
    )
    if functions.density == nil, functions.cumulative == nil, functions.survival == nil,
      functions.quantile == nil
    {
      return nil
    }
    self.init(
      law, density: functions.density, cumulative: functions.cumulative,
      survival: functions.survival, quantile: functions.quantile)
  }
}
