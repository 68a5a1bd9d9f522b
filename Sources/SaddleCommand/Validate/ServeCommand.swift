import ArgumentParser
import Foundation
import Saddle
import SaddleOracles

struct ServeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "serve",
    abstract: "Speaks the optimizer protocol with one of the optimizers.",
    discussion: """
      Reads requests from standard input and answers on standard output, a line of JSON each: see \
      docs/protocol.md. Hyperparameters of a request's init win over --set.
      """)

  @Argument(help: "The optimizer, by its name in the catalog: see `saddle optimizers`.")
  var name: String
  @Option(
    name: .customLong("set"), parsing: .unconditionalSingleValue,
    help: "Sets a hyperparameter, such as beta1=0.8; may be repeated.")
  var settings: [NamedNumber] = []
  @Option(help: "Seeds the noise of optimizers that draw any.")
  var seed: UInt64 = 1

  func run() throws {
    try reportingErrors {
      let entry = try catalogEntry(name)
      let settings = try entry.canonical(settings.map { (name: $0.name, value: $0.value) })
      var server = OptimizerServer(entry: entry, settings: settings, seed: seed) { question in
        print(question)
        return fflush(nil) == 0 ? readLine() : nil
      }
      while let line = readLine(), let reply = server.reply(to: line) {
        print(reply)
        guard fflush(nil) == 0 else { throw OutputError() }
      }
    }
  }
}
