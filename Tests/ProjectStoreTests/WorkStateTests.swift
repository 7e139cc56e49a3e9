import ProjectStore
import Testing

struct WorkStateTests {
  @Test func joinsRangesThatTouchAndKeepsOthersApart() {
    var state = WorkState()
    state.add(10, 12)
    state.add(20, 20)
    state.add(0, 3)
    #expect(state.frames == [[0, 3], [10, 12], [20, 20]])
    state.add(13, 19)
    #expect(state.frames == [[0, 3], [10, 20]])
    state.add(2, 30)
    #expect(state.frames == [[0, 30]])
  }
}
