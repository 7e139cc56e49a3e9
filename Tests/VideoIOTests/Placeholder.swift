import Testing

@testable import VideoIO
