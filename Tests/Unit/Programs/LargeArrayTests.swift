import Foundation
import Saddle
import Support
import Testing

/// A program whose Hessian is twice the identity, of as many parameters as take files, or pieces of
/// the stream. `fault` may change the bytes of an answer.
private func program(_ dtype: String, files: Bool, parameters: Int, fault: String = "") -> String {
  """
  exec python3 -c '
  import array, json, os, sys
  P, code, out = \(parameters), "\(dtype == "float32" ? "f" : "d")", sys.stdout.buffer
  folder, count = None, 0
  for line in sys.stdin.buffer:
      header, arrays = json.loads(line), {}
      for a in header.get("arrays", []):
          size = array.array(code).itemsize
          for n in a["shape"]: size *= n
          data = open(a["file"], "rb").read() if "file" in a else sys.stdin.buffer.read(size)
          assert len(data) == size, (len(data), size)
          assert ("file" in a) == (folder is not None), a
          arrays[a["name"]] = array.array(code, data), a["shape"]
      answer, name = {"id": header["id"]}, None
      if header["do"] == "quit": break
      if header["do"] == "describe":
          answer.update({"is": "objective", "parameters": P, "dtype": "\(dtype)", "offers": ["value", "gradient", "product"]})
          if \(files ? "True" : "False"): folder = header["folder"]; answer["files"] = True
      if header["do"] == "product":
          count += 1
          numbers, shape = arrays["vectors"]
          data = array.array(code, [2 * x for x in numbers]); name = "products"
          \(fault)
          data = data.tobytes()
          entry = {"name": name, "dtype": "\(dtype)", "shape": shape}
          if folder:
              entry["file"] = os.path.join(folder, "answer")
              with open(entry["file"], "wb") as file: file.write(data)
          answer["arrays"] = [entry]
      out.write(json.dumps(answer).encode() + b"\\n")
      if name and not folder: out.write(data)
      out.flush()'
  """
}

/// Arrays that are encoded, sent and decoded in many pieces.
@Suite(.enabled(if: LoopbackServer.isPossible, "python3 is not here: script/bootstrap installs it"))
struct LargeArrayTests {
  /// Not a whole number of pieces.
  private let n = 300_001

  private func vector(_ k: Int) -> [Double] { (0..<n).map { Double(($0 * 7 + k) % 1013) - 500 } }

  @Test(arguments: ["float64", "float32"], [true, false])
  func `pass unchanged, one after the other and several at once`(
    dtype: String, files: Bool
  ) throws {
    let objective = try RemoteObjective(command: program(dtype, files: files, parameters: n))
    let operation = objective.linearized(at: vector(0))
    // The second is written over the first.
    for k in 1...2 { #expect(operation.apply(vector(k)) == vector(k).map { 2 * $0 }) }
    let block = Matrix([vector(3), vector(4)])
    #expect(operation.apply(block).elements == block.elements.map { 2 * $0 })
    #expect(operation.apply(vector(5)) == vector(5).map { 2 * $0 })
    #expect(objective.failure == nil)
  }

  @Test func `numbers that single precision has not are rounded to it`() throws {
    let objective = try RemoteObjective(command: program("float32", files: true, parameters: n))
    let thirds = vector(1).map { $0 / 3 }
    #expect(
      objective.linearized(at: vector(0)).apply(thirds) == thirds.map { 2 * Double(Float($0)) })
  }

  @Test(
    arguments: [true, false],
    [
      // In a piece that is not the first, and in the last.
      ("data[250_000] = float(\"nan\")", "gave nan as number 250000 of 'products'"),
      ("data[P - 1] = float(\"-inf\")", "gave -inf as number 300000 of 'products'"),
      ("name = \"product\"", "there is no array 'products'"),
      ("shape = [P]", "'products' is of shape [300001], not [1, 300001]"),
      ("shape = [1, P + 1]; data.append(1)", "more than was asked for"),
    ])
  func `what is wrong with one is said`(files: Bool, _ fault: (code: String, words: String)) throws {
    let objective = try RemoteObjective(
      command: program("float64", files: files, parameters: n, fault: fault.code))
    let product = objective.linearized(at: vector(0)).apply(vector(1))
    #expect(product.count == n && product.allSatisfy { $0.isNaN })
    let failure = try #require(objective.failure)
    #expect("\(failure)".contains(fault.words), "\(failure)")
  }

  @Test func `a file that is shorter than announced is refused`() throws {
    let objective = try RemoteObjective(
      command: program("float64", files: true, parameters: n, fault: "data.pop()"))
    _ = objective.linearized(at: vector(0)).apply(vector(1))
    let failure = try #require(objective.failure)
    #expect("\(failure)".contains("a file of 2400000 bytes where 2400008 are needed"), "\(failure)")
  }

  /// Opening a pipe that has no other end would wait for ever.
  @Test func `a pipe in the place of a file is refused, or gone around`() throws {
    let objective = try RemoteObjective(
      command: program(
        "float64", files: true, parameters: n,
        fault: "os.unlink(folder + \"/to-vectors\"); os.mkfifo(folder + \"/to-vectors\")"),
      answerLimit: 20)
    let operation = objective.linearized(at: vector(0))
    #expect(operation.apply(vector(1)) == vector(1).map { 2 * $0 })
    // Sent through the stream, which this program takes for a mistake.
    _ = operation.apply(vector(1))
    #expect("\(try #require(objective.failure))".contains("AssertionError"))
  }
}
