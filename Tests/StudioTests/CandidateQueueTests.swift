import Foundation
import ProjectStore
import Synchronization
import Testing

@testable import Studio

struct CandidateQueueTests {
  private final class Log: Sendable {
    let done = Mutex<[Int]>([])
    let refused = Mutex<[Int: WorkerFailure.Code]>([:])
  }

  /// The queue's thread is held until all has been asked for.
  @Test func theNewestComesFirstAndWhatNobodyWaitsForIsRefused() {
    let queue = CandidateQueue()
    let log = Log()
    let (isHeld, mayGoOn) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
    let isDone = DispatchSemaphore(value: 0)
    queue.add(Prompt(frame: 9, object: 1)) { _ in
      isHeld.signal()
      mayGoOn.wait()
    }
    isHeld.wait()
    for object in 1...14 {
      queue.add(Prompt(frame: 0, object: object)) { failure in
        if let failure {
          log.refused.withLock { $0[object] = failure.code }
        } else {
          log.done.withLock { $0.append(object) }
        }
        if object == 3 { isDone.signal() }
      }
    }
    queue.came(Prompt(frame: 0, object: 7, candidate: 1))
    queue.came(Prompt(frame: 1, object: 8))
    mayGoOn.signal()
    isDone.wait()
    #expect(log.done.withLock { $0 } == [14, 13, 12, 11, 10, 9, 8, 6, 5, 4, 3])
    #expect(log.refused.withLock { $0 } == [1: .busy, 2: .busy, 7: .cancelled])
  }
}
