// swift-tools-version: 6.2
import PackageDescription

// The arrows of ARCHITECTURE.md: doors -> job -> algorithms -> files -> pixels -> foreign code.
let package = Package(
  name: "cleanplate",
  platforms: [.macOS(.v15)],
  products: [
    .executable(name: "cleanplate", targets: ["cleanplate"]),
    .library(name: "ObjectRemoval", targets: ["ObjectRemoval"]),
    .library(name: "VideoIO", targets: ["VideoIO"]),
    .library(name: "Imaging", targets: ["Imaging"]),
    .library(name: "Motion", targets: ["Motion"]),
    .library(name: "TestSupport", targets: ["TestSupport"]),
    .library(name: "NeuralGraph", targets: ["NeuralGraph"]),
    .library(name: "Evaluation", targets: ["Evaluation"]),
    .library(name: "Segmentation", targets: ["Segmentation"]),
    .library(name: "Tracking", targets: ["Tracking"]),
    .library(name: "Inpainting", targets: ["Inpainting"]),
    .library(name: "CPixelKernels", targets: ["CPixelKernels"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    .package(url: "https://github.com/apple/swift-log", from: "1.6.0"),
    .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.8.0"),
    .package(url: "https://github.com/apple/swift-http-types", from: "1.4.0"),
    .package(url: "https://github.com/apple/swift-nio", from: "2.80.0"),
  ],
  targets: [
    // tier 0: foreign code
    .target(name: "CPixelKernels"),
    .target(name: "COnnxRuntime"),
    .systemLibrary(name: "CFFmpeg", pkgConfig: "libavformat", providers: [.apt(["libavformat-dev"]), .brew(["ffmpeg"])]),
    .target(name: "CFFmpegShims", dependencies: ["CFFmpeg"]),
    .systemLibrary(name: "CArchive", pkgConfig: "libarchive", providers: [.apt(["libarchive-dev"]), .brew(["libarchive"])]),
    // tier 1: pixels
    .target(name: "Imaging", dependencies: ["CPixelKernels"]),
    .target(name: "GridNetwork", dependencies: ["Imaging", "CPixelKernels"]),
    .target(name: "NeuralGraph"),
    // tier 2: files
    .target(name: "VideoIO", dependencies: ["Imaging", "CFFmpeg", "CFFmpegShims", "CArchive"]),
    .target(name: "NeuralRuntime", dependencies: ["NeuralGraph", "COnnxRuntime"]),
    // tier 3: algorithms, one verb a module
    .target(name: "Motion", dependencies: ["Imaging", "CPixelKernels"]),
    .target(
      name: "Segmentation",
      dependencies: ["Imaging", "GridNetwork", "Motion", "CPixelKernels", "NeuralGraph", "NeuralRuntime"]),
    .target(
      name: "Tracking",
      dependencies: ["Imaging", "GridNetwork", "Motion", "CPixelKernels", "NeuralGraph", "NeuralRuntime"]),
    .target(
      name: "Inpainting", dependencies: ["Imaging", "Motion", "CPixelKernels", "NeuralGraph", "NeuralRuntime"]),
    .target(name: "Evaluation", dependencies: ["Imaging"]),
    // tier 4: the job
    .target(
      name: "ModelLibrary",
      dependencies: ["VideoIO", "NeuralGraph", "NeuralRuntime", "Segmentation", "Tracking", "Inpainting"]),
    .target(
      name: "ObjectRemoval",
      dependencies: [
        "Imaging", "VideoIO", "Motion", "Segmentation", "Tracking", "Inpainting", "ModelLibrary", "NeuralRuntime",
      ]),
    .target(
      name: "NetworkParity",
      dependencies: ["Imaging", "VideoIO", "Segmentation", "Tracking", "Inpainting", "NeuralGraph", "NeuralRuntime"]),
    // tier 5: doors
    .target(name: "TestSupport", dependencies: ["Imaging", "VideoIO", "Motion", "CPixelKernels"]),
    .target(name: "ProjectStore", dependencies: [.product(name: "GRDB", package: "GRDB.swift")]),
    .target(
      name: "Studio",
      dependencies: [
        "ProjectStore", "ObjectRemoval", "VideoIO", "Imaging",
        .product(name: "Hummingbird", package: "hummingbird"),
        .product(name: "HummingbirdCore", package: "hummingbird"),
        .product(name: "HTTPTypes", package: "swift-http-types"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
        .product(name: "NIOCore", package: "swift-nio"),
      ],
      resources: [.copy("Page"), .copy("API")]),
    .executableTarget(
      name: "cleanplate",
      dependencies: [
        "ObjectRemoval", "Evaluation", "TestSupport", "Studio", "ProjectStore", "NeuralGraph", "NeuralRuntime",
        "NetworkParity", "ModelLibrary",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "Logging", package: "swift-log"),
      ]),
    .testTarget(name: "TestSupportTests", dependencies: ["TestSupport", "VideoIO", "Motion", "Imaging"]),
    .testTarget(name: "ImagingTests", dependencies: ["Imaging", "CPixelKernels", "TestSupport"]),
    .testTarget(name: "GridNetworkTests", dependencies: ["GridNetwork", "Imaging", "TestSupport"]),
    .testTarget(name: "NeuralGraphTests", dependencies: ["NeuralGraph", "TestSupport"]),
    .testTarget(name: "NeuralRuntimeTests", dependencies: ["NeuralGraph", "NeuralRuntime"]),
    .testTarget(
      name: "NetworkParityTests",
      dependencies: [
        "NetworkParity", "ModelLibrary", "NeuralGraph", "NeuralRuntime", "Segmentation", "Tracking", "Inpainting", "Imaging",
        "TestSupport",
      ],
      exclude: ["Data"]),
    .testTarget(
      name: "ModelLibraryTests",
      dependencies: ["ModelLibrary", "VideoIO", "NetworkParity", "NeuralGraph", "TestSupport"]),
    .testTarget(name: "VideoIOTests", dependencies: ["VideoIO", "TestSupport"]),
    .testTarget(name: "MotionTests", dependencies: ["Motion", "CPixelKernels", "TestSupport", "VideoIO"]),
    .testTarget(name: "SegmentationTests", dependencies: ["Segmentation", "CPixelKernels", "Evaluation", "TestSupport"]),
    .testTarget(
      name: "TrackingTests", dependencies: ["Tracking", "Imaging", "NeuralRuntime", "Motion", "Evaluation", "CPixelKernels", "TestSupport"]),
    .testTarget(name: "InpaintingTests", dependencies: ["Inpainting", "CPixelKernels", "Evaluation", "TestSupport"]),
    .testTarget(name: "EvaluationTests", dependencies: ["Evaluation", "VideoIO", "TestSupport"]),
    .testTarget(name: "ObjectRemovalTests", dependencies: ["ObjectRemoval", "Evaluation", "TestSupport"]),
    .testTarget(name: "ProjectStoreTests", dependencies: ["ProjectStore"]),
    .testTarget(
      name: "StudioTests",
      dependencies: [
        "Studio", "ProjectStore", "ObjectRemoval", "VideoIO", "Imaging", "TestSupport", "NeuralRuntime", "NetworkParity",
        .product(name: "Logging", package: "swift-log"),
      ]),
    .testTarget(
      name: "CommandLineTests",
      dependencies: [
        "ObjectRemoval", "VideoIO", "Imaging", "Evaluation", "NeuralGraph", "NeuralRuntime", "NetworkParity", "TestSupport",
      ]),
  ]
)
