import Testing

@testable import Imaging

/// Pictures of a single row, column or pixel, and masks that hold nothing or everything: no operation may trap.
@Suite struct TinyPictureTests {
  static let sizes = [(1, 1), (1, 2), (2, 1), (1, 9), (9, 1), (3, 3), (2, 5)]

  @Test(arguments: sizes, Fixture.layouts)
  func framesOfAnySize(size: (Int, Int), layout: PixelFormat.Layout) throws {
    for siting in [ColorDescription.ChromaSiting.left, .center, .topLeft] {
      let color = ColorDescription(range: .full, matrixCode: 6, siting: siting)
      let format = PixelFormat(layout, bitDepth: 10, hasAlpha: true)
      let frame = try Fixture.noise(format, width: size.0, height: size.1, color: color)
      let image = RGBImage(frame, threads: 3)
      #expect(image.width == size.0 && image.height == size.1)
      for value: UInt8 in [0, 1, 255] {
        let alpha = Plane(width: size.0, height: size.1, repeating: value)
        let out = frame.composited(image, at: frame.bounds, alpha: alpha)
        #expect((out == frame) || value > 0)
      }
      let corner = Region(x: size.0 - 1, y: size.1 - 1, width: 1, height: 1)
      let pixel = RGBImage(frame, region: corner)
      #expect(pixel == image.cropped(to: corner))
      #expect(
        frame.composited(pixel, at: corner, alpha: Plane(width: 1, height: 1, repeating: 255)).bounds == frame.bounds)
    }
  }

  @Test(arguments: sizes)
  func everyOperationOnAnySize(size: (Int, Int)) {
    let (width, height) = size
    for value: UInt8 in [0, 255] {
      let plane = Plane(width: width, height: height, repeating: value)
      for radius in [0, 1, 7] {
        #expect(plane.dilated(radius: radius) == plane)
        #expect(plane.eroded(radius: radius) == plane)
        #expect(plane.opened(radius: radius) == plane)
        #expect(plane.closed(radius: radius) == plane)
        #expect(plane.feathered(radius: radius) == plane)
        #expect(plane.boxBlurred(radius: radius) == plane)
      }
      #expect(plane.holesFilled() == plane)
      #expect(plane.components().count == (value > 0 ? 1 : 0))
      #expect(plane.blurred(sigma: 2) == plane)
      #expect(plane.halved().samples.allSatisfy { $0 == value })
      #expect(plane.squaredDistances().samples.allSatisfy { $0 == (value > 0 ? 0 : .max) })
    }
    let image = Fixture.noiseImage(width: width, height: height)
    #expect(image.resized(width: 5, height: 4).resized(width: 1, height: 1).bounds.area == 1)
    #expect(image.halved().width == (width + 1) / 2)
    #expect(image.blurred(sigma: 3).bounds == image.bounds)
    #expect(image.luma.bounds == image.bounds)
    #expect(image.bicubic(0.3, 0.8).w == 0)
    let mask = Mask(labels: Plane(width: width, height: height, repeating: 4))
    #expect(image.tinted(by: mask, opacity: 0.4, contour: 3).bounds == image.bounds)
  }
}
