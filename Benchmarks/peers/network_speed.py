"""Sets each network's step beside the same step of its authors' own code in PyTorch, eager, on the processor.

    python network_speed.py --cleanplate .build/release/cleanplate --threads 2 \\
        --code sam_vit_b=segment-anything --code light_hq_sam=sam-hq --code mobile_sam=MobileSAM \\
        --code xmem=XMem --code r50_deaotl=aot-benchmark --code siammask=SiamMask \\
        --code e2fgvi=E2FGVI --code e2fgvi_hq=E2FGVI --code vinet=Deep-Video-Inpainting

Needs torch and torchvision (and timm for the small SAMs), onnxruntime, and checkouts of the authors' repositories; networks
without one are skipped. What there runs on CUDA alone is done by plain PyTorch: deformable convolution by torchvision's,
correlation by sums of products, flow warps by gathering. Both sides get the same random weights, from one checkpoint, the same number of threads and frames
of the same size. A step is a frame embedded and one click answered, a frame followed, a frame filled; the first is not counted.
Prints processor seconds a step and the process's peak memory, and the ratios: below 1 is in Cleanplate's favour.
"""
import argparse
import importlib
import json
import os
import resource
import subprocess
import sys
import tempfile
import types

SIZES = {"e2fgvi": (432, 240), "e2fgvi_hq": (432, 240), "vinet": (512, 512)}


def frames(width, height, count):
    import numpy as np

    y, x = np.mgrid[0:height, 0:width]
    for index in range(count):
        wave = (x * 7 + y * 13) % 128
        image = np.stack([wave, y * 255 // height, np.full_like(x, 90)], -1).astype(np.uint8)
        mask = np.zeros((height, width), np.uint8)
        left = width * 3 // 8 + index % (width // 8)
        mask[height * 3 // 8:height * 3 // 8 + height // 4, left:left + width // 4] = 1
        image[mask != 0] = (220, 60, 40)
        yield image, mask


def sam(package, model):
    def make(code):
        sys.path.insert(0, code)
        module = importlib.import_module(package)
        network = module.sam_model_registry[model]().train().eval()
        predictor = module.SamPredictor(network)

        def step(image, mask, first):
            import numpy as np

            predictor.set_image(image)
            centre = np.array([[image.shape[1] // 2, image.shape[0] // 2]])
            predictor.predict(point_coords=centre, point_labels=np.array([1]), multimask_output=True)

        return network, step

    return make


def xmem(code):
    import torch

    sys.path.insert(0, code)
    import model.resnet as resnet

    # Weights are random here: nothing is fetched.
    resnet.model_zoo = types.SimpleNamespace(load_url=lambda _: {})
    resnet.load_weights_add_extra_dim = lambda *_: None
    for name in ("resnet18", "resnet50"):
        original = getattr(resnet, name)
        setattr(resnet, name, lambda pretrained=True, extra_dim=0, original=original: original(False, extra_dim))
    from inference.inference_core import InferenceCore
    from model.network import XMem

    config = dict(
        mem_every=5, deep_update_every=-1, enable_long_term=True, enable_long_term_count_usage=True, top_k=30,
        hidden_dim=64, key_dim=64, value_dim=512, max_mid_term_frames=10, min_mid_term_frames=5, num_prototypes=128,
        max_long_term_elements=10000)
    network = XMem(config).eval()
    core = InferenceCore(network, config)
    core.set_all_labels([1])

    def step(image, mask, first):
        core.step(imagenet(image)[0], torch.from_numpy(mask)[None].float() if first else None, [1] if first else None)

    return network, step


def deaot(code):
    import torch

    sys.path.insert(0, code)
    config = importlib.import_module("configs.default").DefaultEngineConfig("speed", "r50_deaotl")
    from networks.engines import build_engine
    from networks.models import build_vos_model

    network = build_vos_model(config.MODEL_VOS, config).eval()
    engine = build_engine(
        config.MODEL_ENGINE, phase="eval", aot_model=network, gpu_id=0, long_term_mem_gap=config.TEST_LONG_TERM_MEM_GAP)

    def step(image, mask, first):
        height, width = (round((side - 1) / 16) * 16 + 1 for side in image.shape[:2])
        picture = torch.nn.functional.interpolate(imagenet(image), (height, width), mode="bicubic")
        if first:
            label = torch.nn.functional.interpolate(torch.from_numpy(mask)[None, None].float(), (height, width))
            engine.add_reference_frame(picture, label, obj_nums=[1], frame_step=0)
            return
        engine.match_propogate_one_frame(picture)
        logits = engine.decode_current_logits((image.shape[0], image.shape[1]))
        label = logits.argmax(1, keepdim=True).float()
        engine.update_memory(torch.nn.functional.interpolate(label, engine.input_size_2d))

    return network, step


def siammask(code):
    import torch

    sys.path[:0] = [code, os.path.join(code, "experiments", "siammask_sharp")]
    sys.modules["utils.pysot"] = types.ModuleType("utils.pysot")
    network = importlib.import_module("custom").Custom(
        anchors=dict(stride=8, ratios=[0.33, 0.5, 1, 2, 3], scales=[8], round_dight=0)).eval()

    def cut(image, mask, side, context):
        """The square around the object, `context` times as large as the exemplar's, at the network's size."""
        ys, xs = mask.nonzero()
        width, height = xs.max() - xs.min() + 1, ys.max() - ys.min() + 1
        margin = (width + height) / 2
        half = int(context * ((width + margin) * (height + margin)) ** 0.5 / 2)
        padded = torch.nn.functional.pad(torch.from_numpy(image).permute(2, 0, 1)[None].float(), [half] * 4)
        top, left = (int(values.min() + values.max()) // 2 for values in (ys, xs))
        square = padded[:, :, top:top + 2 * half, left:left + 2 * half]
        return torch.nn.functional.interpolate(square, (side, side), mode="bilinear", align_corners=False)

    def step(image, mask, first):
        if first:
            return network.template(cut(image, mask, 127, 1))
        scores, _, _ = network.track_mask(cut(image, mask, 255, 255 / 127))
        best = int(scores.view(2, 5, 625).softmax(0)[1].max(0).values.argmax())
        outline = network.track_refine((best // 25, best % 25)).sigmoid().view(1, 1, 127, 127)
        torch.nn.functional.interpolate(outline, image.shape[:2], mode="bilinear", align_corners=False)

    return network, step


def vinet(code):
    import torch

    sys.path.insert(0, code)
    # The processor stands in for the device that the code names.
    torch.Tensor.cuda = torch.nn.Module.cuda = lambda self, *_: self
    stand_in_for_flow_kernels()
    network = importlib.import_module("models.vinet").VINet_final(types.SimpleNamespace(
        crop_size=512, double_size=True, search_range=4, batch_norm=False, prev_warp=True, loss_on_raw=False)).eval()

    def whole(images, masks):
        import numpy as np

        pictures = torch.from_numpy(np.stack(images)).permute(3, 0, 1, 2)[None].float() / 127.5 - 1
        holes = torch.from_numpy(np.stack(masks))[None, None].float()
        # As the demonstration runs: backwards first, then the clip.
        order = [*reversed(range(len(images))), *range(len(images))]
        pictures, holes = (pictures * (1 - holes))[:, :, order], holes[:, :, order]
        last = len(order) - 1
        previous = torch.cat([pictures[:, :, 0], torch.ones_like(holes[:, :, 0]), holes[:, :, 0]], 1)
        for step in range(len(order)):
            places = [abs(step + shift) for shift in (-6, -3, 0, 3, 6)]
            places = [max(0, min(last, place if place <= last else 2 * last - place)) for place in places]
            output = network(pictures[:, :, places], holes[:, :, places], None, previous, step)[0][:, :, 0]
            hole = holes[:, :, step]
            previous = torch.cat([output * hole + pictures[:, :, step] * (1 - hole), torch.ones_like(hole), hole / 2], 1)

    network.whole = whole
    return network, None


def stand_in_for_flow_kernels():
    """VINet's two CUDA packages: correlation over displacements of at most four, and warping by exact pixels."""
    import torch

    class Correlation(torch.nn.Module):
        def __init__(self, max_displacement=4, **_):
            super().__init__()
            self.reach = max_displacement

        def forward(self, a, b):
            height, width = a.shape[2:]
            padded = torch.nn.functional.pad(b, [self.reach] * 4)
            shifts = range(2 * self.reach + 1)
            return torch.cat(
                [(a * padded[:, :, y:y + height, x:x + width]).mean(1, keepdim=True) for y in shifts for x in shifts], 1)

    class Resample2d(torch.nn.Module):
        def forward(self, image, flow):
            height, width = image.shape[2:]
            y, x = torch.meshgrid(torch.arange(height), torch.arange(width), indexing="ij")
            place = torch.stack([(x + flow[:, 0]) * 2 / (width - 1) - 1, (y + flow[:, 1]) * 2 / (height - 1) - 1], -1)
            return torch.nn.functional.grid_sample(image, place, padding_mode="border", align_corners=True)

    for name, content in (
        ("models.correlation_package", {}), ("models.correlation_package.correlation", dict(Correlation=Correlation)),
        ("lib", {}), ("lib.resample2d_package", {}), ("lib.resample2d_package.resample2d", dict(Resample2d=Resample2d))):
        sys.modules[name] = types.ModuleType(name)
        sys.modules[name].__dict__.update(content)


def e2fgvi(name):
    return lambda code: e2fgvi_network(code, name)


def e2fgvi_network(code, name):
    import torch

    sys.path.insert(0, code)
    stand_in_for_mmcv()
    network = importlib.import_module("model." + name).InpaintGenerator(init_weights=True).eval()

    def whole(images, masks):
        import numpy as np

        pictures = torch.from_numpy(np.stack(images)).permute(0, 3, 1, 2)[None].float() / 127.5 - 1
        hidden = pictures * (1 - torch.from_numpy(np.stack(masks))[None, :, None].float())
        for middle in range(0, len(images), 5):
            near = list(range(max(0, middle - 5), min(len(images), middle + 6)))
            far = [index for index in range(0, len(images), 10) if index not in near]
            window = hidden[:, near + far]
            height, width = window.shape[3:]
            down, across = -height % 60, -width % 108
            window = torch.cat([window, window.flip(3)], 3)[:, :, :, :height + down]
            window = torch.cat([window, window.flip(4)], 4)[:, :, :, :, :width + across]
            network(window, len(near))

    network.whole = whole
    return network, None


def stand_in_for_mmcv():
    """The few parts of mmcv that E2FGVI uses, by torchvision."""
    import torch
    import torchvision

    def deform(x, offset, mask, weight, bias, stride, padding, dilation, groups, deform_groups):
        return torchvision.ops.deform_conv2d(x, offset, weight, bias, stride, padding, dilation, mask)

    class ModulatedDeformConv2d(torch.nn.Module):
        def __init__(self, inputs, outputs, kernel, stride=1, padding=0, dilation=1, groups=1, deform_groups=1, bias=True):
            super().__init__()
            self.in_channels, self.out_channels, self.kernel_size = inputs, outputs, (kernel, kernel)
            self.stride, self.padding, self.dilation = stride, padding, dilation
            self.groups, self.deform_groups = groups, deform_groups
            self.weight = torch.nn.Parameter(torch.randn(outputs, inputs // groups, kernel, kernel) * 0.01)
            self.bias = torch.nn.Parameter(torch.zeros(outputs))

    class ConvModule(torch.nn.Module):
        def __init__(self, in_channels, out_channels, kernel_size, stride=1, padding=0, norm_cfg=None, act_cfg=None):
            super().__init__()
            self.conv = torch.nn.Conv2d(in_channels, out_channels, kernel_size, stride, padding)
            self.active = act_cfg is not None

        def forward(self, x):
            return torch.relu(self.conv(x)) if self.active else self.conv(x)

    parts = {
        "mmcv": {}, "mmcv.ops": dict(ModulatedDeformConv2d=ModulatedDeformConv2d, modulated_deform_conv2d=deform),
        "mmcv.cnn": dict(ConvModule=ConvModule, constant_init=lambda *_, **__: None),
        "mmcv.runner": dict(load_checkpoint=lambda *_, **__: None)}
    for name, content in parts.items():
        sys.modules[name] = types.ModuleType(name)
        sys.modules[name].__dict__.update(content)


def imagenet(image):
    import torch

    mean, deviation = torch.tensor([0.485, 0.456, 0.406]), torch.tensor([0.229, 0.224, 0.225])
    return ((torch.from_numpy(image).float() / 255 - mean) / deviation).permute(2, 0, 1)[None]


PEERS = {
    "sam_vit_b": sam("segment_anything", "vit_b"), "light_hq_sam": sam("segment_anything", "vit_tiny"),
    "mobile_sam": sam("mobile_sam", "vit_t"), "xmem": xmem, "r50_deaotl": deaot, "siammask": siammask,
    "e2fgvi": e2fgvi("e2fgvi"), "e2fgvi_hq": e2fgvi("e2fgvi_hq"), "vinet": vinet,
}


def used():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def peer(options):
    """In a process of its own: makes the checkpoint where there is none, else runs the steps."""
    import torch

    torch.set_num_threads(options.threads)
    torch.manual_seed(1)
    name, code = options.code[0].split("=", 1)
    width, height = options.size
    with torch.no_grad():
        network, step = PEERS[name](os.path.abspath(code))
        if not os.path.exists(options.peer):
            torch.save(network.state_dict(), options.peer)
            return
        network.load_state_dict(torch.load(options.peer, weights_only=True))
        if step is None:
            images, masks = zip(*frames(width, height, options.frames))
            network.whole(images, masks)
            begun = used()
            network.whole(images, masks)
        else:
            for index, (image, mask) in enumerate(frames(width, height, options.frames + 2)):
                if index == 2:
                    begun = used()
                step(image, mask, index == 0)
    print(json.dumps({
        "secondsPerStep": (used() - begun) / options.frames,
        "peakMemory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024}))


def last_line(command):
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError((done.stderr.strip().splitlines() or ["no reason given"])[-1])
    lines = [line for line in done.stdout.splitlines() if line.startswith("{")]
    return json.loads(lines[-1]) if lines else {}


def compare(name, code, options, folder):
    width, height = options.size or SIZES.get(name, (854, 480))
    weights = f"{folder}/{name}.pth"
    own = ["--threads", str(options.threads), "--frames", str(options.frames), "--size", f"{width}x{height}"]
    child = [sys.executable, "-W", "ignore", os.path.abspath(__file__), "--peer", weights, "--code", f"{name}={code}"] + own
    last_line(child)
    theirs = last_line(child)
    ours = last_line([options.cleanplate, "models", "time", weights] + own)
    os.remove(weights)
    columns = [f"{name:14}"]
    for key, scale, unit in (("secondsPerStep", 1, "s"), ("peakMemory", 2**20, "MB")):
        a, b = ours[key] / scale, theirs[key] / scale
        columns.append(f"{a:9.2f} {b:9.2f} {unit:2} {a / b:5.2f}")
    print("  ".join(columns), flush=True)


def sides(text):
    width, height = text.split("x")
    return int(width), int(height)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cleanplate", default="cleanplate")
    parser.add_argument("--code", action="append", default=[], help=f"NAME=CHECKOUT; names are {', '.join(PEERS)}")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--frames", type=int, default=3)
    parser.add_argument("--size", type=sides)
    parser.add_argument("--peer", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.peer:
        return peer(options)
    checkouts = dict(entry.split("=", 1) for entry in options.code)
    print(f"{'network':14}  {'cleanplate':>9} {'PyTorch':>9}    ratio  {'cleanplate':>9} {'PyTorch':>9}    ratio")
    with tempfile.TemporaryDirectory() as folder:
        for name in PEERS:
            if name not in checkouts:
                print(f"{name:14}  skipped: no --code {name}=CHECKOUT")
                continue
            try:
                compare(name, checkouts[name], options, folder)
            except RuntimeError as error:
                print(f"{name:14}  failed: {error}")


if __name__ == "__main__":
    main()
