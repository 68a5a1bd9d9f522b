import Saddle
import Testing

/// What JSON has no words for is said to be that, and the disk is not blamed.
@Suite struct UnwrittenFigureTests {
  private struct Record: Encodable {
    let criticality: [Part]

    struct Part: Encodable {
      let newtonStep: Double
    }
  }

  @Test(arguments: [Double.infinity, -.infinity, .nan])
  func `a figure that is not finite is named with its place`(figure: Double) throws {
    let record = Record(criticality: [.init(newtonStep: 1), .init(newtonStep: figure)])
    let expected = JSONError(place: "criticality[1].newtonStep", value: "\(figure)")
    #expect(throws: expected) { try JSON.encode(record) }
    let refusal = RunError.notRepresentable(path: "analysis.json", cause: "\(expected)")
    #expect(throws: refusal) {
      var changes = FolderChanges()
      try changes.put(record, as: "analysis.json")
    }
    let text = "\(refusal)"
    #expect(text.contains("criticality[1].newtonStep is \(figure)"), "\(text)")
    #expect(!text.contains("cannot be written"), "\(text)")
  }
}
