import Testing

@testable import Inpainting
