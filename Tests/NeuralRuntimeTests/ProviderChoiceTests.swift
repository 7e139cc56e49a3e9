import Testing

@testable import NeuralRuntime

/// What computes networks, by what the runtime says it has: only the processor can be tried here.
struct ProviderChoiceTests {
  private let all = [
    "TensorrtExecutionProvider", "CUDAExecutionProvider", "CoreMLExecutionProvider", "CPUExecutionProvider",
  ]

  private struct Refusal: Error, CustomStringConvertible { var description = "no device\nat all" }

  private func outcome(
    _ name: String, of available: [String], refusing refused: Set<String> = []
  ) throws -> ProviderChoice.Outcome {
    try #require(ProviderChoice(name)).outcome(available: available) { provider in
      if refused.contains(provider) { throw Refusal() }
    }
  }

  @Test func theBestThatWorksIsTakenUnasked() throws {
    #expect(try outcome("auto", of: all) == .init(provider: "CUDAExecutionProvider"))
    #expect(try outcome("auto", of: ["CPUExecutionProvider"]) == .init())
    #expect(try outcome("auto", of: ["AzureExecutionProvider", "CPUExecutionProvider"]) == .init())
  }

  @Test func whatWasAskedForIsTakenAlone() throws {
    #expect(try outcome("CoreML", of: all) == .init(provider: "CoreMLExecutionProvider"))
    #expect(try outcome("tensorrt", of: all) == .init(provider: "TensorrtExecutionProvider"))
    #expect(try outcome("cpu", of: all) == .init())
  }

  @Test func fallingBackIsSaidInOneLine() throws {
    let next = try outcome("auto", of: all, refusing: ["CUDAExecutionProvider"])
    #expect(next.provider == "CoreMLExecutionProvider")
    #expect(next.note == "cuda cannot be used (no device): networks are computed by coreml")
    let last = try outcome("cuda", of: all, refusing: ["CUDAExecutionProvider"])
    #expect(last == .init(note: "cuda cannot be used (no device): networks are computed by the processor"))
    let missing = try outcome("cuda", of: ["CPUExecutionProvider"])
    #expect(missing == .init(note: "this ONNX Runtime has no cuda: networks are computed by the processor"))
  }

  @Test func otherNamesAreNone() {
    #expect(ProviderChoice("gpu") == nil)
    #expect(ProviderChoice.names.allSatisfy { ProviderChoice($0)?.name == $0 })
  }

  @Test(.enabled(if: RuntimeHere.runtime != nil, "no ONNX Runtime on this machine: pip install onnxruntime"))
  func theRuntimeIsAsked() throws {
    let runtime = try #require(RuntimeHere.runtime)
    #expect(runtime.providers.contains("CPUExecutionProvider"))
    #expect(runtime.outcome(of: .cpu) == .init())
    let isThere = runtime.providers.contains("CUDAExecutionProvider")
    if !isThere { #expect(runtime.outcome(of: try #require(ProviderChoice("cuda"))).note?.contains("cuda") == true) }
  }
}
