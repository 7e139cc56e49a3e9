// swift-tools-version: 6.2
import PackageDescription

// Measurements, apart from the product: `swift run -c release --package-path Benchmarks pixel-benchmark`.
// One executable target for each module measured.
let package = Package(
  name: "benchmarks",
  platforms: [.macOS(.v15)],
  dependencies: [.package(name: "cleanplate", path: "..")],
  targets: [
    .executableTarget(
      name: "pixel-benchmark",
      dependencies: [
        .product(name: "Imaging", package: "cleanplate"), .product(name: "CPixelKernels", package: "cleanplate"),
        .product(name: "TestSupport", package: "cleanplate"),
      ]),
    .executableTarget(
      name: "flow-benchmark",
      dependencies: [
        .product(name: "Imaging", package: "cleanplate"), .product(name: "Motion", package: "cleanplate"),
        .product(name: "TestSupport", package: "cleanplate"), .product(name: "VideoIO", package: "cleanplate"),
      ]),
    .executableTarget(
      name: "fill-benchmark",
      dependencies: [
        .product(name: "Imaging", package: "cleanplate"), .product(name: "Motion", package: "cleanplate"),
        .product(name: "Inpainting", package: "cleanplate"), .product(name: "Evaluation", package: "cleanplate"),
        .product(name: "ObjectRemoval", package: "cleanplate"), .product(name: "TestSupport", package: "cleanplate"),
      ]),
    .executableTarget(
      name: "track-benchmark",
      dependencies: [
        .product(name: "Imaging", package: "cleanplate"), .product(name: "Motion", package: "cleanplate"),
        .product(name: "Tracking", package: "cleanplate"), .product(name: "Evaluation", package: "cleanplate"),
        .product(name: "ObjectRemoval", package: "cleanplate"), .product(name: "VideoIO", package: "cleanplate"),
        .product(name: "TestSupport", package: "cleanplate"),
      ]),
    .executableTarget(
      name: "planar-benchmark",
      dependencies: [
        .product(name: "Imaging", package: "cleanplate"), .product(name: "Motion", package: "cleanplate"),
        .product(name: "TestSupport", package: "cleanplate"), .product(name: "VideoIO", package: "cleanplate"),
      ]),
    .executableTarget(
      name: "click-benchmark",
      dependencies: [
        .product(name: "Imaging", package: "cleanplate"), .product(name: "Segmentation", package: "cleanplate"),
        .product(name: "Evaluation", package: "cleanplate"), .product(name: "TestSupport", package: "cleanplate"),
      ]),
    .executableTarget(
      name: "job-benchmark",
      dependencies: [
        .product(name: "Imaging", package: "cleanplate"), .product(name: "ObjectRemoval", package: "cleanplate"),
        .product(name: "VideoIO", package: "cleanplate"), .product(name: "TestSupport", package: "cleanplate"),
      ]),
    .executableTarget(
      name: "studio-benchmark",
      dependencies: [
        .product(name: "Imaging", package: "cleanplate"), .product(name: "TestSupport", package: "cleanplate"),
      ]),
    // Reads changed checkpoints: `swift run -c release --package-path Benchmarks checkpoint-fuzz FOLDER 1000000`.
    .executableTarget(
      name: "checkpoint-fuzz",
      dependencies: [
        .product(name: "NeuralGraph", package: "cleanplate"), .product(name: "TestSupport", package: "cleanplate"),
      ]),
    .executableTarget(
      name: "clip-data",
      dependencies: [
        .product(name: "Imaging", package: "cleanplate"), .product(name: "VideoIO", package: "cleanplate"),
        .product(name: "TestSupport", package: "cleanplate"),
      ]),
    // Needs `-Xswiftc -enable-testing`.
    .executableTarget(
      name: "segment-samples",
      dependencies: [
        .product(name: "Imaging", package: "cleanplate"), .product(name: "Segmentation", package: "cleanplate"),
        .product(name: "Evaluation", package: "cleanplate"), .product(name: "TestSupport", package: "cleanplate"),
      ]),
    .executableTarget(
      name: "track-samples",
      dependencies: [
        .product(name: "Imaging", package: "cleanplate"), .product(name: "Tracking", package: "cleanplate"),
      ]),
  ]
)
