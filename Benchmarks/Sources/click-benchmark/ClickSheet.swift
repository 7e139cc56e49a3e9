import Evaluation
import Imaging
import TestSupport

/// Writes the frame around the object, hits in green, surplus in red, missing in blue, clicks as squares.
func drawSheet(
  _ framePath: String, _ mask: Plane<UInt8>, _ truth: Plane<UInt8>, _ clicks: [Click], to path: String
) throws {
  var image = try PortableAnymap.image(at: framePath)
  let tint: [(UInt16, UInt16, UInt16)] = [(0, 0, 0), (60000, 0, 0), (0, 0, 60000), (0, 60000, 0)]
  for i in image.pixels.indices {
    let state = (mask.samples[i] != 0 ? 1 : 0) + (truth.samples[i] != 0 ? 2 : 0)
    guard state != 0 else { continue }
    let color = tint[state]
    image.pixels[i] = image.pixels[i] / 2 &+ SIMD4(color.0 / 2, color.1 / 2, color.2 / 2, 0)
  }
  for click in clicks {
    for y in max(0, click.y - 3)...min(image.height - 1, click.y + 3) {
      for x in max(0, click.x - 3)...min(image.width - 1, click.x + 3) {
        image[x, y] = click.isInside ? SIMD4(65280, 65280, 65280, 0) : .zero
      }
    }
  }
  guard let box = (truth.boundingBox)?.grown(by: 60).intersection(image.bounds) else { return }
  try PortableAnymap.write(image.cropped(to: box), to: path)
}
