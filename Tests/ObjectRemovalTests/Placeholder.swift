import Testing

@testable import ObjectRemoval
