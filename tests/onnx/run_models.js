// SPDX-License-Identifier: MIT
/*
 * run_models.js - models of hebb in onnxruntime, against the outputs that hebb has for them
 *
 *     node run_models.js FOLDER
 *
 * Takes onnxruntime-web from the node_modules around FOLDER and the names and sizes of the models from FOLDER/models.
 * A model passes if no output differs by more than 1e-6; if its outputs go beyond 1, as those of a regression may, by more
 * than 1e-6 of the largest, where that of doubles is their distance from each other.
 */
"use strict";
const fs = require("fs");
const path = require("path");
const { createRequire } = require("module");

const folder = path.resolve(process.argv[2]);
const ort = createRequire(path.join(folder, "here.js"))("onnxruntime-web");
const TOLERANCE = 1e-6;

function numbers(file) {
	const bytes = fs.readFileSync(path.join(folder, file));
	const values = new Float64Array(bytes.length / 8);
	for (let i = 0; i < values.length; i++) values[i] = bytes.readDoubleLE(8 * i);
	return values;
}

function tensor(type, values, dims) {
	return new ort.Tensor(type, type === "float64" ? values : Float32Array.from(values), dims);
}

/* The largest difference between onnxruntime's outputs and hebb's, over the largest output if that is above 1. */
async function difference(name, rows, inputs, outputs, takes, gives) {
	const session = await ort.InferenceSession.create(fs.readFileSync(path.join(folder, `${name}.onnx`)));
	const x = tensor(takes, numbers(`${name}.x`), [rows, inputs]);
	const y = (await session.run({ [session.inputNames[0]]: x }))[session.outputNames[0]];
	const expected = numbers(`${name}.y`);
	const zero = gives === "float64" ? expected[0] : 0;
	if (y.type !== gives) throw new Error(`output of ${y.type}, expected ${gives}`);
	if (y.dims.join() !== [rows, outputs].join() || expected.length !== rows * outputs)
		throw new Error(`output of ${y.dims}, expected ${[rows, outputs]}`);
	let largest = 0, scale = 1;
	for (let i = 0; i < expected.length; i++) {
		const d = Math.abs(y.data[i] - expected[i]);
		if (!(d <= largest)) largest = d; // NaN counts as largest
		scale = Math.max(scale, Math.abs(expected[i] - zero));
	}
	return largest / scale;
}

async function main() {
	let passed = 0, failed = 0, worst = 0;
	ort.env.wasm.numThreads = 1;
	for (const line of fs.readFileSync(path.join(folder, "models"), "utf8").trim().split("\n")) {
		const [name, rows, inputs, outputs, takes, gives] = line.split(" ");
		try {
			const d = await difference(name, Number(rows), Number(inputs), Number(outputs), takes, gives);
			if (!(d <= TOLERANCE)) throw new Error(`outputs differ by ${d}`);
			worst = Math.max(worst, d);
			passed++;
		} catch (problem) {
			failed++;
			console.log(`onnxruntime: ${name}: ${problem.message}`);
		}
	}
	console.log(`onnxruntime ${ort.env.versions.web}: ${passed} passed, ${failed} failed, ` +
		`largest difference ${worst.toExponential(1)}`);
	process.exit(failed > 0 ? 1 : 0);
}

main();
