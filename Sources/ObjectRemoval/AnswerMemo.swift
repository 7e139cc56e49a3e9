import Segmentation
import Synchronization

/// The answers to what was asked last, so that a person steps through them at once. Holds only what would be computed
/// again.
final class AnswerMemo: Sendable {
  private struct Entry: Sendable {
    var frame: Int
    var prompts: Prompts
    var limit: Int
    var answers: [ClipSession.Answer]
  }

  private static let limit = 2

  private let entries = Mutex<[Entry]>([])

  /// - Parameter compute: up to so many answers, best first; those to a smaller number begin those to a larger one.
  func answers(
    to prompts: Prompts, on frame: Int, limit: Int, compute: (Int) throws -> [ClipSession.Answer]
  ) throws -> [ClipSession.Answer] {
    let known = entries.withLock { $0.first { $0.frame == frame && $0.limit >= limit && $0.prompts == prompts } }
    if let known { return Array(known.answers.prefix(limit)) }
    let answers = try compute(limit)
    entries.withLock { entries in
      entries.removeAll { $0.frame == frame && $0.prompts == prompts }
      entries.append(Entry(frame: frame, prompts: prompts, limit: limit, answers: answers))
      if entries.count > AnswerMemo.limit { entries.removeFirst() }
    }
    return answers
  }
}
