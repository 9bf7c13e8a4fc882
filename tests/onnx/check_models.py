# SPDX-License-Identifier: MIT
"""check_models.py - what ONNX's own checker says about models of hebb

    check_models.py FOLDER

Reads the names of the models from FOLDER/models, one line each.  A model passes if the checker (with shape inference)
accepts it, protobuf writes it back byte by byte, and its names for other programs are as many as its inputs and outputs.
"""
import json
import os
import sys

import onnx


TYPES = {"float32": onnx.TensorProto.FLOAT, "float64": onnx.TensorProto.DOUBLE}


def check(path, width, outputs, takes, gives):
    with open(path, "rb") as file:
        content = file.read()
    model = onnx.load_model_from_string(content)
    onnx.checker.check_model(model, full_check=True)
    assert model.SerializeToString() == content, "protobuf writes other bytes"
    later = any(node.op_type == "LayerNormalization" for node in model.graph.node)
    assert (model.ir_version, model.opset_import[0].version) == ((8, 17) if later else (7, 13)), "versions"
    assert model.producer_name == "hebb", "producer"
    entry = {e.key: e.value for e in model.metadata_props}
    names = json.loads(entry["classes"] if "classes" in entry else entry["outputs"])
    assert len(json.loads(entry["inputs"])) == width, "names of inputs"
    assert len(names) == outputs, "names of outputs"
    wanted = "probabilities" if "classes" in entry else "output"
    assert [v.name for v in model.graph.output] == [wanted], "name of the output"
    assert [v.name for v in model.graph.input] == ["input"], "name of the input"
    ends = (model.graph.input[0], model.graph.output[0])
    assert [v.type.tensor_type.elem_type for v in ends] == [TYPES[takes], TYPES[gives]], "types"


def main():
    folder, passed, failed = sys.argv[1], 0, 0
    for line in open(os.path.join(folder, "models")):
        name, _, width, outputs, takes, gives = line.split()
        try:
            check(os.path.join(folder, name + ".onnx"), int(width), int(outputs), takes, gives)
            passed += 1
        except Exception as problem:
            failed += 1
            print(f"onnx checker: {name}: {problem!r}")
    print(f"onnx {onnx.__version__}: {passed} passed, {failed} failed")
    return failed > 0


sys.exit(main())
