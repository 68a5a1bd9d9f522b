import Foundation
import Saddle
import Support
import Testing

/// `saddle run` and what reads its store.
@Suite struct StoreCommandTests {
  private func grid(
    _ folder: URL, _ names: [String] = ["sgd", "momentum", "adam", "noisySGD"],
    seeds: [UInt64] = [1, 2]
  ) throws -> String {
    let path = folder.appending(path: "grid.json")
    let optimizers = names.map { OptimizerChoice($0) }
    try JSON.encode(smallGrid(optimizers: optimizers, seeds: seeds)).write(to: path)
    return path.path
  }

  @Test func `a grid is run, listed, decided, packed and compared`() throws {
    try withTemporaryFolder { folder in
      let (grid, store) = (try grid(folder), folder.appending(path: "store").path)
      let plan = try SaddleProcess.run("run", grid, "--store", store, "--dry-run")
      #expect(plan.status == 0 && plan.output.contains("8, 0 of them finished"), "\(plan)")
      let first = try SaddleProcess.run("run", grid, "--store", store)
      #expect(first.status == 0 && first.errors.contains("8/8"), "\(first.errors)")
      let again = try SaddleProcess.run("run", grid, "--store", store)
      #expect(again.status == 0 && again.errors.isEmpty)

      let adam = try SaddleProcess.run("runs", store, "optimizer=adam", "--csv")
      #expect(adam.output.split(separator: "\r\n").count == 3)
      let wrong = try SaddleProcess.run("runs", store, "optimiser=adam")
      #expect(wrong.status == 64 && wrong.errors.contains("'optimiser=adam' is no condition"))

      let survey = try SaddleProcess.run("survey", store, "--json")
      let findings = try JSONDecoder().decode([SurveyFinding].self, from: Data(survey.output.utf8))
      let results = try ExperimentStore(store).results().results
      #expect(findings == Survey(results).findings)

      let pack = folder.appending(path: "pack").path
      let packed = try SaddleProcess.run(
        "pack", store, "--out", pack, "--grid", grid, "--cite", "adam")
      #expect(packed.status == 0, "\(packed.errors)")
      let kept = try ExperimentStore(pack).results().results
      #expect(Set(kept.map(\.key)) == Set(results.map(\.key)))
      let same = try SaddleProcess.run("diff", pack, store)
      #expect(same.status == 0 && same.output.contains("0 changed"), "\(same)")
    }
  }

  @Test func `a figure that changed ends diff with 1`() throws {
    try withTemporaryFolder { folder in
      let store = ExperimentStore(folder.appending(path: "one").path)
      let runner = GridRunner(store: store, data: DataFolder("/no"), jobs: 1)
      let results = try runner.run(smallGrid(seeds: [1, 2, 3, 4, 5, 6]))
      let other = folder.appending(path: "other").path
      let scaled = try edited(results) { _, end in scaleExtremes(&end, by: 1.01) }
      try store.pack(scaled, citing: [], into: other)
      let diff = try SaddleProcess.run("diff", store.url.path, other)
      #expect(diff.status == 1)
      #expect(diff.output.contains("changed: greatest eigenvalue"))
      let missing = try SaddleProcess.run("diff", store.url.path, folder.path + "/none")
      #expect(missing.status == 66)
      let commit = try SaddleProcess.run("diff", store.url.path, "no-such-commit:fixtures")
      #expect(commit.status == 66, "\(commit.errors)")
      // An option of git's that empties a file.
      let victim = folder.appending(path: "victim").path
      try Data("kept".utf8).write(to: URL(fileURLWithPath: victim))
      let option = try SaddleProcess.run("diff", "--", "--output=\(victim):x", store.url.path)
      #expect(option.status == 66 && option.errors.contains("hyphen"), "\(option.errors)")
      #expect(try String(contentsOfFile: victim, encoding: .utf8) == "kept")
    }
  }

  @Test func `a grid that cannot be read ends with 64 or 66`() throws {
    try withTemporaryFolder { folder in
      let store = folder.appending(path: "store").path
      let none = try SaddleProcess.run("run", "/no/grid.json", "--store", store)
      #expect(none.status == 66 && none.errors.contains("/no/grid.json"))
      let path = folder.appending(path: "grid.json")
      try Data("{\"name\": \"x\", \"groups\": []}".utf8).write(to: path)
      let empty = try SaddleProcess.run("run", path.path, "--store", store)
      #expect(empty.status == 64 && empty.errors.contains("it has no groups"))
    }
  }

  @Test(.enabled(if: (try? Gnuplot()) != nil, "gnuplot is not here: script/bootstrap installs it"))
  func `a store's report holds every verdict and every picture`() throws {
    try withTemporaryFolder { folder in
      // More than one picture has a legend for: each has a small one of its own.
      let optimizers = ["sgd", "momentum", "adam", "noisySGD", "rmsprop", "adagrad"]
      let (grid, store) = (try grid(folder, optimizers), folder.appending(path: "store").path)
      #expect(try SaddleProcess.run("run", grid, "--store", store).status == 0)
      let out = folder.appending(path: "report")
      let report = try SaddleProcess.run("report", store, "--out", out.path)
      #expect(report.status == 0, "\(report.errors)")
      let page = try String(contentsOf: out.appending(path: "index.html"), encoding: .utf8)
      for finding in Survey(try ExperimentStore(store).results().results).findings {
        #expect(page.contains("id=\"\(finding.id)\""))
      }
      for name in ["spectra-0", "degeneracy-0", "layers-0", "index-0"] {
        let svg = try String(contentsOf: out.appending(path: name + ".svg"), encoding: .utf8)
        #expect(svg.contains("</svg>"))
        try ReportPage(text: page).expectCSV(name)
      }
      let pictures = try FileManager.default.contentsOfDirectory(atPath: out.path)
        .filter { $0.hasSuffix(".svg") }
      ReportPage(text: page).expectInline(pictures: pictures.count)
      #expect(report.errors.contains("\(pictures.count)/\(pictures.count) pictures drawn"))
      let spectra = try String(contentsOf: out.appending(path: "spectra-0.svg"), encoding: .utf8)
      for name in optimizers { #expect(spectra.contains(">\(name)<"), "\(name)") }
      let summary = try #require(
        page.firstMatch(of: /(?s)<h2>In ten sentences<\/h2>\s*<ul>(.*?)<\/ul>/))
      #expect((4...10).contains(summary.output.1.components(separatedBy: "<li>").count - 1))
      let findings = Survey(try ExperimentStore(store).results().results).findings
      for (verdict, words) in [
        (Verdict.reproduced, "are reproduced"), (.notReproduced, "are not"), (.undecided, "are undecided"),
      ] {
        let count = findings.count { $0.verdict == verdict }
        #expect(summary.output.1.contains("\(count) \(words)"), "\(summary.output.1)")
      }
    }
  }
}
