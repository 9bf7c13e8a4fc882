# SPDX-License-Identifier: MIT
"""check_models.py - what ONNX's own checker says about models of hebb

    check_models.py FOLDER

Reads the names of the models from FOLDER/models and FOLDER/tables, one line each.  A model passes if the checker (with
shape inference) accepts it, protobuf writes it back byte by byte, and its names for other programs are as many as its
inputs and outputs.  Where onnx has its reference evaluator (1.13), that runs the tables too.
"""
import importlib.util
import json
import math
import os
import sys

import numpy
import onnx

HAS_EVALUATOR = importlib.util.find_spec("onnx.reference") is not None


TYPES = {"float32": onnx.TensorProto.FLOAT, "float64": onnx.TensorProto.DOUBLE}


def load(path):
    with open(path, "rb") as file:
        content = file.read()
    model = onnx.load_model_from_string(content)
    onnx.checker.check_model(model, full_check=True)
    assert model.SerializeToString() == content, "protobuf writes other bytes"
    later = any(node.op_type == "LayerNormalization" for node in model.graph.node)
    texts = any(node.domain == "ai.onnx.ml" for node in model.graph.node)
    opsets = [("", 17 if later else 13)] + [("ai.onnx.ml", 2)] * texts
    assert model.ir_version == (8 if later else 7), "version"
    assert [(opset.domain, opset.version) for opset in model.opset_import] == opsets, "opsets"
    return model


def tensor(given, rows):
    values = [math.nan if value is None else value for value in given["values"]]
    kind = object if given["type"] == "string" else given["type"]
    return numpy.array(values, kind).reshape(rows, given["columns"])


def evaluate(model, table):
    from onnx.reference import ReferenceEvaluator

    feeds = {given["name"]: tensor(given, table["rows"]) for given in table["inputs"]}
    outputs, *labels = ReferenceEvaluator(model).run(None, feeds)
    expected = numpy.array([math.nan if v is None else v for v in table["outputs"]]).reshape(outputs.shape)
    assert numpy.allclose(outputs, expected, rtol=1e-5, atol=1e-5, equal_nan=True), "outputs"
    assert (list(labels[0]) if labels else None) == table["labels"], "labels"


def check_table(path):
    model = load(path + ".onnx")
    with open(path + ".json", encoding="utf-8") as file:
        table = json.load(file)
    entry = {e.key: e.value for e in model.metadata_props}
    assert [v.name for v in model.graph.input] == [given["name"] for given in table["inputs"]], "inputs"
    assert sum(given["type"] == "string" for given in table["inputs"]) == len(json.loads(entry.get("texts", "[]")))
    assert sum(given["columns"] for given in table["inputs"] if given["type"] != "string") == len(json.loads(entry["inputs"]))
    wanted = [["probabilities", "label"]] if table["labels"] else [["probabilities"], ["output"]]
    assert [v.name for v in model.graph.output] in wanted, "outputs"
    if HAS_EVALUATOR:
        evaluate(model, table)


def check(path, width, outputs, takes, gives):
    model = load(path)
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
    checks = []
    for line in open(os.path.join(folder, "models")):
        name, _, width, outputs, takes, gives = line.split()
        path = os.path.join(folder, name + ".onnx")
        checks.append((name, check, (path, int(width), int(outputs), takes, gives)))
    for line in open(os.path.join(folder, "tables")):
        checks.append((line.strip(), check_table, (os.path.join(folder, line.strip()),)))
    for name, run, arguments in checks:
        try:
            run(*arguments)
            passed += 1
        except Exception as problem:
            failed += 1
            print(f"onnx checker: {name}: {problem!r}")
    evaluated = "" if HAS_EVALUATOR else ", without a reference evaluator"
    print(f"onnx {onnx.__version__}{evaluated}: {passed} passed, {failed} failed")
    return failed > 0


sys.exit(main())
