import Imaging
import NeuralRuntime
import VideoIO

/// Which way objects are followed from the frames on which they are marked.
public enum TrackDirection: String, Sendable, Codable, CaseIterable { case both, forward, backward }

/// How a job is done. The defaults suit most clips.
public struct RemovalSettings: Sendable, Equatable {
  /// Pixels that the mask grows before it is filled; nil: chosen by the frame's size for tracked masks, 0 for given ones.
  public var dilation: Int?
  /// Pixels over which the fill fades into the picture outside the grown mask.
  public var feather = 0
  /// Bytes that the process may hold.
  public var memory = 2 << 30
  public var threads: Int
  /// 0.1…1: the scale at which the fill is computed; the picture keeps its size.
  public var resize = 1.0
  /// Frames to work on, end included; nil: all.
  public var range: ClosedRange<Int>?
  /// The rate of image folders, which have none of their own.
  public var frameRate: Rational?
  public var encoding = EncodeSettings()
  public var limits = MediaLimits()
  /// Goes on from what an interrupted run left beside the output.
  public var resumes = true
  /// Replaces what stands under the output's name.
  public var overwrites = false
  /// Masks of another size are rescaled as a whole.
  public var rescalesMasks = false
  /// The marks stand still on the screen (a subtitle, a station logo): they are not tracked. Of a box the lettering is
  /// filled, frame by frame, or the whole box where no letters stand on the picture itself.
  public var marksAreStill = false
  /// Most objects that may be followed, at most 255.
  public var maximumObjects = 255
  /// Where objects are looked for without marks: clicks along each side of a frame.
  public var pointsPerSide = 16
  /// Masks are written as mattes with soft edges (hair, blur) within so many pixels of the outlines; nil: hard, with labels.
  public var matteReach: Int?
  /// Every how many frames of a marked shot objects that nobody marked are looked for (Inpainterz' `sam_gap`); nil: never.
  public var proposalGap: Int?
  /// Marks that stand still let the picture through, always alike: they are taken off by their own transparency where the
  /// clip tells it.
  public var marksAreTranslucent = false
  /// Which way objects are followed from their marks.
  public var direction = TrackDirection.both
  /// Masks that are given come from a tracker: they are grown as tracked ones are.
  public var masksAreTracked = false
  /// Objects are looked for again in the shots after a cut; otherwise a shot without marks stays as it is.
  public var crossesCuts = false
  /// Every how many frames one enters the tracker's long-term memory (DeAOT's `long_term_mem_gap`).
  public var memoryGap = 5
  /// How many frames the long-term memory holds (DeAOT's `max_len_long_term`).
  public var memoryLength = 60
  /// The labels that are taken out and written as masks; nil: all.
  public var objects: Set<Int>?
  /// The masks grow by the shadows that their objects cast, as far as the clip shows the same ground without.
  public var includesShadows = false
  public var segmenter = "builtin"
  public var tracker = "builtin"
  /// Where all that is marked is surely flat, the built-in tracker gives way to the one for flat things.
  public var recognisesFlat = true
  public var inpainter = "builtin"
  /// An `.onnx` file that enlarges what was filled at a smaller size; nil: bicubic.
  public var upscaler: String?
  /// Checkpoint files of the networks among the engines; those that are not given are looked up in the model registry.
  public var weights: [String] = []
  /// ONNX Runtime's library, or nil to look for it.
  public var onnxruntime: String?
  /// What computes the networks.
  public var provider = ProviderChoice.auto

  public init(threads: Int = RemovalSettings.availableThreads) { self.threads = threads }
}
