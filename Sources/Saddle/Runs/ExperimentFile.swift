import Foundation

/// An experiment that a person has written down.
extension Experiment {
  /// The experiment in a file, written as in a run's own `run.json`; comments may stand in it.
  ///
  /// - Throws: `GridError`: a file that cannot be read, a key that means nothing, a value that is none.
  public init(from path: String) throws(GridError) {
    try self.init(json: WrittenJSON.bytes(of: path), path: path)
  }

  /// - Parameter path: what the text is called in errors.
  /// - Throws: `GridError`.
  public init(json: Data, path: String) throws(GridError) {
    do {
      self = try WrittenJSON.read(Experiment.self, from: json)
    } catch {
      throw .noExperiment(path: path, cause: error is GridError ? "\(error)" : describe(error))
    }
    guard plan != nil, let optimizer else {
      throw .noExperiment(path: path, cause: "it lacks \"optimizer\" and \"plan\"")
    }
    do {
      _ = try optimizer.makeOptimizer(Double.self)
    } catch {
      throw .noExperiment(path: path, cause: "optimizer: \(error)")
    }
  }

  /// A file to begin with: every key, with what may stand there.
  public static var example: String {
    func names<Name: RawRepresentable<String> & CaseIterable>(_: Name.Type) -> String {
      Name.allCases.map { "\"\($0.rawValue)\"" }.joined(separator: ", ")
    }
    return """
      // An experiment, for `saddle train --config FILE --out RUN`. Comments may stay.
      {
        "name": "example",

        // What the network is trained on. Instead of the drawn figures, which every machine has:
        //   {"mnist": {"file": "train", "first": 5000}}
        //   {"cifar10": {"files": ["data_batch_1.bin"], "firstOfEach": 5000}}
        "data": {
          "source": {"syntheticDigits": {"seed": 1, "count": 600}},
          "grayscale": false,
          // The mean of so many by so many pixels is one input: 28 × 28 becomes 7 × 7.
          "pooling": 4,
          // One of \(names(Standardization.self)).
          "standardization": "none"
        },
        // Images held out, prepared alike; may be left out.
        "test": {"syntheticDigits": {"seed": 2, "count": 600}},

        // Dense layers of so many units, and their activation: one of
        // \(names(Activation.self)).
        // Other layers are "network": {"input": …, "layers": […]}, as in experiments/networks.
        "hidden": [16],
        "activation": "tanh",

        // One of \(names(Loss.self)).
        "loss": "softmaxCrossEntropy",
        // The coefficient of ½‖θ‖².
        "weightDecay": 0,

        // By its name in the catalog, with its hyperparameters: see `saddle optimizers`.
        "optimizer": {
          "name": "momentum",
          "hyperparameters": {"learningRate": 0.1, "momentum": 0.9},
          // Or {"cosine": {"warmUp": 0, "steps": 300, "final": 0}}.
          "schedule": {"constant": {}},
          // Of the noise of optimizers that draw any.
          "seed": 1
        },
        "plan": {
          "epochs": 30,
          "batchSize": 64,
          // Of the initial weights and of the samples' order.
          "seed": 1,
          // One of \(names(Initialization.self)).
          "initialization": "glorotUniform"
        },
        // Of training: \(names(Precision.self)). Analyses are in double.
        "precision": "double"
      }

      """
  }
}
