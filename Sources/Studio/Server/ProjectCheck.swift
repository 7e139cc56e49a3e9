import ProjectStore

/// Holds what clients send against the clip that it is about.
struct ProjectCheck {
  let media: Media

  func objects(_ objects: [MarkedObject]) throws(StudioError) {
    guard objects.count <= 255, Set(objects.map(\.id)).count == objects.count,
      objects.allSatisfy({ 1...255 ~= $0.id })
    else { throw .badRequest("objects have ids from 1 to 255, each once") }
    guard objects.allSatisfy({ $0.name.utf8.count <= 200 && Self.isColor($0.color) }) else {
      throw .badRequest("an object's name has up to 200 bytes, and its colour the form #rrggbb")
    }
  }

  func prompts(_ prompts: [Prompt]) throws(StudioError) {
    guard prompts.count <= Limits.promptsPerProject else {
      throw .badRequest("a project has up to \(Limits.promptsPerProject) prompts")
    }
    for prompt in prompts { try self.prompt(prompt) }
  }

  func prompt(_ prompt: Prompt) throws(StudioError) {
    try frame(prompt.frame)
    guard 1...255 ~= prompt.object else { throw .badRequest("object is a number from 1 to 255") }
    guard 0...1000 ~= prompt.candidate else { throw .badRequest("candidate counts from 0") }
    let count = prompt.points.count + prompt.strokes.reduce(0) { $0 + $1.points.count }
    guard count <= Limits.pointsPerPrompt else {
      throw .badRequest("a prompt has up to \(Limits.pointsPerPrompt) points; draw a shorter line")
    }
    for point in prompt.points { try pixel(point.x, point.y) }
    for point in prompt.strokes.flatMap(\.points) {
      guard point.count == 2 else { throw .badRequest("a stroke's points are [x, y]") }
      try pixel(point[0], point[1])
    }
    if let box = prompt.box {
      guard box.count == 4, box[2] > 0, box[3] > 0, box.allSatisfy({ abs($0) < 1 << 20 }) else {
        throw .badRequest("a box is [x, y, width, height] in pixels")
      }
    }
  }

  func frame(_ frame: Int) throws(StudioError) {
    guard 0..<media.frames ~= frame else {
      throw .badRequest("frame \(frame) does not exist: the frames are 0 to \(media.frames - 1)")
    }
  }

  func range(_ range: [Int]) throws(StudioError) {
    guard range.count == 2, 0 <= range[0], range[0] <= range[1], range[1] < media.frames else {
      throw .badRequest("a range is [first, last] within frames 0 to \(media.frames - 1)")
    }
  }

  func settings(_ settings: ProjectSettings) throws(StudioError) {
    try bounded("dilate", settings.dilate ?? 0, 0...500)
    try bounded("feather", settings.feather, 0...500)
    guard 0.1...1 ~= settings.resize else { throw .badRequest("resize is a number from 0.1 to 1") }
    try bounded("memory", settings.memory ?? 1 << 30, 64 << 20...1 << 50)
    try bounded("quality", settings.quality ?? 16, 0...63)
    try bounded("samGap", settings.samGap, 0...100_000)
    try bounded("pointsPerSide", settings.pointsPerSide, 1...64)
    try bounded("maximumObjects", settings.maximumObjects, 1...255)
    try bounded("memoryGap", settings.memoryGap, 1...100_000)
    try bounded("memoryLength", settings.memoryLength, 0...100_000)
    if let codec = settings.codec, !["h264", "h265", "vp9", "ffv1", "prores", "prores4444"].contains(codec) {
      throw .badRequest("codec is h264, h265, vp9, ffv1 or prores")
    }
  }

  private func pixel(_ x: Int, _ y: Int) throws(StudioError) {
    guard 0..<media.width ~= x, 0..<media.height ~= y else {
      throw .badRequest("the point \(x),\(y) lies outside the frame of \(media.width)x\(media.height)")
    }
  }

  private func bounded(_ name: String, _ value: Int, _ bounds: ClosedRange<Int>) throws(StudioError) {
    guard bounds.contains(value) else {
      throw .badRequest("\(name) is a number from \(bounds.lowerBound) to \(bounds.upperBound)")
    }
  }

  private static func isColor(_ text: String) -> Bool {
    text.utf8.count == 7 && text.hasPrefix("#") && text.dropFirst().allSatisfy(\.isHexDigit)
  }
}
