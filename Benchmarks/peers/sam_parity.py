"""Writes parity data for a released member of the SAM family by its authors' own code, with weights from the formula.

    python sam_parity.py --code CHECKOUT/segment_anything --model vit_h --output parity/sam_vit_h
    cleanplate models check --parity parity/sam_vit_h

Needs torch, torchvision and a checkout of segment-anything (vit_b, vit_l, vit_h), sam-hq (the same three, and vit_tiny) or
MobileSAM (mobile_sam, vit_t). The format is that of ../shared/parity.
"""
import argparse
import importlib
import json
import math
import os
import struct
import sys

import numpy as np
import torch

MULTIPLIERS = (0xBF58476D1CE4E5B9, 0x94D049BB133111EB)


def formula(key, count, scale, offset, block=1 << 22):
    seed = 0xCBF29CE484222325
    for byte in key.encode():
        seed = (seed ^ byte) * 0x100000001B3 & (1 << 64) - 1
    out = np.empty(count, np.float32)
    for start in range(0, count, block):
        end = min(count, start + block)
        x = np.arange(start + 1, end + 1, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15) + np.uint64(seed)
        x = (x ^ (x >> np.uint64(30))) * np.uint64(MULTIPLIERS[0])
        x = (x ^ (x >> np.uint64(27))) * np.uint64(MULTIPLIERS[1])
        x = x ^ (x >> np.uint64(31))
        t = (x >> np.uint64(40)).astype(np.float32) * np.float32(2**-23) - np.float32(1)
        out[start:end] = np.float32(offset) + np.float32(scale) * t
    return out


def spread(key, shape):
    """Scale and offset that keep activations near 1."""
    leaf = key.rsplit(".", 1)[-1]
    if leaf == "running_var":
        return 0.4, 1.0
    if len(shape) <= 1:
        return (0.2, 1.0) if leaf == "weight" else (0.1, 0.0)
    # Whole names: attention between tokens and picture, and the layers after an embedding, have weights of another kind.
    is_table = key.endswith(("token.weight", "tokens.weight", "_embed.weight")) or any(
        name in key for name in ("pos_embed", "point_embeddings", "positional", "rel_pos"))
    if is_table:
        return 0.6, 0.0
    if "attention_biases" in key:
        return 0.5, 0.0
    inputs = shape[0] if "upscaling" in key or "compress_vit" in key or "embedding_encoder" in key else math.prod(shape[1:])
    # Wide logits in the decoder's attention would make a noise of rounding errors.
    gain = 0.5 if "mask_decoder" in key else 1.0
    return float(f"{gain * math.sqrt(3 / inputs):.4g}"), 0.0


def fill(model):
    tensors = []
    state = model.state_dict()
    for key, tensor in state.items():
        entry = {"key": key, "shape": list(tensor.shape), "dtype": str(tensor.dtype).removeprefix("torch.")}
        if tensor.dtype.is_floating_point:
            entry["scale"], entry["offset"] = spread(key, entry["shape"])
            values = formula(key, tensor.numel(), entry["scale"], entry["offset"])
            tensor.copy_(torch.from_numpy(values).reshape(tensor.shape))
        else:
            entry["values"] = [0] * tensor.numel()
            tensor.zero_()
        tensors.append(entry)
    return tensors


def build(code, model):
    sys.path.insert(0, os.path.dirname(os.path.abspath(code)))
    package = importlib.import_module(os.path.basename(os.path.abspath(code)))
    return package.sam_model_registry[model]()


class Recorder:
    def __init__(self):
        self.tensors, self.cases = {}, []

    def case(self, name, inputs, outputs, **fields):
        entries = []
        for output, (tensor, call) in outputs.items():
            flat = tensor.detach().contiguous().reshape(-1)
            stride = max(1, flat.numel() // 8000 | 1)
            kept = flat[::stride].numpy().copy()
            self.tensors[f"{name}/{output}"] = kept
            wide = flat.double()
            entries.append({
                "name": output, "shape": list(tensor.shape), "dtype": "float32", "file": "expected.safetensors",
                "tensor": f"{name}/{output}", "stride": stride, "count": len(kept), "mean": wide.mean().item(),
                "std": wide.std(unbiased=False).item(), "call": call})
        self.cases.append({"name": name, "inputs": inputs, "outputs": entries, **fields})

    def write(self, folder, network, tensors):
        os.makedirs(folder, exist_ok=True)
        with open(f"{folder}/manifest.json", "w") as file:
            json.dump({"format": 1, "network": network, "tensors": tensors}, file)
        with open(f"{folder}/cases.json", "w") as file:
            json.dump({"network": network, "cases": self.cases}, file)
        header, offset = {}, 0
        for name, tensor in self.tensors.items():
            header[name] = {"dtype": "F32", "shape": list(tensor.shape), "data_offsets": [offset, offset + tensor.nbytes]}
            offset += tensor.nbytes
        text = json.dumps(header).encode()
        text += b" " * (-len(text) % 8)
        with open(f"{folder}/expected.safetensors", "wb") as file:
            file.write(struct.pack("<Q", len(text)) + text)
            for tensor in self.tensors.values():
                file.write(tensor.tobytes())


def image():
    picture = formula("input:image", 3 * 1024 * 1024, 1.2, 0).reshape(1, 3, 1024, 1024)
    ramp = np.arange(1024, dtype=np.float32) / np.float32(683) - np.float32(0.75)
    return torch.from_numpy(picture + ramp)


def taps(encoder):
    """The blocks that tell most: first and last, and the first that looks at the whole picture."""
    if not hasattr(encoder, "blocks"):
        return {}
    count = len(encoder.blocks)
    wide = next(index for index, block in enumerate(encoder.blocks) if block.window_size == 0)
    return {f"block{index}": encoder.blocks[index] for index in sorted({0, wide, count // 2, count - 1})}


def run(model, recorder):
    seen, handles = {}, []
    for name, module in taps(model.image_encoder).items():
        handles.append(module.register_forward_hook(lambda _, __, out, name=name: seen.__setitem__(name, out.clone())))
    picture = image()
    encoded = model.image_encoder(picture)
    early = None
    if isinstance(encoded, tuple):
        encoded, early = encoded
        early = early[0] if isinstance(early, (list, tuple)) else early
    for handle in handles:
        handle.remove()
    seen["neck"] = encoded
    if early is not None:
        seen["interm_embedding"] = early
    outputs = {name: (tensor, {"function": "image_encoder", "tap": name}) for name, tensor in seen.items()}
    recorder.case(
        "encode", [{"name": "image", "shape": [1, 3, 1024, 1024], "source": "formula", "key": "input:image", "scale": 1.2,
                    "offset": 0.0, "add_ramp": {"axis": 3, "divide": 683, "subtract": 0.75}}],
        outputs, call={"encode": "image"})
    decode(model, recorder, encoded, early)


def decode(model, recorder, encoded, early):
    coords, labels = torch.tensor([[[500.25, 375.5]]]), torch.ones(1, 1)
    sparse, dense = model.prompt_encoder(points=(coords, labels), boxes=None, masks=None)
    given = dict(image_embeddings=encoded, image_pe=model.prompt_encoder.get_dense_pe(), sparse_prompt_embeddings=sparse,
                 dense_prompt_embeddings=dense)
    call = {"image_embedding": "encode/neck", "points": ["point_coords", "point_labels"], "box": None, "mask_input": None}
    if early is None:
        masks, iou = model.mask_decoder.predict_masks(**given)
        outputs = {"all_masks": (masks, {"function": "predict_masks", "result": "masks"}),
                   "all_iou": (iou, {"function": "predict_masks", "result": "iou"})}
    else:
        call["interm_embedding"] = "encode/interm_embedding"
        options = dict(multimask_output=False, hq_token_only=False)
        # The authors' decoder takes the early features as a list: its first is used.
        masks, iou = model.mask_decoder(**given, **options, interm_embeddings=[early])
        named = {"function": "mask_decoder", **options}
        outputs = {"masks": (masks, {**named, "result": "masks"}), "iou": (iou, {**named, "result": "iou"})}
    recorder.case(
        "encode_decode", [{"name": "point_coords", "shape": [1, 1, 2], "source": "values", "dtype": "float32",
                           "values": [500.25, 375.5]},
                          {"name": "point_labels", "shape": [1, 1], "source": "values", "dtype": "float32", "values": [1.0]}],
        outputs, call=call)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--code", required=True, help="the package's folder in a checkout of the authors' repository")
    parser.add_argument("--model", required=True, help="its name in the package's sam_model_registry")
    parser.add_argument("--network", help="the name in the data; the output folder's where not given")
    parser.add_argument("--output", required=True)
    parser.add_argument("--threads", type=int, default=1)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    with torch.no_grad():
        model = build(options.code, options.model)
        tensors = fill(model)
        # Only now: TinyViT looks up its biases when it is set to evaluate.
        model.train().eval()
        recorder = Recorder()
        run(model, recorder)
    recorder.write(options.output, options.network or os.path.basename(os.path.abspath(options.output)), tensors)


if __name__ == "__main__":
    main()
