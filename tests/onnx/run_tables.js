/* SPDX-License-Identifier: MIT */
/*
 * run_tables.js - runs the models of make_tables in onnxruntime and compares the answers with hebb's
 *
 *     run_tables.js FOLDER PACKAGE
 *
 * PACKAGE is onnxruntime-node or onnxruntime-web, which FOLDER/node_modules has. Each model gets the rows of
 * FOLDER/NAME.json: its outputs must be NaN where hebb's are, and else no further from them than 1e-6 of the largest; of
 * doubles, of their distance from each other. A label must be hebb's, unless two classes are as likely as each other.
 */
"use strict";
const fs = require("fs");
const path = require("path");
const { createRequire } = require("module");

const folder = path.resolve(process.argv[2]), name = process.argv[3];
const ort = createRequire(path.join(folder, "here.js"))(name);
const TOLERANCE = 1e-6;

function tensor(input, rows) {
	const values = input.type === "string" ? input.values : input.values.map((v) => (v === null ? NaN : v));
	const data = { string: values, float32: Float32Array.from(values, Number), float64: Float64Array.from(values, Number) };
	return new ort.Tensor(input.type, data[input.type], [rows, input.columns]);
}

/* The largest difference of an output from hebb's, over the largest. */
function difference(found, expected, type) {
	const known = expected.filter((v) => v !== null), zero = type === "float64" ? known[0] : 0;
	const scale = known.reduce((most, v) => Math.max(most, Math.abs(v - zero)), 1);
	return expected.reduce((most, v, i) => {
		if ((v === null) !== Number.isNaN(found[i])) throw new Error(`output ${i} is ${found[i]}, expected ${v}`);
		return v === null ? most : Math.max(most, Math.abs(found[i] - v));
	}, 0) / scale;
}

/* Whether the two likeliest classes of a row are as good as equal. */
function isTie(outputs) {
	const [first, second] = outputs.slice().sort((a, b) => b - a);
	return first - second < TOLERANCE;
}

function compareLabels(found, table, width) {
	if (!table.labels !== !found) throw new Error(found ? "a label" : "no label");
	if (found && found.dims.join() !== String(table.rows)) throw new Error(`labels of ${found.dims}`);
	for (let i = 0; found && i < table.rows; i++)
		if (found.data[i] !== table.labels[i] && !isTie(table.outputs.slice(i * width, (i + 1) * width)))
			throw new Error(`label ${i} is "${found.data[i]}", expected "${table.labels[i]}"`);
}

async function run(model) {
	const session = await ort.InferenceSession.create(fs.readFileSync(path.join(folder, `${model}.onnx`)));
	const table = JSON.parse(fs.readFileSync(path.join(folder, `${model}.json`), "utf8"));
	const inputs = Object.fromEntries(table.inputs.map((input) => [input.name, tensor(input, table.rows)]));
	if (session.inputNames.join("\n") !== table.inputs.map((input) => input.name).join("\n"))
		throw new Error(`inputs ${session.inputNames}`);
	const found = await session.run(inputs), output = found[session.outputNames[0]];
	const width = table.outputs.length / table.rows;
	if (output.type !== table.type || output.dims.join() !== [table.rows, width].join())
		throw new Error(`output of ${output.type}, ${output.dims}`);
	compareLabels(found.label, table, width);
	return difference(output.data, table.outputs, table.type);
}

async function main() {
	let passed = 0, failed = 0, worst = 0;
	if (ort.env.wasm) ort.env.wasm.numThreads = 1;
	for (const model of fs.readFileSync(path.join(folder, "tables"), "utf8").trim().split("\n")) {
		try {
			const d = await run(model);
			if (!(d <= TOLERANCE)) throw new Error(`outputs differ by ${d}`);
			worst = Math.max(worst, d);
			passed++;
		} catch (problem) {
			failed++;
			console.log(`${name}: ${model}: ${problem.message}`);
		}
	}
	console.log(`${name}, tables: ${passed} passed, ${failed} failed, largest difference ${worst.toExponential(1)}`);
	process.exit(failed > 0 ? 1 : 0);
}

main();
