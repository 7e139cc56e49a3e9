import Motion
import Testing

@testable import Tracking

@Suite("What is known of the background")
struct BackgroundPlateTests {
  private let width = 40
  private let height = 24

  /// Three planes of a smooth picture, moved to the left by `shift` cells.
  private func picture(_ shift: Int) -> [Float] {
    (0..<3).flatMap { c in
      (0..<width * height).map { i in
        let (x, y) = (i % width + shift, i / width)
        return Float((x * x + 3 * y * (c + 1)) % 97) / 97
      }
    }
  }

  private var everywhere: [Bool] { [Bool](repeating: true, count: width * height) }

  @Test("nothing is said of cells that were never seen")
  func unknown() {
    let plate = BackgroundPlate(width: width, height: height)
    #expect(plate.differences(picture(0)).allSatisfy { $0 == nil })
  }

  @Test("it goes along with the camera")
  func camera() {
    var plate = BackgroundPlate(width: width, height: height)
    plate.learn(picture(0), isBackground: everywhere, takesNew: true)
    plate.move(by: .translation(3, 0))
    let differences = plate.differences(picture(3))
    for y in 0..<height {
      for x in 0..<width {
        let difference = differences[y * width + x]
        if x < width - 5 && y < height - 1 { #expect(difference! < 1e-4) }
        if x > width - 4 { #expect(difference == nil) }
      }
    }
  }

  @Test("what does not fit is not taken in at once, and what was never seen only when that is sure")
  func caution() {
    var plate = BackgroundPlate(width: width, height: height)
    let left = (0..<width * height).map { $0 % width < 20 }
    for _ in 0..<3 { plate.learn(picture(0), isBackground: left, takesNew: true) }
    var other = picture(0)
    let stranger = 10 * width + 10
    for c in 0..<3 { other[c * width * height + stranger] += 1 }
    plate.learn(other, isBackground: everywhere, takesNew: false)
    let differences = plate.differences(picture(0))
    #expect(differences[stranger]! < 0.05)
    #expect(differences[10 * width + 30] == nil)
    plate.learn(picture(0), isBackground: everywhere, takesNew: true)
    #expect(plate.differences(picture(0))[10 * width + 30]! < 1e-4)
  }
}
