import Saddle
import SaddleOracles
import Testing

/// What is asked of an optimizer that is served, and cannot be.
@Suite struct OptimizerServerTests {
  private func answer(to requests: String...) throws -> String? {
    var server = try OptimizerServer(
      entry: catalogEntry("adam"), settings: [:], seed: 1
    ) { _ in nil }
    var last: String?
    for request in requests { last = server.reply(to: request) }
    return last
  }

  private func begin(_ dimension: String) -> String {
    #"{"id":1,"do":"init","protocol":1,"run":1,"dimension":\#(dimension),"hyperparameters":{}}"#
  }

  @Test func `more coordinates than memory are refused with both figures`() throws {
    for dimension in ["1000000000000000", "9223372036854775807"] {
      let answer = try #require(try answer(to: begin(dimension)))
      #expect(answer.contains("\"error\"") && answer.contains("and this process can have"), "\(answer)")
    }
  }

  @Test func `vectors of another length than the run's are refused`() throws {
    for (parameters, gradient, fault) in [
      ("[1]", "[1,2,3]", "'parameters' has 1 numbers, the run 3"),
      ("[1,2,3]", "[1,2]", "'gradient' has 2 numbers, the run 3"),
    ] {
      let answer = try answer(
        to: begin("3"),
        #"{"id":2,"do":"step","run":1,"parameters":\#(parameters),"value":1,"gradient":\#(gradient)}"#)
      #expect(answer == #"{"id":2,"error":"\#(fault)"}"#)
    }
  }
}
