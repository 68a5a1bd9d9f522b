import Foundation
import Oracles
import Support
import Testing

/// A program in plain Python that answers by `answer`, with a fault planted before it serves.
private func program(_ tool: String, _ answer: String, _ fault: String = "") -> String {
  """
  exec python3 -c '
  import json, math, random, struct, sys
  def read():
    line = sys.stdin.buffer.readline()
    if not line: sys.exit()
    r, arrays = json.loads(line), {}
    for a in r.get("arrays", []):
      n = math.prod(a["shape"])
      arrays[a["name"]] = list(struct.unpack(f"<{n}d", sys.stdin.buffer.read(8 * n)))
    return r, arrays
  def write(reply, **arrays):
    reply["arrays"] = [dict(name=k, dtype="float64", shape=s) for k, (s, _) in arrays.items()]
    sys.stdout.buffer.write(json.dumps(reply).encode() + b"\\n")
    for _, x in arrays.values(): sys.stdout.buffer.write(struct.pack(f"<{len(x)}d", *x))
    sys.stdout.buffer.flush()
  \(answer)
  \(fault)
  while True:
    r, arrays = read()
    if r["do"] == "quit": break
    if r["do"] == "describe": write(dict(id=r["id"], **{"is": "\(tool)"}, offers=offers))
    else: answer(r, arrays)'
  """
}

/// Wigner's semicircle by formulas; other laws it does not have.
private let semicircle = """
  offers = ["density", "cumulative"]
  def density(x, R): return 2 / (math.pi * R * R) * math.sqrt(max(0, R * R - x * x))
  def cumulative(x, R):
    x = max(-R, min(R, x))
    return 0.5 + x * math.sqrt(R * R - x * x) / (math.pi * R * R) + math.asin(x / R) / math.pi
  def answer(r, arrays):
    law = r["law"]
    if law["name"] != "semicircle": return write(dict(id=r["id"], error="unsupported: " + law["name"]))
    f = density if r["do"] == "density" else cumulative
    x = [f(x - law["center"], law["radius"]) for x in arrays["points"]]
    write(dict(id=r["id"]), values=([len(x)], x))
  """

/// Hutchinson's estimator with signs.
private let hutchinson = """
  offers = ["trace"]
  def estimate(terms): return sum(terms) / len(terms)
  def said(terms):
    mean = estimate(terms)
    return math.sqrt(sum((t - mean) ** 2 for t in terms) / (len(terms) - 1) / len(terms))
  def draw(rng, n): return [rng.choice((-1.0, 1.0)) for _ in range(n)]
  count = lambda budget: budget
  def answer(r, arrays):
    n, k, rng = r["order"], count(r["budget"]), random.Random(r["seed"])
    v = [draw(rng, n) for _ in range(k)]
    write(dict(id=r["id"], ask="product"), vectors=([k, n], sum(v, [])))
    p = read()[1]["products"]
    terms = [sum(a * b for a, b in zip(v[i], p[i * n:])) for i in range(k)]
    write(dict(id=r["id"], value=estimate(terms), standardError=said(terms)))
  """

@Suite(.enabled(if: LoopbackServer.isPossible, "python3 is not here: script/bootstrap installs it"))
struct ToolProgramTests {
  /// The laws that a program's semicircles break.
  private func brokenLaws(_ fault: String) throws -> Set<String> {
    let tool = try ToolProgram(command: program("law", semicircle, fault), as: .law)
    var broken: Set<String> = []
    var asked = 0
    for law in LawSubject.Law.asked {
      guard let subject = try LawSubject(tool, law) else { continue }
      for oracle in LawOracle.all {
        do {
          if try oracle.check(subject) { asked += 1 }
        } catch is PropertyViolation {
          broken.insert(oracle.name)
        }
      }
    }
    #expect(asked + broken.count > 0)
    return broken
  }

  @Test func `a law in another language is held to the laws of laws`() throws {
    #expect(try brokenLaws("").isEmpty)
    #expect(try !brokenLaws("f = density; density = lambda x, R: f(x, R) * 1.001").isEmpty)
    #expect(try !brokenLaws("g = cumulative; cumulative = lambda x, R: g(x + 1e-3, R)").isEmpty)
  }

  private func brokenTraces(_ fault: String) throws -> [String] {
    let tool = try ToolProgram(command: program("trace", hutchinson, fault), as: .trace)
    let subject = try TraceSubject(tool)
    return try TraceOracle.all.filter { oracle in
      do {
        let speaks = try oracle.check(subject)
        #expect(speaks)
        return false
      } catch is PropertyViolation {
        return true
      }
    }.map(\.name)
  }

  @Test(arguments: [
    ("", []),
    ("e = estimate; estimate = lambda t: e(t) * 1.05", ["estimates are right on the average"]),
    ("e = estimate; estimate = lambda t: e(t) + 0.1", ["estimates grow with the matrix"]),
    // Another estimator that is right.
    ("draw = lambda rng, n: [rng.gauss(0, 1) for _ in range(n)]", []),
    ("count = lambda budget: budget + 1", ["no more products than are allowed"]),
    (
      "random.Random = lambda seed, R=random.Random: R()",
      ["a seed has one estimate, and another seed another"]
    ),
    (
      "random.Random = lambda seed, R=random.Random: R(1)",
      ["a seed has one estimate, and another seed another"]
    ),
    ("s = said; said = lambda t: s(t) * math.sqrt(len(t))", ["standard errors are the scatter"]),
    ("draw = lambda rng, n: [1.0] * n", ["estimates are right on the average"]),
  ])
  func `a trace estimator's faults are found`(fault: String, laws: [String]) throws {
    let broken = try brokenTraces(fault)
    #expect(laws.isEmpty ? broken.isEmpty : laws.allSatisfy(broken.contains), "\(broken)")
  }

  @Test func `a tool of another kind is refused, and one that ends is said to`() throws {
    #expect {
      try ToolProgram(command: program("law", semicircle), as: .trace)
    } throws: {
      "\($0)".contains("it is 'law', not 'trace'")
    }
    #expect {
      try ToolProgram(command: "exit 3", as: .trace)
    } throws: {
      ($0 as? ProgramError)?.cause == .exited(status: 3)
    }
  }

  @Test func `the command says what it found, in a table, JSON and JUnit`() throws {
    try withTemporaryFolder { folder in
      let junit = folder.appending(path: "r.xml")
      let right = try SaddleProcess.run(
        "validate", "law", "--quiet", "--command", program("law", semicircle), "--name", "mine",
        "--junit", junit.path)
      #expect(right.status == 0, "\(right.output) \(right.errors)")
      #expect(try String(contentsOf: junit, encoding: .utf8).contains("failures=\"0\""))
      let wrong = try SaddleProcess.run(
        "validate", "trace", "--json", "--command",
        program("trace", hutchinson, "count = lambda budget: budget + 1"))
      #expect(wrong.status == 1 && wrong.output.contains("no more products than are allowed"))
      #expect(try SaddleProcess.run("validate", "trace", "--command", "exit 3").status == 3)
      #expect(
        try SaddleProcess.run(
          "validate", "trace", "--command", program("law", semicircle)
        ).status == 64)
    }
  }
}
