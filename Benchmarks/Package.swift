// swift-tools-version: 6.2
import PackageDescription

let package = Package(
  name: "Benchmarks",
  platforms: [.macOS(.v15)],
  dependencies: [.package(name: "cleanplate", path: "..")],
  targets: [
    .executableTarget(
      name: "flow-benchmark",
      dependencies: [
        .product(name: "Imaging", package: "cleanplate"), .product(name: "Motion", package: "cleanplate"),
        .product(name: "TestSupport", package: "cleanplate"),
      ])
  ]
)
