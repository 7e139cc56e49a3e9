import NeuralRuntime

/// An embedding as bytes: a mark with the form's number, then each tensor's elements as little-endian float32. How many
/// there are follows from the network.
extension SamNetwork.Embedding {
  /// The number changes whenever preprocessing or encoder give other values for the same frame and weights.
  private static let mark = Array("SAM embedding 1\n".utf8)

  public var bytes: [UInt8] {
    let tensors = [image] + (early.map { [$0] } ?? [])
    var bytes = Self.mark
    bytes.reserveCapacity(Self.mark.count + 4 * tensors.reduce(0) { $0 + $1.count })
    for tensor in tensors {
      tensor.withFloats { floats in
        for float in floats {
          withUnsafeBytes(of: float.bitPattern.littleEndian) { bytes.append(contentsOf: $0) }
        }
      }
    }
    return bytes
  }

  /// - Returns: nil where the bytes are not those of a network like this one.
  public init?(_ bytes: [UInt8], _ architecture: SamArchitecture) {
    let (grid, channels) = (SamArchitecture.grid, SamDecoderGraph.channels)
    let imageShape = [1, channels, grid, grid]
    let earlyShape = architecture.isHighQuality ? [1, grid, grid, architecture.earlyChannels] : [0]
    let imageCount = imageShape.reduce(1, *)
    let count = imageCount + earlyShape.reduce(1, *)
    guard bytes.starts(with: Self.mark), bytes.count == Self.mark.count + 4 * count else { return nil }
    func tensor(_ shape: [Int], from first: Int) -> NeuralTensor {
      NeuralTensor(shape) { out in
        bytes.withUnsafeBytes { raw in
          for index in out.indices {
            let at = Self.mark.count + 4 * (first + index)
            out[index] = Float(bitPattern: UInt32(littleEndian: raw.loadUnaligned(fromByteOffset: at, as: UInt32.self)))
          }
        }
      }
    }
    self.init(
      image: tensor(imageShape, from: 0),
      early: architecture.isHighQuality ? tensor(earlyShape, from: imageCount) : nil)
  }
}

extension SamSegmenter: KeepingSegmenter {
  public func bytes(of prepared: SamPreparedFrame) -> [UInt8] { prepared.embedding.bytes }

  public func prepared(from bytes: [UInt8], width: Int, height: Int) -> SamPreparedFrame? {
    SamNetwork.Embedding(bytes, network.architecture).map {
      SamPreparedFrame(network: network, SamPreprocessing(width: width, height: height), embedding: $0)
    }
  }
}
