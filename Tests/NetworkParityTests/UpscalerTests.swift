import Foundation
import Imaging
import Inpainting
import NeuralGraph
import NeuralRuntime
import Testing

/// Users' own enlarging networks, written here.
@Suite(.enabled(if: RuntimeHere.runtime != nil, "no ONNX Runtime on this machine: pip install onnxruntime"))
struct UpscalerTests {
  private let path = FileManager.default.temporaryDirectory.path + "/upscaler-\(UUID().uuidString).onnx"

  private func write(_ shape: [Int] = [1, 3, 64, 64], _ build: (Value) -> Value) throws {
    let builder = GraphBuilder("own", weights: NetworkWeights(source: "none", tensors: [:]))
    builder.output("large", build(builder.input("picture", shape)))
    try Data(builder.finish().model).write(to: URL(fileURLWithPath: path))
  }

  private func upscaler() throws -> NetworkUpscaler {
    try NetworkUpscaler(path, runtime: try #require(RuntimeHere.runtime))
  }

  /// Each pixel four times as wide and high: tiles must meet without a seam.
  private func blocks() throws -> NetworkUpscaler {
    try write { $0.resize([256, 256], .nearest) }
    defer { try? FileManager.default.removeItem(atPath: path) }
    return try upscaler()
  }

  private func picture(_ width: Int, _ height: Int) -> RGBImage {
    var image = RGBImage(width: width, height: height)
    for y in 0..<height {
      for x in 0..<width {
        image[x, y] = RGBImage.fixed(SIMD4(Float((x * 37 + y * 11) % 256), Float(y * 2 % 256), Float(x % 256), 0))
      }
    }
    return image
  }

  @Test func tilesMeetWithoutASeam() throws {
    let image = picture(97, 70)
    let needed = Plane<UInt8>(width: 388, height: 280, repeating: 255)
    let large = try blocks().enlarged(image, needed: needed)
    for y in 0..<280 { for x in 0..<388 { #expect(large[x, y] == image[x / 4, y / 4]) } }
  }

  @Test func whatTheNetworkMakesTooLargeIsAveraged() throws {
    let image = picture(50, 30)
    let needed = Plane<UInt8>(width: 50, height: 30, repeating: 255)
    #expect(try blocks().enlarged(image, needed: needed) == image)
  }

  @Test func onlyNeededTilesAreComputed() throws {
    let image = picture(120, 60)
    var needed = Plane<UInt8>(width: 240, height: 120, repeating: 0)
    let some = try blocks().enlarged(image, needed: needed)
    #expect(some == image.resized(width: 480, height: 240, interpolation: .bicubic).resized(width: 240, height: 120))
    needed[5, 5] = 255
    let one = try blocks().enlarged(image, needed: needed)
    #expect(one[5, 5] == image[2, 2] && one[200, 100] == some[200, 100] && one != some)
  }

  @Test func otherModelsAreRefusedWithAReason() throws {
    defer { try? FileManager.default.removeItem(atPath: path) }
    func refusal() -> String? {
      let error = #expect(throws: NeuralError.self) { try upscaler() }
      #expect(error?.code == .badModel)
      return error?.context
    }
    try write { $0 * 2 }
    #expect(refusal()?.contains("it makes [1, 3, 64, 64]") == true)
    try write { $0.mean([1]) }
    #expect(refusal()?.contains("its outputs are [1, 1, 64, 64]") == true)
    try write([1, 3, 16, 16]) { $0 * 2 }
    #expect(refusal()?.contains("its picture is 16x16") == true)
  }
}
