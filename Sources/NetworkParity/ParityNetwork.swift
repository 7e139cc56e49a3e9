import NeuralGraph
import NeuralRuntime

/// Runs one network's cases. To add a network: conform, and name it in `ParityNetworks.all`.
public protocol ParityNetwork: SendableMetatype {
  /// - Throws: `GraphError` where the weights are not the network's.
  init(weights: NetworkWeights, runtime: NeuralRuntime, options: SessionOptions) throws

  /// Computes the outputs of a case, under their names. Whole tensors: the comparison takes every stride-th value.
  /// Integers and labels are floats here. Outputs that the network does not know are left out, and reported.
  mutating func outputs(of parityCase: ParityCase, _ inputs: ParityInputs) throws -> [String: NeuralTensor]

  func tolerance(_ parityCase: ParityCase, _ output: ParityOutput) -> ParityTolerance
}

/// The networks by the names that parity data use.
public enum ParityNetworks {
  public static let all: [String: any ParityNetwork.Type] = [
    "e2fgvi": E2FGVIParity.self,
    "e2fgvi_hq": E2FGVIParity.self,
    "light_hq_sam": SamParity.self,
    "mobile_sam": SamParity.self,
    "r50_deaotl": DeAOTParity.self,
    "sam_hq_vit_b": SamParity.self,
    "sam_hq_vit_h": SamParity.self,
    "sam_hq_vit_l": SamParity.self,
    "sam_vit_b": SamParity.self,
    "sam_vit_h": SamParity.self,
    "sam_vit_l": SamParity.self,
    "siammask": SiamMaskParity.self,
    "vinet": VINetParity.self,
    "xmem": XMemParity.self,
  ]
}

/// Runs a folder's cases one after another.
public struct ParityRun {
  private let folder: ParityFolder
  private var network: any ParityNetwork

  /// - Throws: `ParityError` for an unknown network, `GraphError` for weights that do not fit.
  public init(_ folder: ParityFolder, runtime: NeuralRuntime, options: SessionOptions = .init()) throws {
    self.folder = folder
    guard let type = ParityNetworks.all[folder.network] else {
      let known = ParityNetworks.all.keys.sorted().joined(separator: ", ")
      throw ParityError("\(folder.path): no network \(folder.network) is known; there is \(known)")
    }
    network = try type.init(weights: folder.weights, runtime: runtime, options: options)
  }

  public mutating func results(of parityCase: ParityCase) -> [ParityResult] {
    func comparison(_ output: ParityOutput) -> ParityComparison {
      ParityComparison(
        network: folder.network, caseName: parityCase.name, output: output,
        tolerance: network.tolerance(parityCase, output))
    }
    let computed: [String: NeuralTensor]
    do {
      computed = try network.outputs(of: parityCase, ParityInputs(folder, parityCase))
    } catch {
      return parityCase.outputs.map { comparison($0).failed("could not be computed: \(error)") }
    }
    return parityCase.outputs.map { output in
      guard let tensor = computed[output.name] else { return comparison(output).failed("was not computed") }
      guard let expected = folder.expectation(output) else {
        return comparison(output).failed("has no expected values in expected.safetensors")
      }
      return comparison(output).compare(tensor, with: expected)
    }
  }
}
