import Foundation
import NeuralGraph

extension ParityFolder {
  /// Writes the formula's weights as a `.safetensors` file, for what wants a checkpoint.
  /// - Throws: `ParityError` where the file cannot be written.
  public func writeWeights(to file: String) throws(ParityError) {
    let weights = self.weights
    var header: [String: [String: Any]] = [:]
    var offset = 0
    for key in weights.keys {
      let shape = weights.shape(key) ?? []
      let end = offset + shape.reduce(1, *) * 4
      header[key] = ["dtype": "F32", "shape": shape, "data_offsets": [offset, end]]
      offset = end
    }
    guard var text = try? JSONSerialization.data(withJSONObject: header, options: [.sortedKeys]),
      FileManager.default.createFile(atPath: file, contents: nil), let out = FileHandle(forWritingAtPath: file)
    else { throw ParityError("\(file) cannot be written") }
    // Elements begin at a multiple of 8, so that they can be used where they are mapped.
    text.append(Data(repeating: UInt8(ascii: " "), count: (8 - text.count % 8) % 8))
    do {
      try out.write(contentsOf: withUnsafeBytes(of: UInt64(text.count).littleEndian) { Data($0) })
      try out.write(contentsOf: text)
      for key in weights.keys {
        if let buffer = weights.buffer(key) { try buffer.withFloats { try out.write(contentsOf: Data(buffer: $0)) } }
        weights.releaseBuffers()
      }
      try out.close()
    } catch {
      throw ParityError("\(file) cannot be written: \(error.localizedDescription)")
    }
  }
}
