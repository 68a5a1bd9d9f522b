import Foundation
import Support
import Testing

/// JUnit's XML says of each decision what the terminal and the JSON say.
@Suite struct JUnitTests {
  private func cases(_ line: String, in folder: URL) throws -> (text: String, counts: [String: Int]) {
    let result = try SaddleProcess.shell("\(line) --junit found.xml", in: folder)
    // A verdict, or damage that was found.
    #expect(result.status < 64 || result.status == 65, "\(result)")
    let text = try String(contentsOf: folder.appending(path: "found.xml"), encoding: .utf8)
    let counts = ["testcase", "failure", "skipped", "error"].map { name in
      (name, text.matches(of: try! Regex("<\(name)[ />]")).count)
    }
    return (text, Dictionary(uniqueKeysWithValues: counts))
  }

  @Test func `a law that holds passes, and one that fails is a failure`() throws {
    try withTemporaryFolder { folder in
      let drawn = try cases("saddle law --ensemble goe -n 200 --seed 1 --quiet", in: folder)
      #expect(drawn.counts == ["testcase": 1, "failure": 0, "skipped": 0, "error": 0])
      try Data((1...200).map { "\($0 < 100 ? 0 : $0)\n" }.joined().utf8)
        .write(to: folder.appending(path: "zeros.txt"))
      let zeros = try cases("saddle law zeros.txt --quiet", in: folder)
      #expect(zeros.counts["failure"] == 1)
      #expect(zeros.text.contains("not declared"), "\(zeros.text)")
    }
  }

  @Test func `a run's claims and its certificate`() throws {
    try withTemporaryFolder { folder in
      let made = try SaddleProcess.shell(
        "saddle train --dataset synthetic --first 60 --pool 7 --hidden 2 --epochs 2 --quiet --out run",
        in: folder)
      #expect(made.status == 0, "\(made.text)")
      let json = try SaddleProcess.shell("saddle spectrum run --quiet --json", in: folder).text
      func count(_ verdict: String) -> Int {
        json.matches(of: try! Regex("\"verdict\" : \"\(verdict)\"")).count
      }
      let claims = try cases("saddle spectrum run --quiet", in: folder)
      #expect(claims.counts["testcase"] == 4 && count("reproduced") > 0)
      #expect(claims.counts["failure"] == count("not reproduced"))
      #expect(claims.counts["skipped"] == count("undecided"))

      // Two epochs end at no critical point.
      let certificate = try cases("saddle certify run --quiet", in: folder)
      #expect(certificate.counts["testcase"] == 1)
      #expect(certificate.counts["failure", default: 0] + certificate.counts["skipped", default: 0] == 1)
    }
  }

  @Test func `a store's claims, its differences and what is damaged of it`() throws {
    try withTemporaryFolder { folder in
      try JSONEncoder().encode(smallGrid()).write(to: folder.appending(path: "grid.json"))
      for store in ["a", "b"] {
        let made = try SaddleProcess.shell("saddle run grid.json --store \(store) --quiet", in: folder)
        #expect(made.status == 0, "\(made.text)")
      }
      let findings = try SaddleProcess.shell("saddle survey a --json", in: folder).text
      let survey = try cases("saddle survey a", in: folder)
      let verdicts = findings.matches(of: #/"cases" :/#).count
      #expect(survey.counts["testcase"] == verdicts && verdicts > 5)

      let same = try cases("saddle diff a b", in: folder)
      #expect(same.counts["testcase"] ?? 0 > 5 && same.counts["failure"] == 0, "\(same)")

      let whole = try cases("saddle runs a --verify", in: folder)
      #expect(whole.counts["failure"] == 0)
      let spoiled = try SaddleProcess.shell("printf x >> $(ls -d a/*/parameters.bin | head -n 1)", in: folder)
      #expect(spoiled.status == 0, "\(spoiled.text)")
      let damaged = try cases("saddle runs a --verify", in: folder)
      #expect(damaged.counts["failure"] ?? 0 > 0, "\(damaged.text)")
      let listing = try SaddleProcess.shell("saddle runs a --junit x.xml", in: folder)
      #expect(listing.status == 64 && listing.text.contains("--verify"))
    }
  }

  @Test func `a program's own laws stand before what was decided of its point`() throws {
    try withTemporaryFolder { folder in
      let program = projectFolder.appending(path: "Examples/plain_objective.py").path
      let found = try cases("saddle spectrum --command \"python3 '\(program)'\" --quiet", in: folder)
      #expect(found.text.contains("the program itself"))
      #expect(found.counts["testcase"] ?? 0 > 8 && found.counts["error"] == 0)
    }
  }
}
