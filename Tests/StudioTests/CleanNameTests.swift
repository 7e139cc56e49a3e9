import Testing

@testable import Studio

struct CleanNameTests {
  @Test(arguments: [
    ("../../etc/passwd", "passwd"), ("C:\\videos\\a.mp4", "a.mp4"), ("a\r\nSet-Cookie: x.mp4", "aSet-Cookie x.mp4"),
    ("", "video"), ("...", "video"), ("-rf", "rf"), ("a\0b.mp4", "b.mp4"), ("휴가.mp4", "휴가.mp4"),
    ("a\u{202E}4pm.exe", "a4pm.exe"), ("\"quoted\".mov", "quoted.mov"),
  ])
  func keepsNothingThatMeansSomethingElsewhere(_ given: String, _ clean: String) {
    #expect(CleanName.of(given) == clean)
  }

  @Test func attachmentNamesAreEncodedTwice() {
    #expect(
      CleanName.attachment("휴가 1.mp4")
        == "attachment; filename=\"__ 1.mp4\"; filename*=UTF-8''%ED%9C%B4%EA%B0%80%201.mp4")
  }
}
