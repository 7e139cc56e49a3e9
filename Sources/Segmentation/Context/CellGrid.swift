import GridNetwork
import Imaging

/// A coarse grid over the working image that a network looks at, and how its cells and the superpixels share their pixels.
struct CellGrid: Sendable {
  /// Pixels that a cell and a superpixel share.
  private struct Share {
    var superpixel: Int32
    var x: Int32
    var y: Int32
    /// Of the cell, and of the superpixel.
    var ofCell: Float
    var ofSuperpixel: Float
  }

  /// Cells of a grid, about, whatever the image's size.
  private static let area = 8000
  /// The channels of `picture`.
  static let pictureChannels = 4

  let width: Int
  let height: Int
  /// For each cell its mean red, green and blue, and how much the lightness varies within.
  let picture: [SIMD4<Float>]
  /// Grouped by cell.
  private let shares: [Share]

  /// - Parameter image: as large as the graph's superpixels.
  init(_ image: RGBImage, _ graph: RegionGraph) {
    let labels = graph.superpixels.labels
    let scale = (Double(CellGrid.area) / Double(image.width * image.height)).squareRoot()
    width = min(image.width, max(8, Int((Double(image.width) * scale).rounded())))
    height = min(image.height, max(8, Int((Double(image.height) * scale).rounded())))
    let columns = CellGrid.bounds(image.width, width)
    let rows = CellGrid.bounds(image.height, height)
    var counts = [Float](repeating: 0, count: graph.count)
    var shares: [Share] = []
    var picture: [SIMD4<Float>] = []
    for y in 0..<height {
      for x in 0..<width {
        var touched: [Int32] = []
        for v in rows[y]..<rows[y + 1] {
          for u in columns[x]..<columns[x + 1] {
            let label = labels[v * image.width + u]
            if counts[Int(label)] == 0 { touched.append(label) }
            counts[Int(label)] += 1
          }
        }
        let area = Float((rows[y + 1] - rows[y]) * (columns[x + 1] - columns[x]))
        for label in touched.sorted() {
          let count = counts[Int(label)]
          shares.append(
            Share(
              superpixel: label, x: Int32(x), y: Int32(y), ofCell: count / area,
              ofSuperpixel: count / graph.regions[Int(label)].area))
          counts[Int(label)] = 0
        }
        picture.append(CellGrid.look(image, columns[x]..<columns[x + 1], rows[y]..<rows[y + 1]))
      }
    }
    self.shares = shares
    self.picture = picture
  }

  /// Where each cell begins, and where the last one ends: pixel `p` belongs to cell `p * cells / pixels`.
  private static func bounds(_ pixels: Int, _ cells: Int) -> [Int] {
    (0...cells).map { ($0 * pixels + cells - 1) / cells }
  }

  private static func look(_ image: RGBImage, _ columns: Range<Int>, _ rows: Range<Int>) -> SIMD4<Float> {
    var sum = SIMD4<Float>.zero
    var squares: Float = 0
    for v in rows {
      for u in columns {
        var color = image.level(u, v) / 255
        color.w = 0.299 * color.x + 0.587 * color.y + 0.114 * color.z
        sum += color
        squares += color.w * color.w
      }
    }
    let area = Float(rows.count * columns.count)
    let mean = sum / area
    var look = (mean - 0.45) * 4
    look.w = max(0, squares / area - mean.w * mean.w).squareRoot() * 4
    return look
  }

  /// Each cell the mean of what its superpixels have, then `picture`.
  /// - Parameter values: a row of one cell for each superpixel.
  func spread(_ values: CellPlane) -> CellPlane {
    var out = CellPlane(width: width, height: height, channels: values.channels + CellGrid.pictureChannels)
    for share in shares {
      let target = out.offset(x: Int(share.x), y: Int(share.y))
      out.add(share.ofCell, of: values, from: values.offset(x: Int(share.superpixel), y: 0), to: target)
    }
    for cell in picture.indices {
      let target = out.offset(x: cell % width, y: cell / width) + values.channels
      for channel in 0..<CellGrid.pictureChannels { out.values[target + channel] = picture[cell][channel] }
    }
    return out
  }

  /// Each superpixel the mean of its cells, written before the channels that `values` has already.
  /// - Parameter values: a row of one cell for each superpixel, whose first channels are 0.
  func gather(_ cells: CellPlane, into values: inout CellPlane) {
    for share in shares {
      let target = values.offset(x: Int(share.superpixel), y: 0)
      values.add(share.ofSuperpixel, of: cells, from: cells.offset(x: Int(share.x), y: Int(share.y)), to: target)
    }
  }
}
