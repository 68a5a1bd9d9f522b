import Foundation
import Oracles
import Saddle
import SaddleOracles
import Support
import Testing

/// The example in plain Python with a fault planted before it serves.
private func program(_ fault: String = "") -> String {
  """
  exec python3 -c '
  import os, sys, time
  sys.path.insert(0, "\(projectFolder.appending(path: "Examples").path)")
  sys.dont_write_bytecode = True
  import plain_objective as o
  value, gradient, product, describe, answer, write = o.value, o.gradient, o.product, o.describe, o.answer, o.write
  \(fault)
  o.serve()'
  """
}

@Suite(.enabled(if: LoopbackServer.isPossible, "python3 is not here: script/bootstrap installs it"))
struct RemoteObjectiveTests {
  private func objective(_ fault: String = "", limit: Double = 30) throws -> RemoteObjective {
    try RemoteObjective(command: program(fault), answerLimit: limit)
  }

  /// f's Hessian at θ.
  private func hessian(_ θ: [Double]) -> Matrix<Double> {
    var matrix = Matrix<Double>(rows: 6, columns: 6)
    for i in 0..<6 { for j in 0..<6 { matrix[i, j] = 1 + (i == j ? 3 * θ[i] * θ[i] - 1 : 0) } }
    return matrix
  }

  @Test func `a program's objective is measured as one of ours is`() throws {
    let objective = try objective()
    let θ = try #require(try objective.startingPoint())
    #expect(objective.dimension == 6 && objective.parameterBlocks.map(\.name) == ["theta"])
    #expect(objective.hessian(at: θ).elements == hessian(θ).elements)
    let point = try PointMeasurement(of: objective, at: θ)
    let spectrum = try #require(point.spectrum)
    let matrix = hessian(θ)
    let exact = try GSL.eigenvalues((0..<6).map { Array(matrix.row($0)) })
    for (found, right) in zip(spectrum.eigenvalues, exact) {
      #expect((found - right).magnitude <= spectrum.errorBound + 1e-14)
    }
    // −1 five times and 5: a saddle of index 5.
    #expect(spectrum.index(at: 1e-6) == 5)
    #expect(point.analysis?.certificate?.isValid == true)
    #expect(objective.failure == nil)
  }

  @Test func `parameters and numbers pass unchanged`() throws {
    let objective = try objective()
    let θ = [1, -0.0, .leastNormalMagnitude / 3, .leastNonzeroMagnitude, 1e300, 0.1]
    let echo = try RemoteObjective(
      command: program("o.gradient = lambda x: x; o.value = lambda x: 0.1"))
    #expect(echo.gradient(at: θ).gradient.map(\.bitPattern) == θ.map(\.bitPattern))
    #expect(echo.value(at: θ) == 0.1)
    #expect(objective.value(at: [1, 1, 1, 1, 1, 1]) == 18)
  }

  @Test(arguments: [
    // Its header announces one number more.
    ("o.product = lambda x, v: product(x, v)[:-1]", "within 5.0 s"),
    ("o.product = lambda x, v: [float(\"nan\")] * 6", "gave nan as number 0 of 'products'"),
    ("o.answer = lambda r, a, t: answer(r, a, t) if r[\"do\"] != \"product\" else os._exit(3)", "status 3"),
    (
      "o.answer = lambda r, a, t: answer(r, a, t) if r[\"do\"] != \"product\" else time.sleep(99)",
      "within 5.0 s"
    ),
    (
      "o.answer = lambda r, a, t: answer(r, a, t) if r[\"do\"] != \"product\" else print(\"hello\", flush=True)",
      "not JSON"
    ),
    (
      "o.write = lambda r, a: write(r, a) if \"products\" not in a else write(dict(r, id=r[\"id\"] - 1), a)",
      "its id is"
    ),
    (
      // A header that announces more than there is memory for.
      "o.answer = lambda r, a, t: answer(r, a, t) if r[\"do\"] != \"product\" else ({}, {\"products\": ([10**12, 6], [])})",
      "more than was asked for"
    ),
    (
      "o.write = lambda r, a: write(dict(r, arrays=[dict(name=\"products\", dtype=\"float64\", shape=[1, 6], file=\"/etc/passwd\")]), {}) if \"products\" in a else write(r, a)",
      "file"
    ),
  ])
  func `what a program does wrong is said, and nothing is computed from it`(
    fault: String, words: String
  ) throws {
    let objective = try objective(fault.replacing("'", with: "\""), limit: 5)
    let θ = [Double](repeating: 0.1, count: 6)
    let product = objective.linearized(at: θ).apply([Double](repeating: 1, count: 6))
    #expect(product.allSatisfy { $0.isNaN })
    let failure = try #require(objective.failure)
    #expect("\(failure)".contains(words), "\(failure)")
    // From then on it stays so.
    #expect(objective.value(at: θ).isNaN)
  }

  @Test(arguments: [
    ("o.describe = lambda: dict(describe(), parameters=7)", "its blocks have 6 parameters, all of it 7"),
    ("o.describe = lambda: dict(describe(), offers=[\"value\", \"gradient\"])", "does not offer 'product'"),
    ("o.describe = lambda: {**describe(), \"is\": \"eigensolver\"}", "it is 'eigensolver'"),
    ("o.describe = lambda: dict(describe(), weightDecay=-1)", "weight decay is -1.0"),
    ("o.describe = lambda: dict(describe(), parameters=2**60, blocks=None)", "and this process can have"),
    ("o.describe = lambda: dict(describe(), blocks=[dict(name=\"a\", shape=[2**62, 2**62])])", "too many"),
  ])
  func `a program that contradicts itself is not begun with`(fault: String, words: String) throws {
    #expect { try objective(fault) } throws: { "\($0)".contains(words) }
  }

  @Test(arguments: [
    (
      "o.product = lambda x, v: [3 * t * t * a + sum(v) for t, a in zip(x, v)]",
      "products are the gradient's derivative"
    ),
    ("o.product = lambda x, v: [-p for p in product(x, v)]", "products are the gradient's derivative"),
    ("o.product = lambda x, v: product(o.start, v)", "products are the gradient's derivative"),
    ("o.product = lambda x, v: [p + 1e-3 * v[0] for p in product(x, v)]", "the matrix is symmetric"),
    (
      "o.product = lambda x, v: [p * (1 + a * a) for p, a in zip(product(x, v), v)]",
      "products are linear, a vector at a time or many"
    ),
    ("o.gradient = lambda x: [6 * g for g in gradient(x)]", "the gradient is the value's derivative"),
    (
      "o.value = lambda x: value(x) * (1 + 1e-3 * (time.monotonic() % 1))",
      "the same request has the same answer"
    ),
    (
      "import struct; o.product = lambda x, v: [struct.unpack(\"f\", struct.pack(\"f\", p))[0] for p in product(x, v)]",
      "products have the digits that they should"
    ),
  ])
  func `answers that contradict each other are found`(fault: String, law: String) throws {
    let subject = try CurvatureSubject(objective(fault))
    let θ = [0.3, -0.2, 0.5, 0.7, -0.4, 0.1]
    let failed = try CurvatureOracle.all.filter {
      if case .failed = try $0.outcome(for: subject, at: θ) { true } else { false }
    }
    #expect(failed.map(\.name).contains(law), "\(failed)")
  }

  @Test func `answers that agree pass every law`() throws {
    let subject = try CurvatureSubject(objective())
    for point in [[0.3, -0.2, 0.5, 0.7, -0.4, 0.1], [Double](repeating: 0, count: 6)] {
      for oracle in CurvatureOracle.all {
        let outcome = try oracle.outcome(for: subject, at: point)
        if case .failed(let why) = outcome { Issue.record("\(oracle): \(why)") }
        if case .undecided(let why) = outcome { Issue.record("\(oracle): \(why)") }
      }
    }
  }

  @Test func `the command tests a program, and takes figures of one that passes alone`() throws {
    let result = try SaddleProcess.run("spectrum", "--quiet", "--command", program())
    #expect(result.status == 0 && result.output.contains("83.3 %: 5 ± 0"), "\(result)")
    let wrong = try SaddleProcess.run(
      "spectrum", "--quiet", "--json", "--command",
      program("o.product = lambda x, v: [-p for p in product(x, v)]"))
    #expect(wrong.status == 1 && wrong.output.isEmpty)
    #expect(wrong.errors.contains("the sign is the other"), "\(wrong.errors)")
    #expect(try SaddleProcess.run("spectrum", "--command", "exit 4").status == 3)
    #expect(try SaddleProcess.run("spectrum").status == 64)
    #expect(try SaddleProcess.run("spectrum", "a", "--command", "b").status == 64)
  }

  @Test(arguments: ["exact", "matrixFree"])
  func `a page says what was tested and what the point is`(method: String) throws {
    try withTemporaryFolder { folder in
      let page = folder.appending(path: "page").path
      let result = try SaddleProcess.run(
        "spectrum", "--method", method, "--pairs", "1", "--command", program(), "--report", page)
      #expect(result.status == 0 && result.errors.contains("Report: \(page)/index.html"))
      let html = try String(contentsOfFile: page + "/index.html", encoding: .utf8)
      for part in [
        "The program itself", "rounding of products", "Make it again", "<h2>Verdicts</h2>",
        "saddle spectrum --method \(method)",
      ] {
        let isThere = html.contains(part)
        #expect(isThere, "\(part)")
      }
      ReportPage(text: html).expectInline(pictures: method == "exact" ? 2 : 1)
      try ReportPage(text: html).expectCSV("spectrum")
      #expect(try Data(contentsOf: folder.appending(path: "page/spectrum.svg")).count > 1000)
      #expect(try SaddleProcess.run("spectrum", "run", "--report", page).status == 64)
    }
  }
}
