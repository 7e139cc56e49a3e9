import Foundation

/// PSNR of 8-bit samples; 100 where there is no error.
func decibels(squaredError: Int, samples: Int) -> Double {
  squaredError == 0 ? 100 : 10 * log10(255.0 * 255.0 * Double(samples) / Double(squaredError))
}
