import Foundation
import Saddle
import Support
import Testing

@Suite struct ReportTests {
  private static let hasGnuplot = (try? Gnuplot()) != nil

  @Test func `without gnuplot the error says how to get it`() {
    #expect(throws: ReportError.gnuplotMissing) {
      try Gnuplot(environment: ["PATH": "/nowhere"])
    }
    #expect(ReportError.gnuplotMissing.description.contains("script/bootstrap"))
  }

  @Test(.enabled(if: hasGnuplot, "gnuplot is not here: script/bootstrap installs it"))
  func `a script that gnuplot refuses ends in its message`() throws {
    #expect {
      try Gnuplot().svg("plot no such thing\n")
    } throws: { error in
      if case .gnuplotFailed(let status, let message) = error as? ReportError {
        status != 0 && message.contains("line")
      } else {
        false
      }
    }
  }

  @Test(
    .enabled(if: hasGnuplot, "gnuplot is not here: script/bootstrap installs it"),
    arguments: [[0.0, 0, 0], [2, 2], [-3], [-1, 0, 1e-30, 5], [1e-200, 1e200]])
  func `every spectrum can be drawn, and text is escaped`(eigenvalues: [Double]) throws {
    var experiment = try Experiment.onSyntheticDigits()
    experiment.name = "a <b> & \"c\""
    experiment.origin = .trained(
      by: OptimizerDescription("nesterov", ["lr": 0.25]), plan: try #require(experiment.plan))
    let evaluation = Evaluation(loss: 0.5, accuracy: nil, gradientNorm: 0.1)
    let analysis = try madeUpAnalysis(eigenvalues, evaluation: evaluation)
    let report = HTMLReport(
      experiment: experiment, data: "x < y", network: "1-1 tanh",
      history: [EpochRecord(epoch: 0, evaluation: evaluation)], analysis: analysis, test: nil,
      claims: Claim.all(for: PointRecord(analysis), startingLoss: 1), command: "saddle reproduce")
    try withTemporaryFolder { folder in
      let page = try report.write(to: folder.path + "/new/folder", using: Gnuplot())
      let text = try String(contentsOfFile: page, encoding: .utf8)
      #expect(text.contains("a &lt;b&gt; &amp; &quot;c&quot;"))
      #expect(text.contains("x &lt; y"))
      #expect(
        text.contains(
          "Nesterov momentum (learningRate 0.25, momentum 0.9), 100 epochs in batches of 64"))
      for name in ["training", "spectrum", "magnitudes", "degeneracy"] {
        let svg = try String(
          contentsOfFile: folder.path + "/new/folder/\(name).svg", encoding: .utf8)
        #expect(svg.contains("</svg>"), "\(name)")
        // Beside the page on whatever ground, in it in the page's own colours.
        #expect(!svg.contains("#ffffff") && !svg.contains("255, 255, 255"), "\(name)")
        try ReportPage(text: text).expectCSV(name)
      }
      ReportPage(text: text).expectInline(pictures: 4)
    }
  }
}
