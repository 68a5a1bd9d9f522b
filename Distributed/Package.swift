// swift-tools-version: 6.2

import PackageDescription

// Spectra over several processes and machines, by MPI, ScaLAPACK and ELPA: a package of its own, so
// that the one beside it needs none of them.
let package = Package(
  name: "SaddleDistributed",
  platforms: [.macOS(.v26)],
  products: [.executable(name: "saddle-mpi", targets: ["SaddleMPI"])],
  dependencies: [
    .package(name: "Saddle", path: ".."),
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.5.0"),
  ],
  targets: [
    .systemLibrary(
      name: "CMPI", pkgConfig: "mpi", providers: [.apt(["libopenmpi-dev", "openmpi-bin"])]),
    .systemLibrary(
      name: "CScaLAPACK", pkgConfig: "scalapack-openmpi",
      providers: [.apt(["libscalapack-openmpi-dev"])]),
    .systemLibrary(name: "CELPA", pkgConfig: "elpa", providers: [.apt(["libelpa-dev"])]),
    .target(name: "CDistributed", dependencies: ["CMPI", "CScaLAPACK", "CELPA"]),
    .target(
      name: "SaddleDistributed",
      dependencies: ["CDistributed", .product(name: "Saddle", package: "Saddle")]),
    .executableTarget(
      name: "SaddleMPI",
      dependencies: [
        "SaddleDistributed", .product(name: "Saddle", package: "Saddle"),
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),
  ],
  swiftLanguageModes: [.v6]
)
