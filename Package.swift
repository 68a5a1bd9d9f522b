// swift-tools-version: 6.2

import PackageDescription

// GSL is under the GPL, and so is a program that is linked with it when it is given to others. With
// SADDLE_WITHOUT_GSL=1 what needs it is left out, and all that is built is under the MIT licence.
let hasGSL = Context.environment["SADDLE_WITHOUT_GSL"] != "1"

/// What of each target needs GSL.
let needGSL = [
  "Oracles": [
    "Curvature/CurvatureProblem.swift", "Curvature/CurvatureProblemOracle.swift",
    "Derivatives/GSL+Derivative.swift", "Eigensolvers", "Ensembles",
    "Landscapes/PlainNetwork+ThirdDerivatives.swift", "Landscapes/TwoLayerLinearNetwork.swift",
    "Landscapes/TwoLayerLinearNetwork+CriticalPoints.swift", "Laws", "Matrices", "Optimizers",
    "Programs", "Verification",
  ],
  "SaddleOracles": [
    "OptimizerServer.swift", "OptimizerSubject+Saddle.swift", "RemoteFunction.swift",
  ],
  "SaddleCommand": ["Validate"],
]

func excluded(_ target: String) -> [String] { hasGSL ? [] : needGSL[target] ?? [] }

/// What makes tests quicker to build in release. For debug information the compiler looks the place of every
/// instruction up among all expectations, and Unit's own code does no work that were worth optimizing.
func testFlags(_ layer: String) -> [String] { ["-gnone"] + (layer == "Unit" ? ["-Onone"] : []) }

/// The three layers of tests, each with all there is.
let tests: [Target] =
  !hasGSL
  ? []
  : ["Unit", "Property", "Regression"].map { name in
    .testTarget(
      name: name,
      dependencies: [
        "Oracles", "Saddle", "SaddleOracles", "SaddleFuzz", "Support", "SaddleCommand",
        "Threads", "CVector", "CVectorForms",
      ],
      swiftSettings: [.unsafeFlags(testFlags(name), .when(configuration: .release))])
  }

let package = Package(
  name: "Saddle",
  platforms: [.macOS(.v26)],
  products: [
    .library(name: "Saddle", targets: ["Saddle"]),
    .library(name: "Oracles", targets: ["Oracles"]),
    .library(name: "SaddleOracles", targets: ["SaddleOracles"]),
    .executable(name: "saddle", targets: ["SaddleCommand"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.5.0"),
    .package(url: "https://github.com/apple/swift-numerics", from: "1.1.0"),
  ],
  targets: [
    .systemLibrary(
      name: "COpenBLAS", pkgConfig: "openblas",
      providers: [.apt(["libopenblas-dev"]), .brew(["openblas"])]),
    .systemLibrary(
      name: "CGSL", pkgConfig: "gsl",
      providers: [.apt(["libgsl-dev"]), .brew(["gsl"])]),
    .systemLibrary(
      name: "CZlib", pkgConfig: "zlib",
      providers: [.apt(["zlib1g-dev"]), .brew(["zlib"])]),
    .systemLibrary(
      name: "CCrypto", pkgConfig: "libcrypto",
      providers: [.apt(["libssl-dev"]), .brew(["openssl@3"])]),
    .target(name: "CVector"),
    .target(name: "CProcessor"),
    // Starts other programs, and talks with them, for whoever asks: no numbers but as bytes.
    .target(name: "CSpawning"),
    .target(name: "Spawning", dependencies: ["CSpawning"]),
    // What several threads take: locks, and work done at once.
    .target(name: "Threads"),
    .target(name: "Dialogue", dependencies: ["Spawning", "Threads"]),
    .target(
      name: "Saddle",
      dependencies: [
        "COpenBLAS", "CProcessor", "CVector", "CZlib", "CCrypto", "Dialogue",
        "Spawning", "Threads",
        .product(name: "RealModule", package: "swift-numerics"),
      ]),
    .target(
      name: "Oracles", dependencies: (hasGSL ? ["CGSL"] : []) + ["Dialogue", "Threads"],
      exclude: excluded("Oracles")),
    .target(
      name: "SaddleOracles", dependencies: ["Oracles", "Saddle", "Threads"],
      exclude: excluded("SaddleOracles")),
    .executableTarget(
      name: "SaddleCommand",
      dependencies: [
        "Oracles", "Saddle", "SaddleOracles", "Threads",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      exclude: excluded("SaddleCommand"), swiftSettings: hasGSL ? [.define("GSL")] : []),
    .executableTarget(
      name: "SaddleBenchmark", dependencies: ["Saddle"], path: "Benchmarks/SaddleBenchmark"),
    // Gives bytes to whatever reads files and messages of others.
    .executableTarget(
      name: "SaddleFuzz", dependencies: ["Oracles", "Saddle", "SaddleOracles", "Threads"],
      path: "Tests/Fuzz", exclude: ["corpus"]),
    // The loops of convolutions with the vectors of other processors than the one that tests run on.
    .target(
      name: "CVectorForms", dependencies: ["CVector"], path: "Tests/CVectorForms",
      cSettings: [.headerSearchPath("../../Sources/CVector")]),
    .target(
      name: "Support",
      dependencies: ["Dialogue", "Oracles", "Saddle", "SaddleOracles", "Spawning", "Threads"],
      path: "Tests/Support"),
  ] + tests,
  swiftLanguageModes: [.v6]
)
