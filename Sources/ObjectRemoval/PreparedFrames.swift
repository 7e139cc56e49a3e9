import Foundation
import Imaging
import Segmentation

/// The frames prepared last, each prepared once however many ask for it at the same time.
final class PreparedFrames: @unchecked Sendable {
  private let capacity: Int
  private let condition = NSCondition()
  private var frames: [Int: any PreparedFrame] = [:]
  /// Least recently used first.
  private var order: [Int] = []
  private var underWay: Set<Int> = []

  init(capacity: Int) { self.capacity = max(1, capacity) }

  func has(_ frame: Int) -> Bool { condition.withLock { frames[frame] != nil } }

  func frame(_ frame: Int, prepare: () throws -> any PreparedFrame) throws -> any PreparedFrame {
    if let known = claim(frame) { return known }
    defer { release(frame) }
    let made = try prepare()
    condition.withLock {
      frames[frame] = made
      touch(frame)
      while order.count > capacity { frames[order.removeFirst()] = nil }
    }
    return made
  }

  /// The frame, or nil with the duty to prepare it.
  private func claim(_ frame: Int) -> (any PreparedFrame)? {
    condition.withLock {
      while true {
        if let known = frames[frame] {
          touch(frame)
          return known
        }
        if underWay.insert(frame).inserted { return nil }
        condition.wait()
      }
    }
  }

  private func release(_ frame: Int) {
    condition.withLock {
      underWay.remove(frame)
      condition.broadcast()
    }
  }

  private func touch(_ frame: Int) {
    order.removeAll { $0 == frame }
    order.append(frame)
  }
}

/// What prepares a session's frames: anew, or as they were kept on disk.
final class PreparingEngine: @unchecked Sendable {
  // The identity is computed under its lock.
  private let kept: KeptFrames?
  private let segmenter: () throws -> any Segmenter
  private let identity: () throws -> String
  private let lock = NSLock()
  private var known: String?

  /// - Parameters:
  ///   - identity: what the results depend on beside the frame; asked for once, where frames are kept.
  init(kept: KeptFrames?, segmenter: @escaping () throws -> any Segmenter, identity: @escaping () throws -> String) {
    self.kept = kept
    self.segmenter = segmenter
    self.identity = identity
  }

  func prepare(_ image: RGBImage, beside neighbours: () -> [RGBImage]) throws -> any PreparedFrame {
    let segmenter = try segmenter()
    guard let kept, let keeping = segmenter as? any KeepingSegmenter else {
      return try segmenter.prepare(image, beside: neighbours())
    }
    return try kept.frame(image, by: keeping, identity: knownIdentity())
  }

  private func knownIdentity() throws -> String {
    try lock.withLock {
      if let known { return known }
      let found = try identity()
      known = found
      return found
    }
  }
}
