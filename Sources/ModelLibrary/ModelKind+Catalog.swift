import Inpainting
import NeuralGraph
import Segmentation
import Tracking

extension ModelKind {
  /// All models that are known. A new one is a line here, and its engine in `ObjectRemoval/Engines.swift`.
  public static let all: [ModelKind] = sam + [siamMask, xmem, deaot, aot, e2fgvi, e2fgviHQ, vinet]

  public static func named(_ name: String) -> ModelKind? { all.first { $0.name == name } }

  /// The model in a file, by its keys.
  static func recognised(_ weights: NetworkWeights) -> ModelKind? { all.first { $0.recognises(weights) } }

  // MARK: SAM and its kin

  private static let segmentAnything = "https://github.com/facebookresearch/segment-anything"
  private static let highQuality = "https://github.com/SysCV/sam-hq"

  private static let sam: [ModelKind] = [
    sam(
      "sam_vit_b", "SAM ViT-B", "sam", segmentAnything,
      "https://dl.fbaipublicfiles.com/segment_anything/sam_vit_b_01ec64.pth",
      "ec2df62732614e57411cdcf32a23ffdf28910380d03139ee0f4fcbe91eb8c912"),
    sam(
      "sam_vit_l", "SAM ViT-L", "sam", segmentAnything,
      "https://dl.fbaipublicfiles.com/segment_anything/sam_vit_l_0b3195.pth",
      "3adcc4315b642a4d2101128f611684e8734c41232a17c648ed1693702a49a622"),
    sam(
      "sam_vit_h", "SAM ViT-H", "sam", segmentAnything,
      "https://dl.fbaipublicfiles.com/segment_anything/sam_vit_h_4b8939.pth",
      "a7bf3b02f3ebf1267aba913ff637d9a2d5c33d3173bb679e46d9f338c26f262e"),
    sam("sam_hq_vit_b", "HQ-SAM ViT-B", "hq-sam", highQuality, highQualityFile("sam_hq_vit_b.pth")),
    sam("sam_hq_vit_l", "HQ-SAM ViT-L", "hq-sam", highQuality, highQualityFile("sam_hq_vit_l.pth")),
    sam("sam_hq_vit_h", "HQ-SAM ViT-H", "hq-sam", highQuality, highQualityFile("sam_hq_vit_h.pth")),
    sam("sam_hq_vit_tiny", "Light HQ-SAM", "light-hq-sam", highQuality, highQualityFile("sam_hq_vit_tiny.pth")),
    sam(
      "mobile_sam", "MobileSAM", "mobile-sam", "https://github.com/ChaoningZhang/MobileSAM",
      "https://github.com/ChaoningZhang/MobileSAM/raw/master/weights/mobile_sam.pt"),
  ]

  private static func highQualityFile(_ name: String) -> String {
    "https://huggingface.co/lkeab/hq-sam/resolve/main/" + name
  }

  private static func sam(
    _ name: String, _ title: String, _ engine: String, _ page: String, _ address: String, _ sha256: String? = nil
  ) -> ModelKind {
    ModelKind(
      name: name, title: title, role: .segmenter, engine: engine, licence: "Apache-2.0", page: page, address: address,
      sha256: sha256,
      recognises: { SamArchitecture($0)?.name == title },
      verify: { (weights) throws(GraphError) in try SamNetwork.verify(weights) })
  }

  // MARK: Trackers

  private static let siamMask = ModelKind(
    name: "siammask", title: "SiamMask", role: .tracker, engine: "siammask", licence: "MIT",
    page: "https://github.com/foolwood/SiamMask",
    address: "http://www.robots.ox.ac.uk/~qwang/SiamMask_DAVIS.pth",
    recognises: { $0.shape("refine_model.deconv.weight") != nil && $0.shape("mask_model.mask.head.3.weight") != nil },
    verify: { (weights) throws(GraphError) in try SiamMaskNetwork.verify(weights) })

  private static let xmem = ModelKind(
    name: "xmem", title: "XMem", role: .tracker, engine: "xmem", licence: "MIT",
    page: "https://github.com/hkchengrex/XMem",
    address: "https://github.com/hkchengrex/XMem/releases/download/v1.0/XMem.pth",
    recognises: { $0.shape("key_encoder.conv1.weight") != nil },
    verify: { (weights) throws(GraphError) in try XMemNetwork.verify(weights) })

  private static let associating = "https://github.com/yoxu515/aot-benchmark"

  /// All released sizes.
  private static let deaot = ModelKind(
    name: "deaot", title: "DeAOT", role: .tracker, engine: "deaot", licence: "BSD-3-Clause", page: associating,
    recognises: {
      $0.shape("LSTT.layers.0.linear_QV.weight") != nil && $0.shape("LSTT.layers.0.linear_U.weight") != nil
    },
    verify: { (weights) throws(GraphError) in try DeAOTNetwork.verify(weights) })

  private static let aot = ModelKind(
    name: "aot", title: "AOT", role: .tracker, engine: "aot", licence: "BSD-3-Clause", page: associating,
    recognises: { $0.shape("LSTT.layers.0.linear_Q.weight") != nil },
    verify: { (weights) throws(GraphError) in try DeAOTNetwork.verify(weights) })

  // MARK: Inpainters

  private static let endToEnd = "https://github.com/MCG-NKU/E2FGVI"

  private static let e2fgvi = ModelKind(
    name: "e2fgvi", title: "E2FGVI", role: .inpainter, engine: "e2fgvi", licence: "CC BY-NC 4.0", isNonCommercial: true,
    page: endToEnd,
    recognises: { $0.shape("update_spynet.mean") != nil && $0.shape("sc.bias") != nil },
    verify: { (weights) throws(GraphError) in _ = try E2FGVINetwork.verify(weights) })

  private static let e2fgviHQ = ModelKind(
    name: "e2fgvi_hq", title: "E2FGVI-HQ", role: .inpainter, engine: "e2fgvi-hq", licence: "CC BY-NC 4.0",
    isNonCommercial: true, page: endToEnd,
    recognises: { $0.shape("update_spynet.mean") != nil && $0.shape("sc.bias_conv.weight") != nil },
    verify: { (weights) throws(GraphError) in _ = try E2FGVINetwork.verify(weights) })

  /// For both sizes, whose files hold the same tensors: the engine's name says which it is.
  private static let vinet = ModelKind(
    name: "vinet", title: "VINet", role: .inpainter, engine: "vinet", licence: nil,
    page: "https://github.com/mcahny/Deep-Video-Inpainting",
    recognises: { $0.shape("st_agg.stAgg.conv.weight") != nil },
    verify: { (weights) throws(GraphError) in try VINetNetwork.verify(weights) })
}
